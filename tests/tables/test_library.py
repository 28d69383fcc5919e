"""`decide_table`: frames of any library in, a polars frame with every row out."""

from __future__ import annotations

import polars as pl
import pytest

import choose_channel as cc
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook
from tests.tables import test_frames

FRAME = pl.DataFrame(
    {
        "goods": ["commodity", "nonsense", "affiliate", None],
        "price": [9.5, 3, None, 1],
        "stock": ["local", "local", None, "abroad"],
        "followers": [10, 20, 30, 40],
        "business_license": ["none"] * 4,
        "unit_cost": [3.0, None, None, 2],
    }
)


def test_every_row_comes_back_in_its_place() -> None:
    out = cc.decide_table(FRAME, prefix="x_")
    assert out.select(FRAME.columns).equals(FRAME)
    assert [bool(reason) for reason in out["x_rejected_because"]] == [False, True, False, True]
    assert out["x_fit_bio_link"].is_null().to_list() == [False, True, False, True]
    assert out["x_margin"].to_list() == ["healthy", None, None, None]


def test_no_rows_give_no_rows() -> None:
    assert cc.decide_table(FRAME.clear(), columns=["aim"]).shape == (0, FRAME.width + 2)


def test_frames_of_others_are_taken() -> None:
    class Other:
        """A frame that only speaks the interchange protocol of Arrow."""

        def __arrow_c_stream__(self, schema: object = None) -> object:
            return FRAME.__arrow_c_stream__(schema)

    assert cc.decide_table(Other()).equals(cc.decide_table(FRAME))


def test_no_name_of_a_column_means_anything_but_its_question() -> None:
    """The program has names of its own for columns within."""
    names = ["unreadable", "row", "c0", "c1", "own", "number"]
    more = FRAME.with_columns(pl.lit("a note").alias(name) for name in names)
    out = cc.decide_table(more)
    assert out.drop(names).equals(cc.decide_table(FRAME))


def test_a_value_that_is_no_text_is_refused_by_itself() -> None:
    """Bytes are read where they are text; a list answers nothing."""
    frame = FRAME.head(3).with_columns(
        price=pl.Series([b"9.5", b"\xff", None]), cash=pl.Series([None, None, ["tight"]])
    )
    reasons = cc.decide_table(frame)["rejected_because"].to_list()
    assert reasons[0] is None
    assert "price: " in reasons[1]
    assert "cash: " in reasons[2]


def test_wrong_columns_are_refused() -> None:
    with pytest.raises(cc.ChooseChannelError, match="aim"):
        cc.decide_table(FRAME.with_columns(aim=pl.lit(1)))
    with pytest.raises(cc.ChooseChannelError, match="recommended"):
        cc.decide_table(FRAME, columns=["recomended"])
    with pytest.raises(cc.ChooseChannelError, match="at least one"):
        cc.decide_table(FRAME, columns=[])
    with pytest.raises(cc.ChooseChannelError, match="product_type"):
        cc.decide_table(FRAME.drop("goods"))


def test_a_key_may_be_longer_than_a_number(
    rulebook: Rulebook, engine: Engine, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("choose_channel.tables.cells._LARGEST", 1_000)
    test_frames._agrees(rulebook, engine, messages, 40, 5, "en", True)
