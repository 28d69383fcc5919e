"""What a table comes to: rows counted by what they are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_MOST_REASONS = 10_000
MOST_CELLS = 500
"""So many different sellers are asked what would open a door."""


class Tally:
    """Counts, batch by batch.

    `by_result` counts rows by the number of their result, `reasons` rejected rows by each reason,
    `by_key` rows by their key: of the first MOST_CELLS keys only, which is enough for an estimate.
    """

    def __init__(self) -> None:
        self.rows = self.decided = self.rejected = 0
        self.by_result: Counter[int] = Counter()
        self.reasons: Counter[str] = Counter()
        self.by_key: Counter[tuple[int, ...]] = Counter()

    def refuse(self, reasons: Iterable[str], rows: int = 1) -> None:
        """Counts rejected rows."""
        self.rejected += rows
        for reason in reasons:
            if reason in self.reasons or len(self.reasons) < _MOST_REASONS:
                self.reasons[reason] += rows
