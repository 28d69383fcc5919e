"""What this program finds around it, on one screen to paste into a bug report.

It holds no private data: no answers, no names, no values of environment variables other than
those of the terminal and the language, and the home folder is written `~`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from choose_channel.cli import streams
from choose_channel.cli.clock import today
from choose_channel.cli.display import Looks, display_for
from choose_channel.cli.registry import Context
from choose_channel.files import storage
from choose_channel.messages.errors import Problem, UsageError
from choose_channel.messages.i18n import Messages, printable, spoken, spoken_by
from choose_channel.messages.wrap import wrap
from choose_channel.model.naming import PREFIX, PROGRAM, VERSION
from choose_channel.report.source_list import is_old
from choose_channel.wizard.drafts import Drafts
from choose_channel.wizard.history import History

FORMATS = ("text", "json")
_FOR_DEVELOPERS = ("dev",)
"""Extras that nobody needs who only uses the program."""
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)[^;]*(?:;.*extra\s*==\s*['\"](?P<extra>[\w-]+))?")
_LABEL = 12
"""The width of the column of labels, in cells."""


def command(context: Context, format: str | None) -> int:
    """`doctor [--format text|json]`."""
    messages = context.messages
    if format is not None and format not in FORMATS:
        message = messages("usage_format", value=format, options=messages.listing(FORMATS))
        raise UsageError([Problem(message, "--format")])
    report = findings(context)
    if format == "json":
        streams.write_utf8(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
        return 0
    width = max(40, min(shutil.get_terminal_size().columns, 100))
    for label, line in _lines(report, messages):
        first, *more = wrap(line, width - _LABEL)
        print(_padded(label) + first)
        for rest in more:
            print(" " * _LABEL + rest)
    return 0


# ---- what there is


def findings(context: Context) -> dict[str, Any]:
    """Everything that is reported, as `--format json` prints it."""
    required, extras = _requirements()
    return {
        "program": {
            "version": VERSION,
            "python": platform.python_version(),
            "implementation": platform.python_implementation(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "dependencies": {name: _version(name) for name in required},
        },
        "rulebook": _rulebook(context),
        "language": _language(context.messages.lang),
        "terminal": _terminal(context.looks),
        "places": {
            name: _place(path)
            for name, path in (
                ("cache", storage.cache_folder()),
                ("history", History(context.rules or "").folder),
                ("drafts", Drafts(context.rules or "").path.parent),
            )
        },
        "extras": {
            extra: [name for name in names if _version(name) is None]
            for extra, names in extras.items()
        },
        "variables": sorted(name for name in os.environ if name.startswith(PREFIX)),
    }


def _requirements() -> tuple[list[str], dict[str, list[str]]]:
    """The packages that the program needs, and those of each extra; none where the program runs
    without having been installed."""
    required: list[str] = []
    extras: dict[str, list[str]] = {}
    try:
        written = metadata.requires(PROGRAM) or []
    except metadata.PackageNotFoundError:
        written = []
    for requirement in written:
        parts = _REQUIREMENT.match(requirement)
        if parts and parts["extra"] not in _FOR_DEVELOPERS:
            names = extras.setdefault(parts["extra"], []) if parts["extra"] else required
            names.append(parts["name"])
    return required, extras


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _rulebook(context: Context) -> dict[str, Any]:
    import datetime

    rulebook, date = context.rulebook, today(context.messages)
    reviewed = datetime.date.fromisoformat(rulebook.reviewed)
    return {
        "name": context.messages.text(rulebook.name),
        "version": rulebook.version,
        "digest": rulebook.digest[:12],
        "reviewed": rulebook.reviewed,
        "days_since": (datetime.date.fromisoformat(date) - reviewed).days,
        "is_shipped": context.rules is None,
        "facts": len(rulebook.facts),
        "facts_old": sum(is_old(fact.as_of, date) for fact in rulebook.facts.values()),
    }


def _language(lang: str) -> dict[str, str]:
    source, value = spoken_by(os.environ)
    if lang != spoken(None, os.environ):
        source, value = "--lang", lang
    return {"language": lang, "source": source, "value": printable(value)}


def _terminal(looks: Looks) -> dict[str, Any]:
    size = shutil.get_terminal_size()
    each = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}
    return {
        "columns": size.columns,
        "lines": size.lines,
        "TERM": printable(os.environ.get("TERM", "")),
        "color": display_for("terminal", looks, to_file=False).color or "",
        "streams": {
            name: {
                "encoding": getattr(stream, "encoding", "") or "",
                "is_terminal": _isatty(stream),
            }
            for name, stream in each.items()
        },
    }


def _isatty(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # it is closed
        return False


def _place(path: Path) -> dict[str, Any]:
    """A folder: how it is called, whether it is there, and whether one may write in it, or make
    it in the nearest folder above it that is there."""
    nearest = next((folder for folder in (path, *path.parents) if folder.exists()), path)
    can_write = nearest.is_dir() and os.access(nearest, os.W_OK)
    return {"path": private(path), "exists": path.is_dir(), "is_writable": can_write}


def private(path: Path) -> str:
    """A path without the name of its user."""
    try:
        home = Path.home()
    except RuntimeError:
        return printable(str(path))
    if path.is_relative_to(home):
        path = Path("~", path.relative_to(home))
    return printable(str(Path(*("…" if part == home.name else part for part in path.parts))))


# ---- in words


def _lines(report: Mapping[str, Any], messages: Messages) -> Iterator[tuple[str, str]]:
    """Each line with its label, which is "" where the line before it has the same."""
    program, rulebook = report["program"], report["rulebook"]
    words = {key: value for key, value in program.items() if key != "dependencies"}
    yield messages("doctor_program"), messages("doctor_program_line", **words)
    versions = [f"{name} {version or '?'}" for name, version in program["dependencies"].items()]
    yield "", ", ".join(versions) or messages("doctor_not_installed")
    yield messages("doctor_rulebook"), messages("doctor_rulebook_line", **rulebook)
    origin = "doctor_shipped" if rulebook["is_shipped"] else "doctor_own_rules"
    facts = messages("doctor_facts", count=rulebook["facts"], old=rulebook["facts_old"])
    yield "", messages.sentences([messages(origin), facts])
    language = report["language"]
    key = "doctor_language_by" if language["source"] else "doctor_language_default"
    yield messages("doctor_language"), messages(key, **language)
    terminal = report["terminal"]
    color = terminal["color"]
    color = messages("doctor_color", color=color) if color else messages("doctor_no_color")
    words = {**terminal, "TERM": terminal["TERM"] or "?", "color": color}
    yield messages("doctor_terminal"), messages("doctor_terminal_line", **words)
    by_state: dict[str, list[str]] = {}
    for name, stream in terminal["streams"].items():
        key = "doctor_at_terminal" if stream["is_terminal"] else "doctor_at_file"
        by_state.setdefault(messages(key, encoding=stream["encoding"] or "?"), []).append(name)
    for state, names in by_state.items():
        yield "", messages("doctor_streams", names=", ".join(names), state=state)
    yield from _places(report["places"], messages)
    for extra, missing in report["extras"].items():
        key = "doctor_extra_missing" if missing else "doctor_extra_there"
        words = {"name": extra, "missing": messages.listing(missing)}
        yield messages("doctor_extras"), messages(key, **words, install=f"{PROGRAM}[{extra}]")
    if report["variables"]:
        listed = messages.listing(report["variables"])
        yield messages("doctor_variables"), messages("doctor_variables_line", names=listed)


def _places(places: Mapping[str, Any], messages: Messages) -> Iterator[tuple[str, str]]:
    names = {
        "cache": messages("doctor_cache"),
        "history": messages("doctor_history"),
        "drafts": messages("doctor_drafts"),
    }
    label = messages("doctor_places")
    for name, place in places.items():
        state = messages("doctor_there" if place["exists"] else "doctor_not_yet")
        if not place["is_writable"]:
            state = messages("doctor_not_writable")
        yield label, messages("doctor_place", name=names[name], path=place["path"], state=state)
        label = ""


def _padded(label: str) -> str:
    from rich.cells import cell_len

    return label + " " * max(1, _LABEL - cell_len(label)) if label else " " * _LABEL
