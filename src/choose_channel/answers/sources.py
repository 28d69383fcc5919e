"""Answers from their sources, merged: flag, environment, file, person."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from choose_channel.answers.kinds import parse
from choose_channel.answers.parse import Rate
from choose_channel.answers.space import Space
from choose_channel.messages.errors import AnswersError, Problem, RefusedError, nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.conditions import questions_in
from choose_channel.model.naming import normalize
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook, Value

Given = Mapping[str, Value]
"""Answers as given, by question; UNKNOWN is a given answer too."""


MOST_WALKED = 20_000


class Layer(NamedTuple):
    """Answers from one source, as written: flag, env, file, prompt or api."""

    source: str
    raw: Mapping[str, Any]
    place: Callable[[str], str] = lambda _key: ""
    telling: bool = False
    """Whether the place alone tells which question is meant, as a flag does."""


class Answers(NamedTuple):
    """What was answered, in the rulebook's order, and where each answer came from."""

    given: Given
    sources: Mapping[str, str]


def read_answers(rulebook: Rulebook, layers: Sequence[Layer], messages: Messages) -> Answers:
    """The answers in some layers, the first layer that gives one winning. A number for the money
    that is not known there counts as none, whatever later layers say.

    Raises AnswersError with every unknown key and every refused value.
    """
    problems: list[Problem] = []
    given: dict[str, Value] = {}
    sources: dict[str, str] = {}
    rate = own_rate(rulebook, _rate_in(rulebook, layers, messages))
    for layer in layers:
        spelled: set[str] = set()
        for key, raw in layer.raw.items():
            name = normalize(str(key))
            if name in spelled:
                problems.append(
                    Problem(messages("given_twice", key=shorten(key)), layer.place(key))
                )
                continue
            spelled.add(name)
            question = rulebook.answerable.get(name)
            if question is None:
                near = nearest(name, rulebook.answerable)
                message = messages.hinted(messages("unknown_question", key=shorten(key)), near)
                problems.append(Problem(message, layer.place(key)))
                continue
            if name in given:
                continue
            try:
                money = rate if name in rulebook.economy.inputs else None
                value = parse(question, raw, messages, money)
            except RefusedError as refusal:
                message = str(refusal) if layer.telling else f"{name}: {refusal}"
                problems.append(Problem(message, layer.place(key)))
                continue
            if value is not None:
                given[name] = value
                sources[name] = layer.source
    if problems:
        raise AnswersError(problems)
    inputs = rulebook.economy.inputs
    left_out = {name for name in inputs if given.get(name) == UNKNOWN}
    order = [name for name in rulebook.answerable if name in given and name not in left_out]
    return Answers({name: given[name] for name in order}, {name: sources[name] for name in order})


def own_rate(rulebook: Rulebook, given: Given) -> Rate | None:
    """The exchange rate that a seller gave, to tell costs in yuan; None where the rulebook has no
    input for it."""
    name = rulebook.economy.rate
    value = given.get(name)
    return Rate(name, value if isinstance(value, Decimal) else None) if name else None


def _rate_in(rulebook: Rulebook, layers: Iterable[Layer], messages: Messages) -> Given:
    """The exchange rate in some layers, which is read before the costs; a wrong one is reported in
    its turn."""
    name = rulebook.economy.rate
    for layer in layers if name else ():
        for key, raw in layer.raw.items():
            if normalize(str(key)) == name:
                try:
                    value = parse(rulebook.economy.inputs[name], raw, messages)
                except RefusedError:
                    return {}
                if value is not None:
                    return {name: value}
    return {}


def missing_core(space: Space, given: Given) -> list[Question]:
    """The core questions that are not answered and may apply, whatever the others say."""
    core = [axis for axis in space.axes if axis.question.core]
    if all(axis.question.id in given for axis in core):
        return []
    known = {name: value for name, value in given.items() if value != UNKNOWN}
    options = space.options(known)
    # Only answers that some `applies` reads can make another question apply: one band of the rest
    # is enough.
    read = {name for axis in space.axes for name in questions_in(axis.question.applies)}
    for number, axis in enumerate(space.axes):
        if axis.question.id not in read:
            options[number] = options[number][:1]
    last = max(space.index[axis.question.id] for axis in core) + 1
    reach = [False] * last
    for cell, _ in itertools.islice(space.walk(options[:last]), MOST_WALKED):
        reach = [seen or band > 0 for seen, band in zip(reach, cell, strict=True)]
    return [
        axis.question
        for axis in core
        if axis.question.id not in given and reach[space.index[axis.question.id]]
    ]
