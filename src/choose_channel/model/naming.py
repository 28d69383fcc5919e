"""Names as they are written: flags, environment variables, and spellings that mean the same."""

from __future__ import annotations

import re
import unicodedata
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
    "full": "--full",
    "show": "--show PART,...",
    "lang": "--lang zh|en",
    "color": "--color auto|always|never",
    "accessible": "--accessible",
    "rules": "--rules DIR",
    "no_input": "--no-input",
    "all_questions": "--all-questions",
    "exit_code": "--exit-code",
    "save": "--save FILE",
    "title": "--title TEXT",
    "client": "--client TEXT",
    "note": "--note TEXT",
    "adviser": "--adviser TEXT",
    "logo": "--logo FILE",
    "for": "--for seller|client",
    "version": "--version",
    "install_completion": "--install-completion",
    "show_completion": "--show-completion",
    "help": "-h, --help",
}
"""The options of the main command. By name, how one is written in the help; everything else about
it (its words, whether it takes a value) is read from that by `cli/options.py`."""
OFF = ("off", "0", "no", "false")
"""What turns a variable such as CHOOSE_CHANNEL_HISTORY off."""
RESERVED = (*OPTIONS, "debug", "history")
"""Names that no question may have: as a flag or a variable they mean something else."""


def flag(name: str) -> str:
    """The flag of a question or option."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """The environment variable of a question or option."""
    return PREFIX + name.upper()


def legible(text: str) -> str:
    """A text as it looks: full width does not count, nor do blanks around it and marks that cannot
    be seen, such as a zero-width space, which come along with what is copied."""
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def normalize(text: str) -> str:
    """A spelling as it is compared: case, full width, and how words are joined do not count.

    >>> normalize(" Ripe－Pears")
    'ripe_pears'
    """
    return re.sub(r"[\s_-]+", "_", legible(text).casefold())


def to_text(value: Value) -> str:
    """A known answer as it is typed in a flag: `true`, `9.9`, `commodity`."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
