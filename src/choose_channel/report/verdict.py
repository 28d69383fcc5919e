"""The first lines of every report: what to do now, what to aim for, how sure. Pure."""

from __future__ import annotations

import functools

from choose_channel.answers.format import answer_line, answer_text
from choose_channel.answers.parse import parse
from choose_channel.engine.decision import ChangeLine, Decision
from choose_channel.messages.i18n import Say
from choose_channel.model.rulebook import Rulebook


def change_text(decision: Decision, change: ChangeLine, say: Say) -> str:
    """Changed answers as a person says them."""
    lines = []
    for name, typed in change.set.items():
        question = decision.book.questions[name]
        value = parse(question, typed, say)
        assert value is not None
        if question.change:
            answer = answer_text(question, value, say)
            lines.append(say.text(question.change).format(answer=answer))
        else:
            lines.append(answer_line(question, value, say))
    return functools.reduce(lambda one, more: say("and_also", first=one, second=more), lines)


def rulebook_line(book: Rulebook, say: Say) -> str:
    """Which rulebook it was, and how old."""
    return say(
        "check_rulebook", version=book.version, reviewed=book.reviewed, digest=book.digest[:12]
    )


def grouped_changes(decision: Decision, say: Say) -> list[tuple[str, ChangeLine]]:
    """The changes as a person says them; those of the same questions that give the same are told
    together, with the first of them."""
    groups: dict[tuple[object, ...], list[ChangeLine]] = {}
    for change in decision.changes:
        groups.setdefault((*change.set, change.opens, change.recommended), []).append(change)
    return [
        (
            functools.reduce(
                lambda one, more: say("or_else", first=one, second=more),
                [change_text(decision, change, say) for change in group],
            ),
            group[0],
        )
        for group in groups.values()
    ]


def headline(decision: Decision) -> tuple[str, str, str]:
    """What to do now; what to aim for and what unlocks it; how sure that is."""
    say = Say(decision.book.wording, decision.lang)
    return _now(decision, say), _aim(decision, say), _sure(decision, say)


def closeness(decision: Decision) -> str | None:
    """A line for a close call: which channels, and what settles it."""
    if not decision.close or decision.recommended is None:
        return None
    say = Say(decision.book.wording, decision.lang)
    points = decision.book.close_within
    best = decision.channel(decision.recommended).fit
    near = [c for c in decision.channels if c.access == "open" and best - c.fit <= points]
    channels = say.listing(channel.name for channel in near)
    names = _names(decision, say)
    if names:
        return say("report_close", channels=channels, points=points, names=say.listing(names))
    return say("report_close_plain", channels=channels, points=points)


def robustness_text(decision: Decision) -> str | None:
    """How far our points may be off before the verdict turns."""
    turn = decision.robustness
    if decision.recommended is None:
        return None
    say = Say(decision.book.wording, decision.lang)
    if turn is None:
        alone = sum(channel.access == "open" for channel in decision.channels) == 1
        return say("report_robust_only") if alone else None
    rule = say.text(decision.book.rules[turn.rule].because)
    key = "report_robust_more" if turn.channel == turn.becomes else "report_robust_less"
    return say(
        key,
        becomes=decision.channel(turn.becomes).name,
        points=turn.points,
        rule=rule,
        channel=decision.channel(turn.channel).name,
    )


def _now(decision: Decision, say: Say) -> str:
    if decision.recommended is None:
        if decision.aim is None:
            because = decision.why_not[0].because
            return say("report_now_closed", because=because)
        first = next((step.title for step in decision.plan), "")
        return say("report_now_locked", step=first)
    best = decision.channel(decision.recommended)
    if decision.weak:
        alone = sum(channel.access == "open" for channel in decision.channels) == 1
        key = "report_now_weak" if alone else "report_now_weak_best"
        return say(key, channel=best.name)
    return say("report_now_open", channel=best.name, variant=best.variant_name)


def _aim(decision: Decision, say: Say) -> str:
    if decision.aim is None:
        return say("report_aim_none")
    if decision.aim == decision.recommended:
        return say("report_aim_same")
    aim = decision.channel(decision.aim)
    weak = aim.fit < decision.book.weak_below
    name = say("report_weak_channel", channel=aim.name, fit=aim.fit) if weak else aim.name
    opening = [one for one in decision.changes if decision.aim in one.opens]
    if opening:
        ways = [change_text(decision, one, say) for one in opening if _as_small(one, opening[0])]
        unlock = ways[0] if len(ways) == 1 else say("or_else", first=ways[0], second=ways[1])
        return say("report_aim_other", channel=name, unlock=unlock)
    first = next((step.title for step in decision.plan if _unlocks(decision, step.id)), "")
    return say("report_aim_step", channel=name, step=first)


def _as_small(change: ChangeLine, other: ChangeLine) -> bool:
    return len(change.set) == len(other.set)


def _unlocks(decision: Decision, step: str) -> bool:
    """Whether the step works on a gate that holds back the aim."""
    gates = {gate.id for gate in decision.channel(decision.aim or "").gates}
    return bool(gates & {*decision.book.steps[step].unlocks})


def _sure(decision: Decision, say: Say) -> str:
    count = len(decision.assumed)
    names = _names(decision, say)
    if not count:
        return say("report_sure_all")
    if decision.certainty.holds == decision.certainty.of and not names:
        return say("report_sure_none" if count > 1 else "report_sure_one_none", count=count)
    if not names:
        return say("report_sure_together", count=count)
    if count == 1:
        return say("report_sure_one", names=names[0])
    key = "report_sure_only" if len(names) == 1 else "report_sure_many"
    return say(key, count=count, names=say.listing(names))


def _names(decision: Decision, say: Say) -> list[str]:
    questions = decision.book.questions
    return [say.text(questions[one.question].short) for one in decision.unsettled]
