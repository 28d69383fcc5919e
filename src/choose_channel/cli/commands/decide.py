"""The main job: answers from flags, environment, files and the person, to a decision."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.api import decide_answers, engine_for, missing_problems
from choose_channel.cli import outputs, streams
from choose_channel.cli.clock import today
from choose_channel.cli.registry import Context
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.files import storage
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import (
    AnswersError,
    InterruptedWizardError,
    OutputError,
    Problem,
    nearest,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.messages.shell import command_line
from choose_channel.model.naming import (
    PREFIX,
    PROGRAM,
    VERSION,
    as_flags,
    flag,
    normalize,
    variable,
)
from choose_channel.model.rulebook import UNKNOWN, Rulebook
from choose_channel.report.formats import ON_SCREEN, Display, check_format, render
from choose_channel.report.run_info import RunInfo, Title

if TYPE_CHECKING:
    from choose_channel.wizard.drafts import Drafts

NOTHING_OPEN, TOO_CLOSE = 3, 4
_OWN_VARIABLES = ("lang", "rules", "debug")
_MOST_COLUMNS, _USUAL_COLUMNS = 100, 80


class Settings(NamedTuple):
    """What the main command is told to do. `flags` and `env` hold answers as typed; `output` is
    None for standard output."""

    flags: Mapping[str, str]
    env: Mapping[str, str]
    answers: Sequence[str]
    format: str
    output: Path | None
    force: bool
    rules: str | None
    no_input: bool
    all_questions: bool
    exit_code: bool
    save: Path | None
    title: Title
    has_lang: bool


def command(
    context: Context, flags: Mapping[str, str], env: Mapping[str, str], options: Mapping[str, Any]
) -> int:
    """Decides. `flags` and `env` hold the answers as typed, `options` the options that were given.

    Returns the exit code; raises the errors of errors.py.
    """
    book, messages = context.book, context.messages
    given = {name: value for name, value in options.items() if value is not None}
    settings = _settings(flags, env, given, context)
    _stray_variables(book, messages)
    _check_targets(settings, messages)
    date, engine = today(messages), engine_for(book)
    answers, drafts = _read(book, messages, settings), None
    if _may_ask(settings) and (engine.missing_core(answers.given) or settings.all_questions):
        from choose_channel.wizard.drafts import Drafts

        drafts = Drafts(settings.rules or "")
        answers = _ask(engine, messages, answers, settings, drafts, date)
    decision = decide_answers(engine, answers, messages.lang)
    if settings.save:
        _save(settings, answers, decision, messages, date)
    text = render(decision, settings.format, _run(decision, settings, date), _display(settings))
    if settings.output:
        content = text.encode("utf-8", "replace")
        outputs.write(settings.output, content, messages, replace=settings.force)
        streams.notice(messages("written_to", path=settings.output))
    elif settings.format in ON_SCREEN:
        sys.stdout.write(text)
    else:
        streams.write_utf8(text)
    if drafts:
        drafts.delete()
    if not settings.exit_code:
        return 0
    if decision.recommended is None:
        return NOTHING_OPEN
    return TOO_CLOSE if decision.close else 0


def _settings(
    flags: Mapping[str, str], env: Mapping[str, str], given: Mapping[str, Any], context: Context
) -> Settings:
    format, output = given.get("format", "terminal"), given.get("output", storage.STANDARD)
    check_format(format, context.messages, "--format")
    return Settings(
        flags,
        env,
        answers=given.get("answers", ()),
        format=format,
        output=None if output == storage.STANDARD else Path(output),
        force=given.get("force", False),
        rules=context.rules,
        no_input=given.get("no_input", False),
        all_questions=given.get("all_questions", False),
        exit_code=given.get("exit_code", False),
        save=Path(given["save"]) if "save" in given else None,
        title=Title(**{name: given[name] for name in Title._fields if name in given}),
        has_lang="lang" in given,
    )


# ---- reading


def _read(book: Rulebook, messages: Messages, settings: Settings) -> Answers:
    """The answers given; what is wrong and, where nobody can be asked, what is missing, at once."""
    layers = _layers(settings, messages)
    try:
        return read_answers(book, layers, messages)
    except AnswersError as error:
        if _may_ask(settings):
            raise
        tried = {normalize(str(key)): UNKNOWN for layer in layers for key in layer.raw}
        error.missing = tuple(missing_problems(engine_for(book).missing_core(tried), messages))
        raise


def _stray_variables(book: Rulebook, messages: Messages) -> None:
    """A mistyped variable would otherwise be a silent default."""
    known = {variable(name) for name in (*book.answerable, *_OWN_VARIABLES)}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            message = messages("env_unknown", name=shorten(name))
            streams.notice(messages.hinted(message, nearest(name, known)))


def _layers(settings: Settings, messages: Messages) -> list[Layer]:
    layers = [
        Layer("flag", settings.flags, flag, telling=True),
        Layer("env", settings.env, variable, telling=True),
    ]
    if settings.answers:
        from choose_channel.answers import files as answer_files

        layers += answer_files.layers_of(settings.answers, messages)
    return layers


# ---- asking


def _may_ask(settings: Settings) -> bool:
    terminals = (sys.stdin, sys.stderr)
    return not settings.no_input and all(
        stream is not None and stream.isatty() for stream in terminals
    )


def _ask(
    engine: Engine,
    messages: Messages,
    answers: Answers,
    settings: Settings,
    drafts: Drafts,
    date: str,
) -> Answers:
    from choose_channel.wizard import terminal
    from choose_channel.wizard.wizard import Wizard

    wizard = Wizard(
        engine,
        answers,
        messages,
        terminal.ask,
        terminal.tell,
        drafts,
        date=date,
        ask_all=settings.all_questions,
    )
    try:
        complete = wizard.run()
    except KeyboardInterrupt as error:
        if drafts.load() is None:
            raise
        raise InterruptedWizardError from error
    terminal.tell("")
    return complete


# ---- showing


def _run(decision: Decision, settings: Settings, date: str) -> RunInfo:
    words = [PROGRAM, *as_flags({**decision.answers, **decision.set_aside})]
    if settings.rules:
        words += ["--rules", settings.rules]
    if settings.has_lang:
        words += ["--lang", decision.lang]
    for name, text in settings.title._asdict().items():
        words += [flag(name), text] if text else []
    own = _own_facts(decision, settings)
    return RunInfo(date, VERSION, command_line(words), settings.title, own)


def _own_facts(decision: Decision, settings: Settings) -> frozenset[str]:
    """The facts that the seller's own rulebook has changed."""
    if not settings.rules:
        return frozenset()
    shipped = load_rulebook().facts
    facts = decision.seller.engine.rulebook.facts
    return frozenset(name for name, fact in facts.items() if shipped.get(name) != fact)


def _display(settings: Settings) -> Display:
    if settings.output or settings.format not in ON_SCREEN:
        return Display()
    from rich.console import Console

    console = Console()
    color = None if console.no_color or console.legacy_windows else console.color_system
    return Display(
        width=min(console.width, _MOST_COLUMNS) if console.width > 0 else _USUAL_COLUMNS,
        color=color,
        ascii_only=console.options.ascii_only,
    )


def _check_targets(settings: Settings, messages: Messages) -> None:
    """Refuses, before anything is asked, what could not be written in the end."""
    problems = []
    output, save = settings.output or Path(storage.STANDARD), settings.save
    if save and storage.place(save) is not None and storage.place(save) == storage.place(output):
        problems.append(Problem(messages("same_file"), str(save)))
    if settings.output is None and streams.is_closed():
        problems.append(Problem(messages("stdout_closed")))
    for path in filter(None, (settings.output, save)):
        problems += outputs.problems_with(
            path, settings.answers, settings.rules, messages, replace=settings.force
        )
    if problems:
        raise OutputError(problems)


def _save(
    settings: Settings, answers: Answers, decision: Decision, messages: Messages, date: str
) -> None:
    from choose_channel.answers import files as answer_files

    path = settings.save
    assert path is not None
    book = decision.rulebook
    rules = f"rulebook {book['version']} ({book['digest'][:12]})"
    source = f"{PROGRAM} {VERSION}, {rules}, {date}"
    content = answer_files.text_of(answers, path.suffix, source).encode("utf-8", "replace")
    outputs.write(path, content, messages, replace=settings.force)
    streams.notice(messages("saved_to", path=path))
