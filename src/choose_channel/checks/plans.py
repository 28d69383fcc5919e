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
    for alike in grid.alike(reads, scored=True, forbid=sure):
        scores = grid.ready.scores(alike.terms)
        if concerned(scores) and not grid.planner.this_week(alike.terms, scores):
            yield Finding("without_step", _HEAD, {}, alike.cell)
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
                alike = next(cells, None)
                if alike:
                    yield Finding("no_unlock", ("gates", gate.id), {"channel": channel}, alike.cell)
                    break


def _unlocking(grid: Grid, gate: str) -> list[Condition]:
    """The conditions of the steps that work on a gate, whatever is open."""
    steps = grid.rulebook.steps.values()
    return [step.when for step in steps if gate in step.unlocks and step.settles is None]


def aims_without_step(grid: Grid) -> Iterator[Finding]:
    """Cells with an aim towards which no step of the plan works: none belongs to it as it is
    played, and none works on a gate in its way."""
    for channel in grid.rulebook.channels:
        for alike in _stuck(grid, channel):
            scores = grid.ready.scores(alike.terms)
            if scores.aim == channel:
                plan = grid.planner.plan(alike.terms)
                names = {channel, grid.ready.variant(channel, alike.terms)}
                firing = {gate.id for gate in grid.ready.gates(alike.terms)}
                if not any(names & {*s.channels} or firing & {*s.unlocks} for _, s in plan):
                    words = {"channel": channel}
                    yield Finding("aimless", ("channels", channel), words, alike.cell)
                    break


def _stuck(grid: Grid, channel: str) -> Iterator[Alike]:
    """The cells in which a channel may be aimed at without a step: those where it is open and no
    step that always belongs to it holds, and those where a gate that may have no step locks it."""
    steps = [step for step in grid.rulebook.steps.values() if step.settles is None]
    belonging = [step for step in _playing(grid, channel, steps) if step.phase != "unlock"]
    sure = [step.when for step in belonging if channel in step.channels]
    reads = [step.when for step in belonging] + grid.variants(channel)
    yield from grid.alike(reads, scored=True, forbid=[*sure, *grid.shutting(channel)])
    covered: list[Gate] = []
    other: list[Gate] = []
    for gate in _gates(grid, channel, "locked"):
        outside = grid.alike(require=[[gate.when]], forbid=_unlocking(grid, gate.id))
        (other if any(True for _ in outside) else covered).append(gate)
    if other:  # wherever a covered gate locks the channel, some step works on that gate
        conditions = [gate.when for gate in other]
        reads = [*conditions, *(when for gate in other for when in _unlocking(grid, gate.id))]
        shut = [gate.when for gate in (*covered, *_gates(grid, channel, "closed"))]
        yield from grid.alike(reads, scored=True, require=[conditions], forbid=shut)


def _gates(grid: Grid, channel: str, access: Access) -> list[Gate]:
    """The gates that lock a channel, or those that close it."""
    gates = grid.rulebook.gates.values()
    return [gate for gate in gates if gate.access == access and channel in gate.channels]
