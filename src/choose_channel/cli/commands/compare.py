"""Two to five scenarios side by side: answer files, and the first with some answers changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from choose_channel.answers.files import answers_in, read_document
from choose_channel.answers.sources import Layer, read_answers
from choose_channel.api import decide_answers, engine_for
from choose_channel.cli import outputs, streams
from choose_channel.cli.clock import today
from choose_channel.cli.display import display_for
from choose_channel.cli.registry import Context
from choose_channel.engine.decision import Decision
from choose_channel.engine.difference import Scenario, compare
from choose_channel.messages.errors import (
    AnswersError,
    DocumentError,
    OutputError,
    Problem,
    UsageError,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.messages.shell import command_line
from choose_channel.model.naming import PROGRAM, VERSION
from choose_channel.report.formats import ON_SCREEN, check_format, render
from choose_channel.report.run_info import RunInfo

MOST = 5


def command(
    context: Context,
    files: Sequence[str],
    what_if: Sequence[str] | None,
    format: str | None,
    output: str | None,
    force: bool,
) -> int:
    """`compare ANSWERS... [--what-if QUESTION=VALUE,...]...`"""
    messages, format = context.messages, format or "terminal"
    check_format(format, messages, "--format")
    changes = [_changes(text, messages) for text in what_if or ()]
    count = len(files) + len(changes)
    if count < 2:
        raise UsageError([Problem(messages("compare_too_few"))])
    if count > MOST:
        raise UsageError([Problem(messages("compare_too_many", most=MOST, count=count))])
    target = Path(output) if output else None
    if target and (
        problems := outputs.problems_with(target, files, context.rules, messages, replace=force)
    ):
        raise OutputError(problems)
    scenarios = list(_scenarios(context, files, changes))
    words = [PROGRAM, "compare", *files]
    for text in what_if or ():
        words += ["--what-if", text]
    words += ["--rules", context.rules] if context.rules else []
    run = RunInfo(today(messages), VERSION, command_line(words))
    text = render(compare(scenarios), format, run, display_for(format, to_file=bool(target)))
    if target:
        outputs.write(target, text.encode("utf-8", "replace"), messages, replace=force)
        streams.notice(messages("written_to", path=target))
    elif format in ON_SCREEN:
        sys.stdout.write(text)
    else:
        streams.write_utf8(text)
    return 0


def _changes(text: str, messages: Messages) -> Mapping[str, str]:
    """The answers in `warehouse=local,store=fast`."""
    changes: dict[str, str] = {}
    for part in text.split(","):
        name, sign, value = part.partition("=")
        if not sign or not name.strip() or not value.strip():
            message = messages("compare_what_if_form", text=shorten(text))
            raise UsageError([Problem(message, "--what-if")])
        changes[name.strip()] = value.strip()
    return changes


def _scenarios(
    context: Context, files: Sequence[str], changes: Sequence[Mapping[str, str]]
) -> Iterator[Scenario]:
    """The scenarios; the problems of all of them are told at once."""
    book, messages = context.book, context.messages
    engine = engine_for(book)
    layers: list[tuple[str, list[Layer]]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            document = read_document(file, messages)
            name = _name(document.data) or PurePath(file).stem
            layers.append((name, [answers_in(document, messages)]))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    first = layers[0][1]
    for change in changes:
        layers.append(("", [Layer("flag", change, lambda _key: "--what-if"), *first]))
    decided: list[Scenario] = []
    for name, some in layers:
        try:
            answers = read_answers(book, some, messages)
            decision = decide_answers(engine, answers, messages.lang)
            decided.append(Scenario(name or _changed(decision, messages), decision))
        except AnswersError as error:
            problems += error.problems
    if problems:
        raise AnswersError(problems)
    yield from decided


def _changed(decision: Decision, messages: Messages) -> str:
    """What a scenario is called that comes from the first by some changes: the changed answers."""
    return messages.listing(
        messages("answer_is", question=line.short, answer=line.answer)
        for line in (*decision.answer_texts.given, *decision.answer_texts.set_aside)
        if decision.sources.get(line.question) == "flag"
    )


def _name(data: object) -> str:
    """The name of a case."""
    name = data.get("name") if isinstance(data, dict) and "answers" in data else None
    return shorten(name) if isinstance(name, str) else ""
