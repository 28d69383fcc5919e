"""The laws of the advice; a finding names a cell where one is broken, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.walk import Beside
from choose_channel.model.conditions import Condition
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Balance, Margin, Rulebook


def better_never_shuts(grid: Grid) -> Iterator[Finding]:
    """A better answer never locks or closes a channel that was open."""
    for axis in grid.space.axes:
        question = axis.question
        order = axis.ordered(question.better) if question.better else []
        shut: dict[str, Finding] = {}
        for pair in grid.beside(question.id, order, *grid.shutting()):
            before, after = (grid.ready.scores(one.terms).access for one in pair[:2])
            for channel, access in before.items():
                if access == "open" != after[channel] and channel not in shut:
                    words = {"channel": channel, "access": after[channel]}
                    words |= _answers(grid, question.id, pair)
                    at = ("questions", question.id)
                    shut[channel] = Finding("better_shuts", at, words, pair.one.cell)
        yield from shut.values()


def balances(grid: Grid) -> Iterator[Finding]:
    """A better answer never moves fit from the channel that the law favours to the other one."""
    for place, law in enumerate(grid.rulebook.balances):
        axis = grid.space.axes[grid.space.index[law.question]]
        reads = [  # what does not read the answer counts the same on both sides
            rule.when
            for rule in grid.rulebook.rules.values()
            if _shift(law, rule.points) and _reads(grid, law.question, rule.when)
        ]
        worst = 0
        broken: Finding | None = None
        when = grid.space.bits(law.when)
        for pair in grid.beside(law.question, axis.ordered(law.order), law.when, *reads):
            if pair.one.terms & pair.other.terms & when:
                before, after = (_shift(law, grid.ready.scores(one.terms).fit) for one in pair[:2])
                if after - before < worst:
                    worst = after - before
                    words = {"towards": law.towards, "away": law.away_from}
                    words |= {"before": f"{before:+d}", "after": f"{after:+d}"}
                    words |= _answers(grid, law.question, pair)
                    at = ("rulebook", "laws", "balances", str(place))
                    broken = Finding("balance_broken", at, words, pair.one.cell)
        if broken:
            yield broken


def independences(grid: Grid) -> Iterator[Finding]:
    """Answers that the law names never change the access of its channel."""
    for place, law in enumerate(grid.rulebook.independences):
        unless = 0 if law.unless is None else grid.space.bits(law.unless)
        reads = grid.shutting(law.channel)
        for question in law.questions:
            axis = grid.space.axes[grid.space.index[question]]
            also = [] if law.unless is None else [law.unless]
            for pair in grid.beside(question, axis.bands, *reads, *also):
                one, other = (grid.ready.scores(x.terms).access[law.channel] for x in pair[:2])
                if one != other and not (pair.one.terms | pair.other.terms) & unless:
                    words = {"channel": law.channel, "before": one, "after": other}
                    words |= _answers(grid, question, pair)
                    at = ("rulebook", "laws", "independences", str(place))
                    yield Finding("depends", at, words, pair.one.cell)
                    break


def losing_is_open(grid: Grid) -> Iterator[Finding]:
    """No channel is open where the margin says that all its orders lose at the middle figures."""
    book = grid.rulebook
    if book.economy.roles is None:
        return
    number = grid.space.index[book.economy.roles.margin]
    axis = grid.space.axes[number]
    for margin in book.economy.margins:
        losing = _losing(book, margin)
        for channel in book.channels:
            streams = [one for one in book.economy.streams.values() if one.channel == channel]
            earning = [one.when for one in streams if one.id not in losing]
            options = [list(one.bands) for one in grid.space.axes]
            options[number] = [axis.band(margin.id)]
            losers = grid.alike(
                require=[[one.when for one in streams if one.id in losing]],
                forbid=[*earning, *grid.shutting(channel)],
                options=options,
            )
            for cells in losers:
                words = {"channel": channel, "margin": margin.id}
                yield Finding("losing_is_open", ("channels", channel), words, cells.cell)


def _losing(book: Rulebook, margin: Margin) -> set[str]:
    """The ways of selling without a profit where the margin is in this state: those that it speaks
    of, and those that pay all that one of them pays, and more."""
    if margin.at_most > 0 or margin.case == "low":
        return set()
    lines = {
        stream: {line.id for line in book.economy.lines.values() if stream in line.streams}
        for stream in book.economy.streams
    }
    return {
        stream for stream, own in lines.items() if any(lines[one] <= own for one in margin.streams)
    }


def _shift(law: Balance, points: Mapping[str, int]) -> int:
    """How far these points are in favour of the channel that the law favours."""
    return points.get(law.towards, 0) - points.get(law.away_from, 0)


def _reads(grid: Grid, question: str, condition: Condition) -> bool:
    """Whether a condition may hold or not depending on the answer to a question, or on those to
    questions that apply or not because of it."""
    space, bits = grid.space, grid.space.bits(condition)
    axis = space.index[question]
    return any(space.told_apart(one, bits) for one in (axis, *space.dependents(axis)))


def _answers(grid: Grid, question: str, pair: Beside) -> dict[str, str]:
    """The question, and the answers of both cells to it."""
    number = grid.space.index[question]
    values = grid.space.axes[number].values
    one, other = (to_text(values[side.cell[number] - 1]) for side in pair[:2])
    return {"question": question, "one": one, "other": other}
