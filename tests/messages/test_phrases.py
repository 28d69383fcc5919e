"""Phrases: all there, all used, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import choose_channel
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
    "remedy_",
    "kind_",
    "expected_",
    "report_step_",
    "summary_sure_",
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


def test_every_phrase_is_used(rulebook: Rulebook) -> None:
    """A phrase that nothing says would only wait to go stale."""
    used = _used()
    unused = [
        key
        for key in rulebook.wording
        if key not in used and not key.startswith(FAMILIES) and not key.endswith(UNITS)
    ]
    assert unused == []


def test_every_phrase_that_is_said_is_written(rulebook: Rulebook) -> None:
    """A missing phrase would be an internal error at the worst moment."""
    phrases = set(re.findall(r"""\b(?:messages|phrase)\(\s*["']([a-z_0-9]+)["']""", CODE))
    assert phrases
    assert phrases - set(rulebook.wording) == set()


def test_no_text_is_the_same_in_both_languages(rulebook: Rulebook) -> None:
    """An untranslated phrase shows here; signs alone need no translation."""
    same = [
        key
        for key, text in rulebook.wording.items()
        if text["zh"] == text["en"] and _has_words(text["en"])
    ]
    assert same == []


def test_chinese_phrases_are_chinese_and_english_ones_are_not(rulebook: Rulebook) -> None:
    """Words for parsing hold both on purpose; names of people stay."""
    for key, text in rulebook.wording.items():
        if not key.startswith("words_") and _has_words(text["zh"]):
            assert re.search(r"[\u3000-\u9fff\uff00-\uffef]", text["zh"]), key
            assert not re.search(r"[\u3400-\u9fff]", text["en"].replace("飞鸽出海", "")), key
