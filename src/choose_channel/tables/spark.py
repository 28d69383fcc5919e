"""Tables on Spark: many machines, the same bands and the same table of results.

Spark cuts numbers into bands and matches usual spellings, which gives most rows their key (see
cells.py) at once. A row with anything else in it, a cost or a value that cannot be told at sight,
is a text first: the list of its values, with one value standing for all of a band where no more is
asked. The executors read each such text once, with the readers of rows.py. The keys that occur are
collected, their results are worked out by advice_columns.py, once each, and are sent to the
executors as small tables, where every row finds its own, with the lists of the texts they share.
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  (everybody calls it so)

from choose_channel.engine.engine import Engine
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Rulebook
from choose_channel.tables.advice_columns import MISSING, Advice, OutputColumn
from choose_channel.tables.cells import REFUSED, Layout
from choose_channel.tables.matching import Match
from choose_channel.tables.rows import RowReader
from choose_channel.tables.tally import MOST_CELLS, Tally

REASONS = "rejected_because"
_MOST_SENT = 300_000
"""So many texts are sent to every executor; more of them are joined where they are."""
_BAD = "!"
"""What `odd` starts with where a row cannot be read; lists of values start with a bracket."""
_FEW = 1_000
"""More texts than these are spread: each of them is work for Python."""
_TYPES = {"text": "string", "number": "bigint", "amount": "double", "flag": "boolean"}
_ARROW_TYPES = {"text": pa.string(), "amount": pa.float64(), "flag": pa.bool_()}


class Decided(NamedTuple):
    """The rows with what is added, under the names of `SparkDecider.columns`, and REASONS, which is
    null where a row was decided; and what they come to."""

    frame: DataFrame
    tally: Tally


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
        self._spark, self._engine, self._lang = spark, engine, lang
        self.matches = [*matches]
        self.rows = RowReader(engine, lang, matches)
        self.results = Advice(engine, lang)
        self.names = [column.name for column in self.rows.columns]
        """The names of all columns that can be added."""
        self.columns = [one for one in self.rows.columns if columns is None or one.name in columns]
        self._money = [one for one in self.rows.columns if one not in self.results.columns]
        words = range(self.results.layout.words)
        self._keys = [f"key_{number}" for number in words]
        self._canonical = {name: self._texts_of_codes(name) for name in self.rows.readers}

    def decide(
        self, frame: DataFrame, names: Sequence[str], unreadable: Column | None = None
    ) -> Decided:
        """Decides the rows of a frame. `names` are its columns, by number of the match's column;
        `unreadable` says why a row cannot be read, and is null where it can."""
        coded = self._coded(frame, names, F.lit(None) if unreadable is None else unreadable)
        groups = coded.groupBy(*self._keys, "odd").count().persist()
        odd = groups.where(F.col("odd") != "")
        count = odd.count()
        read = self._read(odd, count).persist() if count else None
        tally = Tally()
        known = self._known(groups, read, tally)
        groups.unpersist()  # else a file is counted as it was at the first time in this session
        decided = coded
        if read is not None:
            own = F.when(F.col("odd") != "", F.col("read_own")).otherwise("")
            table = read.drop("count").withColumnsRenamed(
                {name: f"read_{name}" for name in [*self._keys, "own"]}
            )
            decided = decided.join(
                F.broadcast(table) if count <= _MOST_SENT else table, "odd", "left"
            )
            decided = decided.withColumns(
                {name: F.coalesce(f"read_{name}", name) for name in self._keys} | {"own": own}
            )
        keys = [*self._keys, *(["own"] if read is not None else [])]
        decided = decided.join(F.broadcast(known), keys, "left")
        decided = decided.join(F.broadcast(self._table_of_results()), "number", "left")
        # A row without a number has changed since it was counted: it must not pass for decided.
        changed = F.when(F.col("number").isNull(), "[]")
        refused = [] if read is None else ["refused"]
        reasons = _joined(F.coalesce(*refused, "missing", changed)).alias(REASONS)
        if read is None:
            nothing = {
                f"added_{one.name}": F.lit(None).cast(_TYPES[one.kind]) for one in self._money
            }
            decided = decided.withColumns(nothing)
        added = [self._output(one).alias(one.name) for one in self.columns]
        return Decided(decided.select(*frame.columns, *added, reasons), tally)

    # ---- at sight

    def _coded(self, frame: DataFrame, names: Sequence[str], unreadable: Column) -> DataFrame:
        """The rows with their keys, or without them and with their values as a text in `odd`.

        All in one step, since Spark copies every row at each."""
        types, layout, index = dict(frame.dtypes), self.results.layout, self._engine.space.index
        words = [F.lit(0).cast("bigint") for _ in self._keys]
        words[0] += F.when(unreadable.isNull(), 0)
        values = []
        for match in self.matches:
            name, head = match.question.id, names[match.number]
            text = _as_text(head, types[head])
            if name not in index:  # a cost
                words[0] += F.when(text == "", 0)
                values.append(text)
                continue
            code = self._at_sight(name, text)
            word, stride = layout.places[index[name]]
            words[word] += code * F.lit(stride).cast("bigint")
            values.append(self._value(name, text, code))
        roles = self._engine.rulebook.economy.roles
        if roles:
            word, stride = layout.places[index[roles.margin]]
            words[word] += F.lit(self.rows.unworked.band * stride)
        # Null spreads through sums: a row with one value that is not told at sight has no key.
        spread = functools.reduce(operator.add, (word * 0 for word in words))
        keys = [(word + spread).alias(name) for word, name in zip(words, self._keys, strict=True)]
        odd = F.when((words[0] + spread).isNotNull(), "")
        odd = odd.when(unreadable.isNotNull(), F.concat(F.lit(_BAD), unreadable))
        odd = odd.otherwise(F.to_json(F.array(*values)))
        return frame.select(*frame.columns, *keys, odd.alias("odd"))

    def _at_sight(self, name: str, text: Column) -> Column:
        """The code of a value; null where it cannot be told at sight."""
        reader = self.rows.readers[name]
        if reader.listed:
            return F.element_at(_constant({"": 0} | reader.spellings(), "map<string,int>"), text)
        plain = reader.plain
        number = text.try_cast("double")
        fits = text.rlike(plain.pattern) & (number <= plain.high)
        fits &= number > plain.low if plain.above else number >= plain.low
        if plain.gap:
            fits &= (number == 0) | (number >= plain.gap)
        band = F.lit(1)
        for cut in plain.cuts:
            band += (number >= cut).cast("int")
        return F.when(text == "", 0).when(fits, band)

    def _value(self, name: str, text: Column, code: Column) -> Column:
        """A value as it stands in `odd`: itself where it was not told at sight or where the money
        hangs on it, else one that stands for its band."""
        canonical = self._canonical[name]
        if not canonical or name in self.rows.money_names or name in self.rows.own_columns:
            return text
        return F.coalesce(F.get(_constant(canonical, "array<string>"), code), text)

    def _texts_of_codes(self, name: str) -> list[str]:
        """By code, a text that has it."""
        axis = self.rows.readers[name].axis
        return ["", *map(to_text, axis.values), UNKNOWN] if axis else []

    # ---- on the executors

    def _read(self, odd: DataFrame, count: int) -> DataFrame:
        """What the texts in `odd` mean: a key, the seller's own figures as a text, the sums; or why
        they are refused."""
        types = {"odd": "string", "count": "bigint"} | dict.fromkeys(self._keys, "bigint")
        types |= {"own": "string", "refused": "string"}
        types |= {f"added_{one.name}": _TYPES[one.kind] for one in self._money}
        schema = ", ".join(f"{name} {kind}" for name, kind in types.items())
        matches, keys, columns = tuple(self.matches), tuple(self._keys), tuple(self._money)
        work = _Work(self._engine.rulebook, self._lang, matches, keys, columns)
        if count > _FEW:
            odd = odd.repartition(2 * self._spark.sparkContext.defaultParallelism)
        return odd.select("odd", "count").mapInArrow(work.batches, schema)

    # ---- on the driver

    def _known(self, groups: DataFrame, read: DataFrame | None, tally: Tally) -> DataFrame:
        """By key and own figures, the number of the result, or what is missing. Counts."""
        plain = groups.where(F.col("odd") == "").select(
            *self._keys, F.lit("").alias("own"), "count"
        )
        found = plain
        if read is not None:
            self._count_refused(read, tally)
            decided = read.where(F.col("refused").isNull())
            found = plain.union(decided.select(*self._keys, "own", "count"))
            found = found.groupBy(*self._keys, "own").agg(F.sum("count").alias("count"))
        columns = found.toArrow().to_pydict()
        keys = [*zip(*(columns[name] for name in self._keys), strict=True)]
        numbers, missing = [], []
        for key, own, count in zip(keys, columns["own"], columns["count"], strict=True):
            figures = self.rows.own(json.loads(own)) if own else None
            number = self.results.number(key, figures)
            reasons = self._lacking(key) if number == MISSING else []
            numbers.append(number)
            missing.append(json.dumps(reasons) if reasons else None)
            tally.rows += count
            if reasons:
                tally.refuse(reasons, count)
                continue
            tally.decided += count
            tally.by_result[number] += count
            if len(tally.by_key) < MOST_CELLS:
                tally.by_key[key] += count
        del columns["count"]
        known = pa.table(
            columns
            | {"number": pa.array(numbers, pa.int32()), "missing": pa.array(missing, pa.string())}
        )
        return self._spark.createDataFrame(known)

    def _count_refused(self, read: DataFrame, tally: Tally) -> None:
        refused = read.where(F.col("refused").isNotNull()).groupBy("refused").agg(F.sum("count"))
        for reasons, count in refused.toLocalIterator():
            tally.rows += count
            tally.refuse(json.loads(reasons), count)

    def _lacking(self, key: Sequence[int]) -> list[str]:
        """What a row with this key lacks."""
        axes, codes = self._engine.space.axes, self.results.layout.codes(key)
        raws = {
            axis.question.id: self._canonical[axis.question.id][code]
            for axis, code in zip(axes, codes, strict=True)
            if axis.question.id in self._canonical
        }
        return self.rows.refusals(raws)

    def _table_of_results(self) -> DataFrame:
        """The results by their numbers; of texts, their places in the lists of texts."""
        rows = self.results.rows[1:]
        columns = {"number": pa.array(range(1, len(rows) + 1), pa.int32())}
        for place, column in enumerate(self.results.columns):
            if column in self.columns:
                values = [row[place] for row in rows]
                columns[f"added_{column.name}"] = pa.array(values, pa.int64())
        return self._spark.createDataFrame(pa.table(columns))

    def _output(self, column: OutputColumn) -> Column:
        """What is added to a row."""
        value = F.col(f"added_{column.name}")
        if column in self._money:
            return value
        if column.kind == "text":
            texts = self.results.texts[column.name]
            return F.get(_constant(texts, "array<string>"), value.cast("int"))
        return value.cast(_TYPES[column.kind])


def _constant(value: object, kind: str) -> Column:
    """A value as a constant: a text that is read once, since every call of F.lit goes to Java."""
    return F.from_json(F.lit(json.dumps(value)), kind)


def _joined(reasons: Column) -> Column:
    """Reasons as they are told; null where there are none."""
    listed = F.from_json(reasons, "array<string>")
    return F.when(reasons.isNotNull(), F.concat_ws(" | ", listed))


def _as_text(head: str, kind: str) -> Column:
    """A value as people write it; "" for none."""
    value = F.col(head)
    text = value.cast("string")
    if kind in ("double", "float"):  # which Spark writes with an exponent where they are large
        size = F.abs(value)
        whole = F.when(
            (size < 1e15) & (value == F.floor(value)), value.cast("bigint").cast("string")
        )
        text = whole.when(size.between(1e7, 1e15), value.cast("decimal(20,4)").cast("string"))
        text = text.otherwise(value.cast("string"))
    return F.coalesce(text, F.lit(""))


class _Work(NamedTuple):
    """What the executors do with texts. It is sent there; what it needs is made there, once a
    process."""

    book: Rulebook
    lang: str
    matches: tuple[Match, ...]
    keys: tuple[str, ...]
    money: tuple[OutputColumn, ...]

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Reads texts, a batch at a time."""
        name = (self.book.digest, self.lang, *((one.head, one.question.id) for one in self.matches))
        if name not in _made:
            _made.clear()
            engine = Engine(self.book)
            _made[name] = RowReader(engine, self.lang, self.matches), Layout(engine.space)
        rows, layout = _made[name]
        for batch in batches:
            read = [self._row(rows, layout, text) for text in batch[0].to_pylist()]
            columns = [
                pa.array(column, kind)
                for column, kind in zip(zip(*read, strict=True), self._types, strict=True)
            ]
            money = [f"added_{column.name}" for column in self.money]
            names = ["odd", "count", *self.keys, "own", "refused", *money]
            yield pa.RecordBatch.from_arrays([*batch.columns, *columns], names)

    @property
    def _types(self) -> list[pa.DataType]:
        return [
            *([pa.int64()] * len(self.keys)),
            *([pa.string()] * 2),
            *(_ARROW_TYPES[column.kind] for column in self.money),
        ]

    def _row(self, rows: RowReader, layout: Layout, text: str) -> tuple[Any, ...]:
        """What a text means, column by column."""
        if text.startswith(_BAD):
            return self._refused([text.removeprefix(_BAD)])
        raws = dict(zip(rows.readers, json.loads(text), strict=True))
        codes = rows.codes(raws)
        if REFUSED in codes.values():
            return self._refused(rows.refusals(raws))
        sums = rows.unworked
        if rows.has_costs and codes[rows.unit_cost] > 0:
            sums = rows.sums(tuple(raws[name] for name in rows.money_names))
        roles = self.book.economy.roles
        if roles:
            codes[roles.margin] = sums.band
        key = layout.key(codes.get(axis.question.id, 0) for axis in rows.engine.space.axes)
        own = ""
        if any(codes[name] > 0 for name in rows.own_names):
            figures = [raws[name] for name in rows.own_columns]
            own = json.dumps(figures) if rows.own(figures) else ""
        told = sums.told if self.money else ()
        return (*key, own, None, *told)

    def _refused(self, reasons: list[str]) -> tuple[Any, ...]:
        keys, sums = (None,) * len(self.keys), (None,) * len(self.money)
        return (*keys, "", json.dumps(reasons), *sums)


_made: dict[tuple[object, ...], tuple[RowReader, Layout]] = {}
"""What was made for the work at hand, in this process."""
