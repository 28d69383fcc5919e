"""Excel workbooks: the first sheet is read; what is written is made for people to look at."""

from __future__ import annotations

import datetime
import logging
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import fastexcel
import polars as pl
import xlsxwriter
from rich.cells import cell_len

from choose_channel.tables.sinks import MOST_ROWS, Layout, Sink, TooManyRowsError
from choose_channel.tables.sources import ROW, ROWS, Batch, Options, Source, column_name, wrong

_LONGEST = 32_767
"""So many characters a cell can hold."""
_TITLES = 20
"""The head is looked for among so many first rows."""
_FILLS = {"open": "#D9EAD3", "locked": "#FFF2CC", "closed": "#E6E6E6"}
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CELL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="([a-zA-Z]+)")?[^/>]*>'
    rb"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?(?:<v>([^<]*))?"
)
"""A cell with something in it: column, row, style, type, and what is written there."""
_FIRST = re.compile(rb'<sheet\b[^>]*\br:id="([^"]+)"')
_RELATED = re.compile(rb"<Relationship\b[^>]*>")
_FORMAT = re.compile(rb'<numFmt numFmtId="(\d+)" formatCode="([^"]*)"')
_STYLE = re.compile(rb'<xf [^>]*numFmtId="(\d+)"')
_LITERAL = re.compile(rb"&quot;.*?&quot;|\\\\.")
_PERCENT = {9, 10}
"""The numbers of Excel's own formats for percentages."""
_TEXTS = {b"s", b"str", b"inlineStr", b"e"}
"""The types of cells that hold a text, or an error."""
_NO_TEXT = r"^(-?[\d.]+(e-?\d+)?%?|true|false|\d{4}-\d\d-\d\d[ T][\d:.]+)$"
"""What a number, a flag or a date looks like in a column that holds texts, too."""
_WIDE, _NARROW = 44, 10
_LINE, _MOST_LINES = 15, 12
"""How high a line is, in points, and how many of them a row shows at most."""
_A3, _PAGES = 8, 3
"""How a table is printed: the number of that paper in a workbook, and how many sheets side by
side."""

_DAMAGED = (fastexcel.FastExcelError, OSError, zipfile.BadZipFile, NotImplementedError, zlib.error)
"""What is raised of a workbook that is none, or only half of one: `zipfile` minds what `fastexcel`
overlooks, and has NotImplementedError for a part that is packed in a way it does not know."""

logging.getLogger("fastexcel").setLevel(logging.ERROR)


class _Percentage(float):
    """A number that is shown as a percentage."""


class ExcelSource(Source):
    """The first sheet of a workbook. Formulas stand for what they came to.

    The head is the first of the upper rows that has the most texts in it, so a title above it is
    no head. A cell that is merged downwards holds for all its rows, and one that shows 5 % is 5 %,
    though the workbook holds 0.05.
    """

    def __init__(self, path: Path, options: Options) -> None:
        self.notes, name = [], str(path)
        try:
            self._workbook = fastexcel.read_excel(path)
            top = self._workbook.load_sheet(
                0, header_row=None, skip_rows=0, n_rows=_TITLES, dtypes="string"
            ).to_polars()
            filled = [sum(bool(cell) for cell in row) for row in top.rows()]
            if not any(filled):
                raise wrong(options.messages("batch_no_head"), name)
            self._head = filled.index(max(filled))
            heads = [cell or "" for cell in top.row(self._head)]
            while heads and not heads[-1]:
                heads.pop()
            self.heads = heads
            with zipfile.ZipFile(path) as archive:
                self._sheet, self._styles = _first_sheet(archive), _part(archive, "xl/styles.xml")
            self._left = _leftmost(self._sheet)
            rows = self._with_percentages(self._rows())
            self.typed = _typed(self._sheet, rows, self._head + 2, self._left)
            self._frame = self._filled(rows)
            self._sheet = b""  # the largest part by far
        except _DAMAGED as error:
            raise wrong(options.messages("batch_damaged"), name) from error
        self.types = [*self._frame.drop(ROW).dtypes]
        self.count = self._frame.height

    def _rows(self) -> pl.DataFrame:
        """The rows below the head, with their numbers in the sheet."""
        width = len(self.heads)
        frame = self._loaded()
        frame = frame.rename(
            dict(zip(frame.columns, map(column_name, range(frame.width)), strict=True))
        )
        for number in range(frame.width, width):
            frame = frame.with_columns(pl.lit(None, pl.String).alias(column_name(number)))
        return frame.select(map(column_name, range(width))).with_row_index(ROW, self._head + 2)

    def _loaded(self) -> pl.DataFrame:
        """What is below the head; as texts where the kinds of cells go together in no other way."""
        skip = self._head + 1
        try:
            return self._workbook.load_sheet(
                0, header_row=None, skip_rows=skip, schema_sample_rows=None
            ).to_polars()
        except fastexcel.UnsupportedColumnTypeCombinationError:
            return self._workbook.load_sheet(
                0, header_row=None, skip_rows=skip, dtypes="string"
            ).to_polars()

    def _with_percentages(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with what is shown as a percentage written as one."""
        shown: dict[int, list[int]] = {}
        for place, row in _percentages(self._sheet, self._styles):
            column = place - self._left
            shown.setdefault(column, []).append(row)
        for column, rows in shown.items():
            name = column_name(column)
            if column < len(self.heads) and _holds_numbers(frame.schema[name]):
                number = pl.col(name).cast(pl.Float64, strict=False)
                value = (number * 100).round(10).cast(pl.String)
                frame = frame.with_columns(
                    pl.when(pl.col(ROW).is_in(rows) & number.is_not_null())
                    .then(value.str.strip_suffix(".0") + "%")
                    .otherwise(pl.col(name).cast(pl.String))
                    .alias(name)
                )
        return frame

    def _filled(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with the cells that are merged downwards filled, and without empty ones."""
        first = self._head + 2
        for place, top, bottom in _merged(self._sheet):
            column = place - self._left
            if (
                0 <= column < len(self.heads)
                and first <= top < bottom
                and top - first < frame.height
            ):
                name = column_name(column)
                rows = [*range(top - first + 1, min(bottom - first + 1, frame.height))]
                value = frame[name][top - first]
                frame = frame.with_columns(
                    pl.when(pl.int_range(pl.len()).is_in(rows) & pl.col(name).is_null())
                    .then(pl.lit(value, frame.schema[name]))
                    .otherwise(pl.col(name))
                    .alias(name)
                )
        return frame.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))

    def batches(self) -> Iterator[Batch]:
        """The rows in order; an empty one is no row."""
        yield from map(Batch, self._frame.iter_slices(ROWS))


def _leftmost(sheet: bytes) -> int:
    """The first column with something in it, from 0: those before it are not read."""
    left: int | None = None
    for letters, _, _, kind, written in map(re.Match.groups, _CELL.finditer(sheet)):
        if written or kind == b"inlineStr":
            column = _number_of(letters)
            left = column if left is None else min(left, column)
            if left == 0:
                break
    return left or 0


def _holds_numbers(kind: pl.DataType) -> bool:
    """Whether there may be numbers in a column; among texts, they are texts too."""
    return kind.is_numeric() or kind == pl.String


def _merged(sheet: bytes) -> Iterator[tuple[int, int, int]]:
    """The cells that are merged downwards: column (from 0), first and last row (from 1)."""
    for left, top, _, bottom in _MERGED.findall(sheet):
        yield _number_of(left), int(top), int(bottom)


def _percentages(sheet: bytes, styles: bytes) -> Iterator[tuple[int, int]]:
    """The cells that are shown as percentages: column (from 0) and row (from 1)."""
    formats = {int(name): code for name, code in _FORMAT.findall(styles)}
    percent = _PERCENT | {name for name, code in formats.items() if b"%" in _LITERAL.sub(b"", code)}
    used = _STYLE.findall(styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0])
    wanted = {str(number).encode() for number, name in enumerate(used) if int(name) in percent}
    for letters, row, style, kind, written in _CELL.findall(sheet) if wanted else ():
        if written and style in wanted and kind in (b"", b"n"):
            yield _number_of(letters), int(row)


def _typed(
    sheet: bytes, frame: pl.DataFrame, first: int, left: int
) -> dict[int, dict[str, object]]:
    """By number of a column of texts, those that stand for a number, a flag or a date: one cell
    that holds a text makes texts of all others of its column. What also stands as a text somewhere
    is left one. `first` is the number of the first row in the sheet, `left` of the first column."""
    columns = {
        number: frame[column_name(number)]
        for number in range(frame.width - 1)
        if frame.schema[column_name(number)] == pl.String
        and frame[column_name(number)].str.contains(_NO_TEXT).any()
    }
    if not columns:
        return {}
    cells: dict[int, dict[int, bytes]] = {number: {} for number in columns}
    for letters, row, _, kind, written in _CELL.findall(sheet):
        place = int(row) - first
        if kind not in _TEXTS and written and 0 <= place < frame.height:
            cells.get(_number_of(letters) - left, {})[place] = written
    meanings = {}
    for number, column in columns.items():
        values: dict[str, object] = {}
        texts = set()
        for place, text in enumerate(column):
            if text is not None and place in cells[number]:
                value = _value(text, cells[number][place])
                # Texts are rounded: of two numbers with one text, neither is known by it.
                values[text] = value if values.setdefault(text, value) == value else None
            else:
                texts.add(text)
        known = {text: meaning for text, meaning in values.items() if meaning is not None}
        meanings[number] = {text: meaning for text, meaning in known.items() if text not in texts}
    return meanings


def _value(text: str, written: bytes) -> object:
    """The number, flag or date that a text stands for; None where it is none. `written` is what
    the workbook holds of it, in all its digits."""
    if text in ("true", "false"):
        return text == "true"
    try:
        if text[4:5] == "-" and ":" in text:
            return datetime.datetime.fromisoformat(text)
        return _Percentage(written) if text.endswith("%") else float(written)
    except ValueError:
        return None


def _first_sheet(archive: zipfile.ZipFile) -> bytes:
    """The first sheet of a workbook, in whatever part it is."""
    name = _FIRST.search(_part(archive, "xl/workbook.xml"))
    for related in _RELATED.findall(_part(archive, "xl/_rels/workbook.xml.rels")):
        words = dict(re.findall(rb'\b(\w+)="([^"]*)"', related))
        if name and words.get(b"Id") == name[1]:
            target = words.get(b"Target", b"").decode()
            return _part(archive, target[1:] if target.startswith("/") else f"xl/{target}")
    return b""


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of a workbook; nothing where it has none of that name."""
    return archive.read(name) if name in archive.namelist() else b""


def _number_of(letters: bytes) -> int:
    """The number of a column, from 0, by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


class ExcelSink(Sink):
    """A workbook: the table with its head frozen, filters on, and what is open in colour; on a
    second sheet, the summary. Texts are texts, whatever they start with."""

    def __init__(self, file: IO[bytes], layout: Layout) -> None:
        self._file, self._layout = file, layout
        # xlsxwriter does not take it well when a disk is full: it writes elsewhere first.
        self._whole = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the workbook)
        self._workbook = xlsxwriter.Workbook(
            self._whole,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        make = self._workbook.add_format
        self._head = make({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self._plain = make({"valign": "top", "text_wrap": True})
        self._moment = make({"valign": "top", "num_format": "yyyy-mm-dd hh:mm"})
        self._day = make({"valign": "top", "num_format": "yyyy-mm-dd"})
        self._percent = make({"valign": "top", "num_format": "0.##########%"})
        self._whole_percent = make({"valign": "top", "num_format": "0%"})
        self._fills = {
            name: make({"bg_color": colour, "valign": "top"}) for name, colour in _FILLS.items()
        }
        self._sheet = self._workbook.add_worksheet()
        self._rows = 0
        self._widths: list[int] = []

    def _begin(self, frame: pl.DataFrame | None) -> None:
        sheet, heads = self._sheet, self._layout.heads
        for number, head in enumerate(heads):
            longest = 0
            if frame is not None and frame.height:
                words = self._layout.words.get(number, {})
                values = (str(value or "") for value in frame.to_series(number).head(200))
                longest = max(cell_len(words.get(value, value)[:_WIDE]) for value in values)
            # 3 more for the head's button, which opens its filter
            self._widths.append(min(_WIDE, max(_NARROW, cell_len(head) + 3, longest + 2)))
            sheet.set_column(number, number, self._widths[-1], self._plain)
        for number, head in enumerate(heads):
            sheet.write_string(0, number, head[:_LONGEST], self._head)
        self._rows = 1

    def _height(self, row: Sequence[object]) -> int:
        """The lines that the longest text of a row takes, so that every program shows them."""
        texts = ((value, width) for value, width in zip(row, self._widths, strict=True))
        lines = (
            -(-cell_len(value) // int(0.9 * width))
            for value, width in texts
            if isinstance(value, str) and len(value) > _NARROW // 2
        )
        return min(_MOST_LINES, max(lines, default=1))

    def write(self, frame: pl.DataFrame) -> None:
        """Adds rows."""
        if not self._rows:
            self._begin(frame)
        if self._rows + frame.height > MOST_ROWS:
            raise TooManyRowsError
        for row in frame.iter_rows():
            lines = self._height(row)
            if lines > 1:  # before its cells, which are written at once
                self._sheet.set_row(self._rows, _LINE * lines)
            for number, value in enumerate(row):
                if value is not None:
                    self._cell(number, value)
            self._rows += 1

    def _cell(self, number: int, value: Any) -> None:
        row, sheet = self._rows, self._sheet
        words = self._layout.words.get(number)
        if words and isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and number in self.typed:
            value = self.typed[number].get(value, value)
        if isinstance(value, str):
            form = self._plain
            if words and number in self._layout.access:
                form = self._fills.get(value, form)
            text = words.get(value, value) if words else value
            sheet.write_string(row, number, text[:_LONGEST], form)
        elif isinstance(value, bool):
            sheet.write_boolean(row, number, value, self._plain)
        elif isinstance(value, _Percentage):
            whole = round(value * 100, 10).is_integer()
            sheet.write_number(row, number, value, self._whole_percent if whole else self._percent)
        elif isinstance(value, int | float | Decimal):
            # Excel keeps 15 digits; a longer number would not be what it was.
            if isinstance(value, int) and abs(value) >= 10**15:
                sheet.write_string(row, number, str(value), self._plain)
            else:
                sheet.write_number(row, number, value, self._plain)
        elif isinstance(value, datetime.datetime):
            form = self._moment if value.time() != datetime.time() else self._day
            sheet.write_datetime(row, number, value.replace(tzinfo=None), form)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, number, value, self._day)
        else:
            sheet.write_string(row, number, str(value)[:_LONGEST], self._plain)

    def close(self) -> None:
        """Writes the workbook."""
        if not self._rows:
            self._begin(None)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A3)
        self._sheet.fit_to_pages(_PAGES, 0)
        self._sheet.repeat_rows(0)
        self._sheet.repeat_columns(0)
        self._sheet.autofilter(0, 0, max(1, self._rows - 1), len(self._layout.heads) - 1)
        if self.summary:
            summary = self.summary()
            sheet = self._workbook.add_worksheet(summary.name)
            sheet.set_column(0, 0, 70, self._plain)
            sheet.fit_to_pages(1, 0)
            sheet.set_column(1, 1, 12)
            for number, row in enumerate(summary.rows):
                sheet.write_string(
                    number, 0, str(row[0])[:_LONGEST], self._head if len(row) == 1 else self._plain
                )
                for place, value in enumerate(row[1:], 1):
                    if isinstance(value, int):
                        sheet.write_number(number, place, value)
                    else:
                        sheet.write_string(number, place, value[:_LONGEST])
        self._workbook.close()
        with self._whole:
            self._whole.seek(0)
            shutil.copyfileobj(self._whole, self._file)

    def abandon(self) -> None:
        """Nothing is kept."""
        self._whole.close()
        self._workbook.fileclosed = True  # otherwise xlsxwriter warns of one that was not closed
        for sheet in self._workbook.worksheets():
            sheet.row_data_fh.close()  # the rows so far are in a file of its own
            Path(sheet.row_data_filename).unlink(missing_ok=True)
