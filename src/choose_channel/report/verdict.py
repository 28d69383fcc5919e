"""How sure a verdict is, how firm, and what would change it."""

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


def certainty(decision: Decision) -> str:
    """How sure the verdict is, counted over the ways to answer what is open."""
    messages, count = decision.messages, len(decision.assumed)
    holds, of = (f"{number:,}" for number in decision.certainty)
    if not count:
        return messages("summary_sure_all")
    if decision.sampled:
        return messages("summary_sure_sample", holds=holds, of=of)
    if holds == of and not decision.unsettled:
        return messages("summary_sure_open")
    key = "summary_sure_holds_one" if count == 1 else "summary_sure_holds"
    return messages(key, holds=holds, of=of, open=count)


def grouped_changes(decision: Decision) -> list[tuple[str, ChangeLine]]:
    """The changes as a person says them; those of the same questions that give the same are told
    together, with the first of them."""
    groups: dict[tuple[object, ...], list[ChangeLine]] = {}
    for change in decision.changes:
        groups.setdefault((*change.set, change.opens, change.recommended), []).append(change)
    return [
        (
            functools.reduce(
                lambda first, more: decision.messages("or_else", first=first, second=more),
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
        names = messages.together(matter_most(decision))
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


def matter_most(decision: Decision) -> list[str]:
    """The open questions that can overturn the recommendation, at most three, gravest first."""
    return [question.short for question in decision.unsettled[:MOST_NAMED]]
