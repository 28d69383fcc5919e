"""What people read: texts in every language, and the interface's own phrases."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Literal

Text = Mapping[str, str]
"""One sentence by language code, such as {"zh": …, "en": …}."""

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class Messages:
    """The interface's phrases in one language.

    >>> Say({"hello": {"en": "Hello {name}"}}, "en")("hello", name="you")
    'Hello you'
    """

    def __init__(self, phrases: Mapping[str, Text], lang: str) -> None:
        self.phrases = phrases
        self.lang = lang

    def __call__(self, phrase: str, /, **values: object) -> str:
        """The phrase with its placeholders filled in."""
        return self.phrases[phrase][self.lang].format_map(values)

    def text(self, text: Text) -> str:
        """A bilingual text in this language."""
        return text[self.lang]

    def listing(self, items: Iterable[str]) -> str:
        """Items joined the way this language joins them."""
        return (self("list_separator") + self._space).join(items)

    def sentences(self, sentences: Iterable[str]) -> str:
        """Whole sentences, one after the other."""
        return self._space.join(sentences)

    def hinted(self, message: str, near: str | None) -> str:
        """The message, with "did you mean" where something is near."""
        return self.sentences([message, self("did_you_mean", value=near)]) if near else message

    @property
    def _space(self) -> str:
        return "" if self.lang == "zh" else " "


LANG_VARIABLE = "CHOOSE_CHANNEL_LANG"


def spoken(wanted: str | None, environ: Mapping[str, str]) -> Lang:
    """The language to use; `wanted` is the flag, None where it was not given."""
    names = [wanted, environ.get(LANG_VARIABLE)]
    names += [environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((name for name in names if name), None) or _windows()
    code = (first or "").casefold()[:2]
    return next((lang for lang in LANGUAGES if lang == code), "en")


def _windows() -> str | None:
    if sys.platform != "win32" or os.name != "nt":
        return None
    import ctypes
    import locale

    language = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(language)


def shorten(raw: object, most: int = 40) -> str:
    """A value as it may be repeated in a message: short, and without control characters."""
    text = "".join(c if c.isprintable() else " " for c in str(raw)[: 2 * most]).strip()
    return f"{text[:most]}…" if len(text) > most else text
