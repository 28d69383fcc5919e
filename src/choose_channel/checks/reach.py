"""What can never happen: conditions, entries and choices that no answers reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Finding, Grid
from choose_channel.model.conditions import ALWAYS, Condition, questions_in
from choose_channel.model.rulebook import Pitfall, Rulebook, Step

Shown = Callable[[Grid, Cell, int], set[str]]
"""A function that gives the ids of what is shown in a cell with these terms."""


def unread_questions(grid: Grid) -> Iterator[Finding]:
    """Questions that no condition reads, so that their answers change nothing."""
    read = {name for _, one in grid.rulebook.named_conditions() for name in questions_in(one)}
    for name in grid.rulebook.questions:
        if name not in read:
            yield Finding("unread_question", ("questions", name))


def conditions(grid: Grid) -> Iterator[Finding]:
    """Conditions that hold in no cell, or in every one."""
    for at, condition in grid.rulebook.named_conditions():
        truths = _truths(grid, condition)
        if truths == {False}:
            yield Finding("never_true", at)
        elif truths == {True} and condition != ALWAYS:
            yield Finding("always_true", at)


def _truths(grid: Grid, condition: Condition) -> set[bool]:
    """{True} where a condition always holds, {False} where it never does, else both."""
    bits = grid.space.bits(condition)
    return {bool(terms & bits) for _, terms in grid.quotient([condition], beyond=True)}


def never_shown(grid: Grid) -> Iterator[Finding]:
    """Pitfalls and steps whose condition holds somewhere, but which nobody is ever shown."""
    some = list(grid.terms.items())[::997]  # most are seen within a few cells
    kinds: Iterable[tuple[str, Mapping[str, Pitfall | Step], Shown]] = (
        ("pitfalls", grid.rulebook.pitfalls, _pitfalls_at),
        ("plan", grid.rulebook.steps, _steps_at),
    )
    for stem, entries, shown in kinds:
        seen = {name for cell, terms in some for name in shown(grid, cell, terms)}
        for name, entry in entries.items():
            if name not in seen and True in _truths(grid, entry.when):
                candidates = _candidates(grid, entry)
                if not any(name in shown(grid, cell, terms) for cell, terms in candidates):
                    yield Finding("never_shown", (stem, name))


def _candidates(grid: Grid, entry: Pitfall | Step) -> Iterator[tuple[Cell, int]]:
    """Cells where an entry may be shown: its condition and a reason to show it hold."""
    bits = grid.space.bits(entry.when)
    conditions = reasons(grid.rulebook, entry)
    for reason in [entry.when] if ALWAYS in conditions else conditions:
        yield from ((cell, terms) for cell, terms in grid.where(reason) if terms & bits)


def reasons(book: Rulebook, entry: Pitfall | Step) -> list[Condition]:
    """Conditions of which at least one holds wherever an entry is shown: those of the gates that
    it explains or unlocks and of the variants that it belongs to, or ALWAYS."""
    variants = {
        variant.id: variant.when
        for channel in book.channels.values()
        for variant in channel.variants
    }
    plays = [ALWAYS if name in book.channels else variants[name] for name in entry.channels]
    if not isinstance(entry, Step):
        assumed = [ALWAYS for _ in entry.assumed]
        return [*(book.gates[name].when for name in entry.gates), *plays, *assumed]
    if entry.phase == "unlock":
        return [book.gates[name].when for name in entry.unlocks]
    return plays or [ALWAYS]


def _pitfalls_at(grid: Grid, cell: Cell, terms: int) -> set[str]:
    # A pitfall that is shown because a question was left open counts too.
    evaluation = grid.ready.evaluate(terms, frozenset(grid.space.values(cell)))
    return {pitfall.id for pitfall in evaluation.pitfalls}


def _steps_at(grid: Grid, _cell: Cell, terms: int) -> set[str]:
    # A step that settles a question counts too.
    return {step.id for _, step in grid.planner.plan(terms, grid.rulebook.questions)}


def unreachable_choices(grid: Grid) -> Iterator[Finding]:
    """Questions that never apply, so that nobody can reach their choices."""
    for name, question in grid.rulebook.questions.items():
        if True not in _truths(grid, question.applies):
            yield Finding("never_asked", ("questions", name))


def unplayed_variants(grid: Grid) -> Iterator[Finding]:
    """Variants that are never played: an earlier one always is, or the channel is closed."""
    for channel in grid.rulebook.channels.values():
        for variant in channel.variants:
            possible = grid.where(variant.when)
            if variant.id not in (grid.ready.variant(channel.id, terms) for _, terms in possible):
                yield Finding("never_played", ("channels", channel.id, "variants", variant.id))
