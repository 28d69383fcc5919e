"""What could overturn a recommendation: open questions, and errors in our own points."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from choose_channel.engine.engine import Seller
from choose_channel.engine.evaluate import Evaluation
from choose_channel.model.rulebook import UNKNOWN

Channel = str | None


class Unsettled(NamedTuple):
    """An open question, and the channels that its answer could make the recommended one."""

    question: str
    could_become: tuple[Channel, ...]


class Robustness(NamedTuple):
    """The smallest error in our points that changes the recommended channel to `becomes`.

    `channel` would have to get `points` less from `rule` (more, where it is `becomes` itself).
    """

    points: int
    rule: str
    channel: str
    becomes: str


class Sureness(NamedTuple):
    """In how many ways to answer what is open the headline stays the same.

    `exact` is false where not all ways were tried. `at_this_margin` tells that open answers move
    the money, so that the count holds only while the margin stays as it is. `questions` are those
    whose answer can change the headline or, first of all, what is recommended today.
    """

    holds: int
    of: int
    exact: bool
    at_this_margin: bool
    questions: tuple[str, ...]

    @property
    def certain(self) -> bool:
        """Whether no answer to what is open can change the headline."""
        return self.exact and self.holds == self.of and not self.at_this_margin


def sureness(seller: Seller, overturning: Iterable[str]) -> Sureness:
    """How sure the headline is; `overturning` are the questions that `unsettled` found."""
    assumed, moving = seller.situation.assumed, seller.engine.moves_money
    if not assumed:
        return Sureness(1, 1, exact=True, at_this_margin=False, questions=())
    headlines, now = seller.headlines, seller.headline
    weights = headlines.deciding()
    changing = [name for name in assumed if name in weights or _changes_headline(seller, name)]
    changing.sort(key=lambda name: -weights.get(name, 0))
    return Sureness(
        headlines.holding(now),
        headlines.count(),
        headlines.exact,
        seller.margin is not None and not moving.isdisjoint(assumed),
        tuple(dict.fromkeys([*overturning, *changing])),
    )


def robustness(evaluation: Evaluation) -> Robustness | None:
    """The smallest error in our points that would change the recommended channel; None where no
    rule that fired could do it, as where no other channel is open.

    The points that one rule gives one channel are taken to be wrong. A tie goes to the channel
    that stands first in the rulebook.
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
    # By channel: how wrong its own points would have to be, and which channel would win then.
    turns = {name: (needed(name), name) for name in rivals}
    turns[best] = (less, max(order, key=lowered.__getitem__))
    candidates = [
        (turns[channel][0], -abs(points), Robustness(turns[channel][0], rule.id, channel, winner))
        for rule in evaluation.rules
        for channel, points in rule.points.items()
        for winner in [turns.get(channel, (0, ""))[1]]
        if points and winner
    ]
    return min(candidates, key=lambda turn: turn[:2])[2] if candidates else None


def deciding(seller: Seller) -> dict[str, int]:
    """The open questions whose answer can change the result, and in how many completions it does.

    What is asked, what is left out and what a report calls undecided all come from here: whatever
    could overturn the recommendation (see `unsettled`) is among them. A change that only shows in
    the money, or together with another question answered "unknown", counts as no completion.
    """
    weights = seller.results.deciding()
    overturning: set[str] = set()
    # The result names what is recommended. So where it was looked at in every way to answer, and no
    # "unknown" was held at its assumed answer, these are among those that have weight.
    if not seller.results.exact or UNKNOWN in seller.given.values():
        overturning = {question.question for question in unsettled(seller)}
    return {
        name: weights.get(name, 0)
        for name in seller.situation.assumed
        if name in weights or name in overturning or _changes_the_margin(seller, name)
    }


def _changes_the_margin(seller: Seller, question: str) -> bool:
    """Whether an answer changes the result through the money, all others as they stand. Completions
    hold the margin, so they do not show it."""
    return any(other.result != seller.result for other in _moving_the_margin(seller, question))


def _changes_headline(seller: Seller, question: str) -> bool:
    """The same of the headline."""
    headline = seller.headline
    others = _moving_the_margin(seller, question)
    return any(other.headline != headline for other in others)


def _moving_the_margin(seller: Seller, question: str) -> Iterator[Seller]:
    """The seller with each answer to a question that makes the margin another one."""
    if seller.margin is not None and question in seller.engine.moves_money:
        yield from (other for _, other in seller.vary(question) if other.margin != seller.margin)


def unsettled(seller: Seller) -> tuple[Unsettled, ...]:
    """The open questions whose answer could change the recommended channel, and into what; those
    that can in the most completions come first."""
    completions = seller.recommendations
    recommended, axes = seller.scores.recommended, seller.engine.space.axes
    outcomes = {
        axes[number].question.id: completions.could_become(number, recommended)
        for number in completions.free
    }
    for name, others in _through_the_money(seller):
        outcomes[name] = outcomes.get(name, set()) | others
    order = [None, *seller.engine.rulebook.channels]
    weights = completions.deciding()
    return tuple(
        Unsettled(name, tuple(sorted(outcomes[name], key=order.index)))
        for name in sorted(outcomes, key=lambda name: -weights.get(name, 0))
        if outcomes[name]
    )


def _through_the_money(seller: Seller) -> Iterator[tuple[str, set[Channel]]]:
    """Open questions whose answer changes the margin, and with it the recommended channel.

    Completions hold the margin as it is, so these questions are varied one at a time, the others
    as assumed.
    """
    recommended = seller.scores.recommended
    for name in seller.situation.assumed:
        others = _moving_the_margin(seller, name)
        yield name, {other.scores.recommended for other in others} - {recommended}
