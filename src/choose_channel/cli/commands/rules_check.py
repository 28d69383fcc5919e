"""Proves a rulebook and prints what is wrong with it: as text, JSON or annotations of GitHub."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from choose_channel import checks
from choose_channel.checks.coverage import percent
from choose_channel.checks.explain import witness
from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.texts import stale
from choose_channel.checks.verdicts import outcome_map, regions
from choose_channel.cli import streams
from choose_channel.cli.clock import today as date_of_run
from choose_channel.cli.progress import progress
from choose_channel.cli.registry import Context
from choose_channel.loading.load import unknown_phrases, written_form
from choose_channel.messages.errors import Problem, UsageError, nearest, split_place
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Rulebook, entry_at
from choose_channel.report.verdict import rulebook_line

if TYPE_CHECKING:
    from choose_channel.loading.validate import Written

FORMATS = ("text", "json", "github")


def check(
    book: Rulebook,
    messages: Messages,
    folder: str | None,
    report: str,
    stale_after: str | None,
    today: str,
) -> int:
    """Proves the rulebook. 1 if there is a finding that is not waived, or a waiver of nothing; else
    0."""
    if report not in FORMATS:
        message = messages("usage_format", value=report, options=messages.listing(FORMATS))
        raise UsageError([Problem(message, "--format")])
    days = _days(stale_after, messages)
    grid = Grid(book)
    findings = checks.check(grid, progress("check_progress", messages))
    unknown = unknown_phrases(book)
    known = book.wording.keys() - unknown
    findings += [
        Finding("unknown_phrase", ("wording", name), {"near": nearest(name, known)})
        for name in unknown
    ]
    if days is not None:
        findings += stale(book, today, days)
    lines = _lines(findings, grid, messages, folder)
    unused = _unused_waivers(grid, findings, messages, aged=days is not None)
    if report == "json":
        record = json.dumps(_record(grid, lines, unused), ensure_ascii=False, indent=2)
        streams.write_utf8(record + "\n")
    elif report == "github":
        annotations = [line.annotation() for line in lines if not line.waived]
        annotations += [f"::error title=waiver::{_escaped(text)}\n" for text in unused]
        streams.write_utf8("".join(annotations))
    else:
        _tell(grid, lines, unused, messages)
    return 1 if unused or any(not line.waived for line in lines) else 0


class _Line:
    """A finding with its place, its sentence and its witness."""

    def __init__(
        self, finding: Finding, grid: Grid, messages: Messages, folder: str | None, written: Written
    ) -> None:
        self.finding = finding
        path = tuple(int(part) if part.isdigit() else part for part in finding.entry)
        near = finding.words.get("near")
        text = messages.hinted(
            messages(f"finding_{finding.id}", **finding.words), str(near) if near else None
        )
        problem = written.problem(path, text)
        self.place, self.text = problem.place, problem.message
        self.severity = checks.severity_of(finding.id)
        waivers = [
            one.reason
            for one in grid.rulebook.waivers
            if one.finding == finding.id and one.entry == entry_at(finding.entry)[-1]
        ]
        self.waived = waivers[0] if waivers else None
        self.command = None
        if finding.witness:
            self.command = witness(grid.rulebook, grid.answers(finding.witness), folder)

    def record(self) -> dict[str, Any]:
        file, line, column = split_place(self.place)
        return {
            "id": self.finding.id,
            "severity": self.severity,
            "entry": list(self.finding.entry),
            "file": file,
            "line": line,
            "column": column,
            "text": self.text,
            "witness": self.command,
            "waived": self.waived,
        }

    def annotation(self) -> str:
        one = self.record()
        words = {"file": one["file"], "line": one["line"], "col": one["column"]}
        words["title"] = self.finding.id
        where = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in words.items())
        witness = f" {self.command}" if self.command else ""
        return f"::{self.severity} {where}::{_escaped(self.text + witness)}\n"


def _lines(
    findings: list[Finding], grid: Grid, messages: Messages, folder: str | None
) -> list[_Line]:
    if not findings:
        return []
    written = written_form(folder, messages)
    return [_Line(one, grid, messages, folder, written) for one in findings]


def _escaped(text: str, more: str = "") -> str:
    """Text for a workflow command of GitHub, without line breaks and whatever ends a property."""
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _tell(grid: Grid, lines: list[_Line], unused: list[str], messages: Messages) -> None:
    for line in lines:
        print(f"{line.place}: {line.severity}: {line.finding.id}: {line.text}")
        if line.command:
            print(f"    {messages('check_witness', command=line.command)}")
        if line.waived:
            print(f"    {messages('check_waived', reason=line.waived)}")
    print("".join(f"{text}\n" for text in unused), end="")
    waived = sum(line.waived is not None for line in lines)
    count = len(lines) - waived + len(unused)
    print(
        messages("check_count", count=count, waived=waived)
        if lines or unused
        else messages("check_clean")
    )
    key = "check_proved" if grid.exact else "check_sampled"
    print(messages(key, cells=f"{len(grid.terms):,}", proofs=len(checks.proofs_for(grid))))
    size = regions(grid)
    names = ("close", "tied", "weak", "shut")
    print(messages("check_regions", **{n: percent(getattr(size, n), size.cells) for n in names}))
    print(rulebook_line(grid.rulebook, messages))


def _record(grid: Grid, lines: list[_Line], unused: list[str]) -> dict[str, Any]:
    book = grid.rulebook
    return {
        "schema_version": 1,
        "rulebook": {"version": book.version, "reviewed": book.reviewed, "digest": book.digest},
        "exact": grid.exact,
        "cells": len(grid.terms),
        "findings": [line.record() for line in lines],
        "unused_waivers": unused,
        "regions": regions(grid)._asdict(),
        "map": outcome_map(grid),
    }


def _unused_waivers(
    grid: Grid, findings: list[Finding], messages: Messages, *, aged: bool
) -> list[str]:
    """A message for each waiver without a finding. Old facts are looked for on request only, and a
    sample may miss anything, so nothing is said of them then."""
    return [
        messages("check_unused_waiver", finding=shorten(one.finding), entry=shorten(one.entry))
        for one in grid.rulebook.waivers
        if grid.exact and (aged or one.finding != "stale_fact")
        if not any(f.id == one.finding and one.entry == entry_at(f.entry)[-1] for f in findings)
    ]


def _days(text: str | None, messages: Messages) -> int | None:
    if text is None:
        return None
    digits = text.removesuffix("d")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 6:
        raise UsageError([Problem(messages("usage_days", value=text), "--stale-after")])
    return int(digits)


def command(
    context: Context, folder: str | None, *, format: str | None, stale_after: str | None
) -> int:
    """`rules check [DIR]`"""
    book, where = context.opened(folder)
    messages = context.messages
    return check(book, messages, where, format or "text", stale_after, date_of_run(messages))
