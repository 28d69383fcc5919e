"""One HTML file, whole in itself: nothing is loaded from elsewhere, and nothing leaves it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import sanitize
from choose_channel.report.build import report_on
from choose_channel.report.formats import Display, Subject
from choose_channel.report.formats.html import charts, what_if
from choose_channel.report.run_info import RunInfo

_PAGE = Path(__file__).parent
_ROOM = 16_000
"""So many letters have room on two sheets of paper; a longer report leaves details out
there, never on the screen."""


def render(subject: Subject, run: RunInfo | None, _display: Display) -> str:
    """The page. Every text in it is escaped; its style and script are named by their digests."""
    content = report_on(subject, run)
    style, script = _read("style.css"), _read("script.js")
    others = what_if.pack(subject) if isinstance(subject, Decision) else None
    environment = _environment(messages=subject.messages, charts=charts)
    blocks: Any = environment.get_template("blocks.html").module
    return environment.get_template("report.html").render(
        report=content,
        title=content.title.title or subject.rulebook["name"],
        lang={"zh": "zh-CN"}.get(subject.lang, subject.lang),
        decision=subject,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  (our own files)
        script=Markup(script),  # noqa: S704
        what_if=others,
        data=_data(what_if.page_data(others)) if others else "",
        long=_length(content) > _ROOM,
        blocks=blocks,
        # blocks.html has a macro for each kind of block.
        draw=lambda block, heading: getattr(blocks, type(block).__name__.lower())(block, heading),
    )


def _length(content: object) -> int:
    """The letters of a report: a Chinese one takes the room of three others."""
    if isinstance(content, str):
        return len(content) + 2 * sum("\u2e80" <= c <= "\uffef" for c in content)
    return sum(map(_length, content)) if isinstance(content, tuple) else 0


def _environment(**globals: object) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: sanitize(value) if type(value) is str else value,
    )
    environment.globals.update(globals)
    return environment


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
