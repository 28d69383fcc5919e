"""Numbers for the sources that a report cites, in the order in which it cites them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Cited(NamedTuple):
    """A text, and the numbers of the sources behind it."""

    text: str
    cites: tuple[int, ...] = ()


class Numbers:
    """Gives each fact its number when it is first cited."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def cited(self, text: str, facts: Iterable[str]) -> Cited:
        """The text with the numbers of its facts."""
        known = self._numbers
        return Cited(text, tuple(known.setdefault(fact, len(known) + 1) for fact in facts))

    @property
    def order(self) -> list[str]:
        """The facts that were cited, in the order of their numbers."""
        return list(self._numbers)
