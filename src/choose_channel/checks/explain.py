"""A rulebook in words: its conditions as sentences, its entries as lines, a cell as a command."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from choose_channel.answers.format import answer_text, as_flags
from choose_channel.answers.kinds import expected, kind_of
from choose_channel.answers.sources import Given
from choose_channel.checks.citations import citations, readers
from choose_channel.engine.decision import STEP_LABEL, labelled_texts
from choose_channel.messages.i18n import Messages, Text
from choose_channel.messages.shell import command_line
from choose_channel.model.conditions import AllOf, AnyOf, Condition, Is, Not, Within, parts_of
from choose_channel.model.naming import flag, to_text
from choose_channel.model.rulebook import (
    Channel,
    Choice,
    Entry,
    Fact,
    Line,
    Margin,
    Question,
    Rulebook,
    Stream,
    Variant,
)

# ---- conditions


def sentence(condition: Condition, rulebook: Rulebook, messages: Messages) -> str:
    """What has to hold, in words: `goods is apples and (season is winter, or boxes is no)`."""
    match condition:
        case Is(name, choices):
            question = rulebook.questions[name]
            options = kind_of(question).options(question, messages)
            labels = [option.label for option in options if option.value in choices]
            answers = _joined(labels, "show_or", messages)
            return messages("show_is", question=messages.text(question.short), answers=answers)
        case Within():
            return _range(condition, rulebook, messages)
        case Not(part):
            return messages("show_not", text=sentence(part, rulebook, messages))
        case AllOf(parts) | AnyOf(parts) if parts:
            key = "show_and" if isinstance(condition, AllOf) else "show_or"
            return _joined([_inner(part, rulebook, messages) for part in parts], key, messages)
    return messages("show_always")


def _range(condition: Within, rulebook: Rulebook, messages: Messages) -> str:
    short = messages.text(rulebook.questions[condition.question].short)
    if condition.at_least is None:
        return messages("show_below", question=short, below=condition.below)
    if condition.below is None:
        return messages("show_at_least", question=short, at_least=condition.at_least)
    return messages(
        "show_between", question=short, at_least=condition.at_least, below=condition.below
    )


def _inner(part: Condition, rulebook: Rulebook, messages: Messages) -> str:
    text = sentence(part, rulebook, messages)
    several = isinstance(part, (AnyOf, AllOf)) and len(part.parts) > 1
    return messages("show_inner", text=text) if several else text


def _joined(parts: Iterable[str], key: str, messages: Messages) -> str:
    return functools.reduce(lambda first, more: messages(key, first=first, second=more), parts)


# ---- entries

_TEXTS = {
    "because": "show_because",
    "happens": "show_happens",
    "why": "show_because",
    "avoid": "show_avoid",
    "text": "show_text",
    "done_when": "show_done_when",
}
"""By the name of a text, the phrase that introduces it."""


def entries_of(rulebook: Rulebook) -> dict[Entry, Mapping[str, Any]]:
    """By file, and part where the file has parts, the entries that can be shown."""
    economy = rulebook.economy
    choices: dict[Entry, Mapping[str, Any]] = {
        ("questions", name, "choices"): {choice.id: choice for choice in question.choices}
        for name, question in rulebook.questions.items()
        if question.choices
    }
    variants: dict[Entry, Mapping[str, Any]] = {
        ("channels", name, "variants"): {variant.id: variant for variant in channel.variants}
        for name, channel in rulebook.channels.items()
    }
    return {
        ("questions",): rulebook.questions,
        **choices,
        ("channels",): rulebook.channels,
        **variants,
        ("rules",): rulebook.rules,
        ("gates",): rulebook.gates,
        ("pitfalls",): rulebook.pitfalls,
        ("plan",): rulebook.steps,
        ("facts",): rulebook.facts,
        ("money", "inputs"): economy.inputs,
        ("money", "streams"): economy.streams,
        ("money", "lines"): economy.lines,
        ("money", "margins"): {margin.id: margin for margin in economy.margins},
        ("wording",): rulebook.wording,
    }


def described(rulebook: Rulebook, messages: Messages, at: Entry) -> Iterator[str]:
    """The lines that describe an entry; the first one names it."""
    entry = entries_of(rulebook)[at[:-1]][at[-1]]
    if at[2:-1] == ("choices",):
        yield placed(at, messages)
        yield from _choice(rulebook, messages, rulebook.questions[at[1]], entry)
        return
    kind = (at[0], *at[2:-1]) if at[2:-1] else at[:-1]
    describe = _DESCRIBE.get(kind, _advice)
    yield entry.id if describe is _advice else placed(at, messages)
    yield from describe(rulebook, messages, entry)


def _advice(rulebook: Rulebook, messages: Messages, entry: Any) -> Iterator[str]:
    if hasattr(entry, "title"):
        yield messages.text(entry.title)
    yield messages("show_when", text=sentence(entry.when, rulebook, messages))
    if hasattr(entry, "points"):
        names = {c: messages.text(rulebook.channels[c].short) for c in entry.points}
        points = messages.listing(f"{names[c]} {p:+d}" for c, p in entry.points.items())
        dimension = messages.text(rulebook.dimensions[entry.dimension])
        yield messages("show_points", dimension=dimension, points=points)
    if hasattr(entry, "access"):
        channels = messages.listing(
            messages.text(rulebook.channels[c].name) for c in entry.channels
        )
        yield messages("show_access", channels=channels, access=messages(f"access_{entry.access}"))
    others = (name for name in labelled_texts(messages.phrases) if name not in _TEXTS)
    for key, phrase in {**_TEXTS, **{name: STEP_LABEL + name for name in others}}.items():
        if text := getattr(entry, key, None):
            yield messages(phrase, text=messages.text(text))
    yield messages("show_source", text=entry.source)
    facts = [
        messages.sentences(
            [messages.text(rulebook.facts[fact].says), messages("show_inner", text=fact)]
        )
        for fact in entry.facts
    ]
    if facts:
        yield messages("show_facts", text=messages.sentences(facts))


def _question(rulebook: Rulebook, messages: Messages, question: Question) -> Iterator[str]:
    yield messages.text(question.title)
    yield messages("show_when", text=sentence(question.applies, rulebook, messages))
    yield from _wordings(rulebook, messages, question)
    if not question.derived:
        options = kind_of(question).help(question, messages) or expected(question, messages)
        yield messages("show_answer", flag=flag(question.id), expected=options)
    if question.assumed is not None:
        yield messages("show_assumed", answer=answer_text(question, question.assumed, messages))
    yield _used(_reading(rulebook, question.id), messages)


def _wordings(rulebook: Rulebook, messages: Messages, question: Question) -> Iterator[str]:
    """What the question says to some sellers in place of its own texts."""
    for wording in question.worded_for:
        texts = [
            messages.text(text) for text in (wording.short, wording.title, wording.help) if text
        ]
        examples = wording.examples.items()
        texts += [messages("answer_is", question=n, answer=messages.text(e)) for n, e in examples]
        text = messages.sentences(texts)
        yield messages("show_worded", when=sentence(wording.when, rulebook, messages), text=text)


def _choice(
    rulebook: Rulebook, messages: Messages, question: Question, choice: Choice
) -> Iterator[str]:
    """A choice of a question, and the entries that tell it from others."""
    parts = [choice.label] + ([choice.example] if choice.example else [])
    short, answer = messages.text(question.short), messages.listing(map(messages.text, parts))
    yield messages("answer_is", question=short, answer=answer)
    yield _used(_reading(rulebook, question.id, choice.id), messages)


def _reading(rulebook: Rulebook, question: str, choice: str = "") -> list[Entry]:
    """The entries with a condition on a question, or on one of its choices."""

    def reads(part: Condition) -> bool:
        if isinstance(part, Is):
            return part.question == question and (not choice or choice in part.choices)
        return isinstance(part, Within) and part.question == question

    conditions = rulebook.named_conditions()
    return [*dict.fromkeys(at[:-1] for at, when in conditions if any(map(reads, parts_of(when))))]


def _channel(rulebook: Rulebook, messages: Messages, channel: Channel) -> Iterator[str]:
    yield messages.text(channel.name)
    yield messages.text(channel.what)
    for variant in channel.variants:
        when = sentence(variant.when, rulebook, messages)
        yield messages("answer_is", question=messages.text(variant.name), answer=when)


def _variant(rulebook: Rulebook, messages: Messages, variant: Variant) -> Iterator[str]:
    yield messages.text(variant.name)
    yield messages("show_when", text=sentence(variant.when, rulebook, messages))


def _phrase(_rulebook: Rulebook, messages: Messages, phrase: Text) -> Iterator[str]:
    yield messages.text(phrase)


def _fact(rulebook: Rulebook, messages: Messages, fact: Fact) -> Iterator[str]:
    yield messages.text(fact.says)
    words = {"value": _value(fact.value, messages), "unit": fact.unit, "market": fact.market}
    grade = [fact.grade, *([messages("report_unverified")] if fact.unverified else [])]
    date = fact.as_of or messages("show_nothing")
    yield messages("show_fact", **words, date=date, grade=messages.listing(grade))
    yield messages("show_source", text=messages.text(fact.source))
    yield _used(citations(rulebook)[fact.id], messages)


def _value(value: Any, messages: Messages) -> str:
    if isinstance(value, Mapping):
        return messages.listing(f"{name} {part}" for name, part in value.items())
    if isinstance(value, list):
        return messages("money_range", low=value[0], high=value[-1])
    return messages("show_nothing") if value is None else str(value)


def _used(entries: list[Entry], messages: Messages) -> str:
    names = messages.listing(placed(at, messages) for at in entries)
    return messages("show_used", entries=names or messages("show_nothing"))


def _input(rulebook: Rulebook, messages: Messages, question: Question) -> Iterator[str]:
    yield messages.text(question.title)
    yield messages("show_when", text=sentence(question.applies, rulebook, messages))
    yield from _wordings(rulebook, messages, question)
    yield messages("show_answer", flag=flag(question.id), expected=expected(question, messages))
    yield _used(readers(rulebook)[question.id], messages)


def _stream(rulebook: Rulebook, messages: Messages, stream: Stream) -> Iterator[str]:
    channel = messages.text(rulebook.channels[stream.channel].name)
    yield messages("show_access", channels=channel, access=messages.text(stream.name))
    yield messages("show_when", text=sentence(stream.when, rulebook, messages))
    lines = (line.id for line in rulebook.economy.lines.values() if stream.id in line.streams)
    yield messages("show_lines", lines=messages.listing(lines))


def _line(rulebook: Rulebook, messages: Messages, line: Line) -> Iterator[str]:
    yield messages.text(line.label)
    yield messages("show_when", text=sentence(line.when, rulebook, messages))
    yield messages("show_paid_by", streams=messages.listing(line.streams))
    taken_of = line.kind == "percent" or line.base in rulebook.economy.lines
    kind = messages.listing([line.kind, *([line.base] if taken_of else [])])
    figures = messages.listing([*([flag(line.input)] if line.input else []), *line.facts])
    yield messages("show_figure", kind=kind, figures=figures or messages("show_nothing"))


def _margin(_rulebook: Rulebook, messages: Messages, margin: Margin) -> Iterator[str]:
    streams = messages.listing(margin.streams)
    yield messages("show_margin", streams=streams, at_most=margin.at_most, case=margin.case)
    if margin.warning:
        yield messages.text(margin.warning)


_DESCRIBE: Mapping[Entry, Callable[[Rulebook, Messages, Any], Iterator[str]]] = {
    ("questions",): _question,
    ("channels",): _channel,
    ("channels", "variants"): _variant,
    ("wording",): _phrase,
    ("facts",): _fact,
    ("money", "inputs"): _input,
    ("money", "streams"): _stream,
    ("money", "lines"): _line,
    ("money", "margins"): _margin,
}
"""By file and part, what describes the entries there; all others are advice."""


def file_of(at: Entry) -> str:
    """The file in which entries stand, and the part where the file has parts."""
    return " ".join([f"{at[0]}.yaml", *at[1:]])


def placed(at: Entry, messages: Messages) -> str:
    """An entry with its file."""
    return messages.sentences([at[-1], messages("show_inner", text=file_of(at[:-1]))])


# ---- cells


def witness(rulebook: Rulebook, answers: Given, folder: str | None) -> str:
    """The command line that gives these answers. Derived answers cannot be given: where there are
    some, they follow as a comment."""
    typed = {name: value for name, value in answers.items() if name in rulebook.answerable}
    rules = ["--rules", folder] if folder else []
    command = command_line(["choose-channel", *as_flags(rulebook, typed), *rules])
    derived = [f"{name}: {to_text(answers[name])}" for name in answers if name not in typed]
    return f"{command}  # {', '.join(derived)}" if derived else command
