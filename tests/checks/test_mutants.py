"""The mutation run: that a slip in the rulebook is made, weighed, and noticed by a worked case.

The run over all mutants takes minutes and is a script: `python -m tests.checks.mutants`.
"""

from __future__ import annotations

import pytest

from choose_channel.loading.build import build
from choose_channel.loading.load import load_rulebook
from tests.checks.mutants import Mutant, Room, mutants, room, room_of, shortened
from tests.checks.rulebooks import CLEAN, SUMS, spoil


@pytest.fixture(scope="module")
def small() -> Room:
    """The clean rulebook with its two cases."""
    return room_of(load_rulebook(CLEAN), [CLEAN / "cases.yaml"])


def named(name: str, among: Room) -> Mutant:
    """The mutant with this name."""
    (mutant,) = [mutant for mutant in mutants(among.rulebook) if mutant.name == name]
    return mutant


def test_every_key_of_a_condition_is_dropped_once() -> None:
    """At any depth; what is left empty goes as well."""
    condition = {"a": 1, "not": {"any": [{"b": 2}, {"c": 3, "d": 4}]}}
    assert list(shortened(condition)) == [
        ("a", {"not": {"any": [{"b": 2}, {"c": 3, "d": 4}]}}),
        ("not", {"a": 1}),
        ("not any b", {"a": 1, "not": {"any": [{"c": 3, "d": 4}]}}),
        ("not any c", {"a": 1, "not": {"any": [{"b": 2}, {"d": 4}]}}),
        ("not any d", {"a": 1, "not": {"any": [{"b": 2}, {"c": 3}]}}),
    ]


def test_the_mutants_of_a_small_rulebook(small: Room) -> None:
    """Each number up and down, each key of rules, gates and critical pitfalls, each gate."""
    names = [mutant.name for mutant in mutants(small.rulebook)]
    assert len(names) == len(set(names)) == 2 * 7 + 5 + 3 + 2 + 2
    assert names[:2] == [f"cheap-apples-at-the-stall: stall {shift}" for shift in ("+10", "-10")]
    assert names[-4:] == [
        *(f"bruised: when without {key}" for key in ("goods", "boxes")),
        *(f"{gate}: left out" for gate in ("no-market-in-winter", "pears-bruise")),
    ]


def test_a_mutant_is_a_rulebook_of_its_own(small: Room) -> None:
    """All of them can be built, and the rulebook they come from stays as it is."""
    rulebook = small.rulebook
    before = build(rulebook.written, "")
    for mutant in mutants(rulebook):
        assert mutant.rulebook(rulebook).written != rulebook.written
    assert build(rulebook.written, "").rules == before.rules


@pytest.mark.parametrize(
    ("name", "counts", "noticed"),
    [
        ("pears-bruise: left out", True, "Pears in winter without boxes"),
        ("no-market-in-winter: left out", True, "Pears in winter without boxes"),
        ("regulars-write: post +10", True, None),
        ("today-at-the-stall: stall +10", True, None),
        ("regulars-write: post -10", True, None),
        ("dear-apples-by-post: stall -10", False, None),
    ],
)
def test_a_mutant_is_weighed_and_noticed(
    name: str, counts: bool, noticed: str | None, small: Room
) -> None:
    """One that changes no result does not count; one that no case fails on escapes."""
    verdict = small.judged(named(name, small))
    assert (verdict.counts, verdict.noticed) == (counts, noticed)


def test_a_mutant_that_hangs_on_a_derived_answer_is_weighed_over_all_of_them() -> None:
    """A gate that reads the margin could go without changing a result at the assumed one."""
    summed = room_of(spoil(load_rulebook(CLEAN), SUMS), [CLEAN / "cases.yaml"])
    assert summed.judged(named("nothing-is-left: left out", summed)).counts


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "held-payouts-hurt-tight-cash: tiktok_shop +10",
        "no-store-yet: bio_link +10",
        "link-needs-followers: when without not any website_field",
        "paper-warehouse: left out",
        "brand-needs-its-own-customers: when without goal",
    ],
)
def test_the_worked_cases_notice_some_slips(name: str) -> None:
    """A handful of those that the whole run notices."""
    verdict = room().judged(named(name, room()))
    assert verdict.counts
    assert verdict.noticed
