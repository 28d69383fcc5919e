"""A decision: everything there is to say about one seller's answers, in one language."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from choose_channel.model.rulebook import Access, Phase, Rulebook, Value

if TYPE_CHECKING:
    from choose_channel.money.results import Money

SCHEMA_VERSION = 2


class LedgerLine(NamedTuple):
    """A rule that fired, with its points for one channel."""

    rule: str
    dimension: str
    points: int
    because: str
    source: str
    assumed: bool
    """Whether the rule says something of an open question, taken at its assumed answer."""


class GateLine(NamedTuple):
    """A gate that holds, why, and what unlocks it."""

    id: str
    access: Access
    because: str
    unlock: tuple[str, ...]
    source: str


class ChannelLine(NamedTuple):
    """How one channel stands."""

    id: str
    name: str
    fit: int
    access: str
    variant: str | None
    variant_name: str | None
    ledger: tuple[LedgerLine, ...]
    gates: tuple[GateLine, ...]


class PitfallLine(NamedTuple):
    """A pitfall of this seller: what happens, why, how to avoid it."""

    id: str
    channel: str | None
    severity: str
    title: str
    text: str
    why: str
    avoid: str
    facts: tuple[str, ...]


class StepLine(NamedTuple):
    """A step of the plan."""

    id: str
    phase: Phase
    channel: str | None
    title: str
    text: str
    done_when: str
    takes: str | None
    costs: str | None
    facts: tuple[str, ...]


class WhyNot(NamedTuple):
    """Why a channel is not the recommended one."""

    channel: str
    because: str


class ChangeLine(NamedTuple):
    """Answers to change, as typed in a flag, and what that gives."""

    set: Mapping[str, str]
    recommended: str | None
    opens: tuple[str, ...]


class Unsettled(NamedTuple):
    """An open question whose answer could overturn the recommendation, and into what."""

    question: str
    could_become: tuple[str | None, ...]


class Robustness(NamedTuple):
    """The smallest error in points that turns the verdict, and where it would have to be.

    `channel` would have to get `points` less from `rule` (more, where it is `becomes` itself).
    """

    points: int
    rule: str
    channel: str
    becomes: str


class FactLine(NamedTuple):
    """A cited fact."""

    id: str
    market: str
    value: Any
    unit: str
    says: str
    source: str
    as_of: str | None
    grade: str
    article: str
    unverified: bool


class Certainty(NamedTuple):
    """In how many completions of the open questions the recommendation stays the same."""

    holds: int
    of: int


@dataclass(frozen=True)
class Decision:
    """The decision, with every text in `lang`. `to_dict` gives it as plain data."""

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
    """Whether there were too many completions to try all, so that certainty is a sample's."""
    channels: tuple[ChannelLine, ...]
    pitfalls: tuple[PitfallLine, ...]
    plan: tuple[StepLine, ...]
    why_not: tuple[WhyNot, ...]
    changes: tuple[ChangeLine, ...]
    unsettled: tuple[Unsettled, ...]
    robustness: Robustness | None
    money: Money | None
    money_needs: tuple[str, ...]
    """What the money still needs; empty where it was worked out, or never is."""
    facts: tuple[FactLine, ...]
    lang: str
    book: Rulebook = field(repr=False, compare=False)
    sources: Mapping[str, str] = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: mappings, lists, strings, numbers, booleans and None."""
        names = (f.name for f in dataclasses.fields(self) if f.compare)
        return {name: _plain_data(getattr(self, name)) for name in names}

    def channel(self, name: str) -> ChannelLine:
        """One channel's line."""
        return next(line for line in self.channels if line.id == name)


def _plain_data(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain_data(part) for key, part in value.items()}
    if hasattr(value, "_asdict"):
        return _plain_data(value._asdict())
    if isinstance(value, (tuple, list)):
        return [_plain_data(part) for part in value]
    return value
