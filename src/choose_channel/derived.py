"""Answers that nobody gives, since they follow from others. Pure."""

from __future__ import annotations

from choose_channel.answers import Given
from choose_channel.model import UNKNOWN, Rulebook


def derive(rulebook: Rulebook, given: Given) -> Given:
    """The answers with the margin among them, where the money can be worked out."""
    roles = rulebook.economy.roles
    if roles is None or given.get(roles.unit_cost, UNKNOWN) == UNKNOWN or roles.margin in given:
        return given
    from choose_channel.economics import Sums  # who has no money to work out pays nothing for it

    margin = Sums(rulebook, given).margin()
    return given if margin is None else {**given, roles.margin: margin}
