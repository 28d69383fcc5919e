"""What a rulebook is made of: questions, channels, gates, rules, pitfalls, steps, facts, money.

Every text that a person reads is a `Text`: the same sentence in each language. The builder
(loading/build.py) makes these classes from data by their type hints; a first field `id` is the key
under which an entry stands in its file.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from choose_channel.messages.i18n import Text
from choose_channel.model.conditions import Condition, questions_in

Value = str | bool | Decimal
"""A known answer: a choice's id, true or false, or a number."""

UNKNOWN = "unknown"
"""The answer "I don't know yet", legal wherever the question has an assumed answer."""

ANY_MARKET = "any"
"""The market of a fact that holds everywhere."""

Access = Literal["open", "locked", "closed"]
ACCESS: tuple[Access, ...] = ("open", "locked", "closed")
"""From best to worst; where several gates hold, the worst counts."""

_Key = TypeVar("_Key", str, str | int)
Entry = tuple[str, ...]
"""Where something stands: the file's stem, the entry, and the keys below it."""
IN_PARTS = ("money",)
"""Files whose entries stand in parts, as lines and streams do."""


def entry_at(at: tuple[_Key, ...]) -> tuple[_Key, ...]:
    """The entry in which something stands: its file, its part if the file has parts, its name."""
    return at[: 3 if at[0] in IN_PARTS else 2]


Severity = Literal["critical", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "note")
Phase = Literal["now", "unlock", "later"]


class Choice(NamedTuple):
    """One of the answers to choose from, with an example from the trade and other names for it.
    `place` names a market within a sentence, where its label cannot."""

    id: str
    label: Text
    place: Text | None
    example: Text | None
    aliases: tuple[str, ...]


class Rewording(NamedTuple):
    """What a question says to sellers for whom the condition holds, where it says something else to
    them; `examples` are by choice. `short` is its name where its number is offered or still
    wanted: with its answer, it has the same name and the same labels for everybody, in any report
    or table."""

    when: Condition
    short: Text | None
    title: Text | None
    help: Text | None
    examples: Mapping[str, Text]


class Question(NamedTuple):
    """Something to ask the seller.

    `type` names its kind, such as `choice`; answers/kinds.py says what a kind means.
    What is `always` asked is put to everybody whom it concerns, even where its answer changes only
    details of a report; others that are not `core` only while they can change the result.
    `change` says a new answer as a noun phrase, with {answer} for the answer and {market} for the
    seller's market.
    `minimum` and `maximum` bound a number (inclusive; `above` excludes the minimum).
    `assumed` is the answer used while the question is open; None means it must be answered.
    `effort` says how hard it is to change what the answer says (1 easy, 9 very hard); None: nobody
    can change it.
    `better` lists choices from worst to best where the trade knows an order; for a number any
    value there means that more is better. `advise` lists the choices worth changing to; with
    none, every better one is. One that is in `advise_when` is so only while that holds.
    A `derived` question is never asked: its answer is worked out.
    `counts_as`: by choice, where the question counts as answered with it although it does not
    apply. `resets`: what another answer here does to answers that hold for one answer only, by
    question the new choice for each old one. `columns` are heads under which a table may have the
    answer, beside the id, the short name and the title. `facts` are those cited in its texts. Of
    `worded_for`, the first whose condition holds gives its texts.
    """

    id: str
    type: str
    core: bool
    always: bool
    short: Text
    title: Text
    help: Text
    columns: tuple[str, ...]
    worded_for: tuple[Rewording, ...]
    change: Text | None
    choices: tuple[Choice, ...]
    applies: Condition
    assumed: Value | None
    effort: int | None
    better: tuple[str, ...]
    advise: tuple[str, ...]
    advise_when: Mapping[str, Condition]
    counts_as: Mapping[str, Condition]
    resets: Mapping[str, Mapping[str, str]]
    facts: tuple[str, ...]
    unit: str
    whole: bool
    minimum: Decimal
    above: bool
    maximum: Decimal
    derived: bool


class Variant(NamedTuple):
    """A way to play a channel, possible while its condition holds. `do` says it as an order. A
    worked case may expect it by an alias."""

    id: str
    name: Text
    do: Text | None
    aliases: tuple[str, ...]
    when: Condition


class Channel(NamedTuple):
    """A way to sell. The first possible variant is the one that is played."""

    id: str
    name: Text
    short: Text
    what: Text
    variants: tuple[Variant, ...]


class Gate(NamedTuple):
    """Locks or closes channels while its condition holds."""

    id: str
    access: Access
    channels: tuple[str, ...]
    when: Condition
    because: Text
    source: str
    facts: tuple[str, ...]


class Rule(NamedTuple):
    """Adds or takes whole points, by channel, on one dimension. Points are our judgement."""

    id: str
    when: Condition
    dimension: str
    points: Mapping[str, int]
    because: Text
    source: str
    facts: tuple[str, ...]


class Pitfall(NamedTuple):
    """What goes wrong, why, and how to avoid it.

    Shown when `when` holds and it belongs to a channel (or variant) that is recommended or aimed
    at, explains a gate that fired, or comes with a question whose answer was only assumed.
    `same_as` is the pitfall whose id it is shown under: the same one, in words for other sellers.
    """

    id: str
    same_as: str | None
    severity: Severity
    critical_when: Condition | None
    channels: tuple[str, ...]
    gates: tuple[str, ...]
    assumed: tuple[str, ...]
    when: Condition
    title: Text
    happens: Text
    why: Text
    avoid: Text
    source: str
    facts: tuple[str, ...]


class Step(NamedTuple):
    """Something to do.

    `unlocks` names gates it works on; `early` steps cost nothing and can be done before the channel
    opens. `settles` names a question: the step finds its answer, so it is shown only while the
    question is open. `sum` names what the seller would work out: shown only while the money has not
    done so. `needs` names a channel: where that is not open, the step comes later.
    """

    id: str
    phase: Phase
    channels: tuple[str, ...]
    unlocks: tuple[str, ...]
    early: bool
    settles: str | None
    sum: str | None
    needs: str | None
    when: Condition
    title: Text
    text: Text
    done_when: Text
    takes: Text | None
    costs: Text | None
    source: str
    facts: tuple[str, ...]


class Fact(NamedTuple):
    """A dated public figure. `value` is a number, a range, named numbers, or None; `checked` is the
    day on which the source was last looked at."""

    id: str
    market: str
    value: Any
    unit: str
    as_of: str | None
    checked: str | None
    url: str | None
    grade: str
    article: str
    unverified: bool
    says: Text
    source: Text


class Balance(NamedTuple):
    """A law: while `when` holds, from worse to better in `order` (all bands of a number), fit never
    moves from `towards` to `away_from`."""

    question: str
    when: Condition
    order: tuple[str, ...]
    towards: str
    away_from: str


class Independence(NamedTuple):
    """A law: these questions never change the channel's access, `unless` the condition holds."""

    channel: str
    questions: tuple[str, ...]
    unless: Condition | None


class Waiver(NamedTuple):
    """A finding that is known and meant, and why."""

    finding: str
    entry: str
    reason: str


class LineKind(NamedTuple):
    """What the figure of a line of this kind is, and where the line counts."""

    in_order: bool = False
    """It is part of the profit of an order; the others are cash put up, fixed costs or days."""
    every_order: bool = False
    """Every order pays it: a percent can be taken of it, and a comparison without it says so."""
    percent: bool = False
    """Its figure is a percentage, shown beside its name; otherwise dollars or days."""
    needs_figure: bool = True
    """It names an input or a fact for its figure."""


LINE_KINDS: Mapping[str, LineKind] = {
    "price": LineKind(in_order=True, every_order=True, needs_figure=False),
    "tax": LineKind(in_order=True, every_order=True, percent=True),
    "percent": LineKind(in_order=True, every_order=True, percent=True),
    "amount": LineKind(in_order=True, every_order=True),
    "returns": LineKind(in_order=True, percent=True),
    "pressure": LineKind(in_order=True, percent=True),
    "deposit": LineKind(),
    "monthly": LineKind(),
    "days": LineKind(),
}
"""The kinds of lines, the only list of them; money/order.py has the arithmetic of each."""


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


class Line(NamedTuple):
    """A line of the money: what an order brings or costs, cash put up, or days to wait.

    `kind` says what its figure is: `price` (the price itself), `tax` (percent, contained in the
    price), `percent` (of `base`: the price, the price net of tax, or a line above), `amount` (US
    dollars an order), `returns` (percent of orders that come back), `pressure` (percent by which
    others undercut, in the worst case only), `deposit` (US dollars once), `monthly` (US dollars a
    month) or `days`. The figure is the seller's `input`, else the fact for their market (`part` of
    it, where it has named numbers), else that of the line that an amount names as its `base`.
    Without a figure for a `required` line, the ways of selling that it belongs to are not worked
    out; without one for an `optional` line, which only some pay, nothing is missing. `cites` are
    facts told in its texts.
    When an order comes back a line is `lost`, `refunded`, or arises `only` then. `absent` names
    what is left out where there is no figure.
    """

    id: str
    label: Text
    kind: str
    base: str
    streams: tuple[str, ...]
    when: Condition
    input: str | None
    facts: tuple[str, ...]
    cites: tuple[str, ...]
    part: str
    required: bool
    optional: bool
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


class Role(NamedTuple):
    """What can play a role: an entry of this sort which, where a key is named, says `value`, or
    anything where no value is named."""

    sort: Literal["question", "choice", "input", "line", "stream", "fact"]
    key: str = ""
    value: str = ""


class Roles(NamedTuple):
    """Which entry plays which part in the sums. The only list of the roles."""

    price: Annotated[str, Role("question", "type", "number")]
    market: Annotated[str, Role("question", "type", "choice")]
    margin: Annotated[str, Role("question")]
    healthy: Annotated[str, Role("choice")]
    unit_cost: Annotated[str, Role("input")]
    restock: Annotated[str, Role("line", "kind", "days")]
    pieces: Annotated[str, Role("input", "assumed")]
    views: Annotated[str, Role("input")]
    orders_per_1000: Annotated[str, Role("input")]
    lead_price: Annotated[str, Role("input")]
    lead_cost: Annotated[str, Role("input")]
    commission: Annotated[str, Role("line", "kind", "percent")]
    reference: Annotated[str, Role("stream")]
    compared: Annotated[str, Role("stream")]
    multiple: Annotated[str, Role("fact")]
    own_multiple: Annotated[str, Role("input")]


ROLES: Mapping[str, Role] = {
    name: hint.__metadata__[0] for name, hint in Roles.__annotations__.items()
}
"""By name, what can play the role."""


YUAN_RATE = "yuan_per_dollar"
"""The unit of the input at which costs told in yuan are turned into US dollars."""


class Economy(NamedTuple):
    """money.yaml: the inputs, what is worked out of them, and how; without roles, nothing is."""

    roles: Roles | None
    inputs: Mapping[str, Question]
    asked: tuple[str, ...]
    streams: Mapping[str, Stream]
    lines: Mapping[str, Line]
    margins: tuple[Margin, ...]

    @property
    def rate(self) -> str:
        """The input that holds the seller's own exchange rate; "" where there is none."""
        return next((name for name, entry in self.inputs.items() if entry.unit == YUAN_RATE), "")


@dataclass(frozen=True, eq=False, repr=False)
class Rulebook:
    """All the knowledge, validated. Two objects are never equal; compare their `digest`."""

    name: Text
    version: str
    reviewed: str
    digest: str
    base_fit: int
    weak_below: int
    close_within: int
    dimensions: Mapping[str, Text]
    questions: Mapping[str, Question]
    channels: Mapping[str, Channel]
    gates: Mapping[str, Gate]
    rules: Mapping[str, Rule]
    pitfalls: Mapping[str, Pitfall]
    steps: Mapping[str, Step]
    facts: Mapping[str, Fact]
    economy: Economy
    wording: Mapping[str, Text]
    balances: tuple[Balance, ...]
    independences: tuple[Independence, ...]
    waivers: tuple[Waiver, ...]
    written: Mapping[str, Any]
    """The validated data that it was built from; changed data build a changed rulebook."""
    compiled: Any = field(default=None, init=False)
    """What an earlier run has worked out of its conditions (Compiled in answers/space.py). A copy
    that is changed starts without."""

    @functools.cached_property
    def asked(self) -> Mapping[str, Question]:
        """The questions that are put to a person: those that are not derived."""
        return {name: question for name, question in self.questions.items() if not question.derived}

    @functools.cached_property
    def answerable(self) -> Mapping[str, Question]:
        """What a person can answer: the questions put to them, and the money inputs."""
        return {**self.asked, **self.economy.inputs}

    @functools.cached_property
    def moving_the_margin(self) -> frozenset[str]:
        """The questions whose answers decide which ways of selling, lines and facts the margin is
        worked out of. An answer to any other question leaves the margin as it is; so does another
        price, but for its amount, unless `price` is among them."""
        roles = self.economy.roles
        if roles is None:
            return frozenset()
        inputs = {line.input for line in self.economy.lines.values() if _in_order(line)}
        lines = (
            line
            for line in self.economy.lines.values()
            if _in_order(line) or (line.input is not None and line.input in inputs)
        )
        conditions = [
            *(stream.when for stream in self.economy.streams.values()),
            *(line.when for line in lines),
            *(question.applies for question in self.economy.inputs.values()),
        ]
        pending = {roles.market}.union(*map(questions_in, conditions))
        names: set[str] = set()
        while pending:
            name = pending.pop()
            names.add(name)
            pending |= questions_in(self.questions[name].applies) - names
        return frozenset(names)

    def named_conditions(self) -> Iterator[tuple[Entry, Condition]]:
        """Every condition of an entry, and where it stands."""
        for question in self.questions.values():
            yield from _conditions_of(question, ("questions", question.id))
        for channel in self.channels.values():
            for variant in channel.variants:
                yield ("channels", channel.id, "variants", variant.id, "when"), variant.when
        for gate in self.gates.values():
            yield ("gates", gate.id, "when"), gate.when
        for rule in self.rules.values():
            yield ("rules", rule.id, "when"), rule.when
        for pitfall in self.pitfalls.values():
            yield ("pitfalls", pitfall.id, "when"), pitfall.when
            if pitfall.critical_when is not None:
                yield ("pitfalls", pitfall.id, "critical_when"), pitfall.critical_when
        for step in self.steps.values():
            yield ("plan", step.id, "when"), step.when
        for name, question in self.economy.inputs.items():
            yield from _conditions_of(question, ("money", "inputs", name))
        for stream in self.economy.streams.values():
            yield ("money", "streams", stream.id, "when"), stream.when
        for line in self.economy.lines.values():
            yield ("money", "lines", line.id, "when"), line.when

    def conditions(self) -> Iterator[Condition]:
        """Every condition in the rulebook."""
        for _, condition in (*self.named_conditions(), *self.law_conditions()):
            yield condition

    def law_conditions(self) -> Iterator[tuple[Entry, Condition]]:
        """Every condition of a law, and where it stands."""
        at = "rulebook", "laws"
        for number, balance in enumerate(self.balances):
            yield (*at, "balances", str(number), "when"), balance.when
        for number, independence in enumerate(self.independences):
            if independence.unless is not None:
                yield (*at, "independences", str(number), "unless"), independence.unless


def _conditions_of(question: Question, at: Entry) -> Iterator[tuple[Entry, Condition]]:
    yield (*at, "applies"), question.applies
    for choice, when in question.advise_when.items():
        yield (*at, "advise_when", choice), when
    for number, wording in enumerate(question.worded_for):
        yield (*at, "worded_for", str(number)), wording.when


def _in_order(line: Line) -> bool:
    return LINE_KINDS[line.kind].in_order
