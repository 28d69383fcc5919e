"""The files of a rulebook as pydantic models: which keys an entry has, and what they may hold.

What needs other entries to be judged is in references.py. A new text of an entry is a line here and
a line in the class of that entry in model/rulebook.py.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from choose_channel.answers.kinds import KINDS, name_of
from choose_channel.model.rulebook import LINE_KINDS, ROLES, Phase, Severity

# ---- values


def _plain(text: str) -> str:
    """A space for each character that cannot be seen but moves others, as marks of direction do."""
    if text.replace("\n", "").isprintable():  # nearly always
        return text
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _joined_with_spaces(text: str) -> str:
    """The text on one line: an author may break lines anywhere."""
    text = _plain(text).strip()
    return re.sub(r"\s*\n\s*", " ", text) if "\n" in text else text


def _joined_without_spaces(text: str) -> str:
    """The same for Chinese: a space only where two Latin words or numbers would meet."""
    text = _plain(text).strip()
    if "\n" in text:
        text = re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", text)
        text = re.sub(r"\s*\n\s*", "", text)
    return text


_LENGTH = Field(min_length=1, max_length=4000)
OneLine = Annotated[str, AfterValidator(_joined_with_spaces), _LENGTH]
ChineseOneLine = Annotated[str, AfterValidator(_joined_without_spaces), _LENGTH]


def _date(text: str) -> str:
    """An ISO date that the calendar has."""
    datetime.date.fromisoformat(text)
    return text


Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_date)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=1000)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=80)]
QuestionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=80)]
"""Becomes a flag and the name of an environment variable."""
Count = Annotated[int, Field(ge=0)]
Points = Annotated[int, Field(ge=-50, le=50)]


def _number(value: Any) -> Any:
    """One problem for what is no number, instead of one each for int and float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticCustomError("number_type", "no number")
    return value


Number = Annotated[int | float, BeforeValidator(_number, json_schema_input_type=int | float)]
Condition = dict[str, Any]


def _listed(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [name_of(item) if isinstance(item, bool) else item for item in value]


Choices = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=list[str | bool])]
"""Names of choices; those of a yes-or-no question are written true and false."""


def _named(value: Any) -> Any:
    return name_of(value) if isinstance(value, bool) else value


ChoiceName = Annotated[str, BeforeValidator(_named, json_schema_input_type=str | bool)]


class Form(BaseModel):
    """A mapping in a file. Unknown keys are refused, and types are not converted."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class TextForm(Form):
    """A text in both languages."""

    zh: ChineseOneLine
    en: OneLine


# ---- rulebook.yaml


class BalanceForm(Form):
    """More of an answer never moves the balance of fit from one channel to another."""

    question: str
    when: Condition = {}
    order: Choices = []
    towards: str
    away_from: str


class IndependenceForm(Form):
    """Some answers never change a channel's access."""

    channel: str
    questions: Annotated[list[str], Field(min_length=1)]
    unless: Condition = {}


class LawsForm(Form):
    """What must hold in every cell, beside what holds for every rulebook."""

    balances: list[BalanceForm] = []
    independences: list[IndependenceForm] = []


class WaiverForm(Form):
    """A finding of `rules check` that is known and meant."""

    finding: str
    entry: str
    reason: OneLine


class HeadForm(Form):
    """rulebook.yaml."""

    name: TextForm
    version: OneLine
    reviewed: Date
    base_fit: Count
    weak_below: Count
    close_within: Count
    dimensions: Annotated[dict[Id, TextForm], Field(min_length=1)]
    laws: LawsForm = LawsForm()
    waivers: list[WaiverForm] = []


# ---- questions.yaml


class ChoiceForm(Form):
    """One choice of a question."""

    label: TextForm
    place: TextForm | None = None
    example: TextForm | None = None
    aliases: list[OneLine] = []


class RewordingForm(Form):
    """What a question says instead to some sellers."""

    when: Annotated[Condition, Field(min_length=1)]
    short: TextForm | None = None
    title: TextForm | None = None
    help: TextForm | None = None
    examples: dict[Id, TextForm] = {}


if TYPE_CHECKING:  # a Literal of names that are known at run time only is a str to the type check
    QuestionType = str
else:
    QuestionType = Literal[tuple(KINDS)]


class QuestionForm(Form):
    """An entry of questions.yaml."""

    type: QuestionType
    core: bool
    always: bool = False
    short: TextForm
    title: TextForm
    help: TextForm
    columns: list[OneLine] = []
    worded_for: list[RewordingForm] = []
    change: TextForm | None = None
    choices: dict[Id, ChoiceForm] = {}
    applies: Condition = {}
    derived: bool = False
    assumed: str | bool | int | float | None = None
    effort: Annotated[int, Field(ge=1, le=9)] | None = None
    better: Choices = []
    advise: Choices = []
    advise_when: dict[str, Condition] = {}
    counts_as: dict[str, Condition] = {}
    resets: dict[str, dict[str, ChoiceName]] = {}
    facts: list[str] = []
    unit: Literal["", "usd"] = ""
    whole: bool = False
    minimum: Number = 0
    above: bool = False
    maximum: Number = 1_000_000_000


# ---- channels.yaml


class VariantForm(Form):
    """A way to play a channel."""

    name: TextForm
    do: TextForm | None = None
    aliases: list[Id] = []
    when: Condition = {}
    needs_open: list[str] = []


class ChannelForm(Form):
    """An entry of channels.yaml."""

    name: TextForm
    short: TextForm
    what: TextForm
    variants: Annotated[dict[Id, VariantForm], Field(min_length=1)]


# ---- gates.yaml, rules.yaml, pitfalls.yaml, plan.yaml


class AdviceForm(Form):
    """What all advice has: where it comes from and the facts behind its figures."""

    source: OneLine
    facts: list[str] = []


class GateForm(AdviceForm):
    """An entry of gates.yaml."""

    access: Literal["locked", "closed"]
    channels: Annotated[list[str], Field(min_length=1)]
    when: Condition | None = None
    when_no_variant: bool = False
    because: TextForm


class RuleForm(AdviceForm):
    """An entry of rules.yaml."""

    when: Condition
    dimension: str
    points: Annotated[dict[str, Points], Field(min_length=1)]
    because: TextForm


class PitfallForm(AdviceForm):
    """An entry of pitfalls.yaml."""

    same_as: str | None = None
    severity: Severity
    critical_when: Condition | None = None
    channels: list[str] = []
    gates: list[str] = []
    assumed: list[str] = []
    when: Condition = {}
    title: TextForm
    happens: TextForm
    why: TextForm
    avoid: TextForm


Sum = Literal["profit", "lowest_price", "commission", "multiple", "cash"]
"""What a step tells the seller to work out, and the money may have worked out already."""


class StepForm(AdviceForm):
    """An entry of plan.yaml."""

    phase: Phase
    channels: list[str] = []
    unlocks: list[str] = []
    early: bool = False
    settles: str | None = None
    sum: Sum | None = None
    needs: str | None = None
    when: Condition = {}
    title: TextForm
    text: TextForm
    done_when: TextForm
    takes: TextForm | None = None
    costs: TextForm | None = None


# ---- facts.yaml


class FactForm(Form):
    """An entry of facts.yaml."""

    market: str
    value: int | float | list[int | float] | dict[str, int | float] | None = None
    unit: OneLine = "-"
    as_of: Date | None = None
    checked: Date | None = None
    url: Url | None = None
    grade: Literal["official", "press", "vendor", "weak"]
    article: Literal["agrees", "partly", "conflicts", "silent"]
    unverified: bool = False
    says: TextForm
    source: TextForm


# ---- money.yaml

if TYPE_CHECKING:
    Kind = str
else:
    Kind = Literal[tuple(LINE_KINDS)]


class InputForm(Form):
    """A number that the money is worked out of."""

    asked: bool = False
    cites: list[str] = []
    short: TextForm
    title: TextForm
    help: TextForm
    columns: list[OneLine] = []
    worded_for: list[RewordingForm] = []
    applies: Condition = {}
    unit: Literal["", "usd", "percent", "days", "yuan_per_dollar"] = ""
    whole: bool = False
    minimum: Number = 0
    above: bool = False
    maximum: Number = 1_000_000_000
    assumed: Number | None = None
    """What is reckoned with where nobody gives it; most inputs have none, and are left out."""


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
    cites: list[str] = []
    part: str = ""
    required: bool = False
    optional: bool = False
    returned: Literal["lost", "refunded", "only"] = "lost"
    at_most: Number | None = None
    absent: TextForm | None = None


class MarginForm(Form):
    """A state of the margin."""

    streams: Annotated[list[str], Field(min_length=1)]
    case: Literal["low", "middle", "high"]
    at_most: Number
    warning: TextForm | None = None


if TYPE_CHECKING:
    RolesForm = Form
else:
    RolesForm = create_model(
        "RolesForm",
        __base__=Form,
        __doc__="Which entry plays which part in the sums.",
        **dict.fromkeys(ROLES, (str, ...)),
    )


class MoneyForm(Form):
    """money.yaml; empty where there is no money to work out."""

    roles: RolesForm | None = None
    inputs: dict[QuestionId, InputForm] = {}
    streams: dict[Id, StreamForm] = {}
    lines: dict[Id, LineForm] = {}
    margins: dict[Id, MarginForm] = {}


# ---- all files


class RulebookForm(Form):
    """All files of a rulebook that the product reads; each key is a file's stem."""

    rulebook: HeadForm
    channels: Annotated[dict[Id, ChannelForm], Field(min_length=1)]
    questions: Annotated[dict[QuestionId, QuestionForm], Field(min_length=1)]
    gates: dict[Id, GateForm]
    rules: Annotated[dict[Id, RuleForm], Field(min_length=1)]
    pitfalls: dict[Id, PitfallForm]
    plan: dict[Id, StepForm]
    facts: dict[Id, FactForm]
    money: MoneyForm
    wording: dict[Id, TextForm]


def keys_of(stem: str) -> list[str]:
    """The keys that entries of this file may have, at any depth, for "did you mean"."""
    field = RulebookForm.model_fields.get(stem)
    return sorted({*_keys(field.annotation)} if field else RulebookForm.model_fields)


def _keys(hint: Any) -> Iterator[str]:
    """The keys of the forms that a type hint holds, and of the forms in these."""
    if isinstance(hint, type) and issubclass(hint, Form):
        for name, field in hint.model_fields.items():
            yield name
            yield from _keys(field.annotation)
    for part in get_args(hint):
        yield from _keys(part)
