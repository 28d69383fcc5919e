"""The report for a terminal, or for a pipe: verdict first, any width, nothing by colour alone."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, assert_never, cast

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import Access, Severity
from choose_channel.report.about import adviser_line
from choose_channel.report.build import first_screen, parts_of, report_on
from choose_channel.report.content import (
    Bars,
    Block,
    Card,
    Cell,
    Cited,
    Code,
    Curves,
    Item,
    Items,
    Meter,
    Paragraph,
    Pitfalls,
    Recap,
    Report,
    Role,
    Row,
    Section,
    Sources,
    Steps,
    Table,
)
from choose_channel.report.first_screen import Length
from choose_channel.report.formats import JUST_TYPED, Display, Subject
from choose_channel.report.parts import SectionId
from choose_channel.report.run_info import RunInfo, Title, reader_of

_TRAILING = re.compile(r"(?m) +((?:\x1b\[[\d;]*m)*)$")
"""Blanks at the end of a line, and the codes of colours among which they stand."""
_NARROW = 76
_ROOM = {(False, False): 24, (False, True): 30, (True, False): 48, (True, True): 48}
"""The lines that a first screen may have, by whether it is narrow and has money."""
_LABEL = 12
_BAR = 10
_NUMBER = 5
"""The room behind a bar: a number of up to three digits, and blanks around it."""
_CLOSE: tuple[SectionId, ...] = ("figures",)
"""What stands directly below the section before it."""
_SMALL_PRINT: tuple[SectionId, ...] = ("assumed",)
"""What the hint below the first screen stands close to."""
_ROLES: Mapping[Role, tuple[str, str]] = {
    "plain": ("", ""),
    "strong": ("", "bold"),
    "quiet": ("", "dim"),
    "warning": ("! ", "bold red"),
    "verdict": ("", "bold green"),
    "verdict_weak": ("", "bold yellow"),
    "aim": ("", "bold"),
    "sure": ("", ""),
    "close": ("", "yellow"),
}
"""By role, the mark before a paragraph and its style."""
_ACCESS_STYLE: Mapping[Access, str] = {"open": "green", "locked": "yellow", "closed": "red"}
_SEVERITY_STYLE: Mapping[Severity, str] = {
    "critical": "bold red",
    "warning": "bold yellow",
    "note": "bold",
}


class _Signs(NamedTuple):
    """What is drawn with characters. A loss looks unlike a profit even without its minus."""

    rule: str
    access: Mapping[Access, str]
    full: str
    rest: str
    loss: str


_UNICODE = _Signs("━━", {"open": "✓", "locked": "~", "closed": "✗"}, "█", "░", "▒")
_ASCII = _Signs("==", {"open": "+", "locked": "~", "closed": "x"}, "#", ".", "-")


class _Screen(NamedTuple):
    """What lines are laid out for."""

    width: int
    signs: _Signs
    messages: Messages

    @property
    def narrow(self) -> bool:
        """Whether a table has no room, so that its columns are shown one below the other."""
        return self.width < _NARROW


def render(subject: Subject, run: RunInfo | None, display: Display) -> str:
    """What the display asks for, in its width; a first screen as long as a screen has room for."""
    if not isinstance(subject, Decision) or display.full:
        whole = report_on(subject, run, reader_of(run, "seller"))
        return _drawn(whole, subject.messages, display)
    if display.parts:
        return _drawn(parts_of(subject, run, display.parts), subject.messages, display)
    room = _ROOM[display.width < _NARROW, subject.money is not None]
    screens = (
        _drawn(first_screen(subject, run, length), subject.messages, display) for length in Length
    )
    text = ""
    for text in screens:
        if text.count("\n") <= room:
            break
    return text


def _drawn(report: Report, messages: Messages, display: Display) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=display.width,
        color_system=display.color,  # type: ignore[arg-type]
        force_terminal=display.color is not None,
        no_color=display.color is None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    signs = _ASCII if display.ascii_only else _UNICODE
    screen = _Screen(display.width, signs, messages)
    title, sections = report
    drawn: list[Text | Panel] = [*_title(title, screen)]
    for section in sections:
        if section.id not in JUST_TYPED:
            drawn += _section(section, screen)
    if display.hint:
        drawn += [Text()] if sections[-1].id not in _SMALL_PRINT else []
        drawn += _lines(display.hint, screen, style="dim")
    for is_text, group in itertools.groupby(drawn, lambda part: isinstance(part, Text)):
        if is_text:  # in one go: every call of the console costs time
            console.print(Text("\n").join(cast(Iterable[Text], group)), soft_wrap=True)
        else:
            console.print(*group)
    return _TRAILING.sub(r"\1", file.getvalue()).strip("\n") + "\n"


def _title(title: Title, screen: _Screen) -> Iterator[Text]:
    adviser = adviser_line(title, screen.messages)
    for text, style in ((title.title, "bold"), (title.client, ""), (adviser, ""), (title.note, "")):
        if text:
            yield from _lines(text, screen, style=style)


def _section(section: Section, screen: _Screen) -> Iterator[Text | Panel]:
    if section.title:
        yield from _heading(section.title, screen)
    elif section.id not in _CLOSE:
        yield Text()
    for block in section.blocks:
        yield from _draw(block, screen)


def _draw(block: Block, screen: _Screen) -> Iterator[Text | Panel]:
    """A block in lines, or in a frame."""
    match block:
        case Card():
            yield _card(block, screen)
        case Paragraph():
            yield from _lines(block.text, screen, *_ROLES[block.role])
        case Items():
            yield from _items(block, screen)
        case Steps():
            yield from _steps(block, screen)
        case Table():
            yield from _table(block, screen)
        case Bars():
            yield from _bars(block, screen)
        case Pitfalls():
            yield from _pitfalls(block, screen)
        case Sources():
            yield from _sources(block, screen)
        case Code():
            yield from _lines(block.title, screen)
            # One unbroken line, however narrow the terminal, so that it can be copied.
            yield Text(block.text)
        case Recap():
            yield from _recap(block, screen)
        case Curves():
            pass  # the sentences above it say the same
        case _:
            assert_never(block)


def _heading(title: str, screen: _Screen) -> Iterator[Text]:
    yield Text()
    yield from _lines(f"{screen.signs.rule} {title}", screen, style="bold")


def _lines(text: str | Cited, screen: _Screen, mark: str = "", style: str = "") -> Iterator[Text]:
    """A text behind a mark, its further lines aligned with the first."""
    indent = cell_len(mark)
    whole = text if isinstance(text, str) else _cited(text)
    for number, line in enumerate(wrap(sanitize(whole), max(screen.width - indent, 10))):
        yield Text.assemble(mark if number == 0 else " " * indent, (line, style))


def _cited(text: Cited) -> str:
    return text.text + "".join(f" [{number}]" for number in text.cites)


def _card(block: Card, screen: _Screen) -> Panel:
    """The verdict in a frame: its title in the upper edge if it has room there, how sure it is in
    the lower one."""
    inner = max(screen.width - 4, 10)
    mark, style = _ROLES[block.role]
    lines: list[Text] = []
    title, foot = f"{mark}{sanitize(block.title)}", sanitize(block.foot)
    fits = cell_len(title) <= inner - 2
    if not fits:
        lines += [Text(line, style) for line in wrap(title, inner)]
    for text in block.texts:
        lines += _lines(text, screen._replace(width=inner))
    if cell_len(foot) > inner - 2:
        lines += [Text(line, "dim") for line in wrap(foot, inner)]
        foot = ""
    return Panel(
        Text("\n").join(lines),
        box=box.ASCII if screen.signs is _ASCII else box.ROUNDED,
        title=Text(title, style) if fits else None,
        title_align="left",
        subtitle=Text(foot) if foot else None,
        subtitle_align="right",
        border_style=style.removeprefix("bold "),
        width=screen.width,
    )


# ---- lists


def _items(block: Items, screen: _Screen) -> Iterator[Text]:
    if block.title:
        yield Text()
        yield from _lines(block.title, screen, style="bold")
    if block.quiet:
        yield Text()
    for item in block.items:
        if block.quiet:
            yield from _lines(item.text, screen, style="dim")
        else:
            yield from _item(item, screen)


def _item(item: Item, screen: _Screen) -> Iterator[Text]:
    mark = f"{item.points:>3} " if item.points else "- "
    mark = f"{screen.signs.access[item.access]} " if item.access else mark
    text = _cited(item.text)
    text = screen.messages("answer_is", question=item.name, answer=text) if item.name else text
    yield from _lines(text, screen, mark)
    if item.code:
        yield from _lines(item.code, screen, "  ", "dim")


def _steps(block: Steps, screen: _Screen) -> Iterator[Text]:
    for number, step in enumerate(block.steps, block.first):
        mark = f"{number}. "
        blank = " " * len(mark)
        yield from _lines(step.marked_title, screen, mark, "bold")
        yield from _lines(step.text, screen, blank)
        yield from _lines(step.done_when, screen, blank, "dim")
        if step.details:
            yield from _lines("  ".join(step.details), screen, blank, "dim")


def _pitfalls(block: Pitfalls, screen: _Screen) -> Iterator[Text]:
    for pitfall in block.pitfalls:
        mark = "! " if pitfall.severity == "critical" else "- "
        title = f"[{pitfall.severity_word}] {pitfall.title}"
        yield from _lines(title, screen, mark, _SEVERITY_STYLE[pitfall.severity])
        if pitfall.text:
            yield from _lines(pitfall.text, screen, "  ")
        yield from _lines(pitfall.avoid, screen, "  ")


def _sources(block: Sources, screen: _Screen) -> Iterator[Text]:
    for number, source in enumerate(block.sources, 1):
        yield from _lines(source.text, screen, f"[{number}] ", "dim")


def _recap(block: Recap, screen: _Screen) -> Iterator[Text]:
    yield from _heading(block.title, screen)
    for text in block.texts:
        yield from _lines(text, screen, style="bold")


# ---- tables


def _table(table: Table, screen: _Screen) -> Iterator[Text]:
    match table.layout:
        case "list":
            yield from _listed(table, screen)
        case "amounts":
            yield from (_amounts_stacked if screen.narrow else _amounts)(table, screen)
        case "ways":
            yield from (_columns_stacked if screen.narrow else _columns)(table, screen)


def _listed(table: Table, screen: _Screen) -> Iterator[Text]:
    """Long labels, and short cells beside them; below them where the window is narrow."""
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    heads = [column.name for column in table.columns]
    widths = [
        max(map(cell_len, (head, *column))) + 2
        for head, column in zip(heads, zip(*texts, strict=True), strict=True)
    ]
    label = screen.width - sum(widths)
    if screen.narrow or label < screen.width // 2:
        yield Text(table.caption, "bold")
        for row in table.rows:
            yield from _listed_narrow(row, heads, screen)
        return

    def beside(first: str, cells: Iterable[str], styles: tuple[str, str]) -> Text:
        line = Text(set_cell_size(first, label), styles[0])
        for cell, width in zip(cells, widths, strict=True):
            line.append(f"  {set_cell_size(cell, width - 2)}", styles[1])
        return line

    yield beside(table.caption, heads, ("bold", "dim"))
    for row, cells in zip(table.rows, texts, strict=True):
        lines = wrap(row.label.text, label - 3)
        yield beside(lines[0], cells, ("", "dim"))
        yield from (Text(f"   {line}") for line in lines[1:])


def _listed_narrow(row: Row, heads: Sequence[str], screen: _Screen) -> Iterator[Text]:
    """A long label, and below it its cells, each called by the head of its column."""
    messages = screen.messages
    indent = "   "
    first, *rest = wrap(row.label.text, screen.width - len(indent))
    yield Text(first)
    yield from (Text(indent + line) for line in rest)
    cells = messages.listing(
        messages("answer_is", question=head, answer=cell.text)
        for head, cell in zip(heads, row.cells, strict=True)
        if cell.text
    )
    if cells:
        yield from _lines(cells, screen, indent, "dim")


def _columns(table: Table, screen: _Screen) -> Iterator[Text]:
    """A column of labels, no wider than it must be, and equal ones beside it, in which bars have
    what room there is."""
    count = len(table.columns)
    longest = max(cell_len(row.label.text) for row in table.rows)
    widest = max(_cell(cell, screen, 0).cell_len for row in table.rows for cell in row.cells) + 1
    room = min(screen.width * 2 // 5, screen.width - widest * count)
    label = max(min(longest + 2, room), _LABEL)
    width = (screen.width - label) // count
    heads = [Text(column.short or column.name, "bold") for column in table.columns]
    bar = min(_BAR, width - _NUMBER)
    rows = [
        (row.label.text, [_cell(cell, screen, bar) for cell in row.cells]) for row in table.rows
    ]
    for name, cells in (("", heads), *rows):
        *above, last = wrap(name, label - 1)
        yield from map(Text, above)
        line = Text(set_cell_size(last, label))
        for cell in cells:
            line.append_text(cell)
            line.append(" " * max(1, width - cell_len(cell.plain)))
        yield line


def _columns_stacked(table: Table, screen: _Screen) -> Iterator[Text]:
    """Column by column. Where one row says how open the columns are, that and the bars stand behind
    the name, and the numbers in one line below; where several do, each row has its own line."""
    labels = [row.label.text for row in table.rows]
    columns = [
        (column, list(zip(labels, cells, strict=True)))
        for column, cells in zip(
            table.columns, zip(*(row.cells for row in table.rows), strict=True), strict=True
        )
    ]
    if sum(any(cell.access for cell in row.cells) for row in table.rows) != 1:
        for column, cells in columns:
            yield from _lines(column.name, screen, style="bold")
            for label, cell in cells:
                line = Text.assemble(f"  {label} ", _cell(cell, screen))
                fits = line.cell_len <= screen.width
                yield from [line] if fits else _lines(line.plain.strip(), screen, "  ")
        return
    behind = [any(map(_in_head, row.cells)) for row in table.rows]
    heads = [
        [
            Text(column.short or column.name, "bold"),
            *(_cell(cell, screen) for _, cell in itertools.compress(cells, behind)),
        ]
        for column, cells in columns
    ]
    widths = [max(part.cell_len for part in parts) for parts in zip(*heads, strict=True)]
    for parts, (_, cells) in zip(heads, columns, strict=True):
        line = Text()
        for part, width in zip(parts, widths, strict=True):
            line.append_text(part).append(" " * (width - part.cell_len + 2))
        yield line
        below = (pair for pair, is_behind in zip(cells, behind, strict=True) if not is_behind)
        rest = [f"{label} {cell.text}" for label, cell in below]
        if rest:
            yield from _lines(screen.messages.listing(rest), screen, "  ")


def _in_head(cell: Cell) -> bool:
    return cell.access is not None or _fills(cell.meter)


def _cell(cell: Cell, screen: _Screen, bar: int = _BAR) -> Text:
    """What a cell shows, its bar in so many characters."""
    if cell.access:
        return Text(f"{screen.signs.access[cell.access]} {cell.text}", _ACCESS_STYLE[cell.access])
    if cell.meter and _fills(cell.meter):
        share = (cell.meter.value - cell.meter.low) / (cell.meter.high - cell.meter.low)
        filled = round(max(0, min(1, share)) * bar)
        drawn = screen.signs.full * filled + screen.signs.rest * (bar - filled)
        return Text(f"{drawn} {cell.text}".strip())
    return Text(cell.text)


def _fills(meter: Meter | None) -> bool:
    """Whether a bar is drawn: one to either side of zero would have no room in a column."""
    return meter is not None and meter.low == 0


def _amounts(table: Table, screen: _Screen) -> Iterator[Text]:
    """Labels to the left in a wide column, amounts to the right in equal ones."""
    count = len(table.columns)
    column = min(18, (screen.width - 29) // count)
    label = screen.width - column * count

    def line(first: str, cells: Sequence[str], style: str) -> Text:
        padded = [" " * max(1, column - cell_len(cell)) + cell for cell in cells]
        return Text(set_cell_size(first, label) + "".join(padded), style)

    # A name breaks behind its comma first: "TikTok Shop," and how it is played.
    names = (column.name.replace("，", "，\n").replace(", ", ",\n") for column in table.columns)
    heads = [wrap(name, column - 1) for name in names]
    for number in range(max(map(len, heads))):
        yield line("", [head[number] if number < len(head) else "" for head in heads], "bold")
    for row in table.rows:
        style = "bold" if row.strong else ""
        *above, last = wrap(_cited(row.label), label - 1)
        yield from (Text(text, style) for text in above)
        yield line(last, [cell.text for cell in row.cells], style)


def _amounts_stacked(table: Table, screen: _Screen) -> Iterator[Text]:
    """Column by column, an amount a line."""
    for number, column in enumerate(table.columns):
        yield from _lines(column.name, screen, style="bold")
        for row in table.rows:
            amount = row.cells[number].text
            if amount:
                text = screen.messages("answer_is", question=row.label.text, answer=amount)
                yield from _lines(Cited(text, row.label.cites), screen, "  ")


def _bars(block: Bars, screen: _Screen) -> Iterator[Text]:
    yield Text()
    yield from _lines(block.title, screen, style="bold")
    most = max(abs(bar.middle) for bar in block.bars) or 1
    for bar in block.bars:
        yield from _lines(bar.name, screen)
        length = round(abs(bar.middle) / most * _BAR)
        sign = screen.signs.full if bar.middle >= 0 else screen.signs.loss
        yield from _lines(f"{sign * length} {bar.text}".strip(), screen, "  ")
