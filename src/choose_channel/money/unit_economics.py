"""The unit economics of one seller: which figures count, what an order leaves, where that turns.

Amounts are US dollars, rates percent, times days. A figure is the seller's own input, else the
dated fact for the market (rules/facts.yaml); a range is kept as its worst, middle and best for the
seller. Orders are never guessed, so nothing here is a forecast.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from choose_channel.answers.situation import Situation, complete_with_defaults
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Axis
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import (
    ANY_MARKET,
    LINE_KINDS,
    Line,
    Margin,
    Stream,
)
from choose_channel.money.format import Span
from choose_channel.money.money_rules import MoneyRules
from choose_channel.money.order import (
    FeeSchedule,
    Figure,
    FigureSet,
    Order,
    cents,
    dollars,
    ends,
)

_CENT, _TENTH = Decimal("0.01"), Decimal("0.1")
_ZERO, _ONE = Decimal(0), Decimal(1)
_ENDLESS = 10**15
"""More cents than any order leaves."""
_ALL = 1000
"""The whole, in tenths of a percent."""
_MOST_CORNERS = 8
_MOST_TRIED = 2_000
"""So many cents above a price are looked at; only fees that leave next to nothing need more."""

_Profit = Callable[[int], int]
"""What is left of an order, by its price, both in cents."""
Schedules = tuple[FeeSchedule, FeeSchedule, FeeSchedule]
"""The lines of a stream with every figure at its worst, in the middle, at its best."""


class Economics:
    """The money of one seller. What is not known is left out of the sums; nothing is raised.

    `given` holds the seller's answers and inputs, and `situation` what they come to with the
    margin question at its assumed answer: the margin is worked out here.
    """

    def __init__(self, rules: MoneyRules, situation: Situation, given: Given) -> None:
        self.rulebook, self.economy, self.roles = rules.rulebook, rules.economy, rules.roles
        self._rules, self._situation, self._given = rules, situation, given
        self.inputs: dict[str, Decimal] = {
            name: value
            for name, value in given.items()
            if name in self.economy.inputs
            and isinstance(value, Decimal)
            and name not in situation.set_aside
        }
        roles = self.roles
        self.market = str(situation.values.get(roles.market, ANY_MARKET))
        self._facts = rules.figures(self.market)
        price = situation.values.get(roles.price)
        known = roles.price not in situation.assumed
        self.price = price if known and isinstance(price, Decimal) else None
        self.unit_cost = self.inputs.get(roles.unit_cost)
        self._due = {line.id: line for line in rules.lines(situation.terms, self.inputs)}
        self._figures: dict[str, Figure | None] = {}
        self._lines: dict[str, list[Line]] = {}
        self._order_figures: dict[str, dict[str, Figure]] = {}
        self._schedules: dict[str, Schedules] = {}
        self._middle_schedules: dict[str, FeeSchedule] = {}
        self._prices_past: dict[tuple[str, ...], Decimal | None] = {}
        self._multiples: dict[str, Span] = {}
        self._by_band: dict[int, Economics] = {}
        present = rules.streams(situation.terms)
        self.not_worked_out = [
            (stream, line) for stream in present if (line := self._lacking(stream))
        ]
        """The ways of selling that lack a figure which is required, and the line it is for."""
        self._unknown = {stream.id for stream, _ in self.not_worked_out}
        self._selling = {stream.id for stream in present if stream.channel in rules.main}
        present = [stream for stream in present if stream.id not in self._unknown]
        self.streams = [stream for stream in present if stream.channel in rules.main]
        """The ways of selling the seller's item."""
        self.lead = next((stream for stream in present if stream.channel not in rules.main), None)
        """The way of selling the starter item: the one of a third channel."""
        self.reference = self.stream(roles.reference)
        """The way of selling that the others are compared with."""
        self.compared = self.stream(roles.compared)
        """The way of selling that is compared with the reference."""

    def holds(self, condition: Condition) -> bool:
        """Whether a condition of the rulebook holds for this seller."""
        return self._rules.holds(condition, self._situation.terms)

    @property
    def ready(self) -> bool:
        """Whether price and unit cost are known, and some way of selling can be worked out."""
        return self.price is not None and self.unit_cost is not None and bool(self.streams)

    def stream(self, name: str) -> Stream | None:
        """A way of selling the seller's item, by its id; None where it does not exist for them."""
        return next((stream for stream in self.streams if stream.id == name), None)

    # ---- lines and figures

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the seller's item, with a figure or without."""
        streams = {stream.id for stream in self.streams}
        return [line for line in self._due.values() if not streams.isdisjoint(line.streams)]

    def lines_of(self, stream: Stream) -> list[Line]:
        """The lines that a way of selling pays, with a figure or without."""
        if stream.id not in self._lines:
            lines = self._due.values()
            self._lines[stream.id] = [line for line in lines if stream.id in line.streams]
        return self._lines[stream.id]

    def _lacking(self, stream: Stream) -> Line | None:
        """The first line of a way of selling that must have a figure and has none."""
        due = (line for line in self._rules.required[stream.id] if line.id in self._due)
        return next((line for line in due if not self.figure(line.id)), None)

    @cached_property
    def without_a_fact(self) -> list[str]:
        """The inputs that a way of selling cannot be worked out without, since no fact gives the
        figure in the seller's market."""
        required = [line for line in self._due.values() if line.required]
        return [
            line.input
            for line in required
            if line.input
            and not self._selling.isdisjoint(line.streams)
            and line.id not in self._facts
        ]

    def figure(self, name: str) -> Figure | None:
        """The figure of a line; None where it is not due or nobody knows it."""
        if name not in self._figures:
            line = self._due.get(name)
            self._figures[name] = self._figure(line) if line else None
        return self._figures[name]

    def _figure(self, line: Line) -> Figure | None:
        if line.kind == "price":
            return Figure(_ONE, _ONE, _ONE)
        if line.input in self.inputs:
            own = self.inputs[line.input]
            figure = Figure(own, own, own, None, line.input)
        elif line.id in self._facts:
            figure = self._facts[line.id]
        else:  # an amount may name a line that stands in for it
            return self.figure(line.base) if line.kind == "amount" else None
        if line.kind == "pressure":
            figure = figure._replace(middle=_ZERO, best=_ZERO)
        return figure

    # ---- orders

    def orders(self, stream: Stream) -> tuple[Order, Order, Order]:
        """The order that leaves least, the one at the middle figures, the one that leaves most.

        Where next to nothing is left of a price, cents or a tax can make the best figures leave
        less than the worst; so the orders are sorted by what they leave.
        """
        price = self._price_in_cents()
        orders = [schedule.order(price) for schedule in self.schedules(stream)]
        by_profit = sorted(orders, key=lambda order: order.profit)
        return by_profit[0], orders[1], by_profit[-1]

    def profit(self, stream: Stream, price: Decimal | None = None) -> Span:
        """What is left of an order, at the seller's price or another."""
        low, middle, high = self._profits(stream, self._price_in_cents(price))
        return Span(dollars(low), dollars(middle), dollars(high))

    def _profits(self, stream: Stream, price: int) -> tuple[int, int, int]:
        """The same in cents."""
        worst, middle, best = self.schedules(stream)
        left = middle.profit(price)
        if worst is best:
            return left, left, left
        every = left, worst.profit(price), best.profit(price)
        return min(every), left, max(every)

    def _price_in_cents(self, price: Decimal | None = None) -> int:
        return cents(price if price is not None else self.price or _ZERO)

    def schedules(self, stream: Stream) -> Schedules:
        """The lines of a way of selling at their worst, middle and best figures."""
        if stream.id not in self._schedules:
            lines, figures = self.lines_of(stream), self.order_figures(stream)
            middle = self._middle_schedule(stream)
            schedules = middle, middle, middle
            if any(figure.is_range for figure in figures.values()):
                worst = FeeSchedule(lines, {name: figure.worst for name, figure in figures.items()})
                best = FeeSchedule(lines, {name: figure.best for name, figure in figures.items()})
                schedules = worst, middle, best
            self._schedules[stream.id] = schedules
        return self._schedules[stream.id]

    def _middle_schedule(self, stream: Stream) -> FeeSchedule:
        """The lines of a way of selling at their middle figures: all that most margins need."""
        if stream.id not in self._middle_schedules:
            figures = self.middle_figures(stream)
            self._middle_schedules[stream.id] = FeeSchedule(self.lines_of(stream), figures)
        return self._middle_schedules[stream.id]

    def order_figures(self, stream: Stream) -> Mapping[str, Figure]:
        """By line of an order, its figure, where there is one."""
        if stream.id not in self._order_figures:
            self._order_figures[stream.id] = {
                line.id: figure
                for line in self.lines_of(stream)
                if LINE_KINDS[line.kind].in_order and (figure := self.figure(line.id))
            }
        return self._order_figures[stream.id]

    def middle_figures(self, stream: Stream) -> FigureSet:
        """By line of an order, its figure in the middle, where there is one."""
        return {name: figure.middle for name, figure in self.order_figures(stream).items()}

    # ---- the margin

    def margin(self) -> str | None:
        """The state of the margin; None where it cannot be worked out."""
        return self._margin_at(self.price) if self.ready and self.price is not None else None

    def _margin_at(self, price: Decimal) -> str:
        whole = cents(price)
        states = (state for state in self.economy.margins if self._left(state)(whole) <= 0)
        return next((state.id for state in states), self.roles.healthy)

    def _left(self, state: Margin) -> _Profit:
        """What the best of its ways of selling leaves above the limit of a state, by the price:
        above 0 where the margin is better than that; endless where a way has not been worked
        out."""
        streams = [stream for stream in self.streams if stream.id in state.streams]
        if not streams or not self._unknown.isdisjoint(state.streams):
            return lambda _price: _ENDLESS
        profits = [self._profit_in(state.case, stream) for stream in streams]
        limit, whole = self._rules.limits[state.id]
        # Whole cents are above a limit where they are above its whole cents.
        return lambda price: max([profit(price) for profit in profits]) - price * limit // whole

    def _profit_in(self, case: str, stream: Stream) -> _Profit:
        """What an order leaves in one case."""
        if case == "middle":
            return self._middle_schedule(stream).profit
        place = Span._fields.index(case)
        return lambda price: self._profits(stream, price)[place]

    def price_for(self, margin: str) -> Decimal | None:
        """The lowest price above the seller's, in whole cents, from which on the margin is this;
        None where no price does it."""
        worse = itertools.takewhile(lambda state: state.id != margin, self.economy.margins)
        price = self._price_past([*worse])
        if price is None or self.price is None or price <= self.price:
            return None
        return price if self._at(price)._margin_at(price) == margin else None

    def price_ending(self) -> Decimal | None:
        """The lowest price, in whole cents, from which on the margin is better than now; None where
        no price does it."""
        now = self.margin()
        return self._price_past([state for state in self.economy.margins if state.id == now])

    def _price_past(self, states: list[Margin]) -> Decimal | None:
        """The lowest price, in whole cents, from which on these states of the margin are over; None
        where there are none, or where no price does it."""
        key = tuple(state.id for state in states)
        if key not in self._prices_past:
            price = self._paying_from(self._left_above(states)) if states else None
            self._prices_past[key] = price
        return self._prices_past[key]

    def _left_above(self, states: list[Margin]) -> _Profit:
        """What is left above the limits of all of these states, by the price."""
        if self._price_axis:
            return lambda price: min(
                [self._at(dollars(price))._left(state)(price) for state in states]
            )
        lefts = [self._left(state) for state in states]
        return lambda price: min([left(price) for left in lefts])

    def _paying_from(self, left: _Profit) -> Decimal | None:
        """The lowest price, in whole cents, from which on something is left; None where even the
        highest leaves nothing.

        Where lines hang on the price, what is left jumps from one band of prices to the next: so
        the bands are looked at from the highest down to the first in which something is not paid.
        """
        highest = cents(self.rulebook.questions[self.roles.price].maximum)
        cuts = self._price_axis.cuts if self._price_axis else ()
        starts = [1, *(int((100 * cut).to_integral_value(ROUND_CEILING)) for cut in cuts)]
        lowest = None
        for start in reversed(starts):
            price = self._paying_within(left, start, highest)
            if price is None:
                break
            lowest = price
            if price > start:
                break
            highest = start - 1
        return None if lowest is None else dollars(lowest)

    def _paying_within(self, left: _Profit, start: int, highest: int) -> int | None:
        """The same among some prices, for which the same lines hold; all in cents.

        Each line is rounded, so what is left wavers by some cents from price to price: a little
        above a price that leaves a cent there may be one that leaves nothing.
        """
        given = self._given.get(self.roles.price)
        near = min(highest, max(start, cents(given) if isinstance(given, Decimal) else 1))
        near = max(start, _straight_to_zero(left, highest, near))
        lowest = _lowest(left, start, highest, near)
        if lowest is None:
            return None
        here = self._at(dollars(start))
        waver = max((here._middle_schedule(stream).waver for stream in here.streams), default=0)
        for price in range(lowest + 1, min(lowest + _MOST_TRIED, highest)):
            more = left(price)
            if more > waver:
                break
            if more <= 0:
                lowest = price + 1
        return lowest

    def _at(self, price: Decimal) -> Economics:
        """The same seller at another price.

        A price changes which conditions hold only when it moves into another band. In most
        rulebooks no condition that the margin depends on reads the price at all; then this object
        is right for every price and is returned as it is.
        """
        axis = self._price_axis
        if axis is None:
            return self
        band = axis.band(price)
        if self.price is not None and band == axis.band(self.price):
            return self
        if band not in self._by_band:
            given = {**self._given, self.roles.price: price}
            situation = complete_with_defaults(self.rulebook, self._rules.space, given)
            self._by_band[band] = Economics(self._rules, situation, given)
        return self._by_band[band]

    @cached_property
    def _price_axis(self) -> Axis | None:
        """The bands of prices; None where no condition that the margin depends on reads a price."""
        moves = self.roles.price in self.rulebook.moving_the_margin
        space = self._rules.space
        return space.axes[space.index[self.roles.price]] if moves else None

    # ---- how many times the orders

    def multiple(self, stream: Stream) -> Span | None:
        """How many times the orders of the reference it must bring to earn the same; None where
        there is nothing to compare. An end is None where no number of orders is enough."""
        reference = self.reference
        if reference is None or stream == reference:
            return None
        if stream.id not in self._multiples:
            self._multiples[stream.id] = self._multiple(stream, reference)
        return self._multiples[stream.id]

    def _multiple(self, stream: Stream, reference: Stream) -> Span:
        """A ratio of sums is at its ends where every range is at one of its own ends; so all
        combinations of these are looked at. Two ranges give four corners: both worst, and so on."""
        pair = stream, reference
        figures = {**self.order_figures(reference), **self.order_figures(stream)}
        names = [line.id for line in self.lines if line.id in figures and figures[line.id].is_range]
        names = names[:_MOST_CORNERS]
        ends = [(figures[name].worst, figures[name].best) for name in names]
        corners = [*itertools.product(*ends)]
        profits = [self._profits_at(side, names, corners) for side in pair]
        ratios = [_ratio(own, other) for own, other in {*zip(*profits, strict=True)}]
        middle = _ratio(*(self._profits(side, self._price_in_cents())[1] for side in pair))
        ratios.append(middle)
        known = [ratio for ratio in ratios if ratio is not None]
        high = max(known) if len(known) == len(ratios) else None
        return Span(min(known, default=None), middle, high)

    def _profits_at(
        self, stream: Stream, names: list[str], corners: list[tuple[Decimal, ...]]
    ) -> list[int]:
        """What an order leaves, in cents, where these lines take the figures of each corner; worked
        out once for corners that differ only in lines that the stream does not pay."""
        price, lines = self._price_in_cents(), self.lines_of(stream)
        middle = self.middle_figures(stream)
        paid = [(number, name) for number, name in enumerate(names) if name in middle]
        profits: dict[tuple[Decimal, ...], int] = {}
        every = []
        for corner in corners:
            own = tuple(corner[number] for number, _ in paid)
            if own not in profits:
                figures = {**middle, **{name: corner[number] for number, name in paid}}
                profits[own] = FeeSchedule(lines, figures).profit(price)
            every.append(profits[own])
        return every

    def times(self) -> Span:
        """How many times the orders of the reference are said to come: the seller's own figure,
        else the fact that nobody has audited."""
        own = self.inputs.get(self.roles.own_multiple)
        low, high = (own, own) if own else ends(self.rulebook.facts[self.roles.multiple].value)
        return Span(low, (low + high) / 2, high)

    # ---- where it turns

    def break_even_price(self, stream: Stream) -> Decimal | None:
        """The lowest price, in whole cents, from which on an order leaves something at the middle
        figures; None where even the highest price leaves nothing."""
        return self._paying_from(self._middle_schedule(stream).profit)

    @cached_property
    def most_commission(self) -> Decimal | None:
        """The highest commission, in tenths of a percent, that leaves no loss at the middle
        figures; None where even none at all loses, or where there is no such line."""
        name = self.roles.commission
        paid_by = self.economy.lines[name].streams
        payer = next((stream for stream in self.streams if stream.id in paid_by), None)
        if payer is None or self.figure(name) is None:
            return None
        price, lines = self._price_in_cents(), self.lines_of(payer)
        middle = self.middle_figures(payer)

        def loss(tenths: int) -> int:
            return -FeeSchedule(lines, {**middle, name: tenths * _TENTH}).profit(price)

        if loss(0) > 0:
            return None
        near = _straight_to_zero(loss, _ALL, int(middle[name] / _TENTH))
        first = _lowest(loss, 1, _ALL, near)
        return (_ALL if first is None else first - 1) * _TENTH


def _ratio(own: int, other: int) -> Decimal | None:
    """How many orders that leave `own` cents earn what one earns that leaves `other`."""
    if own <= 0:
        return None
    # Nothing at all is needed only where the reference leaves nothing.
    return max(_CENT, (Decimal(other) / Decimal(own)).quantize(_CENT)) if other > 0 else _ZERO


def _straight_to_zero(measure: Callable[[int], int], highest: int, near: int) -> int:
    """Where a straight line through two measures comes to 0: what is made of rates and amounts
    does so close by."""
    near = max(1, near)
    other = min(highest, 2 * near)
    here, there = measure(near), measure(other)
    if there <= here:
        return near
    return min(highest, max(1, near - here * (other - near) // (there - here)))


def _lowest(measure: Callable[[int], int], start: int, highest: int, near: int) -> int | None:
    """A number from `start` to the highest where what is measured is above 0 and is not at the
    number before, if that is one of them; None where it is not above 0 at the highest. The search
    begins at `near`."""
    step, before = 1, start - 1
    if measure(near) > 0:
        low, high = near - 1, near
        while low > before and measure(low) > 0:
            low, high, step = max(before, low - step), low, 2 * step
    else:
        low, high = near, min(highest, near + 1)
        while measure(high) <= 0:
            if high == highest:
                return None
            low, high, step = high, min(highest, high + step), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        if measure(middle) > 0:
            high = middle
        else:
            low = middle
    return high
