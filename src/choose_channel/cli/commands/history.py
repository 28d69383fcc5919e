"""Finished runs that are kept on this machine: listed, shown, exported, deleted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from choose_channel.answers.format import answer_line
from choose_channel.cli import streams
from choose_channel.cli.registry import Context
from choose_channel.engine.difference import Record
from choose_channel.engine.engine import Engine
from choose_channel.files import storage
from choose_channel.messages.errors import OutputError, Problem, UsageError, nearest
from choose_channel.messages.i18n import shorten
from choose_channel.wizard.history import History, Kept
from choose_channel.wizard.memory import last_verdict, old_answers

ALL = "all"


def command(context: Context, name: str | None, export: bool, forget: bool) -> int:
    """`history [NAME] [--export] [--forget]`: without a name, all of them."""
    rulebook, messages = context.rulebook, context.messages
    history = History(context.rules or "")
    if export and forget:
        raise UsageError([Problem(messages("history_one_at_a_time"))])
    if not history.is_on and (export or forget):
        raise UsageError([Problem(messages("history_off_still"))])
    if not history.is_on:
        print(messages("history_off"))
        return 0
    kept, damaged = history.load()
    for path in damaged:
        streams.notice(messages("memory_damaged", path=path))
    if (export or forget) and name is None:
        which = messages("history_which", names=_names(kept, context))
        raise UsageError([Problem(which if kept else messages("history_none"))])
    chosen = kept if name in (None, ALL) else _chosen(str(name), kept, context)
    if forget:
        return _forget(history, None if name == ALL else chosen, context)
    if export:
        records = [dict(run.record) for run in chosen]
        content: object = records[0] if name != ALL and len(records) == 1 else records
        streams.write_utf8(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        return 0
    engine = Engine(rulebook)
    for run in chosen:
        label = f"{run.name}  {run.business}".rstrip()
        print(f"{label}\n  {last_verdict(engine, run, messages)}")
        for line in _details(engine, run, context, whole=name not in (None, ALL)):
            print(f"  {line}")
    if not kept:
        print(messages("history_none"))
    else:
        print(messages("history_where", folder=history.folder))
    return 0


def _details(engine: Engine, run: Kept, context: Context, *, whole: bool) -> Iterator[str]:
    """The steps that are done; of a run shown as a whole, the answers and the steps of now too."""
    messages = context.messages
    if whole:
        for question, value in old_answers(engine, run.record, messages).given.items():
            yield answer_line(engine.rulebook.answerable[question], value, messages)
    for step in run.record["plan"]:
        done = step["id"] in run.done
        if done or (whole and step["phase"] == "now"):
            yield f"[{'x' if done else ' '}] {_title(step, context)}"


def _names(kept: list[Kept], context: Context) -> str:
    return context.messages.listing([*(run.name for run in kept), ALL])


def _chosen(name: str, kept: list[Kept], context: Context) -> list[Kept]:
    chosen = [run for run in kept if name in (run.name, run.business)]
    if chosen:
        return chosen
    known = [run.name for run in kept] + [run.business for run in kept if run.business]
    message = context.messages("history_unknown", name=shorten(name))
    raise UsageError([Problem(context.messages.hinted(message, nearest(name, known)))])


def _title(step: Record, context: Context) -> str:
    """A step's title in the language of today; a step that is gone is told as it was."""
    known = context.rulebook.steps.get(step["id"])
    return context.messages.text(known.title) if known else str(step["title"])


def _forget(history: History, runs: list[Kept] | None, context: Context) -> int:
    """Deletes some runs, or all of them and what was set aside."""
    messages = context.messages
    try:
        count = history.forget_all() if runs is None else history.forget(runs)
    except OSError as error:
        reason = storage.reason(error, messages)
        raise OutputError([Problem(messages("history_not_deleted", reason=reason))]) from error
    sys.stdout.write(messages("history_forgotten", count=count) + "\n")
    return 0
