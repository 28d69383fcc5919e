"""Checks a decision record: is it the same rulebook, and would it decide the same today?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from choose_channel.answers.files import read_document
from choose_channel.api import decide
from choose_channel.cli.commands import Context
from choose_channel.engine.decision import SCHEMA_VERSION
from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import LANGUAGES, Messages, shorten
from choose_channel.model.rulebook import Rulebook

_BESIDE = ("lang", "run", "rulebook", "schema_version")
"""What a record holds beside the decision; a line of its own tells of the last two."""


def run(book: Rulebook, messages: Messages, file: str) -> int:
    """0 when digest and decision are the same; 1 with each difference named."""
    record = _read(file, messages)
    lang = record.get("lang") if record.get("lang") in LANGUAGES else messages.lang
    answers = {**record["set_aside"], **record["answers"]}
    decision = decide(answers, book, str(lang)).to_dict()
    version, digest = record["rulebook"].get("version"), str(record["rulebook"].get("digest"))
    other = digest != book.digest
    if other:
        words = {"then": shorten(version), "old": shorten(digest[:12])}
        print(messages("verify_digest", now=book.version, new=book.digest[:12], **words))
    schema = record.get("schema_version")
    if schema != SCHEMA_VERSION:
        print(messages("verify_schema", then=shorten(schema), now=SCHEMA_VERSION))
    # An older record may lack what came later; one of this schema holds everything.
    keys = [key for key in decision if key not in _BESIDE]
    if schema != SCHEMA_VERSION:
        keys = [key for key in keys if key in record]
    lines = [
        line
        for key in keys
        for line in _differences(key, record.get(key, _ABSENT), decision[key], messages)
    ]
    print("".join(f"{line}\n" for line in lines), end="")
    if lines or other or schema != SCHEMA_VERSION:
        return 1
    print(messages("verify_same", version=book.version, digest=book.digest[:12]))
    return 0


_ABSENT = "-"


def _differences(path: str, was: Any, now: Any, messages: Messages) -> Iterator[str]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**now, **was}:
            yield from _differences(
                f"{path} {shorten(key)}", was.get(key, _ABSENT), now.get(key, _ABSENT), messages
            )
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (old, new) in enumerate(zip(was, now, strict=True)):
            names = [one["id"] for one in (new,) if isinstance(one, dict) and "id" in one]
            name = names[0] if names else number
            yield from _differences(f"{path} {name}", old, new, messages)
    elif was != now:
        yield messages("verify_line", key=path, then=_shown(was), now=_shown(now))


def _read(file: str, messages: Messages) -> dict[str, Any]:
    data = read_document(file, messages).data
    parts = {"answers": dict, "rulebook": dict, "set_aside": dict}
    whole = isinstance(data, dict) and all(
        isinstance(data.get(key, {} if key == "set_aside" else None), kind)
        for key, kind in parts.items()
    )
    if not whole or "recommended" not in data:
        raise DocumentError([Problem(messages("verify_not_a_record"), file)])
    return {"set_aside": {}, **data}


def _shown(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=False, default=str), 120)


def command(context: Context, record: str) -> int:
    """`verify RECORD.json`"""
    return run(context.book, context.messages, record)
