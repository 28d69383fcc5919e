"""Names as they are written: flags, variables, spellings, and commands that can be pasted."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

from choose_channel.model.rulebook import Value

PROGRAM = "choose-channel"
VERSION = "0.1.0"
PREFIX = "CHOOSE_CHANNEL_"
OPTIONS = {
    "answers": "--answers FILE",
    "format": "--format NAME",
    "output": "-o, --output FILE",
    "force": "--force",
    "lang": "--lang zh|en",
    "rules": "--rules DIR",
    "no_input": "--no-input",
    "all_questions": "--all-questions",
    "exit_code": "--exit-code",
    "save": "--save FILE",
    "title": "--title TEXT",
    "client": "--client TEXT",
    "note": "--note TEXT",
    "version": "--version",
    "install_completion": "--install-completion",
    "show_completion": "--show-completion",
    "help": "-h, --help",
}
"""The options of the main command. By name, how one is written in the help; everything else about
it (its words, whether it takes a value) is read from that by `cli/options.py`."""
RESERVED = (*OPTIONS, "debug")
"""Names that no question may have: as a flag or a variable they mean something else."""


def flag(name: str) -> str:
    """The flag of a question or option."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """The environment variable of a question or option."""
    return PREFIX + name.upper()


def normalize(text: str) -> str:
    """A spelling as it is compared: case, full width, and how words are joined do not count.

    >>> normalize(" Product－Type")
    'product_type'
    """
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFKC", text).casefold().strip())


def to_text(value: Value) -> str:
    """A known answer as it is typed in a flag: `true`, `9.9`, `commodity`."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def as_flags(given: Mapping[str, Value]) -> list[str]:
    """Answers as they are typed on the command line."""
    return [word for name, value in given.items() for word in (flag(name), to_text(value))]


# ---- commands that can be pasted

_SAFE = re.compile(r"[A-Za-z0-9_./-]+")
# PowerShell takes curly quotation marks for straight ones.
_SINGLE_QUOTES, _DOUBLE_QUOTES = "'‘’‚‛", '"“”„'
_IN_DOUBLE_QUOTES = re.compile(rf"[^{_DOUBLE_QUOTES}$`!\\]+")
_IN_SINGLE_QUOTES = re.compile(rf"[^{_SINGLE_QUOTES}\\]+")
_IN_DOUBLE_QUOTES_ON_WINDOWS = re.compile(rf"[^{_DOUBLE_QUOTES}$`!]+")
_PIECES = re.compile(rf"[A-Za-z0-9_./-]+|[{_SINGLE_QUOTES}]+|\\+|[^{_SINGLE_QUOTES}\\]+")


def command_line(words: Iterable[str]) -> str:
    """Words as one line that sh, bash, zsh, fish and PowerShell read back as these words.

    Line breaks and other control characters become spaces, since no quoting of them is common to
    all. A word that no single pair of quotes can hold is put together of pieces, which PowerShell
    joins only where the word starts with a plain character.

    >>> command_line(["--title", "=it's", "--note", 'a "$5" plan', "--client", 'Bob\\'s "$5"'])
    '--title "=it\\'s" --note \\'a "$5" plan\\' --client Bob"\\'"s\\' "$5"\\''
    """
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    word = "".join(character if character.isprintable() else " " for character in word)
    double = _IN_DOUBLE_QUOTES_ON_WINDOWS if os.name == "nt" else _IN_DOUBLE_QUOTES
    if _SAFE.fullmatch(word):
        return word
    if not word or double.fullmatch(word):
        return f'"{word}"'
    if _IN_SINGLE_QUOTES.fullmatch(word):
        return f"'{word}'"
    return "".join(map(_quoted_piece, _PIECES.findall(word)))


def _quoted_piece(piece: str) -> str:
    if piece[0] == "\\":  # the one place where a backslash means the same in sh and in fish
        return '"' + piece * 2 + '"'
    if piece[0] in _SINGLE_QUOTES:
        return f'"{piece}"'
    return piece if _SAFE.fullmatch(piece) else f"'{piece}'"
