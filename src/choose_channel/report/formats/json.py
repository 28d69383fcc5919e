"""The decision record: stable, versioned, the same in both languages except for its texts."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from choose_channel.messages.i18n import sanitize
from choose_channel.report.formats import Display, Subject
from choose_channel.report.run_info import RunInfo


class RunLine(NamedTuple):
    """The circumstances of a run, as a record tells them."""

    date: str
    version: str
    sources: Mapping[str, str]
    command: str
    title: str
    client: str
    note: str
    adviser: str


def render(subject: Subject, run: RunInfo | None, _display: Display) -> str:
    """The decision as JSON. Where the circumstances are known, `run` holds them, and
    `record_digest` is the digest of the whole record."""
    record = subject.to_dict()
    if run:
        titles = map(sanitize, run.title)
        line = RunLine(run.date, run.version, dict(subject.sources), run.command, *titles)
        record["run"] = line._asdict()
        record["record_digest"] = record_digest(record)
    text = json.dumps(record, ensure_ascii=False, indent=2)
    if not text.replace("\n", "").isprintable():
        # What a terminal would obey, such as marks that turn a text's direction, is spelled out.
        text = "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)
    return text + "\n"


def record_digest(record: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of all keys of a record but `record_digest` itself.

    It is taken of JSON with sorted keys, without blanks, in ASCII, so that neither layout nor the
    order of keys counts.
    """
    content = {key: value for key, value in record.items() if key != "record_digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return str(_sha256(text.encode("ascii")).hexdigest())


def _sha256(content: bytes) -> Any:
    """The hash from the module of the interpreter that holds it, as the standard `random` does:
    to import hashlib takes a twentieth of a scripted run."""
    for name in ("_sha2", "_sha256"):
        try:
            return importlib.import_module(name).sha256(content)
        except ImportError:
            continue
    return importlib.import_module("hashlib").sha256(content)
