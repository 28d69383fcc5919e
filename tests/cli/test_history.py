"""The history command: what finished dialogues left behind, listed, exported and deleted."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

import choose_channel as cc
from choose_channel.cli.main import run
from choose_channel.cli.schemas import schema
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.wizard.history import History, Kept

Capture = pytest.CaptureFixture[str]
COURSE: dict[str, Any] = {
    "product_type": "digital",
    "price": 99,
    "followers": 400,
    "business_license": "none",
}
SOAP: dict[str, Any] = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "local",
    "followers": 2000,
    "business_license": "mainland",
    "unit_cost": 3,
}
CHINESE = re.compile(r"[\u3400-\u9fff]")


def keep(
    answers: dict[str, Any], date: str, business: str = "", lang: str = "en", done: int = 0
) -> Kept:
    """Keeps a run, with so many steps of this week ticked."""
    record = cc.decide(answers, lang=lang).to_dict()
    ticked = tuple(step["id"] for step in record["plan"][:done])
    return History().keep(Kept(date, business, record, ticked))


@pytest.fixture
def kept() -> list[Kept]:
    """Two runs of a course maker and one about soap."""
    return [
        keep(COURSE, "2026-10-01", "courses"),
        keep(COURSE, "2026-11-07", "courses", done=2),
        keep(SOAP, "2026-11-07", "Soap"),
    ]


def said(capsys: Capture, *words: str, code: int = 0) -> str:
    """What the command prints."""
    assert run(["history", *words, "--lang", "en"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(capsys: Capture, *words: str, lang: str = "en") -> str:
    """What it complains about."""
    assert run(["history", *words, "--lang", lang]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


def left() -> list[str]:
    """The runs that are there still."""
    return [dialogue.name for dialogue in History().load()[0]]


# ---- listing


@pytest.mark.usefixtures("kept")
def test_runs_are_listed_newest_first(capsys: Capture) -> None:
    """Each with its name, its business, its date and its verdict; and where they are."""
    lines = said(capsys).splitlines()
    heads = [line for line in lines if not line.startswith(" ")][:-1]
    assert heads == ["2026-11-07-2  Soap", "2026-11-07-1  courses", "2026-10-01-1  courses"]
    assert "TikTok Shop" in lines[1]
    assert lines[-1] == f"kept in {History().folder}"


@pytest.mark.usefixtures("kept")
def test_one_run_or_one_business_is_shown(capsys: Capture) -> None:
    """By its name."""
    assert said(capsys, "2026-11-07-2").startswith("2026-11-07-2  Soap\n")
    both = said(capsys, "courses")
    assert both.count("courses") == 2
    assert "Soap" not in both
    assert said(capsys, "all") == said(capsys)


@pytest.mark.usefixtures("kept")
def test_one_run_is_shown_with_its_answers_and_steps(capsys: Capture) -> None:
    """The steps that are done and those of now that are not; the list has neither."""
    lines = said(capsys, "2026-11-07-1").splitlines()
    assert "  followers: 400" in lines
    assert sum(line.startswith("  [x] ") for line in lines) == 2
    assert any(line.startswith("  [ ] ") for line in lines)
    assert "[ ]" not in said(capsys)


def test_ticked_steps_are_told(kept: list[Kept], capsys: Capture) -> None:
    """And the others are not."""
    text = said(capsys, "courses")
    plan = kept[1].record["plan"]
    assert [line[6:] for line in text.splitlines() if line.startswith("  [x] ")] == [
        step["title"] for step in plan[:2]
    ]


def test_a_run_is_told_in_the_language_of_today(capsys: Capture) -> None:
    """Whatever language it was in; the name of a business is a name."""
    keep(COURSE, "2026-11-07", "courses", lang="zh", done=2)
    assert not CHINESE.search(said(capsys))
    assert run(["history", "--lang", "zh"]) == 0
    text = capsys.readouterr().out
    assert text.count("[x]") == 2
    assert all(CHINESE.search(line) for line in text.splitlines() if line.startswith("  "))


def test_a_step_that_the_rulebook_has_no_more_is_told_as_it_was(capsys: Capture) -> None:
    """An older version wrote it."""
    record = cc.decide(COURSE).to_dict()
    record["plan"][0] |= {"id": "gone", "title": "Paint a sign"}
    History().keep(Kept("2026-11-07", "", record, ("gone",)))
    assert "  [x] Paint a sign\n" in said(capsys)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_history_says_so(lang: str, capsys: Capture, rulebook: Rulebook) -> None:
    """It is no error."""
    assert run(["history", "--lang", lang]) == 0
    assert capsys.readouterr().out == f"{rulebook.wording['history_none'][lang]}\n"


def test_scripted_runs_leave_nothing(capsys: Capture) -> None:
    """Only finished dialogues are kept."""
    words = [word for name, value in COURSE.items() for word in (f"--{name}", str(value))]
    assert run([word.replace("_", "-") for word in words]) == 0
    capsys.readouterr()
    assert left() == []


@pytest.mark.usefixtures("kept")
def test_another_rulebook_has_a_history_of_its_own(capsys: Capture, tmp_path: Path) -> None:
    """Its answers mean something else."""
    assert run(["rules", "new", str(tmp_path / "own")]) == 0
    capsys.readouterr()
    assert "2026" not in said(capsys, "--rules", str(tmp_path / "own"))


@pytest.mark.usefixtures("kept")
def test_a_damaged_run_is_set_aside_with_a_word(capsys: Capture) -> None:
    """The others are listed all the same."""
    path = History().folder / "2026-11-07-2.json"
    path.write_text("{")
    assert run(["history"]) == 0
    out, err = capsys.readouterr()
    assert str(path.with_suffix(".damaged")) in err
    assert "courses" in out
    assert "Soap" not in out


# ---- exporting


def test_an_exported_record_verifies(
    kept: list[Kept], capsys: Capture, tmp_path: Path, rulebook: Rulebook
) -> None:
    """It is a decision record, whole and unchanged."""
    text = said(capsys, "Soap", "--export")
    record = json.loads(text)
    assert record == kept[2].record
    check = Draft202012Validator(schema("decision", rulebook, FactMessages(rulebook, "en")))
    assert [error.message for error in check.iter_errors(record)] == []
    (tmp_path / "r.json").write_text(text)
    assert run(["verify", str(tmp_path / "r.json")]) == 0
    capsys.readouterr()
    record["recommended"] = "hybrid"
    (tmp_path / "r.json").write_text(json.dumps(record))
    assert run(["verify", str(tmp_path / "r.json")]) == 1


def test_an_exported_record_is_an_answer_file(kept: list[Kept], capsys: Capture) -> None:
    """A script can continue from a run, and compare it."""
    file = Path(str(kept[2].path)).with_name("export.txt")
    file.write_text(said(capsys, "2026-11-07-2", "--export"))
    assert run(["--answers", str(file), "--format", "json", "--no-input"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"] == kept[2].record["answers"]
    assert run(["compare", str(file), "--what-if", "followers=10"]) == 0


@pytest.mark.usefixtures("kept")
def test_several_records_are_a_list(capsys: Capture) -> None:
    """For `all` always, so that a script need not check; newest first."""
    assert len(json.loads(said(capsys, "all", "--export"))) == 3
    assert len(json.loads(said(capsys, "courses", "--export"))) == 2
    for name in ("2026-11-07-1", "courses"):
        run(["history", name, "--forget"])
    capsys.readouterr()
    assert len(json.loads(said(capsys, "all", "--export"))) == 1
    run(["history", "all", "--forget"])
    capsys.readouterr()
    assert json.loads(said(capsys, "all", "--export")) == []


def test_a_chinese_record_is_exported_as_it_was(capsys: Capture) -> None:
    """Its texts are part of it."""
    dialogue = keep(COURSE, "2026-11-07", "courses", lang="zh")
    assert json.loads(said(capsys, dialogue.name, "--export")) == dialogue.record


# ---- deleting


@pytest.mark.usefixtures("kept")
def test_one_run_is_forgotten(capsys: Capture) -> None:
    """The others stay."""
    assert said(capsys, "2026-10-01-1", "--forget") == "deleted: 1\n"
    assert left() == ["2026-11-07-2", "2026-11-07-1"]


@pytest.mark.usefixtures("kept")
def test_a_business_is_forgotten(capsys: Capture) -> None:
    """All of its runs."""
    assert said(capsys, "courses", "--forget") == "deleted: 2\n"
    assert left() == ["2026-11-07-2"]


@pytest.mark.usefixtures("kept")
def test_all_is_all(capsys: Capture) -> None:
    """Damaged files that were set aside too: nothing that was told stays behind."""
    folder = History().folder
    (folder / "2026-10-01-1.json").write_text("{")
    assert run(["history"]) == 0
    capsys.readouterr()
    assert said(capsys, "all", "--forget") == "deleted: 3\n"
    assert list(folder.iterdir()) == []
    assert said(capsys, "all", "--forget") == "deleted: 0\n"


@pytest.mark.usefixtures("kept")
def test_what_cannot_be_deleted_is_exit_2(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody believes that it is gone."""

    def refuse(*_words: object, **_more: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "unlink", refuse)
    for name in ("Soap", "all"):
        assert "could not be deleted (" in refused(capsys, name, "--forget")
    assert len(left()) == 3


# ---- wrong uses


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--forget"], "say which one: 2026-11-07-2, 2026-11-07-1, 2026-10-01-1, all"),
        (["--export"], "say which one: "),
        (["nobody"], 'no run or business is called "nobody". Run choose-channel history'),
        (["nobody", "--forget"], 'is called "nobody"'),
        (["course"], 'Did you mean "courses"?'),
        (["2026-11-07-3", "--export"], 'Did you mean "2026-11-07-'),
        (["", "--forget"], 'no run or business is called ""'),
        (["all", "--export", "--forget"], "one at a time: export first, then delete"),
        (["courses", "Soap"], 'unexpected word "Soap". Write: choose-channel history [NAME]'),
        (["--forgot"], 'there is no option --forgot. Did you mean "--forget"?'),
        (["all", "--forget", "--forget"], "--forget: is given more than once"),
        (["--format", "json"], "there is no option --format"),
    ],
)
def test_a_wrong_use_is_told_and_changes_nothing(
    words: list[str], message: str, capsys: Capture
) -> None:
    """Exit 2, and what would be right."""
    assert message in refused(capsys, *words)
    assert len(left()) == 3


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--forget"], "要写明是哪一份：2026-11-07-2、"),
        (["course"], "是不是想写“courses”"),
        (["all", "--export", "--forget"], "要分两次"),
    ],
)
def test_a_wrong_use_is_told_in_chinese(words: list[str], message: str, capsys: Capture) -> None:
    """In the person's language."""
    assert message in refused(capsys, *words, lang="zh")


def test_nothing_is_called_unknown_when_nothing_is_kept(capsys: Capture) -> None:
    """A name is wrong all the same."""
    assert 'is called "courses"' in refused(capsys, "courses")
    for option in ("--forget", "--export"):
        assert "nothing is kept yet" in refused(capsys, option)


@pytest.mark.usefixtures("kept")
def test_history_off_reads_nothing(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and never lets anybody believe that something was deleted."""
    monkeypatch.setenv("CHOOSE_CHANNEL_HISTORY", "off")
    text = said(capsys)
    assert text.startswith("CHOOSE_CHANNEL_HISTORY is off")
    assert said(capsys, "courses") == text
    for option in ("--forget", "--export"):
        assert "nothing was touched" in refused(capsys, "all", option)
    monkeypatch.delenv("CHOOSE_CHANNEL_HISTORY")
    assert len(left()) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_page_tells_every_option(
    lang: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within forty columns too."""
    monkeypatch.setenv("COLUMNS", "40")
    assert run(["history", "--help", "--lang", lang]) == 0
    text = capsys.readouterr().out
    for word in ("[NAME]", "--export", "--forget", "all"):
        assert word in text
    assert [line for line in text.splitlines() if cell_len(line) > 40] == []
    assert bool(CHINESE.search(text)) is (lang == "zh")
