"""From what a person, a flag or a file gives to an answer: lenient in form, strict in meaning.

Labels in either language, unique prefixes and many ways to write a number are read; what may mean
two things is refused with what would be right. How each kind of answer is read is in kinds.py.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from choose_channel.answers.kinds import kind_of
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import UNKNOWN, Question, Value


def parse(question: Question, raw: object, messages: Messages) -> Value | None:
    """The answer that `raw` means; None where it is blank.

    UNKNOWN where the person does not know and an answer can be assumed; None where they do not
    know a money input. Raises RefusedError, which says what would be right.
    """
    item = getattr(raw, "item", None)  # numpy and pandas wrap their numbers
    raw = item() if callable(item) else raw
    if raw is None:
        return None
    if isinstance(raw, float):
        raw = Decimal(repr(float(raw)))
    elif isinstance(raw, int) and not isinstance(raw, bool):
        raw = Decimal(raw)
    if isinstance(raw, Decimal) and not raw.is_finite():
        raise RefusedError(messages("not_finite", value=shorten(raw)))
    if not isinstance(raw, (str, bool, Decimal)):
        raise RefusedError(messages("not_a_value", expected=expected(question, messages)))
    if isinstance(raw, str):
        raw = unicodedata.normalize("NFKC", raw).strip()
        if not raw:
            return None
        if raw.casefold() in (UNKNOWN, *messages.words("words_unknown")):
            return _unknown(question, messages)
    return kind_of(question).parse(question, raw, messages)


def _unknown(question: Question, messages: Messages) -> Value | None:
    if question.assumed is not None:
        return UNKNOWN
    if question.core:
        raise RefusedError(messages("must_be_known", expected=expected(question, messages)))
    return None


def expected(question: Question, messages: Messages) -> str:
    """What would be a right answer, in words."""
    return kind_of(question).expected(question, messages)
