"""The numbers of the first screen: what each way of selling leaves of an order; and of the way that
the verdict is about the break-even price, the highest commission and the cash tied up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from choose_channel.engine.decision import MoneyTexts
from choose_channel.messages.i18n import Messages
from choose_channel.money.format import Span, days, percent, round_usd, usd
from choose_channel.money.results import Cash, Money, StreamCash, StreamMoney

_CENT = Decimal("0.01")
"""The lowest price there is: that it pays says nothing."""


class Way(NamedTuple):
    """A way of selling in numbers; `pays` is whether creators earn a commission of some way of its
    channel, `compared` whether the others are compared with it, `incomplete` whether an order costs
    more than is known."""

    channel: str
    stream: str
    name: str
    before_shipping: bool
    profit: Decimal
    break_even_price: Decimal | None
    pays: bool
    compared: bool
    cash: StreamCash | None
    incomplete: bool


class KeyFigures(NamedTuple):
    """All ways, and the figures of the one that the verdict is about. `pieces` are the units of a
    first order whose stock is in the cash, `deposit` is the part that stays with the platform;
    the ways are `comparable` where no cost is missing that sets them apart."""

    ways: tuple[Way, ...]
    way: Way
    commission: Decimal | None
    cash: StreamCash | None
    pieces: Decimal | None
    deposit: Decimal
    comparable: bool


def key_figures(
    ways: Sequence[Way],
    channel: str | None,
    commission: Decimal | None,
    cash: Cash,
    *,
    comparable: bool,
) -> KeyFigures:
    """The figures where the verdict is about a channel, and creators can be paid at most this
    commission. A channel that sells the item through others stands for the way that the others are
    compared with."""
    own = [way for way in ways if way.channel == channel]
    way = (own or [way for way in ways if way.compared] or ways)[0]
    return KeyFigures(
        tuple(ways),
        way,
        commission if way.pays and not way.incomplete else None,
        way.cash if way.cash and way.cash.most_out else None,
        cash.pieces if cash.stock else None,
        deposit_of(way.cash, cash) if way.cash else Decimal(0),
        comparable,
    )


def deposit_of(stream: StreamCash, cash: Cash) -> Decimal:
    """The deposit at its highest, where this way of selling pays it: on the first day more is paid
    than the stock then."""
    if cash.deposit is None or -stream.path[0][1] == cash.stock:
        return Decimal(0)
    return max(abs(cash.deposit.low), abs(cash.deposit.high))


def tied_up(
    way: Way | StreamMoney, cash: StreamCash, messages: Messages, *, incomplete: bool
) -> str:
    """How much cash is tied up: at least so much where shipping or more is paid from it."""
    key = "cash_at_least" if incomplete else "cash_up_to"
    key = "cash_before_shipping" if way.before_shipping else key
    return messages(key, cash=round_usd(cash.most_out))


def days_back(cash: StreamCash, messages: Messages, *, each: bool = False) -> str:
    """How long it takes until the money is back, and what is waited for; `each` for how long."""
    parts = [line.label for line in cash.lines]
    if each and len(parts) > 1:
        parts = [
            messages("answer_is", question=line.label, answer=days(Span(*line[2:5]), messages))
            for line in cash.lines
        ]
    key = "cash_days_one" if len(parts) == 1 else "cash_days"
    return messages(key, days=days(cash.days, messages), parts=" + ".join(parts))


def of_decision(money: Money, texts: MoneyTexts, channel: str | None) -> KeyFigures:
    """The figures of a decision whose verdict is about a channel."""
    paying = {way.id for way in money.channels for line in way.lines if line.id == texts.commission}
    cash = {way.stream: way for way in money.cash.streams}
    ways = [
        Way(
            way.id,
            way.stream,
            way.name,
            way.before_shipping,
            way.profit_per_order.middle or Decimal(0),
            way.break_even_price,
            way.id in paying,
            way.break_even_multiple is None,
            cash.get(way.stream),
            way.stream in texts.incomplete,
        )
        for way in money.channels
    ]
    most, comparable = money.max_creator_commission, texts.comparable
    return key_figures(ways, channel, most, money.cash, comparable=comparable)


def way_name(way: Way | StreamMoney, messages: Messages) -> str:
    """The name of a way of selling, marked where what shipping costs is not known."""
    marks = [messages("money_before_shipping")] if way.before_shipping else []
    return messages.listing([way.name, *marks])


def lowest_price(way: StreamMoney | Way, messages: Messages, *, incomplete: bool) -> str:
    """The lowest profitable price, as the least that it can be where a cost is not known: a dash
    where no price is, or where shipping is not known, and "any" where an order costs nothing."""
    price = way.break_even_price
    if price is None or way.before_shipping:
        return "–"
    if price <= _CENT:
        return messages("money_any_price")
    return messages("amount_at_least", low=usd(price)) if incomplete else usd(price)


# ---- as sentences


def profits(figures: KeyFigures, messages: Messages) -> str:
    """What each way of selling leaves of an order, and which of them before shipping; and what can
    be paid to creators."""
    marked = [way.before_shipping for way in figures.ways]
    key = "summary_left_before" if all(marked) else "summary_left"
    if not figures.comparable or (any(marked) and not all(marked)):
        key = "summary_left_apart"
    texts = []
    for way in figures.ways:
        before = way.before_shipping and key == "summary_left_apart"
        named = "summary_way_before" if before else "summary_way"
        texts.append(messages(named, way=way.name, left=usd(way.profit)))
    sentence = messages(key, ways=messages.listing(texts))
    if figures.commission is None:
        return sentence
    most = messages("summary_commission", percent=percent(figures.commission))
    return messages("summary_pay", left=sentence, most=most)


def numbers(figures: KeyFigures, messages: Messages) -> Iterator[str]:
    """The figures of the way that the verdict is about."""
    cash, way = figures.cash, figures.way
    if not way.before_shipping and way.break_even_price and way.break_even_price > _CENT:
        price = lowest_price(way, messages, incomplete=way.incomplete)
        yield messages("summary_lowest", price=price)
    if cash:
        text = tied_up(way, cash, messages, incomplete=way.incomplete)
        if figures.pieces:
            text = messages("summary_stocked", text=text, pieces=f"{figures.pieces:,}")
        if cash.lines:
            key = "summary_back_deposit" if figures.deposit else "summary_back"
            deposit, back = round_usd(figures.deposit), days_back(cash, messages)
            text = messages(key, tied=text, deposit=deposit, days=back)
        yield text


# ---- number by number


class Tile(NamedTuple):
    """A number by itself: what it is, how much, and what to know beside it; where it is told by way
    of selling, `ways` holds the name of each and its amount."""

    label: str
    value: str = ""
    note: str = ""
    ways: tuple[tuple[str, str], ...] = ()


def tiles(figures: KeyFigures, messages: Messages) -> Iterator[Tile]:
    """The same as the sentences."""
    way, cash, pieces = figures.way, figures.cash, figures.pieces
    profits = tuple((way_name(stream, messages), usd(stream.profit)) for stream in figures.ways)
    apart = "" if figures.comparable else messages("figure_apart")
    yield Tile(messages("figure_profit"), note=apart, ways=profits)
    most = figures.commission
    note = "" if most is None else messages("summary_commission", percent=percent(most))
    if not way.before_shipping:
        price = lowest_price(way, messages, incomplete=way.incomplete)
        yield Tile(messages("figure_price", way=way.name), price, note)
    if cash:
        notes = [messages("figure_pieces", pieces=f"{pieces:,}")] if pieces else []
        if figures.deposit:
            notes.append(messages("figure_deposit", deposit=round_usd(figures.deposit)))
        if cash.lines:
            key = "figure_days_rest" if figures.deposit else "figure_days"
            notes.append(messages(key, days=days_back(cash, messages)))
        amount = round_usd(cash.most_out)
        if way.incomplete:
            amount = messages("amount_at_least", low=amount)
        yield Tile(messages("figure_cash", way=way.name), amount, messages.clauses(notes))
