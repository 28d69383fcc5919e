"""What worked cases cover: rules, gates, pitfalls, steps, choices and bands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from choose_channel.analysis.grid import Grid
from choose_channel.answers import Given, plain, settle
from choose_channel.changes import changes
from choose_channel.conditions import ALWAYS, Condition
from choose_channel.derived import derive
from choose_channel.model import Rulebook
from choose_channel.space import Cell

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
        (number, band): f"{axis.question.id} {plain(axis.values[band - 1])}"
        for number, axis in enumerate(grid.space.axes)
        if (axis.question.type == "number") is numbers
        for band in axis.bands
    }


def _reached(grid: Grid, given: Given) -> dict[str, set[str]]:
    book = grid.rulebook
    situation = settle(book, derive(book, given))
    terms = grid.space.terms(situation.cell)
    found = grid.ready.evaluate(terms, frozenset(situation.assumed))
    ways = changes(book, given)
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
    wanted = {one: grid.space.bits(_condition(grid.rulebook, *one)) for one in left}
    found: dict[tuple[str, str], Cell] = {}
    for cell in sorted(grid.terms, key=lambda cell: len(grid.answers(cell))):
        if not left:
            break
        terms = grid.terms[cell]
        if any(terms & wanted[one] for one in left):
            reached = _reached(grid, grid.answers(cell))
            for kind, name in [one for one in left if one[1] in reached[one[0]]]:
                found[kind, name] = cell
                left.discard((kind, name))
    return found


def _condition(book: Rulebook, kind: str, name: str) -> Condition:
    entries: dict[str, Mapping[str, Condition]] = {
        "rules": {n: one.when for n, one in book.rules.items()},
        "gates": {n: one.when for n, one in book.gates.items()},
        "pitfalls": {n: one.when for n, one in book.pitfalls.items()},
        "steps": {n: one.when for n, one in book.steps.items()},
    }
    return entries.get(kind, {}).get(name, ALWAYS)
