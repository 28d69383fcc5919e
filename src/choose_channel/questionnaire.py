"""What to ask next, and when to stop. Pure.

Core questions come in the author's order. A follow-up is asked only while its answer can still
change the result: recommended, aim, or the critical pitfalls shown; the one that can change it in
most completions comes first, the author's order breaking ties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from choose_channel.answers import Given, missing_core, settle
from choose_channel.completions import results
from choose_channel.evaluation import evaluate
from choose_channel.model import ACCESS, Gate, Pitfall, Question, Rule, Rulebook
from choose_channel.space import space_of

Entry = TypeVar("Entry", Gate, Pitfall, Rule)


class Agenda(NamedTuple):
    """What is still to be asked, the next question first, and what need not be asked."""

    ask: tuple[Question, ...]
    skip: tuple[Question, ...]


def agenda(rulebook: Rulebook, given: Given, *, ask_all: bool = False) -> Agenda:
    """What is still worth asking. With `ask_all`, everything that applies is."""
    core = missing_core(rulebook, given)
    open_now = [
        rulebook.questions[name]
        for name in settle(rulebook, given).assumed
        if name not in given and not rulebook.questions[name].core
    ]
    if core or ask_all:
        return Agenda((*core, *open_now), ())
    found = results(rulebook, given)
    deciding = found.deciding()
    # Completions, not only the assumed ones, may make another question apply: it is asked later.
    worth = [question for question in open_now if question.id in deciding]
    ask = tuple(sorted(worth, key=lambda question: -deciding[question.id]))
    rest = tuple(question for question in open_now if question not in ask)
    # A sample cannot show that nothing more would change the result: then everything is asked.
    return Agenda(ask, rest) if found.exact else Agenda((*ask, *rest), ())


def next_question(rulebook: Rulebook, given: Given) -> Question | None:
    """The next question worth asking; None when no open answer can change the result."""
    ask = agenda(rulebook, given).ask
    return ask[0] if ask else None


def hanging(rulebook: Rulebook, given: Given, question: Question) -> list[Gate | Pitfall | Rule]:
    """What hangs on the answer to a question while all others stay as they stand: gates, critical
    pitfalls and rules that some of its answers bring about and others do not.

    First what closes or locks a channel, then pitfalls, then rules, those with most points first;
    last the gates on channels that stay shut whatever the answer.
    """
    space = space_of(rulebook)
    answers = space.axes[space.index[question.id]].values
    found = [evaluate(rulebook, {**given, question.id: answer}) for answer in answers]
    gates = _differing(one.gates for one in found)
    gates.sort(key=lambda gate: (ACCESS.index(gate.access), len(gate.channels)), reverse=True)
    pitfalls = _differing([p for p in one.pitfalls if p.id in one.critical] for one in found)
    rules = _differing(one.rules for one in found)
    moved = {
        name for name in rulebook.channels if len({one.standing.access[name] for one in found}) > 1
    }
    rules.sort(key=lambda rule: -max(map(abs, rule.points.values()), default=0))
    opening = [gate for gate in gates if not moved.isdisjoint(gate.channels)]
    idle = [gate for gate in gates if moved.isdisjoint(gate.channels)]
    return [*opening, *pitfalls, *rules, *idle]


def _differing(groups: Iterable[Iterable[Entry]]) -> list[Entry]:
    """The entries that are in some groups and not in others."""
    kept = [list(group) for group in groups]
    every = {entry.id: entry for group in kept for entry in group}
    count = Counter(entry.id for group in kept for entry in group)
    return [entry for name, entry in every.items() if count[name] < len(kept)]
