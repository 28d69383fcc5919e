"""The formats of tables, told from the endings of their files, and what stands between cells."""

from __future__ import annotations

import csv
from pathlib import PurePath
from typing import Literal, NamedTuple

FORMATS = ("csv", "tsv", "jsonl", "parquet", "xlsx")
_ENDINGS = {f".{name}": name for name in FORMATS} | {
    ".txt": "csv",
    ".tab": "tsv",
    ".ndjson": "jsonl",
    ".pq": "parquet",
    ".xlsm": "xlsx",
}
Packing = Literal["uncompressed", "gzip", "zstd"]
PACKINGS: dict[str, Packing] = {".gz": "gzip", ".zst": "zstd"}


class Format(NamedTuple):
    """What a file holds, and how it is packed."""

    name: str
    packing: Packing = "uncompressed"


def format_of(name: str, wanted: str | None = None) -> Format | None:
    """The format of a file of this name; `wanted` is what the person says it is. None where
    neither tells."""
    path = PurePath(name)
    packing: Packing = PACKINGS.get(path.suffix.lower(), "uncompressed")
    if packing != "uncompressed":
        path = path.with_suffix("")
    format_name = wanted or _ENDINGS.get(path.suffix.lower())
    return Format(format_name, packing) if format_name else None


_DELIMITERS = ",;\t|"


def delimiter_of(start: str) -> str:
    """What stands between the cells: whatever gives the first lines the most equal cells."""
    lines = start[:20_000].splitlines(keepends=True)[:20]

    def score(delimiter: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows)
        return (alike if width > 1 else 0), width

    best = max(_DELIMITERS, key=lambda delimiter: (score(delimiter), -_DELIMITERS.index(delimiter)))
    return best if score(best)[1] > 1 else ","
