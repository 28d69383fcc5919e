"""The cash that is put up before anything comes back, and for how many days."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import LINE_KINDS, Line, Stream
from choose_channel.money.format import Span, percent, span
from choose_channel.money.order import FeeSchedule, Figure, cents
from choose_channel.money.results import Cash, LineSpan, StreamCash
from choose_channel.money.unit_economics import Economics

_ZERO = Decimal(0)


def cash_of(economics: Economics, messages: Messages) -> Cash:
    """Stock, deposit and days, and the cash in hand on the way."""
    deposits = _lines_of_kind("deposit", economics.lines, economics, messages)
    return Cash(
        pieces=_pieces(economics),
        stock=_stock(economics),
        deposit=deposits[0] if deposits else None,
        streams=tuple(_stream_cash(stream, economics, messages) for stream in economics.streams),
    )


def line_span(
    line: Line, ends: tuple[Decimal, Decimal, Decimal], economics: Economics, messages: Messages
) -> LineSpan:
    """A line as it is shown, with its low, middle and high amount; a rate stands beside its
    name."""
    low, middle, high = ends
    figure = economics.figure(line.id)
    assert figure is not None, "a line without a figure has no amounts"
    label = messages.text(line.label)
    if LINE_KINDS[line.kind].percent:
        rate = rate_of(figure, messages, "money_rate_range")
        label = messages("money_rated", label=label, rate=rate)
    return LineSpan(line.id, label, low, middle, high, figure.fact, figure.input)


def rate_of(figure: Figure, messages: Messages, phrase: str = "money_usual_rate") -> str:
    """The rate that counts in the middle, and the usual ones around it."""
    if not figure.is_range:
        return percent(figure.middle)
    if figure.middle == figure.best:  # it counts in the worst case only
        return messages("money_rate_at_worst", rate=percent(figure.worst))
    low, high = sorted((figure.best, figure.worst))
    usual = span(Span(low, figure.middle, high), percent, messages)
    return messages(phrase, middle=percent(figure.middle), rate=usual)


def shipping_lines(stream: Stream, economics: Economics) -> list[Line]:
    """The amounts, other than the goods, that only the seller can know, with a figure or without:
    what is paid when an order ships."""
    goods = economics.roles.unit_cost
    return [
        line
        for line in economics.lines_of(stream)
        if line.kind == "amount" and not line.facts and line.input != goods
    ]


def _pieces(economics: Economics) -> Decimal:
    name = economics.roles.pieces
    assumed = economics.economy.inputs[name].assumed
    assert isinstance(assumed, Decimal), "its role needs one"
    return economics.inputs.get(name, assumed)


def _stock(economics: Economics) -> Decimal:
    """What the first pieces cost; nothing where goods are not paid before they are sold, as with
    software."""
    stocked = economics.holds(economics.economy.inputs[economics.roles.pieces].applies)
    return _goods(economics) if stocked else _ZERO


def _goods(economics: Economics) -> Decimal:
    return _pieces(economics) * (economics.unit_cost or _ZERO)


def _lines_of_kind(
    kind: str, lines: Iterable[Line], economics: Economics, messages: Messages
) -> tuple[LineSpan, ...]:
    """Days or dollars that are no part of an order, each from best to worst."""
    spans = []
    for line in lines:
        figure = economics.figure(line.id) if line.kind == kind else None
        if figure:
            ends = figure.best, figure.middle, figure.worst
            spans.append(line_span(line, ends, economics, messages))
    return tuple(spans)


def _stream_cash(stream: Stream, economics: Economics, messages: Messages) -> StreamCash:
    paid = economics.lines_of(stream)
    lines = _lines_of_kind("days", paid, economics, messages)
    low, middle, high = (
        sum((getattr(line, end) for line in lines), _ZERO) for end in ("low", "middle", "high")
    )
    deposits = _lines_of_kind("deposit", paid, economics, messages)
    more = sum((line.high - line.middle for line in deposits), _ZERO)
    restock = economics.roles.restock
    shipped = sum((line.middle for line in lines if line.id == restock), _ZERO)
    deposit = sum((line.middle for line in deposits), _ZERO)
    path = _path(stream, economics, deposit, shipped, middle)
    return StreamCash(
        id=stream.channel,
        stream=stream.id,
        name=messages.text(stream.name),
        days=Span(low, middle, high),
        lines=lines,
        path=path,
        most_out=more - min(amount for _, amount in path),
    )


def _path(
    stream: Stream, economics: Economics, deposit: Decimal, shipped: Decimal, end: Decimal
) -> tuple[tuple[Decimal, Decimal], ...]:
    """The cash in hand from day 0 over the day on which orders ship to the payout at the end.

    Goods and deposit are paid first, parcels when orders ship, all else out of the payout. Of
    orders that come back the goods are there again, not the money paid for them.
    """
    pieces, goods = _pieces(economics), _goods(economics)
    out = deposit + _stock(economics)
    paid = economics.lines_of(stream)
    bought = [line.id for line in paid if line.input == economics.roles.unit_cost]
    figures = {**economics.middle_figures(stream), **dict.fromkeys(bought, _ZERO)}
    order = FeeSchedule(paid, figures).order(cents(economics.price or _ZERO))
    sent = sum(
        (order.lines.get(line.id, _ZERO) for line in shipping_lines(stream, economics)), _ZERO
    )
    path = [(_ZERO, -out)]
    if sent:
        path.append((shipped, pieces * sent - out))
    path.append((end, pieces * order.profit - deposit - goods))
    return tuple(path)
