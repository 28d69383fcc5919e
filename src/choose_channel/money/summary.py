"""From the sums to what a report says of the money, in the seller's language. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_UP, Decimal

from choose_channel.answers.sources import Given
from choose_channel.messages.i18n import Messages, Text
from choose_channel.model.rulebook import Charge, Margin, Stream
from choose_channel.money.cash_flow import cash_of, line_of, parcels, rate_of
from choose_channel.money.format import percent, short, span, times, usd
from choose_channel.money.order import Order, cents
from choose_channel.money.results import Cash, Hybrid, Money, Monthly, Span, StreamMoney
from choose_channel.money.unit_economics import Economics, left_of

_ZERO, _HUNDRED, _THOUSAND = Decimal(0), Decimal(100), Decimal(1000)
_TENTH = Decimal("0.1")
_NONE = "–"
_ASKED = ("tax", "percent", "amount")
"""The kinds of lines that every order pays; how many come back, a seller may well not know."""


def money_of(economics: Economics, messages: Messages) -> Money:
    """What there is to say about the money of a seller whose price and unit cost are known."""
    return _Accounts(economics, economics.given, messages).money()


class _Accounts:
    def __init__(self, sums: Economics, given: Given, messages: Messages) -> None:
        self.sums, self.given, self.messages, self.economy = sums, given, messages, sums.economy
        self.compared, self.reference = sums.compared(), sums.reference()
        self.multiple = sums.multiple(self.compared) if self.compared else None
        self.commission = sums.most_commission()

    def money(self) -> Money:
        sums = self.sums
        channels = tuple(self._stream(stream) for stream in sums.streams)
        prices = [one.break_even_price for one in channels if one.break_even_price is not None]
        cash, hybrid = cash_of(sums, self.messages), self._hybrid()
        return Money(
            market=sums.market,
            margin=sums.margin() or "",
            warning=self._warning(),
            summary=self.messages.sentences([self._summary(), *map(self._but, self._without())]),
            summary_facts=self._rule_facts(channels),
            channels=channels,
            break_even_multiple=self.multiple,
            max_creator_commission=self.commission,
            break_even_price=min(prices, default=None),
            cash=cash,
            hybrid=hybrid,
            notices=tuple(self._notices(channels, cash, hybrid)),
            own=tuple(self._own(hybrid)),
        )

    # ---- an order

    def _stream(self, stream: Stream) -> StreamMoney:
        sums = self.sums
        orders = sums.orders(stream)
        lines = [
            line_of(
                sums,
                self.messages,
                charge,
                *(order.lines.get(charge.id, _ZERO) for order in orders),
            )
            for charge in sums.charges_of(stream)
            if any(charge.id in order.lines for order in orders)
        ]
        return StreamMoney(
            id=stream.channel,
            stream=stream.id,
            name=self.messages.text(stream.name),
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
        messages, sums = self.messages, self.sums
        if not self.compared or not self.reference or self.multiple is None:
            stream = self.compared or self.reference or sums.streams[0]
            left = span(sums.profit(stream), usd, messages)
            return messages("money_summary_one", stream=messages.text(stream.name), profit=left)
        own, other = sums.profit(self.compared), sums.profit(self.reference)
        words = {"shop": span(own, usd, messages), "link": span(other, usd, messages)}
        if _loses(own) and _loses(other):
            return messages("money_summary_both_lose", **words)
        if _loses(own):
            return messages("money_summary_shop_loses", **words)
        if _loses(other):
            return messages("money_summary_link_loses", **words)
        rule = span(sums.times(), short, messages)
        own_rule = sums.roles.own_multiple in sums.inputs
        say_rule = messages("money_rule_own" if own_rule else "money_rule", rule=rule)
        told = span(self.multiple, times, messages)
        least = times(self.multiple.low or _ZERO)
        key = "money_summary_open" if self.multiple.high is None else "money_summary"
        return messages(key, times=told, least=least, rule=say_rule)

    def _rule_facts(self, channels: tuple[StreamMoney, ...]) -> tuple[str, ...]:
        """The rule of thumb, where the summary or a month speaks of it."""
        roles = self.sums.roles
        profits = [self.sums.profit(one) for one in (self.compared, self.reference) if one]
        ruled = self.multiple is not None and not any(map(_loses, profits))
        months = any(one.monthly and one.break_even_multiple for one in channels)
        own = roles.own_multiple in self.sums.inputs
        return (roles.multiple,) if (ruled or months) and not own else ()

    def _but(self, text: str) -> str:
        return self.messages("money_without", text=text)

    def _without(self) -> Iterator[str]:
        """What the comparison leaves out, for want of a figure, though an order pays it."""
        pays = [self.sums.charges_of(one) for one in (self.compared, self.reference) if one]
        for charge in {charge.id: charge for charges in pays for charge in charges}.values():
            unknown = charge.kind in _ASKED and charge.id not in self.sums.figures
            if unknown and charge.absent:
                yield self.messages.text(charge.absent)

    def _warning(self) -> str | None:
        """What has to be said before anything else: the state of the margin."""
        margin = self.sums.margin()
        states = (one for one in self.economy.margins if one.id == margin and one.warning)
        return next((self._warned(one, one.warning or {}) for one in states), None)

    def _warned(self, state: Margin, warning: Text) -> str:
        sums = self.sums
        streams = [stream for stream in sums.streams if stream.id in state.streams]
        left = max(getattr(sums.profit(stream), state.case) for stream in streams)
        price = sums.price_ending()
        figure = sums.figures.get(sums.roles.commission)
        return self.messages.text(warning).format(
            left=usd(left),
            break_even=usd(price) if price is not None else _NONE,
            commission=rate_of(figure, self.messages) if figure else _NONE,
            max_commission=percent(self.commission or _ZERO),
            profit=self._left(self.compared),
            link=self._left(self.reference),
        )

    def _left(self, stream: Stream | None) -> str:
        return usd(self.sums.profit(stream).middle or _ZERO) if stream else _NONE

    def _notices(
        self, channels: tuple[StreamMoney, ...], cash: Cash, hybrid: Hybrid | None
    ) -> Iterator[str]:
        """What is not counted, and what was given in vain."""
        sums, messages = self.sums, self.messages
        yield messages("money_never_counted")
        if any(one.kind == "returns" and one.id in sums.figures for one in sums.charges):
            yield messages("money_returned")
        lead = sums.charges_of(sums.lead) if hybrid and sums.lead else []
        charges = [*sums.charges, *lead]
        absent = [c.absent for c in charges if c.absent and c.id not in sums.figures]
        for text in dict.fromkeys(map(messages.text, absent)):
            yield messages("money_left_out", text=text)
        unused = self._unused(channels, cash, hybrid)
        if unused:
            names = messages.listing(
                messages.text(self.economy.inputs[name].short) for name in unused
            )
            yield messages("money_unused", names=names)

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

    def _own(self, hybrid: Hybrid | None) -> Iterator[str]:
        """The inputs that stand where a fact would."""
        sums = self.sums
        lead = sums.charges_of(sums.lead) if hybrid and sums.lead else []
        names = [charge.input for charge in (*sums.charges, *lead) if charge.facts]
        names += [sums.roles.own_multiple] if self.multiple else []
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
        figures = (sums.figures.get(charge.id) for charge in sums.charges_of(sums.lead))
        facts = dict.fromkeys(one.fact for one in figures if one and one.fact)
        return Hybrid(lead, main, Span(*reversed(shares)), tuple(facts))


def _loses(profit: Span) -> bool:
    return profit.high is not None and profit.high <= 0


def _share(lead: Decimal | None, main: Decimal | None) -> Decimal | None:
    """How many of a hundred lead buyers must buy the main item; None where it cannot make up."""
    if lead is None or main is None or lead >= 0:
        return _ZERO
    return (-lead / main * _HUNDRED).quantize(_TENTH, ROUND_UP) if main > 0 else None
