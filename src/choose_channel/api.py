"""The library's front door: decisions on plain mappings. It asks nothing and reads no clock."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from choose_channel.answers.kinds import expected
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.engine.decide import decide as decide_seller
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import AnswersError, MissingAnswersError, Problem
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.naming import flag
from choose_channel.model.rulebook import Question, Rulebook
from choose_channel.money.figures_in_texts import FactMessages

if TYPE_CHECKING:
    import polars

    from choose_channel.checks.grid import Finding
    from choose_channel.engine.difference import Comparison


@functools.lru_cache(maxsize=8)
def engine_for(rulebook: Rulebook) -> Engine:
    """The engine of a rulebook, made once for as long as it is in use."""
    return Engine(rulebook)


def decide(
    answers: Mapping[str, Any], rulebook: Rulebook | None = None, lang: str = "en"
) -> Decision:
    """The decision on these answers (question: value), with texts in `lang`.

    Values are read as forgivingly as on the command line; None and "" mean not given.
    Raises AnswersError naming every missing core answer, unknown key and refused value.
    """
    engine = engine_for(rulebook or load_rulebook())
    return decide_answers(engine, _read(answers, engine.rulebook, lang), lang)


def decide_table(
    frame: Any,
    rulebook: Rulebook | None = None,
    lang: str = "en",
    *,
    mapping: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    prefix: str = "",
) -> polars.DataFrame:
    """The rows of a table with their advice beside them, as a polars frame.

    `frame` is a polars frame, or one of pandas, Arrow or anything with the interchange protocol.
    Columns are known by the ids, names and titles of questions, or by `mapping` (head: question).
    Every row comes back in its place; one that cannot be decided has no advice, but its reasons
    in the column `rejected_because`. `columns` chooses what is added, `prefix` stands before the
    added names. Raises UsageError for columns that clash or are missing. Needs the extra `tables`.
    """
    from choose_channel.tables.library import decide_frame

    engine = engine_for(rulebook or load_rulebook())
    return decide_frame(engine, frame, _checked(lang), mapping or {}, columns, prefix)


def next_question(
    answers: Mapping[str, Any], rulebook: Rulebook | None = None, lang: str = "en"
) -> Question | None:
    """What to ask next, or None when no open answer can change the result any more and
    nothing is left that everybody is asked.

    Raises AnswersError for unknown keys and refused values.
    """
    from choose_channel.engine import next_question

    engine = engine_for(rulebook or load_rulebook())
    return next_question.next_question(engine, _read(answers, engine.rulebook, lang).given)


def compare(decisions: Mapping[str, Decision] | Sequence[Decision]) -> Comparison:
    """Two or more decisions side by side, each named by its key or else by its number.

    The others are compared with the first. ValueError for fewer than two.
    """
    from choose_channel.engine import difference

    named = decisions if isinstance(decisions, Mapping) else dict(_numbered(decisions))
    if len(named) < 2:
        raise ValueError("a comparison takes at least two decisions")
    return difference.compare([difference.Scenario(*pair) for pair in named.items()])


def _numbered(decisions: Sequence[Decision]) -> Iterator[tuple[str, Decision]]:
    return ((str(number), decision) for number, decision in enumerate(decisions, 1))


def analyze(rulebook: Rulebook | None = None) -> list[Finding]:
    """What the proofs find wrong with a rulebook (the shipped one by default), waived findings
    among them. Takes some seconds for a rulebook of the shipped one's size."""
    from choose_channel.checks import proofs
    from choose_channel.checks.grid import Grid

    return proofs.check(Grid(rulebook or load_rulebook()))


def decide_answers(engine: Engine, answers: Answers, lang: str) -> Decision:
    """The decision on answers already read. Raises MissingAnswersError naming the core answers
    that are not there."""
    missing = engine.missing_core(answers.given)
    if missing:
        messages = FactMessages(engine.rulebook, lang)
        raise MissingAnswersError(missing_problems(missing, messages))
    return decide_seller(engine.seller(answers.given), answers.sources, lang)


def missing_problems(missing: Iterable[Question], messages: Messages) -> list[Problem]:
    """A problem for each missing answer, with its flag and values."""
    return [
        Problem(
            messages(
                "answer_missing",
                title=messages.text(question.title),
                expected=expected(question, messages),
            ),
            flag(question.id),
        )
        for question in missing
    ]


def _checked(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"lang is one of {', '.join(LANGUAGES)}, not {lang!r}")
    return lang


def _read(answers: Mapping[str, Any], rulebook: Rulebook, lang: str) -> Answers:
    messages = Messages(rulebook.wording, _checked(lang))
    if not isinstance(answers, Mapping):
        raise AnswersError([Problem(messages("file_not_mapping"))])
    return read_answers(rulebook, [Layer("api", answers)], messages)
