"""`doctor`: one screen for a bug report, true and without anything private."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from choose_channel.cli.main import run
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.naming import VERSION
from choose_channel.model.rulebook import Rulebook
from tests.checks.rulebooks import CLEAN

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_one_screen(
    lang: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """24 lines of 80 cells."""
    monkeypatch.setenv("HOME", str(tmp_path))  # which is written ~
    assert run(["doctor", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert max(map(cell_len, lines)) <= 80


def test_it_names_the_versions(capsys: Capture, rulebook: Rulebook) -> None:
    """Of the program, Python, a dependency and the rulebook."""
    run(["doctor", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert report["program"]["version"] == VERSION
    assert report["program"]["dependencies"]["typer"].startswith("0.28")
    assert report["rulebook"]["version"] == rulebook.version
    assert rulebook.digest.startswith(report["rulebook"]["digest"])
    assert 0 < report["rulebook"]["facts_old"] < report["rulebook"]["facts"]
    assert report["rulebook"]["is_shipped"]
    run(["doctor", "--format", "json", "--rules", str(CLEAN)])
    assert not json.loads(capsys.readouterr().out)["rulebook"]["is_shipped"]


@pytest.mark.parametrize("words", [[], ["--format", "json"]], ids=["text", "json"])
def test_it_holds_nothing_private(
    words: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither the name of the user nor an answer."""
    home = tmp_path / "annabelle"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "disk" / "annabelle"))
    monkeypatch.setenv("CHOOSE_CHANNEL_PRICE", "47.11")
    run(["doctor", *words])
    out = capsys.readouterr().out
    assert "annabelle" not in out
    assert "47.11" not in out
    assert "CHOOSE_CHANNEL_PRICE" in out
    assert os.path.join("~", "state", "choose-channel") in out  # noqa: PTH118


def test_a_place_where_nothing_can_be_kept_is_named(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Here a file stands where the folder should be."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    run(["doctor"])
    out = " ".join(capsys.readouterr().out.split())
    assert out.count("nothing can be kept there") == 1
    run(["doctor", "--format", "json"])
    places = json.loads(capsys.readouterr().out)["places"]
    assert [place["is_writable"] for place in places.values()] == [False, True, True]


@pytest.mark.parametrize(
    ("environ", "words", "color"),
    [
        ({"TERM": "xterm"}, [], ""),
        ({"TERM": "xterm"}, ["--color", "always"], "standard"),
        ({"TERM": "dumb"}, ["--color", "always"], "standard"),
        ({"TERM": "xterm-256color"}, ["--color", "always"], "256"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, ["--color", "always"], "256"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, ["--color", "always"], "truecolor"),
        ({"TERM": "xterm-256color"}, ["--color", "never"], ""),
    ],
)
def test_it_tells_how_many_colours_there_are(
    environ: dict[str, str],
    words: list[str],
    color: str,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the terminal says, whatever standard output is; on request 16 at least."""
    monkeypatch.delenv("COLORTERM", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    run(["doctor", "--format", "json", *words])
    assert json.loads(capsys.readouterr().out)["terminal"]["color"] == color


def test_a_stream_that_is_closed_is_no_terminal(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a program without a window."""
    monkeypatch.setattr("sys.stdin", None)
    run(["doctor", "--format", "json"])
    streams = json.loads(capsys.readouterr().out)["terminal"]["streams"]
    assert streams["stdin"] == {"encoding": "", "is_terminal": False}


@pytest.mark.parametrize(
    ("environ", "words", "source"),
    [
        ({"LANG": "zh_CN.UTF-8"}, [], "LANG"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, [], "LC_ALL"),
        ({"LANG": "zh_CN.UTF-8"}, ["--lang", "en"], "--lang"),
        ({}, [], ""),
    ],
)
def test_it_tells_where_the_language_comes_from(
    environ: dict[str, str],
    words: list[str],
    source: str,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first thing to know where somebody reads the wrong one."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    run(["doctor", "--format", "json", *words])
    assert json.loads(capsys.readouterr().out)["language"]["source"] == source


def test_an_extra_that_is_missing_is_named_with_its_remedy(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Made from what the installed package says that it needs."""
    info = tmp_path / f"choose_channel-{VERSION}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: choose-channel\nVersion: {VERSION}\n"
        "Requires-Dist: rich>=14\n"
        "Requires-Dist: rich>=14; extra == 'colors'\n"
        "Requires-Dist: no-such-package<3,>=2; extra == 'pears'\n"
        "Requires-Dist: no-such-tool; (sys_platform != 'win32') and extra == 'dev'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    run(["doctor"])
    out = " ".join(capsys.readouterr().out.split())
    assert "colors: installed" in out
    assert "pears: not installed, no-such-package missing" in out
    assert 'pip install "choose-channel[pears]"' in out
    assert "no-such-tool" not in out


def test_another_format_is_refused(capsys: Capture) -> None:
    """With those that there are."""
    assert run(["doctor", "--format", "xml"]) == 2
    assert "text, json" in capsys.readouterr().err
