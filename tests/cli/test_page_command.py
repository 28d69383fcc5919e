"""The page command: one file, written as every other output is."""

from __future__ import annotations

from pathlib import Path

import pytest

from choose_channel.cli.main import run
from choose_channel.engine import lookup

TINY = str(Path(__file__).parents[1] / "tiny_rulebook")
Capture = pytest.CaptureFixture[str]


def test_it_writes_one_page_and_replaces_none(tmp_path: Path, capsys: Capture) -> None:
    """The file is named; a second run needs --force, and gives the same."""
    target = tmp_path / "wizard.html"
    words = ["page", "--rules", TINY, "--lang", "zh", "-o", str(target)]
    assert run(words) == 0
    assert str(target) in capsys.readouterr().err
    first = target.read_bytes()
    assert b'<html lang="zh-CN">' in first
    assert run(words) == 2
    assert "--force" in capsys.readouterr().err
    assert run([*words, "--force"]) == 0
    assert target.read_bytes() == first


def test_without_a_file_it_is_printed(capsys: Capture) -> None:
    """For pipes."""
    assert run(["page", "--rules", TINY, "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")


def test_a_rulebook_that_is_too_large_is_refused(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words, and nothing is written."""
    monkeypatch.setattr(lookup, "MOST", 2)
    target = tmp_path / "wizard.html"
    assert run(["page", "--rules", TINY, "--lang", "en", "-o", str(target)]) == 2
    assert "too large" in capsys.readouterr().err
    assert not target.exists()
