"""The help page: made from the rulebook, in the person's language, as wide as the terminal."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence

from choose_channel.answers.kinds import kind_of
from choose_channel.cli.options import EVERYWHERE, read_option
from choose_channel.cli.registry import COMMANDS, Command
from choose_channel.messages.i18n import Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.naming import OPTIONS, PROGRAM, flag
from choose_channel.model.rulebook import Question, Rulebook

_INDENT = 4
_EXAMPLES = (
    ("help_example_wizard", "choose-channel"),
    (
        "help_example_script",
        "choose-channel --product-type commodity --price 12 --warehouse local --followers 0"
        " --business-license none --format json --no-input",
    ),
)


def help_for(words: Sequence[str], book: Rulebook, messages: Messages) -> str | None:
    """The help page of the command that some words start with, of the program where there are no
    words, and None where the first word is no command."""
    if not words:
        return help_text(book, messages)
    names = [command.name for command in _with_groups()]
    starts = [" ".join(words[:length]) for length in (2, 1)]
    name = next((start for start in starts if start in names), None)
    return command_help(name, messages) if name else None


def help_text(book: Rulebook, messages: Messages) -> str:
    """The whole help page, ending with a line break."""
    width = _width()
    lines = [
        f"{messages('help_usage')} {messages('help_usage_line')}",
        "",
        *wrap(messages("help_about"), width),
        "",
    ]
    lines += wrap(messages("help_answers"), width)
    for question in book.answerable.values():
        name = f"{flag(question.id)} {kind_of(question).placeholder}"
        lines += _entry(name, _about(question, messages), width)
    lines += ["", messages("help_options")]
    for written in OPTIONS.values():
        lines += _option(written, messages, width)
    lines += ["", messages("help_commands")]
    for command in _with_groups():
        lines += _command(command, messages, width)
    lines += ["", messages("help_examples")]
    for key, example in _EXAMPLES:
        lines += _entry(example, messages(key), width)
    return "\n".join([*lines, "", *wrap(messages("help_exit_codes"), width), ""])


def command_help(name: str, messages: Messages) -> str:
    """The help page of one command or group of commands, ending with a line break."""
    width = _width()
    command = next(command for command in _with_groups() if command.name == name)
    form = f"{PROGRAM} {command.name} {command.arguments}"
    lines = [f"{messages('help_usage')} {form}", "", *wrap(messages(f"help_{command.key}"), width)]
    if command.arguments and command in COMMANDS and not command.arguments.startswith(">"):
        about = messages(f"help_{command.key}_arguments")
        lines += ["", *_entry(command.arguments, about, width)]
    for other in COMMANDS:
        if other.name.startswith(f"{name} "):
            lines += ["", *_command(other, messages, width)]
    lines += ["", messages("help_options")]
    for written in (*command.options, *(OPTIONS[key] for key in EVERYWHERE)):
        lines += _option(written, messages, width)
    return "\n".join([*lines, ""])


def _with_groups() -> list[Command]:
    """The commands, each group before its members; the arguments of a group are their names."""
    commands: list[Command] = []
    for command in COMMANDS:
        group, _, _ = command.name.rpartition(" ")
        if group and all(group != other.name for other in commands):
            members = [other.name for other in COMMANDS if other.name.startswith(f"{group} ")]
            names = "|".join(name.removeprefix(f"{group} ") for name in members)
            commands.append(Command(group, names))
        commands.append(command)
    return commands


def _command(command: Command, messages: Messages, width: int) -> Iterable[str]:
    return _entry(f"{command.name} {command.arguments}", messages(f"help_{command.key}"), width)


def _option(written: str, messages: Messages, width: int) -> Iterable[str]:
    option = read_option(written)
    text = messages(f"help_option_{option.name}", formats=", ".join(option.choices))
    return _entry(written, text, width)


def _width() -> int:
    return max(40, min(shutil.get_terminal_size().columns, 100))


def _about(question: Question, messages: Messages) -> str:
    values = kind_of(question).help(question, messages)
    return messages.sentences(part for part in (messages.text(question.title), values) if part)


def _entry(name: str, about: str, width: int) -> Iterable[str]:
    yield f"  {name}"
    for line in wrap(about, width - _INDENT):
        yield " " * _INDENT + line
