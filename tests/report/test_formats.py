"""The formats: each whole, readable at any width, in one language."""

from __future__ import annotations

import base64
import dataclasses
import html as html_module
import json
import re
import zlib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import choose_channel as cc
from choose_channel.checks.explain import described
from choose_channel.engine.decision import labelled_texts
from choose_channel.engine.engine import Engine
from choose_channel.messages.errors import UsageError
from choose_channel.messages.i18n import Messages, Text
from choose_channel.model.rulebook import Rulebook, Step
from choose_channel.report.content import Block
from choose_channel.report.first_screen import card, tiles
from choose_channel.report.formats import FORMATS, Display, html, render
from choose_channel.report.formats.html.wizard_page import wizard_page
from choose_channel.report.formats.json import record_digest
from choose_channel.report.run_info import RunInfo, Title
from tests.engine.test_decide import BANNED, COURSE, CREATOR, NOTHING_OPEN, TWO_LEGS
from tests.report.test_lookup import TINY
from tests.sellers import BOOK, HOSTILE, HYBRID, rendered

SELLERS: dict[str, dict[str, Any]] = {
    "nothing-open": NOTHING_OPEN,
    "two-legs": TWO_LEGS,
    "course": COURSE,
    "creator": CREATOR,
    "banned": BANNED,
    "hybrid": HYBRID,
    "book": BOOK,
    "weak": {**NOTHING_OPEN, "warehouse": "virtual", "followers": 1200},
    "close": {**TWO_LEGS, "price": 60, "market": "us", "cash": None, "goal": "brand"}
    | {"lead_product": None, "followers": 12000},
}
RUN = RunInfo("2026-11-22", "0.1.0", "choose-channel --product-type commodity")


class TextFile(SingleFileSnapshotExtension):
    """One readable text file for each snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def file(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots as text files."""
    return snapshot.use_extension(TextFile)


def _report(name: str, lang: str, display: Display) -> str:
    return render(cc.decide(SELLERS[name], lang=lang), "terminal", RUN, display._replace(full=True))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["nothing-open", "two-legs", "hybrid"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_terminal_report_looks_the_same(
    name: str, lang: str, width: int, file: SnapshotAssertion
) -> None:
    """A change of looks is seen in review. The digest changes with every word, so it is masked."""
    text = _report(name, lang, Display(width=width))
    digest = cc.load_rulebook().digest[:12]
    assert text.replace(digest, "0" * 12) == file


class MarkdownFile(TextFile):
    """One document for each snapshot."""

    file_extension = "md"


class HtmlFile(TextFile):
    """One page for each snapshot."""

    file_extension = "html"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["nothing-open", "hybrid"])
@pytest.mark.parametrize(("format", "kind"), [("markdown", MarkdownFile), ("html", HtmlFile)])
def test_documents_look_the_same(
    name: str, lang: str, format: str, kind: Any, snapshot: SnapshotAssertion
) -> None:
    """The packed cells, the style and the script are tested in a browser, and left out here."""
    run = RUN._replace(title=Title("A title", "A client", "A note.\nAnother line."))
    text = render(cc.decide(SELLERS[name], lang=lang), format, run)
    text = text.replace(cc.load_rulebook().digest[:12], "0" * 12)
    for tag in ("style", "script", r'script type="application/json"[^>]*'):
        text = re.sub(rf"(<{tag}>).*?(</)", r"\1…\2", text, flags=re.DOTALL)
    text = re.sub(r"sha256-[\w+/=]+", "sha256-…", text)
    text = re.sub(r'data-key="\w+"', 'data-key="…"', text)
    assert text == snapshot.use_extension(kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SELLERS)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(name: str, lang: str, width: int) -> None:
    """Counted in cells, so that Chinese fits too; only the command to paste may run on."""
    lines = _report(name, lang, Display(width=width)).splitlines()
    assert [line for line in lines[:-1] if cell_len(line) > width] == []


PAGES_OF_CI = [
    pytest.param(format, name, marks=pytest.mark.slow)
    if format == "html" and name not in ("hybrid", "nothing-open")
    else (format, name)
    for format in FORMATS
    for name in SELLERS
]
"""Every format of every seller; a page takes its time, so CI alone makes all of them."""


@pytest.mark.parametrize(("format", "name"), PAGES_OF_CI)
def test_english_holds_no_chinese(name: str, format: str) -> None:
    """Apart from the name of the article's author."""
    text = rendered(SELLERS[name], format, run=RUN)
    assert re.findall(r"[\u3400-\u9fff]", text.replace("飞鸽出海", "")) == []


STEP_TEXTS = [name for name, hint in get_type_hints(Step).items() if hint in (Text, Text | None)]


def _marked(rulebook: Rulebook) -> Rulebook:
    """Every text of every step is a mark of its own."""
    marks: dict[str, Any] = {
        name: dict.fromkeys(["zh", "en"], f"mark-{name}") for name in STEP_TEXTS
    }
    steps = {key: step._replace(**marks) for key, step in rulebook.steps.items()}
    return dataclasses.replace(rulebook, steps=steps)


@pytest.mark.parametrize("format", FORMATS)
def test_every_text_of_a_step_is_shown(format: str, rulebook: Rulebook) -> None:
    """Each format takes them by their name, and a label is a phrase called after it."""
    decision = cc.decide(NOTHING_OPEN, _marked(rulebook), "en")
    text = html_module.unescape(render(decision, format, RUN, Display(full=True)))
    text = text.replace("\\", "")  # Markdown escapes what would be markup
    assert [name for name in STEP_TEXTS if f"mark-{name}" not in text] == []


def test_the_page_wizard_holds_every_text_of_a_step() -> None:
    """So does it, among the texts that it looks up."""
    page = wizard_page(Engine(_marked(cc.load_rulebook(TINY))), "en")
    packed = re.search(r'"texts": ?(\{"zh": ?"[^"]+", ?"en": ?"[^"]+"\})', page)
    assert packed
    texts = zlib.decompress(base64.b64decode(json.loads(packed[1])["en"])).decode()
    assert [name for name in STEP_TEXTS if f"mark-{name}" not in texts] == []


def test_a_phrase_called_after_what_is_no_text_labels_nothing() -> None:
    """A phrase that the program does not know does no harm."""
    tiny = cc.load_rulebook(TINY)
    label = {"zh": "{text}", "en": "{text}"}
    wording = {**tiny.wording, "report_step_facts": label, "report_step_phase": label}
    other = dataclasses.replace(tiny, wording=wording)
    assert labelled_texts(other.wording) == labelled_texts(tiny.wording)
    for step in tiny.steps:
        entry = [*described(other, Messages(wording, "en"), ("plan", step))]
        assert entry == [*described(tiny, Messages(tiny.wording, "en"), ("plan", step))]


NAMES = (
    r"TikTok|Shop|Stripe|PayPal|FBT|Seller Center|QR|Business|Amazon|ID|EIN|LLC|CBD|USD|Shopify|"
    r"WooCommerce|WhatsApp"
)


@pytest.mark.parametrize("name", SELLERS)
def test_chinese_holds_no_english(name: str) -> None:
    """Names of companies and products apart, every word is Chinese; sources have names too."""
    text, _ = _report(name, "zh", Display(width=120)).split("━━ 出处")
    text = re.sub(r"--[a-z-]+( [a-z_0-9.]+)?", "", text)
    words = re.findall(r"[A-Za-z][A-Za-z0-9]+", text)
    assert [word for word in words if not re.fullmatch(NAMES, word)] == []


def test_the_first_five_lines_tell_what_to_do() -> None:
    """The verdict comes first: what now, what opens it, how sure."""
    lines = _report("nothing-open", "en", Display(width=80)).splitlines()
    assert "Best for you, but still locked: Open a TikTok Shop" in lines[0]
    assert "What it takes: " in lines[1]
    assert any(re.search(r"not certain: \d+ questions are still open", line) for line in lines[:5])


def test_a_way_to_go_until_then_is_one_that_fits() -> None:
    """What opens sooner is told where it is worth the trouble."""
    seller = {"product_type": "branded", "price": 60, "warehouse": "none_yet", "followers": 200}
    seller |= {"business_license": "none", "base": "in_market", "market": "us"}
    seller |= {"website_field": False, "goal": "quick_sales"}
    lines = [line.text for line in card(cc.decide(seller)).texts]
    assert lines == [
        "What it takes: stock in the United States.",
        "Until then: Link in bio, with 1,000 followers.",
    ]
    decision = cc.decide({**seller, "product_type": "commodity", "price": 12})
    assert decision.channel("bio_link").fit < decision.thresholds.weak_below
    assert decision.aim == "tiktok_shop"
    assert any(change.opens == ("bio_link",) for change in decision.changes)
    assert [line.text for line in card(decision).texts] == lines[:1]


@pytest.mark.parametrize(
    ("price", "heading"),
    [
        (12, "How to unlock TikTok Shop"),
        (103, "How to unlock Link in bio or another way"),
    ],
)
def test_the_steps_that_unlock_something_say_what(price: int, heading: str) -> None:
    """The aim; and others where there are steps that work on those alone."""
    seller = {"product_type": "branded", "price": price, "warehouse": "abroad", "followers": 999}
    seller |= {"business_license": "sole_trader", "base": "in_market", "market": "us"}
    seller |= {"goal": "quick_sales", "experience": "experienced", "cash": "tight"}
    if price == 12:
        seller |= {"product_type": "commodity"}
    text = render(cc.decide(seller), "markdown", RUN)
    assert re.findall("^## (How to unlock .*)", text, re.M) == [heading]


def test_a_weak_way_is_called_weak() -> None:
    """Nobody is sent off to spend money on it."""
    lines = " ".join(_report("weak", "en", Display(width=1000)).splitlines()[:5])
    assert "Best for you, but still locked: " in lines
    assert "It is a poor fit, so spend nothing on it." in lines


def test_banned_goods_are_told_that_this_is_no_channel() -> None:
    """In the first line."""
    text = _report("banned", "en", Display())
    assert "Do not sell these goods on TikTok" in text.splitlines()[0]
    assert "Why not the others" not in text  # there is no way that these would be others to


def test_a_close_call_names_what_settles_it() -> None:
    """Two ways within a few points are not sold as a clear win."""
    text = _report("close", "en", Display())
    assert "A close call:" in text
    assert "What decides it:" in text


def test_figures_carry_source_and_date() -> None:
    """A number in brackets leads to the source, its date and its market."""
    text = _report("nothing-open", "en", Display(width=120))
    numbers = set(re.findall(r" \[(\d+)\]", text))
    listed = re.findall(r"^\[(\d+)\] .+; (?:\d{4}-\d\d-\d\d|no date); \w", text, re.MULTILINE)
    assert numbers == set(listed)


def test_unverified_facts_are_marked() -> None:
    """Nothing that no one could confirm is passed off as a fact."""
    assert ", not verified" in _report("nothing-open", "en", Display())


def test_assumptions_are_told_without_a_flag() -> None:
    """What was not answered is said, for a reader who types no commands."""
    text = _report("nothing-open", "en", Display())
    assert "\n- market: the United States\n" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", ["markdown", "html"])
@pytest.mark.parametrize("name", SELLERS)
def test_a_client_reads_no_flag_and_no_command(name: str, format: str, lang: str) -> None:
    """What is handed over is for somebody who types nothing; the record has the command."""
    text = rendered(SELLERS[name], format, lang, RUN)
    text = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    assert "choose-channel" not in text
    assert re.findall(r"(?<!-)--[a-z]\S*", text) == []


def test_ascii_consoles_get_ascii_signs() -> None:
    """No box or block that a legacy console would show as a question mark; names and currencies
    stay as they are."""
    text = _report("nothing-open", "en", Display(ascii_only=True))
    assert {*re.findall(r"[^\x00-\x7f]", text)} <= {*"飞鸽出海€£"}


def test_colours_change_nothing_but_colours() -> None:
    """Nothing is said by colour alone."""
    colourful = _report("two-legs", "zh", Display(color="truecolor"))
    assert "\x1b[" in colourful
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", colourful)
    assert [line.rstrip() for line in stripped.splitlines()] == _report(
        "two-legs", "zh", Display()
    ).splitlines()


def test_json_is_the_whole_decision() -> None:
    """What the record holds is what the library gives, the run, and a digest of both."""
    decision = cc.decide(TWO_LEGS)
    record = json.loads(render(decision, "json", RUN))
    assert record.pop("record_digest") == record_digest(record)
    assert record.pop("run")["command"] == RUN.command
    assert record == decision.to_dict()


@pytest.mark.parametrize("format", ["terminal", "markdown"])
@pytest.mark.parametrize("name", SELLERS)
def test_a_decision_carries_all_its_texts(name: str, format: str) -> None:
    """A report needs neither the rulebook nor the engine; only the page asks for other answers,
    and the record how answers are written."""
    decision = cc.decide(SELLERS[name])
    alone = dataclasses.replace(decision, seller=None)  # type: ignore[arg-type]
    full = Display(full=True)
    assert render(alone, format, RUN, full) == render(decision, format, RUN, full)


def test_another_format_is_refused() -> None:
    """A library user gets one of our errors, which names the formats and the nearest of them."""
    with pytest.raises(cc.ChooseChannelError) as refused:
        render(cc.decide(BANNED), "markdwon")
    message = str(refused.value)
    assert all(name in message for name in ("markdwon", *FORMATS))
    assert message.endswith('Did you mean "markdown"?')


def test_the_money_is_warned_of_before_anything_is_recommended() -> None:
    """A usual creator commission eats the whole profit of the book: nothing else stands between
    that and the title."""
    for display in (Display(), Display(full=True)):
        lines = render(cc.decide(BOOK), "terminal", RUN, display).splitlines()
        assert "First, the money: if creators sell for you" in lines[1]


@pytest.mark.parametrize("width", [40, 80])
def test_a_loss_differs_from_a_profit_without_colour(width: int) -> None:
    """Its bar is of another kind, in plain ASCII too."""
    for ascii_only, gain, loss in ((False, "█", "▒"), (True, "#", "-")):
        text = _report("book", "en", Display(width=width, ascii_only=ascii_only))
        own, creators = re.findall(rf"^  ([{gain}{loss}]+) -?\$", text, re.MULTILINE)[:2]
        assert (set(own), set(creators)) == ({gain}, {loss})


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_an_old_figure_says_so(format: str, rulebook: Rulebook) -> None:
    """A year after its date, and not a day before."""
    decision = cc.decide(HYBRID)
    fact = rulebook.facts["us_referral_fee"]
    assert fact.as_of == "2026-06-12"
    for date, old in (("2027-06-12", False), ("2027-06-13", True)):
        text = render(decision, format, RUN._replace(date=date), Display(width=1000, full=True))
        (line,) = (line for line in text.splitlines() if fact.source["en"] in line)
        assert ("more than a year old" in line) is old


def test_a_fact_of_the_sellers_own_rulebook_is_marked(rulebook: Rulebook) -> None:
    """The report says which figures are not the shipped ones."""
    run = RUN._replace(own_facts=frozenset({"us_referral_fee"}))
    text = render(cc.decide(HYBRID), "markdown", run)
    source = rulebook.facts["us_referral_fee"].source["en"]
    (line,) = (line for line in text.splitlines() if source in line)
    assert line.split("](")[0].endswith("from your own rulebook")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headings_come_out_inert(name: str, format: str) -> None:
    """No control character and no mark that turns a text reaches a terminal or a file."""
    text = HOSTILE[name]
    run = RUN._replace(title=Title(text, text, text), command=f"choose-channel {text}")
    shown = rendered(NOTHING_OPEN, format, run=run)
    assert shown.replace("\n", "").isprintable()
    if format == "json":
        assert json.loads(shown)["run"]["command"] == run.command


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_word_in_the_heading_keeps_to_the_width(lang: str) -> None:
    """10,000 letters are cut into lines, and none is lost."""
    run = RUN._replace(title=Title(note=HOSTILE["long"]))
    text = render(cc.decide(HYBRID, lang=lang), "terminal", run, Display(width=60))
    assert max(cell_len(line) for line in text.splitlines()[:-1]) <= 60
    assert text.count("x" * 60) == 10_000 // 60


@pytest.mark.parametrize("name", ["pdf", None, 5, ["x"], ""])
def test_a_format_that_there_is_not_is_refused_with_those_that_there_are(name: Any) -> None:
    """Whatever a program may hand over."""
    with pytest.raises(UsageError, match="terminal, plain, json, markdown, html"):
        render(cc.decide({"product_type": "banned"}), name)


def test_the_page_has_a_macro_for_every_kind_of_block() -> None:
    """It is found by its name, so no checker of types would miss one."""
    blocks = (Path(html.__file__).parent / "blocks.html").read_text(encoding="utf-8")
    macros = {*re.findall(r"{%-? macro (\w+)\(block\b", blocks)}
    assert {kind.__name__.lower() for kind in get_args(Block)} <= macros


@pytest.mark.parametrize("format", ["terminal", "markdown", "plain"])
def test_a_text_marks_the_steps_that_are_ticked(format: str) -> None:
    """And no other."""
    decision = cc.decide(SELLERS["hybrid"])
    run = RUN._replace(done=frozenset({decision.plan[0].id}))
    ticked, plain = (
        render(decision, format, info, Display(full=True)).replace("\\", "")  # Markdown escapes it
        for info in (run, RUN)
    )
    assert (ticked.count("[x]"), plain.count("[x]")) == (1, 0)


@pytest.mark.parametrize("format", FORMATS)
def test_where_nothing_is_paid_first_nothing_is_said_of_it(format: str) -> None:
    """A course on somebody else's platform: no stock, no parcel, no day that is known."""
    course = {"product_type": "digital", "price": 30, "followers": 2000, "store": "marketplace"}
    answers = {**course, "business_license": "none", "base": "in_market", "unit_cost": 2}
    text = rendered(answers, format)
    assert "When you get paid" not in text
    assert "$0 of your money" not in text


def test_a_page_keeps_its_ticks_under_the_same_name_whatever_is_ticked() -> None:
    """It has boxes for them, and needs no mark in a title."""
    decision = cc.decide(SELLERS["hybrid"])
    step = decision.plan[0].id
    plain, ticked = (
        render(decision, "html", RUN._replace(done=done))
        for done in (frozenset(), frozenset({step}))
    )
    assert "[x]" not in ticked
    assert f'data-step="{step}" checked' in ticked
    assert f'data-step="{step}" checked' not in plain
    keys = [re.findall(r'data-key="(\w+)"', page) for page in (plain, ticked)]
    assert keys[0] == keys[1] != []


def test_who_answered_questions_is_told_no_flags() -> None:
    """Only who typed them, or keeps answers in a file, can use them."""
    decision = cc.decide(NOTHING_OPEN)
    sources = dict.fromkeys(decision.sources, "flag")
    full = Display(full=True)
    typed = dataclasses.replace(decision, sources=sources)
    assert "--warehouse local" in render(typed, "terminal", RUN, full)
    asked = dataclasses.replace(decision, sources={**sources, "price": "prompt"})
    assert "--warehouse local" not in render(asked, "terminal", RUN, full)


def test_a_dimension_of_which_no_rule_spoke_is_left_out() -> None:
    """A row of zeros says nothing."""
    decision = cc.decide(COURSE)
    spoken = {line.dimension for channel in decision.channels for line in channel.ledger}
    text = render(decision, "terminal", RUN, Display(full=True))
    shown = {
        dimension.id
        for dimension in decision.dimensions
        if re.search(rf"^points: {dimension.name} +[-+0]", text, re.M)
    }
    assert shown <= spoken < {dimension.id for dimension in decision.dimensions}
    assert shown


def test_where_an_order_costs_nothing_any_price_is_profitable() -> None:
    """In the table as in the number by itself; a cent would read as a price to ask."""
    free = {**COURSE, "store": "marketplace", "unit_cost": 0, "market": "us", "base": "in_market"}
    decision = cc.decide(free)
    named = decision.messages("money_any_price")
    lowest = decision.messages("money_lowest_price")
    assert f"| **{lowest}** | {named} |" in render(decision, "markdown", RUN)
    assert named in [tile.value for tile in tiles(decision)]
