"""The flags and commands, made from the rulebook."""

# No postponed annotations here: typer evaluates them where the names of a closure are not known.

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from choose_channel import __version__
from choose_channel.answers import shown
from choose_channel.errors import Fault, UsageError
from choose_channel.model import Question, Rulebook
from choose_channel.options import OPTIONS, flag, variable
from choose_channel.renderers import FORMATS
from choose_channel.wording import LANGUAGES, Say


def application(
    book: Rulebook, say: Say, rules: str | None, *, lang_flag: bool, commands: bool, money: bool
) -> Any:
    """The command line of a rulebook: a flag for each question and, where wanted, for each money
    input, and the commands."""
    asked = book.answerable if money else book.asked

    class Group(TyperGroup):
        """The root command, whose help is ours: in the person's language, at any width."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel import usage

            formatter.write(usage.help_text(book, say))

    app = typer.Typer(
        cls=Group,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def root(ctx: typer.Context, **given: Any) -> int | None:
        return _root(ctx, given, book, asked, say, rules, lang_flag)

    root.__signature__ = _signature(asked, say)  # type: ignore[attr-defined]
    app.callback()(root)

    if commands:
        from choose_channel.subcommands import add_commands

        add_commands(app, book, say, rules)
    return typer.main.get_command(app)


def _signature(asked: Mapping[str, Question], say: Say) -> inspect.Signature:
    """The root's parameters: one for each thing asked, and the options."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    ]
    for question in asked.values():
        option = typer.Option(
            flag(question.id),
            envvar=variable(question.id),
            help=say.text(question.title),
            autocompletion=_completer(question, say),
        )
        annotation = Annotated[str | None, option]
        parameters.append(
            inspect.Parameter(f"answer_{question.id}", keyword, default=None, annotation=annotation)
        )
    for name, (kind, default) in _KINDS.items():
        written = [word for word in OPTIONS[name].replace(",", "").split() if word.startswith("-")]
        option = typer.Option(*written, autocompletion=_fixed(name))
        parameters.append(
            inspect.Parameter(name, keyword, default=default, annotation=Annotated[kind, option])
        )
    return inspect.Signature(parameters)


_KINDS: dict[str, tuple[Any, Any]] = {
    "answers": (str | None, None),
    "format": (str, "terminal"),
    "output": (Path | None, None),
    "force": (bool, False),
    "lang": (str | None, None),
    "rules": (str | None, None),
    "no_input": (bool, False),
    "all_questions": (bool, False),
    "exit_code": (bool, False),
    "save": (Path | None, None),
    "title": (str, ""),
    "client": (str, ""),
    "note": (str, ""),
    "version": (bool, False),
}
_EVERYWHERE = ("lang", "rules")
"""Options that every command knows."""


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
    asked: Mapping[str, Question],
    say: Say,
    rules: str | None,
    lang_flag: bool,
) -> int | None:
    answers = {
        name: given[f"answer_{name}"] for name in asked if given[f"answer_{name}"] is not None
    }
    parameters = {**{name: f"answer_{name}" for name in asked}, **{name: name for name in _KINDS}}
    typed = {
        name
        for name, parameter in parameters.items()
        if getattr(ctx.get_parameter_source(parameter), "name", "") == "COMMANDLINE"
    }
    flags = {name: value for name, value in answers.items() if name in typed}
    if ctx.invoked_subcommand:
        stray = typed - {*_EVERYWHERE}
        if stray:
            names = say.listing(sorted(map(flag, stray)))
            raise UsageError([Fault(say("usage_flags_first", flags=names))])
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
        message = say("usage_format", value=shown(given["format"]), options=say.listing(FORMATS))
        raise UsageError([Fault(message, "--format")])
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
        heading=(given["title"], given["client"], given["note"]),
        lang_flag=lang_flag,
    )
    return decide.run(book, say, options)
