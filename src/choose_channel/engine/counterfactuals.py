"""What would change the answer: the smallest changes of answers that open or win something."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from choose_channel.answers.sources import Given
from choose_channel.answers.space import Axis, Cell, Space
from choose_channel.engine.engine import Seller
from choose_channel.engine.evaluate import Evaluator, Scores
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value

AT_ONCE = 2
MOST_AT_ONCE = 4
"""How many answers may change together to open the aim. More would be another business."""
MOST_TRIED = 20_000
"""How many combinations of one size are tried, so that any rulebook is decided quickly."""
KEPT = 3
"""How many changes of several answers are kept for one gain, least effort first."""

Gain = tuple[str, str]
"""("open", channel) or ("recommend", channel)."""


class Change(NamedTuple):
    """Answers to change, how hard that is, and what it gives."""

    answers: Mapping[str, Value]
    effort: int
    recommended: str | None
    opens: tuple[str, ...]

    def gains(self) -> set[Gain]:
        """The channels that open, and the one that is recommended then."""
        opened: set[Gain] = {("open", channel) for channel in self.opens}
        return opened | {("recommend", self.recommended)} if self.recommended else opened


def changes(seller: Seller) -> list[Change]:
    """The smallest changes that give another recommended channel or open one that is shut, least
    effort first.

    Changes of a single answer, then pairs for what no single one gives; where the aim is locked,
    as many answers as it takes to open it. What a seller cannot change is never among them. Every
    change is true: deciding again with it gives what it says.
    """
    space, evaluator = seller.engine.space, seller.engine.evaluator
    now = seller.scores
    wanted = _wanted(now)
    urgent: set[Gain] = {("open", now.aim)} if now.aim and now.access[now.aim] != "open" else set()
    candidates: list[Change] = []
    for size in range(1, MOST_AT_ONCE + 1):
        still = wanted if size <= AT_ONCE else wanted & urgent
        if not still:
            break
        newly = _Newly(space, seller.given)
        useful = [
            change
            for change in _changes(space, evaluator, seller.situation.cell, size, newly, now)
            if change.gains() & still
        ]
        useful.sort(key=lambda change: change.effort)
        candidates += useful if size == 1 else _least_effort(useful, still)
        for change in useful:
            wanted -= change.gains()
    kept = _minimal(seller.engine.rulebook, list(_with_money(seller, candidates)))
    return sorted(kept, key=lambda change: (change.effort, len(change.answers)))


def _with_money(seller: Seller, candidates: Iterable[Change]) -> Iterator[Change]:
    """The changes as a seller can make them where answers move the margin.

    A margin cannot be set, but a price that gives it can be asked; and a changed answer may change
    the margin, and with it what the change gives.
    """
    rulebook = seller.engine.rulebook
    roles = rulebook.economy.roles
    if roles is None or seller.economics is None:
        asked = rulebook.asked.keys()
        yield from (change for change in candidates if change.answers.keys() <= asked)
        return
    for change in candidates:
        answers = {name: value for name, value in change.answers.items() if name != roles.margin}
        if roles.margin in change.answers:
            economics = seller.changed(answers).economics if answers else seller.economics
            margin = str(change.answers[roles.margin])
            price = economics.price_for(margin) if economics else None
            if price is None:
                continue
            answers[roles.price] = price
        then = seller.changed(answers).scores
        opens = tuple(channel for channel in change.opens if then.access[channel] == "open")
        if opens or then.recommended not in (None, seller.scores.recommended):
            yield Change(answers, change.effort, then.recommended, opens)


def _minimal(rulebook: Rulebook, candidates: list[Change]) -> list[Change]:
    """The changes without those whose gain a part of them, or a lower price, brings already."""
    roles = rulebook.economy.roles
    price = roles.price if roles else None

    def suffices(less: Change, more: Change) -> bool:
        if not less.answers.keys() <= more.answers.keys() or not more.gains() <= less.gains():
            return False
        same = all(more.answers[name] == value for name, value in less.answers.items())
        other = [name for name, value in less.answers.items() if more.answers[name] != value]
        cheaper = other == [price] and _number(less, price) < _number(more, price)
        return cheaper or (same and len(less.answers) < len(more.answers))

    distinct = {frozenset(change.answers.items()): change for change in reversed(candidates)}
    kept = list(reversed(distinct.values()))
    return [change for change in kept if not any(suffices(other, change) for other in kept)]


def _number(change: Change, name: str | None) -> Decimal:
    value = change.answers[name or ""]
    return value if isinstance(value, Decimal) else Decimal(0)


def opening(space: Space, evaluator: Evaluator, cell: Cell) -> Iterator[Change]:
    """The changes that open a channel in a cell, fewest answers first."""
    now = evaluator.scores(space.terms(cell))
    newly = _Newly(space, {})
    for size in range(1, MOST_AT_ONCE + 1):
        for change in _changes(space, evaluator, cell, size, newly, now):
            if change.opens:
                yield change


def _wanted(now: Scores) -> set[Gain]:
    shut: set[Gain] = {("open", c) for c, access in now.access.items() if access != "open"}
    return shut | {("recommend", channel) for channel in now.fit if channel != now.recommended}


def _least_effort(changes: list[Change], still: set[Gain]) -> list[Change]:
    """The first few for each gain."""
    kept: list[Change] = []
    for gain in still:
        kept += [change for change in changes if gain in change.gains()][:KEPT]
    return [change for change in changes if change in kept]


class _Newly:
    """Which band to take for a question that applies only after a change: the given answer, else
    the worst or the assumed one. A channel that only an assumption would open is not called open.
    """

    def __init__(self, space: Space, given: Given) -> None:
        self.space, self.given = space, given

    def worst(self, number: int) -> int:
        axis = self.space.axes[number]
        worst = axis.ordered(axis.question.better)[0] if axis.question.better else None
        return self._band(axis, axis.values[worst - 1] if worst else None)

    def assumed(self, number: int) -> int:
        return self._band(self.space.axes[number], None)

    def _band(self, axis: Axis, worst: Value | None) -> int:
        value: Value | None = self.given.get(axis.question.id, UNKNOWN)
        if value == UNKNOWN:
            value = axis.question.assumed if worst is None else worst
        return 1 if value is None else axis.band(value)


def _changes(
    space: Space, evaluator: Evaluator, cell: Cell, size: int, newly: _Newly, now: Scores
) -> Iterator[Change]:
    """The changes of so many answers that open a channel or give another recommendation."""
    for moves in itertools.islice(_combinations(space, cell, size), MOST_TRIED):
        bands = dict(moves)
        after, terms = space.move(cell, bands, newly.assumed)
        if not all(after[number] for number in bands):
            continue  # an answer to a question that does not apply changes nothing
        scores = evaluator.scores(terms)
        opens = _opened(now, scores)
        if any(space.dependents(number) for number in bands):
            _, terms = space.move(cell, bands, newly.worst)
            at_worst = evaluator.scores(terms)
            if at_worst.recommended != scores.recommended:
                continue  # what it gives would depend on an assumption
            opens = tuple(channel for channel in opens if at_worst.access[channel] == "open")
        if opens or scores.recommended != now.recommended:
            axes = [(space.axes[number], band) for number, band in moves]
            answers = {axis.question.id: axis.values[band - 1] for axis, band in axes}
            effort = sum(axis.question.effort or 0 for axis, _ in axes)
            yield Change(answers, effort, scores.recommended, opens)


def _combinations(space: Space, cell: Cell, size: int) -> Iterator[tuple[tuple[int, int], ...]]:
    for chosen in itertools.combinations(_moves(space, cell), size):
        yield from itertools.product(*chosen)


def _opened(now: Scores, then: Scores) -> tuple[str, ...]:
    return tuple(
        channel
        for channel, access in then.access.items()
        if access == "open" and now.access[channel] != "open"
    )


def _moves(space: Space, cell: Cell) -> list[list[tuple[int, int]]]:
    """For each answer that can be changed, the moves (axis, band) worth making: to better answers
    where the rulebook knows an order. A question that does not apply yet may have to be answered
    along with a change that makes it apply."""
    moves = []
    for number, (axis, band) in enumerate(zip(space.axes, cell, strict=True)):
        if axis.question.effort is not None:
            options = _better(axis, band)
            if options:
                moves.append([(number, band) for band in options])
    return moves


def _better(axis: Axis, now: int) -> list[int]:
    question = axis.question
    if question.better:
        order = axis.ordered(question.better)
        options = order[order.index(now) + 1 if now in order else 0 :]
    else:
        options = [band for band in axis.bands if now and band != now]
    advised = {*question.advise}
    return [
        band
        for band in options
        if not advised or not advised.isdisjoint(map(to_text, axis.alike[band - 1]))
    ]
