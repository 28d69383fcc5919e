"""What to ask next, and when to stop. Pure.

Core questions come in the author's order. A follow-up is asked only while its answer can still
change the result: recommended, aim, or the critical pitfalls shown; the one that can change it in
most completions comes first, the author's order breaking ties.
"""

from __future__ import annotations

from typing import NamedTuple

from choose_channel.answers import Given, missing_core, settle
from choose_channel.completions import results
from choose_channel.model import Question, Rulebook


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
