"""What could be left out: rules that count twice, and rules and gates without an effect."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from operator import and_, or_

from choose_channel.checks.diff import Comparison, without
from choose_channel.checks.grid import Finding, Grid
from choose_channel.engine.evaluate import Scores
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ACCESS, Gate, Rule

_UNREACHABLE = 1 << 30
"""A lead, in points, that no rule can make up for: no other channel could win."""


def _implied(grid: Grid, entries: Sequence[Rule | Gate]) -> dict[str, set[str]]:
    """By entry, the other entries that hold wherever it holds; none if it never holds."""
    conditions = [entry.when for entry in entries]
    bits = [grid.space.bits(condition) for condition in conditions]
    read = functools.reduce(or_, bits, 0)
    together = {terms & read for _, terms in grid.quotient(conditions, beyond=True)}
    # Each mask has a bit for every entry that holds in some cell; those masks that have the bit of
    # an entry share the bits of all entries that it implies.
    masks = {sum(1 << n for n, one in enumerate(bits) if terms & one) for terms in together}
    implied: dict[str, set[str]] = {}
    for n, entry in enumerate(entries):
        shared = functools.reduce(and_, (mask for mask in masks if mask >> n & 1), -1)
        others = () if shared == -1 else enumerate(entries)
        implied[entry.id] = {other.id for m, other in others if m != n and shared >> m & 1}
    return implied


def repeats(grid: Grid) -> Iterator[Finding]:
    """Rules that count the same thing twice: another rule has the same effect wherever they
    hold."""
    by_effect: dict[object, dict[Condition, list[Rule]]] = {}
    for rule in grid.rulebook.rules.values():
        effect = (rule.dimension, *sorted(rule.points.items()))
        by_effect.setdefault(effect, {}).setdefault(rule.when, []).append(rule)
    for by_condition in by_effect.values():
        rules = [first for first, *_ in by_condition.values()]
        for first, *more in by_condition.values():
            yield from (_repeats(rule, first) for rule in more)
        implied = _implied(grid, rules) if len(rules) > 1 else {}
        for number, rule in enumerate(rules):
            others = [other for other in rules if other.id in implied.get(rule.id, ())]
            both_ways = [other for other in others if rule.id in implied[other.id]]
            if len(both_ways) < len(others):
                other = next(other for other in others if other not in both_ways)
                yield Finding("swallowed", ("rules", rule.id), {"other": other.id})
            elif both_ways and both_ways[0] in rules[:number]:
                yield _repeats(rule, both_ways[0])


def _repeats(rule: Rule, first: Rule) -> Finding:
    return Finding("repeats", ("rules", rule.id), {"other": first.id})


def pointless_gates(grid: Grid) -> Iterator[Finding]:
    """Gates that hold only where a gate that is at least as strict shuts the same channels."""
    gates = list(grid.rulebook.gates.values())
    implied = _implied(grid, gates)
    for gate in gates:
        for other in gates:
            strict = ACCESS.index(other.access) >= ACCESS.index(gate.access)
            covers = {*gate.channels} <= {*other.channels}
            if other.id in implied[gate.id] and strict and covers:
                both_ways = gate.id in implied[other.id] and other.access == gate.access
                if not both_ways or gate.id > other.id or {*gate.channels} < {*other.channels}:
                    yield Finding("pointless_gate", ("gates", gate.id), {"other": other.id})


def _lead(scores: Scores) -> int:
    """The fewest points by which the recommended channel or the aim is ahead of a rival."""
    leads = [_UNREACHABLE]
    for best, states in ((scores.recommended, ("open",)), (scores.aim, ("open", "locked"))):
        for channel, access in scores.access.items():
            if best and channel != best and access in states:
                leads.append(scores.fit[best] - scores.fit[channel])
    return min(leads)


def without_effect(grid: Grid) -> Iterator[Finding]:
    """Rules and gates without which every result would be the same."""
    book, ready, results = grid.rulebook, grid.ready, grid.engine.results
    distinct = {id(scores): scores for scores in grid.all_scores.values()}
    leads = {number: _lead(scores) for number, scores in distinct.items()}
    by_cell = {cell: leads[id(scores)] for cell, scores in grid.all_scores.items()}
    for rule in book.rules.values():
        alone = ready.contribution(rule)
        points = [rule.points.get(channel, 0) for channel in book.channels]
        swing = max(points) - min(points)
        # Where the lead is larger than what the rule shifts, the rule cannot change the result.
        close = (t for cell, t in grid.where(rule.when) if by_cell.get(cell, 0) <= swing)
        if all(results.at(terms) == results.at(terms, alone) for terms in close):
            yield Finding("no_effect", ("rules", rule.id))
    for gate in book.gates.values():
        comparison = Comparison(book, without(book, "gates", gate.id))
        moved = comparison.moved(cell for cell, _ in grid.where(gate.when))
        if next(moved, None) is None:
            yield Finding("no_effect", ("gates", gate.id))
