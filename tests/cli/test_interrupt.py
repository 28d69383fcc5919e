"""Ctrl-C at any moment: never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PRESS = """
import os, signal, sys

moment = sys.argv[1]

class Press:
    def find_spec(self, name, path, target=None):
        if name == moment:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Press())
import choose_channel.__main__ as program
sys.argv[:2] = ["choose-channel"]
program.main()
"""
COURSE = ["--product-type", "digital", "--price", "99", "--followers", "300"]
COURSE += ["--business-license", "none", "--no-input"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    ("module", "code", "message"),
    [
        ("choose_channel.cli.main", -2, ""),
        ("choose_channel.loading.validate", 130, "\n"),
        ("typer", 130, "\nInterrupted.\n"),
        ("choose_channel.cli.commands.decide", 130, "\nInterrupted.\n"),
    ],
    ids=["while it is imported", "before there are words", "later", "in a command"],
)
def test_an_early_interrupt_is_no_traceback(module: str, code: int, message: str) -> None:
    """Pressed when this module is imported. Where nothing can be said yet, nothing is."""
    done = subprocess.run(
        [sys.executable, "-c", PRESS, module, *COURSE], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", message)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """As in the background of a script."""
    ignoring = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{PRESS}"
    done = subprocess.run(
        [sys.executable, "-c", ignoring, "choose_channel.cli.main", *COURSE], capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
