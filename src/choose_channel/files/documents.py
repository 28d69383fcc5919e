"""YAML, JSON and TOML text to plain data, with the place of every key.

YAML is read as version 1.2 reads it: `no` is a word, dates are words, a key stands once. Anchors,
tags and a second document are refused: a file of answers or advice needs none of them, and they
are how a small file becomes a huge or a running one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from choose_channel.files import storage
from choose_channel.messages.errors import DocumentError, Problem
from choose_channel.messages.i18n import Messages, shorten

MAX_DEPTH = 40

KeyPath = tuple[str | int, ...]
"""The keys and the numbers of items that lead to a value."""
Place = tuple[int, int]

_CORE_SCHEMA: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"(~|null|Null|NULL|)"), lambda _: None),
    (re.compile(r"(true|True|TRUE)"), lambda _: True),
    (re.compile(r"(false|False|FALSE)"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,18}"), int),
    (re.compile(r"0x[0-9a-fA-F]{1,15}"), lambda text: int(text, 16)),
    (re.compile(r"0o[0-7]{1,15}"), lambda text: int(text, 8)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,6})?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(nan|NaN|NAN)"), lambda _: float("nan")),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_JSON_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"(\s*:)?')
_TOML_NAME = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_TOML_KEY = re.compile(rf"(?:^|[{{,.\[])[ \t]*({_TOML_NAME})[ \t]*(?=[=.\]])", re.MULTILINE)
_TOML_DEEP_KEY = re.compile(rf"(?<![\w-])(?:{_TOML_NAME}[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}")


@dataclass(frozen=True, slots=True)
class Document:
    """Data, the name of its file, and where each key or item stands in it."""

    name: str
    data: Any
    places: Mapping[KeyPath, Place] = field(repr=False)

    def place(self, path: KeyPath) -> str:
        """`file:line:column` of the path, or of its nearest parent that stands in the file."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place:
                return f"{self.name}:{place[0]}:{place[1]}"
        return self.name


@contextmanager
def reading(name: str, messages: Messages) -> Iterator[None]:
    """Turns the reasons why a file cannot be read into a DocumentError that a person can use."""
    try:
        yield
    except FileNotFoundError as error:
        raise DocumentError([Problem(messages("file_missing"), name)]) from error
    except OSError as error:
        message = messages("file_unreadable", reason=storage.reason(error, messages))
        raise DocumentError([Problem(message, name)]) from error


def read(content: bytes, name: str, messages: Messages, suffix: str | None = None) -> Document:
    """The document in `content`; its format follows `suffix`, by default the ending of `name`, and
    is YAML if that is none.

    Raises DocumentError naming the place of everything that keeps it from being read.
    """
    text = _decode(content, name, messages)
    suffix = PurePath(name).suffix.lower() if suffix is None else suffix
    if suffix == ".toml":
        document = _toml(text, name, messages)
    elif suffix == ".json":
        document = _json(text, name, messages)
    else:
        document = _Yaml(text, name, messages).document()
    hidden = [
        Problem(messages("control_character"), document.place(at)) for at in _hidden(document.data)
    ]
    if hidden:
        raise DocumentError(hidden)
    return document


def _hidden(data: Any, at: KeyPath = ()) -> Iterator[KeyPath]:
    """Where a text holds control characters, which an escape may have brought in."""
    if isinstance(data, dict):
        for key, part in data.items():
            if _CONTROL.search(str(key)):
                yield (*at, key)
            yield from _hidden(part, (*at, key))
    elif isinstance(data, list):
        for number, part in enumerate(data):
            yield from _hidden(part, (*at, number))
    elif isinstance(data, str) and _CONTROL.search(data):
        yield at


def _fail(messages: Messages, key: str, place: str, **values: object) -> DocumentError:
    return DocumentError([Problem(messages(key, **values), place)])


def _decode(content: bytes, name: str, messages: Messages) -> str:
    if len(content) > storage.MAX_BYTES:
        raise _fail(messages, "file_too_large", name, megabytes=storage.MAX_BYTES // 1_000_000)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _fail(messages, "file_utf16", name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _fail(messages, "file_not_text", f"{name}:{line}") from error
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise _fail(messages, "file_not_text", f"{name}:{line}")
    return text


class _Yaml:
    """Builds data from the parser's flat events, so depth and place are ours to watch."""

    def __init__(self, text: str, name: str, messages: Messages) -> None:
        self.text, self.name, self.messages = text, name, messages
        self.places: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []

    def document(self) -> Document:
        import yaml  # only where a file is read

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        data: Any = None
        try:
            data = self._build(yaml, yaml.parse(self.text, Loader=loader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._problem("yaml_syntax", mark)
        except yaml.YAMLError:
            self._problem("yaml_syntax", None)
        if self.problems:
            raise DocumentError(self.problems)
        return Document(self.name, data, self.places)

    def _problem(self, phrase: str, mark: Any, **values: object) -> None:
        place = f"{self.name}:{mark.line + 1}:{mark.column + 1}" if mark else self.name
        self.problems.append(Problem(self.messages(phrase, **values), place))

    def _build(self, yaml: Any, events: Any) -> Any:
        root: list[Any] = []
        # Each open container: its data, its path, and for a mapping the key that waits for a value.
        stack: list[tuple[Any, KeyPath, list[str | None]]] = [(root, (), [None])]
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._problem("yaml_two_documents", event.start_mark)
                    return None
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                stack.pop()
            elif isinstance(event, yaml.AliasEvent):
                self._problem("yaml_alias", event.start_mark, name=event.anchor)
                return None
            elif isinstance(event, yaml.NodeEvent):
                if not self._allowed(event, len(stack)):
                    return None
                self._put(yaml, event, stack)
        return root[0] if root else None

    def _allowed(self, event: Any, depth: int) -> bool:
        if event.anchor is not None:
            self._problem("yaml_alias", event.start_mark, name=event.anchor)
        elif getattr(event, "tag", None) is not None:
            self._problem("yaml_tag", event.start_mark, name=shorten(event.tag))
        elif depth > MAX_DEPTH:
            self._problem("too_deep", event.start_mark, depth=MAX_DEPTH)
        else:
            return True
        return False

    def _put(self, yaml: Any, event: Any, stack: list[Any]) -> None:
        container, path, waiting = stack[-1]
        scalar = isinstance(event, yaml.ScalarEvent)
        if isinstance(container, dict) and waiting[0] is None:
            if not scalar:
                self._problem("yaml_key", event.start_mark)
                waiting[0] = ""
                stack.append(({}, path, [None]))  # read on, so that later faults are found too
                return
            key = event.value
            if key in container:
                first = self.places[(*path, key)][0]
                self._problem("duplicate_key", event.start_mark, key=shorten(key), line=first)
            else:
                self.places[(*path, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)
            waiting[0] = key
            return
        empty: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        value = self._scalar(event) if scalar else empty
        if isinstance(container, dict):
            here: KeyPath = (*path, waiting[0] or "")
            container[waiting[0]] = value
            waiting[0] = None
        else:
            here = (*path, len(container)) if len(stack) > 1 else ()
            container.append(value)
            self.places[here] = (event.start_mark.line + 1, event.start_mark.column + 1)
        if not scalar:
            stack.append((value, here, [None]))

    @staticmethod
    def _scalar(event: Any) -> Any:
        if event.implicit[0]:  # a plain word, not a quoted or a block text
            for pattern, convert in _CORE_SCHEMA:
                if pattern.fullmatch(event.value):
                    return convert(event.value)
        return event.value


class _Lines:
    """Where in a text something stands, for parsers that do not tell."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(line.end() for line in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class _Pairs(list[tuple[str, Any]]):
    """A JSON object whose keys are not yet checked."""


def _json(text: str, name: str, messages: Messages) -> Document:
    import json

    def integer(digits: str) -> int | float:
        return int(digits) if len(digits.removeprefix("-")) <= 18 else float(digits)

    try:
        data = json.loads(text, object_pairs_hook=_Pairs, parse_int=integer)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise _fail(messages, "json_syntax", place) from error
    except RecursionError as error:
        raise _fail(messages, "too_deep", name, depth=MAX_DEPTH) from error

    lines = _Lines(text)
    # The keys as they stand in the text come in the order in which `checked` meets them.
    keys = (string.start() for string in _JSON_STRING.finditer(text) if string[1])
    places: dict[KeyPath, Place] = {}
    problems: list[Problem] = []

    def checked(value: Any, path: KeyPath) -> Any:
        if len(path) >= MAX_DEPTH:
            raise _fail(messages, "too_deep", name, depth=MAX_DEPTH)
        if isinstance(value, _Pairs):
            result: dict[str, Any] = {}
            for key, part in value:
                here = (*path, key)
                line, column = lines.place(next(keys))
                if key in result:
                    message = messages("duplicate_key", key=shorten(key), line=places[here][0])
                    problems.append(Problem(message, f"{name}:{line}:{column}"))
                else:
                    places[here] = line, column
                result[key] = checked(part, here)
            return result
        if isinstance(value, list):
            return [checked(part, (*path, number)) for number, part in enumerate(value)]
        return value

    data = checked(data, ())
    if problems:
        raise DocumentError(problems)
    return Document(name, data, places)


def _toml(text: str, name: str, messages: Messages) -> Document:
    import tomllib

    lines = _Lines(text)
    if _TOML_DEEP_KEY.search(text):  # the parser's time grows with the square of the depth
        raise _fail(messages, "too_deep", name, depth=MAX_DEPTH)
    try:
        data = tomllib.loads(text)
    except RecursionError as error:
        raise _fail(messages, "too_deep", name, depth=MAX_DEPTH) from error
    except ValueError as error:  # among them numbers of thousands of digits
        at = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (at[1], at[2]) if at else lines.place(len(text.rstrip()))
        raise _fail(messages, "toml_syntax", f"{name}:{line}:{column}") from error

    first: dict[str, Place] = {}
    for key in _TOML_KEY.finditer(text):
        first.setdefault(key[1].strip("\"'"), lines.place(key.start(1)))
    places: dict[KeyPath, Place] = {}

    def visit(value: Any, path: KeyPath) -> None:
        if len(path) >= MAX_DEPTH:
            raise _fail(messages, "too_deep", name, depth=MAX_DEPTH)
        if path and path[-1] in first:
            places[path] = first[str(path[-1])]  # the first key of that name, wherever it stands
        if isinstance(value, dict):
            for key, part in value.items():
                visit(part, (*path, key))
        elif isinstance(value, list):
            for number, part in enumerate(value):
                visit(part, (*path, number))

    visit(data, ())
    return Document(name, data, places)
