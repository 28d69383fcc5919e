"""What worked cases cover: rules, gates, pitfalls, steps, choices and bands.

For what they do not cover, the smallest case that does: the one with the fewest answers. Nobody
can answer a derived question such as the margin, so where a case needs another margin than the
assumed one, costs are searched for that bring it about.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from operator import getitem, or_
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Grid, held, questions_read
from choose_channel.checks.reach import reasons
from choose_channel.engine.engine import Engine
from choose_channel.model.naming import to_text

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
    """By axis and band, the name of each choice, or of each band of a number."""
    return {
        (number, band): f"{axis.question.id} {to_text(axis.values[band - 1])}"
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


@functools.lru_cache(maxsize=1)
def _all_plans(grid: Grid) -> Callable[[int], frozenset[str]]:
    """A function that gives the steps of a plan, those that settle a question among them, and
    remembers terms between which no plan can tell a difference."""
    book, bits = grid.rulebook, grid.space.bits
    conditions = [step.when for step in book.steps.values()]
    conditions += [gate.when for gate in book.gates.values()]
    conditions += [one.when for channel in book.channels.values() for one in channel.variants]
    read = functools.reduce(or_, map(bits, conditions), 0)
    known: dict[object, frozenset[str]] = {}

    def plans(terms: int) -> frozenset[str]:
        scores = grid.ready.scores(terms)
        order = tuple(scores.fit.values()) if scores.recommended is None else ()
        key = (terms & read, scores.recommended, scores.aim, scores.weak, order)
        if key not in known:
            plan = grid.planner.plan(terms, book.questions)
            known[key] = frozenset(step.id for _, step in plan)
        return known[key]

    return plans


# ---- the smallest cases


class Target(NamedTuple):
    """Something for which a case is searched.

    A cell with some terms may reach it only if `when` and `reason` hold some of them, or, for a
    choice or a band, if the cell has this `band` on this `axis`.
    """

    kind: str
    name: str
    when: int = 0
    reason: int = 0
    axis: int = 0
    band: int = -1

    def may_be_reached(self, cell: Cell, terms: int) -> bool:
        """Whether a cell with these terms may reach it; for rules, gates, choices and bands, it
        does."""
        return bool(terms & self.when and terms & self.reason) or cell[self.axis] == self.band


def smallest_cases(
    grid: Grid,
    missing: Mapping[str, Iterable[str]],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> dict[tuple[str, str], Given]:
    """By kind and name, the case with the fewest answers that reaches it, costs not counted.

    A name that no case reaches is left out. `progress` is called with the number of names found
    and the number of all names.
    """
    targets = [_target(grid, kind, name) for kind in missing for name in missing[kind]]
    total = len(targets)
    cases: dict[tuple[str, str], Given] = {}
    case_of = _case_finder(grid)
    cells = _by_size(grid)
    for these, wanted in (
        (cells, [target for target in targets if not _lies_beyond(grid, target)]),
        (_beyond(grid, cells), targets),
    ):
        left = [target for target in wanted if (target.kind, target.name) not in cases]
        for cell, terms in these if left else ():
            likely = [target for target in left if target.may_be_reached(cell, terms)]
            case = case_of(cell) if likely else None
            if case is None:
                continue
            for target in _targets_reached(grid, case, terms, likely):
                cases[target.kind, target.name] = case
                left.remove(target)
                progress(len(cases), total)
            if not left:
                break
    progress(total, total)
    return cases


def _by_size(grid: Grid) -> list[tuple[Cell, int]]:
    """The cells with their terms, those with few answers first."""
    counted = [
        # By band, whether `Grid.answers` gives an answer; band 0 is "does not apply".
        (False, *(axis.question.core or value != axis.question.assumed for value in axis.values))
        for axis in grid.space.axes
    ]
    return sorted(grid.terms.items(), key=lambda one: sum(map(getitem, counted, one[0])))


def _beyond(grid: Grid, cells: Iterable[tuple[Cell, int]]) -> Iterator[tuple[Cell, int]]:
    """The same cells with other derived answers, in the same order."""
    for name in grid.derived:
        number = grid.space.index[name]
        for cell, _ in cells:
            for band in grid.space.axes[number].bands if cell[number] else ():
                if band != cell[number]:
                    yield grid.space.move(cell, {number: band}, lambda _axis: 1)


def _lies_beyond(grid: Grid, target: Target) -> bool:
    """Whether only cells beyond can reach a target, as derived answers decide alone."""
    held_terms = grid.space.everything
    for name in grid.derived:
        number = grid.space.index[name]
        bands = {0, *held(grid.space)[number]}
        if target.axis == number and target.band >= 0:
            return target.band not in bands
        held_terms &= functools.reduce(or_, (grid.space.masks[number][band] for band in bands))
    return target.band < 0 and not (held_terms & target.when and held_terms & target.reason)


def _target(grid: Grid, kind: str, name: str) -> Target:
    book, bits = grid.rulebook, grid.space.bits
    if kind in ("choices", "bands"):
        at = next(at for at, one in _bands(grid, kind).items() if one == name)
        return Target(kind, name, axis=at[0], band=at[1])
    if kind in ("rules", "gates"):
        when = bits(book.rules[name].when if kind == "rules" else book.gates[name].when)
        return Target(kind, name, when, when)
    entry = book.pitfalls[name] if kind == "pitfalls" else book.steps[name]
    reason = functools.reduce(or_, map(bits, reasons(book, entry)), 0)
    return Target(kind, name, bits(entry.when), reason)


def _targets_reached(
    grid: Grid, case: Given, terms: int, likely: Iterable[Target]
) -> Iterator[Target]:
    """Those of the likely targets that a case, given with the terms of its cell, reaches."""
    names = {kind: {target.name for target in likely if target.kind == kind} for kind in KINDS}
    if names["pitfalls"]:
        assumed = frozenset(grid.engine.seller(case).situation.assumed)
        evaluation = grid.ready.evaluate(terms, assumed)
        names["pitfalls"] &= {pitfall.id for pitfall in evaluation.pitfalls}
    if names["steps"]:
        # Whether a question is open is the case's own matter, not the cell's.
        steps = grid.rulebook.steps
        unanswered = grid.engine.seller(case).situation.assumed
        names["steps"] = {
            name
            for name in names["steps"] & _all_plans(grid)(terms)
            if steps[name].settles is None or steps[name].settles in unanswered
        }
    return (target for target in likely if target.name in names[target.kind])


# ---- costs that bring a margin about

_PARTS = 8
"""The cost of an item is first tried at so many parts of the price."""


def _case_finder(grid: Grid) -> Callable[[Cell], Given | None]:
    """A function that gives the answers that lead to a cell, with costs where the cell has another
    margin than the assumed one; None where no costs were found."""
    book = grid.rulebook
    roles = book.economy.roles
    if roles is None:
        return grid.answers
    conditions = [condition for at, condition in book.named_conditions() if at[0] == "money"]
    read = {roles.price, roles.market, *questions_read(grid.space, conditions)}
    known: dict[object, Given | None] = {}

    def case(cell: Cell) -> Given | None:
        answers = grid.answers(cell)
        if roles.margin not in answers:
            return answers
        margin = str(answers.pop(roles.margin))
        # Cells that differ in nothing that the money reads have the same costs.
        key = (margin, *((name, answers[name]) for name in answers if name in read))
        if key not in known:
            known[key] = costs_for(grid.engine, answers, margin)
        costs = known[key]
        return None if costs is None else {**answers, **costs}

    return case


def costs_for(engine: Engine, answers: Given, margin: str) -> Given | None:
    """Costs with which these answers come to this margin; None where none were found.

    First the unit cost alone is varied. Then it is varied together with one other amount that an
    order pays, such as the shipping of one way of selling, so that one way loses and another earns.
    """
    rulebook = engine.rulebook
    roles = rulebook.economy.roles
    assert roles
    price = answers.get(roles.price)
    if not isinstance(price, Decimal):
        return None
    amounts = dict.fromkeys(
        line.input
        for line in rulebook.economy.lines.values()
        if line.kind == "amount" and line.input not in (None, roles.unit_cost)
    )
    others = [{name: _in_cents(price / part)} for part in (2, 1) for name in amounts if name]
    for other in ({}, *others):
        cost = _cost_for(engine, {**answers, **other}, margin, price)
        if cost is not None:
            return {roles.unit_cost: cost, **other}
    return None


def _cost_for(engine: Engine, answers: Given, margin: str, price: Decimal) -> Decimal | None:
    """A unit cost, in whole cents up to the price, with which these answers come to this margin;
    None where none was found."""
    roles = engine.rulebook.economy.roles
    assert roles

    def margin_at(cost: Decimal) -> object:
        return engine.seller({**answers, roles.unit_cost: cost}).margin

    costs = [_in_cents(price * part / _PARTS) for part in range(_PARTS + 1)]
    tried: list[tuple[Decimal, object]] = []
    for cost in costs:
        found = margin_at(cost)
        if found == margin:
            return cost
        if found is None:
            return None
        tried.append((cost, found))
    # Where the margin changes between two costs, a third margin may lie between them.
    between = [pair for pair in itertools.pairwise(tried) if pair[0][1] != pair[1][1]]
    while between:
        (low, at_low), (high, at_high) = between.pop()
        middle = _in_cents((low + high) / 2)
        if middle in (low, high):
            continue
        found = margin_at(middle)
        if found == margin:
            return middle
        halves = ((low, at_low), (middle, found)), ((middle, found), (high, at_high))
        between += [half for half in halves if half[0][1] != half[1][1]]
    return None


def _in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))
