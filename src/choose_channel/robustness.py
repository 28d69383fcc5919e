"""How far our own points may be off before the verdict turns. Pure and exact."""

from __future__ import annotations

from typing import NamedTuple

from choose_channel.evaluation import Evaluation


class Robustness(NamedTuple):
    """The smallest error in points that turns the verdict, and where it would have to be.

    `channel` would have to get `points` less from `rule` (more, where it is `becomes` itself).
    """

    points: int
    rule: str
    channel: str
    becomes: str


def robustness(evaluation: Evaluation) -> Robustness | None:
    """The smallest turning error; None where no rule that fired could turn it, as where no other
    channel is open.

    One number is taken to be wrong: what one rule that fired gives one channel. A tie goes to the
    channel that stands first.
    """
    standing = evaluation.standing
    best = standing.recommended
    fits = {name: fit for name, fit in standing.fit.items() if standing.access[name] == "open"}
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
