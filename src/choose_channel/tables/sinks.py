"""Tables to write, batch by batch. A format is a class here, and its line in SINKS.

What is added never starts like a formula: a spreadsheet would run it.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import os
import queue
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, NamedTuple, cast

import polars as pl

from choose_channel.tables.formats import Packing

FORMULA = ("=", "+", "-", "@", "\t", "\r")

MOST_ROWS = 1_048_576
"""So many rows a sheet of a workbook can hold, its head among them."""


_STEP = 0.1
"""So many seconds a thread is waited for before it is looked at again."""


class TooManyRowsError(Exception):
    """A sheet cannot hold so many rows."""


class Layout(NamedTuple):
    """How a table is written: the heads of all columns with their types, how the file is packed,
    and whether it starts with the mark by which Excel knows UTF-8."""

    heads: Sequence[str]
    types: Sequence[pl.DataType]
    packing: Packing = "uncompressed"
    byte_order_mark: bool = False
    words: Mapping[int, Mapping[str, str]] = {}
    """For people: by number of a column that holds ids or flags, the word for each."""
    access: frozenset[int] = frozenset()
    """The numbers of those of these columns that say how open something is."""


class Sheet(NamedTuple):
    """A sheet of text and numbers. A row of one cell is a heading."""

    name: str
    rows: Sequence[Sequence[str | int]]


class Sink(ABC):
    """A table that is written. The columns of each frame stand in the order of the heads, whatever
    they are called there."""

    summary: Callable[[], Sheet] | None = None
    """Gives what is written besides where there is a place for it."""
    typed: Mapping[int, Mapping[str, object]] = {}
    """By number of a column of texts, what some of those written next stand for."""

    @abstractmethod
    def write(self, frame: pl.DataFrame) -> None:
        """Adds rows."""

    def close(self) -> None:
        """Writes what is left."""
        return

    def abandon(self) -> None:
        """Lets go of everything; the file is not kept."""
        return


class ThreadedSink(Sink):
    """A table that is written in a thread of its own, while the next rows are decided."""

    def __init__(self) -> None:
        self._queue: queue.Queue[pl.DataFrame | None] = queue.Queue(maxsize=1)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @abstractmethod
    def write_all(self, frames: Iterator[pl.DataFrame]) -> None:
        """Writes frames as they come."""

    def _run(self) -> None:
        try:
            self.write_all(self._frames())
        except BaseException as error:
            self._error = error

    def _frames(self) -> Iterator[pl.DataFrame]:
        while (frame := self._queue.get()) is not None:
            yield frame

    def _feed(self, frame: pl.DataFrame | None, seconds: float = math.inf) -> None:
        """Hands on a frame, or None at the end; after an error no one is there to take it."""
        waited = 0.0
        while self._thread.is_alive() and waited < seconds:
            with suppress(queue.Full):
                self._queue.put(frame, timeout=_STEP)
                break
            waited += _STEP

    def write(self, frame: pl.DataFrame) -> None:
        """Adds rows."""
        if self._error:
            raise self._error
        self._feed(frame)

    def close(self) -> None:
        """Writes what is left."""
        self._feed(None)
        while self._thread.is_alive():  # with polars, Ctrl-C ends no wait that has no end itself
            self._thread.join(_STEP)
        if self._error:
            raise self._error

    def abandon(self) -> None:
        """Ends the thread; what it writes is not kept."""
        self._feed(None, seconds=5)
        self._thread.join(timeout=5)


class CsvSink(ThreadedSink):
    """Values separated by commas or tabs."""

    def __init__(self, file: IO[bytes], layout: Layout, separator: str = ",") -> None:
        self._file, self._separator, self._packing = file, separator, layout.packing
        head = io.StringIO()
        csv.writer(head, delimiter=separator, lineterminator="\n").writerow(layout.heads)
        self._start = (
            "\ufeff" if layout.byte_order_mark else ""
        ).encode() + head.getvalue().encode()
        super().__init__()

    def write_all(self, frames: Iterator[pl.DataFrame]) -> None:
        """Writes frames as they come."""
        for frame in frames:
            self._begin()
            self._file.flush()  # polars writes to the same file, past what Python holds back
            self._add(frame)

    def _add(self, frame: pl.DataFrame) -> None:
        try:
            frame.write_csv(
                self._file,
                include_header=False,
                separator=self._separator,
                compression=self._packing,
                check_extension=False,
            )
        except OSError as error:  # polars tells the number in its text only
            number = re.search(r"\(os error (\d+)\)", str(error))
            if error.errno is None and number:
                raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
            raise

    def _begin(self) -> None:
        if self._start:
            self._file.write(packed(self._start, self._packing))
            self._start = b""

    def close(self) -> None:
        """Writes what is left, and the head where there were no rows."""
        super().close()
        self._begin()


def packed(content: bytes, packing: Packing) -> bytes:
    """Some text, packed. What is packed in parts may be put together."""
    if packing == "gzip":
        return gzip.compress(content, mtime=0)
    if packing == "zstd":  # Python cannot do it, but polars can pack a cell
        out = io.BytesIO()
        pl.DataFrame({"": [content.decode().removesuffix("\n")]}).write_csv(
            out,
            include_header=False,
            quote_style="never",
            compression="zstd",
            check_extension=False,
        )
        return out.getvalue()
    return content


class JsonLinesSink(Sink):
    """A JSON object a line. A row that comes from a JSON line keeps that line, with the new keys
    at its end."""

    def __init__(self, file: IO[bytes], layout: Layout) -> None:
        self._file, self._layout = file, layout

    def write(self, frame: pl.DataFrame) -> None:
        """Adds rows."""
        self._add(_lines(frame, self._layout.heads))

    def write_behind(self, lines: pl.Series, frame: pl.DataFrame) -> None:
        """Adds rows to the lines that they come from."""
        added = _lines(frame, self._layout.heads[-frame.width :]).decode().splitlines()
        pairs = zip(lines, added, strict=True)
        self._add("".join(f"{_spliced(*pair)}\n" for pair in pairs).encode())

    def _add(self, text: bytes) -> None:
        if text:
            self._file.write(packed(text, self._layout.packing))


def _lines(frame: pl.DataFrame, heads: Sequence[str]) -> bytes:
    """The rows of a frame as JSON lines."""
    content = io.BytesIO()
    frame.rename(dict(zip(frame.columns, heads, strict=True))).write_ndjson(content)
    return content.getvalue()


def _spliced(line: str, added: str) -> str:
    """A JSON object with the keys of another at its end."""
    start = line.rstrip()[:-1].rstrip()
    return f"{start}{'' if start.endswith('{') else ', '}{added[1:]}"


class ParquetSink(ThreadedSink):
    """Parquet. polars pulls what it writes."""

    def __init__(self, file: IO[bytes], layout: Layout) -> None:
        self._file = Watched(file)
        self._schema = dict(zip(layout.heads, layout.types, strict=True))
        super().__init__()

    def write_all(self, frames: Iterator[pl.DataFrame]) -> None:
        """Writes frames as they come."""
        from polars.io.plugins import register_io_source

        named = (
            frame.rename(dict(zip(frame.columns, self._schema, strict=True))) for frame in frames
        )
        try:
            register_io_source(lambda *_: named, schema=self._schema).sink_parquet(
                cast(IO[bytes], self._file)
            )
        finally:
            if self._file.error:
                raise self._file.error


class Watched(io.RawIOBase):
    """A file that remembers why writing to it failed, since libraries tell it in words of their
    own; what they write afterwards is dropped."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any, /) -> int:
        """Writes, and remembers what goes wrong."""
        if self.error:
            return len(data)
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise


def _excel(file: IO[bytes], layout: Layout) -> Sink:
    from choose_channel.tables.excel import ExcelSink

    return ExcelSink(file, layout)


SINKS: dict[str, Callable[[IO[bytes], Layout], Sink]] = {
    "csv": CsvSink,
    "tsv": lambda file, layout: CsvSink(file, layout, "\t"),
    "jsonl": JsonLinesSink,
    "parquet": ParquetSink,
    "xlsx": _excel,
}
