"""Tables of results, packed for a page.

What is numbered is written in two pieces: the *shapes* as plain data, and the *links* as bytes.
A shape is `[runs, values]`: by neighbouring nodes of one question `[axis, how many]`, and the
values of the ends, which come first (a number alone: so many values, numbered but not given).
The links are the children of all nodes of all tables: the first children of all, then the second
ones, and so on. A child is written as the difference from that of the node before, where that one
has as many, else from the child before it (the first from 0): zigzag, seven bits a byte, lowest
first. Nodes are sorted so that most differences are small.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from choose_channel.engine.lookup import Table
from choose_channel.report.formats.html.inline import base64_of, deflated

Shape = list[Any]


PlainTable = tuple[Table, list[Any] | int]
"""A table, and the values of its ends as plain data, or how many there are."""


def packed(tables: Mapping[str, PlainTable], bands: Sequence[int]) -> dict[str, str]:
    """Some tables by name, as tables.js reads them; `bands` says by axis how many children a node
    has."""
    shapes, links = pack([*tables.values()])
    return {
        "shapes": deflated({"names": [*tables], "shapes": shapes, "bands": [*bands]}),
        "links": base64_of(zlib.compress(links, 9)),
    }


def pack(tables: Sequence[PlainTable]) -> tuple[list[Shape], bytes]:
    """The shapes and the links of some tables, each with the values of its ends as plain data."""
    sorted_tables = [_sorted(table) for table, _ in tables]
    shapes = []
    for nodes, (_, values) in zip(sorted_tables, tables, strict=True):
        axes = itertools.groupby(axis for axis, _ in nodes)
        shapes.append([[[axis, len(list(run))] for axis, run in axes], values])
    most = max((len(children) for nodes in sorted_tables for _, children in nodes), default=0)
    links = bytearray()
    for column in range(most):
        for nodes in sorted_tables:
            before: tuple[int, ...] = ()
            for _, children in nodes:
                if column < len(children):
                    near = before if column < len(before) else (0, *children)
                    links += _written(children[column] - near[column])
                before = children
    return shapes, bytes(links)


def unpack(shapes: Sequence[Shape], links: bytes, bands: Sequence[int]) -> Iterator[Table]:
    """The tables again; `bands` says by axis how many children a node has. tables.js does the
    same."""
    numbers = _read(links)
    grown: list[list[list[int]]] = [
        [[] for _ in range(sum(count for _, count in runs))] for runs, _ in shapes
    ]
    axes = [[axis for axis, count in runs for _ in range(count)] for runs, _ in shapes]
    ends = [values if isinstance(values, int) else len(values) for _, values in shapes]
    for column in range(max(bands, default=0)):
        for number, nodes in enumerate(grown):
            before = False
            for place, (children, axis) in enumerate(zip(nodes, axes[number], strict=True)):
                here = column < bands[axis]
                if here and before:
                    near = nodes[place - 1][column]
                elif here:
                    near = children[column - 1] if column else 0
                if here:
                    children.append(near + next(numbers))
                before = here
    for (_, values), nodes, on, count in zip(shapes, grown, axes, ends, strict=True):
        results = range(values) if isinstance(values, int) else values
        every = (*([()] * count), *map(tuple, nodes))
        yield Table((*([-1] * count), *on), every, tuple(results))


def _sorted(table: Table) -> list[tuple[int, tuple[int, ...]]]:
    """The axis and the children of each node that has some: by axis, the last one first, and on an
    axis by their children, which are numbered in this order too."""
    ends = len(table.values)
    place = {number: number for number in range(ends)}
    inner = sorted(range(ends, len(table.axes)), key=lambda number: -table.axes[number])
    nodes: list[tuple[int, tuple[int, ...]]] = []
    for axis, run in itertools.groupby(inner, key=lambda number: table.axes[number]):
        moved = [(tuple(place[child] for child in table.children[n]), n) for n in run]
        for children, number in sorted(moved):
            place[number] = ends + len(nodes)
            nodes.append((axis, children))
    return nodes


def _written(difference: int) -> bytes:
    number = 2 * difference if difference >= 0 else -2 * difference - 1
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)


def _read(links: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in links:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield -(number + 1) // 2 if number & 1 else number // 2
            number = shift = 0
