"""Completion in the shells themselves: what stands on the line after the tab key."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="there is no pseudo terminal")

LINES = [
    ("--wareh", "--warehouse"),
    ("--store fa", "--store fast"),
    ("--store=fa", "--store=fast"),
    ("--product-type=affiliate --store=fa", "--product-type=affiliate --store=fast"),
    ("--show=plan,mo", "--show=plan,money"),
    ("rules che", "rules check"),
    ("rules check --format=git", "rules check --format=github"),
]
"""What is typed before the tab key, and what the program is started with after it."""
PROGRAM = """\
#!/bin/sh
[ -z "$_CHOOSE_CHANNEL_COMPLETE" ] && {{ printf 'started with <%s>\\n' "$*"; exit; }}
exec {python} -m choose_channel "$@"
"""
START = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
}
PREPARE = {"bash": "true", "zsh": "autoload -Uz compinit && compinit -u -D"}


def needs(shell: str) -> pytest.MarkDecorator:
    """Skips where there is no such shell."""
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A `choose-channel` on the path that says what it was started with."""
    program = tmp_path / "bin" / "choose-channel"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HOME": str(tmp_path), "TERM": "xterm", "COLUMNS": "200"}


def script(shell: str, environ: dict[str, str]) -> Path:
    """The file that a person of this shell sources."""
    asked = {**environ, "_CHOOSE_CHANNEL_COMPLETE": f"source_{shell}"}
    done = subprocess.run(["choose-channel"], env=asked, capture_output=True, check=True)
    path = Path(environ["HOME"]) / f"completion.{'ps1' if shell == 'powershell' else shell}"
    path.write_bytes(done.stdout)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("shell", [pytest.param(name, marks=needs(name)) for name in START])
def test_the_tab_key_completes(shell: str, environ: dict[str, str]) -> None:
    """At a prompt of the shell, as a person types."""
    source = script(shell, environ)
    child = pexpect.spawn(shell, START[shell], env=environ, encoding="utf-8", dimensions=(24, 200))
    try:
        child.sendline(f"{PREPARE[shell]} && source {source} && echo re''ady")
        child.expect_exact("ready", timeout=30)
        for typed, wanted in LINES:
            child.send(f"choose-channel {typed}\t\r")
            child.expect(r"started with <([^>]*)>", timeout=30)
            assert child.match[1].strip() == wanted
    finally:
        child.close(force=True)


@pytest.mark.slow
@needs("fish")
def test_fish_completes(environ: dict[str, str]) -> None:
    """It prints what it would offer."""
    source = script("fish", environ)
    for typed, wanted in LINES:
        ask = f"source {source}; complete -C 'choose-channel {typed}'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", ask], env=environ, capture_output=True, text=True
        )
        offered = [line.split("\t")[0] for line in done.stdout.splitlines()]
        assert offered == [wanted.rpartition(" ")[2]], done.stderr


@pytest.mark.slow
@needs("pwsh")
def test_powershell_completes(environ: dict[str, str]) -> None:
    """It says what it would put in place of the word."""
    source = script("powershell", environ)
    for typed, wanted in LINES:
        line = f"choose-channel {typed}"
        ask = (
            f". {source}; (TabExpansion2 '{line}' {len(line)}).CompletionMatches"
            " | ForEach-Object CompletionText | ConvertTo-Json -AsArray"
        )
        done = subprocess.run(
            ["pwsh", "-NoProfile", "-Command", ask], env=environ, capture_output=True, text=True
        )
        assert json.loads(done.stdout) == [wanted.rpartition(" ")[2]], done.stderr


@pytest.mark.parametrize(("typed", "wanted"), LINES)
def test_powershell_is_offered_whole_words(
    typed: str, wanted: str, environ: dict[str, str]
) -> None:
    """By the variables that its script sets, since few machines of ours have it."""
    asked = {
        **environ,
        "_CHOOSE_CHANNEL_COMPLETE": "complete_powershell",
        "_TYPER_COMPLETE_ARGS": f"choose-channel {typed}",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": typed.rpartition(" ")[2],
    }
    done = subprocess.run(["choose-channel"], env=asked, capture_output=True, text=True)
    offered = [line.split(":::")[0] for line in done.stdout.splitlines()]
    assert offered == [wanted.rpartition(" ")[2]]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--store", "=", "fa"], ["fast"]),
        (["--store", "="], ["none", "marketplace", "slow", "fast"]),
        (["--price", "=", "9", "--store", "=", "fa"], ["fast"]),
    ],
)
def test_bash_cuts_words_at_an_equals_sign(
    words: list[str], wanted: list[str], environ: dict[str, str]
) -> None:
    """And replaces the last of them only."""
    asked = {
        **environ,
        "_CHOOSE_CHANNEL_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(["choose-channel", *words]),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(["choose-channel"], env=asked, capture_output=True, text=True)
    assert done.stdout.split() == wanted
