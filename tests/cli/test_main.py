"""The command line: words in, text and exit codes out."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from choose_channel.checks.cases import read_cases
from choose_channel.cli.main import run
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.naming import COMMANDS, flag
from choose_channel.model.rulebook import Rulebook

HERE = Path(__file__).parents[1]
Capture = pytest.CaptureFixture[str]
COURSE = [
    *("--product-type", "digital", "--price", "199"),
    *("--followers", "2500", "--business-license", "none"),
]
LOCKED = [
    *("--product-type", "commodity", "--price", "12", "--warehouse", "home"),
    *("--followers", "200", "--business-license", "none"),
]
SEED = read_cases(HERE / "cases" / "seed.yaml", Messages(load_rulebook().wording, "en"))


def _record(capsys: Capture, *words: str) -> dict[str, Any]:
    assert run([*words, "--format", "json", "--no-input"]) == 0
    record: dict[str, Any] = json.loads(capsys.readouterr().out)
    return record


def _flags(answers: dict[str, Any]) -> list[str]:
    words = []
    for name, value in answers.items():
        words += [flag(name), str(value).lower() if isinstance(value, bool) else str(value)]
    return words


# ---- deciding


@pytest.mark.parametrize("case", SEED, ids=lambda case: case.name)
def test_flags_and_a_file_decide_the_same(
    case: Any, tmp_path: Path, capsys: Capture, book: Rulebook
) -> None:
    """A consultant may give the answers either way."""
    by_flags = _record(capsys, *_flags(case.answers))
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(case.answers))
    by_file = _record(capsys, "--answers", str(file))
    assert by_flags.pop("run") != by_file.pop("run")
    assert by_flags.pop("record_digest") != by_file.pop("record_digest")  # as of another run
    assert by_flags == by_file


def test_the_record_tells_date_version_and_sources(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision that is filed says when, by what, and who said what."""
    monkeypatch.setenv("CHOOSE_CHANNEL_STORE", "slow")
    record = _record(capsys, *COURSE)
    assert record["run"]["date"] == "2026-11-22"
    assert record["run"]["sources"]["store"] == "env"
    assert record["run"]["sources"]["price"] == "flag"
    assert len(record["rulebook"]["digest"]) == 64


def test_flag_beats_environment_beats_file(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest word counts."""
    file = tmp_path / "answers.yaml"
    file.write_text("price: 1\nfollowers: 1\nbusiness_license: mainland\nproduct_type: digital\n")
    monkeypatch.setenv("CHOOSE_CHANNEL_PRICE", "2")
    monkeypatch.setenv("CHOOSE_CHANNEL_FOLLOWERS", "2")
    answers = _record(capsys, "--answers", str(file), "--price", "3")["answers"]
    assert (answers["price"], answers["followers"]) == (3, 2)
    assert answers["business_license"] == "mainland"


def test_a_number_for_the_money_is_overruled_the_same_way(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By variable too, though no flag of the money is on the command line."""
    file = tmp_path / "answers.yaml"
    file.write_text("unit_cost: 1\ncard_fee: 1\nlink_shipping: 1\n")
    words = [*COURSE, "--answers", str(file)]
    words[words.index("digital")] = "custom"
    words += ["--warehouse", "local"]
    monkeypatch.setenv("CHOOSE_CHANNEL_UNIT_COST", "2")
    monkeypatch.setenv("CHOOSE_CHANNEL_CARD_FEE", "2")
    by_variable = _record(capsys, *words)
    assert _numbers(by_variable) == {"unit_cost": 2, "card_fee": 2, "link_shipping": 1}
    assert by_variable["money"]["channels"]
    by_flag = _record(capsys, *words, "--unit-cost", "3")
    assert _numbers(by_flag) == {"unit_cost": 3, "card_fee": 2, "link_shipping": 1}
    sources = by_flag["run"]["sources"]
    assert [sources[name] for name in _numbers(by_flag)] == ["flag", "env", "file"]


def _numbers(record: dict[str, Any]) -> dict[str, Any]:
    """The answers about the money, in the order of the flag, the variable and the file."""
    names = ("unit_cost", "card_fee", "link_shipping")
    return {name: record["answers"][name] for name in names}


def test_answers_come_from_standard_input(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--answers -` reads YAML, and JSON with it."""
    text = io.BytesIO(b'{"product_type": "affiliate", "followers": "20k"}')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(text))
    assert _record(capsys, "--answers", "-")["recommended"] == "tiktok_shop"


def test_a_record_can_be_fed_back(tmp_path: Path, capsys: Capture) -> None:
    """The JSON of one run is an answer file for the next."""
    record = _record(capsys, *COURSE)
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record))
    again = _record(capsys, "--answers", str(file))
    assert again["channels"] == record["channels"]


def test_missing_answers_are_all_named(capsys: Capture) -> None:
    """With flag and values, on stderr, and nothing on stdout."""
    assert run(["--product-type", "commodity", "--no-input"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for name in ("--price", "--warehouse", "--followers", "--business-license"):
        assert name in err
    assert "local, home, virtual" in err


def test_without_terminals_it_never_asks(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newline on a pipe is no answer."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n\n\n"))
    assert run([]) == 2
    assert "These answers are missing" in capsys.readouterr().err


def test_a_mistyped_variable_is_named(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it would be a silent default."""
    monkeypatch.setenv("CHOOSE_CHANNEL_STOER", "fast")
    assert run([*COURSE, "--no-input"]) == 0
    assert 'Did you mean "CHOOSE_CHANNEL_STORE"?' in capsys.readouterr().err


# ---- exit codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (COURSE, 0),
        (LOCKED, 3),
        (["--product-type", "banned"], 3),
        (
            [
                *("--product-type", "branded", "--price", "45", "--warehouse", "local"),
                *("--followers", "12000", "--business-license", "overseas", "--goal", "brand"),
                *("--experience", "experienced", "--cash", "comfortable", "--store", "fast"),
            ],
            4,
        ),
    ],
)
def test_exit_code_tells_the_verdict_only_when_asked(words: list[str], code: int) -> None:
    """0 for any decision; with --exit-code 3 for nothing open and 4 for too close to call."""
    assert run([*words, "--no-input"]) == 0
    assert run([*words, "--no-input", "--exit-code"]) == code


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--prise", "9"], 'there is no option --prise. Did you mean "--price"?'),
        (["--price"], "--price takes a value."),
        (["--force=1"], "--force takes no value."),
        (["tset"], '"tset" is one word too many.'),
        (["schema", "foo"], 'schema has no "foo". It knows: answers, decision, rulebook, case.'),
        (["rules", "chekc"], 'check, test, show, diff, new. Did you mean "check"?'),
        (["--price", "9", "test", "x.yaml"], "--price cannot stand before a subcommand."),
        (["test"], "the file to work on is missing."),
        (
            ["--format", "pdf"],
            'there is no format "pdf". Choose one of terminal, json, markdown, html.',
        ),
        (["--lang", "fr"], 'there is no language "fr". Choose zh or en.'),
        (["--rules", "nowhere"], "nowhere: there is no such rules folder."),
        (["--price", "cheap"], '--price: "cheap" is not a number.'),
        (["--product-type", "brnaded"], 'Did you mean "branded"?'),
    ],
)
def test_wrong_usage_is_exit_2_with_a_remedy(
    words: list[str], message: str, capsys: Capture
) -> None:
    """One message that says what would be right; never a traceback, nothing on stdout."""
    assert run(words if {*COMMANDS} & {*words} else ["--no-input", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


@pytest.mark.parametrize("words", [COURSE, ["rules", "check"]], ids=["decide", "check"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("epoch", ["abc", "-5", "²", "1.5", "17953056001234", "253402300800"])
def test_a_date_that_is_none_is_refused(
    epoch: str, lang: str, words: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sets it wants the same bytes again: another day would be a silent difference."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert run([*words, "--lang", lang]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "SOURCE_DATE_EPOCH: " in err
    assert epoch in err
    assert ("since 1970" in err) is (lang == "en")


def test_any_second_of_four_digit_years_is_a_date(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first to the last, in UTC."""
    for epoch, date in (("0", "1970-01-01"), ("253402300799", "9999-12-31")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert _record(capsys, *COURSE)["run"]["date"] == date


def test_an_internal_error_is_exit_70_and_one_line(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person never meets a traceback."""

    def broken(*_words: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("choose_channel.cli.commands.decide.run", broken)
    assert run([*COURSE]) == 70
    err = capsys.readouterr().err
    assert "ZeroDivisionError: oh" in err
    assert "Traceback" not in err


# ---- writing


def test_output_goes_to_the_file_whole(tmp_path: Path, capsys: Capture) -> None:
    """stdout stays empty, nothing is left beside the file."""
    file = tmp_path / "report.txt"
    assert run([*COURSE, "-o", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert file.read_text(encoding="utf-8").startswith("Do now: Link in bio.")
    assert list(tmp_path.glob("*.part")) == []


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path, capsys: Capture) -> None:
    """Nobody's report is lost by a slip."""
    file = tmp_path / "report.txt"
    file.write_text("mine")
    assert run([*COURSE, "-o", str(file)]) == 2
    assert file.read_text() == "mine"
    assert "Add --force to replace it." in capsys.readouterr().err
    assert run([*COURSE, "-o", str(file), "--force"]) == 0
    assert file.read_text(encoding="utf-8") != "mine"


def test_a_missing_folder_is_named(tmp_path: Path, capsys: Capture) -> None:
    """It is not made silently."""
    assert run([*COURSE, "-o", str(tmp_path / "no" / "report.txt")]) == 2
    assert f'there is no folder "{tmp_path / "no"}"' in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".toml"])
def test_saved_answers_give_the_same_decision(suffix: str, tmp_path: Path, capsys: Capture) -> None:
    """--save and --answers are each other's mirror, and a saved file is dated."""
    file = tmp_path / f"answers{suffix}"
    first = _record(capsys, *LOCKED, "--save", str(file))
    again = _record(capsys, "--answers", str(file))
    assert again["channels"] == first["channels"]
    assert again["answers"] == first["answers"]
    assert "2026-11-22" in file.read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_exit_2(capsys: Capture) -> None:
    """An output that cannot be written is said to be so."""
    command = [sys.executable, "-c", "import choose_channel.cli.main as c; c.main()", *COURSE]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "The result was not written" in done.stderr
    assert "Traceback" not in done.stderr


# ---- what is printed


def test_the_command_to_repeat_is_right_when_pasted(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of any source become flags, and quoting survives a folder with a blank."""
    folder = tmp_path / "my rules"
    folder.mkdir()
    (folder / "wording.yaml").write_text("yes: {zh: 好, en: aye}\n", encoding="utf-8")
    monkeypatch.setenv("CHOOSE_CHANNEL_STORE", "slow")
    record = _record(capsys, *LOCKED, "--rules", str(folder), "--lang", "zh")
    monkeypatch.delenv("CHOOSE_CHANNEL_STORE")
    words = shlex.split(record["run"]["command"])
    assert words[0] == "choose-channel"
    again = _record(capsys, *words[1:])
    assert again["channels"] == record["channels"]
    assert again["answers"] == record["answers"]


def test_version_names_the_rulebook(capsys: Capture, book: Rulebook) -> None:
    """Version, rulebook, review and digest."""
    assert run(["--version"]) == 0
    out = capsys.readouterr().out
    assert f"rulebook {book.version} (reviewed {book.reviewed}), digest {book.digest[:12]}" in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_flag_and_choice(lang: str, capsys: Capture, book: Rulebook) -> None:
    """Made from the rulebook, so that it cannot lag behind."""
    assert run(["--help", "--lang", lang]) == 0
    out = capsys.readouterr().out
    for question in book.asked.values():
        assert f"{flag(question.id)} " in out
        for choice in question.choices:
            assert choice.id in out


@pytest.mark.parametrize("width", [40, 80, 120])
def test_help_fits_the_terminal(
    width: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line but pasteable commands fits, counted in cells."""
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", str(width))
    for lang in ("zh", "en"):
        run(["--help", "--lang", lang])
        lines = capsys.readouterr().out.splitlines()
        wide = [line for line in lines if cell_len(line) > width and "choose-channel" not in line]
        assert wide == []


@pytest.mark.parametrize(
    "words",
    [["--help"], ["test", "--help"], ["--product-type", "x"], [], ["schema", "foo"]],
)
def test_chinese_speaks_no_english(words: list[str], capsys: Capture) -> None:
    """No sentence of a library slips through."""
    run([*words, "--lang", "zh", *([] if "--help" in words else ["--no-input"])])
    out, err = capsys.readouterr()
    for english in ("Usage", "Options", "Show", "Error", "Invalid", "Missing", "option", " the "):
        assert english not in out + err


# ---- languages and streams


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh"),
        ({"CHOOSE_CHANNEL_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        ({"LANG": "fr_FR"}, "en"),
        ({}, "en"),
    ],
)
def test_language_follows_the_locale(
    environ: dict[str, str], lang: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flag, our variable, then the locale's, then English."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    run([*COURSE, "--no-input"])
    assert capsys.readouterr().out.startswith("现在" if lang == "zh" else "Do now")


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii"])
def test_a_legacy_code_page_never_stops_a_report(encoding: str) -> None:
    """What a console cannot show becomes a question mark, not an error."""
    command = [sys.executable, "-c", "import choose_channel.cli.main as c; c.main()", *LOCKED]
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([*command, "--lang", "zh"], capture_output=True, env=environ, check=False)
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"choose-channel --product-type commodity" in done.stdout


def test_no_color_means_no_escape_codes(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR is honoured, and a pipe has no colours anyway."""
    monkeypatch.setenv("NO_COLOR", "1")
    run([*COURSE, "--no-input"])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "completions"),
    [("choose-channel --warehouse ", ["local", "home", "virtual"]), ("choose-channel --wareh", [])],
)
def test_the_shell_completes_choices(words: str, completions: list[str]) -> None:
    """The choices of a question are offered, and the flags are."""
    environ = {
        **os.environ,
        "_CHOOSE_CHANNEL_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - (not words.endswith(" "))),
        "_TYPER_COMPLETE_ARGS": words,
    }
    done = subprocess.run(
        [sys.executable, "-c", "import choose_channel.cli.main as c; c.main()"],
        capture_output=True,
        env=environ,
        text=True,
        check=False,
    )
    offered = done.stdout.split()
    assert set(completions or ["--warehouse"]) <= set(offered)


# ---- hostile surroundings


def _spawn(*words: str, shell: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    program = shlex.join([sys.executable, "-c", "import choose_channel.cli.main as c; c.main()"])
    return subprocess.run(
        f"{program} {shlex.join(words)} {shell}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        env={**os.environ, **environ},
        text=True,
        check=False,
    )


posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


@posix
@pytest.mark.parametrize("words", [COURSE, ["--help"], ["test", str(HERE / "cases")]])
def test_a_reader_that_leaves_is_no_failure(words: list[str]) -> None:
    """`| head` must not turn a decision into "a case failed"."""
    done = _spawn(*words, shell="| true; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (0, "")


@posix
@pytest.mark.parametrize(
    ("words", "shell", "message"),
    [
        (COURSE, ">&-", "standard output is closed"),
        (["--answers", "-"], "<&-", "standard input is closed"),
    ],
)
def test_a_closed_stream_is_named(words: list[str], shell: str, message: str) -> None:
    """Exit 2 and a sentence, not an internal error."""
    done = _spawn(*words, "--no-input", shell=shell)
    assert done.returncode == 2
    assert message in done.stderr


@posix
@pytest.mark.parametrize(
    "environ",
    [
        {"COLUMNS": "0"},
        {"XDG_CACHE_HOME": "~nobody-of-that-name/x"},
        {"XDG_CACHE_HOME": "/dev/null/x"},
        {"SOURCE_DATE_EPOCH": ""},
        {"HOME": "/nonexistent"},
        {"TERM": "dumb"},
    ],
)
def test_odd_surroundings_do_not_stop_a_decision(environ: dict[str, str]) -> None:
    """No cache, no home, no width: the report comes all the same."""
    done = _spawn(*COURSE, "--no-input", **environ)
    assert done.returncode == 0
    assert done.stdout.startswith("Do now: Link in bio.")
    assert done.stderr == ""


@posix
def test_a_pipe_is_written_to_and_a_link_is_followed(tmp_path: Path) -> None:
    """What is not a plain file is not replaced by one."""
    assert run([*COURSE, "-o", os.devnull, "--force"]) == 0
    assert not Path(os.devnull).is_file()
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    assert run([*COURSE, "-o", str(link), "--force"]) == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("Do now")


def test_report_and_answers_cannot_share_a_file(tmp_path: Path, capsys: Capture) -> None:
    """One of them would be lost."""
    file = str(tmp_path / "one")
    assert run([*COURSE, "-o", file, "--save", file]) == 2
    assert "--output and --save name the same file." in capsys.readouterr().err


def test_an_empty_file_name_is_not_no_file(capsys: Capture) -> None:
    """An unset variable in a script is not silently nothing."""
    assert run([*COURSE, "--answers", ""]) == 2
    assert "The file cannot be read" in capsys.readouterr().err


def test_a_record_survives_a_narrow_encoding() -> None:
    """JSON stays whole where the stream cannot hold Chinese."""
    done = _spawn(
        *COURSE, "--lang", "zh", "--format", "json", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert json.loads(done.stdout)["channels"][0]["name"] == "主页链接"
