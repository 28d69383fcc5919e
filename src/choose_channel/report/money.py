"""What a report says about the money: a table, bars, curves and sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from choose_channel.engine.decision import Decision, MoneyTexts
from choose_channel.messages.i18n import Messages
from choose_channel.money.format import (
    Span,
    percent,
    round_usd,
    short,
    span,
    usd,
    whole,
)
from choose_channel.money.results import Hybrid, Money, StreamCash, StreamMoney
from choose_channel.report.content import (
    Bar,
    Bars,
    Block,
    Cell,
    Cited,
    Column,
    Curve,
    Curves,
    Item,
    Items,
    Paragraph,
    Row,
    Table,
)
from choose_channel.report.key_figures import (
    days_back,
    deposit_of,
    lowest_price,
    tied_up,
    way_name,
)
from choose_channel.report.source_list import Numbers

_ZERO, _ALL, _TENTH = Decimal(0), Decimal(100), Decimal("0.1")
_NONE = "–"


def money_blocks(decision: Decision, numbers: Numbers) -> Iterator[Block]:
    """The money of a decision; no block where it was not worked out."""
    money, texts, messages = decision.money, decision.money_texts, decision.messages
    if money is None or texts is None:
        return
    yield Paragraph(numbers.cited(money.summary, money.summary_facts), "strong")
    yield _table(money, texts, messages, numbers)
    bars = tuple(_bar(stream, messages) for stream in money.channels)
    yield Bars(messages("money_bars"), bars, messages("money_bars_note") if _ranges(money) else "")
    yield from map(Paragraph, _remarks(money, texts, messages, numbers))
    if cash := tuple(map(Item, _cash(money, texts, messages, numbers))):
        key = "money_cash" if money.cash.stock else "money_cash_unstocked"
        yield Items(cash, messages(key, pieces=short(money.cash.pieces)))
    dated = (stream for stream in money.cash.streams if stream.lines)
    names = {stream.stream: way_name(stream, messages) for stream in money.channels}
    curves = tuple(_curve(stream, names[stream.stream], messages) for stream in dated)
    if curves:
        missing = dict.fromkeys(itertools.chain(*texts.days_left_out.values()))
        key = "money_curves_without" if missing else "money_curves"
        words = {"texts": messages.together(missing), "pieces": short(money.cash.pieces)}
        yield Curves(messages(key, **words), curves)
    months = tuple(map(Item, _months(money, texts, messages, numbers)))
    if months:
        yield Items(months, messages("money_months"))
    notices = [*money.notices]
    if texts.own:
        notices.append(messages("money_own", names=messages.listing(texts.own)))
    yield Items(tuple(Item(Cited(notice)) for notice in notices), quiet=True)


def inputs_wanted(decision: Decision) -> str:
    """A line that names what the money could be worked out with; empty where it was, or where
    there is none."""
    if decision.money or not decision.money_needs:
        return ""
    names = decision.messages.listing(decision.answer_texts.money_needs)
    return decision.messages("money_needs_answers", names=names)


def _ranges(money: Money) -> bool:
    """Whether any profit is a range and not one figure."""
    profits = (stream.profit_per_order for stream in money.channels)
    return any(profit.low != profit.high for profit in profits)


# ---- the table


def _table(money: Money, texts: MoneyTexts, messages: Messages, numbers: Numbers) -> Table:
    """An order line by line. The rows are its middle case and add up to the first of the totals;
    then come its worst and best, and what follows from them."""
    return Table(
        columns=tuple(Column(way_name(stream, messages)) for stream in money.channels),
        rows=(*_lines(money, texts, numbers), *_totals(money, texts, messages)),
        caption=messages("money_order"),
        layout="amounts",
    )


def _lines(money: Money, texts: MoneyTexts, numbers: Numbers) -> Iterator[Row]:
    """The lines of all ways of selling; those with the same label and source share a row."""
    rows: dict[tuple[str, str | None], dict[str, Decimal]] = {}
    lines = [(line, stream.stream) for stream in money.channels for line in stream.lines]
    for line, stream in sorted(lines, key=lambda entry: texts.order.index(entry[0].id)):
        rows.setdefault((line.label, line.fact), {})[stream] = line.middle
    for (label, fact), amounts in rows.items():
        cells = (
            Cell(usd(amounts[stream.stream]) if stream.stream in amounts else "")
            for stream in money.channels
        )
        yield Row(numbers.cited(label, [fact] if fact else []), tuple(cells))


def _totals(money: Money, texts: MoneyTexts, messages: Messages) -> Iterator[Row]:
    def total(key: str, cells: Iterable[str]) -> Row:
        return Row(Cited(messages(key)), tuple(map(Cell, cells)), strong=True)

    streams, ranges = money.channels, _ranges(money)
    profits = [stream.profit_per_order for stream in streams]
    middle = "money_profit_middle" if ranges else "money_profit"
    yield total(middle, (_amount(profit.middle) for profit in profits))
    if ranges:
        yield total("money_worst", (_amount(profit.low) for profit in profits))
        yield total("money_best", (_amount(profit.high) for profit in profits))
    if not any(stream.before_shipping for stream in streams):
        prices = (
            lowest_price(stream, messages, incomplete=stream.stream in texts.incomplete)
            for stream in streams
        )
        yield total("money_lowest_price", prices)
    if texts.comparable and any(stream.break_even_multiple for stream in streams):
        multiples = (_multiple(stream.break_even_multiple, messages) for stream in streams)
        yield total("money_times", multiples)


def _amount(amount: Decimal | None) -> str:
    return _NONE if amount is None else usd(amount)


def _multiple(multiple: Span | None, messages: Messages) -> str:
    if multiple is None:
        return ""
    if multiple.low is None or multiple.high == 0:
        return _NONE
    if multiple.high is None:
        return messages("money_or_more", low=_for_ten(multiple.low))
    return span(multiple, _for_ten, messages)


def _for_ten(multiple: Decimal) -> str:
    """How many orders earn as much as ten of the reference."""
    return f"{(10 * multiple).quantize(_TENTH, ROUND_HALF_UP):,f}"


def _bar(stream: StreamMoney, messages: Messages) -> Bar:
    low, middle, high = (end or _ZERO for end in stream.profit_per_order)
    text = span(Span(low, middle, high), usd, messages)
    return Bar(way_name(stream, messages), low, middle, high, text)


# ---- sentences


def _remarks(
    money: Money, texts: MoneyTexts, messages: Messages, numbers: Numbers
) -> Iterator[Cited]:
    """What is worth saying below the table."""
    paying = [way for way in money.channels if texts.commission in {line.id for line in way.lines}]
    if paying and texts.incomplete.isdisjoint(stream.stream for stream in paying):
        most = money.max_creator_commission
        key = "money_max_commission" if most is not None else "money_max_commission_none"
        yield Cited(messages(key, percent=percent(most or _ZERO)))
    if money.hybrid:
        yield _hybrid(money.hybrid, messages, numbers)
    yield from map(Cited, texts.notes)


def _hybrid(hybrid: Hybrid, messages: Messages, numbers: Numbers) -> Cited:
    """Whether the lead product pays, and how many of its buyers must buy the main item."""
    lead, main, share, facts = hybrid
    words = {"lead": span(lead, usd, messages), "main": span(main, usd, messages)}
    if main.middle is not None and main.middle <= 0:
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
        words["share"] = span(share, percent, messages)
    return numbers.cited(messages(key, **words), facts)


def _cash(money: Money, texts: MoneyTexts, messages: Messages, numbers: Numbers) -> Iterator[Cited]:
    """What has to be paid first, and how long it takes to come back."""
    cash = money.cash
    if cash.stock:
        yield Cited(messages("money_stock", amount=round_usd(cash.stock)))
    if cash.deposit:
        low, high = abs(cash.deposit.high), abs(cash.deposit.low)
        amount = span(Span(min(low, high), None, max(low, high)), round_usd, messages)
        text = messages("money_deposit", label=cash.deposit.label, amount=amount)
        yield numbers.cited(text, [cash.deposit.fact] if cash.deposit.fact else [])
    alike: dict[object, list[StreamCash]] = {}
    for stream in cash.streams:
        if not stream.most_out and not stream.lines:
            continue  # nothing is paid first, as with a course
        alike.setdefault((stream.days, stream.lines, stream.most_out), []).append(stream)
    ways = {stream.stream: stream for stream in money.channels}
    for streams in alike.values():
        first = streams[0]
        tied = tied_up(
            ways[first.stream], first, messages, incomplete=first.stream in texts.incomplete
        )
        extra = texts.days_left_out.get(first.stream, ())
        yield _stream_cash(streams, tied, deposit_of(first, cash) > 0, extra, messages, numbers)


def _stream_cash(
    streams: list[StreamCash],
    tied: str,
    deposit: bool,
    extra: tuple[str, ...],
    messages: Messages,
    numbers: Numbers,
) -> Cited:
    """On ways of selling whose money comes back alike, but for a deposit; `extra` names the days
    that nobody gave."""
    stream = streams[0]
    words = {"stream": " / ".join(stream.name for stream in streams), "tied": tied}
    if not stream.lines:
        return Cited(messages("money_back_unknown", **words))
    key = "money_back_deposit" if deposit else "money_back"
    key = key if stream.most_out else "money_back_unpaid"
    texts = [messages(key, days=days_back(stream, messages, each=True), **words)]
    if extra:
        texts.append(messages("money_days_not_counted", texts=messages.together(extra)))
    facts = [line.fact for line in stream.lines if line.fact]
    return numbers.cited(messages.sentences(texts), facts)


def _curve(stream: StreamCash, name: str, messages: Messages) -> Curve:
    points = messages.listing(
        messages("money_on_day", day=whole(day), amount=round_usd(amount))
        for day, amount in dict(stream.path).items()  # of a day, what is left at its end
    )
    text = messages("answer_is", question=name, answer=points)
    return Curve(name, stream.path, text)


def _months(
    money: Money, texts: MoneyTexts, messages: Messages, numbers: Numbers
) -> Iterator[Cited]:
    """A month by way of selling; where it depends on the rule of thumb, that is said."""
    for stream in money.channels:
        if stream.monthly:
            by_rule = texts.rule in money.summary_facts and stream.break_even_multiple
            text = messages(
                "money_month_by_rule" if by_rule else "money_month",
                stream=way_name(stream, messages),
                orders=span(stream.monthly.orders, short, messages),
                profit=span(stream.monthly.profit, usd, messages),
            )
            yield numbers.cited(text, [texts.rule] if by_rule else ())
