"""Verdicts over all cells: which channel wins where, how closely, and who gets no advice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from choose_channel.checks.grid import Finding, Grid
from choose_channel.model.naming import to_text

_HEAD = ("rulebook", "name")


def fit_out_of_range(grid: Grid) -> Iterator[Finding]:
    """Channels whose fit leaves the range 0 to 100. Fit is a sum and is never clipped."""
    for channel in grid.rulebook.channels:
        fits = [
            (grid.ready.scores(alike.terms).fit[channel], alike)
            for alike in grid.alike(fit_of=channel)
        ]
        for fit, alike in (min(fits), max(fits)):
            if not 0 <= fit <= 100:
                rules = [
                    f"{rule.id} {rule.points[channel]:+d}"
                    for rule in grid.rulebook.rules.values()
                    if alike.terms & grid.space.bits(rule.when) and rule.points.get(channel)
                ]
                words = {"fit": fit, "rules": ", ".join(rules)}
                yield Finding("fit_out_of_range", ("channels", channel), words, alike.cell)


def winners(grid: Grid) -> Iterator[Finding]:
    """Channels that never win or always do, so that no question is needed about them."""
    won = {standing.scores.recommended for standing in grid.standings}
    for channel in grid.rulebook.channels:
        if channel not in won:
            yield Finding("never_wins", ("channels", channel))
        elif len(won) == 1:
            yield Finding("always_wins", ("channels", channel))


def without_reason(grid: Grid) -> Iterator[Finding]:
    """Cells in which neither points nor a gate speak for or against the best channel."""
    for channel in grid.rulebook.channels:
        counted = [rule.when for rule in grid.rulebook.rules.values() if rule.points.get(channel)]
        for alike in grid.alike(scored=True, forbid=[*counted, *grid.shutting()]):
            if grid.ready.scores(alike.terms).recommended == channel:
                yield Finding("without_reason", _HEAD, {"channel": channel}, alike.cell)
                break


def outcome_map(grid: Grid) -> dict[str, dict[str, dict[str, int]]]:
    """By choice of the first question, counts of cells: by recommended channel ("" for none), by
    `close`, and by access of each channel."""
    first = grid.space.axes[0]
    counts: dict[str, dict[str, Counter[str]]] = {}
    for alike, scores in grid.standings:
        name = to_text(first.values[alike.cell[0] - 1])
        part = counts.setdefault(name, {"recommended": Counter(), "close": Counter()})
        part["recommended"][scores.recommended or ""] += alike.cells
        part["close"][str(scores.close).lower()] += alike.cells
        for channel, access in scores.access.items():
            part.setdefault(f"access {channel}", Counter())[access] += alike.cells
    return {
        name: {key: dict(counter) for key, counter in part.items()} for name, part in counts.items()
    }


class Regions(NamedTuple):
    """How the verdicts share the cells: counts of cells."""

    cells: int
    close: int
    tied: int
    weak: int
    shut: int


def regions(grid: Grid) -> Regions:
    """The size of the close, tied, weak and shut regions."""
    close = tied = weak = shut = 0
    for alike, scores in grid.standings:
        close += scores.close * alike.cells
        weak += scores.weak * alike.cells
        shut += (scores.recommended is None) * alike.cells
        if scores.recommended:
            best = scores.fit[scores.recommended]
            rivals = [channel for channel, access in scores.access.items() if access == "open"]
            tied += (sum(scores.fit[channel] == best for channel in rivals) > 1) * alike.cells
    return Regions(grid.cells, close, tied, weak, shut)
