"""What a report holds, in the order in which it is read: texts without looks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from choose_channel.model.rulebook import Phase


class Title(NamedTuple):
    """What a consultant puts over a report: a title, for whom, and a note. Untrusted text."""

    title: str = ""
    client: str = ""
    note: str = ""


class RunInfo(NamedTuple):
    """The circumstances of a run: the ISO date, our version, the command that repeats it, what
    stands over the report, and the facts that a rulebook of the seller's own has changed."""

    date: str
    version: str
    command: str
    heading: Title = Title()
    own_facts: frozenset[str] = frozenset()


class Cited(NamedTuple):
    """A text, and the numbers of the sources behind it."""

    text: str
    cites: tuple[int, ...] = ()


class Numbers:
    """Gives each fact its number when it is first cited."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def cited(self, text: str, facts: Iterable[str]) -> Cited:
        """The text with the numbers of its facts."""
        known = self._numbers
        return Cited(text, tuple(known.setdefault(fact, len(known) + 1) for fact in facts))

    @property
    def order(self) -> list[str]:
        """The facts that were cited, in the order of their numbers."""
        return list(self._numbers)


class Row(NamedTuple):
    """A line of the table, with a cell for each way of selling; empty where it does not count."""

    label: Cited
    cells: tuple[str, ...]


class Bar(NamedTuple):
    """What an order leaves, drawn: in US dollars, from the worst to the best case."""

    name: str
    low: Decimal
    middle: Decimal
    high: Decimal
    text: str


class Curve(NamedTuple):
    """Cash in hand since the start, in US dollars, by day; and the same in words."""

    name: str
    path: tuple[tuple[Decimal, Decimal], ...]
    text: str


class Statement(NamedTuple):
    """The money in words and figures. The rows of an order are its middle case and add up to the
    first of the totals; then come its worst and best, and what follows from them."""

    title: str
    summary: Cited
    order: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    bars_title: str
    bars: tuple[Bar, ...]
    bars_note: str
    """What the range beside a bar is; empty where no bar has one."""
    remarks: tuple[Cited, ...]
    cash_title: str
    cash: tuple[Cited, ...]
    curves_title: str
    curves: tuple[Curve, ...]
    months_title: str
    months: tuple[Cited, ...]
    notices: tuple[str, ...]


class Step(NamedTuple):
    """A step of the plan; `details` are its time and money."""

    title: str
    text: Cited
    done_when: str
    details: tuple[str, ...]


class Steps(NamedTuple):
    """Some steps of a phase under a title, numbered from `first`."""

    phase: Phase
    title: str
    first: int
    steps: tuple[Step, ...]


class ChannelRow(NamedTuple):
    """How a channel stands; `points` are its sums by dimension, in the order of the heads."""

    name: str
    short: str
    access: str
    access_word: str
    fit: int
    points: tuple[int, ...]


class Reason(NamedTuple):
    """Why: the points of a rule and its reason."""

    points: int
    text: Cited


class Other(NamedTuple):
    """Why not another channel."""

    name: str
    access: str
    because: str


class Changed(NamedTuple):
    """What would change the answer, and the flags that try it."""

    text: str
    flags: str


class Pitfall(NamedTuple):
    """A pitfall; what happens is left out where the title says enough."""

    severity: str
    severity_word: str
    title: str
    text: str
    why: str
    avoid: Cited


class Pitfalls(NamedTuple):
    """Some pitfalls under a title."""

    title: str
    pitfalls: tuple[Pitfall, ...]


class Report(NamedTuple):
    """The whole report. Empty texts and tuples stand for sections that there are not."""

    heading: Title
    warning: str
    now: str
    aim: str
    sure: str
    close: str
    safe: bool
    """Whether nothing is worth spending money on yet."""
    week: Steps | None
    money: Statement | None
    money_wanted: str
    channels_title: str
    dimensions: tuple[str, ...]
    channels: tuple[ChannelRow, ...]
    points_note: str
    why_title: str
    why: tuple[Reason, ...]
    why_not_title: str
    why_not: tuple[Other, ...]
    changes_title: str
    changes: tuple[Changed, ...]
    robust: str
    pitfalls: tuple[Pitfalls, ...]
    plan: tuple[Steps, ...]
    answered_title: str
    answered: tuple[str, ...]
    assumed_title: str
    assumed: tuple[str, ...]
    set_aside: str
    sources_title: str
    sources: tuple[str, ...]
    article: str
    stamp: str
    short_title: str
    repeat_title: str
    repeat: str
