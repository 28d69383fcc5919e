"""One object that holds a rulebook ready for use, and one for a seller who is advised by it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from choose_channel.answers.rewording import worded
from choose_channel.answers.situation import Situation, complete_with_defaults, following
from choose_channel.answers.sources import Given, missing_core
from choose_channel.answers.space import Axis, space_of
from choose_channel.engine.completions import Completions, Judge, completions
from choose_channel.engine.evaluate import Evaluation, Evaluator, Scores
from choose_channel.engine.plan import Planner
from choose_channel.engine.result import Headline, Result, Results
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook, Value

if TYPE_CHECKING:
    from choose_channel.money.money_rules import MoneyRules
    from choose_channel.money.unit_economics import Economics


_REMEMBERED = 4


class Engine:
    """A rulebook with its answer space, its evaluator and its planner, each made once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.space = space_of(rulebook)
        self.evaluator = Evaluator(rulebook, self.space)
        self._sellers: dict[tuple[tuple[str, Value], ...], Seller] = {}

    @functools.cached_property
    def planner(self) -> Planner:
        """The steps of the rulebook, ready to be chosen at any cell."""
        return Planner(self.evaluator)

    @functools.cached_property
    def results(self) -> Results:
        """The result of any cell."""
        return Results(self.evaluator, self.planner)

    def seller(self, given: Given) -> Seller:
        """The seller who gave these answers. The last few are kept, since a dialogue asks for
        the same seller several times in a row."""
        key = tuple(given.items())
        seller = self._sellers.pop(key, None) or Seller(self, dict(given))
        self._sellers[key] = seller
        if len(self._sellers) > _REMEMBERED:
            del self._sellers[next(iter(self._sellers))]
        return seller

    def economics(self, situation: Situation, given: Given) -> Economics:
        """The money of these answers, whose situation is that with the margin as assumed. The
        rulebook must have roles in its money."""
        # Imported here, since most scripted runs give no cost and need none of it.
        from choose_channel.money.unit_economics import Economics

        return Economics(self._money_rules, situation, given)

    @functools.cached_property
    def _money_rules(self) -> MoneyRules:
        from choose_channel.money.money_rules import MoneyRules

        return MoneyRules(self.rulebook, self.space)

    def axis(self, question: str) -> Axis:
        """The axis of a question in the answer space."""
        return self.space.axes[self.space.index[question]]

    def missing_core(self, given: Given) -> list[Question]:
        """The core questions that are not answered and may apply, whatever the others say."""
        return missing_core(self.space, given)

    @functools.cached_property
    def moves_money(self) -> frozenset[str]:
        """The questions and inputs whose answers can change the margin of an order."""
        roles, rulebook = self.rulebook.economy.roles, self.rulebook
        inputs = rulebook.economy.inputs.keys()
        return rulebook.moving_the_margin.union(inputs, [roles.price] if roles else [])


class Seller:
    """One seller: the answers as given, and everything that follows from them. Each result is
    worked out once, when it is first asked for.

    `answers` are the given ones, plus the margin, which is derived from the money.
    `economics` and the margin are None where the unit cost or the price is not known, or where
    there is nothing to sell.
    """

    def __init__(self, engine: Engine, given: Given, like: Seller | None = None) -> None:
        """`like` is a seller whose money is the same, because the two differ only in answers that
        no figure depends on. Its economics and its margin are used again, which saves most of the
        work when many neighbours of one seller are compared."""
        self.engine, self.given = engine, given
        roles = engine.rulebook.economy.roles
        situation = complete_with_defaults(engine.rulebook, engine.space, given)
        self.economics: Economics | None = None
        margin = None
        if like is not None:
            self.economics, margin = like.economics, like.margin
        elif roles and roles.margin not in given and given.get(roles.unit_cost, UNKNOWN) != UNKNOWN:
            economics = engine.economics(situation, given)
            if economics.ready:
                self.economics, margin = economics, economics.margin()
        self.margin: str | None = margin
        self.answers: Given = given
        if roles and margin is not None:
            self.answers = {**given, roles.margin: margin}
            situation = _with_margin(engine, situation, self.answers, roles.margin)
        self.situation = situation

    @functools.cached_property
    def scores(self) -> Scores:
        """Access, fit, recommended and aim."""
        return self.engine.evaluator.scores(self.situation.terms)

    @functools.cached_property
    def headline(self) -> Headline:
        """What the title of the verdict says."""
        return self.engine.results.headline(self.scores, self.situation.terms)

    @functools.cached_property
    def evaluation(self) -> Evaluation:
        """Everything that holds for this seller."""
        assumed = frozenset(self.situation.assumed)
        return self.engine.evaluator.evaluate(self.situation.terms, assumed)

    @functools.cached_property
    def result(self) -> Result:
        """What the first screen says."""
        return self.engine.results.at(self.situation.terms)

    @functools.cached_property
    def recommendations(self) -> Completions[str | None]:
        """The recommended channel in every way to answer what is open."""
        ready = self.engine.evaluator
        judge = Judge(0, lambda total, _: ready.recommended_of(total), ready.recommended_alike)
        return completions(self.engine.space, ready, judge, self._known())

    @functools.cached_property
    def headlines(self) -> Completions[Headline]:
        """The headline in every way to answer what is open."""
        ready, headline = self.engine.evaluator, self.engine.results.headline
        judge = Judge(
            ready.read_by_variants, lambda total, terms: headline(ready.verdict(total), terms)
        )
        return completions(self.engine.space, ready, judge, self._known())

    @functools.cached_property
    def results(self) -> Completions[Result]:
        """The result in every way to answer what was not asked yet: a question answered with
        "unknown" keeps its assumed answer."""
        every = self.engine.results
        unknown = [name for name, value in self.given.items() if value == UNKNOWN]
        judge = Judge(every.read, every.of)
        return completions(self.engine.space, self.engine.evaluator, judge, self._known(unknown))

    def _known(self, fixed: Iterable[str] = ()) -> dict[str, Value]:
        """The answers that no completion varies: known ones, derived ones, and those `fixed`, which
        keep their assumed answer."""
        questions = self.engine.rulebook.questions
        known = {n: v for n, v in self.answers.items() if v != UNKNOWN and n in questions}
        derived = (name for name, question in questions.items() if question.derived)
        for name in (*derived, *(name for name in fixed if name in questions)):
            assumed = questions[name].assumed
            if name not in known and assumed is not None:
                known[name] = assumed
        return known

    def worded(self, question: Question) -> Question:
        """A question or money input in the words for this seller."""
        bits, terms = self.engine.space.bits, self.situation.terms
        return worded(question, lambda condition: bool(bits(condition) & terms))

    def resets(self, answers: Mapping[str, Value]) -> dict[str, Value]:
        """What becomes of answers that held for the old answers only, when these are given
        instead; an open one counts at its assumed answer."""
        now = {**self.situation.set_aside, **self.situation.values}
        questions = self.engine.rulebook.questions
        counts = {
            name: questions[name].assumed if value == UNKNOWN and name in questions else value
            for name, value in answers.items()
        }
        known = {name: value for name, value in counts.items() if value is not None}
        return following(questions, now, known)

    def changed(self, answers: Mapping[str, Value]) -> Seller:
        """The same seller with some answers changed, and the money with them."""
        now, moving = self.situation.values, self.engine.moves_money
        moves = any(
            # A number counts only where it is given, so the assumed one is no such number.
            name in moving and (isinstance(value, Decimal) or value != now.get(name))
            for name, value in answers.items()
        )
        return Seller(self.engine, {**self.given, **answers}, None if moves else self)

    def vary(self, question: str) -> Iterator[tuple[Value, Seller]]:
        """Each answer to a question, with the seller as that answer would make them. Choices that
        no condition tells apart may still differ in their figures."""
        axis = self.engine.axis(question)
        for value in axis.answers if question in self.engine.moves_money else axis.values:
            yield value, self.changed({question: value})


def _with_margin(engine: Engine, situation: Situation, answers: Given, margin: str) -> Situation:
    """The situation with the derived answer in its place."""
    space, number = engine.space, engine.space.index[margin]
    if space.dependents(number):  # other questions may apply now
        return complete_with_defaults(engine.rulebook, space, answers)
    if not situation.cell[number]:
        return situation
    band = space.axes[number].band(answers[margin])
    cell, terms = space.move(situation.cell, {number: band}, lambda _axis: 1)
    return situation._replace(cell=cell, terms=terms)
