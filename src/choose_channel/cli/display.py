"""What a text is laid out for: the window, or a file."""

from __future__ import annotations

from choose_channel.report.formats import ON_SCREEN, Display

_MOST_COLUMNS, _USUAL_COLUMNS = 100, 80


def display_for(format: str, *, to_file: bool) -> Display:
    """The room and the means of standard output; the usual ones for a file or a document."""
    if to_file or format not in ON_SCREEN:
        return Display()
    from rich.console import Console

    console = Console()
    color = None if console.no_color or console.legacy_windows else console.color_system
    return Display(
        width=min(console.width, _MOST_COLUMNS) if console.width > 0 else _USUAL_COLUMNS,
        color=color,
        ascii_only=console.options.ascii_only,
    )
