"""What an author writes once is written out in the conditions of other entries."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.model.conditions import AnyOf, Is

TINY = Path(__file__).parents[1] / "tiny_rulebook"
COUNTS_AS = """
  applies: {goods: apples, not: {price: {below: 10}}}
  counts_as: {"true": {goods: pears}}
"""
TEXTS = """
  dimension: money
  points: {stall: 5}
  because: {zh: 因为, en: because}
  source: judgement
"""
RULES = f"""
member:
  when: {{insured: true}}{TEXTS}
no-member:
  when: {{not: {{insured: true}}}}{TEXTS}
uninsured:
  when: {{insured: false}}{TEXTS}
nothing-of-both:
  when: {{not: {{insured: [true, false]}}}}{TEXTS}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny rulebook, whose pears count as insured."""
    path = Path(shutil.copytree(TINY, tmp_path / "book"))
    questions = (path / "questions.yaml").read_text(encoding="utf-8")
    (path / "questions.yaml").write_text(questions.rstrip() + COUNTS_AS, encoding="utf-8")
    (path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return path


def test_a_question_that_does_not_apply_counts_as_its_condition_says(folder: Path) -> None:
    """In every cell, and inside `not` too: pears are insured; apples below 10 are neither."""
    engine = Engine(load_rulebook(folder))
    fired = {}
    for cell, terms in engine.space.walk():
        values = engine.space.values(cell)
        key = values["goods"], values.get("insured")
        fired[key] = {rule.id for rule in engine.evaluator.evaluate(terms).rules}
    assert fired == {
        ("apples", False): {"no-member", "uninsured"},
        ("apples", True): {"member"},
        ("apples", None): {"no-member", "nothing-of-both"},
        ("pears", None): {"member"},
    }


def test_what_counts_as_another_may_read_a_question_that_counts_so_itself(folder: Path) -> None:
    """`counts_as` is written out in the order of the questions."""
    more = """
club:
  type: boolean
  core: false
  assumed: false
  applies: {goods: apples}
  counts_as: {"true": {insured: true}}
  short: {zh: 会员, en: club}
  title: {zh: 是会员吗, en: Are you a member}
  help: {zh: 会员有用, en: It helps}
"""
    with (folder / "questions.yaml").open("a", encoding="utf-8") as questions:
        questions.write(more)
    rules = f"clubbed:\n  when: {{club: true}}{TEXTS}"
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    engine = Engine(load_rulebook(folder))
    assert [rule.id for rule in engine.seller({"goods": "pears"}).evaluation.rules] == ["clubbed"]
    assert engine.seller({"goods": "apples"}).evaluation.rules == ()


def test_what_the_question_denies_itself_is_not_said_twice(folder: Path) -> None:
    """Insured is asked unless the goods are pears: then "does not apply" needs no words."""
    path = folder / "questions.yaml"
    text = path.read_text(encoding="utf-8")
    applies = "  applies: {not: {any: [{goods: pears}, {price: {below: 10}}]}}\n"
    short = text.replace("  applies: {goods: apples, not: {price: {below: 10}}}\n", applies)
    assert short != text
    path.write_text(short, encoding="utf-8")
    insured, pears = Is("insured", frozenset({"true"})), Is("goods", frozenset({"pears"}))
    assert load_rulebook(folder).rules["member"].when == AnyOf((insured, pears))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("questions.yaml", '{"true": {goods: pears}}', '{"false": {goods: pears}}'),
        ("plan.yaml", "  channels: [stall]\n", "  channels: [stall]\n  settles: insured\n"),
        ("plan.yaml", "  channels: [stall]\n", "  channels: [stall]\n  needs: post\n"),
        ("plan.yaml", "  channels: [stall]\n", "  channels: [stall]\n  sum: cash\n"),
        ("facts.yaml", "  value: 2\n", "  value: 2\n  checked: 2026-11-28\n"),
    ],
)
def test_the_digest_covers_every_key(folder: Path, file: str, old: str, new: str) -> None:
    """Each of them changes what is decided, or what a text tells."""
    before = load_rulebook(folder).digest
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    assert load_rulebook(folder).digest != before


def test_a_step_with_a_sum_is_only_for_who_gave_no_costs(tmp_path: Path) -> None:
    """`sum` reads the margin: once that is known, the sum is done."""
    step = """
work-it-out:
  phase: now
  channels: [tiktok_shop, bio_link, hybrid]
  sum: profit
  title: {zh: 算一算, en: Work it out}
  text: {zh: 算一算, en: Work it out}
  done_when: {zh: 算好了, en: Done}
  source: judgement
"""
    plan = tmp_path / "plan.yaml"
    plan.write_text(step, encoding="utf-8")
    engine = Engine(load_rulebook(tmp_path))
    condition = engine.rulebook.steps["work-it-out"].when
    answers: Given = {
        "product_type": "commodity",
        "price": Decimal(20),
        "warehouse": "local",
        "followers": Decimal(5000),
        "business_license": "overseas",
    }

    def shown(**more: str) -> bool:
        return engine.evaluator.holds(condition, engine.seller({**answers, **more}).situation.terms)

    assert shown()
    assert not shown(margin="healthy")
