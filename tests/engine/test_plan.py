"""The plan: which steps are for now, which settle a question, and which wait."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.model.rulebook import UNKNOWN

TINY = Path(__file__).parents[1] / "tiny_rulebook"
APPLES: Given = {"goods": "apples"}
PEARS: Given = {"goods": "pears"}
WEAK = {
    "when": {"goods": "apples"},
    "dimension": "money",
    "points": {"post": -20},
    "because": {"zh": "弱", "en": "weak"},
    "source": "-",
}
"""A rule that makes the post a poor fit for apples."""


def _step(phase: str, **keys: Any) -> dict[str, Any]:
    text = {"zh": "做", "en": "Do it"}
    return {"phase": phase, "text": text, "done_when": text, "source": "-", **keys}


class Folder:
    """The tiny rulebook with other steps, gates and rules."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(shutil.copytree(TINY, folder / "book"))

    def write(self, stem: str, **entries: Any) -> Folder:
        named = {name.replace("_", "-"): entry for name, entry in entries.items()}
        path = self.folder / f"{stem}.yaml"
        path.write_text(json.dumps(named), encoding="utf-8")  # YAML holds JSON
        return self

    def gates(self, **gates: Any) -> Folder:
        text = {"zh": "因为", "en": "because"}
        full = {name: {"because": text, "source": "-", **gate} for name, gate in gates.items()}
        (self.folder / "pitfalls.yaml").write_text("{}", encoding="utf-8")
        return self.write("gates", **full)

    def steps(self, given: Given, **steps: Any) -> list[tuple[str, str]]:
        """The plan of somebody who gave these answers, as phases and steps."""
        seller = self.engine(**steps).seller(given)
        situation = seller.situation
        plan = seller.engine.planner.plan(situation.terms, situation.assumed)
        return [(phase, step.id) for phase, step in plan]

    def engine(self, **steps: Any) -> Engine:
        titles = {name: {"title": {"zh": f"做{name}", "en": f"Do {name}"}} for name in steps}
        self.write("plan", **{name: {**titles[name], **step} for name, step in steps.items()})
        return Engine(load_rulebook(self.folder))


@pytest.fixture
def tiny(tmp_path: Path) -> Folder:
    """Pears do not travel by post, and nothing else is shut."""
    return Folder(tmp_path)


def test_a_step_that_settles_a_question_is_first_while_that_is_open(tiny: Folder) -> None:
    """Open means not answered, or answered with unknown."""
    steps = {
        "stand": _step("now", channels=["stall"]),
        "look": _step("now", channels=["stall"], settles="insured"),
    }
    both = [("now", "look"), ("now", "stand")]
    assert tiny.steps(APPLES, **steps) == both
    assert tiny.steps({**APPLES, "insured": UNKNOWN}, **steps) == both
    assert tiny.steps({**APPLES, "insured": False}, **steps) == [("now", "stand")]


def test_a_step_that_settles_a_question_is_no_part_of_the_result(tiny: Folder) -> None:
    """The result is the same for everybody in the cell."""
    engine = tiny.engine(
        look=_step("now", channels=["stall"], settles="insured"),
        stand=_step("now", channels=["stall"]),
    )
    assert engine.seller(APPLES).result.steps == ("stand",)
    assert engine.seller(APPLES).result == engine.seller({**APPLES, "insured": False}).result


def test_what_settles_a_question_about_a_gate_is_for_who_stands_before_it(tiny: Folder) -> None:
    """Pears by post are locked, but the stall is what a seller of pears aims at."""
    tiny.gates(no_pears={"access": "locked", "channels": ["post"], "when": {"goods": "pears"}})
    steps = {
        "look": _step("unlock", unlocks=["no-pears"], settles="insured"),
        "stand": _step("now", channels=["stall"]),
    }
    assert tiny.steps(PEARS, **steps) == [("now", "stand")]
    shut = {"access": "locked", "channels": ["stall"]}
    tiny.gates(
        no_pears={"access": "locked", "channels": ["post"], "when": {"goods": "pears"}},
        no_stall={**shut, "when": {"goods": "pears"}},
    )
    assert tiny.steps(PEARS, **steps)[0] == ("now", "look")


def test_a_step_waits_for_the_channel_it_needs(tiny: Folder) -> None:
    """It comes later while that channel is locked."""
    tiny.gates(no_pears={"access": "locked", "channels": ["post"], "when": {"goods": "pears"}})
    steps = {
        "send": _step("now", channels=["stall"], needs="post"),
        "stand": _step("now", channels=["stall"]),
    }
    assert tiny.steps(APPLES, **steps) == [("now", "send"), ("now", "stand")]
    assert tiny.steps(PEARS, **steps) == [("now", "stand"), ("later", "send")]
    assert tiny.engine(**steps).seller(PEARS).result.steps == ("stand",)


def test_what_waits_for_a_channel_comes_after_the_steps_that_open_and_play_it(tiny: Folder) -> None:
    """Nobody adds a second way of selling before the first one sells."""
    locked = {"access": "locked", "when": {"goods": "pears"}}
    tiny.gates(no_post={**locked, "channels": ["post"]}, no_stall={**locked, "channels": ["stall"]})
    steps = {
        "add-the-post": _step("unlock", unlocks=["no-post"], needs="stall"),
        "rent": _step("unlock", unlocks=["no-stall"]),
        "stand": _step("now", channels=["stall"]),
    }
    assert tiny.steps(PEARS, **steps) == [
        ("unlock", "rent"),
        ("later", "stand"),
        ("later", "add-the-post"),
    ]


def test_where_nothing_is_open_each_early_step_comes_once_the_aim_first(tiny: Folder) -> None:
    """Then the gates of the other locked channels, and all that is not early after that."""
    locked = {"access": "locked", "when": {"goods": "pears"}}
    tiny.gates(no_post={**locked, "channels": ["post"]}, no_stall={**locked, "channels": ["stall"]})
    steps = {
        "rent": _step("unlock", unlocks=["no-stall"]),
        "ask-post": _step("unlock", unlocks=["no-post"], early=True),
        "ask-both": _step("unlock", unlocks=["no-post", "no-stall"], early=True),
        "ask-stall": _step("unlock", unlocks=["no-stall"], early=True),
    }
    engine = tiny.engine(**steps)
    assert engine.seller(PEARS).scores.aim == "stall"
    assert tiny.steps(PEARS, **steps) == [
        ("now", "ask-both"),
        ("now", "ask-stall"),
        ("now", "ask-post"),
        ("unlock", "rent"),
    ]


def test_no_step_opens_a_channel_that_fits_badly_unless_it_is_the_aim(tiny: Folder) -> None:
    """It would cost time and money that the aim needs."""
    locked = {"access": "locked", "when": {"goods": "apples"}}
    tiny.gates(no_post={**locked, "channels": ["post"]}, no_stall={**locked, "channels": ["stall"]})
    steps = {
        "rent": _step("unlock", unlocks=["no-stall"]),
        "ask-post": _step("unlock", unlocks=["no-post"], early=True),
        "stand": _step("now", channels=["stall"]),
    }
    both = {step for _, step in tiny.steps(APPLES, **steps)}
    tiny.write("rules", weak=WEAK)
    assert both - {step for _, step in tiny.steps(APPLES, **steps)} == {"ask-post"}
    tiny.gates(
        no_post={**locked, "channels": ["post"]},
        no_stall={**locked, "access": "closed", "channels": ["stall"]},
    )
    steps["rent"] = _step("now", channels=["stall"])
    assert ("now", "ask-post") in tiny.steps(APPLES, **steps)


def test_a_week_is_remembered_for_those_before_the_same_gate_only(tiny: Folder) -> None:
    """Channels that stand alike may be shut by gates of which each asks for something else."""
    shut = {"access": "locked", "channels": ["stall", "post"]}
    tiny.gates(
        no_apples={**shut, "when": {"goods": "apples"}},
        no_pears={**shut, "when": {"goods": "pears"}},
    )
    engine = tiny.engine(
        grow=_step("unlock", unlocks=["no-apples"], early=True),
        wait=_step("unlock", unlocks=["no-pears"], early=True),
    )
    apples, pears = engine.seller({**APPLES, "price": Decimal(60)}), engine.seller(PEARS)
    assert apples.scores == pears.scores
    assert (apples.result.steps, pears.result.steps) == (("grow",), ("wait",))


def test_what_is_open_but_weak_still_has_a_step(tiny: Folder) -> None:
    """Early steps first; where there are none, those of the channel that is open."""
    tiny.gates(no_stall={"access": "locked", "channels": ["stall"], "when": {"goods": "apples"}})
    tiny.write("rules", weak=WEAK)
    steps = {
        "send": _step("now", channels=["post"]),
        "rent": _step("unlock", unlocks=["no-stall"]),
    }
    engine = tiny.engine(**steps)
    seller = engine.seller(APPLES)
    assert (seller.scores.recommended, seller.scores.weak) == ("post", True)
    assert seller.result.steps == ("send",)
    steps["ask"] = _step("unlock", unlocks=["no-stall"], early=True)
    assert tiny.engine(**steps).seller(APPLES).result.steps == ("ask",)


def test_what_is_aimed_at_is_never_weak(tiny: Folder) -> None:
    """Nobody is told to spend nothing on the best that they can ever have."""
    tiny.gates(no_stall={"access": "closed", "channels": ["stall"], "when": {"goods": "apples"}})
    tiny.write("rules", weak=WEAK)
    scores = tiny.engine(send=_step("now", channels=["post"])).seller(APPLES).scores
    assert (scores.recommended, scores.aim, scores.weak) == ("post", "post", False)


def test_this_week_is_the_first_three_steps(engine: Engine) -> None:
    """In every cell of a sample of the shipped rulebook, remembered or not."""
    for _, terms in engine.space.sample(None, 500):
        scores = engine.evaluator.scores(terms)
        plan = engine.planner.plan(terms)
        now = [step.id for phase, step in plan if phase == "now"]
        assert list(engine.planner.this_week(terms, scores)) == now[:3]
        assert engine.results.at(terms).steps == tuple(now[:3])


def test_the_first_step_alone_is_that_of_the_plan(engine: Engine) -> None:
    """In a column of a table there is room for one; with nothing open, and with everything."""
    planner, differing = engine.planner, 0
    for _, terms in engine.space.sample(None, 300):
        scores = engine.evaluator.scores(terms)
        firsts = []
        for unanswered in ((), engine.rulebook.questions):
            plan = planner.plan(terms, unanswered)
            firsts.append(planner.first(terms, scores, unanswered))
            assert firsts[-1] == (plan[0][1].id if plan else None)
        differing += firsts[0] != firsts[1]
    assert 0 < differing < 300


def test_a_plan_depends_only_on_the_terms_that_it_is_said_to_read(engine: Engine) -> None:
    """Neighbours that stand alike, and agree in these terms, have one plan; so has this week."""
    space, planner = engine.space, engine.planner
    compared = {True: 0, False: 0}
    for cell, terms in space.sample(None, 100):
        scores = engine.evaluator.scores(terms)
        for number, axis in enumerate(space.axes):
            for band in axis.bands if cell[number] else ():
                _, other = space.move(cell, {number: band}, lambda _axis: 1)
                if engine.evaluator.scores(other) != scores:
                    continue
                for week in compared:
                    if (terms ^ other) & planner.read_at(scores, this_week=week) == 0:
                        compared[week] += terms != other
                        both = [planner.at(side, scores) for side in (terms, other)]
                        weeks = [planner.this_week(side, scores) for side in (terms, other)]
                        assert weeks[0] == weeks[1]
                        assert week or both[0] == both[1]
    assert compared[True] > compared[False] > 0


def test_a_plan_can_be_read_off_its_candidates(engine: Engine) -> None:
    """One step after another, each by itself: what the page does."""
    planner = engine.planner
    for _, terms in engine.space.sample(None, 300):
        scores = engine.evaluator.scores(terms)
        settling, now, otherwise = (
            [candidate.step.id for candidate in group if candidate.when(terms)]
            for group in planner.candidates(scores)
        )
        assert settling == [step.id for step in planner.at(terms, scores).settling]
        assert (*dict.fromkeys(now or otherwise),)[:3] == planner.this_week(terms, scores)


def test_one_title_comes_once(tiny: Folder) -> None:
    """A step for now and one for later may say the same."""
    twin = {"title": {"zh": "问一下", "en": "Ask"}, "channels": ["stall"]}
    steps = {
        "ask-again": _step("later", **twin),
        "ask": _step("now", **twin),
        "stand": _step("later", channels=["stall"]),
    }
    assert tiny.steps(APPLES, **steps) == [("now", "ask"), ("later", "stand")]
