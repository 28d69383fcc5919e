"""The plan: which steps, in which phase, for whom."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import or_
from typing import NamedTuple

from choose_channel.engine.evaluate import Evaluator, Scores
from choose_channel.model.rulebook import Phase, Step

THIS_WEEK = 3
"""So many steps for now are a week's work."""

_REMEMBERED = 100_000
_Steps = list[tuple[int, Step]]
"""Steps with the terms of their conditions."""


class Candidate(NamedTuple):
    """A step that may be one of this week's: it is one where `when` is true of the terms, of which
    it reads only those in `read`. Candidates with the same key have the same `when`."""

    key: object
    step: Step
    read: int
    when: Callable[[int], bool]


class Candidates(NamedTuple):
    """The steps that may be this week's where the channels stand in one way. Those that settle a
    question; then, in the order in which they come, those for now, of which some may stand twice;
    and those that come where none of these does."""

    settling: tuple[Candidate, ...]
    now: tuple[Candidate, ...]
    otherwise: tuple[Candidate, ...]


class CellSteps(NamedTuple):
    """The steps of a cell: those that settle a question, each shown only while that is open, and
    those of each phase."""

    settling: tuple[Step, ...]
    now: tuple[Step, ...]
    unlock: tuple[Step, ...]
    later: tuple[Step, ...]


class Planner:
    """The steps of a rulebook made ready to be chosen at many cells.

    With a channel worth playing: now the steps that play it, then what unlocks the aim, then what
    comes later. With none: now the early steps, first those on the gates of the aim and, where
    nothing is open, of the other locked channels that fit, then those that prepare to play; then
    all other steps on these gates, and last those that play.

    A step that settles a question is never among the steps for now, which are the same for
    everybody in a cell; `plan` puts it before them while that question is open.
    """

    def __init__(self, ready: Evaluator) -> None:
        self.ready = ready
        rulebook, bits = ready.rulebook, ready.space.bits
        steps = [(bits(step.when), step) for step in rulebook.steps.values()]
        self._steps = [(when, step) for when, step in steps if not step.settles]
        self._settling_steps = [(when, step) for when, step in steps if step.settles]
        self._locks = {
            channel: [
                (bits(gate.when), gate.id)
                for gate in rulebook.gates.values()
                if gate.access == "locked" and channel in gate.channels
            ]
            for channel in rulebook.channels
        }
        self._on_gate: dict[str, _Steps] = {
            gate: [(when, step) for when, step in self._steps if gate in step.unlocks]
            for gate in rulebook.gates
        }
        self._early_on_gate: dict[str, _Steps] = {
            gate: [(when, step) for when, step in steps if step.early]
            for gate, steps in self._on_gate.items()
        }
        self._lists: dict[tuple[Phase, str | None, str | None], tuple[_Steps, int]] = {}
        self._weeks: dict[object, tuple[str, ...]] = {}

    def plan(self, terms: int, unanswered: Collection[str] = ()) -> list[tuple[Phase, Step]]:
        """The steps where these terms hold, phase by phase; `unanswered` are the questions that
        are open."""
        steps = self.at(terms, self.ready.scores(terms))
        phases: list[tuple[Phase, Iterable[Step]]] = [
            ("now", [step for step in steps.settling if step.settles in unanswered]),
            ("now", steps.now),
            ("unlock", steps.unlock),
            ("later", steps.later),
        ]
        return [(phase, step) for phase, some in phases for step in some]

    def at(self, terms: int, scores: Scores) -> CellSteps:
        """The steps where these terms hold and the channels stand so, whatever is open. Of two that
        a person cannot tell apart, since they have one title, only the first is among them."""
        now = list(self._now(terms, scores))
        unlock = list(self._unlocking(terms, scores))
        waiting = [step for step in unlock if not _can_start(step, scores)]
        played = _lead(scores) or scores.aim
        later = [
            *self._playing("now", terms, scores, played),
            *waiting,
            *self._playing("later", terms, scores, played),
        ]
        unlock = [step for step in unlock if step not in waiting]
        shown: set[tuple[str, ...]] = set()
        return CellSteps(
            tuple(self._settling(terms, scores)),
            *(tuple(_each_title_once(steps, shown)) for steps in (now, unlock, later)),
        )

    def read_at(self, scores: Scores, *, this_week: bool) -> int:
        """The terms that decide the steps where the channels stand so, or this week's alone."""
        ready = self.ready
        played = [channel for channel in (scores.recommended, scores.aim) if channel]
        plays = frozenset().union(*map(ready.plays, played))
        locks = [
            lock
            for channel in (scores.fit if scores.recommended is None else played)
            for lock in self._locks[channel]
        ]
        gates = {gate for _, gate in locks}
        read = ready.variants_read(played)
        steps = self._steps if this_week else [*self._steps, *self._settling_steps]
        for when, step in steps:
            if this_week and not (step.early or step.phase == "now"):
                continue
            if not (step.channels and plays.isdisjoint(step.channels)) or not gates.isdisjoint(
                step.unlocks
            ):
                read |= when
        return functools.reduce(or_, (holds for holds, _ in locks), read)

    def candidates(self, scores: Scores) -> Candidates:
        """What `plan` may put first where the channels stand so. So the plan of a cell can be read
        off one step after another, each by the few terms that decide it."""
        ready, lead = self.ready, _lead(scores)
        played = [channel for channel in (scores.recommended, scores.aim) if channel]
        locks = [lock for channel in self._in_question(scores) for lock in self._locks[channel]]
        in_way = functools.reduce(or_, (holds for holds, _ in locks), 0)
        any_way = in_way | ready.variants_read(played)

        def settles(step: Step) -> Callable[[int], bool]:
            return lambda terms: step in self._settling(terms, scores)

        def on_gate(when: int, holds: int) -> Callable[[int], bool]:
            return lambda terms: bool(terms & when and terms & holds)

        def plays(step: Step, channel: str | None) -> Callable[[int], bool]:
            return lambda terms: step in self._playing("now", terms, scores, channel)

        def playing(channel: str | None, *, early: bool = False) -> Iterator[Candidate]:
            read = ready.variants_read([channel] if channel else [])
            for when, step in self._of_phase("now", ready.plays(channel) if channel else ()):
                if _can_start(step, scores) and (step.early or not early):
                    key = step.id, channel
                    yield Candidate(key, step, read | when, plays(step, channel))

        settling = tuple(
            Candidate((step.id, *played, in_way), step, when | any_way, settles(step))
            for when, step in self._settling_steps
        )
        if lead or scores.aim is None:
            return Candidates(settling, tuple(playing(lead)), ())
        now = [
            Candidate((when, holds), step, when | holds, on_gate(when, holds))
            for holds, gate in locks
            for when, step in self._early_on_gate[gate]
            if _can_start(step, scores)
        ]
        for channel in (scores.aim, scores.recommended):
            now += playing(channel, early=True) if channel else ()
        otherwise = playing(scores.recommended) if scores.recommended else ()
        return Candidates(settling, tuple(now), tuple(otherwise))

    def _of_phase(self, phase: Phase, plays: Collection[str]) -> _Steps:
        """The steps of a phase for any of some ways to play; with none, those of no channel."""
        return [
            (when, step)
            for when, step in self._steps
            if step.phase == phase
            and (not {*step.channels}.isdisjoint(plays) if plays else not step.channels)
        ]

    def _in_question(self, scores: Scores) -> list[str]:
        """The channels whose gates may be in the way, in the order of `_in_the_way`."""
        channels = [] if scores.aim in (None, scores.recommended) else [str(scores.aim)]
        channels += (
            channel for channel in self.ready.worth_opening(scores) if channel != scores.aim
        )
        return [channel for channel in channels if scores.access[channel] == "locked"]

    def first(self, terms: int, scores: Scores, unanswered: Collection[str] = ()) -> str | None:
        """The id of the first step of the plan: quicker than the plan, where many are wanted."""
        if unanswered:
            for step in self._settling(terms, scores):
                if step.settles in unanswered:
                    return step.id
        week = self.this_week(terms, scores)
        if week:
            return week[0]
        return next((step.id for _, step in self.plan(terms)), None)

    @functools.cached_property
    def read(self) -> int:
        """The terms that decide this week's steps, besides the scores and the variants."""
        locks = (holds for gates in self._locks.values() for holds, _ in gates)
        steps = (when for when, step in self._steps if step.phase != "later")
        return functools.reduce(or_, (*locks, *steps), 0)

    def this_week(self, terms: int, scores: Scores) -> tuple[str, ...]:
        """The ids of the first steps for now: remembered, since few terms decide them."""
        lead = _lead(scores)
        if lead:
            variant, (_, read) = self._played("now", terms, scores, lead)
            key: object = (lead, variant, *scores.access.values(), terms & read)
        else:
            played = scores.recommended, scores.aim
            variants = [self.ready.variant(channel, terms, scores) for channel in played if channel]
            key = (
                *played,
                *variants,
                *scores.access.values(),
                self.ready.worth_opening(scores),
                terms & self.read,
            )
        week = self._weeks.get(key)
        if week is None:
            first = itertools.islice(self._now(terms, scores), THIS_WEEK)
            week = tuple(step.id for step in first)
            if len(self._weeks) < _REMEMBERED:
                self._weeks[key] = week
        return week

    def _now(self, terms: int, scores: Scores) -> Iterator[Step]:
        """The steps for now, each once, but for those that settle a question."""
        lead = _lead(scores)
        if lead or scores.aim is None:
            steps = self._playing("now", terms, scores, lead)
            yield from (step for step in steps if _can_start(step, scores))
            return
        shown: set[str] = set()
        for step in self._early(terms, scores):
            if step.id not in shown and _can_start(step, scores):
                shown.add(step.id)
                yield step
        if not shown and scores.recommended:  # weak, but open
            steps = self._playing("now", terms, scores, scores.recommended)
            yield from (step for step in steps if _can_start(step, scores))

    def _early(self, terms: int, scores: Scores) -> Iterator[Step]:
        """The early steps on the gates in the way, then those that prepare to play. Some come
        twice."""
        for gate in self._in_the_way(terms, scores):
            yield from (step for when, step in self._early_on_gate[gate] if terms & when)
        for channel in (scores.aim, scores.recommended):
            if channel:
                steps = self._playing("now", terms, scores, channel)
                yield from (step for step in steps if step.early)

    def _settling(self, terms: int, scores: Scores) -> Iterator[Step]:
        """The steps that would settle a question about a channel that is played or aimed at, or
        about a gate in the way."""
        channels = [channel for channel in (scores.recommended, scores.aim) if channel]
        concerned = {*channels, *self._in_the_way(terms, scores)}
        concerned |= {self.ready.variant(channel, terms, scores) or channel for channel in channels}
        for when, step in self._settling_steps:
            if terms & when and not concerned.isdisjoint((*step.channels, *step.unlocks)):
                yield step

    def _unlocking(self, terms: int, scores: Scores) -> Iterator[Step]:
        """Steps that work on the gates in the way, each once."""
        steps = (
            step
            for gate in self._in_the_way(terms, scores)
            for when, step in self._on_gate[gate]
            if terms & when
        )
        yield from {step.id: step for step in steps}.values()

    def _in_the_way(self, terms: int, scores: Scores) -> Iterator[str]:
        """The gates that lock the aim; where nothing is open, then those of the other locked
        channels that fit, the best first. Some come twice."""
        for channel in self._in_question(scores):
            yield from (gate for holds, gate in self._locks[channel] if terms & holds)

    def _playing(
        self, phase: Phase, terms: int, scores: Scores, channel: str | None
    ) -> Iterator[Step]:
        """Steps of a phase for a channel as it is played; with no channel, those of none."""
        _, (steps, _) = self._played(phase, terms, scores, channel)
        return (step for when, step in steps if terms & when)

    def _played(
        self, phase: Phase, terms: int, scores: Scores, channel: str | None
    ) -> tuple[str | None, tuple[_Steps, int]]:
        """How a channel is played; the steps of a phase for that, and all their terms."""
        variant = self.ready.variant(channel, terms, scores) if channel else None
        steps_of = self._lists.get((phase, channel, variant))
        if steps_of is None:
            steps = self._of_phase(phase, [way for way in (channel, variant) if way])
            steps_of = steps, functools.reduce(or_, (when for when, _ in steps), 0)
            self._lists[phase, channel, variant] = steps_of
        return variant, steps_of


def _each_title_once(steps: Iterable[Step], shown: set[tuple[str, ...]]) -> Iterator[Step]:
    """The steps whose title is not among those shown, each once; it is shown then."""
    for step in steps:
        title = tuple(step.title.values())
        if title not in shown:
            shown.add(title)
            yield step


def _can_start(step: Step, scores: Scores) -> bool:
    """Whether the channel that a step needs, if it needs one, is open."""
    return step.needs is None or scores.access[step.needs] == "open"


def _lead(scores: Scores) -> str | None:
    """The channel worth playing now, if there is one."""
    return None if scores.weak else scores.recommended
