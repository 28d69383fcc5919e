"""Checks a decision record: was it changed, and would the rulebook decide the same today?"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from choose_channel.answers.files import read_document
from choose_channel.api import decide
from choose_channel.cli.registry import Context
from choose_channel.engine.decision import SCHEMA_VERSION
from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import LANGUAGES, Messages, shorten
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.formats.json import record_digest

_ABSENT = object()
"""Stands for a value that is not there."""
_RUN: dict[str, Any] = {"date": "", "version": "", "sources": {}, "command": ""}
"""What `run` holds. Nobody can work out again what it says, but its keys and types are known."""


def run(book: Rulebook, messages: Messages, file: str) -> int:
    """0 if the record is unchanged and the decision is the same, 1 with each difference named.

    Raises DocumentError where it is no record.
    """
    record = _read(file, messages)
    schema = record.get("schema_version")
    other_schema = type(schema) is not int or schema != SCHEMA_VERSION
    other_rulebook = record["rulebook"].get("digest") != book.digest
    if other_rulebook:
        then, old = (str(record["rulebook"].get(key)) for key in ("version", "digest"))
        words = {"then": shorten(then), "old": shorten(old[:12])}
        print(messages("verify_digest", now=book.version, new=book.digest[:12], **words))
    if other_schema:
        print(messages("verify_schema", then=shorten(schema), now=SCHEMA_VERSION))
    lines = list(_changed(record, messages))
    expected = _expected(record, book, messages)
    if other_rulebook:  # which has been said
        expected["rulebook"] = record["rulebook"]
    if other_schema:  # a record of another schema may lack keys, or hold others
        expected = {key: value for key, value in expected.items() if key in record}
        record = {key: value for key, value in record.items() if key in expected}
        expected["schema_version"] = schema
    for key in {**expected, **record}:
        was, now = record.get(key, _ABSENT), expected.get(key, _ABSENT)
        lines += _differences(shorten(key), was, now, messages)
    print("".join(f"{line}\n" for line in lines), end="")
    if lines or other_rulebook or other_schema:
        return 1
    print(messages("verify_same", version=book.version, digest=book.digest[:12]))
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


def _expected(record: dict[str, Any], book: Rulebook, messages: Messages) -> dict[str, Any]:
    """The record as it would be written today, with whatever cannot be worked out again taken
    from the record itself."""
    lang = record.get("lang") if record.get("lang") in LANGUAGES else messages.lang
    answers = {**record.get("set_aside", {}), **record["answers"]}
    expected = decide(answers, book, str(lang)).to_dict()
    if "run" in record:
        written = record["run"] if isinstance(record["run"], dict) else {}
        expected["run"] = {
            key: written[key] if isinstance(written.get(key), type(example)) else example
            for key, example in _RUN.items()
        }
    if "record_digest" in record:
        expected["record_digest"] = record["record_digest"]
    return expected


def _differences(path: str, was: Any, now: Any, messages: Messages) -> Iterator[str]:
    """A line for each value, at any depth, that is not as it should be."""
    if was is _ABSENT:
        yield messages("verify_missing", key=path)
    elif now is _ABSENT:
        yield messages("verify_extra", key=path)
    elif isinstance(was, dict) and isinstance(now, dict):
        for key in {**now, **was}:
            inner = was.get(key, _ABSENT), now.get(key, _ABSENT)
            yield from _differences(f"{path} {shorten(key)}", *inner, messages)
    elif isinstance(was, list) and isinstance(now, list):
        pairs = itertools.zip_longest(was, now, fillvalue=_ABSENT)
        for number, (old, new) in enumerate(pairs):
            name = new["id"] if isinstance(new, dict) and "id" in new else number
            yield from _differences(f"{path} {name}", old, new, messages)
    elif was != now or isinstance(was, bool) is not isinstance(now, bool):
        yield messages("verify_line", key=path, then=_shown(was), now=_shown(now))


def _read(file: str, messages: Messages) -> dict[str, Any]:
    data = read_document(file, messages).data
    record = {"set_aside": {}, **data} if isinstance(data, dict) else {}
    parts = (record.get(part) for part in ("answers", "rulebook", "set_aside"))
    if "recommended" not in record or not all(isinstance(part, dict) for part in parts):
        raise DocumentError([Problem(messages("verify_not_a_record"), file)])
    return {str(key): value for key, value in data.items()}


def _shown(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=False, default=str), 120)


def command(context: Context, record: str) -> int:
    """`verify RECORD.json`"""
    return run(context.book, context.messages, record)
