"""Shows an entry of a rulebook in sentences, or the map of all verdicts."""

from __future__ import annotations

from collections import Counter

from choose_channel.answers.format import answer_text
from choose_channel.checks.coverage import percent
from choose_channel.checks.diff import Comparison, without
from choose_channel.checks.explain import described, entries_of, file_of
from choose_channel.checks.grid import Grid
from choose_channel.checks.verdicts import outcome_map
from choose_channel.checks.walk import TooLargeError
from choose_channel.cli.registry import Context
from choose_channel.messages.errors import Problem, UsageError, nearest
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Entry, Gate, Pitfall, Rule, Rulebook, Step
from choose_channel.report.verdict import rulebook_line

Advice = Rule | Gate | Pitfall | Step


def command(context: Context, name: str | None) -> int:
    """`rules show [ID]`: all entries of this name; without a name, all names and the map. Returns
    0."""
    rulebook, messages = context.rulebook, context.messages
    kinds = entries_of(rulebook)
    if name is None:
        grid = Grid(rulebook)
        for at, entries in kinds.items():
            # Choices and variants are shown with their question and channel; phrases are too many.
            if entries and len(at) < 3 and at[0] != "wording":
                print(
                    messages(
                        "show_access",
                        channels=_kind(at, messages),
                        access=messages.listing(entries),
                    )
                )
        try:
            _print_map(grid, messages)
        except TooLargeError:
            print(messages("check_uncounted"))
        print(rulebook_line(rulebook, messages))
        return 0
    named = [(*at, name) for at, entries in kinds.items() if name in entries]
    if not named:
        near = nearest(name, [known for entries in kinds.values() for known in entries])
        raise UsageError([Problem(messages.hinted(messages("show_unknown", key=name), near))])
    for number, at in enumerate(named):
        entry = kinds[at[:-1]][name]
        counts = [_counts(rulebook, messages, at[0], entry)] if isinstance(entry, Advice) else []
        print("\n".join([*([""] if number else []), *described(rulebook, messages, at), *counts]))
    return 0


def _kind(at: Entry, messages: Messages) -> str:
    key = "kind_steps" if at[0] == "plan" else f"kind_{at[0]}"
    return messages(key) if key in messages.phrases else file_of(at)


def _counts(rulebook: Rulebook, messages: Messages, stem: str, entry: Advice) -> str:
    """Where an entry holds and, of a rule or gate, where it decides."""
    grid = Grid(rulebook)
    holding = sum(region.cells for region in grid.alike(require=[[entry.when]]))
    words = {"fires": f"{holding:,}", "cells": f"{grid.cells:,}"}
    counts = [messages("show_fires", **words, share=percent(holding, grid.cells))]
    if isinstance(entry, (Rule, Gate)):
        moved = Comparison(rulebook, without(rulebook, stem, entry.id)).moved()
        try:
            decides = sum(change.cells for change in moved)
            counts.append(messages("show_decides", decides=f"{decides:,}"))
        except TooLargeError:
            counts.append(messages("check_uncounted"))
    return messages.sentences(counts)


def _print_map(grid: Grid, messages: Messages) -> None:
    channels = grid.rulebook.channels
    first = grid.space.axes[0]
    labels = {
        to_text(value): answer_text(first.question, value, messages) for value in first.values
    }
    counted = outcome_map(grid)
    print(f"\n{messages('map_title')}")
    for choice, part in counted.items():
        total = sum(part["recommended"].values())
        print(f"  {labels[choice]} ({total:,})")
        for name in (*channels, ""):
            count = part["recommended"].get(name, 0)
            if count:
                label = messages.text(channels[name].short) if name else messages("map_none")
                bar = "#" * max(1, 30 * count // total)
                print(f"    {percent(count, total):>8}  {bar} {label}")
    print(f"\n{messages('map_access')}")
    for channel in channels.values():
        access: Counter[str] = Counter()
        for part in counted.values():
            access.update(part[f"access {channel.id}"])
        shares = messages.listing(
            f"{messages(f'access_{state}')} {percent(count, grid.cells)}"
            for state, count in sorted(access.items())
        )
        print(f"  {messages('show_access', channels=messages.text(channel.name), access=shares)}")
