"""The first lines of every report: what to do now, what to aim for, how sure. Pure."""

from __future__ import annotations

import functools

from choose_channel.answers.format import answer_line, answer_text
from choose_channel.answers.parse import parse
from choose_channel.engine.decision import ChangeLine, Decision
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook


def change_text(decision: Decision, change: ChangeLine, messages: Messages) -> str:
    """Changed answers as a person says them."""
    lines = []
    for name, typed in change.set.items():
        question = decision.book.questions[name]
        value = parse(question, typed, messages)
        assert value is not None
        if question.change:
            answer = answer_text(question, value, messages)
            lines.append(messages.text(question.change).format(answer=answer))
        else:
            lines.append(answer_line(question, value, messages))
    return functools.reduce(lambda one, more: messages("and_also", first=one, second=more), lines)


def rulebook_line(book: Rulebook, messages: Messages) -> str:
    """Which rulebook it was, and how old."""
    return messages(
        "check_rulebook", version=book.version, reviewed=book.reviewed, digest=book.digest[:12]
    )


def grouped_changes(decision: Decision, messages: Messages) -> list[tuple[str, ChangeLine]]:
    """The changes as a person says them; those of the same questions that give the same are told
    together, with the first of them."""
    groups: dict[tuple[object, ...], list[ChangeLine]] = {}
    for change in decision.changes:
        groups.setdefault((*change.set, change.opens, change.recommended), []).append(change)
    return [
        (
            functools.reduce(
                lambda one, more: messages("or_else", first=one, second=more),
                [change_text(decision, change, messages) for change in group],
            ),
            group[0],
        )
        for group in groups.values()
    ]


def headline(decision: Decision) -> tuple[str, str, str]:
    """What to do now; what to aim for and what unlocks it; how sure that is."""
    messages = Messages(decision.book.wording, decision.lang)
    return _now(decision, messages), _aim(decision, messages), _sure(decision, messages)


def closeness(decision: Decision) -> str | None:
    """A line for a close call: which channels, and what settles it."""
    if not decision.close or decision.recommended is None:
        return None
    messages = Messages(decision.book.wording, decision.lang)
    points = decision.book.close_within
    best = decision.channel(decision.recommended).fit
    near = [c for c in decision.channels if c.access == "open" and best - c.fit <= points]
    channels = messages.listing(channel.name for channel in near)
    names = _names(decision, messages)
    if names:
        return messages(
            "report_close", channels=channels, points=points, names=messages.listing(names)
        )
    return messages("report_close_plain", channels=channels, points=points)


def robustness_text(decision: Decision) -> str | None:
    """How far our points may be off before the verdict turns."""
    turn = decision.robustness
    if decision.recommended is None:
        return None
    messages = Messages(decision.book.wording, decision.lang)
    if turn is None:
        alone = sum(channel.access == "open" for channel in decision.channels) == 1
        return messages("report_robust_only") if alone else None
    rule = messages.text(decision.book.rules[turn.rule].because)
    key = "report_robust_more" if turn.channel == turn.becomes else "report_robust_less"
    return messages(
        key,
        becomes=decision.channel(turn.becomes).name,
        points=turn.points,
        rule=rule,
        channel=decision.channel(turn.channel).name,
    )


def _now(decision: Decision, messages: Messages) -> str:
    if decision.recommended is None:
        if decision.aim is None:
            because = decision.why_not[0].because
            return messages("report_now_closed", because=because)
        first = next((step.title for step in decision.plan), "")
        return messages("report_now_locked", step=first)
    best = decision.channel(decision.recommended)
    if decision.weak:
        alone = sum(channel.access == "open" for channel in decision.channels) == 1
        key = "report_now_weak" if alone else "report_now_weak_best"
        return messages(key, channel=best.name)
    return messages("report_now_open", channel=best.name, variant=best.variant_name)


def _aim(decision: Decision, messages: Messages) -> str:
    if decision.aim is None:
        return messages("report_aim_none")
    if decision.aim == decision.recommended:
        return messages("report_aim_same")
    aim = decision.channel(decision.aim)
    weak = aim.fit < decision.book.weak_below
    name = messages("report_weak_channel", channel=aim.name, fit=aim.fit) if weak else aim.name
    opening = [one for one in decision.changes if decision.aim in one.opens]
    if opening:
        ways = [
            change_text(decision, one, messages) for one in opening if _as_small(one, opening[0])
        ]
        unlock = ways[0] if len(ways) == 1 else messages("or_else", first=ways[0], second=ways[1])
        return messages("report_aim_other", channel=name, unlock=unlock)
    first = next((step.title for step in decision.plan if _unlocks(decision, step.id)), "")
    return messages("report_aim_step", channel=name, step=first)


def _as_small(change: ChangeLine, other: ChangeLine) -> bool:
    return len(change.set) == len(other.set)


def _unlocks(decision: Decision, step: str) -> bool:
    """Whether the step works on a gate that holds back the aim."""
    gates = {gate.id for gate in decision.channel(decision.aim or "").gates}
    return bool(gates & {*decision.book.steps[step].unlocks})


def _sure(decision: Decision, messages: Messages) -> str:
    count = len(decision.assumed)
    names = _names(decision, messages)
    if not count:
        return messages("report_sure_all")
    if decision.certainty.holds == decision.certainty.of and not names:
        return messages("report_sure_none" if count > 1 else "report_sure_one_none", count=count)
    if not names:
        return messages("report_sure_together", count=count)
    if count == 1:
        return messages("report_sure_one", names=names[0])
    key = "report_sure_only" if len(names) == 1 else "report_sure_many"
    return messages(key, count=count, names=messages.listing(names))


def _names(decision: Decision, messages: Messages) -> list[str]:
    questions = decision.book.questions
    return [messages.text(questions[one.question].short) for one in decision.unsettled]
