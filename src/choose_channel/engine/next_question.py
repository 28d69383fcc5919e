"""What to ask next, and when to stop. Pure.

Core questions come in the author's order. A follow-up is asked only while its answer can still
change the result: recommended, aim, or the critical pitfalls shown; the one that can change it in
most completions comes first, the author's order breaking ties. The numbers for the money are
apart, since they may be left out: `numbers` says which it takes, `lacking` which are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.sources import Given, missing_core
from choose_channel.answers.space import Axis, space_of
from choose_channel.engine.evaluate import derive, evaluate
from choose_channel.engine.scenarios import results
from choose_channel.model.conditions import questions_in
from choose_channel.model.rulebook import ACCESS, UNKNOWN, Gate, Pitfall, Question, Rule, Rulebook

Entry = TypeVar("Entry", Gate, Pitfall, Rule)


class Agenda(NamedTuple):
    """What is still to be asked, the next question first, and what need not be asked."""

    ask: tuple[Question, ...]
    skip: tuple[Question, ...]


def agenda(rulebook: Rulebook, given: Given, *, ask_all: bool = False) -> Agenda:
    """What is still worth asking. With `ask_all`, everything that applies is."""
    core = missing_core(rulebook, given)
    known = {n: v for n, v in derive(rulebook, given).items() if n in rulebook.questions}
    open_now = [
        rulebook.questions[name]
        for name in complete_with_defaults(rulebook, known).assumed
        if name not in known and not rulebook.questions[name].core
    ]
    if core or ask_all:
        return Agenda((*core, *open_now), ())
    found = results(rulebook, known)
    deciding = found.deciding()
    # Completions, not only the assumed ones, may make another question apply: it is asked later.
    worth = [
        question
        for question in open_now
        if question.id in deciding or _moves_the_margin(rulebook, given, question)
    ]
    ask = tuple(sorted(worth, key=lambda question: -deciding.get(question.id, 0)))
    rest = tuple(question for question in open_now if question not in ask)
    # A sample cannot show that nothing more would change the result: then everything is asked.
    return Agenda(ask, rest) if found.exact else Agenda((*ask, *rest), ())


def _moves_the_margin(rulebook: Rulebook, given: Given, question: Question) -> bool:
    """Whether an answer changes the result by way of the money, all others as they stand: for the
    completions the margin is held."""
    if derive(rulebook, given) == given:
        return False
    answers = _axis(rulebook, question).values
    found = {evaluate(rulebook, {**given, question.id: answer}).result for answer in answers}
    return len(found) > 1


def next_question(rulebook: Rulebook, given: Given) -> Question | None:
    """The next question worth asking; None when no open answer can change the result."""
    ask = agenda(rulebook, given).ask
    return ask[0] if ask else None


def effects_of(rulebook: Rulebook, given: Given, question: Question) -> list[Gate | Pitfall | Rule]:
    """What hangs on the answer to a question while all others stay as they stand, and with them
    what is worked out of them: gates, critical pitfalls and rules that some of its answers bring
    about and others do not.

    First what closes or locks a channel, then pitfalls, then rules, those with most points first;
    last the gates on channels that stay shut whatever the answer. Of a number for the money nothing
    hangs but the money. What is said of derived answers is left out: they hang on this one too.
    """
    if question.id not in rulebook.questions:
        return []
    answers, now = _axis(rulebook, question).values, _held(rulebook, given)
    found = [evaluate(rulebook, {**now, question.id: answer}) for answer in answers]
    gates = _differing(one.gates for one in found)
    gates.sort(key=lambda gate: (ACCESS.index(gate.access), len(gate.channels)), reverse=True)
    pitfalls = _differing([p for p in one.pitfalls if p.id in one.critical] for one in found)
    rules = _differing(one.rules for one in found)
    moved = {
        name for name in rulebook.channels if len({one.scores.access[name] for one in found}) > 1
    }
    rules.sort(key=lambda rule: -max(map(abs, rule.points.values()), default=0))
    opening = [gate for gate in gates if not moved.isdisjoint(gate.channels)]
    idle = [gate for gate in gates if moved.isdisjoint(gate.channels)]
    derived = rulebook.questions.keys() - rulebook.asked.keys()
    entries: list[Gate | Pitfall | Rule] = [*opening, *pitfalls, *rules, *idle]
    return [one for one in entries if derived.isdisjoint(questions_in(one.when, denied=False))]


def _held(rulebook: Rulebook, given: Given) -> Given:
    """The answers with the derived ones as they are now, so that no other answer moves them."""
    unknown = {
        name: one.assumed
        for name, one in rulebook.questions.items()
        if one.derived and one.assumed is not None
    }
    return {**unknown, **derive(rulebook, given)}


def _axis(rulebook: Rulebook, question: Question) -> Axis:
    space = space_of(rulebook)
    return space.axes[space.index[question.id]]


def _differing(groups: Iterable[Iterable[Entry]]) -> list[Entry]:
    """The entries that are in some groups and not in others."""
    kept = [list(group) for group in groups]
    every = {entry.id: entry for group in kept for entry in group}
    count = Counter(entry.id for group in kept for entry in group)
    return [entry for name, entry in every.items() if count[name] < len(kept)]


def needed(rulebook: Rulebook) -> tuple[str, ...]:
    """What the money cannot do without."""
    roles = rulebook.economy.roles
    return (roles.price, roles.unit_cost) if roles else ()


def numbers(rulebook: Rulebook, given: Given) -> list[Question]:
    """The numbers that the money takes as things stand, those it cannot do without first; none
    where there is no money to work out."""
    economy, first = rulebook.economy, needed(rulebook)
    if not first or not economy.asked:
        return []
    from choose_channel.money.unit_economics import Economics

    situation = complete_with_defaults(rulebook, given)
    economics = Economics(rulebook, space_of(rulebook), situation, given)
    if not economics.streams or not all(
        economics.holds(rulebook.answerable[n].applies) for n in first
    ):
        return []
    idle = {line.input for line in economy.lines.values()}
    idle -= {line.input for line in economics.lines}
    useful = [
        name
        for name in economy.asked
        if name not in idle and economics.holds(economy.inputs[name].applies)
    ]
    return [rulebook.answerable[name] for name in dict.fromkeys([*first, *useful])]


def lacking(rulebook: Rulebook, given: Given) -> list[Question]:
    """The numbers for the money that were neither given nor left out; what it cannot do without is
    lacking until it is known."""
    return [
        one
        for one in numbers(rulebook, given)
        if one.id not in given or (one.id in needed(rulebook) and given[one.id] == UNKNOWN)
    ]
