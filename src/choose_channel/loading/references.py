"""What the model of a single file cannot see: whether the names in a rulebook stand for something.

All problems are found in one pass; each names the entry, what is wrong, and what was probably
meant.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from choose_channel.answers.kinds import KINDS, is_number, name_of
from choose_channel.files.documents import KeyPath
from choose_channel.messages.errors import nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import RESERVED, normalize, to_text
from choose_channel.model.rulebook import ANY_MARKET, LINE_KINDS, ROLES, UNKNOWN

Located = tuple[KeyPath, str]
"""A problem: where it stands (file stem, entry, key, …), and the message."""

CHANGE_WORDS = ("answer", "market")
WARNING_WORDS = ("left", "break_even", "commission", "max_commission", "profit", "link")
"""What the program fills into the warning of a margin."""
_OPERATORS = ("any", "all", "not")
"""The keys of a condition that are no questions."""
_BASES = ("price", "net")
"""What a percent can be taken of, beside the lines above it."""


class References:
    """The validated data of all files, checked against each other."""

    def __init__(
        self, data: Mapping[str, Any], messages: Messages, left_out: frozenset[str] = frozenset()
    ) -> None:
        """`left_out` names the entries, and parts of money.yaml, that are not in the data because
        they have problems of their own: mentioning them is none."""
        self.data, self.messages, self.left_out = data, messages, left_out
        self.questions: Mapping[str, Any] = data["questions"]
        self.asked = {name: entry for name, entry in self.questions.items() if not entry["derived"]}
        self.money: Mapping[str, Any] = data["money"]
        channels = data["channels"]
        variants = [pair for channel in channels.values() for pair in channel["variants"].items()]
        self.plays = [*channels, *(name for name, _ in variants)]
        aliases = (alias for _, entry in variants for alias in entry["aliases"])
        self.spellings = [*self.plays, *aliases]

    def problems(self) -> Iterator[Located]:
        """All problems, file by file."""
        yield from self._laws()
        yield from self._questions()
        yield from self._channels()
        yield from self._gates()
        yield from self._rules()
        yield from self._pitfalls()
        yield from self._steps()
        yield from self._wording()
        yield from self._roles()
        yield from self._fact_markets()
        yield from self._inputs()
        yield from self._streams()
        yield from self._lines()
        yield from self._margins()
        yield from self._figures_in_texts()

    def _known(
        self, names: Iterable[str], known: Iterable[str], kind: str, at: KeyPath
    ) -> Iterator[Located]:
        """A problem for each name that is none of the known ones."""
        if f"{kind}s" in self.left_out:  # a part of money.yaml
            return
        known = list(known)
        for name in names:
            if name not in known and name not in self.left_out:
                message = self.messages(f"unknown_{kind}", key=shorten(name))
                yield at, self.messages.hinted(message, nearest(name, known))

    def _facts(
        self, entry: Mapping[str, Any], at: KeyPath, key: str = "facts"
    ) -> Iterator[Located]:
        yield from self._known(entry[key], self.data["facts"], "fact", (*at, key))

    def _figures_in_texts(self) -> Iterator[Located]:
        """A text states the figure of a fact (`{fact:ID}`, `{fact:ID.part}`) that there is, and
        that its entry lists where entries of its file do."""
        for stem in ("questions", "channels", "gates", "rules", "pitfalls", "plan"):
            for name, entry in self.data[stem].items():
                yield from self._figures(entry, (stem, name), entry.get("facts", ()))
        for part in ("inputs", "streams", "lines"):
            for name, entry in self.money[part].items():
                listed = (*entry.get("facts", ()), *entry.get("cites", ()))
                yield from self._figures(entry, ("money", part, name), listed)
        facts = self.data["facts"]
        yield from self._figures(self.money["margins"], ("money", "margins"), facts)
        for stem in ("rulebook", "facts"):
            yield from self._figures(self.data[stem], (stem,), facts)

    def _figures(self, texts: Any, at: KeyPath, listed: Collection[str]) -> Iterator[Located]:
        if isinstance(texts, str):
            for place in _FIGURE.finditer(texts):
                fact, part = place["fact"], place["part"] or ""
                yield from self._known([fact], self.data["facts"], "fact", at)
                if fact in self.data["facts"]:
                    if fact not in listed:
                        yield at, self.messages("fact_not_listed", key=fact)
                    value = self.data["facts"][fact]["value"]
                    if not _is_figure(value, part) or (part and not isinstance(value, Mapping)):
                        yield at, self.messages("fact_not_told", key=place[0])
        elif isinstance(texts, list):
            for number, inner in enumerate(texts):
                yield from self._figures(inner, (*at, number), listed)
        elif isinstance(texts, Mapping):
            for key, inner in texts.items():
                # the text in one language stands where the text stands
                here = at if _is_text(texts) else (*at, key)
                yield from self._figures(inner, here, listed)
            if _is_text(texts):
                first, second = (
                    {match[0] for match in _FIGURE.finditer(text)} for text in texts.values()
                )
                for figure in sorted(first ^ second):
                    key = figure.strip("{}").removeprefix("fact:")
                    yield at, self.messages("fact_in_one_language", key=key)

    def _laws(self) -> Iterator[Located]:
        laws = self.data["rulebook"]["laws"]
        channels = self.data["channels"]
        for number, law in enumerate(laws["balances"]):
            at: KeyPath = ("rulebook", "laws", "balances", number)
            yield from self._known([law["question"]], self.questions, "question", (*at, "question"))
            if law["question"] in self.questions:
                entry = self.questions[law["question"]]
                names = KINDS[entry["type"]].names(entry)
                yield from self._known(law["order"], names, "choice", (*at, "order"))
            for key in ("towards", "away_from"):
                yield from self._known([law[key]], channels, "channel", (*at, key))
            yield from self._condition(law["when"], (*at, "when"))
        for number, law in enumerate(laws["independences"]):
            at = ("rulebook", "laws", "independences", number)
            yield from self._known([law["channel"]], channels, "channel", (*at, "channel"))
            yield from self._known(law["questions"], self.questions, "question", (*at, "questions"))
            yield from self._condition(law["unless"], (*at, "unless"))

    def _questions(self) -> Iterator[Located]:
        earlier: dict[str, Any] = {}
        for name, entry in self.questions.items():
            at: KeyPath = ("questions", name)
            if name in _OPERATORS or name in RESERVED:
                yield at, self.messages("name_taken", key=name)
            yield from self._condition(entry["applies"], (*at, "applies"), earlier)
            yield from self._spellings(entry["choices"], (*at, "choices"), derived=entry["derived"])
            kind = KINDS[entry["type"]]
            names = kind.names(entry)
            if kind.listed and len(entry["choices"] or names) < 2:
                yield (*at, "choices"), self.messages("needs_choices")
            # A yes-or-no question may name its two answers.
            yield from self._known(entry["choices"], names, "choice", (*at, "choices"))
            yield from self._assumed(entry, (*at, "assumed"))
            if entry["derived"] and (entry["type"] != "choice" or entry["core"]):
                yield (*at, "derived"), self.messages("derived_choice")
            if kind.listed:
                for key in ("better", "advise"):
                    yield from self._known(entry[key], names, "choice", (*at, key))
            for choice, written in entry["advise_when"].items():
                here = (*at, "advise_when", choice)
                yield from self._known([choice], entry["advise"], "choice", here)
                yield from self._condition(written, here)
            for choice, written in entry["counts_as"].items():
                here = (*at, "counts_as", choice)
                yield from self._known([choice], names, "choice", here)
                yield from self._condition(written, here, earlier)
            for number, wording in enumerate(entry["worded_for"]):
                here = (*at, "worded_for", number)
                yield from self._condition(wording["when"], (*here, "when"), earlier)
                yield from self._words(wording, entry["choices"], here)
            yield from self._resets(entry["resets"], (*at, "resets"))
            yield from self._facts(entry, at)
            if entry["minimum"] > entry["maximum"]:
                yield (*at, "maximum"), self.messages("empty_range")
            for text in (entry["change"] or {}).values():
                if not _names_only(text, CHANGE_WORDS):
                    words = self.messages.listing(f"{{{word}}}" for word in CHANGE_WORDS)
                    yield (*at, "change"), self.messages("change_placeholder", words=words)
            earlier[name] = entry

    def _words(
        self, wording: Mapping[str, Any], choices: Iterable[str], at: KeyPath
    ) -> Iterator[Located]:
        """A wording says something, and gives examples of choices that there are."""
        if not any(wording[key] for key in wording if key != "when"):
            yield at, self.messages("needs_words")
        for name in wording["examples"]:
            yield from self._known([name], choices, "choice", (*at, "examples", name))

    def _resets(self, resets: Mapping[str, Mapping[str, str]], at: KeyPath) -> Iterator[Located]:
        for name, choices in resets.items():
            yield from self._known([name], self.asked, "question", (*at, name))
            if name in self.asked:
                entry = self.asked[name]
                names = KINDS[entry["type"]].names(entry)
                for old, new in choices.items():
                    yield from self._known([old, new], names, "choice", (*at, name, old))

    def _spellings(
        self, choices: Mapping[str, Any], at: KeyPath, *, derived: bool
    ) -> Iterator[Located]:
        """What a person may type stands for one choice only."""
        taken = {} if derived else {UNKNOWN: ""}
        for name, entry in choices.items():
            for spelling in (name, *entry["label"].values(), *entry["aliases"]):
                if taken.setdefault(normalize(spelling), name) != name:
                    yield (*at, name), self.messages("name_taken", key=shorten(spelling))

    def _assumed(self, entry: Mapping[str, Any], at: KeyPath) -> Iterator[Located]:
        assumed, kind = entry["assumed"], KINDS[entry["type"]]
        if assumed is None:
            if not entry["core"]:
                yield at[:2], self.messages("needs_assumed")
        elif not kind.is_answer(entry, assumed):
            yield at, self.messages("wrong_assumed", value=shorten(to_text(assumed)))
        elif kind.listed:
            yield from self._known([name_of(assumed)], kind.names(entry), "choice", at)

    def _channels(self) -> Iterator[Located]:
        for name, channel in self.data["channels"].items():
            for variant, entry in channel["variants"].items():
                at: KeyPath = ("channels", name, "variants", variant)
                yield from self._condition(entry["when"], (*at, "when"))
                needs = entry["needs_open"]
                yield from self._known(needs, self.data["channels"], "channel", (*at, "needs_open"))
                for needed in needs:
                    if needed == name or self._waits_for_variants(needed):
                        yield (*at, "needs_open"), self.messages("needs_open_circle", key=needed)
                for spelling in (variant, *entry["aliases"]):
                    if self.spellings.count(spelling) > 1:
                        yield at, self.messages("name_taken", key=spelling)

    def _waits_for_variants(self, channel: str) -> bool:
        gates = self.data["gates"].values()
        return any(gate["when_no_variant"] and channel in gate["channels"] for gate in gates)

    def _gates(self) -> Iterator[Located]:
        for name, entry in self.data["gates"].items():
            at: KeyPath = ("gates", name)
            channels = entry["channels"]
            yield from self._known(channels, self.data["channels"], "channel", (*at, "channels"))
            if (entry["when"] is None) is not entry["when_no_variant"]:
                yield at, self.messages("gate_needs_when")
            yield from self._condition(entry["when"] or {}, (*at, "when"))
            yield from self._facts(entry, at)

    def _rules(self) -> Iterator[Located]:
        dimensions = self.data["rulebook"]["dimensions"]
        for name, entry in self.data["rules"].items():
            at: KeyPath = ("rules", name)
            yield from self._condition(entry["when"], (*at, "when"))
            dimension = (*at, "dimension")
            yield from self._known([entry["dimension"]], dimensions, "dimension", dimension)
            yield from self._known(
                entry["points"], self.data["channels"], "channel", (*at, "points")
            )
            yield from self._facts(entry, at)

    def _pitfalls(self) -> Iterator[Located]:
        for name, entry in self.data["pitfalls"].items():
            at: KeyPath = ("pitfalls", name)
            yield from self._condition(entry["when"], (*at, "when"))
            yield from self._condition(entry["critical_when"] or {}, (*at, "critical_when"))
            named = [entry["same_as"]] if entry["same_as"] else []
            yield from self._known(named, self.data["pitfalls"], "pitfall", (*at, "same_as"))
            yield from self._known(entry["channels"], self.plays, "channel", (*at, "channels"))
            yield from self._known(entry["gates"], self.data["gates"], "gate", (*at, "gates"))
            yield from self._known(entry["assumed"], self.questions, "question", (*at, "assumed"))
            yield from self._facts(entry, at)

    def _steps(self) -> Iterator[Located]:
        for name, entry in self.data["plan"].items():
            at: KeyPath = ("plan", name)
            yield from self._condition(entry["when"], (*at, "when"))
            yield from self._known(entry["channels"], self.plays, "channel", (*at, "channels"))
            yield from self._known(entry["unlocks"], self.data["gates"], "gate", (*at, "unlocks"))
            if (entry["phase"] == "unlock") is not bool(entry["unlocks"]):
                yield (*at, "phase"), self.messages("step_phase")
            for key, known, kind in (
                ("settles", self.asked, "question"),
                ("needs", self.data["channels"], "channel"),
            ):
                if entry[key] is not None:
                    yield from self._known([entry[key]], known, kind, (*at, key))
            yield from self._facts(entry, at)

    def _wording(self) -> Iterator[Located]:
        for name, text in self.data["wording"].items():
            at: KeyPath = ("wording", name)
            if name not in self.messages.phrases:  # of another version: load.unknown_phrases
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
        self, written: Any, at: KeyPath, questions: Mapping[str, Any] | None = None
    ) -> Iterator[Located]:
        questions = self.questions if questions is None else questions
        if not isinstance(written, dict):
            yield at, self.messages("condition_mapping")
            return
        for key, value in written.items():
            here = (*at, key)
            if key == "not":
                yield from self._condition(value, here, questions)
            elif key in _OPERATORS:
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
                yield from self._known([key], [*questions, *_OPERATORS], "question", here)

    def _atom(self, name: str, value: Any, at: KeyPath) -> Iterator[Located]:
        entry = self.questions[name]
        kind = KINDS[entry["type"]]
        phrase = kind.wrong_condition(value)
        if phrase:
            yield at, self.messages(phrase, key=name)
        else:
            yield from self._known(kind.names_in(value), kind.names(entry), "choice", at)

    def _roles(self) -> Iterator[Located]:
        money, at = self.money, ("money", "roles")
        if not money["roles"]:
            if "roles" not in self.left_out:
                for part in ("inputs", "streams", "lines", "margins"):
                    if money[part]:
                        yield ("money", part), self.messages("form_missing", key="roles")
            return
        margin = self.questions.get(money["roles"]["margin"])
        entries: dict[str, Mapping[str, Any] | None] = {
            "question": self.questions,
            "choice": margin["choices"] if margin else None,
            "input": money["inputs"],
            "line": money["lines"],
            "stream": money["streams"],
            "fact": self.data["facts"],
        }
        for name, role in ROLES.items():
            known = entries[role.sort]
            if known is None:
                continue
            player = money["roles"][name]
            yield from self._known([player], known, role.sort, (*at, name))
            entry = known.get(player)
            if entry is None:
                continue
            missing = role.key and not role.value and entry[role.key] is None
            if missing or (role.value and entry[role.key] != role.value):
                wanted = f"{role.key}: {role.value}" if role.value else f'"{role.key}"'
                yield (*at, name), self.messages("wrong_role", wanted=wanted)
            if role.sort == "fact" and not _is_figure(entry["value"], ""):
                yield (*at, name), self.messages("fact_has_no_figure")
        if margin is not None and not margin["derived"]:
            yield (*at, "margin"), self.messages("margin_not_derived")

    def _fact_markets(self) -> Iterator[Located]:
        """A fact holds in any market or in one that can be answered, else no seller would ever
        get it. Without roles, the market question is not known."""
        roles = self.money["roles"]
        market = self.questions.get(roles["market"]) if roles else None
        questions = self.questions.values() if market is None else [market]
        markets = [ANY_MARKET, *(name for question in questions for name in question["choices"])]
        for name, fact in self.data["facts"].items():
            yield from self._known([fact["market"]], markets, "market", ("facts", name, "market"))

    def _money_condition(self, written: Any, at: KeyPath) -> Iterator[Located]:
        """A condition in money.yaml: it may not ask for the margin, which is worked out from it."""
        for path, message in self._condition(written, at, self.asked):
            key = path[-1]
            derived = key in self.questions and key not in self.asked
            yield path, self.messages("hangs_on_margin", key=key) if derived else message

    def _inputs(self) -> Iterator[Located]:
        lines = self.money["lines"].values()
        percent = {line["input"] for line in lines if LINE_KINDS[line["kind"]].percent}
        for name, entry in self.money["inputs"].items():
            at: KeyPath = ("money", "inputs", name)
            if name in self.questions or name in RESERVED:
                yield at, self.messages("name_taken", key=name)
            yield from self._money_condition(entry["applies"], (*at, "applies"))
            for number, wording in enumerate(entry["worded_for"]):
                here = (*at, "worded_for", number)
                yield from self._money_condition(wording["when"], (*here, "when"))
                yield from self._words(wording, (), here)
            if entry["minimum"] > entry["maximum"]:
                yield (*at, "maximum"), self.messages("empty_range")
            assumed, roles = entry["assumed"], self.money["roles"]
            if assumed is not None and roles and name != roles["pieces"]:
                yield (*at, "assumed"), self.messages("assumed_of_pieces")
            elif assumed is not None and not KINDS["number"].is_answer(entry, assumed):
                value = shorten(to_text(assumed))
                yield (*at, "assumed"), self.messages("wrong_assumed", value=value)
            yield from self._facts(entry, at, "cites")
            if name in percent and entry["minimum"] < 0:
                yield (*at, "minimum"), self.messages("form_at_least", key="minimum", limit=0)

    def _streams(self) -> Iterator[Located]:
        for name, entry in self.money["streams"].items():
            at: KeyPath = ("money", "streams", name)
            channels = self.data["channels"]
            yield from self._known([entry["channel"]], channels, "channel", (*at, "channel"))
            yield from self._money_condition(entry["when"], (*at, "when"))

    def _lines(self) -> Iterator[Located]:
        above: dict[str, str] = {}
        for name, entry in self.money["lines"].items():
            at: KeyPath = ("money", "lines", name)
            if name in _BASES:
                yield at, self.messages("name_taken", key=name)
            yield from self._known(
                entry["streams"], self.money["streams"], "stream", (*at, "streams")
            )
            yield from self._money_condition(entry["when"], (*at, "when"))
            named = [entry["input"]] if entry["input"] else []
            yield from self._known(named, self.money["inputs"], "input", (*at, "input"))
            yield from self._facts(entry, at)
            yield from self._facts(entry, at, "cites")
            bases = [*_BASES, *(line for line, kind in above.items() if _is_base(kind, entry))]
            yield from self._known([entry["base"]], bases, "base", (*at, "base"))
            if LINE_KINDS[entry["kind"]].needs_figure and not named and not entry["facts"]:
                yield at, self.messages("line_without_figure")
            for fact in entry["facts"]:
                known = self.data["facts"].get(fact)
                if known is not None and not _is_figure(known["value"], entry["part"]):
                    yield (*at, "facts"), self.messages("fact_has_no_figure")
            above[name] = entry["kind"]

    def _margins(self) -> Iterator[Located]:
        margin = self.questions.get(self.money["roles"]["margin"] if self.money["roles"] else "")
        for name, entry in self.money["margins"].items():
            at: KeyPath = ("money", "margins", name)
            if margin is not None:
                yield from self._known([name], margin["choices"], "choice", at)
            yield from self._known(
                entry["streams"], self.money["streams"], "stream", (*at, "streams")
            )
            for text in (entry["warning"] or {}).values():
                if not _names_only(text, WARNING_WORDS):
                    words = self.messages.listing(f"{{{word}}}" for word in WARNING_WORDS)
                    yield (*at, "warning"), self.messages("warning_placeholders", words=words)


_FIGURE = re.compile(r"\{fact:(?P<fact>[^{}.]*)(?:\.(?P<part>[^{}]*))?\}")
"""A place in a text where the figure of a fact is filled in."""


def _is_text(value: Mapping[str, Any]) -> bool:
    return value.keys() == {"zh", "en"}


def _placeholders(line: str) -> frozenset[tuple[str | None, ...]]:
    """The fields of a phrase, each with the format that it asks for."""
    if "{" not in line and "}" not in line:  # most have none
        return frozenset()
    return frozenset(
        tuple(field) for _, *field in string.Formatter().parse(line) if field[0] is not None
    )


def _names_only(text: str, words: Collection[str]) -> bool:
    """Whether all placeholders of a text are among these words, without a format."""
    try:
        return all(name in words and not any(more) for name, *more in _placeholders(text))
    except ValueError:
        return False


def _is_figure(value: Any, part: str) -> bool:
    """Whether there is a number from 0 up, or a range from low to high, to calculate with."""
    if isinstance(value, Mapping):
        value = value.get(part)
    ends = value if isinstance(value, list) and len(value) == 2 else [value, value]
    return all(map(is_number, ends)) and bool(0 <= ends[0] <= ends[1])


def _is_base(kind: str, entry: Mapping[str, Any]) -> bool:
    """Whether a line can name one of this kind above it as its base: an amount takes the figure of
    another amount, all else is taken of what every order pays."""
    return kind == "amount" if entry["kind"] == "amount" else LINE_KINDS[kind].every_order
