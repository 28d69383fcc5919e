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
from choose_channel.answers.space import Axis, Cell, single_terms
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
    rulebook = grid.rulebook
    names = {
        "rules": list(rulebook.rules),
        "gates": list(rulebook.gates),
        "pitfalls": list(rulebook.pitfalls),
        "steps": list(rulebook.steps),
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


class _Target(NamedTuple):
    """A name for which a case is sought."""

    kind: str
    name: str
    when: Condition
    """What it stands under."""
    band: tuple[int, int] | None
    """Its axis and band, if it is one."""
    shown: Callable[[Cell, int], set[str]] | None
    """What a cell, given with its terms, shows; None for a name that is never held back."""

    def shown_in(self, cell: Cell, terms: int) -> bool:
        """Whether a cell in which its condition holds shows it."""
        return self.shown is None or self.name in self.shown(cell, terms)


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
    targets = list(_targets(grid, missing))
    cases: dict[tuple[str, str], Given] = {}
    case_of = case_finder(grid)
    searches = (_everywhere,) if grid.cells <= _FEW else (_near, _drawn, _everywhere)
    for number, target in enumerate(targets):
        progress(number, len(targets))
        for search in searches:
            case = next(
                (
                    case
                    for cell in search(grid, target)
                    if (case := case_of(cell)) is not None and _reaches(grid, case, target)
                ),
                None,
            )
            if case is not None:
                cases[target.kind, target.name] = _without_needless(grid, target, case)
                break
    progress(len(targets), len(targets))
    return cases


def _targets(grid: Grid, missing: Mapping[str, Iterable[str]]) -> Iterator[_Target]:
    """The names that are missing, with what they stand under."""
    rulebook = grid.rulebook
    entries: Mapping[str, Mapping[str, Rule | Gate | Pitfall | Step]] = {
        "rules": rulebook.rules,
        "gates": rulebook.gates,
        "pitfalls": rulebook.pitfalls,
        "steps": rulebook.steps,
    }
    shown = {
        "pitfalls": functools.cache(functools.partial(pitfalls_at, grid)),
        "steps": functools.cache(functools.partial(steps_at, grid)),
    }
    for kind, names in missing.items():
        at = {name: at for at, name in _bands(grid, kind).items()}
        for name in names:
            if kind in entries:
                yield _Target(kind, name, entries[kind][name].when, None, shown.get(kind))
            else:
                applies = grid.space.axes[at[name][0]].question.applies
                yield _Target(kind, name, applies, at[name], None)


def _near(grid: Grid, target: _Target) -> Iterator[Cell]:
    """Cells that reach a name and keep close to the assumed answers, fewest answers first.

    Follow-ups are varied only where the condition asks for it. This finds most names quickly.
    """
    space, band = grid.space, target.band
    seen: dict[Cell, int] = {}
    for term in single_terms(space.bits(target.when)):
        options = []
        for number, axis in enumerate(space.axes):
            allowed = [index for index in axis.bands if space.masks[number][index] & term]
            if band and band[0] == number:
                allowed = [band[1]]
            options.append(_close(axis, allowed) or axis.bands[:1])
        cells = itertools.islice(space.walk(options), _NEAR)
        seen |= {cell: terms for cell, terms in cells if terms & term}
    for cell in sorted(seen, key=lambda cell: len(grid.answers(cell))):
        if (not band or cell[band[0]] == band[1]) and target.shown_in(cell, seen[cell]):
            yield cell


def _drawn(grid: Grid, target: _Target) -> Iterator[Cell]:
    """Cells that reach a name, of some drawn at random among those that its condition allows."""
    space, band = grid.space, target.band
    wanted = space.bits(target.when)
    options = [
        [index for index in axis.bands if masks[index] & wanted] or axis.bands[:1]
        for axis, masks in zip(space.axes, space.masks, strict=True)
    ]
    if band:
        options[band[0]] = [band[1]]
    for cell, terms in space.sample(options, _NEAR):
        if terms & wanted and target.shown_in(cell, terms):
            yield cell


def _without_needless(grid: Grid, target: _Target, case: Given) -> Given:
    """The case without the answers that it does not need to reach the name."""
    questions = grid.rulebook.questions
    for question in [*case]:
        if question in questions and not questions[question].core:
            less = {key: value for key, value in case.items() if key != question}
            if _reaches(grid, less, target):
                case = less
    return case


def _close(axis: Axis, allowed: list[int]) -> list[int]:
    """Of the allowed bands, the assumed one of a follow-up; all of a core question."""
    assumed = axis.assumed
    return [assumed] if assumed in allowed and not axis.question.core else allowed


def _everywhere(grid: Grid, target: _Target) -> Iterator[Cell]:
    """All cells that reach a name, those together that nothing tells apart, fewest answers first;
    none where there is too much to tell apart."""
    rulebook = grid.rulebook
    if target.shown:
        entries: Mapping[str, Pitfall | Step] = (
            rulebook.pitfalls if target.kind == "pitfalls" else rulebook.steps
        )
        cells = where_shown(grid, entries[target.name])
    else:
        options = [list(axis.bands) for axis in grid.space.axes]
        if target.band:
            options[target.band[0]] = [target.band[1]]
        cells = grid.alike(require=[[target.when]], options=options)
    try:
        every = sorted(cells, key=lambda alike: alike.answers)
    except TooLargeError:
        return
    yield from (alike.cell for alike in every if target.shown_in(alike.cell, alike.terms))


def _reaches(grid: Grid, case: Given, target: _Target) -> bool:
    return target.name in _reached(grid, case)[target.kind]
