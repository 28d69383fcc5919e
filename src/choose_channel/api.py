"""The library's front door: `decide` and `next_question` on plain mappings. Asks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from choose_channel.answers.parse import expected
from choose_channel.answers.sources import Answers, Layer, missing_core, read_answers
from choose_channel.engine.decide import decide_on
from choose_channel.engine.decision import Decision
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import AnswersError, MissingAnswersError, Problem
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.naming import flag
from choose_channel.model.rulebook import Question, Rulebook

if TYPE_CHECKING:
    from choose_channel.checks import Finding


def decide(
    answers: Mapping[str, Any], rulebook: Rulebook | None = None, lang: str = "en"
) -> Decision:
    """The decision on these answers (question: value), with texts in `lang`.

    Values are read as forgivingly as on the command line; None and "" mean not given.
    Raises AnswersError naming every missing core answer, unknown key and refused value.
    """
    book = rulebook or load_rulebook()
    return decide_all(book, _read(answers, book, lang), lang)


def next_question(
    answers: Mapping[str, Any], rulebook: Rulebook | None = None, lang: str = "en"
) -> Question | None:
    """What to ask next, or None when no open answer can change the result any more.

    Raises AnswersError for unknown keys and refused values.
    """
    from choose_channel.engine import next_question as questionnaire

    book = rulebook or load_rulebook()
    return questionnaire.next_question(book, _read(answers, book, lang).given)


def analyze(rulebook: Rulebook | None = None) -> list[Finding]:
    """What the proofs find fault with in a rulebook (the shipped one by default), waived findings
    among them. Takes some seconds for a rulebook of the shipped one's size."""
    from choose_channel import checks as analysis

    return analysis.check(analysis.Grid(rulebook or load_rulebook()))


def decide_all(rulebook: Rulebook, answers: Answers, lang: str) -> Decision:
    """The decision on answers already read. Raises MissingAnswersError naming the core answers
    that are not there."""
    missing = missing_core(rulebook, answers.given)
    if missing:
        raise MissingAnswersError(missing_problems(missing, Messages(rulebook.wording, lang)))
    return decide_on(rulebook, answers, lang)


def missing_problems(missing: Iterable[Question], messages: Messages) -> list[Problem]:
    """A fault for each missing answer, with its flag and values."""
    return [
        Problem(
            messages(
                "answer_missing", title=messages.text(one.title), expected=expected(one, messages)
            ),
            flag(one.id),
        )
        for one in missing
    ]


def _read(answers: Mapping[str, Any], book: Rulebook, lang: str) -> Answers:
    if lang not in LANGUAGES:
        raise ValueError(f"lang is one of {', '.join(LANGUAGES)}, not {lang!r}")
    messages = Messages(book.wording, lang)
    if not isinstance(answers, Mapping):
        raise AnswersError([Problem(messages("file_not_mapping"))])
    return read_answers(book, [Layer("api", answers)], messages)
