"""What stands on a command line, read without a rulebook.

The options are written once: those of the main command in `model/naming.py`, those of a command on
its line in `cli/registry.py`. Parameters, help, completion, reserved names and messages
about wrong usage are made from there.

The first look at the words is needed because the flags of the questions come from a rulebook, and
`--rules` and `--lang` say which one. It can be exact without it: every flag that is not in the
tables belongs to a question, and takes a value.
"""

from collections.abc import Iterable, Sequence
from keyword import iskeyword
from typing import NamedTuple

from choose_channel.cli.registry import COMMANDS
from choose_channel.model.naming import OPTIONS
from choose_channel.report.formats import FORMATS
from choose_channel.report.parts import PARTS

EVERYWHERE = ("lang", "rules", "color", "accessible", "help")
"""The options of the main command that every command has too."""
REPEATABLE = ("answers", "what_if", "map", "conf")


class CommandOption(NamedTuple):
    """An option: its name, the words that stand for it, and its value as written in the help, ""
    where it takes none.

    >>> read_option("-o, --output FILE")
    CommandOption(name='output', words=('-o', '--output'), value='FILE')
    """

    name: str
    words: tuple[str, ...]
    value: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The values to choose from, where the help writes them (`zh|en`) or they are formats or
        parts of a report."""
        if self.value == "NAME":
            return FORMATS
        if self.value == "PART...":
            return tuple(PARTS)
        return tuple(self.value.split("|")) if "|" in self.value else ()


def read_option(written: str) -> CommandOption:
    """The option that is written so in the help."""
    parts = written.replace(",", "").split()
    words = tuple(part for part in parts if part.startswith("-"))
    name = words[-1][2:].replace("-", "_")
    name += "_" if iskeyword(name) else ""  # it is the name of a parameter
    return CommandOption(name, words, " ".join(parts[len(words) :]))


ROOT = {name: read_option(written) for name, written in OPTIONS.items()}
_ALL = [*ROOT.values(), *(read_option(form) for command in COMMANDS for form in command.options)]
_WITHOUT_VALUE = {word for option in _ALL if not option.value for word in option.words}
_SHORT = {word: option.words[-1] for option in _ALL for word in option.words if word[1] != "-"}


class Words(NamedTuple):
    """The words of a command line: options with their values in order, and the other words."""

    options: Sequence[tuple[str, str | None]]
    others: Sequence[str]

    def value(self, word: str) -> str | None:
        """The value of an option, or None where it is not given."""
        return next((value for option, value in self.options if option == word), None)

    def repeated(self) -> list[str]:
        """The options that are given more than once and may not be."""
        seen: set[str] = set()
        allowed = {word for option in _ALL if option.name in REPEATABLE for word in option.words}
        repeated = {}
        for word, _ in self.options:
            if word in seen and word not in allowed:
                repeated[word] = True
            seen.add(word)
        return list(repeated)


def read_words(words: Iterable[str]) -> Words:
    """Tells options, values and other words apart; short options get their long name."""
    options: list[tuple[str, str | None]] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            others += rest
        elif word.startswith("--"):
            name, is_joined, value = word.partition("=")
            if is_joined:
                options.append((name, value))
            else:
                options.append((name, None if name in _WITHOUT_VALUE else next(rest, None)))
        elif word[:2] in _SHORT:
            name = _SHORT[word[:2]]
            takes_value = name not in _WITHOUT_VALUE
            options.append((name, (word[2:] or next(rest, None)) if takes_value else None))
        else:
            others.append(word)
    return Words(options, others)


def takes_value(word: str) -> bool:
    """Whether an option, given by one of its words, takes a value."""
    return word not in _WITHOUT_VALUE
