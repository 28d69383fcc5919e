"""Scenarios side by side: answer files, and the first of them with some answers changed."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from choose_channel.cli.main import run
from choose_channel.cli.schemas import schema
from choose_channel.loading.load import shipped_folder
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.report.formats import FORMATS
from choose_channel.report.formats.json import record_digest

Capture = pytest.CaptureFixture[str]
TODAY: dict[str, Any] = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "abroad",
    "followers": 300,
    "business_license": "mainland",
    "market": "us",
    "cash": "tight",
    "store": "none",
    "unit_cost": 3,
}
"""Everyday goods that wait in Shenzhen."""
STOCKED = {**TODAY, "warehouse": "local", "cash": "comfortable", "shop_shipping": 2}
CHINESE = re.compile(r"[\u3400-\u9fff]")
NAMES = ("飞鸽出海",)
"""What an English text may call by its Chinese name: the author of the article."""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenarios of a client, in the folder at hand."""
    monkeypatch.chdir(tmp_path)
    Path("today.json").write_text(json.dumps(TODAY))
    case = {"name": "Stock in the US", "answers": STOCKED, "expect": {"weak": False}}
    Path("stocked.json").write_text(json.dumps(case))


def shown(capsys: Capture, *words: str, code: int = 0) -> str:
    """What a comparison prints."""
    assert run(["compare", *words]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def record(capsys: Capture, *words: str) -> dict[str, Any]:
    """What it prints for programs."""
    comparison: dict[str, Any] = json.loads(shown(capsys, *words, "--format", "json"))
    return comparison


def refused(capsys: Capture, *words: str, lang: str = "en") -> str:
    """The complaint about a comparison that cannot be made."""
    assert run(["compare", *words, "--lang", lang]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


# ---- what is compared


def test_files_and_changes_stand_side_by_side(capsys: Capture) -> None:
    """Each is called by its case, its file, or its changed answers."""
    what_if = ["--what-if", "warehouse=local,store=fast", "--what-if", "followers=1000"]
    comparison = record(capsys, "today.json", "stocked.json", *what_if)
    names = [scenario["name"] for scenario in comparison["scenarios"]]
    assert [*names[:2], names[3]] == ["today", "Stock in the US", "followers: 1,000"]
    assert re.fullmatch("ships from: .+, online store: .+", names[2])
    answers = [scenario["decision"]["answers"] for scenario in comparison["scenarios"]]
    assert [item["warehouse"] for item in answers] == ["abroad", "local", "local", "abroad"]
    assert [item["followers"] for item in answers] == [300, 300, 300, 1000]
    assert answers[3] == {**answers[0], "followers": 1000}
    assert len(comparison["differences"]) == 3


def test_a_comparison_tells_what_each_scenario_changes(capsys: Capture) -> None:
    """What it takes, what it opens, and which steps and pitfalls come and go."""
    difference = record(capsys, "today.json", "stocked.json")["differences"][0]
    assert difference["recommended"] == {"before": None, "after": "tiktok_shop"}
    access = {channel["id"]: channel["access"] for channel in difference["channels"]}
    assert access["tiktok_shop"] == {"before": "locked", "after": "open"}
    assert {answer["question"] for answer in difference["answers"]} == {
        "warehouse",
        "cash",
        "shop_shipping",
    }
    assert "import-duty" in difference["pitfalls_lost"]
    assert difference["steps_gained"]
    assert difference["left"]["own_videos"]["before"] > difference["left"]["own_videos"]["after"]


def test_each_scenario_is_the_decision_on_its_answers(capsys: Capture) -> None:
    """The same record that the answers give alone, in the form of the schema."""
    comparison = record(capsys, "today.json", "stocked.json")
    for name, scenario in zip(("today", "stocked"), comparison["scenarios"], strict=True):
        assert run(["--answers", f"{name}.json", "--format", "json"]) == 0
        alone = json.loads(capsys.readouterr().out)
        del alone["run"], alone["record_digest"]
        assert scenario["decision"] == alone


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_decisions_in_it_validate(lang: str, capsys: Capture, rulebook: Rulebook) -> None:
    """Against the schema of decision records; the digest covers the whole."""
    check = Draft202012Validator(schema("decision", rulebook, FactMessages(rulebook, lang)))
    comparison = record(capsys, "today.json", "--what-if", "market=uk", "--lang", lang)
    for scenario in comparison["scenarios"]:
        assert [error.message for error in check.iter_errors(scenario["decision"])] == []
        assert scenario["decision"]["lang"] == lang
    assert comparison["record_digest"] == record_digest(comparison)
    assert comparison["run"]["date"] == "2026-11-22"
    assert comparison["run"]["sources"]["today"]["price"] == "file"


def test_a_decision_out_of_it_can_be_verified(capsys: Capture) -> None:
    """Whoever files one scenario can check it later."""
    decision = record(capsys, "today.json", "stocked.json")["scenarios"][1]["decision"]
    Path("record.json").write_text(json.dumps(decision))
    assert run(["verify", "record.json"]) == 0


def test_a_comparison_is_no_record_and_no_answers(capsys: Capture) -> None:
    """Said in words, by whatever reads records."""
    Path("c.json").write_text(json.dumps(record(capsys, "today.json", "stocked.json")))
    assert run(["verify", "c.json"]) == 2
    assert refused(capsys, "c.json", "today.json")


def test_another_market_leaves_behind_what_held_for_the_old_one(capsys: Capture) -> None:
    """Stock in the US is abroad for buyers in Britain; unless the what-if says otherwise."""
    words = ["--what-if", "market=uk", "--what-if", "market=uk,warehouse=local"]
    first, moved, stocked = record(capsys, "stocked.json", *words)["scenarios"]
    stock = [scenario["decision"]["answers"]["warehouse"] for scenario in (first, moved, stocked)]
    assert stock == ["local", "abroad", "local"]
    assert "ships from: another country" in moved["name"]


def test_a_what_if_may_be_unknown_or_set_aside(capsys: Capture) -> None:
    """An answer taken back is assumed again; one that does not apply is named all the same."""
    words = ["--what-if", "store=unknown", "--what-if", "website_field=no,local_id=no"]
    _, open_, aside = record(capsys, "today.json", *words)["scenarios"]
    assert open_["decision"]["assumed"]["store"] == "none"
    assert open_["name"] == "online store: not yet (assumed)"
    assert aside["decision"]["set_aside"] == {"local_id": False}
    assert aside["name"] == "Website field: no, local ID: no"
    text = shown(capsys, "today.json", *words)
    assert "- 2: online store: not yet (assumed)\n" in text


def test_scenarios_of_one_name_are_told_apart(capsys: Capture) -> None:
    """Two files of one name in two folders, and a change that changes nothing."""
    Path("old").mkdir()
    Path("old/today.json").write_text(json.dumps(STOCKED))
    words = ["today.json", "old/today.json", "--what-if", "price=12", "--what-if", "price=12"]
    comparison = record(capsys, *words)
    names = [scenario["name"] for scenario in comparison["scenarios"]]
    assert names == ["today", "today (2)", "price: $12", "price: $12 (2)"]
    assert list(comparison["run"]["sources"]) == names
    assert "the same answers as 1" in shown(capsys, *words)


def test_one_scenario_may_come_from_standard_input(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As answers do everywhere."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(STOCKED).encode())))
    comparison = record(capsys, "-", "today.json")
    assert [scenario["name"] for scenario in comparison["scenarios"]] == ["stdin", "today"]


# ---- how it is shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("count", [2, 5])
def test_a_comparison_fits_the_window(
    width: int, count: int, lang: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is longer but the command to copy, and the columns stand one below the other."""
    monkeypatch.setenv("COLUMNS", str(width))
    Path("long.json").write_text(json.dumps({"name": "A long name " * 9, "answers": STOCKED}))
    what_if = ["warehouse=local,store=fast", "followers=1000", "market=uk"][: count - 2]
    words = [word for text in what_if for word in ("--what-if", text)]
    *lines, command = shown(capsys, "today.json", "long.json", *words, "--lang", lang).splitlines()
    assert command.startswith("choose-channel compare")
    assert [line for line in lines if cell_len(line) > width] == []
    if width >= 80:
        rows = [line for line in lines if len(re.findall("[✓~✗] ", line)) == count]
        assert len(rows) == 3
        assert len({tuple(_places(row)) for row in rows}) == 1


def _places(row: str) -> list[int]:
    """Where in a row the columns begin."""
    return [cell_len(row[: match.start()]) for match in re.finditer("[✓~✗] ", row)]


@pytest.mark.parametrize("format", FORMATS)
def test_english_is_english(format: str, capsys: Capture) -> None:
    """But for names."""
    words = ["today.json", "stocked.json", "--what-if", "store=fast", "--format", format]
    text = shown(capsys, *words, "--lang", "en")
    for name in NAMES:
        text = text.replace(name, "")
    assert CHINESE.findall(text) == []


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "json"])
def test_chinese_is_chinese(format: str, capsys: Capture) -> None:
    """Titles and rows, as a client reads them."""
    words = ["today.json", "stocked.json", "--what-if", "store=fast", "--format", format]
    text = shown(capsys, *words, "--lang", "zh")
    text = text.partition("<main>")[2] or text
    for phrase in ("现在做", "适合度", "暂时不行", "能做", "从 1 到 2 Stock in the US"):
        assert phrase in text
    for phrase in (">locked<", "| locked", "> fit", "| fit", "What it takes", "do now"):
        assert phrase not in text


def test_no_step_comes_and_goes_at_once(capsys: Capture) -> None:
    """One of the same title, for another kind of seller, is no news."""
    for changes in ("market=uk", "market=vietnam", "product_type=digital"):
        text = shown(capsys, "stocked.json", "--what-if", changes)
        lines = [line for line in text.splitlines() if line.startswith("- ")]
        assert len(lines) == len({*lines})


def test_what_opens_the_aim_is_told(capsys: Capture) -> None:
    """In each scenario in which it is shut."""
    text = shown(capsys, "today.json", "stocked.json")
    assert "- 1 today · Shop: What it takes: stock in the United States." in text
    assert "Stock in the US · Shop" not in text


def test_what_is_assumed_is_said_to_be(capsys: Capture) -> None:
    """So that nobody takes a guess for an answer."""
    text = " ".join(shown(capsys, "today.json", "stocked.json").split())
    assert "Assumed in 1: Website field: no, goal:" in text


def test_changed_answers_are_not_said_twice_in_a_row(capsys: Capture) -> None:
    """A scenario that is called by its answers goes by its number."""
    text = shown(capsys, "today.json", "--what-if", "followers=1000")
    assert "- 2: followers: 1,000\n" in text
    assert "━━ From 1 to 2\n" in text


def test_the_page_keeps_each_channel_with_its_rows(capsys: Capture) -> None:
    """How open it is, and below that how well it fits."""
    page = shown(capsys, "today.json", "stocked.json", "--format", "html")
    table = page[page.index("<table") : page.index("</table>")]
    rows = re.findall(r'<th scope="row">(.*?)</th>', table)
    at = rows.index("Shop + store")
    assert rows[at + 1] == "fit (of 100)"
    assert rows.count("fit (of 100)") == 3
    assert rows[:3] == ["do now", "aim for", "Link in bio"]
    assert "<script src" not in page


def test_markdown_is_a_document(capsys: Capture) -> None:
    """A title, a table, and a heading for each scenario."""
    text = shown(capsys, "today.json", "stocked.json", "--format", "markdown")
    assert text.startswith("# Ways to sell on TikTok\n")
    assert "|   | 1 today | 2 Stock in the US |" in text
    assert "## From 1 to 2 Stock in the US" in text


def test_the_command_repeats_the_comparison(capsys: Capture, tmp_path: Path) -> None:
    """With the rulebook too."""
    (tmp_path / "rules").mkdir()
    shutil.copy(shipped_folder() / "rulebook.yaml", tmp_path / "rules")
    words = ["today.json", "--what-if", "store=fast", "--rules", "rules"]
    last = shown(capsys, *words).splitlines()[-1]
    assert last == 'choose-channel compare today.json --what-if "store=fast" --rules rules'


# ---- where it goes


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_a_comparison_goes_to_a_file_whole(option: str, capsys: Capture) -> None:
    """One that is there is replaced only with --force."""
    words = ["compare", "today.json", "stocked.json", "--format", "html", option, "c.html"]
    assert run(words) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "Written to c.html\n")
    written = Path("c.html").read_bytes()
    assert written.startswith(b"<!DOCTYPE html>")
    Path("c.html").write_text("mine")
    assert run(words) == 2
    assert "--force" in capsys.readouterr().err
    assert Path("c.html").read_text() == "mine"
    assert run([*words, "--force"]) == 0
    assert Path("c.html").read_bytes() == written


def test_a_dash_is_standard_output(capsys: Capture) -> None:
    """As it is without one."""
    words = ["today.json", "stocked.json"]
    assert shown(capsys, *words, "-o", "-") == shown(capsys, *words)


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_an_input_is_never_written_over(force: list[str], capsys: Capture) -> None:
    """Not by another name either."""
    Path("link.json").symlink_to("stocked.json")
    for name in ("today.json", "./today.json", "link.json"):
        complaint = refused(capsys, "today.json", "stocked.json", "-o", name, *force)
        assert "this file is also read" in complaint
    assert json.loads(Path("today.json").read_text()) == TODAY


def test_a_folder_that_is_not_there_is_named(capsys: Capture) -> None:
    """Before anything is compared."""
    assert "no folder" in refused(capsys, "today.json", "stocked.json", "-o", "no/c.html")


# ---- wrong uses


WHAT_IF = "--what-if"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Write: choose-channel compare ANSWERS..."),
        (["today.json"], "at least two scenarios"),
        (["today.json"] * 6, "at most 5 scenarios fit side by side; these are 6"),
        (["today.json", *[WHAT_IF, "price=9"] * 5], "these are 6"),
        ([WHAT_IF, "price=9"], "Write: choose-channel compare ANSWERS..."),
        (["today.json", WHAT_IF, "price"], 'cannot read "price"'),
        (["today.json", WHAT_IF, ""], 'cannot read ""'),
        (["today.json", WHAT_IF, "price="], 'cannot read "price="'),
        (["today.json", WHAT_IF, "=9"], 'cannot read "=9"'),
        (["today.json", WHAT_IF, "price=9,"], 'cannot read "price=9,"'),
        (["today.json", WHAT_IF, "price=1,200"], 'cannot read "price=1,200"'),
        (["today.json", WHAT_IF, "price=9,price=8"], '"price" is given twice'),
        (["today.json", WHAT_IF, "price=9,Price=8"], '"Price" is given twice'),
        (["today.json", WHAT_IF, "prise=9"], 'unknown question "prise". Did you mean "price"?'),
        (["today.json", WHAT_IF, "margin=healthy"], 'unknown question "margin"'),
        (["today.json", WHAT_IF, "store=fats"], 'store: "fats" is not one of the answers.'),
        (["today.json", WHAT_IF, "price=€9"], '"€9" is not in US dollars'),
        (["today.json", WHAT_IF], WHAT_IF),
        (["today.json", "--whatif", "price=9"], 'Did you mean "--what-if"?'),
        (["today.json", "stocked.json", "--format", "pdf"], 'there is no format "pdf"'),
        (["today.json", "stocked.json", "--format", "markdwon"], 'Did you mean "markdown"?'),
        (["today.json", "nope.json"], "nope.json: there is no such file"),
        (["-", "-"], "-: is given more than once"),
        (["today.json", "stocked.json", "--price", "9"], "there is no option --price"),
        (["today.json", "stocked.json", "-o", ""], "it is a folder"),
        (["today.json", "stocked.json", "--force", "--force"], "--force: is given more than once"),
    ],
)
def test_a_wrong_use_is_told(words: list[str], message: str, capsys: Capture) -> None:
    """Exit 2, nothing on standard output, and what would be right."""
    assert message in refused(capsys, *words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["today.json"], "至少要有两种情况才能比"),
        (["today.json"] * 6, "一次最多比 5 种情况，这里有 6 种"),
        (["today.json", WHAT_IF, "price"], "读不懂“price”"),
        (["today.json", WHAT_IF, "prise=9"], "是不是想写“price”"),
        (["today.json", "stocked.json", "-o", "today.json"], "today.json"),
    ],
)
def test_a_wrong_use_is_told_in_chinese(words: list[str], message: str, capsys: Capture) -> None:
    """Without a word of English but names."""
    complaint = refused(capsys, *words, lang="zh")
    assert message in complaint
    assert not re.search(r"[A-Za-z]{2,}(,? [a-z]{2,}){2}", complaint)


def test_all_faults_of_all_scenarios_are_told_at_once(capsys: Capture) -> None:
    """Each once, with the file that it is in."""
    Path("part.json").write_text('{"product_type": "commodity", "price": "dear"}')
    Path("open.json").write_text('{"product_type": "commodity", "price": 9}')
    what_if = [WHAT_IF, "storr=fast", WHAT_IF, "storr=fast"]
    complaint = refused(capsys, "part.json", "open.json", *what_if)
    assert complaint.count('"dear" is not a number') == 1
    assert complaint.count('unknown question "storr"') == 1
    assert "open.json: followers: How many followers" in complaint
    assert "--answers" not in complaint


def test_missing_answers_name_their_file(capsys: Capture) -> None:
    """Nobody is told to type flags that a comparison does not have."""
    Path("open.json").write_text('{"product_type": "commodity", "price": 9}')
    complaint = refused(capsys, "open.json", WHAT_IF, "price=8")
    assert complaint.startswith("These answers are missing:\n  open.json: warehouse: ")
    assert complaint.count("open.json: warehouse") == 1
    assert "--" not in complaint


def test_all_files_that_cannot_be_read_are_named(capsys: Capture) -> None:
    """Not only the first."""
    Path("cut.json").write_text("{")
    complaint = refused(capsys, "no.json", "cut.json")
    assert "no.json: " in complaint
    assert "cut.json:" in complaint


def test_a_what_if_goes_before_or_behind_the_files(capsys: Capture) -> None:
    """Options stand where the person likes."""
    before = shown(capsys, WHAT_IF, "store=fast", "today.json", "--lang", "en")
    behind = shown(capsys, "today.json", "--lang", "en", f"{WHAT_IF}=store=fast")
    assert before == behind


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_page_tells_every_option(
    lang: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within forty columns too."""
    monkeypatch.setenv("COLUMNS", "40")
    assert run(["compare", "--help", "--lang", lang]) == 0
    text = capsys.readouterr().out
    for word in ("ANSWERS...", WHAT_IF, "--format", "-o, --output", "--force", *FORMATS):
        assert word in text
    assert [line for line in text.splitlines() if cell_len(line) > 40] == []
    assert bool(CHINESE.search(text)) is (lang == "zh")


def test_no_colours_reach_a_pipe(capsys: Capture) -> None:
    """Nor anything else that a terminal obeys."""
    assert "\x1b" not in shown(capsys, "today.json", "stocked.json")
    assert not sys.stdout.isatty()


def test_a_cost_that_is_not_known_any_more_is_left_out(capsys: Capture) -> None:
    """The one in the file does not come back in silence."""
    comparison = json.loads(
        shown(capsys, "today.json", "--what-if", "unit_cost=unknown", "--format", "json")
    )
    first, second = (scenario["decision"] for scenario in comparison["scenarios"])
    assert first["money"]
    assert second["money"] is None
    assert "unit_cost" not in second["answers"]
    text = shown(capsys, "today.json", "--what-if", "unit_cost=unknown", "--lang", "en")
    assert "cost of one unit: skipped" in " ".join(text.split())
