"""The report for a terminal, or for a pipe: verdict first, any width, nothing by colour alone."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.messages.wrap import wrap
from choose_channel.report.build import report
from choose_channel.report.content import (
    Bar,
    ChannelRow,
    Cited,
    Pitfall,
    Report,
    Row,
    RunInfo,
    Statement,
    Steps,
)
from choose_channel.report.formats import Display

_NARROW = 76
_HEAD = 12
_BAR = 10
_SIGN = {"open": "✓", "locked": "~", "closed": "✗"}
_ASCII_SIGN = {"open": "+", "locked": "~", "closed": "x"}
_STYLE = {"open": "green", "locked": "yellow", "closed": "red"}
_SEVERITY_STYLE = {"critical": "bold red", "warning": "bold yellow", "note": "bold"}


def render(decision: Decision, run: RunInfo | None, display: Display) -> str:
    """The whole report in the width of the look."""
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
    messages = Messages(decision.book.wording, decision.lang)
    _Layout(report(decision, run), messages, display, console).print()
    lines = (line.rstrip() for line in file.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


class _Layout:
    def __init__(
        self, told: Report, messages: Messages, display: Display, console: Console
    ) -> None:
        self.report, self.messages, self.display, self.console = told, messages, display, console
        self.lines: list[Text] = []
        self.sign = _ASCII_SIGN if display.ascii_only else _SIGN
        self.narrow = display.width < _NARROW

    def print(self) -> None:
        told = self.report
        self._heading()
        self._verdict()
        if told.week:
            self._steps(told.week)
        self._money()
        self._channels()
        self._why()
        self._changes()
        for group in told.pitfalls:
            self._title(group.title)
            for pitfall in group.pitfalls:
                self._pitfall(pitfall)
        for steps in told.plan:
            self._steps(steps)
        self._rests_on()
        self._footer()
        # In one go: the console has a price for every call.
        self.console.print(Text("\n").join(self.lines), soft_wrap=True)

    # ---- pieces

    def _title(self, title: str) -> None:
        self.lines.append(Text())
        rule = "==" if self.display.ascii_only else "━━"
        self._line(f"{rule} {title}", style="bold")

    def _line(self, text: str | Cited, mark: str = "", style: str = "") -> None:
        """A paragraph behind a mark, its further lines aligned with the first."""
        indent = cell_len(mark)
        told = text if isinstance(text, str) else _cited(text)
        for number, line in enumerate(wrap(sanitize(told), max(self.display.width - indent, 10))):
            head = mark if number == 0 else " " * indent
            self.lines.append(Text.assemble(head, (line, style)))

    # ---- sections

    def _heading(self) -> None:
        title, client, note = self.report.heading
        for text, style in ((title, "bold"), (client, ""), (note, "")):
            if text:
                self._line(text, style=style)
        if title or client or note:
            self.lines.append(Text())

    def _verdict(self) -> None:
        told = self.report
        if told.warning:
            self._line(told.warning, "! ", "bold red")
        self._line(told.now, style="bold yellow" if told.safe else "bold green")
        self._line(told.aim, style="bold")
        self._line(told.sure)
        if told.close:
            self._line(told.close, style="yellow")

    def _steps(self, steps: Steps) -> None:
        self._title(steps.title)
        for number, step in enumerate(steps.steps, steps.first):
            mark = f"{number}. "
            blank = " " * len(mark)
            self._line(step.title, mark, "bold")
            self._line(step.text, blank)
            self._line(step.done_when, blank, "dim")
            if step.details:
                self._line("  ".join(step.details), blank, "dim")

    def _channels(self) -> None:
        self._title(self.report.channels_title)
        if self.narrow:
            for channel in self.report.channels:
                self._channel_block(channel)
        else:
            self._channel_table(self.report.channels)
        self._line(self.report.points_note, style="dim")

    def _access(self, channel: ChannelRow) -> Text:
        sign = self.sign[channel.access]
        return Text(f"{sign} {channel.access_word}", style=_STYLE[channel.access])

    def _fit(self, fit: int) -> str:
        full, rest = ("#", ".") if self.display.ascii_only else ("█", "░")
        filled = round(max(0, min(100, fit)) / 10)
        return f"{full * filled}{rest * (10 - filled)} {fit}"

    def _channel_table(self, channels: Sequence[ChannelRow]) -> None:
        messages = self.messages
        self._row("", [Text(one.short, style="bold") for one in channels])
        self._row(messages("report_access"), [self._access(channel) for channel in channels])
        self._row(messages("report_fit"), [Text(self._fit(channel.fit)) for channel in channels])
        for number, name in enumerate(self.report.dimensions):
            self._row(name, [Text(_points(channel.points[number])) for channel in channels])

    def _row(self, head: str, cells: Sequence[Text]) -> None:
        """A row of the table: the head in a narrow column, the cells in equal ones."""
        column = (self.display.width - _HEAD) // len(cells)
        row = Text(set_cell_size(head, _HEAD))
        for cell in cells:
            row.append_text(cell)
            row.append(" " * max(1, column - cell_len(cell.plain)))
        self.lines.append(row)

    def _channel_block(self, channel: ChannelRow) -> None:
        named = zip(self.report.dimensions, channel.points, strict=True)
        self.lines.append(Text.assemble((channel.name, "bold"), "  ", self._access(channel)))
        self._line(self._fit(channel.fit), "  ")
        self._line(self.messages.listing(f"{name} {_points(p)}" for name, p in named), "  ")

    def _why(self) -> None:
        told = self.report
        if told.why_title:
            self._title(told.why_title)
        for reason in told.why:
            self._line(reason.text, f"{reason.points:+3d} ")
        if told.why_not:
            self._title(told.why_not_title)
        for other in told.why_not:
            text = self.messages("answer_is", question=other.name, answer=other.because)
            self._line(text, f"{self.sign[other.access]} ")

    def _changes(self) -> None:
        told = self.report
        if told.changes or told.robust:
            self._title(told.changes_title)
        for change in told.changes:
            self._line(change.text, "- ")
            self._line(change.flags, "  ", "dim")
        if told.robust:
            self._line(told.robust)

    def _pitfall(self, pitfall: Pitfall) -> None:
        style = _SEVERITY_STYLE[pitfall.severity]
        mark = "! " if pitfall.severity == "critical" else "- "
        self._line(f"[{pitfall.severity_word}] {pitfall.title}", mark, style)
        if pitfall.text:
            self._line(pitfall.text, "  ")
        self._line(pitfall.avoid, "  ")

    def _rests_on(self) -> None:
        told = self.report
        if told.assumed:
            self._title(told.assumed_title)
        for line in told.assumed:
            self._line(line, "- ")
        for line in (told.set_aside, told.money_wanted):
            if line:
                self._line(line)
        if told.sources:
            self._title(told.sources_title)
        for number, source in enumerate(told.sources, 1):
            self._line(source, f"[{number}] ", "dim")

    def _footer(self) -> None:
        told = self.report
        self.lines.append(Text())
        self._line(told.article, style="dim")
        if told.repeat:
            self._line(told.stamp, style="dim")
            # The verdict once more, since a long report scrolls its first lines away.
            self._title(told.short_title)
            for text in (told.warning, told.now, told.aim):
                if text:
                    self._line(text, style="bold")
            self._line(told.repeat_title)
            # One unbroken line, however narrow the terminal, so that it can be pasted.
            self.lines.append(Text(told.repeat))

    # ---- the money

    def _money(self) -> None:
        money = self.report.money
        if not money:
            return
        self._title(money.title)
        self._line(money.summary, style="bold")
        if self.narrow:
            self._money_blocks(money)
        else:
            self._money_table(money)
        self._bars(money)
        for remark in money.remarks:
            self._line(remark)
        for title, lines in ((money.cash_title, money.cash), (money.months_title, money.months)):
            if lines:
                self._title(title)
            for line in lines:
                self._line(line, "- ")
        self.lines.append(Text())
        for notice in money.notices:
            self._line(notice, style="dim")

    def _money_table(self, money: Statement) -> None:
        """Labels left and wide, amounts right-aligned in equal columns."""
        count = len(money.heads)
        column = min(18, (self.display.width - 29) // count)
        label = self.display.width - column * count
        # A name breaks behind its comma first: "TikTok Shop," and how it is played.
        broken = (head.replace("，", "，\n").replace(", ", ",\n") for head in money.heads)
        heads = [wrap(head, column - 1) for head in broken]
        for number in range(max(map(len, heads))):
            cells = [lines[number] if number < len(lines) else "" for lines in heads]
            self._amounts([""], cells, label, column, "bold")
        for rows, style in ((money.rows, ""), (money.totals, "bold")):
            for row in rows:
                lines = wrap(_cited(row.label), label - 1)
                self._amounts(lines, row.cells, label, column, style)

    def _amounts(
        self, label: Sequence[str], cells: Sequence[str], first: int, column: int, style: str
    ) -> None:
        *above, last = label
        self.lines += [Text(line, style) for line in above]
        padded = [" " * max(1, column - cell_len(cell)) + cell for cell in cells]
        self.lines.append(Text(set_cell_size(last, first) + "".join(padded), style))

    def _money_blocks(self, money: Statement) -> None:
        for number, head in enumerate(money.heads):
            self._line(head, style="bold")
            for row in (*money.rows, *money.totals):
                if row.cells[number]:
                    self._block_line(row, number)

    def _block_line(self, row: Row, number: int) -> None:
        text = self.messages("answer_is", question=row.label.text, answer=row.cells[number])
        self._line(Cited(text, row.label.cites), "  ")

    def _bars(self, money: Statement) -> None:
        self.lines.append(Text())
        self._line(money.bars_title, style="bold")
        most = max(abs(bar.middle) for bar in money.bars) or 1
        for bar in money.bars:
            self._line(bar.name)
            length = round(abs(bar.middle) / most * _BAR)
            self._line(f"{self._blocks(bar, length)} {bar.text}".strip(), "  ")

    def _blocks(self, bar: Bar, length: int) -> str:
        """A loss looks unlike a profit even without its minus."""
        gain, loss = ("#", "-") if self.display.ascii_only else ("█", "▒")
        return (gain if bar.middle >= 0 else loss) * length


def _points(points: int) -> str:
    return f"{points:+d}" if points else "0"


def _cited(text: Cited) -> str:
    return text.text + "".join(f" [{number}]" for number in text.cites)
