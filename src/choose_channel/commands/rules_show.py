"""An entry of a rulebook as sentences, or the whole picture."""

from __future__ import annotations

from collections import Counter
from typing import Any

from choose_channel.analysis.coverage import percent
from choose_channel.analysis.difference import Comparison, without
from choose_channel.analysis.grid import Grid
from choose_channel.analysis.sentences import sentence
from choose_channel.analysis.verdicts import outcome_map
from choose_channel.answers import plain
from choose_channel.errors import Fault, UsageError, nearest
from choose_channel.headline import answer_text, rulebook_line
from choose_channel.model import Rulebook
from choose_channel.wording import Say

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
    grid = Grid(book)
    if not grid.exact:
        print(say("sampled", cells=f"{len(grid.terms):,}"))
    if name is None:
        kinds = {"rules": book.rules, "gates": book.gates, "pitfalls": book.pitfalls}
        for kind, entries in {**kinds, "steps": book.steps}.items():
            print(say("show_access", channels=say(f"kind_{kind}"), access=say.listing(entries)))
        _print_map(grid, say)
        print(rulebook_line(book, say))
        return 0
    known = {**book.steps, **book.pitfalls, **book.gates, **book.rules}
    if name not in known:
        near = nearest(name, known)
        raise UsageError([Fault(say.hinted(say("show_unknown", key=name), near))])
    print("\n".join(_entry(book, say, grid, name)))
    return 0


def _entry(book: Rulebook, say: Say, grid: Grid, name: str) -> list[str]:
    entry: Any = next(
        part[name] for part in (book.rules, book.gates, book.pitfalls, book.steps) if name in part
    )
    lines = [name]
    if hasattr(entry, "title"):
        lines.append(say.text(entry.title))
    lines.append(say("show_when", text=sentence(entry.when, book, say)))
    if hasattr(entry, "points"):
        names = {channel: say.text(book.channels[channel].short) for channel in entry.points}
        points = say.listing(f"{names[c]} {p:+d}" for c, p in entry.points.items())
        dimension = say.text(book.dimensions[entry.dimension])
        lines.append(say("show_points", dimension=dimension, points=points))
    if hasattr(entry, "access"):
        channels = say.listing(say.text(book.channels[c].name) for c in entry.channels)
        access = say(f"access_{entry.access}")
        lines.append(say("show_access", channels=channels, access=access))
    for key, phrase in _TEXTS.items():
        if hasattr(entry, key):
            lines.append(say(phrase, text=say.text(getattr(entry, key))))
    lines.append(say("show_source", text=entry.source))
    facts = [
        say.sentences([say.text(book.facts[fact].says), say("show_inner", text=fact)])
        for fact in entry.facts
    ]
    if facts:
        lines.append(say("show_facts", text=say.sentences(facts)))
    cells = [cell for cell, _ in grid.where(entry.when)]
    share = percent(len(cells), len(grid.terms))
    counts = [say("show_fires", fires=f"{len(cells):,}", cells=f"{len(grid.terms):,}", share=share)]
    stem = next((s for s in ("rules", "gates") if name in book.written[s]), None)
    if stem:
        compared = Comparison(book, without(book, stem, name))
        decides = sum(1 for _ in compared.moved(cells))
        counts.append(say("show_decides", decides=f"{decides:,}"))
    lines.append(say.sentences(counts))
    return lines


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
