"""Rulebooks from folders: what is laid over what, what is refused and how, and the cache."""

from __future__ import annotations

import functools
import marshal
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from choose_channel.files import storage
from choose_channel.loading import load
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.messages.errors import RulebookError
from choose_channel.model.naming import OPTIONS
from choose_channel.model.rulebook import Rulebook
from tests.calls import calls_of

HERE = Path(__file__).parents[1]
TINY = HERE / "tiny_rulebook"
BROKEN = sorted(path for path in (HERE / "broken_rulebooks").iterdir() if path.is_dir())
FAULT_PHRASES = (
    *("change_placeholder", "condition_", "derived_choice", "empty_range", "fact_has_", "form_"),
    *("gate_", "hangs_on_", "later_question", "line_without_", "margin_not_", "name_taken"),
    *("needs_", "placeholder", "step_phase", "unknown_", "warning_", "wrong_", "yaml_"),
)
ONE_RULE = """
only-rule:
  when: {price: {below: 50}}
  dimension: money
  points: {tiktok_shop: 5}
  because:
    zh: |-
      便宜
    en: |-
      cheap
  source: judgement
"""
# What a Chinese message may hold in Latin letters: names from the files, and YAML.
LATIN = {
    "market",
    *("YAML", "yaml", "facts", "rulebook", "true", "false", "open", "locked", "closed", "access"),
    *("when", "when_no_variant", "phase", "unlock", "unlocks", "applies", "assumed", "needs_open"),
    *(
        "any",
        "inputs",
        "lines",
        "streams",
        "at_least",
        "below",
        "critical",
        "warning",
        "note",
        "usd",
    ),
    *("money", "base", "price", "net", "tax", "percent", "amount", "kind", "days", "part", "input"),
    *("type", "choice", "number", "derived", "core", "minimum", "maximum", "change", "answer"),
    *("left", "break_even", "commission", "max_commission", "profit", "link", "yuan_per_dollar"),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files from where one is, here from above the folders of a test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny rulebook, which is whole and valid."""
    return Path(shutil.copytree(TINY, tmp_path / "book"))


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """An empty folder, to be laid over the shipped rulebook."""
    path = tmp_path / "own"
    path.mkdir()
    return path


def refusal(folder: Path | str, lang: str = "en") -> str:
    """The whole message with which a folder is refused."""
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder, lang)
    return str(caught.value)


def lay(problem: Path, folder: Path) -> None:
    """Lays the files of a fault over a folder."""
    for path in problem.glob("*.y*ml"):
        shutil.copy(path, folder)


# ---- faults


def test_the_tiny_rulebook_is_valid() -> None:
    """The faults below are faults of the changed files, not of what they are laid over."""
    assert list(load_rulebook(TINY).questions) == ["goods", "price", "insured"]


@pytest.mark.parametrize("problem", BROKEN, ids=lambda path: path.name)
def test_each_fault_is_told_word_by_word(problem: Path, folder: Path) -> None:
    """Every fault at its file, line and column, with what was probably meant; all at once."""
    lay(problem, folder)
    assert refusal(folder) + "\n" == (problem / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("problem", BROKEN, ids=lambda path: path.name)
def test_each_fault_is_told_in_chinese(problem: Path, folder: Path) -> None:
    """A Chinese message has the same lines and places, and no English but names."""
    lay(problem, folder)
    english = (problem / "expected.txt").read_text(encoding="utf-8").splitlines()
    chinese = refusal(folder, "zh").splitlines()
    places = [[line.split(": ")[0] for line in lines] for lines in (english, chinese)]
    assert places[0] == places[1]
    for line in chinese:
        message = re.sub(r"“[^”]*”|（[^）]*）", "", re.sub(r"^[ -~]*: ", "", line))
        assert set(re.findall("[A-Za-z_]{2,}", message)) <= LATIN


def test_every_phrase_about_a_fault_has_a_broken_rulebook(rulebook: Rulebook) -> None:
    """A new kind of fault needs a folder that shows it."""
    shown = "".join((problem / "expected.txt").read_text(encoding="utf-8") for problem in BROKEN)
    missing = []
    for name, text in rulebook.wording.items():
        if name.startswith(FAULT_PHRASES):
            pattern = re.sub(r"\\{\w+\\}", ".*", re.escape(text["en"]).replace(r"\{\{", "{"))
            if not re.search(pattern.replace(r"\}\}", "}"), shown):
                missing.append(name)
    # The one is no fault, the other too long for a file and made below.
    assert missing == ["unknown_answer", "condition_tangled"]


LAW = """
laws:
  independences:
    - channel: stall
      questions: [goods]
      unless: {any: [TANGLE]}
dimensions:
"""
TANGLE = ", ".join(f"{{price: {{at_least: {n / 4}, below: {(n + 1) / 4}}}}}" for n in range(2500))


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("rules", "goods: apples\n    price: {below: 50}", "any: [TANGLE]", "2:3: cheap-apples"),
        ("gates", "{goods: pears}", "{any: [TANGLE]}", "4:3: no-pears-by-post"),
        ("pitfalls", "{price: {at_least: 50}}", "{any: [TANGLE]}", "7:3: bruised"),
        ("plan", "done_when", "when: {any: [TANGLE]}\n  done_when", "6:3: open-a-stall"),
        ("channels", "needs_open: [stall]", "when: {any: [TANGLE]}", "15:7: post"),
        ("rulebook", "dimensions:", LAW, "14:7: laws"),
    ],
)
def test_a_condition_of_thousands_of_alternatives_is_refused(
    file: str, old: str, new: str, place: str, folder: Path
) -> None:
    """What cannot be proved over all answers is refused where it stands, and nothing else is."""
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8").replace(old, new.replace("TANGLE", TANGLE), 1)
    path.write_text(text, encoding="utf-8")
    assert refusal(folder) == (
        f"book/{file}.yaml:{place}: this condition is too complex to check."
        " Split it into several rules."
    )


def test_a_tangled_question_is_refused_by_itself(folder: Path) -> None:
    """What hangs on the question is not said to be tangled too."""
    path = folder / "questions.yaml"
    text = path.read_text(encoding="utf-8")
    entry = f"insured:\n  applies: {{any: [{TANGLE}]}}\n"
    path.write_text(text.replace("insured:\n", entry), encoding="utf-8")
    assert refusal(folder) == (
        "book/questions.yaml:25:3: insured: this condition is too complex to check."
        " Split it into several rules."
    )


def test_no_question_can_take_the_name_of_an_option(folder: Path) -> None:
    """Every flag of the command line is refused as the name of a question."""
    options = set(OPTIONS)
    questions = (TINY / "questions.yaml").read_text(encoding="utf-8")
    entry = questions[questions.index("insured:\n") :]
    added = [entry.replace("insured:", f"{name}:", 1) for name in sorted(options)]
    (folder / "questions.yaml").write_text("".join([questions, *added]), encoding="utf-8")
    refused = re.findall(r'the name "(\w+)" is already used', refusal(folder))
    assert refused == sorted(options)


def test_a_text_of_a_megabyte_is_refused_in_a_short_message(folder: Path) -> None:
    """A text that is far too long is named, not repeated."""
    rules = (TINY / "rules.yaml").read_text(encoding="utf-8")
    long = rules.replace("They are cheap", "x" * 1_000_000)
    (folder / "rules.yaml").write_text(long, encoding="utf-8")
    assert refusal(folder) == (
        'book/rules.yaml:7:21: cheap-apples: "en" is too long (the limit is 4000 characters).'
    )


def test_a_name_of_a_megabyte_is_refused_in_a_short_message(folder: Path) -> None:
    """A name that is far too long is cut."""
    gates = (TINY / "gates.yaml").read_text(encoding="utf-8")
    long = gates.replace("[post]", "[" + "x" * 1_000_000 + "]")
    (folder / "gates.yaml").write_text(long, encoding="utf-8")
    assert refusal(folder) == (
        f'book/gates.yaml:3:3: no-pears-by-post: unknown channel or variant "{"x" * 40}…".'
    )


# ---- folders


def test_a_folder_that_is_not_there_is_refused() -> None:
    """The message names the option that gave the folder."""
    assert refusal("nowhere/at/all") == (
        "nowhere/at/all: there is no such rules folder. Check the path after --rules."
    )


def test_a_file_is_no_rules_folder(overlay: Path) -> None:
    """A single rules file has to be given by its folder."""
    path = overlay / "rules.yaml"
    path.write_text(ONE_RULE, encoding="utf-8")
    message = "there is no such rules folder. Check the path after --rules."
    assert refusal(path) == f"{path}: {message}"


def test_an_empty_folder_is_refused(overlay: Path) -> None:
    """A folder without rulebook files is a mistake, not the shipped rulebook."""
    (overlay / "notes.txt").write_text("price: 1", encoding="utf-8")
    assert refusal(overlay) == (
        f"{overlay}: there are no rulebook files in this folder. They are named rulebook.yaml,"
        " channels.yaml, questions.yaml, gates.yaml, rules.yaml, pitfalls.yaml, plan.yaml,"
        " facts.yaml, money.yaml, wording.yaml, cases.yaml."
    )


def test_a_folder_named_like_a_file_is_refused(overlay: Path) -> None:
    """What cannot be read is told with the reason and a remedy."""
    (overlay / "rules.yaml").mkdir()
    assert refusal(overlay) == (
        "own/rules.yaml: this file cannot be read (it is a folder, not a file)."
        " Check that it is a file and that you are allowed to read it."
    )


def test_one_file_is_laid_over_the_shipped_rulebook(overlay: Path, rulebook: Rulebook) -> None:
    """A file replaces the shipped file of that name whole; all others stay."""
    (overlay / "rules.yaml").write_text(ONE_RULE, encoding="utf-8")
    own = load_rulebook(overlay)
    assert list(own.rules) == ["only-rule"]
    assert list(own.questions) == list(rulebook.questions)
    assert own.digest != rulebook.digest


def test_one_phrase_is_laid_over_the_shipped_wording(overlay: Path, rulebook: Rulebook) -> None:
    """Wording is replaced phrase by phrase, and does not decide."""
    text = "yes:\n  zh: |-\n    有\n  en: |-\n    certainly\n"
    (overlay / "wording.yaml").write_text(text, encoding="utf-8")
    own = load_rulebook(overlay)
    assert own.wording["yes"] == {"zh": "有", "en": "certainly"}
    assert own.wording["did_you_mean"] == rulebook.wording["did_you_mean"]
    assert own.digest == rulebook.digest


def test_a_phrase_may_leave_out_what_it_is_given(overlay: Path) -> None:
    """An own phrase need not use every placeholder, as long as both languages agree."""
    text = "did_you_mean:\n  zh: |-\n    再看看？\n  en: |-\n    Look again?\n"
    (overlay / "wording.yaml").write_text(text, encoding="utf-8")
    assert load_rulebook(overlay).wording["did_you_mean"]["en"] == "Look again?"


# ---- the digest


def rewritten(folder: Path, old: str, new: str) -> str:
    """The digest of the tiny rulebook after a change in all its files."""
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace(old, new)
        path.write_bytes(text.encode())
    return load_rulebook(folder).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r\n"),
        ("\n", "\n\n"),
        ("\n", " # a note\n"),
        ("when: {goods: pears}", "when:\n    goods:  'pears'"),
        (
            "{zh: 梨怕压, en: Pears bruise}",
            "\n    zh: |-\n      梨怕\n      压\n    en: >\n      Pears\n      bruise",
        ),
        (
            "{zh: 梨怕压, en: Pears bruise}",
            "\n    zh: |-\n      梨怕\n\n      压\n    en: |+\n      Pears\n\n      bruise\n",
        ),
    ],
    ids=["windows-lines", "blank-lines", "comments", "layout", "broken-lines", "paragraphs"],
)
def test_what_does_not_decide_does_not_change_the_digest(old: str, new: str, folder: Path) -> None:
    """Comments, blank lines, line endings and where a text is broken do not count."""
    assert rewritten(folder, old, new) == load_rulebook(TINY).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stall: 5", "stall: 6"),
        ("below: 50", "below: 51"),
        ("They are cheap", "They are dear"),
        ("assumed: 20", "assumed: 21"),
        ("access: locked", "access: closed"),
        ("value: 2", "value: 3"),
    ],
)
def test_what_decides_changes_the_digest(old: str, new: str, folder: Path) -> None:
    """One point, one cut, one word of advice, and the rulebook is another."""
    assert rewritten(folder, old, new) != load_rulebook(TINY).digest


# ---- the cache

SHOW_IMPORTS = """
import sys
from choose_channel.loading.load import load_rulebook
print(load_rulebook().digest, *(name for name in ("pydantic", "yaml") if name in sys.modules))
"""


def in_a_new_process() -> list[str]:
    """The digest of the shipped rulebook and the heavy libraries that loading it imported."""
    command = [sys.executable, "-c", SHOW_IMPORTS]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def cache_files() -> list[Path]:
    """The files in the cache, that of the shipped rulebook last."""
    return sorted(storage.cache_folder().iterdir())


@pytest.mark.usefixtures("empty_cache")
def test_the_second_run_imports_neither_pydantic_nor_yaml(rulebook: Rulebook) -> None:
    """A rulebook that has been checked once is not checked again."""
    assert in_a_new_process() == [rulebook.digest, "pydantic", "yaml"]
    assert in_a_new_process() == [rulebook.digest]


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"{",
        lambda whole: b"\xff\xfe\n",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole + b"x",
        lambda whole: whole.split(b"\n", 1)[1],
        lambda whole: whole.replace(b"They are cheap", b"They are cheep"),
    ],
    ids=["empty", "short", "no text", "half", "longer", "without its checksum", "edited"],
)
def test_a_damaged_or_edited_cache_is_made_again(
    damage: Callable[[bytes], bytes], folder: Path
) -> None:
    """A cache file that cannot be trusted is written anew, and nobody notices."""
    before = load_rulebook(folder)
    path = cache_files()[0]
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    after = load_rulebook(folder)
    assert (after.digest, after.rules) == (before.digest, before.rules)
    contents = [marshal.loads(content.split(b"\n", 1)[1]) for content in (whole, path.read_bytes())]
    assert contents[0] == contents[1]


@pytest.mark.usefixtures("empty_cache")
def test_a_cache_of_another_layout_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its data lack the keys that entries have now."""
    load_rulebook(folder)
    path = cache_files()[0]
    before = path.read_bytes()
    monkeypatch.setattr(load, "_LAYOUT", 0)
    load_rulebook(folder)
    assert path.read_bytes() != before


def test_a_changed_file_is_read_again(folder: Path) -> None:
    """The cache never hides a change, however small."""
    before = load_rulebook(folder)
    path = folder / "rules.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("stall: 5", "stall: 6"), encoding="utf-8")
    assert before.rules["cheap-apples"].points["stall"] == 5
    assert load_rulebook(folder).rules["cheap-apples"].points["stall"] == 6


def test_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook
) -> None:
    """Where the cache folder should be stands a file; loading works all the same."""
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert in_a_new_process()[0] == rulebook.digest
    assert blocked.read_text(encoding="utf-8") == "not a folder"


@pytest.mark.usefixtures("empty_cache")
def test_the_cache_is_for_its_owner_only(folder: Path) -> None:
    """Nobody else can read which rulebooks a person uses."""
    load_rulebook(folder)
    assert all(path.stat().st_mode & 0o077 == 0 for path in cache_files())


# ---- what is no file

posix = pytest.mark.skipif(os.name == "nt", reason="needs named pipes and devices")


@posix
def test_a_pipe_among_the_rules_does_not_hang(
    overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to wait for ever."""
    monkeypatch.setattr(storage, "PATIENCE", 0.05)
    os.mkfifo(overlay / "rules.yaml")
    with pytest.raises(RulebookError, match="no program has opened the other end"):
        load_rulebook(overlay)


@posix
def test_an_endless_device_among_the_rules_is_too_large(overlay: Path) -> None:
    """No more of it is read than a file may hold."""
    (overlay / "rules.yaml").symlink_to("/dev/zero")
    with pytest.raises(RulebookError, match="too large"):
        load_rulebook(overlay)


@posix
def test_a_folder_that_is_a_circle_of_links_is_said_to_be_one(tmp_path: Path) -> None:
    """It is there, but leads nowhere."""
    (tmp_path / "l").symlink_to("l")
    with pytest.raises(RulebookError, match="the link points back to itself"):
        load_rulebook(tmp_path / "l")


# ---- size


def _with_rules(folder: Path, count: int) -> Path:
    rules = "".join(ONE_RULE.replace("only-rule", f"rule-{number}") for number in range(count))
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_twice_the_rules_are_twice_the_work(overlay: Path) -> None:
    """A large rulebook is slow to check, not impossible."""
    load_rulebook(_with_rules(overlay, 1))  # what is done once a process is not counted
    few, more, most = (
        calls_of(functools.partial(load_rulebook, _with_rules(overlay, count)))
        for count in (50, 100, 200)
    )
    assert most - more < 2.5 * (more - few)


@pytest.mark.slow
def test_ten_thousand_rules_are_loaded(overlay: Path) -> None:
    """Three hundred times as many as in the shipped rulebook."""
    assert len(load_rulebook(_with_rules(overlay, 10_000)).rules) == 10_000


def test_the_shipped_rulebook_is_found(rulebook: Rulebook) -> None:
    """It lies in the package, or in the checkout beside it."""
    assert (shipped_folder() / "rules.yaml").is_file()
    assert rulebook.rules
