"""How many slips in the rulebook the worked cases notice: `python -m tests.checks.mutants`.

A mutant is the shipped rulebook with one slip: points shifted by ten, a key of a condition
forgotten, a gate left out. It counts when at least one in a hundred of some sellers, drawn at
random, gets another result, and is noticed when a worked case fails on it.
"""

from __future__ import annotations

import copy
import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from choose_channel.answers.sources import Given, Layer, read_answers
from choose_channel.api import decide
from choose_channel.checks.cases import Case, differences, read_cases
from choose_channel.checks.diff import SAMPLE, Comparison, edited
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook

SEED = Path(__file__).parents[1] / "cases" / "seed.yaml"
SHIFTS = (10, -10)
MATTERS = 100
"""A mutant counts when one seller in so many gets another result."""
GOAL = 95
"""Of a hundred mutants that count, so many are to be noticed."""


class Mutant(NamedTuple):
    """One slip: what it is, and the entry as it would read; None where it is left out."""

    name: str
    stem: str
    entry: str
    written: Mapping[str, Any] | None

    def rulebook(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook with this slip."""
        return edited(rulebook, self.stem, self.entry, self.written)


class Verdict(NamedTuple):
    """What became of a mutant: whether it counts, and the first case that fails on it."""

    mutant: Mutant
    counts: bool
    noticed: str | None


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every slip that is looked at."""
    for name, entry in rulebook.written["rules"].items():
        for channel, shift in itertools.product(entry["points"], SHIFTS):
            points = {**entry["points"], channel: entry["points"][channel] + shift}
            yield Mutant(
                f"{name}: {channel} {shift:+d}", "rules", name, {**entry, "points": points}
            )
    conditions = [("rules", "when"), ("gates", "when")]
    conditions += [("pitfalls", key) for key in ("when", "critical_when")]
    for stem, key in conditions:
        for name, entry in rulebook.written[stem].items():
            critical = stem != "pitfalls" or entry["severity"] == "critical"
            if entry[key] and (critical or entry["critical_when"] is not None):
                for what, rest in shortened(entry[key]):
                    yield Mutant(f"{name}: {key} without {what}", stem, name, {**entry, key: rest})
    for name in rulebook.written["gates"]:
        yield Mutant(f"{name}: left out", "gates", name, None)


def shortened(condition: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The condition with one of its keys dropped, at any depth, and which key that was.

    Parts that become empty go as well: they would hold for every seller.
    """
    for key, value in condition.items():
        yield key, {name: part for name, part in condition.items() if name != key}
        inner: list[tuple[str, Any]] = []
        if key == "not":
            inner = [(what, rest) for what, rest in shortened(value) if rest]
        elif key in ("any", "all"):
            inner = [
                (what, [*value[:n], *([rest] if rest else []), *value[n + 1 :]])
                for n, part in enumerate(value)
                for what, rest in shortened(part)
            ]
        for what, rest in inner:
            yield f"{key} {what}", {**copy.deepcopy(dict(condition)), key: rest}


class Watch(NamedTuple):
    """A worked case, its answers as read, and what stands there in the shipped rulebook."""

    case: Case
    given: Given
    before: object


class Room(NamedTuple):
    """What a mutant is held against: the rulebook and its worked cases."""

    rulebook: Rulebook
    watched: list[Watch]

    def counts(self, other: Rulebook) -> bool:
        """Whether at least one in MATTERS of some sellers, drawn at random, gets another result."""
        moved = sum(move.cells for move in Comparison(self.rulebook, other).in_sample())
        return moved * MATTERS >= SAMPLE

    def noticed(self, other: Rulebook) -> str | None:
        """The name of the first case that fails on a rulebook. A case where nothing that it could
        expect has changed is not decided again."""
        for case, given, before in self.watched:
            if _seen(other, given) != before and any(
                differences(case, decide(case.answers, other), other)
            ):
                return case.name
        return None

    def judged(self, mutant: Mutant) -> Verdict:
        """Whether a mutant counts, and what notices it."""
        other = mutant.rulebook(self.rulebook)
        counts = self.counts(other)
        return Verdict(mutant, counts, self.noticed(other) if counts else None)


def _seen(rulebook: Rulebook, given: Given) -> object:
    evaluation = Engine(rulebook).seller(given).evaluation
    scores = evaluation.scores._replace(fit={})
    return scores, evaluation.variants, [pitfall.id for pitfall in evaluation.pitfalls]


def room_of(rulebook: Rulebook, files: Iterable[Path]) -> Room:
    """A rulebook, and the worked cases in some files."""
    messages = Messages(rulebook.wording, "en")
    watched = []
    for case in (case for path in files for case in read_cases(path, messages)):
        given = read_answers(rulebook, [Layer("file", case.answers)], messages).given
        watched.append(Watch(case, given, _seen(rulebook, given)))
    return Room(rulebook, watched)


@cache
def room() -> Room:
    """The room of this process: the shipped rulebook, its own cases, and the article's."""
    return room_of(load_rulebook(), (shipped_folder() / "cases.yaml", SEED))


def judged(mutant: Mutant) -> Verdict:
    """What becomes of a mutant, in the room of this process."""
    return room().judged(mutant)


def main() -> int:
    """Prints how many of how many are noticed, and names those that escape."""
    everything = list(mutants(load_rulebook()))
    with ProcessPoolExecutor() as pool:
        verdicts = list(pool.map(judged, everything))
    counting = [verdict for verdict in verdicts if verdict.counts]
    escaped = [verdict.mutant.name for verdict in counting if verdict.noticed is None]
    caught = len(counting) - len(escaped)
    for name in escaped:
        print(f"escaped: {name}")
    share = 1000 * caught // len(counting) / 10
    print(f"{caught} of {len(counting)} noticed ({share} %); {len(everything)} looked at.")
    return 0 if 100 * caught >= GOAL * len(counting) else 1


if __name__ == "__main__":
    sys.exit(main())
