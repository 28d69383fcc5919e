"""One family of errors. Each says what is wrong, where, and what would be right.

The command line turns them into a message and an exit code; nothing else prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong.

    `message` is a full sentence in the reader's language, with the remedy in it.
    `place` is where to look: `file:line:column`, a flag or an environment variable; "" if none.
    """

    message: str
    place: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return "".join(character if character.isprintable() else " " for character in text)


def split_place(place: str) -> tuple[str, int, int]:
    """The file, line and column of a place; 0 where it names none. A path may hold colons."""
    found = re.fullmatch(r"(.*?)(?::(\d+))?(?::(\d+))?", place, re.DOTALL)
    assert found
    return found[1], int(found[2] or 0), int(found[3] or 0)


class ChooseChannelError(Exception):
    """Base of every error a user can cause. Carries all faults found, not only the first."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class DocumentError(ChooseChannelError):
    """A file is not readable as YAML, JSON or TOML."""


class RulebookError(ChooseChannelError):
    """A rulebook does not say what a rulebook must say."""


class AnswersError(ChooseChannelError):
    """Answers are missing, unknown or out of range.

    `missing` holds core answers that are not there, beside the faults in those that are.
    """

    missing: tuple[Problem, ...] = ()


class MissingAnswersError(AnswersError):
    """Core answers are missing; each fault names one, with its flag and its values."""


class UsageError(ChooseChannelError):
    """The command line does not say what to do."""


class OutputError(ChooseChannelError):
    """A result cannot be written where it was asked for."""


class InterruptedWizardError(ChooseChannelError):
    """The person left before the end; a draft is kept where anything was answered."""

    exit_code = 130


class PromptError(ChooseChannelError):
    """This terminal cannot show prompts."""


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, or None when nothing is near."""
    import difflib  # only needed once something is wrong

    options = {candidate.casefold(): candidate for candidate in candidates}
    # A long word cannot be near any of ours, and comparing it would take long.
    found = difflib.get_close_matches(word.casefold()[:80], options, n=1, cutoff=0.6)
    return options[found[0]] if found else None
