"""The shipped facts and pitfalls keep to what their readers can take in."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from choose_channel.model.rulebook import Rulebook

TITLE = {"en": 60, "zh": 26}
"""The cells of a title; a Chinese character takes two."""
FIRST_SCREEN = {"en": 300, "zh": 240}
"""The cells of what happens and how to avoid it, without the figures filled in."""


def words(text: str) -> str:
    """The text without the places of its figures."""
    return re.sub(r"\{fact:[^}]*\}", "", text)


def test_every_fact_says_when_it_held_and_when_we_last_looked(rulebook: Rulebook) -> None:
    """And nobody looked before the source was there."""
    dates = {fact.id: (fact.as_of or "", fact.checked or "") for fact in rulebook.facts.values()}
    assert [name for name, (held, looked) in dates.items() if not "" < held <= looked] == []


def test_a_source_is_linked_by_an_address_that_opens(rulebook: Rulebook) -> None:
    """A bare domain is told in the source's words instead."""
    urls = [fact.url for fact in rulebook.facts.values() if fact.url]
    assert urls
    assert [url for url in urls if not url.startswith("https://")] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_pitfall_fits_the_first_screen(rulebook: Rulebook, lang: str) -> None:
    """The gravest one stands there, with how to avoid it."""
    long = [
        name
        for name, pitfall in rulebook.pitfalls.items()
        if cell_len(words(pitfall.title[lang])) > TITLE[lang]
        or cell_len(words(pitfall.happens[lang] + pitfall.avoid[lang])) > FIRST_SCREEN[lang]
    ]
    assert long == []


@pytest.mark.parametrize(("lang", "article"), [("en", "article"), ("zh", "文章")])
def test_the_first_screen_does_not_speak_of_the_article(
    rulebook: Rulebook, lang: str, article: str
) -> None:
    """Its reader has not met it there yet; only the reasons quote it."""
    quoting = [
        name
        for name, pitfall in rulebook.pitfalls.items()
        if article in words(pitfall.title[lang] + pitfall.happens[lang] + pitfall.avoid[lang])
    ]
    assert quoting == []
