"""A second, naive reading of conditions: straight recursion over answers, no masks, no bands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from choose_channel.model.conditions import AllOf, AnyOf, Condition, Is, Not, Within
from choose_channel.model.rulebook import Value


def holds(condition: Condition, values: Mapping[str, Value]) -> bool:
    """Whether the condition holds for these answers."""
    match condition:
        case Is(question, choices):
            value = values.get(question)
            return value is not None and str(value).lower() in choices
        case Within(question, at_least, below):
            number = values.get(question)
            if not isinstance(number, Decimal):
                return False
            return (at_least is None or number >= at_least) and (below is None or number < below)
        case AllOf(parts):
            return all(holds(part, values) for part in parts)
        case AnyOf(parts):
            return any(holds(part, values) for part in parts)
        case Not(part):
            return not holds(part, values)
