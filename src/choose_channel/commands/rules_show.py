"""An entry of a rulebook as sentences, or the whole picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from choose_channel.analysis.cells import cells_of, hung_on
from choose_channel.analysis.coverage import percent
from choose_channel.analysis.difference import Comparison, without
from choose_channel.analysis.grid import Grid
from choose_channel.analysis.sentences import sentence
from choose_channel.analysis.verdicts import outcome_map
from choose_channel.answers import plain
from choose_channel.errors import Fault, UsageError, nearest
from choose_channel.headline import answer_text, rulebook_line
from choose_channel.model import Gate, Pitfall, Rule, Rulebook, Step
from choose_channel.wording import Say

Entry = Rule | Gate | Pitfall | Step
_TEXTS = {
    "because": "show_because",
    "happens": "show_happens",
    "why": "show_because",
    "avoid": "show_avoid",
    "text": "show_text",
    "done_when": "show_done_when",
}
"""By the name of a text, the phrase that introduces it."""


def show(book: Rulebook, say: Say, name: str | None) -> int:
    """An entry as sentences, or the whole picture."""
    kinds: dict[str, Mapping[str, Entry]] = {
        "rules": book.rules,
        "gates": book.gates,
        "pitfalls": book.pitfalls,
        "plan": book.steps,
    }
    if name is None:
        grid = Grid(book)
        _tell_of_sample(len(grid.terms), say, exact=grid.exact)
        for stem, entries in kinds.items():
            kind = say("kind_steps" if stem == "plan" else f"kind_{stem}")
            print(say("show_access", channels=kind, access=say.listing(entries)))
        _print_map(grid, say)
        print(rulebook_line(book, say))
        return 0
    found = next((stem for stem, entries in kinds.items() if name in entries), None)
    if found is None:
        near = nearest(name, [known for entries in kinds.values() for known in entries])
        raise UsageError([Fault(say.hinted(say("show_unknown", key=name), near))])
    entry = kinds[found][name]
    counts = _counts(book, say, found, entry)
    print("\n".join([*_described(book, say, entry), counts]))
    return 0


def _tell_of_sample(cells: int, say: Say, *, exact: bool) -> None:
    if not exact:
        print(say("sampled", cells=f"{cells:,}"))


def _described(book: Rulebook, say: Say, entry: Any) -> Iterator[str]:
    """All there is to say of an entry itself."""
    yield entry.id
    if hasattr(entry, "title"):
        yield say.text(entry.title)
    yield say("show_when", text=sentence(entry.when, book, say))
    if hasattr(entry, "points"):
        names = {channel: say.text(book.channels[channel].short) for channel in entry.points}
        points = say.listing(f"{names[c]} {p:+d}" for c, p in entry.points.items())
        dimension = say.text(book.dimensions[entry.dimension])
        yield say("show_points", dimension=dimension, points=points)
    if hasattr(entry, "access"):
        channels = say.listing(say.text(book.channels[c].name) for c in entry.channels)
        yield say("show_access", channels=channels, access=say(f"access_{entry.access}"))
    for key, phrase in _TEXTS.items():
        if hasattr(entry, key):
            yield say(phrase, text=say.text(getattr(entry, key)))
    yield say("show_source", text=entry.source)
    facts = [
        say.sentences([say.text(book.facts[fact].says), say("show_inner", text=fact)])
        for fact in entry.facts
    ]
    if facts:
        yield say("show_facts", text=say.sentences(facts))


def _counts(book: Rulebook, say: Say, stem: str, entry: Entry) -> str:
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
