"""A decision to text. Each format is one module with the same `render`, named in FORMATS."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from choose_channel.engine.decision import Decision
    from choose_channel.report.content import RunInfo

FORMATS = ("terminal", "json", "markdown", "html")


class Display(NamedTuple):
    """How much room and which means there are: cells a line, colour system or None, plain ASCII."""

    width: int = 80
    color: str | None = None
    ascii_only: bool = False


def render(
    decision: Decision,
    format: str = "terminal",
    run: RunInfo | None = None,
    display: Display | None = None,
) -> str:
    """The decision in one of FORMATS; ends with a line break. ValueError for another format."""
    if format not in FORMATS:
        raise ValueError(format)
    module = importlib.import_module(f"{__name__}.{format}")
    text: str = module.render(decision, run, display or Display())
    return text
