"""What would change the answer: the smallest changes, each true when decided on. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from choose_channel.answers import Given, Situation, plain, settle
from choose_channel.evaluation import Standing, evaluator
from choose_channel.model import Question, Rulebook, Value
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
    moves = _moves(rulebook, situation)
    for chosen in itertools.combinations(moves, size):
        names = [axis.question.id for axis, _ in chosen]
        for values in itertools.product(*(options for _, options in chosen)):
            new = dict(zip(names, values, strict=True))
            after = settle(rulebook, {**given, **new})
            if new.keys() & after.set_aside.keys():
                continue  # a change that no longer applies changes nothing
            standing = evaluator(rulebook).standing(after.terms)
            opens = tuple(
                channel
                for channel, access in standing.access.items()
                if access == "open" and now.access[channel] != "open"
            )
            if opens:
                effort = sum(axis.question.effort or 0 for axis, _ in chosen)
                yield Change(new, effort, standing.recommended, opens)


def _moves(rulebook: Rulebook, situation: Situation) -> list[tuple[Axis, list[Value]]]:
    moves = []
    for axis in space_of(rulebook).axes:
        question = axis.question
        if question.effort is not None and question.id in situation.values:
            options = _better(question, axis.values, situation.values[question.id])
            if options:
                moves.append((axis, options))
    return moves


def _better(question: Question, values: Sequence[Value], now: Value) -> list[Value]:
    """The answers worth changing to: upwards where the rulebook knows an order."""
    if question.type == "number":
        return [value for value in values if value > now] if question.better else []  # type: ignore[operator]
    order = {name: place for place, name in enumerate(question.better)}
    here = order.get(plain(now), -1)
    return [
        value
        for value in values
        if value != now
        and plain(value) in (question.advise or (plain(value),))
        and (not order or order.get(plain(value), -1) > here)
    ]
