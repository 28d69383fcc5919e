"""A table of clients: every row decided, in a table of the same rows."""

from __future__ import annotations

import glob
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from choose_channel.answers.format import answer_text
from choose_channel.api import engine_for
from choose_channel.cli import outputs, streams
from choose_channel.cli.clock import today
from choose_channel.cli.registry import Context
from choose_channel.engine.decide import identity_of
from choose_channel.files import storage
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.errors import (
    DocumentError,
    OutputError,
    Problem,
    UsageError,
    nearest,
)
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import VERSION
from choose_channel.tables.formats import FORMATS, Format, format_of
from choose_channel.tables.matching import match_columns, wanted_problems

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from choose_channel.model.rulebook import Rulebook
    from choose_channel.report.overview import Overview
    from choose_channel.tables import spark_run
    from choose_channel.tables.comparison import TableComparison
    from choose_channel.tables.matching import Match
    from choose_channel.tables.run import Decided, Job, Target
    from choose_channel.tables.sources import Source
    from choose_channel.tables.summary import Door, Summary
    from choose_channel.tables.tally import Tally

_REJECTED = 1
_ENGINES = ("polars", "spark")
_EXTRA = ("polars", "fastexcel", "xlsxwriter")
_SPARK_EXTRA = ("pyspark", "pyarrow", "polars")
_ON_SPARK = ("master", "conf")
_NOT_ON_SPARK = ("reports", "format", "name_column", "compare")
_LITTLE_MEMORY = {"POLARS_CSV_CHUNK_SIZE": "4000000", "POLARS_CSV_CHUNK_PREFETCH_LIMIT": "2"}
"""How far polars reads ahead: as it is made, by hundreds of megabytes, and no faster for it."""
_REPORTS = {"html": ".html", "markdown": ".md", "json": ".json"}
"""The formats of reports and summaries, and the endings of their files."""
_MOST_TOLD = 5
_LONG = 300
"""So much is told at most of what a library says."""
_NAME = 80
"""So long is the name of a report's file at most."""


class BatchOptions(NamedTuple):
    """The options, as they were typed."""

    output: str
    from_: str | None
    to: str | None
    map: Sequence[str] | None
    encoding: str | None
    columns: str | None
    prefix: str | None
    rejects: str | None
    summary: str | None
    reports: str | None
    format: str | None
    name_column: str | None
    compare: str | None
    engine: str | None
    master: str | None
    conf: Sequence[str] | None
    force: bool


def command(context: Context, files: Sequence[str], output: str | None, **others: object) -> int:
    """`batch TABLE... -o TABLE`"""
    messages = context.messages
    if output is None:
        raise UsageError([Problem(messages("batch_no_output"), "--output")])
    options = BatchOptions(output, **others)  # type: ignore[arg-type]
    _check_engine(options, messages)
    if options.engine == "spark":
        _check_options(options, messages)
        return _on_spark(context, files, options)
    _check_installed(_EXTRA, "batch_not_installed", messages)
    for name, value in _LITTLE_MEMORY.items():  # polars reads them when it is imported
        os.environ.setdefault(name, value)
    _check_options(options, messages)
    with tempfile.TemporaryDirectory(prefix="choose-channel-") as scratch, ExitStack() as stack:
        job = _job(context, files, options, Path(scratch))
        watch: list[Callable[[Decided], None]] = []
        comparison = None
        if options.reports:
            watch.append(_Reports(context, job, options).look)
        if options.compare:
            comparison = _comparison(context, job, options, stack)
            watch.append(comparison.look)
        return _run(context, job._replace(watch=watch), options, comparison)


def _check_installed(libraries: Sequence[str], phrase: str, messages: Messages) -> None:
    """Raises UsageError, with the command that helps, where an extra is missing."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in libraries):
        raise UsageError([Problem(messages(phrase))])


def _check_engine(options: BatchOptions, messages: Messages) -> None:
    """Raises UsageError where there is no such engine, or where an option is for the other."""
    if options.engine not in (None, *_ENGINES):
        words = {"value": shorten(str(options.engine)), "options": messages.listing(_ENGINES)}
        message = messages.hinted(
            messages("batch_no_engine", **words), nearest(str(options.engine), _ENGINES)
        )
        raise UsageError([Problem(message, "--engine")])
    on_spark = options.engine == "spark"
    names = _NOT_ON_SPARK if on_spark else _ON_SPARK
    phrase = "batch_not_on_spark" if on_spark else "batch_spark_only"
    flags = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name)]
    if flags:
        raise UsageError([Problem(messages(phrase), flag) for flag in flags])


# ---- what is to be done


def _check_options(options: BatchOptions, messages: Messages) -> None:
    problems = []
    for word, value in (("--from", options.from_), ("--to", options.to)):
        if value is not None and value not in FORMATS:
            words = {"value": shorten(value), "options": messages.listing(FORMATS)}
            problems.append(Problem(messages("batch_format", **words), word))
    if options.format is not None and options.format not in _REPORTS:
        words = {"value": shorten(options.format), "options": messages.listing(_REPORTS)}
        problems.append(Problem(messages("batch_format", **words), "--format"))
    if options.encoding is not None:
        import codecs

        try:
            codecs.lookup(options.encoding)
        except LookupError:
            message = messages("batch_no_encoding", value=shorten(options.encoding))
            problems.append(Problem(message, "--encoding"))
    for word, value in (("--format", options.format), ("--name-column", options.name_column)):
        if value is not None and not options.reports:
            problems.append(Problem(messages("batch_needs_reports"), word))
    if options.summary and Path(options.summary).suffix not in _summary_formats():
        endings = messages.listing(_summary_formats())
        message = messages("batch_summary_ending", options=endings)
        problems.append(Problem(message, options.summary))
    if problems:
        raise UsageError(problems)


def _summary_formats() -> Mapping[str, str]:
    return {ending: name for name, ending in _REPORTS.items()}


def _job(context: Context, files: Sequence[str], options: BatchOptions, scratch: Path) -> Job:
    from choose_channel.tables.frames import Decider
    from choose_channel.tables.run import Job, check_heads

    messages = context.messages
    paths = [*_expanded(files, messages)]
    target, rejects = _targets(options, messages)
    written = [target.path, rejects.path]
    written += [Path(options.summary)] if options.summary else []
    written += [_compared(target)] if options.compare else []
    read = [path for path in paths if path != storage.STANDARD]
    problems = [
        problem
        for path in written
        for problem in outputs.problems_with(
            path, read, context.rules, messages, replace=options.force
        )
    ]
    if problems:
        raise OutputError(problems)
    sources = [_source(path, options, scratch, messages) for path in paths]
    _check_same_heads(sources, paths, messages)
    heads, mapping = sources[0].heads, _mapping(options.map, messages)
    matches = match_columns(heads, context.rulebook, messages, mapping)
    wanted = _wanted(options.columns)
    decider = Decider(engine_for(context.rulebook), messages.lang, matches, wanted)
    _check_wanted(wanted, decider.names, messages)
    job = Job(sources, paths, decider, options.prefix or "", target, rejects, messages)
    check_heads(job)
    for note in dict.fromkeys(note for source in sources for note in source.notes):
        streams.notice(note)
    _tell_matches(matches, context.rulebook, messages)
    return job


def _tell_matches(matches: Sequence[Match], rulebook: Rulebook, messages: Messages) -> None:
    """Which column answers which question, and which questions none answers."""
    for match in matches:
        short = messages.text(match.question.short)
        words = {"head": shorten(match.head), "question": match.question.id, "short": short}
        streams.notice(messages("batch_matched", **words))
    answered = {match.question.id for match in matches}
    rest = [question for name, question in rulebook.asked.items() if name not in answered]
    if needed := [messages.text(question.short) for question in rest if question.core]:
        streams.notice(messages("batch_needed", names=messages.listing(needed)))
    assumed = [
        messages(
            "answer_assumed",
            question=messages.text(question.short),
            answer=answer_text(question, question.assumed, messages),
        )
        for question in rest
        if question.assumed is not None and not question.core
    ]
    if assumed:
        streams.notice(messages("batch_assumed", names=messages.listing(assumed)))


def _expanded(files: Sequence[str], messages: Messages) -> Iterator[str]:
    """The tables that some files, folders and patterns stand for, in order."""
    for name in files:
        path = Path(name)
        if name == storage.STANDARD or (path.exists() and not path.is_dir()):
            yield name
            continue
        if path.is_dir():
            names = [str(entry) for entry in path.iterdir()]
        else:
            names = glob.glob(name, recursive=True)  # noqa: PTH207  (Path's takes no whole path)
        tables = [table for table in sorted(names) if _is_table(Path(table))]
        if not tables:
            phrase = "batch_no_tables" if path.is_dir() else "file_missing"
            raise DocumentError([Problem(messages(phrase), name)])
        yield from tables


def _is_table(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return path.is_file() and not hidden and format_of(path.name) is not None


def _targets(options: BatchOptions, messages: Messages) -> tuple[Target, Target]:
    """Where the table goes, and the rejected rows: by default beside it."""
    from choose_channel.tables.run import Target

    path, is_standard = Path(options.output), options.output == storage.STANDARD
    format = format_of(options.output, options.to) or (Format("csv") if is_standard else None)
    if format is None:
        raise _unknown_ending(options.output, messages)
    if is_standard or (path.exists() and not path.is_file()):  # it has no place beside it
        beside = Path(f"choose-channel.{format.name}")
    else:
        beside = path
    rejects = options.rejects or str(_beside(beside, "rejects", format))
    rejects_format = format_of(rejects)
    if rejects_format is None:
        raise _unknown_ending(rejects, messages)
    return Target(path, format, options.force), Target(Path(rejects), rejects_format, options.force)


def _beside(path: Path, name: str, format: Format) -> Path:
    """A file beside a table, with a word in its name: `clients.rejects.csv` for `clients.csv`."""
    ending = f".{format.name}"
    if format_of(path.name):
        ending = "".join(path.suffixes[-1 if format.packing == "uncompressed" else -2 :])
    return path.with_name(f"{path.name.removesuffix(ending)}.{name}{ending}")


def _compared(target: Target) -> Path:
    """Where the rows go that get other advice."""
    path = target.path
    if str(path) == storage.STANDARD:
        path = Path(f"choose-channel.{target.format.name}")
    return _beside(path, "compare", target.format)


def _unknown_ending(name: str, messages: Messages) -> UsageError:
    options = messages.listing(f".{name}" for name in FORMATS)
    return UsageError([Problem(messages("batch_ending", options=options), name)])


def _source(name: str, options: BatchOptions, scratch: Path, messages: Messages) -> Source:
    from choose_channel.tables import sources

    is_standard = name == storage.STANDARD
    format = format_of(name, options.from_) or (Format("csv") if is_standard else None)
    if format is None:
        raise _unknown_ending(name, messages)
    path = Path(name)
    try:
        if is_standard or not path.is_file():  # a pipe is read once, a table twice
            path = (
                scratch
                / f"piped.{format.name}{path.suffix if format.packing != 'uncompressed' else ''}"
            )
            if is_standard and sys.stdin is None:
                raise DocumentError([Problem(messages("stdin_closed"), name)])
            with path.open("wb") as file:
                if is_standard:
                    shutil.copyfileobj(sys.stdin.buffer, file)
                else:
                    with Path(name).open("rb") as pipe:
                        shutil.copyfileobj(pipe, file)
        how = sources.Options(options.encoding, messages, scratch)
        return sources.SOURCES[format.name](path, how)
    except OSError as error:
        message = messages("file_unreadable", reason=storage.reason(error, messages))
        raise DocumentError([Problem(message, name)]) from error


def _check_same_heads(sources: Sequence[Source], names: Sequence[str], messages: Messages) -> None:
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
    names = [name.strip() for name in (columns or "").split(",")]
    return None if columns is None else [name for name in names if name]


def _check_wanted(wanted: Sequence[str] | None, names: Sequence[str], messages: Messages) -> None:
    if problems := wanted_problems(wanted, names, messages, "--columns"):
        raise UsageError(problems)


# ---- doing it


def _run(
    context: Context, job: Job, options: BatchOptions, comparison: TableComparison | None
) -> int:
    from choose_channel.tables.run import run
    from choose_channel.tables.sinks import MOST_ROWS, Sheet, TooManyRowsError
    from choose_channel.tables.summary import summarize

    messages, started = context.messages, time.monotonic()
    decider = job.decider

    def counted(tally: Tally) -> Summary:
        seconds = time.monotonic() - started
        return summarize(tally, decider.results, seconds, messages)

    def sheet(tally: Tally) -> Sheet:
        return Sheet(messages("batch_summary"), [*_rows_of(counted(tally), messages)])

    show = _progress(job, started, context)
    try:
        tally = run(job._replace(sheet=sheet), show)
    except TooManyRowsError as error:
        message = messages("batch_too_many_rows", most=f"{MOST_ROWS:,}")
        raise OutputError([Problem(message, str(job.output.path))]) from error
    except FileExistsError as error:
        raise OutputError([Problem(messages("file_exists"), str(error.filename))]) from error
    finally:
        show(-1)
    summary = counted(tally)
    _tell(summary, str(job.output.path), str(job.rejects.path), messages)
    if comparison:
        _tell_difference(comparison, job, messages)
    if options.summary:
        _write_summary(context, summary, Path(options.summary), options.force)
    return _REJECTED if tally.rejected else 0


def _progress(job: Job, started: float, context: Context) -> Callable[[int], None]:
    """A function to call with how many rows are done; -1 ends it. Silent where nobody watches."""
    counts = [source.count for source in job.sources]
    total = sum(count or 0 for count in counts) if None not in counts else 0
    messages = context.messages

    def show(done: int) -> None:
        if not context.looks.can_redraw(sys.stderr):
            return
        rate = done / max(time.monotonic() - started, 0.001)
        words = {"done": f"{done:,}", "rate": f"{rate:,.0f}"}
        text = messages("batch_progress", **words) if done >= 0 else ""
        if total > done >= 0:
            words |= {"percent": str(100 * done // total), "left": f"{(total - done) / rate:.0f}"}
            text = messages("batch_progress_left", **words)
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    return show


# ---- on Spark


def _on_spark(context: Context, files: Sequence[str], options: BatchOptions) -> int:
    """The same on Spark, which reads and writes in its own way."""
    _check_installed(_SPARK_EXTRA, "batch_no_spark", context.messages)
    from choose_channel.tables import spark_run
    from choose_channel.tables.summary import summarize

    started = time.monotonic()
    settings = _settings(options.conf, context.messages)
    targets = _spark_targets(files, options, context.messages)  # before Java, which takes a while
    with spark_run.session(options.master, settings, context.messages) as spark:
        job = _spark_job(context, files, targets, options, spark)
        try:
            tally = spark_run.run(spark, job)
        except Exception as error:
            reason = shorten(spark_run.reason_of(error), _LONG)
            message = context.messages("batch_spark_failed", reason=reason)
            raise OutputError([Problem(message, job.output.path)]) from error
    seconds = time.monotonic() - started
    summary = summarize(tally, job.decider.results, seconds, context.messages)
    _tell(summary, job.output.path, job.rejects.path, context.messages)
    if options.summary:
        _write_summary(context, summary, Path(options.summary), options.force)
    return _REJECTED if tally.rejected else 0


def _spark_targets(
    files: Sequence[str], options: BatchOptions, messages: Messages
) -> tuple[spark_run.Target, spark_run.Target]:
    """Where the table goes, and the rejected rows. Raises UsageError where the names of files, or
    what is said of them, tell of a format that Spark does not read or write; what a folder holds
    is known only to Spark."""
    from choose_channel.tables import spark_run

    endings = messages.listing(f".{name}" for name in spark_run.FORMATS)

    def known(name: str, candidate: Format | None) -> Format:
        if candidate is None or candidate.name not in spark_run.FORMATS:
            raise UsageError([Problem(messages("batch_spark_ending", options=endings), name)])
        return candidate

    for file in files:
        if candidate := format_of(file.rstrip("/"), options.from_):
            known(file, candidate)
    format = known(options.output, format_of(options.output.rstrip("/"), options.to))
    rejects = options.rejects or spark_run.beside(options.output, "rejects")
    rejects_format = known(rejects, format_of(rejects.rstrip("/")) or format)
    output = spark_run.Target(options.output, format, options.force)
    return output, spark_run.Target(rejects, rejects_format, options.force)


def _settings(written: Sequence[str] | None, messages: Messages) -> dict[str, str]:
    """The settings of Spark, as they were typed."""
    pairs = [text.partition("=") for text in written or ()]
    problems = [
        Problem(messages("batch_conf_form", text=shorten(name)), "--conf")
        for name, sign, _ in pairs
        if not (name.strip() and sign)
    ]
    if problems:
        raise UsageError(problems)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _spark_job(
    context: Context,
    files: Sequence[str],
    targets: tuple[spark_run.Target, spark_run.Target],
    options: BatchOptions,
    spark: SparkSession,
) -> spark_run.Job:
    from choose_channel.tables import spark_run
    from choose_channel.tables.spark import SparkDecider

    messages = context.messages
    spark_run.check_targets(spark, files, targets, messages)
    table = spark_run.read(spark, files, options.from_, options.encoding, messages)
    mapping = _mapping(options.map, messages)
    matches = match_columns(table.heads, context.rulebook, messages, mapping)
    wanted = _wanted(options.columns)
    engine = engine_for(context.rulebook)
    decider = SparkDecider(spark, engine, messages.lang, matches, wanted)
    _check_wanted(wanted, decider.names, messages)
    job = spark_run.Job(table, decider, options.prefix or "", *targets)
    clashes = [head for head in job.added if head in table.heads]
    if clashes:
        columns = messages.listing(f'"{shorten(head)}"' for head in clashes)
        raise UsageError([Problem(messages("batch_clash", columns=columns), "--prefix")])
    _tell_matches(matches, engine.rulebook, messages)
    return job


# ---- the summary


def _tell(summary: Summary, output: str, rejects: str, messages: Messages) -> None:
    """The summary on standard error."""
    counts = {name: f"{getattr(summary, name):,}" for name in ("rows", "decided", "rejected")}
    streams.notice(messages("batch_check", **counts))
    for count in summary.reasons[:_MOST_TOLD]:
        streams.notice(f"  {count.rows:,} × {count.text}")
    if len(summary.reasons) > _MOST_TOLD:
        more = len(summary.reasons) - _MOST_TOLD
        streams.notice(f"  {messages('batch_more_reasons', count=more)}")
    for count in summary.recommended:
        streams.notice(f"  {_share(count.rows, summary.decided)} {count.text}")
    for door in summary.doors[:_MOST_TOLD]:
        streams.notice(f"  {_door(door, summary, messages)}")
    rate = f"{summary.rate:,.0f}"
    streams.notice(messages("batch_speed", seconds=f"{summary.seconds:.1f}", rate=rate))
    if output != storage.STANDARD:
        streams.notice(messages("written_to", path=output))
    if summary.rejected:
        streams.notice(messages("batch_rejects_in", path=rejects))


def _share(rows: int, of: int) -> str:
    return f"{rows:,} ({100 * rows / max(of, 1):.1f}%)"


def _door(door: Door, summary: Summary, messages: Messages) -> str:
    words = {"change": door.text, "channel": door.channel_name}
    return messages("batch_door", **words, rows=f"{door.rows:,}", of=f"{summary.looked_at:,}")


def _rows_of(summary: Summary, messages: Messages) -> Iterator[list[str | int]]:
    """The summary as the rows of a sheet; a heading is a row of one cell."""
    yield [messages("batch_summary")]
    yield [messages("batch_rows"), summary.rows]
    yield [messages("batch_decided"), summary.decided]
    yield [messages("batch_rejected"), summary.rejected]
    parts = [
        (messages("batch_recommended"), summary.recommended),
        *(
            (messages("batch_access", channel=summary.channels[name]), counts)
            for name, counts in summary.access.items()
        ),
        (messages("batch_blockers"), summary.blockers),
        (messages("batch_reasons"), summary.reasons),
    ]
    for title, counts in parts:
        if counts:
            yield [title]
            for count in counts:
                yield [count.text, count.rows]
    if summary.doors:
        yield [messages("batch_doors", of=f"{summary.looked_at:,}")]
        for door in summary.doors:
            words = {"change": door.text, "channel": door.channel_name}
            yield [messages("batch_opens", **words), door.rows]


def _write_summary(context: Context, summary: Summary, path: Path, force: bool) -> None:
    from choose_channel.report.formats import render
    from choose_channel.report.run_info import RunInfo, Title

    messages = context.messages
    title = Title(messages("batch_summary"))
    run = RunInfo(today(messages), VERSION, "", title)
    text = render(_overview(context, summary), _summary_formats()[path.suffix], run)
    outputs.give(text, path, messages, replace=force)


def _overview(context: Context, summary: Summary) -> Overview:
    """The summary as a report."""
    from choose_channel.report.content import Cell, Cited, Column, Row, Section, Table
    from choose_channel.report.overview import Overview

    messages, rulebook = context.messages, context.rulebook
    sections: list[Section] = []
    rows: list[Row] = []
    title = ""

    def finish() -> None:
        if rows:
            columns = (Column(messages("batch_rows")), Column("%"))
            sections.append(Section("table", title, (Table(columns, tuple(rows), layout="list"),)))

    for label, *numbers in _rows_of(summary, messages):
        if numbers:
            share = f"{100 * int(numbers[0]) / max(summary.rows, 1):.1f}"
            rows.append(Row(Cited(str(label)), (Cell(f"{numbers[0]:,}"), Cell(share))))
        else:
            finish()
            rows, title = [], str(label)
    finish()
    return Overview(tuple(sections), summary.to_dict(), identity_of(rulebook, messages), messages)


# ---- the same table under another rulebook


def _comparison(
    context: Context, job: Job, options: BatchOptions, stack: ExitStack
) -> TableComparison:
    from choose_channel.tables.comparison import TableComparison
    from choose_channel.tables.frames import Decider
    from choose_channel.tables.run import writer

    rulebook = load_rulebook(options.compare, context.messages.lang)
    matches = [
        match._replace(question=rulebook.answerable[match.question.id])
        for match in job.decider.matches
        if match.question.id in rulebook.answerable
    ]
    then = Decider(engine_for(rulebook), context.messages.lang, matches, None)
    target = job.output._replace(path=_compared(job.output))
    heads = TableComparison.heads_for(job.decider, then)
    write = stack.enter_context(writer(job, target, heads))
    return TableComparison(job.decider, then, write)


def _tell_difference(comparison: TableComparison, job: Job, messages: Messages) -> None:
    words = {"rows": f"{comparison.differing:,}", "of": f"{comparison.rows:,}"}
    streams.notice(messages("batch_differ", **words))
    channels = job.decider.engine.rulebook.channels

    def name(channel: str | None) -> str:
        if channel is None:
            return messages("batch_nothing_open")
        return messages.text(channels[channel].name) if channel in channels else channel

    for (now, then), count in comparison.changes.most_common(_MOST_TOLD):
        streams.notice(f"  {count:,} × {name(now)} → {name(then)}")
    for channel in channels:
        opened, closed = comparison.opened[channel], comparison.closed[channel]
        if opened or closed:
            words = {"channel": name(channel), "opened": f"{opened:,}", "closed": f"{closed:,}"}
            streams.notice("  " + messages("batch_opened", **words))
    if comparison.refused:
        streams.notice(messages("batch_refused_there", rows=f"{comparison.refused:,}"))
    streams.notice(messages("written_to", path=_compared(job.output)))


# ---- a report for each row


class _Reports:
    """Writes a report for each decided row, named after a column."""

    def __init__(self, context: Context, job: Job, options: BatchOptions) -> None:
        self._context, self._job, self._messages = context, job, context.messages
        self._folder = Path(options.reports or "")
        self._format = options.format or "html"
        self._force = options.force
        self._column = self._place(options.name_column)
        self._names: set[str] = set()
        problem = ""
        if self._folder.exists() and not self._folder.is_dir():
            problem = self._messages("batch_reports_folder")
        elif self._folder.is_dir() and any(self._folder.iterdir()) and not self._force:
            problem = self._messages("batch_reports_full")
        if problem:
            raise OutputError([Problem(problem, str(self._folder))])
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = storage.reason(error, self._messages)
            message = self._messages("write_failed", reason=reason)
            raise OutputError([Problem(message, str(self._folder))]) from error

    def _place(self, head: str | None) -> int | None:
        """The number of the column that names the files."""
        if head is None:
            return None
        heads = self._job.heads
        if head not in heads:
            message = self._messages("batch_no_such_column", column=shorten(head))
            message = self._messages.hinted(message, nearest(head, filter(None, heads)))
            raise UsageError([Problem(message, "--name-column")])
        return heads.index(head)

    def look(self, decided: Decided) -> None:
        """Writes the reports of some rows."""
        from choose_channel.answers.sources import Layer, read_answers
        from choose_channel.api import decide_answers
        from choose_channel.report.formats import render
        from choose_channel.report.run_info import RunInfo, Title
        from choose_channel.tables.sources import ROW, column_name

        engine, messages = self._job.decider.engine, self._messages
        date = today(messages)
        columns = {
            match.question.id: column_name(match.number) for match in self._job.decider.matches
        }
        for row in decided.rows.iter_rows(named=True):
            raw = {name: row[column] for name, column in columns.items()}
            answers = read_answers(engine.rulebook, [Layer("file", raw)], messages)
            decision = decide_answers(engine, answers, messages.lang)
            client = row[column_name(self._column)] if self._column is not None else None
            title = Title(client=str(client)) if client is not None else Title()
            run = RunInfo(date, VERSION, "", title)
            text = render(decision, self._format, run)
            path = self._folder / self._name(client, row[ROW])
            outputs.write(path, text, messages, replace=self._force)

    def _name(self, client: object, number: int) -> str:
        """A name that no other report has, and that every system allows."""
        stem = _safe(str(client)) if client is not None else ""
        stem = stem or f"row-{number}"
        name, again = stem, 2
        while name.casefold() in self._names:
            name, again = f"{stem}-{again}", again + 1
        self._names.add(name.casefold())
        return name + _REPORTS[self._format]


def _safe(text: str) -> str:
    """A text as the name of a file."""
    kept = "".join(c if c.isalnum() or c in " -_.()" else "-" for c in shorten(text, _NAME))
    name = kept.strip(" .-")
    reserved = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
    name = name.encode()[: 3 * _NAME].decode("utf-8", "ignore")
    return f"{name}-" if name.split(".")[0].casefold() in reserved else name
