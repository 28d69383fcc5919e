"""What an answer means: forgiving at the edge, exact inside.

`$9.90`, `1,200`, `1.2k`, `1.5万`, full-width digits, labels in either language and unique prefixes
are read; another currency, a sign too many or a word too vague is refused with what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from choose_channel.messages.errors import nearest
from choose_channel.messages.i18n import Say, shown
from choose_channel.model.naming import plain
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


def parse(question: Question, raw: object, say: Say) -> Value | None:
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
        raise RefusedError(say("not_finite", value=shown(raw)))
    if not isinstance(raw, (str, bool, Decimal)):
        raise RefusedError(say("not_a_value", expected=expected(question, say)))
    if question.type == "number" and not isinstance(raw, str):
        if isinstance(raw, bool):
            raise RefusedError(
                say("not_a_number", value=plain(raw), expected=expected(question, say))
            )
        return _bounded(question, raw, say)
    text = unicodedata.normalize("NFKC", plain(raw) if isinstance(raw, bool) else str(raw)).strip()
    if not text:
        return None
    if _is_word(text, "words_unknown", say) or text.casefold() == UNKNOWN:
        return _unknown(question, say)
    if question.type == "number":
        return _number(question, text, say)
    return _chosen(question, text, say)


def _unknown(question: Question, say: Say) -> Value | None:
    if question.assumed is not None:
        return UNKNOWN
    if question.core:
        raise RefusedError(say("must_be_known", expected=expected(question, say)))
    return None  # of a money input: as good as not given


def expected(question: Question, say: Say) -> str:
    """What would be a right answer, in words."""
    if question.type == "number":
        key = question.unit or ("count" if question.whole else "number")
        key += "_or_none" if key == "usd" and not question.above else ""
        return say(f"expected_{key}", minimum=question.minimum, maximum=f"{question.maximum:,}")
    if question.type == "boolean":
        return say.listing(["true", "false"])
    names = [choice.id for choice in question.choices]
    return say.listing([*names, UNKNOWN] if question.assumed is not None else names)


def _is_word(text: str, key: str, say: Say) -> bool:
    words = " ".join(say.phrases[key].values()).casefold().split()
    return text.casefold() in words


def _chosen(question: Question, text: str, say: Say) -> Value:
    wanted = folded(text)
    aliases: dict[str, str] = {}
    names: dict[str, str] = {}
    for choice in question.choices:
        aliases.update({folded(name): choice.id for name in choice.aliases})
        names.update({folded(name): choice.id for name in (choice.id, *choice.label.values())})
    if question.type == "boolean":
        for key, value in (("words_true", "true"), ("words_false", "false")):
            names.update(dict.fromkeys(" ".join(say.phrases[key].values()).split(), value))
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
        raise RefusedError(say("ambiguous", value=shown(text), options=say.listing(sorted(found))))
    names = {**aliases, **names}
    near = nearest(wanted, names)
    message = say("not_a_choice", value=shown(text), expected=expected(question, say))
    raise RefusedError(say.hinted(message, names[near] if near else None))


def folded(text: str) -> str:
    """A spelling as it is compared: width, case, and how words are joined do not count."""
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFKC", text).casefold().strip())


def _number(question: Question, text: str, say: Say) -> Decimal:
    if question.whole and re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        raise RefusedError(say("point_or_comma", value=shown(text)))
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return _bounded(question, Decimal(text), say)
    rest = text.casefold()
    rest = re.sub(_UNITS.get(question.unit, "$^"), "", rest.strip()).strip()
    if question.unit == "usd":
        rest = re.sub(_DOLLARS, "", rest, count=1) if not _foreign(rest) else rest
        if re.search(_OTHER_CURRENCY, rest):
            raise RefusedError(say("other_currency", value=shown(text)))
    rest = re.sub(r"\s*(followers?|fans|个?粉丝?|个)$", "", rest.strip()).strip()
    scale = _SCALE.get(rest[-1:], 1)
    digits = rest[:-1].strip() if scale > 1 else rest
    if not re.fullmatch(_NUMBER, digits) or not any(c.isdigit() for c in digits):
        raise RefusedError(say("not_a_number", value=shown(text), expected=expected(question, say)))
    return _bounded(question, Decimal(digits.replace(",", "")) * scale, say)


def _foreign(text: str) -> bool:
    """A dollar that is not the US dollar: HK$, A$, C$ …"""
    return bool(re.search(r"(?<![a-z])(?!us\$)[a-z]{1,2}\$", text))


def _bounded(question: Question, number: Decimal, say: Say) -> Decimal:
    low = number <= question.minimum if question.above else number < question.minimum
    if low or number > question.maximum:
        raise RefusedError(
            say("out_of_range", value=shown(number), expected=expected(question, say))
        )
    if len(number.as_tuple().digits) > MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
        raise RefusedError(say("too_exact", value=shown(number), digits=MOST_DIGITS))
    if question.whole and number != number.to_integral_value():
        raise RefusedError(say("not_whole", value=shown(number)))
    return number + 0  # a minus before nothing goes
