"""An order: what each line adds to its profit or takes from it, to the cent.

Each line is booked in whole cents, half a cent rounded away from zero, and what is taken of other
lines is taken of those cents. So a higher cost never leaves more, and the lines add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from choose_channel.model.rulebook import LINE_KINDS, Fact, Line

_CENT = Decimal("0.01")
_ZERO = Decimal(0)
_REFUNDABLE = [name for name, kind in LINE_KINDS.items() if kind.every_order]
"""The kinds of lines that are undone when an order comes back; returns and pressure follow from
these."""
_BUSINESS_DAYS = "business_days"
"""The unit of a fact that leaves weekends out."""

FigureSet = Mapping[str, Decimal]
"""By line, one figure: US dollars, percent or days."""


class Figure(NamedTuple):
    """A line's figure from worst to best for the seller, and the fact or input it comes from."""

    worst: Decimal
    middle: Decimal
    best: Decimal
    fact: str | None = None
    input: str | None = None

    @property
    def is_range(self) -> bool:
        """Whether worst and best differ."""
        return self.worst != self.best


class Order(NamedTuple):
    """What each line adds to an order or takes from it, in US dollars, and what is left."""

    lines: Mapping[str, Decimal]
    profit: Decimal


_Rate = tuple[int, int, int]
"""A line that is a ratio of something: its place, numerator and denominator."""
_Fee = tuple[int, int, int, int, int | None]
"""A percent or amount line: its place and that of what it is taken of; numerator and denominator;
at most so many cents."""
_NET, _PRICE, _CENTS, _NOTHING = -4, -3, -2, -1
"""Places after the lines, for what fees are taken of besides other lines; an amount is taken of a
cent."""


class FeeSchedule:
    """The lines of an order with one figure each, made ready to work out orders at many prices.

    Amounts are integers of cents and rates are ratios of integers, so every step is exact. 6 % of
    15.99 dollars is the ratio 6 / 100 of 1599 cents: 95.94, booked as -96.
    """

    def __init__(self, lines: Iterable[Line], figures: FigureSet) -> None:
        """`lines` stand in the rulebook's order; those that are no part of an order, or have no
        figure, are left out."""
        self._prices: list[int] = []
        self._taxes: list[_Rate] = []
        self._fees: list[_Fee] = []
        self._refunded: list[int] = []
        self._returns: list[_Rate] = []
        self._pressures: list[_Rate] = []
        self._profits: dict[int, int] = {}
        self.lines: list[str] = []
        """The lines that an order has, in the rulebook's order."""
        lines = [line for line in lines if line.id in figures]
        returned = sum([figures[line.id] for line in lines if line.kind == "returns"], _ZERO)
        places = {"price": _PRICE, "net": _NET}
        rounded: dict[int, int] = {}  # by place, how many lines are rounded, one of another
        for line in lines:
            kind, place = line.kind, len(self.lines)
            numerator, denominator = figures[line.id].as_integer_ratio()
            if kind in {"amount", "percent"}:
                fee = _fee(line, numerator, denominator, returned)
                if fee is None:
                    continue
                of = _CENTS
                if kind == "percent":
                    of = places.get(line.base, _NOTHING)
                    rounded[place] = 1 + rounded.get(of, 0)
                self._fees.append((place, of, *fee))
            elif kind == "price":
                self._prices.append(place)
            elif kind == "tax":  # contained in the price: 20 % are 20 / 120 of it
                self._taxes.append((place, numerator, 100 * denominator + numerator))
                rounded[place] = 1
            elif kind == "returns":
                self._returns.append((place, numerator, 100 * denominator))
                rounded[place] = 1
            elif kind == "pressure":  # the part of the price that is left
                whole = 100 * denominator
                self._pressures.append((place, whole - numerator, whole))
            else:
                continue
            places.setdefault(line.id, place)
            self.lines.append(line.id)
            if line.returned == "refunded" and kind in _REFUNDABLE:
                self._refunded.append(place)
        self.waver = sum(rounded.values()) + len(self._pressures) * len(self._prices)
        """The most cents that rounding adds to the difference between the profits at two prices:
        half a cent a line at each, and again in what is taken of that line."""

    def order(self, price: int) -> Order:
        """An order at a price in cents."""
        amounts = self._under_pressure(price)
        lines = {name: dollars(amount) for name, amount in zip(self.lines, amounts, strict=True)}
        return Order(lines, dollars(sum(amounts)))

    def profit(self, price: int) -> int:
        """What an order at a price leaves; both in cents. Remembered, since several margins and
        the search for a price ask the same."""
        profit = self._profits.get(price)
        if profit is None:
            profit = self._profits[price] = sum(self._under_pressure(price))
        return profit

    def _under_pressure(self, price: int) -> list[int]:
        """By place, the cents of a line; what is lost by following others down in price is a line
        too."""
        amounts = self._amounts(price)
        for place, left, whole in self._pressures:
            lost = 0
            if left != whole:
                cut = _rounded(price * left, whole)
                lost = sum(amounts) - sum(self._amounts(cut))
            amounts[place] = -max(0, lost)
        return amounts

    def _amounts(self, price: int) -> list[int]:
        """By place, the cents of a line in an order at this price, before anybody undercuts it."""
        amounts = [0] * (len(self.lines) + 4)
        for place in self._prices:
            amounts[place] = price
        for place, numerator, denominator in self._taxes:
            amounts[place] = -_rounded(price * numerator, denominator)
        amounts[_NET], amounts[_PRICE], amounts[_CENTS] = -sum(amounts), -price, -1
        for place, of, numerator, denominator, at_most in self._fees:
            fee = _rounded(-amounts[of] * numerator, denominator)
            amounts[place] = -fee if at_most is None or fee < at_most else -at_most
        if self._returns:
            # What the order would have left is gone; a loss is not saved by a return.
            given_up = max(0, sum([amounts[place] for place in self._refunded]))
            for place, numerator, denominator in self._returns:
                amounts[place] = -_rounded(given_up * numerator, denominator)
        return amounts[:_NET]


def _fee(
    line: Line, numerator: int, denominator: int, returned: Decimal
) -> tuple[int, int, int | None] | None:
    """The ratio of a percent or amount line and its most; `returned` is the percent of orders that
    come back. None for a line that arises only then, where nothing comes back."""
    times, out_of = 1, 1
    if line.returned == "only":
        times, out_of = returned.as_integer_ratio()
        if not times:
            return None
        numerator, denominator, out_of = numerator * times, denominator * out_of * 100, out_of * 100
    at_most = None
    if line.at_most is not None:
        most, whole = line.at_most.as_integer_ratio()
        at_most = _rounded(100 * most * times, whole * out_of)
    if line.kind == "percent":
        return numerator, 100 * denominator, at_most
    return 100 * numerator, denominator, at_most


def _rounded(numerator: int, denominator: int) -> int:
    """A ratio as a whole number, half away from zero; the denominator is above zero."""
    if numerator < 0:
        return -((denominator - 2 * numerator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def cents(amount: Decimal) -> int:
    """US dollars in whole cents, half a cent away from zero."""
    return int(amount.quantize(_CENT, ROUND_HALF_UP).scaleb(2))


def dollars(amount: int) -> Decimal:
    """Cents in US dollars."""
    return Decimal(amount).scaleb(-2)


def fact_figure(fact: Fact, part: str) -> Figure:
    """The figure of a fact, its high end the worst; business days in days of the calendar."""
    low, high = ends(fact.value, part)
    if fact.unit == _BUSINESS_DAYS:
        low, high = _with_weekends(low), _with_weekends(high)
    return Figure(high, (low + high) / 2, low, fact.id)


def ends(value: Any, part: str = "") -> tuple[Decimal, Decimal]:
    """The ends of a fact's value: a number, a range, or the named part of it."""
    if isinstance(value, Mapping):
        value = value[part]
    low, high = value if isinstance(value, list) else (value, value)
    return Decimal(str(low)), Decimal(str(high))


def _with_weekends(business: Decimal) -> Decimal:
    """Business days in days of the calendar, five in seven, rounded up."""
    return (business * 7 / 5).to_integral_value(ROUND_CEILING)
