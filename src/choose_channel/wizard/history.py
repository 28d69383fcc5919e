"""What finished dialogues left behind: the whole record of each, and the steps that were ticked.

A run is a file of its own in the user's state folder, readable by that user only, so that several
runs, also two at once, stand side by side. A file that cannot be read is set aside under another
name and never believed; one in the format of another version is left as it is.
CHOOSE_CHANNEL_HISTORY=off keeps nothing and finds nothing.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from choose_channel.engine.difference import difference
from choose_channel.files import storage
from choose_channel.model.naming import OFF, normalize, variable

_SUFFIX = ".json"
_FORMAT = 1


@dataclass(frozen=True)
class Kept:
    """A finished run: when it was, whose business it was about, what was decided (the record that
    `Decision.to_dict` gives), and the steps that the person has done since."""

    date: str
    business: str
    record: Mapping[str, Any]
    done: tuple[str, ...] = ()
    path: Path | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What the file is called, as a person types it."""
        return self.path.stem if self.path else ""


class History:
    """The runs that are kept for one rulebook; `folder` is the rulebook's folder, "" for the
    shipped one."""

    def __init__(self, folder: str = "") -> None:
        name = storage.cache_key(folder) if folder else "shipped"
        self.folder = storage.state_folder() / "history" / name
        self.is_on = os.environ.get(variable("history"), "").strip().casefold() not in OFF

    def load(self) -> tuple[list[Kept], list[Path]]:
        """The runs, newest first, and the damaged files that were set aside just now."""
        kept: list[Kept] = []
        damaged: list[Path] = []
        for path in self._files():
            content = _content(path)
            if _of_another_version(content):
                continue
            run = _run(content, path)
            if run is not None:
                kept.append(run)
            elif (aside := storage.set_aside(path)) is not None:
                damaged.append(aside)
        return kept, damaged

    def keep(self, run: Kept) -> Kept:
        """Keeps a run; one that was kept before is replaced. Raises OSError, for instance on a
        full disk. Where the history is off nothing is kept."""
        if not self.is_on:
            return run
        if run.path is not None:
            storage.write_private(run.path, _text(run))
            return run
        taken = {path.stem for path in self._files()}
        for number in range(1, 10_000):
            name = f"{run.date}-{number}"
            path = self.folder / f"{name}{_SUFFIX}"
            if name in taken:
                continue
            try:
                storage.write_private(path, _text(run), replace=False)
            except FileExistsError:  # another run was quicker
                continue
            return replace(run, path=path)
        raise FileExistsError(self.folder)

    def forget(self, runs: Iterable[Kept]) -> int:
        """Deletes runs. Returns how many there were; raises OSError."""
        paths = [run.path for run in runs if run.path]
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def forget_all(self) -> int:
        """Deletes all runs, and the damaged files that were set aside. Returns how many there
        were; raises OSError."""
        paths = [*self._files(), *self._files(storage.SET_ASIDE)]
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _files(self, suffix: str = _SUFFIX) -> list[Path]:
        """The files of the runs, newest first."""
        if not self.is_on:
            return []
        try:
            files = [path for path in self.folder.iterdir() if path.suffix == suffix]
        except OSError:
            return []
        return sorted(files, key=_age, reverse=True)


def businesses(runs: Iterable[Kept]) -> list[Kept]:
    """The newest run of each business, by its name, newest first."""
    newest: dict[str, Kept] = {}
    for run in runs:
        newest.setdefault(normalize(run.business), run)
    return [*newest.values()]


def _age(path: Path) -> tuple[str, int]:
    """The date in a file's name and the number behind it."""
    date, _, number = path.stem.rpartition("-")
    return date, int(number) if number.isdecimal() else 0


def _content(path: Path) -> Any:
    """What stands in a file; None where that cannot be read."""
    try:
        return json.loads(storage.read(str(path)))
    except (OSError, ValueError, RecursionError):
        return None


def _of_another_version(content: Any) -> bool:
    number = content.get("format") if isinstance(content, dict) else None
    return type(number) is int and number != _FORMAT


def _run(content: Any, path: Path) -> Kept | None:
    """The run that a file tells of; None where not all that is ever read of it is there."""
    try:
        record, date = content["record"], content["date"]
        difference(record, record)
        texts = [date, content["business"], *content["done"]]
        texts += [record["rulebook"][key] for key in ("digest", "version")]
        texts += [record[key] for key in ("recommended", "aim") if record[key] is not None]
        texts += [step[key] for step in record["plan"] for key in ("id", "title", "phase")]
        for channel in record["channels"]:
            texts += [channel["id"], channel["access"]]
            texts += [gate[key] for gate in channel["gates"] for key in ("id", "because")]
            texts += [line[key] for line in channel["ledger"] for key in ("rule", "because")]
        is_whole = content["format"] == _FORMAT and all(isinstance(text, str) for text in texts)
        if not is_whole or datetime.date.fromisoformat(date).isoformat() != date:
            return None
        return Kept(date, content["business"], record, tuple(content["done"]), path)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError):
        return None


def _text(run: Kept) -> bytes:
    content = {
        "format": _FORMAT,
        "date": run.date,
        "business": run.business,
        "done": run.done,
        "record": run.record,
    }
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
