"""An order: which figures count for a seller, and what each line adds to an order or takes from it.

Pure decimal arithmetic. Amounts are US dollars in whole cents, rates percent, times days. A figure
is the seller's own input, else the dated fact for the market (rules/facts.yaml); a range is kept as
its worst, middle and best for the seller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from choose_channel.answers.situation import Situation
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Space
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ORDER_KINDS, Charge, Fact, Rulebook, Stream

CENT = Decimal("0.01")
_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_ANY = "any"
"""The market of a fact that holds everywhere."""

_WORKING_DAYS = "working_days"
"""The unit of a fact that leaves weekends out."""

Case = Mapping[str, Decimal]
"""By line, the figure it takes."""


class Figure(NamedTuple):
    """A line's figure from worst to best for the seller, and where it comes from."""

    worst: Decimal
    middle: Decimal
    best: Decimal
    fact: str | None = None
    input: str | None = None


class Order(NamedTuple):
    """What each line adds to an order or takes from it, and what is left."""

    lines: Mapping[str, Decimal]
    profit: Decimal


class Orders:
    """The figures of one seller, and orders worked out of them. Raises nothing: what is not known
    is left out of the sums."""

    def __init__(
        self, rulebook: Rulebook, space: Space, situation: Situation, given: Given
    ) -> None:
        self.space, self.given = space, given
        self.book, self.economy = rulebook, rulebook.economy
        assert self.economy.roles, "without roles there is no money to work out"
        self.roles = roles = self.economy.roles
        self._terms = situation.terms
        self.inputs: dict[str, Decimal] = {
            name: value
            for name, value in given.items()
            if name in self.economy.inputs
            and isinstance(value, Decimal)
            and self.holds(self.economy.inputs[name].applies)
        }
        self.market = str(situation.values.get(roles.market, _ANY))
        price = situation.values.get(roles.price)
        known = roles.price not in situation.assumed
        self.price = price if known and isinstance(price, Decimal) else None
        self.unit_cost = self.inputs.get(roles.unit_cost)
        main = {self.economy.streams[name].channel for name in (roles.reference, roles.compared)}
        present = [one for one in self.economy.streams.values() if self.holds(one.when)]
        self.streams = [stream for stream in present if stream.channel in main]
        self.lead = next((stream for stream in present if stream.channel not in main), None)
        """The way of selling the lead product: the one of a third channel."""
        due = list(self._due())
        self._paid = {one.id: [c for c in due if one.id in c.streams] for one in present}
        shown = {stream.id for stream in self.streams}
        self.charges = [charge for charge in due if shown & {*charge.streams}]
        """The lines of the seller's item, with a figure or without."""
        self.figures: dict[str, Figure] = {}
        for charge in due:
            figure = self._figure(charge)
            if figure:
                self.figures[charge.id] = figure

    def holds(self, condition: Condition) -> bool:
        """Whether a condition of the rulebook holds for this seller."""
        return bool(self._terms & self.space.bits(condition))

    @property
    def ready(self) -> bool:
        """Whether price and unit cost are known, and some way of selling can be worked out."""
        return self.price is not None and self.unit_cost is not None and bool(self.streams)

    def charges_of(self, stream: Stream) -> list[Charge]:
        """The lines that a way of selling pays, with a figure or without."""
        return self._paid[stream.id]

    # ---- figures

    def _due(self) -> Iterator[Charge]:
        """The lines that hold. Who gives a figure knows that it is due, though by the rulebook it
        is not; where it stands in several lines, it counts in the one that holds."""
        lines = self.economy.charges.values()
        met = {charge.input for charge in lines if self.holds(charge.when)}
        for charge in lines:
            told = charge.input in self.inputs and charge.input not in met
            if told or self.holds(charge.when):
                met.add(charge.input)
                yield charge

    def _figure(self, charge: Charge) -> Figure | None:
        if charge.kind == "price":
            return Figure(_ONE, _ONE, _ONE)
        if charge.input in self.inputs:
            own = self.inputs[charge.input]
            figure = Figure(own, own, own, None, charge.input)
        elif fact := self._fact(charge):
            low, high = ends(fact.value, charge.part)
            if fact.unit == _WORKING_DAYS:
                low, high = _with_weekends(low), _with_weekends(high)
            figure = Figure(high, (low + high) / 2, low, fact.id)
        elif charge.kind == "amount":
            return self.figures.get(charge.base)  # the line that stands in for it, if there is one
        else:
            return None
        if charge.kind == "pressure":
            figure = figure._replace(middle=_ZERO, best=_ZERO)
        return figure

    def _fact(self, charge: Charge) -> Fact | None:
        facts = [self.book.facts[name] for name in charge.facts]
        for market in (self.market, _ANY):
            for fact in facts:
                if fact.market == market:
                    return fact
        return None

    def cases(self) -> tuple[Case, Case, Case]:
        """Every figure at its worst, in the middle, at its best."""
        return (
            {name: figure.worst for name, figure in self.figures.items()},
            {name: figure.middle for name, figure in self.figures.items()},
            {name: figure.best for name, figure in self.figures.items()},
        )

    # ---- an order

    def order(self, stream: Stream, case: Case, price: Decimal | None = None) -> Order:
        """An order of a way of selling, at the seller's price or another."""
        price = cents(price if price is not None else self.price or _ZERO)
        paid = self.charges_of(stream)
        charges = [charge for charge in paid if charge.kind in ORDER_KINDS and charge.id in case]
        amounts = _amounts(charges, case, price)
        for charge in charges:
            if charge.kind == "pressure":
                cut = cents(price * (_HUNDRED - case[charge.id]) / _HUNDRED)
                lost = total(amounts) - total(_amounts(charges, case, cut))
                amounts[charge.id] = -max(_ZERO, lost)
        lines = {one.id: amounts[one.id] for one in charges if one.id in amounts}
        return Order(lines, total(lines))


def _amounts(charges: Iterable[Charge], case: Case, price: Decimal) -> dict[str, Decimal]:
    """The lines of an order at this price, before anybody undercuts it.

    Each line is in whole cents, as it is booked, and what hangs on other lines is worked out of
    those cents. So a higher cost never leaves more, and the lines add up to the cent.
    """
    back = sum((case[one.id] for one in charges if one.kind == "returns"), _ZERO) / _HUNDRED
    amounts: dict[str, Decimal] = {}
    for charge in charges:
        if charge.kind == "price":
            amounts[charge.id] = price
        elif charge.kind == "tax":
            rate = case[charge.id]
            amounts[charge.id] = -cents(price * rate / (_HUNDRED + rate))
    bases = {"price": price, "net": total(amounts)}
    for charge in charges:
        figure = case[charge.id]
        if charge.kind == "percent":
            base = bases.get(charge.base, -amounts.get(charge.base, _ZERO))
            figure = base * figure / _HUNDRED
        elif charge.kind != "amount":
            continue
        if charge.at_most is not None:
            figure = min(figure, charge.at_most)
        if charge.returned != "only":
            amounts[charge.id] = -cents(figure)
        elif back:
            amounts[charge.id] = -cents(figure * back)
    refunded = {one.id for one in charges if one.returned == "refunded"} & amounts.keys()
    given_up = max(_ZERO, sum((amounts[name] for name in refunded), _ZERO))
    for charge in charges:
        if charge.kind == "returns":
            # What the order would have left is gone; a loss is not saved by a return.
            amounts[charge.id] = -cents(given_up * case[charge.id] / _HUNDRED)
    return amounts


def _with_weekends(working: Decimal) -> Decimal:
    """Working days in days of the calendar, five in seven, rounded up."""
    return (working * 7 / 5).to_integral_value(ROUND_CEILING)


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents, half a cent away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP) + 0  # a minus before nothing goes


def total(lines: Mapping[str, Decimal]) -> Decimal:
    """What some lines come to."""
    return sum(lines.values(), _ZERO)


def ends(value: Any, part: str = "") -> tuple[Decimal, Decimal]:
    """The ends of a fact's value: a number, a range, or the named part of it."""
    if isinstance(value, Mapping):
        value = value[part]
    low, high = value if isinstance(value, list) else (value, value)
    return Decimal(str(low)), Decimal(str(high))
