"""Answers as people say them, and as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from choose_channel.answers.kinds import kind_of, may_be_a_share
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import flag, to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook, Value


def answer_text(question: Question, value: Value, messages: Messages) -> str:
    """An answer as a person says it: a choice's label, yes or no, a number with its unit."""
    if value == UNKNOWN:
        return messages("unknown_answer")
    return kind_of(question).text(question, value, messages)


def answer_line(question: Question, value: Value, messages: Messages) -> str:
    """A question's short name and an answer to it."""
    answer = answer_text(question, value, messages)
    return messages("answer_is", question=messages.text(question.short), answer=answer)


def as_typed(rulebook: Rulebook, given: Mapping[str, Value]) -> dict[str, str]:
    """Answers as they are typed, to be read again: a percentage below 1 with its sign."""
    return {name: _typed(rulebook.answerable.get(name), value) for name, value in given.items()}


def as_flags(rulebook: Rulebook, given: Mapping[str, Value]) -> list[str]:
    """Answers as they are typed on the command line."""
    typed = as_typed(rulebook, given)
    return [word for name, text in typed.items() for word in (flag(name), text)]


def signed(rulebook: Rulebook, given: Mapping[str, Value]) -> dict[str, str]:
    """Those of the answers that are a percentage below 1, as they are typed."""
    return {name: text for name, text in as_typed(rulebook, given).items() if text[-1:] == "%"}


def _typed(question: Question | None, value: Value) -> str:
    signed = question and isinstance(value, Decimal) and may_be_a_share(question, value)
    return to_text(value) + ("%" if signed else "")
