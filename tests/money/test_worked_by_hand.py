"""The money to the cent: three sellers worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from choose_channel import decide
from choose_channel.model.rulebook import Rulebook
from tests.checks.rulebooks import spoil
from tests.money.ledgers import BOOK, CLIPS, LAMP, columns, flags, money_of, record, same, way

Capture = pytest.CaptureFixture[str]


# ---- a book in the US: a usual creator commission eats the whole profit


def test_the_book_line_by_line() -> None:
    """Each line by hand.

    TikTok Shop takes 6 % of 15.99 = 0.9594; creators 5 %, 17.5 %, 30 % = 0.7995, 2.79825, 4.797;
    the card 2.9 % = 0.46371 and 0.30 a payment.

    own videos   15.99 - 0.96               - 9.59 - 4.00 =  1.44
    creators     15.99 - 0.96 - 4.80        - 9.59 - 4.00 = -3.36
                 15.99 - 0.96 - 2.80        - 9.59 - 4.00 = -1.36
                 15.99 - 0.96 - 0.80        - 9.59 - 4.00 =  0.64
    own store    15.99 - 0.46 - 0.30        - 9.59 - 4.00 =  1.64
    """
    money = money_of(BOOK)
    shared = {"unit_cost": "-9.59", "shop_shipping": "-4.00"}
    shop = {"sale": "15.99", "shop_fee": "-0.96"}
    assert columns(money, "own_videos") == {**shop, **shared, "left": "1.44"}
    creators = {"creator_commission": "-4.80 -2.80 -0.80", **shared}
    assert columns(money, "creator_videos") == {**shop, **creators, "left": "-3.36 -1.36 0.64"}
    assert columns(money, "own_store") == {
        **{"sale": "15.99", "card_fee": "-0.46", "card_fixed_fee": "-0.30"},
        **{"unit_cost": "-9.59", "link_shipping": "-4.00", "left": "1.64"},
    }


def test_what_follows_for_the_book() -> None:
    """Where it turns, by hand.

    Own videos at 14.47: 14.47 - 0.87 - 13.59 = 0.01; at 14.46 the same fee: nothing.
    Creators at 17.78: 17.78 - 1.07 - 3.11 - 13.59 = 0.01; at 17.77 the same fees: nothing.
    The link at 14.31: 14.31 - 0.41 - 0.30 - 13.59 = 0.01; at 14.30 the same fees: nothing.
    A commission of 9 % is 1.44, all that is left; 9.1 % is 1.46.
    1.64 / 1.44 = 1.14 orders for one of the link; with creators 1.64 / 0.64 = 2.56 at best, and at
    a usual commission no number of orders is enough.
    """
    money = money_of(BOOK)
    prices = {stream.stream: str(stream.break_even_price) for stream in money.channels}
    assert prices == {"own_videos": "14.47", "creator_videos": "17.78", "own_store": "14.31"}
    assert str(money.break_even_price) == "14.31"
    assert money.max_creator_commission == 9
    assert same(money.break_even_multiple, "1.14", "1.14", "1.14")
    assert same(way(money, "creator_videos").break_even_multiple, "2.56", None, None)


@pytest.mark.parametrize(("at_most", "margin"), [("9", "shop_thin"), ("9.01", "shop_loses")])
def test_a_limit_of_the_margin_is_a_percent_of_the_price(
    at_most: str, margin: str, rulebook: Rulebook
) -> None:
    """9 % of 15.99 is 1.4391, and the 1.44 of own videos are more; 9.01 % is 1.440699."""
    limited = spoil(rulebook, {("money", "margins", "shop_loses", "at_most"): Decimal(at_most)})
    money = decide(BOOK, limited).money
    assert money is not None
    assert money.margin == margin


def test_the_book_is_warned_of_before_anything_is_recommended() -> None:
    """A usual creator commission eats the whole profit: the margin, the warning and a pitfall say
    so."""
    decision = decide(BOOK)
    assert decision.money is not None
    assert decision.money.margin == "shop_thin"
    assert decision.money.warning == (
        "First, the money: if creators sell for you in TikTok Shop, their commission eats your"
        " profit. At a commission of 17.5% (the middle of the usual 5% to 30%), your profit per"
        " order is -$1.36; above 9% you lose money."
    )
    assert "thin-margin" in {pitfall.id for pitfall in decision.pitfalls}


def test_the_command_line_prints_the_same_figures(capsys: Capture) -> None:
    """A record has the figures of the decision, as plain numbers."""
    money = record(capsys, *flags(BOOK))["money"]
    assert money == decide(BOOK).to_dict()["money"]
    ways = {entry["stream"]: entry["profit_per_order"] for entry in money["channels"]}
    assert ways == {
        "own_videos": {"low": 1.44, "middle": 1.44, "high": 1.44},
        "creator_videos": {"low": -3.36, "middle": -1.36, "high": 0.64},
        "own_store": {"low": 1.64, "middle": 1.64, "high": 1.64},
    }
    assert money["max_creator_commission"] == 9
    assert money["break_even_price"] == 14.31


# ---- a lamp in the EU: VAT in the price, returns, ranges


def test_the_lamp_line_by_line() -> None:
    """Each line by hand, at 27 %, 22 % and 17 % VAT.

    VAT in 48.00: 48 x 27/127 = 10.2047, 48 x 22/122 = 8.6557, 48 x 17/117 = 6.9744.
    TikTok Shop: 9 % of 37.80, 39.34, 41.03 = 3.402, 3.5406, 3.6927.
    Eight of a hundred come back: the price, the VAT, the fee and the goods are undone; parcel and
    card fees are lost.

    own videos   undone 48 - 10.20 - 3.40 - 12.50 = 21.90, 23.30, 24.84; 8 % = 1.752, 1.864, 1.9872
                 21.90 - 5.20 - 1.75 = 14.95
                 23.30 - 5.20 - 1.86 = 16.24
                 24.84 - 5.20 - 1.99 = 17.65
    own store    card 2.9 % = 1.392, and 0.30; store builder 2 %, 1.25 %, 0.5 % = 0.96, 0.60, 0.24
                 undone 48 - 10.20 - 12.50 = 25.30, 26.84, 28.53; 8 % = 2.024, 2.1472, 2.2824
                 25.30 - 1.39 - 0.30 - 0.96 - 6.40 - 2.02 = 14.23
                 26.84 - 1.39 - 0.30 - 0.60 - 6.40 - 2.15 = 16.00
                 28.53 - 1.39 - 0.30 - 0.24 - 6.40 - 2.28 = 17.92
    """
    money = money_of(LAMP)
    shared = {"sale": "48.00", "vat": "-10.20 -8.66 -6.97", "unit_cost": "-12.50"}
    assert columns(money, "own_videos") == {
        **shared,
        **{"shop_fee": "-3.40 -3.54 -3.69", "shop_shipping": "-5.20"},
        **{"returns": "-1.75 -1.86 -1.99", "left": "14.95 16.24 17.65"},
    }
    assert columns(money, "own_store") == {
        **shared,
        **{"card_fee": "-1.39", "card_fixed_fee": "-0.30"},
        **{"payment_provider_fee": "-0.96 -0.60 -0.24", "link_shipping": "-6.40"},
        **{"returns": "-2.02 -2.15 -2.28", "left": "14.23 16.00 17.92"},
    }


def test_the_multiple_takes_the_same_vat_on_both_sides() -> None:
    """One order is sold under one rate: VAT at 27 % with builder fees of 2 % to 0.5 % gives 14.23
    to 14.95 for the link against 14.95; at 17 %, 17.20 to 17.92 against 17.65.

    14.23 / 14.95 = 0.95; 16.00 / 16.24 = 0.99; 17.92 / 17.65 = 1.02.
    """
    assert same(money_of(LAMP).break_even_multiple, "0.95", "0.99", "1.02")


def test_the_price_that_buyers_see_in_britain_contains_a_sixth_of_vat() -> None:
    """20 % on top is 20/120 of the price: 8.00 of 48.00; the fee of 9 % is taken of the 40.00."""
    money = columns(money_of(LAMP, market="uk"), "own_videos")
    assert (money["vat"], money["shop_fee"]) == ("-8.00", "-3.60")


# ---- everyday goods in the US: undercut, returns, months, cash and a lead product


def test_the_clips_line_by_line() -> None:
    """Each line by hand.

    own videos   fee 6 % of 25 = 1.50; of it 20 % is kept on a return, a tenth of the time: 0.03
                 undone 25 - 1.50 - 6.20 = 17.30; a tenth = 1.73
                 25 - 1.50 - 6.20 - 3.90 - 0.03 - 1.73 = 11.64
      at 22.50   fee 1.35; kept 0.027; undone 14.95, a tenth = 1.495
                 22.50 - 1.35 - 6.20 - 3.90 - 0.03 - 1.50 = 9.52, so being undercut costs 2.12
    creators     15 % = 3.75; undone 13.55, a tenth = 1.355; 11.64 - 3.75 + 1.73 - 1.36 = 8.26
      at 22.50   3.375; undone 22.50 - 1.35 - 3.38 - 6.20 = 11.57, a tenth = 1.157
                 22.50 - 1.35 - 3.38 - 6.20 - 3.90 - 0.03 - 1.16 = 6.48: it costs 1.78
    own store    card 0.725 and 0.30; builder 2 %, 1.25 %, 0.5 % = 0.50, 0.3125, 0.125
                 undone 25 - 6.20 = 18.80; a tenth = 1.88
                 25 - 0.73 - 0.30 - 0.50 - 6.20 - 4.80 - 1.88 = 10.59; then 10.78 and 10.96
    """
    money = money_of(CLIPS)
    shop = {"sale": "25.00", "shop_fee": "-1.50", "unit_cost": "-6.20", "shop_shipping": "-3.90"}
    shop["refund_fee"] = "-0.03"
    assert columns(money, "own_videos") == {
        **shop,
        **{"returns": "-1.73", "price_cut": "-2.12 0.00", "left": "9.52 11.64"},
    }
    assert columns(money, "creator_videos") == {
        **shop,
        **{"creator_commission": "-3.75", "returns": "-1.36", "price_cut": "-1.78 0.00"},
        "left": "6.48 8.26",
    }
    assert columns(money, "own_store") == {
        **{"sale": "25.00", "card_fee": "-0.73", "card_fixed_fee": "-0.30"},
        **{"payment_provider_fee": "-0.50 -0.31 -0.13", "unit_cost": "-6.20"},
        **{"link_shipping": "-4.80", "returns": "-1.88", "left": "10.59 10.78 10.96"},
    }


def test_the_months_of_the_clips() -> None:
    """50,000 views at 0.4 orders a thousand are 20 orders of the link; TikTok Shop brings 3 to 5
    times as many, by the article. The site costs 39.

    link   20 x 10.59 - 39 = 172.80; 20 x 10.78 - 39 = 176.60; 20 x 10.96 - 39 = 180.20
    Shop   60 x 9.52 = 571.20; 80 x 11.64 = 931.20; 100 x 11.64 = 1164.00
    """
    money = money_of(CLIPS)
    link, shop = way(money, "own_store").monthly, way(money, "own_videos").monthly
    assert link is not None
    assert shop is not None
    assert same(link.orders, "20", "20", "20")
    assert same(link.profit, "172.80", "176.60", "180.20")
    assert same(shop.orders, "60", "80", "100")
    assert same(shop.profit, "571.20", "931.20", "1164.00")
    assert way(money, "creator_videos").monthly is None  # whose views are not the seller's


def test_the_lead_product_of_the_clips() -> None:
    """What it loses, and how many buyers must come back for the main item.

    lead      9.90 - 0.59 - 4.20 - 5.00 - 0.01 kept - 0.51 returns = -0.41
    at 8.91   8.91 - 0.53 - 4.20 - 5.00 - 0.01      - 0.42         = -1.25
    share     0.41 / 10.96 = 3.75 %; 0.41 / 10.78 = 3.81 %; 1.25 / 10.59 = 11.81 %: up to a tenth
    """
    hybrid = money_of(CLIPS).hybrid
    assert hybrid is not None
    assert same(hybrid.lead_profit, "-1.25", "-0.41", "-0.41")
    assert same(hybrid.main_profit, "10.59", "10.78", "10.96")
    assert same(hybrid.share, "3.8", "3.9", "11.9")


def test_the_cash_of_the_clips() -> None:
    """What is out, and for how long.

    200 pieces at 6.20 = 1240, and a deposit of 1500 for a company in mainland China.
    Shop: 25 + 4 + 1 to 31 days, and 3 to 12 working days: 5 to 17 (16.8) with weekends. At first
    -2740; after 25 days 200 parcels, -780; in the middle, after 56 days,
    25 - 1.50 - 3.90 - 0.03 - 2.35 for what comes back as goods = 17.22 an order:
    3444 - 1240 - 1500 = 704.
    Link: 25 + 7 to 14 + 5 to 17 days. -1240, then 200 x 4.80 = -960 more; at last
    25 - 0.73 - 0.30 - 0.31 - 4.80 - 2.50 = 16.36 an order: 3272 - 1240 = 2032.
    """
    cash = money_of(CLIPS).cash
    assert [int(cash.pieces), int(cash.stock)] == [200, 1240]
    assert cash.deposit is not None
    assert (int(cash.deposit.middle), cash.deposit.fact) == (1500, "deposit_us_cross_border")
    paths = {flow.stream: [tuple(map(float, at)) for at in flow.path] for flow in cash.streams}
    days = {flow.stream: flow.days for flow in cash.streams}
    assert same(days["own_videos"], "35", "56", "77")
    assert same(days["own_store"], "37", "46.5", "56")
    assert paths["own_videos"] == [(0, -2740), (25, -3520), (56, 704)]
    assert paths["own_store"] == [(0, -1240), (25, -2200), (46.5, 2032)]
