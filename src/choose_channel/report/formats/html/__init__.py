"""One HTML file, whole in itself: nothing is loaded from elsewhere, and nothing leaves it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.report.build import report
from choose_channel.report.content import Report, RunInfo
from choose_channel.report.formats import Display
from choose_channel.report.formats.html import charts
from choose_channel.report.formats.html.what_if import live, page_data

_PAGE = Path(__file__).parent
_ROOM = 17_000
"""So many letters have room on two sheets of paper; a longer report leaves details out
there, never on the screen."""


def render(decision: Decision, run: RunInfo | None, _display: Display) -> str:
    """The page. Every text in it is escaped; its style and script are named by their digests."""
    messages = Messages(decision.book.wording, decision.lang)
    told = report(decision, run)
    style, script = _read("style.css"), _read("script.js")
    found = live(decision)
    page = _environment().get_template("report.html")
    return page.render(
        report=told,
        title=told.heading.title or messages.text(decision.book.name),
        lang={"zh": "zh-CN"}.get(decision.lang, decision.lang),
        messages=messages,
        decision=decision,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  (our own files)
        script=Markup(script),  # noqa: S704
        live=found,
        data=_data(page_data(decision, found)) if found else "",
        long=Markup(' class="long"') if _length(told) > _ROOM else "",
        money=_money_charts(told),
        swings=_swings(told),
        chart=charts,
    )


def _length(told: object) -> int:
    """The letters of a report: a Chinese one takes the room of three others."""
    if isinstance(told, str):
        return len(told) + 2 * sum("\u2e80" <= c <= "\uffef" for c in told)
    return sum(map(_length, told)) if isinstance(told, tuple) else 0


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: sanitize(value) if type(value) is str else value,
    )


def _read(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _policy(*inline: str) -> str:
    """What the page may do: its own style and script, and nothing else."""
    style, script = map(_digest, inline)
    rules = ("default-src 'none'", f"style-src {style}", f"script-src {script}", "img-src data:")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(data: dict[str, Any]) -> Markup:
    """Data that no text in it can break out of."""
    text = json.dumps(data, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def _swings(told: Report) -> list[list[charts.Stretch]]:
    """By dimension, the points of each channel to either side of zero."""
    most = max((abs(p) for one in told.channels for p in one.points), default=1)
    columns: Iterable[tuple[int, ...]] = zip(*(one.points for one in told.channels), strict=True)
    return [charts.swings(points, most) for points in columns]


def _money_charts(told: Report) -> dict[str, Any]:
    if not told.money:
        return {}
    return {"ranges": charts.ranges(told.money.bars), "cash": charts.cash(told.money.curves)}
