"""What a terminal shows first: short enough for one screen, in any width and language."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

import choose_channel as cc
from choose_channel.loading.load import shipped_folder
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.report.formats import Display, render
from choose_channel.report.parts import PARTS
from tests.sellers import BOOK, HYBRID, RUN

COSTS = {"unit_cost": 3, "shop_shipping": 2, "link_shipping": 3}
CASES: list[dict[str, Any]] = [
    case["answers"]
    for case in yaml.safe_load((shipped_folder() / "cases.yaml").read_text(encoding="utf-8"))
]
WITHOUT_MONEY = ("affiliate", "banned")


def _lines(decision: cc.Decision, width: int) -> list[str]:
    display = Display(width, hint=decision.messages("summary_more"))
    return render(decision, "terminal", None, display).splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("width", "most", "most_with_money"), [(80, 24, 30), (40, 48, 48), (120, 24, 30)]
)
def test_every_seller_has_room_on_one_screen(
    lang: str, width: int, most: int, most_with_money: int
) -> None:
    """Every worked case, with and without costs."""
    assert len(CASES) >= 40
    for answers in CASES:
        sells = answers["product_type"] not in WITHOUT_MONEY
        for costs in ({}, COSTS) if sells else ({},):
            decision = cc.decide({**answers, **costs}, lang=lang)
            lines = _lines(decision, width)
            assert len(lines) <= (most_with_money if decision.money else most), "\n".join(lines)
            assert max(map(cell_len, lines)) <= width, "\n".join(lines)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_looks(lang: str, width: int, snapshot: SnapshotAssertion) -> None:
    """Of a seller with costs, and one with nothing open yet."""
    locked = {"product_type": "commodity", "price": 12, "warehouse": "abroad", "followers": 200}
    for answers in (BOOK, HYBRID, {**locked, "business_license": "none"}):
        assert "\n".join(_lines(cc.decide(answers, lang=lang), width)) == snapshot


def test_a_pipe_gets_the_same_text_without_looks() -> None:
    """No colour, no escape; the words are the same."""
    decision = cc.decide(BOOK)
    plain = render(decision, "terminal", RUN)
    colourful = render(decision, "terminal", RUN, Display(color="truecolor"))
    assert "\x1b" not in plain
    import re

    assert re.sub(r"\x1b\[[\d;]*m", "", colourful) == plain


def test_the_parts_together_hold_the_whole_report() -> None:
    """Nothing that mattered is lost: every line of the report is in a part or on the first
    screen."""
    decision = cc.decide(HYBRID)
    whole = render(decision, "terminal", RUN, Display(full=True)).splitlines()
    shown = render(decision, "terminal", RUN).splitlines()
    for part in PARTS:
        shown += render(decision, "terminal", RUN, Display(parts=(part,))).splitlines()
    assert {line for line in whole if line.strip()} <= {*shown}


def test_ticked_steps_give_way_to_the_next() -> None:
    """And what is different since the last visit stands first."""
    decision = cc.decide(BOOK)
    first = next(step for step in decision.plan if step.phase == "now" and not step.settles)
    run = RUN._replace(done=frozenset([first.id]), since=("Since 7 November: nothing.",))
    text = render(decision, "terminal", run)
    assert text.startswith("Since 7 November: nothing.")
    assert first.title not in text
    assert first.title in render(decision, "terminal", RUN)
