"""A folder of YAML files to a rulebook, and the cache that makes the second time fast.

The cache holds validated data and the terms of its conditions, so a run that finds it fresh neither
imports pydantic or YAML nor compiles a condition. It is written with marshal, which is read in half
the time of JSON and, unlike pickle, runs nothing. A file is believed only if its checksum is right,
and if it was made by this version, with this Python, of rule files that have not changed since.
"""

from __future__ import annotations

import errno
import functools
import marshal
import os
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from choose_channel.files import storage
from choose_channel.files.package import package_folder
from choose_channel.loading.build import build
from choose_channel.messages.errors import DocumentError, Problem, RulebookError, nearest
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.naming import VERSION
from choose_channel.model.rulebook import Rulebook

if TYPE_CHECKING:
    from choose_channel.files.documents import Document
    from choose_channel.loading.validate import Written

_FILES = (
    *("rulebook", "channels", "questions", "gates", "rules", "pitfalls", "plan", "facts"),
    *("money", "wording", "cases"),
)
_LAYOUT = 6
"""Raised when the validated data get new keys, or bands are cut anew, so that an older cache is not
read."""
_SILENT = ("wording", "cases")
"""Files that do not decide: left out of the digest."""


def shipped_folder() -> Path:
    """The rulebook that comes with the product: in the package, or in the checkout beside it."""
    inside = package_folder() / "rules"
    return inside if inside.is_dir() else package_folder().parents[1] / "rules"


def load_rulebook(folder: Path | str | None = None, lang: str = "en") -> Rulebook:
    """The rulebook in a folder, or the shipped one.

    A folder may hold only the files that differ from the shipped ones. Messages come in `lang`.
    Raises RulebookError with all problems, each as file:line:column.
    """
    if folder is None:
        return _shipped()
    messages = Messages(_shipped().wording, lang)
    return _load(_contents(folder, messages), storage.cache_key(folder), messages)


def unknown_phrases(rulebook: Rulebook) -> list[str]:
    """The phrases of a rulebook that this version of the program never says. They are no error, so
    that a rulebook made for another version still works."""
    return [name for name in rulebook.wording if name not in _shipped().wording]


def written_form(folder: Path | str | None, messages: Messages) -> Written:
    """The documents of a rulebook that loads, for telling where an entry stands."""
    return _written(_contents(folder, messages), messages)


@functools.cache
def _shipped() -> Rulebook:
    return _load(_read_folder(shipped_folder(), ""), "shipped", None)


def _contents(folder: Path | str | None, messages: Messages) -> Contents:
    contents = _read_folder(shipped_folder(), _as_prefix(shipped_folder()))
    if folder is None:
        return contents
    path = Path(folder)
    if not path.is_dir():
        raise RulebookError([Problem(_no_folder(path, messages), str(folder)[:300])])
    own = _read_folder(path, _as_prefix(path), messages)
    own_wording = own.pop("wording", None)
    contents.update(own)
    if own_wording:
        contents["own_wording"] = own_wording
    return contents


def _no_folder(path: Path, messages: Messages) -> str:
    """Why a path is no folder of rules."""
    try:
        path.stat()
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
            return messages("file_unreadable", reason=storage.reason(error, messages))
    return messages("no_rules_folder")


def _as_prefix(folder: Path) -> str:
    """What makes the name of a file in a folder one that the caller can open, from where they
    are; short where it can be."""
    here = Path.cwd()
    return f"{folder.relative_to(here) if folder.is_relative_to(here) else folder}{os.sep}"


Contents = dict[str, tuple[str, bytes]]
"""By file stem, the name to show and the bytes."""


def _read_folder(folder: Path, prefix: str, messages: Messages | None = None) -> Contents:
    contents: Contents = {}
    problems = []
    for path in sorted(folder.glob("*.y*ml")):
        if path.stem in _FILES and path.suffix == ".yaml":
            try:
                contents[path.stem] = (prefix + path.name, storage.read(path))
            except OSError as error:
                reason = storage.reason(error, messages) if messages else str(error)
                message = messages("file_unreadable", reason=reason) if messages else reason
                problems.append(Problem(message, prefix + path.name))
        elif messages:
            near = nearest(path.name, [f"{stem}.yaml" for stem in _FILES])
            problems.append(
                Problem(messages.hinted(messages("unknown_file"), near), prefix + path.name)
            )
    if messages and not contents and not problems:
        names = messages.listing([f"{stem}.yaml" for stem in _FILES])
        problems.append(Problem(messages("no_rule_files", files=names), str(folder)))
    if problems:
        raise RulebookError(problems)
    return contents


def _load(contents: Contents, name: str, messages: Messages | None) -> Rulebook:
    """The rulebook that some files make up, from the cache of this name if it is fresh."""
    key = [
        f"{VERSION} {_LAYOUT}",
        *(f"{stem} {_mark(content)}" for stem, (_, content) in sorted(contents.items())),
    ]
    path = storage.cache_folder() / f"rulebook-{name}.{sys.implementation.cache_tag}"
    rulebook = _cached(path, key)
    if rulebook is None:
        written = _written(contents, messages or _first_words(contents["wording"][1]))
        data = written.validated()
        rulebook = build(data, _digest(data))
        compiled: Any = written.compiled(rulebook)
        object.__setattr__(rulebook, "compiled", compiled)
        kept = marshal.dumps((key, rulebook.digest, compiled, data))
        storage.write_best_effort(path, f"{_mark(kept)}\n".encode() + kept)
    return rulebook


def _mark(content: bytes) -> str:
    """Tells whether some bytes are still the same. No more than that: the digest, which names a
    rulebook to others, is a real one, but costs an import."""
    return f"{len(content)} {zlib.crc32(content):x} {zlib.adler32(content):x}"


_DAMAGED = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(EOFError, RecursionError),
)


def _cached(path: Path, key: list[str]) -> Rulebook | None:
    """The rulebook in a cache file; None where there is none, or a stale or damaged one."""
    try:
        mark, kept = path.read_bytes().split(b"\n", 1)
        if mark.decode() != _mark(kept):
            return None
        written_key, digest, compiled, data = marshal.loads(kept)  # noqa: S302 (our own, unchanged)
        if written_key != key:
            return None
        rulebook = build(data, digest)
        object.__setattr__(rulebook, "compiled", compiled)
        return rulebook
    except _DAMAGED:
        return None


def _digest(data: Mapping[str, Any]) -> str:
    """What decides, whatever comments, line breaks and layout the files have."""
    import hashlib
    import json

    deciding = {stem: part for stem, part in data.items() if stem not in _SILENT}
    text = json.dumps(deciding, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _written(contents: Contents, messages: Messages) -> Written:
    from choose_channel.loading.validate import Written

    return Written(_documents(contents, messages), messages)


def _documents(contents: Contents, messages: Messages) -> dict[str, Document]:
    from choose_channel.files import documents

    read: dict[str, Document] = {}
    problems: list[Problem] = []
    for stem, (name, content) in contents.items():
        if stem != "cases":  # the rulebook's own tests; the commands that run them read them
            try:
                known = _phrases.get((name, content)) if stem == "wording" else None
                read[stem] = known or documents.read(content, name, messages)
            except DocumentError as error:
                problems += error.problems
    if problems:
        raise RulebookError(problems)
    _phrases[contents["wording"]] = read["wording"]
    return read


_phrases: dict[tuple[str, bytes], Document] = {}
"""The shipped phrases, over which every rulebook is laid: by far the longest file, read once."""


def _first_words(content: bytes) -> Messages:
    """The shipped phrases, read before anything is checked: the messages of the checks."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is a word
    return Messages(yaml.load(content, Loader=loader), LANGUAGES[-1])  # noqa: S506
