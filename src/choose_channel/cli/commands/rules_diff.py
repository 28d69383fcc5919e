"""Two rulebooks: which answers get another result, and which entries changed."""

from __future__ import annotations

from collections.abc import Mapping

from choose_channel.checks.coverage import percent
from choose_channel.checks.diff import Comparison, Moved
from choose_channel.checks.explain import placed, witness
from choose_channel.checks.grid import few_answers
from choose_channel.engine.evaluate import Result
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import Fault, RulebookError
from choose_channel.messages.i18n import Say
from choose_channel.model.rulebook import Entry, Rulebook
from choose_channel.report.verdict import rulebook_line

SHIPPED = "shipped"
"""Stands for the rulebook that comes with the program."""
_FIGURES = ("facts", "money")
"""The files of what a margin is worked out of, which no cell reads."""


def diff(say: Say, old: str, new: str) -> int:
    """Which entries changed, and which cells get another result. 0 without a difference, else 1."""
    before, after = (load_rulebook(None if one == SHIPPED else one, say.lang) for one in (old, new))
    shapes = _shape(before), _shape(after)
    other = [n for n in {**shapes[0], **shapes[1]} if shapes[0].get(n) != shapes[1].get(n)]
    if other:
        names = say.listing(other)
        raise RulebookError([Fault(say("diff_questions", questions=names))])
    compared = Comparison(before, after)
    cells, exact = compared.cells()
    found = list(compared.moved(cell for cell, _ in cells))
    print(rulebook_line(before, say))
    print(rulebook_line(after, say))
    if not exact:
        print(say("sampled", cells=f"{len(cells):,}"))
    changed = compared.changed()
    _tell_entries(changed, say)
    if not found:
        print(say("diff_none", cells=f"{len(cells):,}"))
        return 1 if changed else 0
    share = percent(len(found), len(cells))
    print(say("diff_count", count=f"{len(found):,}", cells=f"{len(cells):,}", share=share))
    groups: dict[tuple[Result, Result], list[Moved]] = {}
    for one in found:
        groups.setdefault((one.before, one.after), []).append(one)
    for (was, now), ones in sorted(groups.items(), key=lambda item: -len(item[1])):
        results = {"before": _result(was, say), "after": _result(now, say)}
        print(say("diff_line", count=f"{len(ones):,}", **results))
        answers = few_answers(after, compared.space, ones[0].cell)
        example = witness(after, answers, None if new == SHIPPED else new)
        print(f"    {say('check_witness', command=example)}")
    return 1


def _tell_entries(changed: list[Entry], say: Say) -> None:
    """The entries that changed, and what cells do not see of them."""
    if changed:
        print(say("diff_entries", entries=say.listing(placed(at, say) for at in changed)))
    if any(at[0] in _FIGURES for at in changed):
        print(say("diff_figures"))


def _shape(book: Rulebook) -> Mapping[str, tuple[object, ...]]:
    """By question, what makes its cells; and the channels."""
    return {
        name: (
            *(question.type, question.whole, question.minimum, question.above, question.maximum),
            *(question.applies, *(choice.id for choice in question.choices)),
        )
        for name, question in book.questions.items()
    } | {"channels": tuple(book.channels)}


def _result(result: Result, say: Say) -> str:
    recommended, aim, critical = result
    none = say("map_none")
    return say(
        "diff_result",
        recommended=recommended or none,
        aim=aim or none,
        critical=say.listing(critical) if critical else say("diff_no_critical"),
    )
