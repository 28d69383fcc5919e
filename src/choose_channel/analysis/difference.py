"""Two rulebooks, cell by cell: which results differ, and which entries moved them. Pure."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from choose_channel.analysis.grid import Grid
from choose_channel.building import build
from choose_channel.evaluation import Evaluator, Result
from choose_channel.model import Rulebook
from choose_channel.space import Cell, Space


class Moved(NamedTuple):
    """A cell whose result is another, and the terms that hold there."""

    cell: Cell
    before: Result
    after: Result


def edited(rulebook: Rulebook, stem: str, name: str, entry: Mapping[str, Any] | None) -> Rulebook:
    """The rulebook with one entry put in another's place, or taken out where it is None."""
    data = {**rulebook.written, stem: dict(rulebook.written[stem])}
    if entry is None:
        del data[stem][name]
        data = _forgotten(data, stem, name)
    else:
        data[stem][name] = entry
    return build(data, "")


def without(rulebook: Rulebook, stem: str, name: str) -> Rulebook:
    """The rulebook without an entry."""
    return edited(rulebook, stem, name, None)


def _forgotten(data: dict[str, Any], stem: str, name: str) -> dict[str, Any]:
    """Pitfalls and steps that spoke of a gate that is gone, without the mention."""
    if stem == "gates":
        for other, key in (("pitfalls", "gates"), ("plan", "unlocks")):
            data[other] = copy.deepcopy(data[other])
            for entry in data[other].values():
                entry[key] = [one for one in entry[key] if one != name]
    return data


def moved(grid: Grid, other: Rulebook, cells: Iterable[Cell] | None = None) -> Iterator[Moved]:
    """The cells (of `cells`, or of the grid) that get another result under another rulebook with
    the same questions and cut points. Without `cells`, the other's cut points count as well."""
    space = Space(
        grid.rulebook.questions.values(),
        itertools.chain(grid.rulebook.conditions(), other.conditions()),
    )
    before, after = Evaluator(grid.rulebook, space), Evaluator(other, space)
    if cells is None:
        walked: Iterable[tuple[Cell, int]] = (
            space.walk() if grid.exact else space.sample(None, 100_000)
        )
    else:
        walked = ((cell, space.terms(cell)) for cell in cells)
    for cell, terms in walked:
        old, new = before.result(terms), after.result(terms)
        if old != new:
            yield Moved(cell, old, new)
