"""Two to five scenarios side by side: answer files, and the first with some answers changed."""

from __future__ import annotations

import itertools
from collections.abc import Container, Mapping, Sequence
from pathlib import PurePath

from choose_channel.answers.files import answers_in, read_document
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.api import decide_answers, engine_for, missing_problems
from choose_channel.cli import outputs
from choose_channel.cli.clock import today
from choose_channel.cli.display import display_for, format_for
from choose_channel.cli.letterhead import letterhead
from choose_channel.cli.registry import Context
from choose_channel.engine.difference import Scenario, compare
from choose_channel.engine.engine import Seller
from choose_channel.files import storage
from choose_channel.messages.errors import (
    AnswersError,
    DocumentError,
    MissingAnswersError,
    OutputError,
    Problem,
    UsageError,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.messages.shell import command_line
from choose_channel.model.naming import PROGRAM, VERSION
from choose_channel.report.comparison import answers_text
from choose_channel.report.formats import ON_SCREEN, check_format, render
from choose_channel.report.run_info import RunInfo

MOST = 5
_WHAT_IF = "--what-if"


def command(
    context: Context,
    files: Sequence[str],
    what_if: Sequence[str] | None,
    format: str | None,
    output: str | None,
    force: bool,
    **head: str | None,
) -> int:
    """`compare ANSWERS... [--what-if QUESTION=VALUE,...]...`"""
    messages, wanted = context.messages, format or "terminal"
    check_format(wanted, messages, "--format")
    over = letterhead(head, wanted, messages)
    changes = [_changes(text, messages) for text in what_if or ()]
    if files.count(storage.STANDARD) > 1:
        raise UsageError([Problem(messages("usage_repeated"), storage.STANDARD)])
    count = len(files) + len(changes)
    if count < 2:
        raise UsageError([Problem(messages("compare_too_few"))])
    if count > MOST:
        raise UsageError([Problem(messages("compare_too_many", most=MOST, count=count))])
    target = outputs.target_of(output)
    if target and (
        problems := outputs.problems_with(target, files, context.rules, messages, replace=force)
    ):
        raise OutputError(problems)
    scenarios = _scenarios(context, files, changes)
    words = [PROGRAM, "compare", *files]
    for text in what_if or ():
        words += [_WHAT_IF, text]
    words += ["--rules", context.rules] if context.rules else []
    run = over.on(RunInfo(today(messages), VERSION, command_line(words)))
    format = format_for(wanted, context.looks, to_file=bool(target))
    display = display_for(format, context.looks, to_file=bool(target))
    text = render(compare(scenarios), format, run, display)
    outputs.give(text, target, messages, replace=force, on_screen=format in ON_SCREEN)
    return 0


def _changes(text: str, messages: Messages) -> Mapping[str, str]:
    """The answers in `warehouse=local,store=fast`."""
    changes: dict[str, str] = {}
    for part in text.split(","):
        name, sign, value = (word.strip() for word in part.partition("="))
        if not (sign and name and value):
            message = messages("compare_what_if_form", text=shorten(text))
            raise UsageError([Problem(message, _WHAT_IF)])
        if name in changes:
            raise UsageError([Problem(messages("given_twice", key=shorten(name)), _WHAT_IF)])
        changes[name] = value
    return changes


def _scenarios(
    context: Context, files: Sequence[str], changes: Sequence[Mapping[str, str]]
) -> list[Scenario]:
    """The scenarios; the problems of all of them are told at once."""
    rulebook, messages = context.rulebook, context.messages
    engine = engine_for(rulebook)
    named = _documents(files, messages)
    scenarios: list[tuple[str, Answers]] = []
    problems: list[Problem] = []
    missing: list[Problem] = []
    for file, (name, layer) in zip(files, named, strict=True):
        try:
            answers = read_answers(rulebook, [layer], messages)
        except AnswersError as error:
            problems += error.problems
            continue
        open_ones = engine.missing_core(answers.given)
        for question, problem in zip(open_ones, missing_problems(open_ones, messages), strict=True):
            missing.append(Problem(problem.message, f"{file}: {question.id}"))
        scenarios.append((name, answers))
    _, first = named[0]
    for change in changes:
        layer = Layer("flag", change, lambda _key: _WHAT_IF)
        try:
            answers = read_answers(rulebook, [layer, first] if scenarios else [layer], messages)
        except AnswersError as error:
            problems += [other for other in error.problems if other not in problems]
            continue
        scenarios.append(("", answers))
    if problems:
        refused = AnswersError(problems)
        refused.missing = tuple(dict.fromkeys(missing))
        raise refused
    if missing:
        raise MissingAnswersError(dict.fromkeys(missing))
    start = engine.seller(scenarios[0][1].given)
    decided: dict[str, Scenario] = {}
    for name, answers in scenarios:
        whole = answers if name else _with_resets(start, answers)
        decision = decide_answers(engine, whole, messages.lang)
        changed = [question for question, by in whole.sources.items() if by == "flag"]
        distinct = _distinct(name or answers_text(decision, changed), decided)
        decided[distinct] = Scenario(distinct, decision, named=bool(name))
    return [*decided.values()]


def _documents(files: Sequence[str], messages: Messages) -> list[tuple[str, Layer]]:
    """The answers in each file, and what its scenario is called: as the case in it, or as the
    file."""
    named: list[tuple[str, Layer]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            document = read_document(file, messages)
            stem = "stdin" if file == storage.STANDARD else PurePath(file).stem
            named.append((_name(document.data) or stem, answers_in(document, messages)))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return named


def _with_resets(start: Seller, answers: Answers) -> Answers:
    """The changed answers, and with them those that held for the old answers only."""
    changed = {name: answers.given[name] for name, by in answers.sources.items() if by == "flag"}
    resets = start.resets(changed)
    given = {**answers.given, **resets}
    order = [name for name in start.engine.rulebook.answerable if name in given]
    sources = {**answers.sources, **dict.fromkeys(resets, "flag")}
    return Answers({name: given[name] for name in order}, sources)


def _distinct(name: str, taken: Container[str]) -> str:
    """The name, with a number behind it where it is taken."""
    names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
    return next(candidate for candidate in names if candidate not in taken)


def _name(data: object) -> str:
    """The name of a case."""
    name = data.get("name") if isinstance(data, dict) and "answers" in data else None
    return shorten(name) if isinstance(name, str) else ""
