"""What an answer means: forgiving at the edge, exact inside.

`$9.90`, `1,200`, `1.2k`, `1.5万`, full-width digits, labels in either language and unique prefixes
are read; another currency, a sign too many or a word too vague is refused with what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from choose_channel.messages.errors import nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Value

_NUMBER = r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?"
_SCALE = {"k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000, "萬": 10_000, "m": 1_000_000}
_DOLLARS = r"us\$|usd|us dollars?|dollars?|美元|美金|美刀|刀|\$"
_UNITS = {"percent": r"\s*(%|percent|per cent)$", "days": r"\s*(days?|天|日)$"}
_OTHER_CURRENCY = (
    r"[¥€£₫฿₱₩₹]|rmb|cny|eur|gbp|hkd|jpy|vnd|thb|sgd|myr|idr|php|[a-z]{1,2}\$"
    r"|人民币|元|块|港币|英镑"
)
MOST_DIGITS = 15


class RefusedError(Exception):
    """A value is no answer to the question; says what would be right."""


def parse(question: Question, raw: object, messages: Messages) -> Value | None:
    """The answer that `raw` means; None where it is blank.

    Raises RefusedError, which says what would be right.
    """
    item = getattr(raw, "item", None)  # a number of numpy's, or the like, holds one of ours
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
    if question.type == "number" and not isinstance(raw, str):
        if isinstance(raw, bool):
            raise RefusedError(
                messages("not_a_number", value=to_text(raw), expected=expected(question, messages))
            )
        return _bounded(question, raw, messages)
    text = unicodedata.normalize(
        "NFKC", to_text(raw) if isinstance(raw, bool) else str(raw)
    ).strip()
    if not text:
        return None
    if _is_word(text, "words_unknown", messages) or text.casefold() == UNKNOWN:
        return _unknown(question, messages)
    if question.type == "number":
        return _number(question, text, messages)
    return _chosen(question, text, messages)


def _unknown(question: Question, messages: Messages) -> Value | None:
    if question.assumed is not None:
        return UNKNOWN
    if question.core:
        raise RefusedError(messages("must_be_known", expected=expected(question, messages)))
    return None  # of a money input: as good as not given


def expected(question: Question, messages: Messages) -> str:
    """What would be a right answer, in words."""
    if question.type == "number":
        key = question.unit or ("count" if question.whole else "number")
        key += "_or_none" if key == "usd" and not question.above else ""
        return messages(
            f"expected_{key}", minimum=question.minimum, maximum=f"{question.maximum:,}"
        )
    if question.type == "boolean":
        return messages.listing(["true", "false"])
    names = [choice.id for choice in question.choices]
    return messages.listing([*names, UNKNOWN] if question.assumed is not None else names)


def _is_word(text: str, key: str, messages: Messages) -> bool:
    words = " ".join(messages.phrases[key].values()).casefold().split()
    return text.casefold() in words


def _chosen(question: Question, text: str, messages: Messages) -> Value:
    wanted = normalize(text)
    aliases: dict[str, str] = {}
    names: dict[str, str] = {}
    for choice in question.choices:
        aliases.update({normalize(name): choice.id for name in choice.aliases})
        names.update({normalize(name): choice.id for name in (choice.id, *choice.label.values())})
    if question.type == "boolean":
        for key, value in (("words_true", "true"), ("words_false", "false")):
            names.update(dict.fromkeys(" ".join(messages.phrases[key].values()).split(), value))
    found: set[str] = set()
    for known in (names, aliases):  # the names that people are shown come first
        if not found:
            found = {known[wanted]} if wanted in known else set()
    for known in (names, aliases):
        if not found:
            found = {choice for name, choice in known.items() if name.startswith(wanted)}
    if len(found) == 1:
        (chosen,) = found
        return chosen == "true" if question.type == "boolean" else chosen
    if found:
        raise RefusedError(
            messages("ambiguous", value=shorten(text), options=messages.listing(sorted(found)))
        )
    names = {**aliases, **names}
    near = nearest(wanted, names)
    message = messages("not_a_choice", value=shorten(text), expected=expected(question, messages))
    raise RefusedError(messages.hinted(message, names[near] if near else None))


def normalize(text: str) -> str:
    """A spelling as it is compared: width, case, and how words are joined do not count."""
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFKC", text).casefold().strip())


def _number(question: Question, text: str, messages: Messages) -> Decimal:
    if question.whole and re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        raise RefusedError(messages("point_or_comma", value=shorten(text)))
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return _bounded(question, Decimal(text), messages)
    rest = text.casefold()
    rest = re.sub(_UNITS.get(question.unit, "$^"), "", rest.strip()).strip()
    if question.unit == "usd":
        rest = re.sub(_DOLLARS, "", rest, count=1) if not _foreign(rest) else rest
        if re.search(_OTHER_CURRENCY, rest):
            raise RefusedError(messages("other_currency", value=shorten(text)))
    rest = re.sub(r"\s*(followers?|fans|个?粉丝?|个)$", "", rest.strip()).strip()
    scale = _SCALE.get(rest[-1:], 1)
    digits = rest[:-1].strip() if scale > 1 else rest
    if not re.fullmatch(_NUMBER, digits) or not any(c.isdigit() for c in digits):
        raise RefusedError(
            messages("not_a_number", value=shorten(text), expected=expected(question, messages))
        )
    return _bounded(question, Decimal(digits.replace(",", "")) * scale, messages)


def _foreign(text: str) -> bool:
    """A dollar that is not the US dollar: HK$, A$, C$ …"""
    return bool(re.search(r"(?<![a-z])(?!us\$)[a-z]{1,2}\$", text))


def _bounded(question: Question, number: Decimal, messages: Messages) -> Decimal:
    low = number <= question.minimum if question.above else number < question.minimum
    if low or number > question.maximum:
        raise RefusedError(
            messages("out_of_range", value=shorten(number), expected=expected(question, messages))
        )
    if len(number.as_tuple().digits) > MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
        raise RefusedError(messages("too_exact", value=shorten(number), digits=MOST_DIGITS))
    if question.whole and number != number.to_integral_value():
        raise RefusedError(messages("not_whole", value=shorten(number)))
    return number + 0  # a minus before nothing goes
