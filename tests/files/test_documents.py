"""Files as text: what YAML 1.2, JSON and TOML mean, where each key stands, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml

from choose_channel.files.documents import MAX_DEPTH, Document, read
from choose_channel.files.storage import MAX_BYTES
from choose_channel.messages.errors import DocumentError
from choose_channel.messages.i18n import Messages
from tests.calls import calls_of

NOT_YAML = (
    "this is not valid YAML. Usual causes: no space after a colon, uneven indentation, a tab, a"
    " missing closing quote. Put text that contains a colon on its own line after |-."
)
NOT_JSON = "this is not valid JSON. Check the commas, quotes and brackets."
NOT_TOML = 'this is not valid TOML. Write key = "value", with quotes around text.'
NOT_TEXT = "this is not UTF-8 text. Use a YAML, JSON or TOML file saved as UTF-8."
UTF_16 = "this file is UTF-16. Save it as UTF-8 (in Notepad: Save As, Encoding UTF-8)."
TOO_DEEP = (
    "this is nested more than 40 levels deep, which answers and rules never need. Use fewer levels."
)


def refusal(content: str | bytes, name: str, messages: Messages) -> str:
    """The whole message with which a file is refused."""
    with pytest.raises(DocumentError) as caught:
        read(content.encode() if isinstance(content, str) else content, name, messages)
    return str(caught.value)


def document(content: str, name: str, messages: Messages) -> Document:
    """The document in a text."""
    return read(content.encode(), name, messages)


# ---- scalars


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ('""', ""),
        ('"12"', "12"),
        ("'true'", "true"),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("0b11", "0b11"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31 10:00:00", "2026-01-31 10:00:00"),
        ("=", "="),
    ],
)
def test_scalars_are_read_as_yaml_1_2_reads_them(
    written: str, meant: Any, messages: Messages
) -> None:
    """Each plain word means what the core schema says, whatever YAML 1.1 thought of it."""
    value = document(f"key: {written}\n", "a.yaml", messages).data["key"]
    assert (type(value), value) == (type(meant), meant)


def test_not_a_number_is_read_as_such(messages: Messages) -> None:
    """`.nan` is a float; refusing it is left to whoever asks for a number."""
    assert math.isnan(document("key: .nan", "a.yaml", messages).data["key"])


def test_a_number_of_400_digits_is_read_in_every_format(messages: Messages) -> None:
    """A huge number is no reason to fail, or to compute for long."""
    for name, text in {"a.yaml": "k: {}", "a.json": '{{"k": {}}}', "a.toml": "k = {}"}.items():
        assert document(text.format("1" * 400), name, messages).data["k"] > 10**17


@pytest.mark.parametrize("number", [123456789012345678, -123456789012345678])
@pytest.mark.parametrize(("name", "text"), [("a.yaml", "k: {}"), ("a.json", '{{"k": {}}}')])
def test_a_whole_number_of_18_digits_is_exact(
    number: int, name: str, text: str, messages: Messages
) -> None:
    """As a float it would end in 680; only what is longer may lose its last digits."""
    value = document(text.format(number), name, messages).data["k"]
    assert (type(value), value) == (int, number)


def test_keys_are_words_whatever_they_look_like(messages: Messages) -> None:
    """A key is text, also where the same value would be a number or a boolean."""
    assert list(document("1: a\ntrue: b\nno: c\n", "a.yaml", messages).data) == ["1", "true", "no"]


def test_block_text_keeps_braces_colons_and_hashes(messages: Messages) -> None:
    """Below |- an author may write anything."""
    text = "en: |-\n  {names}: Ticket #5 # kept\n  When?\n"
    assert document(text, "a.yaml", messages).data == {"en": "{names}: Ticket #5 # kept\nWhen?"}


def test_a_plain_text_ends_before_a_hash(messages: Messages) -> None:
    """YAML takes ` #` for a comment outside quotes and blocks; in quotes it stays."""
    data = document("plain: Ticket #5\nquoted: 'Ticket #5'\n", "a.yaml", messages).data
    assert data == {"plain": "Ticket", "quoted": "Ticket #5"}


def test_without_the_c_library_yaml_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, messages: Messages
) -> None:
    """PyYAML's own parser gives the same data and places as its C twin."""
    text = 'a:\n  - {b: no, c: "x"}\n  - |-\n    {d}: e\nf: 0o17\n'
    fast = document(text, "a.yaml", messages)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert document(text, "a.yaml", messages) == fast


# ---- places


def test_a_key_is_found_at_its_line_and_column(messages: Messages) -> None:
    """Keys inside keys have places of their own."""
    file = document("a:\n  b: 1\n  c:\n    d: 2\n", "a.yaml", messages)
    assert file.place(("a", "c", "d")) == "a.yaml:4:5"


def test_a_list_item_is_found_at_its_line_and_column(messages: Messages) -> None:
    """Items of flow and block lists have places of their own."""
    file = document("a: [x, y]\nb:\n  - x\n  - k: v\n", "a.yaml", messages)
    assert [file.place(("a", 1)), file.place(("b", 1)), file.place(("b", 1, "k"))] == [
        "a.yaml:1:8",
        "a.yaml:4:5",
        "a.yaml:4:5",
    ]


def test_what_is_not_there_is_placed_at_its_nearest_parent(messages: Messages) -> None:
    """A missing key is reported where it should have stood."""
    file = document("a:\n  b: 1\n", "a.yaml", messages)
    assert file.place(("a", "c", "d")) == "a.yaml:1:1"


def test_an_empty_document_is_placed_at_its_file(messages: Messages) -> None:
    """Without any key there is only the name of the file."""
    assert document("", "a.yaml", messages).place(("a",)) == "a.yaml"


def test_json_keys_of_the_same_name_have_their_own_places(messages: Messages) -> None:
    """JSON keys are found where they stand, not where their name stands first."""
    text = '{\n "note": "price\\": 1",\n "a": {"price": 1},\n "b": [{"price": 2}],\n  "价": 3}'
    file = document(text, "a.json", messages)
    paths: list[tuple[str | int, ...]] = [("a", "price"), ("b", 0, "price"), ("价",)]
    assert [file.place(path) for path in paths] == ["a.json:3:8", "a.json:4:9", "a.json:5:3"]


def test_toml_keys_are_found_in_tables_and_dotted_names(messages: Messages) -> None:
    """A TOML key is found where its name first stands as a key."""
    text = 'top = 1\n[answers]\nprice = 2\n"quoted" = 3\nx.y = {z = 4}\n'
    file = document(text, "a.toml", messages)
    paths = [("answers",), ("answers", "price"), ("answers", "quoted"), ("answers", "x", "y", "z")]
    assert [file.place(path) for path in paths] == [
        "a.toml:2:2",
        "a.toml:3:1",
        "a.toml:4:1",
        "a.toml:5:8",
    ]


def test_many_json_keys_take_no_longer_each(messages: Messages) -> None:
    """50,000 keys are placed at once; searching the text for each of them would take minutes."""
    text = "{" + ",\n".join(f'"key{number}": 1' for number in range(50_000)) + "}"
    assert document(text, "a.json", messages).place(("key49999",)) == "a.json:50000:1"


# ---- what is refused


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "a: 1\nb: 2\na: 3\n",
            'a.yaml:3:1: "a" appears twice, the first time on line 1. Keep one.',
        ),
        ("- a: 1\n  a: 2\n", 'a.yaml:2:3: "a" appears twice, the first time on line 1. Keep one.'),
        ("a: 1\n'a': 2\n", 'a.yaml:2:1: "a" appears twice, the first time on line 1. Keep one.'),
        (
            "a: &x 1\nb: *x\n",
            "a.yaml:1:4: anchors and aliases (x) are not supported. Write the value out.",
        ),
        ("b: *x\n", "a.yaml:1:4: anchors and aliases (x) are not supported. Write the value out."),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "a.yaml:1:4: tags (tag:yaml.org,2002:python/object/apply:os…) are not supported."
            " Write a plain value.",
        ),
        (
            "a: !!str 1\n",
            "a.yaml:1:4: tags (tag:yaml.org,2002:str) are not supported. Write a plain value.",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "a.yaml:2:1: a second document starts here (---). A file holds only one; delete the"
            " rest.",
        ),
        ("? [a]\n: 1\n", 'a.yaml:1:3: this key is not a word. Write it as "key: value".'),
        ("{{a: b}: 1}\n", 'a.yaml:1:2: this key is not a word. Write it as "key: value".'),
        ("a: [1, 2\n", f"a.yaml:2:1: {NOT_YAML}"),
        ('a: "open\n', f"a.yaml:2:1: {NOT_YAML}"),
        ("a:\n\tb: 1\n", f"a.yaml:2:1: {NOT_YAML}"),
        ("a: b: c\n", f"a.yaml:1:5: {NOT_YAML}"),
        ("a: @x\n", f"a.yaml:1:4: {NOT_YAML}"),
        ('a: "\\UFFFFFFFF"\n', f"a.yaml:1:7: {NOT_YAML}"),
    ],
)
def test_yaml_is_refused_at_its_place(content: str, message: str, messages: Messages) -> None:
    """What YAML allows and a rulebook does not, and what is no YAML at all."""
    assert refusal(content, "a.yaml", messages) == message


def test_all_repeated_and_strange_keys_are_reported_at_once(messages: Messages) -> None:
    """Reading goes on after a fault that leaves the structure whole."""
    assert refusal("? [a]\n: 1\nb: 2\nb: 3\nb: 4\n", "a.yaml", messages).splitlines() == [
        'a.yaml:1:3: this key is not a word. Write it as "key: value".',
        'a.yaml:4:1: "b" appears twice, the first time on line 3. Keep one.',
        'a.yaml:5:1: "b" appears twice, the first time on line 3. Keep one.',
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1', f"a.json:1:8: {NOT_JSON}"),
        ("", f"a.json:1:1: {NOT_JSON}"),
        ('{"a": 1,\n "b": }', f"a.json:2:7: {NOT_JSON}"),
        ('{"a": 1} {}', f"a.json:1:10: {NOT_JSON}"),
        (
            '{"a": 1,\n "a": 2}',
            'a.json:2:2: "a" appears twice, the first time on line 1. Keep one.',
        ),
        (
            '{"b": {"a": 1},\n "a": 2,\n "a": 3}',
            'a.json:3:2: "a" appears twice, the first time on line 2. Keep one.',
        ),
        (
            '{"\\u4ef7": 1,\n "价": 2}',
            'a.json:2:2: "价" appears twice, the first time on line 1. Keep one.',
        ),
    ],
)
def test_json_is_refused_at_its_place(content: str, message: str, messages: Messages) -> None:
    """Cut-off JSON and keys that stand twice."""
    assert refusal(content, "a.json", messages) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("price = ", f"a.toml:1:8: {NOT_TOML}"),
        ("a = 1\nb = [1,\n", f"a.toml:2:8: {NOT_TOML}"),
        ("a = 1\nprice 2\n", f"a.toml:2:7: {NOT_TOML}"),
        ("price = 2026-13-45\n", f"a.toml:1:13: {NOT_TOML}"),
        ("a = 1\na = 2\nb = 3\n", f"a.toml:2:6: {NOT_TOML}"),
        ("a = " + "1" * 5000, f"a.toml:1:5005: {NOT_TOML}"),
    ],
)
def test_toml_is_refused_at_its_place(content: str, message: str, messages: Messages) -> None:
    """Cut-off TOML, keys that stand twice, numbers no parser takes."""
    assert refusal(content, "a.toml", messages) == message


def test_json_words_for_no_number_are_read(messages: Messages) -> None:
    """NaN and Infinity are floats; refusing them is left to whoever asks for a number."""
    data = document('{"a": NaN, "b": -Infinity}', "a.json", messages).data
    assert math.isnan(data["a"]) and data["b"] == -math.inf


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.yaml", "[" * 100_000, "a.yaml:1:41"),
        ("a.yaml", "- " * 100_000, "a.yaml:1:81"),
        ("a.yaml", "{a: " * 100_000, "a.yaml:1:158"),
        ("a.json", "[" * 100_000, "a.json"),
        ("a.json", '{"a":' * 100_000 + "1" + "}" * 100_000, "a.json"),
        ("a.json", "[" * 41 + "]" * 41, "a.json"),
        ("a.toml", "a = " + "[" * 100_000 + "]" * 100_000, "a.toml"),
        ("a.toml", "a = " + "[" * 41 + "]" * 41, "a.toml"),
        ("a.toml", ".".join(["a"] * 100_000) + " = 1", "a.toml"),
        ("a.toml", "[" + " . ".join(['"a\\""', "'a'"] * 50_000) + "]", "a.toml"),
    ],
)
def test_depth_is_bounded_in_every_format(
    name: str, content: str, place: str, messages: Messages
) -> None:
    """100,000 levels cost no more than the 40 that are allowed, and not the stack."""
    assert refusal(content, name, messages) == f"{place}: {TOO_DEEP}"
    assert calls_of(lambda: refusal(content, name, messages)) < 50_000


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_the_deepest_allowed_nesting_is_read(name: str, messages: Messages) -> None:
    """The limit itself is still allowed, in both formats alike."""
    levels = MAX_DEPTH - 1
    assert document("[" * levels + "1" + "]" * levels, name, messages).data


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 价\n".encode("utf-16"), f"a.yaml: {UTF_16}"),
        (b"\xfe\xff" + "a: 1\n".encode("utf-16-be"), f"a.yaml: {UTF_16}"),
        ("a: 1\n".encode("utf-16-le"), f"a.yaml:1: {NOT_TEXT}"),
        ("x: 1\na: 价格\n".encode("gbk"), f"a.yaml:2: {NOT_TEXT}"),
        ("\nx: 1\na: 价格\n".encode("gbk"), f"a.yaml:3: {NOT_TEXT}"),
        (b"\na: \x1b[31mred\n", f"a.yaml:2: {NOT_TEXT}"),
        (b"a: 1\nb: 2\x00\n", f"a.yaml:2: {NOT_TEXT}"),
        (b"a: \x1b[31mred\n", f"a.yaml:1: {NOT_TEXT}"),
        ("a: \x9b31mred\n".encode(), f"a.yaml:1: {NOT_TEXT}"),
        ("a: \ufffe\n".encode(), f"a.yaml:1: {NOT_TEXT}"),
        (bytes(range(256)), f"a.yaml:2: {NOT_TEXT}"),
        (b"\x89PNG\r\n\x1a\n", f"a.yaml:1: {NOT_TEXT}"),
    ],
)
def test_what_is_not_utf_8_text_is_refused(
    content: bytes, message: str, messages: Messages
) -> None:
    """Other encodings, binary files and control characters, with the line where it is known."""
    assert refusal(content, "a.yaml", messages) == message


def test_a_byte_order_mark_is_read_over(messages: Messages) -> None:
    """Notepad's mark at the start of UTF-8 is no part of the first key."""
    for name, text in {"a.yaml": "k: 1", "a.json": '{"k": 1}', "a.toml": "k = 1"}.items():
        assert read(b"\xef\xbb\xbf" + text.encode(), name, messages).data == {"k": 1}


def test_a_file_over_the_limit_is_refused_before_it_is_read(messages: Messages) -> None:
    """4 MB and one byte are too much."""
    message = "(the limit is 4 MB). Use a file with only answers or rules in it."
    assert refusal(b"a" * (MAX_BYTES + 1), "a.yaml", messages) == (
        f"a.yaml: the file is too large {message}"
    )


@pytest.mark.parametrize("content", ["", "\n", "# only a comment\n", "---\n"])
def test_an_empty_file_holds_nothing(content: str, messages: Messages) -> None:
    """Nothing is None, not an error: the caller knows what to make of it."""
    assert document(content, "a.yaml", messages).data is None


def test_the_ending_tells_the_format_and_yaml_is_the_rest(messages: Messages) -> None:
    """Upper case counts too; standard input and unknown endings are YAML, which holds JSON."""
    data = [document('{"a": 1}', name, messages).data for name in ("A.JSON", "stdin", "a.txt")]
    assert data == [{"a": 1}] * 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", '"\\e[31mx": 1\n"\\e[31mx": 2\n'),
        ("a.json", '{"\\u001b[31mx": 1, "\\u001b[31mx": 2}'),
        ("a.yaml", "a: !<%1B%5B31m> x\n"),
    ],
)
def test_a_message_repeats_no_terminal_escapes(name: str, content: str, messages: Messages) -> None:
    """A name from a file must not steer the terminal it is shown on."""
    assert "\x1b" not in refusal(content, name, messages)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.yaml", 'a: "\\e"\n', "1:1"),
        ("a.yaml", '"\\e": 1\n', "1:1"),
        ("a.yaml", 'a:\n  - x\n  - "\\e"\n', "3:5"),
        ("a.json", '{"a": ["x", {"b": "\\u001b"}]}', "1:14"),
        ("a.toml", 'a = ["x", "\\u001b"]\n', "1:1"),
    ],
)
def test_a_control_character_is_found_wherever_an_escape_brings_it_in(
    name: str, content: str, place: str, messages: Messages
) -> None:
    """In a text, a key, a list, and what is in a list."""
    assert refusal(content, name, messages).startswith(f"{name}:{place}: ")


def test_a_message_repeats_only_the_start_of_a_long_name(messages: Messages) -> None:
    """A key of a thousand letters is cut in the message."""
    key = "k" * 1000
    assert len(refusal(f"{key}: 1\n{key}: 2\n", "a.yaml", messages)) < 120
