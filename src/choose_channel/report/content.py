"""What a report is made of: a title, and sections of blocks.

A block holds the texts that are shown, each with the numbers of its sources; nothing in it is an
id to be looked up. There are a handful of kinds of blocks. A format draws the kinds, whatever
section they stand in.
"""

# Annotations are evaluated here: named tuples are then made in half the time.
from decimal import Decimal
from typing import Literal, NamedTuple

from choose_channel.model.rulebook import Access, Phase, Severity
from choose_channel.report.parts import SectionId
from choose_channel.report.run_info import Title

Role = Literal[
    "plain", "strong", "quiet", "warning", "verdict", "verdict_weak", "aim", "sure", "close"
]
"""What a paragraph is there for; `verdict_weak` says that nothing is worth spending money on."""


class Cited(NamedTuple):
    """A text, and the numbers of the sources behind it."""

    text: str
    cites: tuple[int, ...] = ()


# ---- the kinds of blocks


class Card(NamedTuple):
    """The verdict: its title, the sentences below it, and how sure it is (`foot`). `role` is
    `verdict`, `verdict_weak` (nothing is open that fits), or `warning` (everything is closed)."""

    title: str
    texts: tuple[Cited, ...]
    foot: str
    role: Role


class Paragraph(NamedTuple):
    """A text of its own."""

    text: Cited
    role: Role = "plain"


class Item(NamedTuple):
    """A line of a list.

    `points` (such as "+12") and `name` stand before the text, `code` (to be typed) after it;
    `access` is how open the channel is that the line is about.
    """

    text: Cited
    points: str = ""
    name: str = ""
    access: Access | None = None
    code: str = ""


class Items(NamedTuple):
    """A list, under a title of its own if it has one. `quiet` holds small print."""

    items: tuple[Item, ...]
    title: str = ""
    quiet: bool = False


class StepItem(NamedTuple):
    """A step of the plan; `details` are labelled texts such as its time and money. `id` is what a
    tick on it is kept under, and never shown."""

    id: str
    title: str
    text: Cited
    done_when: str
    details: tuple[str, ...]
    ticked: bool = False

    @property
    def marked_title(self) -> str:
        """The title for a text, which has no box to tick."""
        return f"[x] {self.title}" if self.ticked else self.title


class Steps(NamedTuple):
    """Some steps of a phase, numbered from `first`."""

    phase: Phase
    first: int
    steps: tuple[StepItem, ...]


class Meter(NamedTuple):
    """A number drawn as a bar from zero, on a scale from `low` to `high`."""

    value: int
    low: int
    high: int


class Cell(NamedTuple):
    """A cell of a table: its text, and what a format may add to it."""

    text: str
    access: Access | None = None
    meter: Meter | None = None


class Row(NamedTuple):
    """A row of a table, with a cell for each column; `strong` rows are the totals."""

    label: Cited
    cells: tuple[Cell, ...]
    strong: bool = False


class Column(NamedTuple):
    """The head of a column; `short` is for narrow ones."""

    name: str
    short: str = ""


class Table(NamedTuple):
    """A table; `caption` says what its rows are.

    `ways` has a column for each thing that is compared, `amounts` has numbers, aligned to the
    right, and `list` has long labels with a few short cells beside them.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    layout: Literal["ways", "amounts", "list"] = "ways"


class Bar(NamedTuple):
    """What an order leaves, drawn: in US dollars, from the worst to the best case."""

    name: str
    low: Decimal
    middle: Decimal
    high: Decimal
    text: str


class Bars(NamedTuple):
    """Bars on one scale. `note` says what the range beside a bar is; empty where none has one."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""


class Curve(NamedTuple):
    """Cash in hand since the start, in US dollars, by day; and the same in words."""

    name: str
    path: tuple[tuple[Decimal, Decimal], ...]
    text: str


class Curves(NamedTuple):
    """Curves in one chart."""

    title: str
    curves: tuple[Curve, ...]


class PitfallItem(NamedTuple):
    """A pitfall; what happens is left out where the title says enough."""

    severity: Severity
    severity_word: str
    title: str
    text: str
    avoid: Cited


class Pitfalls(NamedTuple):
    """Pitfalls, the gravest first."""

    pitfalls: tuple[PitfallItem, ...]


class Source(NamedTuple):
    """A source, and where it can be read, if that is known."""

    text: str
    url: str = ""


class Sources(NamedTuple):
    """The sources, in the order of their numbers, which start at 1."""

    sources: tuple[Source, ...]


class Code(NamedTuple):
    """A command to copy, under a title."""

    title: str
    text: str


class Recap(NamedTuple):
    """The verdict once more, for a screen on which the first lines have scrolled away."""

    title: str
    texts: tuple[str, ...]


Block = Card | Paragraph | Items | Steps | Table | Bars | Curves | Pitfalls | Sources | Code | Recap


class Section(NamedTuple):
    """Some blocks under a title. Without a title they are only set off from those above.

    Neighbours with the same id are one part of the report, as the phases of the plan are.
    """

    id: SectionId
    title: str
    blocks: tuple[Block, ...]


class Report(NamedTuple):
    """The whole report."""

    title: Title
    sections: tuple[Section, ...]
