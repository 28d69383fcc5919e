"""A decision: everything there is to say about one seller's answers, in one language.

Whatever shows a decision finds every text here, and never looks one up in the rulebook.
"""

import dataclasses
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from choose_channel.answers.format import signed
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Access, Phase, Severity, Value

if TYPE_CHECKING:
    from choose_channel.engine.engine import Seller
    from choose_channel.engine.sensitivity import Sureness
    from choose_channel.money.results import Money

SCHEMA_VERSION = 2


class DimensionLine(NamedTuple):
    """A dimension on which rules give points."""

    id: str
    name: str


class Thresholds(NamedTuple):
    """The numbers by which fits are judged, in points.

    Every fit starts at `base_fit`; below `weak_below` a channel fits badly; within `close_within`
    of the best one, another channel makes a close call.
    """

    base_fit: int
    weak_below: int
    close_within: int


class LedgerLine(NamedTuple):
    """A rule that fired, with its points for one channel."""

    rule: str
    dimension: str
    points: int
    because: str
    source: str
    assumed: bool
    """Whether the rule depends on an open question, taken at its assumed answer."""
    facts: tuple[str, ...]


class GateLine(NamedTuple):
    """A gate that holds, and why. The texts of the steps that unlock it are for readers of the
    record; a report has the steps themselves."""

    id: str
    access: Access
    because: str
    unlock: tuple[str, ...]
    source: str
    facts: tuple[str, ...]


class ChannelLine(NamedTuple):
    """A channel: how well it fits, whether it is open, and why.

    `short` is a name for narrow columns. `variant` is None where the channel cannot be played.
    """

    id: str
    name: str
    short: str
    fit: int
    access: Access
    variant: str | None
    variant_name: str | None
    variant_do: str | None
    """The variant as an order, such as "Open a stall"."""
    ledger: tuple[LedgerLine, ...]
    gates: tuple[GateLine, ...]


class PitfallLine(NamedTuple):
    """A pitfall of this seller: what happens, how to avoid it, and why it happens, which only the
    record tells."""

    id: str
    channel: str | None
    severity: Severity
    title: str
    text: str
    why: str
    avoid: str
    facts: tuple[str, ...]


class StepLine(NamedTuple):
    """A step of the plan. Fields named as in `rulebook.Step` are copied from there."""

    id: str
    phase: Phase
    channel: str | None
    unlocks: tuple[str, ...]
    """The gates it works on."""
    settles: str | None
    """The open question that it answers."""
    title: str
    text: str
    done_when: str
    takes: str | None
    costs: str | None
    facts: tuple[str, ...]


STEP_LABEL = "report_step_"
"""The phrase that begins so and ends in the name of a text of a step introduces that text."""
_NO_TEXTS = ("id", "phase", "channel", "unlocks", "settles", "facts")


def labelled_texts(phrases: Container[str]) -> list[str]:
    """The texts of a step that a phrase introduces, by the name of the field."""
    names = (name for name in StepLine._fields if name not in _NO_TEXTS)
    return [name for name in names if STEP_LABEL + name in phrases]


class WhyNot(NamedTuple):
    """Why a channel is not the recommended one."""

    channel: str
    because: str


class ChangeLine(NamedTuple):
    """Answers to change: as typed in a flag, as a person says it, and what that gives."""

    set: Mapping[str, str]
    text: str
    recommended: str | None
    opens: tuple[str, ...]


class UnsettledLine(NamedTuple):
    """An open question, by id and short name, whose answer could overturn the recommendation, and
    the channels (None: no channel) it could become."""

    question: str
    short: str
    could_become: tuple[str | None, ...]


class RobustnessLine(NamedTuple):
    """The smallest error in our points that changes the verdict, and where it would have to be.

    `channel` would have to get `points` less from `rule` (more, where it is `becomes` itself).
    `because` is the reason that the rule gives.
    """

    points: int
    rule: str
    because: str
    channel: str
    becomes: str


class FactLine(NamedTuple):
    """A cited fact."""

    id: str
    market: str
    market_name: str
    value: Any
    unit: str
    says: str
    source: str
    as_of: str | None
    grade: str
    article: str
    unverified: bool
    url: str | None


class Certainty(NamedTuple):
    """In how many ways to answer the open questions the recommendation stays the same."""

    holds: int
    of: int


class AnswerLine(NamedTuple):
    """An answer as a person says it: the question's short name, and what was answered."""

    question: str
    short: str
    answer: str


class AnswerTexts(NamedTuple):
    """The texts of the answers, in the order of `Decision.answers`, `assumed` and `set_aside`, and
    the short names of `money_needs`. `guessed` tells by rule which assumed answers it hangs on."""

    given: tuple[AnswerLine, ...] = ()
    assumed: tuple[AnswerLine, ...] = ()
    set_aside: tuple[AnswerLine, ...] = ()
    money_needs: tuple[str, ...] = ()
    guessed: Mapping[str, tuple[AnswerLine, ...]] = {}


class MoneyTexts(NamedTuple):
    """What a report needs to know of the rulebook to show the money.

    `order` holds the ids of all lines from first to last, `commission` the id of the line that
    creators earn, `rule` the fact that says how many times the orders come, `notes` what the
    rulebook adds for the channels played, and `own` the short names of the inputs that took the
    place of a fact. `comparable` says whether nothing is missing that would set one way of selling
    above another, `left_out` names what every order pays and no figure counts, besides shipping;
    `incomplete` holds the ways of selling whose orders cost more than is known, `days_left_out`
    names by way of selling the days that nobody gave; and
    `not_worked_out` says of which channels nothing could be worked out.
    """

    order: tuple[str, ...]
    commission: str
    rule: str
    notes: tuple[str, ...]
    own: tuple[str, ...]
    comparable: bool
    left_out: tuple[str, ...]
    incomplete: frozenset[str]
    days_left_out: Mapping[str, tuple[str, ...]]
    not_worked_out: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """The decision, with every text in `lang`.

    `to_dict` gives it as plain data: the record that JSON holds. Fields that are not compared are
    not recorded.
    """

    schema_version: int
    rulebook: Mapping[str, str]
    answers: Mapping[str, Value]
    assumed: Mapping[str, Value]
    set_aside: Mapping[str, Value]
    recommended: str | None
    aim: str | None
    weak: bool
    close: bool
    certainty: Certainty
    sampled: bool
    """Whether there were too many ways to answer to try all, so that `certainty` is a sample's."""
    thresholds: Thresholds
    dimensions: tuple[DimensionLine, ...]
    channels: tuple[ChannelLine, ...]
    pitfalls: tuple[PitfallLine, ...]
    plan: tuple[StepLine, ...]
    why_not: tuple[WhyNot, ...]
    changes: tuple[ChangeLine, ...]
    unsettled: tuple[UnsettledLine, ...]
    robustness: RobustnessLine | None
    money: "Money | None"
    money_needs: tuple[str, ...]
    """The answers that the money still needs; empty where it was worked out, or never is."""
    facts: tuple[FactLine, ...]
    lang: str
    answer_texts: AnswerTexts = field(repr=False, compare=False)
    money_texts: MoneyTexts | None = field(repr=False, compare=False)
    """None where `money` is."""
    messages: Messages = field(repr=False, compare=False)
    """The phrases of the interface, in `lang`."""
    sources: Mapping[str, str] = field(repr=False, compare=False)
    """Where each answer came from: flag, env, file, prompt or api."""
    sureness: Callable[[], "Sureness"] = field(repr=False, compare=False)
    """Counts how sure the headline is: only what shows it has to wait for that."""
    seller: "Seller" = field(repr=False, compare=False)
    """For asking what else could be: what-if, comparisons."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data: mappings, lists, strings, numbers, booleans and None."""
        data = {name: plain_data(getattr(self, name)) for name in recorded()}
        for name in ("answers", "set_aside"):
            data[name] |= signed(self.seller.engine.rulebook, getattr(self, name))
        return data

    def channel(self, name: str) -> ChannelLine:
        """One channel's line."""
        return next(line for line in self.channels if line.id == name)

    def named(self, names: Iterable[str]) -> str:
        """The names of channels, as one text."""
        quoted = (self.messages("quoted_name", name=self.channel(name).name) for name in names)
        return self.messages.together(quoted)


def recorded() -> list[str]:
    """The fields of a decision that a record holds."""
    return [item.name for item in dataclasses.fields(Decision) if item.compare]


def plain_data(value: Any) -> Any:
    """A value as mappings, lists, strings, numbers, booleans and None."""
    if isinstance(value, (str, int)) or value is None:  # most are, and the rest takes longer
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: plain_data(part) for key, part in value.items()}
    if hasattr(value, "_asdict"):
        return plain_data(value._asdict())
    if isinstance(value, (tuple, list)):
        return [plain_data(part) for part in value]
    return value
