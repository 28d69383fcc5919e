"""The main job: answers from flags, environment, files and the person, to a decision."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from choose_channel.answers.format import as_flags
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.api import decide_answers, engine_for, missing_problems
from choose_channel.cli import outputs, streams
from choose_channel.cli.clock import today
from choose_channel.cli.display import Looks, display_for, format_for, is_terminal, paragraph
from choose_channel.cli.letterhead import Letterhead, letterhead
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
    UsageError,
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
from choose_channel.report.formats import ON_SCREEN, Display, check_format, render
from choose_channel.report.parts import PARTS
from choose_channel.report.run_info import RunInfo

if TYPE_CHECKING:
    from choose_channel.wizard.history import History, Kept
    from choose_channel.wizard.prompt import Ask

NOTHING_OPEN, TOO_CLOSE = 3, 4
_OWN_VARIABLES = ("lang", "rules", "debug", "history", "accessible")


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
    head: Letterhead
    full: bool
    show: tuple[str, ...]
    has_lang: bool
    looks: Looks


def command(
    context: Context, flags: Mapping[str, str], env: Mapping[str, str], options: Mapping[str, Any]
) -> int:
    """Decides. `flags` and `env` hold the answers as typed, `options` the options that were given.

    Returns the exit code; raises the errors of errors.py.
    """
    rulebook, messages = context.rulebook, context.messages
    given = {name: value for name, value in options.items() if value is not None}
    settings = _settings(flags, env, given, context)
    _stray_variables(rulebook, messages)
    _check_targets(settings, messages)
    date, engine = today(messages), engine_for(rulebook)
    answers = _read(rulebook, messages, settings)
    if _may_ask(settings) and (engine.missing_core(answers.given) or settings.all_questions):
        decision = _converse(engine, messages, answers, settings, date)
    else:
        decision = decide_answers(engine, answers, messages.lang)
        _give(decision, answers, settings, messages, date)
    if not settings.exit_code:
        return 0
    if decision.recommended is None:
        return NOTHING_OPEN
    return TOO_CLOSE if decision.close else 0


def _settings(
    flags: Mapping[str, str], env: Mapping[str, str], given: Mapping[str, Any], context: Context
) -> Settings:
    wanted, output = given.get("format", "terminal"), outputs.target_of(given.get("output"))
    check_format(wanted, context.messages, "--format")
    format = format_for(wanted, context.looks, to_file=output is not None)
    return Settings(
        flags,
        env,
        answers=given.get("answers", ()),
        format=format,
        output=output,
        force=given.get("force", False),
        rules=context.rules,
        no_input=given.get("no_input", False),
        all_questions=given.get("all_questions", False),
        exit_code=given.get("exit_code", False),
        save=Path(given["save"]) if "save" in given else None,
        head=letterhead(given, format, context.messages),
        full=given.get("full", False),
        show=_parts(given, format, context.messages),
        has_lang="lang" in given,
        looks=context.looks,
    )


# ---- reading


def _read(rulebook: Rulebook, messages: Messages, settings: Settings) -> Answers:
    """The answers given; what is wrong and, where nobody can be asked, what is missing, at once."""
    layers = _layers(settings, messages)
    try:
        return read_answers(rulebook, layers, messages)
    except AnswersError as error:
        if _may_ask(settings):
            raise
        tried = {normalize(str(key)): UNKNOWN for layer in layers for key in layer.raw}
        error.missing = tuple(missing_problems(engine_for(rulebook).missing_core(tried), messages))
        raise


def _stray_variables(rulebook: Rulebook, messages: Messages) -> None:
    """A mistyped variable would otherwise be a silent default."""
    known = {variable(name) for name in (*rulebook.answerable, *_OWN_VARIABLES)}
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
    return not settings.no_input and is_terminal(sys.stdin) and is_terminal(sys.stderr)


def _converse(
    engine: Engine, messages: Messages, answers: Answers, settings: Settings, date: str
) -> Decision:
    """Asks, decides, shows, and keeps the run for the next time."""
    from choose_channel.wizard.drafts import Drafts
    from choose_channel.wizard.history import History, Kept
    from choose_channel.wizard.memory import since
    from choose_channel.wizard.wizard import Wizard

    ask, tell, settings = _front_end(settings, messages)
    folder = settings.rules or ""
    drafts, history = Drafts(folder), History(folder)
    wizard = Wizard(
        engine,
        answers,
        messages,
        ask,
        tell,
        drafts,
        date=date,
        history=history,
        ask_all=settings.all_questions,
    )
    try:
        finished = wizard.run()
    except KeyboardInterrupt as error:
        if not drafts.is_kept():
            raise
        raise InterruptedWizardError from error
    decision = decide_answers(engine, finished.answers, messages.lang)
    changes = since(engine, finished.earlier, decision, finished.done) if finished.earlier else ()
    kept = Kept(date, finished.business, decision.to_dict(), finished.done)
    kept = _keep(history, kept, messages)
    drafts.delete()
    on_screen = settings.format in ON_SCREEN and settings.output is None
    if not (on_screen and sys.stdout.isatty()):
        _give(decision, finished.answers, settings, messages, date, changes, finished.done)
        return decision

    from choose_channel.cli.view import TerminalView
    from choose_channel.wizard.menu import Menu, Outcome

    view = TerminalView(
        settings.format,
        _display(settings, messages, menu=True),
        lambda other: _run(other, settings, date),
        lambda other, given, ending: _answers_text(other, given, ending, date),
        changes,
    )
    if settings.save:
        _save(settings, finished.answers, decision, messages, date)
    outcome = Outcome(finished.answers, decision, finished.done)
    outcome = Menu(engine, messages, ask, tell, view).run(outcome)
    if (outcome.decision, outcome.done) != (decision, finished.done):
        record = outcome.decision.to_dict()
        _keep(history, replace(kept, record=record, done=outcome.done), messages)
    return outcome.decision


def _front_end(
    settings: Settings, messages: Messages
) -> tuple[Ask, Callable[[str], None], Settings]:
    """What asks and tells: drawn prompts, or lines for a person or a console that wants them; and
    the settings that go with it."""
    if not settings.looks.in_lines(sys.stderr):
        from choose_channel.wizard import terminal

        if terminal.can_start():
            color = settings.looks.in_color(sys.stderr)
            return partial(terminal.ask, color=color), paragraph, settings
    from choose_channel.wizard.plain import PlainPrompts

    prompts = PlainPrompts(messages, paragraph)
    looks = settings.looks._replace(accessible=True)
    format = format_for(settings.format, looks, to_file=settings.output is not None)
    return prompts.ask, prompts.tell, settings._replace(looks=looks, format=format)


def _keep(history: History, kept: Kept, messages: Messages) -> Kept:
    """Keeps a run; where that cannot be done, the person is told, and nothing else is lost."""
    try:
        return history.keep(kept)
    except OSError as error:
        streams.notice(messages("memory_failed", reason=storage.reason(error, messages)))
        return kept


# ---- showing


def _give(
    decision: Decision,
    answers: Answers,
    settings: Settings,
    messages: Messages,
    date: str,
    since: tuple[str, ...] = (),
    done: tuple[str, ...] = (),
) -> None:
    """Writes or prints the result, and the answers where they are to be saved."""
    if settings.save:
        _save(settings, answers, decision, messages, date)
    run = _run(decision, settings, date)._replace(since=since, done=frozenset(done))
    text = render(decision, settings.format, run, _display(settings, messages))
    on_screen = settings.format in ON_SCREEN
    outputs.give(text, settings.output, messages, replace=settings.force, on_screen=on_screen)


def _parts(given: Mapping[str, Any], format: str, messages: Messages) -> tuple[str, ...]:
    """The parts of a report that are named in `--show plan,money`."""
    if "show" not in given:
        return ()
    if given.get("full"):
        raise UsageError([Problem(messages("usage_show_full"), "--show")])
    if format not in ON_SCREEN:
        raise UsageError([Problem(messages("usage_show_format", format=format), "--show")])
    parts = tuple(part.strip().casefold() for part in given["show"].split(","))
    for part in parts:
        if part not in PARTS:
            message = messages("usage_part", value=shorten(part), parts=messages.listing(PARTS))
            raise UsageError([Problem(messages.hinted(message, nearest(part, PARTS)), "--show")])
    return parts


def _run(decision: Decision, settings: Settings, date: str) -> RunInfo:
    rulebook = decision.seller.engine.rulebook
    words = [PROGRAM, *as_flags(rulebook, {**decision.answers, **decision.set_aside})]
    if settings.rules:
        words += ["--rules", settings.rules]
    if settings.has_lang:
        words += ["--lang", decision.lang]
    for name, text in settings.head.title._asdict().items():
        words += [flag(name), text] if text else []
    own = _own_facts(decision, settings)
    return settings.head.on(RunInfo(date, VERSION, command_line(words), own_facts=own))


def _own_facts(decision: Decision, settings: Settings) -> frozenset[str]:
    """The facts that the seller's own rulebook has changed."""
    if not settings.rules:
        return frozenset()
    shipped = load_rulebook().facts
    facts = decision.seller.engine.rulebook.facts
    return frozenset(name for name, fact in facts.items() if shipped.get(name) != fact)


def _display(settings: Settings, messages: Messages, *, menu: bool = False) -> Display:
    """What is shown, and how much room there is for it."""
    to_file = settings.output is not None
    display = display_for(settings.format, settings.looks, to_file=to_file)
    hint = "" if menu or settings.show or settings.full else messages("summary_more")
    return display._replace(parts=settings.show, full=settings.full, hint=hint)


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
    path = settings.save
    assert path is not None
    text = _answers_text(decision, answers, path.suffix, date)
    outputs.write(path, text, messages, replace=settings.force, private=True)
    streams.notice(messages("saved_to", path=path))


def _answers_text(decision: Decision, answers: Answers, ending: str, date: str) -> str:
    """The answers as a file for another run."""
    from choose_channel.answers import files as answer_files

    rulebook = decision.rulebook
    rules = f"rulebook {rulebook['version']} ({rulebook['digest'][:12]})"
    source = f"{PROGRAM} {VERSION}, {rules}, {date}"
    return answer_files.text_of(decision.seller.engine.rulebook, answers, ending, source)
