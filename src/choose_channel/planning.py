"""The plan: which steps, in which phase, for whom. Pure."""

from __future__ import annotations

from choose_channel.evaluation import Evaluation, evaluator
from choose_channel.model import Phase, Rulebook, Step


def plan(
    rulebook: Rulebook, terms: int, evaluation: Evaluation, quickest: str | None = None
) -> list[tuple[Phase, Step]]:
    """The steps for this seller, phase by phase, in the rulebook's order.

    With a channel worth playing: what to do now, what unlocks a better one, what comes later.
    With none: now what costs nothing, be it on the way to the aim, on the `quickest` way to open
    anything, or ahead of time; then what unlocks, then the rest.
    """
    standing = evaluation.standing
    holds = evaluator(rulebook).holds
    steps = [step for step in rulebook.steps.values() if holds(step.when, terms)]
    gates = _gates_in_the_way(evaluation, quickest)
    unlocking = _once([s for gate in gates for s in steps if gate in s.unlocks])
    lead = standing.recommended if not standing.weak else None
    played = lead or standing.aim
    now = [s for s in steps if s.phase == "now" and _plays(s, played, evaluation)]
    later = [s for s in steps if s.phase == "later" and _plays(s, played, evaluation)]
    if lead:
        return [*_phase("now", now), *_phase("unlock", unlocking), *_phase("later", later)]
    early = [s for s in (*unlocking, *now) if s.early or played is None]
    if standing.recommended != played:
        usable = [s for s in steps if s.early and s.phase == "now"]
        early += [s for s in usable if _plays(s, standing.recommended, evaluation)]
    first = _once(early)
    spending = [s for s in unlocking if s not in first]
    opened = [s for s in now if s not in first]
    return [*_phase("now", first), *_phase("unlock", spending), *_phase("later", opened + later)]


def _once(steps: list[Step]) -> list[Step]:
    return list({step.id: step for step in steps}.values())


def _phase(phase: Phase, steps: list[Step]) -> list[tuple[Phase, Step]]:
    return [(phase, step) for step in steps]


def _gates_in_the_way(evaluation: Evaluation, quickest: str | None) -> list[str]:
    """Gates that hold the aim back; where nothing is open, then those of the quickest channel."""
    standing = evaluation.standing
    order = [standing.aim] if standing.aim != standing.recommended else []
    if standing.recommended is None and quickest:
        order.append(quickest)
    return [
        gate.id
        for channel in order
        for gate in evaluation.gates
        if channel in gate.channels and standing.access[channel or ""] == "locked"
    ]


def _plays(step: Step, channel: str | None, evaluation: Evaluation) -> bool:
    if channel is None:
        return not step.channels
    return channel in step.channels or evaluation.variants[channel] in step.channels
