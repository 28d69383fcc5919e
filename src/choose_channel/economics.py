"""The money model: what is left of an order, and what follows from that. Pure decimal arithmetic.

Amounts are US dollars, rates percent, times days. A figure is the seller's own input, else the
dated fact for the market (rules/facts.yaml); a range is kept as its worst, middle and best for the
seller. Nothing here is a forecast: orders are never guessed.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from choose_channel.accounts import Span
from choose_channel.answers import Given, settle
from choose_channel.conditions import Condition
from choose_channel.economy import Charge, Stream
from choose_channel.model import Fact, Rulebook, Value
from choose_channel.space import space_of

CENT = Decimal("0.01")
_PER_MILLE = Decimal("0.1")
_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_ORDER = ("price", "tax", "percent", "amount", "returns", "pressure")
"""The kinds of lines that make up an order."""
_MOST_CORNERS = 8
_ANY = "any"
"""The market of a fact that holds everywhere."""

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
    """What each line adds to an order or takes from it, in whole cents, and what is left."""

    lines: Mapping[str, Decimal]
    profit: Decimal


class Sums:
    """The money of one seller. Raises nothing: what is not known is left out, see `missing`."""

    def __init__(self, rulebook: Rulebook, given: Given) -> None:
        self.book, self.economy = rulebook, rulebook.economy
        assert self.economy.roles, "without roles there is no money to work out"
        self.roles = roles = self.economy.roles
        self.situation = settle(rulebook, given)
        self.terms, values = self.situation.terms, self.situation.values
        self.inputs: dict[str, Decimal] = {
            name: value
            for name, value in given.items()
            if name in self.economy.inputs
            and isinstance(value, Decimal)
            and self.holds(self.economy.inputs[name].applies)
        }
        self.market = str(values.get(roles.market, _ANY))
        price = values.get(roles.price)
        open_price = roles.price in self.situation.assumed
        self.price = price if isinstance(price, Decimal) and not open_price else None
        self.unit_cost = self.inputs.get(roles.unit_cost)
        self.streams = [s for s in self.economy.streams.values() if self.holds(s.when)]
        self.charges = list(self._holding())
        self.figures = {
            charge.id: figure for charge in self.charges if (figure := self._figure(charge))
        }

    def holds(self, condition: Condition) -> bool:
        """Whether a condition of the rulebook holds for this seller."""
        return bool(self.terms & space_of(self.book).bits(condition))

    @property
    def ready(self) -> bool:
        """Whether price and unit cost are known, and some way of selling can be worked out."""
        return self.price is not None and self.unit_cost is not None and bool(self.streams)

    def _holding(self) -> Iterator[Charge]:
        streams = {stream.id for stream in self.streams}
        for charge in self.economy.charges.values():
            told = charge.input in self.inputs  # who names a figure knows that it is due
            if streams & {*charge.streams} and (told or self.holds(charge.when)):
                yield charge

    def charges_of(self, stream: Stream) -> list[Charge]:
        """The lines that a way of selling pays."""
        return [charge for charge in self.charges if stream.id in charge.streams]

    # ---- figures

    def _figure(self, charge: Charge) -> Figure | None:
        if charge.kind == "price":
            return Figure(_ONE, _ONE, _ONE)
        if charge.input in self.inputs:
            own = self.inputs[charge.input]
            figure = Figure(own, own, own, None, charge.input)
        else:
            fact = self._fact(charge)
            if fact is None:
                return None
            low, high = _ends(fact.value, charge.part)
            figure = Figure(high, (low + high) / 2, low, fact.id)
        if charge.kind == "pressure":
            figure = figure._replace(middle=_ZERO, best=_ZERO)
        return figure

    def _fact(self, charge: Charge) -> Fact | None:
        facts = [self.book.facts[name] for name in charge.facts]
        for market in (self.market, _ANY):
            for fact in facts:
                if fact.market == market and fact.value is not None:
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

    def order(
        self, stream: Stream, case: Case, price: Decimal | None = None, cost: Decimal | None = None
    ) -> Order:
        """An order of a way of selling; `price` and `cost` may be those of another item."""
        price = price or self.price or _ZERO
        if cost is not None:
            case = {**case, **dict.fromkeys(self._costs, cost)}
        charges = [c for c in self.charges_of(stream) if c.kind in _ORDER and c.id in case]
        exact = self._exact(charges, case, price)
        for charge in charges:
            if charge.kind == "pressure":
                cut = price * (_HUNDRED - case[charge.id]) / _HUNDRED
                lost = _sum(exact) - _sum(self._exact(charges, case, cut))
                exact[charge.id] = -max(_ZERO, lost)
        lines = {name: amount.quantize(CENT, ROUND_HALF_UP) for name, amount in exact.items()}
        return Order(lines, _sum(lines))

    @functools.cached_property
    def _costs(self) -> list[str]:
        return [c.id for c in self.charges if c.input == self.roles.unit_cost]

    def _exact(self, charges: Iterable[Charge], case: Case, price: Decimal) -> dict[str, Decimal]:
        """The lines of an order at this price, before anybody undercuts it."""
        back = sum((case[c.id] for c in charges if c.kind == "returns"), _ZERO) / _HUNDRED
        lines: dict[str, Decimal] = {}
        tax = refunded = _ZERO
        for charge in charges:
            figure = case[charge.id]
            if charge.kind == "price":
                amount = price
            elif charge.kind == "tax":
                amount = tax = -price * figure / (_HUNDRED + figure)
            elif charge.kind == "percent":
                bases = {"price": price, "net": price + tax}
                base = bases.get(charge.base, abs(lines.get(charge.base, _ZERO)))
                amount = -_capped(base * figure / _HUNDRED, charge.at_most)
            elif charge.kind == "amount":
                amount = -figure
            elif charge.kind == "returns":
                # What a returned order would have earned is gone; a loss is not thereby saved.
                amount = -back * max(_ZERO, refunded)
            else:
                continue
            if charge.returned == "only":
                if not back:
                    continue
                amount *= back
            lines[charge.id] = amount
            refunded += amount if charge.returned == "refunded" else _ZERO
        return lines

    def orders(self, stream: Stream) -> tuple[Order, Order, Order]:
        """The order at its worst, in the middle and at its best, by what is left."""
        worst, middle, best = sorted(
            (self.order(stream, case) for case in self.cases()), key=lambda order: order.profit
        )
        return worst, middle, best

    def profit(self, stream: Stream) -> Span:
        """What is left of an order."""
        return Span(*(order.profit for order in self.orders(stream)))

    def shipping(self, stream: Stream) -> list[str]:
        """The lines that are paid on the day an order ships, whatever becomes of it."""
        own = {*self.economy.inputs}
        return [
            charge.id
            for charge in self.charges_of(stream)
            if charge.kind == "amount" and charge.input in own and not charge.facts
            if charge.id not in self._costs
        ]

    # ---- what follows

    def margin(self) -> str | None:
        """The state of the margin; None where it cannot be worked out."""
        if not self.ready:
            return None
        for state in self.economy.margins:
            streams = [stream for stream in self.streams if stream.id in state.streams]
            profits = [getattr(self.profit(stream), state.case) for stream in streams]
            limit = (self.price or _ZERO) * state.at_most / _HUNDRED
            if profits and max(profits) <= limit:
                return state.id
        return self.roles.healthy

    def multiple(self, stream: Stream) -> Span | None:
        """How many times the orders of the reference it must bring to earn the same; None where
        there is nothing to compare. An end is None where no number of orders is enough."""
        reference = self._stream(self.roles.reference)
        if reference is None or stream == reference:
            return None
        names = {c.id for one in (stream, reference) for c in self.charges_of(one)}
        ranged = sorted(n for n in names & {*self.figures} if self._is_range(n))[:_MOST_CORNERS]
        ends = [(self.figures[name].worst, self.figures[name].best) for name in ranged]
        middle = self.cases()[1]
        found = []
        # A ratio of sums is at its ends where every range is at one of its own.
        for corner in itertools.product(*ends):
            case = {**middle, **dict(zip(ranged, corner, strict=True))}
            found.append(self._ratio(stream, reference, case))
        known = [one for one in found if one is not None]
        if not known:
            return Span(None, None, None)
        high = max(known) if len(known) == len(found) else None
        return Span(min(known), self._ratio(stream, reference, middle), high)

    def _is_range(self, name: str) -> bool:
        figure = self.figures[name]
        return figure.worst != figure.best and self.economy.charges[name].kind in _ORDER

    def _ratio(self, stream: Stream, reference: Stream, case: Case) -> Decimal | None:
        own, other = self.order(stream, case).profit, self.order(reference, case).profit
        if own <= 0:
            return None
        return (max(_ZERO, other) / own).quantize(CENT, ROUND_HALF_UP)

    def _stream(self, name: str) -> Stream | None:
        return next((stream for stream in self.streams if stream.id == name), None)

    def compared(self) -> Stream | None:
        """The way of selling that the reference is compared with."""
        return self._stream(self.roles.compared)

    def reference(self) -> Stream | None:
        """The way of selling that the others are compared with."""
        return self._stream(self.roles.reference)

    def break_even_price(self, stream: Stream) -> Decimal | None:
        """The lowest price, in whole cents, that leaves no loss at the middle figures; None where
        no price does."""
        case = self.cases()[1]
        highest = self.book.questions[self.roles.price].maximum
        return _lowest(
            lambda price: self.order(stream, case, price).profit >= 0, CENT, highest, ROUND_CEILING
        )

    def most_commission(self) -> Decimal | None:
        """The highest commission, in tenths of a percent, that leaves no loss at the middle
        figures; None where even none at all loses, or where there is no such line."""
        name, middle = self.roles.commission, self.cases()[1]
        charge = next((c for c in self.charges if c.id == name and name in middle), None)
        if charge is None:
            return None
        stream = next(stream for stream in self.streams if stream.id in charge.streams)

        def loses(rate: Decimal) -> bool:
            return self.order(stream, {**middle, name: rate}).profit < 0

        if loses(_ZERO):
            return None
        first = _lowest(loses, _PER_MILLE, _HUNDRED, ROUND_FLOOR)
        return _HUNDRED if first is None else first - _PER_MILLE

    def times(self) -> Span:
        """How many times the orders of the reference are said to come: the seller's own figure,
        else the fact that nobody has audited."""
        own = self.inputs.get(self.roles.own_multiple)
        if own is not None:
            return Span(own, own, own)
        return Span(*_spread(self.book.facts[self.roles.multiple]))


def _sum(lines: Mapping[str, Decimal]) -> Decimal:
    return sum(lines.values(), _ZERO)


def _capped(amount: Decimal, at_most: Decimal | None) -> Decimal:
    return amount if at_most is None else min(amount, at_most)


def _spread(fact: Fact) -> tuple[Decimal, Decimal, Decimal]:
    low, high = _ends(fact.value, "")
    return low, (low + high) / 2, high


def _ends(value: Any, part: str) -> tuple[Decimal, Decimal]:
    """The ends of a fact's value: a number, a range, or the named part of it."""
    if isinstance(value, Mapping):
        value = value[part]
    low, high = value if isinstance(value, list) else (value, value)
    return Decimal(str(low)), Decimal(str(high))


def _lowest(
    test: Callable[[Decimal], bool], step: Decimal, highest: Decimal, rounding: str
) -> Decimal | None:
    """The lowest multiple of `step`, above 0 and at most `highest`, at which the test holds; it
    holds at all higher ones too."""
    low, high = 0, int((highest / step).to_integral_value(rounding))
    if not test(high * step):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if test(middle * step):
            high = middle
        else:
            low = middle
    return high * step


def price_for(rulebook: Rulebook, given: Given, margin: str) -> Value | None:
    """The lowest price, in whole cents, at which the margin is this good or better; None where no
    price does it."""
    roles = Sums(rulebook, given).roles
    order = rulebook.questions[roles.margin].better

    def good_enough(price: Decimal) -> bool:
        found = Sums(rulebook, {**given, roles.price: price}).margin()
        return found in order and order.index(found) >= order.index(margin)

    highest = rulebook.questions[roles.price].maximum
    return _lowest(good_enough, CENT, highest, ROUND_FLOOR)
