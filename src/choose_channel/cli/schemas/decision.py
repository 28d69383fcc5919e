"""The decision record that `--format json` writes and `verify` reads, read off its type hints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from choose_channel.cli.schemas.parts import Schema, mapping
from choose_channel.engine.decision import SCHEMA_VERSION, Decision, recorded
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook
from choose_channel.money import results as accounts
from choose_channel.report.formats.json import RunLine

_SIMPLE: dict[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    NoneType: "null",
}
_Figure = Decimal | tuple[Decimal, ...] | Mapping[str, Decimal] | None
"""What a fact may hold: nothing else in a decision is untyped."""


def body(_rulebook: Rulebook, messages: Messages) -> Schema:
    """Every key is there, and no other; `run` and `record_digest` only where a run wrote it."""
    unrecorded = dict.fromkeys(("Seller", "Sureness"), object)
    hints = get_type_hints(Decision, localns={**vars(accounts), **unrecorded})
    written = recorded()
    reader = _Reader(messages)
    keys = {**{name: hints[name] for name in written}, "run": RunLine, "record_digest": str}
    record = reader.form("Decision", keys)
    record["properties"]["schema_version"]["const"] = SCHEMA_VERSION
    record["required"] = written
    return {**record, "$defs": reader.forms}


class _Reader:
    """Type hints to schemas, each form once."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.forms: dict[str, Schema] = {}

    def form(self, name: str, hints: Mapping[str, Any]) -> Schema:
        keys = {key: self.schema(hint) for key, hint in hints.items()}
        return mapping(name, keys, self.messages, keys)

    def schema(self, hint: Any) -> Schema:
        hint = _Figure if hint is Any else hint
        if hint in _SIMPLE:
            return {"type": _SIMPLE[hint]}
        if hasattr(hint, "_fields"):
            return self._reference(hint)
        kinds: dict[Any, Callable[[tuple[Any, ...]], Schema]] = {
            Union: self._either,
            UnionType: self._either,
            Literal: lambda values: {"enum": [*values]},
            Mapping: lambda parts: {
                "type": "object",
                "additionalProperties": self.schema(parts[1]),
            },
            tuple: self._list,
        }
        return kinds[get_origin(hint)](get_args(hint))

    def _either(self, parts: tuple[Any, ...]) -> Schema:
        return {"anyOf": [self.schema(part) for part in parts]}

    def _reference(self, form: Any) -> Schema:
        if form.__name__ not in self.forms:
            self.forms[form.__name__] = self.form(form.__name__, get_type_hints(form))
        return {"$ref": f"#/$defs/{form.__name__}"}

    def _list(self, parts: tuple[Any, ...]) -> Schema:
        if parts[1:] == (...,):
            return {"type": "array", "items": self.schema(parts[0])}
        items = [self.schema(part) for part in parts]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
