"""The decision record: stable, versioned, the same in both languages but for texts."""

from __future__ import annotations

import json

from choose_channel.decision import Decision
from choose_channel.renderers import Look, Run


def render(decision: Decision, run: Run | None, _look: Look) -> str:
    """JSON, with `run` {date, version, sources} where the circumstances are known."""
    record = decision.to_dict()
    if run:
        record["run"] = {
            "date": run.date,
            "version": run.version,
            "sources": dict(decision.sources),
            "command": run.command,
        }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
