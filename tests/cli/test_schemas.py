"""Schemas: they take what the product reads and writes, and not what can never be right."""

from __future__ import annotations

import functools
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from choose_channel.answers.files import read_document
from choose_channel.answers.kinds import expected, parse
from choose_channel.checks.cases import read_cases
from choose_channel.cli.main import run
from choose_channel.cli.schemas import NAMES, schema
from choose_channel.engine.decision import SCHEMA_VERSION
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.messages.errors import DocumentError, RefusedError
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.rulebook import Question, Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from tests.cli.record_structure import HOW_TO_PIN, pinned, structure_digest

HERE = Path(__file__).parents[1]
TINY, CLEAN = HERE / "tiny_rulebook", HERE / "clean_rulebook"
RULEBOOK = load_rulebook()
SAY = FactMessages(RULEBOOK, "en")
RULEBOOKS = {"shipped": RULEBOOK, "tiny": load_rulebook(TINY), "clean": load_rulebook(CLEAN)}
SEED = read_cases(HERE / "cases" / "seed.yaml", SAY)
Capture = pytest.CaptureFixture[str]
ADVISED = {"product_type": "commodity", "price": 12, "warehouse": "local", "followers": 2000}
ADVISED["business_license"] = "mainland"
COUNTED = {**ADVISED, "unit_cost": 3, "shop_shipping": 3, "link_shipping": 4, "restock_days": 20}
COUNTED |= {"delivery_days": 3, "monthly_views": 9000, "link_orders_per_1000_views": 1.5}
COUNTED |= {"lead_product": True, "lead_price": 5, "lead_cost": 6}


@functools.cache
def validator(name: str, lang: str = "en", rules: str = "shipped") -> Any:
    """Checks data against one of the schemas."""
    rulebook = RULEBOOKS[rules]
    return Draft202012Validator(schema(name, rulebook, FactMessages(rulebook, lang)))


@functools.cache
def file_validator(stem: str, rules: str = "shipped") -> Any:
    """Checks a file of a rulebook, as an editor does: with a part of the schema."""
    whole = validator("rulebook", "en", rules).schema
    part = {"$ref": f"{whole['$id']}#/properties/{stem}"}
    return Draft202012Validator(part, registry=Resource.from_contents(whole) @ Registry())


def data_of(path: Path) -> Any:
    """What the product reads in a file."""
    return read_document(str(path), SAY).data


def takes(name: str, data: object) -> bool:
    """Whether a schema takes some data."""
    return bool(validator(name).is_valid(data))


def said(name: str, lang: str, rules: str = "shipped") -> list[tuple[str, str]]:
    """Every title and description of a schema, with where it stands."""

    def walk(part: Any, at: str, names: bool) -> Iterator[tuple[str, str]]:
        if isinstance(part, list):
            for number, value in enumerate(part):
                yield from walk(value, f"{at}/{number}", False)
        elif isinstance(part, dict):
            for key, value in part.items():
                if key in ("title", "description") and not names:
                    yield f"{at}/{key}", value
                else:
                    inner = key in ("properties", "patternProperties", "$defs") and not names
                    yield from walk(value, f"{at}/{key}", inner)

    return list(walk(validator(name, lang, rules).schema, "", False))


# ---- all of them


@pytest.mark.parametrize("rules", RULEBOOKS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_schema_of_2020_12(name: str, lang: str, rules: str) -> None:
    """Dialect, name and version are told, and the dialect is kept to."""
    document = validator(name, lang, rules).schema
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert re.fullmatch(rf"urn:choose-channel:{name}:[\w.%-]+", document["$id"])


@pytest.mark.parametrize("name", NAMES)
def test_every_key_says_what_it_is_in_english(name: str) -> None:
    """A title or a description for each key that can be written, and no Chinese in it."""
    keys = set(_keys(validator(name).schema, ""))
    places = {at.rpartition("/")[0] for at, text in said(name, "en") if text}
    assert keys
    assert keys - places == set()
    assert [
        text for _, text in said(name, "en") if re.search(r"[\u3000-\u9fff，。：（]", text)
    ] == []


@pytest.mark.parametrize("question", RULEBOOK.answerable.values(), ids=lambda question: question.id)
def test_a_number_says_what_is_expected(question: Question) -> None:
    """An editor cannot list numbers as it lists choices."""
    about = validator("answers").schema["$defs"]["answers"]["properties"][question.id]
    assert (expected(question, SAY) in about["description"]) is (question.type == "number")


@pytest.mark.parametrize("name", NAMES)
def test_every_key_says_what_it_is_in_chinese(name: str) -> None:
    """The same keys, in Chinese; Latin letters are names, never a sentence."""
    english, chinese = said(name, "en"), said(name, "zh")
    assert [at for at, _ in chinese] == [at for at, _ in english]
    for at, text in chinese:
        assert re.search(r"[\u3400-\u9fff]", text) or at.endswith("/title"), at
        assert not re.search(r"[A-Za-z]{2,}(,? [a-z]{2,}){2}", text), text


def _keys(part: Any, at: str) -> Iterator[str]:
    """Where in a schema a key is described."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "properties" and isinstance(value, dict):
                # What an `if` asks for is no key of its own.
                yield from (f"{at}/properties/{key}" for key in value if not at.endswith("/if"))
            yield from _keys(value, f"{at}/{name}")
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from _keys(item, f"{at}/{number}")


class Recorder(Messages):
    """Remembers which phrases were said."""

    keys: set[str]

    def __call__(self, phrase: str, /, **values: object) -> str:
        self.keys.add(phrase)
        return super().__call__(phrase, **values)


def test_every_phrase_about_a_schema_is_said(rulebook: Rulebook) -> None:
    """A phrase for a key that is gone would only wait to go stale."""
    messages = Recorder(rulebook.wording, "en")
    messages.keys = set()
    for name in NAMES:
        schema(name, rulebook, messages)
    written = {key for key in rulebook.wording if key.startswith("schema_")}
    assert written
    assert written - messages.keys == set()


# ---- answers


WRITTEN = {
    "price": [9.9, "9.90", "$9.90", "US$ 9.90", "9.90 USD", "1,200", "1.2k", "1.5万", None],
    "followers": [0, "3000", "3k", "unknown"],
    "website_field": [True, False, "true", "yes", "是", "unknown", None],
    "return_rate": [8, "8 %"],
    "restock_days": [20, "20 days", "20天"],
}


@pytest.mark.parametrize(
    ("question", "raw"), [(name, raw) for name, values in WRITTEN.items() for raw in values]
)
def test_answers_take_what_people_write(question: str, raw: object) -> None:
    """Numbers with their signs, units and scales; yes and no; an answer that is not given."""
    assert takes("answers", {question: raw})


def test_every_label_and_alias_is_taken(rulebook: Rulebook) -> None:
    """As they are shown, in both languages."""
    for name, question in rulebook.answerable.items():
        for choice in question.choices:
            for spelling in (choice.id, *choice.label.values(), *choice.aliases):
                assert takes("answers", {name: spelling}), spelling


REFUSED: dict[str, list[Any]] = {
    "product_type": ["comodity", "b", "unknown", "xyz", 1, True, ["commodity"], {}],
    "website_field": ["maybe", "o", 2, [True]],
    "price": [0, -5, 1_000_001, True, "-5", "－５", "cheap", "¥70", "￥70", "€9.90", [9.9]],
    "followers": [-1, 0.5, 2_000_000_000, "-1", "many", float("inf"), {}],
    "unit_cost": [-0.01, "£8", False],
    "return_rate": [100],
}


@pytest.mark.parametrize(
    ("question", "raw"), [(name, raw) for name, values in REFUSED.items() for raw in values]
)
def test_answers_refuse_what_can_never_be_right(question: str, raw: Any) -> None:
    """A name that is none, a number out of range, another currency's sign, a list."""
    assert not takes("answers", {question: raw})


@pytest.mark.parametrize("key", ["prise", "product", "margin", "_price", "answer", "xprice"])
def test_an_unknown_question_is_refused(key: str) -> None:
    """So is one that is worked out and never asked."""
    assert not takes("answers", {key: "unknown"})


ASKED = RULEBOOK.answerable.values()
COUNTS = [question for question in ASKED if question.type == "number"]


def reads(question: Question, raw: object) -> bool:
    """Whether the product reads a value as an answer, or as none."""
    try:
        parse(question, raw, SAY)
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("name", sorted(RULEBOOK.answerable))
def test_every_name_that_the_schema_offers_is_read(name: str) -> None:
    """An editor never offers what the program then refuses."""
    question = RULEBOOK.answerable[name]
    ways = validator("answers").schema["$defs"]["answers"]["properties"][name]["anyOf"]
    offered = [value for way in ways for value in [*way.get("enum", []), *_const(way)]]
    assert [value for value in offered if not reads(question, value)] == []


def _const(way: dict[str, Any]) -> list[Any]:
    return [way["const"]] if "const" in way else []


@given(
    st.sampled_from(COUNTS), st.integers(-2, 2_000_000_000) | st.decimals(-2, 1_000_001, places=2)
)
def test_a_number_is_taken_just_where_it_is_read(question: Question, number: Any) -> None:
    """Range, the lowest number itself, and whole numbers."""
    raw = number if isinstance(number, int) else float(number)
    assert takes("answers", {question.id: raw}) is reads(question, raw)


BAD = sorted(path.name for path in (HERE / "bad_answers").iterdir())


@pytest.mark.parametrize("file", BAD)
def test_bad_answer_files_are_refused(file: str) -> None:
    """All that can be read at all."""
    try:
        data = data_of(HERE / "bad_answers" / file)
    except DocumentError:
        return  # no YAML, JSON or TOML, which comes before any schema
    assert not takes("answers", data)


@pytest.mark.parametrize("suffix", ["yaml", "json", "toml"])
def test_saved_answers_are_taken(suffix: str, tmp_path: Path) -> None:
    """What `--save` writes, `--answers` reads: in an editor too."""
    path = tmp_path / f"saved.{suffix}"
    words = ["--product-type", "banned", "--price", "9.90", "--lead-product", "yes"]
    assert run([*words, "--save", str(path), "--no-input", "-o", str(tmp_path / "out")]) == 0
    data = data_of(path)
    assert takes("answers", data)
    assert not takes("answers", {**data, "prices": 1})
    assert not takes("answers", {"answers": {**data["answers"], "price": -1}})


# ---- cases


@pytest.mark.parametrize(
    ("path", "rules"),
    [
        (shipped_folder() / "cases.yaml", "shipped"),
        (HERE / "cases" / "seed.yaml", "shipped"),
        (CLEAN / "cases.yaml", "clean"),
    ],
    ids=["shipped", "seed", "clean"],
)
def test_worked_cases_are_taken(path: Path, rules: str) -> None:
    """A whole file, its cases one by one, and under `cases`."""
    cases = data_of(path)
    check = validator("case", "en", rules)
    assert [error.message for error in check.iter_errors(cases)] == []
    assert all(check.is_valid(case) for case in cases)
    assert check.is_valid({"cases": cases})


ONE: dict[str, Any] = {"answers": {"product_type": "banned"}, "expect": {"weak": False}}


@pytest.mark.parametrize(
    "expect",
    [
        {"recommended": None, "aim": ["bio_link", None], "variant": "own_site"},
        {"weak": [True, False], "close": False, "aim": ["hybrid"]},
        {"access": {"bio_link": ["open", "locked"], "hybrid": "closed"}},
        {"pitfalls": {"has": "deposit", "lacks": []}},
    ],
)
def test_a_list_in_expect_means_any_of_these(expect: dict[str, Any]) -> None:
    """One value or several, null where nothing is meant."""
    assert takes("case", {**ONE, "expect": expect})


@pytest.mark.parametrize(
    "case",
    [
        {"answers": {}},
        {"expect": {"weak": False}},
        {**ONE, "expect": {}},
        {**ONE, "expects": {}},
        {**ONE, "answers": {"price": -1}},
        {**ONE, "expect": {"recommended": "own_site"}},
        {**ONE, "expect": {"variant": "bio_link"}},
        {**ONE, "expect": {"weak": "no"}},
        {**ONE, "expect": {"access": {"bio_link": "shut"}}},
        {**ONE, "expect": {"access": {"bio": "open"}}},
        {**ONE, "expect": {"pitfalls": {"has": ["depositt"]}}},
        {**ONE, "expect": {"pitfalls": ["deposit"]}},
        {**ONE, "expect": {"fit": 50}},
        [],
        [ONE, "text"],
        None,
    ],
)
def test_a_case_that_can_never_be_checked_is_refused(case: Any) -> None:
    """A name that stands for nothing, a value of the wrong kind, nothing to check."""
    assert not takes("case", case)
    assert not takes("case", {"cases": case})


# ---- decision records


def record(capsys: Capture, tmp_path: Path, answers: Any, lang: str = "en") -> dict[str, Any]:
    """What `--format json` prints."""
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(dict(answers)), encoding="utf-8")
    words = ["--answers", str(path), "--lang", lang]
    assert run([*words, "--format", "json", "--no-input"]) == 0
    decision: dict[str, Any] = json.loads(capsys.readouterr().out)
    return decision


@pytest.mark.parametrize("lang", LANGUAGES)
def test_records_are_taken(lang: str, capsys: Capture, tmp_path: Path) -> None:
    """Of every seller in the seed cases, with and without money."""
    for answers in [*(case.answers for case in SEED), ADVISED, COUNTED]:
        decision = record(capsys, tmp_path, answers, lang)
        errors = validator("decision", lang).iter_errors(decision)
        assert [f"{error.json_path}: {error.message}" for error in errors] == []
        assert (decision["money"] is not None) is ("unit_cost" in answers)
        assert takes("answers", decision)


_FREE = ("answers", "assumed", "set_aside", "rulebook", "set", "sources", "value")
"""Mappings whose keys are names out of the rulebook."""


def _forms(part: Any, name: str = "") -> Iterator[dict[str, Any]]:
    """Every mapping in a record whose keys are fixed."""
    if isinstance(part, dict) and name not in _FREE:
        yield part
        for key, value in part.items():
            yield from _forms(value, key)
    elif isinstance(part, list):
        for item in part:
            yield from _forms(item, name)


@pytest.mark.slow
def test_a_record_needs_every_key_and_no_other(capsys: Capture, tmp_path: Path) -> None:
    """At every depth: a key too few, a key too many, and a value of another kind are seen."""
    decision = record(capsys, tmp_path, COUNTED)
    seen = set()
    for form in _forms(decision):
        keys = tuple(form)
        if keys not in seen:
            seen.add(keys)
            for key in keys:
                value = form.pop(key)
                # What `to_dict` gives in Python has no run, and so no digest.
                assert takes("decision", decision) is (key in ("run", "record_digest")), key
                if key != "value":
                    form[key] = {"no": []}
                    assert not takes("decision", decision), key
                form[key] = value
            form["more"] = 1
            assert not takes("decision", decision), keys
            del form["more"]
    assert takes("decision", decision)
    assert len(seen) > 20


def test_a_point_of_a_path_is_a_pair(capsys: Capture, tmp_path: Path) -> None:
    """A day and an amount, no more and no less."""
    decision = record(capsys, tmp_path, COUNTED)
    point = decision["money"]["cash"]["streams"][0]["path"][0]
    point.append(1)
    assert not takes("decision", decision)
    del point[1:]
    assert not takes("decision", decision)


def test_a_record_of_another_form_is_refused(capsys: Capture, tmp_path: Path) -> None:
    """The schema is of one version."""
    assert not takes("decision", {**record(capsys, tmp_path, ADVISED), "schema_version": 0})


def test_a_record_of_another_structure_has_another_version() -> None:
    """Who reads records tells by their version what keys they hold."""
    assert pinned().get(str(SCHEMA_VERSION)) == structure_digest(), HOW_TO_PIN


# ---- rulebooks

STEMS = [*validator("rulebook").schema["properties"]]


@pytest.mark.parametrize("stem", STEMS)
def test_the_shipped_files_are_taken(stem: str) -> None:
    """File by file, as an editor sees them."""
    data = data_of(shipped_folder() / f"{stem}.yaml")
    errors = file_validator(stem).iter_errors(data)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("rules", ["tiny", "clean"])
def test_a_rulebook_of_ones_own_is_taken_whole(rules: str) -> None:
    """With its own questions in its conditions."""
    folder = {"tiny": TINY, "clean": CLEAN}[rules]
    names = [stem for stem in STEMS if (folder / f"{stem}.yaml").is_file()]
    whole = {stem: data_of(folder / f"{stem}.yaml") for stem in names}
    whole["wording"] = {}
    assert validator("rulebook", "en", rules).is_valid(whole)
    assert not validator("rulebook").is_valid(whole)


BEYOND = {
    "condition_empty_range": "one number is compared with another",
    "condition_number_nan": "JSON has no such number",
    "form_other_not_finite": "JSON has no such number",
}
"""Faults that JSON Schema cannot see."""
FORMAL = sorted(
    path.name
    for path in (HERE / "broken_rulebooks").iterdir()
    if path.name.startswith(("form_", "condition_", "forms_", "several_forms", "wording_"))
)


@pytest.mark.parametrize("problem", FORMAL)
def test_a_fault_of_form_is_refused(problem: str) -> None:
    """In an editor as by the program, file by file; the others are named with the reason."""
    files = sorted((HERE / "broken_rulebooks" / problem).glob("*.yaml"))
    refused = [not file_validator(file.stem, "tiny").is_valid(data_of(file)) for file in files]
    assert refused
    assert all(refused) is (problem not in BEYOND)


def test_a_condition_may_be_of_conditions() -> None:
    """`any`, `all` and `not` at any depth, each part checked."""
    both: list[Any] = [{"goods": "apples"}, {"price": {"below": 9}}]
    part = {"not": {"any": [{"all": both}]}}
    text = {"zh": "便宜", "en": "cheap"}
    rule = {"dimension": "money", "points": {"stall": 1}, "because": text, "source": "judgement"}
    check = file_validator("rules", "tiny")
    assert check.is_valid({"a": {**rule, "when": part}})
    both[0]["goods"] = "aples"
    assert not check.is_valid({"a": {**rule, "when": part}})
    assert not check.is_valid({"a": {**rule, "when": {"price": {}}}})


# ---- the command


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_command_prints_the_schema(name: str, lang: str, capsys: Capture) -> None:
    """On standard output, in the language asked for."""
    assert run(["schema", name, "--lang", lang]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == validator(name, lang).schema
    assert err == ""


def test_the_schema_is_of_the_rulebook_that_is_named(capsys: Capture) -> None:
    """--rules works after the command."""
    assert run(["schema", "answers", "--rules", str(TINY)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document["$defs"]["answers"]["properties"]) == ["goods", "price", "insured"]


@pytest.mark.parametrize(
    ("lang", "near"), [("en", 'Did you mean "answers"?'), ("zh", "是不是想写“answers”？")]
)
def test_a_name_that_is_none_is_refused(lang: str, near: str, capsys: Capture) -> None:
    """With what was probably meant."""
    assert run(["schema", "answer", "--lang", lang]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert near in err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_alone_it_tells_its_names(lang: str, capsys: Capture) -> None:
    """As `rules` alone does."""
    assert run(["schema", "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert all(f"schema {name}" in out for name in NAMES)
    assert SAY.phrases["help_schema_case"][lang] in out


def test_a_narrow_output_changes_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the output cannot encode is spelled out, not replaced by question marks."""
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii", errors="replace"))
    assert run(["schema", "answers"]) == 0
    assert json.loads(raw.getvalue()) == validator("answers").schema
