"""Tables on Spark: many machines, each deciding its part of the rows as one machine would.

Spark hands the rows to the executors as they are read, and takes them back with their advice. They
go through once, and where some are refused once more, for these. An executor works a result out
where it first meets it and remembers it. What its part of the table comes to goes to the driver,
which adds the parts up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl
import pyarrow as pa
from pyspark import Accumulator, AccumulatorParam, TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from choose_channel.engine.engine import Engine
from choose_channel.model.rulebook import Rulebook
from choose_channel.tables.frames import REJECTED, UNREADABLE, Counting, Decider
from choose_channel.tables.matching import Match
from choose_channel.tables.tally import Tally

_TYPES: dict[str, DataType] = {
    "text": StringType(),
    "number": LongType(),
    "amount": DoubleType(),
    "flag": BooleanType(),
}
"""By kind of a column that is added, its type."""


class Decided(NamedTuple):
    """Rows with what is added to them, and what the whole table comes to."""

    frame: DataFrame
    parts: Accumulator[dict[int, Tally]]

    def tally(self) -> Tally:
        """What the table comes to, once Spark has gone through all of it."""
        tally = Tally()
        for _, part in sorted(self.parts.value.items()):
            tally.add(part)
        return tally


class SparkDecider:
    """Decides the rows of frames."""

    def __init__(
        self,
        spark: SparkSession,
        engine: Engine,
        lang: str,
        matches: Sequence[Match],
        columns: Sequence[str] | None = None,
    ) -> None:
        """`columns` are the names of those that are wanted; None for all."""
        self._spark, self._rulebook, self._lang = spark, engine.rulebook, lang
        decider = Decider(engine, lang, matches, columns)
        self.matches = [*matches]
        self.names = decider.names
        """The names of all columns that can be added."""
        self.columns, self.results = decider.columns, decider.results

    def decide(
        self,
        frame: DataFrame,
        names: Sequence[str],
        renamed: Mapping[str, str] | None = None,
        prefix: str = "",
    ) -> Decided:
        """The rows of a frame that are decided, with their advice. `names` are its columns, by
        number of the match's column; UNREADABLE may be among them, and does not come back. The
        columns in `renamed` get another name, which costs nothing here and a copy of every row
        behind it."""
        added = [StructField(prefix + column.name, _TYPES[column.kind]) for column in self.columns]
        return self._through(frame, names, renamed or {}, added, refused=False)

    def refuse(self, frame: DataFrame, names: Sequence[str]) -> Decided:
        """The rows that are refused, with the reasons in REJECTED."""
        return self._through(frame, names, {}, [StructField(REJECTED, StringType())], refused=True)

    def _through(
        self,
        frame: DataFrame,
        names: Sequence[str],
        renamed: Mapping[str, str],
        added: Sequence[StructField],
        *,
        refused: bool,
    ) -> Decided:
        own = [
            StructField(renamed.get(field.name, field.name), field.dataType)
            for field in frame.schema.fields
            if field.name != UNREADABLE
        ]
        parts = self._spark.sparkContext.accumulator(dict[int, Tally](), _Parts())
        schema = StructType([*own, *added])
        columns = tuple(column.name for column in self.columns)
        rulebook, matches, heads = self._rulebook, tuple(self.matches), tuple(schema.names)
        work = _Work(rulebook, self._lang, matches, columns, tuple(names), heads, refused, parts)
        return Decided(frame.mapInArrow(work.batches, schema), parts)


class _Parts(AccumulatorParam[dict[int, Tally]]):
    """By number of a part of the table, what it comes to: a part that Spark runs twice, because a
    machine fails or lags behind, counts once."""

    def zero(self, value: dict[int, Tally]) -> dict[int, Tally]:  # noqa: ARG002
        return {}

    def addInPlace(  # noqa: N802  (Spark calls it so)
        self, value1: dict[int, Tally], value2: dict[int, Tally]
    ) -> dict[int, Tally]:
        return value1 | value2


class _Work(NamedTuple):
    """What the executors do. It is sent there; what it needs is made there, once a process."""

    rulebook: Rulebook
    lang: str
    matches: tuple[Match, ...]
    columns: tuple[str, ...]
    names: tuple[str, ...]
    heads: tuple[str, ...]
    """The columns of what goes back."""
    refused: bool
    """Whether the refused rows go back, and not the decided ones."""
    parts: Accumulator[dict[int, Tally]]

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Decides the rows of a part of the table, a batch at a time."""
        decider = self._decider()
        counting = Counting(decider)
        read = {*(self.names[match.number] for match in self.matches), UNREADABLE}
        for batch in batches:
            frame = pl.from_arrow(batch.select([n for n in batch.schema.names if n in read]))
            assert isinstance(frame, pl.DataFrame)
            decided = decider.decide(frame, self.names)
            counting.add(decided)
            rows = batch.select([name for name in batch.schema.names if name != UNREADABLE])
            if self.refused or decided.refused:
                wanted = ~decided.kept if self.refused else decided.kept
                rows = rows.filter(wanted.to_arrow())
            added = decided.reasons().to_frame() if self.refused else decided.added
            arrow = added.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
            for some in arrow.to_batches():  # one, unless there are no rows
                yield pa.RecordBatch.from_arrays([*rows.columns, *some.columns], [*self.heads])
        context = TaskContext.get()
        assert context is not None
        self.parts.add({context.partitionId(): counting.finished()})

    def _decider(self) -> Decider:
        matches = [(match.number, match.head, match.question.id) for match in self.matches]
        name = self.rulebook.digest, self.lang, *self.columns, *matches
        if name not in _made:
            _made.clear()
            _made[name] = Decider(Engine(self.rulebook), self.lang, self.matches, self.columns)
        return _made[name]


_made: dict[tuple[object, ...], Decider] = {}
"""What was made for the work at hand, in this process."""
