"""The kinds of question: one class a kind, with everything in which kinds differ.

No other module asks what kind a question is. To add a kind:

1. Write a class with the members of `Kind`, or derive it from the kind that is nearest, and enter
   it in KINDS. The type check refuses a kind that lacks a member.
2. Write its phrases in rules/wording.yaml: `expected_…`, and `condition_…` for a wrong condition.
3. Give an example in tests/answers/test_kinds.py, and a rulebook with a wrong condition in
   tests/broken_rulebooks/ (called `<kind>_condition` where it brings the question along).

Tables and the page read numbers by themselves, from `limits`, and so do not call `parse`: a kind
of number that differs in its limits alone overrides `limits`, and `is_answer`, which holds what a
rulebook writes against them.

An answer is a choice's name, a truth value or a Decimal, and a condition is a list of names or a
range of numbers; a kind decides which of them it uses.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from choose_channel.answers.parse import Rate, choices_meant, in_dollars, is_signed, number_meant
from choose_channel.messages.errors import RefusedError, nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.conditions import Is, Within
from choose_channel.model.naming import legible, normalize, to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Value

Data = Mapping[str, Any]
"""A question as it stands in questions.yaml, with its defaults filled in."""
Schema = dict[str, Any]
"""A part of a JSON schema."""


class Option(NamedTuple):
    """An answer to choose from: how it is typed, how it is called, an example ("" if none), other
    words whose first letter leads to it in a list, and whether it is ticked (None where nothing is
    to be ticked)."""

    value: str
    label: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    ticked: bool | None = None


class Bands(NamedTuple):
    """The answers to a question, as finely as conditions can tell them apart.

    `values` holds one answer for each band. Numbers are cut into bands: with the cuts 10 and 20,
    these are below 10, from 10 to below 20, and from 20 up. Elsewhere every answer is a band, and
    there are no cuts.
    """

    cuts: tuple[Decimal, ...]
    values: tuple[Value, ...]


class Limits(NamedTuple):
    """The numbers that are answers: from `minimum` (above it, where `above`) to `maximum`, whole
    ones where `whole`, without parts of a cent where `cents`. Below 1 a number may be a `share`
    told for a percentage, so that it takes its sign. Where `digits`, a number is written in digits
    alone, as a year is: no sign, no 2k, no 2,000.
    """

    minimum: Decimal
    maximum: Decimal
    above: bool
    whole: bool
    cents: bool
    share: bool
    digits: bool = False


class Kind(Protocol):
    """What the program has to know of a kind of question."""

    placeholder: str
    """What stands behind the flag on the help page."""
    listed: bool
    """Whether the answers can be listed, so that each of them is a band."""

    def parse(self, question: Question, raw: str | bool | Decimal, messages: Messages) -> Value:
        """The answer that is meant; a text is `legible` and not empty.

        Raises RefusedError, which says what would be right.
        """

    def expected(self, question: Question, messages: Messages) -> str:
        """What would be a right answer, in words."""

    def text(self, question: Question, value: Value, messages: Messages) -> str:
        """A known answer as a person says it."""

    def options(self, question: Question, messages: Messages) -> list[Option]:
        """The answers to choose from; none where the answer is typed."""

    def limits(self, question: Question) -> Limits | None:
        """The numbers that are answers; None where the answers are listed."""

    def help(self, question: Question, messages: Messages) -> str:
        """The possible answers for the help page; "" where the placeholder names them."""

    def bands(self, question: Question, cuts: Iterable[Decimal]) -> Bands:
        """The bands of a question; `cuts` are the numbers that conditions compare it with."""

    def band_texts(self, question: Question, bands: Bands, messages: Messages) -> list[str]:
        """Each band as a person says it."""

    def holding(self, condition: Is | Within, values: Sequence[Value]) -> int:
        """The values for which a condition on a question of this kind holds, a bit each, the first
        lowest. Numbers ascend."""

    def written_schema(self, question: Question, messages: Messages) -> Schema:
        """The JSON schema of other ways to write an answer: labels and aliases, or a number with
        its unit."""

    def schema(self, question: Question, messages: Messages) -> list[Schema]:
        """JSON schemas of which a known answer, written plainly, meets one."""

    def condition_schema(self, question: Question, messages: Messages) -> Schema:
        """The JSON schema of a condition on the question."""

    # What a rulebook may say about a question:

    def names(self, entry: Data) -> list[str]:
        """The names of the answers; none where they cannot be listed."""

    def is_answer(self, entry: Data, written: Any) -> bool:
        """Whether a written value may be an answer; `names` has to know its name besides."""

    def wrong_condition(self, written: Any) -> str:
        """The phrase for what is wrong with a written condition on the question, "" if nothing is:
        an answer, a list of answers, or a range of numbers."""

    def names_in(self, written: Any) -> list[str]:
        """The answers that such a condition mentions by name; `names` has to know them."""

    def value(self, written: Any) -> Value:
        """The answer that a checked rulebook writes so, or calls by this name."""


_spelling = functools.lru_cache(maxsize=4096)(normalize)
"""Of the names in a rulebook, with which every answer is compared; never of what somebody typed,
which may be of any length."""


class _Choice:
    """One of the choices that the rulebook lists."""

    placeholder = "NAME"
    listed = True

    def parse(self, question: Question, raw: str | bool | Decimal, messages: Messages) -> Value:
        text = raw if isinstance(raw, str) else name_of(raw)
        names, aliases = self._names(question, messages)
        choices = choices_meant(text, names, aliases, messages)
        if len(choices) == 1:
            return self.value(*choices)
        if choices:
            options = messages.listing(sorted(choices))
            raise RefusedError(messages("ambiguous", value=shorten(text), options=options))
        names = {**aliases, **names}
        near = nearest(normalize(text), names)
        expected = self.expected(question, messages)
        message = messages("not_a_choice", value=shorten(text), expected=expected)
        raise RefusedError(messages.hinted(message, names[near] if near else None))

    def _names(
        self, question: Question, _messages: Messages
    ) -> tuple[dict[str, str], dict[str, str]]:
        """By normalized spelling the choice that is meant: names that people are shown, and
        others."""
        choices = question.choices
        shown = {_spelling(name): c.id for c in choices for name in (c.id, *c.label.values())}
        return shown, {_spelling(name): c.id for c in choices for name in c.aliases}

    def expected(self, question: Question, messages: Messages) -> str:
        options = self.options(question, messages)
        if question.assumed is not None:
            options.append(Option(UNKNOWN, messages("unknown_answer")))
        return messages.listing(self._named(option, messages) for option in options)

    def _named(self, option: Option, messages: Messages) -> str:
        """An answer as it is typed; who reads another language than ids are in needs its label."""
        value, label = option.value, option.label
        return value if label.isascii() else messages("choice_expected", value=value, label=label)

    def text(self, question: Question, value: Value, messages: Messages) -> str:
        labels = {option.value: option.label for option in self.options(question, messages)}
        return labels[to_text(value)]

    def options(self, question: Question, messages: Messages) -> list[Option]:
        text = messages.text
        return [
            Option(choice.id, text(choice.label), text(choice.example) if choice.example else "")
            for choice in question.choices
        ]

    def limits(self, question: Question) -> Limits | None:
        return None

    def help(self, question: Question, messages: Messages) -> str:
        return messages.listing(
            messages("choice_expected", value=option.value, label=option.label)
            for option in self.options(question, messages)
        )

    def bands(self, question: Question, cuts: Iterable[Decimal]) -> Bands:
        return Bands((), tuple(choice.id for choice in question.choices))

    def band_texts(self, question: Question, bands: Bands, messages: Messages) -> list[str]:
        return [self.text(question, value, messages) for value in bands.values]

    def holding(self, condition: Is | Within, values: Sequence[Value]) -> int:
        assert isinstance(condition, Is)
        return sum((to_text(value) in condition.choices) << n for n, value in enumerate(values))

    def written_schema(self, question: Question, messages: Messages) -> Schema:
        names = [name for choice in question.choices for name in choice.label.values()]
        names += [name for choice in question.choices for name in choice.aliases]
        return {"enum": list(dict.fromkeys(names))}

    def schema(self, question: Question, messages: Messages) -> list[Schema]:
        return [
            {"const": self.value(option.value), "title": option.label}
            | ({"description": option.detail} if option.detail else {})
            for option in self.options(question, messages)
        ]

    def condition_schema(self, question: Question, messages: Messages) -> Schema:
        answers = self.schema(question, messages)
        some = {"type": "array", "items": {"anyOf": answers}, "minItems": 1}
        return {"anyOf": [*answers, some]}

    def names(self, entry: Data) -> list[str]:
        return [*entry["choices"]]

    def is_answer(self, entry: Data, written: Any) -> bool:
        return True  # its name tells

    def wrong_condition(self, written: Any) -> str:
        return "" if _all(written, str) else "condition_choice"

    def names_in(self, written: Any) -> list[str]:
        return [*map(name_of, listed_in(written))]

    def value(self, written: Any) -> Value:
        return name_of(written)


class _Boolean(_Choice):
    """Yes or no: a choice of two, whose names every rulebook shares."""

    placeholder = "true|false"

    def _names(
        self, question: Question, messages: Messages
    ) -> tuple[dict[str, str], dict[str, str]]:
        names, aliases = super()._names(question, messages)
        names |= {"true": "true", "false": "false"}
        names |= dict.fromkeys(map(normalize, messages.words("words_true")), "true")
        names |= dict.fromkeys(map(normalize, messages.words("words_false")), "false")
        return names, aliases

    def options(self, question: Question, messages: Messages) -> list[Option]:
        keys = {"true": messages.words("words_true"), "false": messages.words("words_false")}
        named = super().options(question, messages)
        options = named or [Option("true", messages("yes")), Option("false", messages("no"))]
        return [option._replace(keys=tuple(keys[option.value])) for option in options]

    def written_schema(self, question: Question, messages: Messages) -> Schema:
        words = [*messages.words("words_true"), *messages.words("words_false")]
        names = super().written_schema(question, messages)["enum"]
        return {"enum": list(dict.fromkeys([*names, "true", "false", *words]))}

    def help(self, question: Question, messages: Messages) -> str:
        return super().help(question, messages) if question.choices else ""

    def bands(self, question: Question, cuts: Iterable[Decimal]) -> Bands:
        return Bands((), (False, True))

    def names(self, entry: Data) -> list[str]:
        return ["false", "true"]

    def is_answer(self, entry: Data, written: Any) -> bool:
        return isinstance(written, bool)

    def wrong_condition(self, written: Any) -> str:
        return "" if _all(written, bool) else "condition_boolean"

    def value(self, written: Any) -> Value:
        return name_of(written) == "true"


_CENT = Decimal("0.01")
MOST_DIGITS = 15
"""A float holds no more, so a number that passes through JSON stays the same."""


class _Number:
    """A number within bounds, perhaps with a unit.

    `$9.90`, `9,90`, `1 200`, `1.2k`, `1万2` and full-width digits are read; refused is another
    currency, part of a cent, and what may mean two things: a thousand or one, 0.15 % or 15 %.
    """

    placeholder = "NUMBER"
    listed = False

    def parse(self, question: Question, raw: str | bool | Decimal, messages: Messages) -> Value:
        text, limits = name_of(raw), self.limits(question)
        number: Decimal | None = None
        if isinstance(raw, Decimal):
            number = raw
        elif not limits.digits or re.fullmatch("[1-9][0-9]*", text):
            number = number_meant(text, question.unit, whole=limits.whole, messages=messages)
        if number is None:
            expected = self.expected(question, messages)
            raise RefusedError(messages("not_a_number", value=shorten(text), expected=expected))
        if may_be_a_share(question, number) and not is_signed(text, question.unit):
            words = {"rate": f"{number:f}%", "share": f"{(100 * number).normalize():f}%"}
            raise RefusedError(messages("rate_or_share", value=shorten(text), **words))
        return self._bounded(question, number, messages)

    def _bounded(self, question: Question, number: Decimal, messages: Messages) -> Decimal:
        limits = self.limits(question)
        low = number <= limits.minimum if limits.above else number < limits.minimum
        if low or number > limits.maximum:
            expected = self.expected(question, messages)
            raise RefusedError(messages("out_of_range", value=shorten(number), expected=expected))
        if len(number.as_tuple().digits) > MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
            raise RefusedError(messages("too_exact", value=shorten(number), digits=MOST_DIGITS))
        if limits.whole and number != number.to_integral_value():
            raise RefusedError(messages("not_whole", value=shorten(number)))
        if limits.cents and number != round(number, 2):
            raise RefusedError(messages("not_cents", value=shorten(number)))
        return number + 0  # turns -0 into 0

    def expected(self, question: Question, messages: Messages) -> str:
        limits = self.limits(question)
        key = question.unit or ("count" if limits.whole else "number")
        key += "_or_none" if key == "usd" and not limits.above else ""
        maximum = f"{limits.maximum}" if limits.digits else f"{limits.maximum:,}"
        bounds = {"minimum": limits.minimum, "maximum": maximum}
        return messages(f"expected_{key}", **bounds)

    def text(self, question: Question, value: Value, messages: Messages) -> str:
        assert isinstance(value, Decimal)
        limits = self.limits(question)
        amount = f"{value.normalize():f}" if limits.digits else f"{value.normalize():,f}"
        if limits.cents and value != value.to_integral_value():
            amount = f"{value:,.2f}"
        if question.unit == "percent":
            return f"{amount}%"
        return messages(f"{question.unit}_value", amount=amount) if question.unit else amount

    def options(self, question: Question, messages: Messages) -> list[Option]:
        return []

    def limits(self, question: Question) -> Limits:
        return Limits(
            question.minimum,
            question.maximum,
            question.above,
            question.whole,
            cents=question.unit == "usd",
            share=question.unit == "percent",
        )

    def help(self, question: Question, messages: Messages) -> str:
        return self.expected(question, messages)

    def bands(self, question: Question, cuts: Iterable[Decimal]) -> Bands:
        limits = self.limits(question)
        lowest = limits.minimum
        step = Decimal(1) if limits.whole else _CENT if limits.cents else None
        if step:  # a cut between two answers parts them at the upper one
            cuts = {_rounded_up(cut, step) for cut in cuts}
            lowest = _rounded_up(lowest, step)
            if limits.above and lowest == limits.minimum:  # which is no answer itself
                lowest += step
        inner = sorted({cut for cut in cuts if lowest < cut <= limits.maximum})
        if limits.above and not limits.whole:
            lowest = (limits.minimum + (inner[0] if inner else limits.maximum)) / 2
            if limits.cents:
                lowest = _rounded_up(lowest, _CENT)
        return Bands(tuple(inner), (lowest, *inner))

    def band_texts(self, question: Question, bands: Bands, messages: Messages) -> list[str]:
        ends = [self.text(question, cut, messages) for cut in bands.cuts]
        if not ends:
            return [messages("live_any")]
        return [
            messages("live_below", high=ends[0]),
            *(messages("live_between", low=low, high=high) for low, high in pairwise(ends)),
            messages("live_from", low=ends[-1]),
        ]

    def holding(self, condition: Is | Within, values: Sequence[Value]) -> int:
        from bisect import bisect_left  # not for a rulebook from the cache

        assert isinstance(condition, Within)
        numbers: Any = values
        first = 0 if condition.at_least is None else bisect_left(numbers, condition.at_least)
        end = len(numbers) if condition.below is None else bisect_left(numbers, condition.below)
        return (1 << end) - (1 << first) if first < end else 0

    def written_schema(self, question: Question, messages: Messages) -> Schema:
        sign = "[-+]?" if question.minimum < 0 else r"\+?"
        digits, parts = "[0-9][0-9,.'’ ]*", "[百千万萬][0-9百千]*"
        number = rf"(US)?\$?\s*{sign}{digits}\s*({parts}|[kKwWmM%天日]|USD|days?)?"
        if question.unit == "usd" and not question.core:  # a cost may be told in yuan
            yuan = "(元|RMB|CNY|yuan)?(/[0-9.]+)?"
            number += rf"|([¥￥]|RMB|CNY)?\s*{digits}\s*({parts})?\s*{yuan}"
        return {"type": "string", "pattern": rf"^\s*({number})\s*$"}

    def schema(self, question: Question, messages: Messages) -> list[Schema]:
        limits = self.limits(question)
        low = "exclusiveMinimum" if limits.above else "minimum"
        plain = "integer" if limits.whole else "number"
        bounds = {low: _json(limits.minimum), "maximum": _json(limits.maximum)}
        if may_be_a_share(question, limits.minimum + Decimal("0.5")):  # below 1 it has its sign
            return [{"const": 0}, {"type": plain, **bounds, low: 1}]
        return [{"type": plain, **bounds}]

    def condition_schema(self, question: Question, messages: Messages) -> Schema:
        ends = ("at_least", "below")
        return {
            "type": "object",
            "properties": {
                end: {"description": messages(f"schema_key_{end}"), "type": "number"}
                for end in ends
            },
            "minProperties": 1,
            "additionalProperties": False,
        }

    def names(self, entry: Data) -> list[str]:
        return []

    def is_answer(self, entry: Data, written: Any) -> bool:
        if not is_number(written):
            return False
        low = written <= entry["minimum"] if entry["above"] else written < entry["minimum"]
        whole = written == int(written) or not entry["whole"]
        return whole and not low and bool(written <= entry["maximum"])

    def wrong_condition(self, written: Any) -> str:
        ends = written if isinstance(written, dict) else {}
        if (
            not ends
            or not {*ends} <= {"at_least", "below"}
            or not all(map(is_number, ends.values()))
        ):
            return "condition_number"
        if len(ends) == 2 and ends["at_least"] >= ends["below"]:
            return "condition_empty_range"
        return ""

    def names_in(self, written: Any) -> list[str]:
        return []

    def value(self, written: Any) -> Value:
        return Decimal(str(written))


KINDS: Mapping[str, Kind] = {"choice": _Choice(), "boolean": _Boolean(), "number": _Number()}
"""By the `type` of a question, its kind."""


def kind_of(question: Question) -> Kind:
    """The kind of a question."""
    return KINDS[question.type]


def may_be_a_share(question: Question, number: Decimal) -> bool:
    """Whether a percentage may have been told as a share, 0.15 for 15 %: it takes its sign."""
    limits = kind_of(question).limits(question)
    return limits is not None and limits.share and 0 < number < 1


def is_number(value: Any) -> bool:
    """Whether a value is a finite number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def listed_in(written: Any) -> list[Any]:
    """The answers in a condition that is one answer or a list of some."""
    return written if isinstance(written, list) else [written]


def name_of(written: object) -> str:
    """What an answer in a file is called; YAML reads `true` as a truth value."""
    return str(written).lower() if isinstance(written, bool) else str(written)


def _rounded_up(number: Decimal, step: Decimal) -> Decimal:
    """The next whole number of steps; a number that is one stays as it is written."""
    return number if not number % step else (number / step).to_integral_value(ROUND_CEILING) * step


def _all(written: Any, wanted: type) -> bool:
    answers = listed_in(written)
    return bool(answers) and all(isinstance(answer, wanted) for answer in answers)


def _json(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


# ---- from what is given to an answer


def parse(
    question: Question, raw: object, messages: Messages, rate: Rate | None = None
) -> Value | None:
    """The answer that `raw` means; None where it is blank. With a `rate`, an amount may be told in
    yuan.

    UNKNOWN where the person does not know. Raises RefusedError, which says what would be right.
    """
    item = getattr(raw, "item", None)  # numpy and pandas wrap their numbers
    raw = item() if callable(item) else raw
    if raw is None:
        return None
    if isinstance(raw, float):
        raw = Decimal(repr(float(raw)))
    elif isinstance(raw, int) and not isinstance(raw, bool):
        raw = Decimal(raw)
    if isinstance(raw, Decimal) and not raw.is_finite():
        raise RefusedError(messages("not_finite", value=shorten(raw)))
    if not isinstance(raw, (str, bool, Decimal)):
        raise RefusedError(messages("not_a_value", expected=expected(question, messages)))
    if isinstance(raw, str):
        raw = legible(raw)
        if not raw:
            return None
        if raw.casefold() in (UNKNOWN, *messages.words("words_unknown")):
            return _unknown(question, messages)
        if rate and question.unit == "usd":
            raw = in_dollars(raw, rate, messages)
    return kind_of(question).parse(question, raw, messages)


def _unknown(question: Question, messages: Messages) -> Value:
    if question.core and question.assumed is None:
        raise RefusedError(messages("must_be_known", expected=expected(question, messages)))
    return UNKNOWN


def expected(question: Question, messages: Messages) -> str:
    """What would be a right answer, in words."""
    return kind_of(question).expected(question, messages)
