"""Which entries cite a fact, and which lines and roles of the money read an input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from choose_channel.checks.grid import Finding, Grid
from choose_channel.model.rulebook import (
    ROLES,
    Entry,
    Gate,
    Line,
    Pitfall,
    Question,
    Rule,
    Rulebook,
    Step,
)

Mentions = Mapping[str, list[Entry]]
"""By id of a fact or input, the entries that mention it."""


def citations(book: Rulebook) -> Mentions:
    """By fact, the entries that cite it or calculate with it."""
    citing: dict[Entry, Mapping[str, Question | Gate | Rule | Pitfall | Step | Line]] = {
        ("questions",): book.questions,
        ("gates",): book.gates,
        ("rules",): book.rules,
        ("pitfalls",): book.pitfalls,
        ("plan",): book.steps,
        ("money", "inputs"): book.economy.inputs,
        ("money", "lines"): book.economy.lines,
    }
    mentions: dict[str, list[Entry]] = {name: [] for name in book.facts}
    for at, entries in citing.items():
        for entry in entries.values():
            cited = entry.cites if isinstance(entry, Line) else ()
            for fact in dict.fromkeys((*entry.facts, *cited)):
                mentions[fact].append((*at, entry.id))
    for at, name in _roles(book, "fact"):
        mentions[name].append(at)
    return mentions


def readers(book: Rulebook) -> Mentions:
    """By money input, the lines and roles that read it; an exchange rate is read where a cost is
    given in yuan."""
    mentions: dict[str, list[Entry]] = {name: [] for name in book.economy.inputs}
    for line in book.economy.lines.values():
        if line.input is not None:
            mentions[line.input].append(("money", "lines", line.id))
    for at, name in _roles(book, "input"):
        mentions[name].append(at)
    if rate := book.economy.rate:
        costs = (name for name, one in book.economy.inputs.items() if one.unit == "usd")
        mentions[rate] += [("money", "inputs", name) for name in costs]
    return mentions


def _roles(book: Rulebook, kind: str) -> Iterator[tuple[Entry, str]]:
    """The roles that are played by entries of this kind, and the ids of these entries."""
    roles = book.economy.roles
    for name, role in ROLES.items() if roles else ():
        if role.sort == kind:
            yield ("money", "roles", name), getattr(roles, name)


def uncited_facts(grid: Grid) -> Iterator[Finding]:
    """Facts that no entry refers to: no report shows them and no figure is made from them."""
    for name, entries in citations(grid.rulebook).items():
        if not entries:
            yield Finding("uncited_fact", ("facts", name))


def unread_inputs(grid: Grid) -> Iterator[Finding]:
    """Money inputs that no line or role reads, so that giving them changes nothing."""
    for name, entries in readers(grid.rulebook).items():
        if not entries:
            yield Finding("unread_input", ("money", "inputs", name))
