"""Costs that bring a margin about.

Nobody can answer a derived question such as the margin. So where a case needs another margin than
the assumed one, costs are searched for that lead to it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal

from choose_channel.answers.sources import Given
from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Grid, questions_read
from choose_channel.engine.engine import Engine

_PARTS = 8
"""The cost of an item is first tried at so many parts of the price."""


def case_finder(grid: Grid) -> Callable[[Cell], Given | None]:
    """A function that gives the answers that lead to a cell, with costs where the cell has another
    margin than the assumed one; None where no costs were found."""
    rulebook = grid.rulebook
    roles = rulebook.economy.roles
    if roles is None:
        return grid.answers
    conditions = [condition for at, condition in rulebook.named_conditions() if at[0] == "money"]
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
        reached = margin_at(cost)
        if reached == margin:
            return cost
        if reached is None:
            return None
        tried.append((cost, reached))
    # Where the margin changes between two costs, a third margin may lie between them.
    between = [pair for pair in itertools.pairwise(tried) if pair[0][1] != pair[1][1]]
    while between:
        (low, at_low), (high, at_high) = between.pop()
        middle = _in_cents((low + high) / 2)
        if middle in (low, high):
            continue
        reached = margin_at(middle)
        if reached == margin:
            return middle
        halves = ((low, at_low), (middle, reached)), ((middle, reached), (high, at_high))
        between += [half for half in halves if half[0][1] != half[1][1]]
    return None


def _in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))
