"""The installed command on a real terminal, with a person who reads the screen before typing."""

from __future__ import annotations

import functools
import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyte
import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

import termios

import pexpect

from choose_channel.loading.load import load_rulebook
from choose_channel.model.rulebook import Rulebook
from choose_channel.wizard.history import History
from tests.checks.rulebooks import CLEAN

COMMAND = Path(sys.executable).with_name("choose-channel")
ENTER, DOWN, HOME, END, SHIFT_TAB = "\r", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[Z"
CTRL_C, CTRL_D, CTRL_U = "\x03", "\x04", "\x15"
PATIENCE = 30.0
NAMES_AND_KEYS = {"TikTok", "Shop", "Shift", "Tab", "Ctrl"}
"""The words in Latin letters that a Chinese screen may show, apart from choices."""
FOLLOW_UPS = {
    "base": "elsewhere",
    "market": "us",
    "goal": "brand",
    "experience": "experienced",
    "store": "fast",
}
"""Given by flag, so that only the core questions are asked, whatever else matters."""
LATER = "SOURCE_DATE_EPOCH=1797120000"
"""2026-12-13, three weeks after the day of the other tests."""


@functools.cache
def _wording() -> Mapping[str, Mapping[str, str]]:
    return load_rulebook().wording


def said(key: str, lang: str = "en") -> str:
    """How a phrase begins, up to what is put into it."""
    return _wording()[key][lang].partition("{")[0].strip()


class Screen(pyte.Screen):
    """A screen that answers when it is asked where the cursor stands."""

    child: pexpect.spawn[str]

    def write_process_input(self, data: str) -> None:
        """Types what a terminal would."""
        self.child.send(data)


class Person:
    """A person at a terminal of that size, running a line of shell."""

    def __init__(self, line: str, *, columns: int = 80, rows: int = 24) -> None:
        self.heard = ""
        self.listened = 0
        """So much of what was heard has been waited for."""
        self.child: pexpect.spawn[str] = pexpect.spawn(
            "/bin/sh",
            ["-c", line],
            dimensions=(rows, columns),
            encoding="utf-8",
            codec_errors="replace",
            env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
        )
        self.screen = Screen(columns, rows)
        self.screen.child = self.child
        self.stream = pyte.Stream(self.screen)

    @property
    def view(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def sees(self, *texts: str) -> None:
        """Reads until all of this stands on the screen."""
        end = time.monotonic() + PATIENCE
        while not all(text in self.view for text in texts):
            assert time.monotonic() < end, f"waited for {texts}, but see\n{self.view}"
            assert self._read(), f"waited for {texts}, but it ended with\n{self.view}"

    def hears(self, *texts: str) -> None:
        """Reads until all of this was printed since the last time, in this order, however the
        lines were broken."""
        end = time.monotonic() + PATIENCE
        while True:
            heard, place = "".join(self.heard.split()), self.listened
            for text in map("".join, map(str.split, texts)):
                place = heard.find(text, place)
                if place < 0:
                    break
                place += len(text)
            else:
                self.listened = place
                return
            new = heard[self.listened :]
            assert time.monotonic() < end, f"waited for {texts}, but heard\n{new}"
            assert self._read(), f"waited for {texts}, but it ended with\n{new}"

    def types(self, *keys: str) -> None:
        """Types."""
        self.child.send("".join(keys))

    def is_done(self) -> int:
        """Reads to the end. Returns the exit code."""
        end = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < end, f"still waiting, and see\n{self.view}"
        self.child.close()
        assert self.child.exitstatus is not None
        return self.child.exitstatus

    def _read(self) -> bool:
        try:
            text = self.child.read_nonblocking(4096, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.heard += text
        self.stream.feed(text)
        return True


@pytest.fixture
def people() -> Iterator[list[Person]]:
    """All persons of a test; their programs are closed when it ends."""
    present: list[Person] = []
    yield present
    for person in present:
        person.child.close(force=True)


def _run(
    people: list[Person],
    *words: str,
    to: Path | None = None,
    setting: str = "",
    columns: int = 80,
    rows: int = 24,
) -> Person:
    line = f"{setting} {shlex.join([str(COMMAND), *words])}"
    line = f"{line} > {shlex.quote(str(to))}" if to else line
    person = Person(line, columns=columns, rows=rows)
    people.append(person)
    return person


def _flags(**changed: str) -> list[str]:
    answers = FOLLOW_UPS | {name.replace("_", "-"): value for name, value in changed.items()}
    return [word for name, value in answers.items() for word in (f"--{name}", value)]


def _sells_courses(person: Person, followers: str = "1.2k", company: str = "3") -> None:
    """From the first question to the review, as somebody who sells courses."""
    person.sees("Question 1", "What do you sell?", "> " + said("ask_choose"))
    person.types(DOWN * 6)
    person.sees("> digital goods")
    person.types(ENTER)
    person.sees("Question 2", "· goods: digital goods or services")
    person.types("$9.90", ENTER)
    person.sees("Question 3", "· price: $9.90")
    person.types(followers, ENTER)
    person.sees("Question 4", "· followers: ", "> " + said("ask_choose"))
    person.types(company, ENTER)
    person.sees(said("ask_money"), said("ask_numbers_one"), "> " + said("ask_choose"))
    person.types(DOWN * 2, ENTER)
    person.sees(said("ask_review"), "> " + said("ask_review_go"))


def test_from_the_first_question_to_the_report(people: list[Person]) -> None:
    """In English, without a detour; no draft is left behind, but the run is kept."""
    person = _run(people, "--lang", "en", *_flags())
    _sells_courses(person)
    person.types(ENTER)
    person.sees("Link in bio", "> " + said("menu_done"))
    person.types(ENTER)
    assert person.is_done() == 0
    again = _run(people, "--lang", "en")
    again.sees(said("memory_welcome"), "2026-11-22", "> " + said("memory_again"))
    assert said("ask_resume") not in again.view


def test_back_why_and_review_in_chinese_in_a_narrow_window(people: list[Person]) -> None:
    """With every detour, and no English on the way."""
    views = []
    person = _run(people, "--lang", "zh", *_flags(), columns=44)
    person.sees("第 1 题", "> " + said("ask_choose", "zh"))
    views.append(person.view)
    person.types(DOWN * 6, ENTER)
    person.sees("第 2 题", said("ask_empty_unknown", "zh"))
    person.types("50元", ENTER)
    person.sees("> 50元", "不是美元")
    views.append(person.view)
    person.types(CTRL_U, "9", ENTER)
    person.sees("第 3 题", "· 价格：9 美元")
    person.types("80", SHIFT_TAB)
    person.sees("第 2 题", "> 9")
    person.types(ENTER)
    person.sees("第 3 题", "> 80")
    person.types("?")
    person.sees(said("ask_why", "zh"), said("ask_key_hide", "zh"), "> 80")
    views.append(person.view)
    person.types("0", ENTER)
    person.sees("第 4 题", "· 粉丝：800")
    person.types(DOWN * 3, ENTER)
    person.sees(said("ask_money", "zh"), "> " + said("ask_choose", "zh"))
    person.types(DOWN * 2, ENTER)
    person.sees(said("ask_review", "zh"), "价格：9 美元")
    views.append(person.view)
    person.types(DOWN * 3)
    person.sees("> 价格：9 美元")
    person.types(ENTER)
    person.sees(said("ask_changing", "zh"), "> 9")
    person.types(CTRL_U, "12", ENTER)
    person.sees(said("ask_review", "zh"), "· 价格：12 美元（已改）")
    views.append(person.view)
    person.types(ENTER)
    person.sees("> " + said("menu_done", "zh"))
    views.append(person.view)
    person.types(ENTER)
    assert person.is_done() == 0
    for view in views:
        view = view.replace("LLC", "").replace("CBD", "")
        assert set(re.findall("[A-Za-z]{3,}", view)) <= NAMES_AND_KEYS, view


def test_the_money_from_the_offer_to_the_report_in_chinese(
    people: list[Person], rulebook: Rulebook
) -> None:
    """With a detour back to the offer; no English on the way."""
    views = []
    words = ["--product-type", "commodity", "--price", "20", "--warehouse", "local"]
    words += ["--followers", "5000", "--market", "us", "--goal", "brand", "--store", "fast"]
    words += ["--experience", "experienced", "--cash", "comfortable", "--lead-product", "false"]
    words += ["--base", "elsewhere"]
    person = _run(people, "--lang", "zh", *words, columns=44)
    person.sees("第 1 题", "> " + said("ask_choose", "zh"))
    person.types(DOWN * 3, ENTER)
    person.sees(said("ask_numbers_three", "zh"), "要填：单件成本", "> " + said("ask_choose", "zh"))
    views.append(person.view)
    person.types(DOWN, ENTER)
    person.sees("第 2 题，大约还剩 2 题", said("ask_empty_no_money", "zh"))
    views.append(person.view)
    person.types("4.5", SHIFT_TAB)
    person.sees(said("ask_numbers_three", "zh"), "> " + said("ask_money_yes", "zh"))
    person.types(ENTER)
    person.sees("第 2 题", "> 4.5")
    person.types("?")
    person.sees(said("ask_key_hide", "zh"), "有没有卖一单亏", "> 4.5")
    views.append(person.view)
    person.types(ENTER)
    person.sees("第 3 题", "· 单件成本：4.50 美元")
    person.types(ENTER)
    person.sees("第 4 题", "· 小店订单运费：没填")
    person.types("3", ENTER)
    person.sees(said("ask_review", "zh"), "· 站外订单运费：3 美元")
    views.append(person.view)
    person.types(ENTER)
    person.sees("> " + said("menu_done", "zh"))
    views.append(person.view)
    person.types(ENTER)
    assert person.is_done() == 0
    assert rulebook.wording["summary_left_apart"]["zh"].split("{")[0] in "".join(
        person.heard.split()
    )
    for view in views:
        assert set(re.findall("[A-Za-z]{3,}", view)) <= NAMES_AND_KEYS, view


def test_ctrl_c_keeps_a_draft_and_the_next_run_goes_on(people: list[Person]) -> None:
    """Both leave with 130 and one line."""
    person = _run(people, "--lang", "en")
    person.sees("Question 1")
    person.types(DOWN, ENTER)
    person.sees("Question 2")
    person.types("12", CTRL_C)
    assert person.is_done() == 130
    assert "draft" in person.view
    assert "Traceback" not in person.heard
    again = _run(people, "--lang", "en")
    again.sees(said("ask_resume"), "> " + said("ask_choose"))
    again.types(DOWN, ENTER)
    again.sees("· goods: everyday goods", "Question 2")
    again.types(CTRL_D)
    assert again.is_done() == 130
    assert "Traceback" not in again.heard


def test_a_file_gets_the_report_and_the_terminal_the_questions(
    people: list[Person], tmp_path: Path
) -> None:
    """`choose-channel > report.txt` is asked on screen, and the file holds nothing else."""
    report = tmp_path / "report.txt"
    person = _run(people, "--lang", "en", "--full", *_flags(), to=report)
    _sells_courses(person)
    person.types(ENTER)
    assert person.is_done() == 0
    text = report.read_text(encoding="utf-8")
    assert "--price 9.9 --followers 1200 --business-license overseas" in " ".join(text.split())
    assert "\x1b" not in text
    assert "Question" not in text
    assert "Do this week" in text
    assert "Do this week" not in person.heard
    assert said("menu_title") not in person.heard


# ---- the menu and the next visit


def _this_week(person: Person) -> list[str]:
    """The titles of this week's steps on the screen."""
    lines = person.view.rpartition(said("summary_week"))[2].splitlines()
    matches = (re.match(r"(\d)  (.+?)(  |$)", line) for line in lines)
    return [match[2] for match in matches if match]


def _ticks_the_first_two(person: Person) -> list[str]:
    """From the menu and back to it. Returns the titles of the steps."""
    steps = _this_week(person)[:2]
    person.types("c")
    person.sees("> " + said("menu_did"))
    person.types(ENTER)
    person.sees(said("memory_done"), "(0 done)")
    for number, step in enumerate(steps, 1):
        person.types(DOWN)
        person.sees(f"> [ ] {step}")
        person.types(ENTER)
        person.sees(f"> [x] {step}", f"({number} done)")
    person.types(HOME, ENTER)
    person.sees("> " + said("menu_save"))
    return steps


@pytest.mark.slow
def test_everything_in_the_menu(people: list[Person], tmp_path: Path) -> None:
    """The plan, another answer side by side, two steps ticked, a page saved, done."""
    person = _run(people, "--lang", "en", *_flags(), setting="PAGER=cat", rows=60)
    _sells_courses(person)
    person.types(ENTER)
    person.sees("> " + said("menu_done"))
    person.types(HOME, ENTER)
    person.sees("Done when:", "> " + said("menu_why"))
    person.types("t", ENTER)
    person.sees(said("menu_which"))
    person.types("f", ENTER)
    person.sees("How many followers", "> 1200")
    person.types(CTRL_U, "0", ENTER)
    person.sees("followers: 0", said("menu_go_on"), "> " + said("menu_back"))
    person.types(ENTER)
    person.sees("> " + said("menu_did"))
    person.types(HOME)
    person.sees("> plan")
    _ticks_the_first_two(person)
    person.types(ENTER)
    person.sees(said("menu_save_what"), "> " + said("ask_choose"))
    person.types(DOWN, ENTER)
    person.sees(said("menu_save_where"), "> choose-channel.html")
    page = tmp_path / "page.html"
    person.types(CTRL_U, str(page), ENTER)
    person.sees("Written to", "> " + said("menu_done"))
    assert "</html>" in page.read_text(encoding="utf-8")
    person.types(END, ENTER)
    assert person.is_done() == 0


@pytest.mark.slow
def test_three_weeks_later_the_seller_reads_what_has_changed(people: list[Person]) -> None:
    """With 1,000 followers and a Website field: the answers, what is open now, the steps done, and
    other steps for this week."""
    person = _run(people, "--lang", "en", *_flags(website_field="false"), rows=60)
    _sells_courses(person, followers="400", company="1")
    person.types(ENTER)
    person.sees("> " + said("menu_done"))
    done = _ticks_the_first_two(person)
    assert not {*done} & {*_this_week(person)}
    person.types(END, ENTER)
    assert person.is_done() == 0
    again = _run(people, "--lang", "en", setting=LATER, rows=60)
    again.sees(said("memory_welcome"), "2026-11-22", "> " + said("memory_again"))
    again.types(ENTER)
    again.sees(said("memory_changed"), "> " + said("memory_unchanged"))
    for letters, reply, note in (
        ("www", ("y",), "Website field: yes"),
        ("f", (CTRL_U, "1000"), "followers: 1,000"),
    ):
        again.types(letters)
        again.sees(f"> {note.partition(':')[0]}:")
        again.types(ENTER)
        again.sees(said("ask_changing"))
        again.types(*reply, ENTER)
        again.sees(f"· {note} (changed)", "> " + said("memory_unchanged"))
    again.types(ENTER)
    again.sees(said("memory_done"), "(2 done)", f"[x] {done[0]}")
    again.types(ENTER)
    again.sees("> " + said("menu_done"))
    seen = " ".join(again.view.split())
    assert "Since 2026-11-22: followers 400 → 1,000" in seen
    assert "Link in bio is now open." in seen
    assert "2 of " in seen
    assert not {*done} & {*_this_week(again)}
    again.types(ENTER)
    assert again.is_done() == 0


@pytest.mark.slow
def test_ctrl_c_in_the_menu_is_to_be_done(people: list[Person]) -> None:
    """The run was decided and is kept, with what was ticked; so is Ctrl-D."""
    person = _run(people, "--lang", "en", *_flags(), rows=60)
    _sells_courses(person)
    person.types(ENTER)
    person.sees("> " + said("menu_done"))
    _ticks_the_first_two(person)
    person.types(CTRL_C)
    assert person.is_done() == 0
    assert "Interrupted" not in person.heard
    again = _run(people, "--lang", "en")
    again.sees(said("memory_welcome"))
    again.types(ENTER)
    again.sees(said("memory_changed"))
    again.types(ENTER)
    again.sees("(2 done)")
    again.types(ENTER)
    again.sees("> " + said("menu_done"))
    again.types(CTRL_D)
    assert again.is_done() == 0


@pytest.mark.slow
def test_nothing_is_kept_where_the_history_is_off(people: list[Person], tmp_path: Path) -> None:
    """No file, and no greeting the next time."""
    off = "CHOOSE_CHANNEL_HISTORY=off"
    person = _run(people, "--lang", "en", *_flags(), setting=off, rows=60)
    _sells_courses(person)
    person.types(ENTER)
    person.sees("> " + said("menu_done"))
    _ticks_the_first_two(person)
    person.types(END, ENTER)
    assert person.is_done() == 0
    assert [path for path in tmp_path.rglob("state/**/*") if path.is_file()] == []
    for setting in (off, ""):
        again = _run(people, "--lang", "en", setting=setting)
        again.sees("Question 1, ")
        assert said("memory_welcome") not in again.view


# ---- in lines


@pytest.mark.parametrize(
    ("lang", "setting"),
    [
        ("zh", "TERM=dumb"),
        pytest.param("en", "TERM=dumb", marks=pytest.mark.slow),
        pytest.param("zh", "ACCESSIBLE=1", marks=pytest.mark.slow),
        pytest.param("zh", "", marks=pytest.mark.slow),
        pytest.param("en", "", marks=pytest.mark.slow),
    ],
)
def test_a_whole_visit_in_lines(
    people: list[Person], tmp_path: Path, lang: str, setting: str
) -> None:
    """Back, why, a look at the answers, the menu, another answer, a tick, a file; then the next
    visit. Nothing is drawn over, and no colour comes."""
    words = [
        "--lang",
        lang,
        *_flags(website_field="false"),
        *(["--accessible"] if not setting else []),
    ]
    person = _run(people, *words, setting=setting)
    answer = said("plain_answer", lang)[:-1]
    for wait, line in (
        (said("plain_how", lang), "6"),
        ("2", "<"),
        ("1", ""),
        ("2", "?"),
        ("?", "9,90"),
        ("3", "="),
        ("1", ""),
        ("3", "400"),
        ("4", "4"),
        (said("ask_money_no", lang), "2"),
        (said("ask_review", lang), "1"),
        (said("menu_title", lang), "1"),
        (said("report_step_done_when", lang), said("menu_try", lang)),
        (said("menu_which", lang), "3"),
        ("1,000", "1500"),
        (said("menu_go_on", lang), ""),
        (said("menu_title", lang), said("menu_did", lang)),
        (said("memory_done", lang), "2"),
        (said("plain_ticked", lang), "1"),
        (said("menu_title", lang), said("menu_save", lang)),
        (said("menu_save_what", lang), "1"),
        (said("menu_save_where", lang), str(tmp_path / "page.html")),
        (said("written_to", lang), "q"),
    ):
        person.hears(wait, answer)
        person.types(line, "\n")
    assert person.is_done() == 0
    assert (tmp_path / "page.html").exists()
    assert "\x1b" not in person.heard
    assert "\b" not in person.heard
    assert not set("│╭━█✓✗↑") & set(person.heard)
    assert "".join(person.heard.split()).count("".join(said("plain_how", lang).split())) == 1
    again = _run(people, *words, setting=f"{setting} {LATER}")
    again.hears(said("memory_welcome", lang), "2026-11-22", answer)
    again.types("\n")
    again.hears(said("memory_changed", lang), answer)
    again.types("q\n")
    assert again.is_done() in (0, 130)


def test_leaving_in_lines_keeps_the_draft(people: list[Person]) -> None:
    """By q, Ctrl-C and Ctrl-D; bytes that are no text are an answer to nothing."""
    for leave in ("q\n", CTRL_C, CTRL_D):
        person = Person(f"set -m; {COMMAND} --lang en --accessible; echo left with $?")
        people.append(person)
        if leave == "q\n":
            person.hears(said("plain_how"), "Your answer")
            os.write(person.child.child_fd, b"\xff\xfe1\n")
            person.hears("is not in the list", "Your answer")
            person.types("1\n")
            person.hears("goods: everyday goods")
        else:
            person.hears(said("ask_resume"))
        person.hears("Your answer")
        person.types(leave)
        person.hears("draft", "left with 130")
        assert "Traceback" not in person.heard


def test_a_console_that_cannot_start_gets_lines(people: list[Person], tmp_path: Path) -> None:
    """Whatever its library raises."""
    (tmp_path / "sitecustomize.py").write_text(
        "import prompt_toolkit.output.defaults as d\n"
        "import prompt_toolkit.output as o\n"
        "def broken(*a, **k): raise RuntimeError('No screen buffer')\n"
        "d.create_output = o.create_output = broken\n"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    person = _run(people, "--lang", "en", setting=f"PYTHONPATH={shlex.quote(path)}")
    person.hears(said("plain_how"), "Your answer")
    person.types("q\n")
    assert person.is_done() == 130


# ---- accidents


@pytest.mark.parametrize(
    ("encoding", "words"), [("gbk", ["--accessible"]), ("ascii", []), ("cp1252", [])]
)
def test_a_legacy_code_page_stops_no_dialogue(
    people: list[Person], encoding: str, words: list[str]
) -> None:
    """What it cannot show becomes a question mark, in lines and in drawings."""
    line = shlex.join([str(COMMAND), "--lang", "zh", *words])
    person = Person(f"set -m; PYTHONIOENCODING={encoding} PYTHONUTF8=0 {line}; echo left with $?")
    people.append(person)
    person.hears("TikTok", "8." if words else "Ctrl-C")
    person.types("q\n" if words else CTRL_C)
    person.hears("left with 130")
    assert "Traceback" not in person.heard


@pytest.mark.parametrize("words", [["--accessible"], []], ids=["in lines", "drawn"])
def test_a_run_that_is_killed_loses_no_answer(people: list[Person], words: list[str]) -> None:
    """Neither kill -9 nor a power cut asks first."""
    person = Person(f"set -m; {shlex.join([str(COMMAND), '--lang', 'en', *words])}; echo over")
    people.append(person)
    person.hears("other people's products")
    person.types("6", ENTER)
    person.hears("Question 2")
    os.killpg(_pid_of_the_program(person), signal.SIGKILL)
    person.hears("over")
    again = _run(people, "--lang", "en", *words)
    again.hears(said("ask_resume"), "answers so far: 1")


def test_on_a_full_disk_the_answers_still_lead_to_a_result(people: list[Person]) -> None:
    """What cannot be kept is said, once each, and steps can still be ticked."""
    words = [str(COMMAND), "--lang", "en", "--accessible", *_flags()]
    person = Person(f"ulimit -f 0; {shlex.join(words)}")
    people.append(person)
    for wait, line in (
        ("other people's products", "6"),
        (said("ask_draft_failed"), "9"),
        ("1,000", "2000"),
        ("not registered", "3"),
        (said("ask_money_no"), "2"),
        (said("ask_review_go"), "1"),
        ("the disk is full", "check off"),
        ("(0 done)", "2"),
        ("(1 done)", "1"),
        (said("menu_done"), "q"),
    ):
        person.hears(wait, "Your answer")
        person.types(line, "\n")
    assert person.is_done() == 0
    heard = " ".join(person.heard.split())
    assert heard.count(said("ask_draft_failed")) == 1
    assert heard.count(said("memory_failed")) == 2  # the run, and the step that was ticked


def test_a_dialogue_about_another_rulebook_is_kept_apart(people: list[Person]) -> None:
    """It is found with the same --rules only."""
    answers = ["--goods=apples", "--price=20", "--boxes=yes", "--goal=today"]
    words = [str(COMMAND), "--lang", "en", "--accessible", "--rules", str(CLEAN), *answers]
    person = Person(shlex.join(words))
    people.append(person)
    for wait, line in (
        ("In which season", "1"),
        (said("ask_review_go"), "1"),
        (said("menu_done"), "q"),
    ):
        person.hears(wait, "Your answer")
        person.types(line, "\n")
    assert person.is_done() == 0
    assert len(History(str(CLEAN)).load()[0]) == 1
    assert History().load() == ([], [])


# ---- signals


def _pid_of_the_program(person: Person) -> int:
    """The process that the shell at this terminal runs in the foreground."""
    return os.tcgetpgrp(person.child.child_fd)


def _is_cooked(person: Person) -> bool:
    flags = termios.tcgetattr(person.child.child_fd)[3]
    return all(flags & flag for flag in (termios.ICANON, termios.ECHO, termios.ISIG))


@pytest.mark.parametrize(
    ("number", "code", "where"),
    [
        (signal.SIGINT, 130, "at a choice"),
        (signal.SIGINT, 130, "in a field"),
        (signal.SIGTERM, 143, "at a choice"),
        pytest.param(signal.SIGHUP, 129, "in a field", marks=pytest.mark.slow),
        pytest.param(signal.SIGQUIT, 131, "at a choice", marks=pytest.mark.slow),
    ],
)
def test_a_signal_leaves_the_terminal_as_it_was(
    people: list[Person], number: signal.Signals, code: int, where: str
) -> None:
    """Cooked, with the cursor shown and no prompt left half drawn; the draft is kept, and the shell
    is told the usual exit code."""
    person = Person(f"set -m; ulimit -c 0; {COMMAND} --lang en; echo left with $?; read word")
    people.append(person)
    person.sees("Question 1", "> " + said("ask_choose"))
    person.types(DOWN, ENTER)
    person.sees("Question 2", "  >")
    if where == "at a choice":
        person.types("9", ENTER)
        person.sees("Question 3", "> " + said("ask_choose"))
    assert not _is_cooked(person)
    os.killpg(_pid_of_the_program(person), number)
    person.sees(f"left with {code}")
    assert _is_cooked(person)
    assert not person.screen.cursor.hidden
    assert "Question" not in person.view
    assert "Traceback" not in person.heard
    again = _run(people, "--lang", "en")
    again.sees(said("ask_resume"))


def test_a_hangup_that_the_shell_ignores_is_ignored(people: list[Person]) -> None:
    """As `nohup` has it."""
    person = Person(f"trap '' HUP; set -m; {COMMAND} --lang en")
    people.append(person)
    person.sees("> " + said("ask_choose"))
    os.killpg(_pid_of_the_program(person), signal.SIGHUP)
    person.types(DOWN, ENTER)
    person.sees("Question 2")


@pytest.mark.parametrize("by", ["Ctrl-Z", "signal"])
@pytest.mark.parametrize("where", ["at a choice", "in a field"])
def test_ctrl_z_suspends_and_fg_draws_the_prompt_again(
    people: list[Person], by: str, where: str
) -> None:
    """With what was typed or highlighted; in between the terminal is the shell's."""
    person = Person(f"set -m; {COMMAND} --lang en; echo stopped with $?; read word; fg")
    people.append(person)
    person.sees("> " + said("ask_choose"))
    person.types(DOWN)
    person.sees("> everyday goods")
    if where == "in a field":
        person.types(ENTER)
        person.sees("Question 2")
        person.types("12")
        person.sees("> 12")
    if by == "Ctrl-Z":
        person.types("\x1a")
    else:
        os.killpg(_pid_of_the_program(person), signal.SIGTSTP)
    person.sees("stopped with")
    assert _is_cooked(person)
    assert not person.screen.cursor.hidden
    assert "Question" not in person.view
    person.types("\r")
    person.sees("> 12" if where == "in a field" else "> everyday goods")
    person.types(ENTER)
    person.sees("Question 3" if where == "in a field" else "Question 2")
    person.types(CTRL_C)
    assert person.is_done() == 130
