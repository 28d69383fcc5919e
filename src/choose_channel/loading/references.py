"""What a form cannot see: whether the names in a rulebook stand for something. Pure.

Every fault is found in one pass; each names the entry, what is wrong, and what was probably meant.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from choose_channel.answers.parse import normalize
from choose_channel.messages.errors import nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import RESERVED, to_text
from choose_channel.model.rulebook import UNKNOWN

Path = tuple[str | int, ...]
Found = tuple[Path, str]
"""Where (file stem, entry, key, …) and what."""

_WAYS = ("any", "all", "not")
"""Flags and environment variables of the command line, which no question can have."""


class Crosscheck:
    """Checks the validated data of all files against each other."""

    def __init__(
        self, data: Mapping[str, Any], messages: Messages, torn: frozenset[str] = frozenset()
    ) -> None:
        """`torn` names what is not in the data because it is wrong in itself: a mention of it is
        no fault of the one who mentions it."""
        self.data, self.messages, self.torn = data, messages, torn
        self.questions: Mapping[str, Any] = data["questions"]
        variants = [name for channel in data["channels"].values() for name in channel["variants"]]
        self.plays = [*data["channels"], *variants]

    def problems(self) -> Iterator[Found]:
        """Every fault, in the order of the files."""
        yield from self._laws()
        yield from self._questions()
        yield from self._channels()
        yield from self._gates()
        yield from self._rules()
        yield from self._pitfalls()
        yield from self._steps()
        yield from self._wording()

    def _known(
        self, names: Iterable[str], known: Iterable[str], kind: str, at: Path
    ) -> Iterator[Found]:
        known = list(known)
        for name in names:
            if name not in known and name not in self.torn:
                near = nearest(name, known)
                yield (
                    at,
                    self.messages.hinted(self.messages(f"unknown_{kind}", key=shorten(name)), near),
                )

    def _facts(self, entry: Mapping[str, Any], at: Path) -> Iterator[Found]:
        yield from self._known(entry["facts"], self.data["facts"], "fact", (*at, "facts"))

    def _laws(self) -> Iterator[Found]:
        laws = self.data["rulebook"]["laws"]
        channels = self.data["channels"]
        for number, law in enumerate(laws["balances"]):
            at: Path = ("rulebook", "laws", "balances", number)
            yield from self._known([law["question"]], self.questions, "question", (*at, "question"))
            if law["question"] in self.questions:
                choices = self._choices(law["question"])
                yield from self._known(law["order"], choices, "choice", (*at, "order"))
            for key in ("towards", "away_from"):
                yield from self._known([law[key]], channels, "channel", (*at, key))
        for number, law in enumerate(laws["independences"]):
            at = ("rulebook", "laws", "independences", number)
            yield from self._known([law["channel"]], channels, "channel", (*at, "channel"))
            yield from self._known(law["questions"], self.questions, "question", (*at, "questions"))
            yield from self._condition(law["unless"], (*at, "unless"))

    def _choices(self, name: str) -> list[str]:
        boolean = self.questions[name]["type"] == "boolean"
        return ["false", "true"] if boolean else list(self.questions[name]["choices"])

    def _questions(self) -> Iterator[Found]:
        earlier: dict[str, Any] = {}
        for name, entry in self.questions.items():
            at: Path = ("questions", name)
            if name in _WAYS or name in RESERVED:
                yield at, self.messages("name_taken", key=name)
            yield from self._condition(entry["applies"], (*at, "applies"), earlier)
            yield from self._spellings(entry["choices"], (*at, "choices"), derived=entry["derived"])
            choices = list(entry["choices"])
            if entry["type"] == "boolean":
                choices = ["false", "true"]
            if entry["type"] == "choice" and len(choices) < 2:
                yield (*at, "choices"), self.messages("needs_choices")
            yield from self._assumed(entry, choices, (*at, "assumed"))
            if entry["derived"] and (entry["type"] != "choice" or entry["core"]):
                yield (*at, "derived"), self.messages("derived_choice")
            if entry["type"] != "number":
                for key in ("better", "advise"):
                    yield from self._known(entry[key], choices, "choice", (*at, key))
            if entry["minimum"] > entry["maximum"]:
                yield (*at, "maximum"), self.messages("empty_range")
            for text in (entry["change"] or {}).values():
                if not _only_answer(text):
                    yield (*at, "change"), self.messages("change_placeholder")
            earlier[name] = entry

    def _spellings(self, choices: Mapping[str, Any], at: Path, *, derived: bool) -> Iterator[Found]:
        """What a person may type stands for one choice only."""
        taken = {} if derived else {UNKNOWN: ""}
        for name, entry in choices.items():
            for spelling in (name, *entry["label"].values(), *entry["aliases"]):
                if taken.setdefault(normalize(spelling), name) != name:
                    yield (*at, name), self.messages("name_taken", key=shorten(spelling))

    def _assumed(self, entry: Mapping[str, Any], choices: list[str], at: Path) -> Iterator[Found]:
        assumed = entry["assumed"]
        if assumed is None:
            if not entry["core"]:
                yield at[:2], self.messages("needs_assumed")
        elif entry["type"] == "choice":
            yield from self._known([str(assumed)], choices, "choice", at)
        elif entry["type"] == "boolean":
            if not isinstance(assumed, bool):
                yield at, self.messages("wrong_assumed", value=shorten(to_text(assumed)))
        elif not is_number(assumed) or not _within(assumed, entry):
            yield at, self.messages("wrong_assumed", value=shorten(to_text(assumed)))

    def _channels(self) -> Iterator[Found]:
        for name, channel in self.data["channels"].items():
            for variant, entry in channel["variants"].items():
                at: Path = ("channels", name, "variants", variant)
                yield from self._condition(entry["when"], (*at, "when"))
                needs = entry["needs_open"]
                yield from self._known(needs, self.data["channels"], "channel", (*at, "needs_open"))
                for needed in needs:
                    if needed == name or self._waits_for_variants(needed):
                        yield (*at, "needs_open"), self.messages("needs_open_circle", key=needed)
                if self.plays.count(variant) > 1:
                    yield at, self.messages("name_taken", key=variant)

    def _waits_for_variants(self, channel: str) -> bool:
        gates = self.data["gates"].values()
        return any(gate["when_no_variant"] and channel in gate["channels"] for gate in gates)

    def _gates(self) -> Iterator[Found]:
        for name, entry in self.data["gates"].items():
            at: Path = ("gates", name)
            channels = entry["channels"]
            yield from self._known(channels, self.data["channels"], "channel", (*at, "channels"))
            if (entry["when"] is None) is not entry["when_no_variant"]:
                yield at, self.messages("gate_needs_when")
            yield from self._condition(entry["when"] or {}, (*at, "when"))
            yield from self._facts(entry, at)

    def _rules(self) -> Iterator[Found]:
        dimensions = self.data["rulebook"]["dimensions"]
        for name, entry in self.data["rules"].items():
            at: Path = ("rules", name)
            yield from self._condition(entry["when"], (*at, "when"))
            dimension = (*at, "dimension")
            yield from self._known([entry["dimension"]], dimensions, "dimension", dimension)
            yield from self._known(
                entry["points"], self.data["channels"], "channel", (*at, "points")
            )
            yield from self._facts(entry, at)

    def _pitfalls(self) -> Iterator[Found]:
        for name, entry in self.data["pitfalls"].items():
            at: Path = ("pitfalls", name)
            yield from self._condition(entry["when"], (*at, "when"))
            yield from self._condition(entry["critical_when"] or {}, (*at, "critical_when"))
            yield from self._known(entry["channels"], self.plays, "channel", (*at, "channels"))
            yield from self._known(entry["gates"], self.data["gates"], "gate", (*at, "gates"))
            yield from self._known(entry["assumed"], self.questions, "question", (*at, "assumed"))
            yield from self._facts(entry, at)

    def _steps(self) -> Iterator[Found]:
        for name, entry in self.data["plan"].items():
            at: Path = ("plan", name)
            yield from self._condition(entry["when"], (*at, "when"))
            yield from self._known(entry["channels"], self.plays, "channel", (*at, "channels"))
            yield from self._known(entry["unlocks"], self.data["gates"], "gate", (*at, "unlocks"))
            if (entry["phase"] == "unlock") is not bool(entry["unlocks"]):
                yield (*at, "phase"), self.messages("step_phase")
            yield from self._facts(entry, at)

    def _wording(self) -> Iterator[Found]:
        for name, text in self.data["wording"].items():
            at: Path = ("wording", name)
            if name not in self.messages.phrases:
                near = nearest(name, self.messages.phrases)
                yield at, self.messages.hinted(self.messages("form_unknown_key", key=name), near)
                continue
            try:
                fields = [_placeholders(line) for line in text.values()]
            except ValueError:
                yield at, self.messages("placeholder_braces")
                continue
            # What the program fills in is known from the shipped phrase; more than that it cannot.
            shipped = _placeholders(self.messages.phrases[name]["en"])
            if len(set(fields)) > 1 or not fields[0] <= shipped:
                yield at, self.messages("placeholders_differ")

    def _condition(
        self, written: Any, at: Path, questions: Mapping[str, Any] | None = None
    ) -> Iterator[Found]:
        questions = self.questions if questions is None else questions
        if not isinstance(written, dict):
            yield at, self.messages("condition_mapping")
            return
        for key, value in written.items():
            here = (*at, key)
            if key == "not":
                yield from self._condition(value, here, questions)
            elif key in _WAYS:
                if not isinstance(value, list) or not value:
                    yield here, self.messages("condition_list", key=key)
                    continue
                for number, part in enumerate(value):
                    yield from self._condition(part, (*here, number), questions)
            elif key in questions:
                yield from self._atom(key, value, here)
            elif key in self.questions:
                yield here, self.messages("later_question", key=key)
            else:
                yield from self._known([key], [*questions, *_WAYS], "question", here)

    def _atom(self, name: str, value: Any, at: Path) -> Iterator[Found]:
        question = self.questions[name]
        if question["type"] == "number":
            keys = set(value) if isinstance(value, dict) else set()
            numbers = keys and all(map(is_number, value.values()))
            if not numbers or not keys <= {"at_least", "below"}:
                yield at, self.messages("condition_number", key=name)
            elif len(keys) == 2 and value["at_least"] >= value["below"]:
                yield at, self.messages("condition_empty_range", key=name)
            return
        listed = value if isinstance(value, list) else [value]
        if question["type"] == "boolean":
            if not listed or not all(isinstance(one, bool) for one in listed):
                yield at, self.messages("condition_boolean", key=name)
        elif not listed or not all(isinstance(one, str) for one in listed):
            yield at, self.messages("condition_choice", key=name)
        else:
            yield from self._known(listed, question["choices"], "choice", at)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _within(number: float, entry: Mapping[str, Any]) -> bool:
    low = number <= entry["minimum"] if entry["above"] else number < entry["minimum"]
    return not low and number <= entry["maximum"] and (number == int(number) or not entry["whole"])


def _placeholders(line: str) -> frozenset[tuple[str | None, ...]]:
    """The fields of a phrase, each with the format that it asks for."""
    return frozenset(
        tuple(field) for _, *field in string.Formatter().parse(line) if field[0] is not None
    )


def _only_answer(text: str) -> bool:
    try:
        return all(field[0] == "answer" and not any(field[1:]) for field in _placeholders(text))
    except ValueError:
        return False


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

    def problems(self) -> Iterator[Found]:
        """Every fault, in the order of the files."""
        yield from super().problems()
        money = self.data["money"]
        self.given = {n: one for n, one in self.questions.items() if not one["derived"]}
        if money["roles"]:
            yield from self._roles(money)
        elif "roles" not in self.torn:
            parts = [part for part in ("inputs", "streams", "lines", "margins") if money[part]]
            yield from (
                (("money", part), self.messages("form_missing", key="roles")) for part in parts
            )
        yield from self._fact_markets(money["roles"])
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
                yield ("money", "roles", "margin"), self.messages("margin_not_derived")
        fact = self.data["facts"].get(money["roles"]["multiple"])
        if fact is not None and not _is_figure(fact["value"], ""):
            yield ("money", "roles", "multiple"), self.messages("fact_has_no_figure")

    def _fact_markets(self, roles: Mapping[str, Any] | None) -> Iterator[Found]:
        """A fact holds in any market or in one that can be answered, else no seller would ever
        get it. Without roles no question is known to be that of the market."""
        asked = self.questions.get(roles["market"]) if roles else None
        questions = self.questions.values() if asked is None else [asked]
        markets = ["any", *(name for question in questions for name in question["choices"])]
        for name, fact in self.data["facts"].items():
            yield from self._known([fact["market"]], markets, "market", ("facts", name, "market"))

    def _wrong_role(self, role: str, entry: Mapping[str, Any] | None) -> Iterator[Found]:
        key, wanted = _PLAYED_BY.get(role, ("", ""))
        if entry is not None and key and entry[key] != wanted:
            yield ("money", "roles", role), self.messages("wrong_role", wanted=f"{key}: {wanted}")

    def _free_of_margin(self, written: Any, at: Path) -> Iterator[Found]:
        """Nothing that the margin is worked out of may hang on the margin."""
        for path, message in self._condition(written, at, self.given):
            key = path[-1]
            worked_out = key in self.questions and key not in self.given
            yield path, self.messages("hangs_on_margin", key=key) if worked_out else message

    def _inputs(self, money: Mapping[str, Any]) -> Iterator[Found]:
        percent = {line["input"] for line in money["lines"].values() if line["kind"] in _PERCENT}
        for name, entry in money["inputs"].items():
            at: Path = ("money", "inputs", name)
            if name in self.questions or name in RESERVED:
                yield at, self.messages("name_taken", key=name)
            yield from self._free_of_margin(entry["applies"], (*at, "applies"))
            if entry["minimum"] > entry["maximum"]:
                yield (*at, "maximum"), self.messages("empty_range")
            if name in percent and entry["minimum"] < 0:
                yield (*at, "minimum"), self.messages("form_at_least", key="minimum", limit=0)

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
                yield at, self.messages("name_taken", key=name)
            yield from self._known(entry["streams"], money["streams"], "stream", (*at, "streams"))
            yield from self._free_of_margin(entry["when"], (*at, "when"))
            named = [entry["input"]] if entry["input"] else []
            yield from self._known(named, money["inputs"], "input", (*at, "input"))
            yield from self._facts(entry, at)
            kinds = ("amount",) if entry["kind"] == "amount" else _BOOKED
            bases = [*_BASES, *(line for line, kind in above.items() if kind in kinds)]
            yield from self._known([entry["base"]], bases, "base", (*at, "base"))
            if not named and not entry["facts"] and entry["kind"] != "price":
                yield at, self.messages("line_without_figure")
            for fact in entry["facts"]:
                known = self.data["facts"].get(fact)
                if known is not None and not _is_figure(known["value"], entry["part"]):
                    yield (*at, "facts"), self.messages("fact_has_no_figure")
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
                    words = self.messages.listing(f"{{{word}}}" for word in WARNING_WORDS)
                    yield (*at, "warning"), self.messages("warning_placeholders", words=words)


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
