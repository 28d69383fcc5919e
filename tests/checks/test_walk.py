"""Walks against the plain list of all cells: nothing is left out, counted twice, or mixed up."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

import pytest

from choose_channel.answers.space import Cell
from choose_channel.checks.grid import Grid, occurs
from choose_channel.engine.evaluate import Scores
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import Rulebook
from tests.checks.rulebooks import Entry, Like, every, spoil


@pytest.fixture(scope="module")
def grid(summed: Rulebook) -> Grid:
    """The clean rulebook with a margin, a question that applies where another one lets it, and
    parcels that are one point apart in winter, where the stall is closed with points below zero."""
    edits: dict[Entry, object] = {
        ("questions", "boxes", "applies"): {"not": {"goods": "apples", "season": "winter"}},
        ("rules", "cheap-apples-by-post"): Like(
            "dear-apples-by-post", {"when": {"price": {"below": 50}}, "points": {"post": 19}}
        ),
    }
    return Grid(spoil(summed, edits))


def conditions(grid: Grid) -> list[Condition]:
    """Those of all entries."""
    return [condition for _, condition in grid.rulebook.named_conditions()]


def truths(grid: Grid, read: Iterable[Condition], terms: int) -> tuple[bool, ...]:
    """Which of some conditions hold."""
    return tuple(bool(terms & grid.space.bits(condition)) for condition in read)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_cells_together_are_alike_in_what_was_read(size: int, grid: Grid) -> None:
    """As many cells as by hand for each way in which some conditions hold, and for any few."""
    for read in itertools.combinations(dict.fromkeys(conditions(grid)), size):
        by_hand = Counter(truths(grid, read, terms) for _, terms in every(grid))
        counts: Counter[tuple[bool, ...]] = Counter()
        for alike in grid.alike(read):
            assert alike.terms == grid.space.terms(alike.cell)
            counts[truths(grid, read, alike.terms)] += alike.cells
        assert counts == by_hand


def test_a_witness_has_the_fewest_answers(grid: Grid) -> None:
    """Of all cells in which a condition holds."""
    for condition in dict.fromkeys(conditions(grid)):
        bits = grid.space.bits(condition)
        holding = [len(grid.answers(cell)) for cell, terms in every(grid) if terms & bits]
        counts = [alike.answers for alike in grid.alike(require=[[condition]])]
        assert min(counts, default=None) == min(holding, default=None)


def test_required_and_forbidden_conditions_choose_the_cells(grid: Grid) -> None:
    """Whatever the pair, the cells are those in which the one holds and the other does not."""
    for first, second in itertools.permutations(dict.fromkeys(conditions(grid)), 2):
        wanted, unwanted = grid.space.bits(first), grid.space.bits(second)
        by_hand = sum(bool(terms & wanted and not terms & unwanted) for _, terms in every(grid))
        assert sum(a.cells for a in grid.alike(require=[[first]], forbid=[second])) == by_hand


def standing(scores: Scores) -> object:
    """What a walk tells apart of the channels: the fit of a closed one does not matter."""
    fit = tuple(fit for channel, fit in scores.fit.items() if scores.access[channel] != "closed")
    return fit, tuple(scores.access.values()), scores.recommended, scores.aim


def test_channels_stand_as_in_each_cell(grid: Grid) -> None:
    """Counted over all cells, and summed up term by term."""
    by_hand = Counter(standing(grid.ready.scores(terms)) for _, terms in every(grid))
    counts: Counter[object] = Counter()
    for alike, scores in grid.standings:
        counts[standing(scores)] += alike.cells
    assert counts == by_hand


@pytest.mark.parametrize("question", ["goods", "price", "season", "boxes", "goal", "margin"])
def test_pairs_differ_in_one_answer(question: str, grid: Grid) -> None:
    """All pairs, in the order of the bands, that differ in this answer and in what it makes
    apply; but not those that stand alike."""
    space = grid.space
    axis = space.index[question]
    reads = grid.shutting()
    dependents = space.dependents(axis)

    def stands_beside(left: Cell, right: Cell) -> bool:
        return 0 < left[axis] < right[axis] and all(
            a == b or number == axis or (number in dependents and 0 in (a, b))
            for number, (a, b) in enumerate(zip(left, right, strict=True))
        )

    cells = [*every(grid)]
    by_hand: Counter[object] = Counter()
    for (left, before), (right, after) in itertools.product(cells, repeat=2):
        if stands_beside(left, right) and truths(grid, reads, before) != truths(grid, reads, after):
            by_hand[truths(grid, reads, before), truths(grid, reads, after)] += 1
    counts: Counter[object] = Counter()
    for pair in grid.beside(question, space.axes[axis].bands, *reads):
        assert stands_beside(pair.left.cell, pair.right.cell)
        sides = truths(grid, reads, pair.left.terms), truths(grid, reads, pair.right.terms)
        if sides[0] != sides[1]:
            counts[sides] += pair.cells
    assert counts == by_hand


@pytest.mark.parametrize(
    ("goods", "margin", "occurs"),
    [
        ("affiliate", "both_lose", False),
        ("commodity", "shop_loses", True),
        ("custom", "shop_loses", False),
        ("commodity", "link_loses", True),
        ("custom", "link_loses", False),
        ("custom", "both_lose", True),
    ],
)
def test_only_margins_that_can_be_worked_out_occur(
    goods: str, margin: str, occurs: bool, shipped: Grid
) -> None:
    """A creator with nothing to sell has no costs. Who sells by the link alone cannot lose in the
    Shop, and if the link loses, both do."""
    space = shipped.space
    known = {"product_type": goods, "margin": margin}
    groups = shipped.alike(options=space.options(known))
    cells = sum(alike.cells for alike in groups if alike.cell[space.index["margin"]])
    assert bool(cells) is occurs


def test_both_of_a_pair_have_margins_that_can_be_worked_out(shipped: Grid) -> None:
    """With other goods a margin may be one that nobody comes to."""
    bands = shipped.space.axes[shipped.space.index["product_type"]].bands
    gate = shipped.rulebook.gates["every-shop-order-loses"]
    pairs = [*shipped.beside("product_type", bands, gate.when)]
    sides = [side for pair in pairs for side in (pair.left, pair.right)]
    assert pairs
    assert all(occurs(shipped.limits, side.cell, side.terms) for side in sides)
