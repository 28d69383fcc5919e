"""What evaluating costs, beside GoRules zen: `python tests/benchmarks/evaluation.py [ROUNDS]`.

Where zen-engine is installed (`pip install zen-engine`; the project does not depend on it), the
rulebook is also built as its decision graph: a collect table for rules, one for gates, a column a
question, and an expression node for the sums. It shares no code with `evaluate`, so it is an
oracle: fit and access must agree for 10,000 random sellers, or this fails and shows one. Both read
the same conditions, and which questions apply is decided by us.

Rates are medians of paired rounds in one process; goals are printed, not asserted, since a shared
machine is no judge.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import choose_channel
from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.space import Cell, Space
from choose_channel.api import engine_for
from choose_channel.engine.evaluate import Evaluator, Scores
from choose_channel.engine.next_question import next_question
from choose_channel.loading.load import load_rulebook
from choose_channel.model.conditions import AllOf, AnyOf, Condition, Is, Not, Within
from choose_channel.model.rulebook import ACCESS, Rulebook, Value

SELLERS = 10_000
AT_A_TIME = 2_000
"""So many rows of zen's a round, which is slower."""
KEY = "rulebook"

Row = dict[str, str]
Answers = dict[str, Value]


# ---- the rulebook as zen's decision graph


class Graph:
    """A rulebook as a JDM decision graph."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def content(self) -> dict[str, Any]:
        """The graph: fit by channel, and access as a number (0 open, 1 locked, 2 closed)."""
        rulebook = self.rulebook
        rules = [
            self._row(rule.when, {c: points for c, points in rule.points.items() if points})
            for rule in rulebook.rules.values()
        ]
        gates = [
            self._row(gate.when, dict.fromkeys(gate.channels, ACCESS.index(gate.access)))
            for gate in rulebook.gates.values()
        ]
        sums = {
            f"fit.{c}": f"{rulebook.base_fit} + sum(map(rules, #.{c} ?? 0))"
            for c in rulebook.channels
        }
        for channel in rulebook.channels:
            states = (f"some(gates, #.{channel} == {state}) ? {state} : " for state in (2, 1))
            sums[f"access.{channel}"] = "".join(states) + "0"
        expressions = [{"id": key, "key": key, "value": text} for key, text in sums.items()]
        nodes = [
            _node("input", "inputNode", {}),
            _node("rules", "decisionTableNode", self._table("rules", rules)),
            _node("gates", "decisionTableNode", self._table("gates", gates)),
            _node("sums", "expressionNode", {"expressions": expressions}),
            _node("output", "outputNode", {}),
        ]
        edges = ("input rules", "input gates", "rules sums", "gates sums", "sums output")
        return {"nodes": nodes, "edges": [_edge(*edge.split()) for edge in edges]}

    def _table(self, name: str, rows: list[Row]) -> dict[str, Any]:
        inputs = [{"id": q, "name": q, "field": q} for q in self.rulebook.questions]
        return {
            "hitPolicy": "collect",
            "outputPath": name,
            "inputs": [*inputs, {"id": "else", "name": "else"}],
            "outputs": [{"id": f"to_{c}", "name": c, "field": c} for c in self.rulebook.channels],
            "rules": [{"_id": f"{name}{number}", **row} for number, row in enumerate(rows)],
        }

    def _row(self, when: Condition, outputs: Mapping[str, int]) -> Row:
        """A question a column, as far as the condition is a plain list; the rest in words."""
        cells: Row = {}
        rest = []
        for part in when.parts if isinstance(when, AllOf) else (when,):
            if isinstance(part, Is | Within) and part.question not in cells:
                cells[part.question] = self._unary(part)
            else:
                rest.append(self._expression(part))
        cells["else"] = " and ".join(rest)
        return {**cells, **{f"to_{channel}": str(number) for channel, number in outputs.items()}}

    def _unary(self, part: Is | Within) -> str:
        if isinstance(part, Is):
            return self._list(part)
        if part.at_least is None:
            return f"< {part.below}"
        if part.below is None:
            return f">= {part.at_least}"
        return f"[{part.at_least}..{part.below})"

    def _list(self, part: Is) -> str:
        boolean = self.rulebook.questions[part.question].type == "boolean"
        return ", ".join(choice if boolean else f"'{choice}'" for choice in sorted(part.choices))

    def _expression(self, condition: Condition) -> str:
        match condition:
            case Is(question):
                return f"({question} in [{self._list(condition)}])"
            case Within(question, at_least, below):
                bounds = [f"{question} != null"]
                bounds += [f"{question} >= {at_least}"] if at_least is not None else []
                bounds += [f"{question} < {below}"] if below is not None else []
                return f"({' and '.join(bounds)})"
            case AllOf(parts):
                return f"({' and '.join(map(self._expression, parts)) or 'true'})"
            case AnyOf(parts):
                return f"({' or '.join(map(self._expression, parts)) or 'false'})"
            case Not(part):
                return f"(not {self._expression(part)})"


def _node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "content": content}


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}


# ---- sellers


def seller(grid: Space, draw: random.Random) -> Answers:
    """Random answers to all questions; numbers anywhere, and often just at a cut point."""
    answers: Answers = {}
    for axis in grid.axes:
        value = draw.choice(axis.values)
        if isinstance(value, Decimal):
            step = Decimal(1) if axis.question.whole else Decimal("0.01")
            near = [value, value - step, value + step, value * draw.randint(1, 9)]
            fitting = [number for number in near if axis.question.minimum + step <= number]
            value = draw.choice(fitting or [value])
        answers[axis.question.id] = value
    return answers


def to_text(answers: Mapping[str, Value]) -> dict[str, Any]:
    """Answers as JSON has them."""
    return {
        name: (int(value) if value == int(value) else float(value))
        if isinstance(value, Decimal)
        else value
        for name, value in answers.items()
    }


# ---- measuring


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rates(works: Mapping[str, tuple[int, Callable[[], object]]], rounds: int) -> dict[str, float]:
    """Rows a second of each: medians over rounds in which each runs once."""
    samples: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, (rows, work) in works.items():
            rate = rows / seconds(work)
            if number:  # the first round only warms up
                samples[name].append(rate)
    return {name: statistics.median(each) for name, each in samples.items()}


def ours(
    ready: Evaluator, grid: Space, sellers: list[Answers]
) -> dict[str, tuple[int, Callable[[], object]]]:
    """Our ways to evaluate many rows."""
    scores, terms, rulebook = ready.scores, grid.terms, ready.rulebook
    derived = (axis.question for axis in grid.axes if axis.question.derived)
    options = grid.options(
        {question.id: question.assumed for question in derived if question.assumed is not None}
    )
    every = [cell for cell, _ in grid.walk(options)]
    cells: list[Cell] = random.Random(2).choices(every, k=100_000)
    some = sellers[:AT_A_TIME]
    return {
        "ours, grid order": (len(every), lambda: [scores(t) for _, t in grid.walk(options)]),
        "ours, random cells": (len(cells), lambda: [scores(terms(cell)) for cell in cells]),
        "ours, from answers": (
            len(some),
            lambda: [scores(complete_with_defaults(rulebook, grid, a).terms) for a in some],
        ),
    }


def zens(
    content: dict[str, Any], contexts: list[dict[str, Any]]
) -> tuple[Callable[[dict[str, Any]], Any], dict[str, tuple[int, Callable[[], object]]]]:
    """Zen's way to evaluate one row, and its ways to evaluate many."""
    zen = importlib.import_module("zen")
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})
    decision = engine.create_decision(json.dumps(content))
    some = contexts[:AT_A_TIME]
    batch = [{"key": KEY, "context": context} for context in some]

    async def at_once() -> object:
        return await asyncio.gather(*(engine.async_evaluate(KEY, context) for context in some))

    ways: dict[str, Callable[[], object]] = {
        "zen, by key": lambda: [engine.evaluate(KEY, context) for context in some],
        "zen, one decision": lambda: [decision.evaluate(context) for context in some],
        "zen, batch": lambda: engine.evaluate_batch(batch),
        "zen, async": lambda: asyncio.run(at_once()),
    }
    works = {name: (len(some), work) for name, work in ways.items()}
    return lambda context: engine.evaluate(KEY, context)["result"], works


def differing(
    sellers: Iterable[tuple[dict[str, Any], Scores]], decide: Callable[[dict[str, Any]], Any]
) -> list[str]:
    """The sellers about whom zen and we disagree."""
    lines = []
    for context, scores in sellers:
        result = decide(context)
        fit = {channel: int(number) for channel, number in result["fit"].items()}
        access = {channel: ACCESS[int(state)] for channel, state in result["access"].items()}
        if (fit, access) != (dict(scores.fit), dict(scores.access)):
            lines.append(f"{context}\n  zen:  {fit} {access}\n  ours: {scores}")
    return lines


def waits(rulebook: Rulebook, rounds: int) -> dict[str, tuple[float, float, str]]:
    """What a person waits for, as the first in a process and once warm: ms by the clock, ms of
    the processor, and the goal."""
    grid = engine_for(rulebook).space
    core = [name for name, question in rulebook.questions.items() if question.core]
    given: list[Answers] = []
    for number in range(200):
        answers = seller(grid, random.Random(number))
        given.append({name: answers[name] for name in core})
    open_most = max(given, key=lambda item: engine_for(rulebook).seller(item).results.count())
    works: dict[str, tuple[Callable[[], object], str]] = {
        "decision, every follow-up open": (
            lambda: choose_channel.decide(open_most, rulebook),
            "40",
        ),
        "next question": (lambda: next_question(engine_for(rulebook), open_most), "60"),
    }
    assert not engine_for(rulebook).missing_core(open_most)
    figures = {}
    for name, (work, goal) in works.items():
        moments = (("the first", engine_for.cache_clear), ("further ones", lambda: None))
        for kind, prepare in moments:
            wall, own = [], []
            for _ in range(3 * rounds):
                prepare()
                started = time.process_time()
                wall.append(seconds(work))
                own.append(time.process_time() - started)
            times = (1000 * statistics.median(wall), 1000 * statistics.median(own))
            figures[f"{name}, {kind}"] = (*times, goal)
    return figures


def main() -> int:
    """Measures and prints. 1 where zen and we disagree."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    rulebook = load_rulebook(None)
    for name, (wall, own, goal) in waits(rulebook, rounds).items():
        print(f"{wall:9.1f} ms  {name} ({own:.1f} ms of the processor)   goal {goal}")
    program = str(Path(sys.executable).parent / "choose-channel")
    check = functools.partial(subprocess.run, [program, "rules", "check"], capture_output=True)
    print(f"{seconds(check):9.1f} s   rules check, whole process   goal 15")

    grid, ready = engine_for(rulebook).space, engine_for(rulebook).evaluator
    draw = random.Random(1)
    sellers = [seller(grid, draw) for _ in range(SELLERS)]
    works = ours(ready, grid, sellers)
    lines: list[str] = []
    if importlib.util.find_spec("zen"):
        settled = [complete_with_defaults(rulebook, grid, answers) for answers in sellers]
        # a derived answer is in the cell only
        contexts = [
            to_text({**grid.values(situation.cell), **situation.values}) for situation in settled
        ]
        decide, theirs = zens(Graph(rulebook).content(), contexts)
        all_scores = (ready.scores(situation.terms) for situation in settled)
        lines = differing(zip(contexts, all_scores, strict=True), decide)
        print(f"{len(lines):9,} of {SELLERS:,} random sellers: zen and we differ")
        print("".join(f"{line}\n" for line in lines[:3]), end="")
        works |= theirs
    goals = {"ours, grid order": "300,000", "ours, random cells": "150,000"}
    medians = rates(works, rounds)
    best = max((rate for name, rate in medians.items() if name.startswith("zen")), default=0)
    for name, rate in medians.items():
        times = f"   {rate / best:5.1f} x zen's best" if best else ""
        goal = f"   goal {goals[name]}, 15 x" if name in goals else ""
        print(f"{rate:9,.0f} rows a second  {name}{times}{goal}")
    if not best:
        print("zen-engine is not installed: nothing to compare with")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
