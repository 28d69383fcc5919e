"""From a decision to its report. The formats show this same report, each in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from choose_channel.engine.decision import (
    STEP_LABEL,
    AnswerLine,
    ChannelLine,
    Decision,
    FactLine,
    PitfallLine,
    StepLine,
    labelled_texts,
)
from choose_channel.engine.result import about
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.model.naming import flag
from choose_channel.report.about import stamp, title_of
from choose_channel.report.content import (
    Block,
    Cell,
    Cited,
    Code,
    Column,
    Item,
    Items,
    Meter,
    Paragraph,
    PitfallItem,
    Pitfalls,
    Recap,
    Report,
    Row,
    Section,
    Source,
    Sources,
    StepItem,
    Steps,
    Table,
)
from choose_channel.report.first_screen import (
    RULED_OUT,
    Length,
    card,
    figures,
    fit_cell,
    summary,
    this_week,
)
from choose_channel.report.money import inputs_wanted, money_blocks
from choose_channel.report.parts import PARTS, SectionId
from choose_channel.report.run_info import Reader, RunInfo, reader_of
from choose_channel.report.source_list import Numbers, is_old
from choose_channel.report.verdict import grouped_changes, matters, robustness_text, sure_count

if TYPE_CHECKING:
    from choose_channel.engine.difference import Comparison
    from choose_channel.report.overview import Overview

"""A phrase of this name and that of a step's field puts a label before the field's text."""


def report_on(
    subject: Decision | Comparison | Overview, run: RunInfo | None, reader: Reader
) -> Report:
    """The report on a decision, on several that are compared, or one that is already made."""
    if isinstance(subject, Decision):
        return report(subject, run, reader)
    from choose_channel.report.overview import Overview

    if isinstance(subject, Overview):
        return subject.report(run)
    from choose_channel.report.comparison import comparison_report

    return comparison_report(subject, run, reader)


def report(decision: Decision, run: RunInfo | None, reader: Reader = "seller") -> Report:
    """The report on a decision. Without a run, nothing is said of when it was and how to repeat
    it, and no fact is called old. A client, who types nothing, reads of no flag and no command."""
    return Report(title_of(run), tuple(_sections(decision, run, reader)))


def first_screen(decision: Decision, run: RunInfo | None, length: Length = Length.FULL) -> Report:
    """What a terminal shows first: the verdict, this week, and the gravest pitfall."""
    done = run.done if run else frozenset()
    since = tuple(Paragraph(Cited(line), "strong") for line in (run.since if run else ()))
    sections = (Section("since", "", since),) if since else ()
    return Report(title_of(run), (*sections, *summary(decision, done, length)))


def parts_of(decision: Decision, run: RunInfo | None, parts: Iterable[str]) -> Report:
    """The parts of the report that were asked for, in the order of the report. A part that is not
    there is said to be none."""
    title, sections = report(decision, run, reader_of(run, "seller"))
    there = {section.id for section in sections}
    missing = [part for part in dict.fromkeys(parts) if there.isdisjoint(PARTS[part])]
    lines = dict.fromkeys(_nothing(part, decision) for part in missing)
    wanted = {section for part in parts for section in PARTS[part]}
    shown = tuple(section for section in sections if section.id in wanted)
    return Report(
        title, (*shown, *(Section("about", "", (Paragraph(Cited(line)),)) for line in lines))
    )


def _nothing(part: str, decision: Decision) -> str:
    """Why a part of the report is not there."""
    wanted = inputs_wanted(decision) if "money" in PARTS[part] else ""
    return wanted or decision.messages("report_part_empty", part=part)


def _sections(decision: Decision, run: RunInfo | None, reader: Reader) -> Iterator[Section]:
    """The sections in the order in which they are read, so that sources are numbered in it."""
    numbers = Numbers(_sources_of(decision, run))
    done = run.done if run else frozenset()
    yield Section("verdict", "", (card(decision),))
    yield from _section("figures", "", figures(decision))
    yield from _week(decision, done, numbers)
    yield from _section("money", decision.messages("report_money"), money_blocks(decision, numbers))
    yield from _section("ways", decision.messages("report_channels"), _ways(decision))
    yield from _why(decision, numbers)
    yield from _section("changes", decision.messages("report_change"), _changes(decision, reader))
    yield from _pitfalls(decision, numbers)
    yield from _plan(decision, done, numbers)
    yield from _answers(decision)
    yield from _section("sources", decision.messages("report_sources"), _sources(decision, numbers))
    yield from _section("about", "", _about(decision, run, reader))


def _section(name: SectionId, title: str, blocks: Iterable[Block]) -> Iterator[Section]:
    """The section; none where it has no block."""
    collected = tuple(blocks)
    if collected:
        yield Section(name, title, collected)


def _items(items: Iterable[Item]) -> Iterator[Items]:
    """The list; none where it has no item."""
    collected = tuple(items)
    if collected:
        yield Items(collected)


# ---- the verdict


def _safe(decision: Decision) -> bool:
    """Whether nothing is worth spending money on yet."""
    return decision.weak or decision.recommended is None


# ---- the plan


def _week(decision: Decision, done: frozenset[str], numbers: Numbers) -> Iterator[Section]:
    title = decision.messages("report_week")
    steps = this_week(decision)
    yield from _section("week", title, _steps(steps, 1, done, decision.messages, numbers))


def _plan(decision: Decision, done: frozenset[str], numbers: Numbers) -> Iterator[Section]:
    """What remains of the plan, phase by phase, numbered on from this week's steps."""
    week = this_week(decision)
    first, aim = 1 + len(week), decision.channel(decision.aim).name if decision.aim else ""
    unlock = "report_plan_unlock" if _on_aim_alone(decision) else "report_plan_unlock_more"
    for title, steps in (
        ("report_plan_now", [step for step in _in_phase(decision, "now") if step not in week]),
        (unlock, _in_phase(decision, "unlock")),
        (
            "report_plan_opened" if _safe(decision) else "report_plan_later",
            _in_phase(decision, "later"),
        ),
    ):
        blocks = _steps(steps, first, done, decision.messages, numbers)
        yield from _section("plan", decision.messages(title, channel=aim), blocks)
        first += len(steps)


def _on_aim_alone(decision: Decision) -> bool:
    """Whether all steps that unlock something work on the aim."""
    gates = {gate.id for gate in decision.channel(decision.aim).gates} if decision.aim else set()
    return all(not gates.isdisjoint(step.unlocks) for step in _in_phase(decision, "unlock"))


def _in_phase(decision: Decision, phase: str) -> list[StepLine]:
    return [step for step in decision.plan if step.phase == phase]


def _steps(
    steps: Sequence[StepLine],
    first: int,
    done: frozenset[str],
    messages: Messages,
    numbers: Numbers,
) -> Iterator[Steps]:
    """The steps; `done` are those that the person has ticked."""
    if steps:
        blocks = tuple(_step(step, step.id in done, messages, numbers) for step in steps)
        yield Steps(steps[0].phase, first, blocks)


def _step(step: StepLine, done: bool, messages: Messages, numbers: Numbers) -> StepItem:
    """A step; every other text of it that a phrase has a label for is a detail."""
    texts = {name: getattr(step, name) for name in labelled_texts(messages.phrases)}
    labelled = {
        name: messages(STEP_LABEL + name, text=text) for name, text in texts.items() if text
    }
    done_when = labelled.pop("done_when")
    text = numbers.cited(step.text, step.facts)
    return StepItem(step.id, step.title, text, done_when, tuple(labelled.values()), done)


# ---- the channels


def _ways(decision: Decision) -> Iterator[Block]:
    """The channels side by side: how open each is, how well it fits, and its points."""
    messages, channels = decision.messages, decision.channels
    access = [Cell(messages(f"access_{line.access}"), access=line.access) for line in channels]
    fit = map(fit_cell, channels)
    rows = [
        Row(Cited(messages("report_access")), tuple(access)),
        Row(Cited(messages("report_fit")), tuple(fit)),
    ]
    points = {
        dimension: [_points(channel, dimension.id) for channel in channels]
        for dimension in decision.dimensions
    }
    most = max((abs(sum_ or 0) for sums in points.values() for sum_ in sums), default=0) or 1
    for dimension, sums in points.items():
        if not any(sums):  # no rule spoke of it
            continue
        cells = (
            RULED_OUT
            if sum_ is None
            else Cell(f"{sum_:+d}" if sum_ else "0", meter=Meter(sum_, -most, most))
            for sum_ in sums
        )
        name = messages("report_points_for", dimension=dimension.name)
        rows.append(Row(Cited(name), tuple(cells)))
    yield Table(tuple(Column(line.name, line.short) for line in channels), tuple(rows))
    note = messages("report_points_note", base=decision.thresholds.base_fit)
    yield Paragraph(Cited(note), "quiet")


def _points(channel: ChannelLine, dimension: str) -> int | None:
    """The points of a channel; None where it is closed, since nobody can choose it."""
    if channel.access == "closed":
        return None
    return sum(line.points for line in channel.ledger if line.dimension == dimension)


def _why(decision: Decision, numbers: Numbers) -> Iterator[Section]:
    """The reasons for the channel that the verdict is about; then those against the others."""
    messages = decision.messages
    best = about(decision.recommended, decision.aim, weak=decision.weak)
    now = best is not None and best == decision.recommended
    if best:
        channel = decision.channel(best)
        key = "report_why" if now else "report_why_aim"
        reasons = _reasons(channel, decision.answer_texts.guessed, messages, numbers)
        yield from _section("why", messages(key, channel=channel.name), _items(reasons))
    key = "report_why_not" if now else "report_why_not_yet"
    yield from _section("why", messages(key), _items(_reasons_against(decision)))


def _reasons(
    channel: ChannelLine,
    guessed: Mapping[str, Iterable[AnswerLine]],
    messages: Messages,
    numbers: Numbers,
) -> Iterator[Item]:
    for line in channel.ledger:
        answers = messages.listing(_answer(answer, messages) for answer in guessed[line.rule])
        mark = [messages("report_assumed_mark", answers=answers)] if answers else []
        text = messages.sentences([line.because, *mark])
        yield Item(numbers.cited(text, line.facts), points=f"{line.points:+d}")


def _reasons_against(decision: Decision) -> Iterator[Item]:
    for other in decision.why_not:
        channel = decision.channel(other.channel)
        yield Item(Cited(other.because), name=channel.name, access=channel.access)


def _changes(decision: Decision, reader: Reader) -> Iterator[Block]:
    """What would change the answer, for whoever gave answers by flags or files with the flags that
    try it, and how firm the verdict is."""
    yield from _items(_change_items(decision, reader))
    firm = robustness_text(decision)
    if firm:
        yield Paragraph(Cited(firm))


def _change_items(decision: Decision, reader: Reader) -> Iterator[Item]:
    messages = decision.messages
    by_flags = reader == "seller" and "prompt" not in decision.sources.values()
    for changes, change in grouped_changes(decision):
        # Where nothing is open yet, whatever opens is recommended: that need not be said twice.
        known = (decision.recommended, *(() if decision.recommended else change.opens))
        new = change.recommended if change.recommended not in known else None
        then = decision.channel(new).name if new else ""
        others = [name for name in change.opens if name != new]
        opens = decision.named(others or change.opens)
        both = "report_change_both" if others else "report_change_best"
        stays = opens and not then and decision.recommended == decision.aim
        more = "report_change_opens_more" if stays else "report_change_opens"
        key = (both if then else more) if opens else "report_change_then"
        best = decision.channel(change.recommended).name if change.recommended else ""
        text = messages(key, changes=changes, opens=opens, then=then, best=best)
        flags = " ".join(f"{flag(name)} {value}" for name, value in change.set.items())
        yield Item(Cited(text), code=flags if by_flags else "")


# ---- the pitfalls


def _pitfalls(decision: Decision, numbers: Numbers) -> Iterator[Section]:
    """Those of the channels that are played in full, then those of the others in short."""
    played = (decision.recommended, decision.aim, None)
    own = [pitfall for pitfall in decision.pitfalls if pitfall.channel in played]
    others = [pitfall for pitfall in decision.pitfalls if pitfall.channel not in played]
    for key, pitfalls in (("report_pitfalls", own), ("report_other_pitfalls", others)):
        blocks = tuple(
            _pitfall(pitfall, decision.messages, numbers, full=pitfalls is own)
            for pitfall in pitfalls
        )
        if blocks:
            yield Section("pitfalls", decision.messages(key), (Pitfalls(blocks),))


def _pitfall(
    pitfall: PitfallLine, messages: Messages, numbers: Numbers, *, full: bool
) -> PitfallItem:
    return PitfallItem(
        severity=pitfall.severity,
        severity_word=messages(f"severity_{pitfall.severity}"),
        title=pitfall.title,
        text=pitfall.text if full and pitfall.severity != "note" else "",
        avoid=numbers.cited(messages("report_avoid", text=pitfall.avoid), pitfall.facts),
    )


# ---- what it rests on


def _answers(decision: Decision) -> Iterator[Section]:
    """What was answered; what was assumed, set aside, or is still wanted for the money."""
    messages, texts = decision.messages, decision.answer_texts
    given = (Item(Cited(_answer(answer, messages))) for answer in texts.given)
    yield from _section("answers", messages("report_answered"), _items(given))
    assumed = tuple(_items(Item(Cited(_answer(answer, messages))) for answer in texts.assumed))
    aside = messages.listing(_answer(answer, messages) for answer in texts.set_aside)
    lines = (
        messages.sentences(filter(None, (sure_count(decision), matters(decision)))),
        messages("report_set_aside", answers=aside) if aside else "",
        inputs_wanted(decision),
    )
    paragraphs = (Paragraph(Cited(line)) for line in lines if line)
    title = messages("report_assumed") if assumed else ""
    yield from _section("assumed", title, (*assumed, *paragraphs))


def _answer(answer: AnswerLine, messages: Messages) -> str:
    return messages("answer_is", question=answer.short, answer=answer.answer)


def _sources_of(decision: Decision, run: RunInfo | None) -> dict[str, Source]:
    return {
        fact.id: Source(source_line(fact, run, decision.messages), fact.url or "")
        for fact in decision.facts
    }


def _sources(decision: Decision, numbers: Numbers) -> Iterator[Block]:
    """Where the advice comes from, said before the sources that quote it."""
    yield Paragraph(Cited(decision.messages("report_article")), "quiet")
    if numbers.order:
        yield Sources(tuple(numbers.order))


def source_line(fact: FactLine, run: RunInfo | None, messages: Messages) -> str:
    """A source as it is listed: where, when, for which market, and what to doubt about it."""
    date = fact.as_of or messages("report_undated")
    marks = [messages("report_source_line", source=fact.source, date=date, market=fact.market_name)]
    marks += [messages("report_unverified")] if fact.unverified else []
    marks += [messages("report_conflicts")] if fact.article == "conflicts" else []
    marks += [messages("report_old")] if run and is_old(fact.as_of, run.date) else []
    marks += [messages("report_own_fact")] if run and fact.id in run.own_facts else []
    return messages.listing(marks)


def _about(decision: Decision, run: RunInfo | None, reader: Reader) -> Iterator[Block]:
    """Which rulebook and program gave the advice, and how to repeat it."""
    messages = decision.messages
    yield Paragraph(Cited(stamp(decision.rulebook, run, messages)), "quiet")
    command = sanitize(run.command) if run and reader == "seller" else ""
    if command:
        verdict = card(decision)
        texts = (verdict.title, *(line.text for line in verdict.texts))
        yield Recap(messages("report_in_short"), texts)
        yield Code(messages("report_repeat"), command)
