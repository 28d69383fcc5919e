"""One HTML file, whole in itself: nothing is loaded from elsewhere, and nothing leaves it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Access
from choose_channel.report.build import report_on
from choose_channel.report.content import Card, Meter, Pitfalls, Report, Section, Sources, Steps
from choose_channel.report.first_screen import (
    Watch,
    assumed_line,
    card,
    figures,
    fit_cell,
    gravest,
    tiles,
)
from choose_channel.report.formats import Display, Subject
from choose_channel.report.formats.html import charts, what_if
from choose_channel.report.formats.html.inline import data_block, environment, policy, read, tag
from choose_channel.report.key_figures import Tile
from choose_channel.report.parts import PARTS
from choose_channel.report.run_info import RunInfo, reader_of

_TITLES = {
    "plan": "html_plan",
    "money": "report_money",
    "why": "html_why",
    "pitfalls": "html_pitfalls",
    "sources": "html_sources",
}
"""By part of a report, the phrase over it."""


class Way(NamedTuple):
    """A channel on the first screen; `tag` says that it is to be played, or aimed at."""

    name: str
    tag: str
    access: Access
    word: str
    fit: str
    meter: Meter | None


class FirstScreen(NamedTuple):
    """What stands above all that is folded."""

    card: Card
    week: Section | None
    ways: tuple[Way, ...]
    figures: tuple[Tile, ...]
    watch: Watch | None
    left_out: tuple[str, ...]
    assumed: str


class Part(NamedTuple):
    """Sections that are folded together; `gist` says how much is in them."""

    id: str
    title: str
    gist: str
    sections: tuple[Section, ...]


def render(subject: Subject, run: RunInfo | None, _display: Display) -> str:
    """The page. Every text in it is escaped; its style and script are named by their digests."""
    # Ticks are boxes here, and what a browser keeps of them is kept under the report without them.
    unticked = run._replace(done=frozenset()) if run else None
    content = report_on(subject, unticked, reader_of(run, "client"))
    style = read("base.css") + read("style.css")
    script = '"use strict";\n' + read("tables.js") + read("script.js")
    is_decision = isinstance(subject, Decision)
    others = what_if.pack(subject) if isinstance(subject, Decision) else None
    done = run.done if run else frozenset()
    pages = environment()
    everywhere = {"messages": subject.messages, "charts": charts, "done": done}
    blocks: Any = pages.get_template("blocks.html").make_module(everywhere)
    title, client = content.title.title or subject.rulebook["name"], content.title.client
    parts = _parts(content, subject.messages) if is_decision else _scenarios(content)
    return pages.get_template("report.html").render(
        everywhere,
        report=content,
        first=_first_screen(subject, content) if isinstance(subject, Decision) else None,
        verdicts=_verdicts(subject),
        parts=tuple(parts),
        about=[section for section in content.sections if section.id == "about"],
        title=title,
        page_title=f"{client} – {title}" if client else title,
        date=run.date if run else "",
        logo=run.logo if run else "",
        key=_key(content),
        lang=tag(subject.lang),
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704  (our own files)
        script=Markup(script),  # noqa: S704
        what_if=others,
        data=data_block(others.packed) if others else "",
        blocks=blocks,
        # blocks.html has a macro for each kind of block.
        draw=lambda block, heading: getattr(blocks, type(block).__name__.lower())(block, heading),
    )


def _key(content: Report) -> str:
    """What a browser keeps the ticks of this report under: another for every other report."""
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:16]


# ---- the first screen


def _first_screen(decision: Decision, content: Report) -> FirstScreen:
    return FirstScreen(
        card(decision),
        next((section for section in content.sections if section.id == "week"), None),
        tuple(_ways(decision)),
        tiles(decision),
        gravest(decision),
        tuple(paragraph.text.text for paragraph in figures(decision) if paragraph.role == "quiet"),
        assumed_line(decision),
    )


def _ways(decision: Decision) -> Iterator[Way]:
    """The channels, each with its fit on one scale."""
    messages = decision.messages
    tags: Mapping[str | None, str] = {
        decision.aim: messages("html_goal"),
        None if decision.weak else decision.recommended: messages("html_now"),
    }
    for line in decision.channels:
        word, fit = messages(f"access_{line.access}"), fit_cell(line)
        yield Way(line.name, tags.get(line.id, ""), line.access, word, fit.text, fit.meter)


def _verdicts(subject: Subject) -> list[tuple[str, Card]]:
    """The verdicts that a comparison begins with, each with the name of its scenario."""
    if isinstance(subject, Decision):
        return []
    from choose_channel.engine.difference import Comparison
    from choose_channel.report.comparison import scenario_labels

    if not isinstance(subject, Comparison):
        return []
    cards = (card(scenario.decision) for scenario in subject.scenarios)
    return [*zip(scenario_labels(subject), cards, strict=True)]


# ---- what is folded


def _parts(content: Report, messages: Messages) -> Iterator[Part]:
    """The parts of a report that have something to say. What the first screen holds whole is not
    said again."""
    for name, ids in {**PARTS, "sources": ("answers", *PARTS["sources"])}.items():
        sections = tuple(
            section
            for section in content.sections
            if section.id in ids and section.id not in ("figures", "about")
        )
        if sections:
            yield Part(name, messages(_TITLES[name]), _gist(name, sections, messages), sections)


def _gist(name: str, sections: tuple[Section, ...], messages: Messages) -> str:
    blocks = [block for section in sections for block in section.blocks]
    if name == "plan":
        count = sum(len(block.steps) for block in blocks if isinstance(block, Steps))
        return messages("html_steps", count=count)
    if name == "pitfalls":
        every = [
            pitfall for block in blocks if isinstance(block, Pitfalls) for pitfall in block.pitfalls
        ]
        critical = sum(pitfall.severity == "critical" for pitfall in every)
        key = "html_pitfall_critical" if critical else "html_pitfall_count"
        return messages(key, count=len(every), critical=critical)
    if name == "sources":
        count = sum(len(block.sources) for block in blocks if isinstance(block, Sources))
        return messages("html_source_count", count=count)
    return ""


def _scenarios(content: Report) -> Iterator[Part]:
    """The sections of a comparison, each a part."""
    for number, section in enumerate(content.sections, 1):
        if section.id != "about":
            yield Part(f"{section.id}-{number}", section.title, "", (section,))
