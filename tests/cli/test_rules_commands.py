"""The commands for authors: rules check, show, diff, new and test; test; verify."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from choose_channel.checks import walk
from choose_channel.checks.explain import described, entries_of
from choose_channel.checks.proofs import PROOFS
from choose_channel.cli.main import run
from choose_channel.engine.decision import SCHEMA_VERSION
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.model.naming import flag
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.report.formats.json import record_digest
from tests.sellers import BOOK

HERE = Path(__file__).parents[1]
CLEAN = HERE / "clean_rulebook"
LANGS = ("en", "zh")
Said = Callable[..., tuple[int, str]]

PEARS = "answers: {goods: pears, season: winter}"
FIGURE = ("They are heavy", "They weigh 20 % more")
LIGHTER = ("points: {post: 6}", "points: {post: 2}")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command line: its exit code, and all that it said."""

    def words(*line: object) -> tuple[int, str]:
        code = run([str(word) for word in line])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out + err

    return words


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named from where one is, here from above the folders of a test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the clean rulebook, to be spoiled."""
    return Path(shutil.copytree(CLEAN, tmp_path / "own"))


def change(path: Path, old: str, new: str) -> None:
    """Writes something else in one place of a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def spoil(folder: Path) -> None:
    """Two faults: a figure without a fact, and a pitfall that nobody is shown."""
    change(folder / "rules.yaml", "Boxes lose fewer", "Boxes lose 20 % less")
    change(folder / "pitfalls.yaml", "  channels: [stall]\n", STALL_IN_WINTER)


STALL_IN_WINTER = "  channels: [stall]\n  when: {season: winter}\n"
FOUND = [
    ("figure_without_fact", "own/rules.yaml", 30, 3),
    ("never_shown", "own/pitfalls.yaml", 11, 1),
]


NAMES = {
    *("goods", "apples", "pears", "price", "season", "summer", "winter", "boxes", "goal", "today"),
    *("regulars", "true", "false", "stall", "post", "parcel", "bruised", "rain", "judgement"),
}


def english(text: str) -> set[str]:
    """The English words in a Chinese message: names, commands, digests and quotes left out."""
    text = re.sub(r"choose-channel .*|\b[0-9a-f]{12}\b|“[^”]*”|\"[^\"]*\"", " ", text)
    text = re.sub(r"[!-~]*[-_/.:][!-~]*", " ", text)
    return set(re.findall(r"[A-Za-z]{3,}", text)) - NAMES


@pytest.mark.parametrize(
    "words",
    [
        ["rules", "check", "own"],
        ["rules", "check", "--rules", "own"],
        ["rules", "test", "own"],
        ["rules", "diff", "own", str(CLEAN)],
        ["rules", "diff", str(CLEAN), "own"],
        ["verify", "record.json", "--rules", "own"],
    ],
)
def test_a_rulebook_that_cannot_be_used_is_told_in_the_language(
    words: list[str], folder: Path, said: Said
) -> None:
    """Whichever way it was given."""
    change(folder / "rules.yaml", "dimension: goal\n  points: {post: 12}", "points: {post: 12}")
    code, text = said(*words, "--lang", "zh")
    assert (code, text.splitlines()[0]) == (2, "规则有问题：")
    assert "own/rules.yaml:14:1: regulars-write: 少了“dimension”。" in text


def test_a_rulebook_that_cannot_be_used_is_told_beside_its_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On GitHub, like what the checks find."""
    change(folder / "rules.yaml", "dimension: goal\n  points: {post: 12}", "points: {post: 12}")
    assert run(["rules", "check", "own", "--format", "github"]) == 2
    printed = capsys.readouterr()
    where = "file=own/rules.yaml,line=14,col=1,title=rulebook"
    assert printed.out == f'::error {where}::regulars-write: "dimension" is missing.\n'
    assert "own/rules.yaml:14:1" in printed.err


# ---- rules check


def test_who_watches_sees_how_many_proofs_are_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one line of a terminal, which is empty at the end."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(["rules", "check", str(CLEAN), "--lang", "en"]) == 0
    _, *shown = capsys.readouterr().err.split("\r")
    count = len(PROOFS)
    assert shown == [
        *(f"proof {done} of {count}\x1b[K" for done in range(count)),
        "\x1b[K",
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_a_clean_rulebook_passes(lang: str, said: Said) -> None:
    """Nothing found is exit 0, and says over how many cells."""
    code, text = said("rules", "check", CLEAN, "--lang", lang)
    assert code == 0
    first, second, third, last = text.splitlines()
    assert first == {"en": "No findings.", "zh": "没有发现问题。"}[lang]
    assert (
        second
        == {
            "en": f"Proved over all 24 cells, {len(PROOFS)} proofs.",
            "zh": f"已证明：覆盖全部 24 种答案，{len(PROOFS)} 项证明。",
        }[lang]
    )
    assert "8.3 %" in third  # pears in winter without boxes: nothing is open
    assert "1.0.0" in last
    assert lang == "en" or not english(text)


@pytest.mark.parametrize("lang", LANGS)
def test_each_finding_is_told_at_its_place(lang: str, folder: Path, said: Said) -> None:
    """A line a finding: file, line, column, severity, kind, entry and sentence."""
    spoil(folder)
    code, text = said("rules", "check", folder, "--lang", lang)
    assert code == 1
    lines = text.splitlines()
    places = [re.match(r"(\S+):(\d+):(\d+): warning: (\w+): [\w-]+: ", line) for line in lines[:2]]
    got = [(m[4], m[1], int(m[2]), int(m[3])) for m in places if m]
    assert got == FOUND
    count = {"en": "Findings: 2. Waived with a reason: 0", "zh": "发现 2 处问题，另有 0 处"}[lang]
    head, *remedies, total = lines[2:6]
    assert head == {"en": "What to do:", "zh": "怎么改："}[lang]
    assert [line.split(": ")[0].strip() for line in remedies] == [kind for kind, *_ in FOUND]
    assert total.startswith(count)
    assert lang == "en" or not english(text)


@pytest.mark.parametrize("lang", LANGS)
def test_findings_as_json(lang: str, folder: Path, said: Said) -> None:
    """A record with place, entry and severity apart, and what the grid looks like."""
    spoil(folder)
    code, text = said("rules", "check", folder, "--format", "json", "--lang", lang)
    assert code == 1
    record = json.loads(text)
    keys = ("id", "file", "line", "column")
    assert [tuple(finding[key] for key in keys) for finding in record["findings"]] == FOUND
    assert record["findings"][1]["entry"] == ["pitfalls", "rain"]
    assert {finding["severity"] for finding in record["findings"]} == {"warning"}
    assert (record["exact"], record["cells"], record["unused_waivers"]) == (True, 24, [])
    assert record["rulebook"]["digest"] == load_rulebook(folder).digest
    assert sum(record["map"]["pears"]["recommended"].values()) == 8


@pytest.mark.parametrize("lang", LANGS)
def test_findings_as_annotations(lang: str, folder: Path, said: Said) -> None:
    """Workflow commands of GitHub, a line each, with what has a meaning there escaped."""
    spoil(folder)
    code, text = said("rules", "check", folder, "--format", "github", "--lang", lang)
    assert code == 1
    first, second = text.splitlines()
    assert first.startswith(
        "::warning file=own/rules.yaml,line=30,col=3,title=figure_without_fact::boxes-travel-well: "
    )
    assert "20 %25" in first
    assert second.startswith("::warning file=own/pitfalls.yaml,line=11,col=1,title=never_shown::")


@pytest.mark.parametrize("lang", LANGS)
def test_annotations_are_utf_8_whatever_the_console_speaks(lang: str, folder: Path) -> None:
    """A program reads them."""
    spoil(folder)
    words = ["rules", "check", str(folder), "--format", "github", "--lang", lang]
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "choose_channel", *words],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        ).stdout
        for encoding in ("gbk", "utf-8")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].decode("utf-8").count("::warning") == 2


@pytest.mark.parametrize("lang", LANGS)
def test_a_phrase_of_another_version_is_a_finding_and_no_refusal(
    lang: str, folder: Path, said: Said
) -> None:
    """A rulebook made by 0.1.0 still decides, and its author is told what is left over."""
    names = ("report_done_whem", "help_test")
    text = "\n".join(f"{name}: {{zh: '旧 {{text}}', en: 'old {{text}}'}}" for name in names)
    (folder / "wording.yaml").write_text(text, encoding="utf-8")
    answers = ("--goods", "pears", "--season", "winter", "--no-input", "--lang", lang)
    code, text = said(*answers, "--rules", folder)
    assert code == 2  # the other phrase asks for what nothing fills in
    change(folder / "wording.yaml", "help_test", "help_tests_folder")
    code, text = said(*answers, "--rules", folder)
    assert code == 0
    assert "report_done_whem, help_tests_folder" in text.replace("、", ", ")
    code, text = said("rules", "check", folder, "--lang", lang)
    assert code == 1
    assert "own/wording.yaml:2:1: warning: unknown_phrase: help_tests_folder: " in text
    assert re.search('["“]help_test["”]', text)  # what it was probably meant to be


def test_a_clean_rulebook_has_no_annotations(said: Said) -> None:
    """A passing job is silent."""
    assert said("rules", "check", CLEAN, "--format", "github") == (0, "")


def test_findings_name_files_as_they_can_be_opened(tmp_path: Path, said: Said) -> None:
    """Relative to the current folder, however deep."""
    folder = Path(shutil.copytree(CLEAN, tmp_path / "conf" / "rules"))
    spoil(folder)
    text = said("rules", "check", "conf/rules", "--format", "github")[1]
    files = re.findall(r"^::warning file=(.*?),", text, re.MULTILINE)
    assert files == [str(Path("conf/rules") / name) for name in ("rules.yaml", "pitfalls.yaml")]
    assert all(Path(file).is_file() for file in files)


def test_a_file_of_the_shipped_rulebook_is_named_by_its_own_path(
    tmp_path: Path, said: Said
) -> None:
    """A folder may hold some files only; what is wrong in another one is not in that folder."""
    folder = tmp_path / "conf" / "rules"
    folder.mkdir(parents=True)
    shutil.copy(CLEAN / "facts.yaml", folder)  # and without the facts that the shipped rules cite
    code, text = said("rules", "check", "conf/rules")
    assert code == 2
    places = re.findall(r"^  (.*?):\d+:\d+: ", text, re.MULTILINE)
    assert str(shipped_folder() / "rules.yaml") in places
    assert all(Path(place).is_file() for place in places)


def test_what_is_not_proved_is_said_by_name_in_every_format(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it fails the check; nothing is said to be proved over all cells."""
    monkeypatch.setattr(walk, "MOST_STATES", 2)
    code, text = said("rules", "check", CLEAN)
    assert code == 1
    assert ": error: not_proved: name: nothing is proved of better_shuts:" in text
    assert "Not proved, since there is too much to tell apart: " in text
    assert "Proved over" not in text
    code, text = said("rules", "check", CLEAN, "--format", "json")
    record = json.loads(text)
    assert (code, record["exact"], record["map"], record["regions"]) == (1, False, None, None)
    assert "better_shuts" in record["unproved"]
    code, text = said("rules", "check", CLEAN, "--format", "github")
    assert code == 1
    assert "title=not_proved::" in text
    assert "nothing is proved of better_shuts" in text


def test_a_broken_law_is_an_error_with_a_witness(folder: Path, said: Said) -> None:
    """The command that shows it can be pasted, and shows it."""
    change(folder / "questions.yaml", "  effort: 1\n", "")
    code, text = said("rules", "check", folder)
    assert code == 1
    assert text.startswith("own/rulebook.yaml:2:1: error: no_way_out: name: ")
    words = shlex.split(text.splitlines()[1].split("for example: ")[1])
    code, record = said(*words[1:], "--format", "json", "--no-input")
    assert code == 0
    assert (json.loads(record)["recommended"], json.loads(record)["changes"]) == (None, [])


@pytest.mark.parametrize(("days", "code"), [("21d", 0), ("20d", 1), ("20", 1)])
def test_facts_grow_stale_on_request_only(days: str, code: int, said: Said) -> None:
    """Today is the 22nd in these tests; the fact is from the 1st."""
    assert said("rules", "check", CLEAN)[0] == 0
    got, text = said("rules", "check", CLEAN, "--stale-after", days)
    assert got == code
    assert (f"{CLEAN / 'facts.yaml'}:1:1: warning: stale_fact: parcel: " in text) is bool(code)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "options",
    [
        ("--stale-after", "soon"),
        ("--stale-after", "-3"),
        ("--stale-after", "9999999"),
        ("--stale-after", "٣"),
        ("--format", "xml"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    options: tuple[str, str], lang: str, said: Said
) -> None:
    """A number of days that is none, or another format, is wrong usage."""
    code, text = said("rules", "check", CLEAN, *options, "--lang", lang)
    assert code == 2
    assert options[0] in text
    assert lang == "en" or not english(text) - {"text", "json", "github", "xml", "soon"}


def test_what_does_not_load_is_not_checked(folder: Path, said: Said) -> None:
    """A rulebook with a fault in its form is exit 2, with the place."""
    change(folder / "rules.yaml", "points: {post: 6}", "points: {post: six}")
    code, text = said("rules", "check", folder)
    assert code == 2
    assert "own/rules.yaml:29:12: " in text


WAIVER = "waivers:\n  - {{finding: {}, entry: {}, reason: {}}}\n"


def waive(folder: Path, finding: str, entry: str, reason: str = "we know") -> None:
    """Adds a waiver to a rulebook."""
    with (folder / "rulebook.yaml").open("a", encoding="utf-8") as file:
        file.write(WAIVER.format(finding, entry, reason))


@pytest.mark.parametrize("lang", LANGS)
def test_a_waived_finding_no_longer_counts(lang: str, folder: Path, said: Said) -> None:
    """It is still told, with its reason."""
    change(folder / "pitfalls.yaml", "  channels: [stall]\n", STALL_IN_WINTER)
    waive(folder, "never_shown", "rain")
    code, text = said("rules", "check", folder, "--lang", lang)
    assert code == 0
    assert "we know" in text.splitlines()[1]
    assert said("rules", "check", folder, "--format", "github") == (0, "")
    record = json.loads(said("rules", "check", folder, "--format", "json")[1])
    assert [finding["waived"] for finding in record["findings"]] == ["we know"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("finding", "entry"), [("never_shown", "rain"), ("no_effect", "bruised")])
def test_a_waiver_of_nothing_is_named(
    finding: str, entry: str, lang: str, folder: Path, said: Said
) -> None:
    """Once the finding is gone, so must the waiver be."""
    waive(folder, finding, entry)
    code, text = said("rules", "check", folder, "--lang", lang)
    assert code == 1
    assert finding in text.splitlines()[0]
    assert entry in text.splitlines()[0]
    assert said("rules", "check", folder, "--format", "github")[1].startswith("::error ")


def test_findings_are_counted_without_the_waived_and_with_unused_waivers(
    folder: Path, said: Said
) -> None:
    """All that is left to be done."""
    spoil(folder)
    waive(folder, "figure_without_fact", "boxes-travel-well")
    assert "\nFindings: 1. Waived with a reason: 1" in said("rules", "check", folder)[1]
    change(folder / "rules.yaml", "Boxes lose 20 % less", "Boxes lose fewer")
    assert "\nFindings: 2. Waived with a reason: 0" in said("rules", "check", folder)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that are no text")
@pytest.mark.parametrize("format", ["json", "github"])
def test_a_folder_whose_name_is_no_text_can_be_checked(
    format: str, folder: Path, said: Said
) -> None:
    """Half a character is shown as a question mark."""
    spoil(folder)
    odd = folder.rename(folder.with_name(os.fsdecode(b"odd\xff")))
    code, text = said("rules", "check", odd.name, "--format", format)
    assert code == 1
    assert "odd?/rules.yaml" in text


def test_a_waiver_is_for_its_entry_only(folder: Path, said: Said) -> None:
    """Neither the file nor a key below the entry stands for it."""
    change(folder / "rules.yaml", "Boxes lose fewer", "Boxes lose 20 % less")
    waive(folder, "figure_without_fact", "because")
    code, text = said("rules", "check", folder, "--format", "json")
    assert code == 1
    assert [finding["waived"] for finding in json.loads(text)["findings"]] == [None]


def test_a_stale_fact_may_stay_waived(folder: Path, said: Said) -> None:
    """Its waiver is not called unused by a run that does not look at ages."""
    waive(folder, "stale_fact", "parcel")
    assert said("rules", "check", folder)[0] == 0
    assert said("rules", "check", folder, "--stale-after", "1d")[0] == 0
    assert said("rules", "check", folder, "--stale-after", "30d")[0] == 1


# ---- rules show


@pytest.mark.parametrize(
    ("name", "lang", "lines"),
    [
        (
            "dear-apples-by-post",
            "en",
            [
                "dear-apples-by-post",
                "When: price from 50",
                "Points (money): stall -4, post +16",
                "Why: Dear ones pay for a parcel",
                "Source: judgement",
                "Facts: A parcel costs 6 dollars (parcel)",
                "Holds in 8 of 24 cells (33.3 %). Without it, 2 of them would get a"
                " different result.",
            ],
        ),
        (
            "dear-apples-by-post",
            "zh",
            [
                "dear-apples-by-post",
                "条件：价格不低于 50",
                "分数（资金）：摊位 -4、邮寄 +16",
                "为什么：贵的寄得起",
                "出处：judgement",
                "事实：一个包裹 6 美元（parcel）",
                "8 / 24 种答案下成立（33.3 %）。去掉它，其中 2 种的结论会变。",
            ],
        ),
        (
            "pears-bruise",
            "en",
            [
                "pears-bruise",
                "When: goods is fresh pears and boxes is no",
                "Post: locked",
                "Why: Pears bruise in bags",
                "Source: judgement",
                "Holds in 4 of 24 cells (16.6 %). Without it, 4 of them would get a"
                " different result.",
            ],
        ),
        (
            "bruised",
            "en",
            [
                "bruised",
                "Bruised fruit",
                "When: goods is fresh pears and boxes is no",
                "What happens: It arrives spoilt",
                "Why: Bags are thin",
                "What to do: Buy thick boxes",
                "Source: judgement",
                "Holds in 4 of 24 cells (16.6 %).",
            ],
        ),
        (
            "parcel",
            "en",
            [
                "parcel (facts.yaml)",
                "A parcel costs 6 dollars",
                "Value: 6 (usd). Market: any. Date: 2026-11-01. Grade: press.",
                "Source: a newspaper",
                "Used by: dear-apples-by-post (rules.yaml)",
            ],
        ),
        (
            "parcel",
            "zh",
            [
                "parcel（facts.yaml）",
                "一个包裹 6 美元",
                "数：6（usd）。市场：any。日期：2026-11-01。出处类别：press。",
                "出处：报纸",
                "用在：dear-apples-by-post（rules.yaml）",
            ],
        ),
        (
            "buy-boxes",
            "zh",
            [
                "buy-boxes",
                "买箱子",
                "条件：总是",
                "做什么：买厚的",
                "完成标志：箱子到了",
                "出处：judgement",
                "24 / 24 种答案下成立（100.0 %）。",
            ],
        ),
    ],
)
def test_an_entry_is_shown_as_sentences(name: str, lang: str, lines: list[str], said: Said) -> None:
    """A rule, a gate, a pitfall, a step: all there is to it, and where it holds. A fact: what it
    says, and what uses it."""
    code, text = said("rules", "show", name, "--rules", CLEAN, "--lang", lang)
    assert (code, text.splitlines()) == (0, lines)


def test_entries_of_one_name_are_shown_one_after_the_other(said: Said) -> None:
    """A fee has often the name of the number that a seller may give for it."""
    code, text = said("rules", "show", "card_fee")
    assert code == 0
    fact, number, line = text.split("\n\n")
    assert "Value: percent 2.9, fixed_usd 0.3 (fee). Market: any." in fact
    assert "card_fee (money.yaml lines), card_fixed_fee (money.yaml lines)" in fact.splitlines()[-1]
    assert number.splitlines()[0] == "card_fee (money.yaml inputs)"
    assert number.splitlines()[3:] == [
        "Set with --card-fee: a percentage from 0 to 100",
        "Used by: card_fee (money.yaml lines)",
    ]
    assert line.splitlines()[0] == "card_fee (money.yaml lines)"
    assert line.splitlines()[3:] == [
        "Paid by: own_store",
        "Figure (percent, price): --card-fee, card_fee",
    ]


def test_ways_of_selling_and_margins_are_shown(said: Said) -> None:
    """With the lines of the one, and when the other holds."""
    stream = said("rules", "show", "creator_videos")[1].splitlines()
    assert stream[0] == "creator_videos (money.yaml streams)"
    assert stream[-1].startswith(
        "Lines: sale, vat, vat_of_a_company_at_home, vat_of_a_small_seller, shop_fee, "
    )
    _choice, described = said("rules", "show", "shop_thin")[1].split("\n\n")
    margin = described.splitlines()
    assert margin[1] == (
        "None of these leaves more than 0% of the price (case: middle): creator_videos"
    )


def test_questions_choices_channels_and_phrases_are_shown(said: Said) -> None:
    """Where somebody meets them, and which entries read them."""
    question = said("rules", "show", "season", "--rules", CLEAN)[1].splitlines()
    assert question[0] == "season (questions.yaml)"
    assert question[-1].startswith("Used by: ")
    assert "no-market-in-winter (gates.yaml)" in question[-1]
    assert "Set with --season: summer (summer), winter (winter)" in question
    assert "Set with" not in said("rules", "show", "margin")[1]  # which nobody is asked
    choice = said("rules", "show", "winter", "--rules", CLEAN)[1].splitlines()
    assert choice[:2] == ["winter (questions.yaml season choices)", "season: winter"]
    assert "no-market-in-winter (gates.yaml)" in choice[-1]
    channel = said("rules", "show", "tiktok_shop")[1].splitlines()
    assert channel[:2] == ["tiktok_shop (channels.yaml)", "TikTok Shop"]
    assert said("rules", "show", "own_shop")[1].startswith(
        "own_shop (channels.yaml tiktok_shop variants)\n"
    )
    phrase = said("rules", "show", "summary_until", "--lang", "zh")[1]
    assert phrase.startswith("summary_until（wording.yaml）\n")
    assert "{unlock}" in phrase


@pytest.mark.parametrize("lang", LANGS)
def test_every_entry_can_be_shown(lang: str, rulebook: Rulebook) -> None:
    """Of every file that holds entries to be cited or read."""
    messages = FactMessages(rulebook, lang)
    for at, entries in entries_of(rulebook).items():
        assert entries
        for name in entries:
            first, *rest = described(rulebook, messages, (*at, name))
            assert first.startswith(name)
            assert all(rest)


@pytest.mark.parametrize("lang", LANGS)
def test_an_unknown_entry_is_refused_with_the_nearest(lang: str, said: Said) -> None:
    """A slip in a name is answered with the name that was meant."""
    code, text = said("rules", "show", "pears-brusie", "--rules", CLEAN, "--lang", lang)
    assert code == 2
    assert "pears-bruise" in text
    assert lang == "en" or not english(text)


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_name_the_map_is_shown(lang: str, said: Said) -> None:
    """All names, then the share of cells by recommended channel and by access."""
    code, text = said("rules", "show", "--rules", CLEAN, "--lang", lang)
    assert code == 0
    for name in ("regulars-write", "no-market-in-winter", "torn-bags", "rent-a-stall"):
        assert name in text
    shares = [re.findall(r"\d+\.\d %", line) for line in text.splitlines()]
    assert [line for line in shares if line] == [
        *(["18.7 %"], ["81.2 %"], ["37.5 %"], ["37.5 %"], ["25.0 %"]),
        *(["50.0 %", "50.0 %"], ["16.6 %", "83.3 %"]),
    ]
    assert lang == "en" or not english(text)


# ---- rules diff


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_rulebook_has_no_differences(lang: str, folder: Path, said: Said) -> None:
    """Other words for the same advice change no result."""
    change(folder / "rules.yaml", "Boxes lose fewer", "Boxes keep more")
    code, text = said("rules", "diff", CLEAN, folder, "--lang", lang)
    assert code == 0
    assert "24" in text.splitlines()[-1]
    assert lang == "en" or not english(text)


@pytest.mark.parametrize("lang", LANGS)
def test_changed_results_are_counted_with_an_example(lang: str, folder: Path, said: Said) -> None:
    """How many cells, what became of them, an example to paste, and the entry that moved them;
    an entry with other words only is told as such."""
    change(folder / "rules.yaml", "points: {post: 6}", "points: {post: 0}")
    change(folder / "rules.yaml", "Regulars write for more", "Regulars write again")
    code, text = said("rules", "diff", CLEAN, folder, "--lang", lang)
    assert code == 1
    assert re.search(r"boxes-travel-well ?[(（]rules\.yaml[)）]\n", text)
    (reworded,) = [line for line in text.splitlines() if "regulars-write" in line]
    assert "only texts" in reworded or "只改了文字" in reworded
    assert "1 of 24 cells" in text or "1 / 24 种答案" in text
    assert "4.1 %" in text
    assert lang == "en" or not english(text)
    words = shlex.split(text.splitlines()[-1].split("choose-channel ")[1])
    answers = words[: words.index("--rules")]
    for rules, wanted in ((CLEAN, "post"), (folder, "stall")):
        record = said(*answers, "--rules", rules, "--format", "json", "--no-input")[1]
        assert json.loads(record)["recommended"] == wanted


@pytest.mark.parametrize("lang", LANGS)
def test_a_changed_figure_is_a_difference_that_no_cell_shows(
    lang: str, folder: Path, said: Said
) -> None:
    """It is named with its file, and it is said why all results are the same."""
    change(folder / "facts.yaml", "value: 6", "value: 8")
    code, text = said("rules", "diff", CLEAN, folder, "--lang", lang)
    assert code == 1
    assert (
        text.splitlines()[2:]
        == {
            "en": [
                "entries that changed: parcel (facts.yaml)",
                "The figures of the money are not compared: each state of the margin is compared"
                " with itself. What they change shows in the money of a seller.",
                "All 24 cells get the same result.",
            ],
            "zh": [
                "改动的条目：parcel（facts.yaml）",
                "账里的数字不参加比较：每种利润状态都各比各的。它们改变什么，要看具体卖家的账。",
                "比了全部 24 种答案，结论都一样。",
            ],
        }[lang]
    )


def test_a_moved_cut_point_is_compared_between_the_cuts(folder: Path, said: Said) -> None:
    """Prices between the old cut and the new one are cells of their own."""
    change(folder / "rules.yaml", "{price: {below: 50}}", "{price: {below: 9}}")
    code, text = said("rules", "diff", CLEAN, folder)
    assert code == 1
    assert "2 of 32 cells get another verdict (6.2 %)." in text
    assert "--price 9 " in text


MARGIN = """
margin:
  type: choice
  core: false
  derived: true
  assumed: even
  short: {zh: 利润, en: margin}
  title: {zh: 剩多少, en: What is left}
  help: {zh: 算出来的, en: Worked out}
  choices:
    even:
      label: {zh: 持平, en: even}
    lost:
      label: {zh: 亏, en: lost}
"""
LOST = """
nothing-is-left:
  access: locked
  channels: [stall, post]
  when: {margin: lost}
  because: {zh: 亏了, en: Nothing is left}
  source: judgement
"""


@pytest.fixture
def summed(tmp_path: Path) -> Path:
    """A copy of the clean rulebook with a derived question, and a gate that reads it."""
    folder = Path(shutil.copytree(CLEAN, tmp_path / "summed"))
    for file, entry in (("questions", MARGIN), ("gates", LOST)):
        with (folder / f"{file}.yaml").open("a", encoding="utf-8") as out:
            out.write(entry)
    return folder


@pytest.mark.parametrize("lang", LANGS)
def test_a_gate_that_reads_a_derived_answer_is_compared(
    lang: str, summed: Path, tmp_path: Path, said: Said
) -> None:
    """Nobody gives that answer: a change there is looked for at all of them, and told with it."""
    other = Path(shutil.copytree(summed, tmp_path / "other"))
    change(other / "gates.yaml", "channels: [stall, post]", "channels: [stall]")
    code, text = said("rules", "diff", summed, other, "--lang", lang)
    assert code == 1
    assert "nothing-is-left" in text
    assert "20 of 48 cells" in text or "20 / 48 种答案" in text  # pears in bags stay locked
    assert text.count("  # margin: lost\n") == text.count("choose-channel ") > 0


def test_the_largest_of_several_differences_comes_first(folder: Path, said: Said) -> None:
    """What became of most cells is what an author wants to see."""
    change(folder / "rules.yaml", "{stall: 9, post: -4}", "{stall: -30, post: -4}")
    counts = re.findall(r"^(\d+): ", said("rules", "diff", CLEAN, folder)[1], re.MULTILINE)
    assert counts == ["2", "1", "1"]


def test_what_became_of_a_verdict_is_told_part_by_part(folder: Path, said: Said) -> None:
    """Before and after, of those parts that differ."""
    change(folder / "rules.yaml", "{stall: 14}", "{stall: 14, post: -40}")
    change(folder / "gates.yaml", "access: closed", "access: locked")
    text = said("rules", "diff", CLEAN, folder)[1]
    assert re.findall(r"^\d+: (.*) -> (.*)$", text, re.MULTILINE) == [
        ("aim post, not weak, stall: ruled out", "aim stall, weak, stall: locked"),
        ("stall: ruled out", "stall: locked"),
        ("aim post, stall: ruled out", "aim stall, stall: locked"),
        ("recommended post, aim post", "recommended stall, aim stall"),
    ]


@pytest.mark.slow
def test_the_examples_of_a_difference_show_it(tmp_path: Path, said: Said) -> None:
    """Run on both sides, each comes to another result, also where costs bring a margin about."""
    other = Path(shutil.copytree(shipped_folder(), tmp_path / "other"))
    rules = (other / "rules.yaml").read_text(encoding="utf-8")
    at = rules.index("local-sellers-have-it-easy:")
    at = rules.index("tiktok_shop: ", at) + len("tiktok_shop: ")
    (other / "rules.yaml").write_text(f"{rules[:at]}-{rules[at:]}", encoding="utf-8")
    _, text = said("rules", "diff", "shipped", other)
    examples = re.findall(r"for example: choose-channel (.*?)(?:  #.*)?$", text, re.MULTILINE)
    assert sum("--unit-cost" in example for example in examples) >= 5
    for example in examples:
        words = [*shlex.split(example), "--no-input", "--format", "json"]
        plain = [word for word in words if word not in ("--rules", str(other))]
        results = [json.loads(said(*line)[1]) for line in (words, plain)]
        shown = [
            {key: record[key] for key in ("recommended", "aim", "weak", "close")}
            | {line["id"]: (line["access"], line["variant"]) for line in record["channels"]}
            | {"critical": [p["id"] for p in record["pitfalls"] if p["severity"] == "critical"]}
            | {"steps": [step["id"] for step in record["plan"] if step["phase"] == "now"]}
            for record in results
        ]
        assert shown[0] != shown[1], example


def test_questions_that_depend_on_each_other_both_ways_cannot_be_compared(
    folder: Path, said: Said
) -> None:
    """Here boxes are asked about for a goal, and there the goal where there are boxes."""
    other = Path(shutil.copytree(folder, "other"))
    change(other / "questions.yaml", "  effort: 5\n", "  effort: 5\n  applies: {boxes: true}\n")
    questions = (folder / "questions.yaml").read_text(encoding="utf-8")
    rest, goal = questions.split("goal:\n")
    first, boxes = rest.split("boxes:\n")
    boxes = boxes.replace("  effort: 1\n", "  effort: 1\n  applies: {goal: today}\n")
    turned = f"{first}goal:\n{goal}boxes:\n{boxes}"
    (folder / "questions.yaml").write_text(turned, encoding="utf-8")
    code, text = said("rules", "diff", folder, other)
    assert code == 2
    assert text.endswith("cells cannot be compared: boxes, goal.\n")


def test_another_threshold_is_a_difference(folder: Path, said: Said) -> None:
    """It moves no point, but what is weak or close."""
    change(folder / "rulebook.yaml", "close_within: 5", "close_within: 30")
    code, text = said("rules", "diff", CLEAN, folder)
    assert code == 1
    assert "entries that changed: close_within (rulebook.yaml)" in text
    assert ": not close -> close\n" in text


STEP = """
pack-well:
  phase: now
  channels: [post]
  title: {zh: 包好, en: Pack well}
  text: {zh: 多包一层, en: Use one more layer}
  done_when: {zh: 摇不响, en: Nothing rattles}
  source: judgement
"""


@pytest.mark.parametrize("lang", LANGS)
def test_other_steps_are_a_difference_where_the_verdict_stays(
    lang: str, folder: Path, said: Said
) -> None:
    """Counted apart from the verdicts, with what was and is to do this week."""
    with (folder / "plan.yaml").open("a", encoding="utf-8") as file:
        file.write(STEP)
    code, text = said("rules", "diff", CLEAN, folder, "--lang", lang)
    assert code == 1
    listed = {"en": "ask-the-post-office, pack-well", "zh": "ask-the-post-office，pack-well"}
    assert listed[lang] in text.replace("、", "，")
    assert "verdict stays" in text or "结论不变" in text
    assert lang == "en" or not english(text)


def test_an_entry_that_reads_a_derived_answer_is_shown(summed: Path, said: Said) -> None:
    """It is counted over the cells with all of them."""
    text = said("rules", "show", "nothing-is-left", "--rules", summed)[1]
    assert text.splitlines()[-1].startswith("Holds in 24 of 48 cells (50.0 %).")


@pytest.mark.slow
def test_the_shipped_rulebook_can_be_compared(said: Said) -> None:
    """`shipped` stands for it on either side."""
    code, text = said("rules", "diff", "shipped", "shipped")
    assert code == 0
    assert re.search(r"All [\d,]{7,} cells get the same result\.", text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("old", "new", "only", "cells"),
    [
        ("  maximum: 1000\n", "  maximum: 900\n", "", 24),
        (
            "    winter:\n",
            "    fall:\n      label: {zh: 秋, en: fall}\n    winter:\n",
            "season fall",
            24,
        ),
        (
            "    winter:\n",
            "    cold:\n      aliases: [winter]\n",
            "",
            24,
        ),
        ("  applies: {goods: apples}\n", "", "", 32),
        (
            "goal:\n",
            "stars:\n  type: boolean\n  core: false\n  assumed: false\n"
            "  short: {zh: 星, en: stars}\n  title: {zh: 有星, en: Has it stars}\n"
            "  help: {zh: 好看, en: They shine}\ngoal:\n",
            "stars",
            24,
        ),
    ],
    ids=["range", "choice", "alias", "applies", "question"],
)
def test_what_both_have_is_compared(
    old: str, new: str, only: str, cells: int, lang: str, folder: Path, said: Said
) -> None:
    """Over the questions and choices that both have; the others are named."""
    change(folder / "questions.yaml", old, new)
    if "cold" in new:
        for file in ("gates", "rules", "pitfalls"):
            path = folder / f"{file}.yaml"
            text = path.read_text(encoding="utf-8").replace("season: winter", "season: cold")
            path.write_text(text, encoding="utf-8")
    code, text = said("rules", "diff", CLEAN, folder, "--lang", lang)
    assert code == 1
    assert f"{cells} cells" in text or f"{cells} 种答案" in text
    assert ("left out: " in text or "没有参加比较的：" in text) == bool(only)
    assert only in text
    assert lang == "en" or not english(text.replace(only, ""))


# ---- rules new


@pytest.mark.parametrize("lang", LANGS)
def test_a_new_rulebook_is_a_copy(lang: str, tmp_path: Path, said: Said) -> None:
    """Every file of the shipped one, as it is."""
    folder = tmp_path / "deep" / "own"
    code, text = said("rules", "new", folder, "--lang", lang)
    assert code == 0
    assert str(folder) in text
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes()
        for path in shipped_folder().iterdir()
        if path.suffix in (".yaml", ".md")
    }


ONE_CASE = "answers: {product_type: banned}\nexpect: {recommended: null}\n"


def test_a_new_rulebook_works(tmp_path: Path, said: Said, rulebook: Rulebook) -> None:
    """It has the digest of the shipped one, which is proved clean, and runs its own cases."""
    assert said("rules", "new", tmp_path / "own")[0] == 0
    assert load_rulebook(tmp_path / "own").digest == rulebook.digest
    (tmp_path / "own" / "cases.yaml").write_text(ONE_CASE, encoding="utf-8")
    code, text = said("rules", "test", tmp_path / "own")
    assert code == 0
    assert "1 passed" in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_folder_that_exists_is_kept(lang: str, folder: Path, said: Said) -> None:
    """Nothing is overwritten but with --force."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, text = said("rules", "new", folder, "--lang", lang)
    assert code == 2
    assert "--force" in text
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert said("rules", "new", folder, "--force")[0] == 0
    assert load_rulebook(folder).digest == load_rulebook().digest


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, said: Said) -> None:
    """A file in the way is told, with its place."""
    (tmp_path / "file").write_text("x")
    code, text = said("rules", "new", tmp_path / "file" / "own")
    assert code == 2
    assert str(tmp_path / "file") in text


# ---- rules test, test


@pytest.mark.parametrize("lang", LANGS)
def test_a_rulebook_runs_its_own_cases(lang: str, folder: Path, said: Said) -> None:
    """The cases in the folder, decided by the rulebook beside them."""
    assert said("rules", "test", folder, "--lang", lang)[0] == 0
    change(folder / "gates.yaml", "access: closed", "access: locked")
    change(folder / "cases.yaml", "aim: post", "aim: stall")
    code, text = said("rules", "test", folder, "--lang", lang)
    assert code == 0
    change(folder / "cases.yaml", "aim: stall", "aim: post")
    code, text = said("rules", "test", folder, "--lang", lang)
    assert code == 1
    assert "cases.yaml:5:3" in text
    assert {"en": "1 passed, 1 failed", "zh": "1 个通过，1 个不符"}[lang] in text


def cases(tmp_path: Path, text: str, name: str = "cases.yaml") -> Path:
    """A file of cases."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


HOSTILE = [
    "<script>alert(1)</script>",
    "]]> & \" '",
    "[red]markup[/red]",
    "two\nlines",
    "\u202eright to left",
    "\ud800",
    "x" * 10_000,
    "%0A::error::injected",
]


def test_junit_keeps_failures_and_errors_apart(tmp_path: Path, said: Said) -> None:
    """One case holds, one fails, one cannot be decided: each has its element, with why."""
    file = cases(
        tmp_path,
        f"- {{name: good, {PEARS}, expect: {{aim: post}}}}\n"
        f"- {{name: bad, {PEARS}, expect: {{aim: stall}}}}\n"
        f"- {{name: odd, answers: {{goods: plums}}, expect: {{aim: stall}}}}\n",
    )
    code, _ = said("test", file, "--rules", CLEAN, "--junit", tmp_path / "out.xml")
    assert code == 2
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    outcomes = {case.get("name"): [element.tag for element in case] for case in suite}
    assert outcomes == {"good": [], "bad": ["failure"], "odd": ["error"]}
    assert [case.get("line") for case in suite] == ["1", "2", "3"]
    assert {case.get("file") for case in suite} == {str(file)}
    times = [float(str(element.get("time"))) for element in (suite, *suite)]
    assert times[0] == pytest.approx(sum(times[1:]), abs=0.002)
    assert suite[1][0].get("message") == 'aim: expected "stall", got "post"'
    assert "plums" in str(suite[2][0].text)


def test_a_case_keeps_its_class_when_lines_move(tmp_path: Path, said: Said) -> None:
    """A history of results would else begin anew with every line that is added above."""
    case = f"- {{name: a, {PEARS}, expect: {{aim: post}}}}\n"
    classes = []
    for text in (case, f"# a comment\n\n{case}"):
        said("test", cases(tmp_path, text), "--rules", CLEAN, "--junit", tmp_path / "out.xml")
        classes.append(ElementTree.parse(tmp_path / "out.xml").getroot()[0].get("classname"))
    assert classes == [str(tmp_path / "cases.yaml")] * 2


@pytest.mark.parametrize("text", ["{", None], ids=["broken", "none"])
def test_junit_is_written_for_what_cannot_be_run(
    text: str | None, tmp_path: Path, said: Said
) -> None:
    """A file that cannot be read, or a folder without a case, is an error there."""
    folder = tmp_path / "cases"
    folder.mkdir()
    if text:
        cases(folder, text)
    code, _ = said("test", folder, "--rules", CLEAN, "--junit", tmp_path / "out.xml")
    assert code == 2
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("errors"), [element.tag for element in suite[0]]) == ("1", ["error"])


def test_a_broken_file_is_one_error_beside_the_good_ones(tmp_path: Path, said: Said) -> None:
    """And the files of a folder are run in the order of their names."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in ("c", "a"):
        cases(folder, f"name: {name}\n{PEARS}\nexpect: {{aim: post}}\n", f"{name}.yaml")
    cases(folder, "- text\n- more: 1\n", "b.yaml")
    code, text = said("test", folder, "--rules", CLEAN)
    assert code == 2
    heads = [line.split() for line in text.splitlines() if not line.startswith(" ")]
    assert [(head[0], Path(head[1].split(":")[0]).name) for head in heads[:4]] == [
        ("PASS", "a.yaml"),
        ("ERROR", "b.yaml"),
        ("ERROR", "b.yaml"),
        ("PASS", "c.yaml"),
    ]
    assert "2 passed, 0 failed, 2 with errors." in text
    assert "b.yaml:1:3: " in text
    assert "b.yaml:2:3: " in text


def test_a_schema_among_the_cases_is_passed_over(tmp_path: Path, said: Said) -> None:
    """It lies there for an editor, as the README says."""
    schema = said("schema", "case", "--rules", CLEAN)[1]
    cases(tmp_path, schema, "case.schema.json")
    cases(tmp_path, f"{PEARS}\nexpect: {{aim: post}}\n")
    code, text = said("test", tmp_path, "--rules", CLEAN)
    assert code == 0
    assert "1 passed, 0 failed, 0 with errors." in text


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_junit_is_xml_whatever_the_names(name: str, tmp_path: Path, said: Said) -> None:
    """Markup is text there, a line is a line, and long names are cut."""
    case = {
        "name": name,
        "answers": {"goods": "pears", "season": "winter"},
        "expect": {"aim": name},
    }
    file = cases(tmp_path, json.dumps([case]), "cases.json")
    code, text = said("test", file, "--rules", CLEAN, "--junit", tmp_path / "out.xml")
    assert code == 2
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    got = str(suite[0].get("name"))
    assert len(got) <= 301
    assert got.startswith(name[:3].strip("\u202e\ud800"))
    assert text.splitlines()[0].startswith("ERROR  ")
    assert all(len(line) < 1_000 for line in text.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


@pytest.mark.parametrize("lang", LANGS)
def test_a_failed_case_names_the_entries_that_count(lang: str, tmp_path: Path, said: Said) -> None:
    """Expected, got, and the rules that made the difference."""
    answers = "{goods: apples, price: 5, season: summer, goal: today}"
    file = cases(tmp_path, f"answers: {answers}\nexpect: {{recommended: post}}\n")
    code, text = said("test", file, "--rules", CLEAN, "--lang", lang)
    assert code == 1
    assert '"post"' in text
    assert "today-at-the-stall" in text
    assert "cheap-apples-at-the-stall" in text
    assert lang == "en" or not english(text)


@pytest.mark.parametrize("lang", LANGS)
def test_coverage_names_what_is_missing_and_how_to_reach_it(
    lang: str, tmp_path: Path, said: Said
) -> None:
    """By kind, how many of how many; what is missing comes with a smallest case."""
    file = cases(tmp_path, f"{PEARS}\nexpect: {{aim: post}}\n")
    code, text = said("test", file, "--rules", CLEAN, "--coverage", "--lang", lang)
    assert code == 0
    assert re.findall(r"(\d+)(?: of | / )(\d+)[ （(]", text) == [
        *(("1", "5"), ("2", "2"), ("1", "3"), ("2", "4"), ("4", "8"), ("0", "2"))
    ]
    assert text.count("choose-channel --goods ") == 4 + 2 + 2 + 4 + 2
    assert lang == "en" or not english(text)


@pytest.mark.parametrize(
    ("threshold", "code"), [("0", 0), ("41.6", 0), ("41.7", 1), ("41.67%", 1), ("100", 1)]
)
def test_a_threshold_is_compared_exactly(
    threshold: str, code: int, tmp_path: Path, said: Said
) -> None:
    """Ten of 24 are 41.66 percent, which is not 41.67."""
    file = cases(tmp_path, f"{PEARS}\nexpect: {{aim: post}}\n")
    got, text = said("test", file, "--rules", CLEAN, "--threshold", threshold)
    assert got == code
    assert ("below the" in text) is bool(code)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("threshold", ["most", "-1", "101", "nan", "inf", ""])
def test_a_threshold_that_is_no_share_is_refused(
    threshold: str, lang: str, tmp_path: Path, said: Said
) -> None:
    """It is a percentage."""
    file = cases(tmp_path, f"{PEARS}\nexpect: {{aim: post}}\n")
    code, text = said("test", file, "--threshold", threshold, "--lang", lang)
    assert code == 2
    assert "--threshold" in text
    assert lang == "en" or not english(text) - {"most", "nan", "inf"}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("no/out.xml", "there is no folder"),
        (".", "it is a folder"),
        ("cases.yaml", "this file is also read"),
        ("./cases.yaml", "this file is also read"),
        ("link", "this file is also read"),
    ],
)
def test_an_xml_file_that_cannot_be_written_is_named_before_cases_run(
    target: str, message: str, tmp_path: Path, said: Said
) -> None:
    """A thousand cases take a while; and the cases themselves must not be replaced by XML."""
    text = f"{PEARS}\nexpect: {{aim: post}}\n"
    file = cases(tmp_path, text)
    (tmp_path / "link").symlink_to(file)
    for source in (file, tmp_path):
        code, output = said("test", source, "--rules", CLEAN, "--junit", target, "--lang", "en")
        assert (code, "PASS" in output) == (2, False)
        assert message in output
        assert file.read_text(encoding="utf-8") == text


# ---- verify


@pytest.fixture
def record(tmp_path: Path, said: Said) -> Path:
    """A decision record of the clean rulebook."""
    path = tmp_path / "record.json"
    answers = ("--goods", "apples", "--price", "60", "--season", "summer")
    code, _ = said(*answers, "--rules", CLEAN, "--format", "json", "--no-input", "-o", path)
    assert code == 0
    return path


GONE = object()
TAMPERED = "The record was changed after it was written: its record_digest does not match."


def rewrite(record: Path, **changes: Any) -> None:
    """Changes some keys of a record; GONE takes them out."""
    data = {**json.loads(record.read_text(encoding="utf-8")), **changes}
    data = {key: value for key, value in data.items() if value is not GONE}
    record.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize("lang", LANGS)
def test_a_record_holds(lang: str, record: Path, said: Said) -> None:
    """The same rulebook and the same decision, whatever the language of either run."""
    code, text = said("verify", record, "--rules", CLEAN, "--lang", lang)
    assert code == 0
    assert load_rulebook(CLEAN).digest[:12] in text
    assert lang == "en" or not english(text)


@pytest.mark.parametrize("lang", LANGS)
def test_another_rulebook_is_named(lang: str, record: Path, folder: Path, said: Said) -> None:
    """Another digest alone is told, though the decision is the same."""
    change(folder / "rules.yaml", "{goal: regulars}", "{goal: [regulars]}")
    change(folder / "rulebook.yaml", "close_within: 5", "close_within: 4")
    code, text = said("verify", record, "--rules", folder, "--lang", lang)
    assert code == 1
    assert load_rulebook(CLEAN).digest[:12] in text
    assert load_rulebook(folder).digest[:12] in text
    assert lang == "en" or not english(text) - {"thresholds"}


def test_each_difference_is_named(record: Path, folder: Path, said: Said) -> None:
    """Fit, order and recommendation that are not the same any more, then and now."""
    change(folder / "rules.yaml", "points: {stall: -4, post: 16}", "points: {stall: 4}")
    code, text = said("verify", record, "--rules", folder)
    assert code == 1
    assert 'recommended: "post" in the record, "stall" now' in text


def test_a_record_that_was_edited_is_found(record: Path, said: Said) -> None:
    """Under the same rulebook a record cannot say anything else."""
    rewrite(record, recommended="stall", weak=True)
    code, text = said("verify", record, "--rules", CLEAN)
    assert code == 1
    assert text.splitlines() == [
        TAMPERED,
        'recommended: "stall" in the record, "post" now',
        "weak: true in the record, false now",
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_a_record_with_money_holds_to_the_cent(lang: str, tmp_path: Path, said: Said) -> None:
    """Its figures are worked out again; one that is another is named, then and now."""
    path = tmp_path / "record.json"
    flags = [word for name, value in BOOK.items() for word in (flag(name), value)]
    assert said(*flags, "--lang", lang, "--format", "json", "--no-input", "-o", path)[0] == 0
    assert said("verify", path)[0] == 0
    money = json.loads(path.read_text(encoding="utf-8"))["money"]
    left = money["channels"][0]["profit_per_order"]
    was, left["middle"] = left["middle"], 99
    rewrite(path, money=money)
    code, text = said("verify", path)
    place = "money channels tiktok_shop profit_per_order middle"
    assert (code, text) == (1, f"{TAMPERED}\n{place}: 99 in the record, {was} now\n")


@pytest.mark.parametrize("lang", LANGS)
def test_an_older_schema_is_read_and_said_to_be_so(lang: str, record: Path, said: Said) -> None:
    """Keys it lacks or has besides are no difference; the rest is still compared."""
    gone = dict.fromkeys(("record_digest", "set_aside", "channels", "pitfalls", "changes"), GONE)
    rewrite(record, schema_version=0, bygone=1, **gone)
    code, text = said("verify", record, "--rules", CLEAN, "--lang", lang)
    assert code == 1
    (line,) = text.splitlines()
    assert re.findall(r"\d", line) == ["0", str(SCHEMA_VERSION)]
    rewrite(record, recommended="stall")
    assert "recommended" in said("verify", record, "--rules", CLEAN, "--lang", lang)[1]
    assert lang == "en" or not english(text)


def stripped(data: Any, keys: tuple[str, ...]) -> Any:
    """A record without some keys, wherever they stand."""
    if isinstance(data, dict):
        return {key: stripped(part, keys) for key, part in data.items() if key not in keys}
    return [stripped(part, keys) for part in data] if isinstance(data, list) else data


def test_an_older_record_tells_a_change_and_nothing_else(record: Path, said: Said) -> None:
    """At any depth, keys that the old schema lacked or had besides are no difference: a real one
    would be lost among them."""
    data = stripped(json.loads(record.read_text(encoding="utf-8")), ("short", "facts", "text"))
    data |= {"schema_version": 1, "bygone": 1}
    data["channels"][0]["bygone"] = [1]
    record.write_text(json.dumps(data), encoding="utf-8")
    code, text = said("verify", record, "--rules", CLEAN)
    assert (code, len(text.splitlines())) == (1, 2)  # the schema, and the digest of the record
    data["channels"][1]["ledger"][0]["points"] = 99
    rule = data["channels"][1]["ledger"][0]["rule"]
    record.write_text(json.dumps(data), encoding="utf-8")
    code, text = said("verify", record, "--rules", CLEAN)
    channel = data["channels"][1]["id"]
    assert f"channels {channel} ledger {rule} points: 99 in the record" in text.splitlines()[-1]


def test_items_of_a_list_are_compared_by_name(record: Path, said: Said) -> None:
    """One that is gone is one difference, whatever moved up; another order is one too."""
    before = json.loads(record.read_text(encoding="utf-8"))
    first, second = [channel["id"] for channel in before["channels"]]
    sealed(record, lambda data: data["channels"].pop(0))
    gone = f"channels {first}: missing from the record\n"
    assert said("verify", record, "--rules", CLEAN) == (1, gone)
    record.write_text(json.dumps(before), encoding="utf-8")
    sealed(record, lambda data: data["channels"].reverse())
    order = f'channels: ["{second}", "{first}"] in the record, ["{first}", "{second}"] now\n'
    assert said("verify", record, "--rules", CLEAN) == (1, order)
    record.write_text(json.dumps(before), encoding="utf-8")
    sealed(record, lambda data: data["channels"].append(data["channels"][0]))
    more = f"channels {first}: should not be in the record\n"
    assert said("verify", record, "--rules", CLEAN) == (1, more)


def sealed(record: Path, change: Callable[[Any], object]) -> None:
    """Changes a record and writes the digest anew, as a forger would."""
    data = json.loads(record.read_text(encoding="utf-8"))
    change(data)
    data["record_digest"] = record_digest(data)
    record.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["run"].update(command="choose-channel"),
        lambda data: data["run"].update(date="2020-01-01"),
        lambda data: data["rulebook"].update(version="9"),
        lambda data: data.update(more=1),
        lambda data: data["plan"][0].update(more=1),
        lambda data: data["plan"][0].pop("title"),
    ],
    ids=["command", "date", "version", "a key", "a key inside", "a key gone"],
)
def test_whatever_was_changed_in_a_record_is_noticed(
    change: Callable[[Any], object], record: Path, said: Said
) -> None:
    """What can be worked out again and what cannot: the digest is over all of it."""
    data = json.loads(record.read_text(encoding="utf-8"))
    change(data)
    record.write_text(json.dumps(data), encoding="utf-8")
    code, text = said("verify", record, "--rules", CLEAN)
    assert code == 1
    assert text.splitlines()[0] == TAMPERED


def test_a_record_may_be_laid_out_otherwise(record: Path, said: Said) -> None:
    """Neither the order of keys nor blanks are part of what it says."""
    data = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(data, sort_keys=True, indent=7), encoding="utf-8")
    assert said("verify", record, "--rules", CLEAN)[0] == 0


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda data: data.update(money=7), "money: 7 in the record, null now"),
        (lambda data: data.update(weak=0), "weak: 0 in the record, false now"),
        (lambda data: data.update(more=None), "more: should not be in the record"),
        (lambda data: data["run"].update(more=1), "run more: should not be in the record"),
        (lambda data: data["run"].pop("date"), "run date: missing from the record"),
        (lambda data: data["run"].update(date=1), 'run date: 1 in the record, "" now'),
        (lambda data: data["plan"][-1].update(more=1), "more: should not be in the record"),
        (lambda data: data["plan"].pop(), "missing from the record"),
        (lambda data: data["channels"][1].pop("fit"), "fit: missing from the record"),
        (lambda data: data["channels"][1].update(fit=3), "fit: 3 in the record, "),
        (lambda data: data["rulebook"].update(version="9"), 'rulebook version: "9" in the record'),
    ],
    ids=range(11),
)
def test_what_is_wrong_in_a_record_is_named(
    change: Callable[[Any], object], line: str, record: Path, said: Said
) -> None:
    """A value of another type, a key too many or too few, at any depth and in any item of a list,
    also where the digest is right."""
    sealed(record, change)
    code, text = said("verify", record, "--rules", CLEAN)
    assert code == 1
    assert line in text
    assert len(text.splitlines()) == 1


def test_a_number_in_the_place_of_the_money_is_a_difference(tmp_path: Path, said: Said) -> None:
    """As of any record that holds money."""
    path = tmp_path / "record.json"
    flags = [word for name, value in BOOK.items() for word in (flag(name), value)]
    assert said(*flags, "--format", "json", "--no-input", "-o", path)[0] == 0
    sealed(path, lambda data: data.update(money=7))
    code, text = said("verify", path)
    assert code == 1
    assert text.startswith("money: 7 in the record, {")


def test_a_record_of_a_run_needs_its_digest(record: Path, said: Said) -> None:
    """Without one, nobody could tell whether the run was changed. A record without a run, as the
    library gives it, is worked out again as a whole."""
    rewrite(record, record_digest=GONE)
    code, text = said("verify", record, "--rules", CLEAN)
    assert (code, text) == (1, "record_digest: missing from the record\n")
    rewrite(record, run=GONE)
    assert said("verify", record, "--rules", CLEAN)[0] == 0


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "content",
    [
        *('"text"', "[]", "{}", "null", '{"answers": {}, "rulebook": {}}'),
        '{"answers": [], "rulebook": {}, "recommended": null}',
        '{"answers": {}, "rulebook": [], "recommended": null}',
        '{"answers": {}, "rulebook": {}, "set_aside": [1], "recommended": null}',
    ],
)
def test_what_is_no_record_is_refused(content: str, lang: str, tmp_path: Path, said: Said) -> None:
    """A file must hold answers, a rulebook and a recommendation."""
    path = cases(tmp_path, content, "record.json")
    code, text = said("verify", path, "--rules", CLEAN, "--lang", lang)
    assert code == 2
    assert "record.json" in text
    assert lang == "en" or not english(text) - {"answers", "recommended", "rulebook"}


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": 7, "pitfalls": {"a": 1}},
        {"channels": [{"id": {"deep": []}}, None, "x"]},
        {"recommended": "x" * 1_000_000},
        {"aim": ["<b>", "[red]", {"a": None}]},
        {"rulebook": {"version": {"a": "\u202e"}, "digest": ["x" * 100_000]}},
        {"schema_version": "<script>"},
        {"changes": {"x" * 100_000: 1}},
    ],
    ids=range(7),
)
def test_a_hostile_record_is_told_in_short_lines(
    changes: dict[str, Any], record: Path, said: Said
) -> None:
    """Any value where another belongs is a difference, not a failure."""
    rewrite(record, **changes)
    code, text = said("verify", record, "--rules", CLEAN)
    assert code == 1
    assert all(len(line) < 1_000 for line in text.splitlines())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


# ---- huge and hostile rulebooks


RULE = """
rule-{n}:
  when: {{{when}}}
  dimension: money
  points: {{post: {points}}}
  because: {{zh: 因为, en: because}}
  source: judgement
"""
BOOLEAN = """
flag_{n}:
  type: boolean
  core: false
  assumed: false
  short: {{zh: 旗, en: flag}}
  title: {{zh: 有旗吗, en: Is there a flag}}
  help: {{zh: 旗很好, en: Flags are good}}
"""


def many_rules(folder: Path) -> None:
    """Ten thousand rules, no two with the same condition and points."""
    wheres = ["goods: apples", "season: winter", "boxes: true", "goal: today"]
    rules = (
        RULE.format(n=n, when=wheres[n % 4], points=1 + n // 4 % 5 - n % 3) for n in range(10_000)
    )
    (folder / "rules.yaml").write_text("".join(rules), encoding="utf-8")


def many_cuts(folder: Path) -> None:
    """Nine hundred rules, each with a cut point of its own."""
    rules = (RULE.format(n=n, when=f"price: {{below: {n + 1}}}", points=n % 2) for n in range(900))
    (folder / "rules.yaml").write_text("".join(rules), encoding="utf-8")


def many_questions(folder: Path) -> None:
    """Sixty questions more, and a rule for each."""
    with (folder / "questions.yaml").open("a", encoding="utf-8") as file:
        file.write("".join(BOOLEAN.format(n=n) for n in range(60)))
    with (folder / "rules.yaml").open("a", encoding="utf-8") as file:
        file.writelines(RULE.format(n=n, when=f"flag_{n}: true", points=1) for n in range(60))


COMMANDS = (("rules", "check"), ("rules", "show", "--rules"), ("rules", "diff", "{}"))
SECONDS = 300
"""Far more than it takes, so that a busy machine fails nothing; a walk without end does."""
MEGABYTES = 1_500


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is bounded by the system's own means")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[1])
@pytest.mark.parametrize("huge", [many_rules, many_cuts, many_questions])
def test_a_huge_rulebook_is_handled_in_bounded_time_and_memory(
    huge: Callable[[Path], None], words: tuple[str, ...], folder: Path
) -> None:
    """There is an answer, or a refusal with a reason, before the time is up, and the machine lives
    on."""
    huge(folder)

    def bounded() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))

    line = [word.format(folder) for word in (*words, str(folder))]
    done = subprocess.run(
        [sys.executable, "-m", "choose_channel", *line],
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=bounded,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
    if huge is many_questions and words[1] == "check":  # as many ways to answer are a few states
        # What tells rules from each other would need to look at too many of them; the rest holds.
        unproved = f"repeats, swallowed. The other {len(PROOFS) - 1} proofs cover"
        assert f"{unproved} all {24 << 60:,} cells." in done.stdout


def test_a_waiver_cannot_write_workflow_commands(folder: Path, said: Said) -> None:
    """Line breaks in a waiver stay in its line."""
    waive(folder, '"a\\n::error::injected"', '"b\\n::stop-commands::x"')
    for report in ("github", "text"):
        lines = said("rules", "check", folder, "--format", report)[1].splitlines()
        assert not [line for line in lines[1:] if line.startswith("::")]


def test_markup_in_texts_is_shown_as_text(folder: Path, said: Said) -> None:
    """Nothing that an author writes is rendered."""
    markup = '"[red]<b>Boxes</b>[/red] lose fewer"'
    change(folder / "rules.yaml", "Boxes lose fewer", markup)
    text = said("rules", "show", "boxes-travel-well", "--rules", folder)[1]
    assert "Why: [red]<b>Boxes</b>[/red] lose fewer\n" in text


@pytest.mark.parametrize("command", [("check",), ("show", "--rules"), ("diff", CLEAN), ("test",)])
@pytest.mark.parametrize("lang", LANGS)
def test_a_terminal_escape_is_refused_where_it_stands(
    command: tuple[object, ...], lang: str, folder: Path, said: Said
) -> None:
    """It is not sent on to the terminal."""
    change(folder / "rules.yaml", "en: Boxes lose fewer", 'en: "\\e[31mBoxes"')
    code, text = said("rules", *command, folder, "--lang", lang)
    assert code == 2
    assert "own/rules.yaml:30:24: " in text
    assert "\x1b" not in text


def test_a_text_of_a_megabyte_is_refused(folder: Path, said: Said) -> None:
    """In a short message with its place."""
    change(folder / "rules.yaml", "Boxes lose fewer", "x" * 1_000_000)
    code, text = said("rules", "check", folder)
    assert code == 2
    assert "own/rules.yaml:30:24: " in text
    assert len(text) < 1_000
