"""Compares two rulebooks: which answers get another result, and which entries changed."""

from __future__ import annotations

from collections.abc import Mapping

from choose_channel.checks.coverage import percent
from choose_channel.checks.diff import Comparison, Moved
from choose_channel.checks.explain import placed, witness
from choose_channel.checks.grid import few_answers
from choose_channel.cli.registry import Context
from choose_channel.engine.result import Result
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import Problem, RulebookError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Entry, Rulebook
from choose_channel.report.verdict import rulebook_line

SHIPPED = "shipped"
"""The name of the rulebook that comes with the program."""
_FIGURES = ("facts", "money")
"""The files from which margins are calculated. Cells hold the margin, so they do not show a
change there."""


def diff(messages: Messages, old: str, new: str) -> int:
    """Prints which entries changed and which cells get another result. 0 without a difference, else
    1."""
    before, after = (
        load_rulebook(None if one == SHIPPED else one, messages.lang) for one in (old, new)
    )
    shapes = _shape(before), _shape(after)
    other = [n for n in {**shapes[0], **shapes[1]} if shapes[0].get(n) != shapes[1].get(n)]
    if other:
        names = messages.listing(other)
        raise RulebookError([Problem(messages("diff_questions", questions=names))])
    comparison = Comparison(before, after)
    cells, exact = comparison.cells()
    moved = list(comparison.moved(cell for cell, _ in cells))
    print(rulebook_line(before, messages))
    print(rulebook_line(after, messages))
    if not exact:
        print(messages("sampled", cells=f"{len(cells):,}"))
    changed = comparison.changed()
    _print_changed(changed, messages)
    if not moved:
        print(messages("diff_none", cells=f"{len(cells):,}"))
        return 1 if changed else 0
    share = percent(len(moved), len(cells))
    print(messages("diff_count", count=f"{len(moved):,}", cells=f"{len(cells):,}", share=share))
    groups: dict[tuple[Result, Result], list[Moved]] = {}
    for one in moved:
        groups.setdefault((one.before, one.after), []).append(one)
    for (was, now), ones in sorted(groups.items(), key=lambda item: -len(item[1])):
        results = {"before": _result(was, messages), "after": _result(now, messages)}
        print(messages("diff_line", count=f"{len(ones):,}", **results))
        answers = few_answers(after, comparison.space, ones[0].cell)
        example = witness(after, answers, None if new == SHIPPED else new)
        print(f"    {messages('check_witness', command=example)}")
    return 1


def _print_changed(changed: list[Entry], messages: Messages) -> None:
    """Prints the entries that changed, and whether cells do not show all of what they change."""
    if changed:
        print(
            messages(
                "diff_entries", entries=messages.listing(placed(at, messages) for at in changed)
            )
        )
    if any(at[0] in _FIGURES for at in changed):
        print(messages("diff_figures"))


def _shape(book: Rulebook) -> Mapping[str, tuple[object, ...]]:
    """By question, whatever decides its cells; and the channels."""
    return {
        name: (
            *(question.type, question.whole, question.minimum, question.above, question.maximum),
            *(question.applies, *(choice.id for choice in question.choices)),
        )
        for name, question in book.questions.items()
    } | {"channels": tuple(book.channels)}


def _result(result: Result, messages: Messages) -> str:
    recommended, aim, critical = result.recommended, result.aim, result.critical
    none = messages("map_none")
    return messages(
        "diff_result",
        recommended=recommended or none,
        aim=aim or none,
        critical=messages.listing(critical) if critical else messages("diff_no_critical"),
    )


def command(context: Context, old: str, new: str) -> int:
    """`rules diff OLD NEW`"""
    return diff(context.messages, old, new)
