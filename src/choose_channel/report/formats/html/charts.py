"""Where things stand in a chart: numbers for a drawing, in the drawing's own units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from choose_channel.report.content import Bar, Curve, Meter

WIDTH, HEIGHT = 400, 200
LEFT, TOP = 62, 8
"""The chart of cash: its size, and the room for labels on the left and above."""
_FULL = 100


class Stretch(NamedTuple):
    """A bar on a line from 0 to 100: where it starts, how wide it is, where zero is, and the
    range around its end."""

    start: float
    width: float
    zero: float
    low: float = 0
    high: float = 0


NO_FIT = Stretch(0, 0, 0)
"""An empty bar, for the script to fill."""


class Tick(NamedTuple):
    """A label beside an axis."""

    at: float
    label: str


class CashChart(NamedTuple):
    """Lines over days; `zero` is the height of nothing in hand."""

    lines: tuple[tuple[str, str], ...]
    days: tuple[Tick, ...]
    dollars: tuple[Tick, ...]
    zero: float


def meter(meter: Meter) -> Stretch:
    """A bar from zero to the value, cut at the ends of its scale."""
    scale = _FULL / (meter.high - meter.low)
    zero, end = (
        (max(meter.low, min(meter.high, value)) - meter.low) * scale for value in (0, meter.value)
    )
    return Stretch(_round(min(zero, end)), _round(abs(end - zero)), _round(zero))


def ranges(bars: Sequence[Bar]) -> list[Stretch]:
    """Bars from zero to the middle case, on one scale, with the range from low to high."""
    low = min([0, *(float(bar.low) for bar in bars)])
    high = max([0, *(float(bar.high) for bar in bars)])
    scale = _FULL / ((high - low) or 1)

    def at(amount: Decimal | int) -> float:
        return _round((float(amount) - low) * scale)

    stretches = []
    for bar in bars:
        start, end = sorted((at(0), at(bar.middle)))
        stretches.append(Stretch(start, _round(end - start), at(0), at(bar.low), at(bar.high)))
    return stretches


def cash(curves: Sequence[Curve]) -> CashChart | None:
    """Cash in hand by day as steps, since money goes and comes at once; None without days."""
    points = [point for curve in curves for point in curve.path]
    last = max((float(day) for day, _ in points), default=0)
    if not last:
        return None
    amounts = [0, *(float(amount) for _, amount in points)]
    rungs = _rungs(min(amounts), max(amounts))
    low, high = rungs[0], rungs[-1]

    def x(day: float) -> float:
        return _round(LEFT + day / last * (WIDTH - LEFT - 12))

    def y(amount: float) -> float:
        return _round(TOP + (high - amount) / (high - low) * HEIGHT)

    lines = tuple(
        (curve.name, " ".join(f"{x(day)},{y(amount)}" for day, amount in _steps(curve.path)))
        for curve in curves
    )
    days = tuple(Tick(x(day), f"{math.ceil(day)}") for day in _labelled_days(last))
    rises = tuple(Tick(y(rung), _dollars(rung)) for rung in rungs)
    return CashChart(lines, days, rises, y(0))


def _steps(path: Iterable[tuple[Decimal, Decimal]]) -> list[tuple[float, float]]:
    """The corners of a line that runs level until the next amount, then up or down to it."""
    corners: list[tuple[float, float]] = []
    for day, amount in path:
        if corners:
            corners.append((float(day), corners[-1][1]))
        corners.append((float(day), float(amount)))
    return corners


def _rungs(low: float, high: float) -> list[float]:
    """Round numbers from at most `low` to at least `high`, some five of them."""
    rough = max(high - low, 1) / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * n for n in (1, 2, 2.5, 5, 10) if size * n >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def _labelled_days(last: float) -> list[float]:
    """Days to label: the first, the last, and whole weeks or more between."""
    step = max(7, 7 * math.ceil(last / 7 / 4))
    between = [float(day) for day in range(step, math.ceil(last), step) if last - day > step / 2]
    return [0, *between, last]


def _dollars(amount: float) -> str:
    return f"{'-' if amount < 0 else ''}${abs(amount):,.0f}"


def _round(number: float) -> float:
    return round(number, 2)
