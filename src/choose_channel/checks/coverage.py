"""What worked cases cover: rules, gates, pitfalls, steps, choices and bands.

For what they do not cover, the smallest case that does: the one with the fewest answers.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Axis, Cell
from choose_channel.checks.costs import case_finder
from choose_channel.checks.grid import Grid
from choose_channel.checks.reach import pitfalls_at, steps_at, where_shown
from choose_channel.checks.walk import TooLargeError
from choose_channel.model.conditions import Condition
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Gate, Pitfall, Rule, Step

KINDS = ("rules", "gates", "pitfalls", "steps", "choices", "bands")
Names = dict[str, set[str]]
"""By kind, some names."""
_FEW = 20_000
"""In a rulebook of so many cells all of them are searched."""
_NEAR = 5_000
"""So many cells that a term of a condition allows are looked at."""


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
    """By kind and name, a case with few answers that reaches it: in a small rulebook with the
    fewest, costs not counted; in a large one it has no answer to spare.

    A name is left out that no case reaches, or for which there is too much to tell apart.
    `progress` is called with the number of names looked for and the number of all names.
    """
    targets = [(kind, name) for kind in missing for name in missing[kind]]
    cases: dict[tuple[str, str], Given] = {}
    case_of = case_finder(grid)
    searches = (_everywhere,) if grid.cells <= _FEW else (_near, _drawn, _everywhere)
    for number, (kind, name) in enumerate(targets):
        progress(number, len(targets))
        for search in searches:
            case = next(
                (
                    case
                    for cell in search(grid, kind, name)
                    if (case := case_of(cell)) is not None and name in _reached(grid, case)[kind]
                ),
                None,
            )
            if case is not None:
                cases[kind, name] = _without_needless(grid, kind, name, case)
                break
    progress(len(targets), len(targets))
    return cases


def _near(grid: Grid, kind: str, name: str) -> Iterator[Cell]:
    """Cells that reach a name and keep close to the assumed answers, fewest answers first.

    Follow-ups are varied only where the condition asks for it. This finds most names quickly.
    """
    space, (when, band) = grid.space, _wanted(grid, kind, name)
    shown = _shown(grid, kind, name)
    seen: dict[Cell, int] = {}
    for term in _bits(space.bits(when)):
        options = []
        for number, axis in enumerate(space.axes):
            allowed = [one for one in axis.bands if space.masks[number][one] & term]
            if band and band[0] == number:
                allowed = [band[1]]
            options.append(_close(axis, allowed) or axis.bands[:1])
        cells = itertools.islice(space.walk(options), _NEAR)
        seen |= {cell: terms for cell, terms in cells if terms & term}
    for cell in sorted(seen, key=lambda cell: len(grid.answers(cell))):
        if (not band or cell[band[0]] == band[1]) and shown(cell, seen[cell]):
            yield cell


def _drawn(grid: Grid, kind: str, name: str) -> Iterator[Cell]:
    """Cells that reach a name, of some drawn at random among those that its condition allows."""
    space, (when, band) = grid.space, _wanted(grid, kind, name)
    wanted, shown = space.bits(when), _shown(grid, kind, name)
    options = [
        [one for one in axis.bands if masks[one] & wanted] or axis.bands[:1]
        for axis, masks in zip(space.axes, space.masks, strict=True)
    ]
    if band:
        options[band[0]] = [band[1]]
    for cell, terms in space.sample(options, _NEAR):
        if terms & wanted and shown(cell, terms):
            yield cell


def _without_needless(grid: Grid, kind: str, name: str, case: Given) -> Given:
    """The case without the answers that it reaches the name without."""
    questions = grid.rulebook.questions
    for question in [*case]:
        if question in questions and not questions[question].core:
            less = {key: value for key, value in case.items() if key != question}
            if name in _reached(grid, less)[kind]:
                case = less
    return case


def _close(axis: Axis, allowed: list[int]) -> list[int]:
    """Of the allowed bands, the assumed one of a follow-up; all of a core question."""
    question = axis.question
    if question.core or question.assumed is None:
        return allowed
    assumed = axis.band(question.assumed)
    return [assumed] if assumed in allowed else allowed


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest
        number ^= lowest


def _everywhere(grid: Grid, kind: str, name: str) -> Iterator[Cell]:
    """All cells that reach a name, those together that nothing tells apart, fewest answers first;
    none where there is too much to tell apart."""
    (when, band), shown = _wanted(grid, kind, name), _shown(grid, kind, name)
    if kind in ("pitfalls", "steps"):
        book = grid.rulebook
        found = where_shown(grid, book.pitfalls[name] if kind == "pitfalls" else book.steps[name])
    else:
        options = [list(axis.bands) for axis in grid.space.axes]
        if band:
            options[band[0]] = [band[1]]
        found = grid.alike(require=[[when]], options=options)
    try:
        every = sorted(found, key=lambda alike: alike.answers)
    except TooLargeError:
        return
    yield from (alike.cell for alike in every if shown(alike.cell, alike.terms))


def _wanted(grid: Grid, kind: str, name: str) -> tuple[Condition, tuple[int, int] | None]:
    """The condition that a name stands under, and the axis and band where it is one."""
    book = grid.rulebook
    if kind in ("choices", "bands"):
        at = next(at for at, one in _bands(grid, kind).items() if one == name)
        return grid.space.axes[at[0]].question.applies, at
    entries: Mapping[str, Mapping[str, Rule | Gate | Pitfall | Step]] = {
        "rules": book.rules,
        "gates": book.gates,
        "pitfalls": book.pitfalls,
        "steps": book.steps,
    }
    return entries[kind][name].when, None


@functools.lru_cache(maxsize=100_000)
def _shown_at(grid: Grid, kind: str, cell: Cell, terms: int) -> frozenset[str]:
    shown = pitfalls_at if kind == "pitfalls" else steps_at
    return frozenset(shown(grid, cell, terms))


def _shown(grid: Grid, kind: str, name: str) -> Callable[[Cell, int], bool]:
    """Whether a cell, given with its terms, shows a name, apart from its condition."""
    if kind in ("pitfalls", "steps"):
        return lambda cell, terms: name in _shown_at(grid, kind, cell, terms)
    return lambda _cell, _terms: True
