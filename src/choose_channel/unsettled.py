"""Which open questions could overturn the recommendation, and into what. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from choose_channel.answers import Given, settle
from choose_channel.completions import Completions
from choose_channel.decision import Unsettled
from choose_channel.derived import derive
from choose_channel.evaluation import evaluate
from choose_channel.model import Rulebook
from choose_channel.space import space_of

Channel = str | None


def unsettled(
    rulebook: Rulebook, given: Given, every: Completions[Channel], recommended: Channel
) -> tuple[Unsettled, ...]:
    """The open questions that could, in the rulebook's order of each kind."""
    axes = space_of(rulebook).axes
    found = {axes[n].question.id: every.could_become(n, recommended) for n in every.free}
    for name, others in _through_the_money(rulebook, given, recommended):
        found[name] = found.get(name, set()) | others
    order = [None, *rulebook.channels]
    return tuple(
        Unsettled(name, tuple(sorted(others, key=order.index)))
        for name, others in found.items()
        if others
    )


def _through_the_money(
    rulebook: Rulebook, given: Given, recommended: Channel
) -> Iterator[tuple[str, set[Channel]]]:
    """Open questions whose answer moves the margin, and with it the recommendation. A margin is
    held in completions, so these are looked at one by one, the others as assumed."""
    roles, derived = rulebook.economy.roles, derive(rulebook, given)
    if roles is None or roles.margin not in derived:
        return
    space = space_of(rulebook)
    for name in settle(rulebook, derived).assumed:
        others: set[Channel] = set()
        for value in space.axes[space.index[name]].values:
            now = derive(rulebook, {**given, name: value})
            if now.get(roles.margin) != derived[roles.margin]:
                others.add(evaluate(rulebook, now).standing.recommended)
        yield name, others - {recommended}
