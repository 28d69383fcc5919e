"""Checks a decision record: was it changed, and would the rulebook decide the same today?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from choose_channel.answers.files import read_document
from choose_channel.api import decide
from choose_channel.cli.registry import Context
from choose_channel.engine.decision import SCHEMA_VERSION
from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import LANGUAGES, Messages, shorten
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.formats.json import RunLine, record_digest

_ABSENT = object()
"""Stands for a value that is not there."""
_NAMES = ("id", "rule", "channel", "question", "stream", "set")
"""The keys that tell one item of a list from the others, the first that there is."""
_RUN: dict[str, Any] = {**dict.fromkeys(RunLine._fields, ""), "sources": {}}
"""What `run` holds. Nobody can work out again what it says, but its keys and types are known."""


def command(context: Context, file: str) -> int:
    """`verify RECORD.json`: 0 if the record is unchanged and the decision is the same, 1 with each
    difference named. Raises DocumentError where it is no record."""
    rulebook, messages = context.rulebook, context.messages
    record = _read(file, messages)
    schema = record.get("schema_version")
    other_schema = type(schema) is not int or schema != SCHEMA_VERSION
    other_rulebook = record["rulebook"].get("digest") != rulebook.digest
    if other_rulebook:
        then, old = (str(record["rulebook"].get(key)) for key in ("version", "digest"))
        words = {"then": shorten(then), "old": shorten(old[:12])}
        print(messages("verify_digest", now=rulebook.version, new=rulebook.digest[:12], **words))
    if other_schema:
        print(messages("verify_schema", then=shorten(schema), now=SCHEMA_VERSION))
    lines = list(_changed(record, messages))
    expected = _expected(record, rulebook, messages)
    if other_rulebook:  # which has been said
        expected["rulebook"] = record["rulebook"]
    if other_schema:
        expected["schema_version"] = schema
    lines += _differences("", record, expected, messages, same_schema=not other_schema)
    print("".join(f"{line}\n" for line in lines), end="")
    if lines or other_rulebook or other_schema:
        return 1
    print(messages("verify_same", version=rulebook.version, digest=rulebook.digest[:12]))
    return 0


def _changed(record: dict[str, Any], messages: Messages) -> Iterator[str]:
    """Says that a record was changed, or that its digest is gone. A record without `run`, such as
    one made from `Decision.to_dict`, needs no digest: all of it is worked out again."""
    digest = record.get("record_digest", _ABSENT)
    if digest is _ABSENT:
        if "run" in record and record.get("schema_version") == SCHEMA_VERSION:
            yield messages("verify_missing", key="record_digest")
    elif digest != record_digest(record):
        yield messages("verify_changed")


def _expected(record: dict[str, Any], rulebook: Rulebook, messages: Messages) -> dict[str, Any]:
    """The record as it would be written today, with whatever cannot be worked out again taken
    from the record itself."""
    lang = record.get("lang") if record.get("lang") in LANGUAGES else messages.lang
    answers = {**record.get("set_aside", {}), **record["answers"]}
    expected = decide(answers, rulebook, str(lang)).to_dict()
    if "run" in record:
        written = record["run"] if isinstance(record["run"], dict) else {}
        expected["run"] = {
            key: written[key] if isinstance(written.get(key), type(example)) else example
            for key, example in _RUN.items()
        }
    if "record_digest" in record:
        expected["record_digest"] = record["record_digest"]
    return expected


def _differences(
    path: str, was: Any, now: Any, messages: Messages, *, same_schema: bool
) -> Iterator[str]:
    """A line for each value, at any depth, that is not as it should be. A record of another schema
    may lack keys, hold others, and have its lists in another order."""
    if was is _ABSENT:
        yield messages("verify_missing", key=path)
    elif now is _ABSENT:
        yield messages("verify_extra", key=path)
    elif isinstance(was, dict) and isinstance(now, dict):
        for key in {**now, **was}:
            if same_schema or (key in was and key in now):
                inner = was.get(key, _ABSENT), now.get(key, _ABSENT)
                at = f"{path} {shorten(key)}".lstrip()
                yield from _differences(at, *inner, messages, same_schema=same_schema)
    elif isinstance(was, list) and isinstance(now, list):
        old, new = _by_name(was), _by_name(now)
        for name in {**new, **old}:
            inner = old.get(name, _ABSENT), new.get(name, _ABSENT)
            at = f"{path} {shorten(name[0])}"
            yield from _differences(at, *inner, messages, same_schema=same_schema)
        if same_schema and [n for n in old if n in new] != [n for n in new if n in old]:
            then, today = (_shown([name for name, _ in names]) for names in (old, new))
            yield messages("verify_line", key=path, then=then, now=today)
    elif was != now or isinstance(was, bool) is not isinstance(now, bool):
        yield messages("verify_line", key=path, then=_shown(was), now=_shown(now))


def _by_name(items: list[Any]) -> dict[tuple[str, int], Any]:
    """The items of a list by name, or by position where they have none; the number tells those of
    one name apart."""
    count: Counter[str] = Counter()
    named = {}
    for number, item in enumerate(items):
        names = [item[key] for key in _NAMES if key in item] if isinstance(item, dict) else []
        name = names[0] if names else number
        text = name if isinstance(name, str) else json.dumps(name, default=str)
        named[text, count[text]] = item
        count[text] += 1
    return named


def _read(file: str, messages: Messages) -> dict[str, Any]:
    data = read_document(file, messages).data
    record = {"set_aside": {}, **data} if isinstance(data, dict) else {}
    parts = (record.get(part) for part in ("answers", "rulebook", "set_aside"))
    if "recommended" not in record or not all(isinstance(part, dict) for part in parts):
        raise DocumentError([Problem(messages("verify_not_a_record"), file)])
    return {str(key): value for key, value in data.items()}


def _shown(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=False, default=str), 120)
