"""The nouns of the money: what money.yaml describes. Frozen data, standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from choose_channel.conditions import Condition
from choose_channel.wording import Text

if TYPE_CHECKING:
    from choose_channel.model import Question


ORDER_KINDS = ("price", "tax", "percent", "amount", "returns", "pressure")
"""The kinds of lines that make up an order."""


class Stream(NamedTuple):
    """A way of selling whose money is worked out, where its condition holds.

    One of another channel than the two that are compared sells the lead product.
    """

    id: str
    channel: str
    name: Text
    when: Condition
    note: Text | None
    """What a report says of the money where the channel is recommended or aimed at."""


class Charge(NamedTuple):
    """A line of the money: what an order brings or costs, cash put up, or days to wait.

    `kind` says what its figure is: `price` (the price itself), `tax` (percent, contained in the
    price), `percent` (of `base`: the price, the price net of tax, or a line above), `amount` (US
    dollars an order), `returns` (percent of orders that come back), `pressure` (percent by which
    others undercut, in the worst case only), `deposit` (US dollars once), `monthly` (US dollars a
    month) or `days`. The figure is the seller's `input`, else the fact for their market (`part` of
    it, where it has named numbers), else that of the line that an amount names as its `base`.
    When an order comes back a line is `lost`, `refunded`, or arises `only` then. `absent` says
    what it means that there is no figure.
    """

    id: str
    label: Text
    kind: str
    base: str
    streams: tuple[str, ...]
    when: Condition
    input: str | None
    facts: tuple[str, ...]
    part: str
    returned: str
    at_most: Decimal | None
    absent: Text | None


class Margin(NamedTuple):
    """A state of the margin: each of these streams that there is leaves at most `at_most` percent
    of the price in this case (low, middle, high). `warning` is said before anything else."""

    id: str
    streams: tuple[str, ...]
    case: str
    at_most: Decimal
    warning: Text | None


class Roles(NamedTuple):
    """Which question, input, stream, line or fact plays which part in the sums."""

    price: str
    market: str
    margin: str
    healthy: str
    unit_cost: str
    restock: str
    pieces: str
    views: str
    orders_per_1000: str
    lead_price: str
    lead_cost: str
    commission: str
    reference: str
    compared: str
    multiple: str
    own_multiple: str


class Economy(NamedTuple):
    """money.yaml: the inputs, what is worked out of them, and how; without roles, nothing is."""

    roles: Roles | None
    inputs: Mapping[str, Question]
    asked: tuple[str, ...]
    streams: Mapping[str, Stream]
    charges: Mapping[str, Charge]
    margins: tuple[Margin, ...]
