"""What a table comes to: rows counted by their outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

_MOST_REASONS = 10_000
MOST_CELLS = 500
"""So many different sellers are asked what would open a door."""


class Outcome(NamedTuple):
    """What is counted of a result: the channel that is recommended, the access of each channel in
    the rulebook's order, and the gates that block."""

    recommended: str | None
    access: tuple[str | None, ...]
    gates: tuple[str, ...]


class Tally:
    """Counts of a table, or of a part of one.

    `outcomes` counts rows by their outcome, `reasons` rejected rows by each reason, `by_key` rows
    by their key: of the first MOST_CELLS keys only, which is enough for an estimate.
    """

    def __init__(self) -> None:
        self.rows = self.decided = self.rejected = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.reasons: Counter[str] = Counter()
        self.by_key: Counter[tuple[int, ...]] = Counter()

    def refuse(self, reasons: Iterable[str]) -> None:
        """Counts a rejected row."""
        self.rejected += 1
        for reason in reasons:
            _add(self.reasons, reason, 1, _MOST_REASONS)

    def count_key(self, key: tuple[int, ...], rows: int) -> None:
        """Counts rows with a key."""
        _add(self.by_key, key, rows, MOST_CELLS)

    def add(self, part: Tally) -> None:
        """Counts the rows of a part of the table."""
        self.rows += part.rows
        self.decided += part.decided
        self.rejected += part.rejected
        self.outcomes.update(part.outcomes)
        for reason, rows in part.reasons.items():
            _add(self.reasons, reason, rows, _MOST_REASONS)
        for key, rows in part.by_key.items():
            self.count_key(key, rows)


def _add(counts: Counter[Any], key: object, rows: int, most: int) -> None:
    """Counts, but no more than so many different keys."""
    if key in counts or len(counts) < most:
        counts[key] += rows
