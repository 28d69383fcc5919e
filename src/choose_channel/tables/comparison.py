"""A table under another rulebook: who gets other advice, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import polars as pl

from choose_channel.tables.frames import Decider
from choose_channel.tables.run import Decided
from choose_channel.tables.sources import ROW, column_name

_COMPARED = ("recommended", "variant", "aim", "weak", "close")
_WHY = ("blocked_by", "top_reason")


class TableComparison:
    """Decides the same rows once more and keeps those whose advice is another.

    `changes` counts rows by the recommended channel now and then, `opened` and `closed` rows by
    channel; `refused` are rows that the other rulebook cannot decide.
    """

    def __init__(self, now: Decider, then: Decider, write: Callable[[pl.DataFrame], None]) -> None:
        self._now, self._then, self._write = now, then, write
        self._columns = [*_COMPARED, *_access(now, then)]
        self.rows = self.differing = self.refused = 0
        self.changes: Counter[tuple[str | None, str | None]] = Counter()
        self.opened: Counter[str] = Counter()
        self.closed: Counter[str] = Counter()

    @staticmethod
    def heads_for(now: Decider, then: Decider) -> list[str]:
        """The columns that are put before those of the table."""
        names = [*_COMPARED, *_access(now, then), *_WHY]
        return [f"{name}_{when}" for name in names for when in ("now", "then")]

    def look(self, decided: Decided) -> None:
        """Compares some rows."""
        names = [name for name in decided.rows.columns if name != ROW]
        batch = self._then.decide(decided.rows, [column_name(n) for n in range(len(names))])
        self.rows += decided.rows.height
        self.refused += int((~batch.kept).sum())
        results = decided.results.filter(batch.kept)
        now, then = self._now.advice(results, self._now.results.columns), batch.added
        rows = decided.rows.filter(batch.kept)
        pairs = pl.DataFrame(
            [
                frame[name].alias(f"{name}_{when}")
                for name in (*self._columns, *_WHY)
                for when, frame in (("now", now), ("then", then))
            ]
        )
        differs = pairs.select(
            pl.any_horizontal(
                pl.col(f"{name}_now").ne_missing(pl.col(f"{name}_then")) for name in self._columns
            )
        ).to_series()
        changed = pairs.filter(differs)
        self.differing += changed.height
        both = changed.group_by("recommended_now", "recommended_then").len()
        for first, second, count in both.iter_rows():
            if first != second:
                self.changes[first, second] += count
        for name in self._columns[len(_COMPARED) :]:
            channel = name.removeprefix("access_")
            was, is_ = (changed[f"{name}_{when}"] == "open" for when in ("now", "then"))
            self.opened[channel] += int((~was & is_).sum())
            self.closed[channel] += int((was & ~is_).sum())
        if changed.height:
            self._write(
                rows.filter(differs)
                .select(pl.col(ROW).cast(pl.Int64))
                .hstack(changed)
                .hstack(rows.filter(differs).select(names))
            )


def _access(now: Decider, then: Decider) -> list[str]:
    """The columns that say how open a channel is, of the channels that both rulebooks have."""
    first, second = (decider.engine.rulebook.channels for decider in (now, then))
    return [f"access_{name}" for name in first if name in second]
