"""Figures as people read them: dollars, percent, days, ranges, and how old a fact is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from choose_channel.messages.i18n import Messages

_CENT = Decimal("0.01")


class Span(NamedTuple):
    """A figure at its lowest, in the middle and at its highest; None where there is no such number:
    no number of orders that earn nothing is enough."""

    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None


def usd(amount: Decimal) -> str:
    """An amount in US dollars with its cents, a minus before it where it is a loss."""
    cents = amount.quantize(_CENT, ROUND_HALF_UP)
    return f"{'-' if cents < 0 else ''}${abs(cents):,}"


def round_usd(amount: Decimal) -> str:
    """An amount in US dollars as a sentence tells it: with its cents only if it has any."""
    return usd(amount).removesuffix(".00")


def percent(number: Decimal) -> str:
    """A share, in percent, with two decimals at most."""
    return f"{number.quantize(_CENT, ROUND_HALF_UP).normalize():,f}%"


def short(number: Decimal) -> str:
    """A number with one decimal at most."""
    return f"{number.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():,f}"


def times(number: Decimal) -> str:
    """A multiple, with two decimals: 1.00 is just as many."""
    return f"{number.quantize(_CENT, ROUND_HALF_UP):,f}"


def whole(day: Decimal) -> str:
    """A day as people count them: a day that has begun counts whole."""
    return f"{day.to_integral_value(ROUND_CEILING):f}"


def span(figure: Span, text: Callable[[Decimal], str], messages: Messages) -> str:
    """A range, or one figure where both ends are the same. An open end is a dash."""
    low, high = (text(end) if end is not None else "–" for end in (figure.low, figure.high))
    return low if low == high else messages("money_range", low=low, high=high)


def days(figure: Span, messages: Messages) -> str:
    """A range of whole days."""
    low, high = (short(end) if end is not None else "–" for end in (figure.low, figure.high))
    return messages("money_day_exact" if low == high else "money_day_range", low=low, high=high)
