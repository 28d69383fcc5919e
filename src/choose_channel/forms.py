"""The written form of a rulebook: what each file may hold. The room of pydantic.

Only read when a rulebook is new or changed; a run that finds it in the cache never comes here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from choose_channel.form_parts import (
    Choices,
    Condition,
    Count,
    Date,
    Form,
    Id,
    Line,
    Number,
    Points,
    QuestionId,
    TextForm,
)
from choose_channel.model import Phase, Severity
from choose_channel.money_forms import (
    InputForm,
    LineForm,
    MarginForm,
    MoneyForm,
    RolesForm,
    StreamForm,
)


class BalanceForm(Form):
    """More of an answer never moves the balance of fit from one channel to another."""

    question: str
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
    reason: Line


class HeadForm(Form):
    """rulebook.yaml."""

    name: TextForm
    version: Line
    reviewed: Date
    base_fit: Count
    weak_below: Count
    close_within: Count
    dimensions: Annotated[dict[Id, TextForm], Field(min_length=1)]
    laws: LawsForm = LawsForm()
    waivers: list[WaiverForm] = []


class ChoiceForm(Form):
    """One choice of a question."""

    label: TextForm
    example: TextForm | None = None
    aliases: list[Line] = []


class QuestionForm(Form):
    """An entry of questions.yaml."""

    type: Literal["choice", "boolean", "number"]
    core: bool
    short: TextForm
    title: TextForm
    help: TextForm
    change: TextForm | None = None
    choices: dict[Id, ChoiceForm] = {}
    applies: Condition = {}
    derived: bool = False
    assumed: str | bool | int | float | None = None
    effort: Annotated[int, Field(ge=1, le=9)] | None = None
    better: Choices = []
    advise: Choices = []
    unit: Literal["", "usd"] = ""
    whole: bool = False
    minimum: Number = 0
    above: bool = False
    maximum: Number = 1_000_000_000


class VariantForm(Form):
    """A way to play a channel."""

    name: TextForm
    when: Condition = {}
    needs_open: list[str] = []


class ChannelForm(Form):
    """An entry of channels.yaml."""

    name: TextForm
    short: TextForm
    what: TextForm
    variants: Annotated[dict[Id, VariantForm], Field(min_length=1)]


class Entry(Form):
    """What every piece of advice carries: where it comes from and the facts behind its figures."""

    source: Line
    facts: list[str] = []


class GateForm(Entry):
    """An entry of gates.yaml."""

    access: Literal["locked", "closed"]
    channels: Annotated[list[str], Field(min_length=1)]
    when: Condition | None = None
    when_no_variant: bool = False
    because: TextForm


class RuleForm(Entry):
    """An entry of rules.yaml."""

    when: Condition
    dimension: str
    points: Annotated[dict[str, Points], Field(min_length=1)]
    because: TextForm


class PitfallForm(Entry):
    """An entry of pitfalls.yaml."""

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


class StepForm(Entry):
    """An entry of plan.yaml."""

    phase: Phase
    channels: list[str] = []
    unlocks: list[str] = []
    early: bool = False
    when: Condition = {}
    title: TextForm
    text: TextForm
    done_when: TextForm
    takes: TextForm | None = None
    costs: TextForm | None = None


class FactForm(Form):
    """An entry of facts.yaml."""

    market: str
    value: int | float | list[int | float] | dict[str, int | float] | None = None
    unit: Line = "-"
    as_of: Date | None = None
    grade: Literal["official", "press", "vendor", "weak"]
    article: Literal["agrees", "partly", "conflicts", "silent"]
    unverified: bool = False
    says: TextForm
    source: TextForm


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


def fields(stem: str) -> list[str]:
    """The keys that an entry of this file may hold, at any depth, for "did you mean"."""
    forms = _FORMS.get(stem, (RulebookForm,))
    return sorted({name for form in forms for name in form.model_fields})


_FORMS: dict[str, tuple[type[Form], ...]] = {
    "rulebook": (HeadForm,),
    "channels": (ChannelForm, VariantForm, TextForm),
    "questions": (QuestionForm, ChoiceForm, TextForm),
    "gates": (GateForm, TextForm),
    "rules": (RuleForm, TextForm),
    "pitfalls": (PitfallForm, TextForm),
    "plan": (StepForm, TextForm),
    "facts": (FactForm, TextForm),
    "money": (MoneyForm, RolesForm, InputForm, StreamForm, LineForm, MarginForm, TextForm),
    "wording": (TextForm,),
}
