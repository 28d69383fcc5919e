"""The first screen: what to do now, how sure that is, this week's steps, and the gravest pitfall.

It holds the few things that a person reads when they read nothing else.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from choose_channel.engine.decision import ChangeLine, ChannelLine, Decision, StepLine
from choose_channel.engine.result import about
from choose_channel.messages.i18n import Messages
from choose_channel.messages.sentences import ended_once, first_sentences
from choose_channel.model.rulebook import SEVERITIES
from choose_channel.report import key_figures
from choose_channel.report.content import (
    Card,
    Cell,
    Cited,
    Column,
    Meter,
    Paragraph,
    Role,
    Row,
    Section,
    Table,
)
from choose_channel.report.key_figures import Tile
from choose_channel.report.verdict import certainty, closeness, matters

THIS_WEEK = 3
_ROOM = 115
"""So many cells of a long text stand on the first screen, in whole sentences."""
_ASSUMED = 3
"""So many assumed answers are named; the others are counted."""


class Length(enum.IntEnum):
    """How much of the first screen there is room for; each leaves out a little more, what matters
    least first. The verdict, the numbers and what they leave out always stay."""

    FULL = 0
    FEWER_ASSUMED = 1
    """One assumed answer is named."""
    SHORT_WARNING = 2
    """The first sentences about the money: the figures stand below."""
    NO_AVOIDING = 3
    """The pitfall without how to avoid it."""
    NO_COSTS = 4
    """The steps without their time and money."""
    ONE_WAY = 5
    """One change that opens the aim; nothing of what another way opens with."""


def summary(
    decision: Decision, done: frozenset[str], length: Length = Length.FULL
) -> Iterator[Section]:
    """The sections of the first screen; `done` are the steps that the person has ticked."""
    yield Section("verdict", "", (card(decision, length),))
    numbers = tuple(figures(decision))
    if numbers:
        yield Section("figures", "", numbers)
    week = this_week(decision, done)
    if week:
        yield Section("week", "", (_week(decision, week, length),))
    watch = tuple(_watch(decision, length))
    if watch:
        yield Section("watch", "", watch)
    yield Section("ways", "", (ways(decision),))
    assumed = assumed_line(decision, length)
    if assumed:
        yield Section("assumed", "", (Paragraph(Cited(assumed), "quiet"),))


# ---- the verdict


def card(decision: Decision, length: Length = Length.FULL) -> Card:
    """The verdict: what to do now, what to aim for and what opens it, how sure that is."""
    role = role_of(decision.recommended, decision.aim, weak=decision.weak)
    texts = [text for text in _texts(decision, length) if text]
    return Card(_title(decision), tuple(map(Cited, texts)), certainty(decision), role)


def _title(decision: Decision) -> str:
    name = _headline(decision)
    channel = decision.channel(name) if name else None
    do = (channel.variant_do or channel.name) if channel else None
    return headline(do, decision.messages, now=name == decision.recommended)


def headline(do: str | None, messages: Messages, *, now: bool) -> str:
    """The verdict in a line: what to `do`, now or once it is open; where there is nothing to do,
    that."""
    if do is None:
        return messages("summary_closed")
    return do if now else messages("summary_not_yet", do=do)


def role_of(recommended: str | None, aim: str | None, *, weak: bool) -> Role:
    """What a verdict is: to go on, to wait, or to leave it."""
    if recommended is None and aim is None:
        return "warning"
    return "verdict_weak" if recommended is None or weak else "verdict"


def _headline(decision: Decision) -> str | None:
    return about(decision.recommended, decision.aim, weak=decision.weak)


def _texts(decision: Decision, length: Length) -> Iterator[str]:
    """What stands in the card, the most important first."""
    messages = decision.messages
    if decision.money and decision.money.warning:
        warning = decision.money.warning
        yield first_sentences(warning, _ROOM) if length >= Length.SHORT_WARNING else warning
    if decision.aim is None:
        yield decision.why_not[0].because
        return
    aim = decision.channel(decision.aim)
    if decision.recommended is None or decision.weak:
        yield opening(decision, aim, "summary_opens", "summary_opens_step", length)
        if decision.recommended is None and length < Length.ONE_WAY:
            yield _until(decision)
        if decision.recommended is not None:
            open_now = decision.channel(decision.recommended)
            yield messages("summary_weak", channel=open_now.name)
        return
    best = decision.channel(decision.recommended)
    warned = decision.money is not None and decision.money.warning
    if not warned:
        yield _only_way(decision, best)
        yield _reason(decision, best)
    yield closeness(decision)
    if decision.aim != decision.recommended:
        yield opening(decision, aim, "summary_better", "summary_better_step", length)


def _only_way(decision: Decision, best: ChannelLine) -> str:
    """What closes the others, where all of them are closed."""
    others = [channel for channel in decision.channels if channel is not best]
    if not others or any(channel.access != "closed" for channel in others):
        return ""
    return next((line.because for line in decision.why_not if line.channel != best.id), "")


def _reason(decision: Decision, best: ChannelLine) -> str:
    """What speaks most for the recommended channel; where nothing does, what speaks against the
    others."""
    good = (line.because for line in best.ledger if line.points > 0)
    against = (line.because for line in decision.why_not if line.channel != best.id)
    return next(itertools.chain(good, against), "")


def opening(
    decision: Decision,
    channel: ChannelLine,
    by_change: str,
    by_step: str,
    length: Length = Length.FULL,
) -> str:
    """What opens a channel, in the words of a phrase: a change of answers, else the first step that
    works on its gates."""
    messages = decision.messages
    ways = [change for change in decision.changes if channel.id in change.opens]
    ways = ways[:1] if length >= Length.ONE_WAY else ways
    if ways:
        return messages(by_change, channel=channel.name, unlock=_either(decision, ways))
    gates = {gate.id for gate in channel.gates}
    step = next((step.title for step in decision.plan if gates & {*step.unlocks}), "")
    return ended_once(messages(by_step, channel=channel.name, step=step)) if step else ""


def _either(decision: Decision, ways: list[ChangeLine]) -> str:
    """The easiest change; two of them where they are as small as each other and either other
    answers or no more than another way to the same."""
    first, *others = ways
    alike = [
        way
        for way in others
        if len(way.set) == len(first.set)
        and (way.set.keys() != first.set.keys() or way.opens == first.opens)
    ]
    texts = [way.text for way in (first, *alike[:1])]
    return (
        texts[0]
        if len(texts) == 1
        else decision.messages("or_else", first=texts[0], second=texts[1])
    )


def _until(decision: Decision) -> str:
    """The one answer that opens another way sooner, while the aim is locked; not one that fits
    badly."""
    least = decision.thresholds.weak_below
    ways = (
        change
        for change in decision.changes
        if change.opens and decision.aim not in change.opens and len(change.set) == 1
        if max(decision.channel(name).fit for name in change.opens) >= least
    )
    way = next(ways, None)
    if way is None:
        return ""
    names = decision.named(way.opens)
    return decision.messages("summary_until", channel=names, unlock=way.text)


# ---- money


def figures(decision: Decision) -> Iterator[Paragraph]:
    """What is left of an order by way of selling, and the highest commission; of the way that the
    verdict is about the lowest price and the cash tied up; and what is in none of these."""
    money, texts, messages = decision.money, decision.money_texts, decision.messages
    if money is None or texts is None:
        return
    sums = key_figures.of_decision(money, texts, _headline(decision))
    yield Paragraph(Cited(key_figures.profits(sums, messages)), "strong")
    numbers = messages.clauses(key_figures.numbers(sums, messages))
    if numbers:
        yield Paragraph(Cited(messages("answer_is", question=sums.way.name, answer=numbers)))
    left_out = messages.listing(texts.left_out)
    notes = [messages("summary_left_out", texts=left_out)] if left_out else []
    if notes or texts.not_worked_out:
        yield Paragraph(Cited(messages.sentences([*texts.not_worked_out, *notes])), "quiet")


def tiles(decision: Decision) -> tuple[Tile, ...]:
    """The same as `figures`, number by number."""
    money, texts = decision.money, decision.money_texts
    if money is None or texts is None:
        return ()
    sums = key_figures.of_decision(money, texts, _headline(decision))
    return tuple(key_figures.tiles(sums, decision.messages))


# ---- this week


def this_week(decision: Decision, done: frozenset[str] = frozenset()) -> list[StepLine]:
    """The steps of this week: what settles an open question, then the first few of the others."""
    now = [step for step in decision.plan if step.phase == "now" and step.id not in done]
    settling = [step for step in now if step.settles]
    return [*settling, *[step for step in now if not step.settles][:THIS_WEEK]]


def _week(decision: Decision, steps: list[StepLine], length: Length) -> Table:
    messages, costs = decision.messages, length < Length.NO_COSTS
    rows = tuple(
        Row(
            Cited(f"{number}  {step.title}"),
            (Cell(step.takes or ""), Cell(step.costs or "")) if costs else (),
        )
        for number, step in enumerate(steps, 1)
    )
    heads = ("summary_time", "summary_money") if costs else ()
    columns = tuple(Column(messages(head)) for head in heads)
    return Table(columns, rows, caption=messages("summary_week"), layout="list")


# ---- pitfalls, channels, assumptions


class Watch(NamedTuple):
    """A pitfall in short: its title, and how to avoid it."""

    title: str
    avoid: str


def gravest(decision: Decision) -> Watch | None:
    """The gravest pitfall of a channel that is played: a critical one, else one of the channel that
    the verdict is about."""
    played = (decision.recommended, decision.aim, None)
    own = (_headline(decision), None)
    pitfalls = [pitfall for pitfall in decision.pitfalls if pitfall.channel in played]
    critical = (pitfall for pitfall in pitfalls if pitfall.severity == SEVERITIES[0])
    main = (pitfall for pitfall in pitfalls if pitfall.channel in own)
    first = next(itertools.chain(critical, main, pitfalls), None)
    return Watch(first.title, first_sentences(first.avoid, _ROOM)) if first else None


def _watch(decision: Decision, length: Length) -> Iterator[Paragraph]:
    watch = gravest(decision)
    if watch:
        avoid = watch.avoid if length < Length.NO_AVOIDING else ""
        text = decision.messages("summary_watch", title=watch.title, avoid=avoid)
        yield Paragraph(Cited(ended_once(text).rstrip()), "warning")


def ways(decision: Decision) -> Table:
    """How open each channel is, and how well it fits."""
    messages, channels = decision.messages, decision.channels
    access = tuple(Cell(messages(f"access_{line.access}"), access=line.access) for line in channels)
    fit = tuple(map(fit_cell, channels))
    rows = (Row(Cited(messages("report_access")), access), Row(Cited(messages("report_fit")), fit))
    return Table(tuple(Column(line.name, line.short) for line in channels), rows)


RULED_OUT = Cell("–")
"""What stands in place of a number for a channel that is closed."""


def fit_cell(channel: ChannelLine) -> Cell:
    """How well a channel fits."""
    if channel.access == "closed":
        return RULED_OUT
    return Cell(str(channel.fit), meter=Meter(channel.fit, 0, 100))


def _named_count(assumed: int) -> int:
    """How many assumed answers are named: to count a single one would be no shorter."""
    return assumed if assumed <= _ASSUMED + 1 else _ASSUMED


def assumed_line(decision: Decision, length: Length = Length.FULL) -> str:
    """The answers that were assumed, the first few by name, and which of them matter most."""
    messages, assumed = decision.messages, decision.answer_texts.assumed
    if not assumed:
        return ""
    texts = [
        messages("answer_assumed", question=line.short, answer=line.answer)
        for line in assumed[: _named_count(len(assumed)) if length < Length.FEWER_ASSUMED else 1]
    ]
    rest = len(assumed) - len(texts)
    key = "summary_assumed_more" if rest else "summary_assumed"
    sentences = [messages(key, answers=messages.listing(texts), count=rest)]
    return messages.sentences([*sentences, matters(decision)])
