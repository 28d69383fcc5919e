"""The written form of money.yaml. A room of pydantic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from choose_channel.form_parts import Condition, Form, Id, Number, QuestionId, TextForm

Kind = Literal[
    "price",
    "tax",
    "percent",
    "amount",
    "returns",
    "pressure",
    "deposit",
    "monthly",
    "days",
]


class InputForm(Form):
    """A number that the money is worked out of."""

    asked: bool = False
    short: TextForm
    title: TextForm
    help: TextForm
    applies: Condition = {}
    unit: Literal["", "usd", "percent", "days"] = ""
    whole: bool = False
    minimum: Number = 0
    above: bool = False
    maximum: Number = 1_000_000_000


class StreamForm(Form):
    """A way of selling whose money is worked out."""

    channel: str
    name: TextForm
    when: Condition = {}
    note: TextForm | None = None


class LineForm(Form):
    """A line of the money."""

    label: TextForm
    kind: Kind
    base: str = "price"
    streams: Annotated[list[str], Field(min_length=1)]
    when: Condition = {}
    input: str | None = None
    facts: list[str] = []
    part: str = ""
    returned: Literal["lost", "refunded", "only"] = "lost"
    at_most: Number | None = None
    absent: TextForm | None = None


class MarginForm(Form):
    """A state of the margin."""

    streams: Annotated[list[str], Field(min_length=1)]
    case: Literal["low", "middle", "high"]
    at_most: Number
    warning: TextForm | None = None


class RolesForm(Form):
    """Which entry plays which part in the sums."""

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


class MoneyForm(Form):
    """money.yaml; empty where there is no money to work out."""

    roles: RolesForm | None = None
    inputs: dict[QuestionId, InputForm] = {}
    streams: dict[Id, StreamForm] = {}
    lines: dict[Id, LineForm] = {}
    margins: dict[Id, MarginForm] = {}
