"""What the money decides: the margin opens and shuts channels, and a price turns it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from choose_channel import AnswersError, Decision, decide
from choose_channel.engine.decision import ChangeLine
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.first_screen import card
from choose_channel.report.formats import render
from tests.checks.rulebooks import Entry, Like, spoil
from tests.money.ledgers import Answers

STAND: Answers = {
    **{"product_type": "commodity", "price": 12, "market": "us", "warehouse": "local"},
    **{"business_license": "overseas", "base": "in_market", "followers": 3000},
    **{
        "goal": "quick_sales",
        "experience": "first_time",
        "cash": "tight",
        "store": "fast",
        "lead_product": False,
    },
    **{"shop_shipping": "0.50", "link_shipping": 0},
}
"""Phone stands at 12 dollars. Of these TikTok Shop takes 0.72 and a parcel of 0.50, a tenth of the
price at worst; the card takes 0.35 and 0.30."""
COSTS = {"healthy": 3, "shop_thin": "10.50", "shop_loses": "11.30", "both_lose": "11.90"}
"""By margin, what a stand costs: 10.78 would leave nothing in TikTok Shop, 11.35 nothing at all."""


def scores(margin: str, **more: Any) -> Decision:
    """The decision on a stand that costs so much, all questions answered."""
    decision = decide({**STAND, "unit_cost": COSTS[margin], **more})
    assert decision.money is not None
    return decision


def access(decision: Decision) -> dict[str, str]:
    """Which channels are open."""
    return {channel.id: channel.access for channel in decision.channels}


@pytest.mark.parametrize(
    ("margin", "shop", "link", "both"),
    [
        ("healthy", "open", "open", "open"),
        ("shop_thin", "open", "open", "open"),
        ("shop_loses", "locked", "open", "locked"),
        ("both_lose", "locked", "locked", "locked"),
    ],
)
def test_what_loses_on_every_order_is_locked(margin: str, shop: str, link: str, both: str) -> None:
    """TikTok Shop, and with it both side by side, where it loses; all three where both lose."""
    decision = scores(margin)
    assert decision.money is not None
    assert decision.money.margin == margin
    assert access(decision) == {"tiktok_shop": shop, "bio_link": link, "hybrid": both}


@pytest.mark.parametrize(
    ("margin", "severity"),
    [
        ("healthy", None),
        ("shop_thin", "warning"),
        ("shop_loses", "critical"),
        ("both_lose", "critical"),
    ],
)
def test_a_thin_margin_is_a_pitfall_and_a_losing_one_critical(
    margin: str, severity: str | None
) -> None:
    """Whoever earns nothing on an order is told so."""
    shown = {pitfall.id: pitfall.severity for pitfall in scores(margin).pitfalls}
    assert shown.get("thin-margin") == severity


@pytest.mark.parametrize(
    ("margin", "fires"),
    [("healthy", False), ("shop_thin", True), ("shop_loses", True), ("both_lose", False)],
)
def test_creators_that_cost_the_profit_speak_against_the_shop(margin: str, fires: bool) -> None:
    """In points, while the link still pays."""
    ledger = {line.rule for line in scores(margin).channel("tiktok_shop").ledger}
    assert ("creators-would-eat-the-margin" in ledger) is fires


@pytest.mark.parametrize("margin", ["shop_loses", "both_lose"])
def test_where_orders_lose_a_step_leads_to_a_price_that_pays(margin: str) -> None:
    """The first thing to do costs nothing and spends nothing on the channel."""
    steps = {step.id for step in scores(margin).plan}
    assert {"find-the-price-that-pays", "bring-the-cost-down"} <= steps


def test_where_everything_loses_nothing_is_recommended() -> None:
    """The aim stays, and the warning comes first."""
    decision = scores("both_lose")
    assert (decision.recommended, decision.aim) == (None, "tiktok_shop")
    assert decision.money is not None
    assert decision.money.warning == (
        "First, the money: at this price and these costs, no way of selling makes a profit. The"
        " best comes to -$0.55 per order. Raise the price to $12.57 or more, or cut your costs"
        " first."
    )


def test_a_link_that_loses_is_locked_and_warned_of() -> None:
    """The Shop earns; but nobody is sent to a link behind which every order loses."""
    decision = scores("healthy", link_shipping=9)
    assert decision.money is not None
    assert decision.money.margin == "link_loses"
    assert decision.money.warning == (
        "First, the money: an order from your link comes to -$0.65. You need a price of at least"
        " $12.68. A TikTok Shop order from your own videos makes $7.78."
    )
    assert access(decision)["bio_link"] == access(decision)["hybrid"] == "locked"
    assert access(decision)["tiktok_shop"] == "open"


def test_a_margin_is_worked_out_and_never_answered() -> None:
    """Nobody can set it by hand."""
    with pytest.raises(AnswersError, match='"margin"'):
        decide({**STAND, "margin": "healthy"})


@pytest.mark.parametrize("margin", COSTS)
def test_a_question_may_hang_on_the_margin(margin: str, rulebook: Rulebook) -> None:
    """It is open where the costs lead to that margin, and does not apply with another."""
    edits: dict[Entry, object] = {
        ("questions", "patience"): Like("goal", {"applies": {"margin": "shop_thin"}})
    }
    decision = decide({**STAND, "unit_cost": COSTS[margin]}, spoil(rulebook, edits))
    assert ("patience" in decision.assumed) is (margin == "shop_thin")


@pytest.mark.parametrize("margin", COSTS)
def test_certainty_does_not_walk_over_margins(margin: str) -> None:
    """With every question answered there is one way to complete the answers."""
    assert scores(margin).certainty == (1, 1)


def changes(decision: Decision) -> list[ChangeLine]:
    """What would change the decision, where there is any such thing."""
    assert decision.changes
    return list(decision.changes)


@pytest.mark.parametrize("margin", COSTS)
@pytest.mark.parametrize("license", ["overseas", "mainland", "sole_trader"])
@pytest.mark.parametrize(
    "more", [{}, {"followers": 20, "store": "none"}, {"market": "uk"}], ids=str
)
def test_a_change_does_what_it_says(margin: str, license: str, more: Answers) -> None:
    """Decided on again with it, the same is recommended and the same channels are open; a price
    among it too."""
    answers = {"business_license": license, **more}
    decision = scores(margin, **answers)
    before = access(decision)
    for change in changes(decision):
        then = scores(margin, **{**answers, **change.set})
        assert then.recommended == change.recommended
        for channel in change.opens:
            assert before[channel] != "open"
            assert access(then)[channel] == "open"


@pytest.mark.parametrize("margin", ["shop_loses", "both_lose"])
def test_a_price_is_named_that_turns_the_margin_and_no_lower_one_does(margin: str) -> None:
    """To the cent: a cent less, and every order in TikTok Shop loses still."""
    decision = scores(margin)
    change = next(
        change
        for change in changes(decision)
        if change.set.keys() == {"price"} and "tiktok_shop" in change.opens
    )
    less = scores(margin, price=Decimal(change.set["price"]) - Decimal("0.01"))
    assert less.money is not None
    assert less.money.margin == "shop_loses"
    assert access(less)["tiktok_shop"] == "locked"


def test_an_assumed_price_locks_nothing() -> None:
    """A stand that costs 30 would lose at the assumed 20; but nobody said that it sells at 20."""
    decision = decide({**STAND, "price": "unknown", "unit_cost": 30})
    assert decision.money is None
    assert set(access(decision).values()) == {"open"}


# ---- what a report says of it


def test_a_comparison_says_what_it_leaves_out() -> None:
    """An order before shipping beside one after it is no fair comparison; the sentence says so."""
    one_sided = decide({**STAND, "unit_cost": 3, "link_shipping": None}).money
    both = decide({**STAND, "unit_cost": 3}).money
    assert one_sided is not None
    assert both is not None
    assert "Not in these figures: shipping for link orders." in one_sided.summary
    assert "Not in these figures" not in both.summary


def test_a_cent_behind_the_link_is_a_profit() -> None:
    """12.00 - 0.35 - 0.30 - 3.00 - 8.34 = 0.01: little, but nobody says that it is nothing."""
    money = decide({**STAND, "unit_cost": 3, "link_shipping": "8.34", "price_cut": 0}).money
    assert money is not None
    assert money.margin == "healthy"
    assert money.break_even_multiple is not None
    assert money.break_even_multiple.high == Decimal("0.01")
    assert money.summary.startswith(
        "10 Shop orders from your own videos earn as much as 1,000 from the link"
    )


def test_the_rule_of_thumb_is_cited_only_where_it_is_told() -> None:
    """Not where the seller has measured, nor where one side leaves nothing."""
    for more, cited in (
        ({}, True),
        ({"shop_order_multiple": 2}, False),
        ({"unit_cost": "10.50"}, True),
    ):
        money = decide({**STAND, "unit_cost": 3, **more}).money
        assert money is not None
        assert (money.summary_facts == ("shop_conversion_multiple",)) is cited, more
    loses = scores("shop_loses").money
    assert loses is not None
    assert loses.summary_facts == ()


def test_the_most_that_is_out_counts_the_highest_deposit() -> None:
    """100 pieces at 6.00, 200.00 for parcels, and a deposit of up to 3000 (1750 in the middle)."""
    answers = {
        **STAND,
        "business_license": "mainland",
        "market": "sea",
        "unit_cost": 6,
    }
    money = decide({**answers, "shop_shipping": 2, "first_order": 100}).money
    assert money is not None
    shop = next(stream for stream in money.cash.streams if stream.stream == "own_videos")
    assert shop.most_out == 600 + 200 + 3000


def test_no_change_asks_for_more_than_it_takes() -> None:
    """None holds a smaller one that does as much, nor a higher price for the same."""
    answers = {
        **{"product_type": "commodity", "price": "18.89", "warehouse": "local"},
        **{"followers": 5000, "business_license": "sole_trader", "market": "sea"},
        **{"cash": "comfortable", "store": "none", "lead_product": False, "unit_cost": "22.28"},
    }
    all_changes = changes(decide(answers))
    alone = next(change for change in all_changes if change.set.keys() == {"price"})
    for change in all_changes:
        if change.set.keys() > {"price"}:
            assert not {*change.opens} <= {*alone.opens} or change.recommended != alone.recommended
    assert len({(*change.set.items(),) for change in all_changes}) == len(all_changes)


def test_what_could_change_the_advice_through_the_money_is_said() -> None:
    """In Britain the VAT would eat the profit, so the open market is no small matter."""
    answers = {
        **{"product_type": "branded", "price": "37.86", "warehouse": "abroad", "followers": 3000},
        **{
            "business_license": "overseas",
            "base": "elsewhere",
            "goal": "quick_sales",
            "experience": "first_time",
        },
        **{"cash": "tight", "lead_product": True, "unit_cost": "32.94"},
        **{"shop_shipping": "0.63", "link_shipping": "0.76"},
    }
    decision = decide(answers)
    there = decide({**answers, "market": "uk"})
    assert there.recommended != decision.recommended
    market = next(question for question in decision.unsettled if question.question == "market")
    assert there.recommended in market.could_become
    assert "can change this" not in card(decision).foot


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"lead_price": "9.9", "lead_cost": 1, "lead_shipping": 1}, "pays for itself"),
        (
            {"lead_price": "9.9", "lead_cost": 9, "lead_shipping": 3},
            "of its buyers must buy the main item too",
        ),
        (
            {"lead_price": "9.9", "lead_cost": 40, "lead_shipping": 3},
            "even if every buyer came back",
        ),
        ({"lead_price": "9.9", "lead_cost": 3, "link_shipping": 9}, "brings you nothing"),
    ],
)
def test_the_lead_product_is_told_in_words(more: dict[str, Any], words: str) -> None:
    """Whether it pays, how many must come back, or that they cannot make up for it."""
    text = render(decide({**STAND, "unit_cost": 3, **more}), "markdown")
    assert words in text


# ---- the middle decides what loses

DEAR_BOOK: Answers = {
    **{"product_type": "branded", "warehouse": "local", "followers": 3000, "market": "eu"},
    **{"business_license": "overseas", "base": "in_market"},
    **{"unit_cost": "9.59", "shop_shipping": 4, "link_shipping": 4},
}
"""A book sold in the EU, with VAT of 17 % to 27 % in its price."""


@pytest.mark.parametrize("price", ["17.47", "17.48"])
def test_nothing_that_loses_at_the_middle_figures_is_recommended(price: str) -> None:
    """At 17.48 the best case leaves a cent in TikTok Shop, at 17.47 nothing; in the middle both
    lose, so that a cent turns nothing."""
    decision = decide({**DEAR_BOOK, "price": price})
    assert decision.money is not None
    assert decision.money.margin == "both_lose"
    assert decision.recommended is None
    assert set(access(decision).values()) == {"locked"}


@pytest.mark.parametrize(
    "market",
    ["us", "uk", "eu", "japan", "mexico", "brazil", "vietnam", "thailand", "indonesia", "sea"],
)
def test_what_is_recommended_leaves_something_in_every_market(market: str) -> None:
    """Whatever the price, cent by cent around the place where it turns."""
    for price in range(1400, 2000, 25):
        decision = decide({**DEAR_BOOK, "market": market, "price": Decimal(price) / 100})
        assert decision.money is not None
        left = {way.stream: way.profit_per_order.middle for way in decision.money.channels}
        streams = {"tiktok_shop": ["own_videos"], "bio_link": ["own_store"]}
        streams["hybrid"] = ["own_videos", "own_store"]
        for name in streams.get(decision.recommended or "", []):
            assert (left.get(name) or 1) > 0, price


def test_what_loses_at_worst_only_is_a_warning_and_no_gate() -> None:
    """In TikTok Shop 18.50 leaves 18.50 - 3.93 - 1.31 - 13.59 = -0.33 at VAT of 27 %, and
    18.50 - 3.34 - 1.36 - 13.59 = 0.21 at 22 %."""
    decision = decide({**DEAR_BOOK, "price": "18.50", "creator_commission": 1})
    assert decision.money is not None
    shop, link = (decision.money.channels[number].profit_per_order for number in (0, 2))
    assert [str(end) for end in shop[:2]] == ["-0.33", "0.21"]
    assert link.low is not None
    assert link.low > 0
    assert decision.money.margin == "healthy"
    assert decision.money.warning == (
        "TikTok Shop (your videos) may lose money: an order typically earns $0.21, but"
        " -$0.33 at worst."
    )
    assert access(decision)["tiktok_shop"] == "open"


def test_what_leaves_nothing_is_no_loss_at_worst_only() -> None:
    """In TikTok Shop 18.96 leaves 0.00 at worst, which is no loss, and 18.21 0.00 in the middle,
    which is one already: of the link alone it is said that it may lose."""
    for price, warned in (("18.96", []), ("18.21", ["Link in bio"])):
        money = decide({**DEAR_BOOK, "price": price, "creator_commission": 1}).money
        assert money is not None
        assert "0.00" in map(str, money.channels[0].profit_per_order)
        names = re.findall(r"([^.]+) may lose money", money.warning or "")
        assert [name.strip() for name in names] == warned
