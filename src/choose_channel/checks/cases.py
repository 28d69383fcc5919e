"""Tests for advice: a case is answers and what must come out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case and where it stands."""

    name: str
    answers: Mapping[str, Any]
    expect: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a case expected at `key`, and what it got."""

    key: str
    expected: object
    got: object


def read_cases(path: Path, messages: Messages) -> list[Case]:
    """The cases in a file, or in all files of a folder. Raises DocumentError with every fault."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        return [case for file in files for case in read_cases(file, messages)]
    return cases_in(read_document(str(path), messages), messages)


def cases_in(document: Document, messages: Messages) -> list[Case]:
    """The cases in a document: one mapping, a list, or a list under `cases`."""
    data = document.data
    at: tuple[str | int, ...] = ()
    if isinstance(data, dict) and isinstance(data.get("cases"), list):
        data, at = data["cases"], ("cases",)
    if data is None:
        raise DocumentError([Problem(messages("case_empty"), document.name)])
    listed = data if isinstance(data, list) else [data]
    problems: list[Problem] = []
    cases = []
    for number, entry in enumerate(listed):
        path = (*at, number) if isinstance(data, list) else at
        if not isinstance(entry, dict):
            problems.append(Problem(messages("case_not_mapping"), document.place(path)))
            continue
        problems += unknown_keys(entry, document, path, messages)
        if not isinstance(entry.get("answers"), dict):
            problems.append(Problem(messages("case_no_answers"), document.place(path)))
            continue
        expect = entry.get("expect", {})
        if not isinstance(expect, dict):
            problems.append(Problem(messages("case_expect"), document.place((*path, "expect"))))
            continue
        name = str(entry.get("name") or document.place(path))
        cases.append(Case(name, entry["answers"], expect, document.place(path)))
    if problems:
        raise DocumentError(problems)
    return cases


def problems_in(case: Case, rulebook: Rulebook, messages: Messages) -> list[Problem]:
    """What in a case can never be checked: a name that stands for nothing, a value of the wrong
    kind. A case that expects nothing would pass whatever the advice."""
    return [
        Problem(message, case.place) for message in _Expectations(rulebook, messages).wrong(case)
    ]


class _Expectations:
    def __init__(self, rulebook: Rulebook, messages: Messages) -> None:
        self.messages = messages
        self.channels = list(rulebook.channels)
        self.pitfalls = list(rulebook.pitfalls)
        variants = [one.id for channel in rulebook.channels.values() for one in channel.variants]
        self.known: dict[str, list[Any]] = {
            "recommended": [*self.channels, None],
            "aim": [*self.channels, None],
            "variant": [*variants, None],
            "weak": [True, False],
            "close": [True, False],
        }

    def wrong(self, case: Case) -> Iterator[str]:
        if not case.expect:
            yield self.messages("case_expect")
        for key, wanted in case.expect.items():
            if key in self.known:
                yield from self._unknown(_any_of(wanted), self.known[key], key)
            elif key in ("access", "pitfalls") and not isinstance(wanted, dict):
                yield self.messages("case_mapping", key=key)
            elif key == "access":
                yield from self._unknown(wanted, self.channels, key)
                states = [one for value in wanted.values() for one in _any_of(value)]
                yield from self._unknown(states, ACCESS, key)
            elif key == "pitfalls":
                yield from self._unknown(wanted, ("has", "lacks"), key)
                ids = [one for value in wanted.values() for one in _any_of(value)]
                yield from self._unknown(ids, self.pitfalls, key)
            else:
                yield from self._unknown([key], [*self.known, "access", "pitfalls"], "expect")

    def _unknown(self, values: Iterable[Any], known: Iterable[Any], key: str) -> Iterator[str]:
        known = list(known)
        for value in values:
            if value not in known:
                message = self.messages("case_unknown_value", key=key, value=shorten(value))
                near = nearest(str(value), [one for one in known if isinstance(one, str)])
                yield self.messages.hinted(message, near)


def differences(case: Case, decision: Decision) -> Iterator[Difference]:
    """Where the decision is not what the case expects. A list means "any of these"."""
    shown = [pitfall.id for pitfall in decision.pitfalls]
    access = {line.id: line.access for line in decision.channels}
    recommended = decision.recommended
    variant = decision.channel(recommended).variant if recommended else None
    got: dict[str, object] = {
        "recommended": recommended,
        "aim": decision.aim,
        "variant": variant,
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
        elif key not in got or got[key] not in _any_of(wanted):
            yield Difference(key, wanted, got.get(key))


def _any_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
