"""Tables as polars frames: from a frame of answers to the same rows with their advice.

polars cuts numbers into bands, matches usual spellings and looks results up; what it cannot tell at
sight goes to cells.py, and what is not known yet to advice_columns.py, each distinct value once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from choose_channel.engine.engine import Engine
from choose_channel.tables import money
from choose_channel.tables.advice_columns import MISSING, Advice, OutputColumn, Own
from choose_channel.tables.cells import REFUSED, UNREAD
from choose_channel.tables.matching import Match
from choose_channel.tables.rows import RowReader
from choose_channel.tables.tally import MOST_CELLS, Tally

UNREADABLE = "unreadable"
"""The column of a frame that says why a row cannot be read; null where it can."""
REJECTED = "rejected_because"
TYPES = {"text": pl.String(), "number": pl.Int64(), "amount": pl.Float64(), "flag": pl.Boolean()}
"""By kind of a column that is added, its type."""
_MOST_KNOWN = 250_000
"""So many keys are remembered with the numbers of their results."""


class Batch(NamedTuple):
    """Some rows, decided. `kept` tells which of them were, `added` holds the new columns of these,
    `numbers` the number of the result of each, and `refused` the reasons for the others, in the
    order of the rows, and `keys` the keys of the decided ones (see cells.py)."""

    kept: pl.Series
    added: pl.DataFrame
    numbers: pl.Series
    keys: pl.DataFrame
    refused: list[list[str]]

    def reasons(self) -> pl.Series:
        """Why each refused row is refused, as it is told."""
        return pl.Series(REJECTED, [" | ".join(reasons) for reasons in self.refused], pl.String)

    def every_row(self) -> pl.DataFrame:
        """What is added to every row, and REJECTED: nothing but its reasons to a refused one."""
        reasons = pl.Series(REJECTED, [None], pl.String).new_from_index(0, self.kept.len())
        reasons = reasons.scatter((~self.kept).arg_true(), self.reasons())
        added = self.added
        if not added.height:
            added = added.clear(self.kept.len())
        elif self.refused:
            places = self.kept.cum_sum().cast(pl.Int64) - 1
            places = pl.select(pl.when(self.kept).then(places)).to_series()
            added = added.select(pl.all().gather(places))
        return added.with_columns(reasons)


class Decider:
    """Decides the rows of a table, some at a time. It remembers every result."""

    def __init__(
        self, engine: Engine, lang: str, matches: Sequence[Match], columns: Sequence[str] | None
    ) -> None:
        """`columns` are the names of those that are wanted; None for all."""
        self.engine, self.matches = engine, matches
        self.results = Advice(engine, lang)
        self.rows = RowReader(engine, lang, matches)
        self._spellings = {
            name: reader.spellings() for name, reader in self.rows.readers.items() if reader.listed
        }
        self._owns: dict[Own, int] = {}
        every = self.rows.columns
        self.names = [column.name for column in every]
        """The names of all columns that can be added."""
        self.columns = [column for column in every if columns is None or column.name in columns]
        self._keys = [f"k{number}" for number in range(self.results.layout.words)]
        if self.rows.own_names:
            self._keys.append("own")
        self._known = pl.DataFrame(
            schema={**dict.fromkeys(self._keys, pl.Int64), "number": pl.UInt32}
        )
        """By key, the number of its result."""
        self._results_frame = pl.DataFrame(
            self.results.rows, schema=self._result_schema(), orient="row"
        )
        """The results, by their numbers."""
        self._texts: dict[str, pl.Series] = {}

    def _result_schema(self) -> dict[str, pl.DataType]:
        return {
            column.name: pl.UInt32() if column.kind == "text" else pl.Int64()
            for column in self.results.columns
        }

    # ---- a batch

    def decide(self, frame: pl.DataFrame, names: Sequence[str]) -> Batch:
        """Decides the rows of a frame; `names` are its columns, by number of the match's column.
        Every column that answers a question is read as text. UNREADABLE may be among them."""
        texts = frame.select(
            _as_text(frame[names[match.number]], match.question.id) for match in self.matches
        )
        codes = self._codes(texts)
        refused = pl.Series([False]).new_from_index(0, texts.height)
        if codes.width:
            refused = codes.select(pl.any_horizontal(pl.all() == REFUSED)).to_series()
        if UNREADABLE in frame.columns:
            refused |= frame[UNREADABLE].is_not_null()
        if refused.any():
            codes = codes.select(
                pl.when(refused).then(0).otherwise(pl.col(name)).alias(name)
                for name in codes.columns
            )
        keys, sums = self._with_money(texts, codes, refused)
        numbers = self._look_up(keys)
        kept = ~refused & (numbers != MISSING)
        decided = numbers if kept.all() else numbers.filter(kept)
        wanted = [column for column in self.results.columns if column in self.columns]
        added = self.advice(decided, wanted)
        if self.rows.has_costs:
            added = added.with_columns(sums.filter(kept).get_columns())
        added = added.select(column.name for column in self.columns)
        refusals = self._refusals(texts.filter(~kept), frame.filter(~kept))
        return Batch(kept, added, decided, keys.filter(kept), refusals)

    def _refusals(self, texts: pl.DataFrame, frame: pl.DataFrame) -> list[list[str]]:
        """Why some rows are refused."""
        broken = frame[UNREADABLE] if UNREADABLE in frame.columns else [None] * frame.height
        return [
            [reason] if reason else self.rows.refusals(raws)
            for reason, raws in zip(broken, texts.iter_rows(named=True), strict=True)
        ]

    # ---- codes

    def _codes(self, texts: pl.DataFrame) -> pl.DataFrame:
        """The code of every value."""
        codes = texts.select(self._at_sight(name) for name in texts.columns)
        for name in texts.columns:
            unread = codes[name] == UNREAD
            if unread.any():
                codes = codes.with_columns(self._read(name, texts, codes[name], unread))
        return codes

    def _at_sight(self, name: str) -> pl.Expr:
        text = pl.col(name)
        if name in self._spellings:
            spelled = self._spellings[name]
            return text.replace_strict(
                ["", *spelled], [0, *spelled.values()], default=UNREAD, return_dtype=pl.Int16
            )
        plain = self.rows.readers[name].plain
        number = text.cast(pl.Float64, strict=False)
        fits = text.str.contains(plain.pattern) & (number <= plain.high)
        fits &= number > plain.low if plain.above else number >= plain.low
        if plain.gap:
            fits &= (number == 0) | (number >= plain.gap)
        band = pl.lit(1, pl.Int16)
        for cut in plain.cuts:
            band += (number >= cut).cast(pl.Int16)
        blank = pl.when(text == "").then(pl.lit(0, pl.Int16))
        return blank.when(fits).then(band).otherwise(pl.lit(UNREAD, pl.Int16)).alias(name)

    def _read(
        self, name: str, texts: pl.DataFrame, codes: pl.Series, unread: pl.Series
    ) -> pl.Series:
        """The codes of a column with those that were not told at sight."""
        rows, reader = self.rows, self.rows.readers[name]
        columns = [name, *([rows.rate] if rows.takes_rate(name) else [])]
        some = texts.filter(unread).select(columns)
        distinct = some.unique(maintain_order=True)
        new_codes = [reader.code(raw, rows.rate_of(name, *rest)) for raw, *rest in distinct.rows()]
        if len(columns) == 1 and name in self._spellings:
            spelled = self._spellings[name]
            if len(spelled) < 2_000:
                pairs = zip(distinct[name], new_codes, strict=True)
                spelled.update((raw, code) for raw, code in pairs if len(raw) < 80)
        column = pl.Series("code", new_codes, pl.Int16)
        read = some.join(
            distinct.with_columns(column), on=columns, how="left", maintain_order="left"
        )
        return codes.scatter(unread.arg_true(), read["code"])

    # ---- keys

    def _with_money(
        self, texts: pl.DataFrame, codes: pl.DataFrame, refused: pl.Series
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The key of each row, and its sums where the table has costs."""
        layout, index = self.results.layout, self.engine.space.index
        words: list[pl.Expr] = [pl.lit(0, pl.Int64) for _ in range(layout.words)]
        for name in codes.columns:
            if name in index:
                word, stride = layout.places[index[name]]
                words[word] += pl.col(name).cast(pl.Int64) * stride
        roles = self.engine.rulebook.economy.roles
        sums = pl.DataFrame()
        if roles:
            word, stride = layout.places[index[roles.margin]]
            if self.rows.has_costs:
                sums = self._sums_of(texts, codes, refused)
                codes = codes.with_columns(sums["band"].alias("margin band"))
                words[word] += pl.col("margin band").cast(pl.Int64) * stride
            else:
                words[word] += self.rows.unworked.band * stride
        keys = codes.select(key.alias(name) for key, name in zip(words, self._keys, strict=False))
        if keys.height != texts.height:  # nothing but literals
            keys = pl.concat([keys] * texts.height) if texts.height else keys.clear()
        if self.rows.own_names:
            keys = keys.with_columns(self._own_of(texts, codes, refused))
        return keys, sums

    def _sums_of(
        self, texts: pl.DataFrame, codes: pl.DataFrame, refused: pl.Series
    ) -> pl.DataFrame:
        """The band of the margin, and the columns of the money."""
        names = self.rows.money_names
        worked = (codes[self.rows.unit_cost] > 0) & ~refused
        some = texts.filter(worked).select(names)
        distinct = some.unique(maintain_order=True)
        sums = [self.rows.sums(raws) for raws in distinct.rows()]
        columns = {"band": pl.Series([item.band for item in sums], dtype=pl.Int16)}
        for number, column in enumerate(money.money_columns(self.engine.rulebook)):
            values = [item.values[number] for item in sums]
            columns[column.name] = pl.Series(values, dtype=TYPES[column.kind])
        known = distinct.with_columns(**columns)
        rows = pl.DataFrame({"row": worked.arg_true()}).hstack(
            some.join(known, on=names, how="left", maintain_order="left").select(*columns)
        )
        every = pl.DataFrame({"row": pl.arange(texts.height, eager=True, dtype=pl.UInt32)})
        joined = every.join(rows, on="row", how="left", maintain_order="left").drop("row")
        return joined.with_columns(pl.col("band").fill_null(self.rows.unworked.band))

    def _own_of(self, texts: pl.DataFrame, codes: pl.DataFrame, refused: pl.Series) -> pl.Series:
        """By row, the number of its own figures that texts may tell; 0 where it has none."""
        names, columns = self.rows.own_names, self.rows.own_columns
        has = codes.select(pl.any_horizontal(pl.col(names) > 0)).to_series() & ~refused
        own = pl.Series("own", [0], pl.Int64).new_from_index(0, texts.height)
        if not has.any():
            return own
        some = texts.filter(has).select(columns)
        distinct = some.unique(maintain_order=True)
        owns = [self.rows.own(raws) for raws in distinct.rows()]
        numbers = [
            self._owns.setdefault(figures, len(self._owns) + 1) if figures else 0
            for figures in owns
        ]
        known = distinct.with_columns(pl.Series("own", numbers, pl.Int64))
        values = some.join(known, on=columns, how="left", maintain_order="left")["own"]
        return own.scatter(has.arg_true(), values)

    # ---- results

    def _look_up(self, keys: pl.DataFrame) -> pl.Series:
        """By row, the number of its result; 0 where core answers are missing."""
        numbers = self._join(keys, self._known)
        if numbers.null_count():
            new = numbers.is_null()
            some = keys.filter(new)
            learned = self._join(some, self._learn(some.unique(maintain_order=True)))
            numbers = numbers.scatter(new.arg_true(), learned)
        return numbers

    def _join(self, keys: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
        return keys.join(known, on=self._keys, how="left", maintain_order="left")["number"]

    def _learn(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Works out the results of some keys that are not known, and returns their numbers."""
        words, number_of = self.results.layout.words, self.results.number
        if self.rows.own_names:
            owns = [None, *self._owns]
            numbers = [number_of(key[:words], owns[key[-1]]) for key in keys.iter_rows()]
        else:
            numbers = [number_of(key) for key in keys.iter_rows()]
        learned = keys.with_columns(pl.Series("number", numbers, pl.UInt32))
        if self._known.height + learned.height > _MOST_KNOWN:
            self._known = learned  # sellers who hardly ever come again are not worth the memory
        else:
            self._known = pl.concat([self._known, learned]).rechunk()
        new = self.results.rows[self._results_frame.height :]
        if new:
            rows = pl.DataFrame(new, schema=self._result_schema(), orient="row")
            self._results_frame = pl.concat([self._results_frame, rows]).rechunk()
        return learned

    def advice(self, numbers: pl.Series, wanted: Sequence[OutputColumn]) -> pl.DataFrame:
        """Columns of the advice, by numbers of results."""
        if not wanted:
            return pl.DataFrame(height=numbers.len())
        rows = self._results_frame.select(column.name for column in wanted)[numbers]
        return rows.with_columns(self._shown(rows[column.name], column) for column in wanted)

    def _shown(self, values: pl.Series, column: OutputColumn) -> pl.Series:
        if column.kind == "flag":
            return values.cast(pl.Boolean)
        if column.kind == "number":
            return values
        texts, known = self.results.texts[column.name], self._texts.get(column.name)
        if known is None or len(known) < len(texts):
            known = self._texts[column.name] = pl.Series(column.name, texts, pl.String)
        return known.gather(values)


def _as_text(values: pl.Series, name: str) -> pl.Series:
    """Values as they are read; one that is no text becomes a text that answers nothing."""
    try:
        texts = values.cast(pl.String)
    except pl.exceptions.PolarsError:  # lists, and bytes that are no UTF-8
        texts = pl.Series(map(_text, values.to_list()), dtype=pl.String)
    return texts.fill_null("").alias(name)


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return None if value is None else str(value)


class Counting:
    """Counts a table, batch by batch."""

    def __init__(self, decider: Decider) -> None:
        self._decider = decider
        self._tally = Tally()
        self._numbers = pl.DataFrame(schema={"number": pl.UInt32, "count": pl.UInt32})

    def add(self, batch: Batch) -> None:
        """Counts the rows of a batch."""
        tally = self._tally
        tally.rows += batch.kept.len()
        tally.decided += batch.numbers.len()
        for reasons in batch.refused:
            tally.refuse(reasons)
        # By polars, since a batch may hold as many results as rows.
        both = pl.concat([self._numbers, batch.numbers.value_counts()])
        self._numbers = both.group_by("number", maintain_order=True).sum()
        if len(tally.by_key) < MOST_CELLS:
            words = pl.nth(range(self._decider.results.layout.words))
            some = batch.keys.head(10 * MOST_CELLS).group_by(words, maintain_order=True).len()
            for *key, rows in some.iter_rows():
                tally.count_key(tuple(key), rows)

    def finished(self) -> Tally:
        """What the batches so far come to."""
        # In the order in which results came, so that equal counts are always told in one order.
        for number, rows in self._numbers.sort("number").iter_rows():
            self._tally.outcomes[self._decider.results.outcome(number)] += rows
        self._numbers = self._numbers.clear()
        return self._tally
