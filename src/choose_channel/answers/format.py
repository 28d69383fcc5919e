"""Answers as people and flags write them."""

from __future__ import annotations

from decimal import Decimal

from choose_channel.messages.i18n import Say
from choose_channel.model.rulebook import UNKNOWN, Question, Value


def answer_text(question: Question, value: Value, say: Say) -> str:
    """An answer as a person says it: a choice's label, yes or no, a number with its unit."""
    if value == UNKNOWN:
        return say("unknown_answer")
    if question.choices:
        return say.text(question.choice(value).label)
    if isinstance(value, bool):
        return say("yes" if value else "no")
    assert isinstance(value, Decimal)
    amount = f"{value.normalize():,f}"
    return say(f"{question.unit}_value", amount=amount) if question.unit else amount


def answer_line(question: Question, value: Value, say: Say) -> str:
    """A question's short name and an answer to it."""
    answer = answer_text(question, value, say)
    return say("answer_is", question=say.text(question.short), answer=answer)
