"""Texts of a rulebook of one's own come out inert, whatever somebody wrote into it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

import choose_channel as cc
from choose_channel.loading.load import shipped_folder
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.formats import FORMATS, Display, render
from tests.sellers import HYBRID, RUN

MARKS = "\u202eabc\u2066x\u2069\u200f\u061c\ufeff"
BREAKS = "one\u2028# two | x\u2029    three\u0085four"
MARKUP = "<script>alert(1)</script> [red]x[/red] **y** `z` | {% x %}"


EVIL = f"{MARKS} {MARKUP} {BREAKS}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped rulebook with such texts in its channels, its money and a phrase."""
    folder = tmp_path_factory.mktemp("hostile")
    money = _written("money.yaml")
    money["lines"]["shop_fee"]["label"]["en"] += EVIL
    channels = _written("channels.yaml")
    for channel in channels.values():
        channel["name"]["en"] += EVIL
        channel["short"]["en"] += EVIL
        channel["short"]["zh"] += MARKS
    words = {"access_open": {"zh": f"可以{MARKS}", "en": f"open {MARKS} {BREAKS} <b>x</b>"}}
    for name, data in (("money", money), ("channels", channels), ("wording", words)):
        text = yaml.safe_dump(data, allow_unicode=False, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return cc.load_rulebook(folder)


def _written(name: str) -> Any:
    return yaml.safe_load((shipped_folder() / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", FORMATS)
def test_nothing_invisible_gets_out(hostile: Rulebook, format: str, lang: str) -> None:
    """No mark that turns a text and no strange line break, in any format."""
    text = render(cc.decide(HYBRID, hostile, lang), format, RUN, Display(width=100))
    assert "alert(1)" in text or lang == "zh"
    assert [c for c in text.replace("\n", "") if not c.isprintable()] == []


def test_a_table_of_markdown_stays_whole(hostile: Rulebook) -> None:
    """Two tables, no heading of the intruder's, and no element."""
    text = render(cc.decide(HYBRID, hostile), "markdown", RUN)
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert page.count("<table>") == 2
    assert "<script" not in page
    clean = MarkdownIt("commonmark").enable("table")
    ours = clean.render(render(cc.decide(HYBRID), "markdown", RUN))
    assert len(re.findall(r"<h\d>", page)) == len(re.findall(r"<h\d>", ours))


def test_a_page_holds_no_script_of_theirs(hostile: Rulebook) -> None:
    """Two scripts, ours; the names of channels in the data cannot leave it."""
    text = render(cc.decide(HYBRID, hostile), "html", RUN)
    assert text.count("<script") == 2
    assert text.count("</script>") == 2
