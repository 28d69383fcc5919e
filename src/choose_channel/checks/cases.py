"""Tests for advice: a case is answers and what must come out of them.

A file holds one case, a list of cases, or a list under `cases`:

    name: Pears in winter
    answers: {goods: pears, season: winter}
    expect: {recommended: null, aim: [post, stall], access: {stall: closed}}

A list in `expect` means "any of these".
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from choose_channel.answers.files import read_document, unknown_keys
from choose_channel.engine.decision import Decision
from choose_channel.files.documents import Document
from choose_channel.messages.errors import DocumentError, Problem, nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import ACCESS, Rulebook

SUFFIXES = (".yaml", ".yml", ".json", ".toml")
_SCHEMA_DIALECT = "json-schema.org"


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case, its place, `file:line:column`, and what is wrong with how it is written."""

    name: str
    answers: Mapping[str, Any]
    expect: Mapping[str, Any]
    place: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What a case expected at `key`, and what it got."""

    key: str
    expected: object
    got: object


def case_files(path: Path) -> list[Path]:
    """The file itself, or all files of a folder that may hold cases, in the order of their
    paths."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)


def read_cases(path: Path, messages: Messages) -> list[Case]:
    """The cases in a file; none in a JSON Schema, which may lie beside the cases for an editor.

    Raises DocumentError with everything that is wrong with the file.
    """
    document = read_document(str(path), messages)
    return [] if _is_schema(document.data) else cases_in(document, messages)


def _is_schema(data: object) -> bool:
    return isinstance(data, dict) and _SCHEMA_DIALECT in str(data.get("$schema"))


def cases_in(document: Document, messages: Messages) -> list[Case]:
    """The cases in a document: one mapping, a list, or a list under `cases`. One that is written
    wrongly keeps none of the others from being run. Raises DocumentError where there is none."""
    data = document.data
    at: tuple[str | int, ...] = ()
    if isinstance(data, dict) and isinstance(data.get("cases"), list):
        data, at = data["cases"], ("cases",)
    if data is None:
        raise DocumentError([Problem(messages("case_empty"), document.name)])
    listed = data if isinstance(data, list) else [data]
    paths = [(*at, number) for number in range(len(data))] if isinstance(data, list) else [at]
    return [
        _case(entry, document, path, messages) for entry, path in zip(listed, paths, strict=True)
    ]


def _case(entry: object, document: Document, at: tuple[str | int, ...], messages: Messages) -> Case:
    place = document.place(at)
    if not isinstance(entry, dict):
        return Case(place, {}, {}, place, (Problem(messages("case_not_mapping"), place),))
    problems = list(unknown_keys(entry, document, at, messages))
    answers, expect = entry.get("answers"), entry.get("expect", {})
    if not isinstance(answers, dict):
        problems.append(Problem(messages("case_no_answers"), place))
    if not isinstance(expect, dict):
        problems.append(Problem(messages("case_expect"), document.place((*at, "expect"))))
    name = str(entry.get("name") or place)
    return Case(name, answers or {}, expect, place, tuple(problems))


def problems_in(case: Case, rulebook: Rulebook, messages: Messages) -> list[Problem]:
    """What in a case can never be checked: a name that stands for nothing, a value of the wrong
    kind, or nothing to expect, since such a case would pass whatever the advice."""
    if case.problems:
        return list(case.problems)
    channels, variants = list(rulebook.channels), list(_variants(rulebook))
    known: dict[str, Sequence[Any]] = {
        "recommended": [*channels, None],
        "aim": [*channels, None],
        "variant": [*variants, None],
        "weak": [True, False],
        "close": [True, False],
    }
    unknown = functools.partial(_unknown, messages)
    problems = [] if case.expect else [messages("case_expect")]
    for key, wanted in case.expect.items():
        allowed = wanted.values() if key == "access" and isinstance(wanted, dict) else [wanted]
        if any(value == [] for value in allowed):
            problems.append(messages("case_no_value", key=key))
        if key in known:
            problems += unknown(key, _any_of(wanted), known[key])
        elif key not in ("access", "pitfalls"):
            problems += unknown("expect", [key], [*known, "access", "pitfalls"])
        elif not isinstance(wanted, dict):
            problems.append(messages("case_mapping", key=key))
        else:
            named = [name for value in wanted.values() for name in _any_of(value)]
            access = key == "access"
            problems += unknown(key, wanted, channels if access else ("has", "lacks"))
            problems += unknown(key, named, ACCESS if access else list(rulebook.pitfalls))
    return [Problem(message, case.place) for message in problems]


def _variants(rulebook: Rulebook) -> Mapping[str, str]:
    """By id and by alias, the id of each variant."""
    variants = [variant for channel in rulebook.channels.values() for variant in channel.variants]
    return {name: variant.id for variant in variants for name in (variant.id, *variant.aliases)}


def _unknown(
    messages: Messages, key: str, values: Iterable[Any], known: Sequence[Any]
) -> Iterator[str]:
    """A message for each value that is not known, with the nearest one that is."""
    for value in values:
        if value not in known:
            message = messages("case_unknown_value", key=key, value=shorten(value))
            near = nearest(str(value), [name for name in known if isinstance(name, str)])
            yield messages.hinted(message, near)


def differences(case: Case, decision: Decision, rulebook: Rulebook) -> Iterator[Difference]:
    """Where the decision, made with this rulebook, is not what the case expects."""
    shown = [pitfall.id for pitfall in decision.pitfalls]
    access = {line.id: line.access for line in decision.channels}
    recommended = decision.recommended
    variant = decision.channel(recommended).variant if recommended else None
    got: dict[str, object] = {
        "recommended": recommended,
        "aim": decision.aim,
        "weak": decision.weak,
        "close": decision.close,
    }
    for key, wanted in case.expect.items():
        if key == "access":
            for channel, state in wanted.items():
                if access.get(channel) not in _any_of(state):
                    yield Difference(f"access {channel}", state, access.get(channel))
        elif key == "pitfalls":
            for pitfall in _any_of(wanted.get("has", [])):
                if pitfall not in shown:
                    yield Difference("pitfalls has", pitfall, shown)
            for pitfall in _any_of(wanted.get("lacks", [])):
                if pitfall in shown:
                    yield Difference("pitfalls lacks", pitfall, shown)
        elif key == "variant":
            variants = _variants(rulebook)
            if variant not in [variants.get(name) for name in _any_of(wanted)]:
                yield Difference(key, wanted, variant)
        elif key not in got or got[key] not in _any_of(wanted):
            yield Difference(key, wanted, got.get(key))


def _any_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
