"""Tests for advice: runs case files and says where the advice has drifted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from choose_channel.api import decide
from choose_channel.checks.cases import Case, Difference, differences, problems_in, read_cases
from choose_channel.cli.commands import Context
from choose_channel.engine.decision import Decision
from choose_channel.files import storage
from choose_channel.loading.load import shipped_folder
from choose_channel.messages.errors import (
    ChooseChannelError,
    DocumentError,
    OutputError,
    Problem,
    UsageError,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.verdict import rulebook_line

_CAUSES = 3
"""How many lines of the ledger are shown beside a failure."""


class Verdict(NamedTuple):
    """How one case ended: a phrase key, and the lines that tell why."""

    case: Case
    state: str
    lines: tuple[str, ...]


class Options(NamedTuple):
    """What was asked for besides the files."""

    junit: Path | None = None
    coverage: bool = False
    threshold: str | None = None


def run(book: Rulebook, messages: Messages, files: Sequence[str], options: Options) -> int:
    """Prints a line a case. 0 when all hold, 1 when one fails or too little is covered, 2 when one
    cannot be decided."""
    needed = _percentage(options.threshold, messages)
    verdicts = [one for file in files for one in _verdicts(file, book, messages)]
    if not verdicts:
        raise DocumentError([Problem(messages("case_none"), files[0] if files else "")])
    for one in verdicts:
        print(
            f"{messages(one.state)}  {shorten(one.case.place, 300)}  {shorten(one.case.name, 300)}"
        )
        print("".join(f"    {line}\n" for line in one.lines), end="")
    count = {s: sum(one.state == s for one in verdicts) for s in ("case_fail", "case_error")}
    failed, errors = count["case_fail"], count["case_error"]
    passed = len(verdicts) - failed - errors
    print(messages("case_summary", passed=passed, failed=failed, errors=errors))
    print(rulebook_line(book, messages))
    if options.junit:
        _write_junit(options.junit, verdicts, messages)
    low = False
    if options.coverage or needed is not None:
        low = not _cover(
            book, messages, [one for one in verdicts if one.state != "case_error"], needed
        )
    return 2 if errors else 1 if failed or low else 0


def _verdicts(file: str, book: Rulebook, messages: Messages) -> list[Verdict]:
    """How the cases of a file ended; one that cannot be read is an error beside the others."""
    try:
        cases = read_cases(Path(file), messages)
    except DocumentError as error:
        return [Verdict(Case(file, {}, {}, file), "case_error", tuple(map(str, error.problems)))]
    return [_verdict(case, book, messages) for case in cases]


def _verdict(case: Case, book: Rulebook, messages: Messages) -> Verdict:
    problems = problems_in(case, book, messages)
    if problems:
        return Verdict(case, "case_error", tuple(map(str, problems)))
    try:
        decision = decide(case.answers, book, messages.lang)
    except ChooseChannelError as error:
        return Verdict(case, "case_error", tuple(map(str, error.problems)))
    lines = []
    for one in differences(case, decision):
        wanted = messages("case_expected", expected=_shown(one.expected))
        got = messages("case_got", got=_shown(one.got))
        lines.append(f"{one.key}: {messages.listing([wanted, got])}")
        lines += [f"  {cause}" for cause in _causes(one, decision, messages)]
    return Verdict(case, "case_fail" if lines else "case_pass", tuple(lines))


def _causes(difference: Difference, decision: Decision, messages: Messages) -> list[str]:
    """Where one channel came out for another: the gates that shut the one expected, or the rules
    that set the other most above it."""
    expected = difference.expected
    wanted = expected[0] if isinstance(expected, list) else expected
    lines = {line.id: line for line in decision.channels}
    if difference.key not in ("recommended", "aim") or wanted not in lines:
        return []
    best = lines[str(wanted)]
    worst = [gate.id for gate in best.gates if gate.access == best.access]
    if worst:
        return [messages("case_gate", gate=gate, channel=best.id) for gate in worst]
    if difference.got not in lines:
        return []
    mine = {line.rule: line.points for line in best.ledger}
    other = {line.rule: line.points for line in lines[str(difference.got)].ledger}
    gaps = {rule: other.get(rule, 0) - mine.get(rule, 0) for rule in {**other, **mine}}
    ahead = sorted((rule for rule in gaps if gaps[rule] > 0), key=lambda rule: -gaps[rule])
    return [
        messages("case_ledger", rule=rule, channel=difference.got, points=gaps[rule], other=best.id)
        for rule in ahead[:_CAUSES]
    ]


def _shown(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=False, default=str), 300)


def _percentage(text: str | None, messages: Messages) -> float | None:
    if text is None:
        return None
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise UsageError([Problem(messages("usage_percent", value=shorten(text)), "--threshold")])
    return number


def _cover(
    book: Rulebook, messages: Messages, verdicts: list[Verdict], needed: float | None
) -> bool:
    """Prints what the cases cover; whether that is enough."""
    from choose_channel.answers.sources import Layer, read_answers
    from choose_channel.checks.coverage import KINDS, coverage, percent, smallest_cases
    from choose_channel.checks.explain import witness
    from choose_channel.checks.grid import Grid

    grid = Grid(book)
    given = [
        read_answers(book, [Layer("file", one.case.answers)], messages).given for one in verdicts
    ]
    found = coverage(grid, given)
    smallest = smallest_cases(grid, {kind: found.missing(kind) for kind in KINDS})
    for kind in KINDS:
        total, done = len(found.names[kind]), len(found.covered[kind])
        share = percent(done, total)
        print(
            messages(
                "coverage_line",
                kind=messages(f"kind_{kind}"),
                covered=done,
                total=total,
                share=share,
            )
        )
        for name in found.missing(kind):
            cell = smallest.get((kind, name))
            command = witness(grid.rulebook, grid.answers(cell), None) if cell else ""
            key = "coverage_missing" if cell else "coverage_unreachable"
            print(f"    {messages(key, name=name, command=command)}")
    done, total = found.share()
    enough = needed is None or 100 * done >= needed * total
    if not enough:
        print(messages("coverage_below", share=percent(done, total), threshold=f"{needed:g} %"))
    return enough


def _write_junit(path: Path, verdicts: list[Verdict], messages: Messages) -> None:
    from xml.etree import ElementTree

    suite = ElementTree.Element("testsuite", name="choose-channel", tests=str(len(verdicts)))
    suite.set("failures", str(sum(one.state == "case_fail" for one in verdicts)))
    suite.set("errors", str(sum(one.state == "case_error" for one in verdicts)))
    for one in verdicts:
        place, name = shorten(one.case.place, 300), shorten(one.case.name, 300)
        case = ElementTree.SubElement(suite, "testcase", classname=place, name=name)
        if one.lines:
            tag = "failure" if one.state == "case_fail" else "error"
            ElementTree.SubElement(case, tag, message=one.lines[0]).text = "\n".join(one.lines)
    content = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    try:
        storage.write_whole(path, content)
    except OSError as error:
        message = messages("write_failed", reason=storage.reason(error, messages))
        raise OutputError([Problem(message, str(path))]) from error


# ---- as commands


def command(
    context: Context, files: list[str], *, junit: str | None, coverage: bool, threshold: str | None
) -> int:
    """`test FILE...`"""
    options = Options(Path(junit) if junit is not None else None, coverage, threshold)
    return run(context.book, context.messages, files, options)


def rules_test(context: Context, folder: str | None) -> int:
    """`rules test [DIR]`: the cases of a rulebook, or the shipped ones where it has none."""
    book, where = context.opened(folder)
    own = Path(where or shipped_folder()) / "cases.yaml"
    cases = own if own.is_file() else shipped_folder() / "cases.yaml"
    return run(book, context.messages, [str(cases)], Options())
