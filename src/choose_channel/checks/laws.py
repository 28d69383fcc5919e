"""The laws of the advice; a finding names a cell where one is broken."""

from __future__ import annotations

from collections.abc import Iterator

from choose_channel.answers.space import Axis
from choose_channel.checks.grid import Finding, Grid
from choose_channel.engine.evaluate import Scores
from choose_channel.model.rulebook import Balance, Independence


def ranks(axis: Axis, order: tuple[str, ...]) -> dict[int, int]:
    """By band, its place in an order from worst to best. The bands of a number are in order."""
    return {band: place for place, band in enumerate(axis.ordered(order))}


def better_never_shuts(grid: Grid) -> Iterator[Finding]:
    """A better answer never locks or closes a channel that was open."""
    for number, axis in enumerate(grid.space.axes):
        if not axis.question.better:
            continue
        rank = ranks(axis, axis.question.better)
        broken: dict[str, Finding] = {}
        for (low, before), (high, after) in grid.pairs(
            axis.question.id, _open, grid.access_conditions()
        ):
            if rank.get(low[number], 0) < rank.get(high[number], -1) and low[number] in rank:
                for channel in before - after:
                    at = ("questions", axis.question.id)
                    broken.setdefault(
                        channel, Finding("better_shuts", at, {"channel": channel}, low)
                    )
        yield from broken.values()


def _open(scores: Scores) -> frozenset[str]:
    return frozenset(channel for channel, access in scores.access.items() if access == "open")


def balances(grid: Grid) -> Iterator[Finding]:
    """A better answer never moves fit from the channel that the law favours to the other one."""
    for place, law in enumerate(grid.rulebook.balances):
        number = grid.space.index[law.question]
        rank = ranks(grid.space.axes[number], law.order)
        scored = [
            rule.when
            for rule in grid.rulebook.rules.values()
            if {law.towards, law.away_from} & {*rule.points}
        ]

        def balance(scores: Scores, law: Balance = law) -> int:
            return scores.fit[law.towards] - scores.fit[law.away_from]

        for (low, before), (high, after) in grid.pairs(law.question, balance, scored):
            ranked = low[number] in rank and high[number] in rank
            if ranked and rank[low[number]] < rank[high[number]] and after < before:
                words = {"towards": law.towards, "away": law.away_from, "question": law.question}
                at = ("rulebook", "laws", "balances", str(place))
                yield Finding("balance_broken", at, words, low)
                break


def independences(grid: Grid) -> Iterator[Finding]:
    """Answers that the law names never change the access of its channel."""
    for place, law in enumerate(grid.rulebook.independences):
        unless = grid.space.bits(law.unless) if law.unless is not None else 0
        reads = grid.access_conditions() + ([law.unless] if law.unless is not None else [])

        def access(scores: Scores, law: Independence = law) -> str:
            return scores.access[law.channel]

        for question in law.questions:
            for (one, _), (other, _) in grid.pairs(question, access, reads):
                if not (grid.space.terms(one) | grid.space.terms(other)) & unless:
                    words = {"channel": law.channel, "question": question}
                    at = ("rulebook", "laws", "independences", str(place))
                    yield Finding("depends", at, words, one)
                    break
