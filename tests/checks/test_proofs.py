"""Proofs over the grid: each kind of finding on a spoiled copy, none on the shipped rulebook."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from choose_channel import checks as analysis
from choose_channel.answers.sources import Layer, read_answers
from choose_channel.answers.space import Cell, space_of
from choose_channel.api import decide
from choose_channel.checks.coverage import KINDS, costs_for, coverage, percent, smallest_cases
from choose_channel.checks.diff import Comparison, edited, without
from choose_channel.checks.explain import sentence, witness
from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.texts import stale
from choose_channel.checks.verdicts import regions, winners
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Evaluator, Result
from choose_channel.engine.scenarios import Scenarios
from choose_channel.loading.build import build, condition
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.model.conditions import ALWAYS
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Rulebook, Value, entry_at
from tests.checks.oracle import holds

CLEAN = Path(__file__).parents[1] / "clean_rulebook"
Answers = Mapping[str, Value]
Words = Mapping[str, object]
Entry = tuple[str, ...]
Written = dict[str, Any]


@pytest.fixture(scope="module")
def clean() -> Rulebook:
    """A small rulebook that nothing is wrong with."""
    return load_rulebook(CLEAN)


@pytest.fixture(scope="module")
def small(clean: Rulebook) -> Grid:
    """All its cells."""
    return Grid(clean)


# ---- findings


GONE = object()
SAME = "Regulars write for more apples"
PEARS_WITH_A_PRICE = {"goods": "pears", "price": {"below": 50}}
WEATHER = {"short": {"zh": "天气", "en": "weather"}}
DAILY: Written = {"name": {"zh": "每天", "en": "daily"}, "when": None, "needs_open": []}


class Like(NamedTuple):
    """An entry like another, with differences."""

    other: str
    differing: Written


class Spoil(NamedTuple):
    """Something wrong: what is written instead, and all that must be found."""

    kind: str
    edits: dict[Entry, object]
    found: list[Entry]
    """Kind and entry, each in one tuple."""


TEXT = {"zh": "箱子", "en": "crates"}
CRATES: Written = {
    **dict.fromkeys(("short", "title", "help"), TEXT),
    **{"asked": False, "applies": {}, "unit": "", "whole": False},
    **{"minimum": 0, "above": False, "maximum": 9},
}
CRATE: Written = {
    **{"label": TEXT, "kind": "amount", "base": "price", "streams": [], "input": "crates"},
    **{"facts": [], "part": "", "returned": "lost", "at_most": None, "absent": None},
    "when": PEARS_WITH_A_PRICE,
}
"""An input and a line of the money."""
HEAD = ("rulebook", "name")
SPOILS = [
    Spoil(
        "same_text",
        {("rules", "regulars-write", "because"): {"zh": SAME, "en": SAME}},
        [("same_text", "rules", "regulars-write", "because")],
    ),
    Spoil(
        "figure_without_fact",
        {("rules", "regulars-write", "because", "en"): "Regulars buy 20 % more"},
        [("figure_without_fact", "rules", "regulars-write", "because")],
    ),
    Spoil(
        "unread_question",
        {("questions", "weather"): Like("goal", WEATHER)},
        [("unread_question", "questions", "weather")],
    ),
    Spoil(
        "uncited_fact",
        {("facts", "stamp"): Like("parcel", {})},
        [("uncited_fact", "facts", "stamp")],
    ),
    Spoil(
        "unread_input",
        {("money", "inputs", "crates"): CRATES},
        [("unread_input", "money", "inputs", "crates")],
    ),
    Spoil(
        "never_true",
        {("money", "lines", "crates"): CRATE, ("money", "inputs", "crates"): CRATES},
        [("never_true", "money", "lines", "crates", "when")],
    ),
    Spoil(
        "never_true",
        {("pitfalls", "torn-bags", "when"): PEARS_WITH_A_PRICE},
        [("never_true", "pitfalls", "torn-bags", "when")],
    ),
    Spoil(
        "always_true",
        {("pitfalls", "rain", "when"): {"season": ["summer", "winter"]}},
        [("always_true", "pitfalls", "rain", "when")],
    ),
    Spoil(
        "never_shown",  # there is no stall in winter
        {("pitfalls", "rain", "when"): {"season": "winter"}},
        [("never_shown", "pitfalls", "rain")],
    ),
    Spoil(
        "never_shown",
        {("plan", "rent-a-second-stall"): Like("rent-a-stall", {"when": {"season": "winter"}})},
        [("never_shown", "plan", "rent-a-second-stall")],
    ),
    Spoil(
        "never_asked",
        {("questions", "weather"): Like("goal", {**WEATHER, "applies": PEARS_WITH_A_PRICE})},
        [
            ("unread_question", "questions", "weather"),
            ("never_true", "questions", "weather", "applies"),
            ("never_asked", "questions", "weather"),
        ],
    ),
    Spoil(
        "never_played",
        {("channels", "stall", "variants", "daily"): DAILY},
        [("never_played", "channels", "stall", "variants", "daily")],
    ),
    Spoil(
        "repeats",  # and what counts twice leaves others without a say
        {("rules", "regulars-write-again"): Like("regulars-write", {})},
        [
            ("repeats", "rules", "regulars-write-again"),
            ("no_effect", "rules", "cheap-apples-at-the-stall"),
            ("no_effect", "rules", "boxes-travel-well"),
        ],
    ),
    Spoil(
        "swallowed",
        {
            ("rules", "cheap-regulars-write"): Like(
                "regulars-write", {"when": {"goal": "regulars", "price": {"below": 50}}}
            )
        },
        [
            ("swallowed", "rules", "cheap-regulars-write"),
            ("no_effect", "rules", "cheap-apples-at-the-stall"),
            ("no_effect", "rules", "boxes-travel-well"),
        ],
    ),
    Spoil(
        "pointless_gate",
        {
            ("gates", "pears-bruise-in-winter"): Like(
                "pears-bruise", {"when": {"goods": "pears", "boxes": False, "season": "winter"}}
            )
        },
        [
            ("pointless_gate", "gates", "pears-bruise-in-winter"),
            ("no_effect", "gates", "pears-bruise-in-winter"),
        ],
    ),
    Spoil(
        "no_effect",  # there is no stall in winter
        {
            ("rules", "winter-at-the-stall"): Like(
                "today-at-the-stall", {"when": {"season": "winter"}, "points": {"stall": 9}}
            )
        },
        [("no_effect", "rules", "winter-at-the-stall")],
    ),
    Spoil(
        "fit_out_of_range",
        {("rules", "regulars-write", "points"): {"post": 40}},
        [
            ("no_effect", "rules", "cheap-apples-at-the-stall"),
            ("no_effect", "rules", "boxes-travel-well"),
            ("fit_out_of_range", "channels", "post"),
        ],
    ),
    Spoil(
        "never_wins",
        {
            ("channels", "barter"): Like("stall", {"variants": {"swap": DAILY}}),
            ("gates", "no-barter"): Like("pears-bruise", {"channels": ["barter"], "when": {}}),
        },
        [("never_wins", "channels", "barter")],
    ),
    Spoil(
        "no_reason",
        {
            ("rules", "today-at-the-stall", "when"): {"goal": "today", "goods": "apples"},
            ("rules", "boxes-travel-well"): GONE,
        },
        [("no_effect", "rules", "today-at-the-stall"), ("no_reason", *HEAD)],
    ),
    Spoil("no_step", {("plan", "rent-a-stall"): GONE}, [("no_step", *HEAD)]),
    Spoil("no_way_out", {("questions", "boxes", "effort"): None}, [("no_way_out", *HEAD)]),
    Spoil(
        "better_shuts",
        {("questions", "season", "better"): ["summer", "winter"]},
        [("better_shuts", "questions", "season")],
    ),
    Spoil(
        "balance_broken",
        {("rules", "cheap-apples-at-the-stall", "points"): {"stall": -20, "post": 16}},
        [
            ("no_effect", "rules", "boxes-travel-well"),
            ("balance_broken", "rulebook", "laws", "balances", "0"),
        ],
    ),
    Spoil(
        "depends",
        {("gates", "no-market-in-winter", "when"): {"season": "winter", "boxes": False}},
        [("depends", "rulebook", "laws", "independences", "0")],
    ),
]


def spoil(book: Rulebook, edits: Mapping[Entry, object]) -> Rulebook:
    """The rulebook with something else written in some places."""
    written: Written = copy.deepcopy(dict(book.written))
    for (*path, last), value in edits.items():
        place = written
        for key in path:
            place = place[key]
        if value is GONE:
            del place[last]
        elif isinstance(value, Like):
            place[last] = {**copy.deepcopy(place[value.other]), **value.differing}
        else:
            place[last] = value
    return build(written, "")


@pytest.mark.parametrize("one", SPOILS, ids=lambda one: one.kind)
def test_each_kind_of_fault_is_found_where_it_is(one: Spoil, clean: Rulebook) -> None:
    """What is spoiled is found with its kind and place, and nothing else but what follows."""
    found = analysis.check(Grid(spoil(clean, one.edits)))
    assert sorted((finding.id, *finding.entry) for finding in found) == sorted(one.found)


def test_a_channel_that_always_wins_is_found(clean: Rulebook) -> None:
    """Where one channel is left, there is nothing to ask."""
    edits: dict[Entry, object] = {
        ("gates", "no-market-in-winter", "when"): {},
        ("gates", "pears-bruise", "channels"): ["stall"],
    }
    found = [(one.id, one.entry) for one in winners(Grid(spoil(clean, edits)))]
    assert found == [("never_wins", ("channels", "stall")), ("always_wins", ("channels", "post"))]


def test_a_fact_is_stale_the_day_after_its_time(clean: Rulebook) -> None:
    """A fact of the first of November is ten days old on the eleventh."""
    assert list(stale(clean, "2026-11-11", 10)) == []
    words = {"date": "2026-11-01", "days": 11}
    assert list(stale(clean, "2026-11-12", 10)) == [
        Finding("stale_fact", ("facts", "parcel"), words)
    ]


def test_every_kind_of_finding_is_spoiled_here(book: Rulebook) -> None:
    """A new kind of finding needs a copy that shows it."""
    kinds = {name.removeprefix("finding_") for name in book.wording if name.startswith("finding_")}
    assert kinds == {*(one.kind for one in SPOILS), "always_wins", "stale_fact", "unknown_phrase"}


def test_every_finding_of_the_registry_has_a_phrase_and_every_phrase_a_proof(
    book: Rulebook,
) -> None:
    """A finding that could not be told would fail when somebody's rulebook first has it."""
    named = [finding for proof in analysis.PROOFS for finding in proof.findings]
    assert len(named) == len(set(named))
    phrases = {name for name in book.wording if name.startswith("finding_")}
    assert {f"finding_{name}" for name in (*named, "stale_fact", "unknown_phrase")} == phrases


@pytest.mark.parametrize("one", SPOILS, ids=lambda one: one.kind)
def test_a_proof_yields_no_finding_but_those_it_is_registered_with(
    one: Spoil, clean: Rulebook
) -> None:
    """So severity and phrases, which are looked up by finding, are never missing."""
    grid = Grid(spoil(clean, one.edits))
    for proof in analysis.PROOFS:
        assert {finding.id for finding in proof.run(grid)} <= {*proof.findings}


def test_an_entry_of_the_money_stands_in_its_part() -> None:
    """So it is named with it, and waived by its own name."""
    assert entry_at(("money", "lines", "fee", "when")) == ("money", "lines", "fee")
    assert entry_at(("rules", "fee", "when")) == ("rules", "fee")
    assert entry_at(("money", "lines")) == ("money", "lines")


def test_the_clean_rulebook_is_clean(small: Grid) -> None:
    """The faults above are faults of what was changed."""
    assert analysis.check(small) == []


@pytest.mark.slow
def test_the_shipped_rulebook_is_clean(shipped: Grid) -> None:
    """Every proof holds in every cell, and nothing had to be waived."""
    assert shipped.exact
    assert analysis.check(shipped) == []
    assert shipped.rulebook.waivers == ()


# ---- derived answers


SUMS: dict[Entry, object] = {
    ("questions", "margin"): Like(
        "season",
        {
            "core": False,
            "derived": True,
            "assumed": "even",
            "better": ["lost", "thin", "even"],
            "choices": {
                name: {"label": {"zh": name, "en": name}, "example": None, "aliases": []}
                for name in ("even", "thin", "lost")
            },
        },
    ),
    ("gates", "nothing-is-left"): Like(
        "pears-bruise", {"channels": ["stall", "post"], "when": {"margin": "lost"}}
    ),
    ("rules", "thin-at-the-stall"): Like(
        "today-at-the-stall", {"when": {"margin": "thin"}, "points": {"stall": -8}}
    ),
    ("pitfalls", "little-is-left"): Like(
        "bruised",
        {
            "severity": "warning",
            "channels": ["stall", "post"],
            "gates": ["nothing-is-left"],
            "critical_when": {"margin": "lost"},
            "when": {"margin": ["thin", "lost"]},
        },
    ),
    ("plan", "raise-the-price"): Like("buy-boxes", {"unlocks": ["nothing-is-left"]}),
}
"""A margin that is worked out, and an entry of each kind that hangs on it."""


@pytest.fixture(scope="module")
def summed(clean: Rulebook) -> Rulebook:
    """The clean rulebook with a margin."""
    return spoil(clean, SUMS)


def test_derived_answers_are_held(summed: Rulebook, small: Grid) -> None:
    """Nobody gives one, so there are as many cells as without it, each at the assumed answer; and
    entries that hang on another one are no fault."""
    grid = Grid(summed)
    assert {cell[:-1] for cell in grid.terms} == {*small.terms}
    assert {grid.space.values(cell)["margin"] for cell in grid.terms} == {"even"}
    assert analysis.check(grid) == []


def test_beyond_lie_the_cells_with_other_derived_answers(summed: Rulebook) -> None:
    """All of them, and none that is held."""
    grid = Grid(summed)
    every = dict(grid.space.walk())
    assert dict(grid.beyond(ALWAYS)) == {c: t for c, t in every.items() if c not in grid.terms}
    lost = summed.gates["nothing-is-left"].when
    assert dict(grid.where(lost)) == {
        cell: terms for cell, terms in every.items() if grid.space.values(cell)["margin"] == "lost"
    }


@pytest.mark.parametrize("part", ["gates", "rules", "pitfalls", "steps"])
def test_a_quotient_shows_all_that_its_conditions_can_do(part: str, summed: Rulebook) -> None:
    """Whatever holds together in some cell does so in one of the few, of one entry and of all."""
    grid = Grid(summed)
    whens = [entry.when for entry in getattr(summed, part).values()]
    for conditions in (whens, *([one] for one in whens)):
        bits = [*map(grid.space.bits, conditions)]

        def together(
            cells: Iterable[tuple[Cell, int]], bits: list[int] = bits
        ) -> set[tuple[bool, ...]]:
            return {tuple(bool(terms & one) for one in bits) for _, terms in cells}

        some, held = grid.quotient(conditions, beyond=True), grid.quotient(conditions)
        assert together(some) == together(grid.space.walk())
        assert together(held) == together(grid.terms.items())


BEYOND = [
    Spoil(
        "never_true",
        {("gates", "nothing-is-left", "when"): {"margin": "lost", **PEARS_WITH_A_PRICE}},
        [
            ("never_true", "gates", "nothing-is-left", "when"),
            ("no_effect", "gates", "nothing-is-left"),
            ("never_shown", "plan", "raise-the-price"),
        ],
    ),
    Spoil(
        "always_true",
        {("pitfalls", "rain", "when"): {"margin": ["even", "thin", "lost"]}},
        [("always_true", "pitfalls", "rain", "when")],
    ),
    Spoil(
        "no_effect",  # there is no stall in winter
        {("rules", "thin-at-the-stall", "when"): {"margin": "thin", "season": "winter"}},
        [("no_effect", "rules", "thin-at-the-stall")],
    ),
    Spoil(
        "pointless_gate",
        {
            ("gates", "nothing-is-left-in-winter"): Like(
                "pears-bruise", {"when": {"margin": "lost", "season": "winter"}}
            )
        },
        [
            ("pointless_gate", "gates", "nothing-is-left-in-winter"),
            ("no_effect", "gates", "nothing-is-left-in-winter"),
        ],
    ),
    Spoil(
        "never_shown",
        {("pitfalls", "thin-rain"): Like("rain", {"when": {"margin": "thin", "season": "winter"}})},
        [("never_shown", "pitfalls", "thin-rain")],
    ),
    Spoil(
        "never_shown",  # where it unlocks anything, the margin is another
        {("plan", "raise-the-price", "when"): {"margin": ["even", "thin"]}},
        [("never_shown", "plan", "raise-the-price")],
    ),
    Spoil(
        "swallowed",
        {
            ("rules", "thin-in-summer"): Like(
                "today-at-the-stall",
                {"when": {"margin": "thin", "season": "summer"}, "points": {"stall": -8}},
            )
        },
        [("swallowed", "rules", "thin-in-summer")],
    ),
    Spoil(
        "fit_out_of_range",
        {("rules", "thin-at-the-stall", "points"): {"stall": -60}},
        [("fit_out_of_range", "channels", "stall")],
    ),
    Spoil(
        "better_shuts",
        {("questions", "margin", "better"): ["even", "thin", "lost"]},
        [("better_shuts", "questions", "margin"), ("better_shuts", "questions", "margin")],
    ),
]


@pytest.mark.parametrize("one", BEYOND, ids=lambda one: one.kind)
def test_faults_of_entries_that_hang_on_a_derived_answer_are_found(
    one: Spoil, summed: Rulebook
) -> None:
    """What never holds, never shows or changes nothing whatever the margin is found, and nothing
    else but what follows."""
    found = analysis.check(Grid(spoil(summed, one.edits)))
    assert sorted((finding.id, *finding.entry) for finding in found) == sorted(one.found)


def test_a_witness_may_lie_beyond(summed: Rulebook, messages: Messages) -> None:
    """Its command is followed by the derived answer, which cannot be typed."""
    (one,) = [one for one in BEYOND if one.kind == "fit_out_of_range"]
    grid = Grid(spoil(summed, one.edits))
    (finding,) = analysis.check(grid)
    assert finding.witness
    fits = grid.engine.evaluate(grid.space.values(finding.witness)).scores.fit
    assert finding.words["fit"] == fits["stall"] < 0
    assert witness(summed, grid.answers(finding.witness), None).endswith("  # margin: thin")


@pytest.mark.parametrize(
    "edits",
    [
        {("pitfalls", "rain", "when"): {"margin": "even"}},
        {
            ("channels", "stall", "variants"): {
                "half-days": {**DAILY, "when": {"margin": "thin"}},
                "daily": {**DAILY, "when": {}},
            }
        },
        {
            ("gates", "nothing-is-left", "channels"): ["stall"],
            ("pitfalls", "torn-bags"): Like(
                "torn-bags", {"when": {"season": "summer", "goal": "today", "price": {"below": 50}}}
            ),
        },
    ],
    ids=["always true", "never played", "never shown"],
)
def test_never_is_said_of_all_derived_answers(
    edits: Mapping[Entry, object], summed: Rulebook
) -> None:
    """What happens at some margin only is no fault, whether the entry reads the margin or not."""
    assert analysis.check(Grid(spoil(summed, edits))) == []


def test_laws_hold_the_margin(summed: Rulebook) -> None:
    """A law about another answer is not broken by what happens at another margin only."""
    shuts_boxes = {"margin": "lost", "boxes": True}
    book = spoil(summed, {("gates", "nothing-is-left", "when"): shuts_boxes})
    assert analysis.check(Grid(book)) == []


# ---- witnesses


def decided(book: Rulebook, answers: Answers) -> Decision:
    """The decision on answers, as a person gets it."""
    return decide({name: to_text(value) for name, value in answers.items()}, book)


def access(book: Rulebook, answers: Answers) -> dict[str, str]:
    """How open the channels are, by hand."""
    return {line.id: line.access for line in decided(book, answers).channels}


def varied(book: Rulebook, answers: Answers, question: str) -> Iterator[Answers]:
    """The answers with another one to this question."""
    axis = space_of(book).axes[space_of(book).index[question]]
    return ({**answers, question: value} for value in axis.values)


def never_a_reason(book: Rulebook, answers: Answers, _words: Words) -> bool:
    """Neither points nor a gate speak for or against what is recommended."""
    decision = decided(book, answers)
    best = decision.channel(str(decision.recommended))
    return not best.ledger and not any(line.gates for line in decision.channels)


def never_a_step(book: Rulebook, answers: Answers, _words: Words) -> bool:
    """The plan holds nothing for now."""
    return all(step.phase != "now" for step in decided(book, answers).plan)


def never_a_way(book: Rulebook, answers: Answers, _words: Words) -> bool:
    """Nothing is open, something is not closed, and no change opens anything."""
    opened = [change for change in decided(book, answers).changes if change.opens]
    states = set(access(book, answers).values())
    return "open" not in states and "locked" in states and not opened


def fit_is_off(book: Rulebook, answers: Answers, words: Words) -> bool:
    """A channel has the fit that was named."""
    fits = [line.fit for line in decided(book, answers).channels]
    return words["fit"] in fits and not 0 <= int(str(words["fit"])) <= 100


def shut_by_better(book: Rulebook, answers: Answers, words: Words) -> bool:
    """The channel is open, and a better answer shuts it."""
    channel = str(words["channel"])
    if access(book, answers)[channel] != "open":
        return False
    for name, value in answers.items():
        for other in varied(book, answers, name):
            order = book.questions[name].better
            better = {to_text(value), to_text(other[name])} <= {*order} and (
                order.index(to_text(other[name])) > order.index(to_text(value))
            )
            if better and access(book, other)[channel] != "open":
                return True
    return False


def tipped_back(book: Rulebook, answers: Answers, words: Words) -> bool:
    """A higher price moves the balance the other way."""

    def balance(these: Answers) -> int:
        fit = {line.id: line.fit for line in decided(book, these).channels}
        return fit[str(words["towards"])] - fit[str(words["away"])]

    return balance({**answers, "price": Decimal(500)}) < balance(answers)


def hangs_on_it(book: Rulebook, answers: Answers, words: Words) -> bool:
    """Another answer to the question gives another access."""
    others = varied(book, answers, str(words["question"]))
    return len({access(book, one)[str(words["channel"])] for one in others}) > 1


SHOWN: dict[str, Callable[[Rulebook, Answers, Words], bool]] = {
    "fit_out_of_range": fit_is_off,
    "no_reason": never_a_reason,
    "no_step": never_a_step,
    "no_way_out": never_a_way,
    "better_shuts": shut_by_better,
    "balance_broken": tipped_back,
    "depends": hangs_on_it,
}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_witness_shows_the_fault(kind: str, clean: Rulebook) -> None:
    """Deciding on the answers of a witness shows what the finding says; without the fault it
    does not."""
    (one,) = [one for one in SPOILS if one.kind == kind]
    book = spoil(clean, one.edits)
    grid = Grid(book)
    (finding,) = [found for found in analysis.check(grid) if found.id == kind]
    assert finding.witness
    answers = grid.answers(finding.witness)
    assert SHOWN[kind](book, answers, finding.words)
    assert not SHOWN[kind](clean, answers, finding.words)


def test_a_witness_is_a_command_that_leads_to_its_cell(small: Grid, messages: Messages) -> None:
    """Read back as flags, the answers fall into the cell again; a folder is quoted."""
    for cell in small.terms:
        words = shlex.split(witness(small.rulebook, small.answers(cell), "my rules"))
        assert words[0] == "choose-channel"
        assert words[-2:] == ["--rules", "my rules"]
        flags = {
            flag.strip("-"): value for flag, value in zip(words[1:-2:2], words[2:-2:2], strict=True)
        }
        given = read_answers(small.rulebook, [Layer("flag", flags)], messages).given
        assert small.engine.seller(given).situation.cell == cell


# ---- samples


def test_a_grid_too_large_is_sampled(clean: Rulebook) -> None:
    """One cell more than are allowed makes a sample; as many as are allowed are all."""
    assert Grid(clean, most=24).exact
    assert not Grid(clean, most=23).exact


ON_SAMPLE = {kind for proof in analysis.PROOFS if proof.on_sample for kind in proof.findings}
BY_TEXT = sorted(ON_SAMPLE - SHOWN.keys())
"""What has no witness, and needs none."""


@pytest.mark.parametrize("kind", [*SHOWN, *BY_TEXT])
def test_a_sample_still_finds_what_one_cell_shows(kind: str, clean: Rulebook) -> None:
    """What has a witness, or needs none, is found in a sample too."""
    (one,) = [one for one in SPOILS if one.kind == kind]
    found = analysis.check(Grid(spoil(clean, one.edits), most=23))
    assert kind in {finding.id for finding in found}


@pytest.mark.parametrize("one", SPOILS, ids=lambda one: one.kind)
def test_a_sample_never_says_never(one: Spoil, clean: Rulebook) -> None:
    """What only all cells can show is not claimed from some."""
    for finding in analysis.check(Grid(spoil(clean, one.edits), most=23)):
        assert finding.witness or finding.id in BY_TEXT


# ---- two rulebooks compared


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
    assert {answers["price"] for answers, _, _ in moved(clean, other)} == {Decimal(9)}


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
    assert {"thin", "lost"} & {answers["margin"] for answers, _, _ in moved(before, after)}
    compared = Comparison(before, after)
    assert compared.changed() == list(dict.fromkeys(entry[:2] for entry in edits))


WORDS = {"zh": "别的", "en": "other words"}


@pytest.mark.parametrize(
    ("edits", "changed"),
    [
        ({("facts", "us_referral_fee", "value"): 8}, ("facts", "us_referral_fee")),
        ({("facts", "us_referral_fee", "as_of"): "2026-11-01"}, ("facts", "us_referral_fee")),
        ({("facts", "us_referral_fee"): GONE}, ("facts", "us_referral_fee")),
        ({("facts", "new"): Like("uk_vat", {})}, ("facts", "new")),
        ({("questions", "store", "assumed"): "fast"}, ("questions", "store")),
        ({("plan", "do-not-dodge-the-filter", "early"): True}, ("plan", "do-not-dodge-the-filter")),
        ({("rulebook", "close_within"): 4}, ("rulebook", "close_within")),
        ({("money", "inputs", "shop_fee", "maximum"): 50}, ("money", "inputs", "shop_fee")),
        ({("money", "lines", "shop_fee", "facts"): []}, ("money", "lines", "shop_fee")),
        ({("money", "lines", "refund_fee", "at_most"): 6}, ("money", "lines", "refund_fee")),
        ({("money", "margins", "shop_thin", "at_most"): 5}, ("money", "margins", "shop_thin")),
        ({("money", "streams", "own_store", "when"): {}}, ("money", "streams", "own_store")),
        ({("money", "roles", "unit_cost"): "lead_cost"}, ("money", "roles", "unit_cost")),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, tuple) else "",
)
def test_what_no_cell_shows_is_a_difference(
    edits: Mapping[Entry, object], changed: Entry, shipped: Grid
) -> None:
    """An entry of any file, whatever it decides."""
    book = shipped.rulebook
    compared = Comparison(book, spoil(book, edits))
    assert compared.changed() == [changed]
    assert not compared.questions_read()


def test_the_order_of_the_margins_is_a_difference(shipped: Grid) -> None:
    """The first that holds is the margin."""
    book = shipped.rulebook
    margins = dict(reversed(book.written["money"]["margins"].items()))
    other = spoil(book, {("money", "margins"): margins})
    assert Comparison(book, other).changed() == [("money", "margins", "both_lose")]


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
    assert Comparison(summed, spoil(summed, edits)).changed() == []


def test_derived_answers_are_held_where_no_difference_reads_them(summed: Rulebook) -> None:
    """Another rule is compared over as many cells as without a margin."""
    cells, _ = Comparison(summed, without(summed, "rules", "regulars-write")).cells()
    assert len(cells) == 24


def moved(before: Rulebook, after: Rulebook) -> list[tuple[Answers, Result, Result]]:
    """The answers that get another result, and both results."""
    compared = Comparison(before, after)
    cells, exact = compared.cells()
    assert exact
    found = compared.moved(cell for cell, _ in cells)
    return [(compared.space.values(one.cell), one.before, one.after) for one in found]


def moved_by_hand(before: Rulebook, after: Rulebook) -> list[tuple[Answers, Result, Result]]:
    """The same, deciding on one seller after the other."""
    found: list[tuple[Answers, Result, Result]] = []
    for cell, _ in Comparison(before, after).space.walk():
        answers = Comparison(before, after).space.values(cell)
        old, new = (Engine(book).evaluate(answers).result for book in (before, after))
        if old != new:
            found.append((answers, old, new))
    return found


# ---- the evaluator and its oracle


def by_hand(book: Rulebook, answers: Answers) -> tuple[object, ...]:
    """Fit, access, recommended, aim, weak, close and critical pitfalls, condition by condition."""
    fired = [rule for rule in book.rules.values() if holds(rule.when, answers)]
    shut = [gate for gate in book.gates.values() if holds(gate.when, answers)]
    fit = {c: book.base_fit + sum(rule.points.get(c, 0) for rule in fired) for c in book.channels}
    states = {c: {gate.access for gate in shut if c in gate.channels} for c in book.channels}
    access = {
        c: "closed" if "closed" in found else "locked" if found else "open"
        for c, found in states.items()
    }
    order = sorted(book.channels, key=lambda c: -fit[c])  # stable: ties keep the rulebook's order
    best = next((c for c in order if access[c] == "open"), None)
    aim = next((c for c in order if access[c] != "closed"), None)
    near = [c for c in order if best and access[c] == "open"]
    near = [c for c in near if fit[str(best)] - fit[c] <= book.close_within]
    plays = {c for c in (best, aim) if c}
    for channel in list(plays):
        variants = book.channels[channel].variants
        plays |= {one.id for one in [v for v in variants if holds(v.when, answers)][:1]}
    critical = []
    for one in book.pitfalls.values():
        condition = one.critical_when
        bad = one.severity == "critical" or (condition is not None and holds(condition, answers))
        concerns = plays & {*one.channels} or {gate.id for gate in shut} & {*one.gates}
        if bad and concerns and holds(one.when, answers):
            critical.append(one.id)
    weak = best is not None and fit[best] < book.weak_below
    return fit, access, best, aim, weak, len(near) > 1, tuple(critical)


def by_terms(ready: Evaluator, terms: int) -> tuple[object, ...]:
    """The same from the evaluator."""
    recommended, aim, critical = ready.result(terms)
    scores = ready.scores(terms)
    assert (scores.recommended, scores.aim) == (recommended, aim)
    return (
        *(dict(scores.fit), dict(scores.access), recommended, aim),
        *(scores.weak, scores.close, critical),
    )


def test_every_cell_is_decided_as_by_hand(small: Grid) -> None:
    """Masks and sums give what reading condition by condition gives."""
    for cell, terms in small.terms.items():
        answers = small.space.values(cell)
        assert by_terms(small.ready, terms) == by_hand(small.rulebook, answers)


def test_shipped_cells_are_decided_as_by_hand(shipped: Grid) -> None:
    """In the shipped rulebook as well, in two thousand of its cells."""
    step = len(shipped.terms) // 2_000
    for cell, terms in list(shipped.terms.items())[::step]:
        answers = shipped.space.values(cell)
        assert by_terms(shipped.ready, terms) == by_hand(shipped.rulebook, answers)


@pytest.mark.parametrize("one", SPOILS, ids=lambda one: one.kind)
def test_spoiled_rulebooks_are_decided_as_by_hand(one: Spoil, clean: Rulebook) -> None:
    """Points beyond any sense and empty conditions change nothing about that."""
    grid = Grid(spoil(clean, one.edits))
    for cell, terms in grid.terms.items():
        assert by_terms(grid.ready, terms) == by_hand(grid.rulebook, grid.space.values(cell))


@pytest.mark.parametrize("question", ["goods", "price", "season", "boxes", "goal"])
def test_cells_side_by_side_differ_in_one_answer(question: str, small: Grid) -> None:
    """Beside a cell stand exactly those that differ in this answer, and in what it makes apply."""
    space = small.space
    axis = space.index[question]
    dependents = space.dependents(axis)
    every = Scenarios({cell: cell for cell in small.terms}, small.space, (), exact=True)
    found: dict[Cell, set[Cell]] = {cell: set() for cell in small.terms}
    for own, beside in every.side_by_side(axis):
        for cell, _ in own:
            found[cell] |= {other for other, _ in beside}

    def stands_beside(one: Cell, other: Cell) -> bool:
        return all(
            a == b or number == axis or (number in dependents and 0 in (a, b))
            for number, (a, b) in enumerate(zip(one, other, strict=True))
        )

    for cell in small.terms:
        assert found[cell] == {other for other in small.terms if stands_beside(cell, other)}


def test_the_price_hangs_on_the_goods(small: Grid) -> None:
    """Which questions depend on another is read from what they apply to."""
    names = [axis.question.id for axis in small.space.axes]
    dependents = {name: small.space.dependents(at) for at, name in enumerate(names)}
    assert dependents == {name: (1,) if name == "goods" else () for name in names}


# ---- what there is to say


def test_regions_are_counted_as_by_hand(small: Grid) -> None:
    """Close, tied, weak and shut cells, of all cells."""
    all_scores = [by_hand(small.rulebook, small.space.values(cell)) for cell in small.terms]
    tied = 0
    for fit, access, best, *_ in all_scores:
        assert isinstance(fit, dict)
        assert isinstance(access, dict)
        tied += (
            best is not None
            and [fit[channel] for channel in fit if access[channel] == "open"].count(fit[best]) > 1
        )
    assert regions(small) == (
        len(all_scores),
        sum(bool(one[5]) for one in all_scores),
        tied,
        sum(bool(one[4]) for one in all_scores),
        sum(one[2] is None for one in all_scores),
    )


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
    """All is said only of all."""
    assert percent(part, whole) == text


def test_nothing_is_covered_by_no_case(small: Grid) -> None:
    """Without cases every name is missing."""
    found = coverage(small, [])
    assert found.share() == (0, sum(len(found.names[kind]) for kind in KINDS))
    assert found.missing("gates") == ["no-market-in-winter", "pears-bruise"]


def test_a_case_covers_what_it_reaches(small: Grid) -> None:
    """One case reaches its rules, its gates, what it is shown, and its own answers."""
    found = coverage(small, [{"goods": "pears", "season": "winter"}])
    assert found.covered == {
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
        for other, _ in grid.space.walk():
            answers = grid.answers(other)
            if len(answers) < len(case):
                assert name not in coverage(grid, [answers]).covered[kind]


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


def test_no_costs_are_found_without_a_price(engine: Engine) -> None:
    """There is nothing to subtract them from."""
    assert costs_for(engine, {"product_type": "branded"}, "both_lose") is None


def test_a_case_reaches_a_margin_by_its_money(shipped: Grid, messages: Messages) -> None:
    """Nobody gives a margin: cases give what the item costs, and cover what follows."""
    answers = {"product_type": "commodity", "price": 20}
    cases = [{**answers, "unit_cost": cost} for cost in range(1, 31)]
    given = [read_answers(shipped.rulebook, [Layer("file", one)], messages).given for one in cases]
    covered = coverage(shipped, given).covered
    assert {name for name in covered["choices"] if name.startswith("margin")} == {
        f"margin {margin}" for margin in ("healthy", "shop_thin", "shop_loses", "both_lose")
    }
    assert covered["gates"] >= {"every-shop-order-loses", "every-order-loses"}


def test_what_no_cell_reaches_has_no_case(clean: Rulebook) -> None:
    """A pitfall that nobody is shown is no fault of the cases."""
    (one,) = [one for one in SPOILS if one.found == [("never_shown", "pitfalls", "rain")]]
    grid = Grid(spoil(clean, one.edits))
    assert smallest_cases(grid, {"pitfalls": ["rain"]}) == {}


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ({}, "always", "总是"),
        ({"goods": "pears"}, "goods is fresh pears", "货：梨"),
        (
            {"goods": ["apples", "pears"]},
            "goods is fresh apples, or fresh pears",
            "货：苹果或梨",
        ),
        ({"boxes": True}, "boxes is yes", "箱子：是"),
        ({"price": {"below": 50}}, "price below 50", "价格低于 50"),
        ({"price": {"at_least": 9.9}}, "price from 9.9", "价格不低于 9.9"),
        (
            {"price": {"at_least": 9, "below": 50}},
            "price from 9 to below 50",
            "价格在 9 到 50 之间",
        ),
        ({"not": {"goods": "pears"}}, "not (goods is fresh pears)", "不是（货：梨）"),
        (
            {"goods": "apples", "any": [{"season": "winter"}, {"boxes": False}]},
            "goods is fresh apples and (season is winter, or boxes is no)",
            "货：苹果，且（季节：冬天或箱子：否）",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(
    written: Written, english: str, chinese: str, clean: Rulebook
) -> None:
    """In either language, with labels for answers."""
    assert sentence(condition(written), clean, Messages(clean.wording, "en")) == english
    assert sentence(condition(written), clean, Messages(clean.wording, "zh")) == chinese
