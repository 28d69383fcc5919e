"""Runs case files, the tests for advice, and says where the advice has drifted."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from choose_channel.api import decide
from choose_channel.checks.cases import (
    Case,
    Difference,
    case_files,
    differences,
    problems_in,
    read_cases,
)
from choose_channel.cli import outputs
from choose_channel.cli.registry import Context
from choose_channel.engine.decision import Decision
from choose_channel.loading.load import shipped_folder
from choose_channel.messages.errors import (
    ChooseChannelError,
    DocumentError,
    OutputError,
    Problem,
    UsageError,
    split_place,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.verdict import rulebook_line

_CAUSES = 3
"""The number of rules named beside a failure."""


class Verdict(NamedTuple):
    """How one case ended: a phrase key, the lines that say why, and the seconds it took."""

    case: Case
    state: str
    lines: tuple[str, ...]
    seconds: float = 0.0


def command(
    context: Context,
    files: Sequence[str],
    *,
    junit: str | None = None,
    coverage: bool = False,
    threshold: str | None = None,
) -> int:
    """`test FILE...`: prints a line a case. 0 when all hold, 1 when one fails or too little is
    covered, 2 when one cannot be decided.

    The JUnit file is written however the printing ends.
    """
    rulebook, messages = context.rulebook, context.messages
    needed = _percentage(threshold, messages)
    paths = [path for file in files for path in case_files(Path(file))]
    target = None if junit is None else Path(junit)
    if target:
        problems = outputs.problems_with(target, paths, context.rules, messages, replace=True)
        if problems:
            raise OutputError(problems)
    verdicts = [verdict for path in paths for verdict in _verdicts(path, rulebook, messages)]
    if not verdicts:
        place = files[0] if files else ""
        problem = Problem(messages("case_none"), place)
        if target:
            none = Verdict(Case(place, {}, {}, place), "case_error", (problem.message,))
            outputs.write(target, _junit([none]), messages, replace=True)
        raise DocumentError([problem])
    try:
        _print(verdicts, rulebook, messages)
    finally:
        if target:
            outputs.write(target, _junit(verdicts), messages, replace=True)
    enough = True
    if coverage or needed is not None:
        decided = [verdict for verdict in verdicts if verdict.state != "case_error"]
        enough = _cover(context, decided, needed)
    states = {verdict.state for verdict in verdicts}
    return 2 if "case_error" in states else 1 if "case_fail" in states or not enough else 0


def _print(verdicts: list[Verdict], rulebook: Rulebook, messages: Messages) -> None:
    for verdict in verdicts:
        place, name = shorten(verdict.case.place, 300), shorten(verdict.case.name, 300)
        print(f"{messages(verdict.state)}  {place}  {name}")
        print("".join(f"    {line}\n" for line in verdict.lines), end="")
    count = Counter(verdict.state for verdict in verdicts)
    words = {"passed": "case_pass", "failed": "case_fail", "errors": "case_error"}
    print(messages("case_summary", **{word: count[state] for word, state in words.items()}))
    print(rulebook_line(rulebook, messages))


def _verdicts(file: Path, rulebook: Rulebook, messages: Messages) -> list[Verdict]:
    """How the cases of a file ended; a file that cannot be read is one error."""
    try:
        cases = read_cases(file, messages)
    except DocumentError as error:
        lines = tuple(map(str, error.problems))
        return [Verdict(Case(str(file), {}, {}, str(file)), "case_error", lines)]
    return [_timed(case, rulebook, messages) for case in cases]


def _timed(case: Case, rulebook: Rulebook, messages: Messages) -> Verdict:
    start = time.perf_counter()
    verdict = _verdict(case, rulebook, messages)
    return verdict._replace(seconds=time.perf_counter() - start)


def _verdict(case: Case, rulebook: Rulebook, messages: Messages) -> Verdict:
    problems = problems_in(case, rulebook, messages)
    if problems:
        return Verdict(case, "case_error", tuple(map(str, problems)))
    try:
        decision = decide(case.answers, rulebook, messages.lang)
    except ChooseChannelError as error:
        return Verdict(case, "case_error", tuple(map(str, error.problems)))
    lines = []
    for difference in differences(case, decision, rulebook):
        wanted = messages("case_expected", expected=_shown(difference.expected))
        got = messages("case_got", got=_shown(difference.got))
        lines.append(f"{difference.key}: {messages.listing([wanted, got])}")
        lines += [f"  {cause}" for cause in _causes(difference, decision, messages)]
    return Verdict(case, "case_fail" if lines else "case_pass", tuple(lines))


def _causes(difference: Difference, decision: Decision, messages: Messages) -> list[str]:
    """Why another channel came out than expected: the gates that shut the one expected, or the
    rules that put the other furthest ahead of it."""
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


def _cover(context: Context, verdicts: list[Verdict], needed: float | None) -> bool:
    """Prints what the cases cover; whether that is enough."""
    from choose_channel.answers.sources import Layer, read_answers
    from choose_channel.checks.coverage import KINDS, coverage, percent, smallest_cases
    from choose_channel.checks.explain import witness
    from choose_channel.checks.grid import Grid
    from choose_channel.cli.progress import progress

    rulebook, messages = context.rulebook, context.messages
    grid = Grid(rulebook)
    given = [
        read_answers(rulebook, [Layer("file", verdict.case.answers)], messages).given
        for verdict in verdicts
    ]
    covered = coverage(grid, given)
    missing = {kind: covered.missing(kind) for kind in KINDS}
    smallest = smallest_cases(grid, missing, progress("coverage_progress", context))
    for kind in KINDS:
        total, done = len(covered.names[kind]), len(covered.covered[kind])
        words = {"covered": done, "total": total, "share": percent(done, total)}
        print(messages("coverage_line", kind=messages(f"kind_{kind}"), **words))
        for name in missing[kind]:
            case = smallest.get((kind, name))
            command = witness(rulebook, case, None) if case else ""
            key = "coverage_missing" if case else "coverage_unreachable"
            print(f"    {messages(key, name=name, command=command)}")
    done, total = covered.share()
    enough = needed is None or 100 * done >= needed * total
    if not enough:
        print(messages("coverage_below", share=percent(done, total), threshold=f"{needed:g} %"))
    return enough


def _junit(verdicts: list[Verdict]) -> str:
    """The verdicts as JUnit XML. A case keeps its class, the path of its file, when lines
    are added above it; `line` says where it stands now."""
    from xml.etree import ElementTree

    def seconds(number: float) -> str:
        return f"{number:.3f}"

    suite = ElementTree.Element("testsuite", name="choose-channel", tests=str(len(verdicts)))
    suite.set("failures", str(sum(verdict.state == "case_fail" for verdict in verdicts)))
    suite.set("errors", str(sum(verdict.state == "case_error" for verdict in verdicts)))
    suite.set("time", seconds(sum(verdict.seconds for verdict in verdicts)))
    for verdict in verdicts:
        file, line, _ = split_place(verdict.case.place)
        file, name = shorten(file, 300), shorten(verdict.case.name, 300)
        case = ElementTree.SubElement(suite, "testcase", classname=file, name=name, file=file)
        if line:
            case.set("line", str(line))
        case.set("time", seconds(verdict.seconds))
        if verdict.lines:
            tag = "failure" if verdict.state == "case_fail" else "error"
            reason = ElementTree.SubElement(case, tag, message=verdict.lines[0])
            reason.text = "\n".join(verdict.lines)
    content: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return content.decode()


def rules_test(context: Context, folder: str | None) -> int:
    """`rules test [DIR]`: the cases of a rulebook, or the shipped ones where it has none."""
    rulebook, where = context.opened(folder)
    own = Path(where or shipped_folder()) / "cases.yaml"
    cases = own if own.is_file() else shipped_folder() / "cases.yaml"
    return command(context._replace(rulebook=rulebook), [str(cases)])
