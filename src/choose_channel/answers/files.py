"""Answers in files: reading them as a layer, writing them for the next run."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from choose_channel.answers.sources import Answers, Layer
from choose_channel.files import documents, storage
from choose_channel.files.documents import Document
from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import to_text

CASE_KEYS = ("name", "source", "answers", "expect")
"""What a case may hold."""


def read_document(name: str, messages: Messages) -> Document:
    """The document in a file; `-` is standard input. Raises DocumentError."""
    try:
        # One byte more than the limit is enough to see that a file is too large.
        size = documents.MAX_BYTES + 1
        if name == "-":
            if sys.stdin is None:
                raise DocumentError([Problem(messages("stdin_closed"), name)])
            return documents.read(sys.stdin.buffer.read(size), "stdin", messages)
        with Path(name).open("rb") as file:
            return documents.read(file.read(size), name, messages)
    except FileNotFoundError as error:
        raise DocumentError([Problem(messages("file_missing"), name)]) from error
    except OSError as error:
        message = messages("file_unreadable", reason=storage.reason(error, messages))
        raise DocumentError([Problem(message, name)]) from error


def answers_in(document: Document, messages: Messages) -> Layer:
    """The answers in a document: a flat mapping, a case, or a decision record.

    Raises DocumentError where it is none of these.
    """
    data: Any = document.data
    at: tuple[str, ...] = ()
    if data is None:
        raise DocumentError([Problem(messages("file_empty"), document.name)])
    if isinstance(data, list):
        raise DocumentError([Problem(messages("file_many_cases"), document.place(()))])
    if isinstance(data, dict) and isinstance(data.get("answers"), dict):
        # A record may hold anything beside them; in a case a stray answer must not be lost.
        problems = (
            [] if "schema_version" in data else list(unknown_keys(data, document, (), messages))
        )
        if problems:
            raise DocumentError(problems)
        data, at = data["answers"], ("answers",)
    if not isinstance(data, dict):
        raise DocumentError([Problem(messages("file_not_mapping"), document.place(()))])
    return Layer("file", data, lambda key: document.place((*at, key)))


def unknown_keys(
    case: dict[str, Any], document: Document, at: tuple[str | int, ...], messages: Messages
) -> Iterator[Problem]:
    """A fault for each key that a case does not have."""
    for key in case:
        if key not in CASE_KEYS:
            yield Problem(
                messages("case_unknown_key", key=shorten(key)), document.place((*at, key))
            )


def text_of(answers: Answers, suffix: str, source: str) -> str:
    """A case without expectations, in the format of the suffix (YAML by default)."""
    given = {name: to_text(value) for name, value in answers.given.items()}
    if suffix == ".json":
        return json.dumps({"source": source, "answers": given}, indent=2) + "\n"
    if suffix == ".toml":
        lines = [f"{name} = {json.dumps(value)}" for name, value in given.items()]
        return "\n".join([f"source = {json.dumps(source)}", "", "[answers]", *lines, ""])
    lines = [f"  {name}: {value}" for name, value in given.items()]
    return "\n".join([f"source: {json.dumps(source)}", "answers:", *lines, ""])
