"""Conditions as sentences, in one language."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Iterable

from choose_channel.answers import Given, as_flags, plain
from choose_channel.conditions import AllOf, AnyOf, Condition, Is, Not, Within
from choose_channel.model import Entry, Rulebook
from choose_channel.wording import Say


def witness(book: Rulebook, answers: Given, folder: str | None) -> str:
    """The command line that leads to a cell; what cannot be typed stands behind it."""
    typed = {name: value for name, value in answers.items() if name in book.asked}
    rules = ["--rules", folder] if folder else []
    command = shlex.join(["choose-channel", *as_flags(typed), *rules])
    derived = [f"{name}: {plain(answers[name])}" for name in answers if name not in typed]
    return f"{command}  # {', '.join(derived)}" if derived else command


def file_of(at: Entry) -> str:
    """The file in which entries stand, and the part where the file has parts."""
    return " ".join([f"{at[0]}.yaml", *at[1:]])


def placed(at: Entry, say: Say) -> str:
    """An entry with its file."""
    return say.sentences([at[-1], say("show_inner", text=file_of(at[:-1]))])


def sentence(condition: Condition, book: Rulebook, say: Say) -> str:
    """What has to hold, in words."""
    match condition:
        case Is(name, choices):
            question = book.questions[name]
            labels = [say.text(one.label) for one in question.choices if one.id in choices]
            if not question.choices:
                labels = [say("yes" if one == "true" else "no") for one in sorted(choices)]
            answers = _joined(labels, "show_or", say)
            return say("show_is", question=say.text(question.short), answers=answers)
        case Within():
            return _range(condition, book, say)
        case Not(part):
            return say("show_not", text=sentence(part, book, say))
        case AllOf(parts) | AnyOf(parts) if parts:
            key = "show_and" if isinstance(condition, AllOf) else "show_or"
            return _joined([_inner(part, book, say) for part in parts], key, say)
    return say("show_always")


def _range(condition: Within, book: Rulebook, say: Say) -> str:
    short = say.text(book.questions[condition.question].short)
    if condition.at_least is None:
        return say("show_below", question=short, below=condition.below)
    if condition.below is None:
        return say("show_at_least", question=short, at_least=condition.at_least)
    return say("show_between", question=short, at_least=condition.at_least, below=condition.below)


def _inner(part: Condition, book: Rulebook, say: Say) -> str:
    text = sentence(part, book, say)
    several = isinstance(part, (AnyOf, AllOf)) and len(part.parts) > 1
    return say("show_inner", text=text) if several else text


def _joined(parts: Iterable[str], key: str, say: Say) -> str:
    return functools.reduce(lambda one, more: say(key, first=one, second=more), parts)
