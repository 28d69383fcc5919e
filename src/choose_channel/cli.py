"""The command line: flags made from the rulebook, errors turned into messages and exit codes."""

import gc
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from choose_channel import __version__
from choose_channel.errors import (
    AnswersError,
    ChooseChannelError,
    DocumentError,
    Fault,
    InterruptedWizardError,
    MissingAnswersError,
    OutputError,
    PromptError,
    RulebookError,
    nearest,
)
from choose_channel.language import spoken
from choose_channel.loading import load_rulebook
from choose_channel.model import LANGUAGES, Question, Rulebook, Say
from choose_channel.renderers import FORMATS

PROGRAM = "choose-channel"
WRONG, INTERNAL, INTERRUPTED = 2, 70, 130
# The base of typer's usage errors, which the package exports under the name of a child only.
_UsageError: Any = typer.BadParameter.__base__


def main() -> None:
    """Runs the command line and leaves with its exit code."""
    gc.disable()  # a run is short and makes little garbage; collecting costs a twentieth of it
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Runs one command line. Returns the exit code; a person never meets a traceback."""
    _steady_streams()
    wanted = _early(words, "--lang")
    say = Say({}, "en")
    try:
        lang = spoken(wanted, os.environ)
        book = load_rulebook()
        say = Say(book.wording, lang)
        if wanted is not None and wanted not in LANGUAGES:
            return _complain(say, "usage_wrong", [Fault(say("usage_lang", value=wanted), "--lang")])
        rules = _early(words, "--rules") or os.environ.get("CHOOSE_CHANNEL_RULES") or None
        if rules:
            book = load_rulebook(rules, lang)
            say = Say(book.wording, lang)
        code = _application(book, say, rules, wanted is not None).main(
            list(words), prog_name=PROGRAM, standalone_mode=False, windows_expand_args=False
        )
        sys.stdout.flush()
        if code == INTERRUPTED:
            print(f"\n{say('interrupted_plain')}", file=sys.stderr)
        return int(code or 0)
    except ChooseChannelError as error:
        _complain(say, _HEADINGS[type(error)], error.faults)
        return error.exit_code
    except _UsageError as error:
        return _complain(say, "usage_wrong", [_usage_fault(say, error, book)])
    except (KeyboardInterrupt, typer.Abort):
        print(f"\n{say('interrupted_plain')}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        message = say("write_failed", reason=error.strerror or error)
        return _complain(say, "output_wrong", [Fault(message, str(error.filename or ""))])
    except Exception as error:
        if os.environ.get("CHOOSE_CHANNEL_DEBUG"):
            raise
        print(_internal(say, error), file=sys.stderr)
        return INTERNAL


_HEADINGS: dict[type[ChooseChannelError], str] = {
    AnswersError: "answers_wrong",
    MissingAnswersError: "answers_missing",
    DocumentError: "file_wrong",
    OutputError: "output_wrong",
    InterruptedWizardError: "interrupted",
    PromptError: "ask_no_terminal",
    RulebookError: "rulebook_wrong",
}


def _steady_streams() -> None:
    """No character may stop a report: what a stream cannot show becomes a question mark, and
    what is piped or filed is UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
            if os.name == "nt" and not stream.isatty():
                stream.reconfigure(encoding="utf-8")


def _early(words: Sequence[str], option: str) -> str | None:
    """An option's last value, read before the flags are known that a rulebook brings along."""
    value = None
    for number, word in enumerate(words):
        if word == option and number + 1 < len(words):
            value = words[number + 1]
        elif word.startswith(f"{option}="):
            value = word[len(option) + 1 :]
    return value


# ---- complaining


def _complain(say: Say, heading: str, faults: Sequence[Fault]) -> int:
    print(say(heading) if say.phrases else heading, file=sys.stderr)
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)
    if heading == "answers_missing":
        print(say("answers_missing_hint"), file=sys.stderr)
    return WRONG


def _usage_fault(say: Say, error: Any, book: Rulebook) -> Fault:
    from choose_channel import usage

    option = getattr(error, "option_name", None) or ""
    if hasattr(error, "possibilities"):
        near = nearest(option, [f"--{name}" for name in usage.flags(book)])
        return Fault(say.hinted(say("usage_no_option", option=option), near))
    if option:
        return Fault(say("usage_no_value", option=option))
    text = str(error)
    quoted = text.split("'")[1] if text.count("'") >= 2 else ""
    if type(error).__name__ == "MissingParameter":
        return Fault(say("usage_missing_argument"))
    if quoted and not quoted.startswith("-"):
        return Fault(say("usage_extra", word=quoted))
    return Fault(say("usage_other"))


def _internal(say: Say, error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    detail = f"{__version__} {where} {type(error).__name__}: {error}"
    return say("internal_error", detail=detail) if say.phrases else detail


# ---- building the application


def _application(book: Rulebook, say: Say, rules: str | None, lang_flag: bool) -> Any:
    class Group(TyperGroup):
        """The root command, whose help is ours: in the person's language, at any width."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel import usage

            formatter.write(usage.help_text(book, say))

    application = typer.Typer(
        cls=Group,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def root(ctx: typer.Context, **given: Any) -> int | None:
        return _root(ctx, given, book, say, rules, lang_flag)

    root.__signature__ = _signature(book, say)  # type: ignore[attr-defined]
    application.callback()(root)

    @application.command("test", help=say("help_test"))
    def test(
        files: Annotated[list[str], typer.Argument(help=say("help_test_files"), metavar="FILE...")],
        lang: Annotated[str | None, typer.Option(help=say("help_option_lang"))] = None,
        rules: Annotated[str | None, typer.Option(help=say("help_option_rules"))] = None,
    ) -> int:
        del lang, rules  # read early, before the rulebook was loaded
        from choose_channel.commands import test as command

        return command.run(book, say, files)

    return typer.main.get_command(application)


def _signature(book: Rulebook, say: Say) -> inspect.Signature:
    """The root's parameters: one for each question, and the options."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    ]
    for question in book.questions.values():
        option = typer.Option(
            f"--{question.id.replace('_', '-')}",
            envvar=f"CHOOSE_CHANNEL_{question.id.upper()}",
            help=say.text(question.title),
            autocompletion=_completer(question, say),
        )
        annotation = Annotated[str | None, option]
        parameters.append(
            inspect.Parameter(f"answer_{question.id}", keyword, default=None, annotation=annotation)
        )
    for name, kind, default, names in _OPTIONS:
        option = typer.Option(*names, autocompletion=_fixed(name))
        parameters.append(
            inspect.Parameter(name, keyword, default=default, annotation=Annotated[kind, option])
        )
    return inspect.Signature(parameters)


_OPTIONS: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    ("answers", str | None, None, ("--answers",)),
    ("format", str, "terminal", ("--format",)),
    ("output", Path | None, None, ("-o", "--output")),
    ("force", bool, False, ("--force",)),
    ("lang", str | None, None, ("--lang",)),
    ("rules", str | None, None, ("--rules",)),
    ("no_input", bool, False, ("--no-input",)),
    ("all_questions", bool, False, ("--all-questions",)),
    ("exit_code", bool, False, ("--exit-code",)),
    ("save", Path | None, None, ("--save",)),
    ("version", bool, False, ("--version",)),
)


def _completer(question: Question, say: Say) -> Callable[[str], list[tuple[str, str]]]:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        values = [(choice.id, say.text(choice.label)) for choice in question.choices]
        if question.type == "boolean":
            values = [("true", say("yes")), ("false", say("no"))]
        return [(value, label) for value, label in values if value.startswith(incomplete)]

    return complete


def _fixed(name: str) -> Callable[[str], list[str]] | None:
    values = {"format": FORMATS, "lang": LANGUAGES}.get(name)
    if values is None:
        return None
    return lambda incomplete: [value for value in values if value.startswith(incomplete)]


def _root(
    ctx: typer.Context,
    given: dict[str, Any],
    book: Rulebook,
    say: Say,
    rules: str | None,
    lang_flag: bool,
) -> int | None:
    answers = {
        name: given[f"answer_{name}"]
        for name in book.questions
        if given[f"answer_{name}"] is not None
    }
    typed = {
        name
        for name in answers
        if getattr(ctx.get_parameter_source(f"answer_{name}"), "name", "") == "COMMANDLINE"
    }
    flags = {name: value for name, value in answers.items() if name in typed}
    if ctx.invoked_subcommand:
        if flags:
            names = say.listing(f"--{name.replace('_', '-')}" for name in flags)
            raise typer.BadParameter(names)
        return None
    if given["version"]:
        line = say(
            "version_line",
            version=__version__,
            rules=book.version,
            reviewed=book.reviewed,
            digest=book.digest[:12],
        )
        print(line)
        return 0
    if given["format"] not in FORMATS:
        fault = Fault(
            say("usage_format", value=given["format"], options=say.listing(FORMATS)), "--format"
        )
        return _complain(say, "usage_wrong", [fault])
    from choose_channel.commands import decide

    options = decide.Options(
        flags=flags,
        env={name: value for name, value in answers.items() if name not in typed},
        answers=given["answers"],
        format=given["format"],
        output=given["output"],
        force=given["force"],
        rules=rules,
        no_input=given["no_input"],
        all_questions=given["all_questions"],
        exit_code=given["exit_code"],
        save=given["save"],
        lang_flag=lang_flag,
    )
    return decide.run(book, say, options)
