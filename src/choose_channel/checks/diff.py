"""Two rulebooks, cell by cell: which results differ, and which entries moved them. Pure."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from choose_channel.answers.space import Cell, Space
from choose_channel.checks.grid import cells_of, hung_on
from choose_channel.checks.texts import is_text
from choose_channel.engine.evaluate import Evaluator, Result
from choose_channel.loading.build import build
from choose_channel.model.rulebook import IN_PARTS, Entry, Rulebook, entry_at


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
        entries = {at for at in self.changed() if at[0] in _RESULT}
        for pitfall in (one for book in self.rulebooks for one in book.pitfalls.values()):
            if ("pitfalls", pitfall.id) in entries:
                entries |= {("gates", gate) for gate in pitfall.gates}
        named = (one for book in self.rulebooks for one in book.named_conditions())
        read = [condition for at, condition in named if entry_at(at) in entries]
        return hung_on(self.space, read)

    def moved(self, cells: Iterable[Cell]) -> Iterator[Moved]:
        """Those of some cells that get another result."""
        for cell in cells:
            terms = self.space.terms(cell)
            old, new = self._before.result(terms), self._after.result(terms)
            if old != new:
                yield Moved(cell, old, new)

    def changed(self) -> list[Entry]:
        """The entries that decide otherwise in one than in the other, of whatever file; where they
        differ in the order of what stands in parts, the first that stands elsewhere."""
        before, after = (_deciding(book.written) for book in self.rulebooks)
        found = [at for at in {**before, **after} if before.get(at) != after.get(at)]
        both = before.keys() & after.keys()
        ranked = ([at for at in one if at[0] in IN_PARTS and at in both] for one in (before, after))
        found += [one for one, other in zip(*ranked, strict=True) if one != other][:1]
        return list(dict.fromkeys(found))


_RESULT = ("gates", "rules", "pitfalls", "channels")
"""The files whose entries make the result of a cell."""
_SILENT = (("rulebook", "version"), ("rulebook", "reviewed"), ("rulebook", "waivers"))
"""Entries that decide nothing."""
_ORIGIN = ("source", "facts")
"""Where an entry comes from; in the money, facts are figures to calculate with."""


def _deciding(written: Mapping[str, Any]) -> dict[Entry, Any]:
    """By where it stands, what decides of each entry: not its texts, nor where it comes from."""
    found: dict[Entry, Any] = {}
    for stem, data in written.items():
        in_parts = stem in IN_PARTS
        for part, entries in data.items() if in_parts else [("", data)]:
            for name, entry in (entries or {}).items():
                at = (stem, part, name) if in_parts else (stem, name)
                if at not in _SILENT:
                    found[at] = _without(entry, () if in_parts else _ORIGIN)
    return found


def _without(data: Any, keys: Container[str] = ()) -> Any:
    """The data without these keys, texts, and what is left open; its order counts."""
    if is_text(data):
        return None
    if isinstance(data, Mapping):
        parts = ((key, _without(part)) for key, part in data.items() if key not in keys)
        return [(key, part) for key, part in parts if part is not None]
    return data
