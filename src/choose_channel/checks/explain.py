"""The entries of a rulebook as sentences, in one language. Pure."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from choose_channel.answers.parse import expected
from choose_channel.answers.sources import Given
from choose_channel.checks.citations import citations, readers
from choose_channel.messages.i18n import Say
from choose_channel.model.conditions import AllOf, AnyOf, Condition, Is, Not, Within
from choose_channel.model.naming import as_flags, flag, plain
from choose_channel.model.rulebook import Charge, Entry, Fact, Margin, Question, Rulebook, Stream

_TEXTS = {
    "because": "show_because",
    "happens": "show_happens",
    "why": "show_because",
    "avoid": "show_avoid",
    "text": "show_text",
    "done_when": "show_done_when",
}
"""By the name of a text, the phrase that introduces it."""


def entries_of(book: Rulebook) -> dict[Entry, Mapping[str, Any]]:
    """By file, and part where the file has parts, the entries that can be shown."""
    economy = book.economy
    return {
        ("rules",): book.rules,
        ("gates",): book.gates,
        ("pitfalls",): book.pitfalls,
        ("plan",): book.steps,
        ("facts",): book.facts,
        ("money", "inputs"): economy.inputs,
        ("money", "streams"): economy.streams,
        ("money", "lines"): economy.charges,
        ("money", "margins"): {margin.id: margin for margin in economy.margins},
    }


def described(book: Rulebook, say: Say, at: Entry) -> Iterator[str]:
    """All there is to say of an entry itself."""
    entry = entries_of(book)[at[:-1]][at[-1]]
    tell = _TELLING.get(at[:-1], _advice)
    yield entry.id if tell is _advice else placed(at, say)
    yield from tell(book, say, entry)


def _advice(book: Rulebook, say: Say, entry: Any) -> Iterator[str]:
    if hasattr(entry, "title"):
        yield say.text(entry.title)
    yield say("show_when", text=sentence(entry.when, book, say))
    if hasattr(entry, "points"):
        names = {channel: say.text(book.channels[channel].short) for channel in entry.points}
        points = say.listing(f"{names[c]} {p:+d}" for c, p in entry.points.items())
        dimension = say.text(book.dimensions[entry.dimension])
        yield say("show_points", dimension=dimension, points=points)
    if hasattr(entry, "access"):
        channels = say.listing(say.text(book.channels[c].name) for c in entry.channels)
        yield say("show_access", channels=channels, access=say(f"access_{entry.access}"))
    for key, phrase in _TEXTS.items():
        if hasattr(entry, key):
            yield say(phrase, text=say.text(getattr(entry, key)))
    yield say("show_source", text=entry.source)
    facts = [
        say.sentences([say.text(book.facts[fact].says), say("show_inner", text=fact)])
        for fact in entry.facts
    ]
    if facts:
        yield say("show_facts", text=say.sentences(facts))


def _fact(book: Rulebook, say: Say, fact: Fact) -> Iterator[str]:
    yield say.text(fact.says)
    words = {"value": _value(fact.value, say), "unit": fact.unit, "market": fact.market}
    grade = [fact.grade, *([say("report_unverified")] if fact.unverified else [])]
    date = fact.as_of or say("show_nothing")
    yield say("show_fact", **words, date=date, grade=say.listing(grade))
    yield say("show_source", text=say.text(fact.source))
    yield _used(citations(book)[fact.id], say)


def _value(value: Any, say: Say) -> str:
    if isinstance(value, Mapping):
        return say.listing(f"{name} {part}" for name, part in value.items())
    if isinstance(value, list):
        return say("money_range", low=value[0], high=value[-1])
    return say("show_nothing") if value is None else str(value)


def _used(entries: list[Entry], say: Say) -> str:
    names = say.listing(placed(at, say) for at in entries)
    return say("show_used", entries=names or say("show_nothing"))


def _input(book: Rulebook, say: Say, question: Question) -> Iterator[str]:
    yield say.text(question.title)
    yield say("show_when", text=sentence(question.applies, book, say))
    yield say("show_answer", flag=flag(question.id), expected=expected(question, say))
    yield _used(readers(book)[question.id], say)


def _stream(book: Rulebook, say: Say, stream: Stream) -> Iterator[str]:
    channel = say.text(book.channels[stream.channel].name)
    yield say("show_access", channels=channel, access=say.text(stream.name))
    yield say("show_when", text=sentence(stream.when, book, say))
    lines = (one.id for one in book.economy.charges.values() if stream.id in one.streams)
    yield say("show_lines", lines=say.listing(lines))


def _line(book: Rulebook, say: Say, charge: Charge) -> Iterator[str]:
    yield say.text(charge.label)
    yield say("show_when", text=sentence(charge.when, book, say))
    yield say("show_paid_by", streams=say.listing(charge.streams))
    taken_of = charge.kind == "percent" or charge.base in book.economy.charges
    kind = say.listing([charge.kind, *([charge.base] if taken_of else [])])
    figures = say.listing([*([flag(charge.input)] if charge.input else []), *charge.facts])
    yield say("show_figure", kind=kind, figures=figures or say("show_nothing"))


def _margin(_book: Rulebook, say: Say, margin: Margin) -> Iterator[str]:
    streams = say.listing(margin.streams)
    yield say("show_margin", streams=streams, at_most=margin.at_most, case=margin.case)
    if margin.warning:
        yield say.text(margin.warning)


_TELLING: Mapping[Entry, Callable[[Rulebook, Say, Any], Iterator[str]]] = {
    ("facts",): _fact,
    ("money", "inputs"): _input,
    ("money", "streams"): _stream,
    ("money", "lines"): _line,
    ("money", "margins"): _margin,
}
"""How an entry is told; all others are advice."""


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
