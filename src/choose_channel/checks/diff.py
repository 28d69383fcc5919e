"""Two rulebooks compared, cell by cell: which results differ, and which entries changed."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from choose_channel.answers.space import Cell, Space
from choose_channel.checks.grid import cells_of, questions_read
from choose_channel.checks.texts import is_text
from choose_channel.engine.evaluate import Evaluator
from choose_channel.engine.plan import Planner
from choose_channel.engine.result import Result, Results
from choose_channel.loading.build import build
from choose_channel.model.rulebook import IN_PARTS, Entry, Rulebook, entry_at


class Moved(NamedTuple):
    """A cell with another result, and its results before and after."""

    cell: Cell
    before: Result
    after: Result


def edited(rulebook: Rulebook, stem: str, name: str, entry: Mapping[str, Any] | None) -> Rulebook:
    """The rulebook with one entry replaced, or removed where `entry` is None.

    Pitfalls and steps no longer mention a gate that was removed.
    """
    data = {**rulebook.written, stem: dict(rulebook.written[stem])}
    if entry is not None:
        data[stem][name] = entry
        return build(data, "")
    del data[stem][name]
    if stem == "gates":
        for other, key in (("pitfalls", "gates"), ("plan", "unlocks")):
            data[other] = copy.deepcopy(data[other])
            for mentioning in data[other].values():
                mentioning[key] = [gate for gate in mentioning[key] if gate != name]
    return build(data, "")


def without(rulebook: Rulebook, stem: str, name: str) -> Rulebook:
    """The rulebook without an entry."""
    return edited(rulebook, stem, name, None)


class Comparison:
    """Two rulebooks with the same questions, in a space that is cut where either cuts a number."""

    def __init__(self, before: Rulebook, after: Rulebook) -> None:
        self.rulebooks = before, after
        self.space = Space(
            before.questions.values(), itertools.chain(before.conditions(), after.conditions())
        )
        ready = Evaluator(before, self.space), Evaluator(after, self.space)
        self._before, self._after = (Results(one, Planner(one)) for one in ready)

    def cells(self) -> tuple[list[tuple[Cell, int]], bool]:
        """The cells with their terms, and whether these are all cells; false means a sample.

        Derived answers are varied where an entry that changed reads them, else held.
        """
        return cells_of(self.space, *self.rulebooks, varied=self.questions_read())

    def questions_read(self) -> set[str]:
        """The questions that the changed entries read, or the gates that they name."""
        entries = {at for at in self.changed() if at[0] in _RESULT}
        for pitfall in (one for book in self.rulebooks for one in book.pitfalls.values()):
            if ("pitfalls", pitfall.id) in entries:
                entries |= {("gates", gate) for gate in pitfall.gates}
        named = (one for book in self.rulebooks for one in book.named_conditions())
        read = [condition for at, condition in named if entry_at(at) in entries]
        return questions_read(self.space, read)

    def moved(self, cells: Iterable[Cell]) -> Iterator[Moved]:
        """Those of some cells that get another result."""
        for cell in cells:
            terms = self.space.terms(cell)
            old, new = self._before.at(terms), self._after.at(terms)
            if old != new:
                yield Moved(cell, old, new)

    def changed(self) -> list[Entry]:
        """The entries of any file whose decisive content changed. In files whose entries stand in
        parts, their order decides too: where it changed, the first entry out of place."""
        before, after = (_deciding(book.written) for book in self.rulebooks)
        changed = [at for at in {**before, **after} if before.get(at) != after.get(at)]
        both = before.keys() & after.keys()
        ranked = ([at for at in one if at[0] in IN_PARTS and at in both] for one in (before, after))
        changed += [one for one, other in zip(*ranked, strict=True) if one != other][:1]
        return list(dict.fromkeys(changed))


_RESULT = ("gates", "rules", "pitfalls", "channels", "plan")
"""The files whose entries decide the result of a cell."""
_SILENT = (("rulebook", "version"), ("rulebook", "reviewed"), ("rulebook", "waivers"))
"""Entries that decide nothing."""
_ORIGIN = ("source", "facts")
"""The keys that say where an entry comes from. In money.yaml, facts are figures and do count."""


def _deciding(written: Mapping[str, Any]) -> dict[Entry, Any]:
    """By place, the decisive content of each entry: neither its texts nor where it comes from."""
    deciding: dict[Entry, Any] = {}
    for stem, data in written.items():
        in_parts = stem in IN_PARTS
        for part, entries in data.items() if in_parts else [("", data)]:
            for name, entry in (entries or {}).items():
                at = (stem, part, name) if in_parts else (stem, name)
                if at not in _SILENT:
                    deciding[at] = _without(entry, () if in_parts else _ORIGIN)
    return deciding


def _without(data: Any, keys: Container[str] = ()) -> Any:
    """The data without these keys, texts and nulls, as pairs whose order counts."""
    if is_text(data):
        return None
    if isinstance(data, Mapping):
        parts = ((key, _without(part)) for key, part in data.items() if key not in keys)
        return [(key, part) for key, part in parts if part is not None]
    return data
