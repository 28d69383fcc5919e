"""The first screen: what to do now, how sure that is, this week's steps, and the gravest pitfall.

It holds the few things that a person reads when they read nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from choose_channel.engine.decision import ChangeLine, ChannelLine, Decision, StepLine
from choose_channel.messages.sentences import first_sentences
from choose_channel.money.format import days, percent, usd
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


def summary(decision: Decision, done: frozenset[str]) -> Iterator[Section]:
    """The sections of the first screen; `done` are the steps that the person has ticked."""
    yield Section("verdict", "", (card(decision),))
    numbers = tuple(figures(decision))
    if numbers:
        yield Section("figures", "", numbers)
    week = this_week(decision, done)
    if week:
        yield Section("week", "", (_week(decision, week),))
    watch = tuple(_watch(decision))
    if watch:
        yield Section("watch", "", watch)
    yield Section("ways", "", (ways(decision),))
    assumed = _assumed(decision)
    if assumed:
        yield Section("assumed", "", (Paragraph(Cited(assumed), "quiet"),))


# ---- the verdict


def card(decision: Decision) -> Card:
    """The verdict: what to do now, what to aim for and what opens it, how sure that is."""
    role: Role = "verdict"
    if decision.recommended is None and decision.aim is None:
        role = "warning"
    elif decision.recommended is None or decision.weak:
        role = "verdict_weak"
    texts = [text for text in _texts(decision) if text]
    return Card(_title(decision), tuple(map(Cited, texts)), certainty(decision), role)


def _title(decision: Decision) -> str:
    messages = decision.messages
    if decision.recommended is None and decision.aim is None:
        return messages("summary_closed")
    if decision.recommended is None or (decision.weak and decision.aim != decision.recommended):
        assert decision.aim is not None
        aim = decision.channel(decision.aim)
        return messages("summary_not_yet", channel=aim.name)
    best = decision.channel(decision.recommended)
    return best.variant_do or best.name


def _texts(decision: Decision) -> Iterator[str]:
    """What stands in the card, the most important first."""
    messages = decision.messages
    if decision.money and decision.money.warning:
        yield decision.money.warning
    if decision.aim is None:
        yield decision.why_not[0].because
        return
    aim = decision.channel(decision.aim)
    if decision.recommended is None or decision.weak:
        yield opening(decision, aim, "summary_opens", "summary_opens_step")
        if decision.recommended is None:
            yield _until(decision)
        else:
            open_now = decision.channel(decision.recommended)
            yield messages("summary_weak", channel=open_now.name)
        return
    best = decision.channel(decision.recommended)
    warned = decision.money is not None and decision.money.warning
    if not warned and best.ledger and best.ledger[0].points > 0:
        yield best.ledger[0].because
    yield closeness(decision)
    if decision.aim != decision.recommended:
        yield opening(decision, aim, "summary_better", "summary_better_step")


def opening(decision: Decision, channel: ChannelLine, by_change: str, by_step: str) -> str:
    """What opens a channel, in the words of a phrase: a change of answers, else the first step that
    works on its gates."""
    messages = decision.messages
    ways = [change for change in decision.changes if channel.id in change.opens]
    if ways:
        return messages(by_change, channel=channel.name, unlock=_either(decision, ways))
    gates = {gate.id for gate in channel.gates}
    step = next((step.title for step in decision.plan if gates & {*step.unlocks}), "")
    return messages(by_step, channel=channel.name, step=step) if step else ""


def _either(decision: Decision, ways: list[ChangeLine]) -> str:
    """The easiest change; two of them where they are as small as each other."""
    texts = [way.text for way in ways if len(way.set) == len(ways[0].set)][:2]
    return (
        texts[0]
        if len(texts) == 1
        else decision.messages("or_else", first=texts[0], second=texts[1])
    )


def _until(decision: Decision) -> str:
    """What opens another way sooner, while the aim is locked."""
    for change in decision.changes:
        if change.opens and decision.aim not in change.opens:
            names = decision.messages.listing(decision.channel(name).name for name in change.opens)
            return decision.messages("summary_until", channel=names, unlock=change.text)
    return ""


# ---- money


def figures(decision: Decision) -> Iterator[Paragraph]:
    """What is left of an order, the lowest price and the highest commission, the cash tied up."""
    money, messages = decision.money, decision.messages
    if money is None:
        return
    left = messages.listing(
        messages("summary_way", way=way.name, left=_dollars(way.profit_per_order.middle))
        for way in money.channels
    )
    yield Paragraph(Cited(messages("summary_left", ways=left)), "strong")
    parts = []
    if money.break_even_price is not None:
        parts.append(messages("summary_lowest", price=usd(money.break_even_price)))
    if money.max_creator_commission is not None:
        parts.append(messages("summary_commission", percent=percent(money.max_creator_commission)))
    most = max(money.cash.streams, key=lambda way: way.most_out, default=None)
    if most is not None and most.most_out:
        words = {"cash": usd(most.most_out), "days": days(most.days, messages)}
        parts.append(messages("summary_cash", **words))
    if parts:
        line = messages.listing(parts)
        yield Paragraph(Cited(line[:1].upper() + line[1:]))


def _dollars(amount: Decimal | None) -> str:
    return "–" if amount is None else usd(amount)


# ---- this week


def this_week(decision: Decision, done: frozenset[str] = frozenset()) -> list[StepLine]:
    """The steps of this week: what settles an open question, then the first few of the others."""
    now = [step for step in decision.plan if step.phase == "now" and step.id not in done]
    settling = [step for step in now if step.settles]
    return [*settling, *[step for step in now if not step.settles][:THIS_WEEK]]


def _week(decision: Decision, steps: list[StepLine]) -> Table:
    messages = decision.messages
    rows = tuple(
        Row(Cited(f"{number}  {step.title}"), (Cell(step.takes or ""), Cell(step.costs or "")))
        for number, step in enumerate(steps, 1)
    )
    columns = (Column(messages("summary_time")), Column(messages("summary_money")))
    return Table(columns, rows, caption=messages("summary_week"), layout="list")


# ---- pitfalls, channels, assumptions


def _watch(decision: Decision) -> Iterator[Paragraph]:
    """The gravest pitfall of a channel that is played, and how to avoid it."""
    played = (decision.recommended, decision.aim, None)
    gravest = next((one for one in decision.pitfalls if one.channel in played), None)
    if gravest:
        avoid = first_sentences(gravest.avoid, _ROOM)
        text = decision.messages("summary_watch", title=gravest.title, avoid=avoid)
        yield Paragraph(Cited(text), "warning")


def ways(decision: Decision) -> Table:
    """How open each channel is, and how well it fits."""
    messages, channels = decision.messages, decision.channels
    access = tuple(Cell(messages(f"access_{one.access}"), access=one.access) for one in channels)
    fit = tuple(Cell(str(one.fit), meter=Meter(one.fit, 0, 100)) for one in channels)
    rows = (Row(Cited(messages("report_access")), access), Row(Cited(messages("report_fit")), fit))
    return Table(tuple(Column(one.name, one.short) for one in channels), rows)


def _assumed(decision: Decision) -> str:
    """The answers that were assumed, the first few by name, and which of them matter most."""
    messages, assumed = decision.messages, decision.answer_texts.assumed
    if not assumed:
        return ""
    texts = [
        messages("answer_is", question=line.short, answer=line.answer)
        for line in assumed[:_ASSUMED]
    ]
    rest = len(assumed) - len(texts)
    key = "summary_assumed_more" if rest else "summary_assumed"
    sentences = [messages(key, answers=messages.listing(texts), count=rest)]
    if decision.unsettled:
        names = messages.together(matter_most(decision))
        sentences.append(messages("summary_matters", names=names))
    return messages.sentences(sentences)
