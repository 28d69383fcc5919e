"""What cases cover, and the smallest cases for what they do not."""

from __future__ import annotations

import shlex
from decimal import Decimal

import pytest

from choose_channel.answers.sources import Layer, read_answers
from choose_channel.api import decide
from choose_channel.checks.costs import costs_for
from choose_channel.checks.coverage import KINDS, coverage, percent, smallest_cases
from choose_channel.checks.explain import witness
from choose_channel.checks.grid import Grid
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook
from tests.checks.rulebooks import Answers, every, spoil
from tests.checks.test_proofs import SPOILS


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 7, "0.0 %"),
        (1, 3, "33.3 %"),
        (2, 3, "66.6 %"),
        (999, 1000, "99.9 %"),
        (1999, 2000, "99.9 %"),
        (10**9 - 1, 10**9, "99.9 %"),
        (7, 7, "100.0 %"),
        (0, 0, "100.0 %"),
    ],
)
def test_a_share_is_never_rounded_up(part: int, whole: int, text: str) -> None:
    """Only the whole is shown as 100 %."""
    assert percent(part, whole) == text


def test_nothing_is_covered_by_no_case(small: Grid) -> None:
    """Without cases every name is missing."""
    cover = coverage(small, [])
    assert cover.share() == (0, sum(len(cover.names[kind]) for kind in KINDS))
    assert cover.missing("gates") == ["no-market-in-winter", "pears-bruise"]


def test_a_case_covers_what_it_reaches(small: Grid) -> None:
    """One case reaches its rules, its gates, what it is shown, and its own answers."""
    cover = coverage(small, [{"goods": "pears", "season": "winter"}])
    assert cover.covered == {
        "rules": {"today-at-the-stall"},
        "gates": {"no-market-in-winter", "pears-bruise"},
        "pitfalls": {"bruised"},
        "steps": {"buy-boxes", "ask-the-post-office"},
        "choices": {"goods pears", "season winter", "boxes false", "goal today"},
        "bands": set(),
    }


@pytest.mark.parametrize("rulebook", ["clean", "summed"])
def test_the_smallest_cases_reach_what_was_missing(
    rulebook: str, request: pytest.FixtureRequest
) -> None:
    """Every missing name has a case, and with all of them nothing is missing: derived answers,
    and what hangs on them, among them."""
    grid = Grid(request.getfixturevalue(rulebook))
    missing = {kind: coverage(grid, []).missing(kind) for kind in KINDS}
    cases = smallest_cases(grid, missing)
    assert {*cases} == {(kind, name) for kind in KINDS for name in missing[kind]}
    for (kind, name), case in cases.items():
        assert name in coverage(grid, [case]).covered[kind]
    done, total = coverage(grid, cases.values()).share()
    assert done == total


@pytest.mark.parametrize("rulebook", ["clean", "summed"])
def test_a_smallest_case_is_the_smallest(rulebook: str, request: pytest.FixtureRequest) -> None:
    """No other cell reaches a name with fewer answers."""
    grid = Grid(request.getfixturevalue(rulebook))
    missing = {kind: coverage(grid, []).missing(kind) for kind in KINDS}
    for (kind, name), case in smallest_cases(grid, missing).items():
        for other, _ in every(grid):
            answers = grid.answers(other)
            if len(answers) < len(case):
                assert name not in coverage(grid, [answers]).covered[kind]


def test_in_a_large_rulebook_a_case_has_no_answer_to_spare(shipped: Grid) -> None:
    """It is not searched whole: one name of each kind has a case, which needs each follow-up."""
    names = {kind: coverage(shipped, []).missing(kind)[-1:] for kind in KINDS}
    cases = smallest_cases(shipped, names)
    assert {*cases} == {(kind, name) for kind in KINDS for name in names[kind]}
    questions = shipped.rulebook.questions
    for (kind, name), case in cases.items():
        assert name in coverage(shipped, [case]).covered[kind]
        for spare in (key for key in case if key in questions and not questions[key].core):
            less = {question: value for question, value in case.items() if question != spare}
            assert name not in coverage(shipped, [less]).covered[kind]


def test_the_search_for_smallest_cases_tells_how_far_it_is(small: Grid) -> None:
    """Each call says how many names are done, of how many; the last says all."""
    heard: list[tuple[int, int]] = []
    missing = {"rules": coverage(small, []).missing("rules")}
    smallest_cases(small, missing, lambda done, of: heard.append((done, of)))
    total = len(missing["rules"])
    assert heard[-1] == (total, total)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


MARGINS = ("shop_thin", "shop_loses", "link_loses", "both_lose")


@pytest.mark.slow
def test_a_suggested_case_gives_the_costs_that_reach_its_margin(shipped: Grid) -> None:
    """The command that is printed for a margin, read back word by word, comes to this margin."""
    names = [f"margin {margin}" for margin in MARGINS]
    cases = smallest_cases(shipped, {"choices": names})
    for margin, name in zip(MARGINS, names, strict=True):
        words = shlex.split(witness(shipped.rulebook, cases["choices", name], None), comments=True)
        flags = dict(zip(words[1::2], words[2::2], strict=True))
        assert "--unit-cost" in flags
        answers = {flag.strip("-").replace("-", "_"): value for flag, value in flags.items()}
        money = decide(answers).money
        assert money
        assert money.margin == margin


@pytest.mark.parametrize("margin", MARGINS)
def test_costs_are_found_for_every_margin_of_a_seller(margin: str, engine: Engine) -> None:
    """Of a seller who may sell in both ways."""
    answers: Answers = {"product_type": "branded", "price": Decimal(30), "followers": Decimal(900)}
    costs = costs_for(engine, answers, margin)
    assert costs
    assert engine.seller({**answers, **costs}).margin == margin


def test_costs_are_found_where_few_of_them_reach_a_margin(engine: Engine) -> None:
    """A margin that a fifth of a percent decides lies between two of the costs tried first."""
    answers: Answers = {
        **{"product_type": "branded", "price": Decimal(30), "followers": Decimal(900)},
        "creator_commission": Decimal("0.2"),
    }
    costs = costs_for(engine, answers, "shop_thin")
    assert costs
    assert costs.keys() == {"unit_cost"}
    assert engine.seller({**answers, **costs}).margin == "shop_thin"


def test_no_costs_are_found_without_a_price(engine: Engine) -> None:
    """There is nothing to subtract them from."""
    assert costs_for(engine, {"product_type": "branded"}, "both_lose") is None


def test_a_case_reaches_a_margin_by_its_money(shipped: Grid, messages: Messages) -> None:
    """Nobody gives a margin: cases give what the item costs, and cover what follows."""
    answers = {"product_type": "commodity", "price": 20}
    cases = [{**answers, "unit_cost": cost} for cost in range(1, 31)]
    layers = [Layer("file", case) for case in cases]
    given = [read_answers(shipped.rulebook, [layer], messages).given for layer in layers]
    covered = coverage(shipped, given).covered
    assert {name for name in covered["choices"] if name.startswith("margin")} == {
        f"margin {margin}" for margin in ("healthy", "shop_thin", "both_lose")
    }
    assert "every-order-loses" in covered["gates"]


def test_what_no_cell_reaches_has_no_case(clean: Rulebook) -> None:
    """A pitfall that nobody is shown is no fault of the cases."""
    rain = [("never_shown", "pitfalls", "rain")]
    (fault,) = [fault for fault in SPOILS if fault.findings == rain]
    grid = Grid(spoil(clean, fault.edits))
    assert smallest_cases(grid, {"pitfalls": ["rain"]}) == {}
