"""The first screen: what to do now, how sure that is, this week's steps, and the gravest pitfall.

It holds the few things that a person reads when they read nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from choose_channel.engine.decision import ChangeLine, ChannelLine, Decision, StepLine
from choose_channel.engine.plan import THIS_WEEK
from choose_channel.messages.sentences import first_sentences
from choose_channel.money.format import days, percent, round_usd, usd
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

if TYPE_CHECKING:
    from choose_channel.messages.i18n import Messages
    from choose_channel.money.results import Cash

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
    assumed = assumed_line(decision)
    if assumed:
        yield Section("assumed", "", (Paragraph(Cited(assumed), "quiet"),))


# ---- the verdict


def card(decision: Decision) -> Card:
    """The verdict: what to do now, what to aim for and what opens it, how sure that is."""
    role = role_of(decision.recommended, decision.aim, weak=decision.weak)
    texts = [text for text in _texts(decision) if text]
    return Card(_title(decision), tuple(map(Cited, texts)), certainty(decision), role)


def _title(decision: Decision) -> str:
    best = decision.channel(decision.recommended) if decision.recommended else None
    aim = decision.channel(decision.aim).name if decision.aim else None
    do = (best.variant_do or best.name) if best and not decision.weak else None
    return headline(do, aim, decision.messages)


def headline(do: str | None, aim: str | None, messages: Messages) -> str:
    """The verdict in a line: what to `do` now, where it is worth doing, else what to aim for."""
    return do or (messages("summary_not_yet", channel=aim) if aim else messages("summary_closed"))


def role_of(recommended: str | None, aim: str | None, *, weak: bool) -> Role:
    """What a verdict is: to go on, to wait, or to leave it."""
    if recommended is None and aim is None:
        return "warning"
    return "verdict_weak" if recommended is None or weak else "verdict"


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


class Figure(NamedTuple):
    """A number of the first screen: what it is, how much, and what to know beside it; where it is
    told by way of selling, `ways` holds the name of each and its amount."""

    label: str
    value: str = ""
    note: str = ""
    ways: tuple[tuple[str, str], ...] = ()


def key_figures(decision: Decision) -> Iterator[Figure]:
    """The same as `figures`, number by number."""
    money = decision.money
    if money:
        yield from figures_of(
            [(way.name, way.profit_per_order.middle) for way in money.channels],
            [way.break_even_price for way in money.channels],
            money.max_creator_commission,
            money.cash,
            decision.messages,
        )


def figures_of(
    profits: Iterable[tuple[str, Decimal | None]],
    prices: Iterable[Decimal | None],
    commission: Decimal | None,
    cash: Cash,
    messages: Messages,
) -> Iterator[Figure]:
    """Profit by way of selling, the lowest price with the highest commission, the cash tied up."""
    ways = tuple((name, _dollars(profit)) for name, profit in profits)
    yield Figure(messages("figure_profit"), ways=ways)
    note = "" if commission is None else messages("figure_commission", percent=percent(commission))
    lowest = min((price for price in prices if price is not None), default=None)
    yield Figure(messages("figure_price"), _dollars(lowest), note)
    way = max(cash.streams, key=lambda way: way.most_out, default=None)
    if way is not None and way.most_out:
        note = messages("figure_days", days=days(way.days, messages))
        yield Figure(messages("figure_cash"), round_usd(way.most_out), note)


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


class Watch(NamedTuple):
    """A pitfall in short: its title, and how to avoid it."""

    title: str
    avoid: str


def gravest(decision: Decision) -> Watch | None:
    """The gravest pitfall of a channel that is played."""
    played = (decision.recommended, decision.aim, None)
    for pitfall in decision.pitfalls:
        if pitfall.channel in played:
            return Watch(pitfall.title, first_sentences(pitfall.avoid, _ROOM))
    return None


def _watch(decision: Decision) -> Iterator[Paragraph]:
    watch = gravest(decision)
    if watch:
        text = decision.messages("summary_watch", title=watch.title, avoid=watch.avoid)
        yield Paragraph(Cited(text), "warning")


def ways(decision: Decision) -> Table:
    """How open each channel is, and how well it fits."""
    messages, channels = decision.messages, decision.channels
    access = tuple(Cell(messages(f"access_{one.access}"), access=one.access) for one in channels)
    fit = tuple(Cell(str(one.fit), meter=Meter(one.fit, 0, 100)) for one in channels)
    rows = (Row(Cited(messages("report_access")), access), Row(Cited(messages("report_fit")), fit))
    return Table(tuple(Column(one.name, one.short) for one in channels), rows)


def assumed_line(decision: Decision) -> str:
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
