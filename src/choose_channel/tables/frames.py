"""Tables as polars frames: from a frame of answers to the same rows with their advice.

polars cuts numbers into bands, matches usual spellings and looks results up; what it cannot tell at
sight goes to cells.py, and what is not known yet to results.py, each distinct value once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from choose_channel.answers.parse import Rate
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Value
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables import money
from choose_channel.tables.cells import REFUSED, UNREAD, Reader
from choose_channel.tables.columns import Match
from choose_channel.tables.results import MISSING, OutputColumn, Own, Results, own_inputs

_MOST_SUMS = 200_000
"""So many sums of distinct costs are remembered."""


class Batch(NamedTuple):
    """Some rows, decided. `kept` tells which of them were, `added` holds the new columns of these,
    `numbers` the number of the result of each, and `refused` the reasons for the others, in the
    order of the rows, and `keys` the keys of the decided ones (see cells.py)."""

    kept: pl.Series
    added: pl.DataFrame
    numbers: pl.Series
    keys: pl.DataFrame
    refused: list[list[str]]


class Decider:
    """Decides the rows of a table, some at a time. It remembers every result."""

    def __init__(
        self, engine: Engine, lang: str, matches: Sequence[Match], columns: Sequence[str] | None
    ) -> None:
        """`columns` are the names of those that are wanted; None for all."""
        self.engine, self.matches = engine, matches
        self.messages: Messages = FactMessages(engine.rulebook, lang)
        self.results = Results(engine, lang)
        index = engine.space.index
        self._readers = {
            match.question.id: Reader(
                match.question,
                engine.space.axes[index[match.question.id]] if match.question.id in index else None,
                self.messages,
            )
            for match in matches
        }
        self._spellings = {
            name: reader.spellings() for name, reader in self._readers.items() if reader.listed
        }
        book = engine.rulebook
        roles = book.economy.roles
        self.has_costs = bool(roles and roles.unit_cost in self._readers)
        self._unit_cost = roles.unit_cost if roles else ""
        self._rate = book.economy.rate
        self._in_yuan = {
            name
            for name, question in book.economy.inputs.items()
            if question.unit == "usd" and name in self._readers and self._rate
        }
        shown = own_inputs(book) & self._readers.keys()
        self._own_names = [name for name in self._readers if name in shown]
        self._money_names = [name for name in self._readers if name in money.deciding(book)]
        self._market = roles.market if roles and roles.market in self._readers else None
        self._unworked = money.unworked(engine)
        self._sums: dict[tuple[str | None, ...], money.Sums] = {}
        self._owns: dict[Own, int] = {}
        every = [*self.results.columns, *(money.money_columns(book) if self.has_costs else ())]
        self.names = [column.name for column in every]
        """The names of all columns that can be added."""
        self.columns = [one for one in every if columns is None or one.name in columns]
        self._keys = [f"k{number}" for number in range(self.results.layout.words)]
        if self._own_names:
            self._keys.append("own")
        self._known = pl.DataFrame(
            schema={**dict.fromkeys(self._keys, pl.Int64), "number": pl.UInt32}
        )
        """By key, the number of its result."""
        self._rows = pl.DataFrame(self.results.rows, schema=self._result_schema(), orient="row")
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
        Every column that answers a question is read as text."""
        heads = [names[match.number] for match in self.matches]
        ids = [match.question.id for match in self.matches]
        texts = frame.select(
            pl.col(head).cast(pl.String).fill_null("").alias(name)
            for head, name in zip(heads, ids, strict=True)
        )
        codes = self._codes(texts)
        refused = pl.Series([False]).new_from_index(0, texts.height)
        if codes.width:
            refused = codes.select(pl.any_horizontal(pl.all() == REFUSED)).to_series()
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
        if self.has_costs:
            added = added.with_columns(sums.filter(kept).get_columns())
        added = added.select(column.name for column in self.columns)
        refusals = list(self._refusals(texts.filter(~kept)))
        return Batch(kept, added, decided, keys.filter(kept), refusals)

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
        plain = self._readers[name].plain
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
        reader = self._readers[name]
        columns = [name, *([self._rate] if self._takes_rate(name) else [])]
        open_ = texts.filter(unread).select(columns)
        distinct = open_.unique(maintain_order=True)
        found = [reader.code(raw, self._rate_of(name, *rest)) for raw, *rest in distinct.rows()]
        if len(columns) == 1 and name in self._spellings:
            spelled = self._spellings[name]
            if len(spelled) < 2_000:
                pairs = zip(distinct[name], found, strict=True)
                spelled.update((raw, code) for raw, code in pairs if len(raw) < 80)
        found_column = pl.Series("code", found, pl.Int16)
        read = open_.join(
            distinct.with_columns(found_column), on=columns, how="left", maintain_order="left"
        )
        return codes.scatter(unread.arg_true(), read["code"])

    def _takes_rate(self, name: str) -> bool:
        return name in self._in_yuan and self._rate in self._readers

    def _rate_of(self, name: str, raw: str = "") -> Rate | None:
        """The exchange rate at which a cost may be told in yuan."""
        if name not in self._in_yuan:
            return None
        value = self._readers[self._rate].value(raw) if raw else None
        return Rate(self._rate, value if isinstance(value, Decimal) else None)

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
            if self.has_costs:
                sums = self._sums_of(texts, codes, refused)
                codes = codes.with_columns(sums["band"].alias("margin band"))
                words[word] += pl.col("margin band").cast(pl.Int64) * stride
            else:
                words[word] += self._unworked.band * stride
        keys = codes.select(one.alias(name) for one, name in zip(words, self._keys, strict=False))
        if keys.height != texts.height:  # nothing but literals
            keys = pl.concat([keys] * texts.height) if texts.height else keys.clear()
        if self._own_names:
            keys = keys.with_columns(self._own_of(texts, codes, refused))
        return keys, sums

    def _sums_of(
        self, texts: pl.DataFrame, codes: pl.DataFrame, refused: pl.Series
    ) -> pl.DataFrame:
        """The band of the margin, and the columns of the money."""
        names = self._money_names
        worked = (codes[self._unit_cost] > 0) & ~refused
        some = texts.filter(worked).select(names)
        distinct = some.unique(maintain_order=True)
        found = [self._sum(raws) for raws in distinct.rows()]
        heads = [column.name for column in money.money_columns(self.engine.rulebook)]
        columns = {
            "band": pl.Series([one.band for one in found], dtype=pl.Int16),
            heads[0]: pl.Series([one.margin for one in found], dtype=pl.String),
            heads[-1]: pl.Series([one.lowest_price for one in found], dtype=pl.Float64),
        }
        for number, head in enumerate(heads[1:-1]):
            columns[head] = pl.Series([one.left[number] for one in found], dtype=pl.Float64)
        known = distinct.with_columns(**columns)
        rows = pl.DataFrame({"row": worked.arg_true()}).hstack(
            some.join(known, on=names, how="left", maintain_order="left").select(*columns)
        )
        every = pl.DataFrame({"row": pl.arange(texts.height, eager=True, dtype=pl.UInt32)})
        joined = every.join(rows, on="row", how="left", maintain_order="left").drop("row")
        return joined.with_columns(pl.col("band").fill_null(self._unworked.band))

    def _sum(self, raws: tuple[str, ...]) -> money.Sums:
        found = self._sums.get(raws)
        if found is None:
            given = self._given(dict(zip(self._money_names, raws, strict=True)))
            if len(self._sums) >= _MOST_SUMS:
                self._sums.clear()
            found = self._sums[raws] = money.sums(self.engine, given)
        return found

    def _given(self, raws: dict[str, str]) -> dict[str, Value]:
        """The answers that some texts mean."""
        rate = raws.get(self._rate, "")
        given = {
            name: self._readers[name].value(raw, self._rate_of(name, rate))
            for name, raw in raws.items()
        }
        return {name: value for name, value in given.items() if value is not None}

    def _own_of(self, texts: pl.DataFrame, codes: pl.DataFrame, refused: pl.Series) -> pl.Series:
        """By row, the number of its own figures that texts may tell; 0 where it has none."""
        names = self._own_names
        has = codes.select(pl.any_horizontal(pl.col(names) > 0)).to_series() & ~refused
        own = pl.Series("own", [0], pl.Int64).new_from_index(0, texts.height)
        if not has.any():
            return own
        market = [self._market] if self._market else []
        columns = [*market, *names]
        some = texts.filter(has).select(columns)
        distinct = some.unique(maintain_order=True)
        numbers = []
        for raws in distinct.rows():
            given = self._given(dict(zip(columns, raws, strict=True)))
            figures = {n: v for n, v in given.items() if n in names and isinstance(v, Decimal)}
            one = Own(given.get(self._market or ""), tuple(figures.items()))
            numbers.append(self._owns.setdefault(one, len(self._owns) + 1) if figures else 0)
        known = distinct.with_columns(pl.Series("own", numbers, pl.Int64))
        found = some.join(known, on=columns, how="left", maintain_order="left")["own"]
        return own.scatter(has.arg_true(), found)

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
        if self._own_names:
            owns = [None, *self._owns]
            numbers = [number_of(key[:words], owns[key[-1]]) for key in keys.iter_rows()]
        else:
            numbers = [number_of(key) for key in keys.iter_rows()]
        learned = keys.with_columns(pl.Series("number", numbers, pl.UInt32))
        self._known = pl.concat([self._known, learned]).rechunk()
        new = self.results.rows[self._rows.height :]
        if new:
            rows = pl.DataFrame(new, schema=self._result_schema(), orient="row")
            self._rows = pl.concat([self._rows, rows]).rechunk()
        return learned

    def advice(self, numbers: pl.Series, wanted: Sequence[OutputColumn]) -> pl.DataFrame:
        """Columns of the advice, by numbers of results."""
        rows = self._rows.select(column.name for column in wanted)[numbers]
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

    # ---- rows that cannot be decided

    def _refusals(self, texts: pl.DataFrame) -> Iterator[list[str]]:
        """All reasons why rows are refused, for each row."""
        heads = {match.question.id: match.head for match in self.matches}
        for raws in texts.iter_rows(named=True):
            reasons, given = [], {}
            for name, raw in raws.items():
                rate = self._rate_of(name, raws.get(self._rate, ""))
                refusal = self._readers[name].refusal(raw, rate)
                if refusal:
                    reasons.append(f"{shorten(heads[name])}: {refusal}")
                elif (value := self._readers[name].value(raw, rate)) is not None:
                    given[name] = value
            for question in self.engine.missing_core(given):
                if not raws.get(question.id):
                    short = self.messages.text(question.short)
                    reasons.append(self.messages("batch_missing", short=short))
            yield reasons
