"""The first screen: what to do now, how sure that is, this week's steps, and the gravest pitfall.

It holds the few things that a person reads when they read nothing else.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from decimal import Decimal

from choose_channel.engine.decision import (
    ChangeLine,
    ChannelLine,
    Decision,
    MoneyTexts,
    StepLine,
)
from choose_channel.messages.sentences import ended_once, first_sentences
from choose_channel.money.format import days, percent, round_usd, usd
from choose_channel.money.results import Money, StreamMoney
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
from choose_channel.report.verdict import certainty, closeness, matter_most

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
    assumed = _assumed(decision, length)
    if assumed:
        yield Section("assumed", "", (Paragraph(Cited(assumed), "quiet"),))


# ---- the verdict


def card(decision: Decision, length: Length = Length.FULL) -> Card:
    """The verdict: what to do now, what to aim for and what opens it, how sure that is."""
    role: Role = "verdict"
    if decision.recommended is None and decision.aim is None:
        role = "warning"
    elif decision.recommended is None or decision.weak:
        role = "verdict_weak"
    texts = [text for text in _texts(decision, length) if text]
    return Card(_title(decision), tuple(map(Cited, texts)), certainty(decision), role)


def _title(decision: Decision) -> str:
    messages = decision.messages
    headline = _headline(decision)
    if headline is None:
        return messages("summary_closed")
    channel = decision.channel(headline)
    if headline != decision.recommended:
        return messages("summary_not_yet", channel=channel.name)
    return channel.variant_do or channel.name


def _headline(decision: Decision) -> str | None:
    """The channel that the verdict is about: the recommended one, or the aim where nothing is open
    that fits."""
    return decision.aim if decision.recommended is None or decision.weak else decision.recommended


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
    """What opens another way sooner, while the aim is locked."""
    for change in decision.changes:
        if change.opens and decision.aim not in change.opens:
            names = decision.messages.together(decision.channel(name).name for name in change.opens)
            return decision.messages("summary_until", channel=names, unlock=change.text)
    return ""


# ---- money


def figures(decision: Decision) -> Iterator[Paragraph]:
    """What is left of an order by way of selling; of the way that the verdict is about the lowest
    price, the highest commission and the cash tied up; and what is in none of these."""
    money, texts, messages = decision.money, decision.money_texts, decision.messages
    if money is None or texts is None:
        return
    yield Paragraph(Cited(_left(decision, money)), "strong")
    way = _way(money, _headline(decision))
    numbers = messages.listing(_numbers(decision, money, texts, way))
    if numbers:
        yield Paragraph(Cited(messages("answer_is", question=way.name, answer=numbers)))
    left_out = [*texts.left_out, *texts.days_left_out.get(way.stream, ())]
    notes = [messages("money_not_counted", texts=messages.listing(left_out))] if left_out else []
    if notes or texts.not_worked_out:
        yield Paragraph(Cited(messages.sentences([*texts.not_worked_out, *notes])), "quiet")


def _left(decision: Decision, money: Money) -> str:
    """What each way of selling leaves of an order, and which of them before shipping."""
    messages, marked = decision.messages, [way.before_shipping for way in money.channels]
    texts = []
    for way in money.channels:
        left = usd(way.profit_per_order.middle or Decimal(0))
        key = "summary_way_before" if way.before_shipping and not all(marked) else "summary_way"
        texts.append(messages(key, way=way.name, left=left))
    key = "summary_left_before" if all(marked) else "summary_left"
    return messages(key, ways=messages.listing(texts))


def _way(money: Money, channel: str | None) -> StreamMoney:
    """The way of selling that a channel stands for: its own first one; of a channel that sells the
    item through others, the one that the others are compared with."""
    ways = [way for way in money.channels if way.id == channel]
    compared = [way for way in money.channels if way.break_even_multiple is None]
    return (ways or compared or money.channels)[0]


def _numbers(
    decision: Decision, money: Money, texts: MoneyTexts, way: StreamMoney
) -> Iterator[str]:
    messages = decision.messages
    if way.break_even_price is not None:
        yield messages("summary_lowest", price=usd(way.break_even_price))
    most, paid = money.max_creator_commission, texts.commission
    paying = {one.id for one in money.channels for line in one.lines if line.id == paid}
    if most is not None and way.id in paying:
        yield messages("summary_commission", percent=percent(most))
    for cash in money.cash.streams:
        if cash.stream == way.stream and cash.most_out:
            words = {"cash": round_usd(cash.most_out), "days": days(cash.days, messages)}
            text = messages("summary_cash" if cash.lines else "summary_cash_only", **words)
            pieces = f"{money.cash.pieces:,}"
            stocked = messages("summary_stocked", text=text, pieces=pieces)
            yield stocked if money.cash.stock else text


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


def _watch(decision: Decision, length: Length) -> Iterator[Paragraph]:
    """The gravest pitfall of a channel that is played, and how to avoid it."""
    played = (decision.recommended, decision.aim, None)
    gravest = next((one for one in decision.pitfalls if one.channel in played), None)
    if gravest:
        avoid = first_sentences(gravest.avoid, _ROOM) if length < Length.NO_AVOIDING else ""
        text = decision.messages("summary_watch", title=gravest.title, avoid=avoid)
        yield Paragraph(Cited(ended_once(text).rstrip()), "warning")


def ways(decision: Decision) -> Table:
    """How open each channel is, and how well it fits."""
    messages, channels = decision.messages, decision.channels
    access = tuple(Cell(messages(f"access_{one.access}"), access=one.access) for one in channels)
    fit = tuple(Cell(str(one.fit), meter=Meter(one.fit, 0, 100)) for one in channels)
    rows = (Row(Cited(messages("report_access")), access), Row(Cited(messages("report_fit")), fit))
    return Table(tuple(Column(one.name, one.short) for one in channels), rows)


def _assumed(decision: Decision, length: Length) -> str:
    """The answers that were assumed, the first few by name, and which of them matter most."""
    messages, assumed = decision.messages, decision.answer_texts.assumed
    if not assumed:
        return ""
    texts = [
        messages("answer_is", question=line.short, answer=line.answer)
        for line in assumed[: _ASSUMED if length < Length.FEWER_ASSUMED else 1]
    ]
    rest = len(assumed) - len(texts)
    key = "summary_assumed_more" if rest else "summary_assumed"
    sentences = [messages(key, answers=messages.listing(texts), count=rest)]
    if names := messages.together(matter_most(decision)):
        sentences.append(messages("summary_matters", names=names))
    return messages.sentences(sentences)
