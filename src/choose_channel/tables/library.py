"""A table in memory: frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from choose_channel.engine.engine import Engine
from choose_channel.messages.errors import Problem, UsageError
from choose_channel.messages.i18n import shorten
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables.frames import REJECTED, Decider
from choose_channel.tables.matching import match_columns, wanted_problems
from choose_channel.tables.sources import ROWS, column_name


def decide_frame(
    engine: Engine,
    frame: Any,
    lang: str,
    mapping: Mapping[str, str],
    columns: Sequence[str] | None,
    prefix: str,
) -> pl.DataFrame:
    """See `api.decide_table`."""
    table = _as_polars(frame)
    messages = FactMessages(engine.rulebook, lang)
    matches = match_columns(table.columns, engine.rulebook, messages, mapping)
    decider = Decider(engine, lang, matches, columns)
    problems = wanted_problems(columns, decider.names, messages)
    added = [prefix + column.name for column in decider.columns] + [prefix + REJECTED]
    clashes = [name for name in added if name in table.columns]
    if clashes:
        listed = messages.listing(f'"{shorten(name)}"' for name in clashes)
        problems.append(Problem(messages("batch_clash", columns=listed)))
    if problems:
        raise UsageError(problems)
    names = [*map(column_name, range(table.width))]  # none that means something to a Decider
    rows = table.rename(dict(zip(table.columns, names, strict=True)))
    slices = [*rows.iter_slices(ROWS)] or [rows]
    parts = [decider.decide(part, names).every_row() for part in slices]
    return table.hstack(pl.concat(parts).rename(lambda name: prefix + name))


def _as_polars(frame: Any) -> pl.DataFrame:
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if hasattr(frame, "__arrow_c_stream__"):
        return pl.DataFrame(frame)
    if hasattr(frame, "__dataframe__"):
        return pl.from_dataframe(frame)
    return pl.DataFrame(frame)
