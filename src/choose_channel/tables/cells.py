"""From the values in a table to places in the answer space.

Every answer is a small whole number, its *code*: 0 where nothing was answered, the number of its
band (see answers/space.py), and one more than the last band where the answer is "unknown". The
codes of a row, question by question, say all that the advice hangs on but the money; written as the
digits of a number, with as many digits for each question as it has codes, they are the row's *key*.
For example, with two questions of 3 and 4 codes, the codes 2 and 1 are the key 2 + 3 * 1 = 5.

The values that can be told at sight are a matter of a table (`spellings`) or of a few comparisons
(`PlainNumber`), which any engine can do by itself. Everything else goes to the parser that reads
what a person types, each distinct value once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of, parse
from choose_channel.answers.parse import Rate
from choose_channel.answers.space import Axis, Space
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Value

REFUSED = -2
"""The code of a value that is no answer."""
UNREAD = -1
"""The code of a value that an engine cannot tell at sight."""
MOST_REMEMBERED = 200_000
_LARGEST = 1 << 62
_HEADS = 40_000
"""About so many different heads of keys may occur."""


class PlainNumber(NamedTuple):
    """A number written like this is an answer; others may be, but only the parser can tell.

    It matches `pattern`, and is at least `low` (above it, where `above`) and at most `high`. A
    number above 0 and below `gap` is not told at sight: it may be a share for a percentage.
    """

    pattern: str
    low: float
    above: bool
    high: float
    gap: float
    cuts: tuple[float, ...]


class Reader:
    """Reads the values of one question or money input."""

    def __init__(self, question: Question, axis: Axis | None, messages: Messages) -> None:
        self.question, self.axis = question, axis
        self.bands = len(axis.values) if axis else 1
        self._messages = messages
        self._known: dict[tuple[str, Rate | None], Value | RefusedError | None] = {}
        self.listed = kind_of(question).listed

    @property
    def plain(self) -> PlainNumber:
        """What numbers can be told at sight."""
        limits = kind_of(self.question).limits(self.question)
        assert limits, "asked of numbers only"
        digits = "[1-9][0-9]{0,8}" if limits.digits else "[0-9]{1,9}"
        fraction = "" if limits.whole else rf"(\.[0-9]{{1,{2 if limits.cents else 4}}})?"
        return PlainNumber(
            f"^{digits}{fraction}$",
            float(limits.minimum),
            limits.above,
            float(limits.maximum),
            1.0 if limits.share else 0.0,
            tuple(map(float, self.axis.cuts)) if self.axis else (),
        )

    def spellings(self) -> dict[str, int]:
        """By usual spelling of a choice, its code."""
        options = kind_of(self.question).options(self.question, self._messages)
        names = [name for option in options for name in (option.value, option.label)]
        for choice in self.question.choices:
            names += [choice.id, *choice.label.values(), *choice.aliases]
        codes = {name: self.code(name) for name in dict.fromkeys(names)}
        return {name: code for name, code in codes.items() if code >= 0}

    def code(self, raw: str, rate: Rate | None = None) -> int:
        """The code of a value, or REFUSED."""
        value = self._read(raw, rate)
        if isinstance(value, RefusedError):
            return REFUSED
        if value is None:
            return 0
        if value == UNKNOWN:
            return self.bands + 1
        return self.axis.band(value) if self.axis else 1

    def value(self, raw: str, rate: Rate | None = None) -> Value | None:
        """The answer that a value means; None where it is blank or refused."""
        value = self._read(raw, rate)
        return None if isinstance(value, RefusedError) else value

    def refusal(self, raw: str, rate: Rate | None = None) -> str:
        """Why a value is no answer; "" where it is one."""
        value = self._read(raw, rate)
        return str(value) if isinstance(value, RefusedError) else ""

    def _read(self, raw: str, rate: Rate | None) -> Value | RefusedError | None:
        key = raw, rate
        if key not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            try:
                self._known[key] = parse(self.question, raw, self._messages, rate)
            except RefusedError as refusal:
                self._known[key] = refusal
        return self._known[key]


class Layout:
    """How the codes of a row are written as its key.

    A key holds as many numbers of 62 bits as it takes; the shipped rulebook needs one. `split` is
    the axis at which a key is taken apart: the first axes, all core questions among them, are its
    head, and the others its tail.
    """

    def __init__(self, space: Space) -> None:
        self.sizes = [len(axis.values) + 2 for axis in space.axes]
        self.split = 1 + max(
            (number for number, axis in enumerate(space.axes) if axis.question.core), default=0
        )
        while self.split < len(self.sizes) and math.prod(self.sizes[: self.split]) < _HEADS:
            self.split += 1
        self.places: list[tuple[int, int]] = []
        """By axis, which number of the key holds it, and what its codes are multiplied with."""
        is_long = math.prod(self.sizes) >= _LARGEST
        word, stride = 0, 1
        for number, size in enumerate(self.sizes):
            if stride * size >= _LARGEST or (is_long and number == self.split):
                word, stride = word + 1, 1
            self.places.append((word, stride))
            stride *= size
        self.words = word + 1
        self._head = math.prod(self.sizes[: self.split])

    def parts(self, key: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """The head and the tail of a key."""
        if self.split == len(self.sizes):
            return key, ()
        if self.words > 1:
            word = self.places[self.split][0]
            return key[:word], key[word:]
        tail, head = divmod(key[0], self._head)
        return (head,), (tail * self._head,)

    def codes(self, key: Sequence[int]) -> tuple[int, ...]:
        """The codes that a key stands for, by axis."""
        return tuple(
            key[word] // stride % size
            for (word, stride), size in zip(self.places, self.sizes, strict=True)
        )

    def key(self, codes: Iterable[int]) -> tuple[int, ...]:
        """The key of some codes."""
        key = [0] * self.words
        for code, (word, stride) in zip(codes, self.places, strict=True):
            key[word] += code * stride
        return tuple(key)
