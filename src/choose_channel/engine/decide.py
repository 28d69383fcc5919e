"""From answers to a decision: what holds, what follows, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from choose_channel.engine.counterfactuals import changes
from choose_channel.engine.decision import (
    SCHEMA_VERSION,
    Certainty,
    ChangeLine,
    ChannelLine,
    Decision,
    FactLine,
    GateLine,
    LedgerLine,
    PitfallLine,
    StepLine,
    WhyNot,
)
from choose_channel.engine.engine import Seller
from choose_channel.engine.evaluate import Scores
from choose_channel.engine.scenarios import recommendations
from choose_channel.engine.sensitivity import robustness, unsettled
from choose_channel.messages.i18n import Messages
from choose_channel.model.conditions import Condition, questions_in
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import ACCESS, UNKNOWN, Pitfall, Rule

if TYPE_CHECKING:
    from choose_channel.money.results import Money

_SEVERITIES = ("critical", "warning", "note")


def decide(seller: Seller, sources: Mapping[str, str], lang: str) -> Decision:
    """The decision on a seller who gave every core answer; `sources` tells where each answer came
    from."""
    messages = Messages(seller.engine.rulebook.wording, lang)
    return _Decider(seller, sources, messages).decision()


class _Decider:
    def __init__(self, seller: Seller, sources: Mapping[str, str], messages: Messages) -> None:
        self.seller, self.sources, self.messages = seller, sources, messages
        self.engine, self.book = seller.engine, seller.engine.rulebook
        self.situation, self.found = seller.situation, seller.evaluation
        self.scores: Scores = self.found.scores
        self.changes = changes(seller)
        self.cited: dict[str, None] = {}

    def decision(self) -> Decision:
        book, situation, scores = self.book, self.situation, self.scores
        given = self.seller.given
        applying = {n: v for n, v in given.items() if n not in situation.set_aside}
        every = recommendations(self.seller)
        channels = self._channels()
        pitfalls = self._pitfalls()
        steps = self._plan()
        money, money_needs = self._money()
        return Decision(
            schema_version=SCHEMA_VERSION,
            rulebook={
                "name": self.messages.text(book.name),
                "version": book.version,
                "reviewed": book.reviewed,
                "digest": book.digest,
            },
            answers=applying,
            assumed=situation.assumed,
            set_aside=situation.set_aside,
            recommended=scores.recommended,
            aim=scores.aim,
            weak=scores.weak,
            close=scores.close,
            certainty=Certainty(every.holding(scores.recommended), len(every.outcomes)),
            sampled=not every.exact,
            channels=channels,
            pitfalls=pitfalls,
            plan=steps,
            why_not=self._why_not(),
            changes=tuple(
                ChangeLine(
                    {name: to_text(value) for name, value in change.answers.items()},
                    change.recommended,
                    change.opens,
                )
                for change in self.changes
            ),
            unsettled=unsettled(self.seller, every),
            robustness=robustness(self.found),
            money=money,
            money_needs=money_needs,
            facts=self._facts(),
            lang=self.messages.lang,
            book=book,
            sources=self.sources,
            seller=self.seller,
        )

    def _order(self) -> list[str]:
        """Recommended first, then by access, then by fit."""
        scores = self.scores
        return sorted(
            self.book.channels,
            key=lambda channel: (
                channel != scores.recommended,
                ACCESS.index(scores.access[channel]),
                -scores.fit[channel],
            ),
        )

    def _channels(self) -> tuple[ChannelLine, ...]:
        lines = []
        for name in self._order():
            channel = self.book.channels[name]
            variant = self.found.variants[name]
            names = {one.id: self.messages.text(one.name) for one in channel.variants}
            lines.append(
                ChannelLine(
                    id=name,
                    name=self.messages.text(channel.name),
                    fit=self.scores.fit[name],
                    access=self.scores.access[name],
                    variant=variant,
                    variant_name=names[variant] if variant else None,
                    ledger=self._ledger(name),
                    gates=self._gates(name),
                )
            )
        return tuple(lines)

    def _ledger(self, channel: str) -> tuple[LedgerLine, ...]:
        lines = []
        for rule in self.found.rules:
            points = rule.points.get(channel, 0)
            if points:
                self._cite(rule.facts)
                because = self.messages.text(rule.because)
                assumed = not questions_in(rule.when, denied=False).isdisjoint(
                    self.situation.assumed
                )
                line = (rule.id, rule.dimension, points, because, rule.source, assumed)
                lines.append(LedgerLine(*line))
        return tuple(sorted(lines, key=lambda line: -abs(line.points)))

    def _gates(self, channel: str) -> tuple[GateLine, ...]:
        lines = []
        for gate in self.found.gates:
            if channel in gate.channels:
                self._cite(gate.facts)
                unlock = tuple(
                    self.messages.text(step.text)
                    for step in self.book.steps.values()
                    if gate.id in step.unlocks and self._holds(step.when)
                )
                because = self.messages.text(gate.because)
                lines.append(GateLine(gate.id, gate.access, because, unlock, gate.source))
        return tuple(sorted(lines, key=lambda line: -ACCESS.index(line.access)))

    def _pitfalls(self) -> tuple[PitfallLine, ...]:
        terms = self.situation.terms
        lines = []
        for pitfall in self.found.pitfalls:
            self._cite(pitfall.facts)
            lines.append(
                PitfallLine(
                    id=pitfall.id,
                    channel=self._channel_of(pitfall),
                    severity=self.engine.evaluator.severity(pitfall, terms),
                    title=self.messages.text(pitfall.title),
                    text=self.messages.text(pitfall.happens),
                    why=self.messages.text(pitfall.why),
                    avoid=self.messages.text(pitfall.avoid),
                    facts=pitfall.facts,
                )
            )
        return tuple(sorted(lines, key=lambda line: _SEVERITIES.index(line.severity)))

    def _channel_of(self, pitfall: Pitfall) -> str | None:
        for channel in (self.scores.recommended, self.scores.aim):
            if channel and {channel, self.found.variants[channel]} & {*pitfall.channels}:
                return channel
        gates = (gate for gate in self.found.gates if gate.id in pitfall.gates)
        return next((gate.channels[0] for gate in gates), None)

    def _plan(self) -> tuple[StepLine, ...]:
        lines = []
        quickest = next((change.opens[0] for change in self.changes if change.opens), None)
        for phase, step in self.engine.planner.plan(self.situation.terms, quickest):
            self._cite(step.facts)
            plays = [c for c, v in self.found.variants.items() if {c, v} & {*step.channels}]
            gates = [self.book.gates[gate] for gate in step.unlocks]
            concerned = [channel for gate in gates for channel in gate.channels]
            aimed = [channel for channel in concerned if channel == self.scores.aim]
            lead = [c for c in (self.scores.recommended, self.scores.aim) if c in plays]
            lines.append(
                StepLine(
                    id=step.id,
                    phase=phase,
                    channel=next(iter([*lead, *plays, *aimed, *concerned]), None),
                    title=self.messages.text(step.title),
                    text=self.messages.text(step.text),
                    done_when=self.messages.text(step.done_when),
                    takes=self.messages.text(step.takes) if step.takes else None,
                    costs=self.messages.text(step.costs) if step.costs else None,
                    facts=step.facts,
                )
            )
        return tuple(lines)

    def _why_not(self) -> tuple[WhyNot, ...]:
        lines = []
        for channel in self._order():
            if channel != self.scores.recommended:
                reasons = self._barred(channel) or self._outdone(channel)
                lines.append(WhyNot(channel, self.messages.sentences(reasons)))
        return tuple(lines)

    def _barred(self, channel: str) -> list[str]:
        worst = self.scores.access[channel]
        return [
            self.messages.text(gate.because)
            for gate in self.found.gates
            if worst != "open" and channel in gate.channels and gate.access == worst
        ]

    def _outdone(self, channel: str) -> list[str]:
        """The rules that set the recommended channel most above this one."""
        best = self.scores.recommended
        assert best is not None

        def gap(rule: Rule) -> int:
            return rule.points.get(best, 0) - rule.points.get(channel, 0)

        ahead = sorted((rule for rule in self.found.rules if gap(rule) > 0), key=gap, reverse=True)
        fit = self.scores.fit
        weaker = self.messages("report_outdone", fit=fit[channel], best=fit[best])
        return [weaker, *(self.messages.text(rule.because) for rule in ahead[:2])]

    def _money(self) -> tuple[Money | None, tuple[str, ...]]:
        """The money; where it cannot be worked out, what it lacks, if it ever can be."""
        economy, given = self.book.economy, self.seller.given
        roles = economy.roles
        if roles is None or not self._holds(economy.inputs[roles.unit_cost].applies):
            return None, ()
        needs = tuple(
            name for name in (roles.price, roles.unit_cost) if given.get(name, UNKNOWN) == UNKNOWN
        )
        if needs:
            return None, needs
        if self.seller.economics is None:
            return None, ()
        # A run without money does not pay for the import.
        from choose_channel.money.summary import money_of

        money = money_of(self.seller.economics, self.messages)
        self._cite(money.facts() if money else ())
        return money, ()

    def _holds(self, condition: Condition) -> bool:
        return self.engine.evaluator.holds(condition, self.situation.terms)

    def _cite(self, facts: Iterable[str]) -> None:
        self.cited.update(dict.fromkeys(facts))

    def _facts(self) -> tuple[FactLine, ...]:
        lines = []
        for name in self.cited:
            fact = self.book.facts[name]
            lines.append(
                FactLine(
                    id=name,
                    market=fact.market,
                    value=fact.value,
                    unit=fact.unit,
                    says=self.messages.text(fact.says),
                    source=self.messages.text(fact.source),
                    as_of=fact.as_of,
                    grade=fact.grade,
                    article=fact.article,
                    unverified=fact.unverified,
                )
            )
        return tuple(lines)
