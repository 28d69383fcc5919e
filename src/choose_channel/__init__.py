"""Which way to sell on TikTok fits: TikTok Shop, a link in the bio, or both."""

from __future__ import annotations

# Nothing is imported here: Ctrl-C is dealt with only after this.
TYPE_CHECKING = False
__all__ = [
    "AnswersError",
    "ChooseChannelError",
    "Comparison",
    "Decision",
    "Rulebook",
    "RulebookError",
    "analyze",
    "compare",
    "decide",
    "decide_table",
    "load_rulebook",
    "next_question",
    "render",
]

if TYPE_CHECKING:
    from choose_channel.api import analyze, compare, decide, decide_table, next_question
    from choose_channel.engine.decision import Decision
    from choose_channel.engine.difference import Comparison
    from choose_channel.loading.load import load_rulebook
    from choose_channel.messages.errors import AnswersError, ChooseChannelError, RulebookError
    from choose_channel.model.rulebook import Rulebook
    from choose_channel.report.formats import render

    __version__: str

_HOMES = {
    "Comparison": "engine.difference",
    "Decision": "engine.decision",
    "Rulebook": "model.rulebook",
    "analyze": "api",
    "compare": "api",
    "decide": "api",
    "decide_table": "api",
    "load_rulebook": "loading.load",
    "next_question": "api",
    "render": "report.formats",
}


def __getattr__(name: str) -> object:
    # A scripted run needs few of these names, so each is imported when it is first used.
    if name == "__version__":
        from choose_channel.model.naming import VERSION

        return VERSION
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    home = _HOMES.get(name, "messages.errors")
    entry: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    return entry
