"""What worked cases cover: rules, gates, pitfalls, steps, choices and bands. Pure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import or_
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Grid
from choose_channel.checks.reach import reasons
from choose_channel.engine.counterfactuals import changes
from choose_channel.model.naming import to_text

KINDS = ("rules", "gates", "pitfalls", "steps", "choices", "bands")


class Coverage(NamedTuple):
    """By kind, the names that count, and those that some case reached."""

    names: Mapping[str, list[str]]
    covered: Mapping[str, set[str]]

    def missing(self, kind: str) -> list[str]:
        """The names that no case reached."""
        return [name for name in self.names[kind] if name not in self.covered[kind]]

    def share(self) -> tuple[int, int]:
        """How many of how many, over all kinds."""
        done = sum(len(self.covered[kind]) for kind in KINDS)
        return done, sum(len(self.names[kind]) for kind in KINDS)


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal, cut off and never rounded up."""
    tenths = 1000 * part // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"


def coverage(grid: Grid, cases: Iterable[Given]) -> Coverage:
    """What these answers reach, each set taken with its open questions as assumed."""
    book = grid.rulebook
    names = {
        "rules": list(book.rules),
        "gates": list(book.gates),
        "pitfalls": list(book.pitfalls),
        "steps": list(book.steps),
        "choices": list(_bands(grid, numbers=False).values()),
        "bands": list(_bands(grid, numbers=True).values()),
    }
    covered: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for given in cases:
        for kind, found in _reached(grid, given).items():
            covered[kind] |= found
    return Coverage(names, covered)


def _bands(grid: Grid, *, numbers: bool) -> dict[tuple[int, int], str]:
    return {
        (number, band): f"{axis.question.id} {to_text(axis.values[band - 1])}"
        for number, axis in enumerate(grid.space.axes)
        if kind_of(axis.question).listed is not numbers
        for band in axis.bands
    }


def _reached(grid: Grid, given: Given) -> dict[str, set[str]]:
    seller = grid.engine.seller(given)
    situation = seller.situation
    terms = grid.space.terms(situation.cell)
    found = grid.ready.evaluate(terms, frozenset(situation.assumed))
    shut = found.scores.recommended is None
    ways = changes(seller) if shut else []
    quickest = next((one.opens[0] for one in ways if one.opens), None)
    bands = set(enumerate(situation.cell))
    reached: dict[str, set[str]] = {
        "rules": {rule.id for rule in found.rules},
        "gates": {gate.id for gate in found.gates},
        "pitfalls": {pitfall.id for pitfall in found.pitfalls},
        "steps": {step.id for _, step in grid.planner.plan(terms, quickest)},
    }
    for kind, numbers in (("choices", False), ("bands", True)):
        names = _bands(grid, numbers=numbers)
        reached[kind] = {name for at, name in names.items() if at in bands}
    return reached


def smallest_cases(grid: Grid, missing: Mapping[str, list[str]]) -> dict[tuple[str, str], Cell]:
    """By kind and name, a cell that reaches what is missing, with as few answers as can be; what
    no cell reaches is left out."""
    left = {(kind, name) for kind, names in missing.items() for name in names}
    may_reach = {one: _may_reach(grid, *one) for one in left}
    found: dict[tuple[str, str], Cell] = {}
    for cell, terms in _by_size(grid):
        if not left:
            break
        if any(may_reach[one](cell, terms) for one in left):
            reached = _reached(grid, grid.answers(cell))
            for kind, name in [one for one in left if one[1] in reached[one[0]]]:
                found[kind, name] = cell
                left.discard((kind, name))
    return found


def _by_size(grid: Grid) -> Iterator[tuple[Cell, int]]:
    """The cells, those with few answers first; then with another derived answer each."""
    cells = sorted(grid.terms.items(), key=lambda one: len(grid.answers(one[0])))
    yield from cells
    for name in grid.derived:
        number = grid.space.index[name]
        for cell, _ in cells:
            for band in grid.space.axes[number].bands if cell[number] else ():
                if band != cell[number]:
                    yield grid.space.move(cell, {number: band}, lambda _axis: 1)


def _may_reach(grid: Grid, kind: str, name: str) -> Callable[[Cell, int], bool]:
    """Whether a cell where these terms hold may reach a name: a quick look."""
    book, bits = grid.rulebook, grid.space.bits
    if kind in ("choices", "bands"):
        bands = _bands(grid, numbers=kind == "bands").items()
        number, band = next(at for at, one in bands if one == name)
        return lambda cell, _terms: cell[number] == band
    if kind in ("rules", "gates"):
        entry = book.rules[name] if kind == "rules" else book.gates[name]
        return lambda _cell, terms: bool(terms & bits(entry.when))
    shown = book.pitfalls[name] if kind == "pitfalls" else book.steps[name]
    when = bits(shown.when)
    reason = functools.reduce(or_, map(bits, reasons(book, shown)), 0)
    return lambda _cell, terms: bool(terms & when and terms & reason)
