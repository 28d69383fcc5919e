"""What the wizard's page carries: packed, read back, and compared with what the program says."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.answers.rewording import in_words
from choose_channel.answers.situation import complete_with_defaults
from choose_channel.engine.engine import Engine
from choose_channel.engine.lookup import Table
from choose_channel.loading.load import load_rulebook
from choose_channel.model.rulebook import Rulebook, Value
from choose_channel.report.formats.html import tables
from choose_channel.report.formats.html.wizard_page import named_tables
from tests.checks.rulebooks import CLEAN, Entry, Like, spoil

TINY = Path(__file__).parents[1] / "tiny_rulebook"


def _read_back(engine: Engine) -> dict[str, Table]:
    """The tables by name, after they were packed and unpacked."""
    named = named_tables(engine)
    shapes, links = tables.pack([table for _, table in named])
    bands = [len(axis.values) for axis in engine.space.axes]
    names = [name for name, _ in named]
    return dict(zip(names, tables.unpack(shapes, links, bands), strict=True))


def answers_of(engine: Engine, draw: random.Random) -> dict[str, Value]:
    """Answers that somebody might give: some questions are left out, some not known."""
    cell = next(engine.space.sample(None, 1, draw.randrange(10**9)))[0]
    answers: dict[str, Value] = {}
    for name, value in engine.space.values(cell).items():
        question = engine.rulebook.questions[name]
        if question.derived or (not question.core and draw.random() < 0.4):
            continue
        unsure = question.assumed is not None and draw.random() < 0.1
        answers[name] = "unknown" if unsure else value
    return answers


def _agrees(lookup: dict[str, Table], engine: Engine, answers: dict[str, Value]) -> None:
    rulebook = engine.rulebook
    cell = complete_with_defaults(rulebook, engine.space, answers).cell
    decision = cc.decide(answers, rulebook=rulebook)
    channels = [*rulebook.channels]
    standing: Any = lookup["standing"].find(cell)
    names = [*channels, None]  # -1 is the last
    assert names[standing[0]] == decision.recommended
    assert names[standing[1]] == decision.aim
    assert [bool(flag) for flag in standing[2:4]] == [decision.weak, decision.close]
    for number, name in enumerate(channels):
        line = decision.channel(name)
        assert ("open", "locked", "closed")[standing[4 + number]] == line.access
        assert lookup[f"fit {name}"].find(cell) == line.fit
        variants = [*(variant.id for variant in rulebook.channels[name].variants), None]
        numbers: Any = lookup["variants"].find(cell)
        assert variants[numbers[number]] == line.variant
    seller = engine.seller(answers)
    for question in (question for question in rulebook.questions.values() if question.worded_for):
        wordings = [in_words(question, wording) for wording in question.worded_for]
        worded: Any = lookup[f"worded {question.id}"].find(cell)
        assert [*wordings, question][worded] == seller.worded(question)  # -1 is the last
    steps = [*rulebook.steps]
    plan = [
        (phase, steps[number])
        for phase, name in (
            ("now", "settling"),
            ("now", "now"),
            ("unlock", "unlock"),
            ("later", "later"),
        )
        for number in lookup[name].find(cell)  # type: ignore[attr-defined]
        if name != "settling" or rulebook.steps[steps[number]].settles in decision.assumed
    ]
    assert plan == [(step.phase, step.id) for step in decision.plan]
    shown = [(p, lookup[f"pitfall {p}"].find(cell)) for p in rulebook.pitfalls]
    assert {
        (rulebook.pitfalls[p].same_as or p, ("critical", "warning", "note")[how[0]])  # type: ignore[index]
        for p, how in shown
        if how and not (how[2] and {*rulebook.pitfalls[p].assumed}.isdisjoint(decision.assumed))  # type: ignore[index]
    } == {(line.id, line.severity) for line in decision.pitfalls}
    for question in rulebook.questions.values():
        if not question.derived:
            applies = question.id in {**decision.answers, **decision.assumed}
            assert lookup[f"applies {question.id}"].find(cell) == applies


@pytest.mark.parametrize("folder", [TINY, CLEAN], ids=lambda folder: folder.name)
def test_a_small_rulebook_is_read_back_whole(folder: Path) -> None:
    """Every cell says what the program says."""
    engine = Engine(load_rulebook(folder))
    lookup = _read_back(engine)
    for seed in range(200):
        _agrees(lookup, engine, answers_of(engine, random.Random(seed)))


def test_a_pitfall_is_shown_for_the_channels_that_it_names_and_no_others() -> None:
    """Not to who plays another one, nor to who has none left."""
    edits: dict[Entry, object] = {
        ("channels", "barter"): Like("stall", {}),
        ("rules", "neighbours-barter"): Like(
            "today-at-the-stall", {"when": {"season": "winter"}, "points": {"barter": 20}}
        ),
        ("gates", "closed-today"): Like(
            "no-market-in-winter",
            {"channels": ["stall", "post", "barter"], "when": {"goal": "today", "boxes": True}},
        ),
        ("pitfalls", "nobody-wants-pears"): Like(
            "rain", {"channels": ["barter"], "when": {"goods": "pears"}}
        ),
    }
    engine = Engine(spoil(load_rulebook(CLEAN), edits))
    lookup = _read_back(engine)
    for seed in range(200):
        _agrees(lookup, engine, answers_of(engine, random.Random(seed)))


def test_a_step_for_later_has_a_condition_of_its_own() -> None:
    """Nothing of this week hangs on the weather, but whether to buy a tent does."""
    edits: dict[Entry, object] = {
        ("questions", "weather"): Like("season", {"core": False}),
        ("plan", "buy-a-tent"): Like(
            "rent-a-stall", {"phase": "later", "when": {"weather": "winter"}}
        ),
    }
    engine = Engine(spoil(load_rulebook(CLEAN), edits))
    lookup = _read_back(engine)
    for seed in range(200):
        _agrees(lookup, engine, answers_of(engine, random.Random(seed)))


@pytest.mark.slow
def test_packed_results_agree_with_the_program(rulebook: Rulebook, engine: Engine) -> None:
    """2,000 random sellers: verdict, access, fit, variants, plan and pitfalls."""
    lookup = _read_back(engine)
    for seed in range(2000):
        _agrees(lookup, engine, answers_of(engine, random.Random(seed)))


def _told_apart(engine: Engine, count: int) -> None:
    """Of some cells, two have one number exactly where they have one result."""
    table = _read_back(engine)["results"]
    numbers: dict[object, object] = {}
    results: dict[object, object] = {}
    margin = [axis.question.derived for axis in engine.space.axes]
    options = [
        [1] if held else axis.bands for held, axis in zip(margin, engine.space.axes, strict=True)
    ]
    for cell, terms in engine.space.sample(options, count, 3):
        number, result = table.find(cell), engine.results.at(terms)
        assert numbers.setdefault(result, number) == number
        assert results.setdefault(number, result) == result
    assert len(results) > 1


def test_results_of_a_small_rulebook_are_told_apart() -> None:
    """Its steps and critical pitfalls among them."""
    _told_apart(Engine(load_rulebook(CLEAN)), 200)


@pytest.mark.slow
def test_results_are_told_apart_as_the_program_does(engine: Engine) -> None:
    """In 5,000 cells of the shipped rulebook."""
    _told_apart(engine, 5000)
