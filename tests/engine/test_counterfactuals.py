"""What would change the answer: which changes are shown, and that each is true."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.answers.sources import Given
from choose_channel.engine.counterfactuals import MOST, Change, better, changes
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Scores
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.model.rulebook import Rulebook, Value
from choose_channel.money.format import usd
from tests.checks.rulebooks import CLEAN, Entry, Like, spoil
from tests.sellers import BOOK

CORE = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "local",
    "followers": 0,
    "business_license": "none",
}


def _random_sellers(engine: Engine, count: int) -> list[dict[str, Value]]:
    draw = Random(3)
    sellers = []
    for number in range(count):
        (cell, _), *_ = engine.space.sample(None, 1, seed=number)
        answers = engine.space.values(cell)
        costs = {"unit_cost": Decimal(draw.randrange(1, 60))} if draw.random() < 0.5 else {}
        asked = {name: answers[name] for name in answers if name in engine.rulebook.asked}
        left = [n for n in asked if not engine.rulebook.questions[n].core and draw.random() < 0.3]
        sellers.append({**{n: v for n, v in asked.items() if n not in left}, **costs})
    return sellers


def _check(engine: Engine, given: dict[str, Value]) -> None:
    seller = engine.seller(given)
    now = seller.scores
    counterfactuals = changes(seller)
    assert len(counterfactuals) <= MOST
    efforts = [change.effort for change in counterfactuals]
    assert efforts == sorted(efforts)
    for change in counterfactuals:
        then = engine.seller({**given, **change.all_answers})
        assert then.scores.recommended == change.recommended
        opened = _opened(now, then.scores)
        assert opened >= {*change.opens}
        if then.situation.assumed.keys() <= seller.situation.values.keys():
            assert opened == {*change.opens}
        assert change.opens or change.recommended != now.recommended
        _check_price(engine, given, change)
    if now.recommended is None and now.aim is not None:
        assert any(change.opens for change in counterfactuals), given


def _opened(now: Scores, then: Scores) -> set[str]:
    return {c for c, access in then.access.items() if access == "open" != now.access[c]}


def _check_price(engine: Engine, given: dict[str, Value], change: Change) -> None:
    """A price to ask is above the one that is asked, and a cent less gives less."""
    price, before = change.answers.get("price"), given.get("price")
    if isinstance(price, Decimal) and isinstance(before, Decimal) and "unit_cost" in given:
        assert price > before
        now = engine.seller(given).scores
        for less in (price - Decimal("0.01"), before):
            then = engine.seller({**given, **change.all_answers, "price": less}).scores
            gives = _opened(now, then) >= {*change.opens}
            assert not gives or then.recommended != change.recommended


def test_every_change_is_true_few_and_a_way_out_of_nothing_open(engine: Engine) -> None:
    """For a hundred random sellers, half of whom gave a cost."""
    for given in _random_sellers(engine, 100):
        _check(engine, given)


def test_another_market_is_no_change_while_anything_else_opens_something() -> None:
    """A seller without stock in the market can look for the Website field, or rent a warehouse."""
    decision = cc.decide({**CORE, "warehouse": "virtual", "local_id": True})
    assert decision.changes
    assert not any("market" in change.set for change in decision.changes)


def test_what_held_for_one_market_does_not_travel_to_another(tmp_path: Path) -> None:
    """The ID was one of the old market: what follows is listed, and counted."""
    shut = "warehouse", "followers", "business_license", "local_id"
    text = (shipped_folder() / "questions.yaml").read_text(encoding="utf-8")
    start = {name: text.index(f"\n{name}:\n") for name in shut}
    for name in sorted(shut, key=start.__getitem__, reverse=True):
        head, tail = text[: start[name]], text[start[name] :]
        at = tail.index("  effort: ")
        text = head + tail[:at] + tail[tail.index("\n", at) + 1 :]  # nobody can change these
    (tmp_path / "questions.yaml").write_text(text, encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    answers = {**CORE, "warehouse": "abroad", "local_id": True, "market": "us"}
    decision = cc.decide({**answers, "website_field": False}, rulebook)
    assert decision.recommended is None
    assert decision.changes
    for change in decision.changes:
        assert change.set["market"] != "us"
        assert change.set.get("local_id", "false") == "false"
    to_uk = Engine(rulebook).seller({"local_id": True}).resets({"market": "uk"})
    assert to_uk == {"local_id": False}


def test_what_a_step_finds_out_is_a_change_only_while_it_is_open() -> None:
    """Who looked for the Website field and saw none is not told to look again, nowhere."""
    course = {"product_type": "digital", "price": 99, "followers": 400, "business_license": "none"}
    open_now, looked = cc.decide(course), cc.decide({**course, "website_field": False})
    assert open_now.changes[0].set == {"website_field": "true"}
    assert open_now.plan[0].id == "look-for-the-website-field"
    assert not any("website_field" in change.set for change in looked.changes)
    assert "look-for-the-website-field" not in {step.id for step in looked.plan}
    (gate,) = looked.channel("bio_link").gates
    assert len(gate.unlock) == len(open_now.channel("bio_link").gates[0].unlock) - 1


def test_the_easiest_changes_are_shown_where_one_of_them_opens_the_aim() -> None:
    """Others open another channel, with more effort: a faster store and a lead product."""
    decision = cc.decide(
        {
            **{"product_type": "restricted", "price": "7.50", "warehouse": "local"},
            **{"followers": 0, "business_license": "mainland", "goal": "quick_sales"},
        }
    )
    assert decision.recommended is None
    assert [(*change.set, *change.opens) for change in decision.changes] == [
        ("website_field", decision.aim),
        ("followers", decision.aim),
        ("business_license", decision.aim),
    ]


def test_what_opens_the_aim_takes_the_place_of_the_last_where_all_others_are_easier() -> None:
    """The link opens more easily, but goods that pay by both ways are for both."""
    decision = cc.decide(
        {
            **{"product_type": "needs_approval", "price": 15, "warehouse": "abroad"},
            **{"followers": 0, "business_license": "sole_trader", "base": "elsewhere"},
            **{"goal": "brand", "experience": "experienced", "cash": "comfortable"},
            "lead_product": True,
        }
    )
    assert decision.aim == "hybrid"
    assert [(*change.set, *change.opens) for change in decision.changes] == [
        ("website_field", "bio_link"),
        ("followers", "bio_link"),
        ("warehouse", "store", "hybrid"),
    ]


@pytest.mark.parametrize("costs", [{}, {"unit_cost": 9}], ids=["no costs", "costs"])
def test_what_an_answer_to_a_new_question_would_bring_about_is_not_promised(
    costs: dict[str, int], rulebook: Rulebook
) -> None:
    """Here a permit is asked for only where the store is fast, and both need it."""
    permit: dict[Entry, object] = {
        ("questions", "permit"): Like("local_id", {"applies": {"store": "fast"}}),
        ("gates", "no-permit"): Like(
            "no-local-stock", {"channels": ["hybrid"], "when": {"permit": False}}
        ),
        ("gates", "no-store"): Like(
            "no-local-stock", {"channels": ["bio_link"], "when": {"store": "none"}}
        ),
    }
    seller = {
        **{"product_type": "branded", "price": 39, "warehouse": "local", "followers": 3000},
        **{"business_license": "overseas", "base": "in_market", "store": "none"},
    }
    changes = cc.decide({**seller, **costs}, spoil(rulebook, permit)).changes
    opened = {frozenset(change.set): {*change.opens} for change in changes}
    assert opened[frozenset({"store"})] == {"bio_link"}
    assert opened[frozenset({"store", "permit"})] == {"bio_link", "hybrid"}


def test_from_a_choice_without_a_rank_every_ranked_one_may_be_better() -> None:
    """The worst of them as well; from a ranked one, those after it, and those without a rank."""
    edits: dict[Entry, object] = {
        ("questions", "season", "choices", "spring"): Like("summer", {}),
        ("questions", "season", "better"): ["winter", "summer"],
    }
    axis = Engine(spoil(load_rulebook(CLEAN), edits)).axis("season")
    improvements = {
        choice: {axis.values[band - 1] for band in better(axis, axis.band(choice))}
        for choice in ("spring", "winter", "summer")
    }
    assert improvements == {
        "spring": {"winter", "summer"},
        "winter": {"summer", "spring"},
        "summer": {"spring"},
    }


def test_a_smaller_step_that_gives_the_same_is_enough() -> None:
    """A thousand followers open the link; five thousand are not suggested beside them."""
    course = {"product_type": "digital", "price": 99, "followers": 400, "business_license": "none"}
    followers = [
        change.set["followers"] for change in cc.decide(course).changes if "followers" in change.set
    ]
    assert followers == ["1000"]


def test_where_the_margin_alone_locks_the_price_that_pays_is_the_change(tmp_path: Path) -> None:
    """One cent less would not open it."""
    text = "{zh: 亏, en: It loses}"
    gate = f"""
loses:
  access: locked
  channels: [tiktok_shop, bio_link, hybrid]
  when: {{margin: [both_lose, link_loses]}}
  because: {text}
  source: judgement
"""
    gates = (shipped_folder() / "gates.yaml").read_text(encoding="utf-8")
    (tmp_path / "gates.yaml").write_text(gates + gate, encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    answers: dict[str, Any] = {**BOOK, "unit_cost": 40}
    decision = cc.decide(answers, rulebook)
    assert decision.recommended is None
    price = next(change.set["price"] for change in decision.changes if set(change.set) == {"price"})
    less = str(Decimal(price) - Decimal("0.01"))
    assert cc.decide({**answers, "price": price}, rulebook).recommended
    assert cc.decide({**answers, "price": less}, rulebook).recommended is None


MEXICO: dict[str, Any] = {
    "product_type": "commodity",
    "price": 10,
    "warehouse": "abroad",
    "followers": 250,
    "business_license": "none",
    "base": "elsewhere",
    "market": "mexico",
    "website_field": True,
    "goal": "quick_sales",
    "cash": "comfortable",
    "store": "fast",
    "lead_product": False,
    "unit_cost": 9,
    "shop_shipping": 1,
    "link_shipping": 4,
    "creator_commission": 30,
}
"""The Shop pays at 10.65, the link at 13.71, the Shop with creators at 15.64."""

UK: dict[str, Any] = {
    "product_type": "commodity",
    "price": "1.64",
    "warehouse": "abroad",
    "followers": 50_000,
    "business_license": "sole_trader",
    "base": "mainland",
    "market": "uk",
    "website_field": False,
    "store": "fast",
    "unit_cost": "1.48",
    "creator_commission": 5,
    "site_monthly_cost": 39,
}


def test_the_price_at_which_the_first_way_pays_is_told_with_all_that_it_opens() -> None:
    """The Shop opens before the link pays; where the link pays, both are open."""
    decision = cc.decide(MEXICO)
    prices = {c.set["price"]: c.opens for c in decision.changes if {*c.set} == {"price"}}
    assert prices["10.65"] == ("tiktok_shop",)
    assert {*prices["13.71"]} >= {"tiktok_shop", "bio_link"}
    assert cc.decide({**MEXICO, "price": "10.64"}).recommended is None


@pytest.mark.parametrize("seller", [MEXICO, UK])
def test_one_card_names_one_price(seller: dict[str, Any]) -> None:
    """The warning, what opens the aim, and the lowest profitable price agree to the cent, and the
    price leaves a profit."""
    decision = cc.decide(seller)
    money = decision.money
    assert money is not None
    assert money.warning is not None
    aim = decision.aim
    way = next(channel for channel in money.channels if channel.id == aim)
    change = next(c for c in decision.changes if aim in c.opens)
    assert change.set == {"price": str(way.break_even_price)}
    assert usd(Decimal(change.set["price"])) in money.warning
    after = cc.decide({**seller, **change.set})
    assert after.recommended == aim
    assert after.money is not None
    profits = {channel.stream: channel.profit_per_order.middle for channel in after.money.channels}
    assert (profits[way.stream] or 0) > 0


def test_the_warning_names_a_price_that_is_enough_by_itself() -> None:
    """Not the lower one that opens something only with stock in the market as well."""
    decision = cc.decide(
        {
            **{"product_type": "branded", "price": 30, "unit_cost": 36, "link_shipping": 7},
            **{"warehouse": "abroad", "followers": 120_000, "business_license": "mainland"},
        }
    )
    (alone,) = [change.set["price"] for change in decision.changes if set(change.set) == {"price"}]
    assert any(Decimal(change.set["price"]) < Decimal(alone) for change in decision.changes)
    assert decision.money is not None
    assert usd(Decimal(alone)) in (decision.money.warning or "")


THINGS = ("awning", "scales", "tent", "van", "licence")


def _market(stall: int, post: int) -> Engine:
    """The stall and the post, each locked until a seller has so many things."""
    edits: dict[Entry, object] = {("questions", name): Like("boxes", {}) for name in THINGS}
    for channel, count in (("stall", stall), ("post", post)):
        missing = {"any": [{name: False} for name in THINGS[:count]]}
        edits["gates", f"no-{channel}"] = Like(
            "pears-bruise", {"channels": [channel], "when": missing}
        )
    return Engine(spoil(load_rulebook(CLEAN), edits))


@pytest.mark.parametrize(
    ("stall", "post", "goal", "opens"),
    [
        pytest.param(0, 3, "today", [], id="another way is open and fits better"),
        pytest.param(0, 3, "regulars", ["post"], id="it is the aim"),
        pytest.param(1, 3, "today", ["stall"], id="a smaller change opens something"),
        pytest.param(5, 3, "today", ["post"], id="nothing smaller opens anything"),
        pytest.param(5, 5, "today", [], id="so many that it is another business"),
    ],
)
def test_three_answers_are_changed_only_where_it_matters(
    stall: int, post: int, goal: str, opens: list[str]
) -> None:
    """For the aim, or for anything where nothing else opens anything."""
    answers: Given = {"goods": "apples", "season": "summer", "goal": goal, "boxes": True}
    counterfactuals = changes(_market(stall, post).seller(answers))
    assert [channel for change in counterfactuals for channel in change.opens] == opens


@pytest.mark.parametrize(
    ("advised", "opens"), [(["sun", "rain"], True), (["rain"], False), (["wind"], False)]
)
def test_an_answer_advised_under_a_condition_stands_for_no_other(
    advised: list[str], opens: bool
) -> None:
    """Where no rule tells rain from sun, and only rain is advised in winter alone, sun is always
    worth moving to."""
    weather = Like(
        "season",
        {
            **{"effort": 1, "advise": advised, "assumed": "hail"},
            "advise_when": {"rain": {"season": "winter"}, "wind": {"season": "winter"}},
            "choices": {
                name: {
                    "label": {"zh": name, "en": name},
                    "place": None,
                    "example": None,
                    "aliases": [],
                }
                for name in ("hail", "sun", "rain", "wind")
            },
        },
    )
    edits: dict[Entry, object] = {
        ("questions", "weather"): weather,
        ("gates", "no-market-in-winter", "when"): {"weather": "hail"},
        ("gates", "no-market-in-winter", "access"): "locked",
    }
    answers: Given = {"goods": "apples", "season": "summer", "weather": "hail", "boxes": True}
    counterfactuals = changes(Engine(spoil(load_rulebook(CLEAN), edits)).seller(answers))
    assert any("weather" in change.answers for change in counterfactuals) is opens
