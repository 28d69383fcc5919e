"""What a table must say of a seller, taken from the decision on that seller alone; and sellers
drawn at random, written in the ways in which people write."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from choose_channel.engine.decision import Decision
from choose_channel.model.rulebook import Question, Rulebook
from choose_channel.tables import money


def advice(decision: Decision) -> dict[str, Any]:
    """The columns of a decision."""
    rulebook = decision.seller.engine.rulebook
    messages = decision.messages
    channels = {line.id: line for line in decision.channels}
    join = {"en": "; ", "zh": "；"}[decision.lang]
    gates = {gate.id: gate for line in decision.channels for gate in line.gates}
    firing = [gates[name] for name in rulebook.gates if name in gates]
    best = decision.recommended or decision.aim
    columns: dict[str, Any] = {
        "recommended": decision.recommended,
        "variant": channels[decision.recommended].variant if decision.recommended else None,
        "aim": decision.aim,
        "weak": decision.weak,
        "close": decision.close,
        "certainty_holds": decision.certainty.holds,
        "certainty_of": decision.certainty.of,
        **{f"fit_{name}": channels[name].fit for name in rulebook.channels},
        **{f"access_{name}": channels[name].access for name in rulebook.channels},
        "blocked_by": messages.sentences(gate.because for gate in firing) or None,
        "pitfalls": join.join(line.title for line in decision.pitfalls) or None,
        "top_reason": _top_reason(decision, best),
        "first_step": decision.plan[0].title if decision.plan else None,
    }
    nothing: tuple[float | None, bool | None] = (None, None)
    ways = dict.fromkeys(money.ways(rulebook), nothing)
    for way in decision.money.channels if decision.money else ():
        if way.stream in ways:
            middle = way.profit_per_order.middle
            ways[way.stream] = None if middle is None else float(middle), way.before_shipping
    streams = decision.money.channels if decision.money else ()
    known = [way.break_even_price for way in streams if not way.before_shipping]
    lowest = min((price for price in known if price is not None), default=None)
    columns["margin"] = decision.money.margin if decision.money else None
    for name, (left, before) in ways.items():
        columns |= {f"left_{name}": left, f"before_shipping_{name}": before}
    columns["lowest_price"] = None if lowest is None else float(lowest)
    return columns


def _top_reason(decision: Decision, best: str | None) -> str | None:
    if best is None:
        closed = [gate for line in decision.channels for gate in line.gates]
        order = [*decision.seller.engine.rulebook.gates]
        closing = [gate for gate in closed if gate.access == "closed"]
        return min(closing, key=lambda gate: order.index(gate.id)).because
    rules = [*decision.seller.engine.rulebook.rules]
    ledger = [line for line in decision.channel(best).ledger if line.points > 0]
    ledger.sort(key=lambda line: (-line.points, rules.index(line.rule)))
    return ledger[0].because if ledger else None


def sellers(rulebook: Rulebook, count: int, seed: int, *, costs: bool) -> Iterator[dict[str, str]]:
    """Sellers by question, each answer as a text. Some answers are left out, or unknown."""
    draw = random.Random(seed)
    inputs = [*rulebook.economy.inputs] if costs else []
    for _ in range(count):
        rest = 0.0 if draw.random() < 0.3 else draw.random()
        row: dict[str, str] = {}
        for question in rulebook.asked.values():
            if question.core or draw.random() > rest:
                row[question.id] = _answer(question, draw)
            elif draw.random() < 0.3:
                row[question.id] = draw.choice(["unknown", "不知道", " ? ", ""])
        if costs and draw.random() < 0.8:
            row["unit_cost"] = f"{draw.uniform(0, 60):.2f}"
        for name in inputs:
            if name not in row and draw.random() < 0.15:
                row[name] = _answer(rulebook.economy.inputs[name], draw)
        yield row


def _answer(question: Question, draw: random.Random) -> str:
    if question.type == "choice":
        choice = draw.choice(question.choices)
        names = [choice.id, choice.id.upper(), *choice.label.values(), *choice.aliases]
        return draw.choice(names)
    if question.type == "boolean":
        return draw.choice(["true", "false", "yes", "NO", "是", "否", "1", "0"])
    if question.unit == "usd":
        top = 300 if question.core else 40
        amount = draw.choice([f"{draw.uniform(0.5, top):.2f}", str(draw.randint(1, top))])
        return draw.choice([amount, f"${amount}", f" {amount} ", f"{amount} USD"])
    if question.unit == "percent":
        return draw.choice([str(draw.randint(1, 30)), f"{draw.randint(1, 30)}%", "0", "0.5%"])
    if question.unit == "days":
        return str(draw.randint(0, 60))
    if question.whole:
        return draw.choice([str(draw.randint(1, 9000)), "1.2k", "5,000", "1.5万", "1000"])
    return str(draw.randint(1, 9))
