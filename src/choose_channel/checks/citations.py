"""Which entries cite a fact, figures without one, and facts that are old; and which lines and roles
of the money read an input."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.texts import texts_in
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

_CITING = ("rules", "pitfalls", "gates")
"""The files whose figures are facts. Those of a step are our own: how long it takes, what it costs,
when it is done."""
_FIGURE = re.compile(r"\d[\d,.]*\s?(%|percent|days?|weeks?|months?|USD|dollars?|times|seconds?)")

Mentions = Mapping[str, list[Entry]]
"""By id of a fact or input, the entries that mention it."""


def citations(rulebook: Rulebook) -> Mentions:
    """By fact, the entries that cite it or calculate with it."""
    citing: dict[Entry, Mapping[str, Question | Gate | Rule | Pitfall | Step | Line]] = {
        ("questions",): rulebook.questions,
        ("gates",): rulebook.gates,
        ("rules",): rulebook.rules,
        ("pitfalls",): rulebook.pitfalls,
        ("plan",): rulebook.steps,
        ("money", "inputs"): rulebook.economy.inputs,
        ("money", "lines"): rulebook.economy.lines,
    }
    mentions: dict[str, list[Entry]] = {name: [] for name in rulebook.facts}
    for at, entries in citing.items():
        for entry in entries.values():
            cited = entry.cites if isinstance(entry, Line) else ()
            for fact in dict.fromkeys((*entry.facts, *cited)):
                mentions[fact].append((*at, entry.id))
    for at, name in _roles(rulebook, "fact"):
        mentions[name].append(at)
    return mentions


def readers(rulebook: Rulebook) -> Mentions:
    """By money input, the lines and roles that read it; an exchange rate is read where a cost is
    given in yuan."""
    mentions: dict[str, list[Entry]] = {name: [] for name in rulebook.economy.inputs}
    for line in rulebook.economy.lines.values():
        if line.input is not None:
            mentions[line.input].append(("money", "lines", line.id))
    for at, name in _roles(rulebook, "input"):
        mentions[name].append(at)
    if rate := rulebook.economy.rate:
        costs = (name for name, entry in rulebook.economy.inputs.items() if entry.unit == "usd")
        mentions[rate] += [("money", "inputs", name) for name in costs]
    return mentions


def _roles(rulebook: Rulebook, kind: str) -> Iterator[tuple[Entry, str]]:
    """The roles that are played by entries of this kind, and the ids of these entries."""
    roles = rulebook.economy.roles
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


def figures_without_a_fact(grid: Grid) -> Iterator[Finding]:
    """Advice that names money, days or percent and cites no fact for it."""
    for stem in _CITING:
        for name, entry in grid.rulebook.written[stem].items():
            if not entry["facts"]:
                for at, text in texts_in(entry, (stem, name)):
                    figure = _FIGURE.search(text["en"])
                    if figure:
                        yield Finding("figure_without_fact", at, {"figure": figure[0]})
                        break


def stale(rulebook: Rulebook, today: str, days: int) -> Iterator[Finding]:
    """Facts that are more than `days` days old on the ISO date `today`; a fact without a date is
    passed over. No proof, since it depends on the day."""
    now = datetime.date.fromisoformat(today)
    for name, fact in rulebook.facts.items():
        if fact.as_of:
            age = (now - datetime.date.fromisoformat(fact.as_of)).days
            if age > days:
                yield Finding("stale_fact", ("facts", name), {"date": fact.as_of, "days": age})
