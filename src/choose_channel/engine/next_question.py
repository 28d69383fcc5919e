"""What to ask next, and when to stop.

Core questions come in the author's order. A follow-up is asked only while its answer can still
change the result (see engine/result.py); the one that can change it in most completions comes
first, and the author's order breaks ties. Numbers for the money are a separate list, since they
may all be left out: `numbers` says which the money takes, `lacking` which are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.engine.sensitivity import deciding
from choose_channel.model.conditions import questions_in
from choose_channel.model.rulebook import (
    ACCESS,
    UNKNOWN,
    Gate,
    Pitfall,
    Question,
    Rule,
    Rulebook,
    Value,
)

MOST_ASKED = 13
"""So many questions are asked of one person. What would change the result in the fewest completions
is left out then, and counts as open."""

_Entry = TypeVar("_Entry", Gate, Pitfall, Rule)


class Effect(NamedTuple):
    """An entry that some answers to a question bring about, and those answers: choices, or of a
    number the first one of each band."""

    entry: Gate | Pitfall | Rule
    answers: tuple[Value, ...]


class Agenda(NamedTuple):
    """What is still to be asked, the next question first; what need not be asked; and what could
    still change the result, but would be one question too many."""

    ask: tuple[Question, ...]
    skip: tuple[Question, ...]
    over: tuple[Question, ...] = ()


def agenda(engine: Engine, given: Given, *, ask_all: bool = False) -> Agenda:
    """What is still worth asking: what is `always` asked, since other questions hang on it, then
    what can change the result; the heaviest first. With `ask_all`, everything that applies is."""
    core = engine.missing_core(given)
    seller = engine.seller(given)
    questions = engine.rulebook.questions
    open_now = [
        questions[name]
        for name in seller.situation.assumed
        if name not in given and not questions[name].core
    ]
    if core or ask_all:
        return Agenda((*core, *open_now), ())
    weights = deciding(seller)
    worth = [question for question in open_now if question.id in weights or question.always]
    worth.sort(key=lambda question: (not question.always, -weights.get(question.id, 0)))
    rest = [question for question in open_now if question not in worth]
    if not seller.results.exact:  # then it is not proved that the rest changes nothing
        worth, rest = [*worth, *rest], []
    room = max(0, MOST_ASKED - sum(name in seller.situation.values for name in given))
    return Agenda(tuple(worth[:room]), tuple(rest), tuple(worth[room:]))


def next_question(engine: Engine, given: Given) -> Question | None:
    """The next question worth asking, in the words for this seller; None when no open answer can
    change the result, and none is open that is always asked."""
    ask = agenda(engine, given).ask
    return engine.seller(given).worded(ask[0]) if ask else None


def effects_of(engine: Engine, given: Given, question: Question) -> list[Effect]:
    """The gates, critical pitfalls and rules that some answers to a question bring about and others
    do not, all other answers (and the margin) staying as they are.

    Gates that close or lock a channel come first, then pitfalls, then rules, those with most points
    first; last the gates on channels that stay shut whatever the answer. A number for the money
    has no such effects. Entries that read an open or a derived answer are left out: what is only
    assumed gives nobody a reason.
    """
    rulebook = engine.rulebook
    if question.id not in rulebook.questions:
        return []
    seller = engine.seller(_with_derived(rulebook, engine.seller(given).answers))
    varied = [(value, other.evaluation) for value, other in seller.vary(question.id)]
    evaluations = [evaluation for _, evaluation in varied]
    gates = _differing(rulebook.gates, (e.gates for e in evaluations))
    gates.sort(key=lambda gate: (ACCESS.index(gate.access), len(gate.channels)), reverse=True)
    critical = ([p for p in e.pitfalls if p.id in e.critical] for e in evaluations)
    pitfalls = _differing(rulebook.pitfalls, critical)
    rules = _differing(rulebook.rules, (e.rules for e in evaluations))
    moved = {
        name for name in rulebook.channels if len({e.scores.access[name] for e in evaluations}) > 1
    }
    rules.sort(key=lambda rule: -max(map(abs, rule.points.values())))
    opening = [gate for gate in gates if not moved.isdisjoint(gate.channels)]
    ineffective = [gate for gate in gates if moved.isdisjoint(gate.channels)]
    entries: list[Gate | Pitfall | Rule] = [*opening, *pitfalls, *rules, *ineffective]
    known = {name for name, value in given.items() if value != UNKNOWN} | {question.id}
    known &= rulebook.asked.keys()
    axis = engine.axis(question.id)

    def answers(entry: Gate | Pitfall | Rule) -> Iterator[Value]:
        for value, evaluation in varied:
            if entry in (*evaluation.gates, *evaluation.pitfalls, *evaluation.rules):
                yield from axis.alike[axis.band(value) - 1]

    return [
        Effect(entry, tuple(dict.fromkeys(answers(entry))))
        for entry in entries
        if questions_in(entry.when, denied=False) <= known
    ]


def _with_derived(rulebook: Rulebook, answers: Given) -> Given:
    """The answers with every derived one given, so that no other answer moves it."""
    unknown = {
        name: question.assumed
        for name, question in rulebook.questions.items()
        if question.derived and question.assumed is not None
    }
    return {**unknown, **answers}


def _differing(entries: Mapping[str, _Entry], groups: Iterable[Iterable[_Entry]]) -> list[_Entry]:
    """Those of the entries that are in some groups and not in others, in the rulebook's order."""
    kept = [list(group) for group in groups]
    count = Counter(entry.id for group in kept for entry in group)
    return [entry for name, entry in entries.items() if 0 < count[name] < len(kept)]


def needed(rulebook: Rulebook) -> tuple[str, ...]:
    """The numbers that the money cannot do without."""
    roles = rulebook.economy.roles
    return (roles.price, roles.unit_cost) if roles else ()


def numbers(engine: Engine, given: Given) -> list[Question]:
    """The numbers that the money takes as things stand, those it cannot do without first; none
    where there is no money to work out."""
    rulebook = engine.rulebook
    economy, first = rulebook.economy, needed(rulebook)
    if not first or not economy.asked:
        return []
    economics = engine.economics(engine.seller(given).situation, given)
    questions = rulebook.answerable
    if not economics.streams or not all(economics.holds(questions[n].applies) for n in first):
        return []
    unused = {line.input for line in economy.lines.values()}
    unused -= {line.input for line in economics.lines}
    useful = [name for name in economy.asked if name not in unused]
    names = dict.fromkeys([*first, *economics.without_a_fact, *useful])
    return [
        questions[name]
        for name in names
        if name in first or economics.holds(economy.inputs[name].applies)
    ]


def lacking(engine: Engine, given: Given) -> list[Question]:
    """The numbers for the money that were neither given nor left out; what the money cannot do
    without is lacking until it is known."""
    return [
        question
        for question in numbers(engine, given)
        if question.id not in given
        or (question.id in needed(engine.rulebook) and given[question.id] == UNKNOWN)
    ]
