"""Sellers whose money is worked out by hand, and how their accounts are read."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from choose_channel import decide
from choose_channel.cli.main import run
from choose_channel.model.naming import flag
from choose_channel.money.format import Span
from choose_channel.money.results import Money, StreamMoney

Answers = dict[str, Any]

BOOK: Answers = {
    **{"product_type": "branded", "price": "15.99", "market": "us"},
    **{"warehouse": "local", "business_license": "overseas", "base": "in_market"},
    **{"followers": 3000, "unit_cost": "9.59", "shop_shipping": 4, "link_shipping": 4},
}
"""An author's own book, printed and shipped from the US."""
LAMP: Answers = {
    **{"product_type": "branded", "price": 48, "market": "eu"},
    **{"warehouse": "local", "business_license": "mainland", "followers": 3000},
    **{"store": "fast", "experience": "experienced"},
    **{"unit_cost": "12.50", "shop_shipping": "5.20", "link_shipping": "6.40"},
    **{"return_rate": 8},
}
"""A designer lamp in the EU."""
CLIPS: Answers = {
    **{"product_type": "commodity", "price": 25, "market": "us"},
    **{"warehouse": "local", "business_license": "mainland", "followers": 3000},
    **{"store": "slow", "experience": "first_time", "lead_product": True},
    **{"unit_cost": "6.20", "shop_shipping": "3.90", "link_shipping": "4.80"},
    **{"return_rate": 10, "creator_commission": 15},
    **{"monthly_views": 50_000, "link_orders_per_1000_views": "0.4", "site_monthly_cost": 39},
    **{"first_order": 200, "restock_days": 25, "delivery_days": 4},
    **{"lead_price": "9.90", "lead_cost": "4.20", "lead_shipping": 5},
}
"""Everyday goods in the US, with a lead product."""


def money_of(answers: Answers, **more: Any) -> Money:
    """The money of these answers and some more."""
    money = decide({**answers, **more}).money
    assert money is not None
    return money


def way(money: Money, name: str) -> StreamMoney:
    """One way of selling."""
    return next(stream for stream in money.channels if stream.stream == name)


def columns(money: Money, name: str) -> dict[str, str]:
    """A way of selling as on paper: each line and what is left, at worst, in the middle, at best;
    one figure where all three are the same."""
    stream = way(money, name)
    lines = {line.id: Span(line.low, line.middle, line.high) for line in stream.lines}
    spans = {**lines, "left": stream.profit_per_order}
    return {name: " ".join(dict.fromkeys(map(str, span))) for name, span in spans.items()}


def same(span: Span | None, *ends: str | None) -> bool:
    """Whether a span holds these figures."""
    return span == Span(*(None if end is None else Decimal(end) for end in ends))


def record(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What the command line prints as JSON."""
    assert run([*words, "--format", "json", "--no-input"]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


def flags(answers: Answers) -> list[str]:
    """Answers as they are typed."""
    return [word for name, value in answers.items() for word in (flag(name), str(value).lower())]
