"""Figures as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from choose_channel.messages.i18n import Messages
from choose_channel.money.format import Span, days, percent, round_usd, span, times, usd, whole


def _span(low: str, high: str | None) -> Span:
    return Span(Decimal(low), None, Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [("2", "2", "2 days"), ("2", "5", "2 to 5 days"), ("2", None, "2 to –")],
)
def test_days_are_a_range_only_where_the_ends_differ(
    low: str, high: str | None, text: str, messages: Messages
) -> None:
    """An end that nobody knows is a dash."""
    assert days(_span(low, high), messages).removesuffix(" days") == text.removesuffix(" days")


@pytest.mark.parametrize(
    ("low", "high", "text"), [("2", "2", "$2.00"), ("2", "5", "$2.00 to $5.00")]
)
def test_amounts_are_a_range_only_where_the_ends_differ(
    low: str, high: str, text: str, messages: Messages
) -> None:
    """So that nobody reads the same amount twice."""
    assert span(_span(low, high), usd, messages) == text


def test_a_day_that_has_begun_counts_whole() -> None:
    """The money is not there before it is over."""
    assert [whole(Decimal(day)) for day in ("2", "2.1", "2.9")] == ["2", "3", "3"]


def test_a_number_has_no_more_decimals_than_it_needs() -> None:
    """A multiple alone always has two: 1.00 is just as many."""
    assert [times(Decimal(raw)) for raw in ("1", "1.005", "1234.5")] == ["1.00", "1.01", "1,234.50"]
    assert [percent(Decimal(raw)) for raw in ("100", "2.90", "0.125")] == ["100%", "2.9%", "0.13%"]
    assert [round_usd(Decimal(raw)) for raw in ("-4", "4.5", "1200")] == ["-$4", "$4.50", "$1,200"]
