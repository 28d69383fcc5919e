"""The README runs: its sessions, its Python, its pictures. So it cannot lie."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import OPTIONS, flag
from choose_channel.model.rulebook import Rulebook
from tests.docs.pictures import PICTURES, picture

ROOT = Path(__file__).parents[2]
READMES = ["README.md", "README.zh.md"]
posix = pytest.mark.skipif(os.name == "nt", reason="the sessions are written for a POSIX shell")


def _blocks(name: str, kind: str) -> list[tuple[str, str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}(?: title=(\S+))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _environ() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "80", "PYTHONUTF8": "1"}


def _pattern(expected: str) -> str:
    """`…` stands for anything; at the end of a session also for further lines."""
    return ".*".join(map(re.escape, expected.split("…")))


PROOFS = ("rules diff", "rules check")
"""What looks at every kind of seller, which takes most of the time of all sessions."""


@posix
@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        pytest.param(READMES[0], PROOFS, id="quick"),
        *(pytest.param(name, (), id=name, marks=pytest.mark.slow) for name in READMES),
    ],
)
def test_sessions_print_what_the_readme_shows(
    name: str, left_out: tuple[str, ...], tmp_path: Path
) -> None:
    """Every `$ command` gives the lines below it."""
    for title, text in _blocks(name, "yaml"):
        file = tmp_path / title
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    sessions = _blocks(name, "console")
    assert sessions
    for _, session in sessions:
        command, expected = session.removeprefix("$ ").split("\n", 1)
        if any(words in command for words in left_out):
            continue
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=_environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert re.fullmatch(_pattern(expected.rstrip("\n")), done.stdout.rstrip("\n"), re.DOTALL), (
            f"{command}\n{done.stdout}"
        )


@pytest.mark.parametrize("name", READMES)
def test_python_in_the_readme_runs(name: str) -> None:
    """As pasted."""
    for _, code in _blocks(name, "python"):
        exec(compile(code, name, "exec"), {})


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_show_the_real_output(name: str) -> None:
    """Made anew by `python -m tests.docs.pictures` when the report changes."""
    assert (ROOT / ".media" / name).read_text(encoding="utf-8") == picture(name)


def test_both_readmes_have_the_same_sessions() -> None:
    """The Chinese one has as many."""
    first, second = (len(_blocks(name, "console")) for name in READMES)
    assert first == second


@pytest.mark.parametrize("name", READMES)
def test_every_option_and_question_flag_is_documented(name: str, rulebook: Rulebook) -> None:
    """In the README, or at least in the help that it points to."""
    text = (ROOT / name).read_text(encoding="utf-8")
    wanted = [flag(name) for name in OPTIONS if not name.endswith("completion") and name != "help"]
    assert [option for option in wanted if option not in text] == []


def test_the_guide_for_authors_names_real_entries(rulebook: Rulebook) -> None:
    """Every id in its map stands in the rulebook."""
    guide = ROOT / "rules" / "README.md"
    if not guide.exists():  # the tests of the built wheel have no checkout around them
        guide = Path(sys.modules["choose_channel"].__file__ or "").parent / "rules" / "README.md"
    known = {
        *rulebook.questions,
        *rulebook.gates,
        *rulebook.rules,
        *rulebook.pitfalls,
        *rulebook.steps,
        *rulebook.facts,
        *rulebook.channels,
        *(variant.id for channel in rulebook.channels.values() for variant in channel.variants),
    }
    text = guide.read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    ids = {name for line in table for name in re.findall(r"`([a-z0-9_]+[-_][a-z0-9_-]+)`", line)}
    assert len(ids) > 80
    assert sorted(ids - known) == []


@pytest.mark.parametrize(("name", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_names_the_cells_that_a_table_must_fill(name: str, lang: str) -> None:
    """By the names that messages use; of the last four, "unknown" is an answer."""
    rulebook = load_rulebook()
    messages = Messages(rulebook.wording, lang)
    core = [question for question in rulebook.asked.values() if question.core]
    readme = (ROOT / name).read_text(encoding="utf-8")
    assert messages.together(messages.text(question.short) for question in core) in readme
    assert [question.assumed is not None for question in core] == [False, True, True, True, True]
