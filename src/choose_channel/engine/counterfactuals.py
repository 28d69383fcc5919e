"""What would change the answer: the smallest changes of answers that open or win something."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from choose_channel.answers.kinds import kind_of
from choose_channel.answers.situation import following
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Axis, Cell, Space
from choose_channel.engine.engine import Seller
from choose_channel.engine.evaluate import Evaluator, Scores
from choose_channel.model.conditions import Condition
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook, Value

MOST = 3
"""So many changes are reported."""
AT_ONCE = 2
MOST_AT_ONCE = 4
"""How many answers may change together to open the aim, or anything where nothing is open. More
would be another business."""
MOST_TRIED = 20_000
"""How many combinations of one size are tried, so that any rulebook is decided quickly."""
KEPT = 3
"""How many changes of several answers are kept for one gain, least effort first."""

Gain = tuple[str, str]
"""("open", channel) or ("recommend", channel)."""


class Change(NamedTuple):
    """Answers to change, how hard that is, and what it gives.

    `following` are answers that change with them, since they held for the old answer only: who has
    stock where the present buyers are has none where other buyers are.
    """

    answers: Mapping[str, Value]
    following: Mapping[str, Value]
    effort: int
    recommended: str | None
    opens: tuple[str, ...]

    @property
    def all_answers(self) -> dict[str, Value]:
        """All answers that are different then."""
        return {**self.answers, **self.following}

    def numbers(self) -> list[Decimal]:
        """Those of the answers that are numbers: of two prices the lower one is easier to ask."""
        return [value for value in self.answers.values() if isinstance(value, Decimal)]

    def gains(self) -> set[Gain]:
        """The channels that open, and the one that is recommended then."""
        opened: set[Gain] = {("open", channel) for channel in self.opens}
        return opened | {("recommend", self.recommended)} if self.recommended else opened


def changes(seller: Seller) -> list[Change]:
    """The smallest changes that give another recommended channel or open one that is shut, at most
    MOST of them, least effort first, and one that opens the aim among them where there is one.

    Changes of a single answer, then pairs for what no single one gives; where the aim is locked,
    or nothing is open, as many answers as it takes. What a seller cannot change is never among
    them, nor is an answer on which others hang, such as the market, unless nothing is open and
    nothing else opens anything. Every change is true: deciding again with it gives what it says.
    """
    space = seller.engine.space
    moving = {number for number, axis in enumerate(space.axes) if axis.question.resets}
    candidates = _smallest(seller, moving)
    opens = any(change.opens for change in candidates)
    if moving and seller.scores.recommended is None and not opens:
        candidates += [change for change in _smallest(seller, ()) if change.opens]
    candidates.sort(key=lambda change: (change.effort, len(change.answers), change.numbers()))
    return _most_useful(seller.scores, candidates)


def _most_useful(now: Scores, candidates: list[Change]) -> list[Change]:
    aiming = [change for change in candidates if now.aim in change.opens]
    kept = candidates[:MOST]
    return [*kept[:-1], aiming[0]] if aiming and aiming[0] not in kept else kept


def _smallest(seller: Seller, without: Container[int]) -> list[Change]:
    """The smallest changes of answers on other axes than those `without`."""
    space, evaluator, now = seller.engine.space, seller.engine.evaluator, seller.scores
    search = _Search(
        space, evaluator, seller.situation.cell, seller.given, without, _found_out(seller)
    )
    wanted, money = _wanted(now), _Money(seller)
    candidates: list[Change] = []
    for size in range(1, MOST_AT_ONCE + 1):
        still, about = wanted, None
        if size > AT_ONCE:
            about = _urgent(now, candidates)
            still = wanted & {("open", channel) for channel in about}
        if not still:
            break
        useful = [change for change in search.changes(size, about) if change.gains() & still]
        useful.sort(key=lambda change: change.effort)
        made = list(_made(useful, money, still, most=KEPT if size > 1 else len(useful)))
        candidates += made
        wanted -= {gain for change in made for gain in change.gains()}
    return _minimal(seller.engine.rulebook, candidates)


def _found_out(seller: Seller) -> frozenset[str]:
    """The open questions whose answer a step finds out: it may turn out better than assumed."""
    settled = {step.settles for step in seller.engine.rulebook.steps.values()}
    return frozenset(name for name in seller.situation.assumed if name in settled)


def _wanted(now: Scores) -> set[Gain]:
    shut: set[Gain] = {("open", c) for c, access in now.access.items() if access != "open"}
    return shut | {("recommend", channel) for channel in now.fit if channel != now.recommended}


def _urgent(now: Scores, candidates: Iterable[Change]) -> list[str]:
    """The channels for which many answers may change: the aim where it is locked, and where nothing
    is open and no smaller change opens anything, every other locked one."""
    locked = [channel for channel, access in now.access.items() if access == "locked"]
    if now.recommended is None and not any(change.opens for change in candidates):
        return locked
    return [channel for channel in locked if channel == now.aim]


def _made(useful: Iterable[Change], money: _Money, still: set[Gain], most: int) -> Iterator[Change]:
    """The changes as a seller can make them, the first `most` for each gain."""
    count: Counter[Gain] = Counter()
    for change in useful:
        if any(count[gain] < most for gain in change.gains() & still):
            made = money.made(change)
            if made and made.gains() & still:
                count.update(made.gains())
                yield made


# ---- the money


class _Money:
    """What becomes of changes where answers move the margin.

    A margin cannot be set, but a price that gives it can be asked; and a changed answer may change
    the margin, and with it what the change gives.
    """

    def __init__(self, seller: Seller) -> None:
        self._seller = seller
        self._rulebook = seller.engine.rulebook
        self._changed: dict[frozenset[tuple[str, Value]], Seller] = {}

    def made(self, change: Change) -> Change | None:
        """The change as a seller can make it, with all that it gives; None where nobody can make
        it, or where it gives nothing."""
        roles = self._rulebook.economy.roles
        if roles is None or self._seller.economics is None:
            derived = change.answers.keys() - self._rulebook.asked.keys()
            return None if derived else change
        margin = change.answers.get(roles.margin)
        answers = {name: value for name, value in change.answers.items() if name != roles.margin}
        then, effort = self._then({**answers, **change.following}), change.effort
        if margin is not None and then.margin == margin:  # the other answers give it already
            effort -= self._rulebook.questions[roles.margin].effort or 0
        elif margin is not None:
            price = then.economics.price_for(str(margin)) if then.economics else None
            if price is None:
                return None
            answers[roles.price] = price
            then = self._then({**answers, **change.following})
        scores, at_worst = then.scores, self._at_worst(then).scores
        if at_worst.recommended != scores.recommended:
            return None  # what it gives would depend on an assumption
        now = self._seller.scores
        opens = tuple(c for c in _opened(now, scores) if at_worst.access[c] == "open")
        if not opens and scores.recommended in (None, now.recommended):
            return None
        return Change(answers, change.following, effort, scores.recommended, opens)

    def _then(self, answers: Mapping[str, Value]) -> Seller:
        key = frozenset(answers.items())
        if key not in self._changed:
            self._changed[key] = self._seller.changed(answers) if answers else self._seller
        return self._changed[key]

    def _at_worst(self, then: Seller) -> Seller:
        """The seller with the worst answers to questions that apply only after a change."""
        questions = self._rulebook.questions
        newly = then.situation.assumed.keys() - self._seller.situation.values.keys()
        worst = {
            name: kind_of(questions[name]).value(questions[name].better[0])
            for name in newly
            if questions[name].better
        }
        return then.changed(worst) if worst else then


def _minimal(rulebook: Rulebook, candidates: list[Change]) -> list[Change]:
    """The changes without those whose gain a part of them, or a smaller step, brings already."""
    questions = rulebook.questions

    def suffices(less: Change, more: Change) -> bool:
        if not less.answers.keys() <= more.answers.keys() or not more.gains() <= less.gains():
            return False
        pairs = {name: (value, more.answers[name]) for name, value in less.answers.items()}
        other = [name for name, (first, second) in pairs.items() if first != second]
        smaller = all(_is_nearer(questions[name], *pairs[name]) for name in other)
        return smaller and (bool(other) or len(less.answers) < len(more.answers))

    distinct = {frozenset(change.all_answers.items()): change for change in reversed(candidates)}
    kept = list(reversed(distinct.values()))
    return [change for change in kept if not any(suffices(other, change) for other in kept)]


def _is_nearer(question: Question, left: Value, right: Value) -> bool:
    """Whether an answer is on the way to another: a lower number, or a choice that comes before it
    in the order from worst to best."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left < right
    names = to_text(left), to_text(right)
    ranks = [question.better.index(name) for name in names if name in question.better]
    return len(ranks) == len(names) and ranks[0] < ranks[1]


# ---- the search


def opening(
    space: Space, evaluator: Evaluator, cell: Cell, most: int = MOST_AT_ONCE, *, moving: bool = True
) -> Iterator[Change]:
    """The changes of at most `most` answers that open a channel in a cell, fewest answers first;
    with `moving`, those of answers on which others hang come last."""
    held = {number for number, axis in enumerate(space.axes) if axis.question.resets}
    for without in (held, ()) if held and moving else (held,):
        search = _Search(space, evaluator, cell, {}, without)
        for size in range(1, most + 1):
            yield from (change for change in search.changes(size) if change.opens)


class _Search:
    """The changes that can be made in a cell, but for those of answers on the axes `without`.

    An answer that nobody can change may still be `found_out`: that takes the least effort.
    A question that applies only after a change is taken at the given answer, else both at the worst
    and at the assumed one: a channel that only an assumption would open is not called open.
    """

    def __init__(
        self,
        space: Space,
        evaluator: Evaluator,
        cell: Cell,
        given: Given,
        without: Container[int],
        found_out: Container[str] = (),
    ) -> None:
        self.space, self.evaluator, self.cell, self.given = space, evaluator, cell, given
        self.terms = space.terms(cell)
        self.now = evaluator.scores(self.terms)
        self.questions = evaluator.rulebook.questions
        known = {name: value for name, value in given.items() if value != UNKNOWN}
        self.values = {**space.values(cell), **known}
        self._effort = {
            number: axis.question.effort or 1
            for number, axis in enumerate(space.axes)
            if axis.question.effort is not None or axis.question.id in found_out
        }
        self._moves = [
            [(number, band) for band in options]
            for number in self._effort
            for options in [self._options(number)]
            if options and number not in without
        ]

    def _options(self, number: int) -> list[int]:
        """The bands on an axis that are worth moving to here."""
        axis, holds = self.space.axes[number], self.evaluator.holds
        conditions = conditions_to_advise(axis)
        return [
            band
            for band in better(axis, self.cell[number])
            if band not in conditions or holds(conditions[band], self.terms)
        ]

    def changes(self, size: int, about: Collection[str] | None = None) -> Iterator[Change]:
        """The changes of so many answers that open a channel or give another recommendation; with
        `about`, only of answers on which the access of these channels hangs."""
        space, now = self.space, self.now
        for moves in itertools.islice(self._combinations(size, about), MOST_TRIED):
            chosen = dict(moves)
            also = self._following(chosen)
            bands = {**also, **chosen}
            after, terms = space.move(self.cell, bands, self._newly)
            if not all(after[number] for number in chosen):
                continue  # an answer to a question that does not apply changes nothing
            scores = self.evaluator.scores(terms)
            opens = _opened(now, scores)
            if any(space.dependents(number) for number in bands):
                _, terms = space.move(self.cell, bands, self._worst)
                at_worst = self.evaluator.scores(terms)
                if at_worst.recommended != scores.recommended:
                    continue  # what it gives would depend on an assumption
                opens = tuple(channel for channel in opens if at_worst.access[channel] == "open")
            if opens or scores.recommended != now.recommended:
                effort = sum(self._effort[number] for number in chosen)
                still = {number: band for number, band in also.items() if after[number]}
                yield Change(
                    self._answers(chosen), self._answers(still), effort, scores.recommended, opens
                )

    def _combinations(
        self, size: int, about: Collection[str] | None
    ) -> Iterator[tuple[tuple[int, int], ...]]:
        moves = self._moves
        if about is not None:
            axes = self._deciding_access(about)
            moves = [options for options in moves if options[0][0] in axes]
        for chosen in itertools.combinations(moves, size):
            yield from itertools.product(*chosen)

    def _deciding_access(self, channels: Collection[str]) -> set[int]:
        """The axes on which the access of these channels hangs."""
        space, gates = self.space, self.evaluator.rulebook.gates.values()
        shutting = (gate for gate in gates if not {*channels}.isdisjoint(gate.channels))
        read = space.bits_of_any(gate.when for gate in shutting)
        axes: set[int] = set()
        for number in reversed(range(len(space.axes))):
            if space.told_apart(number, read):
                axes.add(number)
                read |= space.applies[number]
        return axes

    def _following(self, chosen: Mapping[int, int]) -> dict[int, int]:
        """The bands of answers that held for the old answers only."""
        answers = following(self.questions, self.values, self._answers(chosen))
        axes, index = self.space.axes, self.space.index
        return {index[name]: axes[index[name]].band(value) for name, value in answers.items()}

    def _newly(self, number: int) -> int:
        """The given or assumed answer to a question that applies only after the change."""
        axis = self.space.axes[number]
        value: Value | None = self.given.get(axis.question.id, UNKNOWN)
        value = axis.question.assumed if value == UNKNOWN else value
        return 1 if value is None else axis.band(value)

    def _worst(self, number: int) -> int:
        """The given answer, or the worst."""
        axis = self.space.axes[number]
        if self.given.get(axis.question.id, UNKNOWN) == UNKNOWN and worst(axis):
            return worst(axis)
        return self._newly(number)

    def _answers(self, bands: Mapping[int, int]) -> dict[str, Value]:
        """One answer for each of some bands: of choices in one, the first that is advised."""
        answers: dict[str, Value] = {}
        for number, band in bands.items():
            axis = self.space.axes[number]
            answers[axis.question.id] = answer_in(axis, band)
        return answers


def _opened(now: Scores, then: Scores) -> tuple[str, ...]:
    return tuple(
        channel
        for channel, access in then.access.items()
        if access == "open" and now.access[channel] != "open"
    )


def conditions_to_advise(axis: Axis) -> dict[int, Condition]:
    """By band that is worth moving to under a condition only, that condition."""
    question = axis.question
    if not question.advise_when:
        return {}
    return {
        axis.band(value): question.advise_when[name]
        for name in question.advise
        for value in [kind_of(question).value(name)]
        if name in question.advise_when
        and not any(
            other in question.advise and other not in question.advise_when
            for other in map(to_text, axis.alike[axis.band(value) - 1])
        )
    }


def answer_in(axis: Axis, band: int) -> Value:
    """One answer in a band: of several choices the first that is advised."""
    advised = [value for value in axis.alike[band - 1] if to_text(value) in axis.question.advise]
    return advised[0] if advised else axis.values[band - 1]


def worst(axis: Axis) -> int:
    """The band that is taken for a question that applies only after a change, so that nothing is
    promised that an assumption would bring about: 0 where no order is known."""
    return axis.ordered(axis.question.better)[0] if axis.question.better else 0


def better(axis: Axis, now: int) -> list[int]:
    """The bands worth moving to: better ones where the rulebook knows an order, and those that it
    leaves out of the order.

    A question that does not apply yet may have to be answered along with a change that makes it
    apply.
    """
    question = axis.question
    if question.better:
        order = axis.ordered(question.better)
        options = order[order.index(now) + 1 if now in order else 0 :]
        options += [band for band in axis.bands if band not in order and now and band != now]
    else:
        options = [band for band in axis.bands if now and band != now]
    advised = {*question.advise}
    return [
        band
        for band in options
        if not advised or not advised.isdisjoint(map(to_text, axis.alike[band - 1]))
    ]
