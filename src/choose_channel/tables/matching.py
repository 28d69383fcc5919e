"""Which column of a table answers which question."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from choose_channel.messages.errors import Problem, UsageError, nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.conditions import ALWAYS
from choose_channel.model.naming import normalize
from choose_channel.model.rulebook import Question, Rulebook

_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_END = re.compile(r"[\s?!.:_]+$")


class Match(NamedTuple):
    """A column, by number and by what its head says, and the question or input that it answers."""

    number: int
    head: str
    question: Question


def match_columns(
    heads: Sequence[str], rulebook: Rulebook, messages: Messages, mapping: Mapping[str, str]
) -> list[Match]:
    """The columns that answer a question or hold a money input, in the rulebook's order.

    A column is known by the id of its question, its short name or title in any language, or by
    what the rulebook calls such columns; or by `mapping` (head: question, or "" for a column that
    answers none). Raises UsageError where two columns answer one question, where the mapping names
    what is not there, or where a question that every seller is asked has no column.
    """
    problems: list[Problem] = []
    mapped = _mapped(heads, rulebook, messages, mapping, problems)
    names = _names(rulebook)
    taken = set(mapped.values())
    by_question: dict[str, list[int]] = {}
    for number, head in enumerate(heads):
        known = (names[spelling] for spelling in _spellings(head) if spelling in names)
        name = mapped[number] if number in mapped else next(known, None)
        if name and (number in mapped or name not in taken):
            by_question.setdefault(name, []).append(number)
    for name, numbers in by_question.items():
        if len(numbers) > 1:
            columns = messages.listing(f'"{shorten(heads[number])}"' for number in numbers)
            problems.append(Problem(messages("batch_two_columns", columns=columns, question=name)))
    for question in rulebook.asked.values():
        if question.core and question.applies == ALWAYS and question.id not in by_question:
            problems.append(_no_column(question, heads, messages))
    if problems:
        raise UsageError(problems)
    return [
        Match(by_question[name][0], heads[by_question[name][0]], question)
        for name, question in rulebook.answerable.items()
        if name in by_question
    ]


def wanted_problems(
    wanted: Sequence[str] | None, names: Sequence[str], messages: Messages, place: str = ""
) -> list[Problem]:
    """What is wrong with the columns that are to be added, of those that can be; None for all.
    `place` is where they are named."""
    options = messages.listing(names)
    if wanted is not None and not wanted:
        return [Problem(messages("batch_no_columns", options=options), place)]
    problems = []
    for name in wanted or ():
        if name not in names:
            message = messages("batch_no_added_column", value=shorten(name), options=options)
            message = messages.hinted(message, nearest(name, names))
            problems.append(Problem(message, place))
    return problems


def _mapped(
    heads: Sequence[str],
    rulebook: Rulebook,
    messages: Messages,
    mapping: Mapping[str, str],
    problems: list[Problem],
) -> dict[int, str]:
    """By number of a column, the question that the person gave it."""
    by_head = {head: number for number, head in reversed([*enumerate(heads)])}
    by_spelling = {normalize(head): number for head, number in by_head.items()}
    mapped: dict[int, str] = {}
    for head, wanted in mapping.items():
        number = by_head.get(head, by_spelling.get(normalize(head)))
        name = normalize(wanted)
        if number is None:
            message = messages("batch_no_such_column", column=shorten(head))
            near = nearest(head, filter(None, heads))
            problems.append(Problem(messages.hinted(message, near), "--map"))
        elif name and name not in rulebook.answerable:
            message = messages("unknown_question", key=shorten(wanted))
            near = nearest(name, rulebook.answerable)
            problems.append(Problem(messages.hinted(message, near), "--map"))
        else:
            mapped[number] = name
    return mapped


def _no_column(question: Question, heads: Iterable[str], messages: Messages) -> Problem:
    title, seen = messages.text(question.short), messages.listing(map(shorten, heads))
    words = {"question": question.id, "short": title, "columns": shorten(seen, 300)}
    return Problem(messages("batch_no_column", **words))


def _names(rulebook: Rulebook) -> dict[str, str]:
    """By spelling, the question that is meant: ids come before the rulebook's names of columns,
    these before short names, these before titles; a spelling that several questions share means
    none of them."""
    names = {name: name for name in rulebook.answerable}
    fields: list[Callable[[Question], Iterable[str]]] = [
        lambda question: question.columns,
        lambda question: question.short.values(),
        lambda question: question.title.values(),
    ]
    for texts in fields:
        spelled: dict[str, set[str]] = {}
        for question in rulebook.answerable.values():
            for spelling in itertools.chain(*map(_spellings, texts(question))):
                spelled.setdefault(spelling, set()).add(question.id)
        for spelling, meant in spelled.items():
            if len(meant) == 1:
                names.setdefault(spelling, *meant)
    return names


def _spellings(head: str) -> list[str]:
    """A head as it is compared: as it stands, and without a unit in brackets at its end."""
    whole = _END.sub("", normalize(head.removeprefix("\ufeff")))
    return [whole, _END.sub("", _BRACKETS.sub("", whole.replace("_(", "(")))]
