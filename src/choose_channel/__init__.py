"""Which way to sell on TikTok fits: TikTok Shop, a link in the bio, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from choose_channel.decision import Decision, decide
    from choose_channel.errors import AnswersError, ChooseChannelError, RulebookError
    from choose_channel.loading import load_rulebook
    from choose_channel.model import Rulebook
    from choose_channel.questionnaire import next_question
    from choose_channel.renderers import render

_HOMES = {
    "AnswersError": "errors",
    "ChooseChannelError": "errors",
    "Decision": "decision",
    "Rulebook": "model",
    "RulebookError": "errors",
    "decide": "decision",
    "load_rulebook": "loading",
    "next_question": "questionnaire",
    "render": "renderers",
}
__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    # Each name comes from its own room when it is used: a scripted run needs few of them.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
