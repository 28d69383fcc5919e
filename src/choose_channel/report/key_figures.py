"""The numbers of the first screen: what each way of selling leaves of an order; and of the way that
the verdict is about the break-even price, the highest commission and the cash tied up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from choose_channel.engine.decision import MoneyTexts
from choose_channel.messages.i18n import Messages
from choose_channel.money.format import days, percent, round_usd, usd
from choose_channel.money.results import Cash, Money, StreamCash, StreamMoney

_CENT = Decimal("0.01")
"""The lowest price there is: that it pays says nothing."""


class Way(NamedTuple):
    """A way of selling in numbers; `pays` is whether creators earn a commission of some way of its
    channel, `compared` whether the others are compared with it, `days_left_out` which of the days
    until the money is back nobody gave."""

    channel: str
    stream: str
    name: str
    before_shipping: bool
    profit: Decimal
    break_even_price: Decimal | None
    pays: bool
    compared: bool
    cash: StreamCash | None
    days_left_out: tuple[str, ...]


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
    way = (own or [one for one in ways if one.compared] or ways)[0]
    return KeyFigures(
        tuple(ways),
        way,
        commission if way.pays and not way.before_shipping else None,
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


def tied_up(amount: Decimal, messages: Messages, *, before_shipping: bool) -> str:
    """How much cash is tied up: at least so much where shipping is still to be paid from it."""
    key = "cash_at_least" if before_shipping else "cash_up_to"
    return messages(key, cash=round_usd(amount))


def of_decision(money: Money, texts: MoneyTexts, channel: str | None) -> KeyFigures:
    """The figures of a decision whose verdict is about a channel."""
    paying = {way.id for way in money.channels for line in way.lines if line.id == texts.commission}
    cash = {one.stream: one for one in money.cash.streams}
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
            texts.days_left_out.get(way.stream, ()),
        )
        for way in money.channels
    ]
    most, comparable = money.max_creator_commission, texts.comparable
    return key_figures(ways, channel, most, money.cash, comparable=comparable)


def way_name(way: Way | StreamMoney, messages: Messages) -> str:
    """The name of a way of selling, marked where what shipping costs is not known."""
    marks = [messages("money_before_shipping")] if way.before_shipping else []
    return messages.listing([way.name, *marks])


def known_lowest(way: StreamMoney | Way) -> Decimal | None:
    """The lowest profitable price; None where there is none, and where shipping is not known, which
    would raise it."""
    return None if way.before_shipping else way.break_even_price


def lowest_price(price: Decimal | None, messages: Messages) -> str:
    """The lowest profitable price: a dash where none is, and "any" where an order costs nothing."""
    if price is None:
        return "–"
    return messages("money_any_price") if price <= _CENT else usd(price)


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
    price = known_lowest(figures.way)
    if price is not None and price > _CENT:
        yield messages("summary_lowest", price=usd(price))
    cash, way = figures.cash, figures.way
    if cash:
        text = tied_up(cash.most_out, messages, before_shipping=way.before_shipping)
        if figures.pieces:
            text = messages("summary_stocked", text=text, pieces=f"{figures.pieces:,}")
        if cash.lines:
            key = "summary_cash_deposit" if figures.deposit else "summary_cash"
            deposit, back = round_usd(figures.deposit), _days_back(way, cash, messages)
            text = messages(key, tied=text, deposit=deposit, days=back)
        yield text


def _days_back(way: Way, cash: StreamCash, messages: Messages) -> str:
    """How long it takes until the money is back, and what is left out of it."""
    known = days(cash.days, messages)
    if not way.days_left_out:
        return known
    return messages("summary_days_more", days=known, texts=messages.together(way.days_left_out))


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
    profits = tuple((way_name(one, messages), usd(one.profit)) for one in figures.ways)
    apart = "" if figures.comparable else messages("figure_apart")
    yield Tile(messages("figure_profit"), note=apart, ways=profits)
    most = figures.commission
    note = "" if most is None else messages("summary_commission", percent=percent(most))
    if not way.before_shipping:
        price = lowest_price(way.break_even_price, messages)
        yield Tile(messages("figure_price", way=way.name), price, note)
    if cash:
        deposit = round_usd(figures.deposit)
        notes = [messages("figure_deposit", deposit=deposit)] if figures.deposit else []
        notes += (
            [messages("figure_days", days=_days_back(way, cash, messages))] if cash.lines else []
        )
        notes += [messages("figure_pieces", pieces=f"{pieces:,}")] if pieces else []
        amount = round_usd(cash.most_out)
        yield Tile(messages("figure_cash", way=way.name), amount, messages.listing(notes))
