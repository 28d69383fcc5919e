"""All ways to answer what is still open, and what hangs on each open question. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

from choose_channel.answers import Given, settle
from choose_channel.evaluation import Result, evaluator
from choose_channel.model import UNKNOWN, Rulebook
from choose_channel.space import Cell, space_of

Outcome = TypeVar("Outcome", bound=Hashable)


class Completions(NamedTuple, Generic[Outcome]):
    """The outcome of every completion of some answers, by cell."""

    outcomes: dict[Cell, Outcome]
    rulebook: Rulebook
    free: tuple[int, ...]
    """The axes that were left free."""

    def holding(self, outcome: Outcome) -> int:
        """In how many completions the outcome is this one."""
        return sum(found == outcome for found in self.outcomes.values())

    def could_become(self, axis: int, outcome: Outcome) -> set[Outcome]:
        """What the outcome could turn into when only the question on this axis is answered
        otherwise, whatever the answers to the other open questions are."""
        if all(found == outcome for found in self.outcomes.values()):
            return set()
        groups: dict[Cell, set[Outcome]] = {}
        for cell, found in self.outcomes.items():
            groups.setdefault(cell[:axis] + cell[axis + 1 :], set()).add(found)
        return {other for group in groups.values() if outcome in group for other in group} - {
            outcome
        }

    def deciding(self) -> list[str]:
        """The free questions whose answer alone can change the outcome in some completion."""
        axes = space_of(self.rulebook).axes
        if len(set(self.outcomes.values())) < 2:
            return []
        return [axes[axis].question.id for axis in self.free if self._decides(axis)]

    def _decides(self, axis: int) -> bool:
        first: dict[Cell, Outcome] = {}
        for cell, found in self.outcomes.items():
            key = cell[:axis] + cell[axis + 1 :]
            if first.setdefault(key, found) != found:
                return True
        return False


def complete(
    rulebook: Rulebook,
    given: Given,
    outcome: Callable[[int], Outcome],
    *,
    fixed: Iterable[str] = (),
) -> Completions[Outcome]:
    """The outcome of every completion of `given`; the `fixed` questions keep their assumed answer
    where they are open."""
    space = space_of(rulebook)
    known = {name: value for name, value in given.items() if value != UNKNOWN}
    for name in fixed:
        assumed = rulebook.questions[name].assumed
        if name not in known and assumed is not None:
            known[name] = assumed
    outcomes = {cell: outcome(terms) for cell, terms in space.walk(space.options(known))}
    known_axes = {space.index[name] for name in known}
    columns = enumerate(zip(*outcomes, strict=True))
    free = tuple(axis for axis, bands in columns if axis not in known_axes and any(bands))
    return Completions(outcomes, rulebook, free)


def recommendations(rulebook: Rulebook, given: Given) -> Completions[str | None]:
    """The recommended channel in every completion."""
    standing = evaluator(rulebook).standing
    return complete(rulebook, given, lambda terms: standing(terms).recommended)


def results(rulebook: Rulebook, given: Given) -> Completions[Result]:
    """The result in every completion; a question answered with "unknown" is not free."""
    unknown = [name for name, value in given.items() if value == UNKNOWN]
    return complete(rulebook, given, evaluator(rulebook).result, fixed=unknown)


def open_questions(rulebook: Rulebook, given: Given) -> list[str]:
    """The questions that apply and whose answer is only assumed."""
    return list(settle(rulebook, given).assumed)
