"""`batch`: tables of every format go in and come out, and nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from choose_channel.cli.main import run
from choose_channel.loading.load import shipped_folder

HEAD = "client,product_type,price,warehouse,followers,business_license"
GOOD = "Mia,commodity,9.9,local,3000,overseas"
Batch = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where the command runs."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def table(*rows: str, head: str = HEAD, end: str = "\n") -> str:
    """A CSV table."""
    return end.join([head, *rows]) + end


def written(name: str) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def batch(*words: str) -> int:
    """Runs the command."""
    return run(["batch", *words])


def test_how_far_it_has_come_is_shown_and_wiped_out_at_the_end(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one line of a terminal, over which the summary is printed."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Path("in.csv").write_text(table(GOOD, GOOD))
    assert batch("in.csv", "-o", "out.csv", "--lang", "en") == 0
    _, *shown, last = capsys.readouterr().err.split("\r")
    assert any(re.fullmatch(r"\d+%, 2 rows, .* s left\x1b\[K", line) for line in shown)
    assert re.match(r"\x1b\[K2 rows", last)


# ---- rows


def test_rows_keep_their_order_and_their_own_columns(folder: Path) -> None:
    Path("in.csv").write_text(
        table(GOOD, "Noa,digital,50,,0,none", "007,branded,$1.5k,abroad,2k,无")
    )
    assert batch("in.csv", "-o", "out.csv") == 0
    rows = written("out.csv")
    assert [row["client"] for row in rows] == ["Mia", "Noa", "007"]
    assert rows[2]["price"] == "$1.5k"
    assert [*rows[0]][:6] == HEAD.split(",")


def test_rejected_rows_are_kept_with_their_numbers_and_all_reasons(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(
        table(GOOD, "Ben,nonsense,abc,local,1,none", "", "Cem,commodity,9,local,,none")
    )
    assert batch("in.csv", "-o", "out.csv") == 1
    rejected = written("out.rejects.csv")
    assert [(row["row"], row["client"]) for row in rejected] == [("3", "Ben"), ("5", "Cem")]
    reasons = rejected[0]["rejected_because"]
    assert "product_type: " in reasons
    assert "price: " in reasons
    reason = 'no answer for "followers"; write "unknown" where nobody knows'
    assert rejected[1]["rejected_because"] == reason
    assert "3 rows in = 1 decided + 2 rejected" in capsys.readouterr().err
    assert len(written("out.csv")) == 1


@pytest.mark.parametrize(
    ("output", "rejects"),
    [
        ("out.csv.gz", "out.rejects.csv.gz"),
        ("out.v2.jsonl", "out.v2.rejects.jsonl"),
        ("OUT.CSV", "OUT.rejects.CSV"),
        ("out", "out.rejects.csv"),
    ],
)
def test_rejects_stand_beside_the_table_with_its_ending(
    output: str, rejects: str, folder: Path
) -> None:
    """That of the format where the table has none."""
    Path("in.csv").write_text(table(GOOD, "Ben,nonsense,9,local,1,none"))
    words = [] if "." in output else ["--to", "csv"]
    assert batch("in.csv", "-o", output, *words) == 1
    assert names(folder) == sorted(["in.csv", output, rejects])


def test_no_file_of_rejects_without_any(folder: Path) -> None:
    Path("in.csv").write_text(table(GOOD))
    assert batch("in.csv", "-o", "out.csv") == 0
    assert names(folder) == ["in.csv", "out.csv"]


def test_an_earlier_file_of_rejects_does_not_outlive_its_table(folder: Path) -> None:
    Path("in.csv").write_text(table(GOOD))
    Path("out.rejects.csv").write_text("old")
    assert batch("in.csv", "-o", "out.csv") == 2
    assert batch("in.csv", "-o", "out.csv", "--force") == 0
    assert written("out.rejects.csv") == []


@pytest.mark.parametrize("rows", [[], [GOOD]])
def test_no_rows_and_one_row(folder: Path, rows: list[str]) -> None:
    Path("in.csv").write_text(table(*rows))
    for ending in ("csv", "jsonl", "parquet", "xlsx", "tsv"):
        assert batch("in.csv", "-o", f"out.{ending}") == 0
    assert len(written("out.csv")) == len(rows)
    assert pl.read_parquet("out.parquet").height == len(rows)


@pytest.mark.parametrize(
    "bad",
    ["NaN", "inf", "-5", "1e9", "9" * 400, "9.999", "0", "true", "=9.9", "1,2,3", "9.9€"],
)
def test_a_bad_price_is_rejected_not_guessed(folder: Path, bad: str) -> None:
    Path("in.csv").write_text(table(f'X,commodity,"{bad}",local,3000,overseas', GOOD))
    assert batch("in.csv", "-o", "out.csv") == 1
    assert len(written("out.csv")) == 1
    assert bad[:20] in Path("out.rejects.csv").read_text()


@pytest.mark.parametrize(
    "good", ["$9.90", " 9.9 ", "９.９", "9.9 USD", "1,200", "12.", "1.2k", "+7", "0.01"]
)
def test_values_are_read_as_in_the_wizard(folder: Path, good: str) -> None:
    Path("in.csv").write_text(table(f'X,大路货,"{good}",local,1.2万,overseas'))
    assert batch("in.csv", "-o", "out.csv") == 0


def test_what_an_order_leaves_is_marked_where_it_is_before_shipping(folder: Path) -> None:
    head = f"{HEAD},unit_cost,shop_shipping,link_shipping"
    Path("in.csv").write_text(table(f"{GOOD},2,1,", f"{GOOD},2,1,3", f"{GOOD},,,", head=head))
    assert batch("in.csv", "-o", "out.csv") == 0
    marks = [
        [row["before_shipping_own_videos"], row["before_shipping_own_store"]]
        for row in written("out.csv")
    ]
    assert marks == [["false", "true"], ["false", "false"], ["", ""]]


def test_quotes_line_breaks_and_crlf_pass_through(folder: Path) -> None:
    name = 'A "B"\nC, D'
    row = '"A ""B""\nC, D",commodity,9.9,local,3000,overseas'
    Path("in.csv").write_bytes(table(row, GOOD, end="\r\n").encode())
    assert batch("in.csv", "-o", "out.csv") == 0
    assert [item["client"] for item in written("out.csv")] == [name, "Mia"]


def test_ragged_rows_are_not_cut(folder: Path) -> None:
    Path("in.csv").write_text(table(f"{GOOD},more,$1,000", "Short,digital,9", GOOD + ",,,"))
    assert batch("in.csv", "-o", "out.csv") == 1
    assert [row["client"] for row in written("out.rejects.csv")] == ["Mia", "Short"]
    assert "more,$1,000" in written("out.rejects.csv")[0]["rejected_because"]
    assert len(written("out.csv")) == 1


def test_a_quotation_mark_that_is_never_closed_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD, 'Ben,"commodity,9,local,1,none'))
    assert batch("in.csv", "-o", "out.csv") == 2
    assert not Path("out.csv").exists()
    assert "quotation mark" in capsys.readouterr().err


# ---- columns


def test_columns_in_any_order_and_in_chinese(folder: Path) -> None:
    head = "粉丝数,客户,主推款卖多少美元？,你卖的是什么？,营业执照,货从哪里发？"
    Path("in.csv").write_text(table("1.2万,甲,9.9,大路货,境外公司,abroad", head=head))
    assert batch("in.csv", "-o", "out.csv", "--lang", "zh") == 0
    assert [*written("out.csv")[0]][:6] == head.split(",")


def test_a_column_is_named_by_map(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("in.csv").write_text(table(GOOD, head=HEAD.replace("followers", "reach")))
    assert batch("in.csv", "-o", "out.csv") == 1
    assert batch("in.csv", "-o", "out.csv", "--force", "--map", "Reach=followers") == 0
    assert 'column "reach" → followers' in capsys.readouterr().err
    assert batch("in.csv", "-o", "out.csv", "--force", "--map", "reech=followers") == 2
    assert 'Did you mean "reach"' in capsys.readouterr().err


def test_two_columns_for_one_question_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD + ",5", head=HEAD + ",fans"))
    assert batch("in.csv", "-o", "out.csv") == 2
    assert '"followers", "fans"' in capsys.readouterr().err
    assert batch("in.csv", "-o", "out.csv", "--map", "fans=") == 0


def test_a_table_without_the_goods_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table("1,2", head="a,b"))
    assert batch("in.csv", "-o", "out.csv") == 2
    assert "product_type" in capsys.readouterr().err


def test_columns_of_the_same_name_pass_through_csv(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD + ",x,y", head=HEAD + ",note,note"))
    assert batch("in.csv", "-o", "out.csv") == 0
    assert Path("out.csv").read_text().splitlines()[0].startswith(HEAD + ",note,note,")
    assert batch("in.csv", "-o", "out.parquet") == 2
    assert '"note"' in capsys.readouterr().err


def test_a_clash_is_an_error_and_a_prefix_helps(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD + ",mine", head=HEAD + ",aim"))
    assert batch("in.csv", "-o", "out.csv") == 2
    assert '"aim"' in capsys.readouterr().err
    assert batch("in.csv", "-o", "out.csv", "--prefix", "x_") == 0
    row = written("out.csv")[0]
    assert (row["aim"], row["x_aim"]) == ("mine", "tiktok_shop")


def test_columns_are_chosen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("in.csv").write_text(table(GOOD))
    assert batch("in.csv", "-o", "out.csv", "--columns", "recommended,fit_bio_link") == 0
    assert [*written("out.csv")[0]][6:] == ["recommended", "fit_bio_link"]
    assert batch("in.csv", "-o", "out.csv", "--force", "--columns", "recomended") == 2
    assert 'Did you mean "recommended"' in capsys.readouterr().err
    assert batch("in.csv", "-o", "out.csv", "--force", "--columns", " , ") == 2
    assert "name at least one column" in capsys.readouterr().err


def test_the_money_alone_can_be_added(folder: Path) -> None:
    rows = (f"{GOOD},3", "Ben,nonsense,9,local,1,none,3")
    Path("in.csv").write_text(table(*rows, head=f"{HEAD},unit_cost"))
    assert batch("in.csv", "-o", "out.csv", "--columns", "margin") == 1
    assert [*written("out.csv")[0]][7:] == ["margin"]


def test_what_is_assumed_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of every question without a column, with the answer."""
    Path("in.csv").write_text(table(GOOD))
    assert batch("in.csv", "-o", "out.csv") == 0
    text = capsys.readouterr().err
    assert (
        "so they are assumed: where you live (in mainland China), market (the United States), "
        in text
    )
    assert "which a row must have" not in text


def test_a_column_that_rows_must_have_is_not_said_to_be_assumed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it every row that it concerns is refused."""
    Path("in.csv").write_text("name,goods,followers\nAnn,branded,9\nBo,affiliate,9\n")
    assert batch("in.csv", "-o", "out.csv") == 1
    needed, assumed = (
        line for line in capsys.readouterr().err.splitlines() if line.startswith("No column")
    )
    assert needed.endswith("or name yours with --map): price, ships from, business")
    assert "ships from" not in assumed
    assert [row["name"] for row in written("out.csv")] == ["Bo"]


def test_more_reasons_than_are_told_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"Ben,goods {number},9,local,1,none" for number in range(7)]
    Path("in.csv").write_text(table(*rows))
    assert batch("in.csv", "-o", "out.csv") == 1
    assert "  and 2 more, beside the rejected rows\n" in capsys.readouterr().err


# ---- formats


def test_every_format_says_the_same(folder: Path) -> None:
    rows = [GOOD, "Noa,digital,50,,0,none", "Bo,branded,39,abroad,900,mainland"]
    Path("in.csv").write_text(table(*rows))
    assert batch("in.csv", "-o", "expected.jsonl") == 0
    expected = [json.loads(line) for line in Path("expected.jsonl").read_text().splitlines()]
    own, added = [*expected[0]][:6], [*expected[0]][6:]
    for ending in ("csv.gz", "csv.zst", "tsv", "jsonl", "jsonl.gz", "jsonl.zst", "parquet", "xlsx"):
        table_of = pl.read_csv("in.csv", infer_schema=False)
        source = f"own.{ending}"
        if ending == "xlsx":
            table_of.write_excel(source)
        elif ending == "parquet":
            table_of.write_parquet(source)
        else:
            assert batch("in.csv", "-o", source, "--columns", "weak", "--prefix", "old_") == 0
        assert batch(source, "-o", "out.jsonl", "--force") == 0, ending
        got = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
        assert [{k: row[k] for k in added} for row in got] == [
            {k: row[k] for k in added} for row in expected
        ], ending
        assert [row[own[0]] for row in got] == ["Mia", "Noa", "Bo"]


def test_json_lines_keep_their_lines_and_bad_ones_are_rejected(folder: Path) -> None:
    good = '{"client": {"id": 12345678901234567890}, "product_type":"affiliate",  "followers": 7}'
    bad = ["[1]", '{"product_type": ', '{"product_type": ["affiliate"], "followers": 7}']
    Path("in.jsonl").write_text("\n".join([good, "", *bad]) + "\n")
    assert batch("in.jsonl", "-o", "out.jsonl") == 1
    lines = Path("out.jsonl").read_text().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(good[:-1] + ', "recommended":')
    rejected = [json.loads(line) for line in Path("out.rejects.jsonl").read_text().splitlines()]
    assert [row["row"] for row in rejected] == [3, 4, 5]
    assert '{"product_type": ' in rejected[1].values()


def test_parquet_keeps_its_types(folder: Path) -> None:
    frame = pl.DataFrame(
        {
            "day": [datetime(2026, 1, 5)],
            "product_type": ["affiliate"],
            "followers": [20_000],
            "tags": [["a", "b"]],
        }
    )
    frame.write_parquet("in.parquet")
    assert batch("in.parquet", "-o", "out.parquet") == 0
    out = pl.read_parquet("out.parquet")
    assert out.select(frame.columns).equals(frame)
    assert out.schema["weak"] == pl.Boolean
    assert out.schema["fit_bio_link"] == pl.Int64


@pytest.mark.parametrize("ending", ["parquet", "xlsx", "csv.gz"])
def test_a_damaged_table_is_told(
    folder: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"in.{ending}").write_bytes(b"not what it says")
    assert batch(f"in.{ending}", "-o", "out.csv") == 2
    assert "in." in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_encodings_are_recognised_and_said(
    folder: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = HEAD.replace("client", "客户")
    Path("in.csv").write_bytes(table(GOOD.replace("Mia", "小美"), head=head).encode(encoding))
    assert batch("in.csv", "-o", "out.csv") == 0
    assert written("out.csv")[0]["客户"] == "小美"
    assert Path("out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    name = {"gbk": "GBK", "utf-8-sig": "byte order mark", "utf-16": "UTF-16"}[encoding]
    assert name in capsys.readouterr().err


def test_an_encoding_can_be_given(folder: Path) -> None:
    Path("in.csv").write_bytes(table(GOOD.replace("Mia", "Zoë")).encode("cp1252"))
    assert batch("in.csv", "-o", "out.csv", "--encoding", "latin-1") == 0
    assert written("out.csv")[0]["client"] == "Zoë"
    assert batch("in.csv", "-o", "out.csv", "--force", "--encoding", "utf-8") == 2
    assert batch("in.csv", "-o", "out.csv", "--force", "--encoding", "klingon") == 2


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters_are_recognised(folder: Path, delimiter: str) -> None:
    Path("in.csv").write_text(table(GOOD).replace(",", delimiter))
    assert batch("in.csv", "-o", "out.csv") == 0
    assert written("out.csv")[0]["client"] == "Mia"


def test_folders_and_patterns_become_one_table(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("many").mkdir()
    Path("many/b.csv").write_text(table(GOOD.replace("Mia", "Bea")))
    Path("many/a.csv").write_text(table(GOOD, "Bad,x,1,local,1,none"))
    Path("many/notes.md").write_text("no table")
    for words in (["many"], ["many/*.csv"]):
        assert batch(*words, "-o", "out.csv", "--force") == 1
        assert [row["client"] for row in written("out.csv")] == ["Mia", "Bea"]
        assert written("out.rejects.csv")[0]["file"] == "many/a.csv"
    Path("many/c.csv").write_text(table("1", head="other"))
    assert batch("many", "-o", "out.csv", "--force") == 2
    assert "many/c.csv" in capsys.readouterr().err


def test_standard_input_and_output(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "choose_channel", "batch", "-", "-o", "-"],
        input=table(GOOD).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    rows = [*csv.DictReader(io.StringIO(done.stdout.decode()))]
    assert rows[0]["recommended"] == "tiktok_shop"


# ---- Excel


def workbook(name: str) -> None:
    """A client list as people make them: a title, merged cells, dates, formulas."""
    rulebook = xlsxwriter.Workbook(name)
    sheet = rulebook.add_worksheet("名单")
    day = rulebook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range("A1:G1", "客户名单", rulebook.add_format())
    for number, head in enumerate(["客户", "货", "价格（美元）", "发货地", "粉丝", "执照", "建档"]):
        sheet.write(1, number, head)
    for row, name_of in enumerate(["=2+3", "@甲", "-乙"], 2):
        sheet.write_string(row, 0, name_of)
        sheet.write_formula(row, 2, "=4.95*2", None, 9.9)
        sheet.write_string(row, 3, "local")
        sheet.write_number(row, 4, 3000)
        sheet.write_string(row, 5, "overseas")
        sheet.write_datetime(row, 6, datetime(2026, 1, row), day)
    sheet.merge_range("B3:B5", "大路货", rulebook.add_format())
    rulebook.close()


def test_a_client_list_from_excel_goes_through_without_a_flag(folder: Path) -> None:
    workbook("in.xlsx")
    assert batch("in.xlsx", "-o", "out.csv", "--lang", "zh") == 0
    rows = written("out.csv")
    assert [row["客户"] for row in rows] == ["=2+3", "@甲", "-乙"]
    assert {row["recommended"] for row in rows} == {"tiktok_shop"}
    assert rows[0]["建档"].startswith("2026-01-02")


def test_what_a_workbook_shows_as_a_percentage_is_one(folder: Path) -> None:
    """Though it holds 0.05 for 5 %, and 1 for 100 %; a number with a sign in quotes is no share."""
    rulebook = xlsxwriter.Workbook("in.xlsx")
    sheet = rulebook.add_worksheet()
    plain, exact, quoted = (
        rulebook.add_format({"num_format": code}) for code in ("0%", "0.00%", '0"%"')
    )
    goods = GOOD.split(",")
    for column, head in enumerate([*HEAD.split(","), "return_rate"]):
        sheet.write(0, column, head)
    rates = [(0.05, plain), (0.155, exact), (0.29, plain), (5, quoted), (7, None), (1, plain)]
    for row, (rate, form) in enumerate(rates, 1):
        for column, value in enumerate(goods):
            sheet.write_string(row, column, value)
        sheet.write_number(row, len(goods), rate, form)
    rulebook.close()
    assert batch("in.xlsx", "-o", "out.csv", "--rejects", "rejects.csv") == 1
    rates_read = [row["return_rate"].removesuffix(".0") for row in written("out.csv")]
    assert rates_read == ["5%", "15.5%", "29%", "5", "7"]
    assert [row["return_rate"] for row in written("rejects.csv")] == ["100%"]


def mixed(name: str, *columns: list[object], at: tuple[int, int] = (0, 0)) -> None:
    """A client list with columns in which texts stand beside numbers, flags, dates and shares."""
    rulebook = xlsxwriter.Workbook(name)
    sheet = rulebook.add_worksheet()
    day, share = (rulebook.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "0.0%"))
    top, left = at
    for number, (head, good) in enumerate(zip(HEAD.split(","), GOOD.split(","), strict=True)):
        for row, text in enumerate([head, *[good] * len(columns[0])]):
            sheet.write_string(top + row, left + number, text)
    for number, column in enumerate(columns, left + HEAD.count(",") + 1):
        sheet.write_string(top, number, f"own {number}")
        for row, value in enumerate(column, top + 1):
            if isinstance(value, str):
                sheet.write_string(row, number, value)
            elif isinstance(value, tuple):
                sheet.write_number(row, number, value[0], share)
            else:
                sheet.write(row, number, value, day if isinstance(value, datetime) else None)
    rulebook.close()


def own_cells(name: str, columns: int, rows: int) -> list[list[tuple[str | None, str]]]:
    """What stands in the last columns of those that were there: kind of cell and content."""
    with zipfile.ZipFile(name) as rulebook:
        text = rulebook.read("xl/worksheets/sheet1.xml").decode()
    cell = r'<c r="([A-Z])(\d+)" s="\d+"(?: t="(\w+)")?>(?:<is><t[^>]*>|<v>)([^<]*)'
    cells = {(m[1], int(m[2])): (m[3], m[4]) for m in re.finditer(cell, text)}
    first = HEAD.count(",") + 1
    letters = "ABCDEFGHIJKL"[first : first + columns]
    return [[cells[letter, row] for letter in letters] for row in range(2, rows + 2)]


TEXT, NUMBER, FLAG = "inlineStr", None, "b"
SIX = (NUMBER, "6")
MIXED: list[list[object]] = [
    [12.5, "no idea", 1 / 3, "007"],
    [datetime(2026, 1, 5), "later", datetime(2026, 2, 6), "no"],
    [True, "perhaps", 1, False],
    [(0.055,), "unknown", (0.04,), 7],
    [5, "5", 6, "x"],
]


@pytest.mark.parametrize("at", [(0, 0), (2, 3)], ids=["in the corner", "elsewhere"])
def test_a_workbook_s_own_cells_stay_what_they_are(folder: Path, at: tuple[int, int]) -> None:
    """A text among them makes no texts of numbers, dates, flags and shares; and no number of a
    text that looks like one."""
    mixed("in.xlsx", *MIXED, at=at)
    assert batch("in.xlsx", "-o", "out.xlsx") == 0
    assert own_cells("out.xlsx", 5, 4) == [
        [(NUMBER, "12.5"), (NUMBER, "46027"), (FLAG, "1"), (NUMBER, "0.055"), (TEXT, "5")],
        [(TEXT, "no idea"), (TEXT, "later"), (TEXT, "perhaps"), (TEXT, "unknown"), (TEXT, "5")],
        [(NUMBER, "0.3333333333333333"), (NUMBER, "46059"), (NUMBER, "1"), (NUMBER, "0.04"), SIX],
        [(TEXT, "007"), (TEXT, "no"), (FLAG, "0"), (NUMBER, "7"), (TEXT, "x")],
    ]


def test_cells_of_several_workbooks_stay_what_they_are(folder: Path) -> None:
    """What is a number in one may be a text in another; rejected rows keep theirs, too."""
    mixed("a.xlsx", ["7", "x", 8], ["y", 1.5, "z"])
    mixed("b.xlsx", [7, "x", "8"], ["y", "1.5", "z"])
    assert batch("a.xlsx", "b.xlsx", "-o", "out.xlsx") == 0
    kinds = [cell for ((cell, _), _) in own_cells("out.xlsx", 2, 6)]
    assert kinds == [TEXT, TEXT, NUMBER, NUMBER, TEXT, TEXT]
    assert batch("a.xlsx", "-o", "none.xlsx", "--map", "own 6=price", "--map", "price=") == 1
    with zipfile.ZipFile("none.rejects.xlsx") as rulebook:
        assert "<v>1.5</v>" in rulebook.read("xl/worksheets/sheet1.xml").decode()


def test_an_empty_cell_left_of_a_table_is_no_column_of_it(folder: Path) -> None:
    """Though it has a style, and one of shares."""
    mixed("in.xlsx", [(0.055,), "unknown"], at=(0, 2))
    with zipfile.ZipFile("in.xlsx") as rulebook:
        parts = {name: rulebook.read(name) for name in rulebook.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    (style,) = set(re.findall(rb's="(\d+)"', parts[sheet]))
    empty = rb'\1<c r="A2" s="%s"></c>' % style
    parts[sheet] = re.sub(rb'(<row r="2"[^>]*>)', empty, parts[sheet])
    with zipfile.ZipFile("in.xlsx", "w") as rulebook:
        for name, content in parts.items():
            rulebook.writestr(name, content)
    assert batch("in.xlsx", "-o", "out.xlsx") == 0
    assert own_cells("out.xlsx", 1, 2) == [[(NUMBER, "0.055")], [(TEXT, "unknown")]]


def test_the_first_sheet_is_the_one_that_is_first_in_sight(folder: Path) -> None:
    """In whatever part of the file it is."""
    mixed("in.xlsx", ["007", 7, "x"])
    with zipfile.ZipFile("in.xlsx") as rulebook:
        parts = {name: rulebook.read(name) for name in rulebook.namelist()}
    first, other = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    parts[other], parts[first] = parts[first], re.sub(rb' t="s"', b"", parts[first])
    parts["xl/workbook.xml"] = re.sub(
        rb"<sheets>.*</sheets>",
        b'<sheets><sheet name="B" sheetId="2" r:id="rId9"/>'
        b'<sheet name="A" sheetId="1" r:id="rId1"/></sheets>',
        parts["xl/workbook.xml"],
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId9" Type="%s" Target="worksheets/sheet2.xml"/></Relationships>'
        % kind,
    )
    with zipfile.ZipFile("in.xlsx", "w") as rulebook:
        for name, content in parts.items():
            rulebook.writestr(name, content)
    assert batch("in.xlsx", "-o", "out.xlsx") == 0
    assert [kind for ((kind, _),) in own_cells("out.xlsx", 1, 3)] == [TEXT, NUMBER, TEXT]


def test_what_is_written_to_excel_is_made_for_people(folder: Path) -> None:
    workbook("in.xlsx")
    assert batch("in.xlsx", "-o", "out.xlsx", "--lang", "zh") == 0
    with zipfile.ZipFile("out.xlsx") as rulebook:
        sheet = rulebook.read("xl/worksheets/sheet1.xml").decode()
        names = rulebook.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet  # no formula, though texts start like one
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert "总结" in names
    out = pl.read_excel("out.xlsx", sheet_id=1)
    assert out["access_tiktok_shop"].to_list() == ["能做"] * 3
    assert out["recommended"][0].startswith("TikTok Shop")
    assert out["weak"].to_list() == ["否"] * 3
    assert 'customHeight="1"' in sheet  # rows show all of their long texts
    summary = pl.read_excel("out.xlsx", sheet_id=2, has_header=False)
    assert ("有建议", "3") in [tuple(map(str, row)) for row in summary.rows()]


def test_excel_says_when_there_are_too_many_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("choose_channel.tables.excel.MOST_ROWS", 2)
    Path("in.csv").write_text(table(GOOD, GOOD))
    assert batch("in.csv", "-o", "out.xlsx") == 2
    assert not Path("out.xlsx").exists()
    assert ".parquet" in capsys.readouterr().err


# ---- summary, reports, comparison


def test_a_summary_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many rows came to what, what would open something, and where to look."""
    rows = [GOOD, GOOD, "Noa,digital,50,,0,none", "Ben,commodity,1,local,1,"]
    Path("in.csv").write_text(table(*rows))
    assert batch("in.csv", "-o", "out.csv", "--lang", "en") == 1
    lines = capsys.readouterr().err.splitlines()
    summary = lines[lines.index("4 rows in = 3 decided + 1 rejected") + 1 :]
    assert summary[:-3] == [
        '  1 × no answer for "business"; write "unknown" where nobody knows',
        "  2 (66.7%) TikTok Shop",
        "  1 (33.3%) Nothing is open yet",
        "  a fast store of your own with guest checkout opens Both (Shop + your store) for 2 of 3",
        "  1,000 followers opens Link in bio for 1 of 3",
        "  a registered company (LLC, Ltd) opens Link in bio for 1 of 3",
    ]
    assert summary[-2:] == [
        "Written to out.csv",
        "Rejected rows and the reasons are in out.rejects.csv",
    ]


@pytest.mark.parametrize("ending", ["md", "html", "json"])
def test_a_summary_is_written(folder: Path, ending: str) -> None:
    Path("in.csv").write_text(table(GOOD, GOOD.replace("local", "abroad"), "X,y,1,local,1,none"))
    assert batch("in.csv", "-o", "out.csv", "--summary", f"s.{ending}") == 1
    text = Path(f"s.{ending}").read_text()
    if ending == "json":
        data = json.loads(text)
        assert (data["rows"], data["decided"], data["rejected"]) == (3, 2, 1)
        assert sum(item["rows"] for item in data["recommended"]) == 2
        changes = data["opening_changes"]["changes"]
        doors = {
            (change["question"], change["answer"], change["channel"]): change["rows"]
            for change in changes
        }
        assert doors["warehouse", "local", "tiktok_shop"] == 1
    else:
        assert "What stands in the way" in text


def test_a_report_for_each_row(folder: Path) -> None:
    rows = [GOOD, GOOD, GOOD.replace("Mia", "../a/b:c"), GOOD.replace("Mia", "con")]
    rows.append(GOOD.replace("Mia", ""))
    Path("in.csv").write_text(table(*rows))
    words = ["in.csv", "-o", "out.csv", "--reports", "r", "--name-column", "client"]
    assert batch(*words, "--format", "markdown") == 0
    assert names(folder / "r") == ["Mia-2.md", "Mia.md", "a-b-c.md", "con-.md", "row-6.md"]
    assert "Mia" in Path("r/Mia.md").read_text()
    assert batch(*words, "--format", "json", "--prefix", "x", "--rejects", "r.csv") == 2
    assert batch(*words, "--force") == 0
    assert Path("r/Mia.html").exists()


def test_no_report_is_written_where_something_else_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in place of the folder, or above it, or other files in it."""
    Path("in.csv").write_text(table(GOOD))
    Path("full").mkdir()
    Path("full/diary.html").write_text("mine")
    for place, why in (
        ("in.csv", "this is a file, not a folder"),
        (os.path.join("in.csv", "below"), "part of the path is not a folder"),  # noqa: PTH118
        ("full", "this folder is not empty"),
    ):
        assert batch("in.csv", "-o", "out.csv", "--reports", place, "--lang", "en") == 2
        assert f"{place}: " in (text := capsys.readouterr().err)
        assert why in text
    assert names(folder) == ["full", "in.csv"]
    assert names(folder / "full") == ["diary.html"]


def test_another_rulebook_is_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gates = shipped_folder() / "gates.yaml"
    text = gates.read_text(encoding="utf-8")
    entry = re.search(r"^no-local-stock:\n(?:[ \n].*\n|\n)+", text, re.M)
    assert entry
    Path("other").mkdir()
    Path("other/gates.yaml").write_text(text.replace("warehouse: abroad", "warehouse: local", 1))
    Path("in.csv").write_text(table(GOOD, GOOD.replace("local", "abroad")))
    code = batch("in.csv", "-o", "out.csv", "--compare", "other")
    summary = capsys.readouterr().err
    assert code == 0, summary
    assert "of 2 rows get other advice" in summary
    assert "TikTok Shop → " in summary
    assert "tiktok_shop" not in summary
    rows = written("out.compare.csv")
    assert {row["row"] for row in rows} <= {"2", "3"}
    for row in rows:
        assert row["access_tiktok_shop_now"] != row["access_tiktok_shop_then"]


# ---- whole or not at all


def test_an_existing_table_is_replaced_with_force_only(folder: Path) -> None:
    Path("in.csv").write_text(table(GOOD))
    Path("out.csv").write_text("old")
    assert batch("in.csv", "-o", "out.csv") == 2
    assert Path("out.csv").read_text() == "old"
    assert batch("in.csv", "-o", "out.csv", "--force") == 0
    assert batch("in.csv", "-o", "in.csv", "--force") == 2


def _slow(name: str) -> subprocess.Popen[bytes]:
    """A run that has long begun to write and will not end by itself."""
    read, self_ = os.pipe()
    os.write(self_, table(*[GOOD] * 10).encode())
    code = (
        "import time, polars as pl\n"
        "old = pl.DataFrame.write_csv\n"
        "def write(*words, **options):\n"
        "    old(*words, **options); print('half', flush=True); time.sleep(60)\n"
        "pl.DataFrame.write_csv = write\n"
        "from choose_channel.cli.main import main\n"
        "main()\n"
    )
    os.close(read)
    os.close(self_)
    return subprocess.Popen(
        [sys.executable, "-c", code, "batch", "in.csv", "-o", name, "--force"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_leaves_the_old_table(folder: Path, number: signal.Signals) -> None:
    Path("in.csv").write_text(table(GOOD))
    Path("out.csv").write_text("old")
    running = _slow("out.csv")
    assert running.stdout
    assert running.stdout.readline() == b"half\n"
    running.send_signal(number)
    running.wait(timeout=30)
    running.stdout.close()
    assert Path("out.csv").read_text() == "old"
    if number == signal.SIGINT:
        assert running.returncode == 130
        assert names(folder) == ["in.csv", "out.csv"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_folder_that_is_read_only_is_told(folder: Path) -> None:
    Path("in.csv").write_text(table(GOOD))
    Path("shut").mkdir(mode=0o500)
    unprivileged: list[str] = []
    if os.geteuid() == 0:  # root may write anywhere, unless it gives that up
        rights = "-dac_override,-dac_read_search"
        unprivileged = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    done = subprocess.run(
        [
            *(*unprivileged, sys.executable, "-m", "choose_channel"),
            *("batch", "in.csv", "-o", "shut/out.csv"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "shut/out.csv" in done.stderr
    assert names(folder / "shut") == []


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "jsonl", "csv.gz"])
def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small tmpfs: only root can mount one."""
    draw = random.Random(1)  # what is packed must not become small
    rows = [f"{draw.randbytes(30).hex()},commodity,9.9,local,3000,overseas" for _ in range(2000)]
    Path("in.csv").write_text(table(*rows))
    Path("small").mkdir()
    mounted = (
        os.name != "nt"
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", "small"],
            capture_output=True,
            check=False,
        ).returncode
    )
    try:
        if not mounted:
            pytest.skip("nothing can be mounted here")
        target = Path("small") / f"out.{ending}"
        target.write_text("old")
        assert batch("in.csv", "-o", str(target), "--force") == 2
        assert target.read_text() == "old"
        assert names(folder / "small") == [target.name]
        assert "full" in capsys.readouterr().err
    finally:
        if mounted:
            subprocess.run(["umount", "small"], check=True)


def test_a_missing_extra_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert batch("in.csv", "-o", "out.csv") == 2
    assert "choose-channel[tables]" in capsys.readouterr().err


# ---- engines


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "cvs"], "--from: "),
        (["--to", "doc"], "--to: "),
        (["--format", "doc", "--reports", "all"], "--format: "),
        (["--format", "html"], "--format: this goes with --reports only"),
        (["--name-column", "client"], "--name-column: this goes with --reports only"),
        (["--reports", "all", "--name-column", "clent"], "--name-column: "),
        (["--encoding", "latin-99"], "--encoding: "),
        (["--map", "price"], '--map: "price"'),
        (["--map", " =price"], '--map: "=price"'),
        (["--summary", "all.doc"], "all.doc: "),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_wrong_option_is_named(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD))
    assert batch("in.csv", "-o", "out.csv", "--lang", "en", *words) == 2
    assert f"\n  {message}" in capsys.readouterr().err
    assert names(folder) == ["in.csv"]


def test_options_of_the_other_engine_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD))
    for words, message in (
        (["--engine", "sparc"], 'Did you mean "spark"'),
        (["--master", "local[2]"], "--engine spark"),
        (["--engine", "spark", "--reports", "all"], "--reports"),
        (["--engine", "spark", "--conf", "a"], "NAME=VALUE"),
    ):
        if "--conf" in words:
            pytest.importorskip("pyspark")
        assert batch("in.csv", "-o", "out.csv", *words) == 2
        assert message in capsys.readouterr().err
    assert names(folder) == ["in.csv"]


def test_a_missing_extra_for_spark_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(table(GOOD))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert batch("in.csv", "-o", "out.csv", "--engine", "spark") == 2
    assert "choose-channel[spark]" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore")
def test_a_missing_java_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyspark")
    Path("in.csv").write_text(table(GOOD))
    monkeypatch.setenv("JAVA_HOME", str(folder / "nowhere"))
    assert batch("in.csv", "-o", "out.csv", "--engine", "spark") == 2
    assert "Java 17" in capsys.readouterr().err


def test_a_reader_may_leave_early(tmp_path: Path) -> None:
    """As `| head` does, in the middle of the table: that is no lost row."""
    rows = (f"commodity,{number % 90 + 5},abroad,{number % 3000},none" for number in range(100_000))
    head = "product type,price,warehouse,followers,business license"
    (tmp_path / "big.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "choose_channel", "batch", "big.csv", "-o", "-"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdout
        assert run.stderr
        assert run.stdout.readline().startswith(b"product type,")
        run.stdout.close()
        errors = run.stderr.read()
    assert run.returncode == 0, errors
