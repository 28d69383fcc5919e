"""How sure a verdict is, how firm, and what would change it."""

from __future__ import annotations

import functools

from choose_channel.engine.decision import ChangeLine, Decision
from choose_channel.engine.sensitivity import Sureness
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
    """How many questions are open, and whether they or the costs could change the verdict."""
    texts = decision.money_texts
    costs = bool(texts.incomplete) if texts else bool(decision.money_needs)
    return sure_words(
        decision.sureness(), len(decision.assumed), decision.messages, costs_open=costs
    )


def sure_words(sure: Sureness, count: int, messages: Messages, *, costs_open: bool) -> str:
    """The same of any verdict with so many open questions; `costs_open` is whether a cost is
    missing, so that the margin may be another."""
    if not count:
        return messages("summary_sure_all_costs" if costs_open else "summary_sure_all")
    certain = sure.exact and sure.holds == sure.of
    if certain and costs_open:
        return messages("summary_sure_open_costs")
    key = "profit" if certain and sure.at_this_margin else "open" if certain else "not"
    return messages(f"summary_sure_{key}_one" if count == 1 else f"summary_sure_{key}", open=count)


def sure_count(decision: Decision) -> str:
    """In how many ways to answer what is open the verdict is the same; empty where in all."""
    sure = decision.sureness()
    if sure.exact and sure.holds == sure.of:
        return ""
    key = "report_sure_one" if len(decision.assumed) == 1 else "report_sure"
    key = "report_sure_profit" if sure.at_this_margin else key
    key = key if sure.exact else "report_sure_sample"
    return decision.messages(key, holds=f"{sure.holds:,}", of=f"{sure.of:,}")


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
        names = messages.together(line.short for line in decision.unsettled[:MOST_NAMED])
        return messages("report_close", channels=channels, points=points, names=names)
    return messages("report_close_plain", channels=channels, points=points)


def robustness_text(decision: Decision) -> str:
    """How far our points may be off before the verdict changes; empty where nothing is to say."""
    turn = decision.robustness
    if decision.recommended is None:
        return ""
    if turn is None:
        name = decision.channel(decision.recommended).name
        return decision.messages("report_robust_only", channel=name) if _alone(decision) else ""
    becomes = decision.channel(turn.becomes).name
    return decision.messages("report_robust", becomes=becomes, points=turn.points)


def _alone(decision: Decision) -> bool:
    """Whether one channel only is open."""
    return sum(channel.access == "open" for channel in decision.channels) == 1


def matter_most(decision: Decision) -> list[str]:
    """The open questions that can change the verdict, at most three, gravest first."""
    shorts = {line.question: line.short for line in decision.answer_texts.assumed}
    return [shorts[name] for name in decision.sureness().questions[:MOST_NAMED]]


def matters(decision: Decision) -> str:
    """Which of the open answers could change the verdict, or at least what is open today."""
    names = decision.messages.together(matter_most(decision))
    certain = decision.sureness().certain
    key = "summary_matters_today" if certain else "summary_matters"
    return decision.messages(key, names=names) if names else ""
