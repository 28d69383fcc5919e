"""The result of a cell: what the first screen says.

Asking, stopping early, laws, mutants and differences between rulebooks speak of the result; the
words below a verdict speak of its headline; certainty, and what could overturn the recommendation,
speak of the recommended channel alone.
"""

from __future__ import annotations

from typing import NamedTuple

from choose_channel.engine.evaluate import Evaluator, Scores, Verdict
from choose_channel.engine.plan import Planner
from choose_channel.model.rulebook import Access


class Headline(NamedTuple):
    """What the title of the verdict says: which channel it is about, how it is played, and whether
    that can be done now."""

    channel: str | None
    variant: str | None
    now: bool


class Result(NamedTuple):
    """What stays the same for a seller whose answer does not matter.

    `variant` is how the recommended channel is played, `access` stands in the rulebook's order of
    channels, `critical` are the critical pitfalls shown, `steps` this week's.
    """

    recommended: str | None
    variant: str | None
    aim: str | None
    weak: bool
    close: bool
    access: tuple[Access, ...]
    critical: tuple[str, ...]
    steps: tuple[str, ...]


class Results:
    """The results of a rulebook's cells, each given as its terms (see Space)."""

    def __init__(self, ready: Evaluator, planner: Planner) -> None:
        self._ready, self._planner = ready, planner

    def at(self, terms: int, less: int = 0) -> Result:
        """The result where these terms hold. `less` is the contribution of a rule to be left out
        (see `Evaluator.contribution`)."""
        return self.of(self._ready.sum(terms) - less, terms)

    @property
    def read(self) -> int:
        """The terms that decide a result, besides the sum of its rules and gates."""
        return self._ready.read | self._planner.read

    def of(self, total: int, terms: int) -> Result:
        """The result where the rules and gates come to this sum (see `Evaluator.sum`) and these of
        the terms in `read` hold."""
        return self.where(self._ready.scores_of(total), terms)

    def where(self, scores: Scores, terms: int) -> Result:
        """The result where the channels stand so and these of the terms in `read` hold."""
        ready = self._ready
        best = scores.recommended
        return Result(
            best,
            ready.variant(best, terms, scores) if best else None,
            scores.aim,
            scores.weak,
            scores.close,
            tuple(scores.access.values()),
            ready.critical(scores, terms),
            self._planner.this_week(terms, scores),
        )

    def headline(self, verdict: Verdict | Scores, terms: int) -> Headline:
        """The headline alone where this is the verdict; the terms of variants are enough."""
        channel = about(verdict.recommended, verdict.aim, weak=verdict.weak)
        variant = self._ready.way_to_play(channel, terms) if channel else None
        return Headline(channel, variant, channel == verdict.recommended)


def about(recommended: str | None, aim: str | None, *, weak: bool) -> str | None:
    """The channel that a verdict is about: the recommended one, or the aim where nothing is open
    that fits."""
    return aim if recommended is None or weak else recommended
