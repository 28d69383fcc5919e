"""Conditions on answers: a mapping in the rulebook, a small tree here.

    when: {goods: [apples, pears], price: {below: 50}}

is AllOf((Is("goods", {"apples", "pears"}), Within("price", None, 50))). A condition on a question
that does not apply is false.
"""

# Annotations are evaluated here and in model/rulebook.py: named tuples are then made in half the
# time, and the builder reads the types.
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple


class Is(NamedTuple):
    """The question's answer is one of these choices. False where the question does not apply."""

    question: str
    choices: frozenset[str]


class Within(NamedTuple):
    """The question's number is at least `at_least` and below `below`."""

    question: str
    at_least: Decimal | None
    below: Decimal | None


class AllOf(NamedTuple):
    """Every part holds; with no part, always. `every` keeps it from being equal to an AnyOf."""

    parts: tuple["Condition", ...] = ()
    every: bool = True


class AnyOf(NamedTuple):
    """At least one part holds."""

    parts: tuple["Condition", ...]
    every: bool = False


class Not(NamedTuple):
    """The part does not hold."""

    part: "Condition"


Condition = Is | Within | AllOf | AnyOf | Not
ALWAYS = AllOf()


def parts_of(condition: Condition) -> Iterator[Condition]:
    """A condition and everything in it."""
    yield condition
    match condition:
        case Not(part):
            yield from parts_of(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from parts_of(part)


def questions_in(condition: Condition, *, denied: bool = True) -> set[str]:
    """The questions that a condition reads; without `denied`, those in a Not are left out."""
    match condition:
        case Is() | Within():
            return {condition.question}
        case Not(part):
            return questions_in(part) if denied else set()
        case AllOf(parts) | AnyOf(parts):
            return {name for part in parts for name in questions_in(part, denied=denied)}
