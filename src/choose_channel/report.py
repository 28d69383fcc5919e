"""What a report holds, in the order in which it is read: texts without looks."""

from __future__ import annotations

from typing import NamedTuple

from choose_channel.circumstances import Heading
from choose_channel.citing import Cited
from choose_channel.model import Phase
from choose_channel.statement import Statement


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

    heading: Heading
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
