"""Tables to read: what is in a file, recognised from its ending and its first lines.

Whatever its format, a table comes as batches of rows: frames with the number of each row, the
columns under names of our own (a table may use a head twice), and why a row cannot be read, if it
cannot. A format is a class here, and its name in SOURCES.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import polars as pl

from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import Messages
from choose_channel.tables.formats import delimiter_of
from choose_channel.tables.frames import UNREADABLE

ROWS = 50_000
"""So many rows are a batch."""
ROW = "row"
"""The name of the column for the number of a row."""
_SPARE = 8
"""So many more cells than the head has are kept of a row that is too long."""
_HEAD = 1 << 18


def column_name(number: int) -> str:
    """The name of a column within a batch."""
    return f"c{number}"


class Batch(NamedTuple):
    """Some rows: ROW, the columns by `column_name`, and UNREADABLE where some cannot be read;
    for JSON lines also the lines themselves."""

    frame: pl.DataFrame
    lines: pl.Series | None = None


class Source(ABC):
    """A table that is read."""

    heads: list[str]
    types: list[pl.DataType]
    count: int | None
    """About how many rows there are, if it is known."""
    notes: list[str]
    """What a person should know about how the table was read."""
    byte_order_mark = False
    """Whether the CSV that comes of it must start with the mark by which Excel knows UTF-8."""
    typed: Mapping[int, Mapping[str, object]] = {}
    """By number of a column of texts, what those stand for that are not texts in the file."""

    @abstractmethod
    def batches(self) -> Iterator[Batch]:
        """The rows in order."""


class Options(NamedTuple):
    """How to read a table, where it is not as it looks."""

    encoding: str | None
    messages: Messages
    scratch: Path


def wrong(message: str, name: str) -> DocumentError:
    """The error that a table cannot be read."""
    return DocumentError([Problem(message, name)])


class CsvSource(Source):
    """Comma-, semicolon- or tab-separated values, in UTF-8 or an older encoding."""

    def __init__(self, path: Path, options: Options, delimiter: str = "") -> None:
        self._path, self._name, self._messages = path, str(path), options.messages
        self.notes = []
        start = self._in_utf8(options)
        first, skipped = start.splitlines()[0] if start.strip() else "", 0
        if hint := re.fullmatch(r"sep=(.)", first):
            delimiter, start, skipped = hint[1], start.split("\n", 1)[-1], 1
        self.delimiter = delimiter or delimiter_of(start)
        if self.delimiter != "," and not delimiter:
            words = {"\t": "batch_tab", ";": "batch_semicolons", "|": "batch_bars"}
            self.notes.append(self._messages(words[self.delimiter]))
        reader = csv.reader(io.StringIO(start, newline=""), delimiter=self.delimiter)
        self.heads = next((row for row in reader if any(row)), [])
        self._skipped = skipped + 1
        blank = re.match(r"(\r?\n)*", start)
        self._skipped += blank[0].count("\n") if blank else 0
        self.types = [pl.String()] * len(self.heads)
        if not self.heads:
            raise wrong(self._messages("batch_no_head"), self._name)

    def _in_utf8(self, options: Options) -> str:
        """The first lines, after making sure that the file is UTF-8: a copy of it where it is in
        another encoding."""
        encoding = options.encoding or _encoding(self._path, options.messages)
        start = _start(self._path)
        self.byte_order_mark = start.startswith(codecs.BOM_UTF8) or encoding != "utf-8"
        if encoding != "utf-8":
            name = {"gb18030": "GBK", "cp1252": "Windows-1252"}.get(encoding, encoding.upper())
            self.notes.append(options.messages("batch_encoding", encoding=name))
        elif self.byte_order_mark:
            self.notes.append(options.messages("batch_bom"))
        self.count = _lines(self._path)
        if encoding != "utf-8":
            self._path = _transcoded(self._path, encoding, options)
            start = _start(self._path)
        return codecs.getincrementaldecoder("utf-8-sig")("replace").decode(start)

    def batches(self) -> Iterator[Batch]:
        """The rows in order; a line without any value is no row."""
        names = [column_name(number) for number in range(len(self.heads))]
        spare = [f"x{number}" for number in range(_SPARE)]
        frame = pl.scan_csv(
            self._path,
            has_header=False,
            skip_rows=self._skipped,
            separator=self.delimiter,
            schema=dict.fromkeys([*names, *spare], pl.String),
            infer_schema=False,
            missing_columns="insert",
            extra_columns="ignore",
            row_index_name=ROW,
            row_index_offset=self._skipped + 1,
            raise_if_empty=False,
            glob=False,
        )
        try:
            for batch in frame.collect_batches(chunk_size=ROWS, maintain_order=True):
                yield Batch(self._marked(batch, names, spare))
        except pl.exceptions.PolarsError as error:
            if "utf-8" in str(error):
                raise wrong(self._messages("batch_encoding_wrong"), self._name) from error
            raise wrong(self._messages("batch_quote"), self._name) from error

    def _marked(self, frame: pl.DataFrame, names: list[str], spare: list[str]) -> pl.DataFrame:
        """The rows without empty lines, those that are too long with the reason."""
        if frame[names[0]].null_count():
            frame = frame.filter(~pl.all_horizontal(pl.col([*names, *spare]).is_null()))
        too_long = [name for name in spare if frame[name].null_count() < frame.height]
        if too_long:
            extra = pl.concat_str(too_long, separator=self.delimiter, ignore_nulls=True)
            reason = self._messages("batch_too_long", count=len(names), more="\0")
            before, after = reason.split("\0")
            reasons = pl.concat_str([pl.lit(before), extra, pl.lit(after)])
            any_more = pl.any_horizontal(pl.col(too_long).is_not_null())
            frame = frame.with_columns(pl.when(any_more).then(reasons).alias(UNREADABLE))
        return frame.drop(spare)


# ---- encodings and delimiters


def _opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where it is packed."""
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def _start(path: Path) -> bytes:
    """The first bytes of a text."""
    if path.suffix == ".zst":  # Python cannot unpack it, but polars can: every line is a cell then
        return "\n".join(_as_lines(path, 100).collect()["line"].fill_null("")).encode()
    with _opened(path) as file:
        return file.read(_HEAD)


def _as_lines(path: Path, count: int | None = None) -> pl.LazyFrame:
    """The lines of a text that polars unpacks, as a column."""
    return pl.scan_csv(
        path,
        has_header=False,
        schema={"line": pl.String},
        separator="\x1f",
        quote_char=None,
        n_rows=count,
        missing_columns="insert",
        extra_columns="ignore",
        glob=False,
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _encoding(path: Path, messages: Messages) -> str:
    """The encoding of a file: UTF-8 where all of it is, else GBK where that gives Chinese."""
    if path.suffix == ".zst":  # looked at by polars alone
        return "utf-8"
    start = next(_chunks(path), b"")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes(path, "gb18030"):
        sample = b"".join(re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", start)[:500])
        foreign = [c for c in sample.decode("gb18030", "ignore") if c > "\x7f"]
        chinese = sum("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in foreign)
        if chinese >= 0.8 * len(foreign):
            return "gb18030"
    if _decodes(path, "cp1252"):
        return "cp1252"
    raise wrong(messages("batch_encoding_unknown"), str(path))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(path: Path, encoding: str, options: Options) -> Path:
    """A copy in UTF-8. Raises DocumentError where the encoding does not fit."""
    decoder = codecs.getincrementaldecoder(encoding)()
    descriptor, name = tempfile.mkstemp(dir=options.scratch, suffix=".csv")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  (a descriptor)
            for chunk in _chunks(path):
                file.write(decoder.decode(chunk).encode())
            file.write(decoder.decode(b"", True).encode())
    except UnicodeDecodeError as error:
        raise wrong(options.messages("batch_encoding_wrong"), str(path)) from error
    return Path(name)


def _lines(path: Path) -> int | None:
    """About how many rows a file has."""
    if path.suffix in (".gz", ".zst"):
        return None
    return sum(chunk.count(b"\n") for chunk in _chunks(path))


# ---- JSON lines


class JsonLinesSource(Source):
    """A JSON object a line. The columns are the keys of all lines, first come first."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._messages = path, options.messages
        self.notes = []
        keys: dict[str, None] = {}
        self.count = 0
        for line in self._lines():
            self.count += 1
            keys |= dict.fromkeys(_object(line) or ())
        self.heads = [*keys]
        self.types = [pl.String()] * len(self.heads)
        if not self.heads:
            raise wrong(options.messages("batch_no_head"), str(path))

    def _lines(self) -> Iterator[str]:
        if self._path.suffix == ".zst":
            for frame in _as_lines(self._path).collect_batches(maintain_order=True):
                yield from frame["line"].fill_null("")
            return
        with _opened(self._path) as file:
            for line in file:
                yield line.decode("utf-8-sig", "surrogateescape").rstrip("\r\n")

    def batches(self) -> Iterator[Batch]:
        """The rows in order; an empty line is no row."""
        some: list[tuple[int, str]] = []
        for number, line in enumerate(self._lines(), 1):
            if line.strip():
                some.append((number, line))
            if len(some) == ROWS:
                yield self._batch(some)
                some = []
        if some:
            yield self._batch(some)

    def _batch(self, some: list[tuple[int, str]]) -> Batch:
        objects = [_object(line) for _, line in some]
        columns = {ROW: pl.Series([number for number, _ in some], dtype=pl.UInt32)}
        for number, head in enumerate(self.heads):
            texts = [_text(row.get(head)) if row else None for row in objects]
            columns[column_name(number)] = pl.Series(texts, dtype=pl.String)
        reason = self._messages("batch_no_object")
        if None in objects:
            bad = [reason if row is None else None for row in objects]
            columns[UNREADABLE] = pl.Series(bad, dtype=pl.String)
            first = [
                text if row is not None else line.encode("utf-8", "replace").decode()
                for text, row, (_, line) in zip(columns[column_name(0)], objects, some, strict=True)
            ]
            columns[column_name(0)] = pl.Series(first, dtype=pl.String)  # so that it is not lost
        lines = ["" if row is None else line for row, (_, line) in zip(objects, some, strict=True)]
        return Batch(pl.DataFrame(columns), pl.Series("line", lines, pl.String))


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
        line.encode()
    except ValueError:
        return None
    except RecursionError:
        return None
    return value if isinstance(value, dict) else None


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


# ---- Parquet


class ParquetSource(Source):
    """Parquet, with the types that it has."""

    def __init__(self, path: Path, options: Options) -> None:
        self.notes = []
        self._name, self._messages = str(path), options.messages
        try:
            self._frame = pl.scan_parquet(path, glob=False)
            schema = self._frame.collect_schema()
            self.count = self._frame.select(pl.len()).collect().item()
        except pl.exceptions.PolarsError as error:
            raise wrong(options.messages("batch_damaged"), self._name) from error
        self.heads, self.types = [*schema.names()], [*schema.dtypes()]

    def batches(self) -> Iterator[Batch]:
        """The rows in order."""
        names = [column_name(number) for number in range(len(self.heads))]
        frame = self._frame.rename(dict(zip(self.heads, names, strict=True)))
        try:
            for batch in frame.with_row_index(ROW, 1).collect_batches(
                chunk_size=ROWS, maintain_order=True
            ):
                yield Batch(batch)
        except pl.exceptions.PolarsError as error:
            raise wrong(self._messages("batch_damaged"), self._name) from error


# ---- the registry


def _excel(path: Path, options: Options) -> Source:
    from choose_channel.tables.excel import ExcelSource

    return ExcelSource(path, options)


SOURCES: dict[str, Callable[[Path, Options], Source]] = {
    "csv": CsvSource,
    "tsv": lambda path, options: CsvSource(path, options, "\t"),
    "jsonl": JsonLinesSource,
    "parquet": ParquetSource,
    "xlsx": _excel,
}
"""By format, what reads it."""
