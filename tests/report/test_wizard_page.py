"""The wizard as a page, in a real browser: asks as the program asks, says what the program says."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import choose_channel as cc
from choose_channel.answers.files import answers_in, read_document
from choose_channel.answers.kinds import parse
from choose_channel.answers.sources import read_answers
from choose_channel.engine.counterfactuals import answer_in
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import agenda
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Rulebook, Value
from choose_channel.report.first_screen import card, gravest, this_week
from choose_channel.report.formats.html.wizard_page import wizard_page
from choose_channel.report.verdict import matters
from tests.report.chromium import CHROMIUM
from tests.report.firefox import FIREFOX, firefox
from tests.report.test_lookup import TINY, answers_of
from tests.report.test_page import LANGS, WCAG
from tests.sellers import HOSTILE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
MOST_BYTES = 1_500_000
FACTORY = {
    "product_type": "commodity",
    "price": "8",
    "warehouse": "abroad",
    "followers": "200",
    "business_license": "mainland",
}
READY = "body[data-ready]"
NUMBERS = [
    *("9,90", "1,000", "0,500", "1,2,3", "1.000", "1’000", "1 000", "1 20"),
    *(".5", "0.5k", "0,05万", "1千2", "9百5", "900+", "10-20", "9\u200b.90", "\ufeff9.90", "$9.90"),
    "8 EUR",
]


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A phone on which nothing may go wrong unseen."""
    page.set_viewport_size({"width": 360, "height": 740})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


@pytest.fixture(scope="session")
def whole(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the shipped rulebook: it takes a while to make."""
    path = tmp_path_factory.mktemp("wizard") / "wizard.html"
    path.write_text(wizard_page(engine, "en"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small rulebook."""
    path = tmp_path_factory.mktemp("wizard") / "tiny.html"
    path.write_text(wizard_page(Engine(load_rulebook(TINY)), "en"), encoding="utf-8")
    return path


def _opened(page: Page, path: Path, fragment: str = "") -> Page:
    page.goto(path.as_uri() + fragment)
    page.wait_for_selector(READY)
    return page


def _place(page: Page) -> str:
    place: str = page.evaluate("document.body.dataset.place") or ""
    return place


def _fragment(place: str, answers: dict[str, Value], lang: str = "en") -> str:
    texts = {name: to_text(value) for name, value in answers.items()}
    return f"#{place}?{urlencode({'lang': lang, **texts})}"


def _at(page: Page, fragment: str) -> str:
    """Where an address within the page leads to."""
    page.evaluate(
        """(fragment) => {
            delete document.body.dataset.shown;
            history.replaceState(null, '', '#');
            location.hash = fragment;
        }""",
        fragment,
    )
    page.wait_for_selector("body[data-shown]", state="attached")
    return _place(page)


def _found(page: Page) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.evaluate("document.body.dataset.found"))
    return data


# ---- it says what the program says


def _agrees(page: Page, rulebook: Rulebook, answers: dict[str, Value]) -> None:
    assert _at(page, _fragment("/result", answers)) == "/result", answers
    data, decision = _found(page), cc.decide(answers, rulebook=rulebook)
    channels = [*rulebook.channels, None]  # -1 is the last
    lines = [decision.channel(name) for name in rulebook.channels]
    assert channels[data["recommended"]] == decision.recommended, answers
    assert channels[data["aim"]] == decision.aim, answers
    assert (data["weak"], data["close"]) == (decision.weak, decision.close), answers
    assert [("open", "locked", "closed")[number] for number in data["access"]] == [
        line.access for line in lines
    ], answers
    assert data["fit"] == [line.fit for line in lines], answers
    assert [
        [*(variant.id for variant in channel.variants), None][number]
        for channel, number in zip(rulebook.channels.values(), data["variants"], strict=True)
    ] == [line.variant for line in lines], answers
    assert [channels[number] for number in data["order"]] == [line.id for line in decision.channels]
    assert data["certainty"] == decision.certainty._asdict(), answers
    questions = [*rulebook.questions]
    assert [questions[number] for number in data["unsettled"]] == [
        question.question for question in decision.unsettled
    ], answers
    steps = [*rulebook.steps]
    now = [*data["settling"], *data["now"]]
    assert [steps[number] for number in data["week"]] == _week(decision), answers
    for phase, numbers in (("now", now), ("unlock", data["unlock"]), ("later", data["later"])):
        assert [steps[number] for number in numbers] == [
            step.id for step in decision.plan if step.phase == phase
        ], answers
    pitfalls = [pitfall.same_as or name for name, pitfall in rulebook.pitfalls.items()]
    severities = ("critical", "warning", "note")
    assert [
        (pitfalls[entry["number"]], severities[entry["severity"]]) for entry in data["pitfalls"]
    ] == [(line.id, line.severity) for line in decision.pitfalls], answers
    sure, questions = decision.sureness(), [*rulebook.questions]
    assert (data["sureness"]["holds"], data["sureness"]["of"]) == (sure.holds, sure.of), answers
    assert tuple(questions[number] for number in data["sureness"]["questions"]) == sure.questions, (
        answers
    )
    gates = {gate.id for line in lines for gate in line.gates}
    assert {[*rulebook.gates][number] for number in data["gates"]} == gates, answers


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_card_says_what_the_first_screen_says(
    page: Page, whole: Path, engine: Engine, lang: str
) -> None:
    """For 40 random sellers: the same title, how sure it is, what to watch out for and what the
    open answers change, in the same words."""
    _opened(page, whole)
    for seed in range(40):
        answers = answers_of(engine, random.Random(seed))
        _at(page, _fragment("/result", answers, lang))
        decision = cc.decide(answers, lang=lang)
        wanted, watch = card(decision), gravest(decision)
        shown = page.locator(".watch").text_content() if watch else ""
        assert (watch.title if watch else "") in (shown or ""), answers
        assert matters(decision) in (page.locator("main").text_content() or ""), answers
        assert page.locator(".card h1").text_content() == wanted.title
        lines = page.locator(".card p:not(.sure)").all_text_contents()
        assert lines == [line.text for line in wanted.texts], answers
        sure = (page.locator(".card .sure").text_content() or "").replace(",", "")
        assert sure == wanted.foot.replace(",", ""), answers


def _week(decision: Decision) -> list[str]:
    return [step.id for step in this_week(decision)]


def test_a_small_page_says_what_the_program_says(page: Page, tiny: Path) -> None:
    """For 60 random sellers, every field that is shown."""
    rulebook = load_rulebook(TINY)
    _opened(page, tiny)
    for seed in range(60):
        _agrees(page, rulebook, answers_of(Engine(rulebook), random.Random(seed)))


@pytest.mark.slow
def test_the_page_says_what_the_program_says(
    page: Page, whole: Path, rulebook: Rulebook, engine: Engine
) -> None:
    """For 400 random sellers, every field that is shown."""
    _opened(page, whole)
    for seed in range(400):
        _agrees(page, rulebook, answers_of(engine, random.Random(seed)))


def _changes_are_true(page: Page, engine: Engine, answers: dict[str, Value]) -> int:
    """Deciding again with a change gives what the page promises; how many there were."""
    rulebook = engine.rulebook
    _at(page, _fragment("/result", answers))
    channels, now = [*rulebook.channels, None], cc.decide(answers, rulebook=rulebook)
    changes = _found(page)["changes"]
    for change in changes:
        axes = [(engine.space.axes[move["axis"]], move["band"]) for move in change["moves"]]
        new = {axis.question.id: answer_in(axis, band) for axis, band in axes}
        then = cc.decide({**answers, **new}, rulebook=rulebook)
        assert channels[change["recommended"]] == then.recommended, (answers, new)
        assert [channels[index] for index in change["opens"]] == [
            name
            for name in rulebook.channels
            if then.channel(name).access == "open" != now.channel(name).access
        ], (answers, new)
    opening = [line for line in now.changes if now.aim in line.opens]
    if now.aim and now.channel(now.aim).access == "locked" and opening:
        assert any(now.aim in [channels[index] for index in change["opens"]] for change in changes)
    return len(changes)


def test_what_a_small_page_promises_is_true(page: Page, tiny: Path) -> None:
    """For 30 random sellers."""
    engine = Engine(load_rulebook(TINY))
    _opened(page, tiny)
    for seed in range(30):
        _changes_are_true(page, engine, answers_of(engine, random.Random(seed)))


@pytest.mark.slow
def test_what_the_page_promises_is_true(page: Page, whole: Path, engine: Engine) -> None:
    """For 200 random sellers: each change gives what is said, and what opens the aim is named
    wherever the program names it."""
    _opened(page, whole)
    sellers = (answers_of(engine, random.Random(seed)) for seed in range(200))
    assert sum(_changes_are_true(page, engine, answers) for answers in sellers) > 100


# ---- it asks what the program asks


def _dialogue(page: Page, engine: Engine, draw: random.Random) -> None:
    """One dialogue, answered at random: the page is always where the program would be."""
    given: dict[str, Value] = {}
    while True:
        ask = agenda(engine, given).ask
        place = _at(page, _fragment("", given)) if given else next(iter(ask)).id
        assert place == (ask[0].id if ask else "/review"), given
        if not ask:
            return
        question = engine.seller(given).worded(ask[0])
        if given:
            expect(page.locator("h1")).to_have_text(question.title["en"])
        values = [*engine.axis(question.id).answers]
        if question.assumed is not None and draw.random() < 0.2:
            given[question.id] = "unknown"
        else:
            given[question.id] = draw.choice(values)


def test_a_small_page_asks_what_the_program_asks(page: Page, tiny: Path) -> None:
    """The same questions in the same order, and it stops when the program stops."""
    engine = Engine(load_rulebook(TINY))
    _opened(page, tiny)
    for seed in range(20):
        _dialogue(page, engine, random.Random(seed))


@pytest.mark.slow
def test_the_page_asks_what_the_program_asks(page: Page, whole: Path, engine: Engine) -> None:
    """100 random dialogues: the same questions in the same order."""
    _opened(page, whole)
    for seed in range(100):
        _dialogue(page, engine, random.Random(seed))


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_why_a_question_is_asked_is_told_as_in_the_terminal(
    page: Page, whole: Path, engine: Engine, rulebook: Rulebook, lang: str
) -> None:
    """On 60 random questions, the first reasons are those of the terminal."""
    from choose_channel.money.figures_in_texts import FactMessages
    from choose_channel.wizard.reasons import reasons

    _opened(page, whole)
    messages = FactMessages(rulebook, lang)
    for seed in range(60):
        draw = random.Random(seed)
        given = answers_of(engine, draw)
        questions = [name for name in given if name != "product_type"]
        name = draw.choice(questions or ["product_type"])
        given = {key: value for key, value in given.items() if key != name}
        if not given or agenda(engine, given).ask[:1] != (rulebook.questions[name],):
            continue
        page.goto(page.url.split("#")[0] + _fragment(name, given, lang))
        page.reload()
        page.wait_for_selector(READY)
        page.locator(".why summary").click()
        first = page.locator(".reasons li, .reasons p").first
        expect(first).to_be_visible()
        shown = page.locator(".reasons li").all_inner_texts()
        lines = reasons(engine, rulebook.questions[name], given, messages)
        wanted = [line.removeprefix("· ") for line in lines if line.startswith("· ")]
        assert shown[: len(wanted)] == wanted[: len(shown)]


# ---- a person uses it


def test_a_typed_number_means_on_the_page_what_it_means_elsewhere(page: Page, tiny: Path) -> None:
    """The page may refuse more than the program reads, and reads nothing else."""
    rulebook = load_rulebook(TINY)
    messages = Messages(rulebook.wording, "en")
    _opened(page, tiny)
    read = {}
    for raw in NUMBERS:
        _at(page, _fragment("price", {"goods": "apples"}))
        page.locator("#number").fill(raw)
        page.locator("#number").press("Enter")
        page.wait_for_function(
            "document.body.dataset.place !== 'price' ||"
            " document.getElementById('problem').textContent"
        )
        if _place(page) != "price":
            read[raw] = Decimal(page.evaluate("location.hash.match(/price=([^&]*)/)[1]"))
    for raw, number in read.items():
        assert parse(rulebook.questions["price"], raw, messages) == number, raw
    assert {"9,90", "1,000", "1’000", "1 000", "0.5k", "0,05万", "$9.90"} <= read.keys()


def test_a_dialogue_from_the_first_question_to_the_answers_file(
    page: Page, tiny: Path, tmp_path: Path
) -> None:
    """Choose, type a wrong price, then a right one, look it over, see the result, take it along."""
    _opened(page, tiny)
    page.get_by_role("button", name="fresh apples").click()
    field = page.locator("#number")
    field.fill("8 EUR")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not in US dollars")
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("$1,0,0")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not a number")
    field.fill("１２.５")
    field.press("Enter")
    page.wait_for_function("document.body.dataset.place !== 'price'")
    while not _place(page).startswith("/"):
        before = page.url
        page.locator(".option").first.click()
        page.wait_for_function("before => location.href !== before", arg=before)
    page.get_by_role("button", name="show the result").click()
    expect(page.locator(".card h1")).to_be_focused()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").last.click()
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    rulebook = load_rulebook(TINY)
    messages = Messages(rulebook.wording, "en")
    layer = answers_in(read_document(str(file), messages), messages)
    answers = read_answers(rulebook, [layer], messages).given
    assert answers["goods"] == "apples"
    assert str(answers["price"]) == "12.5"


@pytest.mark.slow
def test_the_answers_file_gives_the_same_decision(
    page: Page, whole: Path, rulebook: Rulebook, engine: Engine, tmp_path: Path
) -> None:
    """Of 10 sellers: the program reads the file and says what the page said."""
    _opened(page, whole)
    for seed in range(10):
        answers = answers_of(engine, random.Random(seed))
        _at(page, _fragment("/result", answers))
        with page.expect_download() as download:
            page.locator(".moves").get_by_role("button", name="Save my answers").click()
        file = tmp_path / f"{seed}.json"
        download.value.save_as(file)
        messages = Messages(rulebook.wording, "en")
        layer = answers_in(read_document(str(file), messages), messages)
        given = read_answers(rulebook, [layer], messages).given
        decision = cc.decide(answers)
        assert dict(given) == dict(decision.answers) or {
            name: value for name, value in given.items() if value != "unknown"
        } == {name: value for name, value in decision.answers.items() if value != "unknown"}


def test_back_and_forward_of_the_browser_work(page: Page, tiny: Path) -> None:
    """Each question is a page of its own; an earlier answer is marked, and the language stays."""
    _opened(page, tiny)
    page.get_by_role("button", name="fresh apples").click()
    page.wait_for_function("document.body.dataset.place === 'price'")
    expect(page.locator("h1")).to_be_focused()
    page.locator("#language").click()
    expect(page.locator("h1")).to_have_text("卖多少钱")
    page.go_back()
    expect(page.locator("h1")).to_have_text("卖什么")
    assert page.locator("[aria-current]").get_attribute("data-value") == "apples"
    page.go_forward()
    expect(page.locator("h1")).to_have_text("卖多少钱")
    page.locator(".back").click()
    expect(page.locator("h1")).to_have_text("卖什么")


def test_an_address_alone_brings_back_the_answers(page: Page, tiny: Path) -> None:
    """What cannot be an answer is dropped; Back leads to the question before."""
    wrong = "#?lang=en&goods=apples&price=-3&nothing=1&__proto__=x&insured=maybe&%E0%A4%A"
    _opened(page, tiny, wrong)
    assert _place(page) == "price"
    page.locator(".back").click()
    assert _place(page) == "goods"
    assert page.locator("[aria-current]").get_attribute("data-value") == "apples"


def test_everything_can_be_done_with_the_keyboard(page: Page, tiny: Path) -> None:
    """Tab and arrows reach the options, Enter answers, and what has the focus shows it."""
    _opened(page, tiny)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.value") == "apples"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.value") == "pears"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_function("document.body.dataset.place === 'price'")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.wait_for_function("document.body.dataset.place !== 'price'")


def test_an_answer_is_changed_from_the_review(page: Page, tiny: Path) -> None:
    """Change leads to the question, its answer back to the review."""
    _opened(page, tiny, "#/review?lang=en&goods=apples&price=8&insured=unknown")
    page.get_by_role("button", name="Change: price").click()
    expect(page.locator(".progress")).to_have_text("Changing one answer")
    page.locator("#number").fill("70")
    page.locator("#number").press("Enter")
    page.wait_for_function("document.body.dataset.place !== 'price'")
    assert "price=70" in page.url


# ---- nothing leaves it, nothing gets in


def test_nothing_is_loaded_and_nothing_leaves(page: Page, tiny: Path) -> None:
    """One file is all there is, and its policy lets it speak to nobody."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    _opened(page, tiny)
    page.get_by_role("button", name="fresh apples").click()
    page.wait_for_function("document.body.dataset.place === 'price'")
    assert {url.split("#")[0] for url in urls if not url.startswith("data:")} == {tiny.as_uri()}
    policy = page.locator("meta[http-equiv]").get_attribute("content") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "escapes"])
def test_hostile_texts_do_nothing(page: Page, tmp_path: Path, name: str) -> None:
    """Texts of a rulebook are shown as texts: no element, no script, no turned direction. (Control
    characters are refused when a rulebook is read.)"""
    folder = tmp_path / "rules"
    shutil.copytree(TINY, folder)
    text = HOSTILE[name][:3000]
    for path in folder.glob("*.yaml"):
        written = path.read_text(encoding="utf-8")
        for old in ("fresh apples", "The price decides"):
            written = written.replace(f"en: {old}", f"en: {json.dumps(text)}")
        path.write_text(written, encoding="utf-8")
    made = tmp_path / "page.html"
    made.write_text(wizard_page(Engine(load_rulebook(folder)), "en"), encoding="utf-8")
    _opened(page, made)
    assert page.locator("main img, main script").count() == 0
    shown = page.locator(".option .label").first.text_content() or ""
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", "".join(filter(str.isprintable, text)))
    page.locator(".option").first.click()
    page.wait_for_function("document.body.dataset.place === 'price'")
    assert page.locator("main img, main script").count() == 0
    assert page.title() != "owned"


def test_an_old_browser_is_told_so(browser: Browser, tiny: Path) -> None:
    """Without DecompressionStream the page says what to do."""
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(tiny.as_uri())
    expect(page.locator("h1")).to_contain_text("too old")
    page.close()


def test_without_a_script_it_says_what_it_needs(browser: Browser, tiny: Path) -> None:
    """Nobody looks at an empty page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(tiny.as_uri())
    assert "allow scripts" in page.locator("body").inner_text()
    context.close()


# ---- the page of the shipped rulebook


@pytest.mark.slow
def test_it_is_small_enough_to_send(whole: Path) -> None:
    """Under 1.5 MB."""
    assert whole.stat().st_size < MOST_BYTES


def test_the_first_question_waits_for_no_result(browser: Browser, tiny: Path) -> None:
    """It is asked before the browser has read the results, which are most of the page."""
    page = browser.new_page()
    page.add_init_script(
        """new MutationObserver((_, watching) => {
            if (!document.querySelector('.option')) return;
            window.resultsRead = Boolean(document.getElementById('packed'));
            watching.disconnect();
        }).observe(document, {childList: true, subtree: true});"""
    )
    page.goto(tiny.as_uri())
    page.wait_for_selector(".option")
    assert page.evaluate("window.resultsRead") is False
    page.close()


LATIN = re.compile(r"\b(the|you|your|and|with|from|question|answer|week)\b", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u9fff]")
AUTHOR = "飞鸽出海"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_each_language_keeps_to_itself(page: Page, whole: Path, engine: Engine, lang: str) -> None:
    """Of 12 sellers, no word of the other language, but for the switch and the author's name."""
    _opened(page, whole)
    for seed in range(12):
        answers = answers_of(engine, random.Random(seed))
        for place in ("", "/review", "/result"):
            page.goto(whole.as_uri() + _fragment(place, answers, lang))
            page.reload()
            page.wait_for_selector(READY)
            page.evaluate("document.querySelectorAll('details').forEach((tag) => tag.open = true)")
            assert page.evaluate("document.documentElement.lang")[:2] == lang
            shown = page.locator("main").inner_text() + page.locator("#brand").inner_text()
            other = HAN if lang == "en" else LATIN
            strange = (
                other.findall(shown.replace(AUTHOR, ""))
                if lang == "en"
                else [line for line in shown.splitlines() if len(LATIN.findall(line)) > 0]
            )
            assert strange == [], (place, answers)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["", "price", "/review", "/result"])
@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 320, "light"), ("zh", 1200, "dark")])
def test_no_rule_of_wcag_is_broken(
    page: Page, whole: Path, place: str, lang: str, width: int, scheme: Any
) -> None:
    """A and AA of WCAG 2.2, as far as axe can tell; nothing is wider than the screen."""
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    answers: dict[str, Value] = dict(FACTORY) if place else {}
    _opened(page, whole, _fragment(place, answers, lang))
    page.evaluate("document.querySelectorAll('details').forEach((tag) => tag.open = true)")
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations] == []


@pytest.mark.slow
def test_paper_holds_the_whole_result(page: Page, whole: Path) -> None:
    """What is folded on the screen is on paper, at 9 points or more; buttons are not."""
    _opened(page, whole, _fragment("/result", dict(FACTORY)))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    folded = page.locator("details:not([open])").count()
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter((tag) => tag.checkVisibility() && tag.innerText)
            .map((tag) => parseFloat(getComputedStyle(tag).fontSize))
            .filter((size) => size < 11.9)"""
    )
    assert (folded, small) == (0, [])
    assert not page.locator(".moves").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


@pytest.mark.slow
@pytest.mark.skipif(FIREFOX is None, reason="no Firefox on this machine")
def test_it_works_in_firefox(whole: Path, tmp_path: Path) -> None:
    """There too a seller comes from the first question to the result, and back."""
    with firefox(tmp_path) as window:
        window.open(whole.as_uri())
        window.wait("document.body.dataset.ready")
        for name, value in FACTORY.items():
            window.wait(f"document.body.dataset.place === '{name}'")
            window.run(
                f"""const option = document.querySelector('[data-value="{value}"]');
                if (option) option.click();
                else {{
                    document.getElementById('number').value = '{value}';
                    document.querySelector('form').requestSubmit();
                }}"""
            )
        window.wait("!['', 'business_license'].includes(document.body.dataset.place)")
        place = window.run("return document.body.dataset.place")
        assert place == _next_place(FACTORY)
        window.run("history.back()")
        window.wait("document.body.dataset.place === 'business_license'")
        window.run(f"location.hash = {json.dumps(_fragment('/result', dict(FACTORY)))}")
        window.wait("document.body.dataset.found")
        title = window.run("return document.querySelector('h1').textContent")
    assert title == card(cc.decide(FACTORY)).title


def _next_place(answers: dict[str, str]) -> str:
    """The question that the program asks next."""
    question = cc.next_question(answers)
    return question.id if question else "/review"
