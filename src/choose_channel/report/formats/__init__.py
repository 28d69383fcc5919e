"""A decision to text. A format is a module here with a function `render`, and a line in FORMATS.

A format draws each kind of block in `report/content.py`, in any section.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from choose_channel.messages.errors import Problem, UsageError, nearest
from choose_channel.messages.i18n import Messages, shorten

if TYPE_CHECKING:
    from choose_channel.engine.decision import Decision
    from choose_channel.report.run_info import RunInfo


class Format(NamedTuple):
    """What the rest of the program needs to know about a format.

    One that is `on_screen` is laid out for the `Display` that it is printed on, in the encoding of
    that console. All others are documents: the same on any machine, and UTF-8.
    """

    module: str
    on_screen: bool = False


FORMATS: Mapping[str, Format] = {
    "terminal": Format("terminal", on_screen=True),
    "json": Format("json"),
    "markdown": Format("markdown"),
    "html": Format("html"),
}


class Display(NamedTuple):
    """How much room and which means there are: cells a line, colour system or None, plain ASCII."""

    width: int = 80
    color: str | None = None
    ascii_only: bool = False


def format_named(name: str, messages: Messages, place: str = "") -> Format:
    """The format of that name. Raises UsageError, which names them all, if there is none; `place`
    is where the name was given, such as a flag."""
    if not isinstance(name, str) or name not in FORMATS:
        message = messages("usage_format", value=shorten(name), options=messages.listing(FORMATS))
        message = messages.hinted(message, nearest(str(name), FORMATS))
        raise UsageError([Problem(message, place)])
    return FORMATS[name]


def render(
    decision: Decision,
    format: str = "terminal",
    run: RunInfo | None = None,
    display: Display | None = None,
) -> str:
    """The decision in one of FORMATS; ends with a line break. UsageError for another format."""
    name = format_named(format, decision.messages).module
    module = importlib.import_module(f"{__name__}.{name}")
    text: str = module.render(decision, run, display or Display())
    return text
