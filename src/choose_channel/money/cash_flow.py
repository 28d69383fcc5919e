"""The cash that is put up before anything comes back, and for how many days. Pure."""

from __future__ import annotations

from decimal import Decimal

from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Charge, Stream
from choose_channel.money.format import percent, span
from choose_channel.money.order import Figure
from choose_channel.money.results import Cash, MoneyLine, Span, StreamCash
from choose_channel.money.unit_economics import Economics

_USUAL_PIECES = Decimal(100)
_ZERO = Decimal(0)
_RATES = ("tax", "percent", "pressure", "returns")


def cash_of(sums: Economics, messages: Messages) -> Cash:
    """Stock, deposit and days, and the cash in hand on the way."""
    return _Outlay(sums, messages).cash()


def line_of(
    sums: Economics,
    messages: Messages,
    charge: Charge,
    low: Decimal,
    middle: Decimal,
    high: Decimal,
) -> MoneyLine:
    """A line as it is shown: a rate stands beside its name."""
    figure = sums.figures[charge.id]
    label = messages.text(charge.label)
    if charge.kind in _RATES:
        label = messages(
            "money_rated", label=label, rate=rate_of(figure, messages, "money_rate_range")
        )
    return MoneyLine(charge.id, label, low, middle, high, figure.fact, figure.input)


def rate_of(figure: Figure, messages: Messages, phrase: str = "money_usual_rate") -> str:
    """The rate that counts in the middle, and the usual ones around it."""
    if figure.worst == figure.best:
        return percent(figure.middle)
    low, high = sorted((figure.best, figure.worst))
    usual = span(Span(low, figure.middle, high), percent, messages)
    return messages(phrase, middle=percent(figure.middle), rate=usual)


def parcels(sums: Economics, stream: Stream) -> list[Charge]:
    """The amounts beside the goods that only the seller can know, with a figure or without: what
    is paid when an order ships."""
    return [
        charge
        for charge in sums.charges_of(stream)
        if charge.kind == "amount" and not charge.facts and charge.input != sums.roles.unit_cost
    ]


class _Outlay:
    def __init__(self, sums: Economics, messages: Messages) -> None:
        self.sums, self.messages = sums, messages
        pieces = sums.economy.inputs[sums.roles.pieces]
        self.pieces = sums.inputs.get(pieces.id, _USUAL_PIECES)
        self.goods = self.pieces * (sums.unit_cost or _ZERO)
        self.stocked = sums.holds(pieces.applies)
        """Whether goods are paid before they are sold; software, say, is not."""

    def cash(self) -> Cash:
        deposits = self._lines("deposit", self.sums.charges)
        return Cash(
            pieces=self.pieces,
            stock=self.goods if self.stocked else _ZERO,
            deposit=deposits[0] if deposits else None,
            streams=tuple(map(self._stream, self.sums.streams)),
        )

    def _lines(self, kind: str, charges: list[Charge]) -> tuple[MoneyLine, ...]:
        """Days and dollars that are no part of an order, from best to worst."""
        found = []
        for charge in charges:
            figure = self.sums.figures.get(charge.id)
            if charge.kind == kind and figure:
                ends = figure.best, figure.middle, figure.worst
                found.append(line_of(self.sums, self.messages, charge, *ends))
        return tuple(found)

    def _stream(self, stream: Stream) -> StreamCash:
        lines = self._lines("days", self.sums.charges_of(stream))
        low, middle, high = (
            sum((getattr(line, end) for line in lines), _ZERO) for end in ("low", "middle", "high")
        )
        deposits = self._lines("deposit", self.sums.charges_of(stream))
        dearest = sum((one.high - one.middle for one in deposits), _ZERO)
        restock = sum((one.middle for one in lines if one.id == self.sums.roles.restock), _ZERO)
        path = self._path(stream, restock, middle)
        return StreamCash(
            id=stream.channel,
            stream=stream.id,
            name=self.messages.text(stream.name),
            days=Span(low, middle, high),
            lines=lines,
            path=path,
            most_out=dearest - min(amount for _, amount in path),
        )

    def _path(
        self, stream: Stream, shipped: Decimal, end: Decimal
    ) -> tuple[tuple[Decimal, Decimal], ...]:
        """Goods and deposit are paid first, parcels when orders ship, all else out of the payout.
        What comes back is goods, not money."""
        sums, middle = self.sums, self.sums.cases()[1]
        paid = sums.charges_of(stream)
        deposit = sum((line.middle for line in self._lines("deposit", paid)), _ZERO)
        out = deposit + (self.goods if self.stocked else _ZERO)
        goods = [charge.id for charge in paid if charge.input == sums.roles.unit_cost]
        taken = sums.order(stream, {**middle, **dict.fromkeys(goods, _ZERO)})
        sent = sum((taken.lines.get(one.id, _ZERO) for one in parcels(sums, stream)), _ZERO)
        path = [(_ZERO, -out)]
        if sent:
            path.append((shipped, self.pieces * sent - out))
        path.append((end, self.pieces * taken.profit - deposit - self.goods))
        return tuple(path)
