"""Languages, phrases, and words from outside that must not steer what shows them."""

from __future__ import annotations

import pytest

from choose_channel.messages.errors import Problem
from choose_channel.messages.i18n import Messages, printable, sanitize, shorten, spoken
from choose_channel.messages.sentences import ended_once

ESCAPE = "\x1b[2J\u202ea\tb\u2028c"


def test_printable_text_is_one_line_without_control_characters() -> None:
    """Also without the marks that turn the direction of writing."""
    assert printable(ESCAPE) == " [2J a b c"


def test_printable_text_stays_as_it_is() -> None:
    """Chinese, quotes and dashes are no reason to touch a text."""
    assert printable("“价格” – 9.90") == "“价格” – 9.90"


def test_sanitized_text_keeps_its_lines() -> None:
    """Every line is printable by itself."""
    assert sanitize("a\tb\r\nc\x1bd") == "a b\nc d"


@pytest.mark.parametrize("text", ["abcdef", "abc\ndef"])
def test_sanitized_text_is_cut(text: str) -> None:
    """With odd characters and without."""
    assert sanitize(text, 3) == "abc"


def test_a_shortened_value_is_printable() -> None:
    """Control characters become spaces, and those at the ends go."""
    assert shorten("\ta\tb\x9bc") == "a b c"


def test_a_shortened_value_shows_that_it_was_cut() -> None:
    """After 40 characters, of however many."""
    assert shorten("\x1b" + "x" * 41) == "x" * 40 + "…"
    assert shorten("x" * 1_000_000) == "x" * 40 + "…"


CHINESE = [
    *("zh", "zh_TW", "zh_HK.UTF-8", "zh_SG.UTF-8", "zh-Hans", "zh-Hant-MO", "ZH_CN.GB18030"),
    *("zh_CN@pinyin", "cmn_TW.UTF-8", "yue_HK", "Chinese", "Chinese_China.936", "chinese-hongkong"),
    *("Chinese (Simplified)_China.936", "Chinese (Traditional)_Hong Kong SAR.950"),
]
"""Locales as Linux, macOS and Windows name them."""


def test_a_problem_is_one_line() -> None:
    """A file name with a line break must not look like a second problem."""
    assert str(Problem("bad\nkey", "a\nb.yaml:1:1")) == "a b.yaml:1:1: bad key"


@pytest.mark.parametrize(
    ("wanted", "environ", "lang"),
    [
        ("zh", {"CHOOSE_CHANNEL_LANG": "en"}, "zh"),
        (None, {"CHOOSE_CHANNEL_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US"}, "zh"),
        (None, {"LANG": "de_DE"}, "en"),
        (None, {}, "en"),
        *((None, {"LANG": name}, "zh") for name in CHINESE),
        *(
            (None, {"LANG": name}, "en")
            for name in ("zha_CN", "C", "English_China.936", "zhongwen")
        ),
    ],
)
def test_the_first_language_that_is_named_counts(
    wanted: str | None, environ: dict[str, str], lang: str
) -> None:
    """The flag, then the program's own variable, then those of the system; else English."""
    assert spoken(wanted, environ) == lang


def test_a_list_within_a_sentence_ends_with_and(messages: Messages) -> None:
    """One item stands alone, and none is nothing."""
    texts = [messages.together("abc"[:length]) for length in range(4)]
    assert texts == ["", "a", "a and b", "a, b and c"]


def test_a_phrase_that_lists_words_gives_those_of_all_languages(messages: Messages) -> None:
    """A person may type yes in either language, whichever they read."""
    assert {"是", "yes", "1"} <= {*messages.words("words_true")}


def test_a_sentence_ends_once() -> None:
    """A title may be a question, in either language."""
    assert ended_once("Start here: Could you charge more?. Then sell.") == (
        "Start here: Could you charge more? Then sell."
    )
    assert ended_once("先做这一步：能卖贵点吗？。") == "先做这一步：能卖贵点吗？"
