"""Proofs about a rulebook: `evaluate` over the whole grid. Pure.

Every proof is one function of a Grid that yields findings. Where the grid is too large to walk it
is sampled: a sample shows that something happens, never that nothing does, and proves nothing.
Laws hold derived answers at the assumed one, as nobody gives them; that something never happens is
said of every derived answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from choose_channel.checks import citations as mentions
from choose_channel.checks import laws, reach, redundancy, texts, verdicts
from choose_channel.checks.grid import Finding, Grid

__all__ = ["NEVER", "SHOWN", "Finding", "Grid", "Proof", "check", "proofs"]

Proof = Callable[[Grid], Iterator[Finding]]
SHOWN: tuple[Proof, ...] = (
    texts.same_in_both_languages,
    texts.figures_without_a_fact,
    mentions.uncited_facts,
    mentions.unread_inputs,
    reach.unread_questions,
    verdicts.fit_out_of_range,
    verdicts.dead_ends,
    laws.better_never_shuts,
    laws.balances,
    laws.independences,
)
"""What the text alone, or one cell, can show."""
NEVER: tuple[Proof, ...] = (
    reach.conditions,
    reach.never_shown,
    reach.unreachable_choices,
    reach.unplayed_variants,
    redundancy.repeats,
    redundancy.pointless_gates,
    redundancy.without_effect,
    verdicts.winners,
)
"""What only all cells together can show."""


def proofs(grid: Grid) -> tuple[Proof, ...]:
    """The proofs that the grid allows."""
    return SHOWN + NEVER if grid.exact else SHOWN


def check(grid: Grid, told: Callable[[int, int], None] = lambda _done, _of: None) -> list[Finding]:
    """The findings of all proofs, waived ones among them; `told` hears how many proofs are done."""
    found: list[Finding] = []
    every = proofs(grid)
    for number, proof in enumerate(every):
        told(number, len(every))
        found += proof(grid)
    told(len(every), len(every))
    return found
