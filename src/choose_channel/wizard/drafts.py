"""The answers of an unfinished dialogue, saved after each answer."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from choose_channel.files import storage


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers as typed in flags, the ISO date on which they were given, whose business they are
    about, and the name of the kept run that the person went on from."""

    date: str
    answers: Mapping[str, str]
    business: str = ""
    run: str = ""


class Drafts:
    """The draft for one rulebook; `folder` is the rulebook's folder, "" for the shipped one."""

    def __init__(self, folder: str = "") -> None:
        name = storage.cache_key(folder) if folder else "shipped"
        self.path: Path = storage.state_folder() / f"draft-{name}.json"
        self._own: bytes | None = None
        """What this run has saved; another run may have put its own draft in its place."""
        self._seen: bytes | None = None
        """What the file held when it was last read or written."""

    def load(self) -> Draft | None:
        """The draft, or None if there is none or it cannot be read."""
        try:
            self._seen = storage.read(self.path)
            content = json.loads(self._seen)
            answers = {str(key): str(value) for key, value in content["answers"].items()}
            date = datetime.date.fromisoformat(content["date"]).isoformat()
            business, run = (str(content.get(key, "")) for key in ("business", "run"))
            return Draft(date, answers, business, run)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def set_aside(self) -> Path | None:
        """Renames a draft that cannot be read. Returns its new path; None if there is none."""
        return storage.set_aside(self.path)

    def save(self, draft: Draft) -> None:
        """Saves the draft. Raises OSError, for instance on a full disk."""
        fields = asdict(draft) | {"answers": dict(draft.answers)}
        content = json.dumps(fields).encode()
        storage.write_private(self.path, content)
        self._own = self._seen = content

    def is_kept(self) -> bool:
        """Whether there is a draft to go on from. One of this run whose place another run has taken
        or cleared is saved once more."""
        if self._own is not None and self._own != self._read():
            with suppress(OSError):
                storage.write_private(self.path, self._own)
        return self.load() is not None

    def delete(self) -> None:
        """Deletes the draft, unless it is another run's; no error if there is none."""
        if self._seen == self._read():
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def _read(self) -> bytes | None:
        try:
            return storage.read(self.path)
        except OSError:
            return None
