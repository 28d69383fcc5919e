"""One HTML file, whole in itself: nothing is loaded from elsewhere, and nothing leaves it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from choose_channel.engine.decision import Decision
from choose_channel.report.build import report_on
from choose_channel.report.formats import Display, Subject
from choose_channel.report.formats.html import charts, what_if
from choose_channel.report.formats.html.inline import data_block, environment, policy, read, tag
from choose_channel.report.run_info import RunInfo

_ROOM = 16_000
"""So many letters have room on two sheets of paper; a longer report leaves details out
there, never on the screen."""


def render(subject: Subject, run: RunInfo | None, _display: Display) -> str:
    """The page. Every text in it is escaped; its style and script are named by their digests."""
    content = report_on(subject, run)
    style, script = read("style.css"), read("script.js")
    others = what_if.pack(subject) if isinstance(subject, Decision) else None
    pages = environment(messages=subject.messages, charts=charts)
    blocks: Any = pages.get_template("blocks.html").module
    return pages.get_template("report.html").render(
        report=content,
        title=content.title.title or subject.rulebook["name"],
        lang=tag(subject.lang),
        decision=subject,
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704  (our own files)
        script=Markup(script),  # noqa: S704
        what_if=others,
        data=data_block(what_if.page_data(others)) if others else "",
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
