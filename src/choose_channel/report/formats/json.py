"""The decision record: versioned, and the same in both languages except for its texts."""

from __future__ import annotations

import json

from choose_channel.engine.decision import Decision
from choose_channel.report.content import RunInfo
from choose_channel.report.formats import Display


def render(decision: Decision, run: RunInfo | None, _display: Display) -> str:
    """JSON, with `run` {date, version, sources, command} where the circumstances are known."""
    record = decision.to_dict()
    if run:
        record["run"] = {
            "date": run.date,
            "version": run.version,
            "sources": dict(decision.sources),
            "command": run.command,
        }
    text = json.dumps(record, ensure_ascii=False, indent=2)
    if not text.replace("\n", "").isprintable():
        # A terminal would obey control characters and marks that turn a text's direction.
        text = "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)
    return text + "\n"
