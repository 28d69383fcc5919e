"""Verdicts over the whole grid: which channel wins where, how closely, and who gets no advice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Finding, Grid, questions_read
from choose_channel.engine.counterfactuals import opening
from choose_channel.engine.evaluate import Scores
from choose_channel.model.naming import to_text

_SEARCHED = 20
"""The number of cells of a sample in which a way out is searched, which takes long in a large
rulebook."""


def fit_out_of_range(grid: Grid) -> Iterator[Finding]:
    """Channels whose fit leaves the range 0 to 100. Fit is a sum and is never clipped."""
    scored = [rule.when for rule in grid.rulebook.rules.values()]
    # Cells with the same sums share one Scores: one cell of each is enough.
    distinct = {id(scores): (cell, scores) for cell, scores in grid.all_scores.items()}
    for cell, terms in grid.quotient(scored, beyond=True):
        scores = grid.ready.scores(terms)
        distinct[id(scores)] = cell, scores
    for channel in grid.rulebook.channels:
        fits = [(scores.fit[channel], cell) for cell, scores in distinct.values()]
        for fit, cell in (min(fits), max(fits)):
            if not 0 <= fit <= 100:
                yield Finding("fit_out_of_range", ("channels", channel), {"fit": fit}, cell)


def winners(grid: Grid) -> Iterator[Finding]:
    """Channels that never win or always do, so that no question is needed about them."""
    wins = Counter(scores.recommended for scores in grid.all_scores.values())
    for channel in grid.rulebook.channels:
        if not wins[channel]:
            yield Finding("never_wins", ("channels", channel))
        elif wins[channel] == len(grid.all_scores):
            yield Finding("always_wins", ("channels", channel))


def dead_ends(grid: Grid) -> Iterator[Finding]:
    """Cells without a reason, without a step for now, or with nothing open and no way out.

    A finding of each kind names the first such cell and how many there are.
    """
    dead: dict[str, list[Cell]] = {}
    reasons, has_step = _reasons(grid), _has_step(grid)
    gates = grid.access_conditions()
    # What it takes to open a channel may depend on every single answer that a gate reads.
    questions = questions_read(grid.space, gates) - grid.derived
    shut = (cell for cell, terms in grid.quotient(gates, *questions) if _is_shut(grid, terms))
    for cell in shut if grid.exact else itertools.islice(shut, _SEARCHED):
        if _way_out(grid, cell) is None:
            dead.setdefault("no_way_out", []).append(cell)
    for (cell, terms), scores in zip(grid.terms.items(), grid.all_scores.values(), strict=True):
        if not terms & reasons[scores.recommended or scores.aim]:
            dead.setdefault("no_reason", []).append(cell)
        if not has_step(terms, scores) and not grid.planner.this_week(terms, scores):
            dead.setdefault("no_step", []).append(cell)
    for kind, cells in dead.items():
        yield Finding(kind, ("rulebook", "name"), {"count": len(cells)}, cells[0])


def _has_step(grid: Grid) -> Callable[[int, Scores], bool]:
    """A quick test that finds most steps for now: those that name the recommended channel."""
    bits = grid.space.bits
    named: dict[str | None, int] = dict.fromkeys((None, *grid.rulebook.channels), 0)
    for step in grid.rulebook.steps.values():
        if step.phase == "now":
            for channel in step.channels:
                if channel in named:
                    named[channel] |= bits(step.when)
    return lambda terms, scores: not scores.weak and bool(terms & named[scores.recommended])


def _is_shut(grid: Grid, terms: int) -> bool:
    """Whether nothing is open, but something could be opened."""
    scores = grid.ready.scores(terms)
    return scores.recommended is None and scores.aim is not None


def _way_out(grid: Grid, cell: Cell) -> str | None:
    """The channel that the fewest changes open, if any can be opened."""
    change = next(opening(grid.space, grid.ready, cell), None)
    return change.opens[0] if change else None


def _reasons(grid: Grid) -> dict[str | None, int]:
    """By channel (None where all are closed), the terms that give a reason: points or a gate."""
    bits = grid.space.bits
    gates = 0
    for gate in grid.rulebook.gates.values():
        gates |= bits(gate.when)
    reasons: dict[str | None, int] = dict.fromkeys((None, *grid.rulebook.channels), gates)
    for rule in grid.rulebook.rules.values():
        for channel, points in rule.points.items():
            if points:
                reasons[channel] |= bits(rule.when)
    return reasons


def outcome_map(grid: Grid) -> dict[str, dict[str, dict[str, int]]]:
    """By choice of the first question, counts of cells: by recommended channel ("" for none), by
    `close`, and by access of each channel."""
    first = grid.space.axes[0]
    counts: dict[str, dict[str, Counter[str]]] = {}
    for cell, scores in grid.all_scores.items():
        name = to_text(first.values[cell[0] - 1])
        part = counts.setdefault(name, {"recommended": Counter(), "close": Counter()})
        part["recommended"][scores.recommended or ""] += 1
        part["close"][str(scores.close).lower()] += 1
        for channel, access in scores.access.items():
            part.setdefault(f"access {channel}", Counter())[access] += 1
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
    for scores in grid.all_scores.values():
        close += scores.close
        weak += scores.weak
        shut += scores.recommended is None
        if scores.recommended:
            best = scores.fit[scores.recommended]
            rivals = [channel for channel, access in scores.access.items() if access == "open"]
            tied += sum(scores.fit[channel] == best for channel in rivals) > 1
    return Regions(len(grid.all_scores), close, tied, weak, shut)
