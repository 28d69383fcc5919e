"""Questions in other words for some sellers."""

from __future__ import annotations

from pathlib import Path

import choose_channel as cc
from choose_channel.checks.explain import described
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook

TINY = Path(__file__).parents[1] / "tiny_rulebook"


def test_a_question_is_put_in_the_words_for_a_seller() -> None:
    """What a wording gives takes the place of the question's own text; the rest stays."""
    rulebook = load_rulebook(TINY)
    question = rulebook.questions["insured"]
    worded = Engine(rulebook).seller({"goods": "pears"}).worded(question)
    assert worded.title["en"] == "Are the pears insured"
    assert (worded.help, worded.short) == (question.help, question.short)


def test_others_are_asked_in_the_usual_words() -> None:
    """Where no wording holds, the question is what it was."""
    rulebook = load_rulebook(TINY)
    question = rulebook.questions["insured"]
    assert Engine(rulebook).seller({"goods": "apples"}).worded(question) == question


def test_the_library_asks_in_the_words_for_a_seller(rulebook: Rulebook) -> None:
    """`next_question` gives what the dialogue would ask: a course is no item."""
    course = cc.next_question({"product_type": "digital"}, rulebook)
    goods = cc.next_question({"product_type": "commodity"}, rulebook)
    assert course is not None
    assert goods is not None
    assert (course.id, goods.id) == ("price", "price")
    assert "course" in course.title["en"]
    assert "course" not in goods.title["en"]


def test_an_example_is_worded_and_its_choice_keeps_its_name(rulebook: Rulebook) -> None:
    """Labels are the same for everybody."""
    question = rulebook.questions["store"]
    worded = Engine(rulebook).seller({"product_type": "digital"}).worded(question)
    choices, usual = worded.choices, question.choices
    assert [choice.label for choice in choices] == [choice.label for choice in usual]
    assert [choice.example for choice in choices] != [choice.example for choice in usual]


def test_authors_are_shown_all_wordings() -> None:
    """`rules show` prints for whom a question is asked in other words, and in which."""
    rulebook = load_rulebook(TINY)
    lines = [*described(rulebook, Messages(rulebook.wording, "en"), ("questions", "insured"))]
    assert "Asked of some (goods is fresh pears) as: Are the pears insured" in lines
