"""Proofs over the grid: each kind of finding on a spoiled copy, none on the shipped rulebook."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import pytest

from choose_channel.answers.sources import Layer, read_answers
from choose_channel.answers.space import Cell, Space, space_of
from choose_channel.api import decide
from choose_channel.checks import laws, openings, proofs, reach, walk
from choose_channel.checks.citations import stale
from choose_channel.checks.diff import without
from choose_channel.checks.explain import witness
from choose_channel.checks.grid import Finding, Grid
from choose_channel.checks.verdicts import fit_out_of_range, winners, without_reason
from choose_channel.engine.counterfactuals import Change, opening
from choose_channel.engine.decision import Decision
from choose_channel.engine.evaluate import Evaluator
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Rulebook, entry_at
from tests.checks.rulebooks import GONE, Answers, Entry, Like, Spoil, Words, Written, every, spoil

# ---- findings


SAME = "Regulars write for more apples"
PEARS_WITH_A_PRICE = {"goods": "pears", "price": {"below": 50}}
WEATHER = {"short": {"zh": "天气", "en": "weather"}}
DAILY: Written = {
    **{"name": {"zh": "每天", "en": "daily"}, "aliases": []},
    **{"when": None, "needs_open": [], "do": None},
}


TEXT = {"zh": "箱子", "en": "crates"}
CRATES: Written = {
    **dict.fromkeys(("short", "title", "help"), TEXT),
    **{
        "asked": False,
        "cites": [],
        "columns": [],
        "worded_for": [],
        "applies": {},
        "unit": "",
        "whole": False,
    },
    **{"minimum": 0, "above": False, "maximum": 9, "assumed": None},
}
CRATE: Written = {
    **{"label": TEXT, "kind": "amount", "base": "price", "streams": [], "input": "crates"},
    **{
        "facts": [],
        "cites": [],
        "part": "",
        "required": False,
        "optional": False,
        "returned": "lost",
        "at_most": None,
        "absent": None,
    },
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
        "swallowed",  # by what comes later
        {
            ("rules", "regulars-write", "when"): {"goal": "regulars", "price": {"below": 50}},
            ("rules", "all-regulars-write"): Like("regulars-write", {"when": {"goal": "regulars"}}),
        },
        [
            ("swallowed", "rules", "regulars-write"),
            ("no_effect", "rules", "cheap-apples-at-the-stall"),
            ("no_effect", "rules", "boxes-travel-well"),
        ],
    ),
    Spoil(
        "never_true",  # and so no part of another
        {("rules", "regulars-buy"): Like("regulars-write", {"when": PEARS_WITH_A_PRICE})},
        [("never_true", "rules", "regulars-buy", "when"), ("no_effect", "rules", "regulars-buy")],
    ),
    Spoil(
        "repeats",  # in other words
        {
            ("rules", "regulars-write-again"): Like(
                "regulars-write", {"when": {"not": {"goal": "today"}}}
            )
        },
        [
            ("repeats", "rules", "regulars-write-again"),
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
            ("no_unlock", "gates", "pears-bruise-in-winter"),
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
        [
            ("never_wins", "channels", "barter"),
            ("no_unlock", "gates", "no-barter"),
            ("aimless", "channels", "barter"),
        ],
    ),
    Spoil(
        "without_reason",
        {
            ("rules", "today-at-the-stall", "when"): {"goal": "today", "goods": "apples"},
            ("rules", "boxes-travel-well"): GONE,
        },
        [("no_effect", "rules", "today-at-the-stall"), ("without_reason", *HEAD)],
    ),
    Spoil(
        "without_step",
        {("plan", "rent-a-stall"): GONE},
        [("without_step", *HEAD), ("aimless", "channels", "stall")],
    ),
    Spoil(
        "aimless",
        {("plan", "rent-a-stall", "phase"): "unlock"},
        [
            ("without_step", *HEAD),
            ("aimless", "channels", "stall"),
            ("never_shown", "plan", "rent-a-stall"),
        ],
    ),
    Spoil(
        "no_unlock",
        {("plan", "buy-boxes", "when"): {"season": "summer"}},
        [("no_unlock", "gates", "pears-bruise"), ("without_step", *HEAD)],
    ),
    Spoil(
        "no_variant",
        {("channels", "post", "variants", "bagged", "when"): {"season": "summer"}},
        [("no_variant", "channels", "post", "variants")],
    ),
    Spoil(
        "unread_choice",
        {("questions", "season", "choices", "spring"): Like("summer", {})},
        [("unread_choice", "questions", "season", "choices", "spring")],
    ),
    Spoil(
        "unranked_choice",
        {("questions", "goal", "better"): ["today"]},
        [("unranked_choice", "questions", "goal", "better")],
    ),
    Spoil(
        "undone",
        {("rules", "regulars-forget"): Like("regulars-write", {"points": {"post": -12}})},
        [("undone", "rules", "regulars-forget")],
    ),
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


@pytest.mark.parametrize("fault", SPOILS, ids=lambda fault: fault.kind)
def test_each_kind_of_fault_is_found_where_it_is(fault: Spoil, clean: Rulebook) -> None:
    """What is spoiled is found with its kind and place, and nothing else but what follows."""
    findings = proofs.check(Grid(spoil(clean, fault.edits)))
    assert sorted((finding.id, *finding.entry) for finding in findings) == sorted(fault.findings)


@pytest.mark.parametrize(("fact_of", "choices"), [("us", ["chile"]), ("peru", []), ("chile", [])])
def test_a_market_is_told_from_others_by_its_figures(
    fact_of: str, choices: list[str], rulebook: Rulebook
) -> None:
    """Of two markets that no condition reads, one is too many, unless it has a fact."""
    edits: dict[Entry, object] = {
        **{("questions", "market", "choices", name): Like("sea", {}) for name in ("peru", "chile")},
        ("facts", "its-fee"): Like("us_referral_fee", {"market": fact_of}),
    }
    unread = reach.unread_choices(Grid(spoil(rulebook, edits)))
    assert [finding.entry[-1] for finding in unread] == choices


@pytest.mark.parametrize(
    ("rule", "points", "fit"),
    [
        ("regulars-write", {"post": 28}, None),
        ("regulars-write", {"post": 29}, 101),
        ("dear-apples-by-post", {"stall": -50}, None),
        ("dear-apples-by-post", {"stall": -51}, -1),
    ],
)
def test_a_fit_is_from_0_to_100(
    rule: str, points: dict[str, int], fit: int | None, clean: Rulebook
) -> None:
    """Both of them are in range."""
    findings = fit_out_of_range(Grid(spoil(clean, {("rules", rule, "points"): points})))
    assert [finding.words["fit"] for finding in findings] == ([] if fit is None else [fit])


def test_a_channel_that_always_wins_is_found(clean: Rulebook) -> None:
    """Where one channel is left, there is nothing to ask."""
    edits: dict[Entry, object] = {
        ("gates", "no-market-in-winter", "when"): {},
        ("gates", "pears-bruise", "channels"): ["stall"],
    }
    entries = [(finding.id, finding.entry) for finding in winners(Grid(spoil(clean, edits)))]
    assert entries == [("never_wins", ("channels", "stall")), ("always_wins", ("channels", "post"))]


@pytest.mark.parametrize(
    ("edits", "channel"),
    [
        (
            {
                ("rules", "cheap-apples-at-the-stall", "points"): {"post": -9},
                ("rules", "boxes-travel-well", "points"): {"post": -9},
            },
            "stall",
        ),
        (
            {
                ("rules", "dear-apples-by-post", "points"): {"stall": -9},
                ("rules", "regulars-write"): GONE,
            },
            "post",
        ),
    ],
)
def test_a_recommendation_without_a_reason_is_found_among_those_that_have_one(
    edits: dict[Entry, object], channel: str, clean: Rulebook
) -> None:
    """Cells that no reason for the channel tells apart may each recommend another one."""
    (finding,) = without_reason(Grid(spoil(clean, edits)))
    assert finding.words == {"channel": channel}


def test_a_fact_is_stale_the_day_after_its_time(clean: Rulebook) -> None:
    """A fact of the first of November is ten days old on the eleventh."""
    assert list(stale(clean, "2026-11-11", 10)) == []
    words = {"date": "2026-11-01", "days": 11}
    assert list(stale(clean, "2026-11-12", 10)) == [
        Finding("stale_fact", ("facts", "parcel"), words)
    ]


def test_every_kind_of_finding_is_spoiled_here(rulebook: Rulebook) -> None:
    """A new kind of finding needs a copy that shows it."""
    kinds = {
        name.removeprefix("finding_") for name in rulebook.wording if name.startswith("finding_")
    }
    others = {"always_wins", "stale_fact", "losing_is_open", "not_proved", "unknown_phrase"}
    assert kinds == {*(fault.kind for fault in SPOILS), *others}


def test_every_finding_of_the_registry_has_a_phrase_and_every_phrase_a_proof(
    rulebook: Rulebook,
) -> None:
    """A finding that could not be told would fail when somebody's rulebook first has it."""
    named = [finding for proof in proofs.PROOFS for finding in proof.findings]
    assert len(named) == len(set(named))
    for stem in ("finding_", "remedy_"):
        phrases = {name for name in rulebook.wording if name.startswith(stem)}
        assert {
            f"{stem}{name}" for name in (*named, "stale_fact", "not_proved", "unknown_phrase")
        } == phrases


def test_a_law_that_is_broken_is_an_error_and_untidiness_a_warning() -> None:
    """Whoever only wants to be told of wrong advice reads the errors."""
    names = [*(name for proof in proofs.PROOFS for name in proof.findings), proofs.NOT_PROVED]
    assert {name for name in names if proofs.severity_of(name) == "error"} == {
        *("fit_out_of_range", "without_reason", "without_step", "aimless", "no_unlock"),
        *("no_way_out", "better_shuts", "balance_broken", "depends", "losing_is_open"),
        *("no_variant", "not_proved"),
    }
    assert proofs.severity_of("stale_fact") == "warning"


@pytest.mark.parametrize("fault", SPOILS, ids=lambda fault: fault.kind)
def test_a_proof_yields_no_finding_but_those_it_is_registered_with(
    fault: Spoil, clean: Rulebook
) -> None:
    """So severity and phrases, which are looked up by finding, are never missing."""
    grid = Grid(spoil(clean, fault.edits))
    for proof in proofs.PROOFS:
        assert {finding.id for finding in proof.run(grid)} <= {*proof.findings}


def test_an_entry_of_the_money_stands_in_its_part() -> None:
    """So it is named with it, and waived by its own name."""
    assert entry_at(("money", "lines", "fee", "when")) == ("money", "lines", "fee")
    assert entry_at(("rules", "fee", "when")) == ("rules", "fee")
    assert entry_at(("money", "lines")) == ("money", "lines")


def test_the_clean_rulebook_is_clean(small: Grid) -> None:
    """The faults above are faults of what was changed."""
    assert proofs.check(small) == []


@pytest.mark.slow
def test_the_shipped_rulebook_is_clean(shipped: Grid) -> None:
    """Every proof holds in every cell, and nothing had to be waived."""
    assert proofs.check(shipped) == []
    assert shipped.rulebook.waivers == ()


# ---- derived answers


# ---- derived answers


def test_entries_that_hang_on_a_derived_answer_are_no_fault(summed: Rulebook, small: Grid) -> None:
    """Every derived answer counts: there are three cells for each cell without it."""
    grid = Grid(summed)
    assert grid.cells == 3 * small.cells
    assert proofs.check(grid) == []


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
            ("no_unlock", "gates", "nothing-is-left-in-winter"),
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
        [
            ("never_shown", "plan", "raise-the-price"),
            ("no_unlock", "gates", "nothing-is-left"),
            ("without_step", *HEAD),
        ],
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
        [
            ("better_shuts", "questions", "margin"),
            ("better_shuts", "questions", "margin"),
            ("no_way_out", *HEAD),
        ],
    ),
]


@pytest.mark.parametrize("fault", BEYOND, ids=lambda fault: fault.kind)
def test_faults_of_entries_that_hang_on_a_derived_answer_are_found(
    fault: Spoil, summed: Rulebook
) -> None:
    """What never holds, never shows or changes nothing whatever the margin is found, and nothing
    else but what follows."""
    findings = proofs.check(Grid(spoil(summed, fault.edits)))
    assert sorted((finding.id, *finding.entry) for finding in findings) == sorted(fault.findings)


def test_a_witness_may_lie_beyond(summed: Rulebook, messages: Messages) -> None:
    """Its command is followed by the derived answer, which cannot be typed."""
    (fault,) = [fault for fault in BEYOND if fault.kind == "fit_out_of_range"]
    grid = Grid(spoil(summed, fault.edits))
    (finding,) = proofs.check(grid)
    assert finding.witness
    fits = grid.engine.seller(grid.space.values(finding.witness)).scores.fit
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
    assert proofs.check(Grid(spoil(summed, edits))) == []


def test_laws_hold_at_every_margin(summed: Rulebook) -> None:
    """A law about another answer is broken even if only one margin breaks it, which is held."""
    shuts_boxes = {"margin": "lost", "boxes": True}
    rulebook = spoil(summed, {("gates", "nothing-is-left", "when"): shuts_boxes})
    findings = [finding for finding in proofs.check(Grid(rulebook)) if finding.id == "better_shuts"]
    assert [(finding.entry[1], finding.words["channel"]) for finding in findings] == [
        ("boxes", "stall"),
        ("boxes", "post"),
    ]


# ---- witnesses


def decided(rulebook: Rulebook, answers: Answers) -> Decision:
    """The decision on answers, as a person gets it."""
    return decide({name: to_text(value) for name, value in answers.items()}, rulebook)


def access(rulebook: Rulebook, answers: Answers) -> dict[str, str]:
    """How open the channels are, by hand."""
    return {line.id: line.access for line in decided(rulebook, answers).channels}


def varied(rulebook: Rulebook, answers: Answers, question: str) -> Iterator[Answers]:
    """The answers with another one to this question."""
    axis = space_of(rulebook).axes[space_of(rulebook).index[question]]
    return ({**answers, question: value} for value in axis.values)


def never_a_reason(rulebook: Rulebook, answers: Answers, _words: Words) -> bool:
    """Neither points nor a gate speak for or against what is recommended."""
    decision = decided(rulebook, answers)
    best = decision.channel(str(decision.recommended))
    return not best.ledger and not any(line.gates for line in decision.channels)


def never_a_step(rulebook: Rulebook, answers: Answers, _words: Words) -> bool:
    """The plan holds nothing for now."""
    return all(step.phase != "now" for step in decided(rulebook, answers).plan)


def never_a_way(rulebook: Rulebook, answers: Answers, _words: Words) -> bool:
    """Nothing is open, something is not closed, and no change opens anything."""
    opened = [change for change in decided(rulebook, answers).changes if change.opens]
    states = set(access(rulebook, answers).values())
    return "open" not in states and "locked" in states and not opened


def fit_is_off(rulebook: Rulebook, answers: Answers, words: Words) -> bool:
    """A channel has the fit that was named."""
    fits = [line.fit for line in decided(rulebook, answers).channels]
    return words["fit"] in fits and not 0 <= int(str(words["fit"])) <= 100


def shut_by_better(rulebook: Rulebook, answers: Answers, words: Words) -> bool:
    """The channel is open, and a better answer shuts it."""
    channel = str(words["channel"])
    if access(rulebook, answers)[channel] != "open":
        return False
    for name, value in answers.items():
        for other in varied(rulebook, answers, name):
            order = rulebook.questions[name].better
            better = {to_text(value), to_text(other[name])} <= {*order} and (
                order.index(to_text(other[name])) > order.index(to_text(value))
            )
            if better and access(rulebook, other)[channel] != "open":
                return True
    return False


def tipped_back(rulebook: Rulebook, answers: Answers, words: Words) -> bool:
    """A higher price moves the balance the other way."""

    def balance(these: Answers) -> int:
        fit = {line.id: line.fit for line in decided(rulebook, these).channels}
        return fit[str(words["towards"])] - fit[str(words["away"])]

    return balance({**answers, "price": Decimal(500)}) < balance(answers)


def hangs_on_it(rulebook: Rulebook, answers: Answers, words: Words) -> bool:
    """Another answer to the question gives another access."""
    others = varied(rulebook, answers, str(words["question"]))
    return len({access(rulebook, other)[str(words["channel"])] for other in others}) > 1


def open_and_not_playable(rulebook: Rulebook, answers: Answers, _words: Words) -> bool:
    """A channel is open, and there is no way to play it."""
    lines = decided(rulebook, answers).channels
    return any(line.access == "open" and line.variant is None for line in lines)


def no_step_towards(rulebook: Rulebook, answers: Answers, words: Words) -> bool:
    """The plan has no step for the channel that is aimed at."""
    decision = decided(rulebook, answers)
    assert decision.aim == words["channel"]
    return all(step.channel != decision.aim for step in decision.plan)


def no_step_unlocks(rulebook: Rulebook, answers: Answers, words: Words) -> bool:
    """The channel is locked, and the plan does not say how to get the boxes."""
    assert access(rulebook, answers)[str(words["channel"])] == "locked"
    return all(step.id != "buy-boxes" for step in decided(rulebook, answers).plan)


SHOWN: dict[str, Callable[[Rulebook, Answers, Words], bool]] = {
    "fit_out_of_range": fit_is_off,
    "without_reason": never_a_reason,
    "without_step": never_a_step,
    "no_way_out": never_a_way,
    "better_shuts": shut_by_better,
    "balance_broken": tipped_back,
    "depends": hangs_on_it,
    "no_variant": open_and_not_playable,
    "aimless": no_step_towards,
    "no_unlock": no_step_unlocks,
}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_witness_shows_the_fault(kind: str, clean: Rulebook) -> None:
    """Deciding on the answers of a witness shows what the finding says; without the fault it
    does not."""
    (fault,) = [fault for fault in SPOILS if fault.kind == kind]
    rulebook = spoil(clean, fault.edits)
    grid = Grid(rulebook)
    (finding,) = [finding for finding in proofs.check(grid) if finding.id == kind]
    assert finding.witness
    answers = grid.answers(finding.witness)
    assert SHOWN[kind](rulebook, answers, finding.words)
    assert not SHOWN[kind](clean, answers, finding.words)


def test_a_witness_is_a_command_that_leads_to_its_cell(small: Grid, messages: Messages) -> None:
    """Read back as flags, the answers fall into the cell again; a folder is quoted."""
    for cell, _ in every(small):
        words = shlex.split(witness(small.rulebook, small.answers(cell), "my rules"))
        assert words[0] == "choose-channel"
        assert words[-2:] == ["--rules", "my rules"]
        flags = {
            flag.strip("-"): value for flag, value in zip(words[1:-2:2], words[2:-2:2], strict=True)
        }
        given = read_answers(small.rulebook, [Layer("flag", flags)], messages).given
        assert small.engine.seller(given).situation.cell == cell


def test_a_law_that_is_broken_is_told_with_both_answers(clean: Rulebook) -> None:
    """What the author reads: the answers on both sides, and what becomes of the channel."""
    words = {
        kind: next(
            finding.words
            for finding in proofs.check(Grid(spoil(clean, fault.edits)))
            if finding.id == kind
        )
        for kind in ("better_shuts", "balance_broken", "depends", "fit_out_of_range")
        for fault in SPOILS
        if fault.kind == kind
    }
    season = {"question": "season", "one": "summer", "other": "winter"}
    assert words["better_shuts"] == {"channel": "stall", "access": "closed", **season}
    assert words["balance_broken"]["before"] == "+22"
    boxes = {"question": "boxes", "one": "false", "other": "true"}
    assert words["depends"] == {"channel": "stall", "before": "closed", "after": "open", **boxes}
    assert words["fit_out_of_range"]["rules"] == (
        "dear-apples-by-post +16, regulars-write +40, boxes-travel-well +6"
    )


# ---- the faults of earlier proofs


def test_a_gate_that_reads_the_margin_breaks_the_laws_as_well(shipped: Grid) -> None:
    """Laws hold at every margin that can occur, not at the assumed one only."""
    when = {"margin": "link_loses", "cash": "comfortable", "followers": {"at_least": 1000}}
    edits: dict[Entry, object] = {
        ("gates", "trial"): Like(
            "every-shop-order-loses", {"channels": ["tiktok_shop"], "when": when}
        )
    }
    grid = Grid(spoil(shipped.rulebook, edits))
    findings = laws.better_never_shuts(grid)
    shut = {(finding.entry[-1], finding.words["channel"]) for finding in findings}
    assert shut == {("followers", "tiktok_shop"), ("cash", "tiktok_shop")}
    assert [finding.words["question"] for finding in laws.independences(grid)] == ["followers"]


def test_questions_that_nothing_reads_keep_no_proof_from_running(shipped: Grid) -> None:
    """Sixty more of them make no more cells."""
    edits: dict[Entry, object] = {
        ("questions", f"extra_{number}"): Like("lead_product", {"applies": {}})
        for number in range(60)
    }
    edits["rules", "impossible"] = Like(
        "no-lead-product", {"when": {"product_type": "affiliate", "price": {"below": 50}}}
    )
    grid = Grid(spoil(shipped.rulebook, edits))
    assert grid.cells == shipped.cells
    findings = {(finding.id, *finding.entry) for finding in reach.conditions(grid)}
    assert findings == {("never_true", "rules", "impossible", "when")}


def test_a_channel_whose_orders_all_lose_is_shut(shipped: Grid) -> None:
    """Without the gate on the margin it would be open, and the cell is named."""
    rulebook = shipped.rulebook
    assert list(laws.losing_is_open(shipped)) == []
    grid = Grid(without(rulebook, "gates", "every-shop-order-loses"))
    (finding,) = laws.losing_is_open(grid)
    assert finding.words == {"channel": "tiktok_shop", "margin": "shop_loses"}
    assert finding.witness
    assert grid.answers(finding.witness)["margin"] == "shop_loses"


def test_what_cannot_be_proved_is_a_finding(
    clean: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for two states only, everything that looks at answers is given up, by name."""
    monkeypatch.setattr(walk, "MOST_STATES", 2)
    findings = proofs.check(Grid(clean))
    names = {finding.words["proof"] for finding in findings if finding.id == "not_proved"}
    assert names >= {"better_shuts", "no_effect", "never_wins", "fit_out_of_range"}
    assert not names & {"same_text", "uncited_fact"}


def test_the_long_search_for_a_way_out_is_made_for_few_cells(
    shipped: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What opened something in one cell is tried in the next; and it ends with the first cell that
    has no way out, even where hybrid is closed to everybody."""
    searched: list[object] = []

    def counted(space: Space, ready: Evaluator, cell: Cell) -> Iterator[Change]:
        searched.append(cell)
        return opening(space, ready, cell)

    monkeypatch.setattr(openings, "opening", counted)
    closed = Like("every-order-loses", {"access": "closed", "channels": ["hybrid"], "when": {}})
    for rulebook in (shipped.rulebook, spoil(shipped.rulebook, {("gates", "trial"): closed})):
        searched.clear()
        list(openings.no_way_out(Grid(rulebook)))
        assert 0 < len(searched) < 1_000
