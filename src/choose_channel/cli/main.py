"""The front door: words in, exit code out, every error in words."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from choose_channel.cli import options, streams
from choose_channel.cli.display import COLORS, looks_of, paragraph
from choose_channel.cli.registry import Context
from choose_channel.files import storage
from choose_channel.loading.load import load_rulebook, unknown_phrases
from choose_channel.messages.errors import (
    AnswersError,
    ChooseChannelError,
    DocumentError,
    InterruptedWizardError,
    MissingAnswersError,
    OutputError,
    Problem,
    RulebookError,
    UsageError,
)
from choose_channel.messages.i18n import LANGUAGES, Messages, shorten, spoken
from choose_channel.model.naming import VERSION, variable
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages

WRONG, INTERNAL, INTERRUPTED = 2, 70, 130


def main() -> None:
    """Runs the command line and leaves with its exit code."""
    streams.prepare()
    code = run(sys.argv[1:])
    gc.freeze()  # a last collection costs as much as the others did, when the process ends anyway
    sys.exit(code)


def run(words: Sequence[str]) -> int:
    """Runs one command line. Returns the exit code; every error becomes a message."""
    read = options.read_words(words)
    wanted = read.value("--lang")
    messages: Messages = Messages({}, "en")
    try:
        lang = spoken(wanted, os.environ)
        rulebook = load_rulebook()
        messages = FactMessages(rulebook, lang)
        _check_words(read, wanted, messages)
        rules = read.value("--rules") or os.environ.get(variable("rules")) or None
        if rules:
            rulebook = load_rulebook(rules, lang)
            messages = FactMessages(rulebook, lang)
            unknown = unknown_phrases(rulebook)
            if unknown:
                paragraph(
                    messages("phrases_unknown", names=shorten(messages.listing(unknown), 300))
                )
        text = _help_or_version(read, rulebook, messages)
        if text is not None:
            sys.stdout.write(text)
            code = 0
        else:
            from choose_channel.cli import app  # it imports typer, which help does not need

            asked = any(word == "--accessible" for word, _ in read.options)
            looks = looks_of(asked, read.value("--color"), os.environ)
            code = app.run_application(words, read, Context(rulebook, messages, rules, looks))
        sys.stdout.flush()
        if code == INTERRUPTED:
            streams.notice(f"\n{messages('interrupted_plain')}")
    except ChooseChannelError as error:
        if isinstance(error, RulebookError) and read.value("--format") == "github":
            from choose_channel.cli.annotations import annotation

            annotations = (annotation(problem, "error", "rulebook") for problem in error.problems)
            streams.write_utf8("".join(annotations))
        _complain(messages, _HEADINGS[type(error)], error.problems)
        if isinstance(error, AnswersError) and error.missing:
            _complain(messages, _HEADINGS[MissingAnswersError], error.missing)
        code = error.exit_code
    except KeyboardInterrupt:
        streams.notice(f"\n{messages('interrupted_plain')}" if messages.phrases else "")
        code = INTERRUPTED
    except SystemExit as end:  # after shell completion
        code = int(end.code or 0)
    except Exception as error:
        if os.environ.get(variable("debug")) and not isinstance(error, OSError):
            raise
        code = _unexpected(error, read, messages)
    _tell_of_replaced_characters(messages)
    return code


_HEADINGS: dict[type[ChooseChannelError], str] = {
    AnswersError: "answers_wrong",
    MissingAnswersError: "answers_missing",
    DocumentError: "file_wrong",
    OutputError: "output_wrong",
    InterruptedWizardError: "interrupted",
    RulebookError: "rulebook_wrong",
    UsageError: "usage_wrong",
}


def _check_words(read: options.Words, lang: str | None, messages: Messages) -> None:
    """Refuses what can be seen before the rulebook of --rules is loaded."""
    problems = [Problem(messages("usage_repeated"), word) for word in read.repeated()]
    if lang is not None and lang not in LANGUAGES:
        problems.append(Problem(messages("usage_lang", value=lang), "--lang"))
    color = read.value("--color")
    if color is not None and color not in COLORS:
        problems.append(Problem(messages("usage_color", value=shorten(color)), "--color"))
    if problems:
        raise UsageError(problems)


def _help_or_version(read: options.Words, rulebook: Rulebook, messages: Messages) -> str | None:
    """The help page or the version, where one of them is asked for."""
    typed = {word for word, _ in read.options}
    if "--help" in typed:
        from choose_channel.cli import help as usage

        return usage.help_for(read.others, rulebook, messages)
    if "--version" in typed and not read.others:
        digest, version = rulebook.digest[:12], rulebook.version
        words = {"version": VERSION, "rules": version, "digest": digest}
        return messages("version_line", reviewed=rulebook.reviewed, **words) + "\n"
    return None


# ---- messages about errors


def _complain(messages: Messages, heading: str, problems: Sequence[Problem]) -> int:
    if messages.phrases:  # there are none where the shipped rulebook itself is broken
        paragraph(messages(heading))
    for problem in problems:
        paragraph(str(problem), "  ")
    by_flag = all(problem.place.startswith("--") for problem in problems)
    if heading == "answers_missing" and by_flag:
        paragraph(messages("answers_missing_hint"))
    return WRONG


def _unexpected(error: Exception, read: options.Words, messages: Messages) -> int:
    """Says what went wrong with the system, or within the program. Returns the exit code."""
    if isinstance(error, OSError) and error.errno is not None:
        return _complain(messages, "output_wrong", [_output_problem(messages, error)])
    from choose_channel.cli import internal_error

    paragraph(internal_error.kept(error, read, messages))
    return INTERNAL


def _output_problem(messages: Messages, error: OSError) -> Problem:
    if streams.is_closed() and not error.filename:
        return Problem(messages("stdout_closed"))
    message = messages("write_failed", reason=storage.reason(error, messages))
    return Problem(message, str(error.filename or ""))


def _tell_of_replaced_characters(messages: Messages) -> None:
    """One notice where the console could not show everything, in a language that it can show."""
    if streams.has_replaced() and messages.phrases:
        key = "console_cannot_show" if messages.lang == "en" else "console_cannot_show_language"
        if not streams.can_show(messages(key, encoding="")):
            messages = Messages(messages.phrases, "en")
        streams.notice(messages(key, encoding=sys.stdout.encoding))
