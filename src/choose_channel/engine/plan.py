"""The plan: which steps, in which phase, for whom."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator

from choose_channel.engine.evaluate import Evaluator, Scores
from choose_channel.model.rulebook import Phase, Step

THIS_WEEK = 3
"""So many steps for now are a week's work."""

_Ready = list[tuple[int, Step]]
"""Steps with the terms of their conditions."""


class Planner:
    """The steps of a rulebook made ready to be chosen at many cells.

    With a channel worth playing: now the steps that play it, then what unlocks the aim, then what
    comes later. With none: now the early steps, first those on the gates of the aim and, where
    nothing is open, of the other locked channels, then those that prepare to play; then all other
    steps on these gates, and last those that play.

    A step that settles a question is never among the steps for now, which are the same for
    everybody in a cell; `plan` puts it before them while that question is open.
    """

    def __init__(self, ready: Evaluator) -> None:
        self.ready = ready
        book, bits = ready.rulebook, ready.space.bits
        self._steps = [(bits(step.when), step) for step in book.steps.values()]
        self._gates = {
            channel: [
                (bits(gate.when), gate.id)
                for gate in book.gates.values()
                if gate.access == "locked" and channel in gate.channels
            ]
            for channel in book.channels
        }
        self._on_gate: dict[str, _Ready] = {
            gate: [(when, step) for when, step in self._steps if gate in step.unlocks]
            for gate in book.gates
        }
        self._played: dict[tuple[Phase, str | None, str | None], _Ready] = {}

    def plan(self, terms: int, unanswered: Collection[str] = ()) -> list[tuple[Phase, Step]]:
        """The steps where these terms hold, phase by phase; `unanswered` are the questions that
        are open."""
        scores = self.ready.scores(terms)
        settling = [step for step in self._settling(terms, scores) if step.settles in unanswered]
        now = list(self.now(terms, scores))
        done = {step.id for step in now}
        unlock = [step for step in self._unlocking(terms, scores) if step.id not in done]
        waiting = [step for step in unlock if not _can_start(step, scores)]
        played = _lead(scores) or scores.aim
        later = [s for s in self._playing("now", terms, played) if s.id not in done]
        later += self._playing("later", terms, played)
        phases: list[tuple[Phase, Iterable[Step]]] = [
            ("now", settling),
            ("now", now),
            ("unlock", (step for step in unlock if step not in waiting)),
            ("later", (*waiting, *later)),
        ]
        return [(phase, step) for phase, steps in phases for step in steps]

    def this_week(self, terms: int, scores: Scores) -> tuple[str, ...]:
        """The ids of the first steps for now."""
        return tuple(step.id for step in itertools.islice(self.now(terms, scores), THIS_WEEK))

    def now(self, terms: int, scores: Scores) -> Iterator[Step]:
        """The steps for now, each once, but for those that settle a question."""
        lead = _lead(scores)
        if lead or scores.aim is None:
            steps = self._playing("now", terms, lead)
            yield from (step for step in steps if _can_start(step, scores))
            return
        shown: set[str] = set()
        for step in itertools.chain(
            self._unlocking(terms, scores),
            self._playing("now", terms, scores.aim),
            self._playing("now", terms, scores.recommended) if scores.recommended else (),
        ):
            if step.early and step.id not in shown and _can_start(step, scores):
                shown.add(step.id)
                yield step
        if not shown and scores.recommended:  # weak, but open
            yield from self._playing("now", terms, scores.recommended)

    def _settling(self, terms: int, scores: Scores) -> Iterator[Step]:
        """The steps that would settle a question on the way, each once."""
        ways = dict.fromkeys((_lead(scores), scores.aim, scores.recommended))
        playing = (self._all_playing("now", terms, channel) for channel in ways if channel)
        steps = itertools.chain(self._all_unlocking(terms, scores), *playing)
        yield from {step.id: step for step in steps if step.settles}.values()

    def _unlocking(self, terms: int, scores: Scores) -> Iterator[Step]:
        return (step for step in self._all_unlocking(terms, scores) if not step.settles)

    def _playing(self, phase: Phase, terms: int, channel: str | None) -> Iterator[Step]:
        return (step for step in self._all_playing(phase, terms, channel) if not step.settles)

    def _all_unlocking(self, terms: int, scores: Scores) -> Iterator[Step]:
        """Steps that work on the gates in the way, each once: of the aim, and where nothing is open
        then of the other locked channels, the best fit first."""
        fit = scores.fit
        channels = [] if scores.aim in (None, scores.recommended) else [str(scores.aim)]
        if scores.recommended is None:
            others = (channel for channel in fit if channel != scores.aim)
            channels += sorted(others, key=lambda channel: -fit[channel])
        shown: set[str] = set()
        for channel in channels:
            if scores.access[channel] == "locked":
                for gate_holds, gate in self._gates[channel]:
                    if terms & gate_holds:
                        for when, step in self._on_gate[gate]:
                            if terms & when and step.id not in shown:
                                shown.add(step.id)
                                yield step

    def _all_playing(self, phase: Phase, terms: int, channel: str | None) -> Iterator[Step]:
        """Steps of a phase for a channel as it is played; with no channel, those of none."""
        variant = self.ready.variant(channel, terms) if channel else None
        key = phase, channel, variant
        if key not in self._played:
            plays = {channel, variant}
            self._played[key] = [
                (when, step)
                for when, step in self._steps
                if step.phase == phase
                and (not plays.isdisjoint(step.channels) if channel else not step.channels)
            ]
        return (step for when, step in self._played[key] if terms & when)


def _can_start(step: Step, scores: Scores) -> bool:
    """Whether the channel that a step needs, if it needs one, is open."""
    return step.needs is None or scores.access[step.needs] == "open"


def _lead(scores: Scores) -> str | None:
    """The channel worth playing now, if there is one."""
    return None if scores.weak else scores.recommended
