"""Everything that judges a rulebook. Pure: no module here reads a clock, a file or the terminal.

A proof is a function that takes a Grid and yields findings. To add one, write the function (in the
module that fits, or in a new one), add its line to PROOFS, and give each of its findings a phrase
`finding_<id>` in rules/wording.yaml and an example in tests/checks/test_proofs.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from choose_channel.checks import citations, laws, reach, redundancy, texts, verdicts
from choose_channel.checks.grid import Finding, Grid

__all__ = ["PROOFS", "Finding", "Grid", "Proof", "check", "proofs_for", "severity_of"]

Severity = Literal["error", "warning"]
"""`error`: a law of the advice is broken. `warning`: the rulebook is untidy."""


class Proof(NamedTuple):
    """A proof, the ids of the findings that it may yield, and how severe these are.

    A rulebook with too many cells is sampled. A sample can show that something happens, but not
    that it never does, so only proofs marked `on_sample` are run on it.
    """

    run: Callable[[Grid], Iterator[Finding]]
    findings: tuple[str, ...]
    severity: Severity = "warning"
    on_sample: bool = False


PROOFS: tuple[Proof, ...] = (
    Proof(texts.same_in_both_languages, ("same_text",), on_sample=True),
    Proof(texts.figures_without_a_fact, ("figure_without_fact",), on_sample=True),
    Proof(citations.uncited_facts, ("uncited_fact",), on_sample=True),
    Proof(citations.unread_inputs, ("unread_input",), on_sample=True),
    Proof(reach.unread_questions, ("unread_question",), on_sample=True),
    Proof(verdicts.fit_out_of_range, ("fit_out_of_range",), "error", on_sample=True),
    Proof(verdicts.dead_ends, ("no_reason", "no_step", "no_way_out"), "error", on_sample=True),
    Proof(laws.better_never_shuts, ("better_shuts",), "error", on_sample=True),
    Proof(laws.balances, ("balance_broken",), "error", on_sample=True),
    Proof(laws.independences, ("depends",), "error", on_sample=True),
    Proof(reach.conditions, ("never_true", "always_true")),
    Proof(reach.never_shown, ("never_shown",)),
    Proof(reach.unreachable_choices, ("never_asked",)),
    Proof(reach.unplayed_variants, ("never_played",)),
    Proof(redundancy.repeats, ("repeats", "swallowed")),
    Proof(redundancy.pointless_gates, ("pointless_gate",)),
    Proof(redundancy.without_effect, ("no_effect",)),
    Proof(verdicts.winners, ("never_wins", "always_wins")),
)


def proofs_for(grid: Grid) -> list[Proof]:
    """The proofs that can be run on this grid."""
    return [proof for proof in PROOFS if grid.exact or proof.on_sample]


def severity_of(finding: str) -> Severity:
    """How severe a finding is; a stale fact, which no proof looks for, is a warning."""
    return next((proof.severity for proof in PROOFS if finding in proof.findings), "warning")


def check(
    grid: Grid, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> list[Finding]:
    """The findings of all proofs, waived ones included.

    `progress` is called with the number of proofs done and the number of all proofs.
    """
    findings: list[Finding] = []
    proofs = proofs_for(grid)
    for number, proof in enumerate(proofs):
        progress(number, len(proofs))
        findings += proof.run(grid)
    progress(len(proofs), len(proofs))
    return findings
