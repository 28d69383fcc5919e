"""What could go without anybody noticing: double counting, pointless gates, idle entries."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from choose_channel.analysis.difference import Comparison, without
from choose_channel.analysis.grid import Finding, Grid
from choose_channel.model import ACCESS, Gate, Rule


def _implied(grid: Grid, entries: Sequence[Rule | Gate]) -> dict[str, set[str]]:
    """By entry, the others that hold wherever it holds."""
    bits = [grid.space.bits(entry.when) for entry in entries]
    scoring = 0
    for one in bits:
        scoring |= one
    together = {terms & scoring for terms in grid.terms.values()}
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
    alike: dict[object, list[Rule]] = {}
    for rule in grid.rulebook.rules.values():
        effect = (rule.dimension, *sorted(rule.points.items()))
        alike.setdefault(effect, []).append(rule)
    for rules in alike.values():
        implied = _implied(grid, rules) if len(rules) > 1 else {}
        for rule, other in itertools.permutations(rules, 2):
            if other.id in implied[rule.id]:
                both_ways = rule.id in implied[other.id]
                if not both_ways:
                    yield Finding("swallowed", ("rules", rule.id), {"other": other.id})
                elif rule.id < other.id:
                    yield Finding("repeats", ("rules", rule.id), {"other": other.id})


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


def without_effect(grid: Grid) -> Iterator[Finding]:
    """Rules and gates without which every result would be the same."""
    book, ready = grid.rulebook, grid.ready
    for rule in book.rules.values():
        alone = ready.contribution(rule)
        if all(ready.result(t) == ready.result(t, alone) for _, t in grid.where(rule.when)):
            yield Finding("no_effect", ("rules", rule.id))
    for gate in book.gates.values():
        cells = (cell for cell, _ in grid.where(gate.when))
        compared = Comparison(book, without(book, "gates", gate.id))
        if next(compared.moved(cells), None) is None:
            yield Finding("no_effect", ("gates", gate.id))
