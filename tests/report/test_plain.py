"""The report in lines: the same words, one after the other, and nothing that is drawn."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

import choose_channel as cc
from choose_channel.engine.difference import Scenario, compare
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.rulebook import Rulebook
from choose_channel.report.build import report
from choose_channel.report.content import Table
from choose_channel.report.formats import Display, render
from choose_channel.report.parts import PARTS
from choose_channel.report.run_info import Title
from tests.report.test_formats import RUN, SELLERS

DRAWN = "│─╭╮╰╯━█░▒#✓✗~"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SELLERS)
def test_nothing_is_drawn(name: str, lang: str) -> None:
    """No frame, bar, sign, indent or column; every line is for reading out."""
    decision = cc.decide(SELLERS[name], lang=lang)
    for display in (Display(), Display(full=True), *(Display(parts=(part,)) for part in PARTS)):
        text = render(decision, "plain", RUN, display)
        assert not set(DRAWN) & set(text.replace("~", "")), text
        assert not re.search(r"(?m)^ | $|\S {3,}\S", text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SELLERS)
def test_each_cell_of_a_table_is_a_label_and_a_value(name: str, lang: str) -> None:
    """Under the name of its column, in the order of the table."""
    decision = cc.decide(SELLERS[name], lang=lang)
    lines = render(decision, "plain", RUN, Display(width=10_000, full=True)).splitlines()
    tables = [
        block
        for section in report(decision, RUN).sections
        for block in section.blocks
        if isinstance(block, Table) and block.layout != "list"
    ]
    assert tables
    for table in tables:
        for number, column in enumerate(table.columns):
            for row in table.rows:
                if row.cells[number].text:
                    text = decision.messages(
                        "answer_is", question=row.label.text, answer=row.cells[number].text
                    )
                    start = lines.index(column.name)
                    cites = "".join(f" [{cite}]" for cite in row.label.cites)
                    label, value = text[: len(row.label.text)], text[len(row.label.text) :]
                    assert any(
                        line.startswith(f"{label}{cites}{value}") for line in lines[start:]
                    ), text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [20, 40])
def test_lines_fit_a_narrow_window(width: int, lang: str) -> None:
    """But for the command to copy, which is cut like any long word."""
    for seller in SELLERS.values():
        text = render(cc.decide(seller, lang=lang), "plain", RUN, Display(width=width, full=True))
        assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_is_told_scenario_by_scenario(lang: str) -> None:
    """What differs is a label with its value in each."""
    sellers = [
        {"product_type": "digital", "price": 99, "followers": 400, "business_license": license}
        for license in ("none", "overseas")
    ]
    decisions = [cc.decide(seller, lang=lang) for seller in sellers]
    scenarios = [Scenario(f"scenario {n}", decision) for n, decision in enumerate(decisions)]
    text = render(compare(scenarios), "plain", None, Display())
    assert not set(DRAWN) & set(text)
    access = decisions[0].messages("access_open")
    assert access in text.partition("scenario 1")[2]


def test_the_head_and_the_sources_are_told(rulebook: Rulebook) -> None:
    """The title, for whom, by whom, the note; each source by its number and in words alone."""
    run = RUN._replace(title=Title("T", "C", "N", "A"))
    decision = cc.decide(SELLERS["nothing-open"])
    text = render(decision, "plain", run, Display(width=10_000, full=True))
    adviser = decision.messages("report_adviser", name="A")
    assert text.splitlines()[:4] == ["T", "C", adviser, "N"]
    facts = [fact.source["en"] for fact in rulebook.facts.values()]
    sources = [line for line in text.splitlines() if re.match(r"\[\d+\] ", line)]
    assert sources
    for line in sources:
        assert "Source(" not in line
    assert any(any(fact in line for fact in facts) for line in sources)


def test_the_first_screen_is_the_verdict_first() -> None:
    """As on a screen; the hint stands last."""
    decision = cc.decide(SELLERS["nothing-open"])
    lines = render(decision, "plain", RUN, Display(hint="More: --full")).splitlines()
    assert lines[0].startswith("Best for you, but still locked")
    assert lines[-1] == "More: --full"
    assert "status: locked" in lines
    assert any(re.fullmatch(r"fit \(of 100\): \d+", line) for line in lines)
