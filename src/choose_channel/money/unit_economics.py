"""What follows from the orders of a seller: the margin, and the points at which it turns. Pure.

Nothing here is a forecast: orders are never guessed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal

from choose_channel.answers.situation import Situation, complete_with_defaults
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Space
from choose_channel.model.rulebook import ORDER_KINDS, Rulebook, Stream
from choose_channel.money.order import CENT, Case, Order, Orders, ends
from choose_channel.money.results import Span

_PER_MILLE = Decimal("0.1")
_ZERO, _HUNDRED = Decimal(0), Decimal(100)
_MOST_CORNERS = 8
_MOST_TRIED = 2_000
"""So many cents below a price are looked at; only fees that leave next to nothing need more."""


class Economics(Orders):
    """The money of one seller."""

    def __init__(
        self, rulebook: Rulebook, space: Space, situation: Situation, given: Given
    ) -> None:
        super().__init__(rulebook, space, situation, given)
        self._orders: dict[str, tuple[Order, Order, Order]] = {}

    def orders(self, stream: Stream) -> tuple[Order, Order, Order]:
        """The order that leaves least, the one at the middle figures, the one that leaves most."""
        if stream.id not in self._orders:
            self._orders[stream.id] = self.orders_at(stream, self.price)
        return self._orders[stream.id]

    def orders_at(self, stream: Stream, price: Decimal | None) -> tuple[Order, Order, Order]:
        """The same at another price. Where next to nothing is left of a price, cents or a tax can
        make an end leave more than the other; so the ends are told by what they leave."""
        found = [self.order(stream, case, price) for case in self.cases()]
        by_profit = sorted(found, key=lambda order: order.profit)
        return by_profit[0], found[1], by_profit[-1]

    def profit(self, stream: Stream) -> Span:
        """What is left of an order."""
        return left_of(self.orders(stream))

    def compared(self) -> Stream | None:
        """The way of selling that the reference is compared with."""
        return self._stream(self.roles.compared)

    def reference(self) -> Stream | None:
        """The way of selling that the others are compared with."""
        return self._stream(self.roles.reference)

    def _stream(self, name: str) -> Stream | None:
        return next((stream for stream in self.streams if stream.id == name), None)

    # ---- the margin

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

    # ---- how many times the orders

    def multiple(self, stream: Stream) -> Span | None:
        """How many times the orders of the reference it must bring to earn the same; None where
        there is nothing to compare. An end is None where no number of orders is enough."""
        reference = self.reference()
        if reference is None or stream == reference:
            return None
        ranged = [
            charge.id
            for charge in self.charges
            if {stream.id, reference.id} & {*charge.streams}
            if charge.kind in ORDER_KINDS and self._is_range(charge.id)
        ][:_MOST_CORNERS]
        both_ends = [(self.figures[name].worst, self.figures[name].best) for name in ranged]
        middle = self.cases()[1]
        at_middle = self._ratio(stream, reference, middle)
        # A ratio of sums is at its ends where every range is at one of its own.
        found = [
            self._ratio(stream, reference, {**middle, **dict(zip(ranged, corner, strict=True))})
            for corner in itertools.product(*both_ends)
        ]
        found.append(at_middle)
        known = [one for one in found if one is not None]
        high = max(known) if len(known) == len(found) else None
        return Span(min(known, default=None), at_middle, high)

    def _is_range(self, name: str) -> bool:
        figure = self.figures.get(name)
        return figure is not None and figure.worst != figure.best

    def _ratio(self, stream: Stream, reference: Stream, case: Case) -> Decimal | None:
        own, other = self.order(stream, case).profit, self.order(reference, case).profit
        if own <= 0:
            return None
        # Nothing at all is needed only where the reference leaves nothing.
        return max(CENT, (other / own).quantize(CENT)) if other > 0 else _ZERO

    def times(self) -> Span:
        """How many times the orders of the reference are said to come: the seller's own figure,
        else the fact that nobody has audited."""
        own = self.inputs.get(self.roles.own_multiple)
        low, high = (own, own) if own else ends(self.book.facts[self.roles.multiple].value)
        return Span(low, (low + high) / 2, high)

    # ---- where it turns

    def break_even_price(self, stream: Stream) -> Decimal | None:
        """The lowest price, in whole cents, that leaves no loss at the middle figures; None where
        even the highest price loses."""
        case = self.cases()[1]

        def left(price: Decimal) -> Decimal:
            return self.order(stream, case, price).profit

        highest = self.book.questions[self.roles.price].maximum
        found = _lowest(lambda price: left(price) >= 0, CENT, highest, self.price)
        if found is None:
            return None
        # Each line is rounded, so what is left wavers by some cents from price to price: a little
        # below there may be another one without a loss.
        waver = -2 * CENT * len(self.order(stream, case, found).lines)
        below = found
        for _ in range(min(_MOST_TRIED, int(found / CENT) - 1)):
            below -= CENT
            now = left(below)
            if now >= 0:
                found = below
            elif now < waver:
                break
        return found

    def most_commission(self) -> Decimal | None:
        """The highest commission, in tenths of a percent, that leaves no loss at the middle
        figures; None where even none at all loses, or where there is no such line."""
        name, middle = self.roles.commission, self.cases()[1]
        paid_by = self.economy.charges[name].streams
        payers = [stream for stream in self.streams if stream.id in paid_by]
        if not payers or name not in middle:
            return None

        def loses(rate: Decimal) -> bool:
            return self.order(payers[0], {**middle, name: rate}).profit < 0

        if loses(_ZERO):
            return None
        first = _lowest(loses, _PER_MILLE, _HUNDRED)
        return _HUNDRED if first is None else first - _PER_MILLE

    def _margin_at(self, price: Decimal) -> str | None:
        given = {**self.given, self.roles.price: price}
        situation = complete_with_defaults(self.book, self.space, given)
        return Economics(self.book, self.space, situation, given).margin()

    def _lowest_price(self, test: Callable[[Decimal], bool]) -> Decimal | None:
        return _lowest(test, CENT, self.book.questions[self.roles.price].maximum, self.price)

    def price_for(self, margin: str) -> Decimal | None:
        """A price, in whole cents, at which the margin is this good or better and a cent below it
        is not; None where no price does it."""
        order = self.book.questions[self.roles.margin].better

        def good_enough(price: Decimal) -> bool:
            state = self._margin_at(price)
            return state in order and order.index(state) >= order.index(margin)

        return self._lowest_price(good_enough)

    def price_ending(self) -> Decimal | None:
        """A price, in whole cents, at which the margin is in a better state than now and a cent
        below it is not; None where no price does it."""
        states = [state.id for state in self.economy.margins] + [self.roles.healthy]
        now = self.margin()

        def better(price: Decimal) -> bool:
            state = self._margin_at(price)
            return state is not None and now is not None and states.index(state) > states.index(now)

        return self._lowest_price(better)


def left_of(orders: tuple[Order, Order, Order]) -> Span:
    """What orders leave, from the least to the most."""
    return Span(*(order.profit for order in orders))


def _lowest(
    test: Callable[[Decimal], bool], step: Decimal, highest: Decimal, near: Decimal | None = None
) -> Decimal | None:
    """A multiple of `step`, above 0 and at most `highest`, at which the test holds and a step
    below it does not; None where it does not hold at the highest. Sooner found `near` a guess."""
    low, last = 0, int((highest / step).to_integral_value(ROUND_FLOOR))
    high = min(last, max(1, int(near / step))) if near else last
    while not test(high * step):
        if high == last:
            return None
        low, high = high, min(last, 2 * high)
    while high - low > 1:
        middle = (low + high) // 2
        if test(middle * step):
            high = middle
        else:
            low = middle
    return high * step
