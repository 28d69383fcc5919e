"""A decision to text. A format is a module here with a function `render`, and its name in FORMATS.

A format draws each kind of block in `report/content.py`, in any section.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from choose_channel.messages.errors import Problem, UsageError, nearest
from choose_channel.messages.i18n import Messages, shorten

if TYPE_CHECKING:
    from choose_channel.engine.decision import Decision
    from choose_channel.engine.difference import Comparison
    from choose_channel.report.overview import Overview
    from choose_channel.report.parts import SectionId
    from choose_channel.report.run_info import RunInfo


Subject: TypeAlias = "Decision | Comparison | Overview"
"""What a report is on."""

FORMATS = ("terminal", "plain", "json", "markdown", "html")
ON_SCREEN = ("terminal", "plain")
"""The formats that are laid out for the `Display` that they are printed on, in the encoding of that
console. All others are documents: the same on any machine, and UTF-8."""

JUST_TYPED: tuple[SectionId, ...] = ("answers",)
"""The sections that are left out on a screen: somebody there has just typed them."""


class Display(NamedTuple):
    """How much room and which means there are (cells a line, colour system or None, plain ASCII),
    and what to show: the first screen, these `parts` of the report, or all of it."""

    width: int = 80
    color: str | None = None
    ascii_only: bool = False
    parts: tuple[str, ...] = ()
    full: bool = False
    hint: str = ""
    """What stands below the first screen: how to see more."""


def check_format(name: str, messages: Messages, place: str = "") -> None:
    """Raises UsageError, which names them all, if there is no format of that name; `place` is where
    the name was given, such as a flag."""
    if name not in FORMATS:
        message = messages("usage_format", value=shorten(name), options=messages.listing(FORMATS))
        message = messages.hinted(message, nearest(str(name), FORMATS))
        raise UsageError([Problem(message, place)])


def render(
    subject: Subject,
    format: str = "terminal",
    run: RunInfo | None = None,
    display: Display | None = None,
) -> str:
    """A decision, or a comparison, in one of FORMATS; ends with a line break.

    UsageError for another format.
    """
    check_format(format, subject.messages)
    module = importlib.import_module(f"{__name__}.{format}")
    text: str = module.render(subject, run, display or Display())
    return text
