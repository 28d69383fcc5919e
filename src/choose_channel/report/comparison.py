"""From a comparison to its report: the scenarios side by side, then what each changes."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from decimal import Decimal

from choose_channel.answers.format import answer_text
from choose_channel.engine.decision import Decision
from choose_channel.engine.difference import Comparison, Difference, Scenario
from choose_channel.messages.i18n import Messages
from choose_channel.money.format import usd
from choose_channel.money.results import StreamMoney
from choose_channel.report.about import stamp, title_of
from choose_channel.report.content import (
    Cell,
    Cited,
    Code,
    Column,
    Item,
    Items,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
)
from choose_channel.report.first_screen import fit_cell, opening
from choose_channel.report.key_figures import way_name
from choose_channel.report.run_info import Reader, RunInfo

_NOTHING = "–"
_MARK = "*"


def comparison_report(comparison: Comparison, run: RunInfo | None, reader: Reader) -> Report:
    """The report on some scenarios, the first of which the others are compared with."""
    messages = comparison.messages
    sections = [
        Section("scenarios", messages("compare_scenarios"), tuple(_legend(comparison))),
        Section(
            "ways", messages("compare_side_by_side"), (_table(comparison), *_opens(comparison))
        ),
        *_differences(comparison),
        Section("about", "", tuple(_about(comparison, run, reader))),
    ]
    return Report(title_of(run), tuple(sections))


def _legend(comparison: Comparison) -> Iterator[Items | Paragraph]:
    """What each scenario is called and how it differs, and what nobody answered in any of them."""
    messages, first = comparison.messages, comparison.first
    texts = (_answers(comparison, number) for number in range(len(comparison.scenarios)))
    yield Items(
        tuple(
            Item(Cited(text or messages("compare_same_answers")), name=label)
            for text, label in zip(texts, scenario_labels(comparison), strict=True)
        )
    )
    assumed = messages.listing(
        messages("answer_is", question=line.short, answer=line.answer)
        for line in first.answer_texts.assumed
    )
    if assumed:
        yield Paragraph(Cited(messages("compare_assumed", answers=assumed)), "quiet")


def answers_text(decision: Decision, questions: Container[str]) -> str:
    """The answers to some questions in one line, marked where they are assumed."""
    messages, texts = decision.messages, decision.answer_texts
    lines = [("answer_is", line) for line in (*texts.given, *texts.set_aside)]
    lines = [(key, line) for key, line in lines if line.question not in decision.assumed]
    lines += [("compare_answer_assumed", line) for line in texts.assumed]
    return messages.listing(
        messages(key, question=line.short, answer=line.answer)
        for key, line in lines
        if line.question in questions
    )


def _answers(comparison: Comparison, number: int) -> str:
    """The answers given in the first scenario, and in another those that differ from it."""
    decision = comparison.scenarios[number].decision
    if not number:
        return answers_text(decision, decision.answers.keys() - decision.assumed.keys())
    messages, differences = decision.messages, comparison.differences[number - 1].answers
    changed = {change.question for change in differences}
    there = {**decision.answers, **decision.assumed, **decision.set_aside}
    left_out = [
        messages("answer_is", question=line.short, answer=messages("ask_left_out"))
        for line in comparison.first.answer_texts.given
        if line.question in changed and line.question not in there
    ]
    return messages.listing(filter(None, [answers_text(decision, changed), *left_out]))


def scenario_labels(comparison: Comparison) -> list[str]:
    """The number of each scenario, and its name where that says more than its answers."""
    return [
        f"{number} {name}" if named and name != str(number) else str(number)
        for number, (name, _, named) in enumerate(comparison.scenarios, 1)
    ]


# ---- side by side


def _table(comparison: Comparison) -> Table:
    messages = comparison.messages
    decisions = [scenario.decision for scenario in comparison.scenarios]
    now, aim = messages("compare_now"), messages("compare_aim")
    columns = tuple(
        Column(label, str(number)) for number, label in enumerate(scenario_labels(comparison), 1)
    )
    rows = [
        _row(now, decisions, lambda decision: _channel(decision, decision.recommended)),
        _row(aim, decisions, lambda decision: _channel(decision, decision.aim)),
    ]
    for channel in sorted(comparison.first.channels, key=lambda line: line.id):
        rows += _channel_rows(comparison, channel.id)
    rows += _money_rows(comparison)
    return Table(columns, tuple(rows))


def _row(label: str, decisions: Iterable[Decision], cell: Callable[[Decision], str | Cell]) -> Row:
    cells = (cell(decision) for decision in decisions)
    return Row(Cited(label), tuple(c if isinstance(c, Cell) else Cell(c) for c in cells))


def _channel(decision: Decision, name: str | None) -> str:
    return decision.channel(name).short if name else _NOTHING


def _channel_rows(comparison: Comparison, name: str) -> Iterator[Row]:
    """How open a channel is in each scenario, how well it fits, and the points that differ."""
    messages = comparison.messages
    lines = [scenario.decision.channel(name) for scenario in comparison.scenarios]
    access = (Cell(messages(f"access_{line.access}"), access=line.access) for line in lines)
    fit = map(fit_cell, lines)
    yield Row(Cited(lines[0].short), tuple(access), strong=True)
    yield Row(Cited(messages("report_fit")), tuple(fit))
    for dimension in comparison.first.dimensions:
        sums = [
            sum(part.points for part in line.ledger if part.dimension == dimension.id)
            for line in lines
        ]
        if len({*sums}) > 1:
            yield Row(
                Cited(dimension.name), tuple(Cell(f"{sum_:+d}" if sum_ else "0") for sum_ in sums)
            )


def _money_rows(comparison: Comparison) -> Iterator[Row]:
    """What an order leaves in the middle, by way of selling, and the most cash that is tied up."""
    messages = comparison.messages
    monies = [scenario.decision.money for scenario in comparison.scenarios]
    ways = [{way.stream: way for way in money.channels} if money else {} for money in monies]
    for stream in dict.fromkeys(stream for streams in ways for stream in streams):
        there = [streams[stream] for streams in ways if stream in streams]
        alike = len({way.before_shipping for way in there}) == 1
        name = way_name(there[0], messages)
        if not alike:
            name = messages.listing([there[0].name, _MARK + messages("money_before_shipping")])
        cells = (_left(streams.get(stream), marked=not alike) for streams in ways)
        yield Row(Cited(messages("compare_left", way=name)), tuple(map(Cell, cells)))
    if any(monies):
        most = (
            max((way.most_out for way in money.cash.streams), default=None) if money else None
            for money in monies
        )
        yield Row(Cited(messages("compare_cash")), tuple(Cell(_dollars(amount)) for amount in most))


def _left(way: StreamMoney | None, *, marked: bool) -> str:
    """What an order leaves; `marked` where it is before shipping in some scenarios only."""
    if way is None:
        return _NOTHING
    left = _dollars(way.profit_per_order.middle)
    return left + _MARK if marked and way.before_shipping else left


def _opens(comparison: Comparison) -> Iterator[Items]:
    """What opens the way to aim for, in each scenario in which it is shut."""
    messages = comparison.messages
    items = []
    for label, (_, decision, _) in zip(
        scenario_labels(comparison), comparison.scenarios, strict=True
    ):
        if decision.aim is not None and decision.channel(decision.aim).access != "open":
            aim = decision.channel(decision.aim)
            text = opening(decision, aim, "summary_opens", "summary_opens_step")
            if text:
                items.append(Item(Cited(text), name=f"{label} · {aim.short}"))
    if items:
        yield Items(tuple(items), messages("compare_unlocks"))


def _dollars(amount: Decimal | None) -> str:
    return _NOTHING if amount is None else usd(amount)


# ---- from the first to each


def _differences(comparison: Comparison) -> Iterator[Section]:
    first = comparison.first
    labels = scenario_labels(comparison)[1:]
    others = zip(labels, comparison.scenarios[1:], comparison.differences, strict=True)
    for label, scenario, difference in others:
        title = comparison.messages("compare_from_first", name=label)
        blocks = tuple(_changes(first, scenario, difference, comparison.messages))
        yield Section("differences", title, blocks)


def _changes(
    first: Decision, scenario: Scenario, difference: Difference, messages: Messages
) -> Iterator[Items | Paragraph]:
    """What it takes, what opens and closes, and what comes in and goes out."""
    takes = tuple(_takes(first, scenario.decision, difference, messages))
    if takes:
        yield Items(takes, messages("compare_takes"))
    if difference.same_advice:
        yield Paragraph(Cited(messages("compare_same")))
    then = scenario.decision
    opened = [channel for channel in difference.channels if channel.access.differs]
    if opened:
        items = tuple(
            Item(
                Cited(
                    messages(
                        "compare_access",
                        before=messages(f"access_{channel.access.before}"),
                        after=messages(f"access_{channel.access.after}"),
                    )
                ),
                name=then.channel(channel.id).name,
                access=then.channel(channel.id).access,
            )
            for channel in opened
        )
        yield Items(items, messages("compare_opens"))
    steps = {step.id: step.title for decision in (first, then) for step in decision.plan}
    pitfalls = {
        pitfall.id: pitfall.title for decision in (first, then) for pitfall in decision.pitfalls
    }
    for key, names, titles in (
        ("compare_steps_gained", difference.steps_gained, steps),
        ("compare_steps_lost", difference.steps_lost, steps),
        ("compare_pitfalls_gained", difference.pitfalls_gained, pitfalls),
        ("compare_pitfalls_lost", difference.pitfalls_lost, pitfalls),
    ):
        if names:
            yield Items(tuple(Item(Cited(titles[name])) for name in names), messages(key))


def _takes(
    first: Decision, then: Decision, difference: Difference, messages: Messages
) -> Iterator[Item]:
    questions = first.seller.engine.rulebook.questions
    values = {**then.answers, **then.assumed}
    for change in difference.answers:
        if change.question not in values or not change.answer.differs:
            continue
        question = questions.get(change.question)
        if question is None:
            continue
        answer = answer_text(question, values[change.question], messages)
        key = "compare_answer_assumed" if change.assumed.after else "answer_is"
        text = messages(key, question=messages.text(question.short), answer=answer)
        yield Item(Cited(text))


def _about(
    comparison: Comparison, run: RunInfo | None, reader: Reader
) -> Iterator[Paragraph | Code]:
    messages = comparison.messages
    yield Paragraph(Cited(messages("report_article")), "quiet")
    yield Paragraph(Cited(stamp(comparison.rulebook, run, messages)), "quiet")
    if run and run.command and reader == "seller":
        yield Code(messages("report_repeat"), run.command)
