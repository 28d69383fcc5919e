"""Two rulebooks: which answers get another result, and which entries changed."""

from __future__ import annotations

from choose_channel.analysis.coverage import percent
from choose_channel.analysis.difference import Moved, moved
from choose_channel.analysis.grid import Grid
from choose_channel.analysis.sentences import witness
from choose_channel.errors import Fault, RulebookError
from choose_channel.evaluation import Result
from choose_channel.headline import rulebook_line
from choose_channel.loading import load_rulebook
from choose_channel.model import Rulebook, Say

SHIPPED = "shipped"
"""Stands for the rulebook that comes with the program."""


def diff(say: Say, old: str, new: str) -> int:
    """Which cells get another result. 0 when none does, else 1."""
    before, after = (load_rulebook(None if one == SHIPPED else one, say.lang) for one in (old, new))
    changed = sorted(_shape(before).items() ^ _shape(after).items())
    if changed:
        names = say.listing(dict.fromkeys(name for name, _ in changed))
        raise RulebookError([Fault(say("diff_questions", questions=names))])
    grid = Grid(before)
    found = list(moved(grid, after))
    print(rulebook_line(before, say))
    print(rulebook_line(after, say))
    entries = _changed_entries(before, after)
    if entries:
        print(say("diff_entries", entries=say.listing(entries)))
    if not found:
        print(say("diff_none"))
        return 0
    share = percent(len(found), len(grid.terms))
    print(say("diff_count", count=f"{len(found):,}", cells=f"{len(grid.terms):,}", share=share))
    groups: dict[tuple[Result, Result], list[Moved]] = {}
    for one in found:
        groups.setdefault((one.before, one.after), []).append(one)
    for (was, now), ones in sorted(groups.items(), key=lambda item: -len(item[1])):
        print(
            say(
                "diff_line",
                count=f"{len(ones):,}",
                before=_result(was, say),
                after=_result(now, say),
            )
        )
        print(f"    {say('check_witness', command=witness(grid, ones[0].cell, None))}")
    return 1


def _shape(book: Rulebook) -> dict[str, tuple[str, ...]]:
    return {
        name: (question.type, *(choice.id for choice in question.choices))
        for name, question in book.questions.items()
    } | {"channels": tuple(book.channels)}


def _changed_entries(before: Rulebook, after: Rulebook) -> list[str]:
    names = []
    for stem in before.written:
        if stem not in ("wording", "facts", "rulebook"):
            old, new = before.written[stem], after.written[stem]
            names += [n for n in {**old, **new} if old.get(n) != new.get(n)]
    return names


def _result(result: Result, say: Say) -> str:
    recommended, aim, critical = result
    none = say("map_none")
    return say(
        "diff_result",
        recommended=recommended or none,
        aim=aim or none,
        critical=say.listing(critical) if critical else none,
    )
