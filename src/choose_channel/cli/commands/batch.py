"""A table of clients: every row decided, in a table of the same rows."""

from __future__ import annotations

import glob
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from choose_channel.api import engine_for
from choose_channel.cli import outputs, streams
from choose_channel.cli.registry import Context
from choose_channel.files import storage
from choose_channel.messages.errors import DocumentError, OutputError, Problem, UsageError
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.tables.columns import match_columns
from choose_channel.tables.formats import FORMATS, Format, format_of

if TYPE_CHECKING:
    from choose_channel.tables.run import Job, Target
    from choose_channel.tables.sources import Source
    from choose_channel.tables.tally import Tally

_REJECTED = 1


def command(
    context: Context,
    files: Sequence[str],
    output: str | None,
    from_: str | None,
    to: str | None,
    map: Sequence[str] | None,
    encoding: str | None,
    columns: str | None,
    prefix: str | None,
    rejects: str | None,
    force: bool,
) -> int:
    """`batch TABLE... -o TABLE`"""
    messages = context.messages
    if output is None:
        raise UsageError([Problem(messages("batch_no_output"), "--output")])
    _check_installed(messages)
    with tempfile.TemporaryDirectory(prefix="choose-channel-") as scratch:
        job = _job(
            context, files, output, map, columns, prefix or "", rejects, encoding, force,
            from_, to, Path(scratch),
        )
        return _run(job, messages)


def _check_installed(messages: Messages) -> None:
    """Raises UsageError, with the command that helps, where the extra for tables is missing."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("polars", "fastexcel", "xlsxwriter")):
        raise UsageError([Problem(messages("batch_not_installed"))])


# ---- what is to be done


def _job(
    context: Context,
    files: Sequence[str],
    output: str,
    map: Sequence[str] | None,
    columns: str | None,
    prefix: str,
    rejects: str | None,
    encoding: str | None,
    force: bool,
    from_: str | None,
    to: str | None,
    scratch: Path,
) -> Job:
    from choose_channel.tables import frames
    from choose_channel.tables.run import Job, check_heads

    messages, engine = context.messages, engine_for(context.book)
    for option, value in (("--from", from_), ("--to", to)):
        if value is not None and value not in FORMATS:
            words = {"value": shorten(value), "options": messages.listing(FORMATS)}
            raise UsageError([Problem(messages("batch_format", **words), option)])
    paths = [*_expanded(files, messages)]
    target, refused = _targets(output, rejects, to, force, messages)
    problems = [
        problem
        for one in (target, refused)
        for problem in outputs.problems_with(
            one.path, [path for path in paths if path != storage.STANDARD], context.rules, messages,
            replace=force,
        )
    ]
    if problems:
        raise OutputError(problems)
    sources = [_source(path, from_, encoding, scratch, messages) for path in paths]
    _check_same_heads(sources, paths, messages)
    matches = match_columns(sources[0].heads, context.book, messages, _mapping(map, messages))
    if to_tell := dict.fromkeys(note for source in sources for note in source.notes):
        for note in to_tell:
            streams.notice(note)
    for match in matches:
        short = messages.text(match.question.short)
        words = {"head": shorten(match.head), "question": match.question.id, "short": short}
        streams.notice(messages("batch_matched", **words))
    wanted = _wanted(columns)
    decider = frames.Decider(engine, messages.lang, matches, wanted)
    if wanted is not None:
        _check_wanted(wanted, decider, messages)
    job = Job(sources, paths, decider, prefix, target, refused, messages)
    check_heads(job)
    return job


def _expanded(files: Sequence[str], messages: Messages) -> Iterator[str]:
    """The tables that some files, folders and patterns stand for, in order."""
    for name in files:
        path = Path(name)
        if name == storage.STANDARD or path.is_file() or path.is_fifo():
            yield name
            continue
        found = sorted(
            one
            for one in (map(str, path.iterdir()) if path.is_dir() else glob.glob(name, recursive=True))
            if Path(one).is_file() and format_of(one) and not Path(one).name.startswith((".", "~$"))
        )
        if not found:
            phrase = "batch_no_tables" if path.is_dir() else "file_missing"
            raise DocumentError([Problem(messages(phrase), name)])
        yield from found


def _targets(
    output: str, rejects: str | None, to: str | None, force: bool, messages: Messages
) -> tuple[Target, Target]:
    """Where the table goes, and the rejected rows: by default beside it."""
    from choose_channel.tables.run import Target

    format = format_of(output, to) or (Format("csv") if output == storage.STANDARD else None)
    if format is None:
        raise UsageError([Problem(messages("batch_ending", options=_endings(messages)), output)])
    path = Path(output)
    if rejects is None and (output == storage.STANDARD or path.exists() and not path.is_file()):
        path = Path(f"choose-channel.{format.name}")  # it has no place beside it
    rejects = rejects or str(_beside(path, "rejects", format))
    kept = format_of(rejects)
    if kept is None:
        raise UsageError([Problem(messages("batch_ending", options=_endings(messages)), rejects)])
    return Target(Path(output), format, force), Target(Path(rejects), kept, force)


def _beside(path: Path, name: str, format: Format) -> Path:
    """A file beside a table, with a word in its name: `clients.rejects.csv` for `clients.csv`."""
    endings = f".{format.name}", *path.suffixes[-1 if format.packing == "uncompressed" else -2 :]
    ending = "".join(endings[1:]) if format_of(path.name) else endings[0]
    return path.with_name(f"{path.name.removesuffix(ending)}.{name}{ending}")


def _endings(messages: Messages) -> str:
    return messages.listing(f".{name}" for name in FORMATS)


def _source(
    name: str, from_: str | None, encoding: str | None, scratch: Path, messages: Messages
) -> Source:
    from choose_channel.tables.sources import SOURCES, Options

    format = format_of(name, from_) or (Format("csv") if name == storage.STANDARD else None)
    if format is None:
        raise UsageError([Problem(messages("batch_ending", options=_endings(messages)), name)])
    path = Path(name)
    if name == storage.STANDARD or not path.is_file():
        path = scratch / f"standard-input.{format.name}"
        with path.open("wb") as file:
            if name == storage.STANDARD:
                if sys.stdin is None:
                    raise DocumentError([Problem(messages("stdin_closed"), name)])
                shutil.copyfileobj(sys.stdin.buffer, file)
            else:
                with Path(name).open("rb") as pipe:
                    shutil.copyfileobj(pipe, file)
    try:
        source: Source = SOURCES[format.name](path, Options(encoding, messages, scratch))
    except OSError as error:
        message = messages("file_unreadable", reason=storage.reason(error, messages))
        raise DocumentError([Problem(message, name)]) from error
    return source


def _check_same_heads(
    sources: Sequence[Source], names: Sequence[str], messages: Messages
) -> None:
    """Raises DocumentError where tables that become one have different columns."""
    problems = [
        Problem(messages("batch_other_heads", first=names[0]), name)
        for source, name in zip(sources, names, strict=True)
        if [*source.heads] != [*sources[0].heads]
    ]
    if problems:
        raise DocumentError(problems)


def _mapping(written: Sequence[str] | None, messages: Messages) -> Mapping[str, str]:
    mapping: dict[str, str] = {}
    for text in written or ():
        head, sign, question = text.rpartition("=")
        if not sign or not head.strip():
            raise UsageError([Problem(messages("batch_map_form", text=shorten(text)), "--map")])
        mapping[head.strip()] = question.strip()
    return mapping


def _wanted(columns: str | None) -> list[str] | None:
    return None if columns is None else [one.strip() for one in columns.split(",") if one.strip()]


def _check_wanted(wanted: Sequence[str], decider: object, messages: Messages) -> None:
    there = {column.name for column in decider.columns}  # type: ignore[attr-defined]
    for name in wanted:
        if name not in there:
            options = messages.listing(decider.names)  # type: ignore[attr-defined]
            words = {"value": shorten(name), "options": options}
            raise UsageError([Problem(messages("batch_no_added_column", **words), "--columns")])


# ---- doing it


def _run(job: Job, messages: Messages) -> int:
    from choose_channel.tables.run import run
    from choose_channel.tables.sinks import MOST_ROWS, TooManyRowsError

    started = time.monotonic()
    total = sum(source.count or 0 for source in job.sources)
    known = all(source.count is not None for source in job.sources)
    show = _progress(total if known else 0, started, messages)
    try:
        tally = run(job, show)
    except TooManyRowsError as error:
        most = f"{MOST_ROWS:,}"
        message = messages("batch_too_many_rows", most=most)
        raise OutputError([Problem(message, str(job.output.path))]) from error
    except FileExistsError as error:
        raise OutputError([Problem(messages("file_exists"), str(error.filename))]) from error
    finally:
        show(-1)
    _tell(job, tally, time.monotonic() - started, messages)
    return _REJECTED if tally.rejected else 0


def _progress(total: int, started: float, messages: Messages):  # type: ignore[no-untyped-def]
    """A function to call with how many rows are done; -1 ends it."""

    def show(done: int) -> None:
        if sys.stderr is None or not sys.stderr.isatty():
            return
        seconds = max(time.monotonic() - started, 0.001)
        text = ""
        if done >= 0:
            rate = done / seconds
            words = {"done": f"{done:,}", "rate": f"{rate:,.0f}"}
            text = messages("batch_progress", **words)
            if total > done:
                left = f"{(total - done) / max(rate, 1):.0f}"
                text = messages(
                    "batch_progress_left", **words, percent=100 * done // total, left=left
                )
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    return show


def _tell(job: Job, tally: Tally, seconds: float, messages: Messages) -> None:
    """The summary on standard error."""
    words = {"rows": f"{tally.rows:,}", "decided": f"{tally.decided:,}"}
    streams.notice(messages("batch_check", rejected=f"{tally.rejected:,}", **words))
    rate = f"{tally.rows / max(seconds, 0.001):,.0f}"
    streams.notice(messages("batch_speed", seconds=f"{seconds:.1f}", rate=rate))
    for reason, count in tally.reasons.most_common(5):
        streams.notice(f"  {count:,} × {reason}")
    streams.notice(messages("written_to", path=job.output.path))
    if tally.rejected:
        streams.notice(messages("batch_rejects_in", path=job.rejects.path))
