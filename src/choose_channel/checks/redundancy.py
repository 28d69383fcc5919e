"""What could be left out: entries that count twice, undo each other, or have no effect."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from operator import and_

from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.walk import Alike
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ACCESS, Gate, Rule


def _implies(grid: Grid, first: Condition, second: Condition) -> bool:
    """Whether the second condition holds wherever the first does, which holds somewhere."""
    if first == second:
        return True
    outside = grid.alike(require=[[first]], forbid=[second])
    return next(outside, None) is None and next(grid.alike(require=[[first]]), None) is not None


def repeats(grid: Grid) -> Iterator[Finding]:
    """Rules that count the same thing twice: another rule has the same effect wherever they
    hold."""
    for by_condition in _by_effect(grid, same_dimension=True).values():
        firsts = [first for first, *_ in by_condition.values()]
        for first, *more in by_condition.values():
            for rule in more:
                yield Finding("repeats", ("rules", rule.id), {"other": first.id})
        implied = _implied(grid, firsts) if len(firsts) > 1 else {}
        for number, rule in enumerate(firsts):
            others = [other for other in firsts if other.id in implied.get(rule.id, ())]
            wider = [other for other in others if rule.id not in implied[other.id]]
            if wider:
                yield Finding("swallowed", ("rules", rule.id), {"other": wider[0].id})
            elif others and others[0] in firsts[:number]:
                yield Finding("repeats", ("rules", rule.id), {"other": others[0].id})


def undone(grid: Grid) -> Iterator[Finding]:
    """Rules whose points another rule takes back wherever they hold."""
    by_effect = _by_effect(grid, same_dimension=False)
    place = {name: number for number, name in enumerate(grid.rulebook.rules)}
    for effect, by_condition in by_effect.items():
        opposite = by_effect.get(tuple((channel, -points) for channel, points in effect), {})
        for when, rules in by_condition.items() if effect else ():
            others = (more[0] for other, more in opposite.items() if _implies(grid, when, other))
            other = next(others, None)
            # Of two that undo each other everywhere, the later one is named.
            earlier = other is not None and place[rules[0].id] < place[other.id]
            if other and not (earlier and _implies(grid, other.when, when)):
                yield Finding("undone", ("rules", rules[0].id), {"other": other.id})


def _by_effect(
    grid: Grid, *, same_dimension: bool
) -> dict[tuple[tuple[str, int], ...], dict[Condition, list[Rule]]]:
    """The rules by what they add to each channel, then by condition."""
    rules: dict[tuple[tuple[str, int], ...], dict[Condition, list[Rule]]] = {}
    for rule in grid.rulebook.rules.values():
        effect = [(channel, points) for channel, points in sorted(rule.points.items()) if points]
        key = ((rule.dimension, 0), *effect) if same_dimension else tuple(effect)
        rules.setdefault(key, {}).setdefault(rule.when, []).append(rule)
    return rules


def _implied(grid: Grid, rules: Sequence[Rule]) -> dict[str, set[str]]:
    """By rule, the other rules that hold wherever it holds; none if it never holds."""
    sets = [grid.space.bits(rule.when) for rule in rules]
    together = (alike.terms for alike in grid.alike(rule.when for rule in rules))
    # Each mask has a bit for every rule that holds in some cell; those masks that have the bit of a
    # rule share the bits of all rules that it implies.
    masks = {sum(1 << n for n, bits in enumerate(sets) if terms & bits) for terms in together}
    implied: dict[str, set[str]] = {}
    for n, rule in enumerate(rules):
        shared = functools.reduce(and_, (mask for mask in masks if mask >> n & 1), -1)
        others = () if shared == -1 else enumerate(rules)
        implied[rule.id] = {other.id for m, other in others if m != n and shared >> m & 1}
    return implied


def pointless_gates(grid: Grid) -> Iterator[Finding]:
    """Gates that hold only where a gate that is at least as strict shuts the same channels."""
    gates = list(grid.rulebook.gates.values())
    for gate in gates:
        for other in gates:
            if other is not gate and _covers(other, gate) and _implies(grid, gate.when, other.when):
                both_ways = _covers(gate, other) and _implies(grid, other.when, gate.when)
                if not both_ways or gate.id > other.id:
                    yield Finding("pointless_gate", ("gates", gate.id), {"other": other.id})


def _covers(gate: Gate, other: Gate) -> bool:
    """Whether a gate shuts all that another one does, and is at least as strict."""
    strict = ACCESS.index(gate.access) >= ACCESS.index(other.access)
    return strict and {*other.channels} <= {*gate.channels}


def without_effect(grid: Grid) -> Iterator[Finding]:
    """Gates and rules without which every result would be the same."""
    rulebook, results = grid.rulebook, grid.engine.results
    named = {name for pitfall in rulebook.pitfalls.values() for name in pitfall.gates}
    named |= {name for step in rulebook.steps.values() for name in step.unlocks}
    for gate in rulebook.gates.values():
        fires = next(grid.alike(require=[[gate.when]]), None) is not None
        if not fires or (gate.id not in named and not _shuts(grid, gate)):
            yield Finding("no_effect", ("gates", gate.id))
    for rule in rulebook.rules.values():
        bits, alone = grid.space.bits(rule.when), grid.ready.contribution(rule)

        def matters(alike: Alike, alone: int = alone) -> bool:
            return results.at(alike.terms) != results.at(alike.terms, alone)

        soon = any(alike.terms & bits and matters(alike) for alike in grid.some)
        if not soon and not any(map(matters, grid.alike(scored=True, require=[[rule.when]]))):
            yield Finding("no_effect", ("rules", rule.id))


def _shuts(grid: Grid, gate: Gate) -> bool:
    """Whether a channel is less open somewhere because of a gate."""
    for channel in gate.channels:
        others = [
            other.when
            for other in grid.rulebook.gates.values()
            if other is not gate and _covers(other, gate._replace(channels=(channel,)))
        ]
        if next(grid.alike(require=[[gate.when]], forbid=others), None) is not None:
            return True
    return False
