"""Sellers whose reports are looked at: answers by name."""

from __future__ import annotations

from typing import Any

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
