"""Kinds of question: what holds for each of them, and how their answers fall into bands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from choose_channel.answers.kinds import KINDS, Limits, kind_of, parse
from choose_channel.answers.space import Space
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.conditions import ALWAYS, Condition, Not, Within
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Choice, Question
from choose_channel.tables.cells import Reader

RULEBOOK = load_rulebook()
QUESTIONS = [*RULEBOOK.answerable.values()]
PRICE = RULEBOOK.questions["price"]._replace(applies=ALWAYS)
FOLLOWERS = RULEBOOK.questions["followers"]._replace(applies=ALWAYS)
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def cuts(question: Question, *conditions: Condition) -> list[Decimal]:
    """Where these conditions cut the answers to a question."""
    return [*Space([question], conditions).axes[0].cuts]


def test_there_is_a_question_of_every_kind() -> None:
    """A kind that the shipped rulebook does not use needs an example in QUESTIONS, or the tests
    below pass it over."""
    assert {question.type for question in QUESTIONS} == {*KINDS}


@every_question
def test_one_answer_of_every_band_is_read_as_itself(question: Question, messages: Messages) -> None:
    """As typed in a flag, and as a file holds it."""
    for value in kind_of(question).bands(question, [Decimal(5)]).values:
        assert parse(question, to_text(value), messages) == value
        assert parse(question, value, messages) == value


@every_question
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_band_has_words_of_its_own(question: Question, lang: str) -> None:
    """Two bands that read alike could not be told apart on the page."""
    kind, messages = kind_of(question), Messages(RULEBOOK.wording, lang)
    bands = kind.bands(question, [Decimal(5)])
    texts = kind.band_texts(question, bands, messages)
    assert len({*texts}) == len(bands.values) == len(texts)


@every_question
def test_what_is_listed_can_be_chosen_and_nothing_else(
    question: Question, messages: Messages
) -> None:
    """The options are the bands, in some order; a kind that lists nothing offers nothing."""
    kind = kind_of(question)
    options = kind.options(question, messages)
    values = {parse(question, option.value, messages) for option in options}
    assert values == ({*kind.bands(question, ()).values} if kind.listed else set())


@every_question
def test_the_schema_takes_one_answer_of_every_band(question: Question, messages: Messages) -> None:
    """In the plain form of a JSON file."""
    kind = kind_of(question)
    schema = Draft202012Validator({"anyOf": kind.schema(question, messages)})
    for value in kind.bands(question, [Decimal(5)]).values:
        assert schema.is_valid(float(value) if isinstance(value, Decimal) else value)


@every_question
def test_an_editor_shows_of_an_option_what_the_dialogue_does(
    question: Question, messages: Messages
) -> None:
    """Its label, and its example where it has one."""
    kind = kind_of(question)
    shown = [(option.label, option.detail) for option in kind.options(question, messages)]
    schemas = kind.schema(question, messages) if shown else []
    assert [(schema["title"], schema.get("description", "")) for schema in schemas] == shown
    assert all(schema.get("description", "-") for schema in schemas)


@every_question
def test_a_number_is_an_answer_where_the_limits_say_so(
    question: Question, messages: Messages
) -> None:
    """Tables and the page read numbers by the limits alone, and must take none that is refused."""
    limits = kind_of(question).limits(question)
    assert (limits is None) is kind_of(question).listed
    if limits is None:
        return
    steps = [Decimal(step) for step in ("-1", "-0.001", "0", "0.001", "0.01", "0.5", "1")]
    for number in {end + step for end in (limits.minimum, limits.maximum) for step in steps}:
        if limits.share and 0 < number < 1:
            continue  # it takes its percent sign
        fits = number > limits.minimum if limits.above else number >= limits.minimum
        fits &= number <= limits.maximum
        fits &= not limits.whole or number % 1 == 0
        fits &= not limits.cents or number * 100 % 1 == 0
        try:
            assert (parse(question, number, messages) == number) and fits
        except RefusedError:
            assert not fits


SPELLINGS = [
    *("1999", "1,999", "1 999", "2k", "0.2万", "+2000", "02000", "1999.0", "1999.", "1999.5"),
    *("1800", "9", "0.5", "0", "007", "12.345", "$5", "5%", "1e3"),
]


@every_question
def test_a_table_tells_at_sight_only_what_is_an_answer(
    question: Question, messages: Messages
) -> None:
    """What looks plain to it is read without the parser."""
    if kind_of(question).listed:
        return
    plain = Reader(question, None, messages).plain
    for spelling in SPELLINGS:
        number = float(spelling) if re.search(plain.pattern, spelling) else -1.0
        low = number > plain.low if plain.above else number >= plain.low
        if low and number <= plain.high and not 0 < number < plain.gap:
            assert parse(question, spelling, messages) == Decimal(spelling)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_kind_of_number_may_differ_in_its_limits_alone(
    spelling: str, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year is written in digits alone, wherever it is read."""

    class Year(type(KINDS["number"])):  # type: ignore[misc]
        def limits(self, _question: Question) -> Limits:
            ends = Decimal(1900), Decimal(2100)
            return Limits(*ends, above=False, whole=True, cents=False, share=False, digits=True)

    monkeypatch.setitem(cast(dict[str, Any], KINDS), "year", Year())
    question = FOLLOWERS._replace(type="year")
    plain = Reader(question, None, messages).plain
    assert bool(re.search(plain.pattern, spelling)) is (spelling in ("1999", "1800", "9"))
    if spelling == "1999":
        assert kind_of(question).text(question, Decimal(1999), messages) == "1999"
        assert parse(question, spelling, messages) == 1999
    else:
        with pytest.raises(RefusedError):
            parse(question, spelling, messages)


def test_a_cut_that_stands_only_inside_a_negation_cuts() -> None:
    """Below 10 or not makes two bands, though no condition asserts it."""
    assert cuts(PRICE, Not(Within("price", None, Decimal(10)))) == [10]


def test_a_whole_number_is_cut_at_whole_numbers() -> None:
    """From 9.5 and from 10 is the same for a count."""
    between = Within("followers", Decimal("9.5"), None), Within("followers", Decimal(10), None)
    assert cuts(FOLLOWERS, *between) == [10]


def test_a_price_is_cut_at_whole_cents() -> None:
    """From $9.995 and from $10 is the same for an amount of money."""
    between = Within("price", Decimal("9.995"), None), Within("price", Decimal(10), None)
    assert cuts(PRICE, *between) == [10]


@given(
    st.builds(
        PRICE._replace,
        unit=st.sampled_from(["usd", None]),
        whole=st.booleans(),
        above=st.booleans(),
        minimum=st.sampled_from([Decimal(text) for text in ("-3", "-0.004", "0", "0.5", "2.001")]),
        maximum=st.sampled_from([Decimal(3), Decimal(2000)]),
    ),
    st.sets(st.decimals("-4", "5", places=3), max_size=6),
)
def test_every_band_has_an_answer_and_they_ascend(question: Question, at: set[Decimal]) -> None:
    """However fine the cuts are: the first number of a band is an answer, above the one before, and
    falls into that band."""
    bands = kind_of(question).bands(question, at)
    values = [value for value in bands.values if isinstance(value, Decimal)]
    assert values == sorted({*bands.values})
    assert not [value for value in values if not _is_answer(question, value)]
    for number, value in enumerate(values):
        assert sum(value >= cut for cut in bands.cuts) == number
        for cut in at:
            condition = Within(question.id, cut, None)
            held = kind_of(question).holding(condition, values) >> number & 1
            assert bool(held) is (value >= cut)


def _is_answer(question: Question, value: Decimal) -> bool:
    limits = kind_of(question).limits(question)
    assert limits
    above = value > limits.minimum if limits.above else value >= limits.minimum
    step = 1 if limits.whole else Decimal("0.01") if limits.cents else None
    return above and value <= limits.maximum and not (step and value % step)


def test_a_cut_out_of_bounds_makes_no_band() -> None:
    """No answer could fall into it."""
    most = FOLLOWERS.maximum
    assert cuts(
        FOLLOWERS, Within("followers", Decimal(0), most), Within("followers", -most, most + 1)
    ) == [most]


@pytest.mark.parametrize(
    ("whole", "above", "lowest"),
    [(False, True, 5), (False, False, 0), (True, True, 1), (True, False, 0)],
)
def test_the_lowest_band_has_an_answer(whole: bool, above: bool, lowest: int) -> None:
    """0 where that is one, else the first whole number, or halfway to the first cut."""
    question = PRICE._replace(whole=whole, above=above)
    assert kind_of(question).bands(question, [Decimal(10)]).values == (lowest, 10)


@pytest.mark.parametrize(
    ("written", "bounds", "right"),
    [
        (1, {}, True),
        (1, {"above": True}, False),
        (0.5, {}, False),
        (1.5, {"above": True}, True),
        (2.5, {}, True),
        (2.5, {"whole": True}, False),
        (2.0, {"whole": True}, True),
        (9, {}, True),
        (9.5, {}, False),
        (True, {}, False),
        ("2", {}, False),
        (float("nan"), {}, False),
    ],
)
def test_a_number_in_a_rulebook_is_an_answer_within_bounds(
    written: object, bounds: dict[str, bool], right: bool
) -> None:
    """From 1 to 9: the ends are answers, unless only what is above the lower one is."""
    entry = {"minimum": 1, "maximum": 9, "above": False, "whole": False, **bounds}
    assert KINDS["number"].is_answer(entry, written) is right


def test_yes_and_no_may_have_names_of_their_own() -> None:
    """A question of 有没有 is answered 有 or 没有; each name is shown, and read as the answer."""
    choices = (
        Choice("true", {"zh": "有", "en": "I have one"}, None, None, ()),
        Choice("false", {"zh": "没有", "en": "I have none"}, None, None, ()),
    )
    question = RULEBOOK.questions["website_field"]._replace(choices=choices)
    chinese, english = (Messages(RULEBOOK.wording, lang) for lang in ("zh", "en"))
    kind = kind_of(question)
    assert [kind.text(question, value, chinese) for value in (True, False)] == ["有", "没有"]
    for answer, value in (
        ("I have one", True),
        ("I have none", False),
        ("有", True),
        ("no", False),
    ):
        assert parse(question, answer, english) is value


def test_an_amount_of_dollars_has_its_cents(messages: Messages) -> None:
    """$9.90 and not $9.9; a whole amount has none."""
    texts = [
        kind_of(PRICE).text(PRICE, Decimal(text), messages) for text in ("9.9", "9.95", "1200")
    ]
    assert texts == ["$9.90", "$9.95", "$1,200"]
