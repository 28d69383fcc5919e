"""Tables on Spark say what polars and the single decision say, on a cluster of two processes.

Without Java or the extra `spark` these tests are skipped; CI sets CHOOSE_CHANNEL_SPARK=required.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import operator
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables import money
from choose_channel.tables.matching import match_columns
from tests.tables.oracle import sellers
from tests.tables.test_frames import decided, expected_advice

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

IS_THERE = importlib.util.find_spec("pyspark") is not None
pytestmark = [
    pytest.mark.slow,  # a session alone takes ten seconds to start
    pytest.mark.filterwarnings("ignore"),  # Spark's own
    pytest.mark.skipif(
        not IS_THERE and os.environ.get("CHOOSE_CHANNEL_SPARK") != "required",
        reason='Spark is not installed: pip install "choose-channel[spark]", and Java 17',
    ),
]
CSV = """client,product_type,price,warehouse,followers,business_license,unit_cost
Mia,commodity,9.9,local,3000,overseas,3
Noa,大路货,$1.5k,local,1.2万,无,
Ben,nonsense,abc,local,1,none,
"A ""q"", B",digital,50,,0,none,
Cem,commodity,9,local,,none,
"""


@pytest.fixture(scope="module")
def spark(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A cluster of two executors, each a process of its own."""
    import pyspark

    from choose_channel.tables import spark_run

    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    os.environ["SPARK_WORKER_DIR"] = str(tmp_path_factory.mktemp("workers"))
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        **{"spark.executor.memory": "1g", "spark.sql.shuffle.partitions": "4"},
        # The first job waits for both workers, however busy the machine is.
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "300s",
    }
    with spark_run.session(
        "local-cluster[2,1,1024]", settings, FactMessages(rulebook, "en")
    ) as session:
        yield session


def rows_of(
    spark: SparkSession, engine: Engine, frame: pl.DataFrame, messages: Messages, lang: str
) -> list[dict[str, Any] | None]:
    """The columns that are added to each row; None where it is refused."""
    from choose_channel.tables.frames import REJECTED
    from choose_channel.tables.spark import SparkDecider

    names = [f"c{number}" for number in range(frame.width)]
    numbered = frame.rename(dict(zip(frame.columns, names, strict=True))).with_row_index("row")
    numbered = numbered.with_columns(pl.col("row").cast(pl.Int64))
    matches = match_columns(frame.columns, engine.rulebook, messages, {})
    decider = SparkDecider(spark, engine, lang, matches)
    table = spark.createDataFrame(
        numbered.to_arrow(compat_level=pl.CompatLevel.oldest())
    ).repartition(4)
    out = decider.decide(table, names)
    results = pl.from_arrow(out.frame.select("row", *decider.names).toArrow())
    refused = decider.refuse(table, names)
    reasons = pl.from_arrow(refused.frame.select("row", REJECTED).toArrow())
    assert isinstance(results, pl.DataFrame)
    assert isinstance(reasons, pl.DataFrame)
    assert not reasons[REJECTED].has_nulls()
    for tally in (out.tally(), refused.tally()):
        assert (tally.decided, tally.rejected) == (results.height, reasons.height)
        assert tally.rows == frame.height
    rows: dict[int, dict[str, Any] | None] = dict.fromkeys(reasons["row"])
    rows |= {row.pop("row"): row for row in results.iter_rows(named=True)}
    return [rows[number] for number in range(frame.height)]


def random_table(rulebook: Rulebook, count: int, seed: int) -> pl.DataFrame:
    names = [*rulebook.answerable]
    rows = [[row.get(name) for name in names] for row in sellers(rulebook, count, seed, costs=True)]
    rows[::50] = [["nonsense", *row[1:]] for row in rows[::50]]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def test_there_are_two_executors_and_they_run_what_was_shipped(spark: SparkSession) -> None:
    places = (
        spark.sparkContext.parallelize(["choose_channel"] * 2, 2)
        .map(importlib.util.find_spec)
        .map(operator.attrgetter("origin"))
        .collect()
    )
    assert all("choose_channel.zip" in place for place in places), places
    assert spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3  # one is the driver


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_spark_polars_and_the_decision_agree(
    spark: SparkSession, engine: Engine, rulebook: Rulebook, messages: Messages, lang: str
) -> None:
    frame = random_table(rulebook, 200, 11)
    got = rows_of(spark, engine, frame, messages, lang)
    assert got == decided(engine, frame, messages, lang)
    rows = [{k: v for k, v in row.items() if v} for row in frame.iter_rows(named=True)]
    assert got == [expected_advice(row, lang) for row in rows]


@pytest.mark.parametrize(("seed", "lang"), [(2, "en"), (3, "zh")])
def test_spark_agrees_on_the_10_000_rows_on_which_polars_and_the_decision_agree(
    spark: SparkSession,
    engine: Engine,
    rulebook: Rulebook,
    messages: Messages,
    seed: int,
    lang: str,
) -> None:
    frame = random_table(rulebook, 10_000, seed)
    assert rows_of(spark, engine, frame, messages, lang) == decided(engine, frame, messages, lang)


def test_all_agree_on_every_cell_of_one_kind_of_goods(
    spark: SparkSession, engine: Engine, messages: Messages
) -> None:
    frame = every_cell(engine, "affiliate")
    got = rows_of(spark, engine, frame, messages, "en")
    assert got == decided(engine, frame, messages)
    assert len(got) == frame.height > 10
    costs = {column.name for column in money.money_columns(engine.rulebook)}
    for row, answers in zip(got, frame.iter_rows(named=True), strict=True):
        expected = expected_advice({k: v for k, v in answers.items() if v}, "en")
        assert expected is not None
        assert row == {k: v for k, v in expected.items() if k not in costs}


def every_cell(engine: Engine, goods: str) -> pl.DataFrame:
    """A row for each way to answer all that applies to these goods."""
    space = engine.space
    axes = [axis for axis in space.axes if not axis.question.derived]
    first = axes[0]
    terms = space.masks[0][1 + [*first.values].index(goods)]
    values = [
        [to_text(value) for value in axis.values]
        if terms & space.applies[space.index[axis.question.id]]
        else [""]
        for axis in axes
    ]
    values[0] = [goods]
    names = [axis.question.id for axis in axes]
    return pl.DataFrame([*itertools.product(*values)], schema=names, orient="row")


@pytest.mark.parametrize("source", ["csv", "jsonl", "parquet"])
def test_folders_of_every_format_go_in_and_come_out(
    spark: SparkSession, engine: Engine, messages: Messages, tmp_path: Path, source: str
) -> None:
    folder = tmp_path / f"in.{source}"
    folder.mkdir()
    frame = pl.read_csv(CSV.encode(), infer_schema=False)
    for number, part in enumerate(frame.iter_slices(3)):
        place = folder / f"part-{number}.{source}"
        match source:
            case "csv":
                part.write_csv(place)
            case "jsonl":
                part.write_ndjson(place)
            case _:
                part.write_parquet(place)
    if source == "jsonl":
        (folder / "part-9.jsonl").write_text('[1]\n{"client": \n')
    bad = 4 if source == "jsonl" else 2
    for target in ("csv", "jsonl", "parquet"):
        tally = run_on(spark, engine, messages, folder, tmp_path / f"out.{target}")
        assert (tally.decided, tally.rejected) == (3, bad)
        out = read_folder(tmp_path / f"out.{target}")
        assert {row["client"] for row in out} == {"Mia", "Noa", 'A "q", B'}
        answers = {name: text for name, text in frame.row(1, named=True).items() if text}
        expected = expected_advice({k: v for k, v in answers.items() if k != "client"}, "en")
        assert expected
        recommended = {row["client"]: row["recommended"] for row in out}
        assert recommended[answers["client"]] == expected["recommended"]
        refused = read_folder(tmp_path / f"out.rejects.{target}")
        assert {"Ben", "Cem"} <= {row["client"] for row in refused}
        assert all(row["rejected_because"] and row["file"] for row in refused)
    if source == "jsonl":
        lines = (line for path in (tmp_path / "out.jsonl").glob("part*") for line in path.open())
        own = (tmp_path / "in.jsonl/part-0.jsonl").read_text().splitlines()[0]
        assert any(line.startswith(own[:-1] + ', "recommended":') for line in lines)


def run_on(
    spark: SparkSession, engine: Engine, messages: Messages, source: Path, output: Path
) -> Any:
    """Decides a folder."""
    from choose_channel.tables import spark_run
    from choose_channel.tables.formats import format_of
    from choose_channel.tables.spark import SparkDecider

    table = spark_run.read(spark, [str(source)], None, None, messages)
    matches = match_columns(table.heads, engine.rulebook, messages, {})
    targets = []
    for name in (str(output), spark_run.beside(str(output), "rejects")):
        format = format_of(name)
        assert format is not None
        targets.append(spark_run.Target(name, format, False))
    decider = SparkDecider(spark, engine, "en", matches)
    return spark_run.run(spark, spark_run.Job(table, decider, "", *targets))


def read_folder(folder: Path) -> list[dict[str, Any]]:
    """The rows of all parts of a table."""
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("part*")):
        match path.suffix:
            case ".parquet":
                rows += pl.read_parquet(path).to_dicts()
            case ".csv":
                rows += pl.read_csv(path, infer_schema=False).to_dicts()
            case _:
                rows += map(json.loads, path.read_text().splitlines())
    return rows


def test_what_cannot_be_read_is_kept_whole(
    spark: SparkSession, engine: Engine, messages: Messages, tmp_path: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        CSV + 'Long,digital,9,,1,none,,more\nShort,digital\n"Two\nlines",digital,9,,1,none,\n'
    )
    tally = run_on(spark, engine, messages, source, tmp_path / "out.csv")
    assert (tally.decided, tally.rejected) == (4, 4)
    refused = read_folder(tmp_path / "out.rejects.csv")
    assert {"Long,digital,9,,1,none,,more", "Short,digital"} < {row["line"] for row in refused}
    assert "Two\nlines" in {row["client"] for row in read_folder(tmp_path / "out.csv")}


def test_a_table_that_has_changed_is_counted_anew(
    spark: SparkSession, engine: Engine, messages: Messages, tmp_path: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(CSV)
    first = run_on(spark, engine, messages, source, tmp_path / "first.csv")
    source.write_text(CSV + "Ada,digital,9,,1,none,\n")
    second = run_on(spark, engine, messages, source, tmp_path / "second.csv")
    assert second.rows == first.rows + 1


def test_it_runs_under_spark_submit(tmp_path: Path) -> None:
    import pyspark

    import choose_channel

    home, program = Path(pyspark.__file__).parent, Path(choose_channel.__file__).parent
    (tmp_path / "in.csv").write_text(CSV)
    done = subprocess.run(
        [
            *(str(home / "bin/spark-submit"), "--master", "local[2]", str(program / "__main__.py")),
            *("batch", "in.csv", "-o", "out.jsonl", "--engine", "spark", "--lang", "zh"),
            *("--conf", "spark.sql.shuffle.partitions=2", "--summary", "sum.json"),
        ],
        cwd=tmp_path,
        env=os.environ
        | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        | {"PYTHONPATH": str(program.parent), "SPARK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    assert len(read_folder(tmp_path / "out.jsonl")) == 3
    assert json.loads((tmp_path / "sum.json").read_text())["rejected"] == 2
