"""What worked cases cover: rules, gates, pitfalls, steps, choices and bands.

For what they do not cover, the smallest case that does: the one with the fewest answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.sources import Given
from choose_channel.checks.costs import case_finder
from choose_channel.checks.grid import Grid
from choose_channel.checks.reach import pitfalls_at, steps_at, where_shown
from choose_channel.checks.walk import Alike, TooLargeError
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Step

KINDS = ("rules", "gates", "pitfalls", "steps", "choices", "bands")
Names = dict[str, set[str]]
"""By kind, some names."""


class Coverage(NamedTuple):
    """By kind, all names, and those that some case reached."""

    names: Mapping[str, list[str]]
    covered: Mapping[str, set[str]]

    def missing(self, kind: str) -> list[str]:
        """The names that no case reached."""
        return [name for name in self.names[kind] if name not in self.covered[kind]]

    def share(self) -> tuple[int, int]:
        """How many names were reached, and how many there are, over all kinds."""
        done = sum(len(self.covered[kind]) for kind in KINDS)
        return done, sum(len(self.names[kind]) for kind in KINDS)


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal, cut off and never rounded up: 1 of 3 is 33.3 %."""
    tenths = 1000 * part // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"


def coverage(grid: Grid, cases: Iterable[Given]) -> Coverage:
    """What these answers reach; open questions count at their assumed answers."""
    book = grid.rulebook
    names = {
        "rules": list(book.rules),
        "gates": list(book.gates),
        "pitfalls": list(book.pitfalls),
        "steps": list(book.steps),
        "choices": list(_bands(grid, "choices").values()),
        "bands": list(_bands(grid, "bands").values()),
    }
    covered: Names = {kind: set() for kind in KINDS}
    for given in cases:
        for kind, reached in _reached(grid, given).items():
            covered[kind] |= reached
    return Coverage(names, covered)


def _bands(grid: Grid, kind: str) -> dict[tuple[int, int], str]:
    """By axis and band, the name of each choice, or of each band of a number. Choices that nothing
    tells apart have one name."""
    return {
        (number, band): f"{axis.question.id} {'/'.join(map(to_text, axis.alike[band - 1]))}"
        for number, axis in enumerate(grid.space.axes)
        if kind_of(axis.question).listed is (kind == "choices")
        for band in axis.bands
    }


def _reached(grid: Grid, given: Given) -> Names:
    """By kind, everything that one case reaches."""
    seller = grid.engine.seller(given)
    situation, evaluation = seller.situation, seller.evaluation
    terms = situation.terms
    bands = set(enumerate(situation.cell))
    reached: Names = {
        "rules": {rule.id for rule in evaluation.rules},
        "gates": {gate.id for gate in evaluation.gates},
        "pitfalls": {pitfall.id for pitfall in evaluation.pitfalls},
        "steps": {step.id for _, step in grid.planner.plan(terms, situation.assumed)},
    }
    for kind in ("choices", "bands"):
        names = _bands(grid, kind)
        reached[kind] = {name for at, name in names.items() if at in bands}
    return reached


# ---- the smallest cases


def smallest_cases(
    grid: Grid,
    missing: Mapping[str, Iterable[str]],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> dict[tuple[str, str], Given]:
    """By kind and name, the case with the fewest answers that reaches it, costs not counted.

    A name is left out that no case reaches, or for which there is too much to tell apart.
    `progress` is called with the number of names looked for and the number of all names.
    """
    targets = [(kind, name) for kind in missing for name in missing[kind]]
    cases: dict[tuple[str, str], Given] = {}
    case_of = case_finder(grid)
    for number, (kind, name) in enumerate(targets):
        progress(number, len(targets))
        try:
            candidates = sorted(_candidates(grid, kind, name), key=lambda one: one.answers)
        except TooLargeError:
            continue
        for one in candidates:
            case = case_of(one.cell)
            if case is not None and name in _reached(grid, case)[kind]:
                cases[kind, name] = case
                break
    progress(len(targets), len(targets))
    return cases


def _candidates(grid: Grid, kind: str, name: str) -> Iterable[Alike]:
    """Cells that reach a name, one of them with the fewest answers."""
    book = grid.rulebook
    if kind in ("choices", "bands"):
        axis, band = next(at for at, one in _bands(grid, kind).items() if one == name)
        options = [list(one.bands) for one in grid.space.axes]
        options[axis] = [band]
        return grid.alike(require=[[grid.space.axes[axis].question.applies]], options=options)
    if kind in ("rules", "gates"):
        when = book.rules[name].when if kind == "rules" else book.gates[name].when
        return grid.alike(require=[[when]])
    entry = book.pitfalls[name] if kind == "pitfalls" else book.steps[name]
    shown = steps_at if isinstance(entry, Step) else pitfalls_at
    found = where_shown(grid, entry)
    return (one for one in found if name in shown(grid, one.cell, one.terms))
