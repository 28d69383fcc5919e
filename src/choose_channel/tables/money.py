"""The money of rows: worked out once for each distinct set of costs and of answers they hang on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from choose_channel.answers.situation import complete_with_defaults
from choose_channel.engine.engine import Engine
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value
from choose_channel.tables.advice_columns import OutputColumn


class Sums(NamedTuple):
    """What the money of a row comes to: the band of the margin, and what stands in the columns of
    the money, None where it cannot be worked out."""

    band: int
    values: tuple[str | float | bool | None, ...]


def ways(rulebook: Rulebook) -> list[str]:
    """The ways of selling the seller's own item, by id."""
    economy, roles = rulebook.economy, rulebook.economy.roles
    if roles is None:
        return []
    main = {economy.streams[name].channel for name in (roles.reference, roles.compared)}
    return [name for name, stream in economy.streams.items() if stream.channel in main]


def money_columns(rulebook: Rulebook) -> list[OutputColumn]:
    """What is added to a table with costs."""
    if rulebook.economy.roles is None:
        return []
    return [
        OutputColumn("margin", "text", "margin"),
        *(
            column
            for way in ways(rulebook)
            for column in (
                OutputColumn(f"left_{way}", "amount"),
                OutputColumn(f"before_shipping_{way}", "flag"),
            )
        ),
        OutputColumn("lowest_price", "amount"),
    ]


def deciding(rulebook: Rulebook) -> frozenset[str]:
    """The questions and inputs that the money of a row hangs on."""
    roles = rulebook.economy.roles
    prices = [roles.price] if roles else []
    return rulebook.moving_the_margin.union(rulebook.economy.inputs, prices)


def unworked(engine: Engine) -> Sums:
    """The sums of a row without costs."""
    rulebook = engine.rulebook
    roles = rulebook.economy.roles
    band = engine.axis(roles.margin).assumed if roles else 0
    return Sums(band, (None,) * len(money_columns(rulebook)))


def sums(engine: Engine, given: Mapping[str, Value]) -> Sums:
    """The sums of a row with these answers and inputs."""
    roles = engine.rulebook.economy.roles
    if roles is None or given.get(roles.unit_cost, UNKNOWN) == UNKNOWN:
        return unworked(engine)
    from choose_channel.money.summary import before_shipping

    situation = complete_with_defaults(engine.rulebook, engine.space, given)
    economics = engine.economics(situation, given)
    margin = economics.margin() if economics.ready else None
    if margin is None:
        return unworked(engine)
    values: list[float | bool | None] = []
    for name in ways(engine.rulebook):
        stream = economics.stream(name)
        middle = economics.profit(stream).middle if stream else None
        values.append(None if middle is None else float(middle))
        values.append(before_shipping(stream, economics) if stream else None)
    prices = [  # with shipping it is a higher one
        price
        for stream in economics.streams
        if not before_shipping(stream, economics)
        and (price := economics.break_even_price(stream)) is not None
    ]
    band = engine.axis(roles.margin).band(margin)
    return Sums(band, (margin, *values, float(min(prices)) if prices else None))
