"""What a seller may leave out of the money, or know better; and the edges."""

from __future__ import annotations

import json
import re
import textwrap
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from choose_channel import decide
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.build import report
from choose_channel.report.content import Curves
from choose_channel.report.first_screen import card, figures, tiles
from choose_channel.report.formats import Display, render
from tests.money.ledgers import (
    BOOK,
    CLIPS,
    LAMP,
    Answers,
    columns,
    flags,
    money_of,
    record,
    same,
    way,
)

Capture = pytest.CaptureFixture[str]


VAT = "taxes on your sales"

# ---- what is not known, or not there


@pytest.mark.parametrize(
    ("market", "fee", "lines", "left_out"),
    [
        ("us", "-2.88", {"refund_fee"}, set()),
        ("uk", "-3.60", {"vat"}, {"the deposit for a cross-border shop"}),
        ("eu", "-3.40 -3.54 -3.69", {"vat"}, {"the deposit for a cross-border shop"}),
        ("japan", "-3.36", set(), {VAT, "the deposit for a cross-border shop"}),
        ("mexico", "-2.88", set(), {VAT, "the deposit for a cross-border shop"}),
        ("vietnam", "-8.64 -6.24 -3.84", set(), {VAT}),
        ("thailand", "-9.60 -6.85 -4.11", set(), {VAT}),
        ("indonesia", "-7.68 -5.76 -3.84", set(), {VAT, "the deposit for a cross-border shop"}),
        ("sea", "-9.60 -6.72 -3.84", set(), {VAT}),
    ],
)
def test_no_figure_for_a_market_is_no_line_and_a_notice(
    market: str, fee: str, lines: set[str], left_out: set[str]
) -> None:
    """Each market has its own fee of 48.00, less VAT; what nobody has published is not guessed, and
    named as not counted."""
    money = money_of(LAMP, market=market)
    assert columns(money, "own_videos")["shop_fee"] == fee
    ids = {line.id for line in way(money, "own_videos").lines}
    assert ids & {"refund_fee", "vat", "deposit"} == lines
    text = " ".join([money.summary, *money.notices])
    costs = (VAT, "the deposit for a cross-border shop")
    assert {cost for cost in costs if cost in text} == left_out


@pytest.mark.parametrize("market", ["brazil", "other"])
def test_where_no_fee_is_known_the_shop_is_named_as_not_worked_out(market: str) -> None:
    """Its lines would lack the dearest; the link is worked out, and nothing is compared."""
    money = money_of(LAMP, market=market)
    assert [stream.stream for stream in money.channels] == ["own_store"]
    assert (money.break_even_multiple, money.max_creator_commission) == (None, None)
    sentences = re.findall(r"We could not work out .*?\.", money.summary)
    assert sentences == [
        "We could not work out what TikTok Shop would earn you: we have no figure for the TikTok "
        "Shop fee in your market (Seller Center shows it)."
    ]
    assert "Given, but" not in " ".join(money.notices)


def test_the_sellers_own_fee_lets_the_shop_be_worked_out() -> None:
    """10 % of 48.00."""
    money = money_of(LAMP, market="brazil", shop_fee=10)
    assert columns(money, "own_videos")["shop_fee"] == "-4.80"
    assert "not worked out" not in money.summary


@pytest.mark.parametrize(("price", "margin"), [(14, "link_loses"), (48, "healthy")])
def test_the_margin_claims_nothing_of_a_shop_that_is_not_worked_out(
    price: int, margin: str
) -> None:
    """Where the link loses, nobody knows whether the Shop does too: it stays open."""
    decision = decide({**LAMP, "market": "brazil", "price": price})
    assert decision.money is not None
    assert decision.money.margin == margin
    assert decision.channel("tiktok_shop").access == "open"


# ---- import duty

FROM_CHINA: Answers = {
    **{"product_type": "commodity", "price": 9, "warehouse": "abroad", "followers": 3000},
    **{"business_license": "mainland", "unit_cost": 3, "shop_shipping": 2, "link_shipping": 2},
}
"""A parcel from China: 9.00, of which 3.00 are the goods and 2.00 the parcel."""


def test_the_us_shop_pays_for_its_stock_and_the_link_for_each_package() -> None:
    """The US Shop takes no orders from abroad: 1.50 to bring a unit there, 2.50 on a package."""
    money = money_of(FROM_CHINA, market="us", freight_to_stock="1.50", import_duty="2.50")
    lines = {way.stream: {line.id: line.middle for line in way.lines} for way in money.channels}
    assert lines["own_videos"]["freight_to_stock"] == Decimal("-1.50")
    assert "import_duty" not in lines["own_videos"]
    assert lines["own_store"]["import_duty"] == Decimal("-2.50")
    assert "freight_to_stock" not in lines["own_store"]


@pytest.mark.parametrize(
    ("market", "words"),
    [
        ("us", "freight and duty to a US warehouse, import duty (small packages pay it too)"),
        ("eu", "import duty (3 EUR per tariff code on small packages)"),
        ("uk", "import duty (the UK takes none on packages up to 135 GBP)"),
    ],
)
def test_a_duty_that_nobody_gave_is_not_in_it_and_the_summary_says_so(
    market: str, words: str
) -> None:
    """Goods cross a border, and no exchange rate is assumed for 3 euros; the fact is cited."""
    money = money_of(FROM_CHINA, market=market)
    (without,) = re.findall(r"Not in these figures: (.*)\.$", money.summary)
    assert without == words
    assert f"{market}_small_parcel_duty" in money.summary_facts
    assert not any(stream.before_shipping for stream in money.channels)


def test_a_duty_turns_a_profit_into_a_loss() -> None:
    """VAT of 22 % is 1.62; card and builder 0.26, 0.30 and 0.11. 9.00 - 1.62 - 0.67 - 5.00 leaves
    1.71; less 3.50 of duty it is -1.79."""
    before, after = (money_of(FROM_CHINA, market="eu", import_duty=duty) for duty in (0, "3.50"))
    assert way(before, "own_store").profit_per_order.middle == Decimal("1.71")
    assert way(after, "own_store").profit_per_order.middle == Decimal("-1.79")
    assert columns(after, "own_videos")["import_duty_eu"] == "-3.50"
    assert (before.margin, after.margin) == ("healthy", "both_lose")
    assert "Not in these figures" not in after.summary


@pytest.mark.parametrize(
    "more", [{"warehouse": "local"}, {"market": "thailand"}, {"product_type": "digital"}], ids=str
)
def test_who_sends_nothing_over_a_border_reads_nothing_of_duty(more: Answers) -> None:
    """Nor where no figure of a duty is known to exist."""
    money = money_of({**FROM_CHINA, **more})
    assert "duty" not in " ".join([money.summary, *money.notices])


def test_where_tiktok_shop_is_not_open_there_is_only_the_link() -> None:
    """No order of it, nothing to compare, and a figure given for it is said to be of no use."""
    money = money_of(LAMP, market="no_shop")
    assert [stream.stream for stream in money.channels] == ["own_store"]
    assert (money.break_even_multiple, money.max_creator_commission) == (None, None)
    assert "Given, but not needed here: shipping a Shop order." in money.notices
    assert money.summary.startswith("Link in bio: ")


@pytest.mark.parametrize(
    ("answers", "needs"),
    [
        ({"price": "unknown"}, ("price",)),
        ({"unit_cost": None}, ("unit_cost",)),
        ({"price": "unknown", "unit_cost": None}, ("price", "unit_cost")),
    ],
)
def test_without_price_and_unit_cost_there_is_no_money(
    answers: Answers, needs: tuple[str, ...]
) -> None:
    """An assumed price is no price: what is lacking is named."""
    decision = decide({**BOOK, **answers})
    assert (decision.money, decision.money_needs) == (None, needs)


def test_an_open_market_counts_as_assumed() -> None:
    """The money is that of the assumed market, which is named."""
    assert money_of(BOOK, market="unknown") == money_of(BOOK)


@pytest.mark.parametrize("product_type", ["affiliate", "banned"])
def test_who_sells_no_goods_has_no_money_to_work_out(product_type: str) -> None:
    """Figures are set aside, and nothing breaks."""
    decision = decide({**BOOK, "product_type": product_type})
    assert (decision.money, decision.money_needs) == (None, ())
    assert {"unit_cost", "shop_shipping"} <= decision.set_aside.keys()


def test_a_course_costs_nothing_to_make_and_has_no_stock() -> None:
    """199.00 - 2.9 % = 5.77 - 0.30 - 1.25 % = 2.49 leaves 190.44; a unit cost of 0 is a figure."""
    answers = {"product_type": "digital", "price": 199, "followers": 2500}
    money = money_of({**answers, "business_license": "none", "unit_cost": 0})
    assert way(money, "own_store").profit_per_order.middle == Decimal("190.44")
    assert not way(money, "own_store").before_shipping
    assert money.cash.stock == 0
    assert money.margin == "healthy"


def test_what_is_never_stocked_is_paid_when_it_is_sold() -> None:
    """A seat in a course that costs 50 each time: nothing is out at first, and after 100 sales
    100 x (199.00 - 5.77 - 0.30 - 50.00) = 14293 is there."""
    answers = {"product_type": "digital", "price": 199, "followers": 2500, "unit_cost": 50}
    cash = money_of({**answers, "business_license": "overseas"}).cash
    assert cash.stock == 0
    assert [float(amount) for _, amount in cash.streams[0].path] == [0, 14293]


def test_without_shipping_the_result_says_so() -> None:
    """The order is shown before shipping, and the summary names what is not counted; a notice does
    not repeat it."""
    money = money_of({**BOOK, "shop_shipping": None})
    before = {stream.stream: stream.before_shipping for stream in money.channels}
    assert before == {"own_videos": True, "creator_videos": True, "own_store": False}
    assert "Not in these figures: shipping for Shop orders." in money.summary
    assert "shipping for Shop orders" not in " ".join(money.notices)


def test_a_marketplaces_fee_is_not_taken_in_a_store_of_ones_own() -> None:
    """Who would change from one to the other pays card fees there and no longer the marketplace."""
    plain = money_of(BOOK, store="fast")
    assert columns(money_of(BOOK, store="fast", store_fee=15), "own_store") == columns(
        plain, "own_store"
    )
    decision = decide({**BOOK, "store": "fast", "store_fee": 15})
    assert "store_fee" in decision.set_aside


@pytest.mark.parametrize("known", ["monthly_views", "link_orders_per_1000_views"])
def test_months_need_the_sellers_own_conversion(known: str) -> None:
    """Views without orders, or orders without views, give no months: nothing is guessed."""
    left_out = {"monthly_views", "link_orders_per_1000_views"} - {known}
    money = money_of({**CLIPS, **dict.fromkeys(left_out)})
    assert not any(stream.monthly for stream in money.channels)
    assert "not needed here: monthly store cost" in money.notices[-1]


@pytest.mark.parametrize("license", ["overseas", "sole_trader", "none"])
def test_only_who_sells_across_the_border_pays_a_deposit(license: str) -> None:
    """For somebody in the market stock is all that is put up."""
    cash = money_of(CLIPS, business_license=license, base="in_market").cash
    assert cash.deposit is None
    assert all(stream.path[0][1] == -1240 for stream in cash.streams)


@pytest.mark.parametrize(
    ("license", "base", "there"),
    [
        ("overseas", "mainland", False),
        ("overseas", "in_market", False),
        ("mainland", None, True),
        ("none", "mainland", True),
        ("none", "in_market", False),
        ("sole_trader", "elsewhere", False),
    ],
)
def test_only_who_banks_in_mainland_china_waits_for_its_bank(
    license: str, base: str | None, there: bool
) -> None:
    """Nor does anybody else pay a store builder for outside payments."""
    money = money_of(CLIPS, business_license=license, base=base)
    for stream in money.cash.streams:
        assert ("bank" in {line.id for line in stream.lines}) is there
    assert ("payment_provider_fee" in columns(money, "own_store")) is there


def test_a_page_on_a_marketplace_pays_its_fees_and_waits_for_it() -> None:
    """No card fee and no payout of Stripe's: what the marketplace takes is named instead."""
    money = money_of(BOOK, store="marketplace")
    assert not {line.id for line in way(money, "own_store").lines} & {"card_fee", "card_fixed_fee"}
    assert "what your marketplace takes from an order through the link" in money.summary
    assert not money.cash.streams[-1].lines  # so that no days leave anything out
    text = render(decide({**BOOK, "store": "marketplace"}), "markdown", None)
    assert "until your platform pays you" not in text
    owned = money_of(BOOK, store="marketplace", store_fee=15, link_payout_days=14)
    assert columns(owned, "own_store")["store_fee"] == "-2.40"
    assert [line.id for line in owned.cash.streams[-1].lines] == ["marketplace_payout"]


def test_ways_are_not_compared_while_one_lacks_a_cost() -> None:
    """What a marketplace takes may be more than sets the ways apart: no figure, no comparison."""
    lacking = decide({**BOOK, "store": "marketplace"})
    assert lacking.money is not None
    assert "Do not compare them yet" in lacking.money.summary
    assert next(figures(lacking)).text.text.startswith("Profit per order (do not compare yet")
    assert tiles(lacking)[0].note == "do not compare yet: costs are missing"
    whole = decide({**BOOK, "store": "marketplace", "store_fee": 15})
    assert whole.money is not None
    assert "not compare" not in whole.money.summary
    assert next(figures(whole)).text.text.startswith("Profit per order: ")
    assert not tiles(whole)[0].note


def test_a_tax_that_only_some_charge_is_mentioned_and_not_missed() -> None:
    """Who sells at home in the UK without a company often need not charge VAT."""
    candles: Answers = {
        **{"product_type": "branded", "price": 24, "warehouse": "local", "followers": 700},
        **{"business_license": "sole_trader", "base": "in_market", "market": "uk"},
        **{"store": "slow", "unit_cost": "6.70", "shop_shipping": "5.35", "link_shipping": "5.35"},
    }
    money = money_of(candles)
    assert "do not compare" not in money.summary.casefold()
    assert "Not in these figures" not in money.summary
    assert "Also not counted: taxes on sales, if you have to charge them" in " ".join(money.notices)
    decision = decide(candles)
    assert "costs" not in card(decision).foot
    text = render(decision, "markdown", None)
    assert "at least" not in text[text.index("## The money") : text.index("Your options")]


@pytest.mark.parametrize(
    ("known", "compared"),
    [
        ({}, True),
        ({"import_duty": 1}, False),
        ({"freight_to_stock": 1}, False),
        ({"import_duty": 1, "freight_to_stock": 1}, True),
    ],
)
def test_duty_that_is_missing_on_one_side_stops_the_comparison(
    known: Answers, compared: bool
) -> None:
    """The Shop pays freight and duty on its stock, the link duty on each package."""
    money = money_of(FROM_CHINA, market="us", **known)
    assert ("Do not compare them yet" not in money.summary) is compared


def test_days_say_what_is_waited_for_and_what_they_leave_out() -> None:
    """In a sentence, on a page and below the table: they do not begin with the order."""
    seller = decide(BOOK)
    (_, sentence, *_) = figures(seller)
    notes = " ".join(tile.note for tile in tiles(seller))
    for text in (sentence.text.text, notes):
        assert "1 to 31 days after delivery" in text
    left_out = "Add the time to make or get more and to deliver it."
    assert left_out in render(seller, "markdown", None)
    known = decide({**BOOK, "restock_days": 5, "delivery_days": 3})
    assert "Add the time" not in render(known, "markdown", None)
    (_, sentence, *_) = figures(known)
    assert "9 to 39 days (restocking + delivery + after delivery)" in sentence.text.text


@pytest.mark.parametrize(
    ("more", "lowest", "up_front", "most"),
    [
        ({"import_duty": 1, "freight_to_stock": 1}, "$6.58", "up to $600", True),
        ({}, "at least $5.54", "at least $500", False),
        ({"link_shipping": None}, None, "at least $300 up front plus shipping", False),
    ],
)
def test_a_figure_that_lacks_a_cost_is_the_least_that_it_can_be(
    more: Answers, lowest: str | None, up_front: str, most: bool
) -> None:
    """Import duty is paid with every package, and shipping decides what an order leaves. Of 6.58
    the card takes 0.19 and 0.30, the builder 0.08 and the goods 6.00, which leaves a cent; of 5.53
    they take 0.16, 0.30, 0.07 and 5.00, which is all of it."""
    seller = decide({**FROM_CHINA, "market": "us", **more})
    text = render(seller, "plain", None, Display(full=True))
    assert re.findall("^lowest profitable price: (.*)", text, re.M)[-1:] == (
        [lowest] if lowest else []
    )
    assert re.search(f"^Link in bio: {re.escape(up_front)}", text, re.M)
    assert ("You can pay creators up to" in text) is most


def test_nobody_undercuts_branded_goods() -> None:
    """Price pressure is for everyday goods, and in the worst case only."""
    money = money_of({**CLIPS, "product_type": "branded"})
    assert columns(money, "own_videos")["left"] == "11.64"


def test_the_fee_kept_on_a_return_has_a_ceiling() -> None:
    """20 % of 6 % of 1000 is 12.00, but at most 5.00: a tenth of the time, 0.50."""
    assert columns(money_of(CLIPS, price=1000), "own_videos")["refund_fee"] == "-0.50"


def test_made_to_measure_goods_are_lost_when_they_come_back() -> None:
    """Nobody else fits them: of 48 - 8.00 VAT = 40.00 eight in a hundred are lost, 3.20."""
    lines = columns(money_of({**LAMP, "product_type": "custom"}, market="uk"), "own_store")
    assert (lines["made_to_measure"], lines["returns"]) == ("-12.50", "-3.20")


def test_a_lead_product_carries_goods_that_the_shop_will_not_list() -> None:
    """Made-to-measure goods have no order in the Shop; their lead product has: as for the clips."""
    money = money_of({**CLIPS, "product_type": "custom", "price_cut": None})
    assert [stream.stream for stream in money.channels] == ["own_store"]
    assert money.hybrid is not None
    assert same(money.hybrid.lead_profit, "-0.41", "-0.41", "-0.41")


@pytest.mark.parametrize(
    ("cost", "main", "share"),
    [
        ("6.20", ("10.59", "10.78", "10.96"), ("3.8", "3.9", "11.9")),
        ("17.50", ("0.42", "0.61", "0.79"), ("51.9", "67.3", "297.7")),
        ("18.08", ("-0.10", "0.09", "0.27"), ("151.9", "455.6", None)),
        ("18.18", ("-0.19", "0.00", "0.18"), ("227.8", None, None)),
    ],
)
def test_so_many_buyers_in_a_hundred_make_up_for_the_lead_product(
    cost: str, main: tuple[str, str, str], share: tuple[str, str | None, str | None]
) -> None:
    """It loses 1.25 at worst, else 0.41; where the main item leaves nothing, none do."""
    hybrid = money_of(CLIPS, unit_cost=cost).hybrid
    assert hybrid is not None
    assert same(hybrid.main_profit, *main)
    assert same(hybrid.share, *share)


def test_without_its_own_parcel_the_lead_product_takes_that_of_the_shop() -> None:
    """3.90 instead of 5.00: what the lead product lost turns into 0.69."""
    hybrid = money_of({**CLIPS, "lead_shipping": None}).hybrid
    assert hybrid is not None
    assert hybrid.lead_profit.middle == Decimal("0.69")
    assert same(hybrid.share, "0", "0", "1.5")


def test_a_lead_product_without_any_parcel_is_said_to_be_before_shipping() -> None:
    """The notice comes with the lead product only."""
    of_it = "shipping for the starter item"
    missing = {"lead_shipping": None, "shop_shipping": None}
    assert of_it in " ".join(money_of({**CLIPS, **missing}).notices)
    assert of_it not in " ".join(money_of({**CLIPS, **missing, "lead_cost": None}).notices)


# ---- figures of one's own


@pytest.mark.parametrize(
    ("name", "stream", "line", "shown"),
    [
        ("shop_fee", "own_videos", "shop_fee", "-1.25"),
        ("creator_commission", "creator_videos", "creator_commission", "-1.25"),
        ("card_fee", "own_store", "card_fee", "-1.25"),
        ("card_fixed_fee", "own_store", "card_fixed_fee", "-5.00"),
        ("payment_provider_fee", "own_store", "payment_provider_fee", "-1.25"),
        ("vat_rate", "own_videos", "vat", "-1.19"),
    ],
)
def test_a_figure_by_flag_takes_the_place_of_the_fact(
    name: str, stream: str, line: str, shown: str, capsys: Capture
) -> None:
    """Five of it, in percent of 25.00 or in dollars; the record says whose it is."""
    money = record(capsys, *flags({**CLIPS, name: 5}))["money"]
    channel = next(entry for entry in money["channels"] if entry["stream"] == stream)
    (figure,) = (entry for entry in channel["lines"] if entry["id"] == line)
    assert (f"{figure['middle']:.2f}", figure["fact"], figure["input"]) == (shown, None, name)
    assert name in money["own"]


def test_a_figure_in_an_answer_file_takes_the_place_of_the_fact(
    tmp_path: Path, capsys: Capture
) -> None:
    """A consultant's file may hold every figure."""
    file = tmp_path / "clips.json"
    file.write_text(
        json.dumps({**CLIPS, "deposit": 250, "refund_fee": 0, "shop_order_multiple": 2})
    )
    money = record(capsys, "--answers", str(file))["money"]
    assert money["cash"]["deposit"]["middle"] == 250
    assert set(money["own"]) == {
        "creator_commission",
        "refund_fee",
        "deposit",
        "shop_order_multiple",
    }
    assert "You measured 2 times as many orders." in money["summary"]


@pytest.mark.parametrize(
    ("file", "old", "new", "left"),
    [
        ("facts.yaml", "  market: us\n  value: 6\n", "  market: us\n  value: 8\n", "1.12"),
        ("money.yaml", "input: shop_shipping\n", "input: shop_shipping\n    at_most: 3\n", "2.44"),
    ],
)
def test_a_rulebook_of_ones_own_changes_the_sums(
    file: str, old: str, new: str, left: str, tmp_path: Path
) -> None:
    """8 % of 15.99 is 1.28 instead of 0.96; a parcel of at most 3.00 leaves a dollar more."""
    shipped = shipped_folder() / file
    text = shipped.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    money = decide(BOOK, load_rulebook(tmp_path)).money
    assert money is not None
    assert columns(money, "own_videos")["left"] == left
    assert money.own == ()


def test_days_of_ones_own_count_once() -> None:
    """Two lines ask for the days to the payout; only the one that holds takes them."""
    for experience in ("first_time", "experienced"):
        cash = money_of(CLIPS, experience=experience, link_payout_days=5, bank_days=1).cash
        assert same(cash.streams[-1].days, "31", "31", "31")


# ---- the edges


@pytest.mark.parametrize(
    "edge",
    [
        {"price": 1_000_000},
        {"price": "999999.99"},
        {"price": "0.01"},
        {"unit_cost": 0, "shop_shipping": 0, "link_shipping": 0},
        {"unit_cost": 1_000_000},
        {"unit_cost": "0.01"},
        {"creator_commission": "0.000001%"},
        {"return_rate": 99, "shop_fee": 100, "creator_commission": 100, "vat_rate": 100},
        {"monthly_views": 1_000_000_000, "link_orders_per_1000_views": 1000},
        {"first_order": 1_000_000, "restock_days": 365, "lead_price": "0.01", "lead_cost": 1e6},
    ],
    ids=str,
)
def test_extreme_figures_are_worked_out_to_the_cent(edge: Answers) -> None:
    """Nothing breaks, lines are in whole cents, and they add up."""
    for stream in money_of(CLIPS, **edge).channels:
        for end in ("low", "middle", "high"):
            column = [getattr(line, end) for line in stream.lines]
            assert all(amount == round(amount, 2) for amount in column)
            assert sum(column) == getattr(stream.profit_per_order, end)


def test_the_ends_are_told_by_what_they_leave() -> None:
    """Where fee and commission take 120 % of what is left of 100.00 after VAT, more VAT loses less.

    17 %: 85.47 - 51.28 - 51.28 = -17.09; 22 %: 81.97 - 49.18 - 49.18 = -16.39;
    27 %: 78.74 - 47.24 - 47.24 = -15.74.
    """
    answers = {**BOOK, "market": "eu", "price": 100, "unit_cost": 0, "shop_shipping": 0}
    money = money_of(answers, shop_fee=60, creator_commission=60)
    assert columns(money, "creator_videos")["left"] == "-17.09 -16.39 -15.74"


def test_a_price_that_pays_by_a_cent_of_rounding_alone_is_not_told() -> None:
    """Creators at 13.74 and 13.76: 13.76 - 0.83 - 2.41 - 10.52 = 0; at 13.75: -0.01; at 13.77, with
    the same fees, 0.01, and no higher price leaves nothing."""
    money = money_of(BOOK, unit_cost="6.52")
    assert str(way(money, "creator_videos").break_even_price) == "13.77"


def test_a_multiple_holds_its_middle_between_its_ends() -> None:
    """VAT of 27 %: 2.19 / 1.99 = 1.10; of 17 %: 2.67 / 2.42 = 1.10; but between them, of 22 %:
    2.42 / 2.19 = 1.11."""
    answers = {**LAMP, "business_license": "overseas", "return_rate": None, "price": "7.12"}
    costs = {"unit_cost": "2.10", "shop_shipping": "1.02", "link_shipping": "0.81"}
    assert same(money_of(answers, **costs).break_even_multiple, "1.10", "1.11", "1.11")


def test_where_the_link_loses_any_order_of_the_shop_is_more() -> None:
    """15.99 - 0.46 - 0.30 - 9.59 - 9.00 loses 3.36: no order of the Shop is needed for that."""
    assert same(money_of(BOOK, link_shipping=9).break_even_multiple, "0", "0", "0")


def test_the_guide_for_authors_shows_entries_as_they_stand() -> None:
    """An example of the money that has gone stale would teach what is no longer so."""
    rules = shipped_folder()
    guide = (rules / "README.md").read_text(encoding="utf-8")
    section = guide[guide.index("## The money") : guide.index("## A rulebook of your own")]
    money = (rules / "money.yaml").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        assert textwrap.indent(example, "  ") in money


# ---- lines that hang on the price

SHOP_FEE = "    streams: [own_videos, creator_videos, lead_product]\n    input: shop_fee\n"


@pytest.fixture
def cheap_is_dear(tmp_path: Path) -> Rulebook:
    """A rulebook where TikTok Shop takes its fee of orders from 20 dollars up only."""
    text = (shipped_folder() / "money.yaml").read_text(encoding="utf-8")
    assert SHOP_FEE in text
    condition = "    when: {price: {at_least: 20}}\n"
    changed = text.replace(SHOP_FEE, SHOP_FEE + condition)
    (tmp_path / "money.yaml").write_text(changed, encoding="utf-8")
    return load_rulebook(tmp_path)


@pytest.mark.parametrize(
    ("price", "cost", "turns_at"),
    [
        *((price, "15.10", "20.33") for price in ("5", "12", "20")),
        ("10", "15.90", "21.18"),
    ],
)
def test_a_price_that_moves_a_line_is_looked_at_with_it(
    price: str, cost: str, turns_at: str, cheap_is_dear: Rulebook
) -> None:
    """The warning names the price from which on nothing is lost, whatever the price is now: without
    the fee 19.11 would do as well, but from 20 dollars on there is one.

    A parcel costs 4.00. 20.33 - 1.22 - 15.10 - 4.00 = 0.01; 21.18 - 1.27 - 15.90 - 4.00 = 0.01.
    """
    answers = {**BOOK, "price": price, "unit_cost": cost, "link_shipping": 90}
    decision = decide(answers, cheap_is_dear)
    assert decision.money is not None
    assert decision.money.margin == "both_lose"
    assert f"${turns_at}" in (decision.money.warning or "")


@pytest.mark.parametrize("price", ["0", "0.01"])
def test_a_way_that_is_not_worked_out_never_loses(price: str, tmp_path: Path) -> None:
    """Not even at a price of nothing, which a rulebook of one's own may allow."""
    text = (shipped_folder() / "questions.yaml").read_text(encoding="utf-8")
    question = text[text.index("price:\n") :]
    changed = question.replace("  above: true\n", "", 1)
    assert len(changed) < len(question)
    (tmp_path / "questions.yaml").write_text(text.replace(question, changed), encoding="utf-8")
    answers = {**BOOK, "price": price, "unit_cost": 2, "market": "other"}
    decision = decide(answers, load_rulebook(tmp_path))
    assert decision.money is not None
    assert decision.money.margin == "link_loses"


def test_the_starter_item_does_not_pay_the_main_items_freight() -> None:
    """Its cost includes its own."""
    seller = {**FROM_CHINA, "lead_product": True, "lead_price": 5, "lead_cost": 1}
    seller |= {"store": "fast", "lead_shipping": 1, "base": "elsewhere"}
    hybrids = [
        money_of(seller, market="us", **more).hybrid for more in ({}, {"freight_to_stock": "1.50"})
    ]
    first, second = hybrids
    assert first is not None
    assert second is not None
    assert first.lead_profit == second.lead_profit


def test_an_order_in_ten_is_told_from_none_at_all() -> None:
    """Where the Shop's best order earns as much as the link ever does, the range begins at 0."""
    seller = {"product_type": "branded", "warehouse": "local", "store": "fast", "price": 30}
    seller |= {"market": "eu", "base": "in_market", "business_license": "overseas"}
    seller |= {"followers": 2000, "unit_cost": 17, "shop_shipping": 1, "link_shipping": 6}
    text = render(decide(seller), "markdown")
    assert "| 0.0 to 2.8 |" in text


def test_a_curve_is_drawn_only_where_somebody_knows_the_days() -> None:
    """When a marketplace pays is not known: its money is not drawn as back on the first day."""
    sold = {**BOOK, "store": "marketplace"}

    def drawn(seller: dict[str, Any]) -> list[str]:
        sections = report(decide(seller), None).sections
        blocks = [block for section in sections for block in section.blocks]
        charts = [block for block in blocks if isinstance(block, Curves)]
        return [curve.name for chart in charts for curve in chart.curves]

    assert "Link in bio" not in drawn(sold)
    assert "Link in bio" in drawn({**sold, "link_payout_days": 14})
