"""The sources that a report cites: their numbers, in the order in which it cites them, and whether
they are old."""

from __future__ import annotations

from collections.abc import Iterable

from choose_channel.report.content import Cited


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


def is_old(as_of: str | None, today: str) -> bool:
    """Whether a fact's ISO date lies more than a year before today."""
    if as_of is None:
        return False
    year, rest = as_of.split("-", 1)
    return today > f"{int(year) + 1:04}-{rest}"  # ISO dates sort by time
