"""How a table's cost grows: `PYTHONPATH=. python tests/benchmarks/growth.py [ROWS]...`.

The shipped rulebook is decided as it is, and with ten times its rules: each copy of a rule holds
under one more condition, drawn at random, so that it has to be told apart. Sellers are drawn at
random, so that nearly every row is a new one, or few of them are repeated. It prints a table and
bars of CPU seconds, which leave the wait for other people's work out.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path

import yaml
from tests.benchmarks.tables import BATCH, FEW, run, write_apart

from choose_channel.loading.load import load_rulebook, shipped_folder

COPIES = 10
_WIDTH = 40


def main() -> None:
    """Measures and prints."""
    sizes = [int(word.replace("_", "")) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    runs: list[tuple[str, int, str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = folder / "many"
        rules = len(load_rulebook().rules)
        _with_more_rules(many)
        for rows in sizes:
            for kind, different in (("few", FEW), ("random", rows)):
                source = folder / "in.csv"
                write_apart(source, rows, min(rows, different))
                for count, options in ((rules, []), (rules * COPIES, ["--rules", str(many)])):
                    words = ["batch", str(source), "-o", str(folder / "out.csv"), "--force"]
                    _, cpu, memory = run([sys.executable, "-c", BATCH, *words, *options])
                    runs.append((f"{rows:,} rows, {kind}", count, f"{memory} MiB", cpu))
    most = max(cpu for *_, cpu in runs)
    for label, rules_of, peak, cpu in runs:
        bar = "#" * max(1, round(_WIDTH * cpu / most))
        print(f"{label:<24} {rules_of:>4} rules {peak:>9} {cpu:>7.1f} s  {bar}")


def _with_more_rules(folder: Path) -> None:
    """A rulebook whose rules are copied, each copy under one more condition."""
    draw = random.Random(5)
    questions = [item for item in load_rulebook().asked.values() if item.type == "choice"]
    rules = yaml.safe_load((shipped_folder() / "rules.yaml").read_text("utf-8"))
    more = dict(rules)
    for number in range(1, COPIES):
        for name, rule in rules.items():
            question = draw.choice(questions)
            choices = [choice.id for choice in question.choices]
            few = draw.sample(choices, max(1, len(choices) // 2))
            when = {"all": [rule["when"], {question.id: few}]}
            points = {channel: draw.choice([-1, 1]) for channel in rule["points"]}
            more[f"{name}-{number}"] = {**rule, "when": when, "points": points}
    folder.mkdir()
    (folder / "rules.yaml").write_text(json.dumps(more), "utf-8")


if __name__ == "__main__":
    main()
