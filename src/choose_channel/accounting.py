"""From the sums to what a report says of the money, in the seller's language. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from choose_channel.accounts import (
    Cash,
    Hybrid,
    Money,
    MoneyLine,
    Monthly,
    Span,
    StreamCash,
    StreamMoney,
)
from choose_channel.answers import Given
from choose_channel.economics import CENT, Order, Sums
from choose_channel.economy import Charge, Margin, Stream
from choose_channel.figures import percent, short, span, usd
from choose_channel.model import Rulebook
from choose_channel.wording import Say

_USUAL_PIECES = Decimal(100)
_ZERO, _HUNDRED, _THOUSAND = Decimal(0), Decimal(100), Decimal(1000)
_RATES = ("tax", "percent", "pressure", "returns")
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
        margin = sums.margin() or ""
        state = next((one for one in self.economy.margins if one.id == margin), None)
        return Money(
            market=sums.market,
            margin=margin,
            warning=self._warning(state) if state and state.warning else None,
            summary=self._summary(),
            channels=channels,
            break_even_multiple=self.multiple,
            max_creator_commission=self.commission,
            break_even_price=min(prices, default=None),
            cash=self._cash(),
            hybrid=self._hybrid(),
            notices=tuple(self._notices()),
            own=tuple(self._own()),
        )

    # ---- an order

    def _stream(self, stream: Stream) -> StreamMoney:
        sums = self.sums
        orders = sums.orders(stream)
        lines = [
            self._line(charge, *(order.lines.get(charge.id, _ZERO) for order in orders))
            for charge in sums.charges_of(stream)
            if any(charge.id in order.lines for order in orders)
        ]
        return StreamMoney(
            id=stream.channel,
            stream=stream.id,
            name=self.say.text(stream.name),
            before_shipping=any(
                charge.kind == "amount" and charge.id not in sums.figures
                for charge in sums.charges_of(stream)
            ),
            lines=tuple(lines),
            profit_per_order=Span(*(order.profit for order in orders)),
            break_even_price=sums.break_even_price(stream),
            break_even_multiple=sums.multiple(stream),
            monthly=self._monthly(stream, orders),
        )

    def _line(self, charge: Charge, low: Decimal, middle: Decimal, high: Decimal) -> MoneyLine:
        figure = self.sums.figures[charge.id]
        label = self.say.text(charge.label)
        if charge.kind in _RATES:
            rates = Span(*sorted((figure.best, figure.middle, figure.worst)))
            label = self.say("money_rated", label=label, rate=span(rates, percent, self.say))
        return MoneyLine(charge.id, label, low, middle, high, figure.fact, figure.input)

    def _monthly(self, stream: Stream, orders: tuple[Order, Order, Order]) -> Monthly | None:
        sums, roles = self.sums, self.sums.roles
        views, rate = (sums.inputs.get(name) for name in (roles.views, roles.orders_per_1000))
        if views is None or rate is None or self.reference is None:
            return None
        own = views * rate / _THOUSAND
        low, middle, high = own, own, own
        if stream != self.reference:  # nobody has audited how many times its orders come
            low, middle, high = (own * (one or _ZERO) for one in sums.times())
        paid = sum((sums.figures[one.id].middle for one in self._of_kind("monthly", stream)), _ZERO)
        ends = [count * order.profit - paid for count in (low, high) for order in orders]
        profits = (min(ends), middle * orders[1].profit - paid, max(ends))
        return Monthly(Span(low, middle, high), Span(*(one.quantize(CENT) for one in profits)))

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
        times = span(self.multiple, short, say)
        least = short(self.multiple.low or _ZERO)
        key = "money_summary_open" if self.multiple.high is None else "money_summary"
        return say(key, times=times, least=least, rule=say_rule)

    def _warning(self, state: Margin) -> str:
        sums = self.sums
        streams = [stream for stream in sums.streams if stream.id in state.streams]
        stream = max(streams, key=lambda one: getattr(sums.profit(one), state.case))
        loss = abs(getattr(sums.profit(stream), state.case))
        figure = sums.figures.get(self.sums.roles.commission)
        rates = Span(figure.best, figure.middle, figure.worst) if figure else None
        most = self.commission
        price = sums.break_even_price(stream)
        text = self.say.text(state.warning or {})
        return text.format(
            loss=usd(loss),
            break_even=usd(price) if price is not None else _NONE,
            commission=span(rates, percent, self.say) if rates else _NONE,
            max_commission=percent(most) if most is not None else _NONE,
            profit=usd(sums.profit(self.compared).middle or _ZERO) if self.compared else _NONE,
        )

    def _notices(self) -> Iterator[str]:
        yield self.say("money_never_counted")
        told = set()
        for charge in self.sums.charges:
            if charge.absent and charge.id not in self.sums.figures:
                text = self.say.text(charge.absent)
                if text not in told:
                    told.add(text)
                    yield self.say("money_left_out", text=text)

    def _own(self) -> Iterator[str]:
        """The inputs that stand where a fact would."""
        sums = self.sums
        names = [charge.input for charge in sums.charges if charge.facts]
        names.append(sums.roles.own_multiple)
        yield from dict.fromkeys(name for name in names if name in sums.inputs and name)

    # ---- cash

    def _cash(self) -> Cash:
        sums = self.sums
        pieces = sums.inputs.get(self.sums.roles.pieces, _USUAL_PIECES)
        deposit = next((self._flat(charge) for charge in self._of_kind("deposit")), None)
        stock = pieces * (sums.unit_cost or _ZERO)
        streams = tuple(self._stream_cash(one, pieces, stock, deposit) for one in sums.streams)
        return Cash(pieces, stock, deposit, streams)

    def _of_kind(self, kind: str, stream: Stream | None = None) -> list[Charge]:
        charges = self.sums.charges_of(stream) if stream else self.sums.charges
        known = self.sums.figures
        return [charge for charge in charges if charge.kind == kind and charge.id in known]

    def _flat(self, charge: Charge) -> MoneyLine:
        figure = self.sums.figures[charge.id]
        return self._line(charge, figure.best, figure.middle, figure.worst)

    def _stream_cash(
        self, stream: Stream, pieces: Decimal, stock: Decimal, deposit: MoneyLine | None
    ) -> StreamCash:
        sums = self.sums
        lines = [self._flat(charge) for charge in self._of_kind("days", stream)]
        days = Span(
            sum((line.low for line in lines), _ZERO),
            sum((line.middle for line in lines), _ZERO),
            sum((line.high for line in lines), _ZERO),
        )
        pays = any(charge.kind == "deposit" for charge in sums.charges_of(stream))
        out = -stock - (deposit.middle if deposit and pays else _ZERO)
        order = sums.orders(stream)[1]
        sent = sum((order.lines.get(name, _ZERO) for name in sums.shipping(stream)), _ZERO)
        # Until the payout only goods, deposit and parcels are paid; the rest is taken out of it.
        restock = self.sums.roles.restock
        sold = next((line.middle for line in lines if line.id == restock), _ZERO)
        end = days.middle or _ZERO
        path = [(_ZERO, out)]
        if sent:
            path.append((sold, out + sent * pieces))
        path.append((end, out + stock + order.profit * pieces))
        return StreamCash(
            stream.channel, stream.id, self.say.text(stream.name), days, tuple(lines), tuple(path)
        )

    def _hybrid(self) -> Hybrid | None:
        sums, roles = self.sums, self.sums.roles
        price, cost = (sums.inputs.get(name) for name in (roles.lead_price, roles.lead_cost))
        if not price or cost is None or not self.compared or not self.reference:
            return None
        leads = sorted(sums.order(self.compared, case, price, cost).profit for case in sums.cases())
        lead, main = Span(*leads), sums.profit(self.reference)
        shares = [_share(one, two) for one, two in zip(lead, main, strict=True)]
        return Hybrid(lead, main, Span(*reversed(shares)))


def _loses(profit: Span) -> bool:
    return profit.high is not None and profit.high <= 0


def _share(lead: Decimal | None, main: Decimal | None) -> Decimal | None:
    """How many of a hundred lead buyers must buy the main item; None where it cannot make up."""
    if lead is None or main is None or lead >= 0:
        return _ZERO
    return (-lead / main * _HUNDRED).quantize(Decimal("0.1")) if main > 0 else None
