"""Proofs about a rulebook: `evaluate` over the whole grid. Pure.

Every proof is one function of a Grid that yields findings, named in PROOFS. Where the grid is too
large to walk it is sampled, and nothing is called proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from choose_channel.analysis import laws, reach, redundancy, texts, verdicts
from choose_channel.analysis.grid import Finding, Grid

PROOFS: tuple[Callable[[Grid], Iterator[Finding]], ...] = (
    texts.same_in_both_languages,
    texts.figures_without_a_fact,
    reach.unread_questions,
    reach.conditions,
    reach.never_shown,
    reach.unreachable_choices,
    reach.unplayed_variants,
    redundancy.repeats,
    redundancy.pointless_gates,
    redundancy.without_effect,
    verdicts.fit_out_of_range,
    verdicts.winners,
    verdicts.dead_ends,
    laws.better_never_shuts,
    laws.balances,
    laws.independences,
)


_WITHOUT_CELLS = {"same_text", "figure_without_fact", "unread_question"}
"""Findings that need no cell to be true."""


def check(grid: Grid, told: Callable[[int, int], None] = lambda _done, _of: None) -> list[Finding]:
    """The findings of all proofs, waived ones among them; `told` hears how many proofs are done."""
    found: list[Finding] = []
    for number, proof in enumerate(PROOFS):
        told(number, len(PROOFS))
        found += proof(grid)
    told(len(PROOFS), len(PROOFS))
    # A sample shows that something happens, never that nothing does.
    return [one for one in found if grid.exact or one.witness or one.id in _WITHOUT_CELLS]
