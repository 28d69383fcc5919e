"""Cases: answers and what must come out of them, as `test` reads them."""

from __future__ import annotations

from choose_channel.cli.schemas.answers import answers
from choose_channel.cli.schemas.parts import Schema, any_of, described, mapping, value
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import ACCESS, Rulebook

_NONE: Schema = {"type": "null"}
_LINE: Schema = {"type": ["string", "number", "boolean", "null"]}


def body(rulebook: Rulebook, messages: Messages) -> Schema:
    """A case, a list of cases, or a list under `cases`."""
    case = {"$ref": "#/$defs/case"}
    cases = {"type": "array", "items": case, "minItems": 1}
    under = {"properties": described("file", {"cases": cases}, messages), "required": ["cases"]}
    return {
        "anyOf": [case, cases, {"type": "object", **under}],
        "$defs": {"case": _case(rulebook, messages), "answers": answers(rulebook, messages)},
    }


def _case(rulebook: Rulebook, messages: Messages) -> Schema:
    keys = {
        "name": _LINE,
        "source": _LINE,
        "answers": {"$ref": "#/$defs/answers"},
        "expect": {"minProperties": 1, **mapping("expect", _expect(rulebook, messages), messages)},
    }
    return mapping("case", keys, messages, ["answers", "expect"])


def _expect(rulebook: Rulebook, messages: Messages) -> dict[str, Schema]:
    channels = [value(name, messages.text(entry.name)) for name, entry in rulebook.channels.items()]
    variants = [variant for channel in rulebook.channels.values() for variant in channel.variants]
    plays = [
        value(name, messages.text(variant.name))
        for variant in variants
        for name in (variant.id, *variant.aliases)
    ]
    pitfalls = [
        value(name, messages.text(entry.title)) for name, entry in rulebook.pitfalls.items()
    ]
    states = any_of(value(state, messages(f"access_{state}")) for state in ACCESS)
    truths = any_of([value(True, messages("yes")), value(False, messages("no"))])
    shown = {"anyOf": [*pitfalls, {"type": "array", "items": {"anyOf": pitfalls}}]}
    access = {
        name: {"title": messages.text(entry.name), **states}
        for name, entry in rulebook.channels.items()
    }
    return {
        "recommended": any_of([*channels, _NONE]),
        "aim": any_of([*channels, _NONE]),
        "variant": any_of([*plays, _NONE]),
        "weak": truths,
        "close": truths,
        "access": {"type": "object", "properties": access, "additionalProperties": False},
        "pitfalls": mapping("pitfalls", {"has": shown, "lacks": shown}, messages),
    }
