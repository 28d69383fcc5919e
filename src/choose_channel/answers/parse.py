"""Reading what people type: names of choices, and numbers in the ways in which they are written.

Labels in either language, unique prefixes and many ways to write a number are read; what may mean
two things is refused with what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import normalize


def choices_meant(
    text: str, names: Mapping[str, str], aliases: Mapping[str, str], messages: Messages
) -> set[str]:
    """The choices that a text may mean. `names`, which people are shown, and `aliases` give choices
    by normalized spelling; a whole name, and an alias, comes before the beginning of a name. A yes
    or a no begins no longer word: `no` is not `nothing of my own`."""
    wanted = normalize(text)
    for known in (names, aliases):
        if wanted in known:
            return {known[wanted]}
    whole = wanted in {*messages.words("words_true"), *messages.words("words_false")}
    return {
        choice
        for name, choice in names.items()
        if name.startswith(wanted) and not (whole and name[len(wanted)].isalnum())
    }


# Patterns are compiled when a text is read: most runs read none that needs them.
_SCALE = {"百": 100, "k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000, "萬": 10_000}
_SCALE["m"] = 1_000_000
_DIGITS = r"(\d+(\.\d*)?|\.\d+)"
_GROUPED = r"[1-9]\d{0,2}((,\d{3})+|(['’]\d{3})+|( \d{3})+)(\.\d*)?"
_DECIMAL_COMMA = (
    r"(\d+|[1-9]\d{0,2}((['’]\d{3})+|( \d{3})+|(\.\d{3})+)),\d+|[1-9]\d{0,2}(\.\d{3}){2,}"
)
"""`9,90` and `1.200,50`; not `1,200`, which is a thousand and is looked for before."""
_PART = r"(\d+)([万萬w千k百])"
_OPEN = rf"({_DIGITS}[^-+~–—到至]*)(\+|以上|([-~–—]|到|至)\s*\D?\d.*)"
_DOLLARS = r"us\$|usd|us dollars?|dollars?|美元|美金|美刀|刀|\$"
_UNITS = {"percent": r"\s*(%|percent|per cent)$", "days": r"\s*(days?|天|日)$"}
_OTHER_CURRENCY = (
    r"[¥€£₫฿₱₩₹]|rmb|cny|yuan|eur|gbp|hkd|jpy|vnd|thb|sgd|myr|idr|php|brl|mxn|[a-z]{1,2}\$"
    r"|人民币|元|块|港币|英镑"
)
_YUAN = (
    r"(?P<before>cn¥|¥|rmb|cny|人民币)?\s*(?P<amount>[-+\d][-+\d.,'’ k百千w万萬m]*?)"
    r"\s*(?P<after>元?人民币|人民币元|块钱?|元|yuan|rmb|cny)?(\s*/\s*(?P<rate>\d+(\.\d+)?))?"
)
_CENT = Decimal("0.01")


class Rate(NamedTuple):
    """The seller's own exchange rate: what the input is called, and the yuan in a dollar where
    they gave it."""

    name: str
    yuan: Decimal | None


def in_dollars(text: str, rate: Rate, messages: Messages) -> str | Decimal:
    """A cost written in yuan, in US dollars and whole cents; any other text as it is.

    `36元`, `¥36` and `36 RMB` take the seller's own rate, `36元/7` brings it along. Raises
    RefusedError where there is none: no rate is ever assumed.
    """
    yuan_cost = re.fullmatch(_YUAN, text.casefold())
    if not yuan_cost or not (yuan_cost["before"] or yuan_cost["after"]):
        return text
    amount = number_meant(yuan_cost["amount"], "", whole=False, messages=messages)
    if amount is None:
        return text
    yuan = Decimal(yuan_cost["rate"]) if yuan_cost["rate"] else rate.yuan
    if not yuan:
        value, start = shorten(text), shorten(text.split("/", maxsplit=1)[0].strip())
        raise RefusedError(messages("yuan_without_rate", value=value, start=start, name=rate.name))
    return (amount / yuan).quantize(_CENT, ROUND_HALF_UP)


def is_signed(text: str, unit: str) -> bool:
    """Whether a text ends in the sign of its unit, as `0.5%` does."""
    return unit in _UNITS and re.search(_UNITS[unit], text.casefold()) is not None


def number_meant(text: str, unit: str, *, whole: bool, messages: Messages) -> Decimal | None:
    """The number that a text means; None where it is none.

    `$9.90`, `1,200`, `9,90`, `1 200`, `1.2k`, `1.5万` and `1万2` are read. Raises RefusedError for
    another currency, for what may be a thousand or one, and for what leaves the number open.
    """
    if whole and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        raise RefusedError(messages("point_or_comma", value=shorten(text)))
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return Decimal(text)
    rest = text.casefold()
    rest = re.sub(_UNITS.get(unit, "$^"), "", rest.strip()).strip()
    if unit == "usd":
        rest = re.sub(_DOLLARS, "", rest, count=1) if not _foreign(rest) else rest
        if re.search(_OTHER_CURRENCY, rest):
            raise RefusedError(messages("other_currency", value=shorten(text)))
    rest = re.sub(r"\s*(followers?|fans|个?粉丝?|个)$", "", rest.strip()).strip()
    if match := re.fullmatch(_OPEN, rest):
        example = match[1].strip()
        raise RefusedError(messages("number_open", value=shorten(text), example=shorten(example)))
    scale = _SCALE.get(rest[-1:], 1)
    number = _plain_number(rest[:-1].strip() if scale > 1 else rest)
    return _in_parts(rest) if number is None else number * scale


def _plain_number(text: str) -> Decimal | None:
    """A number in digits, with a point or a comma before the decimals."""
    sign, digits = (text[0], text[1:]) if text[:1] in ("-", "+") else ("", text)
    if re.fullmatch(f"{_DIGITS}|{_GROUPED}", digits):
        return Decimal(sign + re.sub("[,'’ ]", "", digits))
    if re.fullmatch(_DECIMAL_COMMA, digits):
        return Decimal(sign + re.sub("[.'’ ]", "", digits).replace(",", "."))
    return None


def _in_parts(text: str) -> Decimal | None:
    """A number told in parts, such as `1万2千`. A single digit at the end counts the next unit, as
    people say it: `1万2` is 12,000."""
    number, unit = Decimal(0), 0
    while match := re.match(_PART, text):
        scale = _SCALE[match[2]]
        part = Decimal(match[1]) * scale
        if unit and part >= unit:
            return None
        number, unit, text = number + part, scale, text[match.end() :]
    if unit and re.fullmatch("[1-9]", text):
        return number + int(text) * unit // 10
    return number if unit and not text else None


def _foreign(text: str) -> bool:
    """A dollar that is not the US dollar: HK$, A$, C$ …"""
    return bool(re.search(r"(?<![a-z])(?!us\$)[a-z]{1,2}\$", text))
