"""Two rulebooks compared: the cells that move are those that deciding on the answers moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import pytest

from choose_channel.checks.diff import Comparison, edited, without
from choose_channel.checks.grid import Grid
from choose_channel.engine.engine import Engine
from choose_channel.engine.result import Result
from choose_channel.model.rulebook import Rulebook
from tests.checks.rulebooks import GONE, Entry, Like, spoil

Moves = Counter[tuple[Result, Result]]


def test_a_changed_point_is_found_where_it_matters(clean: Rulebook) -> None:
    """Exactly the cells move where deciding on the answers gives another result."""
    entry = {**clean.written["rules"]["dear-apples-by-post"], "points": {"stall": -4, "post": 3}}
    other = edited(clean, "rules", "dear-apples-by-post", entry)
    assert moved_by_hand(clean, other) == moved(clean, other)
    assert moved(clean, other)


def test_a_changed_cut_point_is_found_where_it_matters(clean: Rulebook) -> None:
    """Cells are cut as finely as both rulebooks cut them, so no price is lost between them."""
    entry = {**clean.written["rules"]["cheap-apples-at-the-stall"], "when": {"price": {"below": 9}}}
    other = edited(clean, "rules", "cheap-apples-at-the-stall", entry)
    assert moved_by_hand(clean, other) == moved(clean, other)
    compared = Comparison(clean, other)
    cells = [compared.spaces[1].values(move.cell) for move in compared.moved()]
    assert {answers["price"] for answers in cells} == {Decimal(9)}


@pytest.mark.parametrize("gate", ["no-market-in-winter", "pears-bruise"])
def test_a_gate_left_out_is_found_where_it_matters(gate: str, clean: Rulebook) -> None:
    """Taking a gate out moves the cells that it kept shut, and pitfalls forget it."""
    other = without(clean, "gates", gate)
    assert moved_by_hand(clean, other) == moved(clean, other)
    assert Comparison(clean, other).changed()[0] == ("gates", gate)


@pytest.mark.parametrize(
    "edits",
    [
        {("gates", "nothing-is-left", "channels"): ["stall"]},
        {("gates", "nothing-is-left", "when"): {"margin": "lost", "season": "summer"}},
        {("rules", "thin-at-the-stall", "points"): {"stall": -9}},
        {("pitfalls", "little-is-left", "critical_when"): None},
        {("pitfalls", "little-is-left", "severity"): "critical"},
        {("pitfalls", "rain", "severity"): "critical", ("pitfalls", "rain", "channels"): []},
        {("channels", "post", "variants", "boxed", "when"): {"boxes": True, "margin": "even"}},
    ],
    ids=lambda edits: "-".join(map(str, next(iter(edits))[1:])),
)
def test_a_difference_that_hangs_on_a_derived_answer_is_found(
    edits: Mapping[Entry, object], summed: Rulebook
) -> None:
    """Whatever the margin, the cells move that deciding on the answers moves, and the entry that
    moves them is named."""
    both: dict[Entry, object] = {
        ("pitfalls", "rain", "gates"): ["nothing-is-left"],
        ("pitfalls", "torn-bags", "severity"): "critical",
    }
    before, after = spoil(summed, both), spoil(summed, {**both, **edits})
    assert moved(before, after) == moved_by_hand(before, after)
    assert moved(before, after)
    compared = Comparison(before, after)
    assert compared.changed() == list(dict.fromkeys(entry[:2] for entry in edits))


WET = {"weather": "winter"}
RAIN = ("pitfalls", "rain")


@pytest.mark.parametrize(
    ("both", "edits"),
    [
        (
            {(*RAIN, "severity"): "critical", (*RAIN, "gates"): ["pears-bruise"]},
            {("gates", "pears-bruise", "when"): {"goods": "pears"}},
        ),
        (
            {(*RAIN, "critical_when"): WET, (*RAIN, "gates"): ["pears-bruise"]},
            {("gates", "pears-bruise", "when"): {"goods": "pears"}},
        ),
        (
            {(*RAIN, "severity"): "critical", (*RAIN, "channels"): ["boxed"]},
            {("channels", "post", "variants", "boxed", "when"): {}},
        ),
        (
            {
                ("plan", "ask-the-post-office", "when"): WET,
                ("plan", "ask-the-post-office", "channels"): ["stall"],
            },
            {("plan", "rent-a-stall", "phase"): "later"},
        ),
    ],
    ids=["gate", "grave", "variant", "step"],
)
def test_what_no_verdict_hangs_on_is_told_apart_where_a_result_does(
    both: Mapping[Entry, object], edits: Mapping[Entry, object], summed: Rulebook
) -> None:
    """Here the weather: a pitfall or step depends on it, and a change to something else shows that
    pitfall or step elsewhere, or beside others."""
    weather: dict[Entry, object] = {
        ("questions", "weather"): Like("season", {"core": False}),
        (*RAIN, "channels"): [],
        (*RAIN, "when"): WET,
        **both,
    }
    before = spoil(summed, weather)
    after = spoil(before, edits)
    assert _shifts(moved(before, after)) == _shifts(moved_by_hand(before, after)) != Counter()


def _shifts(moves: Moves) -> Counter[object]:
    """How many cells keep their verdict, by variants, new critical pitfalls and other steps."""
    shifts: Counter[object] = Counter()
    for (old, new), cells in moves.items():
        verdicts = [result._replace(variant=None, critical=(), steps=()) for result in (old, new)]
        if verdicts[0] == verdicts[1]:
            steps = () if old.steps == new.steps else (old.steps, new.steps)
            shown = frozenset(new.critical) - {*old.critical}
            shifts[old.variant, new.variant, shown, steps] += cells
    return shifts


WORDS = {"zh": "别的", "en": "other words"}


@pytest.mark.parametrize(
    ("edits", "changed"),
    [
        ({("facts", "us_referral_fee", "value"): 8}, ("facts", "us_referral_fee")),
        ({("facts", "us_referral_fee", "as_of"): "2026-11-01"}, ("facts", "us_referral_fee")),
        ({("facts", "us_referral_fee"): GONE}, ("facts", "us_referral_fee")),
        ({("facts", "new"): Like("uk_vat", {})}, ("facts", "new")),
        ({("questions", "store", "assumed"): "fast"}, ("questions", "store")),
        ({("plan", "bundle-small-items", "early"): False}, ("plan", "bundle-small-items")),
        ({("rulebook", "close_within"): 4}, ("rulebook", "close_within")),
        ({("money", "inputs", "shop_fee", "maximum"): 50}, ("money", "inputs", "shop_fee")),
        ({("money", "lines", "shop_fee", "facts"): []}, ("money", "lines", "shop_fee")),
        ({("money", "lines", "refund_fee", "at_most"): 6}, ("money", "lines", "refund_fee")),
        ({("money", "margins", "shop_thin", "at_most"): 5}, ("money", "margins", "shop_thin")),
        ({("money", "streams", "own_store", "when"): {}}, ("money", "streams", "own_store")),
        ({("money", "roles", "unit_cost"): "lead_cost"}, ("money", "roles", "unit_cost")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_what_no_cell_shows_is_a_difference(
    edits: Mapping[Entry, object], changed: Entry, shipped: Grid
) -> None:
    """An entry of any file, whatever it decides."""
    rulebook = shipped.rulebook
    compared = Comparison(rulebook, spoil(rulebook, edits))
    assert compared.changed() == [changed]


@pytest.mark.parametrize(
    ("other", "differing"), [("price", {}), ("boxes", {}), ("season", {"derived": True})]
)
def test_a_question_that_became_another_is_not_compared(
    other: str, differing: Mapping[str, object], clean: Rulebook
) -> None:
    """A choice that is a number or yes or no by now, or that nobody is asked any more."""
    before, after = (
        spoil(clean, {("questions", "weather"): Like(like, {"applies": {}, **more})})
        for like, more in (("season", {}), (other, dict(differing)))
    )
    for both in ((before, after), (after, before)):
        compared = Comparison(*both)
        assert compared.only_in_one == ["weather"]
        assert [*compared.moved(), *compared.shifted()] == []


def test_the_order_of_the_margins_is_a_difference(shipped: Grid) -> None:
    """The first that holds is the margin."""
    rulebook = shipped.rulebook
    margins = dict(reversed(rulebook.written["money"]["margins"].items()))
    other = spoil(rulebook, {("money", "margins"): margins})
    assert Comparison(rulebook, other).changed() == [("money", "margins", "both_lose")]


def test_other_words_are_no_difference(summed: Rulebook) -> None:
    """Neither of an entry nor of a variant of a channel, a fact, or the rulebook itself."""
    edits: dict[Entry, object] = {
        ("gates", "nothing-is-left", "because"): WORDS,
        ("channels", "stall", "variants", "weekly", "name"): WORDS,
        ("facts", "parcel", "says"): WORDS,
        ("plan", "buy-boxes", "takes"): WORDS,
        ("wording", "yes"): WORDS,
        ("rulebook", "name"): WORDS,
        ("rulebook", "version"): "2",
    }
    comparison = Comparison(summed, spoil(summed, edits))
    assert comparison.changed() == []
    entries = {at[:2] for at in edits}
    assert {*comparison.reworded()} == entries
    assert Comparison(summed, summed).reworded() == []


def moved(before: Rulebook, after: Rulebook) -> Moves:
    """How many cells go from one result to another."""
    compared = Comparison(before, after)
    moves = Moves()
    for move in (*compared.moved(), *compared.shifted()):
        moves[move.before, move.after] += move.cells
    assert not compared.sampled
    return moves


def moved_by_hand(before: Rulebook, after: Rulebook) -> Moves:
    """The same, deciding on one seller after the other."""
    space = Comparison(before, after).spaces[1]
    both = (
        [Engine(rulebook).seller(answers).result for rulebook in (before, after)]
        for answers in (space.values(cell) for cell, _ in space.walk())
    )
    return Moves((old, new) for old, new in both if old != new)
