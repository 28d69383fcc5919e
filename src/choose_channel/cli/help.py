"""The help pages: made from the rulebook and the list of commands, in the person's language.

A page is a list of parts, which are printed here, as wide as the terminal, and written into the
reference in `.docs` as Markdown.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

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


class Part(NamedTuple):
    """A part of a page: what stands over it, "" for nothing, and its entries, each a name and what
    it is about."""

    head: str
    entries: tuple[tuple[str, str], ...] = ()


def help_for(words: Sequence[str], rulebook: Rulebook, messages: Messages) -> str | None:
    """The help page of the command that some words start with, of the program where there are no
    words, and None where the first word is no command."""
    if not words:
        return page(program_help(rulebook, messages))
    names = [command.name for command in commands_and_groups()]
    starts = [" ".join(words[:length]) for length in (2, 1)]
    name = next((start for start in starts if start in names), None)
    return page(command_help(name, messages)) if name else None


def page(parts: Iterable[Part]) -> str:
    """A help page as it is printed, ending with a line break. Its first line, which says how a
    command is written, is not wrapped, so that it can be copied."""
    width = max(40, min(shutil.get_terminal_size().columns, 100))
    (usage, _), *rest = parts
    lines = [usage]
    for head, entries in rest:
        lines += ["", *(wrap(head, width) if head else ())]
        for name, about in entries:
            lines.append(f"  {name}")
            lines += [" " * _INDENT + line for line in wrap(about, width - _INDENT)]
    return "\n".join([*lines, ""])


def program_help(rulebook: Rulebook, messages: Messages) -> Iterator[Part]:
    """The help of the whole program."""
    yield Part(f"{messages('help_usage')} {messages('help_usage_line')}")
    yield Part(messages("help_about"))
    answers = [
        (f"{flag(question.id)} {kind_of(question).placeholder}", _about(question, messages))
        for question in rulebook.answerable.values()
    ]
    yield Part(messages("help_answers"), (*answers,))
    yield Part(messages("help_options"), (*(_option(form, messages) for form in OPTIONS.values()),))
    commands = commands_and_groups()
    yield Part(messages("help_commands"), (*(_command(command, messages) for command in commands),))
    examples = ((example, messages(key)) for key, example in _EXAMPLES)
    yield Part(messages("help_examples"), (*examples,))
    yield Part(messages("help_exit_codes"))


def command_help(name: str, messages: Messages) -> Iterator[Part]:
    """The help of one command or group of commands."""
    command = next(command for command in commands_and_groups() if command.name == name)
    form = f"{PROGRAM} {command.name} {command.arguments}".rstrip()
    yield Part(f"{messages('help_usage')} {form}")
    yield Part(messages(f"help_{command.key}"))
    if command.arguments and command in COMMANDS and not command.arguments.startswith(">"):
        yield Part("", ((command.arguments, messages(f"help_{command.key}_arguments")),))
    for member in COMMANDS:
        if member.name.startswith(f"{name} "):
            yield Part("", (_command(member, messages),))
    forms = (*command.options, *(OPTIONS[key] for key in EVERYWHERE))
    yield Part(messages("help_options"), (*(_option(form, messages) for form in forms),))


def commands_and_groups() -> list[Command]:
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


def _command(command: Command, messages: Messages) -> tuple[str, str]:
    return f"{command.name} {command.arguments}".rstrip(), messages(f"help_{command.key}")


def _option(written: str, messages: Messages) -> tuple[str, str]:
    option = read_option(written)
    return written, messages(f"help_option_{option.name}", formats=", ".join(option.choices))


def _about(question: Question, messages: Messages) -> str:
    values = kind_of(question).help(question, messages)
    return messages.sentences(part for part in (messages.text(question.title), values) if part)
