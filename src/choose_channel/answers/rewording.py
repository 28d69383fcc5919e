"""Questions in the words for one seller."""

from __future__ import annotations

from collections.abc import Callable

from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import Question, Rewording


def worded(question: Question, holds: Callable[[Condition], bool]) -> Question:
    """The question with the texts for a seller for whom these conditions hold."""
    wording = next((wording for wording in question.worded_for if holds(wording.when)), None)
    return in_words(question, wording) if wording else question


def in_words(question: Question, wording: Rewording) -> Question:
    """The question with the texts that a wording gives it."""
    return question._replace(
        short=wording.short or question.short,
        title=wording.title or question.title,
        help=wording.help or question.help,
        choices=tuple(
            choice._replace(example=wording.examples.get(choice.id, choice.example))
            for choice in question.choices
        ),
    )
