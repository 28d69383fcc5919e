"""The plan: which steps, in which phase, for whom. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from choose_channel.engine.evaluate import Evaluator, Scores
from choose_channel.model.rulebook import Phase, Step

Ready = list[tuple[int, Step]]
"""Steps with the terms of their conditions."""


class Planner:
    """The steps of a rulebook made ready to be chosen at many cells.

    With a channel worth playing: what to do now, what unlocks a better one, what comes later.
    With none: now what costs nothing, be it on the way to the aim, on the `quickest` way to open
    anything, or ahead of time; then what unlocks, then the rest.
    """

    def __init__(self, ready: Evaluator) -> None:
        self.ready = ready
        self._steps: dict[Phase, Ready] = {"now": [], "unlock": [], "later": []}
        for step in ready.rulebook.steps.values():
            self._steps[step.phase].append((ready.space.bits(step.when), step))

    def plan(self, terms: int, quickest: str | None = None) -> list[tuple[Phase, Step]]:
        """The steps where these terms hold, phase by phase, in the rulebook's order."""
        scores = self.ready.scores(terms)
        now = list(self.now(terms, quickest))
        done = {step.id for step in now}
        unlock = [s for s in self._unlocking(terms, scores, quickest) if s.id not in done]
        played = _lead(scores) or scores.aim
        later = [s for s in self._playing("now", terms, played) if s.id not in done]
        later += self._playing("later", terms, played)
        phases: list[tuple[Phase, list[Step]]] = [
            ("now", now),
            ("unlock", unlock),
            ("later", later),
        ]
        return [(phase, step) for phase, steps in phases for step in steps]

    def now(self, terms: int, quickest: str | None = None) -> Iterator[Step]:
        """The steps for now, each once."""
        scores = self.ready.scores(terms)
        lead = _lead(scores)
        if lead or scores.aim is None:
            yield from self._playing("now", terms, lead)
            return
        played = (
            step
            for channel in (scores.aim, scores.recommended)
            if channel
            for step in self._playing("now", terms, channel)
        )
        told: set[str] = set()
        for step in itertools.chain(self._unlocking(terms, scores, quickest), played):
            if step.early and step.id not in told:
                told.add(step.id)
                yield step

    def _unlocking(self, terms: int, scores: Scores, quickest: str | None) -> Iterator[Step]:
        """Steps that work on the gates in the way: of the aim; where nothing is open, then of the
        quickest channel."""
        order = [scores.aim] if scores.aim != scores.recommended else []
        if scores.recommended is None and quickest:
            order.append(quickest)
        gates = [
            gate.id
            for channel in order
            if channel and scores.access[channel] == "locked"
            for gate in self.ready.gates(terms)
            if channel in gate.channels
        ]
        told: set[str] = set()
        for gate in gates:
            for bits, step in self._steps["unlock"]:
                if gate in step.unlocks and terms & bits and step.id not in told:
                    told.add(step.id)
                    yield step

    def _playing(self, phase: Phase, terms: int, channel: str | None) -> Iterator[Step]:
        """Steps of a phase for a channel as it is played; with no channel, those of none."""
        variant = self.ready.variant(channel, terms) if channel else None
        for bits, step in self._steps[phase]:
            if terms & bits:
                plays = channel in step.channels or (variant and variant in step.channels)
                if plays or (channel is None and not step.channels):
                    yield step


def _lead(scores: Scores) -> str | None:
    """The channel worth playing now, if there is one."""
    return None if scores.weak else scores.recommended
