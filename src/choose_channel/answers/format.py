"""Answers as people say them."""

from __future__ import annotations

from choose_channel.answers.kinds import kind_of
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Value


def answer_text(question: Question, value: Value, messages: Messages) -> str:
    """An answer as a person says it: a choice's label, yes or no, a number with its unit."""
    if value == UNKNOWN:
        return messages("unknown_answer")
    return kind_of(question).text(question, value, messages)


def answer_line(question: Question, value: Value, messages: Messages) -> str:
    """A question's short name and an answer to it."""
    answer = answer_text(question, value, messages)
    return messages("answer_is", question=messages.text(question.short), answer=answer)
