"""A draft of answers that survives Ctrl-C, a closed window and a full disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from choose_channel.files import storage


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers as typed in flags, and the ISO date on which they were given."""

    date: str
    answers: Mapping[str, str]


class Drafts:
    """The draft of one rulebook: `folder` is where it stands, "" for the shipped one."""

    def __init__(self, folder: str = "") -> None:
        name = storage.cache_key(folder) if folder else "shipped"
        self.path: Path = storage.state_folder() / f"draft-{name}.json"

    def load(self) -> Draft | None:
        """The draft, or None where there is none that can be read."""
        try:
            kept = json.loads(self.path.read_bytes())
            answers = {str(key): str(value) for key, value in kept["answers"].items()}
            return Draft(str(kept["date"])[:10], answers)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def save(self, draft: Draft) -> None:
        """Keeps the draft. Raises OSError, for instance on a full disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"date": draft.date, "answers": dict(draft.answers)})
        storage.write_whole(self.path, content.encode(), private=True)

    def delete(self) -> None:
        """Forgets the draft; no error where there is none."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return
