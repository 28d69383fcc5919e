"""The pictures of the READMEs; `python -m tests.docs.pictures` draws them anew."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

import choose_channel as cc
from choose_channel.report.formats import Display, render

SELLER = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "abroad",
    "followers": 200,
    "business_license": "none",
}
PICTURES = {"report-en.svg": "en", "report-zh.svg": "zh"}
WIDTH = 86


def picture(name: str) -> str:
    """The first screen as SVG; nothing in it is loaded from elsewhere."""
    decision = cc.decide(SELLER, lang=PICTURES[name])
    display = Display(WIDTH, "truecolor", hint=decision.messages("summary_more"))
    report = render(decision, "terminal", None, display)
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True
    )
    for line in report.splitlines():
        console.print(Text.from_ansi(line), soft_wrap=True)
    svg = console.export_svg(title="choose-channel", theme=SVG_EXPORT_THEME, unique_id="report")
    fonts = svg.index("@font-face"), svg.rindex("@font-face")
    end = svg.index("}", fonts[1]) + 1
    return re.sub(r' textLength="([\d.]+)"([^>]*)>([^<]*)', _in_cells, svg[: fonts[0]] + svg[end:])


def _in_cells(match: re.Match[str]) -> str:
    """The library stretches a text to its count of characters; Chinese ones take two cells."""
    text = html.unescape(match[3])
    length = float(match[1]) / len(text) * cell_len(text)
    return f' textLength="{length:.1f}"{match[2]}>{match[3]}'


if __name__ == "__main__":
    folder = Path(__file__).parents[2] / ".media"
    folder.mkdir(exist_ok=True)
    for name in PICTURES:
        (folder / name).write_text(picture(name), encoding="utf-8")
