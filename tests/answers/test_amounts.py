"""Amounts and rates that may mean two things, and costs told in yuan."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from choose_channel import AnswersError, decide
from choose_channel.answers.kinds import kind_of, parse
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.cli.main import run
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook

CLIPS: dict[str, Any] = {
    **{"product_type": "commodity", "price": 25, "warehouse": "local", "followers": 3000},
    **{"business_license": "mainland", "unit_cost": "6.20"},
}
Capture = pytest.CaptureFixture[str]


def read(rulebook: Rulebook, messages: Messages, *layers: dict[str, Any]) -> Answers:
    """The answers in some layers, the first one winning."""
    return read_answers(rulebook, [Layer("file", layer) for layer in layers], messages)


# ---- whole cents


@pytest.mark.parametrize("name", ["price", "unit_cost", "lead_price", "deposit"])
@pytest.mark.parametrize("raw", ["8.505", "$8.505", Decimal("8.505"), 8.505])
def test_an_amount_has_whole_cents(
    name: str, raw: object, rulebook: Rulebook, messages: Messages
) -> None:
    """A price of a question and a cost alike; nothing is rounded in silence."""
    with pytest.raises(RefusedError, match=r'^"\$?8\.505" has a fraction of a cent\. Use whole'):
        parse(rulebook.answerable[name], raw, messages)


@pytest.mark.parametrize("raw", ["8.50", "8.500", "8.5", "9", "1.2k", 8.5])
def test_zeros_are_no_fraction_of_a_cent(
    raw: object, rulebook: Rulebook, messages: Messages
) -> None:
    """Spreadsheets write them."""
    assert isinstance(parse(rulebook.answerable["price"], raw, messages), Decimal)


def test_every_price_that_stands_for_a_band_is_a_price(
    rulebook: Rulebook, messages: Messages
) -> None:
    """A witness of a proof can be typed."""
    for decimal in ("9.99", "0.05", "50"):
        question = rulebook.questions["price"]
        bands = kind_of(question).bands(question, [Decimal(decimal)])
        assert [parse(question, value, messages) for value in bands.values] == [*bands.values]


# ---- rates below 1


@pytest.mark.parametrize("raw", ["0.15", ".15", 0.15, Decimal("0.15")])
def test_a_rate_below_one_is_asked_back(
    raw: object, rulebook: Rulebook, messages: Messages
) -> None:
    """A spreadsheet holds 15 % as 0.15."""
    with pytest.raises(RefusedError) as caught:
        parse(rulebook.answerable["creator_commission"], raw, messages)
    assert str(caught.value).endswith(" 0.15%, or 15%? Write it with its percent sign.")


@pytest.mark.parametrize(
    ("raw", "rate"),
    [
        ("0.5%", "0.5"),
        ("0.5 percent", "0.5"),
        ("０．５％", "0.5"),
        ("1", "1"),
        ("15", "15"),
        (0, "0"),
    ],
)
def test_a_rate_with_its_sign_is_what_it_says(
    raw: object, rate: str, rulebook: Rulebook, messages: Messages
) -> None:
    """And 0, 1 or more mean one thing only."""
    assert parse(rulebook.answerable["creator_commission"], raw, messages) == Decimal(rate)


def test_a_number_that_is_no_rate_may_be_below_one(rulebook: Rulebook, messages: Messages) -> None:
    """0.4 orders for 1,000 views are not 40."""
    question = rulebook.answerable["link_orders_per_1000_views"]
    assert parse(question, "0.4", messages) == Decimal("0.4")


def test_a_rate_below_one_is_refused_without_a_terminal(capsys: Capture) -> None:
    """With the flag, and with what would be right."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in CLIPS.items()]
    assert run([*words, "--creator-commission", "0.15", "--no-input"]) == 2
    errors = capsys.readouterr().err
    assert '--creator-commission: Is "0.15" 0.15%, or 15%?' in errors


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".toml"])
def test_what_is_saved_is_read_again(suffix: str, tmp_path: Path, capsys: Capture) -> None:
    """A rate below 1 is written with its sign; so is it in a record, which `verify` decides again,
    and in the command to repeat."""
    file, saved = tmp_path / "record.json", tmp_path / f"answers{suffix}"
    words = [f"--{name.replace('_', '-')}={value}" for name, value in CLIPS.items()]
    words += ["--shop-fee=0.5%", "--no-input", "--lang=en"]
    assert run([*words, "--format", "json", "-o", str(file), "--save", str(saved)]) == 0
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["answers"]["shop_fee"] == "0.5%"
    assert '--shop-fee "0.5%"' in record["run"]["command"]
    assert run(["verify", str(file)]) == 0
    for answers in (file, saved):
        capsys.readouterr()
        assert run(["--answers", str(answers), "--format", "json", "--no-input"]) == 0
        again = json.loads(capsys.readouterr().out)
        assert again["money"] == record["money"]


# ---- costs in yuan


@pytest.mark.parametrize(
    "raw",
    ["36元", "36 元", "¥36", "￥36", "36 RMB", "rmb 36", "36 yuan", "36 CNY", "36块", "36人民币"],
)
def test_a_cost_in_yuan_takes_the_sellers_own_rate(
    raw: str, rulebook: Rulebook, messages: Messages
) -> None:
    """36 / 7.2 = 5.00, wherever the two stand."""
    answers = read(rulebook, messages, {"unit_cost": raw, "cny_per_usd": "7.2"})
    assert answers.given["unit_cost"] == 5
    apart = read(rulebook, messages, {"unit_cost": raw}, {"cny_per_usd": 7.2})
    assert apart.given["unit_cost"] == 5


@pytest.mark.parametrize(
    ("raw", "dollars"),
    [
        ("36元/7.2", "5"),
        ("10元/7", "1.43"),
        ("1万元/7", "1428.57"),
        ("1 400元/7", "200"),
        ("1千4元/7", "200"),
        ("¥10,50/7", "1.5"),
    ],
)
def test_a_rate_may_stand_beside_the_cost(
    raw: str, dollars: str, rulebook: Rulebook, messages: Messages
) -> None:
    """So it can be typed in the wizard; the dollars have whole cents."""
    assert read(rulebook, messages, {"unit_cost": raw}).given["unit_cost"] == Decimal(dollars)


def test_a_cost_in_yuan_without_a_rate_is_refused_with_the_remedy(
    rulebook: Rulebook, messages: Messages
) -> None:
    """No rate is ever assumed."""
    with pytest.raises(AnswersError) as caught:
        read(rulebook, messages, {"unit_cost": "36元"})
    assert str(caught.value) == (
        'unit_cost: "36元" is in yuan. Give your own rate with it: write "36元/" and how many yuan'
        " make a dollar, or give cny_per_usd."
    )


@pytest.mark.parametrize("raw", ["36美元", "$36", "36"])
def test_dollars_stay_dollars(raw: str, rulebook: Rulebook, messages: Messages) -> None:
    """Also where a rate is given."""
    answers = read(rulebook, messages, {"unit_cost": raw, "cny_per_usd": "7.2"})
    assert answers.given["unit_cost"] == 36


@pytest.mark.parametrize("raw", ["36日元", "36 JPY", "€36", "HK$36", "36港元", "元", "36元/0"])
def test_no_other_money_is_taken_for_yuan(raw: str, rulebook: Rulebook, messages: Messages) -> None:
    """It is refused with words, rate or no rate."""
    with pytest.raises(AnswersError, match="unit_cost: "):
        read(rulebook, messages, {"unit_cost": raw, "cny_per_usd": "7.2"})


def test_a_price_is_told_in_dollars(rulebook: Rulebook, messages: Messages) -> None:
    """Buyers pay in theirs; only costs arise in yuan."""
    with pytest.raises(AnswersError, match="is not in US dollars"):
        read(rulebook, messages, {"price": "36元", "cny_per_usd": "7.2"})


def test_a_record_holds_the_dollars() -> None:
    """And the rate that they came from; decided again it is the same, and the rate is no figure
    given in vain."""
    decision = decide({**CLIPS, "unit_cost": "36元", "cny_per_usd": "7.2"})
    record = decision.to_dict()
    assert (record["answers"]["unit_cost"], record["answers"]["cny_per_usd"]) == (5, 7.2)
    assert decide(record["answers"]).to_dict() == {**record}
    assert decision.money is not None
    assert "yuan" not in " ".join(decision.money.notices)
