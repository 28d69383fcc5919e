"""The laws of the advice, proved over every cell of the answer space."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest

from choose_channel.answers.space import Axis, Cell, Space, space_of
from choose_channel.engine.evaluate import Scores, evaluator
from choose_channel.engine.plan import planner
from choose_channel.model.rulebook import Rulebook

Grid = dict[Cell, int]


@pytest.fixture(scope="module")
def space(book: Rulebook) -> Space:
    """The answer space of the shipped rulebook."""
    return space_of(book)


@pytest.fixture(scope="module")
def grid(book: Rulebook, space: Space) -> Grid:
    """The terms that hold in every cell, derived answers held at their assumed value."""
    derived = [question for question in book.questions.values() if question.derived]
    held = {one.id: one.assumed for one in derived if one.assumed is not None}
    return dict(space.walk(space.options(held)))


@pytest.fixture(scope="module")
def all_scores(book: Rulebook, grid: Grid) -> dict[Cell, Scores]:
    """How the channels stand in every cell."""
    scores = evaluator(book).scores
    return {cell: scores(terms) for cell, terms in grid.items()}


def _moved(space: Space, grid: Grid, cell: Cell, number: int, band: int) -> Iterator[Cell]:
    """The cells that one changed answer leads to; an answer that newly applies may be any."""
    moved = (*cell[:number], band, *cell[number + 1 :])
    if moved in grid:
        yield moved
        return
    options = [[b] if b else axis.bands for axis, b in zip(space.axes, moved, strict=True)]
    yield from (found for found, _ in space.walk(options))


def _order(axis: Axis) -> list[int]:
    """The bands of an axis from worst to best, where the rulebook knows an order."""
    if not axis.question.better or axis.question.derived:
        return []
    if axis.question.type == "number":
        return list(axis.bands)
    names = [str(value).lower() if isinstance(value, bool) else value for value in axis.values]
    return [1 + names.index(name) for name in axis.question.better]


def _upgrades(space: Space) -> Iterator[tuple[int, int, int]]:
    for number, axis in enumerate(space.axes):
        order = _order(axis)
        yield from ((number, low, high) for low, high in itertools.pairwise(order))


def test_nothing_better_ever_shuts_an_open_channel(
    space: Space, grid: Grid, all_scores: dict[Cell, Scores]
) -> None:
    """Followers, licence, stock, holder, field, cash, experience, store or lead product: more of
    it never locks or closes what was open."""
    for number, low, high in _upgrades(space):
        for cell, before in all_scores.items():
            if cell[number] != low:
                continue
            for moved in _moved(space, grid, cell, number, high):
                after = all_scores[moved]
                for channel, access in before.access.items():
                    assert access != "open" or after.access[channel] == "open", (cell, moved)


@pytest.mark.parametrize(("question", "upwards"), [("price", True), ("goal", False)])
def test_price_and_brand_never_move_the_balance_to_the_shop(
    space: Space, all_scores: dict[Cell, Scores], question: str, upwards: bool
) -> None:
    """A higher price, or the goal of a brand, never favours the Shop over the link."""
    number = space.index[question]
    values = space.axes[number].values
    bands = list(space.axes[number].bands)
    pairs = list(itertools.pairwise(bands))
    if not upwards:
        pairs = [(1 + values.index("quick_sales"), 1 + values.index("brand"))]
    for cell, before in all_scores.items():
        for low, high in pairs:
            if cell[number] == low:
                after = all_scores[*cell[:number], high, *cell[number + 1 :]]
                balance = after.fit["bio_link"] - after.fit["tiktok_shop"]
                assert balance >= before.fit["bio_link"] - before.fit["tiktok_shop"], cell


def test_warehouse_and_market_never_change_access_to_the_link(
    space: Space, all_scores: dict[Cell, Scores]
) -> None:
    """The bio link ships from anywhere, to any market."""
    free = {space.index[name] for name in ("warehouse", "market", "local_id")}
    seen: dict[Cell, str] = {}
    for cell, scores in all_scores.items():
        rest = tuple(band for number, band in enumerate(cell) if number not in free)
        access = scores.access["bio_link"]
        assert seen.setdefault(rest, access) == access, cell


def test_followers_matter_to_the_shop_for_affiliates_only(
    space: Space, all_scores: dict[Cell, Scores]
) -> None:
    """A shop sells from follower zero; only a showcase waits for followers."""
    product, followers = space.index["product_type"], space.index["followers"]
    free = {followers, space.index["website_field"]}
    affiliate = 1 + space.axes[product].values.index("affiliate")
    seen: dict[Cell, str] = {}
    for cell, scores in all_scores.items():
        if cell[product] != affiliate:
            rest = tuple(band for number, band in enumerate(cell) if number not in free)
            access = scores.access["tiktok_shop"]
            assert seen.setdefault(rest, access) == access, cell


def test_fit_stays_between_0_and_100(all_scores: dict[Cell, Scores]) -> None:
    """Fit is a plain sum that never needs clipping."""
    fits = {fit for scores in all_scores.values() for fit in scores.fit.values()}
    assert min(fits) >= 0
    assert max(fits) <= 100


def test_fit_is_the_sum_of_the_rules_that_fire(
    book: Rulebook, space: Space, all_scores: dict[Cell, Scores]
) -> None:
    """Adding up by hand, condition by condition, gives the same fit."""
    from tests.checks.oracle import holds  # a second, naive reading of conditions

    for cell in list(all_scores)[::997]:
        values = space.values(cell)
        for channel, fit in all_scores[cell].fit.items():
            fired = [rule for rule in book.rules.values() if holds(rule.when, values)]
            assert fit == book.base_fit + sum(rule.points.get(channel, 0) for rule in fired)


def test_access_is_the_worst_of_the_gates_that_fire(
    book: Rulebook, space: Space, all_scores: dict[Cell, Scores]
) -> None:
    """Closed beats locked beats open."""
    from tests.checks.oracle import holds

    rank = {"open": 0, "locked": 1, "closed": 2}
    for cell in list(all_scores)[::997]:
        values = space.values(cell)
        for channel, access in all_scores[cell].access.items():
            found = [
                gate.access
                for gate in book.gates.values()
                if channel in gate.channels and holds(gate.when, values)
            ]
            assert access == max(found, key=rank.__getitem__, default="open"), values


def test_recommended_is_open_and_aim_is_not_closed(all_scores: dict[Cell, Scores]) -> None:
    """Nobody is sent where they cannot go, nor told to aim where they never can."""
    for cell, scores in all_scores.items():
        best, aim = scores.recommended, scores.aim
        assert best is None or scores.access[best] == "open", cell
        assert aim is None or scores.access[aim] != "closed", cell
        assert (aim is None) == all(access == "closed" for access in scores.access.values())


def test_every_channel_wins_somewhere_and_none_everywhere(
    book: Rulebook, all_scores: dict[Cell, Scores]
) -> None:
    """A channel that never won, or always did, would need no wizard."""
    wins = Counter(scores.recommended for scores in all_scores.values())
    for channel in book.channels:
        assert 0 < wins[channel] < len(all_scores)


def test_everything_in_the_rulebook_is_reachable(book: Rulebook, grid: Grid) -> None:
    """Every rule, gate, pitfall, step and variant holds in some cell, with some margin."""
    bits = space_of(book).bits
    seen = 0
    for terms in grid.values():
        seen |= terms
    for _, terms in space_of(book).sample(None, 5_000):
        seen |= terms
    named = {
        **{name: rule.when for name, rule in book.rules.items()},
        **{name: gate.when for name, gate in book.gates.items()},
        **{name: pitfall.when for name, pitfall in book.pitfalls.items()},
        **{name: step.when for name, step in book.steps.items()},
        **{one.id: one.when for channel in book.channels.values() for one in channel.variants},
    }
    assert [name for name, condition in named.items() if not seen & bits(condition)] == []


def test_every_cell_has_a_step_for_now(book: Rulebook, grid: Grid) -> None:
    """Whatever the answers, there is something to do this week."""
    ready = planner(book)
    for cell, terms in list(grid.items())[::41]:
        assert any(ready.now(terms)), space_of(book).values(cell)


def test_nobody_is_told_to_rent_a_warehouse_for_a_shop_they_cannot_hold(
    book: Rulebook, grid: Grid, space: Space
) -> None:
    """A private person abroad first needs somebody who may hold the shop."""
    number = space.index["local_id"]
    ready = planner(book)
    renting = {"ask-three-warehouses", "plan-a-small-trial-batch"}
    for cell, terms in list(grid.items())[::7]:
        if cell[number] == 1:
            steps = {step.id for _, step in ready.plan(terms)}
            assert not steps & renting, space.values(cell)
