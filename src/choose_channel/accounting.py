"""From the sums to what a report says of the money, in the seller's language. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_UP, Decimal

from choose_channel.accounts import (
    Cash,
    Hybrid,
    Money,
    Monthly,
    Span,
    StreamMoney,
)
from choose_channel.answers import Given
from choose_channel.economics import Sums, left_of
from choose_channel.economy import Charge, Margin, Stream
from choose_channel.figures import percent, short, span, times, usd
from choose_channel.model import Rulebook
from choose_channel.orders import Order, cents
from choose_channel.outlay import cash_of, line_of, parcels
from choose_channel.wording import Say, Text

_ZERO, _HUNDRED, _THOUSAND = Decimal(0), Decimal(100), Decimal(1000)
_TENTH = Decimal("0.1")
_NONE = "–"


def money_on(rulebook: Rulebook, given: Given, say: Say) -> tuple[Money | None, tuple[str, ...]]:
    """The money of these answers, or what has to be answered before it can be worked out."""
    sums = Sums(rulebook, given)
    if sums.ready:
        return _Accounts(sums, say).money(), ()
    needed = {sums.roles.price: sums.price, sums.roles.unit_cost: sums.unit_cost}
    some_use = bool(sums.inputs and sums.streams)
    return None, tuple(name for name, value in needed.items() if some_use and value is None)


class _Accounts:
    def __init__(self, sums: Sums, say: Say) -> None:
        self.sums, self.say, self.economy = sums, say, sums.economy
        self.compared, self.reference = sums.compared(), sums.reference()
        self.multiple = sums.multiple(self.compared) if self.compared else None
        self.commission = sums.most_commission()

    def money(self) -> Money:
        sums = self.sums
        channels = tuple(self._stream(stream) for stream in sums.streams)
        prices = [one.break_even_price for one in channels if one.break_even_price is not None]
        cash, hybrid = cash_of(sums, self.say), self._hybrid()
        return Money(
            market=sums.market,
            margin=sums.margin() or "",
            warning=self._warning(),
            summary=self._summary(),
            channels=channels,
            break_even_multiple=self.multiple,
            max_creator_commission=self.commission,
            break_even_price=min(prices, default=None),
            cash=cash,
            hybrid=hybrid,
            notices=tuple(self._notices(channels, cash, hybrid)),
            own=tuple(self._own()),
        )

    # ---- an order

    def _stream(self, stream: Stream) -> StreamMoney:
        sums = self.sums
        orders = sums.orders(stream)
        lines = [
            line_of(
                sums, self.say, charge, *(order.lines.get(charge.id, _ZERO) for order in orders)
            )
            for charge in sums.charges_of(stream)
            if any(charge.id in order.lines for order in orders)
        ]
        return StreamMoney(
            id=stream.channel,
            stream=stream.id,
            name=self.say.text(stream.name),
            before_shipping=any(one.id not in sums.figures for one in parcels(sums, stream)),
            lines=tuple(lines),
            profit_per_order=sums.profit(stream),
            break_even_price=sums.break_even_price(stream),
            break_even_multiple=sums.multiple(stream),
            monthly=self._monthly(stream, orders),
        )

    def _monthly(self, stream: Stream, orders: tuple[Order, Order, Order]) -> Monthly | None:
        """A month of the seller's own videos; how often others show theirs, nobody knows."""
        sums, roles = self.sums, self.sums.roles
        views, rate = (sums.inputs.get(name) for name in (roles.views, roles.orders_per_1000))
        own = self.reference, self.compared
        if views is None or rate is None or self.reference is None or stream not in own:
            return None
        times = Span(*[Decimal(1)] * 3) if stream == self.reference else sums.times()
        counts = [views * rate / _THOUSAND * (one or _ZERO) for one in times]
        paid = sum((sums.figures[one.id].middle for one in self._by_the_month(stream)), _ZERO)
        worst, middle, best = (order.profit for order in orders)
        ends = [count * profit for count in (counts[0], counts[2]) for profit in (worst, best)]
        profits = min(ends), counts[1] * middle, max(ends)
        return Monthly(Span(*counts), Span(*(cents(one - paid) for one in profits)))

    def _by_the_month(self, stream: Stream) -> list[Charge]:
        charges = self.sums.charges_of(stream)
        return [one for one in charges if one.kind == "monthly" and one.id in self.sums.figures]

    # ---- sentences

    def _summary(self) -> str:
        say, sums = self.say, self.sums
        if not self.compared or not self.reference or self.multiple is None:
            stream = self.compared or self.reference or sums.streams[0]
            left = span(sums.profit(stream), usd, say)
            return say("money_summary_one", stream=say.text(stream.name), profit=left)
        own, other = sums.profit(self.compared), sums.profit(self.reference)
        words = {"shop": span(own, usd, say), "link": span(other, usd, say)}
        if _loses(own) and _loses(other):
            return say("money_summary_both_lose", **words)
        if _loses(own):
            return say("money_summary_shop_loses", **words)
        if _loses(other):
            return say("money_summary_link_loses", **words)
        rule = span(sums.times(), short, say)
        own_rule = sums.roles.own_multiple in sums.inputs
        say_rule = say("money_rule_own" if own_rule else "money_rule", rule=rule)
        told = span(self.multiple, times, say)
        least = times(self.multiple.low or _ZERO)
        key = "money_summary_open" if self.multiple.high is None else "money_summary"
        return say(key, times=told, least=least, rule=say_rule)

    def _warning(self) -> str | None:
        """What has to be said first: the state of the margin, and that the reference loses where
        the margin, which judges the others, does not say so."""
        sums = self.sums
        margin = sums.margin()
        said = [
            self._warned(state, state.warning)
            for state in self.economy.margins
            if state.id == margin and state.warning
        ]
        others = [sums.profit(stream) for stream in (self.compared, self.reference) if stream]
        if [_loses(one) for one in others] == [False, True]:
            said.append(self._summary())
        return self.say.sentences(said) or None

    def _warned(self, state: Margin, warning: Text) -> str:
        sums = self.sums
        streams = [stream for stream in sums.streams if stream.id in state.streams]
        stream = max(streams, key=lambda one: getattr(sums.profit(one), state.case))
        price = sums.break_even_price(stream)
        return self.say.text(warning).format(
            loss=usd(abs(getattr(sums.profit(stream), state.case))),
            break_even=usd(price) if price is not None else _NONE,
            commission=self._rate(sums.roles.commission),
            max_commission=percent(self.commission or _ZERO),
            profit=usd(sums.profit(self.compared).middle or _ZERO) if self.compared else _NONE,
        )

    def _rate(self, line: str) -> str:
        """The rate that counts in the middle, and the usual ones that it lies between."""
        figure = self.sums.figures.get(line)
        if figure is None:
            return _NONE
        middle = percent(figure.middle)
        if figure.worst == figure.best:
            return middle
        usual = span(Span(figure.best, figure.middle, figure.worst), percent, self.say)
        return self.say("money_usual_rate", middle=middle, rate=usual)

    def _notices(
        self, channels: tuple[StreamMoney, ...], cash: Cash, hybrid: Hybrid | None
    ) -> Iterator[str]:
        """What is not counted, and what was given in vain."""
        sums, say = self.sums, self.say
        yield say("money_never_counted")
        lead = sums.charges_of(sums.lead) if hybrid and sums.lead else []
        charges = [*sums.charges, *lead]
        absent = [c.absent for c in charges if c.absent and c.id not in sums.figures]
        for text in dict.fromkeys(map(say.text, absent)):
            yield say("money_left_out", text=text)
        unused = self._unused(channels, cash, hybrid)
        if unused:
            names = say.listing(say.text(self.economy.inputs[name].short) for name in unused)
            yield say("money_unused", names=names)

    def _unused(
        self, channels: tuple[StreamMoney, ...], cash: Cash, hybrid: Hybrid | None
    ) -> list[str]:
        """The inputs that nothing was worked out of, for want of others or of a line."""
        sums, roles = self.sums, self.sums.roles
        lines = [line for channel in channels for line in channel.lines]
        lines += [line for stream in cash.streams for line in stream.lines]
        lines += [cash.deposit] if cash.deposit else []
        used = {line.input for line in lines} | {roles.unit_cost, roles.pieces}
        used |= {roles.own_multiple} if self.multiple else set()
        hidden: list[Charge] = []
        if any(one.monthly for one in channels):
            used |= {roles.views, roles.orders_per_1000}
            hidden += [line for stream in sums.streams for line in self._by_the_month(stream)]
        if hybrid and sums.lead:
            used |= {roles.lead_price, roles.lead_cost}
            hidden += sums.charges_of(sums.lead)
        used |= {charge.input for charge in hidden}
        return [name for name in sums.inputs if name not in used]

    def _own(self) -> Iterator[str]:
        """The inputs that stand where a fact would."""
        sums = self.sums
        names = [charge.input for charge in sums.charges if charge.facts]
        names.append(sums.roles.own_multiple)
        yield from dict.fromkeys(name for name in names if name in sums.inputs and name)

    # ---- the lead product

    def _hybrid(self) -> Hybrid | None:
        sums, roles = self.sums, self.sums.roles
        price, cost = (sums.inputs.get(name) for name in (roles.lead_price, roles.lead_cost))
        if price is None or cost is None or sums.lead is None or self.reference is None:
            return None
        lead = left_of(sums.orders_at(sums.lead, price))
        main = sums.profit(self.reference)
        shares = [_share(one, two) for one, two in zip(lead, main, strict=True)]
        return Hybrid(lead, main, Span(*reversed(shares)))


def _loses(profit: Span) -> bool:
    return profit.high is not None and profit.high <= 0


def _share(lead: Decimal | None, main: Decimal | None) -> Decimal | None:
    """How many of a hundred lead buyers must buy the main item; None where it cannot make up."""
    if lead is None or main is None or lead >= 0:
        return _ZERO
    return (-lead / main * _HUNDRED).quantize(_TENTH, ROUND_UP) if main > 0 else None
