"""Answers in files: reading them as layers, writing them for the next run."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from choose_channel.answers.format import as_typed
from choose_channel.answers.sources import Answers, Layer
from choose_channel.files import documents, storage
from choose_channel.files.documents import Document
from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Rulebook

CASE_KEYS = ("name", "source", "answers", "expect")
"""What a case may hold."""


_TOML_START = re.compile(r"""(?:\s|\#.*)*(?:\[{1,2}\s*[\w."'-]+\s*\]|[\w."'-]+\s*=)""")


def read_document(name: str, messages: Messages) -> Document:
    """The document in a file or pipe; `-` is standard input. Raises DocumentError.

    The format follows the ending of the name. Where there is none, as on standard input, it is
    TOML if the first line is a `key = value` or a `[table]`, else YAML, which JSON is a part of.
    """
    with documents.reading(name, messages):
        if name == storage.STANDARD:
            if sys.stdin is None:
                raise DocumentError([Problem(messages("stdin_closed"), name)])
            content, name = sys.stdin.buffer.read(storage.MAX_BYTES + 1), "stdin"
        else:
            content = storage.read(name)
    suffix = PurePath(name).suffix.lower()
    if not suffix and _TOML_START.match(content[:10_000].decode("utf-8-sig", "replace")):
        suffix = ".toml"
    return documents.read(content, name, messages, suffix)


def layers_of(names: Sequence[str], messages: Messages) -> list[Layer]:
    """The answers in some files, as layers. A later file is laid over the earlier ones, so its
    layer comes first. Raises DocumentError with the problems of all files."""
    layers: list[Layer] = []
    problems: list[Problem] = []
    for name in names:
        try:
            layers.insert(0, answers_in(read_document(name, messages), messages))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return layers


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
    """A problem for each key that a case does not have."""
    for key in case:
        if key not in CASE_KEYS:
            yield Problem(
                messages("case_unknown_key", key=shorten(key)), document.place((*at, key))
            )


def text_of(rulebook: Rulebook, answers: Answers, suffix: str, source: str) -> str:
    """A case without expectations, in the format of the suffix (YAML by default)."""
    given = as_typed(rulebook, answers.given)
    if suffix == ".json":
        return json.dumps({"source": source, "answers": given}, indent=2) + "\n"
    if suffix == ".toml":
        lines = [f"{name} = {json.dumps(value)}" for name, value in given.items()]
        return "\n".join([f"source = {json.dumps(source)}", "", "[answers]", *lines, ""])
    lines = [f"  {name}: {value}" for name, value in given.items()]
    return "\n".join([f"source: {json.dumps(source)}", "answers:", *lines, ""])
