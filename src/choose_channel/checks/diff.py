"""Two rulebooks compared over all cells: which results differ, and which entries changed."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.space import Axis, Cell, Space
from choose_channel.checks.grid import limits, occurs
from choose_channel.checks.texts import is_text
from choose_channel.checks.walk import Beside, Reader, TooLargeError, walk_beside
from choose_channel.engine.evaluate import Evaluator
from choose_channel.engine.plan import Planner
from choose_channel.engine.result import Result, Results
from choose_channel.loading.build import build
from choose_channel.model.conditions import ALWAYS, Condition, questions_in
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import (
    IN_PARTS,
    Entry,
    Question,
    Rulebook,
    Value,
    entry_at,
)

SAMPLE = 20_000
"""The number of cells in a sample."""


class Moved(NamedTuple):
    """Cells with another result: one of them, how many there are, and its results."""

    cell: Cell
    cells: int
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
    """Two rulebooks, compared over the questions and choices that both have.

    `only_in_one` names what only one of them has: such a question keeps its assumed answer, and
    such a choice is left out. There is a space for each, with the questions of both in one order,
    cut where either of them cuts a number. ValueError where there is no such order.
    """

    def __init__(self, before: Rulebook, after: Rulebook) -> None:
        self.rulebooks = before, after
        names = _in_order(after.questions, before.questions)
        conditions = [*before.conditions(), *after.conditions()]
        self.spaces = (
            Space((before.questions.get(n) or after.questions[n] for n in names), conditions),
            Space((after.questions.get(n) or before.questions[n] for n in names), conditions),
        )
        evaluators = [Evaluator(*both) for both in zip(self.rulebooks, self.spaces, strict=True)]
        self._results = [Results(evaluator, Planner(evaluator)) for evaluator in evaluators]
        self.only_in_one: list[str] = []
        self._pairs = [
            self._paired(*axes) for axes in zip(*(s.axes for s in self.spaces), strict=True)
        ]
        self.sampled = 0
        """How many cells were looked at for `shifted`, where it was a sample."""

    def _paired(self, before: Axis, after: Axis) -> list[tuple[int, int]]:
        """The bands into which an answer falls on both sides."""
        name = before.question.id
        kinds = {(axis.question.type, axis.question.derived) for axis in (before, after)}
        if len(kinds) > 1 or not all(name in rulebook.questions for rulebook in self.rulebooks):
            self.only_in_one.append(name)
            return [(before.assumed or 1, after.assumed or 1)]
        both = [(value, value) for value in (*after.answers, *before.answers)]
        if kind_of(before.question).listed:
            here, there = _by_name(before), _by_name(after)
            both = [(here[spelled], there[spelled]) for spelled in here if spelled in there]
            every = dict.fromkeys((*here.values(), *there.values()))
            shared = {value for pair in both for value in pair}
            self.only_in_one += [f"{name} {to_text(v)}" for v in every if v not in shared]
        return list(dict.fromkeys((before.band(mine), after.band(yours)) for mine, yours in both))

    def cells(self) -> int:
        """How many cells are compared."""
        return sum(pair.cells for pair in self._beside())

    def moved(self) -> Iterator[Moved]:
        """The cells where another channel is recommended or aimed at, one is more or less open, or
        the recommended one is weak or close where it was not. Raises TooLargeError."""
        moved = self._moved(self._beside(scored=True)) if self._moving() else ()
        return (cells for cells in moved if _verdict(cells.before) != _verdict(cells.after))

    def shifted(self) -> Iterator[Moved]:
        """The other cells with another result: only the variant, the critical pitfalls or this
        week's steps differ. Where there is too much to tell apart, a sample is looked at."""
        touched = self._touched()
        moved: Iterable[Moved] = ()
        if touched:
            try:
                moved = self._moved(self._beside(self._shifting(), scored=True, require=touched))
            except TooLargeError:
                self.sampled = SAMPLE
                moved = self.in_sample()
        return (cells for cells in moved if _verdict(cells.before) == _verdict(cells.after))

    def _moved(self, pairs: Iterable[Beside]) -> Iterator[Moved]:
        first, second = self._results
        for pair in pairs:
            before, after = first.at(pair.left.terms), second.at(pair.right.terms)
            if before != after:
                yield Moved(pair.right.cell, pair.cells, before, after)

    def in_sample(self) -> Iterator[Moved]:
        """Those of SAMPLE cells, drawn at random answer by answer, that get another result."""
        first, second = self.spaces
        options = [list(dict.fromkeys(band for band, _ in pairs)) for pairs in self._pairs]
        across = [dict(pairs) for pairs in self._pairs]
        margins = limits(self.rulebooks[0], first)
        for cell, terms in first.sample(options, SAMPLE):
            bands = {axis: across[axis][band] for axis, band in enumerate(cell) if band}
            there, terms_there = second.move(cell, bands, lambda axis: self._pairs[axis][0][1])
            before, after = self._results[0].at(terms), self._results[1].at(terms_there)
            if before != after and occurs(margins, cell, terms):
                yield Moved(there, 1, before, after)

    def _beside(
        self,
        read: Sequence[Condition] = (),
        *,
        scored: bool = False,
        require: Sequence[Condition] = (),
    ) -> Iterator[Beside]:
        readers = [
            Reader(
                space,
                space.bits_of_any(read),
                rulebook=rulebook if scored else None,
                require=[space.bits_of_any(require)] if require else [],
                options=[list(dict.fromkeys(pair[n] for pair in pairs)) for pairs in self._pairs],
                limits=limits(rulebook, space),
            )
            for n, (rulebook, space) in enumerate(zip(self.rulebooks, self.spaces, strict=True))
        ]
        return walk_beside(readers[0], readers[1], self._pairs)

    # ---- what may differ, and where

    def _changed(self, *stems: str) -> list[Entry]:
        return [at for at in self.changed() if at[0] in stems]

    def _moving(self) -> bool:
        return bool(
            self.only_in_one or self._changed("rulebook", "questions", "channels", "gates", "rules")
        )

    def _touched(self) -> list[Condition]:
        """The conditions of the entries that changed and may change a result where the verdict
        stays; ALWAYS where that may be anywhere."""
        if self.only_in_one or self._changed("questions", "channels"):
            return [ALWAYS]
        changed = self._changed("gates", "pitfalls", "plan")
        named = (pair for rulebook in self.rulebooks for pair in rulebook.named_conditions())
        return [condition for at, condition in named if entry_at(at) in changed]

    def _shifting(self) -> list[Condition]:
        """The conditions that decide what a result says beside the verdict."""
        gates = {at[1] for at in self._changed("gates")}
        pitfalls = {at[1] for at in self._changed("pitfalls")}
        anything = bool(self.only_in_one or self._changed("questions", "channels"))
        read: list[Condition] = []
        for rulebook in self.rulebooks:
            for pitfall in rulebook.pitfalls.values():
                critical = pitfall.severity == "critical" or pitfall.critical_when is not None
                if critical and (anything or pitfall.id in pitfalls or gates & {*pitfall.gates}):
                    read += [pitfall.when, pitfall.critical_when or ALWAYS]
                    read += [rulebook.gates[name].when for name in pitfall.gates]
            if anything or gates or self._changed("plan"):
                steps = rulebook.steps.values()
                read += [step.when for step in steps if step.phase == "now" or step.early]
                read += [gate.when for gate in rulebook.gates.values()]
            channels = rulebook.channels.values()
            read += [variant.when for channel in channels for variant in channel.variants]
        return read

    def changed(self) -> list[Entry]:
        """The entries of any file whose decisive content changed. In some files the order of the
        entries decides too: where it changed, the first entry out of place."""
        before, after = (_deciding(rulebook.written) for rulebook in self.rulebooks)
        changed = [at for at in {**before, **after} if before.get(at) != after.get(at)]
        both = before.keys() & after.keys()
        lists = ([at for at in side if at[0] in _RANKED and at in both] for side in (before, after))
        changed += [first for first, second in zip(*lists, strict=True) if first != second][:1]
        return list(dict.fromkeys(changed))

    def reworded(self) -> list[Entry]:
        """The entries of which something else changed: texts, or where they come from."""
        before, after = (_entries(rulebook.written) for rulebook in self.rulebooks)
        changed = self.changed()
        differing = [at for at in {**before, **after} if before.get(at) != after.get(at)]
        return [at for at in differing if at not in changed]


_RANKED = ("channels", "gates", "plan", *IN_PARTS)
"""Files in which the order of the entries decides."""
_SILENT = (("rulebook", "version"), ("rulebook", "reviewed"), ("rulebook", "waivers"))
"""Entries that decide nothing."""
_ORIGIN = ("source", "facts")
"""The keys that say where an entry comes from. In money.yaml, facts are figures and do count."""


def _verdict(result: Result) -> tuple[object, ...]:
    return result.recommended, result.aim, result.weak, result.close, result.access


def _by_name(axis: Axis) -> dict[str, Value]:
    """By id and alias, the answers to a question that can be listed."""
    ids = {to_text(value): value for value in axis.answers}
    choices = axis.question.choices
    return {alias: ids[choice.id] for choice in choices for alias in choice.aliases} | ids


def _in_order(*groups: Mapping[str, Question]) -> list[str]:
    """All questions, each after those that decide whether it applies."""
    needed: dict[str, set[str]] = {}
    for questions in groups:
        for name, question in questions.items():
            needed.setdefault(name, set()).update(questions_in(question.applies))
    order: list[str] = []
    while len(order) < len(needed):
        left = [name for name in needed if name not in order]
        ready = next((name for name in left if needed[name] <= {*order}), None)
        if ready is None:
            raise ValueError(", ".join(left))
        order.append(ready)
    return order


def _entries(written: Mapping[str, Any]) -> dict[Entry, Any]:
    """The entries by place."""
    return {
        (stem, part, name) if stem in IN_PARTS else (stem, name): entry
        for stem, data in written.items()
        for part, entries in (data.items() if stem in IN_PARTS else [("", data)])
        for name, entry in (entries or {}).items()
    }


def _deciding(written: Mapping[str, Any]) -> dict[Entry, Any]:
    """By place, the decisive content of each entry: neither its texts nor where it comes from."""
    return {
        at: _without(entry, () if at[0] in IN_PARTS else _ORIGIN)
        for at, entry in _entries(written).items()
        if at not in _SILENT
    }


def _without(data: Any, keys: Container[str] = ()) -> Any:
    """The data without these keys, texts and nulls, as pairs whose order counts."""
    if is_text(data):
        return None
    if isinstance(data, Mapping):
        parts = ((key, _without(part)) for key, part in data.items() if key not in keys)
        return [(key, part) for key, part in parts if part is not None]
    return data
