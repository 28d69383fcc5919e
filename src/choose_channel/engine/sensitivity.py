"""How far our own points may be off before the verdict turns. Pure and exact."""

from __future__ import annotations

from collections.abc import Iterator

from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.sources import Given
from choose_channel.answers.space import space_of
from choose_channel.engine.decision import Robustness, Unsettled
from choose_channel.engine.evaluate import Evaluation, derive, evaluate
from choose_channel.engine.scenarios import Scenarios
from choose_channel.model.rulebook import Rulebook


def robustness(evaluation: Evaluation) -> Robustness | None:
    """The smallest turning error; None where no rule that fired could turn it, as where no other
    channel is open.

    One number is taken to be wrong: what one rule that fired gives one channel. A tie goes to the
    channel that stands first.
    """
    scores = evaluation.scores
    best = scores.recommended
    fits = {name: fit for name, fit in scores.fit.items() if scores.access[name] == "open"}
    if best is None or len(fits) < 2:
        return None
    order = list(fits)

    def needed(rival: str) -> int:
        behind = fits[best] - fits[rival]
        return behind if order.index(rival) < order.index(best) else behind + 1

    rivals = [name for name in order if name != best]
    less = min(map(needed, rivals))
    lowered = {**fits, best: fits[best] - less}
    # By channel: how wrong a number of its own would have to be, and who would win then.
    turns = {name: (needed(name), name) for name in rivals}
    turns[best] = (less, max(order, key=lowered.__getitem__))
    found = [
        (turns[channel][0], -abs(points), Robustness(turns[channel][0], rule.id, channel, winner))
        for rule in evaluation.rules
        for channel, points in rule.points.items()
        for winner in [turns.get(channel, (0, ""))[1]]
        if points and winner
    ]
    return min(found, key=lambda one: one[:2])[2] if found else None


Channel = str | None


def unsettled(
    rulebook: Rulebook, given: Given, every: Scenarios[Channel], recommended: Channel
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
    for name in complete_with_defaults(rulebook, derived).assumed:
        if name not in rulebook.moving_the_margin:
            continue
        others: set[Channel] = set()
        for value in space.axes[space.index[name]].values:
            now = derive(rulebook, {**given, name: value})
            if now.get(roles.margin) != derived[roles.margin]:
                others.add(evaluate(rulebook, now).scores.recommended)
        yield name, others - {recommended}
