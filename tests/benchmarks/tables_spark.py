"""What a table costs on Spark: `PYTHONPATH=. python tests/benchmarks/tables_spark.py [ROWS]...`.

In one session on local[2], warm, a table with few different sellers is decided and written as CSV.
The floor is the same session copying the finished table, all columns read and written. CPU seconds
are those of Java and Python together; on a shared machine they say more than the clock. The goal is
a ratio of 1.7.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.tables import FEW, write

from choose_channel.api import engine_for
from choose_channel.loading.load import load_rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables import spark_run
from choose_channel.tables.formats import Format
from choose_channel.tables.matching import match_columns
from choose_channel.tables.spark import SparkDecider

_TIMES = 4
"""The first runs warm the JVM up; the last two are told."""


def main() -> None:
    """Prints a table."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    if os.getsid(0) != os.getpid():
        os.setsid()  # Spark gives its Python processes a group of their own, but no session
    engine = engine_for(load_rulebook())
    messages = FactMessages(engine.rulebook, "en")
    sizes = [int(word.replace("_", "")) for word in sys.argv[1:]] or [1_000_000]
    print(
        f"{'rows':>11} {'s':>7} {'CPU s':>7} {'copy s':>7} {'CPU s':>7} {'ratio':>6} {'by CPU':>6}"
    )
    settings = {"spark.driver.memory": "2g"}
    with (
        tempfile.TemporaryDirectory() as name,
        spark_run.session("local[2]", settings, messages) as spark,
    ):
        for rows in sizes:
            source, target = Path(name) / "in.csv", Path(name) / "out.csv"
            write(source, rows, min(rows, FEW))

            def copy(target: str = str(target)) -> None:
                how: dict[str, Any] = {"header": True, "escape": '"'}
                table = spark.read.options(**how).csv(target)
                table.write.options(**how).mode("overwrite").csv(f"{target}.copy")

            def decide(source: Path = source, target: Path = target) -> None:
                table = spark_run.read(spark, [str(source)], None, None, messages)
                matches = match_columns(table.heads, engine.rulebook, messages, {})
                decider = SparkDecider(spark, engine, "en", matches)
                places = (target, target.with_name("rejects.csv"))
                targets = [spark_run.Target(str(place), Format("csv"), True) for place in places]
                spark_run.run(spark, spark_run.Job(table, decider, "", *targets))

            for _ in range(_TIMES):
                ours = _timed(decide)
                floor = _timed(copy)
                print(f"{rows:>11,} {ours[0]:>7.1f} {ours[1]:>7.1f}", end="")
                print(f" {floor[0]:>7.1f} {floor[1]:>7.1f}", end="")
                print(f" {ours[0] / floor[0]:>6.2f} {ours[1] / floor[1]:>6.2f}", flush=True)


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds, and seconds of CPU of this process and all that it started."""
    started, cpu = time.monotonic(), _cpu()
    work()
    return time.monotonic() - started, _cpu() - cpu


def _cpu() -> float:
    ticks, session = 0, os.getsid(0)
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
