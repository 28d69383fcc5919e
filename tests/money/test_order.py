"""Orders in whole cents agree with the same sums in plain decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choose_channel.loading.load import load_rulebook
from choose_channel.model.conditions import ALWAYS
from choose_channel.model.rulebook import LINE_KINDS, Line
from choose_channel.money.order import FeeSchedule, Order

ZERO, HUNDRED = Decimal(0), Decimal(100)
ORDER_KINDS = [name for name, kind in LINE_KINDS.items() if kind.in_order]
SHIPPED = [line for line in load_rulebook().economy.lines.values() if line.kind in ORDER_KINDS]


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents, half a cent away from zero."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def plain_amounts(
    lines: list[Line], figures: Mapping[str, Decimal], price: Decimal
) -> dict[str, Decimal]:
    """An order that nobody undercuts, line by line, as the rulebook's README describes it."""
    back = sum((figures[line.id] for line in lines if line.kind == "returns"), ZERO) / HUNDRED
    amounts: dict[str, Decimal] = {}
    for line in lines:
        if line.kind == "price":
            amounts[line.id] = price
        elif line.kind == "tax":
            rate = figures[line.id]
            amounts[line.id] = -cents(price * rate / (HUNDRED + rate))
    bases = {"price": price, "net": sum(amounts.values(), ZERO)}
    for line in lines:
        if line.kind not in ("percent", "amount"):
            continue
        figure = figures[line.id]
        if line.kind == "percent":
            figure *= bases.get(line.base, -amounts.get(line.base, ZERO)) / HUNDRED
        if line.at_most is not None:
            figure = min(figure, line.at_most)
        if line.returned != "only":
            amounts[line.id] = -cents(figure)
        elif back:
            amounts[line.id] = -cents(figure * back)
    refunded = [line.id for line in lines if line.returned == "refunded"]
    undone = sum((amounts.get(name, ZERO) for name in refunded), ZERO)
    for line in lines:
        if line.kind == "returns":
            amounts[line.id] = -cents(max(ZERO, undone) * figures[line.id] / HUNDRED)
    return amounts


def plain_order(lines: list[Line], figures: Mapping[str, Decimal], price: Decimal) -> Order:
    """An order, with what is lost where others undercut it."""
    lines = [line for line in lines if line.id in figures]
    amounts = plain_amounts(lines, figures, price)
    for line in lines:
        if line.kind == "pressure":
            cut = cents(price * (HUNDRED - figures[line.id]) / HUNDRED)
            less = sum(plain_amounts(lines, figures, cut).values(), ZERO)
            amounts[line.id] = -max(ZERO, sum(amounts.values(), ZERO) - less)
    return Order(amounts, sum(amounts.values(), ZERO))


@st.composite
def invented_lines(draw: st.DrawFn) -> list[Line]:
    """Lines of all kinds in any order, each taken of the price, of what is left of it after tax, or
    of a line above."""
    lines: list[Line] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(ORDER_KINDS), max_size=8))):
        above = [line.id for line in lines if LINE_KINDS[line.kind].every_order]
        lines.append(
            SHIPPED[0]._replace(
                id=f"line-{number}",
                kind=kind,
                base=draw(st.sampled_from(["price", "net", *above])),
                when=ALWAYS,
                returned=draw(st.sampled_from(["lost", "refunded", "only"])),
                at_most=draw(st.none() | st.decimals("0", "9", places=2)),
            )
        )
    return [line for line in lines if line.kind != "price" or line.returned != "only"]


rates = st.decimals("0", "99", places=2) | st.decimals("0", "30", places=4)
low_rates = st.decimals("0", "12", places=2)


@settings(deadline=None)
@given(st.just(SHIPPED) | invented_lines(), st.data(), st.integers(1, 50_000))
def test_an_order_in_cents_is_the_order_in_decimals(
    lines: list[Line], data: st.DataObject, price: int
) -> None:
    """Line by line and to the cent, at any figures and with any of them left out."""
    figures = {
        line.id: data.draw(rates)
        for line in lines
        if line.kind == "price" or data.draw(st.integers(0, 4))
    }
    schedule = FeeSchedule(lines, figures)
    expected = plain_order(lines, figures, Decimal(price).scaleb(-2))
    assert schedule.order(price) == expected
    assert Decimal(schedule.profit(price)).scaleb(-2) == expected.profit


@settings(deadline=None)
@given(invented_lines(), st.data(), st.integers(1, 5_000), st.integers(1, 50))
def test_rounding_puts_orders_off_by_no_more_than_the_schedule_says(
    lines: list[Line], data: st.DataObject, first: int, step: int
) -> None:
    """Beside orders of a hundred thousand times the size, in which a cent is next to nothing."""
    lines = [line._replace(at_most=None) for line in lines]
    figures = {line.id: data.draw(low_rates) for line in lines}
    times = 100_000
    large = {line.id: figures[line.id] * (times if line.kind == "amount" else 1) for line in lines}
    schedule, exact = FeeSchedule(lines, figures), FeeSchedule(lines, large)
    prices = range(first, first + 60 * step, step)
    off = [schedule.profit(price) - exact.profit(price * times) / times for price in prices]
    assert max(off) - min(off) <= schedule.waver + 0.01


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    """6 % of 1.25 is 0.075: 0.08."""
    (price,) = (line for line in SHIPPED if line.kind == "price")
    fee = next(line for line in SHIPPED if line.kind == "percent")
    order = FeeSchedule([price, fee], {price.id: Decimal(1), fee.id: Decimal(6)}).order(125)
    assert order.lines == {price.id: Decimal("1.25"), fee.id: Decimal("-0.08")}


@pytest.mark.parametrize("kind", ORDER_KINDS)
def test_every_kind_of_an_order_has_its_arithmetic(kind: str) -> None:
    """A kind that the table calls part of an order, and that nothing works out, would be left out
    in silence."""
    line = SHIPPED[0]._replace(id="new", kind=kind)
    assert FeeSchedule([line], {"new": Decimal(1)}).lines == ["new"]
