"""The typer application, made from the rulebook and the tables of options and commands.

This is the one module that knows how typer works. typer reads a command's parameters from the
signature of a function; as ours come from tables, each function gets a signature that is put
together here. Its usage errors are replaced by our own, since typer speaks English only; help is
printed by `main` before typer is imported. Only the parameters and commands that are on this
command line are built: building all of them costs a scripted run more than it needs.
"""

# No postponed annotations here: typer evaluates them where the names of a closure are not known.

import importlib
import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from choose_channel.answers.kinds import kind_of
from choose_channel.cli import options
from choose_channel.cli.registry import COMMANDS, Command, Context
from choose_channel.messages.errors import Problem, UsageError, nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import PROGRAM, flag, variable
from choose_channel.model.rulebook import Question

COMPLETION = "_CHOOSE_CHANNEL_COMPLETE"
"""The environment variable in which a shell asks for completions."""
# The base of typer's usage errors, which the package exports under the name of a child only.
_TyperUsageError: Any = typer.BadParameter.__base__
_COMPLETION_OPTIONS = ("install_completion", "show_completion")
_MADE_BY_TYPER = (*_COMPLETION_OPTIONS, "help")
_EVERYWHERE = [options.ROOT[name] for name in options.EVERYWHERE if name != "help"]
"""The options that every command allows. They were read before the rulebook was loaded."""


def run_application(words: Sequence[str], read: options.Words, context: Context) -> int:
    """Runs the command line. `read` is what stands in its words. Returns the exit code; raises the
    errors of errors.py, and SystemExit after shell completion."""
    if _is_completing():
        _join_options_and_values()
    app = _application(read, context)
    try:
        code = typer.main.get_command(app).main(
            list(words), prog_name=PROGRAM, standalone_mode=False, windows_expand_args=False
        )
    except _TyperUsageError as error:
        raise UsageError([_usage_problem(error, context)]) from error
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    return int(code or 0)


# ---- completion


class _Offer(str):
    """A word to complete with. typer drops those that do not start with what was typed, and takes
    the `f` of `--store=f` for that, where most shells replace the whole word."""

    __slots__ = ()

    def startswith(self, *_prefix: Any) -> bool:
        """True, since only words that fit are offered."""
        return True


def _is_completing() -> bool:
    return COMPLETION in os.environ


def _join_options_and_values() -> None:
    """Takes the `=` out of what bash hands over: it cuts `--store=f` into three words, of which it
    replaces the last, so that `--store f` asks for the same."""
    words, number = os.environ.get("COMP_WORDS", "").split("\n"), os.environ.get("COMP_CWORD", "")
    if number.isdecimal():
        os.environ["COMP_WORDS"] = "\n".join(word for word in words if word != "=")
        os.environ["COMP_CWORD"] = str(int(number) - words[: int(number)].count("="))


def _option_before_value() -> str:
    """The `--store=` of `--store=f` where the shell replaces both: everywhere but in bash."""
    if os.environ.get(COMPLETION, "").endswith("_bash"):
        return ""
    word = os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE")
    word = word or os.environ.get("_TYPER_COMPLETE_ARGS", "").rpartition(" ")[2]
    option, is_joined, _ = word.partition("=")
    return f"{option}=" if is_joined and option.startswith("--") else ""


def _completer(values: Mapping[str, str]) -> Callable[[str], list[tuple[str, str]]]:
    """What completes a value; `values` says something about each of them."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        # Of a list, such as plan,money, the last item.
        before, comma, last = incomplete.rpartition(",")
        start = f"{_option_before_value()}{before}{comma}"
        return [
            (_Offer(f"{start}{value}"), about)
            for value, about in values.items()
            if value.startswith(last)
        ]

    return complete


# ---- the application


def _application(read: options.Words, context: Context) -> typer.Typer:
    typed = {word for word, _ in read.options}
    questions = [
        question
        for name, question in context.rulebook.answerable.items()
        if _is_completing() or flag(name) in typed or variable(name) in os.environ
    ]
    root_options = [
        option
        for option in options.ROOT.values()
        if option.name not in _MADE_BY_TYPER and (_is_completing() or option.words[-1] in typed)
    ]
    app = typer.Typer(
        cls=_with_our_errors(TyperGroup, context.messages, None),
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=_is_completing() or any(flag(name) in typed for name in _COMPLETION_OPTIONS),
        context_settings={"help_option_names": list(options.ROOT["help"].words)},
    )

    def root(ctx: typer.Context, **values: Any) -> int | None:
        if ctx.invoked_subcommand:
            _refuse_flags_before_a_command(ctx, values, context.messages)
            return None
        from choose_channel.cli.commands import decide

        flags: dict[str, str] = {}
        env: dict[str, str] = {}
        for question in questions:
            text = values.pop(f"answer_{question.id}")
            if text is not None:
                by_flag = _is_typed(ctx, f"answer_{question.id}")
                (flags if by_flag else env)[question.id] = text
        return decide.command(context, flags, env, values)

    parameters = [_question(question, context.messages) for question in questions]
    parameters += map(_option, root_options)
    app.callback()(_with_signature(root, [_CONTEXT, *parameters]))
    _add_commands(app, read, context)
    return app


def _is_typed(ctx: typer.Context, parameter: str) -> bool:
    return getattr(ctx.get_parameter_source(parameter), "name", "") == "COMMANDLINE"


def _refuse_flags_before_a_command(
    ctx: typer.Context, parameters: Iterable[str], messages: Messages
) -> None:
    typed = [name.removeprefix("answer_") for name in parameters if _is_typed(ctx, name)]
    stray = sorted(flag(name) for name in typed if name not in options.EVERYWHERE)
    if stray:
        flags = messages.listing(stray)
        raise UsageError([Problem(messages("usage_flags_first", flags=flags))])


# ---- commands


def _add_commands(app: typer.Typer, read: options.Words, context: Context) -> None:
    groups: dict[str, typer.Typer] = {}
    for command in COMMANDS:
        group, _, name = command.name.rpartition(" ")
        if not _is_completing() and command.name.split()[0] not in read.others[:1]:
            continue
        if group and group not in groups:
            groups[group] = _added_group(app, group, context.messages)
        run = _function(command, context._replace(name=command.name))
        kind = _with_our_errors(TyperCommand, context.messages, command)
        groups.get(group, app).command(name or command.name, cls=kind)(run)


def _added_group(app: typer.Typer, name: str, messages: Messages) -> typer.Typer:
    def without_a_command(ctx: typer.Context, **_values: Any) -> None:
        if not ctx.invoked_subcommand:
            from choose_channel.cli import help as usage

            print(usage.page(usage.command_help(name, messages)), end="")

    group = typer.Typer(
        cls=_with_our_errors(TyperGroup, messages, Command(name)),
        no_args_is_help=False,
        rich_markup_mode=None,
    )
    parameters = [_CONTEXT, *map(_option, _EVERYWHERE)]
    group.callback(invoke_without_command=True)(_with_signature(without_a_command, parameters))
    app.add_typer(group, name=name)
    return group


def function_of(command: Command) -> Callable[..., int]:
    """The function that runs a command. Its module is imported only now."""
    name, _, function = (command.runs or f"{command.key}.command").partition(".")
    module = importlib.import_module(f"choose_channel.cli.commands.{name}")
    runs: Callable[..., int] = getattr(module, function)
    return runs


def _function(command: Command, context: Context) -> Callable[..., int]:
    arguments = [] if command.arguments.startswith(">") else command.arguments.split()
    names = [f"argument_{number}" for number in range(len(arguments))]
    own = [options.read_option(written) for written in command.options]

    def run(**values: Any) -> int:
        chosen = {option.name: values[option.name] for option in own}
        return function_of(command)(context, *(values[name] for name in names), **chosen)

    parameters = [_argument(name, form) for name, form in zip(names, arguments, strict=True)]
    return _with_signature(run, [*parameters, *map(_option, (*own, *_EVERYWHERE))])


# ---- parameters

_CONTEXT = inspect.Parameter(
    "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
)


def _with_signature(
    function: Callable[..., Any], parameters: Sequence[inspect.Parameter]
) -> Callable[..., Any]:
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return function


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, keyword, default=default, annotation=annotation)


def _question(question: Question, messages: Messages) -> inspect.Parameter:
    about, complete = None, None
    if _is_completing():
        about = messages.text(question.title)
        choices = kind_of(question).options(question, messages)
        complete = _completer({choice.value: choice.label for choice in choices})
    words, name = flag(question.id), variable(question.id)
    default = typer.Option(None, words, envvar=name, help=about, autocompletion=complete)
    return _parameter(f"answer_{question.id}", str | None, default)


def _option(option: options.CommandOption) -> inspect.Parameter:
    kind: Any = str | None if option.value else bool
    if option.name in options.REPEATABLE:
        kind = list[str] | None
    complete = _completer(dict.fromkeys(option.choices, "")) if option.choices else None
    default = typer.Option(None if option.value else False, *option.words, autocompletion=complete)
    return _parameter(option.name, kind, default)


def _argument(name: str, form: str) -> inspect.Parameter:
    kind: Any = list[str] if form.endswith("...") else str
    if form.startswith("["):
        return _parameter(name, kind | None, typer.Argument(None, metavar=form))
    return _parameter(name, kind, typer.Argument(..., metavar=form))


# ---- wrong usage


def _with_our_errors(base: Any, messages: Messages, command: Command | None) -> type[Any]:
    """A class of command whose messages about stray words are ours. `command` is None for the main
    command."""

    class Ours(base):  # type: ignore[misc]
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if base is TyperGroup:
                return list(super().parse_args(ctx, args))
            ctx.allow_extra_args = True
            rest = list(super().parse_args(ctx, args))
            if rest and not ctx.resilient_parsing:
                message = messages("usage_extra_argument", word=shorten(rest[0]), form=self.form)
                raise UsageError([Problem(message)])
            return rest

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            word = args[0]
            if word not in self.commands:
                group = command.name if command else ""
                raise UsageError([Problem(_unknown_command(messages, word, group))])
            return super().resolve_command(ctx, args)

    # How the command is written, for messages.
    Ours.form = f"{PROGRAM} {command.name} {command.arguments}".rstrip() if command else PROGRAM
    return Ours


def _unknown_command(messages: Messages, word: str, group: str) -> str:
    """The message about a word that is no command, with what the group knows or what was
    probably meant."""
    if group:
        names = [
            command.name.removeprefix(f"{group} ")
            for command in COMMANDS
            if command.name.startswith(f"{group} ")
        ]
        listed = messages.listing(names)
        message = messages("usage_no_command", word=shorten(word), group=group, names=listed)
        return messages.hinted(message, nearest(word, names))
    # The last word of a command stands for the whole of it: `check` means `rules check`.
    all_names = [command.name for command in reversed(COMMANDS)]
    meant = {name.split()[-1]: name for name in all_names}
    meant |= {name.split()[0]: name.split()[0] for name in all_names}
    near = nearest(word, meant)
    return messages.hinted(messages("usage_extra", word=shorten(word)), near and meant[near])


def _usage_problem(error: Any, context: Context) -> Problem:
    """A usage error of typer in our words."""
    messages = context.messages
    option = getattr(error, "option_name", None)
    form = getattr(error.ctx.command, "form", PROGRAM) if error.ctx else PROGRAM
    if option and hasattr(error, "possibilities"):
        within = error.ctx.command.name if error.ctx and error.ctx.parent else None
        names = [flag(name) for name in (*context.rulebook.answerable, *options.ROOT)]
        if within is not None:
            names = [word for known in error.ctx.command.params for word in known.opts]
        near = nearest(option, names)
        message = messages("usage_no_option", option=option)
        return Problem(messages.hinted(message, near if near != option else None))
    if option:
        takes_value = options.takes_value(option)
        key = "usage_no_value" if takes_value else "usage_no_value_wanted"
        return Problem(messages(key, option=option))
    if type(error).__name__ == "MissingParameter":
        return Problem(messages("usage_missing_argument", form=form))
    return Problem(messages("usage_other"))
