"""What can never happen: conditions, entries and choices that no answers reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.walk import Alike
from choose_channel.model.conditions import ALWAYS, Condition, questions_in
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Pitfall, Question, Step

Shown = Callable[[Grid, Cell, int], set[str]]
"""A function that gives the ids of what is shown in a cell with these terms."""


def unread_questions(grid: Grid) -> Iterator[Finding]:
    """Questions that no condition reads, so that their answers change nothing."""
    read = {name for _, when in grid.rulebook.named_conditions() for name in questions_in(when)}
    for name in grid.rulebook.questions:
        if name not in read:
            yield Finding("unread_question", ("questions", name))


def unread_choices(grid: Grid) -> Iterator[Finding]:
    """Choices that no condition and no figure tells from another choice."""
    roles = grid.rulebook.economy.roles
    markets = {fact.market for fact in grid.rulebook.facts.values() if fact.value is not None}
    for axis in grid.space.axes:
        question = axis.question
        figures = markets if roles and question.id == roles.market else set()
        read = len(axis.alike) > 1 and not question.derived
        for choices in axis.alike if read else ():
            names = [name for name in map(to_text, choices) if name not in figures]
            for name in names[1:]:
                at = ("questions", question.id, "choices", name)
                yield Finding("unread_choice", at, {"choice": name, "other": names[0]})


def unranked_choices(grid: Grid) -> Iterator[Finding]:
    """Choices that are left out of an order from worst to best."""
    for question in grid.rulebook.asked.values():
        if question.better and kind_of(question).listed:
            for name in _names(question):
                if name not in question.better:
                    at = ("questions", question.id, "better")
                    yield Finding("unranked_choice", at, {"choice": name})


def _names(question: Question) -> list[str]:
    return [to_text(value) for value in kind_of(question).bands(question, ())[1]]


def conditions(grid: Grid) -> Iterator[Finding]:
    """Conditions that hold in no cell, or in every one."""
    known: dict[Condition, set[bool]] = {}
    for at, condition in grid.rulebook.named_conditions():
        if condition not in known:
            known[condition] = _truths(grid, condition)
        truths = known[condition]
        if truths == {False}:
            yield Finding("never_true", at)
        elif truths == {True} and condition != ALWAYS:
            yield Finding("always_true", at)


def _truths(grid: Grid, condition: Condition) -> set[bool]:
    """{True} where a condition always holds, {False} where it never does, else both."""
    bits = grid.space.bits(condition)
    return {bool(alike.terms & bits) for alike in grid.alike([condition])}


def never_shown(grid: Grid) -> Iterator[Finding]:
    """Pitfalls and steps whose condition holds somewhere, but which nobody is ever shown."""
    kinds: Iterable[tuple[str, Mapping[str, Pitfall | Step], Shown]] = (
        ("pitfalls", grid.rulebook.pitfalls, pitfalls_at),
        ("plan", grid.rulebook.steps, steps_at),
    )
    for stem, entries, shown in kinds:
        seen = {name for alike in grid.some for name in shown(grid, alike.cell, alike.terms)}
        for name, entry in entries.items():
            if name not in seen and True in _truths(grid, entry.when):
                cells = where_shown(grid, entry)
                if not any(name in shown(grid, alike.cell, alike.terms) for alike in cells):
                    yield Finding("never_shown", (stem, name))


def where_shown(grid: Grid, entry: Pitfall | Step) -> Iterator[Alike]:
    """The cells where the condition of an entry holds, those together in all of which it is shown,
    or in none."""
    rulebook = grid.rulebook
    gates = entry.unlocks if isinstance(entry, Step) else entry.gates
    reads = [rulebook.gates[name].when for name in gates]
    for channel in rulebook.channels.values():
        if {variant.id for variant in channel.variants} & {*entry.channels}:
            reads += grid.variants(channel.id)
    required = [[entry.when], _reasons(grid, entry)]
    return grid.alike([entry.when, *reads], scored=True, require=required)


def _reasons(grid: Grid, entry: Pitfall | Step) -> list[Condition]:
    """Conditions of which at least one holds wherever an entry is shown: those of the gates that
    it explains or unlocks and of the variants that it belongs to, or ALWAYS."""
    gates, channels = grid.rulebook.gates, grid.rulebook.channels
    variants = {variant.id: variant.when for c in channels.values() for variant in c.variants}
    plays = [ALWAYS if name in channels else variants[name] for name in entry.channels]
    if not isinstance(entry, Step):
        assumed = [ALWAYS for _ in entry.assumed]
        return [*(gates[name].when for name in entry.gates), *plays, *assumed]
    if entry.phase == "unlock":
        return [gates[name].when for name in entry.unlocks]
    return plays or [ALWAYS]


def pitfalls_at(grid: Grid, cell: Cell, terms: int) -> set[str]:
    """The pitfalls shown in a cell, those among them that are shown because a question is open."""
    evaluation = grid.ready.evaluate(terms, frozenset(grid.space.values(cell)))
    return {pitfall.id for pitfall in evaluation.pitfalls}


def steps_at(grid: Grid, _cell: Cell, terms: int) -> set[str]:
    """The steps of the plan in a cell, those among them that settle a question."""
    return {step.id for _, step in grid.planner.plan(terms, grid.rulebook.questions)}


def unreachable_choices(grid: Grid) -> Iterator[Finding]:
    """Questions that never apply, so that nobody can reach their choices."""
    for name, question in grid.rulebook.questions.items():
        if True not in _truths(grid, question.applies):
            yield Finding("never_asked", ("questions", name))


def unplayed_variants(grid: Grid) -> Iterator[Finding]:
    """Variants that are never played: an earlier one always is, or the channel is closed."""
    for channel in grid.rulebook.channels.values():
        reads = [*grid.variants(channel.id), *grid.shutting(channel.id)]
        for variant in channel.variants:
            cells = grid.alike(reads, require=[[variant.when]])
            if variant.id not in (grid.ready.variant(channel.id, alike.terms) for alike in cells):
                yield Finding("never_played", ("channels", channel.id, "variants", variant.id))


def open_without_variant(grid: Grid) -> Iterator[Finding]:
    """Channels that are open where no variant of theirs is possible."""
    for channel in grid.rulebook.channels:
        forbid = [*grid.shutting(channel), *grid.variants(channel)]
        for alike in grid.alike(forbid=forbid):
            yield Finding("no_variant", ("channels", channel, "variants"), {}, alike.cell)
