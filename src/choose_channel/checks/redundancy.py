"""What could go without anybody noticing: double counting, pointless gates, idle entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from choose_channel.checks.diff import Comparison, without
from choose_channel.checks.grid import Finding, Grid
from choose_channel.engine.evaluate import Scores
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ACCESS, Gate, Rule

_NEVER = 1 << 30
"""More points than any rule could swing: nothing else could win."""


def _implied(grid: Grid, entries: Sequence[Rule | Gate]) -> dict[str, set[str]]:
    """By entry, the others that hold wherever it holds."""
    conditions = [entry.when for entry in entries]
    bits = [grid.space.bits(condition) for condition in conditions]
    scoring = 0
    for one in bits:
        scoring |= one
    together = {terms & scoring for _, terms in grid.quotient(conditions, beyond=True)}
    masks = {sum(1 << n for n, one in enumerate(bits) if terms & one) for terms in together}
    everything = (1 << len(entries)) - 1
    implied = [everything] * len(entries)
    fired = 0
    for mask in masks:
        fired |= mask
        rest = mask
        while rest:
            lowest = rest & -rest
            implied[lowest.bit_length() - 1] &= mask
            rest ^= lowest
    return {
        entry.id: {
            other.id
            for m, other in enumerate(entries)
            if m != n and fired >> n & 1 and implied[n] >> m & 1
        }
        for n, entry in enumerate(entries)
    }


def repeats(grid: Grid) -> Iterator[Finding]:
    """Rules that count the same thing twice: the same effect wherever another rule has it."""
    alike: dict[object, dict[Condition, list[Rule]]] = {}
    for rule in grid.rulebook.rules.values():
        effect = (rule.dimension, *sorted(rule.points.items()))
        alike.setdefault(effect, {}).setdefault(rule.when, []).append(rule)
    for by_condition in alike.values():
        rules = [first for first, *_ in by_condition.values()]
        for first, *more in by_condition.values():
            yield from (_repeats(rule, first) for rule in more)
        implied = _implied(grid, rules) if len(rules) > 1 else {}
        for number, rule in enumerate(rules):
            others = [other for other in rules if other.id in implied.get(rule.id, ())]
            both_ways = [other for other in others if rule.id in implied[other.id]]
            if len(both_ways) < len(others):
                other = next(one for one in others if one not in both_ways)
                yield Finding("swallowed", ("rules", rule.id), {"other": other.id})
            elif both_ways and both_ways[0] in rules[:number]:
                yield _repeats(rule, both_ways[0])


def _repeats(rule: Rule, first: Rule) -> Finding:
    return Finding("repeats", ("rules", rule.id), {"other": first.id})


def pointless_gates(grid: Grid) -> Iterator[Finding]:
    """Gates that fire only where stricter or equal gates keep the same channels shut anyway."""
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
    """The fewest points by which one channel is ahead of another where that matters."""
    found = [_NEVER]
    for best, states in ((scores.recommended, ("open",)), (scores.aim, ("open", "locked"))):
        for channel, access in scores.access.items():
            if best and channel != best and access in states:
                found.append(scores.fit[best] - scores.fit[channel])
    return min(found)


def without_effect(grid: Grid) -> Iterator[Finding]:
    """Rules and gates without which every result would be the same."""
    book, ready = grid.rulebook, grid.ready
    distinct = {id(scores): scores for scores in grid.all_scores.values()}
    leads = {number: _lead(scores) for number, scores in distinct.items()}
    by_cell = {cell: leads[id(scores)] for cell, scores in grid.all_scores.items()}
    for rule in book.rules.values():
        alone = ready.contribution(rule)
        points = [rule.points.get(channel, 0) for channel in book.channels]
        swing = max(points) - min(points)
        # A rule that swings fit by less than what decides in a cell cannot change its result.
        fired = (t for cell, t in grid.where(rule.when) if by_cell.get(cell, 0) <= swing)
        if all(ready.result(terms) == ready.result(terms, alone) for terms in fired):
            yield Finding("no_effect", ("rules", rule.id))
    for gate in book.gates.values():
        compared = Comparison(book, without(book, "gates", gate.id))
        moved = compared.moved(cell for cell, _ in grid.where(gate.when))
        if next(moved, None) is None:
            yield Finding("no_effect", ("gates", gate.id))
