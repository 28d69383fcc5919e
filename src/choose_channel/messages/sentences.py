"""Long texts cut to whole sentences."""

from __future__ import annotations

import re
import unicodedata

_SENTENCE = re.compile(r".*?(?:[.!?][\"”)]*(?=\s|$)\s*|[。！？][”）]*|$)", re.DOTALL)

_ENDED = re.compile(r"([?!？！])[.。]")


def first_sentences(text: str, room: int) -> str:
    """As many whole sentences as have room in so many cells, and at least one."""
    first = ""
    for sentence in _SENTENCE.findall(text):
        if first and _cells((first + sentence).rstrip()) > room:
            break
        first += sentence
    return first.rstrip()


def ended_once(text: str) -> str:
    """A text without the full stop that a phrase puts behind a title with a mark of its own: "Could
    you charge more?." """
    return _ENDED.sub(r"\1", text)


def _cells(text: str) -> int:
    """The room that a text takes: a Chinese character takes two cells."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)
