"""CommonMark with GitHub's tables: to be pasted into a client's document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from choose_channel.messages.i18n import sanitize
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
    Row,
    Section,
    Sources,
    StepItem,
    Steps,
    Table,
)
from choose_channel.report.formats import Display, Subject
from choose_channel.report.run_info import RunInfo

_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_SIGNS = frozenset("\\`*[]<>|~_&")
_STARTS = frozenset("#-+=0123456789")
_LINK = re.compile(r"(?i)(?<=https):|(?<=http):|(?<=ftp):|(?<=www)\.")
_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[-+=\s]|$)|(?<!\d)\d{1,9}(?=[.)](\s|$)))")
_BOLD = ("warning", "verdict", "verdict_weak", "aim")


def render(subject: Subject, run: RunInfo | None, _display: Display) -> str:
    """The whole report; every text comes out as text, whatever it holds."""
    title, sections = report_on(subject, run)
    parts = [
        f"# {text(title.title or subject.rulebook['name'])}",
        text(title.client),
        _quoted(title.note),
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
            yield f"*{text(block.foot)}*"
        case Paragraph():
            yield _paragraph(block)
        case Items():
            yield from _items(block)
        case Steps():
            yield from (_step(n, step) for n, step in enumerate(block.steps, block.first))
        case Table():
            yield _table(block)
        case Pitfalls():
            yield from map(_pitfall, block.pitfalls)
        case Sources():
            yield "\n".join(f"{n}. {text(source)}" for n, source in enumerate(block.sources, 1))
        case Code():
            yield text(block.title)
            yield _code_block(block.text)
        case Bars() | Curves() | Recap():
            pass  # the table and the sentences say the same, and nothing scrolls away
        case _:
            assert_never(block)


def _paragraph(block: Paragraph) -> str:
    return f"**{cited(block.text)}**" if block.role in _BOLD else cited(block.text)


def _items(block: Items) -> Iterator[str]:
    if block.title:
        yield f"### {text(block.title)}"
    # Another sign begins another list, where one follows the other.
    yield _list(map(_item, block.items), "*" if block.quiet else "-")


def _item(item: Item) -> str:
    line = cited(item.text)
    if item.points or item.name:
        line = f"{item.points or _bold(item.name)} · {line}"
    return f"{line} {_code(item.code)}" if item.code else line


def _step(number: int, step: StepItem) -> str:
    mark = f"{number}. "
    parts = [_bold(step.title), cited(step.text), text(step.done_when)]
    parts += [text(" · ".join(step.details))] if step.details else []
    return mark + f"\n\n{' ' * len(mark)}".join(parts)


def _table(table: Table) -> str:
    """Amounts are aligned to the right, all else to the left."""
    head = map(text, [table.caption, *(column.name for column in table.columns)])
    line = ["---", *["---:" if table.layout == "amounts" else "---"] * len(table.columns)]
    return "\n".join(map(_table_line, [[*head], line, *map(_row, table.rows)]))


def _row(row: Row) -> list[str]:
    label = f"**{cited(row.label)}**" if row.strong else cited(row.label)
    return [label, *(text(cell.text) for cell in row.cells)]


def _table_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell or ' ' for cell in cells)} |"


def _pitfall(pitfall: PitfallItem) -> str:
    parts = [f"**[{text(pitfall.severity_word)}] {text(pitfall.title)}**"]
    parts += [text(pitfall.text)] if pitfall.text else []
    return "- " + "\n\n  ".join([*parts, cited(pitfall.avoid)])


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


def _quoted(note: str) -> str:
    return "\n".join(f"> {line}" for line in text(note).splitlines())


def _code(flags: str) -> str:
    return f"`{sanitize(flags).replace('`', chr(39))}`"


def _code_block(command: str) -> str:
    """A fence longer than any run of its own sign in the text."""
    longest = max((len(run) for run in re.findall(r"`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{sanitize(command)}\n{fence}"


def _list(items: Iterable[str], sign: str) -> str:
    return "\n".join(f"{sign} {item.replace(chr(10), chr(10) + '  ')}" for item in items)
