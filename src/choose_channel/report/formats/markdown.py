"""CommonMark with GitHub's tables, to be pasted into a client's document: flags and commands
are there only where it is made for the seller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never
from urllib.parse import quote

from choose_channel.messages.i18n import sanitize
from choose_channel.report.about import adviser_line
from choose_channel.report.build import report_on
from choose_channel.report.content import (
    Bars,
    Block,
    Card,
    Cited,
    Code,
    Curves,
    Item,
    Items,
    Paragraph,
    PitfallItem,
    Pitfalls,
    Recap,
    Section,
    Source,
    Sources,
    StepItem,
    Steps,
    Table,
)
from choose_channel.report.formats import Display, Subject
from choose_channel.report.run_info import RunInfo, reader_of

_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_SIGNS = frozenset("\\`*[]<>|~_&")
_STARTS = frozenset("#-+=0123456789")
_LINK = re.compile(r"(?i)(?<=https):|(?<=http):|(?<=ftp):|(?<=www)\.")
_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[-+=\s]|$)|(?<!\d)\d{1,9}(?=[.)](\s|$)))")
_BOLD = ("warning", "verdict", "verdict_weak", "aim")


def render(subject: Subject, run: RunInfo | None, _display: Display) -> str:
    """The whole report; every text comes out as text, whatever it holds."""
    title, sections = report_on(subject, run, reader_of(run, "client"))
    parts = [
        f"# {text(title.title or subject.rulebook['name'])}",
        text(title.client),
        text(adviser_line(title, subject.messages)),
        "\n".join(f"> {line}" for line in text(title.note).splitlines()),
    ]
    for number, section in enumerate(sections):
        parts += _section(section, first=number == 0)
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section, *, first: bool) -> Iterator[str]:
    if section.title:
        yield f"## {text(section.title)}"
    elif not first:
        yield "---"
    for block in section.blocks:
        yield from _draw(block)


def _draw(block: Block) -> Iterator[str]:
    """The parts of a block, to be set apart by blank lines."""
    match block:
        case Card():
            yield f"## {text(block.title)}"
            yield from map(cited, block.texts)
            yield f"*{text(block.foot[:1].upper() + block.foot[1:])}*"
        case Paragraph():
            yield f"**{cited(block.text)}**" if block.role in _BOLD else cited(block.text)
        case Items():
            yield from _items(block)
        case Steps():
            yield from (_step(n, step) for n, step in enumerate(block.steps, block.first))
        case Table():
            yield _table(block)
        case Pitfalls():
            yield from map(_pitfall, block.pitfalls)
        case Sources():
            yield "\n".join(f"{n}. {_source(source)}" for n, source in enumerate(block.sources, 1))
        case Code():
            yield text(block.title)
            yield "\n".join(f"    {line}" for line in sanitize(block.text).splitlines())
        case Bars() | Curves() | Recap():
            pass  # the table and the sentences say the same, and nothing scrolls away
        case _:
            assert_never(block)


def _items(block: Items) -> Iterator[str]:
    if block.title:
        yield f"### {text(block.title)}"
    # Another sign begins another list, where one follows the other.
    sign = "*" if block.quiet else "-"
    lines = (_item(item).replace("\n", "\n  ") for item in block.items)
    yield "\n".join(f"{sign} {line}" for line in lines)


def _item(item: Item) -> str:
    line = cited(item.text)
    if item.points or item.name:
        line = f"{item.points or _bold(item.name)} · {line}"
    return f"{line} `{item.code}`" if item.code else line


def _step(number: int, step: StepItem) -> str:
    mark = f"{number}. "
    parts = [_bold(step.marked_title), cited(step.text), text(step.done_when)]
    parts += [text(" · ".join(step.details))] if step.details else []
    return mark + f"\n\n{' ' * len(mark)}".join(parts)


def _table(table: Table) -> str:
    """Amounts are aligned to the right, all else to the left."""
    lines = [
        [text(table.caption), *(text(column.name) for column in table.columns)],
        ["---", *["---:" if table.layout == "amounts" else "---"] * len(table.columns)],
    ]
    for row in table.rows:
        label = f"**{cited(row.label)}**" if row.strong else cited(row.label)
        lines.append([label, *(text(cell.text) for cell in row.cells)])
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in cells)} |" for cells in lines)


def _pitfall(pitfall: PitfallItem) -> str:
    parts = [f"**[{text(pitfall.severity_word)}] {text(pitfall.title)}**"]
    parts += [text(pitfall.text)] if pitfall.text else []
    return "- " + "\n\n  ".join([*parts, cited(pitfall.avoid)])


def _source(source: Source) -> str:
    return f"[{text(source.text)}]({_address(source.url)})" if source.url else text(source.text)


def _address(url: str) -> str:
    """An address between the signs of a link, in which no other sign can end it."""
    return "<" + re.sub(r"[<>\\\s]", lambda sign: quote(sign[0]), url) + ">"


def text(raw: str) -> str:
    """A text that comes out as it is: nothing in it is taken for markup."""
    lines = []
    for line in map(str.strip, sanitize(raw).splitlines()):
        # Most lines hold no such sign, and looking for each of them in vain takes its time.
        safe = line if _SIGNS.isdisjoint(line) else _SPECIAL.sub(r"\\\1", line)
        if "://" in safe or "www." in safe.casefold():
            safe = _LINK.sub(lambda sign: "\\" + sign[0], safe)
        lines.append(_START.sub(_escape_start, safe) if safe[:1] in _STARTS else safe)
    return "\n".join(lines)


def _escape_start(start: re.Match[str]) -> str:
    """What would begin a list or a heading: its sign, or the dot behind a number, is escaped."""
    return start[1] + (f"{start[2]}\\" if start[2].isdigit() else f"\\{start[2]}")


def cited(line: Cited) -> str:
    """A text with the numbers of its sources."""
    return text(line.text) + "".join(f" [{number}]" for number in line.cites)


def _bold(raw: str) -> str:
    return f"**{text(raw)}**"
