"""What an author writes once, written out in the conditions of other entries.

`counts_as` of a question is written out wherever a condition reads that question, `sum` of a step
in its own condition, `needs_open` of a variant and `when_no_variant` of a gate as the gates and
variants that they stand for. Nothing downstream knows these keys.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from choose_channel.answers.kinds import name_of
from choose_channel.model.conditions import AllOf, AnyOf, Condition, Is, Not
from choose_channel.model.rulebook import Channel, Economy, Gate, Question, Step, Variant

Data = Mapping[str, Any]
WriteOut = Callable[[Condition], Condition]
Noun = TypeVar("Noun", bound=tuple[Any, ...])


def expand(fields: dict[str, Any], data: Data) -> None:
    """Replaces the entries of a rulebook, by field, by those with their conditions written out;
    `data` is what they were made from."""
    questions: Mapping[str, Question] = fields["questions"]
    if any(question.counts_as for question in questions.values()):
        _write_out_counts_as(fields)
    fields["steps"] = _while_not_worked_out(fields["steps"], fields["economy"], fields["questions"])
    fields["channels"] = _with_open_channels(fields["channels"], fields["gates"], data)
    fields["gates"] = _without_variants(fields["gates"], fields["channels"], data)


# ---- counts_as


def _write_out_counts_as(fields: dict[str, Any]) -> None:
    """Puts into every condition what `counts_as` makes of it.

    With `member: {applies: {age: adult}, counts_as: {"true": {family: member}}}`, the condition
    `member: true` becomes: member is true; or member does not apply (age is not adult) and family
    is member.
    """
    counted: dict[str, Question] = {}

    def write_out(condition: Condition) -> Condition:
        if isinstance(condition, Is):
            return _with_substitutes(condition, counted.get(condition.question))
        if isinstance(condition, Not):
            written = write_out(condition.part)
            return condition if written is condition.part else Not(written)
        if isinstance(condition, (AllOf, AnyOf)):
            rewritten = tuple(map(write_out, condition.parts))
            same = all(map(operator.is_, condition.parts, rewritten))
            return condition if same else type(condition)(rewritten)
        return condition

    questions: dict[str, Question] = {}
    for name, question in fields["questions"].items():
        counts_as = {choice: write_out(when) for choice, when in question.counts_as.items()}
        questions[name] = _rewritten(question, write_out)._replace(counts_as=counts_as)
        if counts_as:
            counted[name] = questions[name]
    fields["questions"] = {
        name: _reworded(question, write_out)._replace(
            advise_when={choice: write_out(when) for choice, when in question.advise_when.items()}
        )
        for name, question in questions.items()
    }
    for stem in ("gates", "rules", "pitfalls", "steps"):
        fields[stem] = _all_rewritten(fields[stem], write_out)
    fields["channels"] = {
        name: channel._replace(variants=tuple(_rewritten(v, write_out) for v in channel.variants))
        for name, channel in fields["channels"].items()
    }
    economy: Economy = fields["economy"]
    fields["economy"] = economy._replace(
        inputs={
            name: _reworded(question, write_out)
            for name, question in _all_rewritten(economy.inputs, write_out).items()
        },
        streams=_all_rewritten(economy.streams, write_out),
        lines=_all_rewritten(economy.lines, write_out),
    )
    for laws in ("balances", "independences"):
        fields[laws] = tuple(_rewritten(law, write_out) for law in fields[laws])


def _with_substitutes(condition: Is, counted: Question | None) -> Condition:
    """A condition on one question, or on what counts as these answers to it."""
    if counted is None:
        return condition
    also = [when for choice, when in counted.counts_as.items() if choice in condition.choices]
    if not also:
        return condition
    return AnyOf((condition, *(_instead(counted.applies, when) for when in also)))


def _instead(applies: Condition, when: Condition) -> Condition:
    """Where a question does not apply and this condition holds."""
    return when if _denies(applies, when) else AllOf((Not(applies), when))


def _denies(applies: Condition, when: Condition) -> bool:
    """Whether one condition says in so many words that the other does not hold."""
    match applies:
        case AllOf(parts):
            return any(_denies(part, when) for part in parts)
        case Not(AnyOf(parts)):
            return when in parts
        case Not(part):
            return part == when
    return False


def _reworded(question: Question, write_out: WriteOut) -> Question:
    """The question with the conditions of its wordings written out."""
    wordings = tuple(_rewritten(wording, write_out) for wording in question.worded_for)
    return question._replace(worded_for=wordings) if wordings else question


def _all_rewritten(entries: Mapping[str, Noun], write_out: WriteOut) -> dict[str, Noun]:
    return {name: _rewritten(entry, write_out) for name, entry in entries.items()}


def _rewritten(entry: Noun, write_out: WriteOut) -> Noun:
    """The entry with each of its conditions written out."""
    made: Any = entry
    written: dict[str, Condition] = {}
    for name in _conditions_of(type(entry)):
        condition: Condition | None = getattr(made, name)
        if condition is not None and (rewritten := write_out(condition)) is not condition:
            written[name] = rewritten  # most conditions read no such question
    replaced: Noun = made._replace(**written) if written else made
    return replaced


@functools.cache
def _conditions_of(entry_type: Any) -> tuple[str, ...]:
    """The fields of a class that hold a condition."""
    hints = entry_type.__annotations__.items()
    return tuple(name for name, hint in hints if hint in (Condition, Condition | None))


# ---- sum


def _while_not_worked_out(
    steps: Mapping[str, Step], economy: Economy, questions: Mapping[str, Question]
) -> Mapping[str, Step]:
    """The steps, where `sum` is spelled out: the margin is not known."""
    if economy.roles is None:
        return steps
    margin = questions[economy.roles.margin]
    unknown = Is(margin.id, frozenset([name_of(margin.assumed)]))
    return {
        name: step._replace(when=AllOf((step.when, unknown))) if step.sum else step
        for name, step in steps.items()
    }


# ---- needs_open and when_no_variant


def _with_open_channels(
    channels: Mapping[str, Channel], gates: Mapping[str, Gate], data: Data
) -> Mapping[str, Channel]:
    """The channels, where `needs_open` is spelled out: none of the gates of these holds."""

    def open_too(channel: Channel, variant: Variant) -> Variant:
        open_now = [
            Not(gate.when)
            for needed in data["channels"][channel.id]["variants"][variant.id]["needs_open"]
            for gate in gates.values()
            if needed in gate.channels
        ]
        return variant._replace(when=AllOf((variant.when, *open_now))) if open_now else variant

    return {
        name: channel._replace(variants=tuple(open_too(channel, v) for v in channel.variants))
        for name, channel in channels.items()
    }


def _without_variants(
    gates: Mapping[str, Gate], channels: Mapping[str, Channel], data: Data
) -> Mapping[str, Gate]:
    """The gates, where `when_no_variant` is spelled out: no variant of their channels can be
    played."""

    def spelled_out(gate: Gate) -> Gate:
        if not data["gates"][gate.id]["when_no_variant"]:
            return gate
        possible = tuple(v.when for name in gate.channels for v in channels[name].variants)
        return gate._replace(when=Not(AnyOf(possible)))

    return {name: spelled_out(gate) for name, gate in gates.items()}
