"""Lines are wrapped as each language wraps."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import Rulebook


@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_wrapped_lines_fit_and_lose_nothing(width: int, rulebook: Rulebook) -> None:
    """Every text of the rulebook, counted in cells."""
    for pitfall in rulebook.pitfalls.values():
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
