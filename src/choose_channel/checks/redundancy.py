"""What could be left out: entries that count twice, undo each other, or have no effect."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from choose_channel.checks.grid import Finding, Grid
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ACCESS, Gate, Rule


def _implies(grid: Grid, one: Condition, other: Condition) -> bool:
    """Whether the other condition holds wherever the one does, which holds somewhere."""
    if one == other:
        return True
    outside = grid.alike(require=[[one]], forbid=[other])
    return next(outside, None) is None and next(grid.alike(require=[[one]]), None) is not None


def repeats(grid: Grid) -> Iterator[Finding]:
    """Rules that count the same thing twice: another rule has the same effect wherever they
    hold."""
    by_effect: dict[object, list[Rule]] = {}
    for rule in grid.rulebook.rules.values():
        effect = (rule.dimension, *sorted(rule.points.items()))
        by_effect.setdefault(effect, []).append(rule)
    for rules in by_effect.values():
        for number, rule in enumerate(rules):
            others = [x for x in rules if x is not rule and _implies(grid, rule.when, x.when)]
            wider = [other for other in others if not _implies(grid, other.when, rule.when)]
            if wider:
                yield Finding("swallowed", ("rules", rule.id), {"other": wider[0].id})
            elif others and others[0] in rules[:number]:
                yield Finding("repeats", ("rules", rule.id), {"other": others[0].id})


def undone(grid: Grid) -> Iterator[Finding]:
    """Rules whose points another rule takes back wherever they hold."""
    rules = list(grid.rulebook.rules.values())
    for number, rule in enumerate(rules):
        opposite = {channel: -points for channel, points in rule.points.items() if points}
        for other in rules[number + 1 :] if opposite else ():
            if {c: points for c, points in other.points.items() if points} == opposite:
                for one, more in ((rule, other), (other, rule)):
                    if _implies(grid, one.when, more.when):
                        yield Finding("undone", ("rules", one.id), {"other": more.id})
                        break


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
    book, results = grid.rulebook, grid.engine.results
    named = {name for pitfall in book.pitfalls.values() for name in pitfall.gates}
    named |= {name for step in book.steps.values() for name in step.unlocks}
    for gate in book.gates.values():
        fires = next(grid.alike(require=[[gate.when]]), None) is not None
        if not fires or (gate.id not in named and not _shuts(grid, gate)):
            yield Finding("no_effect", ("gates", gate.id))
    for rule in book.rules.values():
        bits, alone = grid.space.bits(rule.when), grid.ready.contribution(rule)
        some = (one for one in grid.some if one.terms & bits)
        every = grid.alike(scored=True, require=[[rule.when]])
        cells = (one.terms for one in itertools.chain(some, every))
        if not any(results.at(terms) != results.at(terms, alone) for terms in cells):
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
