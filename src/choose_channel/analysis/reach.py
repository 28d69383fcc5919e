"""What can never happen: conditions, entries and choices that no answers reach."""

from __future__ import annotations

from collections.abc import Iterator

from choose_channel.analysis.grid import Finding, Grid
from choose_channel.conditions import ALWAYS, questions_in
from choose_channel.model import Pitfall, Step
from choose_channel.space import Cell


def unread_questions(grid: Grid) -> Iterator[Finding]:
    """Questions that no condition reads: asking them changes nothing."""
    read = {name for _, one in grid.rulebook.named_conditions() for name in questions_in(one)}
    for name in grid.rulebook.questions:
        if name not in read:
            yield Finding("unread_question", ("questions", name))


def conditions(grid: Grid) -> Iterator[Finding]:
    """Conditions that hold in no cell, or in every one."""
    anywhere, bits = 0, grid.space.bits
    for terms in grid.terms.values():
        anywhere |= terms
    spread = grid.spread()
    for at, condition in grid.rulebook.named_conditions():
        if condition == ALWAYS:
            continue
        if not anywhere & bits(condition):
            yield Finding("never_true", at)
        elif all(terms & bits(condition) for terms in spread):
            yield Finding("always_true", at)


def never_shown(grid: Grid) -> Iterator[Finding]:
    """Pitfalls and steps whose condition holds somewhere, but which nobody is ever shown."""
    book, bits = grid.rulebook, grid.space.bits
    pitfalls, steps = set(book.pitfalls), set(book.steps)
    for cell in list(grid.terms)[::997]:  # most are seen within a few cells
        _cross_off(grid, cell, pitfalls, steps)
    for left, entries in ((pitfalls, book.pitfalls), (steps, book.steps)):
        for name in sorted(left):
            for cell in _candidates(grid, entries[name]):
                _cross_off(grid, cell, pitfalls, steps)
                if name not in left:
                    break
    anywhere = 0
    for terms in grid.terms.values():
        anywhere |= terms
    for name in book.pitfalls:
        if name in pitfalls and anywhere & bits(book.pitfalls[name].when):
            yield Finding("never_shown", ("pitfalls", name))
    for name in book.steps:
        if name in steps and anywhere & bits(book.steps[name].when):
            yield Finding("never_shown", ("plan", name))


def _candidates(grid: Grid, entry: Pitfall | Step) -> Iterator[Cell]:
    """Cells where an entry may be shown: its condition holds and, where it belongs to variants
    only, one of them is possible."""
    bits = grid.space.bits
    plays = [v for c in grid.rulebook.channels.values() for v in c.variants]
    variants = [bits(one.when) for one in plays if one.id in entry.channels]
    otherwise = entry.unlocks if isinstance(entry, Step) else entry.gates + entry.assumed
    by_variant = variants and not otherwise and not {*entry.channels} & {*grid.rulebook.channels}
    for cell, terms in grid.where(entry.when):
        if not by_variant or any(terms & one for one in variants):
            yield cell


def _cross_off(grid: Grid, cell: Cell, pitfalls: set[str], steps: set[str]) -> None:
    terms = grid.terms[cell]
    # Shown with an assumption counts too, as for a seller who left that question open.
    found = grid.ready.evaluate(terms, frozenset(grid.space.values(cell)))
    pitfalls -= {pitfall.id for pitfall in found.pitfalls}
    for quickest in (None, *(c for c, a in found.standing.access.items() if a == "locked")):
        steps -= {step.id for _, step in grid.planner.plan(terms, quickest)}


def unreachable_choices(grid: Grid) -> Iterator[Finding]:
    """Choices of a question that is never asked."""
    for axis, bands in zip(grid.space.axes, zip(*grid.terms, strict=True), strict=True):
        if not any(bands):
            yield Finding("never_asked", ("questions", axis.question.id))


def unplayed_variants(grid: Grid) -> Iterator[Finding]:
    """Variants that are never played, since an earlier one always is."""
    spread = grid.spread()
    for channel in grid.rulebook.channels.values():
        left = {variant.id for variant in channel.variants}
        for terms in spread:
            left.discard(grid.ready.variant(channel.id, terms) or "")
            if not left:
                break
        for name in sorted(left):
            yield Finding("never_played", ("channels", channel.id, "variants", name))
