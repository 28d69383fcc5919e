"""Texts and figures: translated texts, figures with a fact behind them, facts of a recent date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from choose_channel.checks.grid import Finding, Grid
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.rulebook import Entry, Rulebook

_CITING = ("rules", "pitfalls", "plan", "gates")
"""The files whose entries cite facts."""
_OWN_FIGURES = ("takes", "costs", "done_when", "title", "text")
"""The texts of a step that hold figures of our own: how long it takes, what it costs, when it is
done."""
_FIGURE = re.compile(r"\d[\d,.]*\s?(%|percent|days?|weeks?|months?|USD|dollars?|times|seconds?)")


def is_text(data: object) -> TypeGuard[Mapping[str, str]]:
    """Whether this is one text in each language."""
    if not isinstance(data, Mapping) or set(data) != set(LANGUAGES):
        return False
    return all(isinstance(text, str) for text in data.values())


def _texts(data: Any, at: Entry) -> Iterator[tuple[Entry, Mapping[str, str]]]:
    if is_text(data):
        yield at, data
    elif isinstance(data, Mapping):
        for key, part in data.items():
            yield from _texts(part, (*at, str(key)))
    elif isinstance(data, list):
        for number, part in enumerate(data):
            yield from _texts(part, (*at, str(number)))


def same_in_both_languages(grid: Grid) -> Iterator[Finding]:
    """Texts that were never translated."""
    for stem, entries in grid.rulebook.written.items():
        for at, text in _texts(entries, (stem,)):
            words = re.findall(r"[^\W\d_]{2,}", text[LANGUAGES[0]])
            # A name or an address may be the same in both languages; a sentence is not.
            if len(set(text.values())) == 1 and len(words) > 3:
                yield Finding("same_text", at)


def figures_without_a_fact(grid: Grid) -> Iterator[Finding]:
    """Advice that names money, days or percent and cites no fact for it."""
    for stem in _CITING:
        for name, entry in grid.rulebook.written[stem].items():
            if not entry["facts"]:
                for at, text in _texts(entry, (stem, name)):
                    figure = _FIGURE.search(text["en"])
                    if figure and not (stem == "plan" and at[-1] in _OWN_FIGURES):
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
