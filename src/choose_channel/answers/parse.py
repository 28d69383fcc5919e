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


def choices_meant(text: str, names: Mapping[str, str], aliases: Mapping[str, str]) -> set[str]:
    """The choices that a text may mean. `names` and `aliases` give choices by normalized spelling;
    a whole name comes before the beginning of one, and a name that people are shown before an
    alias."""
    wanted = normalize(text)
    for known in (names, aliases):
        if wanted in known:
            return {known[wanted]}
    for known in (names, aliases):
        choices = {choice for name, choice in known.items() if name.startswith(wanted)}
        if choices:
            return choices
    return set()


_NUMBER = r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?"
_SCALE = {"k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000, "萬": 10_000, "m": 1_000_000}
_DOLLARS = r"us\$|usd|us dollars?|dollars?|美元|美金|美刀|刀|\$"
_UNITS = {"percent": r"\s*(%|percent|per cent)$", "days": r"\s*(days?|天|日)$"}
_OTHER_CURRENCY = (
    r"[¥€£₫฿₱₩₹]|rmb|cny|yuan|eur|gbp|hkd|jpy|vnd|thb|sgd|myr|idr|php|brl|mxn|[a-z]{1,2}\$"
    r"|人民币|元|块|港币|英镑"
)
_YUAN = (  # compiled when a text is read, since many runs read none
    r"(?P<before>cn¥|¥|rmb|cny|人民币)?\s*(?P<amount>[-+\d.,]+\s*[k千w万萬m]?)"
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

    `$9.90`, `1,200`, `1.2k` and `1.5万` are read. Raises RefusedError for another currency, and for
    what may be a thousand or one.
    """
    if whole and re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
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
    scale = _SCALE.get(rest[-1:], 1)
    digits = rest[:-1].strip() if scale > 1 else rest
    if not re.fullmatch(_NUMBER, digits) or not any(c.isdigit() for c in digits):
        return None
    return Decimal(digits.replace(",", "")) * scale


def _foreign(text: str) -> bool:
    """A dollar that is not the US dollar: HK$, A$, C$ …"""
    return bool(re.search(r"(?<![a-z])(?!us\$)[a-z]{1,2}\$", text))
