"""The grid's results for one seller's goods, packed so that a page can look them up. Pure.

The first question, what is sold, and derived answers are held; every other question may take any
of its bands. A cell's number is that of its bands, the first question counting most. For every
cell there are bytes in *planes*, one plane after the other:

- for each channel its fit, low byte and high byte (a 16-bit number, two's complement);
- for each channel its access (0 open, 1 locked, 2 closed);
- the recommended channel and the aim (0 none, else counted from 1);
- 1 where the recommended one is weak, plus 2 where it is close;
- which questions apply, one bit each, the first question in the lowest bit of the first byte.

A question that does not apply makes no difference: all its bands hold the same.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from choose_channel.answers.kinds import Bands, kind_of
from choose_channel.answers.space import Axis, Space
from choose_channel.engine.decision import Decision
from choose_channel.engine.evaluate import Scores
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import ACCESS, UNKNOWN

MOST = 1_000_000
"""A page with more cells than this would be slow to make and to open."""


class LiveQuestion(NamedTuple):
    """A question that can be answered otherwise on the page."""

    name: str
    labels: tuple[str, ...]
    start: int
    """Which band is the seller's own, or the assumed one, counted from 0."""
    applies: bool
    """Whether the question applies to the seller as things stand."""


class Live(NamedTuple):
    """What the page looks up. `cells` is compressed (zlib) and in base64."""

    questions: tuple[LiveQuestion, ...]
    cells: str


def live(decision: Decision) -> Live | None:
    """The results of all answers to the same goods; None where there are too many."""
    engine = decision.seller.engine
    book, space = engine.rulebook, engine.space
    situation = decision.seller.situation
    held = {n for n, axis in enumerate(space.axes) if n == 0 or axis.question.derived}
    options = [
        [situation.cell[number]] if number in held else [*axis.bands]
        for number, axis in enumerate(space.axes)
    ]
    free = [number for number in range(len(space.axes)) if number not in held]
    size = 1
    for number in free:
        size *= len(options[number])
    if size > MOST:
        return None
    messages = Messages(book.wording, decision.lang)
    questions = (_question(decision, space.axes[n], situation.cell[n], messages) for n in free)
    raw = b"".join(_Cells(decision, space, options, free).planes())
    return Live(tuple(questions), base64.b64encode(zlib.compress(raw, 9)).decode())


def _question(decision: Decision, axis: Axis, band: int, messages: Messages) -> LiveQuestion:
    question, applies = axis.question, bool(band)
    if not applies:  # it does not apply now; shown as it was given, or as it would be assumed
        given = decision.set_aside.get(question.id, UNKNOWN)
        value = question.assumed if given == UNKNOWN else given
        band = 1 if value is None else axis.band(value)
    bands = Bands(axis.cuts, axis.values)
    labels = kind_of(question).band_texts(question, bands, messages)
    return LiveQuestion(messages.text(question.short), tuple(labels), band - 1, applies)


class _Cells:
    def __init__(
        self, decision: Decision, space: Space, options: Sequence[Sequence[int]], free: list[int]
    ) -> None:
        self.channels = list(decision.book.channels)
        self.space, self.options, self.free = space, options, free
        self.scores = decision.seller.engine.evaluator.scores
        self.found: dict[tuple[int, int], int] = {}
        self.kinds: list[tuple[Scores, int]] = []

    def planes(self) -> Iterator[bytes]:
        """The planes, each a byte a cell."""
        cells = self._block(0, self.space.everything, 0)
        for plane in self._plane_of_kinds():
            yield bytes([plane[kind] for kind in cells])

    def _block(self, axis: int, terms: int, applied: int) -> list[int]:
        """The kinds of the cells behind some first answers."""
        if axis == len(self.options):
            return [self._kind(terms, applied)]
        masks = self.space.masks[axis]
        if not terms & self.space.applies[axis]:
            return self._block(axis + 1, terms & masks[0], applied) * len(self.options[axis])
        applied |= 1 << self.free.index(axis) if axis in self.free else 0
        return [
            kind
            for band in self.options[axis]
            for kind in self._block(axis + 1, terms & masks[band], applied)
        ]

    def _kind(self, terms: int, applied: int) -> int:
        """The number of what holds there: many cells share it."""
        scores = self.scores(terms)
        key = id(scores), applied  # the evaluator keeps every standing it has made
        if key not in self.found:
            self.found[key] = len(self.kinds)
            self.kinds.append((scores, applied))
        return self.found[key]

    def _plane_of_kinds(self) -> Iterator[list[int]]:
        all_scores = [scores for scores, _ in self.kinds]
        place: dict[str | None, int] = {None: 0}
        place.update((name, number) for number, name in enumerate(self.channels, 1))
        for channel in self.channels:
            for shift in (0, 8):
                yield [one.fit[channel] >> shift & 255 for one in all_scores]
        for channel in self.channels:
            yield [ACCESS.index(one.access[channel]) for one in all_scores]
        yield [place[one.recommended] for one in all_scores]
        yield [place[one.aim] for one in all_scores]
        yield [one.weak + 2 * one.close for one in all_scores]
        for shift in range(0, len(self.free), 8):
            yield [applied >> shift & 255 for _, applied in self.kinds]


def page_data(decision: Decision, live: Live) -> dict[str, Any]:
    """What the page's script needs, as plain data."""
    return {
        "questions": [{"bands": len(one.labels)} for one in live.questions],
        "channels": [decision.channel(name).name for name in decision.book.channels],
        "cells": live.cells,
    }
