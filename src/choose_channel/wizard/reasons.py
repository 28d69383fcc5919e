"""Why a question is asked: what depends on its answer, given the other answers."""

from __future__ import annotations

import itertools
from typing import assert_never

from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import effects_of
from choose_channel.messages.i18n import Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import Gate, Pitfall, Question, Rule, Rulebook

_ROWS, _COLUMNS = 6, 77
"""So many rows of reasons leave room for the choices in a window of 80 by 24."""


def reasons(engine: Engine, question: Question, given: Given, messages: Messages) -> list[str]:
    """One paragraph a reason, the most important first, as many as fit; at least one."""
    book = engine.rulebook
    if question.id in book.economy.inputs:
        return [messages("ask_why_money")]
    effects = effects_of(engine, given, question)
    items = [f"· {_reason(book, effect, messages)}" for effect in effects]
    if not items:
        return [messages("ask_why_later")]
    rows = itertools.accumulate(len(wrap(item, _COLUMNS)) for item in items)
    fitting = max(1, sum(height <= _ROWS for height in rows))
    lines = [messages("ask_why"), *items[:fitting]]
    if fitting < len(items):
        lines.append(messages("ask_why_more", count=len(items) - fitting))
    return lines


def _reason(book: Rulebook, effect: Gate | Pitfall | Rule, messages: Messages) -> str:
    def short(channel: str) -> str:
        return messages.text(book.channels[channel].short)

    match effect:
        case Gate():
            channels = messages.listing(map(short, effect.channels))
            because = messages.text(effect.because)
            return messages("ask_why_gate", channels=channels, because=because)
        case Pitfall():
            return messages("ask_why_pitfall", title=messages.text(effect.title))
        case Rule():
            points = messages.listing(
                f"{short(channel)} {number:+d}" for channel, number in effect.points.items()
            )
            return messages("ask_why_rule", points=points, because=messages.text(effect.because))
        case _:
            assert_never(effect)
