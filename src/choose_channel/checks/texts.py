"""Texts: where they are, and whether they were translated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from choose_channel.checks.grid import Finding, Grid
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.rulebook import Entry


def is_text(data: object) -> TypeGuard[Mapping[str, str]]:
    """Whether this is one text in each language."""
    if not isinstance(data, Mapping) or set(data) != set(LANGUAGES):
        return False
    return all(isinstance(text, str) for text in data.values())


def texts_in(data: Any, at: Entry) -> Iterator[tuple[Entry, Mapping[str, str]]]:
    """All texts of an entry, each with its place."""
    if is_text(data):
        yield at, data
    elif isinstance(data, Mapping):
        for key, part in data.items():
            yield from texts_in(part, (*at, str(key)))
    elif isinstance(data, list):
        for number, part in enumerate(data):
            yield from texts_in(part, (*at, str(number)))


def same_in_both_languages(grid: Grid) -> Iterator[Finding]:
    """Texts that were never translated."""
    for stem, entries in grid.rulebook.written.items():
        for at, text in texts_in(entries, (stem,)):
            words = re.findall(r"[^\W\d_]{2,}", text[LANGUAGES[0]])
            # A name or an address may be the same in both languages; a sentence is not.
            if len(set(text.values())) == 1 and len(words) > 3:
                yield Finding("same_text", at)
