"""Worked cases: the article's own, and the rulebook's."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from choose_channel.api import decide
from choose_channel.checks.cases import (
    Case,
    case_files,
    differences,
    problems_in,
    read_cases,
)
from choose_channel.cli.main import run
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.messages.i18n import Messages

HERE = Path(__file__).parents[1]
_SAY = Messages(load_rulebook().wording, "en")
CASES = [
    *read_cases(HERE / "cases" / "seed.yaml", _SAY),
    *read_cases(shipped_folder() / "cases.yaml", _SAY),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_advice_holds(case: Case) -> None:
    """What the article says comes out."""
    assert list(differences(case, decide(case.answers), load_rulebook())) == []


def _case(tmp_path: Path, text: str) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


ANSWERS = "answers: {product_type: digital, price: 99, followers: 300, business_license: none}"


def test_command_passes_a_case_that_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case that holds is a PASS and exit 0."""
    file = _case(tmp_path, f"{ANSWERS}\nexpect: {{recommended: null, aim: bio_link}}\n")
    assert run(["test", file]) == 0
    assert "1 passed, 0 failed, 0 with errors." in capsys.readouterr().out


def test_after_two_dashes_every_word_is_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that is called like an option."""
    monkeypatch.chdir(tmp_path)
    Path("--lang").write_text(f"{ANSWERS}\nexpect: {{aim: bio_link}}\n", encoding="utf-8")
    assert run(["test", "--lang", "en", "--", "--lang", "--lang"]) == 0
    assert "2 passed, 0 failed, 0 with errors." in capsys.readouterr().out


def test_command_shows_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that fails prints expected and got, and exits with 1."""
    file = _case(
        tmp_path,
        f"name: Course\n{ANSWERS}\nexpect:\n  aim: hybrid\n  access: {{bio_link: open}}\n"
        "  pitfalls: {has: [deposit], lacks: [follower-threshold]}\n",
    )
    assert run(["test", file]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAIL")
    assert lines[1] == '    aim: expected "hybrid", got "bio_link"'
    assert lines[2] == "      hybrid-needs-goods keeps hybrid shut"
    assert '    access bio_link: expected "open", got "locked"' in lines
    assert any(line.startswith('    pitfalls has: expected "deposit", got [') for line in lines)
    assert any("pitfalls lacks: expected" in line for line in lines)


def test_command_tells_an_error_from_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case whose answers cannot be decided is an ERROR and exit 2."""
    file = _case(tmp_path, "answers: {product_type: digital, price: dear}\nexpect: {weak: false}\n")
    assert run(["test", file]) == 2
    out = capsys.readouterr().out
    assert out.startswith("ERROR")
    assert 'price: "dear" is not a number.' in out


def test_a_list_in_expect_means_any_of_these() -> None:
    """Where the article leaves a choice, so does a case."""
    answers = {"product_type": "affiliate", "followers": 20000}
    decision = decide(answers)
    case = Case("x", answers, {"recommended": ["hybrid", "tiktok_shop"]}, "x:1:1")
    assert list(differences(case, decision, load_rulebook())) == []


def test_cases_come_one_or_many_in_any_format(tmp_path: Path) -> None:
    """One mapping, a list, a list under `cases`; YAML, JSON or TOML; a folder of them."""
    (tmp_path / "one.yaml").write_text("answers: {product_type: banned}\n")
    (tmp_path / "two.json").write_text('[{"answers": {"product_type": "banned"}}]')
    (tmp_path / "three.toml").write_text('[[cases]]\n[cases.answers]\nproduct_type = "banned"\n')
    (tmp_path / "notes.txt").write_text("not a case")
    files = case_files(tmp_path)
    assert [file.name for file in files] == ["one.yaml", "three.toml", "two.json"]
    assert [len(read_cases(file, _SAY)) for file in files] == [1, 1, 1]


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        (
            "weak: false, prefers: hybrid",
            'expect: there is nothing called "prefers" in the rulebook',
        ),
        ("weak: false, aim: hybird", 'aim: there is nothing called "hybird" in the rulebook'),
        (
            "weak: false, aim: [hybrid, hybird]",
            'aim: there is nothing called "hybird" in the rulebook',
        ),
        ("weak: false, close: maybe", 'close: there is nothing called "maybe" in the rulebook'),
        (
            "weak: false, access: {bio: open}",
            'access: there is nothing called "bio" in the rulebook',
        ),
        (
            "weak: false, access: {bio_link: shut}",
            'access: there is nothing called "shut" in the rulebook',
        ),
        (
            "weak: false, access: {bio_link: [open, shut]}",
            'access: there is nothing called "shut" in the rulebook',
        ),
        (
            "weak: false, pitfalls: {has: depositt}",
            'pitfalls: there is nothing called "depositt" in the rulebook',
        ),
        (
            "weak: false, pitfalls: {lacks: [deposit, depositt]}",
            'pitfalls: there is nothing called "depositt" in the rulebook',
        ),
        (
            "weak: false, pitfalls: {holds: deposit}",
            'pitfalls: there is nothing called "holds" in the rulebook',
        ),
        ("weak: false, access: open", "access must be a group of"),
        ("weak: false, pitfalls: deposit", "pitfalls must be a group of"),
    ],
)
def test_what_can_never_be_checked_is_an_error_wherever_it_stands(
    expect: str, message: str, tmp_path: Path
) -> None:
    """In any key of `expect`, and in any item of a list."""
    (case,) = read_cases(Path(_case(tmp_path, f"{ANSWERS}\nexpect: {{{expect}}}\n")), _SAY)
    (problem,) = problems_in(case, load_rulebook(), _SAY)
    assert problem.message.startswith(message)


def test_every_key_of_expect_is_compared() -> None:
    """Not only the first."""
    decision = decide({"product_type": "banned"})
    expect = {"recommended": None, "weak": "odd", "aim": "hybrid", "access": {"hybrid": "open"}}
    keys = [item.key for item in differences(Case("x", {}, expect, "x"), decision, load_rulebook())]
    assert keys == ["weak", "aim", "access hybrid"]


def test_a_case_may_expect_a_variant_by_an_alias(tmp_path: Path) -> None:
    """Old cases hold when a variant gets a better name."""
    channels = (shipped_folder() / "channels.yaml").read_text(encoding="utf-8")
    renamed = channels.replace("    own_site:\n", "    own_site:\n      aliases: [old_name]\n")
    (tmp_path / "channels.yaml").write_text(renamed, encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    decision = decide(
        {"product_type": "digital", "price": 99, "followers": 2000, "business_license": "none"},
        rulebook,
    )
    case = Case("x", {}, {"variant": ["old_name"]}, "x")
    assert problems_in(case, rulebook, _SAY) == []
    assert list(differences(case, decision, rulebook)) == []
    other = Case("x", {}, {"variant": "own_shop"}, "x")
    assert [difference.got for difference in differences(other, decision, rulebook)] == ["own_site"]


def test_every_fault_of_a_case_is_named_and_is_its_own(tmp_path: Path) -> None:
    """Unknown keys, missing answers and items that are no case: the good neighbour has none."""
    file = _case(
        tmp_path,
        "- just text\n- name: A\n- answers: {}\n  expects: {}\n"
        "- answers: {product_type: banned}\n  expect: {recommended: null}\n",
    )
    texts = [[fault.message for fault in case.problems] for case in read_cases(Path(file), _SAY)]
    assert texts == [
        ['a case must be a group of "key: value" lines.'],
        ['the case has no "answers".'],
        ['a case has no key "expects".'],
        [],
    ]


def test_a_misspelt_key_hides_no_other_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of which one case is written wrongly."""
    good = "- answers: {product_type: banned}\n  expect: {recommended: null}\n"
    file = _case(tmp_path, good + good.replace("expect", "expct") + good)
    assert run(["test", file]) == 2
    out = capsys.readouterr().out
    assert "2 passed, 0 failed, 1 with errors." in out
    assert ':4:3: a case has no key "expct".' in out


def test_cases_come_from_standard_input_as_toml(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of tables begins with two brackets."""
    text = (
        "# two\n" + '[[cases]]\nanswers = {product_type = "banned"}\nexpect = {weak = true}\n' * 2
    )
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    run(["test", "-"])
    assert "2 failed, 0 with errors." in capsys.readouterr().out
