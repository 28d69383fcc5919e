"""Small rulebooks for the tests of proofs: a clean one, and copies with something else written."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Grid
from choose_channel.loading.build import build
from choose_channel.model.rulebook import Rulebook, Value

CLEAN = Path(__file__).parents[1] / "clean_rulebook"
Answers = Mapping[str, Value]
Words = Mapping[str, object]
Entry = tuple[str, ...]
Written = dict[str, Any]

GONE = object()
"""In the place of what is left out."""


class Like(NamedTuple):
    """An entry like another, with differences."""

    other: str
    differing: Written


class Spoil(NamedTuple):
    """Something wrong: what is written instead, and all that must be found."""

    kind: str
    edits: dict[Entry, object]
    findings: list[Entry]
    """Kind and entry, each in one tuple."""


def spoil(rulebook: Rulebook, edits: Mapping[Entry, object]) -> Rulebook:
    """The rulebook with something else written in some places."""
    written: Written = copy.deepcopy(dict(rulebook.written))
    for (*path, last), value in edits.items():
        place = written
        for key in path:
            place = place[key]
        if value is GONE:
            del place[last]
        elif isinstance(value, Like):
            place[last] = {**copy.deepcopy(place[value.other]), **value.differing}
        else:
            place[last] = value
    return build(written, "")


SUMS: dict[Entry, object] = {
    ("questions", "margin"): Like(
        "season",
        {
            "core": False,
            "derived": True,
            "effort": 5,
            "assumed": "even",
            "better": ["lost", "thin", "even"],
            "choices": {
                name: {
                    "label": {"zh": name, "en": name},
                    "place": None,
                    "example": None,
                    "aliases": [],
                }
                for name in ("even", "thin", "lost")
            },
        },
    ),
    ("gates", "nothing-is-left"): Like(
        "pears-bruise", {"channels": ["stall", "post"], "when": {"margin": "lost"}}
    ),
    ("rules", "thin-at-the-stall"): Like(
        "today-at-the-stall", {"when": {"margin": "thin"}, "points": {"stall": -8}}
    ),
    ("pitfalls", "little-is-left"): Like(
        "bruised",
        {
            "severity": "warning",
            "channels": ["stall", "post"],
            "gates": ["nothing-is-left"],
            "critical_when": {"margin": "lost"},
            "when": {"margin": ["thin", "lost"]},
        },
    ),
    ("plan", "raise-the-price"): Like("buy-boxes", {"unlocks": ["nothing-is-left"]}),
}
"""A margin that is worked out, and an entry of each kind that hangs on it."""


def every(grid: Grid) -> Iterator[tuple[Cell, int]]:
    """All cells of a small rulebook with their terms, one by one; of one without money, whose
    derived answers may all occur."""
    return grid.space.walk()
