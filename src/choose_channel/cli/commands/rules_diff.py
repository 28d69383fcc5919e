"""Compares two rulebooks: which answers get another result, and which entries changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from choose_channel.answers.space import Cell
from choose_channel.checks.costs import case_finder
from choose_channel.checks.coverage import percent
from choose_channel.checks.diff import Comparison, Moved
from choose_channel.checks.explain import placed, witness
from choose_channel.checks.grid import Grid, few_answers
from choose_channel.checks.walk import TooLargeError
from choose_channel.cli.registry import Context
from choose_channel.engine.result import Result
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import Problem, RulebookError
from choose_channel.messages.i18n import Messages
from choose_channel.report.verdict import rulebook_line

SHIPPED = "shipped"
"""The name of the rulebook that comes with the program."""
_FIGURES = ("facts", "money")
"""The files from which margins are calculated. Cells hold the margin, so they do not show a
change there."""
_MOST = 20
"""So many groups of cells are shown, the largest first."""
_Groups = dict[tuple[str, str], tuple[int, Cell]]


def command(context: Context, old: str, new: str) -> int:
    """`rules diff OLD NEW`: which entries changed and which cells get another result. 0 without a
    difference, else 1."""
    messages = context.messages
    before, after = (
        load_rulebook(None if name == SHIPPED else name, messages.lang) for name in (old, new)
    )
    try:
        comparison = Comparison(before, after)
    except ValueError as error:
        raise RulebookError([Problem(messages("diff_questions", questions=error))]) from error
    print(rulebook_line(before, messages))
    print(rulebook_line(after, messages))
    return _Report(comparison, messages, None if new == SHIPPED else new).tell()


class _Report:
    """A comparison in words."""

    def __init__(self, comparison: Comparison, messages: Messages, folder: str | None) -> None:
        self._comparison, self._messages, self._folder = comparison, messages, folder
        self._case_of = case_finder(Grid(comparison.rulebooks[1]))

    def tell(self) -> int:
        comparison, messages = self._comparison, self._messages
        changed = comparison.changed()
        if changed:
            names = messages.listing(placed(at, messages) for at in changed)
            print(messages("diff_entries", entries=names))
        if reworded := comparison.reworded():
            names = messages.listing(placed(at, messages) for at in reworded)
            print(messages("diff_reworded", entries=names))
        if any(at[0] in _FIGURES for at in changed):
            print(messages("diff_figures"))
        if comparison.only_in_one:
            names = messages.listing(comparison.only_in_one)
            print(messages("diff_only_in_one", names=names))
        cells = comparison.cells()
        try:
            moved = self._grouped(comparison.moved(), self._verdict)
            shifted = self._grouped(comparison.shifted(), self._rest)
        except TooLargeError:
            print(messages("diff_too_large"))
            return 1
        if comparison.sampled:
            print(messages("diff_sampled", cells=f"{comparison.sampled:,}"))
        self._tell("diff_count", moved, cells)
        self._tell("diff_shifted", shifted, comparison.sampled or cells)
        if not moved and not shifted:
            print(messages("diff_none", cells=f"{cells:,}"))
        return 1 if changed or moved or shifted else 0

    def _grouped(self, moved: Iterable[Moved], texts_of: Callable[[Result], list[str]]) -> _Groups:
        """By what is said of them before and after, how many cells change alike, and one of
        them."""
        groups: _Groups = {}
        for change in moved:
            both = [*zip(texts_of(change.before), texts_of(change.after), strict=True)]
            differing = [pair for pair in both if pair[0] != pair[1]]
            was, now = (self._messages.listing(part) for part in zip(*differing, strict=True))
            cells, cell = groups.get((was, now), (0, change.cell))
            groups[was, now] = cells + change.cells, cell
        return groups

    def _tell(self, phrase: str, groups: _Groups, of: int) -> None:
        """Prints how many cells change, and the largest groups with an example of each."""
        if not groups:
            return
        messages, count = self._messages, sum(cells for cells, _ in groups.values())
        words = {"count": f"{count:,}", "cells": f"{of:,}", "share": percent(count, of)}
        print(messages(phrase, **words))
        largest = sorted(groups.items(), key=lambda item: -item[1][0])
        for (was, now), (cells, cell) in largest[:_MOST]:
            print(messages("diff_line", count=f"{cells:,}", before=was, after=now))
            print(f"    {messages('check_witness', command=self._example(cell))}")
        if len(groups) > _MOST:
            print(messages("diff_more", count=len(groups) - _MOST))

    def _example(self, cell: Cell) -> str:
        """A command that shows the new side, with costs that bring the margin of the cell about."""
        rulebook, space = self._comparison.rulebooks[1], self._comparison.spaces[1]
        inputs, case = rulebook.economy.inputs, self._case_of(cell) or {}
        costs = {name: value for name, value in case.items() if name in inputs}
        return witness(rulebook, {**few_answers(space, cell), **costs}, self._folder)

    def _verdict(self, result: Result) -> list[str]:
        messages, channels = self._messages, self._comparison.rulebooks[1].channels
        none = messages("map_none")
        return [
            messages("diff_recommended", channel=result.recommended or none),
            messages("diff_aim", channel=result.aim or none),
            messages("diff_weak" if result.weak else "diff_not_weak"),
            messages("diff_close" if result.close else "diff_not_close"),
            *(
                messages("diff_access", channel=channel, access=messages(f"access_{access}"))
                for channel, access in zip(channels, result.access, strict=False)
            ),
        ]

    def _rest(self, result: Result) -> list[str]:
        messages = self._messages
        none = messages("show_nothing")
        return [
            messages("diff_variant", variant=result.variant or none),
            messages("diff_critical", names=messages.listing(result.critical) or none),
            messages("diff_steps", names=messages.listing(result.steps) or none),
        ]
