"""The program runs where it was not made: from a zip archive, under -O and -W error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import choose_channel
from choose_channel.loading.load import shipped_folder

COURSE = [
    "--product-type",
    "digital",
    "--price",
    "99",
    "--followers",
    "300",
    "--business-license",
    "none",
]
RUNS = {
    "json": [*COURSE, "--format", "json"],
    "terminal": [*COURSE, "--full", "--unit-cost", "3"],
    "html": [*COURSE, "--format", "html"],
    "markdown": [*COURSE, "--format", "markdown", "--lang", "zh"],
    "help": ["--help"],
    "show": ["rules", "show"],
    "schema": ["schema", "rulebook"],
    "doctor": ["doctor"],
    "new": ["rules", "new", "ours"],
}


def run(folder: Path, *words: str, options: tuple[str, ...] = (), **environ: str) -> str:
    """What the program prints, run in a folder; whatever it complains of fails the test."""
    done = subprocess.run(
        [sys.executable, *options, "-m", "choose_channel", *words],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environ},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in a zip, laid out as in the wheel."""
    path = tmp_path_factory.mktemp("zip") / "program.zip"
    package = Path(choose_channel.__file__).parent
    with ZipFile(path, "w") as zipped:
        for file in package.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                zipped.write(file, Path("choose_channel", file.relative_to(package)))
        if not (package / "rules").is_dir():
            for file in shipped_folder().iterdir():
                zipped.write(file, Path("choose_channel", "rules", file.name))
    return path


@pytest.mark.parametrize("name", ["json", pytest.param("html", marks=pytest.mark.slow), "new"])
def test_it_runs_from_a_zip(name: str, archive: Path, tmp_path: Path) -> None:
    """The same as from its folder, and nothing is left behind."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = f"{archive}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    zipped = run(tmp_path, *RUNS[name], PYTHONPATH=path, TMPDIR=str(scratch))
    if name == "new":
        assert (tmp_path / "ours" / "rules.yaml").is_file()
    else:
        assert zipped == run(tmp_path, *RUNS[name])
    assert [*scratch.iterdir()] == []


def test_the_zip_is_what_runs(archive: Path, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    code = "import choose_channel, json; print(json.dumps(choose_channel.__file__))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(archive)},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout).startswith(str(archive))


@pytest.mark.parametrize("name", RUNS)
def test_it_runs_without_asserts_and_without_a_warning(name: str, tmp_path: Path) -> None:
    """`python -O -W error`: no assert does any work, and nothing deprecated is called."""
    run(tmp_path, *RUNS[name], options=("-O", "-W", "error"))
