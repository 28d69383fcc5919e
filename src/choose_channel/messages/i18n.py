"""What people read: which language they read, texts in every language, and words from outside."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Literal

# ---- the language

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
LANG_VARIABLE = "CHOOSE_CHANNEL_LANG"
_NAMES: Mapping[str, Lang] = {
    **{"chinese": "zh", "zho": "zh", "chi": "zh", "cmn": "zh", "yue": "zh"},
    **{"english": "en", "eng": "en"},
}
"""Other codes and names of the languages: Windows says `Chinese (Simplified)_China.936`."""


def spoken(wanted: str | None, environ: Mapping[str, str]) -> Lang:
    """The language to use: that of the flag `wanted` (None where it is not given), else of the
    environment, else of Windows, else English."""
    name = (wanted or spoken_by(environ)[1]).casefold()
    code = re.split("[-_.@ (]", name)[0]
    code = _NAMES.get(code, code)
    return next((lang for lang in LANGUAGES if lang == code), "en")


def spoken_by(environ: Mapping[str, str]) -> tuple[str, str]:
    """What the surroundings say about the language: the name of the environment variable that
    says it ("Windows" for the display language), and its value; both "" where nothing does."""
    variables = (LANG_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")
    source = next((name for name in variables if environ.get(name)), None)
    if source:
        return source, environ[source]
    display_language = _windows()
    return ("Windows", display_language) if display_language else ("", "")


def _windows() -> str | None:
    if sys.platform != "win32" or os.name != "nt":
        return None
    import ctypes
    import locale

    language = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(language)


# ---- texts and phrases

Text = Mapping[str, str]
"""One text by language code, such as {"zh": …, "en": …}."""


class Messages:
    """The interface's phrases in one language.

    >>> Messages({"hello": {"en": "Hello {name}"}}, "en")("hello", name="you")
    'Hello you'
    """

    def __init__(self, phrases: Mapping[str, Text], lang: str) -> None:
        self.phrases = phrases
        self.lang = lang

    def __call__(self, phrase: str, /, **values: object) -> str:
        """The phrase with its placeholders filled in."""
        return self.phrases[phrase][self.lang].format_map(values)

    def text(self, text: Text) -> str:
        """A text in this language."""
        return text[self.lang]

    def words(self, phrase: str) -> list[str]:
        """The words that a phrase lists, in all languages and casefolded: `words_true` lists what
        people may type for yes."""
        return " ".join(self.phrases[phrase].values()).casefold().split()

    def listing(self, items: Iterable[str]) -> str:
        """Items joined the way this language joins them."""
        return (self("list_separator") + self._space).join(items)

    def together(self, items: Iterable[str]) -> str:
        """Items joined as within a sentence, the last one with "and"."""
        *others, last = [*items] or [""]
        return self("list_last", first=self.listing(others), second=last) if others else last

    def clauses(self, clauses: Iterable[str]) -> str:
        """Clauses that could be sentences, joined into one."""
        several = [*clauses] or [""]
        return functools.reduce(
            lambda first, more: self("list_clauses", first=first, second=more), several
        )

    def sentences(self, sentences: Iterable[str]) -> str:
        """Whole sentences, one after the other."""
        return self._space.join(sentences)

    def hinted(self, message: str, near: str | None) -> str:
        """The message, with "did you mean" where something is near."""
        return self.sentences([message, self("did_you_mean", value=near)]) if near else message

    @property
    def _space(self) -> str:
        return "" if self.lang == "zh" else " "


# ---- words from outside: a file or a flag must not steer the terminal that shows it

MAX_TEXT = 20_000


def printable(text: str) -> str:
    """The text on one line: control characters, line breaks and marks that turn the direction of
    writing become spaces."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def sanitize(text: str, most: int = MAX_TEXT) -> str:
    """The text with its lines kept, each printable; at most `most` characters."""
    if text.isprintable():
        return text[:most]
    return "\n".join(map(printable, text.splitlines()))[:most]


def shorten(raw: object, most: int = 40) -> str:
    """A value as a message repeats it: printable, and cut after `most` characters."""
    text = printable(str(raw)[: 2 * most]).strip()
    return f"{text[:most]}…" if len(text) > most else text
