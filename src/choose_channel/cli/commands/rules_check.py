"""Proves a rulebook and prints what is wrong with it: as text, JSON or annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from choose_channel.answers.space import Cell
from choose_channel.checks import proofs
from choose_channel.checks.citations import stale
from choose_channel.checks.costs import case_finder
from choose_channel.checks.coverage import percent
from choose_channel.checks.explain import witness
from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.verdicts import outcome_map, regions
from choose_channel.checks.walk import TooLargeError
from choose_channel.cli import streams
from choose_channel.cli.annotations import annotation
from choose_channel.cli.clock import today
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
Count = TypeVar("Count")


def check(
    context: Context, rulebook: Rulebook, folder: str | None, report: str, stale_after: str | None
) -> int:
    """Proves the rulebook. 1 if there is a finding that is not waived, or a waiver of nothing; else
    0. What could not be proved is a finding."""
    messages = context.messages
    date = today(messages)
    if report not in FORMATS:
        message = messages("usage_format", value=report, options=messages.listing(FORMATS))
        raise UsageError([Problem(message, "--format")])
    days = _days(stale_after, messages)
    grid = Grid(rulebook)
    findings = proofs.check(grid, progress("check_progress", context))
    unknown = unknown_phrases(rulebook)
    known = rulebook.wording.keys() - unknown
    findings += [
        Finding("unknown_phrase", ("wording", name), {"near": nearest(name, known)})
        for name in unknown
    ]
    if days is not None:
        findings += stale(rulebook, date, days)
    lines = _lines(findings, grid, messages, folder)
    not_proved = [finding for finding in findings if finding.id == proofs.NOT_PROVED]
    unproved = [str(finding.words["proof"]) for finding in not_proved]
    skipped = unproved if days is not None else [*unproved, "stale_fact"]
    unused = _unused_waivers(rulebook, findings, skipped, messages)
    if report == "json":
        record = json.dumps(_record(grid, lines, unused, unproved), ensure_ascii=False, indent=2)
        streams.write_utf8(record + "\n")
    elif report == "github":
        annotations = [line.annotation() for line in lines if not line.waived]
        annotations += [annotation(Problem(text), "error", "waiver") for text in unused]
        streams.write_utf8("".join(annotations))
    else:
        _tell(grid, lines, unused, unproved, messages)
    return 1 if unused or any(not line.waived for line in lines) else 0


def remedy(finding: str, messages: Messages) -> str:
    """What a finding means, and what to do about it."""
    return messages(f"remedy_{finding}")


class _Line:
    """A finding with its place, its sentence and its witness."""

    def __init__(
        self,
        finding: Finding,
        grid: Grid,
        messages: Messages,
        written: Written,
        command: str | None,
    ) -> None:
        self.finding = finding
        near = finding.words.get("near")
        text = messages.hinted(
            messages(f"finding_{finding.id}", **finding.words), str(near) if near else None
        )
        problem = written.problem_at(finding.entry, text)
        self.place, self.text = problem.place, problem.message
        self.severity, self.remedy = proofs.severity_of(finding.id), remedy(finding.id, messages)
        waivers = [
            waiver.reason
            for waiver in grid.rulebook.waivers
            if waiver.finding == finding.id and waiver.entry == entry_at(finding.entry)[-1]
        ]
        self.waived = waivers[0] if waivers else None
        self.command = command

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
            "remedy": self.remedy,
            "witness": self.command,
            "waived": self.waived,
        }

    def annotation(self) -> str:
        witness = f" {self.command}" if self.command else ""
        problem = Problem(f"{self.text} {self.remedy}{witness}", self.place)
        return annotation(problem, self.severity, self.finding.id)


def _lines(
    findings: list[Finding], grid: Grid, messages: Messages, folder: str | None
) -> list[_Line]:
    if not findings:
        return []
    written, case_of = written_form(folder, messages), case_finder(grid)

    def command(cell: Cell | None) -> str | None:
        if cell is None:
            return None
        given = {**(case_of(cell) or {}), **grid.answers(cell)}
        return witness(grid.rulebook, given, folder)

    return [
        _Line(finding, grid, messages, written, command(finding.witness)) for finding in findings
    ]


def _extent(grid: Grid, unproved: list[str], messages: Messages) -> str:
    """How much is proved, and what is not, by name."""
    proved = [proof for proof in proofs.PROOFS if not {*proof.findings} & {*unproved}]
    words = {"cells": f"{grid.cells:,}", "proofs": len(proved)}
    if unproved:
        return messages("check_unproved", names=messages.listing(unproved), **words)
    return messages("check_proved", **words)


def _tell(
    grid: Grid, lines: list[_Line], unused: list[str], unproved: list[str], messages: Messages
) -> None:
    for line in lines:
        print(f"{line.place}: {line.severity}: {line.finding.id}: {line.text}")
        if line.command:
            print(f"    {messages('check_witness', command=line.command)}")
        if line.waived:
            print(f"    {messages('check_waived', reason=line.waived)}")
    print("".join(f"{text}\n" for text in unused), end="")
    if remedies := {line.finding.id: line.remedy for line in lines if line.waived is None}:
        print(messages("check_remedies"))
        for name, text in remedies.items():
            print(f"  {name}: {text}")
    waived = sum(line.waived is not None for line in lines)
    count = len(lines) - waived + len(unused)
    print(
        messages("check_count", count=count, waived=waived)
        if lines or unused
        else messages("check_clean")
    )
    print(_extent(grid, unproved, messages))
    size = _counted(regions, grid)
    if size is None:
        print(messages("check_uncounted"))
    else:
        sizes = {name: percent(part, size.cells) for name, part in size._asdict().items()}
        print(messages("check_regions", **sizes))
    print(rulebook_line(grid.rulebook, messages))


def _counted(count: Callable[[Grid], Count], grid: Grid) -> Count | None:
    """What is counted over all cells; None where there is too much to tell apart."""
    try:
        return count(grid)
    except TooLargeError:
        return None


def _record(
    grid: Grid, lines: list[_Line], unused: list[str], unproved: list[str]
) -> dict[str, Any]:
    rulebook, size = grid.rulebook, _counted(regions, grid)
    return {
        "schema_version": 1,
        "rulebook": {
            "version": rulebook.version,
            "reviewed": rulebook.reviewed,
            "digest": rulebook.digest,
        },
        "exact": not unproved,
        "unproved": unproved,
        "cells": grid.cells,
        "findings": [line.record() for line in lines],
        "unused_waivers": unused,
        "regions": None if size is None else size._asdict(),
        "map": _counted(outcome_map, grid),
    }


def _unused_waivers(
    rulebook: Rulebook, findings: list[Finding], skipped: list[str], messages: Messages
) -> list[str]:
    """A message for each waiver without a finding, unless such findings were not looked for, or
    not everywhere."""
    return [
        messages("check_unused_waiver", finding=shorten(name), entry=shorten(entry))
        for name, entry, _ in rulebook.waivers
        if name not in skipped
        if not any(f.id == name and entry == entry_at(f.entry)[-1] for f in findings)
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
    rulebook, where = context.opened(folder)
    return check(context, rulebook, where, format or "text", stale_after)
