"""The laws of the advice. `rules check` proves those that are declared; here is what it does not
prove, and that they are declared."""

from __future__ import annotations

import pytest

from choose_channel.checks.grid import Grid
from choose_channel.model.rulebook import Rulebook


def test_the_laws_of_the_advice_are_declared(rulebook: Rulebook) -> None:
    """A higher price, or the goal of a brand, never favours the Shop over the link, and more
    followers never favour the link over the Shop where quick sales are the goal. The link ships
    from anywhere, to any market. A shop sells from follower zero, but for affiliates."""
    balances = {(law.question, law.towards, law.away_from) for law in rulebook.balances}
    assert balances == {
        *((question, "bio_link", "tiktok_shop") for question in ("price", "goal")),
        ("followers", "tiktok_shop", "bio_link"),  # while quick sales are the goal
    }
    independences = {(law.channel, law.questions) for law in rulebook.independences}
    assert independences == {
        ("bio_link", ("warehouse", "market")),
        ("tiktok_shop", ("followers",)),
    }


def test_every_order_of_answers_is_declared(rulebook: Rulebook) -> None:
    """Of these answers more never shuts a channel, as is proved of whatever has an order."""
    ordered = {name for name, question in rulebook.questions.items() if question.better}
    assert ordered >= {"followers", "business_license", "warehouse", "local_id", "website_field"}
    assert ordered >= {"cash", "experience", "store", "lead_product"}


@pytest.mark.slow
def test_recommended_is_open_and_aim_is_not_closed(shipped: Grid) -> None:
    """Nobody is sent where they cannot go, nor told to aim where they never can."""
    for alike, scores in shipped.standings:
        best, aim = scores.recommended, scores.aim
        assert best is None or scores.access[best] == "open", alike.cell
        assert aim is None or scores.access[aim] != "closed", alike.cell
        assert (aim is None) == all(access == "closed" for access in scores.access.values())


def test_nobody_is_told_to_rent_a_warehouse_for_a_shop_they_cannot_hold(shipped: Grid) -> None:
    """A private person abroad first needs somebody who may hold the shop."""
    number = shipped.space.index["local_id"]
    renting = {"ask-three-warehouses", "plan-a-small-trial-batch"}
    for cell, terms in shipped.space.sample(None, 20_000):
        if cell[number] == 1:
            steps = {step.id for _, step in shipped.planner.plan(terms)}
            assert not steps & renting, shipped.space.values(cell)
