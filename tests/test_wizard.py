"""The walk through the questions, with a scripted person in place of a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from choose_channel.answers import Answers
from choose_channel.drafts import Draft, Drafts
from choose_channel.loading import load_rulebook
from choose_channel.model import UNKNOWN, Rulebook, Value
from choose_channel.prompts import Prompt, Reply, Signal
from choose_channel.questionnaire import hanging
from choose_channel.wizard import Wizard
from choose_channel.wording import LANGUAGES, Say
from choose_channel.wrapping import wrap

GO = "all right"
"""The step of a script that confirms the review."""
REST = "the rest"
"""The step of a script that answers every further question with "I don't know yet"."""
CORE = ("commodity", "9", "home", "0", "none")
SHORT = ("digital", "9", "0", "overseas")
"""A seller of courses with a company abroad: nothing else can change their result."""


def back(so_far: str | None = None) -> Reply:
    """Shift-Tab, with this typed or highlighted."""
    return Reply(so_far, Signal.BACK)


def why(so_far: str | None = None) -> Reply:
    """The question mark, with this typed or highlighted."""
    return Reply(so_far, Signal.HELP)


@dataclass
class Talk:
    """One conversation: a person who follows a script, and leaves where it ends."""

    book: Rulebook
    say: Say
    drafts: Drafts = field(default_factory=Drafts)
    saw: list[Prompt] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    answers: Answers | None = None

    def __call__(
        self, *script: str | Reply, given: Mapping[str, Value] | None = None, ask_all: bool = False
    ) -> Talk:
        """Holds the conversation. `answers` stays None where the person left."""
        steps = list(script)

        def ask(prompt: Prompt) -> Reply:
            self.saw.append(prompt)
            if steps and steps[0] == REST and not prompt.can_explain:
                del steps[0]
            if not steps:
                raise KeyboardInterrupt
            step = UNKNOWN if steps[0] == REST else steps.pop(0)
            if isinstance(step, Reply):
                return step
            if prompt.options:
                value = prompt.options[0].value if step == GO else step
                assert value in {option.value for option in prompt.options}, (prompt.title, step)
                return Reply(value)
            assert prompt.refuse(step) is None
            return Reply(step)

        self.saw, self.told, self.answers = [], [], None
        answers = Answers(given or {}, dict.fromkeys(given or {}, "flag"))
        wizard = Wizard(
            self.book,
            answers,
            self.say,
            ask,
            self.told.append,
            self.drafts,
            date="2026-11-22",
            ask_all=ask_all,
        )
        try:
            self.answers = wizard.run()
        except KeyboardInterrupt:
            return self
        assert not steps, "the conversation ended before the script"
        return self

    @property
    def asked(self) -> list[str]:
        """What was shown, as ids of questions, or the title of what is no question."""
        names = {self.say.text(one.title): name for name, one in self.book.questions.items()}
        return [names.get(prompt.title, prompt.title) for prompt in self.saw]

    @property
    def last(self) -> Prompt:
        """The prompt that the person saw last."""
        return self.saw[-1]

    @property
    def given(self) -> Mapping[str, Value]:
        """The answers that the conversation led to."""
        assert self.answers is not None
        return self.answers.given


@pytest.fixture
def talk(book: Rulebook, say: Say) -> Talk:
    """A conversation in English about the shipped rulebook, with no draft yet."""
    return Talk(book, say)


@pytest.fixture
def review(say: Say) -> str:
    """The title of the review."""
    return say("ask_review")


@pytest.fixture
def resume(say: Say) -> str:
    """How the offer to go on begins."""
    return say("ask_resume", date="", count="").split("  ")[0]


# ---- forward


def test_core_questions_then_review_then_answers(talk: Talk, review: str) -> None:
    """The shortest way through."""
    talk(*SHORT, GO)
    assert talk.asked == ["product_type", "price", "followers", "business_license", review]
    assert talk.given == {
        "product_type": "digital",
        "price": Decimal(9),
        "followers": Decimal(0),
        "business_license": "overseas",
    }


def test_answers_come_in_the_order_of_the_rulebook(talk: Talk) -> None:
    """A report does not depend on the way through the questions."""
    talk(*SHORT, "price", "12", GO)
    assert list(talk.given) == ["product_type", "price", "followers", "business_license"]


def test_answers_of_the_person_are_marked_as_such(talk: Talk) -> None:
    """A decision record tells what came from a flag and what from a person."""
    talk(*SHORT[1:], GO, given={"product_type": "digital"})
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
    questions = [prompt for prompt in talk.saw if prompt.can_explain]
    assert len(questions) > len(CORE)
    assert {prompt.start for prompt in questions} == {None}


def test_an_empty_field_means_not_known(talk: Talk) -> None:
    """Spaces are as empty as nothing."""
    talk("digital", "  ", "", "overseas", GO)
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


def test_every_choice_stands_with_its_example(talk: Talk, book: Rulebook, say: Say) -> None:
    """Label and example as the rulebook has them, and a way not to know."""
    talk("commodity", "9")
    choices = book.questions["warehouse"].choices
    shown = [(option.value, option.label, option.detail) for option in talk.last.options]
    expected = [(one.id, say.text(one.label), say.text(one.example or {})) for one in choices]
    assert shown == [*expected, (UNKNOWN, say("unknown_answer"), "")]


def test_the_goods_must_be_known(talk: Talk) -> None:
    """A question without an assumed answer offers no way around."""
    talk()
    assert UNKNOWN not in {option.value for option in talk.last.options}


def test_each_answer_is_noted_once(talk: Talk) -> None:
    """What was said stays above the questions."""
    talk("digital", "9")
    assert talk.told[1:] == ["· goods: digital goods or services", "· price: 9 US dollars"]


def test_all_questions_are_asked_on_request(talk: Talk, book: Rulebook, review: str) -> None:
    """Even those that can change nothing."""
    talk(*SHORT, REST, ask_all=True)
    assert talk.asked[4:] == ["market", "goal", "experience", "store", review]


# ---- progress


def test_progress_counts_up_and_never_promises_more_than_before(talk: Talk) -> None:
    """The number of questions left may be off, but must not grow under the person's eyes."""
    for answers in (CORE, ("branded", "60", "local", "20", "mainland"), ("affiliate", "20")):
        talk.drafts.delete()
        talk(*answers, REST)
        numbers = [
            [int(word) for word in prompt.progress.replace(",", " ").split() if word.isdigit()]
            for prompt in talk.saw
            if prompt.progress
        ]
        assert [number[0] for number in numbers] == list(range(1, len(numbers) + 1))
        left = [number[1] if len(number) > 1 else 0 for number in numbers]
        assert all(before >= after for before, after in pairwise(left)), left


def test_progress_after_back_says_what_it_said_before(talk: Talk) -> None:
    """Looking back costs no questions."""
    talk(*CORE, *[back()] * 5, *CORE)
    said = [prompt.progress for prompt in talk.saw]
    assert said[6:11] == said[4::-1]
    assert said[11:] == said[1:6]


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
    assert talk.saw[3].start == "9"


def test_back_is_not_offered_at_the_first_question(talk: Talk, say: Say) -> None:
    """Neither by the prompt nor by the line of keys."""
    talk("digital")
    assert [prompt.can_go_back for prompt in talk.saw] == [False, True]
    shown = [say("ask_key_back") in prompt.keys for prompt in talk.saw]
    assert shown == [False, True]


def test_back_at_the_first_question_stays_there(talk: Talk) -> None:
    """Whatever a prompt lets through."""
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
    assert [prompt.start for prompt in talk.saw[-3:]] == ["9", "0", None]


def test_a_confirmed_answer_outdates_what_was_half_typed(talk: Talk) -> None:
    """Looking back at it later shows what was confirmed."""
    talk("digital", back("12"), "digital", "15", back())
    assert talk.last.start == "15"


def test_confirming_an_answer_again_notes_nothing(talk: Talk) -> None:
    """Only what changed is worth a line."""
    talk("digital", "9", back(), "9")
    assert len(talk.told) == 3


def test_a_corrected_answer_is_noted_as_changed(talk: Talk) -> None:
    """So that two lines about one question do not contradict each other."""
    talk("digital", "9", back(), "12")
    assert talk.told[-1] == "· price: 12 US dollars (changed)"


def test_back_from_the_review_leads_to_the_last_question(talk: Talk, review: str) -> None:
    """And forward to the review again."""
    talk(*SHORT, back(), "overseas", GO)
    assert talk.asked[-3:] == [review, "business_license", review]


def test_back_leaves_out_what_no_longer_applies(talk: Talk) -> None:
    """A creator is not led back to the warehouse of the goods they no longer sell."""
    talk(*CORE, REST, "product_type", "affiliate", REST, *[back()] * 9)
    backwards = talk.asked[talk.asked.index("product_type", 1) + 2 :]
    assert {"product_type", "followers"} <= set(backwards)
    assert not {"price", "warehouse", "business_license", "lead_product"} & set(backwards)


# ---- why


def _reasons(talk: Talk) -> list[str]:
    """What the last question mark added."""
    before, after = talk.saw[-2:]
    return list(after.lines[len(before.lines) :])


def test_why_names_the_gates_that_the_answer_opens_or_shuts(talk: Talk, book: Rulebook) -> None:
    """Each with its channels and its own sentence, those that close before those that lock."""
    talk(*CORE, why())
    assert talk.asked[-1] == "market"
    intro, first, second, *_ = _reasons(talk)
    assert intro.endswith("this hangs on it:")
    closed, locked = (book.gates[name] for name in ("shop-not-open-here", "no-local-stock"))
    assert first == f"· Can shut Shop, Both: {closed.because['en']}"
    assert second == f"· Can shut Shop, Both: {locked.because['en']}"


def test_why_names_the_serious_pitfalls(talk: Talk, book: Rulebook) -> None:
    """After the gates, before the points."""
    talk("commodity", "9", why())
    lines = _reasons(talk)
    assert f"· Serious pitfall: {book.pitfalls['virtual-warehouse'].title['en']}" in lines


def test_why_names_the_rules_with_their_points(talk: Talk, book: Rulebook) -> None:
    """Those with most points first."""
    talk("commodity", why())
    _, first, second, more = _reasons(talk)
    assert (
        first == f"· Shop -14, Bio link +12: {book.rules['dear-goods-need-a-page'].because['en']}"
    )
    assert second.startswith("· Shop +12, Bio link -10, Both +2: ")
    assert more == "And 2 more, of less weight."


def test_why_leaves_out_what_no_answer_changes(talk: Talk, book: Rulebook) -> None:
    """A rule that holds whatever is answered is no reason to ask."""
    talk("commodity", "9", why())
    text = " ".join(_reasons(talk))
    assert book.rules["neighbours-undercut"].because["en"] not in text
    assert book.gates["link-needs-followers"].because["en"] not in text


def test_what_hangs_on_an_answer_follows_the_other_answers(talk: Talk, book: Rulebook) -> None:
    """With a company abroad no number of followers opens or shuts the link."""
    gate = book.gates["link-needs-followers"].because["en"]
    talk("digital", "9", why())
    assert gate in " ".join(_reasons(talk))
    talk.drafts.delete()
    talk("digital", "9", why(), given={"business_license": "overseas"})
    assert gate not in " ".join(_reasons(talk))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_leaves_room_for_the_answers(book: Rulebook, lang: str) -> None:
    """In a window of 80 by 24, for every question; and it says how many reasons are left out."""
    say = Say(book.wording, lang)
    core = dict(zip(book.questions, CORE, strict=False))
    seller: dict[str, Value] = {**core, "price": Decimal(9), "followers": Decimal(0)}
    for name, question in book.questions.items():
        others: dict[str, Value] = {
            one: seller.get(one, UNKNOWN) for one in book.questions if one != name
        }
        talk = Talk(book, say)(why(), given=others, ask_all=True)
        assert talk.asked[0] == name
        lines = _reasons(talk)
        assert sum(len(wrap(line, 77)) for line in lines) <= 8
        shown = [line for line in lines if line.startswith("· ")]
        left_out = len(hanging(book, others, question)) - len(shown)
        assert (say("ask_why_more", count=left_out) in lines) == (left_out > 0)


def test_why_asked_twice_hides_the_reasons_again(talk: Talk, say: Say) -> None:
    """The same key closes what it opened, and says so."""
    talk("commodity", "9", why(), why())
    before, during, after = talk.saw[-3:]
    assert before == _but_for_refuse(after, before)
    assert say("ask_key_hide") in during.keys
    assert say("ask_key_hide") not in after.keys


def test_why_keeps_what_was_typed(talk: Talk) -> None:
    """Asking for reasons is no reason to type again."""
    talk("commodity", why("12"))
    assert talk.last.start == "12"


def test_why_is_never_silent(say: Say) -> None:
    """Even where the answer alone changes nothing as things stand."""
    book = load_rulebook(str(Path(__file__).parent / "tiny_rulebook"))
    talk = Talk(book, say)("apples", "5", why(), ask_all=True)
    before, after = talk.saw[-2:]
    assert talk.asked[-1] == "insured"
    assert len(after.lines) > len(before.lines)


# ---- review and change


def test_the_review_shows_every_answer_that_counts(talk: Talk) -> None:
    """In words, with what was given by flag."""
    talk(*SHORT[1:], given={"product_type": "digital"})
    assert [option.label for option in talk.last.options[1:]] == [
        "goods: digital goods or services",
        "price: 9 US dollars",
        "followers: 0",
        "licence: a company outside mainland China, Hong Kong included",
    ]


def test_the_review_tells_how_many_questions_were_left_out(talk: Talk) -> None:
    """And how to be asked them."""
    talk(*SHORT)
    assert "--all-questions" in talk.last.lines[0]


def test_any_answer_can_be_changed_in_the_review(talk: Talk, review: str) -> None:
    """The question comes with its answer, and then the review again."""
    talk(*SHORT, "price", "12", GO)
    assert talk.asked[-3:] == [review, "price", review]
    assert talk.saw[-2].start == "9"
    assert talk.given["price"] == Decimal(12)


def test_an_answer_given_by_flag_can_be_changed_too(talk: Talk) -> None:
    """From then on it is the person's."""
    talk(*SHORT[1:], "product_type", "banned", GO, given={"product_type": "digital"})
    assert talk.answers is not None
    assert talk.answers.given["product_type"] == "banned"
    assert talk.answers.sources["product_type"] == "prompt"


def test_back_while_changing_returns_to_the_review(talk: Talk, review: str) -> None:
    """With nothing changed."""
    talk(*SHORT, "price", back("12"), GO)
    assert talk.asked[-3:] == [review, "price", review]
    assert talk.given["price"] == Decimal(9)


def test_a_question_changed_once_is_an_ordinary_question_afterwards(talk: Talk, say: Say) -> None:
    """It is headed as a change only while it is one."""
    talk(*SHORT, "business_license", "overseas", back())
    assert talk.saw[-3].progress == say("ask_changing")
    assert talk.asked[-1] == "business_license"
    assert talk.last.progress != say("ask_changing")


def test_back_meets_a_changed_question_only_once(talk: Talk) -> None:
    """It was answered last, so it comes first on the way back."""
    talk(*SHORT, "price", "12", *[back()] * 4)
    assert talk.asked[-4:] == ["price", "business_license", "followers", "product_type"]


def test_a_change_that_opens_questions_asks_them_first(talk: Talk) -> None:
    """A banned thing needs nothing else; a course does."""
    talk("banned", "product_type", "digital")
    assert talk.asked[-1] == "price"


def test_answers_that_no_longer_apply_are_kept_and_come_back(talk: Talk, review: str) -> None:
    """Changing one's mind twice costs nothing."""
    talk(*CORE, REST, "product_type", "digital", "product_type", "commodity", GO)
    assert talk.asked[-5:] == [review, "product_type", review, "product_type", review]
    aside, again = talk.saw[-3], talk.saw[-1]
    assert "warehouse" in aside.lines[-1]
    assert "warehouse" not in {option.value for option in aside.options}
    assert "warehouse" in {option.value for option in again.options}
    assert talk.given["warehouse"] == "home"


# ---- drafts


def test_leaving_keeps_a_draft(talk: Talk) -> None:
    """Every confirmed answer is on disk at once."""
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
    talk("yes", *SHORT[2:], GO)
    assert talk.saw[0].title.startswith(resume)
    assert talk.asked[1] == "followers"
    assert talk.told[1:3] == ["· goods: digital goods or services", "· price: 9 US dollars"]
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
    """A slip of the finger is no reason to forget."""
    talk("digital", "9")
    talk("no")
    assert talk.drafts.load() is not None


def test_what_is_given_by_flag_outranks_the_draft(talk: Talk) -> None:
    """The command line of this run is newer."""
    talk("digital", "9")
    talk("yes", *SHORT[2:], GO, given={"price": Decimal(99)})
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
    assert talk.told[-1].endswith("again: price.")
    assert "· followers: 5" in talk.told


def test_questions_that_the_rulebook_does_not_know_are_passed_over(talk: Talk) -> None:
    """A draft may be older than the rulebook."""
    talk.drafts.save(Draft("2026-11-22", {"shoe_size": "44", "product_type": "digital"}))
    talk("yes", *SHORT[1:], GO)
    assert "shoe_size" not in talk.given


def test_a_draft_with_nothing_usable_is_not_offered(talk: Talk) -> None:
    """Nobody can go on from there."""
    talk.drafts.save(Draft("2026-11-22", {"shoe_size": "44", "price": "cheap"}))
    talk()
    assert talk.asked == ["product_type"]


def test_each_rulebook_has_its_own_draft(book: Rulebook, say: Say) -> None:
    """Answers to one rulebook say nothing about another."""
    Talk(book, say, Drafts("/my/rules"))("digital")
    assert Talk(book, say)().asked == ["product_type"]
    assert Drafts("/my/rules").load() is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"text"', b"{}", b'{"date": 1, "answers": []}', b"\xff\xfe", b"[" * 99999],
)
def test_a_draft_that_cannot_be_read_is_no_draft(talk: Talk, content: bytes) -> None:
    """Whatever happened to the file, the questions start."""
    talk.drafts.path.parent.mkdir(parents=True)
    talk.drafts.path.write_bytes(content)
    talk()
    assert talk.asked == ["product_type"]


def test_a_draft_is_for_its_owner_only(talk: Talk) -> None:
    """Answers are business, and none of the neighbours'."""
    talk("digital")
    assert talk.drafts.path.stat().st_mode & 0o077 == 0


def test_a_draft_is_plain_text_as_typed_in_flags(talk: Talk) -> None:
    """So that it still reads when the program has changed."""
    talk("commodity", "9.90", "home", "")
    kept = json.loads(talk.drafts.path.read_bytes())
    assert kept["answers"] == {
        "product_type": "commodity",
        "price": "9.9",
        "warehouse": "home",
        "followers": "unknown",
    }


def test_deleting_a_draft_that_is_not_there_is_no_error() -> None:
    """The command deletes it after every decision."""
    Drafts().delete()
    assert Drafts().load() is None


def test_a_draft_that_cannot_be_saved_warns_once_and_goes_on(
    talk: Talk, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs the draft and not the answers."""

    def full(_self: Drafts, _draft: Draft) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Drafts, "save", full)
    talk(*SHORT, GO)
    assert talk.told.count(say("ask_draft_failed")) == 1
    assert talk.given["business_license"] == "overseas"


def _but_for_refuse(prompt: Prompt, like: Prompt) -> Prompt:
    from dataclasses import replace

    return replace(prompt, refuse=like.refuse)
