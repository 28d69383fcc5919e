"""What a run costs, in bare Python starts: `python tests/benchmarks/startup.py [RUNS]`.

Whole processes, paired: every round runs the floor (`python -c pass`) and each case once, so that
a drifting machine drifts for all. Peers are measured where they are installed. The median ratio is
printed, and the goal; nothing is asserted, since a shared machine is no judge.
"""

from __future__ import annotations

import functools
import os
import pty
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(sys.executable).parent
PROGRAM = str(HERE / "choose-channel")
ANSWERS = [
    *("--product-type", "commodity", "--price", "12", "--warehouse", "home"),
    *("--followers", "200", "--business-license", "none", "--no-input"),
]
PAGE = "page in HTML"
MONEY = ["--unit-cost", "3", "--shop-shipping", "3", "--link-shipping", "4"]
FLOOR = [sys.executable, "-c", "pass"]
CASES: dict[str, tuple[list[str], str]] = {
    "decision as JSON": ([PROGRAM, *ANSWERS, "--format", "json"], "9"),
    "decision in the terminal": ([PROGRAM, *ANSWERS], "12"),
    "report in Markdown": ([PROGRAM, *ANSWERS, "--format", "markdown"], "9 to 10"),
    "report with the money in Markdown": (
        [PROGRAM, *ANSWERS, *MONEY, "--format", "markdown"],
        "9 to 10",
    ),
    PAGE: ([PROGRAM, *ANSWERS, *MONEY, "--format", "html"], ""),
    "--help": ([PROGRAM, "--help"], "8"),
    "--version": ([PROGRAM, "--version"], ""),
}
PEERS = ("sqlite-utils", "cookiecutter", "http", "cz", "copier", "llm")


def seconds(command: list[str]) -> float:
    """The wall-clock time of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def first_question() -> float:
    """The time until the first question is on a terminal."""
    start = time.perf_counter()
    child, screen = pty.fork()
    if not child:
        os.execv(PROGRAM, [PROGRAM, "--lang", "en"])
    seen = b""
    while b"What do you sell?" not in seen:
        if select.select([screen], [], [], 10)[0]:
            chunk = os.read(screen, 65536)
            seen += chunk
            if b"\x1b[6n" in chunk:  # the prompt asks where the cursor is
                os.write(screen, b"\x1b[1;1R")
    elapsed = time.perf_counter() - start
    os.close(screen)
    os.waitpid(child, 0)
    return elapsed


def main() -> None:
    """Measures and prints."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp()
    cases: dict[str, tuple[Callable[[], float], str]] = {
        name: (functools.partial(seconds, command), goal) for name, (command, goal) in CASES.items()
    }
    cases["wizard, first question"] = (first_question, "20")
    for peer in PEERS:
        program = shutil.which(peer, path=f"{HERE}{os.pathsep}{os.environ['PATH']}")
        if program:
            cases[f"peer: {peer} --version"] = (
                functools.partial(seconds, [program, "--version"]),
                "",
            )
    times: dict[str, list[float]] = {name: [] for name in cases}
    floor = []
    for number in range(runs + 1):
        base = seconds(FLOOR)
        for name, (measure, _) in cases.items():
            taken = measure()
            if number:  # the first round only warms up
                times[name].append(taken / base)
        floor.append(base)
    pages = [ratio * base for ratio, base in zip(times[PAGE], floor[1:], strict=True)]
    print(f"a page in HTML: {statistics.median(pages):.2f} s   goal 1.5 s")
    print(f"floor: {statistics.median(floor) * 1000:.0f} ms a bare Python start, {runs} rounds")
    for name, ratios in times.items():
        goal = cases[name][1]
        aim = f"   goal {goal}" if goal else ""
        print(f"{statistics.median(ratios):6.1f}  {name}{aim}")


if __name__ == "__main__":
    main()
