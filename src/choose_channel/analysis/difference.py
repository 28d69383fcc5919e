"""Two rulebooks, cell by cell: which results differ, and which entries moved them. Pure."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from choose_channel.analysis.cells import cells_of, hung_on
from choose_channel.analysis.texts import is_text
from choose_channel.building import build
from choose_channel.evaluation import Evaluator, Result
from choose_channel.model import Entry, Rulebook
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
        return cells_of(self.space, *self.rulebooks, varied=self.hung_on())

    def hung_on(self) -> set[str]:
        """The questions on which the entries that differ hang, and the gates that these name."""
        entries = {*self._differing()}
        for pitfall in (one for book in self.rulebooks for one in book.pitfalls.values()):
            if ("pitfalls", pitfall.id) in entries:
                entries |= {("gates", gate) for gate in pitfall.gates}
        named = (one for book in self.rulebooks for one in book.named_conditions())
        return hung_on(self.space, [condition for at, condition in named if at[:2] in entries])

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
        holding = {
            at[:2]
            for book in self.rulebooks
            for at, condition in book.named_conditions()
            if at[-1] == "when" and seen & self.space.bits(condition)
        }
        return list(dict.fromkeys(entry[-1] for entry in self._differing() if entry in holding))

    def _differing(self) -> Iterator[Entry]:
        """The entries that decide otherwise in one than in the other."""
        before, after = (book.written for book in self.rulebooks)
        for stem in ("gates", "rules", "pitfalls", "channels"):
            for name in {**before[stem], **after[stem]}:
                if _deciding(before[stem].get(name)) != _deciding(after[stem].get(name)):
                    yield stem, name


def _deciding(entry: Mapping[str, Any] | None) -> Any:
    """What decides of an entry: not its texts, nor where it comes from."""
    silent = ("source", "facts")
    return _without_texts({k: part for k, part in (entry or {}).items() if k not in silent})


def _without_texts(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _without_texts(part) for key, part in data.items() if not is_text(part)}
    return data
