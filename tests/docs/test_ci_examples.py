"""The examples for CI in the READMEs, and the hooks that this repository offers: they run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
READMES = ["README.md", "README.zh.md"]
HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


def block(readme: str, title: str) -> Any:
    """What a file of the README holds."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    match = re.search(rf"^```yaml title={re.escape(title)}\n(.*?)^```$", text, re.M | re.S)
    assert match
    return yaml.safe_load(match[1])


def commands(readme: str) -> list[list[str]]:
    """All that the examples of a README run of ours, as words."""
    (repository,) = block(readme, ".pre-commit-config.yaml")["repos"]
    hooks = [[*HOOKS[hook["id"]]["entry"].split(), *hook["args"]] for hook in repository["hooks"]]
    steps = block(readme, ".github/workflows/advice.yml")["jobs"]["advice"]["steps"]
    runs = [step["run"].split() for step in steps if "run" in step]
    return [*hooks, *(words for words in runs if words[0] == "choose-channel")]


def codes(readme: str, folder: Path) -> list[int]:
    """The exit codes of the examples, run in a folder."""
    return [
        subprocess.run(
            [sys.executable, "-m", "choose_channel", *words[1:]],
            cwd=folder,
            env={**os.environ, "CHOOSE_CHANNEL_LANG": "en"},
            capture_output=True,
        ).returncode
        for words in commands(readme)
    ]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small rulebook of one's own, and its cases."""
    rules = ROOT / "tests" / "clean_rulebook"
    shutil.copytree(rules, tmp_path / "ours")
    (tmp_path / "cases").mkdir()
    shutil.move(tmp_path / "ours" / "cases.yaml", tmp_path / "cases" / "all.yaml")
    return tmp_path


def test_the_examples_of_ci_pass(repository: Path) -> None:
    """In a repository where all is well; the check is of the rulebook, the test of the cases."""
    assert commands(READMES[0]) == commands(READMES[1])
    assert len(commands(READMES[0])) == 4
    assert codes(READMES[0], repository) == [0, 0, 0, 0]


def test_the_examples_of_ci_fail_where_something_is_wrong(repository: Path) -> None:
    """Here two rules have changed sides, so that others count for nothing."""
    rules = repository / "ours" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    changed = text.replace("{stall: 14}", "{post: 12}").replace("{stall: 9, post: -4}", "{post: 9}")
    rules.write_text(changed, encoding="utf-8")
    check, test, *_ = codes(READMES[0], repository)
    assert (check, test) == (1, 1)


def test_each_hook_says_what_it_runs() -> None:
    """What pre-commit needs of a hook, and an entry that is a command of ours."""
    assert HOOKS.keys() == {"choose-channel-check", "choose-channel-test"}
    for hook in HOOKS.values():
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        assert hook["entry"].startswith("choose-channel ")
