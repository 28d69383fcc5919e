"""The main job: answers from flags, environment, file and person, to a decision that is shown."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from choose_channel.answers.parse import normalize
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.api import decide_answers, engine_for, missing_problems
from choose_channel.engine.decision import Decision
from choose_channel.files import storage
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import (
    AnswersError,
    InterruptedWizardError,
    OutputError,
    Problem,
    UsageError,
    nearest,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import PREFIX, VERSION, as_flags, flag, variable
from choose_channel.model.rulebook import UNKNOWN, Rulebook
from choose_channel.report.content import RunInfo, Title
from choose_channel.report.formats import Display, render
from choose_channel.wizard.drafts import Drafts

NOTHING_OPEN, TOO_CLOSE = 3, 4
_OWN_VARIABLES = ("lang", "rules", "debug")
_MOST_COLUMNS, _USUAL_COLUMNS = 100, 80
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, in seconds since 1970."""


class Options(NamedTuple):
    """What was asked for besides the answers. `flags` and `env` hold answers as typed."""

    flags: Mapping[str, str]
    env: Mapping[str, str]
    answers: str | None
    format: str
    output: Path | None
    force: bool
    rules: str | None
    no_input: bool
    all_questions: bool
    exit_code: bool
    save: Path | None
    heading: tuple[str, str, str]
    lang_flag: bool


def run(book: Rulebook, messages: Messages, options: Options) -> int:
    """Decides and shows. Returns the exit code; raises the errors of errors.py."""
    _stray_variables(book, messages)
    _check_targets(options, messages)
    date, engine = today(messages), engine_for(book)
    answers, drafts = _read(book, messages, options), None
    if _may_ask(options) and (engine.missing_core(answers.given) or options.all_questions):
        drafts = Drafts(options.rules or "")
        answers = _ask(book, messages, answers, options, drafts, date)
    decision = decide_answers(engine, answers, messages.lang)
    if options.save:
        _save(options, answers, decision, messages, date)
    text = render(decision, options.format, _run(decision, options, date), _display(options))
    if options.output:
        _write(options.output, text, messages, force=options.force)
        print(messages("written_to", path=options.output), file=sys.stderr)
    else:
        _print(text, options)
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
            print(messages.hinted(message, nearest(name, known)), file=sys.stderr)


def _layers(options: Options, messages: Messages) -> list[Layer]:
    layers = [
        Layer("flag", options.flags, flag, telling=True),
        Layer("env", options.env, variable, telling=True),
    ]
    if options.answers is not None:
        from choose_channel.answers import files as answer_files

        document = answer_files.read_document(options.answers, messages)
        layers.append(answer_files.answers_in(document, messages))
    return layers


# ---- asking


def _may_ask(options: Options) -> bool:
    terminals = (sys.stdin, sys.stderr)
    return not options.no_input and all(one is not None and one.isatty() for one in terminals)


def _ask(
    book: Rulebook,
    messages: Messages,
    answers: Answers,
    options: Options,
    drafts: Drafts,
    date: str,
) -> Answers:
    from choose_channel.messages.wrap import wrap
    from choose_channel.wizard import terminal as questionary
    from choose_channel.wizard.wizard import Wizard

    def tell(text: str) -> None:
        for line in wrap(text, _columns()):
            print(line, file=sys.stderr)

    wizard = Wizard(
        engine_for(book),
        answers,
        messages,
        questionary.ask,
        tell,
        drafts,
        date=date,
        ask_all=options.all_questions,
    )
    try:
        found = wizard.run()
    except KeyboardInterrupt as error:
        if drafts.load() is None:
            raise
        raise InterruptedWizardError from error
    tell("")
    return found


def _columns() -> int:
    """The width of the terminal that the person sees, wherever stdout goes."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return shutil.get_terminal_size().columns


# ---- showing


def today(messages: Messages) -> str:
    """The ISO date of this run; SOURCE_DATE_EPOCH (seconds since 1970, UTC) overrides the clock."""
    import datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.datetime.now().astimezone().date().isoformat()
    whole = epoch.isascii() and epoch.isdigit() and len(epoch) <= len(str(_LAST_SECOND))
    if not whole or int(epoch) > _LAST_SECOND:
        raise UsageError(
            [Problem(messages("usage_epoch", value=shorten(epoch)), "SOURCE_DATE_EPOCH")]
        )
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()


def _run(decision: Decision, options: Options, date: str) -> RunInfo:
    words = ["choose-channel", *as_flags({**decision.answers, **decision.set_aside})]
    if options.rules:
        words += ["--rules", options.rules]
    if options.lang_flag:
        words += ["--lang", decision.lang]
    for name, text in zip(Title._fields, options.heading, strict=True):
        words += [flag(name), text] if text else []
    heading, own = Title(*options.heading), _own_facts(decision, options)
    return RunInfo(date, VERSION, _joined(words), heading, own)


def _own_facts(decision: Decision, options: Options) -> frozenset[str]:
    """The facts that the seller's own rulebook has changed."""
    if not options.rules:
        return frozenset()
    shipped = load_rulebook().facts
    facts = decision.seller.engine.rulebook.facts
    return frozenset(name for name, fact in facts.items() if shipped.get(name) != fact)


def _joined(words: list[str]) -> str:
    """Words quoted for the shell at hand."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)


def _display(options: Options) -> Display:
    if options.format != "terminal" or options.output:
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
    """Before anything is asked: a result that cannot be written is no use."""
    problems = []
    if options.output and options.save and options.output.resolve() == options.save.resolve():
        problems.append(Problem(messages("same_file"), str(options.output)))
    if options.output is None and sys.stdout is None:
        problems.append(Problem(messages("stdout_closed")))
    for path in (options.output, options.save):
        if path is None:
            continue
        if path.is_file() and not options.force:
            problems.append(Problem(messages("file_exists"), str(path)))
        elif not path.parent.is_dir():
            problems.append(Problem(messages("folder_missing", folder=path.parent), str(path)))
    if problems:
        raise OutputError(problems)


def _print(text: str, options: Options) -> None:
    """To stdout; a record stays whole whatever the stream can encode."""
    if options.format == "json":
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            import json

            text = json.dumps(json.loads(text), indent=2) + "\n"
    sys.stdout.write(text)


def _write(path: Path, text: str, messages: Messages, *, force: bool) -> None:
    try:
        storage.write_whole(path, text.encode(), replace=force)
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
    source = f"choose-channel {VERSION}, {rules}, {date}"
    _write(path, answer_files.text_of(answers, path.suffix, source), messages, force=options.force)
    print(messages("saved_to", path=path), file=sys.stderr)
