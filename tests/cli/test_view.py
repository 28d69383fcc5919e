"""What the menu prints of a decision, and what it saves of it."""

from __future__ import annotations

import os
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.answers.sources import Answers
from choose_channel.cli.view import TerminalView
from choose_channel.messages.errors import OutputError
from choose_channel.report.formats import Display
from choose_channel.report.parts import PARTS
from tests.engine.test_decide import BANNED, COURSE
from tests.sellers import HYBRID, RUN

ANSWERS = Answers({}, {})


def _view(format: str = "terminal", **more: Any) -> TerminalView:
    return TerminalView(
        format, Display(width=80), lambda _: RUN, lambda _, __, ending: f"as {ending}", **more
    )


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the person's pager."""
    texts: list[str] = []
    monkeypatch.setattr(pydoc, "pager", texts.append)
    monkeypatch.setenv("LESS", "")  # so that it is as before when the test is over
    monkeypatch.delenv("LESS")
    return texts


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A window of so many lines."""
    return lambda lines: monkeypatch.setenv("LINES", str(lines))


def test_the_verdict_is_told_in_a_line() -> None:
    """Where the menu has no room below the first screen."""
    assert _view().headline(cc.decide(BANNED)) == "Do not sell these goods on TikTok"


def test_only_parts_that_say_something_are_offered() -> None:
    """Of goods that nobody may sell there is no money to speak of."""
    view = _view()
    assert view.parts(cc.decide(HYBRID)) == tuple(PARTS)
    assert "money" not in view.parts(cc.decide(BANNED))


def test_the_first_screen_says_how_much_room_is_left(
    window: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """In the lines of the window, below what was printed."""
    window(100)
    left = _view().first(cc.decide(HYBRID), ())
    assert left == 100 - (capsys.readouterr().out.count("\n") - 1)


def test_the_first_screen_knows_what_is_done_and_what_has_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A ticked step gives way; news since the last visit stand first."""
    decision = cc.decide(HYBRID)
    step = next(step for step in decision.plan if step.phase == "now" and not step.settles)
    _view().first(decision, ())
    assert step.title in capsys.readouterr().out
    _view(since=("Since 7 November: nothing.",)).first(decision, (step.id,))
    text = capsys.readouterr().out
    assert text.startswith("\nSince 7 November: nothing.")
    assert step.title not in text


def test_a_part_that_fits_the_window_is_printed(
    window: Callable[[int], None], paged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the others, and without flags, which nobody types who chooses from a menu."""
    window(500)
    decision = cc.decide(HYBRID)
    _view().show(decision, "plan", ())
    text = capsys.readouterr().out
    assert all(step.title in text for step in decision.plan)
    assert not any(pitfall.title in text for pitfall in decision.pitfalls)
    assert "--" not in text
    assert paged == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_part_that_is_longer_than_the_window_comes_page_by_page(
    lang: str, window: Callable[[int], None], paged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The pager says how to go on and to leave: in its prompt, or in the text where the prompt
    cannot show it."""
    window(10)
    decision = cc.decide(HYBRID, lang=lang)
    _view().show(decision, "plan", ())
    assert capsys.readouterr().out == ""
    (text,) = paged
    hint = decision.messages("menu_pager")
    assert (hint in os.environ["LESS"]) is (lang == "en")
    assert text.count(hint) == (0 if lang == "en" else 2)


def test_the_prompt_of_a_person_s_own_pager_is_left_alone(
    window: Callable[[int], None], paged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They know how to leave it."""
    window(10)
    monkeypatch.setenv("LESS", "-X")
    _view().show(cc.decide(HYBRID), "plan", ())
    assert (len(paged), os.environ["LESS"]) == (1, "-X")


def test_lines_are_never_paged(
    window: Callable[[int], None], paged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who wants lines hears them read, or reads them in a console without drawings."""
    window(10)
    _view("plain").show(cc.decide(HYBRID), "plan", ())
    assert capsys.readouterr().out.count("\n") > 10
    assert paged == []


def test_another_answer_is_shown_beside_the_first(
    window: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Both verdicts, and what makes the difference."""
    window(500)
    before, after = cc.decide(COURSE), cc.decide({**COURSE, "followers": 0})
    _view().beside(before, after)
    text = capsys.readouterr().out
    assert before.messages("compare_now_name") in text
    assert before.messages("compare_then_name") in text
    assert "followers" in text


def test_a_file_gets_a_name_that_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its kind; a second one is counted."""
    monkeypatch.chdir(tmp_path)
    view = _view()
    names = [view.name(kind) for kind in view.kinds]
    assert names == [f"choose-channel{ending}" for ending in (".html", ".md", ".yaml", ".json")]
    for taken, free in (("", "2"), ("2", "3")):
        Path(f"choose-channel{taken}.html").touch()
        assert view.name("page") == f"choose-channel{free}.html"
    assert view.name("markdown") == "choose-channel.md"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """What is there stays, whether it is looked at before or not."""
    view, decision, path = _view(), cc.decide(COURSE), tmp_path / "mine.md"
    assert view.refuse(decision, str(path)) is None
    path.write_text("mine", encoding="utf-8")
    assert view.refuse(decision, str(path)) == decision.messages("file_exists")
    with pytest.raises(OutputError):
        view.save(decision, ANSWERS, "markdown", str(path))
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("kind", "name", "begins"),
    [
        ("page", "a.html", "<!DOCTYPE html>"),
        ("markdown", "a.md", "# "),
        ("record", "a.json", "{"),
        ("answers", "a.toml", "as .toml"),
    ],
)
def test_a_decision_is_saved_as_what_was_chosen(
    kind: str, name: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only the person goes on with can be read by nobody else; `~` is their home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    _view().save(cc.decide(BANNED), ANSWERS, kind, f"~/{name}")
    path = tmp_path / name
    assert path.read_text(encoding="utf-8").startswith(begins)
    if os.name != "nt":
        is_private = path.stat().st_mode & 0o077 == 0
        assert is_private is (kind in ("record", "answers"))
