"""Phrases: all there, all used, in both languages; and wrapped as each language wraps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

import choose_channel
from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import Rulebook

SOURCE = Path(choose_channel.__file__).parent
FILES = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.js")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
FAMILIES = (
    "unknown_",
    "access_",
    "severity_",
    "help_",
    "finding_",
    "kind_",
    "expected_",
    "report_step_",
    "schema_",
    "menu_",
)
"""Groups whose last part is put together at run time."""
UNITS = "_value"
"""The end of the phrases that say an amount with its unit, which comes first."""


def _used() -> set[str]:
    return set(re.findall(r"""["']([a-z][a-z0-9_]+)["']""", CODE))


def _has_words(text: str) -> bool:
    """Whether a phrase says something besides what is put into it."""
    return bool(re.search(r"\w", re.sub(r"\{[^}]*\}", "", text)))


def test_every_phrase_is_used(book: Rulebook) -> None:
    """A phrase that nothing says would only wait to go stale."""
    used = _used()
    unused = [
        key
        for key in book.wording
        if key not in used and not key.startswith(FAMILIES) and not key.endswith(UNITS)
    ]
    assert unused == []


def test_every_phrase_that_is_said_is_written(book: Rulebook) -> None:
    """A missing phrase would be an internal error at the worst moment."""
    said = set(re.findall(r"""\b(?:messages|phrase)\(\s*["']([a-z_0-9]+)["']""", CODE))
    assert said
    assert said - set(book.wording) == set()


def test_no_text_is_the_same_in_both_languages(book: Rulebook) -> None:
    """An untranslated phrase shows here; signs alone need no translation."""
    same = [
        key
        for key, text in book.wording.items()
        if text["zh"] == text["en"] and _has_words(text["en"])
    ]
    assert same == []


def test_chinese_phrases_are_chinese_and_english_ones_are_not(book: Rulebook) -> None:
    """Words for parsing hold both on purpose; names of people stay."""
    for key, text in book.wording.items():
        if not key.startswith("words_") and _has_words(text["zh"]):
            assert re.search(r"[\u3000-\u9fff\uff00-\uffef]", text["zh"]), key
            assert not re.search(r"[\u3400-\u9fff]", text["en"].replace("飞鸽出海", "")), key


@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_wrapped_lines_fit_and_lose_nothing(width: int, book: Rulebook) -> None:
    """Every text of the rulebook, counted in cells."""
    for pitfall in book.pitfalls.values():
        for text in (pitfall.happens["zh"], pitfall.happens["en"], pitfall.avoid["zh"]):
            lines = wrap(text, width)
            assert max(map(cell_len, lines)) <= width
            assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_starts_with_closing_punctuation() -> None:
    """A comma belongs to the word before it."""
    lines = wrap("一二三四五，六七八九十。一二三四五", 10)
    assert lines == ["一二三四", "五，六七八", "九十。一二", "三四五"]


def test_latin_words_stay_whole_inside_chinese() -> None:
    """Breaking lines between characters is for Chinese only."""
    assert wrap("打开 TikTok 的编辑资料", 12) == ["打开 TikTok", "的编辑资料"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    """An address or a digest must not push the frame apart."""
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
