"""Plans over all cells: a step for now for everybody, and one that works towards the aim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.walk import Alike
from choose_channel.engine.evaluate import Scores
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import Access, Gate, Step

_HEAD = ("rulebook", "name")


def without_step(grid: Grid) -> Iterator[Finding]:
    """Cells in which the plan has no step for now."""
    steps = [step for step in grid.rulebook.steps.values() if step.settles is None]
    for channel in grid.rulebook.channels:
        now = [step for step in _playing(grid, channel, steps) if step.phase == "now"]

        def leads(scores: Scores, channel: str = channel) -> bool:
            return scores.recommended == channel and not scores.weak

        def waits(scores: Scores, channel: str = channel) -> bool:
            return scores.aim == channel and (scores.recommended is None or scores.weak)

        yield from _idle(grid, channel, now, leads)
        unlocking = [step for step in steps if step.unlocks]
        yield from _idle(grid, channel, [s for s in (*now, *unlocking) if s.early], waits)
    nothing = [step for step in steps if step.phase == "now" and not step.channels]
    yield from _idle(grid, None, nothing, lambda scores: scores.aim is None)


def _idle(
    grid: Grid, channel: str | None, steps: Iterable[Step], concerned: Callable[[Scores], bool]
) -> Iterator[Finding]:
    """A finding for a concerned cell without a step for now, although it may be one of `steps`."""
    sure: list[Condition] = []
    reads: list[Condition] = []
    for step in steps:
        certain = channel in step.channels if channel else not step.channels
        (sure if certain and step.needs is None else reads).append(step.when)
    if channel:
        reads += [*grid.variants(channel), *grid.shutting(channel)]
    for one in grid.alike(reads, scored=True, forbid=sure):
        scores = grid.ready.scores(one.terms)
        if concerned(scores) and not grid.planner.this_week(one.terms, scores):
            yield Finding("without_step", _HEAD, {}, one.cell)
            return


def _playing(grid: Grid, channel: str, steps: Iterable[Step]) -> Iterator[Step]:
    """The steps that belong to a channel or to a variant of it."""
    names = grid.ready.plays(channel)
    return (step for step in steps if names & {*step.channels})


def gates_without_unlock(grid: Grid) -> Iterator[Finding]:
    """Gates that lock a channel, and that no step works on where nothing else shuts it."""
    for gate in grid.rulebook.gates.values():
        if gate.access == "locked":
            unlocking = _unlocking(grid, gate.id)
            for channel in gate.channels:
                closing = [other.when for other in _gates(grid, channel, "closed")]
                cells = grid.alike(require=[[gate.when]], forbid=[*unlocking, *closing])
                one = next(cells, None)
                if one:
                    yield Finding("no_unlock", ("gates", gate.id), {"channel": channel}, one.cell)
                    break


def _unlocking(grid: Grid, gate: str) -> list[Condition]:
    """The conditions of the steps that work on a gate, whatever is open."""
    steps = grid.rulebook.steps.values()
    return [step.when for step in steps if gate in step.unlocks and step.settles is None]


def aims_without_step(grid: Grid) -> Iterator[Finding]:
    """Cells with an aim towards which no step of the plan works: none belongs to it as it is
    played, and none works on a gate in its way."""
    for channel in grid.rulebook.channels:
        for one in _stuck(grid, channel):
            scores = grid.ready.scores(one.terms)
            if scores.aim == channel:
                plan = grid.planner.plan(one.terms)
                names = {channel, grid.ready.variant(channel, one.terms)}
                firing = {gate.id for gate in grid.ready.gates(one.terms)}
                if not any(names & {*s.channels} or firing & {*s.unlocks} for _, s in plan):
                    yield Finding("aimless", ("channels", channel), {"channel": channel}, one.cell)
                    break


def _stuck(grid: Grid, channel: str) -> Iterator[Alike]:
    """The cells in which a channel may be aimed at without a step: those where it is open and no
    step that always belongs to it holds, and those where a gate that may have no step locks it."""
    steps = [one for one in grid.rulebook.steps.values() if one.settles is None]
    belonging = [one for one in _playing(grid, channel, steps) if one.phase != "unlock"]
    sure = [one.when for one in belonging if channel in one.channels]
    reads = [one.when for one in belonging] + grid.variants(channel)
    yield from grid.alike(reads, scored=True, forbid=[*sure, *grid.shutting(channel)])
    covered: list[Gate] = []
    other: list[Gate] = []
    for gate in _gates(grid, channel, "locked"):
        outside = grid.alike(require=[[gate.when]], forbid=_unlocking(grid, gate.id))
        (other if any(True for _ in outside) else covered).append(gate)
    if other:  # wherever a covered gate locks the channel, some step works on that gate
        whens = [gate.when for gate in other]
        reads = [*whens, *(when for gate in other for when in _unlocking(grid, gate.id))]
        shut = [gate.when for gate in (*covered, *_gates(grid, channel, "closed"))]
        yield from grid.alike(reads, scored=True, require=[whens], forbid=shut)


def _gates(grid: Grid, channel: str, access: Access) -> list[Gate]:
    """The gates that lock a channel, or those that close it."""
    gates = grid.rulebook.gates.values()
    return [gate for gate in gates if gate.access == access and channel in gate.channels]
