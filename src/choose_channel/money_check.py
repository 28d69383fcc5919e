"""What the forms of money.yaml cannot see: whether its names stand for something. Pure."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from choose_channel.crosscheck import Crosscheck, Found, Path, is_number
from choose_channel.options import RESERVED

WARNING_WORDS = ("left", "break_even", "commission", "max_commission", "profit", "link")
"""What the program fills into the warning of a margin."""
_BASES = ("price", "net")
_BOOKED = ("price", "tax", "percent", "amount")
"""The kinds of lines that a percent can be taken of."""
ROLES = {
    "question": ("price", "market", "margin"),
    "input": (
        *("unit_cost", "pieces", "views", "orders_per_1000"),
        *("lead_price", "lead_cost", "own_multiple"),
    ),
    "line": ("restock", "commission"),
    "stream": ("reference", "compared"),
    "fact": ("multiple",),
}
"""By kind, the roles that entries of this kind play."""
_PLAYED_BY = {
    "price": ("type", "number"),
    "market": ("type", "choice"),
    "restock": ("kind", "days"),
    "commission": ("kind", "percent"),
}
"""By role, what its question or line must say, so that it can play it."""
_PERCENT = ("tax", "percent", "returns", "pressure")
"""The kinds of lines whose figure is a percentage."""


class MoneyCrosscheck(Crosscheck):
    """The checks of the whole rulebook, money among them."""

    def faults(self) -> Iterator[Found]:
        """Every fault, in the order of the files."""
        yield from super().faults()
        money = self.data["money"]
        self.given = {n: one for n, one in self.questions.items() if not one["derived"]}
        if money["roles"]:
            yield from self._roles(money)
        elif "roles" not in self.torn:
            parts = [part for part in ("inputs", "streams", "lines", "margins") if money[part]]
            yield from ((("money", part), self.say("form_missing", key="roles")) for part in parts)
        yield from self._inputs(money)
        yield from self._streams(money["streams"])
        yield from self._lines(money)
        yield from self._margins(money)

    def _known(
        self, names: Iterable[str], known: Iterable[str], kind: str, at: Path
    ) -> Iterator[Found]:
        """As for the whole rulebook; a part of money.yaml that is torn is torn whole."""
        if f"{kind}s" not in self.torn:
            yield from super()._known(names, known, kind, at)

    def _roles(self, money: Mapping[str, Any]) -> Iterator[Found]:
        known = {
            "question": self.questions,
            "input": money["inputs"],
            "line": money["lines"],
            "stream": money["streams"],
            "fact": self.data["facts"],
        }
        for kind, roles in ROLES.items():
            for role in roles:
                name = money["roles"][role]
                yield from self._known([name], known[kind], kind, ("money", "roles", role))
                yield from self._wrong_role(role, known[kind].get(name))
        margin = self.questions.get(money["roles"]["margin"])
        if margin is not None:
            at: Path = ("money", "roles", "healthy")
            yield from self._known([money["roles"]["healthy"]], margin["choices"], "choice", at)
            if not margin["derived"]:
                yield ("money", "roles", "margin"), self.say("margin_not_derived")
        fact = self.data["facts"].get(money["roles"]["multiple"])
        if fact is not None and not _is_figure(fact["value"], ""):
            yield ("money", "roles", "multiple"), self.say("fact_has_no_figure")

    def _wrong_role(self, role: str, entry: Mapping[str, Any] | None) -> Iterator[Found]:
        key, wanted = _PLAYED_BY.get(role, ("", ""))
        if entry is not None and key and entry[key] != wanted:
            yield ("money", "roles", role), self.say("wrong_role", wanted=f"{key}: {wanted}")

    def _free_of_margin(self, written: Any, at: Path) -> Iterator[Found]:
        """Nothing that the margin is worked out of may hang on the margin."""
        for path, message in self._condition(written, at, self.given):
            key = path[-1]
            worked_out = key in self.questions and key not in self.given
            yield path, self.say("hangs_on_margin", key=key) if worked_out else message

    def _inputs(self, money: Mapping[str, Any]) -> Iterator[Found]:
        percent = {line["input"] for line in money["lines"].values() if line["kind"] in _PERCENT}
        for name, entry in money["inputs"].items():
            at: Path = ("money", "inputs", name)
            if name in self.questions or name in RESERVED:
                yield at, self.say("name_taken", key=name)
            yield from self._free_of_margin(entry["applies"], (*at, "applies"))
            if entry["minimum"] > entry["maximum"]:
                yield (*at, "maximum"), self.say("empty_range")
            if name in percent and entry["minimum"] < 0:
                yield (*at, "minimum"), self.say("form_at_least", key="minimum", limit=0)

    def _streams(self, streams: Mapping[str, Any]) -> Iterator[Found]:
        for name, entry in streams.items():
            at: Path = ("money", "streams", name)
            channels = self.data["channels"]
            yield from self._known([entry["channel"]], channels, "channel", (*at, "channel"))
            yield from self._free_of_margin(entry["when"], (*at, "when"))

    def _lines(self, money: Mapping[str, Any]) -> Iterator[Found]:
        above: dict[str, str] = {}
        for name, entry in money["lines"].items():
            at: Path = ("money", "lines", name)
            if name in _BASES:
                yield at, self.say("name_taken", key=name)
            yield from self._known(entry["streams"], money["streams"], "stream", (*at, "streams"))
            yield from self._free_of_margin(entry["when"], (*at, "when"))
            named = [entry["input"]] if entry["input"] else []
            yield from self._known(named, money["inputs"], "input", (*at, "input"))
            yield from self._facts(entry, at)
            kinds = ("amount",) if entry["kind"] == "amount" else _BOOKED
            bases = [*_BASES, *(line for line, kind in above.items() if kind in kinds)]
            yield from self._known([entry["base"]], bases, "base", (*at, "base"))
            if not named and not entry["facts"] and entry["kind"] != "price":
                yield at, self.say("line_without_figure")
            for fact in entry["facts"]:
                known = self.data["facts"].get(fact)
                if known is not None and not _is_figure(known["value"], entry["part"]):
                    yield (*at, "facts"), self.say("fact_has_no_figure")
            above[name] = entry["kind"]

    def _margins(self, money: Mapping[str, Any]) -> Iterator[Found]:
        margin = self.questions.get(money["roles"]["margin"] if money["roles"] else "")
        for name, entry in money["margins"].items():
            at: Path = ("money", "margins", name)
            if margin is not None:
                yield from self._known([name], margin["choices"], "choice", at)
            yield from self._known(entry["streams"], money["streams"], "stream", (*at, "streams"))
            for text in (entry["warning"] or {}).values():
                if not _fields(text) <= {*WARNING_WORDS}:
                    words = self.say.listing(f"{{{word}}}" for word in WARNING_WORDS)
                    yield (*at, "warning"), self.say("warning_placeholders", words=words)


def _is_figure(value: Any, part: str) -> bool:
    """Whether there is a number from 0 up, or a range from low to high, to calculate with."""
    if isinstance(value, Mapping):
        value = value.get(part)
    ends = value if isinstance(value, list) and len(value) == 2 else [value, value]
    return all(map(is_number, ends)) and bool(0 <= ends[0] <= ends[1])


def _fields(text: str) -> set[str]:
    try:
        parts = [field for _, *field in string.Formatter().parse(text) if field[0] is not None]
    except ValueError:
        return {""}
    return {str(name) if not any(more) else "" for name, *more in parts}
