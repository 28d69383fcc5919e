"""The command line: flags made from the rulebook, errors turned into messages and exit codes."""

import gc
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer

from choose_channel.cli.app import application
from choose_channel.files import storage
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import (
    AnswersError,
    ChooseChannelError,
    DocumentError,
    InterruptedWizardError,
    MissingAnswersError,
    OutputError,
    Problem,
    PromptError,
    RulebookError,
    UsageError,
    nearest,
)
from choose_channel.messages.i18n import LANGUAGES, Messages, shorten, spoken
from choose_channel.model.naming import COMMANDS, VERSION, flag, variable
from choose_channel.model.rulebook import Rulebook

PROGRAM = "choose-channel"
COMPLETION = "_CHOOSE_CHANNEL_COMPLETE"
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
    messages = Messages({}, "en")
    try:
        lang = spoken(wanted, os.environ)
        book = load_rulebook()
        messages = Messages(book.wording, lang)
        if wanted is not None and wanted not in LANGUAGES:
            raise UsageError([Problem(messages("usage_lang", value=wanted), "--lang")])
        rules = _early(words, "--rules") or os.environ.get(variable("rules")) or None
        if rules:
            book = load_rulebook(rules, lang)
            messages = Messages(book.wording, lang)
        # A scripted decision pays for no command but its own.
        completing = COMPLETION in os.environ
        commands = not {*COMMANDS}.isdisjoint(words) or completing
        money = _named(book.economy.inputs, words) or completing
        program = application(
            book, messages, rules, lang_flag=wanted is not None, commands=commands, money=money
        )
        code = program.main(
            list(words), prog_name=PROGRAM, standalone_mode=False, windows_expand_args=False
        )
        sys.stdout.flush()
        if code == INTERRUPTED:
            print(f"\n{messages('interrupted_plain')}", file=sys.stderr)
        return int(code or 0)
    except ChooseChannelError as error:
        _complain(messages, _HEADINGS[type(error)], error.problems)
        if isinstance(error, AnswersError) and error.missing:
            _complain(messages, _HEADINGS[MissingAnswersError], error.missing)
        return error.exit_code
    except _UsageError as error:
        return _complain(messages, "usage_wrong", [_usage_problem(messages, error, book)])
    except (KeyboardInterrupt, typer.Abort):
        print(f"\n{messages('interrupted_plain')}", file=sys.stderr)
        return INTERRUPTED
    except SystemExit as gone:
        # The library ends so after shell completion, and when the reader of a pipe has left, as
        # `head` does; that is no failure of ours.
        return int(gone.code or 0) if COMPLETION in os.environ else _nobody_reads()
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        message = messages("write_failed", reason=storage.reason(error, messages))
        return _complain(messages, "output_wrong", [Problem(message, str(error.filename or ""))])
    except Exception as error:
        if os.environ.get(variable("debug")):
            raise
        print(_internal(messages, error), file=sys.stderr)
        return INTERNAL


_HEADINGS: dict[type[ChooseChannelError], str] = {
    AnswersError: "answers_wrong",
    MissingAnswersError: "answers_missing",
    DocumentError: "file_wrong",
    OutputError: "output_wrong",
    InterruptedWizardError: "interrupted",
    PromptError: "ask_no_terminal",
    RulebookError: "rulebook_wrong",
    UsageError: "usage_wrong",
}


def _nobody_reads() -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


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


def _named(names: Iterable[str], words: Sequence[str]) -> bool:
    """Whether any of these is on the command line or in the environment."""
    typed = {word.partition("=")[0] for word in words}
    return any(flag(name) in typed or variable(name) in os.environ for name in names)


# ---- complaining


def _complain(messages: Messages, heading: str, problems: Sequence[Problem]) -> int:
    _tell(messages(heading) if messages.phrases else heading)
    for problem in problems:
        _tell(str(problem), "  ")
    if heading == "answers_missing":
        _tell(messages("answers_missing_hint"))
    return WRONG


def _tell(text: str, indent: str = "") -> None:
    """A paragraph on stderr: wrapped for a person's terminal, one line each for a program."""
    lines = [text]
    if sys.stderr is not None and sys.stderr.isatty():
        from choose_channel.messages.wrap import wrap

        lines = wrap(text, max(20, shutil.get_terminal_size().columns - len(indent)))
    for line in lines:
        print(indent + line, file=sys.stderr)


def _usage_problem(messages: Messages, error: Any, book: Rulebook) -> Problem:
    """A usage error of the library in our words: its own text is English only."""
    from choose_channel.cli import help as usage

    text, option = str(error), getattr(error, "option_name", None) or ""
    quoted = text.split("'")[1] if text.count("'") >= 2 else ""
    if hasattr(error, "possibilities"):
        names = usage.flags(book)
        near = nearest(option, names) if option not in names else None
        return Problem(messages.hinted(messages("usage_no_option", option=option), near))
    if "does not take" in text:
        return Problem(messages("usage_no_value_wanted", option=option or quoted))
    if option:
        return Problem(messages("usage_no_value", option=option))
    if type(error).__name__ == "MissingParameter":
        return Problem(messages("usage_missing_argument"))
    if quoted and not quoted.startswith("-"):
        within = error.ctx.info_name if error.ctx and error.ctx.parent else ""
        return Problem(_no_command(messages, quoted, within))
    return Problem(messages("usage_other"))


def _no_command(messages: Messages, word: str, group: str) -> str:
    """What is said of a word that is no command: of a group, what the group knows."""
    from choose_channel.cli import help as usage

    below = [name.split()[1] for name in usage.COMMANDS if name.startswith(f"{group} ")]
    words = {"word": shorten(word), "group": group, "names": messages.listing(below)}
    message = messages("usage_no_command" if below else "usage_extra", **words)
    return messages.hinted(
        message, nearest(word, below or [one.split()[-1] for one in usage.COMMANDS])
    )


def _internal(messages: Messages, error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    detail = f"{VERSION} {where} {type(error).__name__}: {error}"
    return messages("internal_error", detail=detail) if messages.phrases else detail
