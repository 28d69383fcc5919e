"""What a report says of the money: a table, bars and sentences, without looks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import flag
from choose_channel.money.format import days, percent, short, span, times, usd, whole
from choose_channel.money.results import Hybrid, Money, Span, StreamCash, StreamMoney
from choose_channel.report.content import Bar, Cited, Curve, Numbers, Row, Statement

_ZERO, _ALL = Decimal(0), Decimal(100)
_NONE = "–"


def statement(decision: Decision, numbers: Numbers) -> Statement | None:
    """The money of a decision; None where it was not worked out."""
    return _Clerk(decision, decision.money, numbers).statement() if decision.money else None


def inputs_wanted(decision: Decision) -> str:
    """A line that names what the money could be worked out with; empty where it was, or where
    there is none."""
    if decision.money or not decision.money_needs:
        return ""
    messages = Messages(decision.book.wording, decision.lang)
    flags = messages.listing(flag(name) for name in decision.money_needs)
    return messages("money_wanted", flags=flags)


class _Clerk:
    def __init__(self, decision: Decision, money: Money, numbers: Numbers) -> None:
        self.decision, self.money, self.numbers = decision, money, numbers
        self.book = decision.book
        self.messages = Messages(self.book.wording, decision.lang)

    def statement(self) -> Statement:
        messages, money = self.messages, self.money
        return Statement(
            title=messages("report_money"),
            summary=self.numbers.cited(money.summary, money.summary_facts),
            order=messages("money_order"),
            heads=tuple(self._head(stream) for stream in money.channels),
            rows=tuple(self._rows()),
            totals=tuple(self._totals()),
            bars_title=messages("money_bars"),
            bars=tuple(map(self._bar, money.channels)),
            bars_note=messages("money_bars_note") if self._ranges() else "",
            remarks=tuple(self._remarks()),
            cash_title=self._cash_title(),
            cash=tuple(self._cash()),
            curves_title=messages("money_curves"),
            curves=tuple(map(self._curve, money.cash.streams)),
            months_title=messages("money_months"),
            months=tuple(self._months()),
            notices=tuple(self._notices()),
        )

    def _head(self, stream: StreamMoney) -> str:
        marks = [self.messages("money_before_shipping")] if stream.before_shipping else []
        return self.messages.listing([stream.name, *marks])

    # ---- the table

    def _rows(self) -> Iterator[Row]:
        """The lines of all ways of selling; those that say the same share a row."""
        rows: dict[tuple[str, str | None], dict[str, Decimal]] = {}
        streams = [stream.stream for stream in self.money.channels]
        lines = [(line, stream.stream) for stream in self.money.channels for line in stream.lines]
        order = list(self.book.economy.lines)
        for line, stream in sorted(lines, key=lambda one: order.index(one[0].id)):
            rows.setdefault((line.label, line.fact), {})[stream] = line.middle
        for (label, fact), cells in rows.items():
            told = (usd(cells[name]) if name in cells else "" for name in streams)
            yield Row(self.numbers.cited(label, [fact] if fact else []), tuple(told))

    def _totals(self) -> Iterator[Row]:
        streams = self.money.channels
        profits = [stream.profit_per_order for stream in streams]
        key = "money_profit_middle" if self._ranges() else "money_profit"
        yield self._total(key, (one.middle for one in profits))
        if self._ranges():
            yield self._total("money_worst", (one.low for one in profits))
            yield self._total("money_best", (one.high for one in profits))
        yield self._total("money_lowest_price", (one.break_even_price for one in streams))
        if any(stream.break_even_multiple for stream in streams):
            cells = tuple(self._times(stream.break_even_multiple) for stream in streams)
            yield Row(Cited(self.messages("money_times")), cells)

    def _ranges(self) -> bool:
        profits = (stream.profit_per_order for stream in self.money.channels)
        return any(profit.low != profit.high for profit in profits)

    def _total(self, key: str, amounts: Iterable[Decimal | None]) -> Row:
        return Row(
            Cited(self.messages(key)), tuple(_NONE if a is None else usd(a) for a in amounts)
        )

    def _times(self, multiple: Span | None) -> str:
        if multiple is None or multiple.low is None or multiple.high == 0:
            return "" if multiple is None else _NONE
        if multiple.high is None:
            return self.messages("money_or_more", low=times(multiple.low))
        return span(multiple, times, self.messages)

    def _bar(self, stream: StreamMoney) -> Bar:
        low, middle, high = (end or _ZERO for end in stream.profit_per_order)
        return Bar(
            self._head(stream), low, middle, high, span(Span(low, middle, high), usd, self.messages)
        )

    # ---- sentences

    def _remarks(self) -> Iterator[Cited]:
        messages, money = self.messages, self.money
        roles = self.book.economy.roles
        if any(line.id == roles.commission for c in money.channels for line in c.lines if roles):
            most = money.max_creator_commission
            key = "money_max_commission" if most is not None else "money_max_commission_none"
            yield Cited(messages(key, percent=percent(most or _ZERO)))
        if money.hybrid:
            yield self._hybrid(money.hybrid)
        played = (self.decision.recommended, self.decision.aim)
        for stream in self.book.economy.streams.values():
            if stream.note and stream.channel in played:
                yield Cited(messages.text(stream.note))

    def _hybrid(self, hybrid: Hybrid) -> Cited:
        """Whether the lead product pays, and how many of its buyers must buy the main item."""
        lead, main, share, facts = hybrid
        words = {"lead": span(lead, usd, self.messages), "main": span(main, usd, self.messages)}
        if main.high is not None and main.high <= 0:
            key = "money_hybrid_main_loses"
        elif share.high == 0:
            key = "money_hybrid_free"
        elif share.low is None or share.low > _ALL:
            key = "money_hybrid_never"
        elif share.high is None or share.high > _ALL:
            key = "money_hybrid_at_best"
            words["share"] = percent(share.low)
        else:
            key = "money_hybrid_share"
            words["share"] = span(share, percent, self.messages)
        return self.numbers.cited(self.messages(key, **words), facts)

    def _cash_title(self) -> str:
        cash = self.money.cash
        key = "money_cash" if cash.stock else "money_cash_unstocked"
        return self.messages(key, pieces=short(cash.pieces))

    def _cash(self) -> Iterator[Cited]:
        messages, cash = self.messages, self.money.cash
        if cash.stock:
            yield Cited(messages("money_stock", amount=usd(cash.stock)))
        if cash.deposit:
            low, high = abs(cash.deposit.high), abs(cash.deposit.low)
            amount = span(Span(min(low, high), None, max(low, high)), usd, messages)
            words = {"label": cash.deposit.label, "amount": amount}
            fact = cash.deposit.fact
            yield self.numbers.cited(messages("money_deposit", **words), [fact] if fact else [])
        alike: dict[object, list[StreamCash]] = {}
        for stream in cash.streams:
            alike.setdefault((stream.days, stream.lines, stream.most_out), []).append(stream)
        for streams in alike.values():
            yield self._stream_cash(streams)

    def _stream_cash(self, streams: list[StreamCash]) -> Cited:
        """Ways of selling whose money comes back alike, told in one go."""
        messages, stream = self.messages, streams[0]
        names = " / ".join(one.name for one in streams)
        parts = [
            messages("answer_is", question=line.label, answer=days(Span(*line[2:5]), messages))
            for line in stream.lines
        ]
        words = {"stream": names, "cash": usd(stream.most_out), "days": days(stream.days, messages)}
        facts = [line.fact for line in stream.lines if line.fact]
        key = "money_stream_cash" if stream.most_out else "money_stream_nothing"
        if not parts:
            return Cited(messages("money_stream_no_days", **words))
        text = messages(key, parts=" + ".join(parts), **words)
        return self.numbers.cited(text, facts)

    def _curve(self, stream: StreamCash) -> Curve:
        points = (
            self.messages("money_on_day", day=whole(day), amount=usd(amount))
            for day, amount in stream.path
        )
        text = self.messages(
            "answer_is", question=stream.name, answer=self.messages.listing(points)
        )
        return Curve(stream.name, stream.path, text)

    def _months(self) -> Iterator[Cited]:
        """A month by way of selling; where it hangs on the rule of thumb, that is said."""
        ruled = self.money.summary_facts
        for stream in self.money.channels:
            if stream.monthly:
                orders, profit = stream.monthly
                words = {"orders": span(orders, short, self.messages)}
                words["profit"] = span(profit, usd, self.messages)
                by_rule = ruled and stream.break_even_multiple
                key = "money_month_by_rule" if by_rule else "money_month"
                text = self.messages(key, stream=self._head(stream), **words)
                yield self.numbers.cited(text, ruled if by_rule else ())

    def _notices(self) -> Iterator[str]:
        yield from self.money.notices
        if self.money.own:
            inputs = self.book.economy.inputs
            names = self.messages.listing(
                self.messages.text(inputs[name].short) for name in self.money.own
            )
            yield self.messages("money_own", names=names)
