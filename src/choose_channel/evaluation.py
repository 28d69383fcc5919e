"""One cell: which gates and rules hold there, and what follows for each channel. Pure.

`evaluate` is the only implementation of the semantics. Everything else in the product is this
function over a set of cells.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from choose_channel.answers import Given, settle
from choose_channel.model import ACCESS, Access, Condition, Gate, Pitfall, Rule, Rulebook
from choose_channel.space import space_of

Result = tuple[str | None, str | None, tuple[str, ...]]
"""Recommended, aim, and the ids of the critical pitfalls shown: what must stay the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the channels stand in one cell, in the rulebook's order of channels."""

    fit: Mapping[str, int]
    access: Mapping[str, Access]
    recommended: str | None
    aim: str | None
    weak: bool
    close: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that holds in one cell."""

    standing: Standing
    gates: tuple[Gate, ...]
    rules: tuple[Rule, ...]
    variants: Mapping[str, str | None]
    pitfalls: tuple[Pitfall, ...]
    critical: tuple[str, ...]

    @property
    def result(self) -> Result:
        """What stopping early, laws, mutants and diffs compare."""
        return self.standing.recommended, self.standing.aim, self.critical


class Evaluator:
    """A rulebook made ready to be evaluated at many cells, each given as its terms (see Space)."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        bits = space_of(rulebook).bits
        self._rules = [(bits(rule.when), rule) for rule in rulebook.rules.values()]
        self._gates = [(bits(gate.when), gate) for gate in rulebook.gates.values()]
        self._pitfalls = [(bits(pitfall.when), pitfall) for pitfall in rulebook.pitfalls.values()]
        scoring = 0
        for term, _ in (*self._rules, *self._gates):
            scoring |= term
        self._scoring = scoring
        self._standings: dict[int, Standing] = {}
        self._bits = bits

    def holds(self, condition: Condition, terms: int) -> bool:
        """Whether a condition of the rulebook holds where these terms do."""
        return bool(terms & self._bits(condition))

    def standing(self, terms: int) -> Standing:
        """Access, fit, recommended and aim: remembered, since many cells share their terms."""
        key = terms & self._scoring
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = self._stand(key)
        return found

    def _stand(self, terms: int) -> Standing:
        book = self.rulebook
        fit = dict.fromkeys(book.channels, book.base_fit)
        for bits, rule in self._rules:
            if terms & bits:
                for channel, points in rule.points.items():
                    fit[channel] += points
        worst = dict.fromkeys(book.channels, 0)
        for bits, gate in self._gates:
            if terms & bits:
                for channel in gate.channels:
                    worst[channel] = max(worst[channel], ACCESS.index(gate.access))
        access: dict[str, Access] = {channel: ACCESS[worst[channel]] for channel in fit}
        open_now = [channel for channel in fit if access[channel] == "open"]
        possible = [channel for channel in fit if access[channel] != "closed"]
        # max keeps the first of equals: ties go to the order in channels.yaml
        recommended = max(open_now, key=fit.__getitem__, default=None)
        aim = max(possible, key=fit.__getitem__, default=None)
        best = fit[recommended] if recommended else 0
        rivals = [c for c in open_now if c != recommended and best - fit[c] <= book.close_within]
        weak = recommended is not None and best < book.weak_below
        return Standing(fit, access, recommended, aim, weak, bool(rivals))

    def evaluate(self, terms: int, assumed: frozenset[str] = frozenset()) -> Evaluation:
        """Everything that holds where these terms do; `assumed` names questions left open."""
        standing = self.standing(terms)
        gates = tuple(gate for bits, gate in self._gates if terms & bits)
        variants = {
            channel: self._variant(channel, standing.access[channel], terms)
            for channel in self.rulebook.channels
        }
        shown = []
        critical = []
        for bits, pitfall in self._pitfalls:
            if terms & bits and self._concerns(pitfall, standing, gates, variants, assumed):
                shown.append(pitfall)
                if self.severity(pitfall, terms) == "critical":
                    critical.append(pitfall.id)
        rules = tuple(rule for bits, rule in self._rules if terms & bits)
        return Evaluation(standing, gates, rules, variants, tuple(shown), tuple(critical))

    def result(self, terms: int, assumed: frozenset[str] = frozenset()) -> Result:
        """The result of the cell where these terms hold."""
        return self.evaluate(terms, assumed).result

    def severity(self, pitfall: Pitfall, terms: int) -> str:
        """How bad the pitfall is where these terms hold."""
        condition = pitfall.critical_when
        if condition is not None and self.holds(condition, terms):
            return "critical"
        return pitfall.severity

    def _variant(self, channel: str, access: Access, terms: int) -> str | None:
        if access == "closed":
            return None
        for variant in self.rulebook.channels[channel].variants:
            if self.holds(variant.when, terms):
                return variant.id
        return None

    @staticmethod
    def _concerns(
        pitfall: Pitfall,
        standing: Standing,
        gates: tuple[Gate, ...],
        variants: Mapping[str, str | None],
        assumed: frozenset[str],
    ) -> bool:
        for channel in (standing.recommended, standing.aim):
            if channel and (channel in pitfall.channels or variants[channel] in pitfall.channels):
                return True
        if any(gate.id in pitfall.gates for gate in gates):
            return True
        return any(question in assumed for question in pitfall.assumed)


@functools.cache
def evaluator(rulebook: Rulebook) -> Evaluator:
    """The rulebook made ready, once."""
    return Evaluator(rulebook)


def evaluate(rulebook: Rulebook, answers: Given) -> Evaluation:
    """What follows from complete answers; an open question counts at its assumed answer."""
    situation = settle(rulebook, answers)
    return evaluator(rulebook).evaluate(situation.terms, frozenset(situation.assumed))
