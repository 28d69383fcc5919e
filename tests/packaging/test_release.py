"""A release: one version, told of in the changelog, checked on every Python that it promises."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from choose_channel.model.naming import VERSION

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RELEASE = ROOT / ".github" / "workflows" / "release.yml"


def test_the_version_stands_in_one_place() -> None:
    """The program's own; the package takes it from there, and the changelog tells of it."""
    assert PROJECT["project"]["dynamic"] == ["version"]
    place = PROJECT["tool"]["hatch"]["version"]
    source = f'VERSION = "{VERSION}"'
    assert (re.search(place["pattern"], source) or [""])[0] == source
    assert f"\n## {VERSION} (" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_release_is_checked_on_every_python_that_is_promised() -> None:
    """By the classifiers, the oldest of which is the one that is required."""
    start = "Programming Language :: Python :: "
    classifiers = PROJECT["project"]["classifiers"]
    promised = [line.removeprefix(start) for line in classifiers if line.startswith(start)]
    release = yaml.safe_load(RELEASE.read_text(encoding="utf-8"))
    assert release["jobs"]["check"]["strategy"]["matrix"]["python"] == promised
    assert PROJECT["project"]["requires-python"] == f">={promised[0]}"


def test_nothing_is_published_unchecked() -> None:
    """Publishing waits for all other jobs, needs a tag, and keeps no password."""
    jobs = yaml.safe_load(RELEASE.read_text(encoding="utf-8"))["jobs"]
    publish = jobs.pop("publish")
    assert {*publish["needs"], "build"} == jobs.keys()
    assert "tag" in publish["if"]
    assert publish["permissions"] == {"id-token": "write"}
    assert "secrets." not in RELEASE.read_text(encoding="utf-8")


def test_what_workflows_run_is_there() -> None:
    """Scripts of this repository, and other workflows of it, by their path."""
    text = "".join(path.read_text(encoding="utf-8") for path in RELEASE.parent.iterdir())
    assert all((ROOT / other).is_file() for other in re.findall(r"uses: \./(\S+)", text))
    scripts = set(re.findall(r"\.ci/[a-z]+\b(?!\.)", text))
    assert {".ci/build", ".ci/wheel", ".ci/run"} <= scripts
    for script in scripts - {".ci/constraints"}:
        assert (ROOT / script).stat().st_mode & 0o111
