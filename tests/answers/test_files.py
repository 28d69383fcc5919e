"""Answer files that cannot be used: each is refused with file, line, key and remedy."""

from __future__ import annotations

import io
import itertools
import sys
from pathlib import Path

import pytest

from choose_channel.cli.main import run
from tests.files.test_documents import NOT_JSON, NOT_TEXT, NOT_TOML, NOT_YAML, TOO_DEEP, UTF_16

HERE = Path(__file__).parents[1]
ANSWERS = "Some answers cannot be used:"
MISSING = "These answers are missing:"
MISSING_ZH = "还缺这些答案："
FILE = "The file cannot be read:"
AMOUNT = "Expected: an amount in US dollars above 0 and up to 1,000,000, such as 9.90."
COUNT = "Expected: a whole number from 0 to 1,000,000,000, such as 1200."
GOODS = (
    "Expected: commodity, branded, custom, needs_approval, restricted, digital, banned, affiliate."
)

REFUSALS: dict[str, tuple[str, ...]] = {
    "unknown_key.yaml": (
        ANSWERS,
        '{file}:2:1: unknown question "prise". Did you mean "price"?',
        '{file}:3:1: unknown question "zzz".',
    ),
    "unknown_values.yaml": (
        ANSWERS,
        '{file}:1:1: product_type: "comodity" is not one of the answers.'
        f' {GOODS} Did you mean "commodity"?',
        '{file}:3:1: warehouse: "moon" is not one of the answers.'
        " Expected: local, abroad, none_yet, virtual, unknown.",
    ),
    "wrong_numbers.yaml": (
        ANSWERS,
        f'{{file}}:3:1: price: "true" is not a number. {AMOUNT}',
        '{file}:4:1: followers: "NaN" is not a number that can be used.',
    ),
    "negative.yaml": (ANSWERS, f'{{file}}:3:3: price: "-5" is out of range. {AMOUNT}'),
    "other_currency.yaml": (
        ANSWERS,
        '{file}:2:1: price: "¥70" is not in US dollars. Convert it first; this tool does not'
        " convert currencies.",
    ),
    "not_a_number.json": (
        ANSWERS,
        '{file}:3:3: price: "NaN" is not a number that can be used.',
        '{file}:4:3: followers: "Infinity" is not a number that can be used.',
    ),
    "list_for_a_value.json": (
        ANSWERS,
        f"{{file}}:1:2: product_type: give a single value here, not a list or a mapping. {GOODS}",
        f"{{file}}:2:2: price: give a single value here, not a list or a mapping. {AMOUNT}",
    ),
    "wrong_values.toml": (
        ANSWERS,
        '{file}:3:1: price: "HK$78" is not in US dollars. Convert it first; this tool does not'
        " convert currencies.",
        f'{{file}}:4:1: followers: "-1" is out of range. {COUNT}',
    ),
    "escapes.yaml": (
        FILE,
        "{file}:1:1: there is an invisible control character here that would garble the"
        " display. Delete it.",
        "{file}:2:1: there is an invisible control character here that would garble the"
        " display. Delete it.",
    ),
    "several_cases.yaml": (
        FILE,
        "{file}:1:1: this file holds several cases. Run them with choose-channel test,"
        " or keep just one.",
    ),
    "scalar.yaml": (FILE, '{file}:1:1: write this file as "question: answer", one per line.'),
    "empty.yaml": (FILE, "{file}: this file is empty."),
    "aliases.yaml": (
        FILE,
        "{file}:1:4: anchors and aliases (a) are not supported. Write the value out.",
    ),
    "code.yaml": (
        FILE,
        "{file}:2:8: tags (tag:yaml.org,2002:python/object/apply:os…) are not supported."
        " Write a plain value.",
    ),
    "twice.yaml": (
        FILE,
        '{file}:3:1: "product_type" appears twice, the first time on line 1. Keep one.',
    ),
    "two_documents.yaml": (
        FILE,
        "{file}:2:1: a second document starts here (---). A file holds only one; delete the rest.",
    ),
    "cut_off.json": (FILE, f"{{file}}:2:12: {NOT_JSON}"),
    "cut_off.toml": (FILE, f"{{file}}:2:9: {NOT_TOML}"),
    "cut_off.yaml": (FILE, f"{{file}}:3:1: {NOT_YAML}"),
}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages are as short as they are typed."""
    monkeypatch.chdir(HERE / "bad_answers")


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines on stderr of a run that has to end with exit code 2 and nothing on stdout."""
    code = run(["--no-input", *words])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert (code, captured.out) == (2, "")
    lines = [line.strip() for line in captured.err.splitlines()]
    return list(itertools.takewhile(lambda line: line not in (MISSING, MISSING_ZH), lines))


@pytest.mark.parametrize("file", sorted(path.name for path in (HERE / "bad_answers").iterdir()))
def test_a_bad_file_is_refused_word_by_word(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault at its file, line and column, with its key and what would be right."""
    wanted = [line.format(file=file) for line in REFUSALS[file]]
    assert complaint(capsys, "--answers", file) == wanted


def test_a_bad_file_is_refused_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """With --lang zh the same faults are told in Chinese."""
    assert complaint(capsys, "--answers", "unknown_key.yaml", "--lang", "zh") == [
        "有些答案不能用：",
        "unknown_key.yaml:2:1: 没有“prise”这道题。是不是想写“price”？",
        "unknown_key.yaml:3:1: 没有“zzz”这道题。",
    ]


@pytest.mark.parametrize(
    ("name", "content", "place", "message"),
    [
        ("utf16.yaml", "product_type: 定制\n".encode("utf-16"), "", UTF_16),
        ("gbk.yaml", "price: 9\nproduct_type: 定制\n".encode("gbk"), ":2", NOT_TEXT),
        ("photo.yaml", b"\x89PNG\r\n\x1a\n\x00\x00", ":1", NOT_TEXT),
        ("nul.json", b'{"price": "9\x00"}', ":1", NOT_TEXT),
        ("deep.yaml", b"[" * 100_000, ":1:41", TOO_DEEP),
        ("deep.json", b'{"price":' * 100_000, "", TOO_DEEP),
        ("deep.toml", b"price = " + b"[" * 100_000, "", TOO_DEEP),
        (
            "large.yaml",
            b"a" * 5_000_000,
            "",
            "the file is too large (the limit is 4 MB)."
            " Use a file with only answers or rules in it.",
        ),
    ],
)
def test_an_unreadable_file_is_refused_word_by_word(
    name: str,
    content: bytes,
    place: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Binary, wrongly encoded, huge and bottomless files."""
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(content)
    assert complaint(capsys, "--answers", name) == [FILE, f"{name}{place}: {message}"]


def test_a_missing_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The path is repeated, so that a slip in it can be seen."""
    assert complaint(capsys, "--answers", "no/such.yaml") == [
        FILE,
        "no/such.yaml: there is no such file. Check the path.",
    ]


def test_a_folder_is_no_answer_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder where a file is wanted is told apart from a missing file."""
    monkeypatch.chdir(tmp_path)
    Path("answers").mkdir()
    assert complaint(capsys, "--answers", "answers") == [
        FILE,
        "answers: this file cannot be read (it is a folder, not a file)."
        " Check that it is a file and that you are allowed to read it.",
    ]


def piped(content: bytes) -> io.TextIOWrapper:
    """What a shell would pipe in."""
    return io.TextIOWrapper(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", (FILE, "stdin: this file is empty.")),
        (b"commodity\n", (FILE, 'stdin:1:1: write this file as "question: answer", one per line.')),
        (
            b"product_type: custom\nprice: 0\n",
            (ANSWERS, f'stdin:2:1: price: "0" is out of range. {AMOUNT}'),
        ),
        (b'{"price": 9\n', (FILE, f"stdin:2:1: {NOT_YAML}")),
        (b"\xff\xfea\x00", (FILE, f"stdin: {UTF_16}")),
    ],
)
def test_standard_input_is_refused_like_a_file(
    content: bytes,
    wanted: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`--answers -` reads YAML from standard input, which is named in messages."""
    monkeypatch.setattr(sys, "stdin", piped(content))
    assert complaint(capsys, "--answers", "-") == list(wanted)


def test_answers_from_standard_input_are_decided_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not refused is used."""
    monkeypatch.setattr(sys, "stdin", piped(b"product_type: banned\n"))
    assert run(["--no-input", "--answers", "-"]) == 0
    assert capsys.readouterr().out


def test_faults_of_flags_environment_and_file_are_told_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each fault is named by the place where it can be mended."""
    monkeypatch.setenv("CHOOSE_CHANNEL_FOLLOWERS", "many")
    assert complaint(capsys, "--price", "0", "--answers", "unknown_key.yaml") == [
        ANSWERS,
        f'--price: "0" is out of range. {AMOUNT}',
        f'CHOOSE_CHANNEL_FOLLOWERS: "many" is not a number. {COUNT}',
        'unknown_key.yaml:2:1: unknown question "prise". Did you mean "price"?',
        'unknown_key.yaml:3:1: unknown question "zzz".',
    ]


def test_a_code_tag_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of answers cannot make the program do anything."""
    monkeypatch.chdir(tmp_path)
    tag = "price: !!python/object/apply:pathlib.Path.touch [!!python/name:owned]\n"
    tag += 'market: !!python/object/apply:os.system ["touch owned"]\n'
    Path("code.yaml").write_text(tag, encoding="utf-8")
    complaint(capsys, "--answers", "code.yaml")
    assert [path.name for path in Path().iterdir() if path.name != "home"] == ["code.yaml"]


def test_what_is_missing_is_told_with_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """One run names everything; a wrong answer does not count as missing."""
    assert run(["--no-input", "--product-type", "digital", "--price", "dear"]) == 2
    wrong, missing = capsys.readouterr().err.split(MISSING)
    assert "--price" in wrong
    assert "--price" not in missing
    assert "--followers" in missing
