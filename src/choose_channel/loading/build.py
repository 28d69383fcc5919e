"""Validated data to the nouns of model.py. Runs on every start, so it only builds, never checks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from choose_channel.model.conditions import ALWAYS, AllOf, AnyOf, Condition, Is, Not, Within
from choose_channel.model.rulebook import (
    Balance,
    Channel,
    Choice,
    Economy,
    Fact,
    Gate,
    Independence,
    Line,
    Margin,
    Pitfall,
    Question,
    Roles,
    Rule,
    Rulebook,
    Step,
    Stream,
    Variant,
    Waiver,
)

Data = Mapping[str, Any]


def build(data: Data, digest: str) -> Rulebook:
    """The rulebook that validated data describes."""
    head = data["rulebook"]
    gates = {name: _gate(name, entry) for name, entry in data["gates"].items()}
    channels = {name: _channel(name, entry, gates) for name, entry in data["channels"].items()}
    for name, entry in data["gates"].items():
        if entry["when_no_variant"]:
            none_of = Not(
                AnyOf(tuple(v.when for c in entry["channels"] for v in channels[c].variants))
            )
            gates[name] = _gate(name, entry, none_of)
    return Rulebook(
        name=head["name"],
        version=head["version"],
        reviewed=head["reviewed"],
        digest=digest,
        base_fit=head["base_fit"],
        weak_below=head["weak_below"],
        close_within=head["close_within"],
        dimensions=head["dimensions"],
        questions={name: _question(name, entry) for name, entry in data["questions"].items()},
        channels=channels,
        gates=gates,
        rules={name: _rule(name, entry) for name, entry in data["rules"].items()},
        pitfalls={name: _pitfall(name, entry) for name, entry in data["pitfalls"].items()},
        steps={name: _step(name, entry) for name, entry in data["plan"].items()},
        facts={name: _fact(name, entry) for name, entry in data["facts"].items()},
        economy=_economy(data["money"]),
        wording=data["wording"],
        balances=tuple(
            Balance(one["question"], tuple(one["order"]), one["towards"], one["away_from"])
            for one in head["laws"]["balances"]
        ),
        independences=tuple(
            Independence(
                one["channel"],
                tuple(one["questions"]),
                condition(one["unless"]) if one["unless"] else None,
            )
            for one in head["laws"]["independences"]
        ),
        waivers=tuple(Waiver(**one) for one in head["waivers"]),
        written=data,
    )


def condition(written: Data | None) -> Condition:
    """A written condition; all keys of the mapping hold."""
    if not written:
        return ALWAYS
    parts = [_part(key, value) for key, value in written.items()]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _part(key: str, value: Any) -> Condition:
    if key == "any":
        return AnyOf(tuple(condition(part) for part in value))
    if key == "all":
        return AllOf(tuple(condition(part) for part in value))
    if key == "not":
        return Not(condition(value))
    if isinstance(value, Mapping):
        low, high = value.get("at_least"), value.get("below")
        return Within(key, _decimal(low), _decimal(high))
    listed = value if isinstance(value, list) else [value]
    return Is(key, frozenset(str(v).lower() if isinstance(v, bool) else v for v in listed))


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _question(name: str, entry: Data) -> Question:
    assumed = entry["assumed"]
    if entry["type"] == "number" and assumed is not None:
        assumed = Decimal(str(assumed))
    return Question(
        id=name,
        type=entry["type"],
        core=entry["core"],
        short=entry["short"],
        title=entry["title"],
        help=entry["help"],
        change=entry["change"],
        choices=tuple(
            Choice(choice, one["label"], one["example"], tuple(one["aliases"]))
            for choice, one in entry["choices"].items()
        ),
        applies=condition(entry["applies"]),
        assumed=assumed,
        effort=entry["effort"],
        better=tuple(entry["better"]),
        advise=tuple(entry["advise"]),
        unit=entry["unit"],
        whole=entry["whole"],
        minimum=Decimal(str(entry["minimum"])),
        above=entry["above"],
        maximum=Decimal(str(entry["maximum"])),
        derived=entry["derived"],
    )


def _channel(name: str, entry: Data, gates: Mapping[str, Gate]) -> Channel:
    variants = []
    for variant, one in entry["variants"].items():
        parts = [condition(one["when"])]
        # "is open" is spelled out as "none of its gates holds", so one kind of condition is enough
        for channel in one["needs_open"]:
            parts += [Not(gate.when) for gate in gates.values() if channel in gate.channels]
        when = parts[0] if len(parts) == 1 else AllOf(tuple(parts))
        variants.append(Variant(variant, one["name"], when))
    return Channel(name, entry["name"], entry["short"], entry["what"], tuple(variants))


def _gate(name: str, entry: Data, when: Condition | None = None) -> Gate:
    return Gate(
        id=name,
        access=entry["access"],
        channels=tuple(entry["channels"]),
        when=when or condition(entry["when"]),
        because=entry["because"],
        source=entry["source"],
        facts=tuple(entry["facts"]),
    )


def _rule(name: str, entry: Data) -> Rule:
    return Rule(
        id=name,
        when=condition(entry["when"]),
        dimension=entry["dimension"],
        points=entry["points"],
        because=entry["because"],
        source=entry["source"],
        facts=tuple(entry["facts"]),
    )


def _pitfall(name: str, entry: Data) -> Pitfall:
    critical = entry["critical_when"]
    return Pitfall(
        id=name,
        severity=entry["severity"],
        critical_when=None if critical is None else condition(critical),
        channels=tuple(entry["channels"]),
        gates=tuple(entry["gates"]),
        assumed=tuple(entry["assumed"]),
        when=condition(entry["when"]),
        title=entry["title"],
        happens=entry["happens"],
        why=entry["why"],
        avoid=entry["avoid"],
        source=entry["source"],
        facts=tuple(entry["facts"]),
    )


def _step(name: str, entry: Data) -> Step:
    return Step(
        id=name,
        phase=entry["phase"],
        channels=tuple(entry["channels"]),
        unlocks=tuple(entry["unlocks"]),
        early=entry["early"],
        when=condition(entry["when"]),
        title=entry["title"],
        text=entry["text"],
        done_when=entry["done_when"],
        takes=entry["takes"],
        costs=entry["costs"],
        source=entry["source"],
        facts=tuple(entry["facts"]),
    )


def _fact(name: str, entry: Data) -> Fact:
    return Fact(
        id=name,
        market=entry["market"],
        value=entry["value"],
        unit=entry["unit"],
        as_of=entry["as_of"],
        grade=entry["grade"],
        article=entry["article"],
        unverified=entry["unverified"],
        says=entry["says"],
        source=entry["source"],
    )


_INPUT: Data = {
    **{"type": "number", "core": False, "derived": False, "choices": {}},
    **{"better": [], "advise": [], "change": None, "assumed": None, "effort": None},
}
"""What an input has as a question: it is a number, and is never assumed."""


def _economy(data: Data) -> Economy:
    return Economy(
        roles=Roles(**data["roles"]) if data["roles"] else None,
        inputs={name: _question(name, {**_INPUT, **one}) for name, one in data["inputs"].items()},
        asked=tuple(name for name, entry in data["inputs"].items() if entry["asked"]),
        streams={
            name: Stream(
                name, entry["channel"], entry["name"], condition(entry["when"]), entry["note"]
            )
            for name, entry in data["streams"].items()
        },
        lines={name: _line(name, entry) for name, entry in data["lines"].items()},
        margins=tuple(
            Margin(
                name,
                tuple(entry["streams"]),
                entry["case"],
                Decimal(str(entry["at_most"])),
                entry["warning"],
            )
            for name, entry in data["margins"].items()
        ),
    )


def _line(name: str, entry: Data) -> Line:
    return Line(
        id=name,
        label=entry["label"],
        kind=entry["kind"],
        base=entry["base"],
        streams=tuple(entry["streams"]),
        when=condition(entry["when"]),
        input=entry["input"],
        facts=tuple(entry["facts"]),
        part=entry["part"],
        returned=entry["returned"],
        at_most=_decimal(entry["at_most"]),
        absent=entry["absent"],
    )
