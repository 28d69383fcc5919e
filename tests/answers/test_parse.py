"""What an answer means, and what is refused in which words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from choose_channel.answers.kinds import parse
from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.sources import Answers, Layer, missing_core, read_answers
from choose_channel.answers.space import space_of
from choose_channel.messages.errors import AnswersError, RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Rulebook, Value

AMOUNT = "Expected: an amount in US dollars above 0 and up to 1,000,000, such as 9.90."
COUNT = "Expected: a whole number from 0 to 1,000,000,000, such as 1200."
GOODS = (
    "Expected: commodity, branded, custom, needs_approval, restricted, digital, banned, affiliate."
)


def refusal(rulebook: Rulebook, messages: Messages, question: str, raw: object) -> str:
    """The words with which a value is refused."""
    with pytest.raises(RefusedError) as caught:
        parse(rulebook.questions[question], raw, messages)
    return str(caught.value)


# ---- numbers


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ("9.9", "9.9"),
        ("$9.90", "9.9"),
        ("9.90$", "9.9"),
        ("$ 9.90", "9.9"),
        ("US$9.90", "9.9"),
        ("us$ 9.90", "9.9"),
        ("9.90 USD", "9.9"),
        ("usd 9.90", "9.9"),
        ("9.90 dollars", "9.9"),
        ("1 US dollar", "1"),
        ("9.9美元", "9.9"),
        ("9.9 美金", "9.9"),
        ("9.9刀", "9.9"),
        ("１２．５", "12.5"),
        ("＄９．９０", "9.9"),
        ("1,200", "1200"),
        ("1，200", "1200"),
        ("1,234.50", "1234.5"),
        ("1.2k", "1200"),
        ("1.2K", "1200"),
        ("$1.2k", "1200"),
        ("1.5万", "15000"),
        ("1.5 萬", "15000"),
        ("1.2w", "12000"),
        ("3千", "3000"),
        ("1m", "1000000"),
        ("9,90", "9.9"),
        ("$9,9", "9.9"),
        ("1,20", "1.2"),
        ("0,500", "0.5"),
        ("1.234,50 $", "1234.5"),
        ("1 234,50", "1234.5"),
        ("1 200", "1200"),
        ("1\u202f200.50", "1200.5"),
        ("1’200", "1200"),
        ("1'200.50", "1200.5"),
        ("1千2", "1200"),
        ("1万2", "12000"),
        ("1w2", "12000"),
        ("1万2千5百美元", "12500"),
        ("3百", "300"),
        ("9\u200b.90", "9.9"),
        ("\ufeff9.90\u2060", "9.9"),
        (".5", "0.5"),
        ("5.", "5"),
        ("$5.", "5"),
        ("+5", "5"),
        ("  8  ", "8"),
        (8, "8"),
        (8.0, "8"),
        (0.1, "0.1"),
        (1e3, "1000"),
        (Decimal("9.90"), "9.9"),
    ],
)
def test_a_price_is_read_forgivingly(
    raw: object, amount: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Signs, separators, scales and widths that can only mean one amount in US dollars."""
    assert parse(rulebook.questions["price"], raw, messages) == Decimal(amount)


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("0", "0"),
        ("1,000", "1000"),
        ("1.5万", "15000"),
        ("1.5万粉", "15000"),
        ("1200 followers", "1200"),
        ("1,2k", "1200"),
        ("1.200.000", "1200000"),
        ("1 000 followers", "1000"),
        ("5万2粉", "52000"),
        ("800个粉丝", "800"),
        ("2k fans", "2000"),
        (1200.0, "1200"),
    ],
)
def test_followers_are_read_forgivingly(
    raw: object, count: str, rulebook: Rulebook, messages: Messages
) -> None:
    """A count may carry the word for what it counts."""
    assert parse(rulebook.questions["followers"], raw, messages) == Decimal(count)


@pytest.mark.parametrize(
    "raw",
    [
        *("¥70", "￥70", "70元", "70块", "RMB 70", "70 cny", "70人民币", "€9.90", "9.90 EUR", "£8"),
        *(
            "HK$78",
            "hk$ 78",
            "A$15",
            "C$12",
            "R$50",
            "NT$300",
            "S$9",
            "78 HKD",
            "78港币",
            "₫250000",
        ),
        *("$9.90 (70元)", "฿300", "₩9000", "300 THB", "1,400 JPY"),
    ],
)
def test_another_currency_is_refused(raw: str, rulebook: Rulebook, messages: Messages) -> None:
    """No other money is ever taken for US dollars."""
    written = raw.replace("￥", "¥")
    assert refusal(rulebook, messages, "price", raw) == (
        f'"{written}" is not in US dollars. Convert it first; this tool does not convert'
        " currencies."
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("1,2,3", f'"1,2,3" is not a number. {AMOUNT}'),
        ("1 20", f'"1 20" is not a number. {AMOUNT}'),
        ("1’20", f'"1’20" is not a number. {AMOUNT}'),
        ("12,34,567", f'"12,34,567" is not a number. {AMOUNT}'),
        ("1千20", f'"1千20" is not a number. {AMOUNT}'),
        ("1千2万", f'"1千2万" is not a number. {AMOUNT}'),
        ("9" * 5000 + "万2万", f'"{"9" * 40}…" is not a number. {AMOUNT}'),
        ("1.2.3", f'"1.2.3" is not a number. {AMOUNT}'),
        ("--5", f'"--5" is not a number. {AMOUNT}'),
        ("$", f'"$" is not a number. {AMOUNT}'),
        ("k", f'"k" is not a number. {AMOUNT}'),
        ("-", f'"-" is not a number. {AMOUNT}'),
        ("5 5", f'"5 5" is not a number. {AMOUNT}'),
        ("1e3", f'"1e3" is not a number. {AMOUNT}'),
        ("0x10", f'"0x10" is not a number. {AMOUNT}'),
        ("cheap", f'"cheap" is not a number. {AMOUNT}'),
        ("nan", f'"nan" is not a number. {AMOUNT}'),
        ("inf", f'"inf" is not a number. {AMOUNT}'),
        ("10-20", '"10-20" leaves the number open. Write one number, such as 10.'),
        ("$10~$20", '"$10~$20" leaves the number open. Write one number, such as 10.'),
        ("10到20美元", '"10到20美元" leaves the number open. Write one number, such as 10.'),
        ("1000+", '"1000+" leaves the number open. Write one number, such as 1000.'),
        ("1千+", '"1千+" leaves the number open. Write one number, such as 1千.'),
        (True, f'"true" is not a number. {AMOUNT}'),
        (False, f'"false" is not a number. {AMOUNT}'),
        ("-5", f'"-5" is out of range. {AMOUNT}'),
        (-5, f'"-5" is out of range. {AMOUNT}'),
        ("0", f'"0" is out of range. {AMOUNT}'),
        (0.0, f'"0.0" is out of range. {AMOUNT}'),
        ("1.2m", f'"1200000.0" is out of range. {AMOUNT}'),
        ("1000001", f'"1000001" is out of range. {AMOUNT}'),
        (float("nan"), '"NaN" is not a number that can be used.'),
        (float("inf"), '"Infinity" is not a number that can be used.'),
        (float("-inf"), '"-Infinity" is not a number that can be used.'),
        ([9.9], f"give a single value here, not a list or a mapping. {AMOUNT}"),
        ({"usd": 9}, f"give a single value here, not a list or a mapping. {AMOUNT}"),
    ],
)
def test_a_price_is_refused_in_words(
    raw: object, message: str, rulebook: Rulebook, messages: Messages
) -> None:
    """What is not clearly one amount is refused, with what would be right."""
    assert refusal(rulebook, messages, "price", raw) == message


def test_a_number_of_400_digits_is_refused_shortly(rulebook: Rulebook, messages: Messages) -> None:
    """A huge number, as text or as a number, is out of range and shown cut."""
    for raw in ("9" * 400, int("9" * 400), 10**5000):
        message = refusal(rulebook, messages, "price", raw)
        assert message.endswith(f"is out of range. {AMOUNT}") and len(message) < 160


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("1.5", '"1.5" is not a whole number.'),
        (0.5, '"0.5" is not a whole number.'),
        ("-1", f'"-1" is out of range. {COUNT}'),
        ("2000m", f'"2000000000" is out of range. {COUNT}'),
        ("$5", f'"$5" is not a number. {COUNT}'),
    ],
)
def test_followers_are_refused_in_words(
    raw: object, message: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Half a follower, fewer than none, or an amount of money."""
    assert refusal(rulebook, messages, "followers", raw) == message


# ---- choices


@pytest.mark.parametrize(
    ("question", "raw", "choice"),
    [
        ("product_type", "commodity", "commodity"),
        ("product_type", "COMMODITY", "commodity"),
        ("product_type", "ｃｏｍｍｏｄｉｔｙ", "commodity"),
        ("product_type", "comm", "commodity"),
        ("product_type", "needs-approval", "needs_approval"),
        ("product_type", "needs approval", "needs_approval"),
        ("product_type", "Needs", "needs_approval"),
        ("product_type", "everyday goods", "commodity"),
        ("product_type", "大路货", "commodity"),
        ("product_type", "白牌", "commodity"),
        ("product_type", "课程", "digital"),
        ("product_type", "creator", "affiliate"),
        ("business_license", "境外公司（含香港）", "overseas"),
        ("business_license", "境外公司(含香港)", "overseas"),
        ("business_license", "香港", "overseas"),
        ("business_license", "a company in mainland China", "mainland"),
        ("business_license", "none", "none"),
        ("business_license", "sole", "sole_trader"),
        ("market", "US", "us"),
        ("market", "美国", "us"),
        ("market", "southeast asia", "sea"),
        ("store", "没有", "none"),
        ("store", "no", "none"),
        ("product_type", "every\u200bday goods", "commodity"),
    ],
)
def test_a_choice_is_read_forgivingly(
    question: str, raw: str, choice: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Names, labels and aliases in either language, any case and width, and unique beginnings."""
    assert parse(rulebook.questions[question], raw, messages) == choice


def test_labels_are_read_whatever_language_is_spoken(rulebook: Rulebook) -> None:
    """A Chinese label is an answer in an English run too, and the other way round."""
    chinese = Messages(rulebook.wording, "zh")
    assert parse(rulebook.questions["product_type"], "everyday goods", chinese) == "commodity"


def test_every_label_and_name_reads_as_its_choice(rulebook: Rulebook, messages: Messages) -> None:
    """Whatever a list of choices shows can be typed back."""
    for question in rulebook.questions.values():
        for choice in question.choices:
            meant = choice.id == "true" if question.type == "boolean" else choice.id
            for spelling in (choice.id, *choice.label.values(), *choice.aliases):
                assert parse(question, spelling, messages) == meant


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("b", '"b" could mean any of these: banned, branded. Type more of it.'),
        ("comodity", f'"comodity" is not one of the answers. {GOODS} Did you mean "commodity"?'),
        ("brandid", f'"brandid" is not one of the answers. {GOODS} Did you mean "branded"?'),
        ("xyz", f'"xyz" is not one of the answers. {GOODS}'),
        ("no", f'"no" is not one of the answers. {GOODS}'),
        ("没有", f'"没有" is not one of the answers. {GOODS}'),
        ("creat", f'"creat" is not one of the answers. {GOODS} Did you mean "affiliate"?'),
        ("手机", f'"手机" is not one of the answers. {GOODS}'),
        ("_", f'"_" is not one of the answers. {GOODS}'),
        (1, f'"1" is not one of the answers. {GOODS}'),
        (True, f'"true" is not one of the answers. {GOODS}'),
        (["commodity"], f"give a single value here, not a list or a mapping. {GOODS}"),
        ({}, f"give a single value here, not a list or a mapping. {GOODS}"),
        ("unknown", f"this question needs an answer. {GOODS}"),
    ],
)
def test_a_choice_is_refused_in_words(
    raw: object, message: str, rulebook: Rulebook, messages: Messages
) -> None:
    """A beginning of several answers, a slip of the finger, or something else entirely."""
    assert refusal(rulebook, messages, "product_type", raw) == message


def test_a_terminal_escape_is_not_echoed(rulebook: Rulebook, messages: Messages) -> None:
    """A value from a file must not steer the terminal that its refusal is shown on."""
    raw = "\x1b]0;owned\x07\x1b[2J\u202ecommodity"
    for question in ("product_type", "price", "website_field"):
        assert refusal(rulebook, messages, question, raw).startswith(
            '"]0;owned  [2Jcommodity" is not'
        )


def test_a_long_value_is_cut_in_its_refusal(rulebook: Rulebook, messages: Messages) -> None:
    """A megabyte of text is refused at once and in one line."""
    message = refusal(rulebook, messages, "product_type", "x" * 1_000_000)
    assert message == f'"{"x" * 40}…" is not one of the answers. {GOODS}'


# ---- yes and no


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        *((raw, True) for raw in (True, "true", "TRUE", "t", "yes", "Y", "on", "1", 1, "是", "有")),
        *(
            (raw, False)
            for raw in (False, "false", "F", "no", "n", "off", "0", 0, "否", "没有", "无")
        ),
    ],
)
def test_yes_and_no_are_read_forgivingly(
    raw: object, answer: bool, rulebook: Rulebook, messages: Messages
) -> None:
    """Yes and no in both languages, as words, digits and booleans."""
    assert parse(rulebook.questions["website_field"], raw, messages) is answer


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("maybe", '"maybe" is not one of the answers. Expected: true, false, unknown.'),
        ("2", '"2" is not one of the answers. Expected: true, false, unknown.'),
        ("o", '"o" could mean any of these: false, true. Type more of it.'),
        (
            [True],
            "give a single value here, not a list or a mapping. Expected: true, false, unknown.",
        ),
    ],
)
def test_yes_and_no_are_refused_in_words(
    raw: object, message: str, rulebook: Rulebook, messages: Messages
) -> None:
    """What is neither yes nor no is refused with both."""
    assert refusal(rulebook, messages, "website_field", raw) == message


# ---- unknown and blank


@pytest.mark.parametrize("raw", ["unknown", "Unknown", "?", "？", "不知道", "idk", "没想好"])
@pytest.mark.parametrize("question", ["price", "market", "website_field", "followers"])
def test_not_known_yet_is_an_answer(
    raw: str, question: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Every question with an assumed answer may be left open by saying so."""
    assert parse(rulebook.questions[question], raw, messages) == UNKNOWN


@pytest.mark.parametrize("raw", [None, "", "   ", "\u3000", "\n"])
@pytest.mark.parametrize("question", ["product_type", "price", "website_field"])
def test_blank_is_no_answer(
    raw: object, question: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Null, an empty text and white space are as good as nothing."""
    assert parse(rulebook.questions[question], raw, messages) is None


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (True, "true"),
        (Decimal("9.90"), "9.9"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1200.0"), "1200"),
        ("commodity", "commodity"),
    ],
)
def test_an_answer_is_shown_as_it_is_typed(value: Value, typed: str) -> None:
    """What a report shows can be given in a flag."""
    assert to_text(value) == typed


# ---- layers


def read(rulebook: Rulebook, messages: Messages, *layers: Layer) -> Answers:
    """The answers in some layers."""
    return read_answers(rulebook, layers, messages)


def refused(rulebook: Rulebook, messages: Messages, *layers: Layer) -> list[str]:
    """Every fault in some layers."""
    with pytest.raises(AnswersError) as caught:
        read(rulebook, messages, *layers)
    return [str(problem) for problem in caught.value.problems]


def test_the_first_layer_wins(rulebook: Rulebook, messages: Messages) -> None:
    """A flag beats the environment, which beats the file; each answer knows where it is from."""
    answers = read(
        rulebook,
        messages,
        Layer("flag", {"price": "9"}),
        Layer("env", {"price": "8", "market": "uk"}),
        Layer("file", {"price": 7, "market": "us", "goal": "brand"}),
    )
    assert answers.given == {"price": Decimal(9), "market": "uk", "goal": "brand"}
    assert answers.sources == {"price": "flag", "market": "env", "goal": "file"}


def test_a_blank_leaves_the_answer_to_the_next_layer(
    rulebook: Rulebook, messages: Messages
) -> None:
    """An empty flag or a null in a file hides nothing."""
    answers = read(rulebook, messages, Layer("flag", {"price": ""}), Layer("file", {"price": 7}))
    assert answers.sources == {"price": "file"}


def test_unknown_in_a_layer_hides_the_next(rulebook: Rulebook, messages: Messages) -> None:
    """Saying that something is open is an answer."""
    answers = read(rulebook, messages, Layer("flag", {"price": "?"}), Layer("file", {"price": 7}))
    assert answers.given == {"price": UNKNOWN}


def test_answers_come_in_the_order_of_the_rulebook(rulebook: Rulebook, messages: Messages) -> None:
    """However a file orders them."""
    answers = read(
        rulebook, messages, Layer("file", {"goal": "brand", "price": 7, "product-type": "custom"})
    )
    assert list(answers.given) == ["product_type", "price", "goal"]


@pytest.mark.parametrize("key", ["product-type", "Product Type", "PRODUCT_TYPE", "ｐroduct_type"])
def test_a_question_is_named_in_any_spelling(
    key: str, rulebook: Rulebook, messages: Messages
) -> None:
    """Hyphens, spaces, case and width do not matter."""
    assert read(rulebook, messages, Layer("file", {key: "custom"})).given == {
        "product_type": "custom"
    }


def test_all_faults_of_all_layers_are_told_at_once(rulebook: Rulebook, messages: Messages) -> None:
    """Unknown questions and refused values, each at its place; a flag needs no name before it."""
    assert refused(
        rulebook,
        messages,
        Layer("flag", {"price": "€9"}, lambda key: f"--{key}", telling=True),
        Layer("env", {"followers": "many"}, lambda key: f"ENV_{key}", telling=True),
        Layer("file", {"prise": 7, "market": "mars", "zzz": 1}, lambda key: f"f.yaml:{key}"),
    ) == [
        '--price: "€9" is not in US dollars. Convert it first; this tool does not convert'
        " currencies.",
        f'ENV_followers: "many" is not a number. {COUNT}',
        'f.yaml:prise: unknown question "prise". Did you mean "price"?',
        'f.yaml:market: market: "mars" is not one of the answers. Expected: us, uk, eu, japan,'
        " mexico, brazil, vietnam, thailand, indonesia, sea, other, no_shop, unknown.",
        'f.yaml:zzz: unknown question "zzz".',
    ]


def test_a_strange_question_is_shown_short_and_printable(
    rulebook: Rulebook, messages: Messages
) -> None:
    """A key from a file is repeated like a value: cut, and without control characters."""
    raw: dict[Any, int] = {"\x1b[31m" + "x" * 99: 1, 5: 1}
    assert refused(rulebook, messages, Layer("api", raw)) == [
        f'unknown question "[31m{"x" * 36}…".',
        'unknown question "5".',
    ]


# ---- what is missing


def missing(rulebook: Rulebook, given: Mapping[str, Any], messages: Messages) -> list[str]:
    """The names of the core questions that are missing."""
    answers = read(rulebook, messages, Layer("api", given))
    return [question.id for question in missing_core(space_of(rulebook), answers.given)]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (
            {},
            ["product_type", "price", "warehouse", "followers", "business_license"],
        ),
        ({"product_type": "affiliate"}, ["followers"]),
        ({"product_type": "banned"}, []),
        ({"product_type": "digital"}, ["price", "followers", "business_license"]),
        (
            {"product_type": "commodity", "price": 9},
            ["warehouse", "followers", "business_license"],
        ),
        (
            {"product_type": "commodity", "price": "?", "warehouse": "?", "followers": "?"},
            ["business_license"],
        ),
        (
            {"price": 9, "warehouse": "home", "followers": 0, "business_license": "none"},
            ["product_type"],
        ),
    ],
)
def test_core_questions_are_missing_only_where_they_apply(
    given: dict[str, Any], names: list[str], rulebook: Rulebook, messages: Messages
) -> None:
    """A creator needs no price, banned goods need nothing more, a course needs no warehouse."""
    assert missing(rulebook, given, messages) == names


# ---- settling


def settled(rulebook: Rulebook, messages: Messages, given: Mapping[str, Any]) -> Any:
    """The situation that some answers fall into."""
    return complete_with_defaults(
        rulebook, space_of(rulebook), read(rulebook, messages, Layer("api", given)).given
    )


def test_open_questions_are_taken_at_their_assumed_answers(
    rulebook: Rulebook, messages: Messages
) -> None:
    """Left out or said to be unknown, an open question that applies is assumed and named."""
    situation = settled(
        rulebook, messages, {"product_type": "affiliate", "followers": 50, "market": "?"}
    )
    assumed = {"market": "us", "website_field": False, "experience": "first_time"}
    assert situation.assumed == assumed
    assert situation.values == {"product_type": "affiliate", "followers": Decimal(50), **assumed}


def test_answers_that_do_not_apply_are_set_aside(rulebook: Rulebook, messages: Messages) -> None:
    """A creator's price counts for nothing, and is not lost silently."""
    situation = settled(
        rulebook, messages, {"product_type": "affiliate", "followers": 5000, "price": 9}
    )
    assert situation.set_aside == {"price": Decimal(9)}
    assert "price" not in situation.values


def test_banned_goods_set_everything_else_aside(rulebook: Rulebook, messages: Messages) -> None:
    """Where nothing else is asked, nothing else is assumed."""
    situation = settled(rulebook, messages, {"product_type": "banned", "price": 9, "market": "uk"})
    assert situation.values == {"product_type": "banned"}
    assert situation.assumed == {}
    assert situation.set_aside == {"price": Decimal(9), "market": "uk"}


def test_what_applies_follows_from_assumed_answers_too(
    rulebook: Rulebook, messages: Messages
) -> None:
    """With no followers given, 0 are assumed, and so the Website field is asked about."""
    situation = settled(rulebook, messages, {"product_type": "digital", "website_field": True})
    assert situation.assumed["followers"] == Decimal(0)
    assert situation.values["website_field"] is True


def test_the_same_answers_fall_into_the_same_cell(rulebook: Rulebook, messages: Messages) -> None:
    """Spelling and order make no difference, and neither does saying what is assumed anyway."""
    left = settled(rulebook, messages, {"product_type": "digital", "price": "$20", "market": "US"})
    right = settled(rulebook, messages, {"price": 20.0, "product_type": "课程"})
    assert (left.cell, left.terms, left.values) == (right.cell, right.terms, right.values)


def test_a_number_with_far_too_many_digits_is_refused(
    rulebook: Rulebook, messages: Messages
) -> None:
    """Nothing is rounded behind a person's back."""
    with pytest.raises(RefusedError, match="too many digits"):
        parse(rulebook.questions["price"], "1." + "1" * 400, messages)


def test_a_number_has_at_most_15_digits(rulebook: Rulebook, messages: Messages) -> None:
    """JavaScript and JSON hold as many exactly."""
    rate = rulebook.answerable["link_orders_per_1000_views"]
    assert parse(rate, "1.23456789012345", messages) == Decimal("1.23456789012345")
    with pytest.raises(RefusedError, match="too many digits"):
        parse(rate, "1.234567890123456", messages)


def test_a_point_for_thousands_is_asked_about(rulebook: Rulebook, messages: Messages) -> None:
    """In much of Europe 1.000 is a thousand, here it would be one."""
    with pytest.raises(RefusedError, match="one thousand or one"):
        parse(rulebook.questions["followers"], "1.000", messages)


@pytest.mark.parametrize("raw", ["-0", -0.0, Decimal("-0")])
def test_nothing_is_less_than_nothing(raw: object, rulebook: Rulebook, messages: Messages) -> None:
    """Minus nothing is nothing, and is shown without a sign."""
    number = parse(rulebook.questions["followers"], raw, messages)
    assert isinstance(number, Decimal)
    assert number == 0
    assert not number.is_signed()


def test_numbers_of_other_libraries_are_numbers(rulebook: Rulebook, messages: Messages) -> None:
    """numpy and pandas hold theirs behind item()."""

    class Wrapped:
        def item(self) -> float:
            return 9.9

    assert parse(rulebook.questions["price"], Wrapped(), messages) == Decimal("9.9")


def test_a_number_that_is_not_known_outranks_an_older_one(
    rulebook: Rulebook, messages: Messages
) -> None:
    """Blank is not given, so the file counts; "unknown" is said, so nothing does."""
    file = Layer("file", {"unit_cost": 5})
    assert (
        "unit_cost"
        in read_answers(rulebook, [Layer("flag", {"unit_cost": ""}), file], messages).given
    )
    unknown = Layer("flag", {"unit_cost": "unknown"})
    assert "unit_cost" not in read_answers(rulebook, [unknown, file], messages).given
