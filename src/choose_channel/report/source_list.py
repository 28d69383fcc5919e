"""The sources that a report cites: their numbers, in the order in which it cites them, and whether
they are old. Facts of the same source share its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from choose_channel.report.content import Cited, Source


class Numbers:
    """Gives each source its number when it is first cited; `sources` are by id of a fact."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._numbers: dict[Source, int] = {}

    def cited(self, text: str, facts: Iterable[str]) -> Cited:
        """The text with the numbers of the sources of its facts."""
        known, sources = self._numbers, [self._sources[fact] for fact in facts]
        numbers = (known.setdefault(source, len(known) + 1) for source in sources)
        return Cited(text, tuple(dict.fromkeys(numbers)))

    @property
    def order(self) -> list[Source]:
        """The sources that were cited, in the order of their numbers."""
        return list(self._numbers)


def is_old(as_of: str | None, today: str) -> bool:
    """Whether a fact's ISO date lies more than a year before today."""
    if as_of is None:
        return False
    year, rest = as_of.split("-", 1)
    return today > f"{int(year) + 1:04}-{rest}"  # ISO dates sort by time
