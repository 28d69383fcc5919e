"""Ways out: where nothing is open but something is only locked, a change that opens something."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from choose_channel.answers.space import Axis, Cell
from choose_channel.checks.grid import Finding, Grid, occurs, questions_read
from choose_channel.checks.walk import TooLargeError
from choose_channel.engine.counterfactuals import opening

_MOST_CELLS = 2_000_000
"""Where more cells than this have to be looked at one by one, the proof is given up."""
_Change = dict[int, tuple[int, int]]
"""By axis, the bands before and after."""


def no_way_out(grid: Grid) -> Iterator[Finding]:
    """Cells where nothing is open, something is not closed, and no change opens anything.

    What it takes to open a channel hangs on every single answer that a gate reads. So these cells
    are looked at one by one; a change that opened something in one is tried first in the next.
    """
    changes: list[_Change] = []
    for cell, terms in _told_apart_by_gates(grid):
        scores = grid.ready.scores(terms)
        if scores.recommended is not None or scores.aim is None:
            continue
        for number, change in enumerate(changes):
            if _opens(grid, cell, change):
                changes.insert(0, changes.pop(number))
                break
        else:
            first = next(opening(grid.space, grid.ready, cell), None)
            if first is None:
                yield Finding("no_way_out", ("rulebook", "name"), {}, cell)
                return
            axes = {grid.space.index[name]: value for name, value in first.answers.items()}
            change = {n: (cell[n], grid.space.axes[n].band(value)) for n, value in axes.items()}
            # What else another market changes hangs on the other answers of a cell.
            if not any(grid.space.axes[axis].question.resets for axis in change):
                changes.insert(0, change)


def _told_apart_by_gates(grid: Grid) -> Iterator[tuple[Cell, int]]:
    """Every cell; of answers that no gate tells apart, only the last in an order from worst to best
    is looked at, since it can be changed for the better in the fewest ways."""
    space, gates = grid.space, grid.shutting()
    bits, read = grid.space.bits_of_any(gates), questions_read(grid.space, gates)
    options = []
    for axis, masks in zip(space.axes, space.masks, strict=True):
        bands = [*axis.bands]
        if axis.question.id in read:
            ordered = axis.ordered(axis.question.better) if axis.question.better else []
            matters = functools.reduce(int.__or__, space.applies, bits)
            best = {masks[band] & matters: band for band in bands if band not in ordered}
            best |= {masks[band] & matters: band for band in ordered}
            options.append(sorted(best.values()))
        else:
            options.append(bands[:1])
    for number, (cell, terms) in enumerate(space.walk(options)):
        if number > _MOST_CELLS:
            raise TooLargeError
        if occurs(grid.limits, cell, terms):
            yield cell, terms


def _opens(grid: Grid, cell: Cell, change: _Change) -> bool:
    """Whether a change can be made in a cell, and opens something, whatever else is asked then."""
    if any(cell[axis] != before for axis, (before, _) in change.items()):
        return False
    bands = {axis: after for axis, (_, after) in change.items()}
    axes = grid.space.axes
    worst, assumed = (
        grid.space.move(cell, bands, newly)[1]
        for newly in (lambda n: _worst(axes[n]), lambda n: axes[n].assumed or 1)
    )
    first, second = (grid.ready.scores(terms).access for terms in (worst, assumed))
    return any(first[channel] == second[channel] == "open" for channel in first)


def _worst(axis: Axis) -> int:
    return axis.ordered(axis.question.better)[0] if axis.question.better else axis.assumed or 1
