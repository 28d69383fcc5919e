"""The first lines of every report: what to do now, what to aim for, how sure; and how firm that
is."""

from __future__ import annotations

import functools

from choose_channel.engine.decision import ChangeLine, Decision
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook

MOST_NAMED = 3
"""So many open questions are named; the others matter less."""


def rulebook_line(rulebook: Rulebook, messages: Messages) -> str:
    """Which rulebook it was, and how old."""
    return messages(
        "check_rulebook",
        version=rulebook.version,
        reviewed=rulebook.reviewed,
        digest=rulebook.digest[:12],
    )


def headline(decision: Decision) -> tuple[str, str, str]:
    """What to do now; what to aim for and what unlocks it, "" where that is the same; how sure that
    is."""
    return _now(decision), _aim(decision), _sure(decision)


def grouped_changes(decision: Decision) -> list[tuple[str, ChangeLine]]:
    """The changes as a person says them; those of the same questions that give the same are told
    together, with the first of them."""
    groups: dict[tuple[object, ...], list[ChangeLine]] = {}
    for change in decision.changes:
        groups.setdefault((*change.set, change.opens, change.recommended), []).append(change)
    return [
        (
            functools.reduce(
                lambda one, more: decision.messages("or_else", first=one, second=more),
                [change.text for change in group],
            ),
            group[0],
        )
        for group in groups.values()
    ]


def closeness(decision: Decision) -> str:
    """A line for a close call: which channels, and what settles it; empty where it is none."""
    if not decision.close or decision.recommended is None:
        return ""
    messages, points = decision.messages, decision.thresholds.close_within
    best = decision.channel(decision.recommended).fit
    near = [c for c in decision.channels if c.access == "open" and best - c.fit <= points]
    channels = messages.together(channel.name for channel in near)
    if decision.unsettled:
        names = messages.together(_matter_most(decision))
        return messages("report_close", channels=channels, points=points, names=names)
    return messages("report_close_plain", channels=channels, points=points)


def robustness_text(decision: Decision) -> str:
    """How far our points may be off before the verdict changes; empty where nothing is to say."""
    turn = decision.robustness
    if decision.recommended is None:
        return ""
    if turn is None:
        return decision.messages("report_robust_only") if _alone(decision) else ""
    key = "report_robust_more" if turn.channel == turn.becomes else "report_robust_less"
    return decision.messages(
        key,
        becomes=decision.channel(turn.becomes).name,
        points=turn.points,
        rule=turn.because,
        channel=decision.channel(turn.channel).name,
    )


def _alone(decision: Decision) -> bool:
    """Whether one channel only is open."""
    return sum(channel.access == "open" for channel in decision.channels) == 1


def _now(decision: Decision) -> str:
    messages = decision.messages
    if decision.recommended is None:
        if decision.aim is None:
            return messages("report_now_closed", because=decision.why_not[0].because)
        first = next((step.title for step in decision.plan), "")
        return messages("report_now_locked", step=first)
    best = decision.channel(decision.recommended)
    if decision.weak:
        key = "report_now_weak" if _alone(decision) else "report_now_weak_best"
        return messages(key, channel=best.name)
    return messages("report_now_open", channel=best.name, variant=best.variant_name)


def _aim(decision: Decision) -> str:
    messages = decision.messages
    if decision.aim is None:
        return messages("report_aim_none")
    if decision.aim == decision.recommended:
        return ""
    aim = decision.channel(decision.aim)
    weak = aim.fit < decision.thresholds.weak_below
    name = messages("report_weak_channel", channel=aim.name, fit=aim.fit) if weak else aim.name
    opening = [change for change in decision.changes if decision.aim in change.opens]
    if opening:
        ways = [change.text for change in opening if len(change.set) == len(opening[0].set)]
        if len(ways) == 1:
            return messages("report_aim_other", channel=name, unlock=ways[0])
        return messages("report_aim_either", channel=name, first=ways[0], second=ways[1])
    gates = {gate.id for gate in aim.gates}
    first = next((step.title for step in decision.plan if gates & {*step.unlocks}), "")
    return messages("report_aim_step", channel=name, step=first)


def _sure(decision: Decision) -> str:
    """In how many ways to answer what is open the recommendation holds, and what matters most."""
    messages, count = decision.messages, len(decision.assumed)
    holds, ways = decision.certainty
    names = _matter_most(decision)
    if not count:
        return messages("report_sure_all")
    if holds == ways and not names:
        return messages("report_sure_none" if count > 1 else "report_sure_one_none", count=count)
    if holds == ways:
        key = "report_sure_money"
    elif count == 1:
        key = "report_sure_one"
    else:
        few = {0: "report_sure_together", 1: "report_sure_only"}
        key = few.get(len(names), "report_sure_many")
    words = {"holds": f"{holds:,}", "of": f"{ways:,}", "names": messages.together(names)}
    return messages(key, count=count, **words)


def _matter_most(decision: Decision) -> list[str]:
    """The open questions that can overturn the recommendation, at most three, gravest first."""
    return [question.short for question in decision.unsettled[:MOST_NAMED]]
