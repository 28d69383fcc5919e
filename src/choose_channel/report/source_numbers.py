"""The numbers of the sources that a report cites, in the order in which it cites them."""

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
