"""Coming back: what was decided last time, what has been done since, and what is different now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from choose_channel.answers.format import answer_text
from choose_channel.answers.kinds import Option, parse
from choose_channel.engine.decide import decide
from choose_channel.engine.decision import Decision
from choose_channel.engine.difference import Difference, Pair, Record, difference
from choose_channel.engine.engine import Engine
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Value
from choose_channel.wizard.history import Kept, businesses
from choose_channel.wizard.prompt import Ask, Prompt, choice_prompt, short_names, text_prompt

_OTHER, _AGAIN, _ANEW = "/other", "/again", "/anew"
_TICKED = "/ticked"
_MOST = 3
"""So many differences of a kind are named."""


class Earlier(NamedTuple):
    """What a person goes on from: a run that was kept, or None; and the name of the business."""

    run: Kept | None
    business: str


def welcome(engine: Engine, runs: Sequence[Kept], messages: Messages, ask: Ask) -> Earlier:
    """Greets with the last verdict, and asks whose business this is and where to go on."""
    newest = businesses(runs)
    if not newest:
        return Earlier(None, "")
    last = newest[0]
    if len(newest) > 1:
        options = [
            Option(str(number), _name(run, messages), last_verdict(engine, run, messages))
            for number, run in enumerate(newest)
        ]
        options.append(Option(_OTHER, messages("memory_other")))
        title = messages("memory_which")
        reply = ask(choice_prompt(title, options, messages, start="0")).value
        if reply == _OTHER:
            return Earlier(None, _ask_name(newest, messages, ask))
        last = newest[int(reply or 0)]
    options = [
        Option(_AGAIN, messages("memory_again")),
        Option(_ANEW, messages("memory_anew")),
    ]
    if len(newest) == 1:
        options.append(Option(_OTHER, messages("memory_other")))
    title = messages("memory_welcome", verdict=last_verdict(engine, last, messages))
    match ask(choice_prompt(title, options, messages, start=_AGAIN)).value:
        case "/other":
            return Earlier(None, _ask_name(newest, messages, ask))
        case "/anew":
            return Earlier(None, last.business)
        case _:
            return Earlier(last, last.business)


def _name(run: Kept, messages: Messages) -> str:
    return run.business or messages("memory_unnamed")


def _ask_name(taken: Sequence[Kept], messages: Messages, ask: Ask) -> str:
    names = {run.business.casefold() for run in taken}

    def refuse(text: str) -> str | None:
        name = text.strip()
        if not name:
            return messages("memory_name_empty")
        return messages("memory_name_taken") if name.casefold() in names else None

    reply = ask(text_prompt(messages("memory_name"), messages, refuse=refuse))
    return (reply.value or "").strip()


def last_verdict(engine: Engine, run: Kept, messages: Messages) -> str:
    """What was decided, in a sentence with its date."""
    record, channels = run.record, engine.rulebook.channels

    def name(channel: str | None) -> str:
        known = channels.get(channel or "")
        return messages.text(known.name) if known else str(channel)

    words = {"date": run.date, "now": name(record["recommended"]), "aim": name(record["aim"])}
    if record["aim"] is None:
        return messages("memory_closed", **words)
    if record["recommended"] is None:
        return messages("memory_locked", **words)
    if record["aim"] != record["recommended"]:
        return messages("memory_aim", **words)
    return messages("memory_open", **words)


# ---- the answers of last time


class OldAnswers(NamedTuple):
    """The answers that still count, the questions whose answer cannot be read any more, and the
    keys that the rulebook does not know any more."""

    given: dict[str, Value]
    refused: list[str]
    unknown: list[str]


def old_answers(engine: Engine, record: Record, messages: Messages) -> OldAnswers:
    """The answers of a record, read as the rulebook of today reads them."""
    result = OldAnswers({}, [], [])
    for name, raw in record["answers"].items():
        question = engine.rulebook.answerable.get(name)
        if question is None:
            result.unknown.append(name)
            continue
        try:
            value = parse(question, raw, messages)
        except RefusedError:
            result.refused.append(name)
            continue
        if value is not None:
            result.given[name] = value
    return result


# ---- what was done


def tick(run: Kept, messages: Messages, ask: Ask) -> tuple[str, ...]:
    """The steps that the person has done, after asking for those of the plan that were open."""
    titles = {step["id"]: step["title"] for step in run.record["plan"] if step["phase"] != "later"}
    return tick_steps(titles, run.done, messages, ask)


def tick_steps(
    titles: dict[str, str], done: Sequence[str], messages: Messages, ask: Ask
) -> tuple[str, ...]:
    """The steps that are done, after the person has ticked some of those in `titles` (by id)."""
    ticked = list(done)
    if not titles:
        return tuple(ticked)
    start = _TICKED
    while True:
        reply = ask(_tick_prompt(titles, ticked, messages, start))
        if reply.value in (None, _TICKED):
            return tuple(ticked)
        assert reply.value is not None
        start = reply.value
        if start in ticked:
            ticked.remove(start)
        else:
            ticked.append(start)


def _tick_prompt(
    titles: dict[str, str], ticked: Sequence[str], messages: Messages, start: str
) -> Prompt:
    count = sum(name in ticked for name in titles)
    options = [Option(_TICKED, messages("memory_ticked", count=count))]
    options += [Option(name, title, ticked=name in ticked) for name, title in titles.items()]
    lines = [messages("memory_tick_how")]
    return choice_prompt(messages("memory_done"), options, messages, lines=lines, start=start)


# ---- what is different now


def since(engine: Engine, run: Kept, decision: Decision, done: Sequence[str]) -> tuple[str, ...]:
    """What has changed since a run was kept: answers, what is open, steps done, the rulebook."""
    messages = decision.messages
    record = decision.to_dict()
    lines = [
        messages.sentences(
            [
                messages("memory_since", date=run.date, changes=messages.listing(changes))
                for changes in [list(_answers(engine, run.record, record, messages))[:_MOST]]
                if changes
            ]
            + list(_access(engine, difference(run.record, record), messages))
            + list(_steps(run, done, messages))
        )
    ]
    lines += _rulebook(engine, run, decision)
    return tuple(line for line in lines if line)


def _answers(engine: Engine, before: Record, after: Record, messages: Messages) -> Iterator[str]:
    """Each answer that has changed: its short name, what it was, what it is."""
    questions = engine.rulebook.answerable
    for change in difference(before, after).answers:
        question = questions.get(change.question)
        if question is None or not change.answer.differs or None in change.answer:
            continue
        try:
            old, new = (parse(question, raw, messages) for raw in change.answer)
        except RefusedError:
            continue
        if old is not None and new is not None:
            yield messages(
                "memory_answer",
                question=messages.text(question.short),
                before=answer_text(question, old, messages),
                after=answer_text(question, new, messages),
            )


def _access(engine: Engine, now: Difference, messages: Messages) -> Iterator[str]:
    for channel in now.channels:
        if channel.access.differs:
            name = messages.text(engine.rulebook.channels[channel.id].name)
            state = messages(f"access_{channel.access.after}")
            yield messages("memory_access", channel=name, access=state)


def _steps(run: Kept, done: Sequence[str], messages: Messages) -> Iterator[str]:
    planned = [step["id"] for step in run.record["plan"] if step["phase"] != "later"]
    count = sum(name in done for name in planned)
    if count:
        yield messages("memory_steps", count=count, of=len(planned))


def _rulebook(engine: Engine, run: Kept, decision: Decision) -> Iterator[str]:
    """Whether a newer rulebook advises otherwise on the same answers, and which entries did it."""
    messages, rulebook = decision.messages, engine.rulebook
    if run.record["rulebook"]["digest"] == rulebook.digest:
        return
    old = old_answers(engine, run.record, messages)
    if engine.missing_core(old.given):
        return
    then = decide(engine.seller(old.given), {}, messages.lang).to_dict()
    version = Pair(str(run.record["rulebook"]["version"]), rulebook.version)
    if difference(run.record, then).same_advice:
        yield messages("memory_rulebook_same", version=version.after)
        return
    entries = _entries(then) ^ _entries(run.record)
    texts = [text for name, text in _because(then, run.record).items() if name in entries][:_MOST]
    yield messages("memory_rulebook", before=version.before, after=version.after)
    for text in texts:
        yield f"· {text}"
    if old.unknown or old.refused:
        refused = short_names((rulebook.answerable[name] for name in old.refused), messages)
        names = messages.listing([*old.unknown, refused])
        yield messages("memory_forgotten", names=names)


def _entries(record: Record) -> set[str]:
    """The gates and rules that hold, by id."""
    gates = {gate["id"] for channel in record["channels"] for gate in channel["gates"]}
    return gates | {line["rule"] for channel in record["channels"] for line in channel["ledger"]}


def _because(*records: Record) -> dict[str, str]:
    """What gates and rules say, by id; gates come first."""
    channels = [channel for record in records for channel in record["channels"]]
    gates = {gate["id"]: gate["because"] for channel in channels for gate in channel["gates"]}
    lines = {line["rule"]: line["because"] for channel in channels for line in channel["ledger"]}
    return {**gates, **lines}
