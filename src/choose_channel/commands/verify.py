"""Checks a decision record: is it the same rulebook, and would it decide the same today?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from choose_channel.answer_files import read_document
from choose_channel.answers import shown
from choose_channel.decision import SCHEMA_VERSION
from choose_channel.errors import DocumentError, Fault
from choose_channel.library import decide
from choose_channel.model import Rulebook, Say

_DECIDING = ("recommended", "aim", "weak", "close", "assumed", "set_aside")


def run(book: Rulebook, say: Say, file: str) -> int:
    """0 when digest and decision are the same; 1 with each difference named."""
    record = _read(file, say)
    decision = decide({**record["set_aside"], **record["answers"]}, book, say.lang).to_dict()
    lines = list(_differences(record, decision, say))
    then, digest = record["rulebook"].get("version"), str(record["rulebook"].get("digest"))
    if digest != book.digest:
        words = {"then": shown(then), "old": shown(digest[:12])}
        message = say("verify_digest", now=book.version, new=book.digest[:12], **words)
        print(message)
    if record.get("schema_version") != SCHEMA_VERSION:
        version = shown(record.get("schema_version"))
        print(say("verify_schema", then=version, now=SCHEMA_VERSION))
    print("".join(f"{line}\n" for line in lines), end="")
    if lines or digest != book.digest:
        return 1
    print(say("verify_same", version=book.version, digest=book.digest[:12]))
    return 0


def _read(file: str, say: Say) -> dict[str, Any]:
    data = read_document(file, say).data
    parts = ("answers", "rulebook")
    if not isinstance(data, dict) or not all(isinstance(data.get(one), dict) for one in parts):
        raise DocumentError([Fault(say("verify_not_a_record"), file)])
    if "recommended" not in data:
        raise DocumentError([Fault(say("verify_not_a_record"), file)])
    # An older record may lack what came later.
    return {"set_aside": {}, "channels": [], "pitfalls": [], **data}


def _differences(record: dict[str, Any], decision: dict[str, Any], say: Say) -> Iterator[str]:
    pairs = [(key, record.get(key), decision[key]) for key in _DECIDING if key in record]
    for key, names in (("channels", ("fit", "access", "variant")), ("pitfalls", ("severity",))):
        then, now = (_by_id(one.get(key)) for one in (record, decision))
        for entry in dict.fromkeys([*then, *now]):
            if not then and key not in record:
                continue
            for name in names:
                was = then.get(entry, {}).get(name)
                pairs.append((f"{key} {entry} {name}", was, now.get(entry, {}).get(name)))
    for key, was, now in pairs:
        if was != now:
            yield say("verify_line", key=key, then=_shown(was), now=_shown(now))


def _by_id(entries: Any) -> dict[str, dict[str, Any]]:
    listed = entries if isinstance(entries, list) else []
    return {str(one.get("id")): one for one in listed if isinstance(one, dict)}


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
