"""The main job: answers from flags, environment, files and the person, to a decision."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from choose_channel.answers.format import as_flags
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.api import decide_answers, engine_for, missing_problems
from choose_channel.cli import streams
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
    flag,
    normalize,
    variable,
)
from choose_channel.model.rulebook import UNKNOWN, Rulebook
from choose_channel.report.formats import FORMATS, Display, format_named, render
from choose_channel.report.run_info import RunInfo, Title

if TYPE_CHECKING:
    from choose_channel.wizard.drafts import Drafts

NOTHING_OPEN, TOO_CLOSE = 3, 4
_OWN_VARIABLES = ("lang", "rules", "debug")
_MOST_COLUMNS, _USUAL_COLUMNS = 100, 80


class Options(NamedTuple):
    """The options of the main command. `flags` and `env` hold answers as typed; `output` is None
    for standard output."""

    flags: Mapping[str, str]
    env: Mapping[str, str]
    answers: Sequence[str] = ()
    format: str = "terminal"
    output: Path | None = None
    force: bool = False
    rules: str | None = None
    no_input: bool = False
    all_questions: bool = False
    exit_code: bool = False
    save: Path | None = None
    heading: Title = Title()
    has_lang: bool = False


def command(
    context: Context, flags: Mapping[str, str], env: Mapping[str, str], options: Mapping[str, Any]
) -> int:
    """Decides. `flags` and `env` hold the answers as typed, `options` the options that were given.

    Returns the exit code; raises the errors of errors.py.
    """
    book, messages = context.book, context.messages
    given = {name: value for name, value in options.items() if value is not None}
    format, output = given.get("format", "terminal"), given.get("output", storage.STANDARD)
    format_named(format, messages, "--format")
    names = ("force", "no_input", "all_questions", "exit_code")
    chosen = Options(
        flags,
        env,
        answers=given.get("answers", ()),
        format=format,
        output=None if output == storage.STANDARD else Path(output),
        rules=context.rules,
        save=Path(given["save"]) if "save" in given else None,
        heading=Title(*(given.get(name, "") for name in Title._fields)),
        has_lang="lang" in given,
        **{name: given[name] for name in names if name in given},
    )
    return run(book, messages, chosen)


def run(book: Rulebook, messages: Messages, options: Options) -> int:
    """Decides and shows. Returns the exit code; raises the errors of errors.py."""
    _stray_variables(book, messages)
    _check_targets(options, messages)
    date, engine = today(messages), engine_for(book)
    answers, drafts = _read(book, messages, options), None
    if _may_ask(options) and (engine.missing_core(answers.given) or options.all_questions):
        from choose_channel.wizard.drafts import Drafts

        drafts = Drafts(options.rules or "")
        answers = _ask(engine, messages, answers, options, drafts, date)
    decision = decide_answers(engine, answers, messages.lang)
    if options.save:
        _save(options, answers, decision, messages, date)
    text = render(decision, options.format, _run(decision, options, date), _display(options))
    if options.output:
        _write(options.output, text, messages, force=options.force)
        streams.notice(messages("written_to", path=options.output))
    elif FORMATS[options.format].on_screen:
        sys.stdout.write(text)
    else:
        streams.write_utf8(text)
    if drafts:
        drafts.delete()
    if not options.exit_code:
        return 0
    if decision.recommended is None:
        return NOTHING_OPEN
    return TOO_CLOSE if decision.close else 0


# ---- reading


def _read(book: Rulebook, messages: Messages, options: Options) -> Answers:
    """The answers given; what is wrong and, where nobody can be asked, what is missing, at once."""
    layers = _layers(options, messages)
    try:
        return read_answers(book, layers, messages)
    except AnswersError as error:
        if _may_ask(options):
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


def _layers(options: Options, messages: Messages) -> list[Layer]:
    layers = [
        Layer("flag", options.flags, flag, telling=True),
        Layer("env", options.env, variable, telling=True),
    ]
    if options.answers:
        from choose_channel.answers import files as answer_files

        layers += answer_files.layers_of(options.answers, messages)
    return layers


# ---- asking


def _may_ask(options: Options) -> bool:
    terminals = (sys.stdin, sys.stderr)
    return not options.no_input and all(
        stream is not None and stream.isatty() for stream in terminals
    )


def _ask(
    engine: Engine,
    messages: Messages,
    answers: Answers,
    options: Options,
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
        ask_all=options.all_questions,
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


def _run(decision: Decision, options: Options, date: str) -> RunInfo:
    rulebook = decision.seller.engine.rulebook
    words = [PROGRAM, *as_flags(rulebook, {**decision.answers, **decision.set_aside})]
    if options.rules:
        words += ["--rules", options.rules]
    if options.has_lang:
        words += ["--lang", decision.lang]
    for name, text in options.heading._asdict().items():
        words += [flag(name), text] if text else []
    own = _own_facts(decision, options)
    return RunInfo(date, VERSION, command_line(words), options.heading, own)


def _own_facts(decision: Decision, options: Options) -> frozenset[str]:
    """The facts that the seller's own rulebook has changed."""
    if not options.rules:
        return frozenset()
    shipped = load_rulebook().facts
    facts = decision.seller.engine.rulebook.facts
    return frozenset(name for name, fact in facts.items() if shipped.get(name) != fact)


def _display(options: Options) -> Display:
    if options.output or not FORMATS[options.format].on_screen:
        return Display()
    from rich.console import Console

    console = Console()
    color = None if console.no_color or console.legacy_windows else console.color_system
    return Display(
        width=min(console.width, _MOST_COLUMNS) if console.width > 0 else _USUAL_COLUMNS,
        color=color,
        ascii_only=console.options.ascii_only,
    )


def _check_targets(options: Options, messages: Messages) -> None:
    """Refuses, before anything is asked, what could not be written in the end."""
    problems = []
    save = options.save
    if save and _place(options.output or Path(storage.STANDARD)) == _place(save):
        problems.append(Problem(messages("same_file"), str(save)))
    if options.output is None and streams.is_closed():
        problems.append(Problem(messages("stdout_closed")))
    for path in (options.output, save):
        if path is None:
            continue
        if storage.is_replaced(path) and not options.force:
            problems.append(Problem(messages("file_exists"), str(path)))
        elif not path.parent.is_dir():
            problems.append(Problem(messages("folder_missing", folder=path.parent), str(path)))
    if problems:
        raise OutputError(problems)


def _place(path: Path) -> str:
    return os.path.realpath(path) if str(path) != storage.STANDARD else storage.STANDARD


def _write(path: Path, text: str, messages: Messages, *, force: bool) -> None:
    try:
        storage.write_whole(path, text.encode("utf-8", "replace"), replace=force)
    except FileExistsError as error:
        raise OutputError([Problem(messages("file_exists"), str(path))]) from error
    except OSError as error:
        message = messages("write_failed", reason=storage.reason(error, messages))
        raise OutputError([Problem(message, str(path))]) from error


def _save(
    options: Options, answers: Answers, decision: Decision, messages: Messages, date: str
) -> None:
    from choose_channel.answers import files as answer_files

    path = options.save
    assert path is not None
    book = decision.rulebook
    rules = f"rulebook {book['version']} ({book['digest'][:12]})"
    source = f"{PROGRAM} {VERSION}, {rules}, {date}"
    text = answer_files.text_of(decision.seller.engine.rulebook, answers, path.suffix, source)
    _write(path, text, messages, force=options.force)
    streams.notice(messages("saved_to", path=path))
