"""The parts that the schemas are put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from choose_channel.messages.i18n import Messages

Schema = dict[str, Any]


def mapping(
    form: str, keys: Mapping[str, Schema], messages: Messages, required: Iterable[str] = ()
) -> Schema:
    """A mapping with these keys and no others."""
    return {
        "type": "object",
        "properties": described(form, keys, messages),
        "required": [*required],
        "additionalProperties": False,
    }


def described(form: str, keys: Mapping[str, Schema], messages: Messages) -> Schema:
    """The keys of a form, each saying what it is: in words of its own, or in those that all forms
    share."""
    owner = re.sub("(Form|Line|Info)$", "", form).lower()

    def about(name: str) -> str:
        own = f"schema_key_{owner}_{name}"
        return messages(own if own in messages.phrases else f"schema_key_{name}")

    return {name: {"description": about(name), **part} for name, part in keys.items()}


def value(const: object, title: str, description: str = "") -> Schema:
    """One value that an editor offers."""
    return {"const": const, "title": title} | ({"description": description} if description else {})


def any_of(values: Iterable[Schema]) -> Schema:
    """One of the values, or a list of some."""
    ways = [*values]
    return {"anyOf": [*ways, {"type": "array", "items": {"anyOf": ways}, "minItems": 1}]}
