"""Tests for advice: runs case files and says where the advice has drifted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from choose_channel.cases import Case, differences, faults_in, read_cases
from choose_channel.errors import ChooseChannelError, DocumentError, Fault, UsageError
from choose_channel.library import decide
from choose_channel.model import Rulebook, Say


def run(book: Rulebook, say: Say, files: Sequence[str]) -> int:
    """Prints a line a case. 0 when all hold, 1 when one fails, 2 when one cannot be decided."""
    cases = [case for file in files for case in read_cases(Path(file), say)]
    if not cases:
        raise DocumentError([Fault(say("case_none"), files[0] if files else "")])
    passed = failed = errors = 0
    for case in cases:
        try:
            lines = _failures(case, book, say)
        except ChooseChannelError as error:
            errors += 1
            print(f"{say('case_error')}  {case.place}  {case.name}")
            print("\n".join(f"    {fault}" for fault in error.faults))
            continue
        passed += not lines
        failed += bool(lines)
        print(f"{say('case_fail' if lines else 'case_pass')}  {case.place}  {case.name}")
        print("".join(f"    {line}\n" for line in lines), end="")
    version, digest = book.version, book.digest[:12]
    print(
        say(
            "case_summary",
            passed=passed,
            failed=failed,
            errors=errors,
            version=version,
            digest=digest,
        )
    )
    return 2 if errors else 1 if failed else 0


def _failures(case: Case, book: Rulebook, say: Say) -> list[str]:
    faults = faults_in(case, book, say)
    if faults:
        raise UsageError(faults)
    lines = []
    for one in differences(case, decide(case.answers, book, say.lang)):
        wanted = say("case_expected", expected=_shown(one.expected))
        got = say("case_got", got=_shown(one.got))
        lines.append(f"{one.key}: {say.listing([wanted, got])}")
    return lines


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
