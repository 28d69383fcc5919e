"""The command line: words in, text and exit codes out."""

from __future__ import annotations

import errno
import inspect
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from choose_channel.checks.cases import read_cases
from choose_channel.cli import schemas
from choose_channel.cli.app import function_of
from choose_channel.cli.main import run
from choose_channel.cli.options import read_option
from choose_channel.cli.registry import COMMANDS, Command
from choose_channel.files import storage
from choose_channel.files.package import package_folder
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.naming import OPTIONS, flag
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.formats import FORMATS
from choose_channel.report.parts import PARTS

HERE = Path(__file__).parents[1]
Capture = pytest.CaptureFixture[str]
posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
COURSE = [
    *("--product-type", "digital", "--price", "199"),
    *("--followers", "2500", "--business-license", "none"),
]
LOCKED = [
    *("--product-type", "commodity", "--price", "12", "--warehouse", "abroad"),
    *("--followers", "200", "--business-license", "none"),
]
DO = {"zh": "主页挂链接，用独立站卖", "en": "Put a link in your bio to a site of your own"}
"""What a report tells the seller of COURSE first."""
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


def begins(text: str, words: str) -> bool:
    """Whether a text, behind the frame around it, begins with some words."""
    return text.lstrip("+╭─- ").startswith(words)


# ---- deciding


@pytest.mark.parametrize("case", SEED, ids=lambda case: case.name)
def test_flags_and_a_file_decide_the_same(
    case: Any, tmp_path: Path, capsys: Capture, rulebook: Rulebook
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


def test_the_record_tells_for_whom_it_is(capsys: Capture, tmp_path: Path) -> None:
    """Not only inside the command that repeats the run; and it holds, whatever the texts are."""
    record = _record(capsys, *COURSE, "--title", "T", "--client", "a\nb", "--note", "\udcff\x1b")
    assert [record["run"][key] for key in ("title", "client", "note")] == ["T", "a\nb", "  "]
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert run(["verify", str(file)]) == 0
    capsys.readouterr()
    record = _record(capsys, *COURSE)
    assert [record["run"][key] for key in ("title", "client", "note")] == ["", "", ""]


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


def test_a_later_file_is_laid_over_an_earlier_one(tmp_path: Path, capsys: Capture) -> None:
    """What is the same for all clients in one file, what is not in the other, in any format."""
    (tmp_path / "all.yaml").write_text("product_type: digital\nbusiness_license: none\nprice: 1\n")
    (tmp_path / "one.toml").write_text('price = 2\nfollowers = "2k"\n')
    files = ["--answers", str(tmp_path / "all.yaml"), "--answers", str(tmp_path / "one.toml")]
    answers = _record(capsys, *files)["answers"]
    assert (answers["product_type"], answers["price"], answers["followers"]) == ("digital", 2, 2000)
    assert _record(capsys, *files[2:], *files[:2])["answers"]["price"] == 1


def test_the_problems_of_all_files_are_told_together(tmp_path: Path, capsys: Capture) -> None:
    """One run names everything."""
    (tmp_path / "empty.yaml").write_text("")
    names = [str(tmp_path / name) for name in ("empty.yaml", "missing.yaml")]
    assert run(["--no-input", "--answers", names[0], "--answers", names[1]]) == 2
    err = capsys.readouterr().err
    assert "empty.yaml: this file is empty" in err
    assert "missing.yaml: there is no such file" in err


@pytest.mark.parametrize(
    ("words", "repeated"),
    [
        (["--price", "1", "--price", "2"], "--price"),
        (["--price=1", "--price", "1"], "--price"),
        (["-o", "a", "--output=b"], "--output"),
        (["-oa", "-o", "b"], "--output"),
        (["--force", "--force"], "--force"),
        (["--lang", "en", "test", "x.yaml", "--lang", "zh"], "--lang"),
        (["rules", "check", "--rules", "a", "--rules", "b"], "--rules"),
        (["test", "x.yaml", "--junit", "a", "--junit", "b"], "--junit"),
    ],
)
def test_a_flag_given_twice_is_refused(words: list[str], repeated: str, capsys: Capture) -> None:
    """The first one would be dropped in silence."""
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(
        f"{repeated}: (is given more than once. Keep one.|写了不止一次。请只留一个。)", err
    )


def test_a_mistake_in_the_shipped_rulebook_is_told_like_any_other(tmp_path: Path) -> None:
    """To whoever edits it in a checkout: there are no phrases to begin a message with."""
    package = tmp_path / "src" / "choose_channel"
    shutil.copytree(package_folder(), package, ignore=shutil.ignore_patterns("rules"))
    shutil.copytree(shipped_folder(), tmp_path / "rules")
    gates = tmp_path / "rules" / "gates.yaml"
    gates.write_text(gates.read_text(encoding="utf-8").replace("access:", "acess:", 1), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "choose_channel", "rules", "check"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src"), "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("  gates.yaml:3:1: ")


def test_a_value_that_looks_like_a_flag_is_a_value(capsys: Capture) -> None:
    """The title is no language."""
    record = _record(capsys, *COURSE, "--title", "--lang", "--note", "-o", "--client=--rules")
    assert record["run"]["command"].endswith("--title --lang --client --rules --note -o")
    assert record["lang"] == "en"


@pytest.mark.parametrize(
    "text",
    [
        'product_type = "digital"\nprice = 9\nfollowers = 2000\nbusiness_license = "none"\n',
        '# mine\n\n[answers]\nproduct_type = "digital"\nprice = 9\nfollowers = 2000\n'
        'business_license = "none"\n',
        "product_type: digital\nprice: 9\nfollowers: 2000\nbusiness_license: none # x = 1\n",
        '{"answers": {"product_type": "digital", "price": 9, "followers": 2000,\n'
        '"business_license": "none"}}',
    ],
    ids=["toml", "toml with a table", "yaml", "json"],
)
def test_standard_input_may_be_in_any_format(
    text: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no ending that would tell."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert _record(capsys, "--answers", "-")["answers"]["price"] == 9


@posix
@pytest.mark.parametrize("source", ["<(cat {file})", "pipe"])
def test_answers_come_from_a_pipe(source: str, tmp_path: Path) -> None:
    """A process substitution, and a named pipe that somebody writes to."""
    file, pipe = tmp_path / "answers", tmp_path / "pipe"
    file.write_text('product_type = "banned"\n')
    os.mkfifo(pipe)
    shell = f"--answers {source.format(file=file)}"
    if source == "pipe":
        shell = f"--answers {pipe} & (cat {file} > {pipe}); wait $!"
    done = _spawn("--no-input", "--format", "json", shell=shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["answers"]["product_type"] == "banned"


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_pipe_that_nobody_writes_to_does_not_hang(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some seconds it is exit 2."""
    monkeypatch.setattr(storage, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "pipe")
    assert run(["--no-input", "--answers", str(tmp_path / "pipe")]) == 2
    assert "no program has opened the other end of this pipe" in capsys.readouterr().err


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
    assert "local, abroad, none_yet, virtual" in err
    assert err.endswith("without --no-input, and you will be asked.\n")


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
                *("--experience", "experienced", "--cash", "tight", "--store", "fast"),
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
        (["--price"], "--price needs a value."),
        (["-o"], "-o needs a value."),
        (["--force=1"], "--force does not take a value."),
        (["tset"], 'unexpected word "tset".'),
        (
            ["schema", "foo"],
            'schema has no command "foo". Choose one of answers, decision, rulebook, case.',
        ),
        (["rules", "chekc"], 'check, test, show, diff, new. Did you mean "check"?'),
        (["--price", "9", "test", "x.yaml"], "--price cannot come before a subcommand."),
        (["test"], "name the file to work on."),
        (
            ["--format", "pdf"],
            f'there is no format "pdf". Choose one of {", ".join(FORMATS)}.',
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
    is_command = any(command.name.split()[0] in words for command in COMMANDS)
    assert run(words if is_command else ["--no-input", *words]) == 2
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


def _broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_words: object) -> None:
        try:
            raise KeyError("digital")  # noqa: TRY301
        except KeyError:
            raise error from None

    monkeypatch.setattr("choose_channel.cli.commands.decide.decide_answers", broken)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("error", [ZeroDivisionError("199"), OSError("199")])
def test_an_internal_error_is_exit_70_and_one_paragraph(
    error: Exception,
    lang: str,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    rulebook: Rulebook,
) -> None:
    """A person never meets a traceback. The details are in a file of their own, for them alone,
    and without their answers."""
    _broken(monkeypatch, error)
    assert run([*COURSE, "--client", "Mia", "--lang", lang]) == 70
    path = storage.state_folder() / "internal-error.txt"
    message = Messages(rulebook.wording, lang)("internal_error", path=path)
    assert capsys.readouterr().err == f"{message}\n"
    kept = path.read_text(encoding="utf-8")
    assert type(error).__name__ in kept
    assert "KeyError" in kept
    assert re.search(r"choose_channel/cli/commands/decide\.py:\d+ command", kept)
    assert "--price --followers" in kept
    assert not re.search("199|digital|Mia|2500", kept.partition("\n")[2])
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_the_system_refuses_is_exit_2_and_names_the_file(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no error of the program, wherever it arises."""
    _broken(monkeypatch, OSError(errno.EROFS, "Read-only file system", "shelf/report.md"))
    assert run([*COURSE, "--lang", "en"]) == 2
    assert re.search(r"^  shelf/report\.md: ", capsys.readouterr().err, re.MULTILINE)


def test_an_error_within_the_program_is_raised_for_who_debugs(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its traceback; what the system refuses is told as ever."""
    monkeypatch.setenv("CHOOSE_CHANNEL_DEBUG", "1")
    _broken(monkeypatch, ZeroDivisionError("199"))
    with pytest.raises(ZeroDivisionError):
        run(COURSE)
    _broken(monkeypatch, OSError(errno.EROFS, "Read-only file system", "shelf/report.md"))
    assert run(COURSE) == 2
    assert "shelf/report.md" in capsys.readouterr().err


def test_an_internal_error_is_told_where_no_file_can_be_written(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same words, with the line to send."""
    _broken(monkeypatch, ZeroDivisionError("199"))
    monkeypatch.setenv("XDG_STATE_HOME", os.devnull)
    assert run([*COURSE]) == 70
    err = capsys.readouterr().err
    assert re.search(r"send us this line: \S+ test_main\.py:\d+ broken ZeroDivisionError$", err)
    assert "199" not in err


# ---- writing


@posix
def test_saved_answers_are_for_their_owner(tmp_path: Path, capsys: Capture) -> None:
    """A report is made to be passed on; a file that is replaced keeps its mode."""
    saved, report = tmp_path / "answers.yaml", tmp_path / "report.md"
    words = [*COURSE, "--format", "markdown", "-o", str(report), "--save", str(saved)]
    assert run(words) == 0
    assert f"Answers saved to {saved}." in capsys.readouterr().err
    assert saved.stat().st_mode & 0o777 == 0o600
    assert report.stat().st_mode & 0o044
    saved.chmod(0o640)
    assert run([*words, "--force"]) == 0
    assert saved.stat().st_mode & 0o777 == 0o640


def test_output_goes_to_the_file_whole(tmp_path: Path, capsys: Capture) -> None:
    """stdout stays empty, nothing is left beside the file."""
    file = tmp_path / "report.txt"
    assert run([*COURSE, "-o", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert begins(file.read_text(encoding="utf-8"), DO["en"])
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
    assert "The result could not be written" in done.stderr
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


def test_a_command_is_one_line(capsys: Capture) -> None:
    """Whatever stands in a title."""
    record = _record(capsys, *COURSE, "--title", "one\ntwo\r\n\tthree\x1b", "--note", "=foo")
    words = shlex.split(record["run"]["command"])
    assert record["run"]["command"].isprintable()
    assert words[words.index("--title") + 1].split() == ["one", "two", "three"]
    assert words[words.index("--note") + 1] == "=foo"


def test_version_names_the_rulebook(capsys: Capture, rulebook: Rulebook) -> None:
    """Version, rulebook, review and digest."""
    assert run(["--version"]) == 0
    out = capsys.readouterr().out
    digest = rulebook.digest[:12]
    assert f"rulebook {rulebook.version} (reviewed {rulebook.reviewed}), digest {digest}\n" in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_flag_and_choice(lang: str, capsys: Capture, rulebook: Rulebook) -> None:
    """Made from the rulebook, so that it cannot lag behind."""
    assert run(["--help", "--lang", lang]) == 0
    out = capsys.readouterr().out
    for question in rulebook.asked.values():
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


# ---- one table of commands and options


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_takes_what_its_line_says(command: Command) -> None:
    """Arguments by their place, options by their name."""
    arguments = [] if command.arguments.startswith(">") else command.arguments.split()
    names = [read_option(form).name for form in command.options]
    signature = inspect.signature(function_of(command))
    signature.bind("context", *arguments, **dict.fromkeys(names))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_has_help_and_all_help_is_of_a_command(
    lang: str, capsys: Capture, rulebook: Rulebook
) -> None:
    """What the table says and what wording.yaml says are the same set."""
    groups = {command.name.split()[0] for command in COMMANDS}
    for name in {*groups, *(command.name for command in COMMANDS)}:
        assert run([*name.split(), "--help", "--lang", lang]) == 0
        assert f"choose-channel {name}" in capsys.readouterr().out
    forms = [form for command in COMMANDS for form in command.options]
    known = {command.key for command in COMMANDS} | groups
    known |= {f"{command.key}_arguments" for command in COMMANDS}
    known |= {f"option_{option.name}" for option in map(read_option, forms)}
    known |= {f"option_{name}" for name in OPTIONS}
    known |= {"usage", "usage_line", "about", "answers", "options", "commands", "examples"}
    known |= {"exit_codes", "example_wizard", "example_script"}
    assert {key for key in rulebook.wording if key.startswith("help_")} <= {
        f"help_{k}" for k in known
    }


def test_every_schema_is_a_command() -> None:
    """The schemas that there are, and no other."""
    names = [command.name.split()[1] for command in COMMANDS if command.name.startswith("schema ")]
    assert names == list(schemas.NAMES)


def test_a_word_takes_a_value_everywhere_or_nowhere() -> None:
    """The command line is read before it is known which command it is of."""
    forms = [*OPTIONS.values(), *(form for command in COMMANDS for form in command.options)]
    takes: dict[str, set[bool]] = {}
    for option in map(read_option, forms):
        for word in option.words:
            takes.setdefault(word, set()).add(bool(option.value))
    assert [word for word, answers in takes.items() if len(answers) > 1] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chek"], 'Did you mean "rules check"?'),
        (["check"], 'Did you mean "rules check"?'),
        (["tset"], 'Did you mean "test"?'),
        (["verifi"], 'Did you mean "verify"?'),
        (["schema", "desicion"], 'Did you mean "decision"?'),
        (
            ["verify", "a", "b"],
            'unexpected word "b". Write: choose-channel verify RECORD.json',
        ),
        (["rules", "diff", "a"], "Write: choose-channel rules diff OLD NEW"),
        (["test", "x", "--junti", "y"], 'there is no option --junti. Did you mean "--junit"?'),
        (["-"], 'unexpected word "-". Give answers as options, such as --price 9.90.'),
        (["rules", "-"], '"-"'),
    ],
)
def test_a_mistyped_command_is_understood(words: list[str], message: str, capsys: Capture) -> None:
    """What is suggested is a command that there is, in full."""
    assert run([*words, "--lang", "en"]) == 2
    assert message in capsys.readouterr().err


# ---- how much of a report


def test_a_report_begins_with_one_screen(capsys: Capture) -> None:
    """And says how to see more; --full is all of it, --show a part."""
    assert run([*COURSE, "--no-input"]) == 0
    first = capsys.readouterr().out
    assert first.count("\n") <= 24
    assert "--full" in first
    assert run([*COURSE, "--no-input", "--full"]) == 0
    whole = capsys.readouterr().out
    assert "Run it again" in whole
    assert run([*COURSE, "--no-input", "--show", "pitfalls"]) == 0
    part = capsys.readouterr().out
    assert part.strip() in whole
    assert 0 < part.count("\n") < whole.count("\n")
    assert "--full" not in part


@pytest.mark.parametrize("lang", LANGUAGES)
def test_parts_come_in_the_order_of_the_report(lang: str, capsys: Capture) -> None:
    """However they are asked for: with blanks, twice, in any case."""
    shown = []
    for parts in ("why,pitfalls", "Pitfalls , why, WHY"):
        assert run([*COURSE, "--no-input", "--lang", lang, "--show", parts]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]


def test_every_part_shows_something(capsys: Capture) -> None:
    """A part without content says why."""
    for part in PARTS:
        for answers in (COURSE, ["--product-type", "banned"]):
            assert run([*answers, "--no-input", "--show", part]) == 0
            assert capsys.readouterr().out.strip()
    assert run([*COURSE, "--no-input", "--show", "money"]) == 0
    assert capsys.readouterr().out.startswith("We have not worked out the money.")
    assert run(["--product-type", "banned", "--no-input", "--show", "money,plan"]) == 0
    assert "nothing to show under money." in capsys.readouterr().out


def test_a_part_can_go_to_a_file(tmp_path: Path, capsys: Capture) -> None:
    """As the whole does."""
    file = tmp_path / "plan.txt"
    assert run([*COURSE, "--show", "plan", "-o", str(file)]) == 0
    assert "Done when" in file.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--show", "pitfals"], 'no part "pitfals". Choose from plan, money, why, pitfalls,'),
        (["--show", "plan,mony"], 'Did you mean "money"?'),
        (["--show", ""], 'no part "".'),
        (["--show", "plan,"], 'no part "".'),
        (["--show", "plan", "--format", "json"], "json is always the whole report."),
        (["--show", "plan", "--full"], "--full is the whole report already."),
        (["--show", "plan", "--show", "why"], "--show: is given more than once."),
        (["--show"], "--show"),
        (["--full=yes"], "--full"),
    ],
)
def test_what_cannot_be_shown_is_refused(words: list[str], message: str, capsys: Capture) -> None:
    """And never ignored."""
    assert run([*COURSE, "--lang", "en", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


@pytest.mark.parametrize("format", ["json", "markdown", "html"])
def test_documents_are_whole(format: str, capsys: Capture) -> None:
    """With --full and without."""
    printed = []
    for words in ([], ["--full"]):
        assert run([*COURSE, "--format", format, *words]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


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
    assert begins(capsys.readouterr().out, DO[lang])


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii"])
def test_a_legacy_code_page_never_stops_a_report(encoding: str) -> None:
    """What a console cannot show becomes a question mark, not an error."""
    words = [*LOCKED, "--full", "--lang", "zh"]
    done = _spawn(*words, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0
    assert "choose-channel --product-type commodity" in done.stdout


@pytest.mark.parametrize("words", [LOCKED, ["--price", "dear"]], ids=["report", "error"])
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_without_chinese_is_told_so_once_in_words_it_can_show(
    words: list[str], encoding: str
) -> None:
    """Otherwise there were only question marks, and an exit code of 0."""
    words = [*words, "--no-input", "--lang", "zh"]
    done = _spawn(*words, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert "?????" in done.stdout + done.stderr
    assert done.stderr.count("cannot show some characters") == 1
    assert f"This console ({encoding})" in done.stderr


def test_a_person_who_chose_english_is_not_told_to() -> None:
    """A name over an English report may hold what not every console can show."""
    words = [*LOCKED, "--client", "Café", "--lang", "en"]
    done = _spawn(*words, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.stderr == (
        "This console (ascii) cannot show some characters and shows ? instead."
        " Use a UTF-8 console, or -o FILE.\n"
    )


@posix
def test_a_file_name_that_is_no_text_says_nothing_of_the_console(tmp_path: Path) -> None:
    """No console can show half a character."""
    done = _spawn(*COURSE, "--lang", "en", shell=f"-o {tmp_path}/$'o\\xff.txt'")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert done.stderr.endswith("/o?.txt\n")


@pytest.mark.parametrize("words", [[*LOCKED, "--lang", "zh"], ["--help", "--lang", "zh"]])
def test_a_console_with_chinese_is_told_nothing(words: list[str]) -> None:
    """GBK holds all of Chinese."""
    done = _spawn(*words, PYTHONIOENCODING="utf-8", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words",
    [
        *([*COURSE, "--format", format] for format in ("json", "html", "markdown")),
        ["schema", "answers"],
    ],
    ids=lambda words: words[-1],
)
@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-16"])
def test_what_programs_read_is_utf_8_whatever_the_console_speaks(
    words: list[str], encoding: str
) -> None:
    """A page says so in its head, and JSON is always so."""
    command = [sys.executable, "-c", "import choose_channel.cli.main as c; c.main()", *words]
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([*command, "--lang", "zh"], capture_output=True, env=environ, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert re.search("[\u4e00-\u9fff]", done.stdout.decode("utf-8"))


@pytest.mark.parametrize(
    ("words", "environ", "is_terminal", "coloured"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": ""}, True, True),
        ([], {"FORCE_COLOR": "1"}, False, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ([], {"TERM": "dumb"}, True, False),
        (["--color", "always"], {"NO_COLOR": "1"}, False, True),
        (["--color", "always"], {"TERM": "dumb", "CHOOSE_CHANNEL_ACCESSIBLE": "0"}, False, True),
        (["--color=never"], {"FORCE_COLOR": "1"}, True, False),
        (["--color", "auto"], {"FORCE_COLOR": "1"}, False, True),
        (["--color", "always", "--accessible"], {}, True, False),
        (["--color", "always", "--format", "markdown"], {}, True, False),
    ],
)
def test_colour_is_a_matter_of_option_variable_and_terminal(
    words: list[str],
    environ: dict[str, str],
    is_terminal: bool,
    coloured: bool,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In this order; lines and documents never have any, and nor does a file."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    assert run([*LOCKED, "--no-input", *words]) == 0
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_a_file_has_no_colours(tmp_path: Path) -> None:
    """Whatever the terminal gets."""
    file = tmp_path / "report.txt"
    assert run([*LOCKED, "--no-input", "--color", "always", "-o", str(file)]) == 0
    assert "\x1b" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "environ", "is_terminal", "in_lines"),
    [
        ([], {}, True, False),
        (["--accessible"], {}, True, True),
        (["--accessible"], {}, False, True),
        ([], {"ACCESSIBLE": "1"}, False, True),
        ([], {"ACCESSIBLE": "false"}, True, False),
        ([], {"CHOOSE_CHANNEL_ACCESSIBLE": "yes"}, False, True),
        ([], {"CHOOSE_CHANNEL_ACCESSIBLE": "off", "ACCESSIBLE": "1"}, True, False),
        ([], {"TERM": "dumb"}, True, True),
        ([], {"TERM": "dumb"}, False, False),
        (["--format", "plain"], {}, True, True),
    ],
)
def test_lines_are_had_on_request_and_where_nothing_can_be_drawn(
    words: list[str],
    environ: dict[str, str],
    is_terminal: bool,
    in_lines: bool,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A decision and a comparison alike."""
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    assert run([*LOCKED, "--no-input", *words]) == 0
    out, err = capsys.readouterr()
    assert ("status: locked" in out.splitlines()) is in_lines
    assert err == ""
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"product_type": "banned"}))
    assert run(["compare", str(answers), str(answers), *words]) == 0
    assert ("━━" in capsys.readouterr().out) is not in_lines


def test_a_message_fits_the_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 80 columns where it does not know its width; a program reads whole lines."""
    words = ["--lang", 50 * "klingon"]
    assert run(words) == 2
    whole = capsys.readouterr().err.splitlines()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(words) == 2
    problems = [("  " if line[0] == " " else "", line.strip()) for line in whole]
    assert capsys.readouterr().err.splitlines() == [
        indent + line for indent, text in problems for line in wrap(text, 80 - len(indent))
    ]
    assert max(map(len, whole)) > 350


def test_a_wrong_colour_is_refused_before_anything_else(capsys: Capture) -> None:
    """With what there is."""
    assert run(["--color", "red", *COURSE]) == 2
    assert "auto, always or never" in capsys.readouterr().err


def test_no_color_means_no_escape_codes(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR is honoured, and a pipe has no colours anyway."""
    monkeypatch.setenv("NO_COLOR", "1")
    run([*COURSE, "--no-input"])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("choose-channel --warehouse ", ["local", "abroad", "none_yet", "virtual"]),
        ("choose-channel --wareh", ["--warehouse"]),
        ("choose-channel --format ", list(FORMATS)),
        ("choose-channel --lang ", list(LANGUAGES)),
        ("choose-channel rules check --format ", ["text", "json", "github"]),
        ("choose-channel compare --format ", list(FORMATS)),
        ("choose-channel compare --what", ["--what-if"]),
        ("choose-channel history --", ["--export", "--forget"]),
        ("choose-channel --sh", ["--show"]),
        ("choose-channel --show ", list(PARTS)),
        ("choose-channel --show plan,p", ["plan,plan", "plan,pitfalls"]),
        ("choose-channel --fu", ["--full"]),
        ("choose-channel hist", ["history"]),
        ("choose-channel comp", ["compare"]),
    ],
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
    assert [word for word in offered if word in completions] == completions
    assert "--format" not in words or offered == completions


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
        errors="replace",
        check=False,
    )


@posix
@pytest.mark.parametrize("words", [COURSE, ["--help"], ["test", str(HERE / "cases")]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_is_no_failure(words: list[str], unbuffered: str) -> None:
    """`| head` must not turn a decision into "a case failed"."""
    environ = {"PYTHONUNBUFFERED": unbuffered}
    done = _spawn(*words, shell="| true; exit ${PIPESTATUS[0]}", **environ)
    assert (done.returncode, done.stderr) == (0, "")


@posix
def test_a_reader_that_leaves_does_not_hide_a_failure(tmp_path: Path) -> None:
    """Failing cases are exit 1, and the file of results is written, whoever reads the lines."""
    case = {"answers": {"product_type": "affiliate", "followers": "20k"}}
    case["expect"] = {"recommended": "bio_link"}
    (tmp_path / "cases.json").write_text(json.dumps([{**case, "name": "n" * 90}] * 200))
    words = ["test", str(tmp_path / "cases.json"), "--junit", str(tmp_path / "j.xml")]
    done = _spawn(*words, shell="| head -1; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (1, "")
    assert 'failures="200"' in (tmp_path / "j.xml").read_text()


@posix
def test_a_reader_that_leaves_does_not_change_the_verdict() -> None:
    """With --exit-code, 3 is 3."""
    words = [*LOCKED, "--exit-code", "--format", "json"]
    assert _spawn(*words, shell="| true; exit ${PIPESTATUS[0]}").returncode == 3


needs_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device that is always full"
)


@needs_full
@pytest.mark.parametrize("shell", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize(
    ("words", "code"), [([*COURSE, "-o", "{}"], 0), (["--price", "dear", "--no-input"], 2)]
)
def test_a_lost_notice_changes_nothing(
    words: list[str], code: int, shell: str, tmp_path: Path
) -> None:
    """Standard error may be full or closed: the outcome is the same, and stdout is clean."""
    file = tmp_path / "n.txt"
    done = _spawn(*(word.format(file) for word in words), shell=shell)
    assert (done.returncode, done.stdout) == (code, "")
    assert file.exists() is (code == 0)


@posix
def test_a_notice_never_lands_in_the_result(tmp_path: Path) -> None:
    """Also where standard error is closed."""
    words = [*COURSE, "--format", "json", "--save", str(tmp_path / "a.yaml")]
    done = _spawn(*words, shell="2>&-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["recommended"] == "bio_link"


@needs_full
@pytest.mark.parametrize(
    "words", [["--help"], ["schema", "answers"], ["rules", "show"], [*COURSE, "--format", "html"]]
)
@pytest.mark.parametrize(
    ("shell", "message"), [(">/dev/full", "the disk is full"), (">&-", "standard output is closed")]
)
def test_a_result_that_is_lost_is_exit_2(words: list[str], shell: str, message: str) -> None:
    """Whatever the command: one sentence says why."""
    done = _spawn(*words, "--lang", "en", shell=shell)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


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
    assert begins(done.stdout, DO["en"])
    assert done.stderr == ""


@posix
def test_a_link_is_followed(tmp_path: Path) -> None:
    """The file behind it is replaced, and the link stays."""
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    assert run([*COURSE, "-o", str(link), "--force"]) == 0
    assert link.is_symlink()
    assert begins(target.read_text(encoding="utf-8"), DO["en"])


@posix
@pytest.mark.parametrize(
    ("words", "shell"),
    [
        ([*COURSE, "-o", "-"], "| cat"),
        ([*COURSE, "-o", "/dev/stdout"], "| cat"),
        ([*COURSE, "-o", "/dev/fd/1"], "| cat"),
        (COURSE, "-o >(cat) | cat"),
        (COURSE, "-o /dev/fd/7 7>&1 | cat"),
    ],
)
def test_a_report_can_go_into_a_pipe(words: list[str], shell: str) -> None:
    """By any of the names that a shell has for one."""
    done = _spawn(*words, shell=f"{shell}; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == 0, done.stderr
    assert begins(done.stdout, DO["en"])


@posix
@pytest.mark.parametrize("name", ["-", "/dev/stdout", "{log}", "{link}"])
def test_a_log_that_is_appended_to_is_not_replaced(name: str, tmp_path: Path) -> None:
    """Standard output is written to as it is, whatever its name."""
    log, link, cases = tmp_path / "log", tmp_path / "link", tmp_path / "cases.json"
    log.write_text("old\n")
    link.symlink_to("/dev/stdout")
    case = {"answers": {"product_type": "affiliate", "followers": "20k"}}
    cases.write_text(json.dumps({**case, "expect": {"recommended": "tiktok_shop"}}))
    words = ["test", str(cases), "--junit", name.format(log=log, link=link)]
    assert _spawn(*words, shell=f">> {log}").returncode == 0
    text = log.read_text()
    assert text.startswith("old\n")
    assert text.index("1 passed") < text.index("<testsuite")


@posix
def test_a_report_to_a_log_by_its_standard_name_needs_no_force(tmp_path: Path) -> None:
    """Nothing is replaced by it."""
    (tmp_path / "log").write_text("old\n")
    done = _spawn(*COURSE, "-o", "/dev/stdout", shell=f">> {tmp_path / 'log'}")
    assert (done.returncode, done.stderr) == (0, "Written to /dev/stdout\n")
    kept, _, added = (tmp_path / "log").read_text().partition("\n")
    assert kept == "old"
    assert begins(added, DO["en"])


@posix
def test_a_circle_of_links_is_exit_2(tmp_path: Path, capsys: Capture) -> None:
    """For a report and for answers alike."""
    (tmp_path / "l").symlink_to("l")
    for option in ("-o", "--answers", "--save"):
        assert run([*COURSE, option, str(tmp_path / "l"), "--force"]) == 2
        assert "the link points back to itself" in capsys.readouterr().err


@posix
def test_a_report_that_is_private_stays_so(tmp_path: Path) -> None:
    """Reports name clients."""
    file = tmp_path / "r.txt"
    assert run([*COURSE, "-o", str(file)]) == 0
    file.chmod(0o600)
    assert run([*COURSE, "-o", str(file), "--force"]) == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_report_and_answers_cannot_share_a_file(tmp_path: Path, capsys: Capture) -> None:
    """One of them would be lost."""
    file = str(tmp_path / "one")
    assert run([*COURSE, "-o", file, "--save", file]) == 2
    assert "the report is written there too." in capsys.readouterr().err


@posix
@pytest.mark.parametrize(
    ("save", "shell"),
    [
        ("/dev/stdout", "| cat; exit ${PIPESTATUS[0]}"),
        ("/dev/fd/1", "| cat; exit ${PIPESTATUS[0]}"),
        ("/dev/stderr", "2>&1 | cat; exit ${PIPESTATUS[0]}"),
        ("log", ">log"),
        ("log", ">>log"),
        ("hard-link", ">log"),
    ],
)
def test_answers_are_not_saved_into_the_report(
    save: str, shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever name standard output goes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log").write_text("")
    (tmp_path / "hard-link").hardlink_to(tmp_path / "log")
    done = _spawn(*COURSE, "--format", "json", "--save", save, "--force", shell=shell)
    assert done.returncode == 2
    assert "source:" not in done.stdout + (tmp_path / "log").read_text()


@posix
def test_answers_may_be_saved_to_standard_output_beside_a_report(tmp_path: Path) -> None:
    """Nothing of the one gets into the other."""
    done = _spawn(*COURSE, "-o", str(tmp_path / "r.txt"), "--save", "/dev/stdout")
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, "source")


@pytest.mark.parametrize("option", ["-o", "--save"])
@pytest.mark.parametrize("target", ["answers.yaml", "link.yaml", "conf/rules.yaml"])
def test_a_file_that_is_read_is_not_written_to(
    target: str, option: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person's own words would be lost, with exit code 0."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.yaml").write_text("product_type: banned\n")
    (tmp_path / "link.yaml").hardlink_to(tmp_path / "answers.yaml")
    assert run(["rules", "new", "conf"]) == 0
    before = (tmp_path / target).read_bytes()
    words = ["--answers", "answers.yaml", "--rules", "conf", "--no-input", "--force"]
    assert run([*words, "--lang", "en", option, target]) == 2
    assert "this file is also read" in capsys.readouterr().err
    assert (tmp_path / target).read_bytes() == before


@posix
def test_standard_input_is_not_written_to(tmp_path: Path) -> None:
    """A file that comes in by redirection is read like any other."""
    file = tmp_path / "answers.yaml"
    file.write_text("product_type: banned\n")
    done = _spawn("--answers", "-", "--force", "--save", str(file), shell=f"< {file}")
    assert (done.returncode, file.read_text()) == (2, "product_type: banned\n")


@posix
@pytest.mark.parametrize(
    "words",
    [[*COURSE, "-o"], [*COURSE, "--save"], ["test", str(HERE / "cases" / "seed.yaml"), "--junit"]],
    ids=lambda words: words[-1],
)
@pytest.mark.parametrize("name", ["/dev/stderr", "/dev/fd/2"])
@pytest.mark.parametrize("shell", ["2>/dev/full", "2>&-"])
def test_a_result_on_standard_error_is_a_result(words: list[str], name: str, shell: str) -> None:
    """It may not be lost in silence, as a notice may."""
    if "full" in shell and not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full")
    assert _spawn(*words, name, shell=shell).returncode == 2


@posix
def test_a_report_goes_to_standard_error_when_told_to(tmp_path: Path) -> None:
    """Before the notice that says so."""
    done = _spawn(*COURSE, "-o", "/dev/stderr", "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "")
    assert begins(done.stderr, DO["en"])
    assert done.stderr.endswith("Written to /dev/stderr\n")


def test_a_folder_is_no_file_to_write(tmp_path: Path, capsys: Capture) -> None:
    """Said before anything is asked or decided."""
    assert run(["--price", "dear", "-o", str(tmp_path), "--lang", "en"]) == 2
    assert "it is a folder" in capsys.readouterr().err


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="needs a session without a terminal")
@pytest.mark.parametrize("option", ["-o", "--answers"])
def test_a_device_that_is_not_there_is_no_pipe(option: str) -> None:
    """A run without a terminal has no /dev/tty."""
    words = ["setsid", sys.executable, "-m", "choose_channel", *COURSE, "--lang", "en"]
    done = subprocess.run([*words, option, "/dev/tty"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no such device here" in done.stderr


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


# ---- what a run pays for

SHOW_IMPORTS = """
import sys
from choose_channel.cli.main import run
run(sys.argv[1:])
names = ["choose_channel.wizard", "choose_channel.engine.difference"]
names += ["choose_channel.report.comparison", "choose_channel.cli.view"]
names += ["choose_channel.cli.schemas", "pydantic", "yaml", "questionary", "rich", "jinja2"]
print(*(name for name in names if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "imported"),
    [
        ([*COURSE, "--format", "json"], []),
        ([*COURSE, "--format", "markdown"], []),
        (COURSE, ["rich"]),
        ([*COURSE, "--full"], ["rich"]),
        ([*COURSE, "--show", "plan,money"], ["rich"]),
        ([*COURSE, "--format", "html"], ["jinja2"]),
        (["schema", "answers"], ["choose_channel.cli.schemas"]),
        (["schema", "rulebook"], ["choose_channel.cli.schemas", "pydantic"]),
    ],
)
def test_a_run_imports_only_what_it_needs(words: list[str], imported: list[str]) -> None:
    """A script that decides a thousand times pays for each import a thousand times."""
    command = [sys.executable, "-c", SHOW_IMPORTS, *words, "--lang", "en"]
    subprocess.run(command, capture_output=True, check=True)  # fills the cache
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stderr.split() == imported
