"""What holds of the money of every seller, whatever they sell and wherever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from choose_channel import decide
from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.money.format import Span
from choose_channel.money.results import Money
from choose_channel.money.summary import money_of as money_of_economics
from choose_channel.money.unit_economics import Economics

RULEBOOK = load_rulebook()
ENGINE = Engine(RULEBOOK)
SAY = FactMessages(RULEBOOK, "en")
CENT = Decimal("0.01")
COSTS = (
    *("unit_cost", "shop_shipping", "link_shipping", "creator_commission", "shop_fee"),
    *("refund_fee", "card_fee", "card_fixed_fee", "payment_provider_fee", "store_fee"),
    *("return_rate", "lead_cost", "lead_shipping", "site_monthly_cost"),
)
"""The inputs of which more is never better."""
law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A shared machine is no judge of speed."""
SUMMED = ("returns", "price_cut")
"""The lines that are worked out from the others."""


def economics_of(given: Given) -> Economics:
    """The unit economics of answers."""
    situation = complete_with_defaults(RULEBOOK, ENGINE.space, given)
    return ENGINE.economics(situation, given)


def money_of(given: Given) -> Money:
    """The money of answers that have a price and a unit cost."""
    economics = economics_of(given)
    money = money_of_economics(economics, SAY)
    assert money is not None
    return money


def dollars(low: str, high: str) -> st.SearchStrategy[Decimal]:
    """Amounts in whole cents."""
    return st.decimals(low, high, places=2)


def figure(name: str) -> st.SearchStrategy[Decimal]:
    """A figure for an input, within what a seller could say of one item."""
    entry = RULEBOOK.economy.inputs[name]
    if entry.whole:
        return st.integers(1, 100_000).map(Decimal)
    highest = {"percent": "30", "days": "90", "usd": "60"}.get(entry.unit, "20")
    plain = dollars("0.01" if entry.above else "0", highest)
    if entry.unit == "percent":  # below 1 it would have to be told with its sign
        return plain.filter(lambda number: not 0 < number < 1)
    return plain


@st.composite
def sellers(draw: st.DrawFn) -> Given:
    """Sellers of all goods in all markets, with a price and a unit cost; all else may be open."""
    seller: dict[str, Any] = {}
    for question in RULEBOOK.asked.values():
        options: list[Any] = [choice.id for choice in question.choices]
        options = [False, True] if question.type == "boolean" else options
        if options:
            seller[question.id] = draw(st.sampled_from(options))
    assume(seller["product_type"] not in ("affiliate", "banned"))
    seller["followers"] = Decimal(2000)
    seller["price"] = draw(dollars("0.50", "400"))
    known = draw(st.sets(st.sampled_from(sorted(RULEBOOK.economy.inputs))))
    for name in sorted(known | {"unit_cost"}):
        seller[name] = draw(figure(name))
    return seller


def spans(money: Money) -> Iterator[Span]:
    """Every figure that has a lowest and a highest case."""
    for stream in money.channels:
        yield stream.profit_per_order
        yield stream.break_even_multiple or Span(None, None, None)
        yield from stream.monthly or ()
    yield from (cash.days for cash in money.cash.streams)
    yield money.break_even_multiple or Span(None, None, None)
    yield from money.hybrid[:3] if money.hybrid else ()


def profits(money: Money) -> Iterator[Span]:
    """Whatever is earned: by order, by month, and with the lead product."""
    for stream in money.channels:
        yield stream.profit_per_order
        if stream.monthly:
            yield stream.monthly.profit
    if money.hybrid:
        yield money.hybrid.lead_profit


@law
@given(sellers())
def test_a_span_goes_from_low_to_high(seller: Given) -> None:
    """The middle lies between the ends; an open end is the high one."""
    for low, middle, high in spans(money_of(seller)):
        known = [end for end in (low, middle, high) if end is not None]
        assert known == sorted(known)
        assert [low, middle, high][: len(known)] == known


@law
@given(sellers())
def test_lines_add_up_to_the_cent(seller: Given) -> None:
    """In every case, exactly, in whole cents."""
    for stream in money_of(seller).channels:
        for end in ("low", "middle", "high"):
            column = [getattr(line, end) for line in stream.lines]
            assert all(amount == amount.quantize(CENT) for amount in column)
            assert sum(column) == getattr(stream.profit_per_order, end)


@law
@given(sellers(), st.sampled_from(COSTS), st.data())
def test_more_cost_never_leaves_more(seller: Given, name: str, data: st.DataObject) -> None:
    """Not of an order in any case, nor of a month or the lead product."""
    less, more = sorted((data.draw(figure(name)), data.draw(figure(name))))
    before, after = (money_of({**seller, name: cost}) for cost in (less, more))
    for first, second in zip(profits(before), profits(after), strict=True):
        assert all(
            a is not None and b is not None and a >= b for a, b in zip(first, second, strict=True)
        )


@law
@given(sellers())
def test_ways_of_selling_agree_where_their_lines_agree(seller: Given) -> None:
    """The same line is the same amount wherever it is paid; only what is worked out of the other
    lines may differ."""
    seen: dict[str, tuple[Decimal, ...]] = {}
    for stream in money_of(seller).channels:
        for line in stream.lines:
            if line.id not in SUMMED:
                amounts = (line.low, line.middle, line.high)
                assert seen.setdefault(line.id, amounts) == amounts


@law
@given(sellers())
def test_without_a_commission_creators_cost_nothing(seller: Given) -> None:
    """Then both ways to play the Shop leave the same."""
    money = money_of({**seller, "creator_commission": Decimal(0)})
    left = {way.stream: way.profit_per_order for way in money.channels}
    assert left.get("own_videos") == left.get("creator_videos")


@law
@given(sellers(), st.integers(1, 200))
def test_from_the_break_even_price_on_something_is_left(seller: Given, above: int) -> None:
    """There and at any higher price an order leaves something; a cent less leaves nothing."""
    assume(seller["unit_cost"])
    for number, stream in enumerate(money_of(seller).channels):
        price, highest = stream.break_even_price, RULEBOOK.questions["price"].maximum

        def left(price: Decimal, number: int = number) -> Decimal:
            middle = money_of({**seller, "price": price}).channels[number].profit_per_order.middle
            assert middle is not None
            return middle

        assert (left(price or highest) > 0) is (price is not None)
        if price is not None:
            assert left(min(price + above * CENT, highest)) > 0
            assert price == CENT or left(price - CENT) <= 0


STAND: Given = {
    **{"product_type": "commodity", "market": "us", "warehouse": "local"},
    **{"followers": Decimal(2000), "business_license": "overseas", "base": "in_market"},
}
"""Phone stands, sold from the US."""


@pytest.mark.parametrize(
    ("costs", "stream", "price"),
    [
        (
            {
                **{"price": "9.52", "unit_cost": "0.11", "shop_shipping": "1.85"},
                **{"return_rate": "14", "creator_commission": "16"},
            },
            "creator_videos",
            "2.93",
        ),
        (
            {
                **{"price": "29.63", "unit_cost": "0.53"},
                **{"link_shipping": "1.91", "return_rate": "25"},
            },
            "own_store",
            "3.64",
        ),
    ],
)
def test_a_price_that_leaves_a_cent_by_rounding_alone_does_not_pay(
    costs: dict[str, str], stream: str, price: str
) -> None:
    """A cent below the break-even price nothing is left, though two cents below it something is."""
    economics = economics_of({**STAND, **{name: Decimal(cost) for name, cost in costs.items()}})
    way = next(way for way in economics.streams if way.id == stream)
    assert economics.break_even_price(way) == Decimal(price)
    left = [economics.profit(way, Decimal(price) + n * CENT).middle for n in range(-2, 20)]
    assert [profit > 0 for profit in left if profit is not None] == [True, False, *(20 * [True])]


@law
@given(sellers())
def test_from_the_break_even_price_on_every_price_pays(seller: Given) -> None:
    """And the price a cent below it does not, whatever price the search started from."""
    economics = economics_of(seller)
    for way in economics.streams:
        price = economics.break_even_price(way)
        if price is not None:
            left = [economics.profit(way, price + n * CENT).middle for n in range(-1, 40)]
            assert [profit > 0 for profit in left if profit is not None] == [False, *(40 * [True])]


@law
@given(sellers())
def test_the_lowest_of_all_break_even_prices_is_the_one_told(seller: Given) -> None:
    """From there on, some way of selling makes a profit."""
    money = money_of(seller)
    prices = [way.break_even_price for way in money.channels if way.break_even_price is not None]
    assert money.break_even_price == min(prices, default=None)


@law
@given(sellers())
def test_the_highest_commission_leaves_no_loss_and_a_tenth_more_does(seller: Given) -> None:
    """A tenth of a percent, in the middle; where there is none, not even 0 % is borne."""
    money = money_of(seller)
    most = money.max_creator_commission
    creators = [n for n, way in enumerate(money.channels) if way.stream == "creator_videos"]
    assume(creators)

    def left(rate: Decimal) -> Decimal:
        way = money_of({**seller, "creator_commission": rate}).channels[creators[0]]
        assert way.profit_per_order.middle is not None
        return way.profit_per_order.middle

    if most is None:
        assert left(Decimal(0)) < 0
    else:
        assert left(most) >= 0
        assert most == 100 or left(most + Decimal("0.1")) < 0


@law
@given(sellers())
def test_the_multiple_makes_both_ways_earn_the_same(seller: Given) -> None:
    """So many orders of the Shop earn what one of the link earns, to the multiple's last digit."""
    money = money_of(seller)
    left = {way.stream: way.profit_per_order.middle for way in money.channels}
    own, link = left.get("own_videos"), left.get("own_store")
    multiple = money.break_even_multiple
    assert (multiple is None) is (own is None)
    if multiple is None or own is None or link is None:
        return
    if multiple.middle is None:
        assert own <= 0
    else:
        assert abs(multiple.middle * own - max(Decimal(0), link)) <= own * CENT / 2


@law
@given(sellers())
def test_the_margin_is_what_the_profits_say(seller: Given) -> None:
    """It loses where the middle figures leave nothing, without a commission; it is thin where
    creators at a usual commission leave nothing. Of a Shop that is not worked out it says
    nothing."""
    money = money_of(seller)
    middles = {way.stream: way.profit_per_order.middle for way in money.channels}
    left = {name: middle for name, middle in middles.items() if middle is not None}
    mains = [left[name] for name in ("own_videos", "own_store") if name in left]
    if max(mains) <= 0:
        unknown = {stream.id for stream, _ in economics_of(seller).not_worked_out}
        assert money.margin == ("link_loses" if "own_videos" in unknown else "both_lose")
    elif "own_videos" in left and left["own_videos"] <= 0:
        assert money.margin == "shop_loses"
    elif left["own_store"] <= 0:
        assert money.margin == "link_loses"
    elif "creator_videos" in left and left["creator_videos"] <= 0:
        assert money.margin == "shop_thin"
    else:
        assert money.margin == "healthy"


@law
@given(sellers())
def test_where_an_order_loses_it_is_said_first(seller: Given) -> None:
    """A warning wherever the margin is not healthy, which it never is where the link loses; and
    wherever one of the two that are compared may lose."""
    money = money_of(seller)
    left = {way.stream: way.profit_per_order for way in money.channels}
    pair = [left[name] for name in ("own_videos", "own_store") if name in left]
    may_lose = any(low < 0 < middle for low, middle, _ in pair if low is not None and middle)
    assert (money.warning is not None) is (money.margin != "healthy" or may_lose)
    assert ("may lose money" in (money.warning or "")) is may_lose
    link = left["own_store"].middle
    assert link is not None
    assert link > 0 or money.margin in ("both_lose", "shop_loses", "link_loses")
    assert "{" not in f"{money.warning}{money.summary}{money.notices}"


@law
@given(sellers())
def test_every_figure_given_is_shown_or_said_to_be_of_no_use(seller: Given) -> None:
    """Nothing that somebody typed vanishes."""
    money = money_of(seller)
    shown = {line.input for stream in money.channels for line in stream.lines}
    shown |= {line.input for stream in money.cash.streams for line in stream.lines}
    shown |= {money.cash.deposit.input} if money.cash.deposit else set()
    shown |= {"unit_cost", "first_order", "cny_per_usd"}
    if money.hybrid:
        shown |= {"lead_price", "lead_cost", "lead_shipping", "shop_shipping"}
        shown |= {"shop_fee", "refund_fee", "vat_rate", "return_rate", "price_cut"}
    if any(way.monthly for way in money.channels):
        shown |= {"monthly_views", "link_orders_per_1000_views", "site_monthly_cost"}
    if money.break_even_multiple:
        shown.add("shop_order_multiple")
    inputs = {name: entry for name, entry in RULEBOOK.economy.inputs.items() if name in seller}
    aside = decide_plainly(seller)["set_aside"]
    text = " ".join(notice for notice in money.notices if "not needed here" in notice)
    economics = economics_of(seller)
    waiting = [stream for stream, _ in economics.not_worked_out]  # for a fee that nobody knows
    wait = {line.input for stream in waiting for line in economics.lines_of(stream)} - shown
    wait |= {"lead_price"} if "lead_cost" in wait else set()
    for name, entry in inputs.items():
        if name not in aside and name not in wait:
            assert (name in shown) is not (SAY.text(entry.short) in text), name


def decide_plainly(seller: Given) -> dict[str, Any]:
    """The decision as plain data."""
    return decide(dict(seller), RULEBOOK).to_dict()


@settings(law, max_examples=30)
@given(sellers())
def test_a_record_holds_plain_numbers(seller: Given) -> None:
    """What JSON holds can be read by anything, and is what was worked out."""
    money = decide_plainly(seller)["money"]
    assert json.loads(json.dumps(money, allow_nan=False)) == money
    for stream, shown in zip(money_of(seller).channels, money["channels"], strict=True):
        left = stream.profit_per_order
        assert shown["profit_per_order"] == {
            end: float(getattr(left, end)) for end in ("low", "middle", "high")
        }


@law
@given(sellers(), st.data())
def test_only_some_questions_move_the_margin(seller: Given, data: st.DataObject) -> None:
    """An answer to any other one leaves it as it is, so that it need not be worked out again."""
    others = sorted(RULEBOOK.asked.keys() - RULEBOOK.moving_the_margin - {"price"})
    axes = ENGINE.space.axes
    changed = {
        axis.question.id: data.draw(st.sampled_from(axis.values))
        for axis in axes
        if axis.question.id in others
    }
    assert others
    assert economics_of({**seller, **changed}).margin() == economics_of(seller).margin()
