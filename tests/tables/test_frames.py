"""A table says of every row what the decision on it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from choose_channel.api import decide
from choose_channel.engine.engine import Engine
from choose_channel.messages.errors import AnswersError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook
from choose_channel.tables.frames import Counting, Decider
from choose_channel.tables.matching import match_columns
from tests.tables.oracle import advice, sellers


def decided(
    engine: Engine, frame: pl.DataFrame, messages: Messages, lang: str = "en"
) -> list[dict[str, Any] | None]:
    """The columns that are added to each row; None where it is refused."""
    matches = match_columns(frame.columns, engine.rulebook, messages, {})
    decider = Decider(engine, lang, matches, None)
    rows: list[dict[str, Any] | None] = []
    for part in frame.iter_slices(500):
        batch = decider.decide(part, part.columns)
        added = batch.added.iter_rows(named=True)
        rows += [next(added) if kept else None for kept in batch.kept]
    return rows


def _agrees(
    rulebook: Rulebook,
    engine: Engine,
    messages: Messages,
    count: int,
    seed: int,
    lang: str,
    costs: bool,
) -> None:
    answers = [*sellers(rulebook, count, seed, costs=costs)]
    names = [*rulebook.answerable] if costs else [*rulebook.asked]
    frame = pl.DataFrame(
        [[row.get(name) for name in names] for row in answers],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    for row, got in zip(answers, decided(engine, frame, messages, lang), strict=True):
        expected = expected_advice(row, lang)
        if expected and not costs:
            expected = {k: v for k, v in expected.items() if got is not None and k in got}
        assert got == expected, row


def expected_advice(row: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    """The columns of the decision on a row; None where there is none."""
    try:
        return advice(decide(row, lang=lang))
    except AnswersError:
        return None


@pytest.mark.parametrize(("lang", "costs"), [("en", True), ("zh", False)])
def test_a_table_agrees_with_the_decision_on_each_row(
    rulebook: Rulebook, engine: Engine, messages: Messages, lang: str, costs: bool
) -> None:
    _agrees(rulebook, engine, messages, 150, 1, lang, costs)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "lang", "costs"), [(2, "en", True), (3, "zh", True)])
def test_a_table_agrees_with_the_decision_on_10_000_rows(
    rulebook: Rulebook, engine: Engine, messages: Messages, seed: int, lang: str, costs: bool
) -> None:
    _agrees(rulebook, engine, messages, 10_000, seed, lang, costs)


def test_what_is_counted_comes_in_the_order_of_the_rows(
    engine: Engine, rulebook: Rulebook, messages: Messages
) -> None:
    """So that equal counts are told in the same order each time."""
    names = [*rulebook.answerable]
    rows = [[row.get(name) for name in names] for row in sellers(rulebook, 200, 5, costs=False)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    decider = Decider(engine, "en", match_columns(names, rulebook, messages, {}), None)
    counting, batch = Counting(decider), decider.decide(frame, names)
    counting.add(batch)
    outcomes = dict.fromkeys(map(decider.results.outcome, batch.numbers))
    assert [*counting.finished().outcomes] == [*outcomes]
