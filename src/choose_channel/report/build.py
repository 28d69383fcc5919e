"""From a decision to its report. Pure.

The terminal, Markdown and HTML show the same report; they only lay it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from choose_channel.answers.format import answer_line, answer_text
from choose_channel.engine.decision import ChannelLine, Decision, FactLine, PitfallLine, StepLine
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.model.naming import flag
from choose_channel.money.format import is_old
from choose_channel.report.content import (
    Changed,
    ChannelRow,
    Numbers,
    Other,
    Pitfall,
    Pitfalls,
    Reason,
    Report,
    RunInfo,
    Step,
    Steps,
    Title,
)
from choose_channel.report.money import inputs_wanted, statement
from choose_channel.report.verdict import closeness, grouped_changes, headline, robustness_text

THIS_WEEK = 3
_TITLE = 200


def report(decision: Decision, run: RunInfo | None) -> Report:
    """The report on a decision. Without a run, nothing is said of when it was and how to repeat
    it, and no fact is called old."""
    return _Writer(decision, run).report()


class _Writer:
    def __init__(self, decision: Decision, run: RunInfo | None) -> None:
        self.decision, self.run = decision, run
        self.book = decision.book
        self.messages = Messages(self.book.wording, decision.lang)
        self.numbers = Numbers()

    def report(self) -> Report:
        messages, decision = self.messages, self.decision
        now, aim, sure = headline(decision)
        week = self._week()
        money = statement(decision, self.numbers)
        why = tuple(self._why())
        pitfalls = tuple(self._pitfalls())
        plan = tuple(self._plan(len(week.steps) if week else 0))
        best = decision.recommended or decision.aim
        why_key = "report_why" if decision.recommended else "report_why_aim"
        not_key = "report_why_not" if decision.recommended else "report_why_not_yet"
        return Report(
            heading=self._heading(),
            warning=decision.money.warning or "" if decision.money else "",
            now=now,
            aim=aim,
            sure=sure,
            close=closeness(decision) or "",
            safe=self._safe,
            week=week,
            money=money,
            money_wanted=inputs_wanted(decision),
            channels_title=messages("report_channels"),
            dimensions=tuple(map(messages.text, self.book.dimensions.values())),
            channels=tuple(map(self._channel, decision.channels)),
            points_note=messages("report_points_note", base=self.book.base_fit),
            why_title=messages(why_key, channel=decision.channel(best).name) if best else "",
            why=why,
            why_not_title=messages(not_key),
            why_not=tuple(self._why_not()),
            changes_title=messages("report_change"),
            changes=tuple(self._changes()),
            robust=robustness_text(decision) or "",
            pitfalls=pitfalls,
            plan=plan,
            answered_title=messages("report_answered"),
            answered=tuple(self._answered()),
            assumed_title=messages("report_assumed"),
            assumed=tuple(self._assumed()),
            set_aside=self._set_aside(),
            sources_title=messages("report_sources"),
            sources=tuple(self._sources()),
            article=messages("report_article"),
            stamp=self._stamp(),
            short_title=messages("report_in_short"),
            repeat_title=messages("report_repeat"),
            repeat=sanitize(self.run.command) if self.run else "",
        )

    def _heading(self) -> Title:
        if not self.run:
            return Title()
        title, client, note = self.run.heading
        return Title(
            sanitize(title, _TITLE).strip(), sanitize(client).strip(), sanitize(note).strip()
        )

    @property
    def _safe(self) -> bool:
        return self.decision.weak or self.decision.recommended is None

    # ---- the plan

    def _steps(self, phase: str) -> list[StepLine]:
        return [step for step in self.decision.plan if step.phase == phase]

    def _numbered(self, key: str, first: int, steps: Sequence[StepLine]) -> Steps:
        return Steps(steps[0].phase, self.messages(key), first, tuple(map(self._step, steps)))

    def _step(self, step: StepLine) -> Step:
        messages = self.messages
        details = [messages("report_takes", text=step.takes)] if step.takes else []
        details += [messages("report_costs", text=step.costs)] if step.costs else []
        done = messages("report_done_when", text=step.done_when)
        return Step(step.title, self.numbers.cited(step.text, step.facts), done, tuple(details))

    def _week(self) -> Steps | None:
        now = self._steps("now")[:THIS_WEEK]
        key = "report_week_safe" if self._safe else "report_week"
        return self._numbered(key, 1, now) if now else None

    def _plan(self, number: int) -> Iterator[Steps]:
        later = "report_plan_opened" if self._safe else "report_plan_later"
        sections = (
            ("report_plan_now", self._steps("now")[THIS_WEEK:]),
            ("report_plan_unlock", self._steps("unlock")),
            (later, self._steps("later")),
        )
        for key, steps in sections:
            if steps:
                yield self._numbered(key, number + 1, steps)
                number += len(steps)

    # ---- the channels

    def _channel(self, channel: ChannelLine) -> ChannelRow:
        points = dict.fromkeys(self.book.dimensions, 0)
        for line in channel.ledger:
            points[line.dimension] += line.points
        return ChannelRow(
            name=channel.name,
            short=self.messages.text(self.book.channels[channel.id].short),
            access=channel.access,
            access_word=self.messages(f"access_{channel.access}"),
            fit=channel.fit,
            points=tuple(points.values()),
        )

    def _why(self) -> Iterator[Reason]:
        best = self.decision.recommended or self.decision.aim
        if best:
            for line in self.decision.channel(best).ledger:
                mark = [self.messages("report_assumed_mark")] if line.assumed else []
                text = self.messages.sentences([line.because, *mark])
                facts = self.book.rules[line.rule].facts
                yield Reason(line.points, self.numbers.cited(text, facts))

    def _why_not(self) -> Iterator[Other]:
        for other in self.decision.why_not:
            channel = self.decision.channel(other.channel)
            yield Other(channel.name, channel.access, other.because)

    def _changes(self) -> Iterator[Changed]:
        messages, decision = self.messages, self.decision
        for changes, change in grouped_changes(decision, messages):
            opens = messages.listing(decision.channel(name).name for name in change.opens)
            alone = change.opens if decision.recommended is None else ()
            told = (decision.recommended, *alone)
            new = change.recommended if change.recommended not in told else None
            then = decision.channel(new).name if new else ""
            key = "report_change_both" if opens and then else "report_change_opens"
            key = key if opens else "report_change_then"
            text = messages(key, changes=changes, opens=opens, then=then)
            flags = " ".join(f"{flag(name)} {value}" for name, value in change.set.items())
            yield Changed(text, flags)

    # ---- the pitfalls

    def _pitfalls(self) -> Iterator[Pitfalls]:
        played = (self.decision.recommended, self.decision.aim)
        own = [one for one in self.decision.pitfalls if one.channel in (*played, None)]
        others = [one for one in self.decision.pitfalls if one not in own]
        for key, pitfalls in (("report_pitfalls", own), ("report_other_pitfalls", others)):
            if pitfalls:
                told = tuple(self._pitfall(one, full=pitfalls is own) for one in pitfalls)
                yield Pitfalls(self.messages(key), told)

    def _pitfall(self, pitfall: PitfallLine, *, full: bool) -> Pitfall:
        full = full and pitfall.severity != "note"
        return Pitfall(
            severity=pitfall.severity,
            severity_word=self.messages(f"severity_{pitfall.severity}"),
            title=pitfall.title,
            text=pitfall.text if full else "",
            why=pitfall.why if full else "",
            avoid=self.numbers.cited(
                self.messages("report_avoid", text=pitfall.avoid), pitfall.facts
            ),
        )

    # ---- what it rests on

    def _answered(self) -> Iterator[str]:
        questions = self.book.answerable
        for name, value in self.decision.answers.items():
            yield answer_line(questions[name], value, self.messages)

    def _assumed(self) -> Iterator[str]:
        for name, value in self.decision.assumed.items():
            question = self.book.questions[name]
            short = self.messages.text(question.short)
            answer = answer_text(question, value, self.messages)
            words = {"question": short, "answer": answer, "flag": flag(name)}
            yield self.messages("report_assumed_line", **words)

    def _set_aside(self) -> str:
        aside, questions = self.decision.set_aside, self.book.answerable
        answers = [answer_line(questions[n], v, self.messages) for n, v in aside.items()]
        return (
            self.messages("report_set_aside", answers=self.messages.listing(answers))
            if answers
            else ""
        )

    def _sources(self) -> Iterator[str]:
        facts = {fact.id: fact for fact in self.decision.facts}
        markets = self._markets()
        return (self._source(facts[name], markets) for name in self.numbers.order)

    def _source(self, fact: FactLine, markets: Mapping[str, str]) -> str:
        messages = self.messages
        market = markets.get(fact.market, messages("market_any"))
        date = fact.as_of or messages("report_undated")
        marks = [messages("report_source_line", source=fact.source, date=date, market=market)]
        marks += [messages("report_unverified")] if fact.unverified else []
        marks += [messages("report_conflicts")] if fact.article == "conflicts" else []
        marks += [messages("report_old")] if self.run and is_old(fact.as_of, self.run.date) else []
        marks += [messages("report_own_fact")] if self.run and fact.id in self.run.own_facts else []
        return messages.listing(marks)

    def _markets(self) -> dict[str, str]:
        choices: Iterable[tuple[str, str]] = (
            (choice.id, self.messages.text(choice.label))
            for question in self.book.questions.values()
            for choice in question.choices
        )
        return dict(reversed([*choices]))

    def _stamp(self) -> str:
        book = self.decision.rulebook
        words = {key: book[key] for key in ("version", "reviewed")}
        digest = book["digest"][:12]
        if not self.run:
            return self.messages("check_rulebook", digest=digest, **words)
        words |= {"program": self.run.version, "date": self.run.date}
        return self.messages("report_footer", digest=digest, **words)
