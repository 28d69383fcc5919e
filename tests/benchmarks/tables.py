"""What a table costs: `PYTHONPATH=. python tests/benchmarks/tables.py [ROWS]...`.

A table of sellers drawn at random is decided by the command, in a process of its own: cold, as most
rows are sellers of their own; with 50,000 different sellers, each of which is worked out once; and
warm, with so few that nearly all rows are known. The floor is the same engine copying the finished
table, all columns read and written. Peak memory is that of the process. Ratios are printed, not
asserted, since a shared machine is no judge. Where zen-engine is installed, its ways to evaluate
many rows are measured beside (they give fit and access alone, as in evaluation.py).
"""

from __future__ import annotations

import importlib.util
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from choose_channel.answers.situation import complete_with_defaults
from choose_channel.api import engine_for
from choose_channel.loading.load import load_rulebook
from choose_channel.model.rulebook import Question

FEW = 50_000
"""So many different rows are repeated."""
WARM = 2_000
"""So many different rows cost next to nothing to work out."""
RANDOM = 1_000_000
"""Larger tables than this are decided with few different sellers only."""
MONEY_ROWS = 100_000
_COPY = """
import sys, polars as pl
source, target = sys.argv[1:]
if source.endswith(".parquet"):
    pl.scan_parquet(source).sink_parquet(target)
else:
    pl.scan_csv(source, infer_schema=False).sink_csv(target)
"""
WRITE = "--write"
"""What asks this file, in a process of its own, for nothing but a table."""
BATCH = "import sys; from choose_channel.__main__ import main; main()"


def main() -> None:
    """Prints a table."""
    sizes = [int(word.replace("_", "")) for word in sys.argv[1:]] or [1_000_000]
    print(f"{'rows':>11} {'sellers':>9} {'format':>8} {'s':>7} {'CPU s':>7} {'rows/s':>9}", end="")
    print(f" {'MiB':>5} {'copy s':>7} {'CPU s':>7} {'ratio':>6} {'by CPU':>6}")
    with tempfile.TemporaryDirectory() as name:
        for rows in sizes:
            for different in (*([rows] if rows <= RANDOM else []), FEW, WARM):
                for ending in ("csv", "parquet"):
                    _measure(Path(name), rows, different, ending)
        _start_up(Path(name))
        _money(Path(name))
    _zen()


def _measure(folder: Path, rows: int, different: int, ending: str) -> None:
    source, target = folder / f"in.{ending}", folder / f"out.{ending}"
    write_apart(source, rows, different)
    words = ["batch", str(source), "-o", str(target), "--force"]
    ours = sorted(run([sys.executable, "-c", BATCH, *words]) for _ in range(3))
    seconds, cpu, memory = ours[1]
    copy = [sys.executable, "-c", _COPY, str(target), str(folder / f"copy.{ending}")]
    runs = sorted(run(copy) for _ in range(3))
    floor, floor_cpu, _ = runs[1]
    print(f"{rows:>11,} {different:>9,} {ending:>8} {seconds:>7.1f} {cpu:>7.1f}", end="")
    print(f" {rows / seconds:>9,.0f} {memory:>5} {floor:>7.1f} {floor_cpu:>7.1f}", end="")
    print(f" {seconds / floor:>6.2f} {cpu / floor_cpu:>6.2f}", flush=True)


def _start_up(folder: Path) -> None:
    """A thousand rows, in starts of a bare Python."""
    write(folder / "in.csv", 1_000, 1_000)
    words = ["batch", str(folder / "in.csv"), "-o", str(folder / "out.csv"), "--force"]
    ours = sorted(run([sys.executable, "-c", BATCH, *words])[0] for _ in range(5))[2]
    bare = sorted(run([sys.executable, "-c", "pass"])[0] for _ in range(9))[4]
    print(f"1,000 rows: {ours:.2f} s, {ours / bare:.0f} times `python -c pass` (goal: under 40)")


def _money(folder: Path) -> None:
    """Rows with costs in each, all different."""
    source = folder / "money.csv"
    write_apart(source, MONEY_ROWS, MONEY_ROWS)
    cents = range(MONEY_ROWS)
    costs = {
        "unit_cost": [f"{1 + cent % 20_000 / 100:.2f}" for cent in cents],
        "shop_shipping": [f"{2 + cent % 700 / 100:.2f}" for cent in cents],
        "link_shipping": [f"{2 + cent % 900 / 100:.2f}" for cent in cents],
    }
    pl.read_csv(source, infer_schema=False).with_columns(
        pl.Series(name, values) for name, values in costs.items()
    ).write_csv(source)
    words = ["batch", str(source), "-o", str(folder / "money.out.csv"), "--force"]
    seconds, cpu, memory = run([sys.executable, "-c", BATCH, *words])
    print(
        f"{MONEY_ROWS:,} rows with costs, all different: {seconds:.1f} s, {cpu:.1f} s of CPU,",
        end="",
    )
    print(f" {memory} MiB (goal: under 60 s)", flush=True)


def _zen() -> None:
    """The rows a second of zen's best way, on the same rules."""
    if not importlib.util.find_spec("zen"):
        print("zen-engine is not installed: nothing to compare with")
        return
    from tests.benchmarks.evaluation import Graph, rates, seller, to_text, zens

    rulebook = load_rulebook()
    grid = engine_for(rulebook).space
    draw = random.Random(1)
    settled = [complete_with_defaults(rulebook, grid, seller(grid, draw)) for _ in range(5_000)]
    contexts = [
        to_text({**grid.values(situation.cell), **situation.values}) for situation in settled
    ]
    _, ways = zens(Graph(rulebook).content(), contexts)
    for name, rate in rates(ways, 3).items():
        print(f"{rate:9,.0f} rows a second  {name}")


def run(command: Sequence[str]) -> tuple[float, float, int]:
    """Seconds, seconds of CPU, and the peak memory in MiB."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    scale = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale // 2**20


def write_apart(path: Path, rows: int, different: int) -> None:
    """Writes a table in another process: the peak memory of a process that is started counts what
    its parent held."""
    subprocess.run(
        [sys.executable, __file__, WRITE, str(path), str(rows), str(different)], check=True
    )


def write(path: Path, rows: int, different: int) -> None:
    """A table of sellers drawn at random, every question answered."""
    draw = random.Random(7)
    questions = [*load_rulebook().asked.values()]
    columns = {
        question.id: [_answer(question, draw) for _ in range(different)] for question in questions
    }
    frame = pl.DataFrame({"client": [f"client {n}" for n in range(different)], **columns})
    times = -(-rows // different)
    lazy = pl.concat([frame.lazy()] * times).head(rows)
    if path.suffix == ".parquet":
        lazy.sink_parquet(path)
    else:
        lazy.sink_csv(path)


def _answer(question: Question, draw: random.Random) -> str:
    if question.type == "choice":
        return draw.choice(question.choices).id
    if question.type == "boolean":
        return draw.choice(["true", "false"])
    return f"{draw.uniform(1, 300):.2f}" if question.unit else str(draw.randrange(10_000))


if __name__ == "__main__":
    if sys.argv[1:2] == [WRITE]:
        write(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
