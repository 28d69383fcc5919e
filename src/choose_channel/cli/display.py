"""How a person is shown things: in drawings or in lines, in colour or not, and in how much room.

Each stream is decided for itself, since one may be a terminal and the other a file. An option
outranks a variable, and a variable what is known of the terminal.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple, TextIO

from choose_channel.cli import streams
from choose_channel.model.naming import OFF, variable
from choose_channel.report.formats import ON_SCREEN, Display

COLORS = ("auto", "always", "never")
_NARROWEST, _USUAL_COLUMNS, _MOST_COLUMNS = 20, 80, 100
_CANNOT_DRAW = ("dumb", "unknown")
"""What TERM says of a terminal that moves no cursor and has no colours."""


class Looks(NamedTuple):
    """What a person has asked for: everything in lines, and colour."""

    accessible: bool = False
    color: str = "auto"

    def in_lines(self, stream: TextIO | None) -> bool:
        """Whether this stream gets lines: on request, or as its terminal cannot draw."""
        return self.accessible or (is_terminal(stream) and not _can_draw())

    def in_color(self, stream: TextIO | None) -> bool:
        """Whether this stream gets colours."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or (is_terminal(stream) and _can_draw())

    def can_redraw(self, stream: TextIO | None) -> bool:
        """Whether a line on this stream may be drawn over, to show progress."""
        return is_terminal(stream) and not self.in_lines(stream)


def looks_of(accessible: bool, color: str | None, environ: Mapping[str, str]) -> Looks:
    """What the options and the environment ask for."""
    own, common = environ.get(variable("accessible"), ""), environ.get("ACCESSIBLE", "")
    wanted = (own or common).strip().casefold()
    return Looks(accessible or (bool(wanted) and wanted not in OFF), color or "auto")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody watches this stream."""
    return stream is not None and stream.isatty()


def format_for(wanted: str, looks: Looks, *, to_file: bool) -> str:
    """The format that is shown where one is wanted: lines in place of drawings."""
    in_lines = looks.accessible if to_file else looks.in_lines(sys.stdout)
    return "plain" if wanted == "terminal" and in_lines else wanted


def display_for(format: str, looks: Looks, *, to_file: bool) -> Display:
    """The room and the means of standard output; the usual ones for a file or a document."""
    if to_file or format not in ON_SCREEN:
        return Display()
    from rich.console import Console

    console = Console()
    return Display(
        width=min(console.width, _MOST_COLUMNS) if console.width > 0 else _USUAL_COLUMNS,
        color=_color_system() if looks.in_color(sys.stdout) else None,
        ascii_only=console.options.ascii_only,
    )


def paragraph(text: str, indent: str = "") -> None:
    """Prints a paragraph on standard error: wrapped for a person's terminal, wherever standard
    output goes; one line for a program."""
    lines = [text]
    if is_terminal(sys.stderr):
        from choose_channel.messages.wrap import wrap

        lines = wrap(text, max(_columns(), _NARROWEST) - len(indent))
    for line in lines:
        streams.notice(indent + line)


def _columns() -> int:
    """How wide the terminal of standard error is; the usual width where it does not know."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):
        return _USUAL_COLUMNS


def _can_draw() -> bool:
    return os.environ.get("TERM", "").casefold() not in _CANNOT_DRAW


def _color_system() -> str:
    """How many colours there are; the usual 16 where nobody knows."""
    from rich.console import Console

    without = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    system = Console(force_terminal=True, no_color=False, _environ=without).color_system
    return system if system and system != "windows" else "standard"
