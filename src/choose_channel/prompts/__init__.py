"""Asking one question. Each kind of prompt is one module with the same `ask`."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field


class Signal(enum.Enum):
    """What a person may do instead of answering."""

    BACK = "back"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Option:
    """One line to choose; `value` comes back when it is chosen."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask, all texts ready, with options to choose or else a text to type.

    `start` is what was chosen or typed before; nothing is preselected without it, and `nothing`
    stands where the choice will be. `refuse` gives the reason why a typed text cannot be taken,
    or None.
    """

    title: str
    keys: tuple[str, ...]
    progress: str = ""
    lines: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    nothing: str = ""
    start: str | None = None
    hint: str = ""
    can_go_back: bool = False
    can_explain: bool = False
    refuse: Callable[[str], str | None] = field(default=lambda _text: None)


@dataclass(frozen=True, slots=True)
class Reply:
    """The value that was given, or a signal together with what was chosen or typed so far."""

    value: str | None
    signal: Signal | None = None


Ask = Callable[[Prompt], Reply]
"""Raises KeyboardInterrupt when the person leaves, PromptError when nothing can be shown."""
