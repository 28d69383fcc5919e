"""The flags and commands, made from the rulebook."""

# No postponed annotations here: typer evaluates them where the names of a closure are not known.

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

# No postponed annotations here: typer evaluates them where the names of a closure are not known.
from typer.core import TyperCommand, TyperGroup

from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.messages.errors import Problem, UsageError
from choose_channel.messages.i18n import LANGUAGES, Messages, shorten
from choose_channel.model.naming import OPTIONS, VERSION, flag, variable
from choose_channel.model.rulebook import Question, Rulebook
from choose_channel.report.formats import FORMATS


def application(
    book: Rulebook,
    messages: Messages,
    rules: str | None,
    *,
    lang_flag: bool,
    commands: bool,
    money: bool,
) -> Any:
    """The command line of a rulebook: a flag for each question and, where wanted, for each money
    input, and the commands."""
    asked = book.answerable if money else book.asked

    class Group(TyperGroup):
        """The root command, whose help is ours: in the person's language, at any width."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel.cli import help as usage

            formatter.write(usage.help_text(book, messages))

    app = typer.Typer(
        cls=Group,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def root(ctx: typer.Context, **given: Any) -> int | None:
        return _root(ctx, given, book, asked, messages, rules, lang_flag)

    root.__signature__ = _signature(asked, messages)  # type: ignore[attr-defined]
    app.callback()(root)

    if commands:
        pass

        add_commands(app, book, messages, rules)
    return typer.main.get_command(app)


def _signature(asked: Mapping[str, Question], messages: Messages) -> inspect.Signature:
    """The root's parameters: one for each thing asked, and the options."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    ]
    for question in asked.values():
        option = typer.Option(
            flag(question.id),
            envvar=variable(question.id),
            help=messages.text(question.title),
            autocompletion=_completer(question, messages),
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


def _completer(question: Question, messages: Messages) -> Callable[[str], list[tuple[str, str]]]:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        values = [(choice.id, messages.text(choice.label)) for choice in question.choices]
        if question.type == "boolean":
            values = [("true", messages("yes")), ("false", messages("no"))]
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
    messages: Messages,
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
            names = messages.listing(sorted(map(flag, stray)))
            raise UsageError([Problem(messages("usage_flags_first", flags=names))])
        return None
    if given["version"]:
        line = messages(
            "version_line",
            version=VERSION,
            rules=book.version,
            reviewed=book.reviewed,
            digest=book.digest[:12],
        )
        print(line)
        return 0
    if given["format"] not in FORMATS:
        message = messages(
            "usage_format", value=shorten(given["format"]), options=messages.listing(FORMATS)
        )
        raise UsageError([Problem(message, "--format")])
    from choose_channel.cli.commands import decide

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
    return decide.run(book, messages, options)


Lang = Annotated[str | None, typer.Option("--lang")]
Rules = Annotated[str | None, typer.Option("--rules")]
Folder = Annotated[str | None, typer.Argument(metavar="DIR")]


def add_commands(app: typer.Typer, book: Rulebook, messages: Messages, rules: str | None) -> None:
    """The commands beside the main job. --lang and --rules were read early, before the rulebook
    was loaded; here they are only allowed."""

    @app.command("test", cls=_command(messages, "test"))
    def test(
        files: Annotated[list[str], typer.Argument(metavar="FILE...")],
        junit: Annotated[Path | None, typer.Option("--junit")] = None,
        coverage: Annotated[bool, typer.Option("--coverage")] = False,
        threshold: Annotated[str | None, typer.Option("--threshold")] = None,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.cli.commands import test as command

        return command.run(book, messages, files, command.Options(junit, coverage, threshold))

    @app.command("verify", cls=_command(messages, "verify"))
    def verify(
        records: Annotated[list[str], typer.Argument(metavar="RECORD.json")],
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.cli.commands import verify as command

        return command.run(book, messages, records)

    _add_rules_commands(_added_group(app, messages, "rules"), book, messages, rules)
    _add_schema_commands(_added_group(app, messages, "schema"), book, messages)


def _added_group(app: typer.Typer, messages: Messages, name: str) -> typer.Typer:
    group = typer.Typer(cls=_group(messages, name), no_args_is_help=False, rich_markup_mode=None)
    group.callback(invoke_without_command=True)(_help_of_group(messages, name))
    app.add_typer(group, name=name)
    return group


def _add_rules_commands(
    group: typer.Typer, book: Rulebook, messages: Messages, rules: str | None
) -> None:
    def opened(folder: str | None) -> tuple[Rulebook, str | None]:
        where = folder or rules
        return (load_rulebook(where, messages.lang) if where else book), where

    @group.command("check", cls=_command(messages, "rules check"))
    def check(
        folder: Folder = None,
        format: Annotated[str, typer.Option("--format")] = "text",
        stale_after: Annotated[str | None, typer.Option("--stale-after")] = None,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.cli.commands import decide, rules_check

        found, where = opened(folder)
        return rules_check.check(
            found, messages, where, format, stale_after, decide.today(messages)
        )

    @group.command("test", cls=_command(messages, "rules test"))
    def test_rules(folder: Folder = None, lang: Lang = None, rules: Rules = None) -> int:
        del lang, rules
        from choose_channel.cli.commands import test as command

        found, where = opened(folder)
        own = Path(where or shipped_folder()) / "cases.yaml"
        cases = own if own.is_file() else shipped_folder() / "cases.yaml"
        return command.run(found, messages, [str(cases)], command.Options())

    @group.command("show", cls=_command(messages, "rules show"))
    def show(
        name: Annotated[str | None, typer.Argument(metavar="ID")] = None,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.cli.commands import rules_show

        return rules_show.show(book, messages, name)

    @group.command("diff", cls=_command(messages, "rules diff"))
    def diff(old: str, new: str, lang: Lang = None, rules: Rules = None) -> int:
        del lang, rules
        from choose_channel.cli.commands import rules_diff

        return rules_diff.diff(messages, old, new)

    @group.command("new", cls=_command(messages, "rules new"))
    def new(
        folder: Annotated[Path, typer.Argument(metavar="DIR")],
        force: Annotated[bool, typer.Option("--force")] = False,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.cli.commands import rules_new

        return rules_new.new(messages, folder, force=force)


def _add_schema_commands(group: typer.Typer, book: Rulebook, messages: Messages) -> None:
    from choose_channel.cli.schemas import NAMES

    def printing(name: str) -> Callable[..., int]:
        def show(lang: Lang = None, rules: Rules = None) -> int:
            del lang, rules
            from choose_channel.cli.commands import schema

            return schema.show(book, messages, name)

        return show

    for name in NAMES:
        group.command(name, cls=_command(messages, f"schema {name}"))(printing(name))


def _group(messages: Messages, name: str) -> type[TyperGroup]:
    class Group(TyperGroup):
        """A group of commands whose help is ours."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel.cli import help as usage

            formatter.write(usage.command_help(name, messages))

    return Group


def _help_of_group(messages: Messages, name: str) -> Callable[..., None]:
    def without_a_command(ctx: typer.Context, lang: Lang = None, rules: Rules = None) -> None:
        del lang, rules
        if not ctx.invoked_subcommand:
            from choose_channel.cli import help as usage

            print(usage.command_help(name, messages), end="")

    return without_a_command


def _command(messages: Messages, name: str) -> type[TyperCommand]:
    class Command(TyperCommand):
        """A command whose help is ours."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel.cli import help as usage

            formatter.write(usage.command_help(name, messages))

    return Command
