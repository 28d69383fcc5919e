"""What would change the answer: the smallest changes, each true when decided on. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from choose_channel.answers import Given, Situation, plain, settle
from choose_channel.evaluation import Standing, evaluator
from choose_channel.model import UNKNOWN, Rulebook, Value
from choose_channel.space import Axis, space_of

MOST_AT_ONCE = 4
"""More than this many changes at once is another business, not a change."""


class Change(NamedTuple):
    """Answers to change, and what that gives."""

    set: Mapping[str, Value]
    effort: int
    recommended: str | None
    opens: tuple[str, ...]


def ways_to_open(rulebook: Rulebook, given: Given) -> list[Change]:
    """The smallest changes that open a channel that is locked now, least effort first.

    The first changes that open anything, and the first that open the aim; nothing to do where the
    aim is open already. Answers that the seller cannot change never appear.
    """
    situation = settle(rulebook, given)
    now = evaluator(rulebook).standing(situation.terms)
    if now.aim is None or now.access[now.aim] == "open":
        return []
    found: list[Change] = []
    wanted = set() if now.recommended else {"anything"}
    wanted.add(now.aim)
    for size in range(1, MOST_AT_ONCE + 1):
        for change in _changes(rulebook, given, situation, size, now):
            smaller = any(one.set.items() <= change.set.items() for one in found)
            gains = wanted & {*change.opens, "anything"}
            if gains and not smaller:
                found.append(change)
        for change in found:
            wanted -= {*change.opens, "anything"}
        if not wanted:
            break
    return sorted(found, key=lambda change: (change.effort, len(change.set)))


def _changes(
    rulebook: Rulebook, given: Given, situation: Situation, size: int, now: Standing
) -> Iterator[Change]:
    space = space_of(rulebook)

    def newly(number: int) -> int:
        # A door that only an assumption would hold open is not called open: the worst answer.
        axis = space.axes[number]
        known = given.get(axis.question.id, UNKNOWN)
        worst = _ordered(axis)[0] if axis.question.better else axis.question.assumed
        value = worst if known == UNKNOWN else known
        return 1 if value is None else axis.band(value)

    moves = _moves(rulebook, situation)
    for chosen in itertools.combinations(moves, size):
        for values in itertools.product(*(options for _, options in chosen)):
            new = {axis.question.id: value for (axis, _), value in zip(chosen, values, strict=True)}
            bands = {
                space.index[name]: space.axes[space.index[name]].band(v) for name, v in new.items()
            }
            cell, terms = space.move(situation.cell, bands, newly)
            if any(cell[axis] == 0 for axis in bands):
                continue  # a change that no longer applies changes nothing
            standing = evaluator(rulebook).standing(terms)
            opens = tuple(
                channel
                for channel, access in standing.access.items()
                if access == "open" and now.access[channel] != "open"
            )
            if opens:
                effort = sum(axis.question.effort or 0 for axis, _ in chosen)
                yield Change(new, effort, standing.recommended, opens)


def _ordered(axis: Axis) -> list[Value]:
    """The values of an axis from worst to best."""
    if axis.question.type == "number":
        return list(axis.values)
    return [value for name in axis.question.better for value in axis.values if plain(value) == name]


def _moves(rulebook: Rulebook, situation: Situation) -> list[tuple[Axis, list[Value]]]:
    """The answers that could be changed, each with the values worth changing to: upwards where
    the rulebook knows an order. What newly applies may have to change along with it."""
    moves = []
    for axis, band in zip(space_of(rulebook).axes, situation.cell, strict=True):
        if axis.question.effort is not None:
            now = axis.values[band - 1] if band else None
            options = _better(axis, now)
            if options:
                moves.append((axis, options))
    return moves


def _better(axis: Axis, now: Value | None) -> list[Value]:
    question = axis.question
    if question.better:
        order = _ordered(axis)
        start = order.index(now) + 1 if now in order else 0
        options = order[start:]
    else:
        options = [value for value in axis.values if now is not None and value != now]
    return [value for value in options if not question.advise or plain(value) in question.advise]
