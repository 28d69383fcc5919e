"""An entry of a rulebook as sentences, or the whole picture."""

from __future__ import annotations

from collections import Counter

from choose_channel.answers.format import answer_text
from choose_channel.checks.coverage import percent
from choose_channel.checks.diff import Comparison, without
from choose_channel.checks.explain import described, entries_of, file_of
from choose_channel.checks.grid import Grid, cells_of, hung_on
from choose_channel.checks.verdicts import outcome_map
from choose_channel.messages.errors import Fault, UsageError, nearest
from choose_channel.messages.i18n import Say
from choose_channel.model.naming import plain
from choose_channel.model.rulebook import Entry, Gate, Pitfall, Rule, Rulebook, Step
from choose_channel.report.verdict import rulebook_line

Advice = Rule | Gate | Pitfall | Step


def show(book: Rulebook, say: Say, name: str | None) -> int:
    """An entry as sentences, or the whole picture."""
    kinds = entries_of(book)
    if name is None:
        grid = Grid(book)
        _tell_of_sample(len(grid.terms), say, exact=grid.exact)
        for at, entries in kinds.items():
            if entries:
                print(say("show_access", channels=_kind(at, say), access=say.listing(entries)))
        _print_map(grid, say)
        print(rulebook_line(book, say))
        return 0
    found = [(*at, name) for at, entries in kinds.items() if name in entries]
    if not found:
        near = nearest(name, [known for entries in kinds.values() for known in entries])
        raise UsageError([Fault(say.hinted(say("show_unknown", key=name), near))])
    for number, at in enumerate(found):
        entry = kinds[at[:-1]][name]
        counts = [_counts(book, say, at[0], entry)] if isinstance(entry, Advice) else []
        print("\n".join([*([""] if number else []), *described(book, say, at), *counts]))
    return 0


def _kind(at: Entry, say: Say) -> str:
    key = "kind_steps" if at[0] == "plan" else f"kind_{at[0]}"
    return say(key) if key in say.phrases else file_of(at)


def _tell_of_sample(cells: int, say: Say, *, exact: bool) -> None:
    if not exact:
        print(say("sampled", cells=f"{cells:,}"))


def _counts(book: Rulebook, say: Say, stem: str, entry: Advice) -> str:
    """Where an entry holds and, of a rule or gate, where it decides."""
    compared = Comparison(book, without(book, stem, entry.id))
    varied = hung_on(compared.space, [entry.when])
    cells, exact = cells_of(compared.space, book, varied=varied)
    _tell_of_sample(len(cells), say, exact=exact)
    bits = compared.space.bits(entry.when)
    holding = [cell for cell, terms in cells if terms & bits]
    words = {"fires": f"{len(holding):,}", "cells": f"{len(cells):,}"}
    counts = [say("show_fires", **words, share=percent(len(holding), len(cells)))]
    if isinstance(entry, (Rule, Gate)):
        decides = sum(1 for _ in compared.moved(holding))
        counts.append(say("show_decides", decides=f"{decides:,}"))
    return say.sentences(counts)


def _print_map(grid: Grid, say: Say) -> None:
    book = grid.rulebook
    first = grid.space.axes[0]
    labels = {plain(value): answer_text(first.question, value, say) for value in first.values}
    print(f"\n{say('map_title')}")
    for choice, part in outcome_map(grid).items():
        total = sum(part["recommended"].values())
        print(f"  {labels[choice]} ({total:,})")
        for name in (*book.channels, ""):
            count = part["recommended"].get(name, 0)
            if count:
                label = say.text(book.channels[name].short) if name else say("map_none")
                bar = "#" * max(1, 30 * count // total)
                print(f"    {percent(count, total):>8}  {bar} {label}")
    print(f"\n{say('map_access')}")
    for channel in book.channels.values():
        access = Counter(standing.access[channel.id] for standing in grid.standings.values())
        shares = say.listing(
            f"{say(f'access_{state}')} {percent(count, len(grid.standings))}"
            for state, count in sorted(access.items())
        )
        print(f"  {say('show_access', channels=say.text(channel.name), access=shares)}")
