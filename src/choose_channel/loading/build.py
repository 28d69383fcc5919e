"""From validated data to the nouns of a rulebook, by their type hints.

This runs on every start, from the cache, so it only builds and never checks. A class is read once:
which of its fields have to be converted, and how. `facts: tuple[str, ...]` turns a list into a
tuple, `when: Condition` a mapping into a condition, `variants: tuple[Variant, ...]` a mapping by id
into tuples of the class; all other fields are taken as they are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any, get_args, get_origin

from choose_channel.answers.kinds import listed_in, name_of
from choose_channel.loading.expand import expand
from choose_channel.model.conditions import ALWAYS, AllOf, AnyOf, Condition, Is, Not, Within
from choose_channel.model.rulebook import Rulebook

Data = Mapping[str, Any]
Converter = Callable[[Any], Any]

_INPUT: Data = {
    **{"type": "number", "core": False, "always": False, "derived": False, "choices": {}},
    **{"better": [], "advise": [], "advise_when": {}, "change": None, "effort": None},
    **{"counts_as": {}, "resets": {}},
}
"""What an input has as a question: it is a number."""


def build(data: Data, digest: str) -> Rulebook:
    """The rulebook that validated data describes."""
    head, money = data["rulebook"], data["money"]
    inputs = {
        name: {**_INPUT, "facts": entry["cites"], **entry}
        for name, entry in money["inputs"].items()
    }
    asked = [name for name, entry in money["inputs"].items() if entry["asked"]]
    fields = {
        **head,
        **head["laws"],
        **data,
        "steps": data["plan"],
        "economy": {**money, "inputs": inputs, "asked": asked},
        "digest": digest,
        "written": data,
    }
    values = {}
    for name, hint in Rulebook.__annotations__.items():
        if name in fields:
            convert = _converter(hint)
            values[name] = convert(fields[name]) if convert else fields[name]
    expand(values, data)
    values["independences"] = tuple(
        law._replace(unless=None) if law.unless == ALWAYS else law
        for law in values["independences"]
    )
    return Rulebook(**values)


# ---- by type hints


@functools.cache
def _converter(hint: Any) -> Converter | None:
    """What turns data into a value of this type; None where the data are such a value already."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint == Condition or _is_entry(hint):
        return condition if hint == Condition else _maker(hint)
    if origin is tuple:
        return _entries_in_order(parts[0]) if _is_entry(parts[0]) else tuple
    if origin is Mapping:
        return _by_name(parts[1])
    if Decimal in (hint, *parts):
        return _exact
    return _optional(parts) if type(None) in parts else None


def _is_entry(hint: Any) -> bool:
    return hasattr(hint, "_fields")


@functools.cache
def _maker(entry_type: Any) -> Callable[..., Any]:
    """What turns the mapping of an entry, and its id where the type has one, into a named tuple."""
    has_id = entry_type._fields[0] == "id"
    fields = entry_type._fields[1:] if has_id else entry_type._fields
    values_of = itemgetter(*fields)  # a tuple, as there are several
    hints = map(entry_type.__annotations__.get, entry_type._fields)
    converters = [(number, _converter(hint)) for number, hint in enumerate(hints)]
    needed = [(number, convert) for number, convert in converters if convert]

    def make(entry: Data, name: str = "") -> Any:
        values = [name, *values_of(entry)] if has_id else [*values_of(entry)]
        for number, convert in needed:
            values[number] = convert(values[number])
        return entry_type._make(values)

    return make


def _entries_in_order(entry_type: Any) -> Converter:
    """Entries in a tuple: of a mapping by id, or of a list where the type has no id."""
    make = _maker(entry_type)
    if entry_type._fields[0] == "id":
        return lambda data: tuple(make(entry, name) for name, entry in data.items())
    return lambda data: tuple(map(make, data))


def _by_name(hint: Any) -> Converter | None:
    """What turns a mapping of entries by id, or of conditions; None where it stays as it is."""
    if hint == Condition:
        return lambda data: {name: condition(written) for name, written in data.items()}
    return _entries_by_id(hint) if _is_entry(hint) else None


def _entries_by_id(entry_type: Any) -> Converter:
    make = _maker(entry_type)
    return lambda data: {name: make(entry, name) for name, entry in data.items()}


def _optional(parts: tuple[Any, ...]) -> Converter | None:
    """What turns data that may be None. A union is flat: an optional condition lists the kinds of
    conditions."""
    first, *_ = parts
    convert = condition if first in get_args(Condition) else _converter(first)
    return convert and (lambda data: None if data is None else convert(data))


def _exact(data: Any) -> Any:
    """A number as it was written, in decimal; anything else as it is."""
    if isinstance(data, int) and not isinstance(data, bool):
        return Decimal(data)
    return Decimal(str(data)) if isinstance(data, float) else data


# ---- conditions


def condition(written: Data | None) -> Condition:
    """A written condition; all keys of the mapping hold, so an empty one always does."""
    if not written:
        return ALWAYS
    parts = [_part(key, value) for key, value in written.items()]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _part(key: str, value: Any) -> Condition:
    if key == "any":
        return AnyOf(tuple(map(condition, value)))
    if key == "all":
        return AllOf(tuple(map(condition, value)))
    if key == "not":
        return Not(condition(value))
    if isinstance(value, dict):
        return Within(key, _exact(value.get("at_least")), _exact(value.get("below")))
    return Is(key, frozenset(map(name_of, listed_in(value))))
