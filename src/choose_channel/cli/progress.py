"""How far a long command has come, on a line of stderr that a terminal overwrites."""

from __future__ import annotations

import sys
from collections.abc import Callable

from choose_channel.cli.registry import Context


def progress(phrase: str, context: Context) -> Callable[[int, int], None]:
    """A function to call with how much is done and how much there is.

    It writes nothing unless a person watches who can see a line change, and leaves an empty line
    when all is done.
    """

    def show(done: int, of: int) -> None:
        if context.looks.can_redraw(sys.stderr):
            text = context.messages(phrase, done=done, of=of) if done < of else ""
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    return show
