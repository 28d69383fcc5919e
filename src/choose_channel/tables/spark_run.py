"""Tables on Spark through from end to end: any path that Spark can read, decided and written.

What is written is a folder of parts, as Spark writes them. It is written beside its place and takes
it at the end. Rows are known by their file, since only Parquet numbers them.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, DataFrameReader, DataFrameWriter, Observation, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from choose_channel.messages.errors import DocumentError, OutputError, Problem, UsageError
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.tables.formats import Format, delimiter_of, format_of
from choose_channel.tables.frames import REJECTED, UNREADABLE
from choose_channel.tables.sources import ROWS
from choose_channel.tables.spark import Decided, SparkDecider
from choose_channel.tables.tally import Tally

FORMATS = ("csv", "tsv", "jsonl", "parquet")
"""The formats that Spark reads and writes."""
_CORRUPT, _LINE, _FILE, _ROW = "corrupt", "line", "file", "row"
_SETTINGS = {"spark.sql.caseSensitive": "true"}  # heads that differ in case are different
_FORMULA = r"^[=+\-@\t\r]"


class Table(NamedTuple):
    """A table as it was found. The columns of `frame` are c0, c1, ... by the number of their head,
    with `line` where they come from lines of JSON, `corrupt` where a row may not be readable, and
    where a row comes from."""

    frame: DataFrame
    heads: list[str]
    names: list[str]
    format: Format
    broken: str = ""
    """Why a row with something in `corrupt` cannot be read."""
    numbered: bool = False


class Target(NamedTuple):
    """A folder to be written, what it shall hold, and whether it may replace another."""

    path: str
    format: Format
    replace: bool


# ---- the session


@contextmanager
def session(
    master: str | None, settings: Mapping[str, str], messages: Messages
) -> Iterator[SparkSession]:
    """A session, which ends with the work; under spark-submit, the one that is there."""
    is_submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not is_submitted and not _java():
        raise UsageError([Problem(messages("batch_no_java"))])
    builder = SparkSession.builder.appName("choose-channel")
    if not is_submitted:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        shown = str(sys.stderr is not None and sys.stderr.isatty()).lower()
        ours = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": shown,
            "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS),
            "spark.executorEnv.POLARS_MAX_THREADS": "1",  # Spark keeps each core at work by itself
        }
        for name, value in ours.items():
            builder = builder.config(name, value)
    if master:
        builder = builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # Spark, py4j and Java have errors of their own
        message = messages("batch_no_session", reason=shorten(reason_of(error), 300))
        raise UsageError([Problem(message, "--master" if master else "--engine")]) from error
    try:
        spark.sparkContext.setLogLevel("ERROR")
        for name, value in _SETTINGS.items():
            spark.conf.set(name, value)
        with tempfile.TemporaryDirectory(prefix="choose-channel-") as scratch:
            spark.sparkContext.addPyFile(_packed(Path(scratch)))
            yield spark
    finally:
        spark.stop()


def _java() -> bool:
    """Whether there is a Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        return False
    try:
        text = subprocess.run(  # noqa: S603  (the person's own Java)
            [java, "-version"], capture_output=True, text=True, check=True
        ).stderr
    except (OSError, subprocess.CalledProcessError):
        return False
    number = text.partition('version "')[2].partition('"')[0].split(".")[0].split("-")[0]
    return number.isdigit() and int(number) >= 17


def _packed(folder: Path) -> str:
    """This program as an archive that the executors can import it from."""
    home = Path(__file__).parents[1]
    path = folder / "choose_channel.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(home.rglob("*.py")):
            archive.write(file, Path(home.name) / file.relative_to(home))
    return str(path)


def reason_of(error: BaseException) -> str:
    """What went wrong in Spark, in its own words, without where in Java."""
    text = str(getattr(error, "java_exception", None) or error)
    return next((line for line in text.splitlines() if line.strip()), type(error).__name__)


# ---- files, wherever Spark finds them


class Paths:
    """Folders and files by Spark's own way of reaching them."""

    def __init__(self, spark: SparkSession) -> None:
        self._java: Any = spark.sparkContext._jvm
        self._settings = spark.sparkContext._jsc.hadoopConfiguration()

    def _of(self, name: str) -> tuple[Any, Any]:
        path = self._java.org.apache.hadoop.fs.Path(name)
        return path.getFileSystem(self._settings), path

    def exists(self, name: str) -> bool:
        """Whether there is such a file or folder."""
        files, path = self._of(name)
        return bool(files.exists(path))

    def first(self, name: str) -> str | None:
        """The name of some file that a path or a pattern stands for; None where there is none."""
        files, path = self._of(name)
        for entry in files.globStatus(path) or ():
            if not entry.isDirectory():
                return str(entry.getPath().getName())
            for inner in files.listStatus(entry.getPath()):
                file = str(inner.getPath().getName())
                if not file.startswith(("_", ".")):
                    return file if not inner.isDirectory() else self.first(f"{name}/{file}")
        return None

    def same(self, left: str, right: str) -> bool:
        """Whether two names are those of one place."""
        first, second = (files.makeQualified(path) for files, path in map(self._of, (left, right)))
        return bool(first.equals(second))

    def delete(self, name: str) -> None:
        """Deletes a folder with what is in it."""
        files, path = self._of(name)
        files.delete(path, True)

    def move(self, name: str, target: str) -> None:
        """Gives a folder its name. Raises OSError."""
        files, path = self._of(name)
        if not files.rename(path, self._java.org.apache.hadoop.fs.Path(target)):
            raise OSError(target)


def beside(name: str, word: str) -> str:
    """A place beside another, with a word in its name: `out.rejects.csv` for `out.csv`."""
    folder, slash, last = name.rstrip("/").rpartition("/")
    stem, dot, ending = last.partition(".")
    return f"{folder}{slash}{stem}.{word}{dot}{ending}"


# ---- reading


def read(
    spark: SparkSession,
    names: Sequence[str],
    wanted: str | None,
    encoding: str | None,
    messages: Messages,
) -> Table:
    """The table in some files and folders. Raises DocumentError."""
    paths = Paths(spark)
    formats = []
    for name in names:
        file = paths.first(name)
        if file is None:
            raise DocumentError([Problem(messages("file_missing"), name)])
        format = format_of(name.rstrip("/"), wanted) or format_of(file)
        if format is None or format.name not in FORMATS:
            options = messages.listing(f".{ending}" for ending in FORMATS)
            raise UsageError([Problem(messages("batch_spark_ending", options=options), name)])
        formats.append(format)
    format = formats[0]
    if any(other.name != format.name for other in formats):
        raise DocumentError([Problem(messages("batch_other_heads", first=names[0]), names[-1])])
    match format.name:
        case "parquet":
            return _parquet(spark, names, format)
        case "jsonl":
            return _json_lines(spark, names, format, messages)
    return _separated(spark, names, format, encoding, messages)


def _parquet(spark: SparkSession, names: Sequence[str], format: Format) -> Table:
    frame = spark.read.parquet(*names)
    heads = frame.columns
    columns = _named(len(heads))
    frame = frame.select(
        *(F.col(_quoted(head)).alias(name) for head, name in zip(heads, columns, strict=True)),
        F.col("_metadata.file_path").alias(_FILE),
        (F.col("_metadata.row_index") + 1).alias(_ROW),
    )
    return Table(frame, heads, columns, format, numbered=True)


def _json_lines(
    spark: SparkSession, names: Sequence[str], format: Format, messages: Messages
) -> Table:
    lines = spark.read.text([*names]).where(F.trim("value") != "")
    keys = spark.read.option("primitivesAsString", "true").json([*names]).columns
    heads = [key for key in keys if key != "_corrupt_record"]
    if not heads:
        raise DocumentError([Problem(messages("batch_no_head"), names[0])])
    columns = _named(len(heads))
    schema = ", ".join(f"{_quoted(head)} string" for head in [*heads, "_corrupt_record"])
    record = F.from_json("value", schema, {"columnNameOfCorruptRecord": "_corrupt_record"})
    is_object = F.ltrim("value").startswith("{")
    frame = lines.withColumns({"record": record, _FILE: F.col("_metadata.file_path")}).select(
        *(
            F.col(f"record.{_quoted(head)}").alias(name)
            for head, name in zip(heads, columns, strict=True)
        ),
        F.col("value").alias(_LINE),
        F.when(is_object, F.col("record._corrupt_record"))
        .otherwise(F.col("value"))
        .alias(_CORRUPT),
        _FILE,
    )
    return Table(frame, heads, columns, format, messages("batch_no_object"))


def _separated(
    spark: SparkSession,
    names: Sequence[str],
    format: Format,
    encoding: str | None,
    messages: Messages,
) -> Table:
    def reader() -> DataFrameReader:
        return spark.read.option("encoding", encoding or "UTF-8")

    whole = reader().schema("value string").option("sep", "\x01").option("quote", "")
    lines = whole.csv([*names])
    start = "\n".join(row[0] or "" for row in lines.head(200))
    if "\ufffd" in start and encoding is None:
        raise DocumentError([Problem(messages("batch_spark_encoding"), names[0])])
    delimiter = "\t" if format.name == "tsv" else delimiter_of(start)
    first = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
    heads = [head.removeprefix("\ufeff") for head in first]
    if not any(heads):
        raise DocumentError([Problem(messages("batch_no_head"), names[0])])
    twice = sorted({head for head in heads if heads.count(head) > 1})
    if twice:
        columns = messages.listing(f'"{shorten(head)}"' for head in twice)
        message = messages("batch_head_twice", columns=columns, format="Spark")
        raise DocumentError([Problem(message, names[0])])
    quote, raw = F.lit('"'), spark.read.text([*names])  # bytes, quick in any encoding
    quotes = F.octet_length("value") - F.octet_length(F.replace("value", quote, F.lit("")))
    has_breaks = not raw.where(F.contains("value", quote) & (quotes % 2 == 1)).isEmpty()
    schema = ", ".join(f"{_quoted(head)} string" for head in [*heads, _CORRUPT])
    frame = (
        reader()
        .schema(schema)
        .options(header=True, sep=delimiter, quote='"', escape='"', columnPruning=False)
        .options(enforceSchema="\ufeff" in start, multiLine=has_breaks)
        .options(columnNameOfCorruptRecord=_CORRUPT)
        .csv([*names])
    )
    places = _named(len(heads))
    frame = frame.select(
        *(F.col(_quoted(head)).alias(name) for head, name in zip(heads, places, strict=True)),
        _CORRUPT,
        F.col("_metadata.file_path").alias(_FILE),
    )
    return Table(frame, heads, places, format, messages("batch_ragged", count=len(heads)))


def _named(count: int) -> list[str]:
    return [f"c{number}" for number in range(count)]


def _quoted(head: str) -> str:
    return "`" + head.replace("`", "``") + "`"


# ---- deciding and writing


class Job(NamedTuple):
    """What is to be done."""

    table: Table
    decider: SparkDecider
    prefix: str
    output: Target
    rejects: Target

    @property
    def added(self) -> list[str]:
        """The heads of what is added."""
        return [self.prefix + column.name for column in self.decider.columns]


def run(spark: SparkSession, job: Job) -> Tally:
    """Decides the table. Either all that is written takes its place, or nothing."""
    table, paths = job.table, Paths(spark)
    frame, rows = table.frame, Observation()
    if table.broken:
        broken = F.when(F.col(_CORRUPT).isNotNull(), F.lit(table.broken))
        frame = frame.withColumn(UNREADABLE, broken)
    frame = frame.observe(rows, F.count(F.lit(1)).alias("count"))
    written: list[tuple[str, Target]] = []
    try:
        decided = _decided(job, frame)
        count = _write(decided.frame, job.output, written)
        tally = decided.tally()
        _check(rows.get["count"], tally.rows)
        _check(count, tally.decided)
        if tally.rejected or paths.exists(job.rejects.path):
            count = _write(_refused(job, frame), job.rejects, written)
            _check(count, tally.rejected)
        for place, target in written:
            _put(paths, place, target)
    finally:
        for place, _ in written:
            paths.delete(place)
    return tally


def _decided(job: Job, frame: DataFrame) -> Decided:
    """The decided rows with their heads."""
    table, decider, broken = job.table, job.decider, [UNREADABLE] if job.table.broken else []
    if not table.format.name == job.output.format.name == "jsonl":
        frame = frame.select(*table.names, *broken)
        heads = dict(zip(table.names, table.heads, strict=True))
        return decider.decide(frame, table.names, heads, job.prefix)
    decided = decider.decide(frame.select(*table.names, _LINE, *broken), table.names)
    columns = [
        F.col(column.name).alias(head)
        for column, head in zip(decider.columns, job.added, strict=True)
    ]
    spliced = _spliced(F.col(_LINE), F.to_json(F.struct(*columns), _NULLS))
    return decided._replace(frame=decided.frame.select(spliced))


_NULLS = {"ignoreNullFields": "false"}


def _spliced(line: Any, added: Any) -> Any:
    """A JSON object with the keys of another at its end."""
    start = F.regexp_replace(line, r"\s*\}\s*$", "")
    comma = F.when(start.endswith("{"), "").otherwise(", ")
    return F.concat(start, comma, F.substring(added, F.lit(2), F.length(added))).alias("value")


def _refused(job: Job, frame: DataFrame) -> DataFrame:
    """The rejected rows with their heads, after where they come from, why they are here, and the
    whole line where it could not be read."""
    table = job.table
    own = [_FILE, *([_ROW] if table.numbered else []), REJECTED]
    own += [_CORRUPT] if table.broken else []
    heads = []
    for name in own:
        head = _LINE if name == _CORRUPT else name
        while head in table.heads:
            head += "_"
        heads.append(head)
    rows = job.decider.refuse(frame, table.names).frame
    guarded = F.when(F.col(REJECTED).rlike(_FORMULA), F.concat(F.lit("'"), REJECTED))
    rows = rows.withColumn(REJECTED, guarded.otherwise(F.col(REJECTED)))
    pairs = [*zip(own, heads, strict=True), *zip(table.names, table.heads, strict=True)]
    return rows.select(*(F.col(name).alias(head) for name, head in pairs))


def _write(rows: DataFrame, target: Target, written: list[tuple[str, Target]]) -> int:
    """Writes rows beside their place, and returns how many there are."""
    seen = Observation()
    place = beside(target.path, f"_{uuid.uuid4().hex[:8]}")
    folder, slash, last = place.rpartition("/")
    place = f"{folder}{slash}.{last}"
    written.append((place, target))
    _save(rows.observe(seen, F.count(F.lit(1)).alias("count")), place, target.format)
    return int(seen.get["count"])


def _check(count: int, expected: int) -> None:
    if count != expected:
        raise AssertionError("a row was lost")


def _save(frame: DataFrame, place: str, format: Format) -> None:
    writer: DataFrameWriter = frame.write
    if format.packing != "uncompressed":
        writer = writer.option("compression", format.packing)
    match format.name:
        case "parquet":
            writer.parquet(place)
        case "jsonl" if frame.columns == ["value"]:
            writer.text(place)
        case "jsonl":
            writer.option("ignoreNullFields", "false").json(place)
        case _:
            writer.options(
                header=True,
                sep="\t" if format.name == "tsv" else ",",
                escape='"',
                emptyValue="",
                ignoreLeadingWhiteSpace=False,
                ignoreTrailingWhiteSpace=False,
            ).csv(place)


def _put(paths: Paths, place: str, target: Target) -> None:
    """Gives what was written its name; what has it until then is kept until it is there."""
    if not paths.exists(target.path):
        paths.move(place, target.path)
        return
    if not target.replace:
        raise FileExistsError(target.path)
    old = f"{place}.old"
    paths.move(target.path, old)
    paths.move(place, target.path)
    paths.delete(old)


def check_targets(
    spark: SparkSession, names: Sequence[str], targets: Sequence[Target], messages: Messages
) -> None:
    """Raises OutputError where something that is there would be replaced."""
    problems, paths = [], Paths(spark)
    for target in targets:
        if any(paths.same(target.path, name) for name in names if "*" not in name):
            problems.append(Problem(messages("output_is_input"), target.path))
        elif paths.exists(target.path) and not target.replace:
            problems.append(Problem(messages("file_exists"), target.path))
    if problems:
        raise OutputError(problems)
