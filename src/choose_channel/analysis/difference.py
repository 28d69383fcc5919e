"""Two rulebooks, cell by cell: which results differ, and which entries moved them. Pure."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from choose_channel.analysis.cells import SAMPLE, allowed, cells_of, held, hung_on
from choose_channel.analysis.texts import is_text
from choose_channel.building import build
from choose_channel.evaluation import Evaluator, Result
from choose_channel.model import Gate, Pitfall, Rule, Rulebook
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


class Comparison:
    """Two rulebooks with the same questions, in a space that holds the cut points of both."""

    def __init__(self, before: Rulebook, after: Rulebook) -> None:
        self.rulebooks = before, after
        self.space = Space(
            before.questions.values(), itertools.chain(before.conditions(), after.conditions())
        )
        self._before, self._after = Evaluator(before, self.space), Evaluator(after, self.space)

    def cells(self) -> tuple[list[tuple[Cell, int]], bool]:
        """All cells with their terms, and whether these are all or a sample; derived answers are
        varied where a difference hangs on them."""
        most = allowed(self.space, *self.rulebooks)
        return cells_of(self.space, held(self.space, self.hung_on()), most, min(SAMPLE, most))

    def hung_on(self) -> set[str]:
        """The questions on which the differences hang: those of conditions that differ, of entries
        that do, and of gates that these name."""
        before, after = ({*book.named_conditions()} for book in self.rulebooks)
        changed, names = before ^ after, set[str]()
        for entry in self._differing():
            names |= {entry.id, *(entry.gates if isinstance(entry, Pitfall) else ())}
        every = before | after
        return hung_on(self.space, [c for at, c in every if (at, c) in changed or at[1] in names])

    def moved(self, cells: Iterable[Cell]) -> Iterator[Moved]:
        """Those of some cells that get another result."""
        for cell in cells:
            terms = self.space.terms(cell)
            old, new = self._before.result(terms), self._after.result(terms)
            if old != new:
                yield Moved(cell, old, new)

    def movers(self, cells: Iterable[Cell]) -> list[str]:
        """The entries that decide otherwise in one than in the other, and hold in some cells."""
        seen = 0
        for cell in cells:
            seen |= self.space.terms(cell)
        holding = (one for one in self._differing() if seen & self.space.bits(one.when))
        return list(dict.fromkeys(entry.id for entry in holding))

    def _differing(self) -> Iterator[Gate | Rule | Pitfall]:
        """The entries of either rulebook that decide otherwise than in the other."""
        before, after = (book.written for book in self.rulebooks)
        for stem in ("gates", "rules", "pitfalls"):
            for book in self.rulebooks:
                for name, entry in getattr(book, stem).items():
                    old, new = before[stem].get(name), after[stem].get(name)
                    if _deciding(old) != _deciding(new):
                        yield entry


def _deciding(entry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What decides of an entry: not its texts, nor where it comes from."""
    if entry is None:
        return None
    silent = ("source", "facts")
    return {key: part for key, part in entry.items() if key not in silent and not is_text(part)}
