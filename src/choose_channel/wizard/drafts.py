"""The answers of an unfinished dialogue, saved after each answer."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
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

    def load(self) -> Draft | None:
        """The draft, or None if there is none or it cannot be read."""
        try:
            content = json.loads(self.path.read_bytes())
            answers = {str(key): str(value) for key, value in content["answers"].items()}
            date = datetime.date.fromisoformat(content["date"]).isoformat()
            business, run = (str(content.get(key, "")) for key in ("business", "run"))
            return Draft(date, answers, business, run)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def save(self, draft: Draft) -> None:
        """Saves the draft. Raises OSError, for instance on a full disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fields = asdict(draft) | {"answers": dict(draft.answers)}
        content = json.dumps(fields)
        storage.write_whole(self.path, content.encode(), private=True)

    def delete(self) -> None:
        """Deletes the draft; no error if there is none."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return
