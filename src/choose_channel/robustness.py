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
    """The smallest turning error; None where no other channel is open, so that none can turn it.

    One number is taken to be wrong: what one rule that fired gives one channel. A tie goes to the
    channel that stands first, so it turns at a tie only for a rival that stands before.
    """
    standing = evaluation.standing
    best = standing.recommended
    order = list(standing.fit)
    rivals = [c for c, access in standing.access.items() if access == "open" and c != best]
    if best is None or not rivals:
        return None

    def needed(rival: str) -> int:
        behind = standing.fit[best] - standing.fit[rival]
        return behind if order.index(rival) < order.index(best) else behind + 1

    rival = min(rivals, key=needed)
    scored = [
        (abs(rule.points[channel]), rule.id, channel)
        for rule in evaluation.rules
        for channel in (best, rival)
        if rule.points.get(channel)
    ]
    if not scored:
        return None
    _, rule, channel = max(scored, key=lambda one: one[0])
    return Robustness(needed(rival), rule, channel, rival)
