"""The commands beside the main job: test, verify, rules and schema."""

# No postponed annotations here: typer evaluates them where the names of a closure are not known.

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from choose_channel.loading import load_rulebook, shipped_folder
from choose_channel.model import Rulebook
from choose_channel.wording import Say

Lang = Annotated[str | None, typer.Option("--lang")]
Rules = Annotated[str | None, typer.Option("--rules")]
Folder = Annotated[str | None, typer.Argument(metavar="DIR")]


def add_commands(app: typer.Typer, book: Rulebook, say: Say, rules: str | None) -> None:
    """The commands beside the main job. --lang and --rules were read early, before the rulebook
    was loaded; here they are only allowed."""

    @app.command("test", cls=_command(say, "test"))
    def test(
        files: Annotated[list[str], typer.Argument(metavar="FILE...")],
        junit: Annotated[Path | None, typer.Option("--junit")] = None,
        coverage: Annotated[bool, typer.Option("--coverage")] = False,
        threshold: Annotated[str | None, typer.Option("--threshold")] = None,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.commands import test as command

        return command.run(book, say, files, command.Options(junit, coverage, threshold))

    @app.command("verify", cls=_command(say, "verify"))
    def verify(
        record: Annotated[str, typer.Argument(metavar="RECORD.json")],
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.commands import verify as command

        return command.run(book, say, record)

    _add_rules_commands(_added_group(app, say, "rules"), book, say, rules)
    _add_schema_commands(_added_group(app, say, "schema"), book, say)


def _added_group(app: typer.Typer, say: Say, name: str) -> typer.Typer:
    group = typer.Typer(cls=_group(say, name), no_args_is_help=False, rich_markup_mode=None)
    group.callback(invoke_without_command=True)(_help_of_group(say, name))
    app.add_typer(group, name=name)
    return group


def _add_rules_commands(group: typer.Typer, book: Rulebook, say: Say, rules: str | None) -> None:
    def opened(folder: str | None) -> tuple[Rulebook, str | None]:
        where = folder or rules
        return (load_rulebook(where, say.lang) if where else book), where

    @group.command("check", cls=_command(say, "rules check"))
    def check(
        folder: Folder = None,
        format: Annotated[str, typer.Option("--format")] = "text",
        stale_after: Annotated[str | None, typer.Option("--stale-after")] = None,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.commands import decide, rules_check

        found, where = opened(folder)
        return rules_check.check(found, say, where, format, stale_after, decide.today(say))

    @group.command("test", cls=_command(say, "rules test"))
    def test_rules(folder: Folder = None, lang: Lang = None, rules: Rules = None) -> int:
        del lang, rules
        from choose_channel.commands import test as command

        found, where = opened(folder)
        own = Path(where or shipped_folder()) / "cases.yaml"
        cases = own if own.is_file() else shipped_folder() / "cases.yaml"
        return command.run(found, say, [str(cases)], command.Options())

    @group.command("show", cls=_command(say, "rules show"))
    def show(
        name: Annotated[str | None, typer.Argument(metavar="ID")] = None,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.commands import rules_show

        return rules_show.show(book, say, name)

    @group.command("diff", cls=_command(say, "rules diff"))
    def diff(old: str, new: str, lang: Lang = None, rules: Rules = None) -> int:
        del lang, rules
        from choose_channel.commands import rules_diff

        return rules_diff.diff(say, old, new)

    @group.command("new", cls=_command(say, "rules new"))
    def new(
        folder: Annotated[Path, typer.Argument(metavar="DIR")],
        force: Annotated[bool, typer.Option("--force")] = False,
        lang: Lang = None,
        rules: Rules = None,
    ) -> int:
        del lang, rules
        from choose_channel.commands import rules_new

        return rules_new.new(say, folder, force=force)


def _add_schema_commands(group: typer.Typer, book: Rulebook, say: Say) -> None:
    from choose_channel.schemas import NAMES

    def printing(name: str) -> Callable[..., int]:
        def show(lang: Lang = None, rules: Rules = None) -> int:
            del lang, rules
            from choose_channel.commands import schema

            return schema.show(book, say, name)

        return show

    for name in NAMES:
        group.command(name, cls=_command(say, f"schema {name}"))(printing(name))


def _group(say: Say, name: str) -> type[TyperGroup]:
    class Group(TyperGroup):
        """A group of commands whose help is ours."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel import usage

            formatter.write(usage.command_help(name, say))

    return Group


def _help_of_group(say: Say, name: str) -> Callable[..., None]:
    def without_a_command(ctx: typer.Context, lang: Lang = None, rules: Rules = None) -> None:
        del lang, rules
        if not ctx.invoked_subcommand:
            from choose_channel import usage

            print(usage.command_help(name, say), end="")

    return without_a_command


def _command(say: Say, name: str) -> type[TyperCommand]:
    class Command(TyperCommand):
        """A command whose help is ours."""

        def format_help(self, _ctx: Any, formatter: Any) -> None:
            from choose_channel import usage

            formatter.write(usage.command_help(name, say))

    return Command
