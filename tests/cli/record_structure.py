"""The structure of a decision record, pinned by version: `python -m tests.cli.record_structure`.

The command pins the structure of today under the version of today. Raise SCHEMA_VERSION first,
where a record of the version has been released.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from choose_channel.cli.schemas import schema
from choose_channel.engine.decision import SCHEMA_VERSION
from choose_channel.loading.load import load_rulebook
from choose_channel.money.figures_in_texts import FactMessages

PINNED = Path(__file__).with_name("record_structure.json")
HOW_TO_PIN = (
    f"A decision record has another structure than version {SCHEMA_VERSION} was pinned with."
    " If that version was released, raise SCHEMA_VERSION in engine/decision.py; then run"
    " `python -m tests.cli.record_structure`."
)


def pinned() -> dict[str, str]:
    """By version, the digest of its structure."""
    versions: dict[str, str] = json.loads(PINNED.read_text(encoding="utf-8"))
    return versions


def structure_digest() -> str:
    """The digest of the schema of a record without its texts, which may change freely."""
    rulebook = load_rulebook()
    whole = schema("decision", rulebook, FactMessages(rulebook, "en"))
    del whole["$id"], whole["title"]
    text = json.dumps(_without_texts(whole), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_texts(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            key: _without_texts(value)
            for key, value in part.items()
            if not (key == "description" and isinstance(value, str))
        }
    return [_without_texts(item) for item in part] if isinstance(part, list) else part


def main() -> None:
    """Pins the structure of today."""
    versions = {**pinned(), str(SCHEMA_VERSION): structure_digest()}
    PINNED.write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
