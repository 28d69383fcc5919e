"""Why a question is asked: what depends on its answer, given the other answers."""

from __future__ import annotations

import itertools
from typing import assert_never

from choose_channel.answers.format import answer_text
from choose_channel.answers.kinds import kind_of
from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import Effect, effects_of
from choose_channel.messages.i18n import Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import Gate, Pitfall, Question, Rule, Rulebook

_ROWS, _COLUMNS = 6, 77
"""So many rows of reasons leave room for the choices in a window of 80 by 24."""
_MOST_ANSWERS = 2
"""So many answers are named before what they bring about."""


def reasons(engine: Engine, question: Question, given: Given, messages: Messages) -> list[str]:
    """One paragraph a reason, the most important first, as many as fit; at least one."""
    rulebook = engine.rulebook
    if question.id in rulebook.economy.inputs:
        return [messages("ask_why_money")]
    effects = effects_of(engine, given, question)
    items = [f"· {_reason(rulebook, question, effect, messages)}" for effect in effects]
    if not items:
        return [messages("ask_why_later")]
    rows = itertools.accumulate(len(wrap(item, _COLUMNS)) for item in items)
    fitting = max(1, sum(height <= _ROWS for height in rows))
    lines = [messages("ask_why"), *items[:fitting]]
    if fitting < len(items):
        lines.append(messages("ask_why_more", count=len(items) - fitting))
    return lines


def _reason(rulebook: Rulebook, question: Question, effect: Effect, messages: Messages) -> str:
    """The entry in words, after the answers that bring it about, where these are few."""
    text = _entry_text(rulebook, effect.entry, messages)
    if not kind_of(question).listed or len(effect.answers) > _MOST_ANSWERS:
        return text
    answers = [answer_text(question, value, messages) for value in effect.answers]
    return messages("ask_why_answer", answers=messages.listing(answers), text=text)


def _entry_text(rulebook: Rulebook, entry: Gate | Pitfall | Rule, messages: Messages) -> str:
    def short(channel: str) -> str:
        return messages.text(rulebook.channels[channel].short)

    match entry:
        case Gate():
            channels = messages.listing(map(short, entry.channels))
            because = messages.text(entry.because)
            return messages("ask_why_gate", channels=channels, because=because)
        case Pitfall():
            return messages("ask_why_pitfall", title=messages.text(entry.title))
        case Rule():
            points = messages.listing(
                f"{short(channel)} {number:+d}" for channel, number in entry.points.items()
            )
            return messages("ask_why_rule", points=points, because=messages.text(entry.because))
        case _:
            assert_never(entry)
