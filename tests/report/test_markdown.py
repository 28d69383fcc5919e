"""Markdown as a CommonMark reader sees it: texts stay texts, tables are tables."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import choose_channel as cc
from choose_channel.messages.i18n import sanitize
from choose_channel.report.formats import render
from choose_channel.report.formats.markdown import text
from choose_channel.report.run_info import Title
from tests.sellers import BOOK, HOSTILE, HYBRID, RUN

READER = MarkdownIt("commonmark").enable("table")
ALPHABET = "ab1 #*_`~<>&;|[]()!\\-+=.:/\"'{}$^中，\n"


def _seen(markdown: str) -> str:
    """What a reader of the rendered document sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", READER.render(markdown)))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_as_they_are(name: str) -> None:
    """Nothing in them becomes an element or a link."""
    wanted = sanitize(HOSTILE[name]).strip()
    page = READER.render(text(wanted))
    assert re.findall(r"<(?!/?p>)", page) == []
    assert _seen(text(wanted)).strip() == wanted


@given(st.text(ALPHABET, max_size=30))
def test_any_line_is_read_as_it_is(raw: str) -> None:
    """A property over all signs that mean something to CommonMark."""
    line = " ".join(raw.split())
    assert re.findall(r"<(?!/?p>)", READER.render(text(line))) == []
    assert _seen(text(line)).strip() == line


@given(st.text(ALPHABET, max_size=30))
def test_any_text_stays_in_its_cell(raw: str) -> None:
    """A bar or a backtick in a cell does not make another column."""
    line = " ".join(raw.split())
    page = READER.render(f"| a | b |\n| --- | --- |\n| {text(line) or ' '} | z |\n")
    cells = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    assert [html.unescape(cell) for cell in cells] == [line, "z"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_has_its_tables_and_lists(lang: str) -> None:
    """Two tables with as many cells in every row, and every step in order."""
    decision = cc.decide(HYBRID, lang=lang)
    page = READER.render(render(decision, "markdown", RUN))
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        assert len({len(re.findall(r"<t[hd]", row)) for row in rows}) == 1
    assert page.count("<table>") == 2
    starts = [int(n) for n in re.findall(r'<ol start="(\d+)">', page)]
    assert starts == sorted(starts)
    assert page.count("<strong>") >= 3 + len(decision.plan)
    assert "**" not in html.unescape(re.sub(r"<[^>]*>", "", page))


def test_the_heading_is_the_consultants() -> None:
    """Title, client and note come first, each inert."""
    run = RUN._replace(title=Title("# My *report*", "A | B", "one\n- two"))
    page = READER.render(render(cc.decide(HYBRID), "markdown", run))
    assert page.startswith("<h1># My *report*</h1>\n<p>A | B</p>\n<blockquote>\n<p>one\n- two</p>")


def test_amounts_are_aligned_to_the_right_and_words_to_the_left() -> None:
    """A column of words to the right is hard to read."""
    decision = cc.decide(BOOK)
    lines = render(decision, "markdown", RUN).splitlines()
    rules = [line for line in lines if line.startswith("| ---")]
    assert ["---:" in line for line in rules] == [True, False]  # the money, then the ways
