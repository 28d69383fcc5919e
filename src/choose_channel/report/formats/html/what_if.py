"""The results of all other answers to one seller's goods, packed so that a page can look them up.

What is sold (the first question) and derived answers are held, and where the money was worked out
so is whatever it depends on: every other question may take any of its bands. A cell's number is
that of its bands, the first question counting most. For every cell there are bytes in *planes*, one
plane after the other:

- for each channel its fit, low byte and high byte (a 16-bit number, two's complement);
- for each channel its access (0 open, 1 locked, 2 closed);
- the recommended channel and the aim (0 none, else counted from 1);
- 1 where the recommended one is weak, plus 2 where it is close;
- which questions apply, one bit each, the first question in the lowest bit of the first byte.

For example, with two questions of 2 and 3 bands there are 6 cells, and the answers (second band,
first band) are cell 3. With three channels, the access of the second one is byte 7 * 6 + 3.

A question that does not apply makes no difference: all its bands hold the same.
"""

from __future__ import annotations

import base64
import functools
import math
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from choose_channel.answers.kinds import Bands, kind_of
from choose_channel.answers.situation import Situation
from choose_channel.answers.space import Axis
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Scores
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import ACCESS, UNKNOWN, Access

MOST = 2_000_000
"""A page with more cells than this would be slow to make and to open."""


class WhatIfQuestion(NamedTuple):
    """A question that can be answered differently on the page.

    Its options are the choices, or the bands of a number: by option its label and its band, counted
    from 0. `start` is the option that is the seller's own answer, or the assumed one; `applies` is
    whether the question applies to the seller as things stand.
    """

    name: str
    labels: tuple[str, ...]
    bands: tuple[int, ...]
    start: int
    applies: bool


class WhatIf(NamedTuple):
    """What the page looks up: the names of the channels in the order of their numbers, and the
    planes, compressed (zlib) and in base64."""

    questions: tuple[WhatIfQuestion, ...]
    channels: tuple[str, ...]
    cells: str


def pack(decision: Decision) -> WhatIf | None:
    """The results of other answers to the same goods; None where there are too many."""
    engine, situation = decision.seller.engine, decision.seller.situation
    axes = engine.space.axes
    held = engine.moves_money if decision.money else frozenset()
    free = [
        number
        for number, axis in enumerate(axes)
        if number > 0 and not axis.question.derived and axis.question.id not in held
    ]
    options = [
        [*axis.bands] if number in free else [situation.cell[number]]
        for number, axis in enumerate(axes)
    ]
    if math.prod(map(len, options)) > MOST:
        return None
    raw = b"".join(_planes(engine, options, free))
    return WhatIf(
        questions=tuple(_question(axes[n], situation, decision.messages) for n in free),
        channels=tuple(decision.channel(name).name for name in engine.rulebook.channels),
        cells=base64.b64encode(zlib.compress(raw, 9)).decode(),
    )


def page_data(what_if: WhatIf) -> dict[str, Any]:
    """What the page's script needs, as plain data."""
    return {
        "questions": [{"bands": len({*question.bands})} for question in what_if.questions],
        "channels": what_if.channels,
        "cells": what_if.cells,
    }


def _question(axis: Axis, situation: Situation, messages: Messages) -> WhatIfQuestion:
    question, answers = axis.question, axis.answers
    # Where it does not apply, it is shown as it was given, or as it would be assumed.
    given = {**situation.set_aside, **situation.values}.get(question.id, UNKNOWN)
    value = question.assumed if given == UNKNOWN else given
    bands = [axis.band(answer) - 1 for answer in answers]
    if value in answers:
        start = answers.index(value)
    else:
        start = 0 if value is None else axis.band(value) - 1
    labels = kind_of(question).band_texts(question, Bands(axis.cuts, answers), messages)
    applies = question.id in situation.values
    name = messages.text(question.short)
    return WhatIfQuestion(name, tuple(labels), tuple(bands), start, applies)


def _planes(engine: Engine, options: Sequence[Sequence[int]], free: list[int]) -> Iterator[bytes]:
    """The planes, each a byte a cell."""
    different, cells = _cells(engine, options, free)
    channels, size = list(engine.rulebook.channels), (len(free) + 7) // 8
    written = [_written(cell, channels, size) for cell in different]
    for column in zip(*written, strict=True):
        yield bytes(map(column.__getitem__, cells))


_Cell = tuple[tuple[int, ...], tuple[Access, ...], str | None, str | None, bool, bool, int]
"""What holds in a cell: fit and access by channel, recommended, aim, weak, close, and which of the
free questions apply, as bits."""


def _cells(
    engine: Engine, options: Sequence[Sequence[int]], free: list[int]
) -> tuple[list[_Cell], list[int]]:
    """The different cells, of which there are few, and by cell which of them it is."""
    space, evaluator = engine.space, engine.evaluator
    numbers: dict[_Cell, int] = {}

    @functools.cache
    def behind(axis: int, terms: int, applied: int) -> list[int]:
        """The cells behind some first answers: many first answers leave the same terms."""
        if axis == len(options):
            cell = _cell(evaluator.scores(terms), applied)
            return [numbers.setdefault(cell, len(numbers))]
        masks = space.masks[axis]
        if not terms & space.applies[axis]:
            return behind(axis + 1, terms & masks[0], applied) * len(options[axis])
        applied |= 1 << free.index(axis) if axis in free else 0
        return [
            number
            for band in options[axis]
            for number in behind(axis + 1, terms & masks[band], applied)
        ]

    cells = behind(0, space.everything, 0)
    return list(numbers), cells


def _cell(scores: Scores, applied: int) -> _Cell:
    fit, access, recommended, aim, weak, close = scores
    return tuple(fit.values()), tuple(access.values()), recommended, aim, weak, close, applied


def _written(cell: _Cell, channels: list[str], size: int) -> bytes:
    """The bytes of a cell; `size` of them say which questions apply."""
    fit, access, recommended, aim, weak, close, applied = cell
    numbers: dict[str | None, int] = {name: number for number, name in enumerate(channels, 1)}
    numbers[None] = 0
    return b"".join(
        (
            *(points.to_bytes(2, "little", signed=True) for points in fit),
            bytes(map(ACCESS.index, access)),
            bytes([numbers[recommended], numbers[aim], weak + 2 * close]),
            applied.to_bytes(size, "little"),
        )
    )
