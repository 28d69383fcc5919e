"""Damaged files, odd flags and odd surroundings: never a traceback, a hang, or an escape sequence.

FUZZ_EXAMPLES says how many are tried in each test (few by default, more in CI), and FUZZ_SEED makes
them other ones than in every run: `FUZZ_EXAMPLES=5000 FUZZ_SEED=7 python -m pytest tests/fuzz`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from choose_channel.cli.main import run
from choose_channel.cli.registry import COMMANDS
from choose_channel.loading.load import load_rulebook
from choose_channel.model.naming import OPTIONS, flag, variable
from tests.fuzz.damage import TEXTS, VALUES, bent, damaged

HERE = Path(__file__).parents[1]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
SEED = os.environ.get("FUZZ_SEED")
SECONDS = 5
"""Of the processor: a busy machine is no hang."""
COURSE = ["--product-type", "digital", "--price", "99", "--followers", "300"]
COURSE += ["--business-license", "none", "--no-input"]
ANSWERS = {
    "yaml": b"product_type: custom\nprice: $900\nwarehouse: abroad\nfollowers: 5k\nunit_cost: 3\n"
    b"business_license: none # not yet\n",
    "json": b'{"product_type": "custom", "price": "900", "warehouse": "abroad", "followers": 5e3,'
    b' "business_license": "none", "lead_product": true}',
    "toml": b'product_type = "custom"\nprice = 9.90\nwarehouse = "abroad"\nfollowers = 5_000\n'
    b'[answers]\nbusiness_license = "none"\n',
}
CASES = b"""\
- name: A course
  answers: {product_type: digital, price: 99, followers: 300, business_license: mainland}
  expect:
    recommended: null
    access: {bio_link: locked, tiktok_shop: [closed, locked]}
    pitfalls: {has: [follower-threshold]}
"""
TABLE = (
    "client,Product type,price,warehouse,followers,business license,unit cost\n"
    "Anna,commodity,9.90,local,1200,none,3.20\n"
    "李,branded,36元,abroad,5千,mainland,\n"
    '"B, C",digital,$99,,300,none,5%\n'
).encode()


def fuzzed(test: Any) -> Any:
    """The settings of every test here."""
    quiet = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=SEED is None,
        suppress_health_check=list(HealthCheck),
    )
    return quiet(seed(int(SEED))(test) if SEED else test)


class HangError(Exception):
    """A command used more of the processor than any should."""


@contextlib.contextmanager
def no_hang() -> Iterator[None]:
    """Raises HangError in what takes too long."""

    def stop(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def survives(*words: str, codes: tuple[int, ...] = (0, 1, 2), stdin: bytes = b"") -> str:
    """Runs a command line, which must end in words. Returns what it printed."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", errors="surrogateescape")
    try:
        with no_hang(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
    finally:
        sys.stdin = before
    text = out.getvalue() + err.getvalue()
    assert code in codes, (code, text)
    unsafe = {sign for sign in text if is_unsafe(sign)}
    assert not unsafe, (unsafe, text)
    return text


def is_unsafe(sign: str) -> bool:
    """Whether a terminal could do something else with a sign than show it."""
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Errors are raised, not told of; nothing is read from or written to where the tests run."""
    monkeypatch.setenv("CHOOSE_CHANNEL_DEBUG", "1")
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.chdir(folder)
        yield


@pytest.mark.parametrize("suffix", ANSWERS)
def test_answer_files(suffix: str) -> None:
    """Damaged, and of every odd form."""
    made = st.dictionaries(
        st.one_of(st.sampled_from([*load_rulebook().answerable, "answers", "cases"]), TEXTS), VALUES
    ).map(lambda data: json.dumps(data).encode("utf-8", "surrogatepass"))
    contents = damaged(ANSWERS[suffix]) | made if suffix != "toml" else damaged(ANSWERS[suffix])

    @fuzzed
    @given(contents, st.sampled_from(["terminal", "json", "markdown"]))
    def check(content: bytes, format: str) -> None:
        Path(f"answers.{suffix}").write_bytes(content)
        survives("--answers", f"answers.{suffix}", "--no-input", "--format", format)
        survives("--answers", "-", "--no-input", "--lang", "zh", stdin=content)

    check()


def test_cases() -> None:
    """Of which a part may be right."""

    @fuzzed
    @given(damaged(CASES) | bent(yaml.safe_load(CASES)).map(_yaml))
    def check(content: bytes) -> None:
        Path("cases.yaml").write_bytes(content)
        survives("test", "cases.yaml", "--junit", "report.xml")

    check()


def test_records() -> None:
    """Of a decision, changed by somebody."""
    record = json.loads(survives(*COURSE, "--format", "json"))

    @fuzzed
    @given(bent(record), st.booleans())
    def check(data: Any, cut: bool) -> None:
        text = json.dumps(data).encode("utf-8", "surrogatepass")
        Path("record.json").write_bytes(text[:-2] if cut else text)
        survives("verify", "record.json")
        survives("--answers", "record.json", "--no-input")

    check()


def _yaml(data: Any) -> bytes:
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "surrogatepass")


RULES = HERE / "tiny_rulebook"
FILES = sorted(path.name for path in RULES.glob("*.yaml"))
PARSED = {name: yaml.safe_load((RULES / name).read_text(encoding="utf-8")) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_rulebooks(name: str) -> None:
    """One file of a small rulebook is damaged, or says something else."""
    shutil.copytree(RULES, "rules")
    raw = (RULES / name).read_bytes()

    @fuzzed
    @given(damaged(raw) | bent(PARSED[name]).map(_yaml) | bent(PARSED[name]).map(_yaml))
    def check(content: bytes) -> None:
        Path("rules", name).write_bytes(content)
        try:
            rulebook = load_rulebook("rules")
        except Exception:
            survives("rules", "show", "--rules", "rules")
            return
        survives("rules", "show", "--rules", "rules")
        survives("rules", "check", "rules")
        survives("--help", "--rules", "rules")
        words = [f"{flag(name)}={_some_answer(q)}" for name, q in rulebook.asked.items() if q.core]
        for format in ("terminal", "markdown", "json", "html"):
            survives(*words, "--rules", "rules", "--no-input", "--format", format)

    check()


def _some_answer(question: Any) -> str:
    return question.choices[0].id if question.choices else "1"


def test_flags() -> None:
    """In any order, with any value, before and after any command."""
    names = [*map(flag, load_rulebook().answerable), *(flag(name) for name in OPTIONS)]
    names = [name for name in names if not name.endswith("completion")]
    names += ["-h", "-o", "-x", "--", "-", "--price=", "--=", "---", "--no-such"]
    # What writes where it is told to, or takes long, is left out.
    commands = [word for command in COMMANDS for word in command.name.split()]
    commands = [word for word in commands if word not in ("new", "page", "check", "batch")]
    word = st.one_of(st.sampled_from(names), st.sampled_from(commands), TEXTS)
    joined = st.tuples(st.sampled_from(names), TEXTS).map("=".join)

    @fuzzed
    @given(st.lists(word | joined, max_size=6), st.booleans())
    def check(words: list[str], complete: bool) -> None:
        safe = [word.replace("\0", "") for word in words]
        survives(*(COURSE[:-1] if complete else []), *safe, codes=(0, 1, 2, 3, 4))

    check()


def test_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of ours and of others."""
    names = [*map(variable, [*load_rulebook().answerable, *OPTIONS, "history", "debug", "price_"])]
    names += ["LANG", "LC_ALL", "COLUMNS", "LINES", "TERM", "NO_COLOR", "PAGER"]
    names += ["SOURCE_DATE_EPOCH", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME", "PYTHONIOENCODING"]
    value = TEXTS.map(lambda text: text.replace("\0", "")).filter(_can_be_set)

    @fuzzed
    @given(st.dictionaries(st.sampled_from(names), value, max_size=4))
    def check(environ: dict[str, str]) -> None:
        with monkeypatch.context() as patch:
            for name, text in environ.items():
                patch.setenv(name, text)
            patch.setenv(variable("debug"), "1")
            survives("--no-input")
            survives(*COURSE, codes=(0, 2))
            survives("doctor")

    check()


def _can_be_set(text: str) -> bool:
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _jsonl() -> bytes:
    head, *rows = (line.split(",") for line in TABLE.decode().splitlines()[:3])
    return "\n".join(json.dumps(dict(zip(head, row, strict=False))) for row in rows).encode()


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_tables(suffix: str) -> None:
    """Of every format; a row that cannot be read stops nothing."""
    Path("table.csv").write_bytes(TABLE)
    if suffix in ("parquet", "xlsx"):
        survives("batch", "table.csv", "-o", f"seed.{suffix}")
        content = Path(f"seed.{suffix}").read_bytes()
    else:
        content = _jsonl() if suffix == "jsonl" else TABLE.replace(b",", b"\t")
        content = TABLE if suffix == "csv" else content

    @fuzzed
    @given(damaged(content))
    def check(content: bytes) -> None:
        Path(f"t.{suffix}").write_bytes(content)
        survives("batch", f"t.{suffix}", "-o", "out.csv", "--summary", "s.md", "--force")

    check()
