"""The prompts in a real terminal multiplexer, which breaks rows and keeps a history."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wizard.test_pty import COMMAND, PATIENCE, said

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux on this machine")


class Tmux:
    """A window of a server of its own."""

    def __init__(self, socket: Path, columns: int, rows: int) -> None:
        self._server = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        environ = {**os.environ, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        size = ["-x", str(columns), "-y", str(rows)]
        subprocess.run([*self._server, "new-session", "-d", *size, "sh"], check=True, env=environ)
        self("set", "-g", "window-size", "manual")

    def __call__(self, *words: str) -> str:
        """What tmux says to a command."""
        done = subprocess.run([*self._server, *words], check=True, capture_output=True, text=True)
        return done.stdout

    @property
    def history(self) -> str:
        """All that is in the window and above it."""
        return self("capture-pane", "-p", "-S", "-")

    def sees(self, text: str, *once: str) -> None:
        """Waits until this stands in the window, and everything in `once` exactly once in all that
        was ever there. (A prompt that is being drawn anew is not there for a moment.)"""
        end = time.monotonic() + PATIENCE
        while True:
            view, history = self("capture-pane", "-p"), self.history
            if text in view and all(history.count(phrase) == 1 for phrase in once):
                return
            assert time.monotonic() < end, history
            time.sleep(0.05)

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size of the window."""
        self("resize-window", "-x", str(columns), "-y", str(rows))


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """A window of 100 by 24."""
    window = Tmux(tmp_path / "tmux", 100, 24)
    yield window
    window("kill-server")


def _start(tmux: Tmux, *words: str) -> None:
    line = shlex.join([str(COMMAND), "--lang", "en", *words])
    tmux("send-keys", f"seq 12; {line}", "Enter")


def test_a_window_that_changes_its_width_keeps_one_prompt(tmux: Tmux) -> None:
    """Where rows are broken into more, none of them is left behind."""
    _start(tmux, "--product-type", "commodity")
    tmux.sees("Enter confirm")
    for columns, sign in ((70, "1"), (50, "2"), (90, "3")):
        tmux.resize(columns, 24)
        tmux("send-keys", sign)
        tmux.sees(
            f"> {'123'[: int(sign)]}", "Question 1", "What does your main item", "Enter confirm"
        )


def test_a_window_that_changes_its_height_keeps_one_prompt(tmux: Tmux) -> None:
    """A list shrinks and grows with it."""
    _start(tmux)
    tmux.sees("> " + said("ask_choose"))
    for rows, key, seen in ((12, "Down", "> everyday"), (24, "Up", "> " + said("ask_choose"))):
        tmux.resize(100, rows)
        tmux("send-keys", key)
        tmux.sees(seen, "Question 1")


def test_an_answered_prompt_leaves_nothing_in_the_history(tmux: Tmux) -> None:
    """Also where it fills the window from its top."""
    tmux.resize(80, 10)
    _start(tmux, "--price", "9")
    tmux.sees("> " + said("ask_choose"))
    tmux("send-keys", "2", "Enter")
    tmux.sees("Where do your goods ship from")
    assert "What do you sell" not in tmux.history
