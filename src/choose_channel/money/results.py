"""The money of a decision: what a report shows, in US dollars, percent and days.

Every figure that depends on a range is a `Span`. Amounts are exact to the cent.
"""

from decimal import Decimal
from typing import NamedTuple

from choose_channel.money.format import Span


class LineSpan(NamedTuple):
    """What one line adds to an order (above 0) or takes from it; also days, for cash.

    `fact` is the id of the dated figure behind it; `input` is set where the seller's own figure
    takes its place.
    """

    id: str
    label: str
    low: Decimal
    middle: Decimal
    high: Decimal
    fact: str | None
    input: str | None


class Monthly(NamedTuple):
    """A month at the seller's own views and conversion."""

    orders: Span
    profit: Span


class StreamMoney(NamedTuple):
    """One way of selling: the lines of an order and what is left of it.

    `id` is the channel and `stream` the way of selling; a channel may have several, as with one's
    own videos and those of creators. The lines add up to the profit in each of the three cases.
    """

    id: str
    stream: str
    name: str
    before_shipping: bool
    lines: tuple[LineSpan, ...]
    profit_per_order: Span
    break_even_price: Decimal | None
    break_even_multiple: Span | None
    """How many times the orders of the link it must bring to earn the same; None for the link."""
    monthly: Monthly | None


class StreamCash(NamedTuple):
    """Days from paying the factory to having the payout, and the cash on the way there.

    `path` holds (day, dollars in hand since the start) from day 0 on, at the middle figures.
    """

    id: str
    stream: str
    name: str
    days: Span
    lines: tuple[LineSpan, ...]
    path: tuple[tuple[Decimal, Decimal], ...]
    most_out: Decimal
    """The most cash that is tied up at any time, with the deposit at its highest."""


class Cash(NamedTuple):
    """What has to be paid before anything comes back, for a first order of so many pieces."""

    pieces: Decimal
    stock: Decimal
    deposit: LineSpan | None
    streams: tuple[StreamCash, ...]


class Hybrid(NamedTuple):
    """What a starter item earns or loses, and how many of its buyers (percent) must buy the main
    item to make up for it; more than 100 cannot be."""

    lead_profit: Span
    main_profit: Span
    share: Span
    facts: tuple[str, ...]
    """The facts behind what the starter item leaves."""


class Money(NamedTuple):
    """Everything about the money, in the seller's language."""

    market: str
    margin: str
    warning: str | None
    """Where orders lose, or a usual commission eats the profit: to be said before anything else."""
    summary: str
    """The comparison in a sentence, and what it leaves out."""
    summary_facts: tuple[str, ...]
    """The facts that the summary and the months speak of."""
    channels: tuple[StreamMoney, ...]
    """The ways of selling; records call them channels."""
    break_even_multiple: Span | None
    max_creator_commission: Decimal | None
    """The highest commission, in percent, that leaves no loss at the middle figures; None where
    even none at all loses."""
    break_even_price: Decimal | None
    """The lowest price at which some way of selling makes no loss at the middle figures."""
    cash: Cash
    hybrid: Hybrid | None
    notices: tuple[str, ...]
    """What is not counted, and why."""
    own: tuple[str, ...]
    """The inputs that took the place of a fact."""

    def facts(self) -> list[str]:
        """The facts behind the figures, in the order in which they are shown."""
        lines = [line for way in self.channels for line in way.lines]
        lines += [self.cash.deposit] if self.cash.deposit else []
        lines += [line for stream in self.cash.streams for line in stream.lines]
        lead = self.hybrid.facts if self.hybrid else ()
        shown = [line.fact for line in lines if line.fact]
        return list(dict.fromkeys([*self.summary_facts, *shown, *lead]))
