"""Answers as people and flags write them."""

from __future__ import annotations

from decimal import Decimal

from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Value


def answer_text(question: Question, value: Value, messages: Messages) -> str:
    """An answer as a person says it: a choice's label, yes or no, a number with its unit."""
    if value == UNKNOWN:
        return messages("unknown_answer")
    if question.choices:
        return messages.text(question.choice(value).label)
    if isinstance(value, bool):
        return messages("yes" if value else "no")
    assert isinstance(value, Decimal)
    amount = f"{value.normalize():,f}"
    return messages(f"{question.unit}_value", amount=amount) if question.unit else amount


def answer_line(question: Question, value: Value, messages: Messages) -> str:
    """A question's short name and an answer to it."""
    answer = answer_text(question, value, messages)
    return messages("answer_is", question=messages.text(question.short), answer=answer)
