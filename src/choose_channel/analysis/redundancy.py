"""What could go without anybody noticing: double counting, pointless gates, idle entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from choose_channel.analysis.difference import moved, without
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
    for mask in masks:
        rest = mask
        while rest:
            lowest = rest & -rest
            implied[lowest.bit_length() - 1] &= mask
            rest ^= lowest
    return {
        entry.id: {
            other.id
            for m, other in enumerate(entries)
            if m != n and implied[n] != everything and implied[n] >> m & 1
        }
        for n, entry in enumerate(entries)
    }


def repeats(grid: Grid) -> Iterator[Finding]:
    """Rules that count the same thing twice: the same effect wherever another rule has it."""
    rules = list(grid.rulebook.rules.values())
    implied = _implied(grid, rules)
    for rule in rules:
        for other in rules:
            same = other.dimension == rule.dimension and other.points == rule.points
            if other.id in implied[rule.id] and same:
                if rule.id in implied[other.id]:
                    if rule.id < other.id:
                        yield Finding("repeats", ("rules", rule.id), {"other": other.id})
                else:
                    yield Finding("swallowed", ("rules", rule.id), {"other": other.id})


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
    book = grid.rulebook
    for stem, entries in (("rules", book.rules), ("gates", book.gates)):
        for name, entry in entries.items():
            cells = (cell for cell, _ in grid.where(entry.when))
            if next(moved(grid, without(book, stem, name), cells), None) is None:
                yield Finding("no_effect", (stem, name))
