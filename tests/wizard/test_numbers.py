"""Numbers in the dialogue: what may mean two things is asked back, yuan take a rate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from choose_channel.answers.parse import Rate
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook
from choose_channel.wizard.prompt import Prompt, question_prompt, read_answer


def prompt(rulebook: Rulebook, messages: Messages, name: str, rate: Rate | None = None) -> Prompt:
    """The prompt for one number."""
    question = rulebook.answerable[name]
    return question_prompt(
        rulebook, question, messages, progress="", start=None, reasons=(), back=False, rate=rate
    )


def test_a_rate_below_one_is_asked_back(rulebook: Rulebook, messages: Messages) -> None:
    """The field stays, and says what either would be; with its sign it is taken."""
    asked = prompt(rulebook, messages, "return_rate")
    assert asked.refuse("0.15") == 'Is "0.15" 0.15%, or 15%? Write it with its percent sign.'
    assert asked.refuse("0.15%") is None
    assert asked.refuse("15") is None


def test_a_fraction_of_a_cent_is_asked_back(rulebook: Rulebook, messages: Messages) -> None:
    """In a price as in a cost."""
    for name in ("price", "unit_cost"):
        assert "fraction of a cent" in (prompt(rulebook, messages, name).refuse("8.505") or "")


@pytest.mark.parametrize(
    ("typed", "yuan", "dollars"), [("36元", Decimal("7.2"), "5"), ("36元/7.2", None, "5")]
)
def test_yuan_take_a_rate_that_was_given_or_stands_beside_them(
    typed: str, yuan: Decimal | None, dollars: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Without one the field says how to give it."""
    rate = Rate("cny_per_usd", yuan)
    question = rulebook.answerable["unit_cost"]
    assert prompt(rulebook, messages, "unit_cost", rate).refuse(typed) is None
    assert read_answer(question, typed, messages, rate) == Decimal(dollars)
    without = prompt(rulebook, messages, "unit_cost", Rate("cny_per_usd", None)).refuse("36元")
    assert 'write "36元/"' in (without or "")


def test_the_help_tells_the_usual_figure(rulebook: Rulebook, messages: Messages) -> None:
    """As the fact has it."""
    assert "5% to 30%" in prompt(rulebook, messages, "creator_commission").lines[0]
