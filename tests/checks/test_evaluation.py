"""The evaluator against a naive reading of the rulebook, condition by condition."""

from __future__ import annotations

import pytest

from choose_channel.checks.grid import Grid
from choose_channel.engine.evaluate import Evaluator
from choose_channel.model.rulebook import Rulebook
from tests.checks.oracle import holds
from tests.checks.rulebooks import Answers, Spoil, every, spoil
from tests.checks.test_proofs import SPOILS


def by_hand(rulebook: Rulebook, answers: Answers) -> tuple[object, ...]:
    """Fit, access, recommended, aim, weak, close and critical pitfalls, condition by condition."""
    fired = [rule for rule in rulebook.rules.values() if holds(rule.when, answers)]
    shut = [gate for gate in rulebook.gates.values() if holds(gate.when, answers)]
    fit = {
        c: rulebook.base_fit + sum(rule.points.get(c, 0) for rule in fired)
        for c in rulebook.channels
    }
    states = {c: {gate.access for gate in shut if c in gate.channels} for c in rulebook.channels}
    access = {
        c: "closed" if "closed" in levels else "locked" if levels else "open"
        for c, levels in states.items()
    }
    order = sorted(
        rulebook.channels, key=lambda c: -fit[c]
    )  # stable: ties keep the rulebook's order
    best = next((c for c in order if access[c] == "open"), None)
    aim = next((c for c in order if access[c] != "closed"), None)
    near = [c for c in order if best and access[c] == "open"]
    near = [c for c in near if fit[str(best)] - fit[c] <= rulebook.close_within]
    plays = {c for c in (best, aim) if c}
    for channel in list(plays):
        variants = rulebook.channels[channel].variants
        plays |= {variant.id for variant in [v for v in variants if holds(v.when, answers)][:1]}
    critical = []
    for pitfall in rulebook.pitfalls.values():
        when = pitfall.critical_when
        bad = pitfall.severity == "critical" or (when is not None and holds(when, answers))
        concerns = plays & {*pitfall.channels} or {gate.id for gate in shut} & {*pitfall.gates}
        if bad and concerns and holds(pitfall.when, answers):
            critical.append(pitfall.id)
    weak = best is not None and best != aim and fit[best] < rulebook.weak_below
    return fit, access, best, aim, weak, len(near) > 1, tuple(critical)


def by_terms(ready: Evaluator, terms: int) -> tuple[object, ...]:
    """The same from the evaluator."""
    scores = ready.scores(terms)
    return (
        *(dict(scores.fit), dict(scores.access), scores.recommended, scores.aim),
        *(scores.weak, scores.close, ready.critical(scores, terms)),
    )


def test_every_cell_is_decided_as_by_hand(small: Grid) -> None:
    """Masks and sums give what reading condition by condition gives."""
    for cell, terms in every(small):
        answers = small.space.values(cell)
        assert by_terms(small.ready, terms) == by_hand(small.rulebook, answers)


def test_shipped_cells_are_decided_as_by_hand(shipped: Grid) -> None:
    """In the shipped rulebook as well, in two thousand of its cells."""
    for cell, terms in shipped.space.sample(None, 2_000):
        answers = shipped.space.values(cell)
        assert by_terms(shipped.ready, terms) == by_hand(shipped.rulebook, answers)


@pytest.mark.parametrize("fault", SPOILS, ids=lambda fault: fault.kind)
def test_spoiled_rulebooks_are_decided_as_by_hand(fault: Spoil, clean: Rulebook) -> None:
    """Absurd points and empty conditions make no difference."""
    grid = Grid(spoil(clean, fault.edits))
    for cell, terms in every(grid):
        assert by_terms(grid.ready, terms) == by_hand(grid.rulebook, grid.space.values(cell))


def test_the_price_hangs_on_the_goods(small: Grid) -> None:
    """Which questions depend on another is read from what they apply to."""
    names = [axis.question.id for axis in small.space.axes]
    dependents = {name: small.space.dependents(at) for at, name in enumerate(names)}
    assert dependents == {name: (1,) if name == "goods" else () for name in names}
