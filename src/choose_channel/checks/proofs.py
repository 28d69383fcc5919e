"""All proofs of a rulebook, and how severe what they find is.

A proof is a function that takes a Grid and yields findings. To add one, write the function (in the
module that fits, or in a new one), add its line to PROOFS, and give each of its findings two
phrases, `finding_<id>` and `remedy_<id>`, in rules/wording.yaml, and an example in
tests/checks/test_proofs.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from choose_channel.checks import (
    citations,
    laws,
    openings,
    plans,
    reach,
    redundancy,
    texts,
    verdicts,
)
from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.walk import TooLargeError

Severity = Literal["error", "warning"]
"""`error`: a law of the advice is broken. `warning`: the rulebook is untidy."""

NOT_PROVED = "not_proved"
"""The finding that something is not known, since there is too much to tell apart."""


class Proof(NamedTuple):
    """A proof, the ids of the findings that it may yield, and how severe these are."""

    run: Callable[[Grid], Iterator[Finding]]
    findings: tuple[str, ...]
    severity: Severity = "warning"


PROOFS: tuple[Proof, ...] = (
    Proof(texts.same_in_both_languages, ("same_text",)),
    Proof(citations.figures_without_a_fact, ("figure_without_fact",)),
    Proof(citations.uncited_facts, ("uncited_fact",)),
    Proof(citations.unread_inputs, ("unread_input",)),
    Proof(reach.unread_questions, ("unread_question",)),
    Proof(reach.unread_choices, ("unread_choice",)),
    Proof(reach.unranked_choices, ("unranked_choice",)),
    Proof(verdicts.fit_out_of_range, ("fit_out_of_range",), "error"),
    Proof(verdicts.without_reason, ("without_reason",), "error"),
    Proof(plans.without_step, ("without_step",), "error"),
    Proof(plans.aims_without_step, ("aimless",), "error"),
    Proof(plans.gates_without_unlock, ("no_unlock",), "error"),
    Proof(openings.no_way_out, ("no_way_out",), "error"),
    Proof(laws.better_never_shuts, ("better_shuts",), "error"),
    Proof(laws.balances, ("balance_broken",), "error"),
    Proof(laws.independences, ("depends",), "error"),
    Proof(laws.losing_is_open, ("losing_is_open",), "error"),
    Proof(reach.conditions, ("never_true", "always_true")),
    Proof(reach.never_shown, ("never_shown",)),
    Proof(reach.unreachable_choices, ("never_asked",)),
    Proof(reach.unplayed_variants, ("never_played",)),
    Proof(reach.open_without_variant, ("no_variant",), "error"),
    Proof(redundancy.repeats, ("repeats", "swallowed")),
    Proof(redundancy.undone, ("undone",)),
    Proof(redundancy.pointless_gates, ("pointless_gate",)),
    Proof(redundancy.without_effect, ("no_effect",)),
    Proof(verdicts.winners, ("never_wins", "always_wins")),
)


def severity_of(finding: str) -> Severity:
    """How severe a finding is."""
    if finding == NOT_PROVED:
        return "error"
    # No proof looks for stale facts.
    return next((proof.severity for proof in PROOFS if finding in proof.findings), "warning")


def check(
    grid: Grid, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> list[Finding]:
    """The findings of all proofs, waived ones included. A proof that has too much to tell apart is
    a finding itself.

    `progress` is called with the number of proofs done and the number of all proofs.
    """
    findings: list[Finding] = []
    for number, proof in enumerate(PROOFS):
        progress(number, len(PROOFS))
        try:
            findings.extend(proof.run(grid))
        except TooLargeError:
            at = ("rulebook", "name")
            findings += [Finding(NOT_PROVED, at, {"proof": name}) for name in proof.findings]
    progress(len(PROOFS), len(PROOFS))
    return findings
