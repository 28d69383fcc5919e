"""Which way to sell on TikTok fits: TikTok Shop, a link in the bio, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "AnswersError",
    "ChooseChannelError",
    "Decision",
    "Rulebook",
    "RulebookError",
    "analyze",
    "decide",
    "load_rulebook",
    "next_question",
    "render",
]

if TYPE_CHECKING:
    from choose_channel.decision import Decision
    from choose_channel.errors import AnswersError, ChooseChannelError, RulebookError
    from choose_channel.library import analyze, decide, next_question
    from choose_channel.loading import load_rulebook
    from choose_channel.model import Rulebook
    from choose_channel.renderers import render

_HOMES = {
    "Decision": "decision",
    "Rulebook": "model",
    "analyze": "library",
    "decide": "library",
    "load_rulebook": "loading",
    "next_question": "library",
    "render": "renderers",
}


def __getattr__(name: str) -> Any:
    # Each name comes from its own room when it is used: a scripted run needs few of them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
