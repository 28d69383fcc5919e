"""Sellers whose reports are looked at: answers by name."""

from __future__ import annotations

import functools
import json
from random import Random
from typing import Any

import choose_channel as cc
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.formats import render
from choose_channel.report.run_info import RunInfo

BOOK: dict[str, Any] = {
    "product_type": "branded",
    "price": "15.99",
    "warehouse": "local",
    "followers": 3000,
    "business_license": "overseas",
    "unit_cost": "9.59",
    "shop_shipping": 4,
    "link_shipping": 4,
}
"""A real author's book: a usual creator commission eats the whole profit."""

HYBRID: dict[str, Any] = {
    "product_type": "branded",
    "price": 39,
    "warehouse": "local",
    "followers": 3000,
    "business_license": "mainland",
    "market": "us",
    "goal": "brand",
    "experience": "experienced",
    "cash": "comfortable",
    "store": "fast",
    "lead_product": True,
    "unit_cost": 12,
    "shop_shipping": 4,
    "link_shipping": 5,
    "return_rate": 4,
    "monthly_views": 100_000,
    "link_orders_per_1000_views": "0.8",
    "lead_price": "9.9",
    "lead_cost": 4,
}
"""Both ways, with a lead product, and the money of all of it."""

RUN = RunInfo("2026-11-22", "0.1.0", "choose-channel --product-type commodity")

HOSTILE = {
    "script": "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>",
    "markup": "[bold red]x[/] **y** `z` # a | b \\ _c_ {{ 7 * 7 }} {% x %} &lt; <!-- ]]>",
    "escapes": "\x1b[31mred\x1b]0;title\x07 \x9b2J \x00 \x08",
    "direction": "abc\u202edcba\u2066x\u2069 \u200f\u061c\ufeff",
    "long": "x" * 10_000,
}
"""Texts that somebody could put over a report, or into a rulebook."""


def rendered(answers: dict[str, Any], format: str, lang: str = "en", run: RunInfo = RUN) -> str:
    """The report of a seller, made once for all tests that look at it."""
    return _rendered(json.dumps(answers), format, lang, run)


@functools.cache
def _rendered(answers: str, format: str, lang: str, run: RunInfo) -> str:
    return render(cc.decide(json.loads(answers), lang=lang), format, run)


def at_random(rulebook: Rulebook, chance: Random) -> dict[str, Any]:
    """A seller of anything anywhere: the core questions answered, of the others about half, and
    mostly costs, which may eat the whole price."""
    answers: dict[str, Any] = {}
    for question in rulebook.asked.values():
        if question.core or chance.random() < 0.5:
            options: list[Any] = [choice.id for choice in question.choices] or [False, True]
            answers[question.id] = chance.choice(options)
    price = chance.randint(100, 12_000)
    answers |= {
        "price": price / 100,
        "followers": chance.choice([0, 250, 999, 1000, 5000, 120_000]),
    }
    if chance.random() < 0.7:
        answers["unit_cost"] = max(1, price * chance.randint(1, 11) // 10) / 100
        for name, most in (("shop_shipping", 9), ("link_shipping", 9), ("import_duty", 3)):
            if chance.random() < 0.6:
                answers[name] = chance.randint(0, most)
        for name in ("creator_commission", "return_rate"):
            if chance.random() < 0.3:
                answers[name] = chance.randint(1, 30)
        if chance.random() < 0.3:
            answers |= {"lead_price": 9.9, "lead_cost": 3}
        if chance.random() < 0.3:
            answers |= {"monthly_views": 20_000, "link_orders_per_1000_views": 0.5}
    return answers
