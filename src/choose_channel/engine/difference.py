"""What differs between two decisions.

Two decisions are compared as records, the plain data of `Decision.to_dict`, so that one of them
may come from a file that another version wrote. A difference holds ids and values; its readers
(comparisons, what-if, memory) take the texts from the decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from choose_channel.engine.decision import Decision, plain_data
from choose_channel.messages.i18n import Messages

Record = Mapping[str, Any]
"""A decision as plain data."""

_Value = TypeVar("_Value")


class Pair(NamedTuple, Generic[_Value]):
    """A value in the one decision and in the other."""

    before: _Value
    after: _Value

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.before != self.after


class AnswerDifference(NamedTuple):
    """A question that counts with another answer; None where it does not apply."""

    question: str
    answer: Pair[Any]
    assumed: Pair[bool]
    """Whether nobody gave the answer, so that it was taken at its assumed value."""


class ChannelDifference(NamedTuple):
    """How a channel stands in both decisions."""

    id: str
    access: Pair[str]
    fit: Pair[int]
    variant: Pair[str | None]
    points: Mapping[str, Pair[int]]
    """By dimension, the sum of the points."""


class Difference(NamedTuple):
    """What differs between two decisions on the same rulebook, or on two of its versions.

    `left` holds, by way of selling, what an order leaves in the middle (US dollars), and `cash`
    the most cash that is tied up; None where it was not worked out.
    """

    answers: tuple[AnswerDifference, ...]
    recommended: Pair[str | None]
    aim: Pair[str | None]
    weak: Pair[bool]
    channels: tuple[ChannelDifference, ...]
    left: Mapping[str, Pair[Decimal | None]]
    cash: Pair[Decimal | None]
    steps_gained: tuple[str, ...]
    steps_lost: tuple[str, ...]
    pitfalls_gained: tuple[str, ...]
    pitfalls_lost: tuple[str, ...]

    @property
    def same_advice(self) -> bool:
        """Whether only answers differ: all that is advised stays the same."""
        pairs: list[Pair[Any]] = [self.recommended, self.aim, self.weak]
        for channel in self.channels:
            pairs += [channel.access, channel.variant]
        lists = (self.steps_gained, self.steps_lost, self.pitfalls_gained, self.pitfalls_lost)
        return not any(pair.differs for pair in pairs) and not any(lists)


class Scenario(NamedTuple):
    """A decision among several that are compared, and what it is called: `named` tells whether that
    says more than its answers do."""

    name: str
    decision: Decision
    named: bool = True


class Comparison(NamedTuple):
    """Some decisions side by side, and how each differs from the first."""

    scenarios: tuple[Scenario, ...]
    differences: tuple[Difference, ...]

    @property
    def first(self) -> Decision:
        """The decision that the others are compared with."""
        return self.scenarios[0].decision

    @property
    def messages(self) -> Messages:
        """The phrases of the interface, in the language of the decisions."""
        return self.first.messages

    @property
    def lang(self) -> str:
        """The language of the decisions."""
        return self.first.lang

    @property
    def rulebook(self) -> Mapping[str, str]:
        """Which rulebook gave the advice."""
        return self.first.rulebook

    @property
    def sources(self) -> Mapping[str, Any]:
        """By scenario, where each answer came from."""
        return {scenario.name: dict(scenario.decision.sources) for scenario in self.scenarios}

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the records of all scenarios, and the differences from the first."""
        return {
            "schema_version": self.first.schema_version,
            "rulebook": dict(self.rulebook),
            "scenarios": [
                {"name": scenario.name, "decision": scenario.decision.to_dict()}
                for scenario in self.scenarios
            ],
            "differences": plain_data(self.differences),
        }


def compare(scenarios: Sequence[Scenario]) -> Comparison:
    """Some decisions, at least two and in one language, side by side."""
    first, *others = (scenario.decision.to_dict() for scenario in scenarios)
    return Comparison(tuple(scenarios), tuple(difference(first, other) for other in others))


def difference(before: Record, after: Record) -> Difference:
    """What differs between two decisions, given as records."""
    old, new = _channels(before), _channels(after)
    left, left_now = _left(before), _left(after)
    return Difference(
        answers=tuple(_answers(before, after)),
        recommended=Pair(before["recommended"], after["recommended"]),
        aim=Pair(before["aim"], after["aim"]),
        weak=Pair(before["weak"], after["weak"]),
        channels=tuple(_channel(old[name], new[name]) for name in new if name in old),
        left={
            name: Pair(left.get(name), left_now.get(name))
            for name in dict.fromkeys([*left, *left_now])
        },
        cash=Pair(_cash(before), _cash(after)),
        steps_gained=_new(before["plan"], after["plan"]),
        steps_lost=_new(after["plan"], before["plan"]),
        pitfalls_gained=_new(before["pitfalls"], after["pitfalls"]),
        pitfalls_lost=_new(after["pitfalls"], before["pitfalls"]),
    )


def _answers(before: Record, after: Record) -> Iterator[AnswerDifference]:
    old, new = ({**record["answers"], **record["assumed"]} for record in (before, after))
    for name in dict.fromkeys([*new, *old]):
        answer = Pair(old.get(name), new.get(name))
        assumed = Pair(name in before["assumed"], name in after["assumed"])
        if answer.differs or assumed.differs:
            yield AnswerDifference(name, answer, assumed)


def _channels(record: Record) -> dict[str, Record]:
    return {line["id"]: line for line in record["channels"]}


def _channel(before: Record, after: Record) -> ChannelDifference:
    old, new = _points(before), _points(after)
    return ChannelDifference(
        after["id"],
        Pair(before["access"], after["access"]),
        Pair(before["fit"], after["fit"]),
        Pair(before["variant"], after["variant"]),
        {name: Pair(old.get(name, 0), new.get(name, 0)) for name in dict.fromkeys([*new, *old])},
    )


def _points(channel: Record) -> dict[str, int]:
    points: dict[str, int] = {}
    for line in channel["ledger"]:
        points[line["dimension"]] = points.get(line["dimension"], 0) + line["points"]
    return points


def _left(record: Record) -> dict[str, Decimal]:
    money = record["money"]
    ways = money["channels"] if money else ()
    return {way["stream"]: _dollars(way["profit_per_order"]["middle"]) for way in ways}


def _cash(record: Record) -> Decimal | None:
    money = record["money"]
    return (
        max((_dollars(way["most_out"]) for way in money["cash"]["streams"]), default=None)
        if money
        else None
    )


def _dollars(number: int | float) -> Decimal:
    return Decimal(str(number))


def _new(before: Sequence[Record], after: Sequence[Record]) -> tuple[str, ...]:
    """The ids of the lines that are in the second list only. One that stands in for another under
    the same title, as for another market, is no news."""
    known = {line[key] for line in before for key in ("id", "title")}
    return tuple(line["id"] for line in after if known.isdisjoint((line["id"], line["title"])))
