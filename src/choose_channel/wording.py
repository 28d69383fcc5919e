"""What people read: texts in every language, and the interface's own phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Text = Mapping[str, str]
"""One sentence by language code, such as {"zh": …, "en": …}."""

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class Say:
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
