"""One family of errors. Each says what is wrong, where, and what would be right.

The command line turns them into a message and an exit code; nothing else prints them.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from choose_channel.messages.i18n import printable


class Problem(NamedTuple):
    """One thing that is wrong.

    `message` is a full sentence in the reader's language, with the remedy in it.
    `place` is where to look: `file:line:column`, a flag or an environment variable; "" if none.
    """

    message: str
    place: str = ""

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.message}" if self.place else self.message)


def split_place(place: str) -> tuple[str, int, int]:
    """The file, line and column of a place; 0 where it names none. A path may hold colons."""
    parts = re.fullmatch(r"(.*?)(?::(\d+))?(?::(\d+))?", place, re.DOTALL)
    assert parts
    return parts[1], int(parts[2] or 0), int(parts[3] or 0)


class ChooseChannelError(Exception):
    """Base of every error that a user can cause. Carries all problems, not only the first."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class DocumentError(ChooseChannelError):
    """A file cannot be read as YAML, JSON or TOML."""


class RulebookError(ChooseChannelError):
    """A rulebook is incomplete or contradicts itself."""


class AnswersError(ChooseChannelError):
    """Answers are missing, unknown or out of range.

    `missing` holds the core answers that were not given, beside the problems of those that were.
    """

    missing: tuple[Problem, ...] = ()


class MissingAnswersError(AnswersError):
    """Core answers are missing; each problem names one, with its flag and its values."""


class UsageError(ChooseChannelError):
    """The command line cannot be understood."""


class OutputError(ChooseChannelError):
    """A result cannot be written where it was asked for."""


class InterruptedWizardError(ChooseChannelError):
    """The person left the wizard before its end; answers given so far are kept in a draft."""

    exit_code = 130


class RefusedError(Exception):
    """A value is no answer to a question; the text says what would be right.

    Not one of the family: who reads the value knows its place, and makes a Problem of both.
    """


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, or None when nothing is near."""
    import difflib  # only needed once something is wrong

    options = {candidate.casefold(): candidate for candidate in candidates}
    # No name is longer than 80 characters, and comparing a very long word takes very long.
    matches = difflib.get_close_matches(word.casefold()[:80], options, n=1, cutoff=0.6)
    return options[matches[0]] if matches else None
