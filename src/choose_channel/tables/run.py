"""A table through from end to end: read, decided, written, counted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl

from choose_channel.files import storage
from choose_channel.messages.errors import Problem, UsageError
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.tables import frames, sinks
from choose_channel.tables.advice_columns import ids, readable
from choose_channel.tables.formats import Format
from choose_channel.tables.sources import ROW, Batch, Source, column_name
from choose_channel.tables.tally import Tally


class Target(NamedTuple):
    """A file to be written, what it shall hold, and whether it may replace another."""

    path: Path
    format: Format
    replace: bool


class Decided(NamedTuple):
    """Some decided rows: their numbers, the table's own columns, what is added, by row the number
    of its result, and the number of the table that they come from."""

    rows: pl.DataFrame
    added: pl.DataFrame
    results: pl.Series
    source: int


class Job(NamedTuple):
    """What is to be done. `names` are the files that the tables come from."""

    sources: Sequence[Source]
    names: Sequence[str]
    decider: frames.Decider
    prefix: str
    output: Target
    rejects: Target
    messages: Messages
    watch: Sequence[Callable[[Decided], None]] = ()
    """Who else looks at what was decided."""
    sheet: Callable[[Tally], sinks.Sheet] | None = None
    """What stands on the second sheet of a workbook."""

    @property
    def heads(self) -> list[str]:
        """The heads of the tables; all have the same."""
        return [*self.sources[0].heads]

    @property
    def added(self) -> list[str]:
        """The heads of what is added."""
        return [self.prefix + column.name for column in self.decider.columns]


def check_heads(job: Job) -> None:
    """Raises UsageError where a column that is added has the name of one that is there."""
    clashes = [head for head in job.added if head in job.heads]
    if clashes:
        columns = job.messages.listing(f'"{shorten(head)}"' for head in clashes)
        raise UsageError([Problem(job.messages("batch_clash", columns=columns), "--prefix")])
    formats = {job.output.format.name, job.rejects.format.name} & {"jsonl", "parquet"}
    twice = sorted({head for head in job.heads if job.heads.count(head) > 1})
    if twice and formats:
        columns = job.messages.listing(f'"{shorten(head)}"' for head in twice)
        message = job.messages("batch_head_twice", columns=columns, format=min(formats))
        raise UsageError([Problem(message)])


def run(job: Job, progress: Callable[[int], None]) -> Tally:
    """Decides the tables. Raises what reading and writing raise; then nothing has been written."""
    counting = frames.Counting(job.decider)
    read = written = 0
    with ExitStack() as stack:
        rejects = _Rejects(job, stack)
        sink = stack.enter_context(_opened(job.output, _layout(job)))
        for number, source in enumerate(job.sources):
            sink.typed = source.typed
            for rows in source.batches():
                read += rows.frame.height
                batch = _take(job, number, rows, rejects, sink)
                written += batch.added.height
                counting.add(batch)
                progress(read)
        if job.sheet:
            sink.summary = functools.partial(job.sheet, counting.finished())
        # Not reached where the reader of a pipe has seen enough.
        if read != written + rejects.rows:
            raise AssertionError("a row was lost")
    return counting.finished()


def _take(job: Job, number: int, rows: Batch, rejects: _Rejects, sink: sinks.Sink) -> frames.Batch:
    """Decides some rows of a table, and writes them."""
    names = [column_name(place) for place in range(len(job.heads))]
    batch = job.decider.decide(rows.frame, names)
    frame, lines = rows
    if batch.refused:
        rejects.add(number, frame.filter(~batch.kept), batch.reasons())
        frame = frame.filter(batch.kept)
        lines = lines.filter(batch.kept) if lines is not None else None
    frame = frame.drop(frames.UNREADABLE, strict=False)
    if lines is not None and isinstance(sink, sinks.JsonLinesSink):
        sink.write_behind(lines, batch.added)
    else:
        sink.write(frame.select(names).hstack(batch.added))
    for look in job.watch:
        look(Decided(frame, batch.added, batch.numbers, number))
    return batch


def _layout(job: Job) -> sinks.Layout:
    added = (frames.TYPES[column.kind] for column in job.decider.columns)
    types = [*job.sources[0].types, *added]
    words, access = _words(job)
    heads = [*job.heads, *job.added]
    packing, mark = job.output.format.packing, _has_mark(job)
    return sinks.Layout(heads, types, packing, mark, words, access)


def _words(job: Job) -> tuple[dict[int, dict[str, str]], frozenset[int]]:
    """By number of a column that holds ids or flags, the word for each; and which tell of
    access."""
    rulebook, messages = job.decider.engine.rulebook, job.messages
    words: dict[int, dict[str, str]] = {}
    access = set()
    for number, column in enumerate(job.decider.columns, len(job.heads)):
        if column.names:
            words[number] = {
                name: readable(column, name, rulebook, messages) for name in ids(column, rulebook)
            }
            if column.names == "access":
                access.add(number)
        elif column.kind == "flag":
            words[number] = {"True": messages("yes"), "False": messages("no")}
    return words, frozenset(access)


@contextmanager
def _opened(target: Target, layout: sinks.Layout) -> Iterator[sinks.Sink]:
    """A sink whose file takes its place at the end, whole."""
    with storage.written_whole(target.path, replace=target.replace) as file:
        sink = sinks.SINKS[target.format.name](file, layout)
        try:
            yield sink
        except BaseException:
            sink.abandon()
            raise
        sink.close()


@contextmanager
def writer(
    job: Job, target: Target, heads: Sequence[str]
) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Writes rows of the table to a file of their own, with their numbers and some columns before
    them."""
    with ExitStack() as stack:
        sink: list[sinks.Sink] = []

        def opened(frame: pl.DataFrame | None) -> sinks.Sink:
            types = (
                frame.dtypes
                if frame is not None
                else [pl.String()] * (1 + len(heads) + len(job.heads))
            )
            every = [_free(ROW, job.heads), *(_free(head, job.heads) for head in heads), *job.heads]
            layout = sinks.Layout(every, types, target.format.packing, _has_mark(job))
            return stack.enter_context(_opened(target, layout))

        def write(frame: pl.DataFrame) -> None:
            if not sink:
                sink.append(opened(frame))
            sink[0].write(frame)

        yield write
        if not sink:
            opened(None)


def _has_mark(job: Job) -> bool:
    return any(source.byte_order_mark for source in job.sources)


class _Rejects:
    """The rows that are not decided, with their numbers and all reasons; the file is opened with
    the first of them, or where one of an earlier run is to be replaced."""

    def __init__(self, job: Job, stack: ExitStack) -> None:
        self._job, self._stack = job, stack
        self.rows = 0
        self._sink: sinks.Sink | None = None
        if job.rejects.replace and storage.is_replaced(job.rejects.path):
            self._open()

    def _open(self) -> sinks.Sink:
        job = self._job
        heads = [_free(name, job.heads) for name in self._own]
        types = {"row": pl.Int64(), "file": pl.String(), frames.REJECTED: pl.String()}
        layout = sinks.Layout(
            [*heads, *job.heads],
            [*(types[name] for name in self._own), *job.sources[0].types],
            job.rejects.format.packing,
            _has_mark(job),
        )
        self._sink = self._stack.enter_context(_opened(job.rejects, layout))
        return self._sink

    @property
    def _own(self) -> list[str]:
        file = ["file"] if len(self._job.sources) > 1 else []
        return [*file, "row", frames.REJECTED]

    def add(self, number: int, frame: pl.DataFrame, reasons: pl.Series) -> None:
        """Rejects rows, for a reason each."""
        self.rows += frame.height
        texts = map(_harmless, reasons)
        names = [column_name(place) for place in range(len(self._job.heads))]
        rows = frame.select(
            pl.lit(self._job.names[number]).alias("file"),
            pl.col(ROW).cast(pl.Int64).alias("row"),
            pl.Series(frames.REJECTED, [*texts], pl.String),
            *names,
        ).select(*self._own, *names)
        sink, before = self._sink or self._open(), len(self._own)
        typed = self._job.sources[number].typed
        sink.typed = {before + column: values for column, values in typed.items()}
        sink.write(rows)


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(sinks.FORMULA) else text


def _free(name: str, heads: Sequence[str]) -> str:
    while name in heads:
        name += "_"
    return name
