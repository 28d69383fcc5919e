"""Whole dialogues, with a scripted person in place of a terminal."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path

import pytest

from choose_channel.answers.sources import Answers
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import effects_of, numbers
from choose_channel.files import storage
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value
from choose_channel.wizard.drafts import Draft, Drafts
from choose_channel.wizard.prompt import Ask, Prompt, Reply, Signal, money_prompt
from choose_channel.wizard.wizard import Wizard
from tests.wizard.lines import in_lines

GO = "all right"
"""The step of a script that confirms the review."""
REST = "the rest"
"""The step of a script that answers every further question with "I don't know yet", and declines
the money."""
YES, NO = "yes", "no"
MONEY = "the offer to work out the money"
"""Stands for that prompt in lists of question ids."""
CORE = ("commodity", "9", "abroad", "0", "none")
SHORT = ("digital", "9", "0", "overseas")
"""A seller of courses with a company abroad: nothing else can change their result."""


LOOK = Reply(None, Signal.REVIEW)
"""The wish to see the answers so far."""


def back(so_far: str | None = None) -> Reply:
    """Shift-Tab, with this typed or highlighted."""
    return Reply(so_far, Signal.BACK)


def why(so_far: str | None = None) -> Reply:
    """The question mark, with this typed or highlighted."""
    return Reply(so_far, Signal.HELP)


@dataclass
class Talk:
    """One conversation: a person who follows a script, and leaves where it ends."""

    rulebook: Rulebook
    messages: Messages
    drafts: Drafts = field(default_factory=Drafts)
    prompts: list[Prompt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: Answers | None = None
    lines: bool = False
    """Whether each reply is typed as a line."""

    def __call__(
        self, *script: str | Reply, given: Mapping[str, Value] | None = None, ask_all: bool = False
    ) -> Talk:
        """Holds the conversation. `answers` stays None where the person left."""
        steps = list(script)

        def ask(prompt: Prompt) -> Reply:
            self.prompts.append(prompt)
            if steps[:1] == [REST]:
                if self.asked[-1] == MONEY:
                    return Reply(NO)
                if prompt.can_explain:
                    return Reply(UNKNOWN)
                del steps[0]
            if not steps:
                raise KeyboardInterrupt
            step = steps.pop(0)
            if isinstance(step, Reply):
                return step
            if prompt.options:
                value = prompt.options[0].value if step == GO else step
                assert value in {option.value for option in prompt.options}, (prompt.title, step)
                return Reply(value)
            assert prompt.refuse(step) is None
            return Reply(step)

        front_end: Ask = in_lines(ask, self.messages) if self.lines else ask
        self.prompts, self.notes, self.answers = [], [], None
        answers = Answers(given or {}, dict.fromkeys(given or {}, "flag"))
        wizard = Wizard(
            Engine(self.rulebook),
            answers,
            self.messages,
            front_end,
            self.notes.append,
            self.drafts,
            date="2026-11-22",
            ask_all=ask_all,
        )
        try:
            self.answers = wizard.run().answers
        except KeyboardInterrupt:
            return self
        assert not steps, "the conversation ended before the script"
        return self

    @property
    def asked(self) -> list[str]:
        """What was shown, as ids of questions, or the title of what is no question."""
        names = {
            self.messages.text(title): name
            for name, question in self.rulebook.answerable.items()
            for title in (question.title, *(wording.title for wording in question.worded_for))
            if title
        }
        offer = self.messages("ask_money", numbers="\n").split("\n")[0]
        return [
            MONEY if prompt.title.startswith(offer) else names.get(prompt.title, prompt.title)
            for prompt in self.prompts
        ]

    @property
    def last(self) -> Prompt:
        """The prompt that the person saw last."""
        return self.prompts[-1]

    @property
    def given(self) -> Mapping[str, Value]:
        """The answers that the conversation led to."""
        assert self.answers is not None
        return self.answers.given


@pytest.fixture(params=["with keys", "in lines"])
def talk(verdicts: Rulebook, messages: Messages, request: pytest.FixtureRequest) -> Talk:
    """A conversation in English about the verdict of the shipped rulebook, with no draft yet."""
    return Talk(verdicts, messages, lines=request.param == "in lines")


@pytest.fixture(params=["with keys", "in lines"])
def fruit(messages: Messages, request: pytest.FixtureRequest) -> Talk:
    """A conversation about a rulebook of apples and pears, in which nothing ever changes."""
    rulebook = load_rulebook(str(Path(__file__).parents[1] / "clean_rulebook"))
    return Talk(rulebook, messages, lines=request.param == "in lines")


@pytest.fixture
def review(messages: Messages) -> str:
    """The title of the review."""
    return messages("ask_review")


@pytest.fixture
def resume(messages: Messages) -> str:
    """How the offer to go on begins."""
    return messages("ask_resume", date="", count="").split("  ")[0]


# ---- forward


def test_core_questions_then_review_then_answers(talk: Talk, review: str) -> None:
    """The shortest way through."""
    talk(*SHORT, NO, GO)
    assert talk.asked == ["product_type", "price", "followers", "business_license", MONEY, review]
    assert talk.given == {
        "product_type": "digital",
        "price": Decimal(9),
        "followers": Decimal(0),
        "business_license": "overseas",
    }


def test_answers_come_in_the_order_of_the_rulebook(talk: Talk) -> None:
    """A report does not depend on the way through the questions."""
    talk(*SHORT, NO, "price", "12", GO)
    assert list(talk.given) == ["product_type", "price", "followers", "business_license"]


def test_answers_of_the_person_are_marked_as_such(talk: Talk) -> None:
    """A decision record tells what came from a flag and what from a person."""
    talk(*SHORT[1:], NO, GO, given={"product_type": "digital"})
    assert talk.answers is not None
    assert talk.answers.sources["product_type"] == "flag"
    assert talk.answers.sources["price"] == "prompt"


def test_what_was_given_by_flag_is_not_asked(talk: Talk) -> None:
    """Only the rest is."""
    talk(given={"product_type": "digital", "followers": Decimal(5)})
    assert talk.asked == ["price"]


def test_nothing_is_preselected_before_the_person_spoke(talk: Talk) -> None:
    """Not even the answer that would be assumed."""
    talk(*CORE, REST)
    questions = [prompt for prompt in talk.prompts if prompt.can_explain]
    assert len(questions) > len(CORE)
    assert {prompt.start for prompt in questions} == {None}


def test_an_empty_field_means_not_known(talk: Talk) -> None:
    """Spaces are as empty as nothing."""
    talk("digital", "  ", "", "overseas", NO, GO)
    assert talk.given["price"] == UNKNOWN
    assert talk.given["followers"] == UNKNOWN


def test_a_wrong_number_is_refused_with_what_would_be_right(talk: Talk) -> None:
    """The reason stands beside the field, so the prompt asks for it."""
    talk("digital")
    assert talk.last.refuse("$9.90") is None
    assert talk.last.refuse("") is None
    refusal = talk.last.refuse("¥50")
    assert refusal is not None
    assert "US dollars" in refusal


def test_every_choice_stands_with_its_example(
    talk: Talk, rulebook: Rulebook, messages: Messages
) -> None:
    """Label and example as the rulebook has them, and a way not to know."""
    talk("commodity", "9")
    choices = rulebook.questions["warehouse"].choices
    options = [(option.value, option.label, option.detail) for option in talk.last.options]
    expected = [
        (choice.id, messages.text(choice.label), messages.text(choice.example or {}))
        for choice in choices
    ]
    assert options == [*expected, (UNKNOWN, messages("unknown_answer"), "")]


def test_the_goods_must_be_known(talk: Talk) -> None:
    """A question without an assumed answer offers no way around."""
    talk()
    assert UNKNOWN not in {option.value for option in talk.last.options}


def test_each_answer_is_noted_once(talk: Talk) -> None:
    """What was said stays above the questions."""
    talk("digital", "9")
    assert talk.notes[1:] == ["· goods: digital goods or services", "· price: $9"]


def test_all_questions_are_asked_on_request(fruit: Talk, review: str) -> None:
    """Even those that can change nothing: in winter there is nothing but the post."""
    fruit("apples", "5", "winter", REST)
    assert fruit.asked[3:] == ["boxes", review]
    fruit.drafts.delete()
    fruit("apples", "5", "winter", REST, ask_all=True)
    assert fruit.asked[3:] == ["boxes", "goal", review]


# ---- progress


def test_progress_counts_up_and_never_promises_more_than_before(talk: Talk) -> None:
    """The number of questions left may be wrong, but it does not grow from prompt to prompt."""
    for answers in (CORE, ("branded", "60", "local", "20", "mainland"), ("affiliate", "20")):
        talk.drafts.delete()
        talk(*answers, REST)
        numbers = [
            [int(word) for word in prompt.progress.replace(",", " ").split() if word.isdigit()]
            for prompt in talk.prompts
            if prompt.progress
        ]
        assert [number[0] for number in numbers] == list(range(1, len(numbers) + 1))
        left = [number[1] if len(number) > 1 else 0 for number in numbers]
        assert all(before >= after for before, after in pairwise(left)), left


def test_progress_after_back_says_what_it_said_before(talk: Talk) -> None:
    """Going back does not change the count."""
    talk(*CORE, *[back()] * 5, *CORE)
    progress = [prompt.progress for prompt in talk.prompts]
    assert progress[6:11] == progress[4::-1]
    assert progress[11:] == progress[1:6]


def test_fewer_questions_promised_where_fewer_apply(talk: Talk) -> None:
    """A changed answer changes the guess, down and up again."""
    fresh = talk("commodity").last.progress
    talk.drafts.delete()
    talk("banned", back(), "commodity")
    assert talk.asked[-1] == "price"
    assert talk.last.progress == fresh


# ---- back


def test_back_shows_the_question_before_with_its_answer(talk: Talk) -> None:
    """And from there the way leads forward again."""
    talk("digital", "9", back(), "9", "0")
    assert talk.asked[1:] == ["price", "followers", "price", "followers", "business_license"]
    assert talk.prompts[3].start == "9"


def test_back_is_not_offered_at_the_first_question(talk: Talk, messages: Messages) -> None:
    """Neither by the prompt nor by the line of keys."""
    talk("digital")
    assert [prompt.can_go_back for prompt in talk.prompts] == [False, True]
    offered = [messages("ask_key_back") in prompt.keys for prompt in talk.prompts]
    assert offered == [False, True]


def test_back_at_the_first_question_stays_there(talk: Talk) -> None:
    """Even if a prompt sends Back although it does not offer it."""
    talk(back(), "digital")
    assert talk.asked == ["product_type", "product_type", "price"]


def test_half_typed_text_survives_back(talk: Talk) -> None:
    """Coming back, the field is as it was left."""
    talk("digital", back("12"), "digital")
    assert talk.last.start == "12"


def test_a_highlighted_choice_survives_back(talk: Talk) -> None:
    """Even one that was never confirmed."""
    talk("digital", "9", "0", back("mainland"), "0")
    assert talk.asked[-1] == "business_license"
    assert talk.last.start == "mainland"


def test_a_field_emptied_before_back_stays_empty(talk: Talk) -> None:
    """The last thing the person did to it counts, not what they had said earlier."""
    talk("digital", "9", back(), back(""), "digital")
    assert talk.last.start == ""


def test_answers_walked_back_over_are_shown_again(talk: Talk) -> None:
    """Each with its answer, before anything new is asked."""
    talk("digital", "9", "0", back(), back(), back(), "digital", "9", "0")
    assert talk.asked[-3:] == ["price", "followers", "business_license"]
    assert [prompt.start for prompt in talk.prompts[-3:]] == ["9", "0", None]


def test_a_confirmed_answer_outdates_what_was_half_typed(talk: Talk) -> None:
    """Going back to it later shows the confirmed answer."""
    talk("digital", back("12"), "digital", "15", back())
    assert talk.last.start == "15"


def test_confirming_an_answer_again_notes_nothing(talk: Talk) -> None:
    """Only what changed is worth a line."""
    talk("digital", "9", back(), "9")
    assert len(talk.notes) == 3


def test_a_corrected_answer_is_noted_as_changed(talk: Talk) -> None:
    """So that two lines about one question do not contradict each other."""
    talk("digital", "9", back(), "12")
    assert talk.notes[-1] == "· price: $12 (changed)"


def test_back_from_the_review_leads_to_the_last_question(talk: Talk, review: str) -> None:
    """And forward to the review again."""
    talk("affiliate", "20", REST, back(), UNKNOWN, GO)
    assert talk.asked[-3:] == [review, talk.asked[-4], review]


def test_back_leaves_out_what_no_longer_applies(talk: Talk) -> None:
    """A creator is not led back to the warehouse of the goods they no longer sell."""
    talk(*CORE, REST, "product_type", "affiliate", REST, *[back()] * 9)
    backwards = talk.asked[talk.asked.index("product_type", 1) + 2 :]
    assert {"product_type", "followers"} <= set(backwards)
    assert not {"price", "warehouse", "business_license", "lead_product"} & set(backwards)


# ---- why


def _reasons(talk: Talk) -> list[str]:
    """What the last question mark added."""
    before, after = talk.prompts[-2:]
    assert after.lines == before.lines
    assert before.reasons == ()
    return list(after.reasons)


def test_why_names_the_gates_that_the_answer_opens_or_shuts(talk: Talk, rulebook: Rulebook) -> None:
    """Each with the answers that do it, its channels and its own sentence, those that close before
    those that lock."""
    talk(*CORE, why())
    assert talk.asked[-1] == "market"
    intro, first, second, *_ = _reasons(talk)
    assert intro == talk.messages("ask_why")
    closed, locked = (rulebook.gates[name] for name in ("shop-not-open-here", "no-local-stock"))
    markets = {
        choice.id: talk.messages.text(choice.label)
        for choice in rulebook.questions["market"].choices
    }
    for line, gate, market in ((first, closed, "no_shop"), (second, locked, "us")):
        because = talk.messages.text(gate.because)
        text = talk.messages("ask_why_gate", channels="Shop, Shop + store", because=because)
        assert line == "· " + talk.messages("ask_why_answer", answers=markets[market], text=text)


def test_why_says_nothing_of_what_is_only_assumed(rulebook: Rulebook) -> None:
    """Where the buyers are is not known yet, so no US shop is spoken of."""
    seller: dict[str, Value] = {"product_type": "commodity", "price": Decimal(9)}
    warehouse = rulebook.questions["warehouse"]

    def effects(given: dict[str, Value]) -> dict[str, tuple[Value, ...]]:
        all_effects = effects_of(Engine(rulebook), given, warehouse)
        return {effect.entry.id: effect.answers for effect in all_effects}

    assert "no-local-stock" not in effects(seller)
    assert effects(seller | {"market": "us"})["no-local-stock"] == ("abroad",)


def test_why_names_the_serious_pitfalls(fruit: Talk) -> None:
    """After the gates, before the points; each after the answer that brings it about."""
    fruit("pears", "summer", why(), ask_all=True)
    assert fruit.asked[-1] == "boxes"
    messages = fruit.messages
    assert _reasons(fruit)[1:] == [
        "· no: " + messages("ask_why_gate", channels="post", because="Pears bruise in bags"),
        "· no: " + messages("ask_why_pitfall", title="Bruised fruit"),
        "· yes: Boxes lose fewer (points: post +6)",
    ]


def test_why_names_the_rules_with_their_points(fruit: Talk) -> None:
    """Those with most points first."""
    fruit("apples", why())
    assert _reasons(fruit)[1:] == [
        "· Dear ones pay for a parcel (points: stall -4, post +16)",
        "· Cheap ones are bought in passing (points: stall +9, post -4)",
    ]


def test_why_leaves_out_what_no_answer_changes(talk: Talk, rulebook: Rulebook) -> None:
    """A rule that holds for every answer is no reason to ask."""
    talk("commodity", "9", why())
    text = " ".join(_reasons(talk))
    assert rulebook.rules["neighbours-undercut"].because["en"] not in text
    assert rulebook.gates["link-needs-followers"].because["en"] not in text


def test_what_hangs_on_an_answer_follows_the_other_answers(talk: Talk, rulebook: Rulebook) -> None:
    """With a company abroad no number of followers opens or shuts the link."""
    gate = talk.messages.text(rulebook.gates["link-needs-followers"].because)
    talk("digital", "9", why())
    assert gate in " ".join(_reasons(talk))
    talk.drafts.delete()
    talk("digital", "9", why(), given={"business_license": "overseas"})
    assert gate not in " ".join(_reasons(talk))


@pytest.mark.parametrize("left_out", ["", "price"])
@pytest.mark.parametrize("name", ["price", "market", "store", "product_type"])
def test_what_hangs_on_an_answer_says_nothing_of_the_margin(
    rulebook: Rulebook, name: str, left_out: str
) -> None:
    """Whether every order loses depends on the costs too, and not on this answer alone."""
    seller = {**GOODS, "price": Decimal("15.99"), "unit_cost": Decimal("9.59"), "store": "fast"}
    seller["shop_shipping"] = Decimal(4)
    seller.pop(left_out, None)
    effects = effects_of(Engine(rulebook), seller, rulebook.questions[name])
    ids = {effect.entry.id for effect in effects}
    assert ids.isdisjoint({"every-order-loses", "every-shop-order-loses", "thin-margin"})
    assert ids.isdisjoint({"creators-would-eat-the-margin"})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_leaves_room_for_the_answers(rulebook: Rulebook, lang: str) -> None:
    """In a window of 80 by 24, for every question; and it says how many reasons are left out."""
    messages = Messages(rulebook.wording, lang)
    core = dict(zip(rulebook.questions, CORE, strict=False))
    seller: dict[str, Value] = {**core, "price": Decimal(9), "followers": Decimal(0)}
    for name, question in rulebook.asked.items():
        others: dict[str, Value] = {
            other: seller.get(other, UNKNOWN) for other in rulebook.asked if other != name
        }
        talk = Talk(rulebook, messages)(why(), given=others, ask_all=True)
        assert talk.asked[0] == name
        lines = _reasons(talk)
        assert sum(len(wrap(line, 77)) for line in lines) <= 8
        items = [line for line in lines if line.startswith("· ")]
        left_out = len(effects_of(Engine(rulebook), others, question)) - len(items)
        assert (messages("ask_why_more", count=left_out) in lines) == (left_out > 0)


def test_why_asked_twice_hides_the_reasons_again(talk: Talk, messages: Messages) -> None:
    """The same key closes what it opened, and says so."""
    talk("commodity", "9", why(), why())
    before, during, after = talk.prompts[-3:]
    assert before == _but_for_refuse(after, before)
    assert messages("ask_key_hide") in during.keys
    assert messages("ask_key_hide") not in after.keys


def test_why_keeps_what_was_typed(talk: Talk) -> None:
    """The text is still in the field when the reasons are open."""
    talk("commodity", why("12"))
    assert talk.last.start == "12"


def test_why_is_never_silent(messages: Messages) -> None:
    """Even where the answer alone changes nothing with these other answers."""
    rulebook = load_rulebook(str(Path(__file__).parents[1] / "tiny_rulebook"))
    talk = Talk(rulebook, messages)("apples", "5", why(), ask_all=True)
    assert talk.asked[-1] == "insured"
    assert _reasons(talk)


# ---- review and change


def test_the_review_shows_every_answer_that_counts(talk: Talk, rulebook: Rulebook) -> None:
    """In words, with what was given by flag."""
    choices = {choice.id: choice for choice in rulebook.questions["business_license"].choices}
    company = choices["overseas"].label["en"]
    talk(*SHORT[1:], NO, given={"product_type": "digital"})
    answers = [option for option in talk.last.options if not option.value.startswith("/")]
    assert [option.label for option in answers] == [
        "goods: digital goods or services",
        "price: $9",
        "followers: 0",
        f"business: {company}",
    ]


def test_the_review_leads_to_the_questions_that_were_left_out(fruit: Talk, review: str) -> None:
    """By their short names; once they are answered, nothing is left to offer."""
    fruit("apples", "5", "winter", REST, "/rest", "regulars", GO)
    assert fruit.asked[3:] == ["boxes", review, "goal", review]
    options = fruit.prompts[4].options
    assert ("/rest", "goal") in [(option.value, option.detail) for option in options]
    assert "/rest" not in {option.value for option in fruit.last.options}
    assert fruit.given["goal"] == "regulars"


def test_the_review_can_be_had_before_the_end(talk: Talk, review: str) -> None:
    """It leads back to the question at hand, or to an answer and from there to that question;
    nothing can be finished there, and nothing else is offered."""
    talk("digital", "9", LOOK, "/on", LOOK, "price", "12", "0", "overseas", NO, GO)
    assert talk.asked[2:8] == ["followers", review, "followers", review, "price", "followers"]
    early = talk.prompts[3]
    assert [option.value for option in early.options] == ["/on", "product_type", "price"]
    assert early.start == "/on"
    assert talk.given["price"] == Decimal(12)


def test_back_from_an_early_review_leads_to_the_answer_before(talk: Talk, review: str) -> None:
    """And forward again to the question at hand."""
    talk("digital", "9", LOOK, back(), "9", "0")
    assert talk.asked[2:] == ["followers", review, "price", "followers", "business_license"]


def test_the_review_from_a_question_of_the_review_is_the_way_back(talk: Talk, review: str) -> None:
    """Nothing is changed."""
    talk(*SHORT, NO, "price", LOOK, GO)
    assert talk.asked[-3:] == [review, "price", review]
    assert talk.given["price"] == Decimal(9)


def test_there_is_no_review_before_the_first_answer(talk: Talk) -> None:
    """There is nothing to see."""
    talk("digital")
    assert [prompt.can_review for prompt in talk.prompts] == [False, True]


def test_any_answer_can_be_changed_in_the_review(talk: Talk, review: str) -> None:
    """The question comes with its answer, and then the review again."""
    talk(*SHORT, NO, "price", "12", GO)
    assert talk.asked[-3:] == [review, "price", review]
    assert talk.prompts[-2].start == "9"
    assert talk.given["price"] == Decimal(12)


def test_an_answer_given_by_flag_can_be_changed_too(talk: Talk) -> None:
    """From then on it is the person's."""
    talk(*SHORT[1:], NO, "product_type", "banned", GO, given={"product_type": "digital"})
    assert talk.answers is not None
    assert talk.answers.given["product_type"] == "banned"
    assert talk.answers.sources["product_type"] == "prompt"


def test_back_while_changing_returns_to_the_review(talk: Talk, review: str) -> None:
    """With nothing changed."""
    talk(*SHORT, NO, "price", back("12"), GO)
    assert talk.asked[-3:] == [review, "price", review]
    assert talk.given["price"] == Decimal(9)


def test_a_question_changed_once_is_an_ordinary_question_afterwards(
    talk: Talk, messages: Messages
) -> None:
    """It has the heading of a change only while it is being changed."""
    talk(*SHORT, NO, "business_license", "overseas", back())
    assert talk.prompts[-3].progress == messages("ask_changing")
    assert talk.asked[-1] == "business_license"
    assert talk.last.progress != messages("ask_changing")


def test_back_meets_a_changed_question_only_once(talk: Talk) -> None:
    """It was answered last, so it comes first on the way back."""
    talk(*SHORT, NO, "price", "12", *[back()] * 5)
    assert talk.asked[-5:] == ["price", MONEY, "business_license", "followers", "product_type"]


def test_a_change_that_opens_questions_asks_them_first(talk: Talk) -> None:
    """For banned goods nothing else is asked; for a course more is."""
    talk("banned", "product_type", "digital")
    assert talk.asked[-1] == "price"


def test_answers_that_no_longer_apply_are_kept_and_come_back(talk: Talk, review: str) -> None:
    """Changing one's mind twice costs nothing."""
    talk(*CORE, REST, "product_type", "digital", "product_type", "commodity", GO)
    assert talk.asked[-5:] == [review, "product_type", review, "product_type", review]
    aside, again = talk.prompts[-3], talk.prompts[-1]
    assert talk.messages.text(talk.rulebook.questions["warehouse"].short) in aside.lines[-1]
    assert "warehouse" not in {option.value for option in aside.options}
    assert "warehouse" in {option.value for option in again.options}
    assert talk.given["warehouse"] == "abroad"


# ---- the money

GOODS: dict[str, Value] = {
    "product_type": "commodity",
    "price": Decimal(20),
    "warehouse": "local",
    "followers": Decimal(5000),
    "business_license": "overseas",
    **dict.fromkeys(
        ("base", "market", "goal", "experience", "cash", "store", "lead_product"), UNKNOWN
    ),
}
"""A seller who has answered everything but the money."""
NUMBERS = ["unit_cost", "shop_shipping", "link_shipping"]


@pytest.mark.parametrize(
    ("more", "count", "numbers"),
    [
        ({"price": UNKNOWN}, "It takes up to four numbers", ["price", *NUMBERS]),
        ({}, "It takes up to three numbers", NUMBERS),
        ({"unit_cost": Decimal(5)}, "It takes up to two numbers", NUMBERS[1:]),
        ({"market": "no_shop"}, "It takes up to two numbers", ["unit_cost", "link_shipping"]),
        ({"product_type": "digital"}, "It takes one number", ["unit_cost"]),
    ],
)
def test_the_money_is_offered_with_the_numbers_it_takes(
    talk: Talk, rulebook: Rulebook, more: dict[str, Value], count: str, numbers: list[str]
) -> None:
    """How many and which, without those that were given or do not apply."""
    talk(given=GOODS | more)
    assert talk.asked == [MONEY]
    assert talk.last.title == f"Want to work out the money too? {count}."
    seller = Engine(rulebook).seller(GOODS | more)
    for name in NUMBERS:
        short = seller.worded(rulebook.answerable[name]).short["en"]
        assert (short in talk.last.lines[1]) == (name in numbers)
    talk(YES, *["2"] * len(numbers), GO, given=GOODS | more)
    assert talk.asked[1:-1] == numbers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_more_numbers_than_words_are_counted_too(rulebook: Rulebook, lang: str) -> None:
    """A custom rulebook may ask for as many as it likes."""
    inputs = [*rulebook.economy.inputs.values()][:12]
    messages = Messages(rulebook.wording, lang)
    assert " 12 " in money_prompt(rulebook, inputs, messages, start=None, back=False).title


def test_a_fee_that_no_fact_gives_is_asked(rulebook: Rulebook) -> None:
    """Without it TikTok Shop cannot be worked out; with it, what its orders cost too."""
    home = GOODS | {"warehouse": "local", "base": "in_market", "store": "marketplace"}
    names = {
        market: [question.id for question in numbers(Engine(rulebook), home | {"market": market})]
        for market in ("us", "brazil", "no_shop")
    }
    assert names["us"] == ["price", "unit_cost", "shop_shipping", "link_shipping", "store_fee"]
    assert names["brazil"] == ["price", "unit_cost", "shop_fee", "link_shipping", "store_fee"]
    assert names["no_shop"] == ["price", "unit_cost", "link_shipping", "store_fee"]
    known = home | {"market": "brazil", "shop_fee": Decimal(12)}
    assert "shop_shipping" in [question.id for question in numbers(Engine(rulebook), known)]


def test_only_numbers_that_apply_are_asked(rulebook: Rulebook) -> None:
    """Whatever the rulebook lists; and none where it lists none."""
    asked = ("unit_cost", "lead_price")
    custom = replace(rulebook, economy=rulebook.economy._replace(asked=asked))
    course = GOODS | {"product_type": "digital"}
    assert [question.id for question in numbers(Engine(custom), GOODS)] == ["price", *asked]
    assert [question.id for question in numbers(Engine(custom), course)] == ["price", "unit_cost"]
    silent = replace(rulebook, economy=rulebook.economy._replace(asked=()))
    assert numbers(Engine(silent), GOODS) == []


def test_numbers_are_answers_of_the_person(talk: Talk) -> None:
    """Exact, and marked as typed in this run."""
    talk(*SHORT, YES, "$4.50", GO)
    assert talk.given["unit_cost"] == Decimal("4.5")
    assert talk.answers is not None
    assert talk.answers.sources["unit_cost"] == "prompt"


def test_nothing_is_offered_before_the_last_question(talk: Talk, review: str) -> None:
    """The money comes after everything that is worth asking, and before the review."""
    talk(*CORE, REST)
    assert talk.asked.index(MONEY) == len(talk.asked) - 2
    assert talk.asked[-1] == review


def test_no_leads_to_the_review_and_is_not_asked_again(talk: Talk, review: str) -> None:
    """Not even when an answer is changed."""
    talk(*SHORT, NO, "price", "12", GO)
    assert talk.asked[4:] == [MONEY, review, "price", review]
    assert "unit_cost" not in talk.given


def test_the_review_still_lets_the_money_be_worked_out(talk: Talk, review: str) -> None:
    """As one of its lines, with the numbers it takes, until they are there."""
    talk(*SHORT, NO, "/money", "3", GO)
    assert talk.asked[5:] == [review, "unit_cost", review]
    before, after = talk.prompts[5], talk.prompts[7]
    assert [(option.label, option.detail) for option in before.options[1:2]] == [
        ("work out the money too", "what you spend on each student or client")
    ]
    assert "/money" not in {option.value for option in after.options}
    assert talk.given["unit_cost"] == Decimal(3)


@pytest.mark.parametrize("goods", ["affiliate", "banned"])
def test_where_there_is_nothing_to_sell_no_money_is_offered(
    talk: Talk, review: str, goods: str
) -> None:
    """Neither before the review nor in it."""
    talk(goods, REST)
    assert MONEY not in talk.asked
    assert talk.asked[-1] == review
    assert "/money" not in {option.value for option in talk.last.options}


def test_a_rulebook_without_money_offers_none(messages: Messages) -> None:
    """A rulebook need not have a model of the money."""
    rulebook = load_rulebook(str(Path(__file__).parents[1] / "tiny_rulebook"))
    talk = Talk(rulebook, messages)("apples", "5", REST)
    assert talk.asked[-1] == messages("ask_review")
    assert MONEY not in talk.asked


def test_nothing_is_offered_when_all_numbers_were_given(talk: Talk, review: str) -> None:
    """By flag, variable or file."""
    talk(given=GOODS | dict.fromkeys(NUMBERS, Decimal(2)))
    assert talk.asked == [review]


@pytest.mark.parametrize("word", ["", "  ", "unknown", "不知道"])
def test_a_number_can_be_left_out(talk: Talk, review: str, word: str) -> None:
    """It is noted, it is not asked again, and it is not among the answers in the end."""
    talk(YES, "4", word, "3", GO, given=GOODS)
    assert talk.asked == [MONEY, *NUMBERS, review]
    assert "· shipping a Shop order: skipped" in talk.notes
    assert "shipping a Shop order: skipped" in {option.label for option in talk.last.options}
    assert "shop_shipping" not in talk.given
    assert talk.given["link_shipping"] == Decimal(3)


def test_a_wrong_number_for_the_money_is_refused(talk: Talk) -> None:
    """As anywhere else; the hint says what an empty field means."""
    talk(YES, given=GOODS)
    assert talk.last.hint.startswith("press Enter if you don't know; then we cannot")
    assert talk.last.refuse("") is None
    assert talk.last.refuse("4,50 €") is not None
    assert talk.last.refuse("-1") is not None


def test_without_the_unit_cost_the_rest_is_not_asked(
    talk: Talk, messages: Messages, review: str
) -> None:
    """The review says so, and leads to it; then the rest is of use."""
    talk(YES, "", "/money", "4", "2", "2", GO, given=GOODS)
    assert talk.asked == [MONEY, "unit_cost", review, *NUMBERS, review]
    needs = messages("ask_money_needs", names="cost of one unit")
    assert needs in talk.prompts[2].lines
    assert needs not in talk.last.lines


def test_an_open_price_is_asked_first(talk: Talk, messages: Messages, review: str) -> None:
    """And only once: if it is still not known, the review says that the money needs it."""
    seller = GOODS | {"price": UNKNOWN}
    talk(YES, "", "/money", "12", "4", "2", "2", GO, given=seller)
    assert talk.asked == [MONEY, "price", review, "price", *NUMBERS, review]
    assert messages("ask_money_needs", names="price") in talk.prompts[2].lines
    assert talk.given["price"] == Decimal(12)


def test_an_open_price_counts_as_one_question(talk: Talk) -> None:
    """It was met before, so it is not counted twice."""
    talk("digital", "", "0", "overseas", YES)
    assert talk.asked[-1] == "price"
    assert talk.last.progress == "Question 4, about 1 left"


def test_a_price_found_on_the_way_back_is_not_asked_again(talk: Talk, review: str) -> None:
    """Back from the money leads to where it was asked first."""
    forth = ("9", "0", "overseas", YES, "4", GO)
    talk("digital", "", "0", "overseas", YES, *[back()] * 4, *forth)
    assert talk.asked[5:9] == ["price", MONEY, "business_license", "followers"]
    assert talk.asked[9:12] == ["price", "followers", "business_license"]
    assert talk.asked[12:] == [MONEY, "unit_cost", review]


def test_a_price_found_in_the_review_brings_the_numbers(talk: Talk, review: str) -> None:
    """A person who accepted the offer before the price was known is not asked again."""
    talk(YES, "", "price", "12", "4", given=GOODS | {"price": UNKNOWN})
    assert talk.asked == [MONEY, "price", review, "price", "unit_cost", "shop_shipping"]


def test_back_leads_from_the_numbers_to_the_offer_and_on(talk: Talk) -> None:
    """The offer with its answer, and the question before it."""
    talk(*SHORT, YES, back("4"), back("no"), "overseas", YES)
    assert talk.asked[4:] == [MONEY, "unit_cost", MONEY, "business_license", MONEY, "unit_cost"]
    assert [prompt.start for prompt in talk.prompts[6:]] == ["yes", "overseas", "no", "4"]


def test_back_from_the_offer_leads_to_the_last_question(talk: Talk) -> None:
    """Also before it was answered."""
    talk(*SHORT, back(), "overseas")
    assert talk.asked[4:] == [MONEY, "business_license", MONEY]
    assert talk.last.start is None


def test_back_walks_over_all_numbers_and_forward_again(talk: Talk, review: str) -> None:
    """From the review to the offer and to the review again, with every answer kept."""
    numbers = ["4", "", "3"]
    talk(YES, *numbers, *[back()] * 4, YES, *numbers, GO, given=GOODS)
    assert talk.asked[4:9] == [review, *NUMBERS[::-1], MONEY]
    assert talk.asked[9:] == [*NUMBERS, review]
    assert [prompt.start for prompt in talk.prompts[9:12]] == numbers
    assert talk.prompts[8].title == talk.prompts[0].title


def test_a_number_walked_back_over_comes_before_new_ones(talk: Talk) -> None:
    """In the order they were asked."""
    talk(YES, "4", back("2"), back(), YES, "4", given=GOODS)
    assert talk.asked[3:] == ["unit_cost", MONEY, "unit_cost", "shop_shipping"]
    assert talk.last.start == "2"


def test_back_passes_over_an_offer_that_makes_no_sense_any_more(talk: Talk) -> None:
    """A creator sells no goods of their own, so there is no money to work out."""
    talk(*SHORT, NO, "product_type", "affiliate", REST, *[back()] * 6)
    assert talk.asked.count(MONEY) == 1


def test_the_offer_counts_as_no_question_on_the_way_back(talk: Talk) -> None:
    """Seen from the last question, nothing is left."""
    talk(*SHORT, NO, back(), back())
    assert talk.asked[-1] == "business_license"
    assert talk.last.progress == "Question 4, almost done"


def test_back_from_the_review_leads_to_the_offer_that_was_declined(talk: Talk) -> None:
    """For a second thought."""
    talk(*SHORT, NO, back(), YES, "4")
    assert talk.prompts[-3].start == "no"
    assert talk.asked[-3:-1] == [MONEY, "unit_cost"]


def test_back_over_a_number_of_the_review_leads_to_the_offer(talk: Talk) -> None:
    """The offer stands where it was answered."""
    talk(*SHORT, NO, "/money", back())
    assert talk.asked[-2:] == ["unit_cost", MONEY]
    assert talk.last.start == "yes"


def test_who_declines_after_all_has_no_money_in_the_result(
    talk: Talk, messages: Messages, review: str
) -> None:
    """The numbers are kept aside, and come back with a second thought."""
    talk(YES, "4", back(), back(), NO, "/money", "4", "", "", GO, given=GOODS)
    assert talk.asked[5:] == [review, *NUMBERS, review]
    assert messages("ask_aside", questions="cost of one unit") in talk.notes
    assert "unit_cost" not in {option.value for option in talk.prompts[5].options}
    assert talk.prompts[6].start == "4"


def test_what_was_given_by_flag_counts_though_the_money_is_declined(talk: Talk) -> None:
    """A flag is a clear wish to have it counted."""
    talk(NO, GO, given=GOODS | {"unit_cost": Decimal(5)})
    assert talk.given["unit_cost"] == Decimal(5)


def test_numbers_are_kept_in_the_draft(talk: Talk, review: str) -> None:
    """What was given and what was left out; the next run offers the rest."""
    talk(YES, "4", "", given=GOODS)
    talk(YES, YES, "3", GO, given=GOODS)
    assert talk.asked[1:] == [MONEY, "link_shipping", review]
    assert talk.notes[:2] == ["· cost of one unit: $4", "· shipping a Shop order: skipped"]
    assert talk.prompts[1].title.endswith("It takes one number.")
    assert talk.given["unit_cost"] == Decimal(4)
    assert "shop_shipping" not in talk.given


def test_back_leads_into_the_numbers_of_the_draft(talk: Talk) -> None:
    """They are as good as given a minute ago, and no offer takes them away again."""
    talk(YES, "4", given=GOODS)
    talk(YES, back(), "4", NO, GO, given=GOODS)
    assert talk.asked[1:4] == [MONEY, "unit_cost", MONEY]
    assert talk.given["unit_cost"] == Decimal(4)


def test_a_margin_that_makes_a_question_worth_asking_has_it_asked(talk: Talk, review: str) -> None:
    """After the numbers: in a country with VAT this course loses money."""
    talk(*SHORT, YES, "8", "uk", GO)
    assert talk.asked[4:] == [MONEY, "unit_cost", "market", review]


def test_a_margin_that_decides_nothing_asks_nothing(talk: Talk, review: str) -> None:
    """A course that costs next to nothing earns everywhere."""
    talk(*SHORT, YES, "0", GO)
    assert talk.asked[4:] == [MONEY, "unit_cost", review]


def test_what_is_always_asked_is_asked_though_it_decides_nothing(
    talk: Talk, rulebook: Rulebook, review: str
) -> None:
    """Where buyers are, say, since texts all over the report depend on it."""
    market = rulebook.questions["market"]
    assert market.always
    questions = {**talk.rulebook.questions, "market": market}
    talk.rulebook = replace(talk.rulebook, questions=questions)
    talk(*SHORT, "us", NO, GO)
    assert talk.asked[4:] == ["market", MONEY, review]


def test_numbers_come_before_the_questions_that_they_bring(talk: Talk) -> None:
    """The numbers are asked in one go, and the number of questions left does not grow."""
    known: dict[str, Value] = {"base": "mainland", "market": "us", "goal": "quick_sales"}
    known |= {"cash": "comfortable", "store": "fast", "lead_product": False}
    seller = dict(islice(GOODS.items(), 5)) | known
    talk(YES, "18", "", "", given=seller)
    assert talk.asked == [MONEY, *NUMBERS, "experience"]
    assert [prompt.progress for prompt in talk.prompts[1:]] == [
        "Question 1, about 2 left",
        "Question 2, about 2 left",
        "Question 3, about 1 left",
        "Question 4, almost done",
    ]


def test_goods_changed_in_the_review_bring_their_own_numbers(talk: Talk, review: str) -> None:
    """Those that do not apply are kept aside."""
    talk(YES, "4", "2", "1", "product_type", "digital", GO, given=GOODS)
    aside = talk.last.lines[-1]
    assert "shipping a Shop order" in aside
    assert "cost of one unit" not in aside
    talk.drafts.delete()
    seller = GOODS | {"product_type": "digital"}
    talk(YES, "4", "product_type", "commodity", "2", "1", GO, given=seller)
    assert talk.asked[-3:] == ["shop_shipping", "link_shipping", review]


def test_progress_goes_on_through_the_numbers(talk: Talk) -> None:
    """The offer is no question; then each number counts, and the last one says so."""
    answers = ["needs_approval", "20", "local", "5000", "overseas"]
    talk(*answers, REST)
    before = [prompt.progress for prompt in talk.prompts if prompt.progress]
    talk.drafts.delete()
    rest = [UNKNOWN] * (len(before) - len(answers))
    talk(*answers, *rest, YES, "4", "2", "1")
    progress = [prompt.progress for prompt in talk.prompts if prompt.progress]
    number = len(before)
    assert progress[:number] == before
    assert progress[number:] == [
        f"Question {number + 1}, about 2 left",
        f"Question {number + 2}, about 1 left",
        f"Question {number + 3}, almost done",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_on_a_number_says_what_it_is_for(rulebook: Rulebook, lang: str) -> None:
    """In one line, and hides it again."""
    messages = Messages(rulebook.wording, lang)
    talk = Talk(rulebook, messages)(YES, why("4"), why("4"), given=GOODS)
    before, during, after = talk.prompts[1:]
    assert during.reasons == (messages("ask_why_money"),)
    assert during.start == "4"
    assert before.reasons == after.reasons == ()
    assert effects_of(Engine(rulebook), GOODS, rulebook.economy.inputs["unit_cost"]) == []


def test_the_review_lists_the_numbers_with_their_units(talk: Talk) -> None:
    """In words, those by flag too."""
    seller = GOODS | {"return_rate": Decimal(5), "restock_days": Decimal(30)}
    talk(YES, "4.5", "2", "0", given=seller)
    assert [option.label for option in talk.last.options[-5:]] == [
        "cost of one unit: $4.50",
        "shipping a Shop order: $2",
        "shipping an order outside the Shop: $0",
        "return rate: 5%",
        "restock days: 30 days",
    ]


def test_a_number_can_be_changed_and_left_out_in_the_review(talk: Talk, review: str) -> None:
    """Back from there changes nothing."""
    talk(YES, "4", "2", "1", "shop_shipping", back("9"), "shop_shipping", "", GO, given=GOODS)
    assert talk.asked[4:] == [review, "shop_shipping", review, "shop_shipping", review]
    assert "shop_shipping" not in talk.given


def test_the_money_is_asked_in_chinese_without_english(rulebook: Rulebook) -> None:
    """Except for names and keys."""
    talk = Talk(rulebook, Messages(rulebook.wording, "zh"))
    talk(YES, "", "/money", "4", why(), "", "1", given=GOODS)
    for prompt in talk.prompts:
        options = [word for option in prompt.options for word in (option.label, option.detail)]
        lines = (*prompt.lines, *prompt.reasons)
        text = " ".join([prompt.title, prompt.hint, prompt.progress, *lines, *options])
        assert set(re.findall("[A-Za-z]+", text)) <= {"TikTok", "Shop"}, text


# ---- drafts


def test_leaving_keeps_a_draft(talk: Talk) -> None:
    """Every confirmed answer is saved at once."""
    talk("digital", "9")
    assert talk.answers is None
    draft = talk.drafts.load()
    assert draft == Draft("2026-11-22", {"product_type": "digital", "price": "9"})


def test_leaving_before_the_first_answer_keeps_none(talk: Talk) -> None:
    """There is nothing to go on from."""
    talk()
    assert talk.drafts.load() is None


def test_the_next_run_goes_on_where_the_last_one_stopped(talk: Talk, resume: str) -> None:
    """What was said is noted again, and the next question asked."""
    talk("digital", "9")
    talk("yes", *SHORT[2:], NO, GO)
    assert talk.prompts[0].title.startswith(resume)
    assert talk.asked[1] == "followers"
    assert talk.notes[:2] == ["· goods: digital goods or services", "· price: $9"]
    assert talk.answers is not None
    assert talk.answers.given["price"] == Decimal(9)
    assert talk.answers.sources["price"] == "prompt"


def test_the_offer_to_go_on_says_when_and_how_much(talk: Talk) -> None:
    """Enough to recognise it."""
    talk("digital", "9")
    talk()
    assert "2026-11-22" in talk.last.title
    assert "2" in talk.last.title.replace("2026-11-22", "")


def test_back_leads_into_the_answers_of_the_draft(talk: Talk) -> None:
    """They are as good as given a minute ago."""
    talk("digital", "9")
    talk("yes", back())
    assert talk.asked[-1] == "price"
    assert talk.last.start == "9"


def test_starting_again_asks_everything(talk: Talk) -> None:
    """As if there had been no draft."""
    talk("digital", "9")
    talk("no", "commodity", "5")
    assert talk.asked[1:] == ["product_type", "price", "warehouse"]
    draft = talk.drafts.load()
    assert draft is not None
    assert draft.answers["price"] == "5"


def test_starting_again_loses_nothing_before_the_first_answer(talk: Talk) -> None:
    """The draft is replaced with the first new answer only."""
    talk("digital", "9")
    talk("no")
    assert talk.drafts.load() is not None


def test_what_is_given_by_flag_outranks_the_draft(talk: Talk) -> None:
    """The command line of this run is newer."""
    talk("digital", "9")
    talk("yes", *SHORT[2:], NO, GO, given={"price": Decimal(99)})
    assert talk.given["price"] == Decimal(99)
    assert talk.answers is not None
    assert talk.answers.sources["price"] == "flag"


def test_a_draft_that_adds_nothing_is_not_offered(talk: Talk) -> None:
    """Everything in it was given by flag this time."""
    talk("digital")
    talk(given={"product_type": "commodity"})
    assert talk.asked == ["price"]


def test_an_answer_in_the_draft_that_is_none_is_asked_again(talk: Talk) -> None:
    """The question is named in words, the rest of the draft is used."""
    answers = {"product_type": "digital", "price": "cheap", "followers": "5"}
    talk.drafts.save(Draft("2026-11-22", answers))
    talk("yes")
    assert talk.asked[-1] == "price"
    assert talk.notes[-1].endswith("again: price.")
    assert "· followers: 5" in talk.notes


def test_questions_that_the_rulebook_does_not_know_are_passed_over(talk: Talk) -> None:
    """A draft may be older than the rulebook."""
    talk.drafts.save(Draft("2026-11-22", {"shoe_size": "44", "product_type": "digital"}))
    talk("yes", *SHORT[1:], NO, GO)
    assert "shoe_size" not in talk.given


def test_a_draft_with_nothing_usable_is_not_offered(talk: Talk) -> None:
    """Nobody can go on from there."""
    talk.drafts.save(Draft("2026-11-22", {"shoe_size": "44", "price": "cheap"}))
    talk()
    assert talk.asked == ["product_type"]


def test_each_rulebook_has_its_own_draft(rulebook: Rulebook, messages: Messages) -> None:
    """Answers to one rulebook are not offered for another."""
    Talk(rulebook, messages, Drafts("/my/rules"))("digital")
    assert Talk(rulebook, messages)().asked == ["product_type"]
    assert Drafts("/my/rules").load() is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"text"', b"{}", b'{"date": 1, "answers": []}', b"\xff\xfe", b"[" * 99999],
)
def test_a_draft_that_cannot_be_read_is_set_aside(talk: Talk, content: bytes) -> None:
    """With a word, and with what it holds; the questions start, and it is not met again."""
    talk.drafts.path.parent.mkdir(parents=True, exist_ok=True)
    talk.drafts.path.write_bytes(content)
    aside = talk.drafts.path.with_suffix(".damaged")
    word = talk.messages("draft_damaged", path=aside)
    talk()
    assert talk.asked == ["product_type"]
    assert (talk.notes[0], aside.read_bytes()) == (word, content)
    talk()
    assert word not in talk.notes


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_pipe_in_place_of_a_draft_is_no_standstill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes to it."""
    monkeypatch.setattr(storage, "PATIENCE", 0.0)
    drafts = Drafts()
    drafts.path.parent.mkdir(parents=True)
    os.mkfifo(drafts.path)
    assert drafts.load() is None


def test_two_runs_at_once_leave_each_other_their_drafts(talk: Talk) -> None:
    """Who finishes deletes only their own; who leaves finds theirs, whoever wrote last."""
    mine, other = Drafts(), Drafts()
    mine.save(Draft("2026-11-22", {"product_type": "digital"}))
    other.save(Draft("2026-11-22", {"product_type": "custom"}))
    mine.delete()
    assert other.load() is not None
    other.delete()
    assert mine.load() is None
    assert mine.is_kept()
    kept = Drafts().load()
    assert kept is not None
    assert kept.answers == {"product_type": "digital"}


def test_a_draft_is_for_its_owner_only(talk: Talk) -> None:
    """Other users of the machine cannot read it."""
    talk("digital")
    assert talk.drafts.path.stat().st_mode & 0o077 == 0


def test_a_draft_is_plain_text_as_typed_in_flags(talk: Talk) -> None:
    """So that it still reads when the program has changed."""
    talk("commodity", "9.90", "abroad", "")
    kept = json.loads(talk.drafts.path.read_bytes())
    assert kept["answers"] == {
        "product_type": "commodity",
        "price": "9.9",
        "warehouse": "abroad",
        "followers": "unknown",
    }


def test_deleting_a_draft_that_is_not_there_is_no_error() -> None:
    """The command deletes it after every decision."""
    Drafts().delete()
    assert Drafts().load() is None


def test_a_draft_that_cannot_be_saved_warns_once_and_goes_on(
    talk: Talk, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk loses the draft, but not the answers."""

    def full(_self: Drafts, _draft: Draft) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Drafts, "save", full)
    talk(*SHORT, NO, GO)
    assert talk.notes.count(messages("ask_draft_failed")) == 1
    assert talk.given["business_license"] == "overseas"


def _but_for_refuse(prompt: Prompt, like: Prompt) -> Prompt:
    return replace(prompt, refuse=like.refuse)
