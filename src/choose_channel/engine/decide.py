"""From a seller to a decision: what was worked out, put into words."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from choose_channel.answers.format import answer_line, answer_text
from choose_channel.engine.counterfactuals import Change, changes
from choose_channel.engine.decision import (
    SCHEMA_VERSION,
    AnswerLine,
    AnswerTexts,
    Certainty,
    ChangeLine,
    ChannelLine,
    Decision,
    DimensionLine,
    FactLine,
    GateLine,
    LedgerLine,
    MoneyTexts,
    PitfallLine,
    RobustnessLine,
    StepLine,
    Thresholds,
    UnsettledLine,
    WhyNot,
)
from choose_channel.engine.engine import Seller
from choose_channel.engine.evaluate import Evaluation, Scores
from choose_channel.engine.sensitivity import Robustness, Unsettled, robustness, sureness, unsettled
from choose_channel.messages.i18n import Messages
from choose_channel.model.conditions import questions_in
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import (
    ACCESS,
    ANY_MARKET,
    SEVERITIES,
    UNKNOWN,
    Choice,
    Phase,
    Pitfall,
    Question,
    Rule,
    Rulebook,
    Step,
    Value,
)
from choose_channel.money.figures_in_texts import FactMessages

if TYPE_CHECKING:
    from choose_channel.money.results import Money


_Line = TypeVar("_Line", ChannelLine, FactLine, GateLine, LedgerLine, PitfallLine, StepLine)


def decide(seller: Seller, sources: Mapping[str, str], lang: str) -> Decision:
    """The decision on a seller who gave every core answer; `sources` tells where each answer came
    from."""
    evaluator, rulebook = seller.engine.evaluator, seller.engine.rulebook
    situation, evaluation, scores = seller.situation, seller.evaluation, seller.scores
    given = {n: value for n, value in seller.given.items() if n not in situation.set_aside}
    messages = FactMessages(rulebook, lang, {**given, **situation.values})
    counterfactuals = changes(seller)
    plan = seller.engine.planner.plan(situation.terms, situation.assumed)
    severities = {
        pitfall.id: evaluator.severity(pitfall, situation.terms) for pitfall in evaluation.pitfalls
    }
    unlocking = [
        step
        for step in rulebook.steps.values()
        if step.unlocks
        and evaluator.holds(step.when, situation.terms)
        and (step.settles is None or step.settles in situation.assumed)
    ]
    money, money_needs = _money(seller, counterfactuals, messages)
    overturning = unsettled(seller)

    # From here on values are put into words, and nothing more is worked out.
    channels = tuple(
        _channel(rulebook, evaluation, name, situation.assumed, unlocking, messages)
        for name in _reading_order(scores)
    )
    pitfalls = _pitfalls(evaluation, severities, messages)
    steps = tuple(_step(rulebook, evaluation, phase, step, messages) for phase, step in plan)
    cited = _cited(channels, pitfalls, steps, money)
    assumed = tuple(_answers(rulebook, situation.assumed, messages))
    return Decision(
        schema_version=SCHEMA_VERSION,
        rulebook=identity_of(rulebook, messages),
        answers=given,
        assumed=situation.assumed,
        set_aside=situation.set_aside,
        recommended=scores.recommended,
        aim=scores.aim,
        weak=scores.weak,
        close=scores.close,
        certainty=Certainty(
            seller.recommendations.holding(scores.recommended), seller.recommendations.count()
        ),
        sampled=not seller.recommendations.exact,
        thresholds=Thresholds(rulebook.base_fit, rulebook.weak_below, rulebook.close_within),
        dimensions=tuple(
            DimensionLine(name, messages.text(text)) for name, text in rulebook.dimensions.items()
        ),
        channels=channels,
        pitfalls=pitfalls,
        plan=steps,
        why_not=tuple(_why_not(evaluation, messages)),
        changes=tuple(_change(rulebook, change, messages) for change in counterfactuals),
        unsettled=tuple(_unsettled(rulebook, question, messages) for question in overturning),
        robustness=_robustness(rulebook, robustness(evaluation), messages),
        money=money,
        money_needs=money_needs,
        facts=tuple(fact_lines(rulebook, cited, messages)),
        lang=lang,
        answer_texts=AnswerTexts(
            given=tuple(_answers(rulebook, given, messages)),
            assumed=assumed,
            set_aside=tuple(_answers(rulebook, situation.set_aside, messages)),
            money_needs=tuple(
                messages.text(seller.worded(rulebook.answerable[name]).short)
                for name in money_needs
            ),
            guessed=_guessed(evaluation, assumed),
        ),
        money_texts=_money_texts(seller, money, scores, messages) if money else None,
        messages=messages,
        sources=sources,
        sureness=functools.cache(
            functools.partial(sureness, seller, [question.question for question in overturning])
        ),
        seller=seller,
    )


def identity_of(rulebook: Rulebook, messages: Messages) -> dict[str, str]:
    """Which rulebook it was, as a record tells it."""
    return {
        "name": messages.text(rulebook.name),
        "version": rulebook.version,
        "reviewed": rulebook.reviewed,
        "digest": rulebook.digest,
    }


def _line(kind: type[_Line], entry: Any, messages: FactMessages, **own: object) -> _Line:
    """A line of the decision: the values in `own`, and all other fields from the rulebook's entry,
    texts in the language of the decision, facts as far as they are about the seller's market.

    So a text that an entry and its line both have gets from one to the other by its name alone.
    """
    values: dict[str, Any] = {**own}
    for name in kind._fields:
        if name not in own:
            value = getattr(entry, name)
            if name == "facts":
                value = messages.here(value)
            values[name] = messages.text(value) if isinstance(value, Mapping) else value
    return kind(**values)


# ---- channels


def _reading_order(scores: Scores) -> list[str]:
    """The channels: the recommended one first, then by access, then by fit."""

    def place(channel: str) -> tuple[bool, int, int]:
        access = ACCESS.index(scores.access[channel])
        return channel != scores.recommended, access, -scores.fit[channel]

    return sorted(scores.fit, key=place)


def _channel(
    rulebook: Rulebook,
    evaluation: Evaluation,
    name: str,
    assumed: Collection[str],
    unlocking: Sequence[Step],
    messages: FactMessages,
) -> ChannelLine:
    channel, variant = rulebook.channels[name], evaluation.variants[name]
    played = next((entry for entry in channel.variants if entry.id == variant), None)
    return _line(
        ChannelLine,
        channel,
        messages,
        fit=evaluation.scores.fit[name],
        access=evaluation.scores.access[name],
        variant=variant,
        variant_name=messages.text(played.name) if played else None,
        variant_do=messages.text(played.do or played.name) if played else None,
        ledger=_ledger(evaluation.rules, name, assumed, messages),
        gates=_gates(evaluation, name, unlocking, messages),
    )


def _ledger(
    rules: Iterable[Rule], channel: str, assumed: Collection[str], messages: FactMessages
) -> tuple[LedgerLine, ...]:
    """The rules that give the channel points, the most decisive first."""
    lines = [
        _line(
            LedgerLine,
            rule,
            messages,
            rule=rule.id,
            points=rule.points[channel],
            assumed=not questions_in(rule.when, denied=False).isdisjoint(assumed),
        )
        for rule in rules
        if rule.points.get(channel)
    ]
    return tuple(sorted(lines, key=lambda line: -abs(line.points)))


def _gates(
    evaluation: Evaluation, channel: str, unlocking: Sequence[Step], messages: FactMessages
) -> tuple[GateLine, ...]:
    """The gates that hold the channel back, closing ones before locking ones."""
    lines = [
        _line(
            GateLine,
            gate,
            messages,
            unlock=tuple(messages.text(s.text) for s in unlocking if gate.id in s.unlocks),
        )
        for gate in evaluation.gates
        if channel in gate.channels
    ]
    return tuple(sorted(lines, key=lambda line: -ACCESS.index(line.access)))


def _why_not(evaluation: Evaluation, messages: FactMessages) -> Iterator[WhyNot]:
    """Why each other channel is not recommended: its gates, or what sets the best one above it."""
    scores = evaluation.scores
    for channel in _reading_order(scores):
        if channel != scores.recommended:
            reasons = _barred(evaluation, channel, messages)
            if not reasons and scores.recommended is not None:
                reasons = _outdone(evaluation, channel, scores.recommended, messages)
            yield WhyNot(channel, messages.sentences(reasons))


def _barred(evaluation: Evaluation, channel: str, messages: FactMessages) -> list[str]:
    access = evaluation.scores.access[channel]
    return [
        messages.text(gate.because)
        for gate in evaluation.gates
        if access != "open" and channel in gate.channels and gate.access == access
    ]


def _outdone(evaluation: Evaluation, channel: str, best: str, messages: FactMessages) -> list[str]:
    """The two rules that set the best channel most above this one."""

    def gap(rule: Rule) -> int:
        return rule.points.get(best, 0) - rule.points.get(channel, 0)

    ahead = sorted((rule for rule in evaluation.rules if gap(rule) > 0), key=gap, reverse=True)
    fit = evaluation.scores.fit
    weaker = messages("report_outdone", fit=fit[channel], best=fit[best])
    return [weaker, *(messages.text(rule.because) for rule in ahead[:2])]


# ---- pitfalls and steps


def _pitfalls(
    evaluation: Evaluation, severities: Mapping[str, str], messages: FactMessages
) -> tuple[PitfallLine, ...]:
    """The pitfalls, the gravest first."""
    lines = [
        _line(
            PitfallLine,
            pitfall,
            messages,
            channel=channel_of(pitfall, evaluation),
            id=pitfall.same_as or pitfall.id,
            severity=severities[pitfall.id],
            text=messages.text(pitfall.happens),
        )
        for pitfall in evaluation.pitfalls
    ]
    return tuple(sorted(lines, key=lambda line: SEVERITIES.index(line.severity)))


def channel_of(pitfall: Pitfall, evaluation: Evaluation) -> str | None:
    """The channel that a pitfall is about: one that is played, else one behind its gates."""
    for channel in (evaluation.scores.recommended, evaluation.scores.aim):
        if channel and {channel, evaluation.variants[channel]} & {*pitfall.channels}:
            return channel
    gates = (gate for gate in evaluation.gates if gate.id in pitfall.gates)
    return next((gate.channels[0] for gate in gates), None)


def _step(
    rulebook: Rulebook, evaluation: Evaluation, phase: Phase, step: Step, messages: FactMessages
) -> StepLine:
    """A step, and the channel that it is for: one that is played before one that is not, and the
    aim before others that its gates hold back."""
    scores = evaluation.scores
    plays = [c for c, v in evaluation.variants.items() if {c, v} & {*step.channels}]
    gates = [rulebook.gates[gate] for gate in step.unlocks]
    concerned = [channel for gate in gates for channel in gate.channels]
    aimed = [channel for channel in concerned if channel == scores.aim]
    lead = [channel for channel in (scores.recommended, scores.aim) if channel in plays]
    channel = next(iter([*lead, *plays, *aimed, *concerned]), None)
    return _line(StepLine, step, messages, phase=phase, channel=channel)


# ---- answers


def _answers(
    rulebook: Rulebook, answers: Mapping[str, Value], messages: FactMessages
) -> Iterator[AnswerLine]:
    questions = {**rulebook.questions, **rulebook.economy.inputs}
    for name, value in answers.items():
        question = questions[name]
        short = messages.text(question.short)
        yield AnswerLine(name, short, answer_text(question, value, messages))


def _guessed(
    evaluation: Evaluation, assumed: Iterable[AnswerLine]
) -> dict[str, tuple[AnswerLine, ...]]:
    """By rule, the assumed answers on which it hangs."""
    read = {rule.id: questions_in(rule.when, denied=False) for rule in evaluation.rules}
    return {
        rule: tuple(line for line in assumed if line.question in names)
        for rule, names in read.items()
    }


def changes_text(rulebook: Rulebook, answers: Mapping[str, Value], messages: FactMessages) -> str:
    """Answers to change, as a person says it."""
    market = messages.market(answers)
    texts = [
        change_text(rulebook.questions[name], value, messages, market)
        for name, value in answers.items()
    ]
    return functools.reduce(
        lambda first, more: messages("and_also", first=first, second=more), texts
    )


def _change(rulebook: Rulebook, change: Change, messages: FactMessages) -> ChangeLine:
    return ChangeLine(
        set={name: to_text(value) for name, value in change.all_answers.items()},
        text=changes_text(rulebook, change.answers, messages),
        recommended=change.recommended,
        opens=change.opens,
    )


def change_text(question: Question, value: Value, messages: FactMessages, market: str) -> str:
    """A new answer as a person says it, to sellers in this market."""
    if question.change is None:
        return answer_line(question, value, messages)
    answer = answer_text(question, value, messages)
    return messages.text(question.change).format(answer=answer, market=market)


def _unsettled(rulebook: Rulebook, question: Unsettled, messages: FactMessages) -> UnsettledLine:
    short = messages.text(rulebook.questions[question.question].short)
    return UnsettledLine(question.question, short, question.could_become)


def _robustness(
    rulebook: Rulebook, turn: Robustness | None, messages: FactMessages
) -> RobustnessLine | None:
    if turn is None:
        return None
    because = messages.text(rulebook.rules[turn.rule].because)
    return RobustnessLine(turn.points, turn.rule, because, turn.channel, turn.becomes)


# ---- money and facts


def _money(
    seller: Seller, changes: Iterable[Change], messages: FactMessages
) -> tuple[Money | None, tuple[str, ...]]:
    """The money; where it cannot be worked out, the answers it lacks, if it ever can be."""
    economy = seller.engine.rulebook.economy
    roles = economy.roles
    if roles is None:
        return None, ()
    applies = economy.inputs[roles.unit_cost].applies
    if not seller.engine.evaluator.holds(applies, seller.situation.terms):
        return None, ()
    core = (roles.price, roles.unit_cost)
    needs = tuple(name for name in core if seller.given.get(name, UNKNOWN) == UNKNOWN)
    if needs or seller.economics is None:
        return None, needs
    # Imported only where there is money to work out, which keeps other runs quick.
    from choose_channel.money.summary import money_of

    prices = [
        value
        for change in changes
        for name, value in change.all_answers.items()
        if change.opens and name == roles.price and len(change.all_answers) == 1
    ]
    lowest = min((price for price in prices if isinstance(price, Decimal)), default=None)
    return money_of(seller.economics, messages, lowest), ()


def _money_texts(
    seller: Seller, money: Money, scores: Scores, messages: FactMessages
) -> MoneyTexts:
    from choose_channel.money.summary import (
        comparable,
        days_left_out,
        incomplete,
        left_out,
        not_worked_out,
    )

    economics, economy = seller.economics, seller.engine.rulebook.economy
    assert economics, "there is money"
    played = (scores.recommended, scores.aim)
    return MoneyTexts(
        order=tuple(economy.lines),
        commission=economy.roles.commission if economy.roles else "",
        rule=economy.roles.multiple if economy.roles else "",
        notes=tuple(
            messages.text(stream.note)
            for stream in economy.streams.values()
            if stream.note and stream.channel in played
        ),
        own=tuple(messages.text(economy.inputs[name].short) for name in money.own),
        comparable=comparable(economics),
        left_out=left_out(economics, messages),
        incomplete=incomplete(economics),
        days_left_out=days_left_out(economics, messages),
        not_worked_out=tuple(not_worked_out(economics, messages)),
    )


def _cited(
    channels: Iterable[ChannelLine],
    pitfalls: Iterable[PitfallLine],
    steps: Iterable[StepLine],
    money: Money | None,
) -> Iterable[str]:
    """The ids of the facts that the decision cites, each once."""
    ledgers = (line.facts for channel in channels for line in channel.ledger)
    gates = (line.facts for channel in channels for line in channel.gates)
    others = (line.facts for lines in (pitfalls, steps) for line in lines)
    in_lines = itertools.chain(*ledgers, *gates, *others)
    return dict.fromkeys([*in_lines, *(money.facts() if money else ())])


def fact_lines(
    rulebook: Rulebook, cited: Iterable[str], messages: FactMessages
) -> Iterator[FactLine]:
    """The lines of some facts."""
    markets = {choice.id: messages.text(choice.label) for choice in _markets(rulebook)}
    markets[ANY_MARKET] = messages("market_any")
    for name in cited:
        fact = rulebook.facts[name]
        market = markets.get(fact.market, fact.market)
        yield _line(FactLine, fact, messages, market_name=market, value=fact.value)


def _markets(rulebook: Rulebook) -> list[Choice]:
    """The choices of the market question. Without roles it is not known, and a choice of any
    question is taken for a market, of the first question that has it."""
    roles, questions = rulebook.economy.roles, rulebook.questions
    asked = [questions[roles.market]] if roles else reversed([*questions.values()])
    return [choice for question in asked for choice in question.choices]
