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
            before, after = (grid.ready.scores(side.terms).access for side in pair[:2])
            for channel, access in before.items():
                if access == "open" != after[channel] and channel not in shut:
                    words = {"channel": channel, "access": after[channel]}
                    words |= _answers(grid, question.id, pair)
                    at = ("questions", question.id)
                    shut[channel] = Finding("better_shuts", at, words, pair.left.cell)
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
            if pair.left.terms & pair.right.terms & when:
                before, after = (
                    _shift(law, grid.ready.scores(side.terms).fit) for side in pair[:2]
                )
                if after - before < worst:
                    worst = after - before
                    words = {"towards": law.towards, "away": law.away_from}
                    words |= {"before": f"{before:+d}", "after": f"{after:+d}"}
                    words |= _answers(grid, law.question, pair)
                    at = ("rulebook", "laws", "balances", str(place))
                    broken = Finding("balance_broken", at, words, pair.left.cell)
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
                before, after = (
                    grid.ready.scores(side.terms).access[law.channel] for side in pair[:2]
                )
                if before != after and not (pair.left.terms | pair.right.terms) & unless:
                    words = {"channel": law.channel, "before": before, "after": after}
                    words |= _answers(grid, question, pair)
                    at = ("rulebook", "laws", "independences", str(place))
                    yield Finding("depends", at, words, pair.left.cell)
                    break


def losing_is_open(grid: Grid) -> Iterator[Finding]:
    """No channel is open where the margin says that all its orders lose at the middle figures."""
    rulebook, economy = grid.rulebook, grid.rulebook.economy
    if economy.roles is None:
        return
    number = grid.space.index[economy.roles.margin]
    margin_axis = grid.space.axes[number]
    for margin in economy.margins:
        losing = _losing(rulebook, margin)
        for channel in rulebook.channels:
            streams = [stream for stream in economy.streams.values() if stream.channel == channel]
            earning = [stream.when for stream in streams if stream.id not in losing]
            options = [list(axis.bands) for axis in grid.space.axes]
            options[number] = [margin_axis.band(margin.id)]
            losers = grid.alike(
                require=[[stream.when for stream in streams if stream.id in losing]],
                forbid=[*earning, *grid.shutting(channel)],
                options=options,
            )
            for cells in losers:
                words = {"channel": channel, "margin": margin.id}
                yield Finding("losing_is_open", ("channels", channel), words, cells.cell)


def _losing(rulebook: Rulebook, margin: Margin) -> set[str]:
    """The ways of selling without a profit where the margin is in this state: those that it speaks
    of, and those that pay all that one of them pays, and more."""
    if margin.at_most > 0 or margin.case == "low":
        return set()
    lines = {
        stream: {line.id for line in rulebook.economy.lines.values() if stream in line.streams}
        for stream in rulebook.economy.streams
    }
    return {
        name for name, own in lines.items() if any(lines[other] <= own for other in margin.streams)
    }


def _shift(law: Balance, points: Mapping[str, int]) -> int:
    """How far these points are in favour of the channel that the law favours."""
    return points.get(law.towards, 0) - points.get(law.away_from, 0)


def _reads(grid: Grid, question: str, condition: Condition) -> bool:
    """Whether a condition may hold or not depending on the answer to a question, or on those to
    questions that apply or not because of it."""
    space, bits = grid.space, grid.space.bits(condition)
    axis = space.index[question]
    return any(space.told_apart(number, bits) for number in (axis, *space.dependents(axis)))


def _answers(grid: Grid, question: str, pair: Beside) -> dict[str, str]:
    """The question, and the answers of both cells to it."""
    number = grid.space.index[question]
    values = grid.space.axes[number].values
    left, right = (to_text(values[side.cell[number] - 1]) for side in pair[:2])
    return {"question": question, "one": left, "other": right}
