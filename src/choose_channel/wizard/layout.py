"""Which rows of a prompt a window shows.

Where rows are scarce, the input comes first: the field, or the option pointed at. Then come the
title, the reason for a refusal, the options next to the one pointed at, the reasons and the help
(cut with a mark), the hint, the keys, the progress, and last the rest of the list, which scrolls.

For example, a question has a title of 1 row, a help of 6, keys of 2, and 10 options of 1 row each,
with nothing chosen yet. A window of 9 rows shows the title, 4 rows of the help, the last of them
with a mark, and 4 rows of the list: the invitation to choose and 3 options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from choose_channel.answers.kinds import Option
from choose_channel.messages.wrap import wrap
from choose_channel.wizard.prompt import Prompt

Row = list[tuple[str, str]]
"""One row of the screen: pieces of text, each with its style."""

NARROWEST = 16
"""Texts are laid out for at least so many columns; what a narrower window cannot show is cut."""
CHOICES = 3
"""So many options are in sight wherever the window has room for them and the title."""
MORE = "…"
_INDENT, _FIELD_INDENT, _OPTION_INDENT = 2, 4, 6
_GAPS = 2


@dataclass(frozen=True, slots=True)
class View:
    """What a window shows: the rows above the input, the options row by row (none for a field), and
    the rows below. The input is `input_rows` high; the list begins at its row `scroll`."""

    head: list[Row]
    options: list[list[Row]]
    foot: list[Row]
    input_rows: int
    scroll: int

    @property
    def scrolls(self) -> bool:
        """Whether some rows of the list are out of sight."""
        return sum(map(len, self.options)) > self.input_rows


def listed(prompt: Prompt) -> tuple[Option, ...]:
    """The options as listed: first an invitation with the value "" where none is preselected."""
    if prompt.options and prompt.start is None:
        return (Option("", prompt.nothing), *prompt.options)
    return prompt.options


def arrange(
    prompt: Prompt,
    *,
    columns: int,
    rows: int,
    pointed: int = 0,
    typed: str = "",
    refusal: str | None = None,
    scroll: int = 0,
) -> View:
    """The view of a prompt in a window. `pointed` is the index of the option pointed at among those
    listed, `scroll` is the first row of the list in the view before."""
    width = max(columns, NARROWEST)
    progress = _paragraphs("class:quiet", [prompt.progress], width)
    title = _paragraphs("class:title", [prompt.title], width)
    help_rows = _paragraphs("", prompt.lines, width)
    reasons = _paragraphs("", prompt.reasons, width)
    refused = _paragraphs("class:refusal", [refusal or ""], width)
    shown_hint = prompt.hint if prompt.filter is None else f"/{prompt.filter}"
    hint = [] if refusal else _paragraphs("class:quiet", [shown_hint], width)
    keys = _paragraphs("class:quiet", _flow(prompt.keys, width - _INDENT - 1), width)
    texts = (progress, title, help_rows, reasons, refused, hint, keys)
    around = sum(map(len, texts))

    options = listed(prompt)
    labels = [_label(option, width) for option in options]
    details = [_detailed(option, width) for option in options]
    if sum(map(len, details)) + around + _GAPS <= rows:
        labels = details
    elif _most_rows(prompt, labels, details) + len(title) + len(refused) > rows:
        details = labels
    option_rows = [
        _highlighted(details[number]) if number == pointed else label
        for number, label in enumerate(labels)
    ]
    if options:
        whole = sum(map(len, option_rows))
        least = len(labels[pointed])
        wanted = min(_most_rows(prompt, labels, details), whole)
    else:
        whole = wanted = (_FIELD_INDENT + cell_len(typed)) // max(columns, 1) + 1
        least = 1

    share = _share(
        max(rows, 1),
        {
            "input": least,
            "title": len(title),
            "refusal": len(refused),
            "near": wanted - least,
            "reasons": len(reasons),
            "help": len(help_rows),
            "hint": len(hint),
            "keys": len(keys),
            "progress": len(progress),
            "rest": whole - wanted,
        },
    )
    input_rows = share["input"] + share["near"] + share["rest"]
    title = _cut(title, share["title"], width)
    text = [*_cut(help_rows, share["help"], width), *_cut(reasons, share["reasons"], width)]
    if title and not text and (help_rows or reasons):
        title[-1] = _marked(title[-1], width)
    note = [*_cut(refused, share["refusal"], width), *_cut(hint, share["hint"], width)]
    gap: list[Row] = [[]] if around + whole + _GAPS <= rows else []
    return View(
        head=[*progress[: share["progress"]], *title, *text, *gap],
        options=option_rows,
        foot=[*note, *gap, *keys[: share["keys"]]],
        input_rows=input_rows,
        scroll=_scroll(
            [*map(len, option_rows)], pointed, _span(prompt, pointed), input_rows, scroll
        ),
    )


# ---- sharing the rows


def _share(rows: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """What each gets of the rows where the earlier ones come first.

    >>> _share(5, {"input": 1, "title": 3, "help": 4, "keys": 2})
    {'input': 1, 'title': 3, 'help': 1, 'keys': 0}
    """
    share = {}
    for name, number in wanted.items():
        share[name] = min(number, rows)
        rows -= share[name]
    return share


def _span(prompt: Prompt, pointed: int) -> range:
    """The options to keep in sight with the one pointed at; an invitation does not count."""
    count = len(listed(prompt))
    length = min(CHOICES + (prompt.start is None), count)
    first = min(max(pointed - 1, 0), count - length)
    return range(first, first + length)


def _most_rows(prompt: Prompt, labels: list[list[Row]], details: list[list[Row]]) -> int:
    """The rows of the tallest span where the option pointed at has its details. No text moves while
    the pointer does when the list has so many."""
    spans = [
        sum(len(labels[near]) for near in _span(prompt, pointed) if near != pointed) + len(rows)
        for pointed, rows in enumerate(details)
    ]
    return max(spans, default=0)


def _scroll(heights: Sequence[int], pointed: int, span: range, room: int, scroll: int) -> int:
    """The first row of the list to show, moved from `scroll` no further than needed."""
    if not heights:
        return 0
    first, last = sum(heights[: span.start]), sum(heights[: span.stop])
    if last - first > room:
        first, last = sum(heights[:pointed]), sum(heights[: pointed + 1])
    lowest = max(sum(heights) - room, 0)
    return min(max(scroll, last - room, 0), first, max(lowest, first))


# ---- texts as rows


def _paragraphs(style: str, texts: Iterable[str], width: int) -> list[Row]:
    return [
        [("", " " * _INDENT), (style, line)]
        for text in texts
        if text
        for line in wrap(text, width - _INDENT - 1)
    ]


def _highlighted(rows: list[Row]) -> list[Row]:
    return [[(style or "class:highlighted", text) for style, text in row] for row in rows]


def _label(option: Option, width: int) -> list[Row]:
    return [[("", line)] for line in wrap(_marked_label(option), width - _OPTION_INDENT - 1)]


def _marked_label(option: Option) -> str:
    marks = {None: "", True: "[x] ", False: "[ ] "}
    return marks[option.ticked] + option.label


def _detailed(option: Option, width: int) -> list[Row]:
    """The rows of the label, with the detail after it and below."""
    label = _label(option, width)
    if not option.detail:
        return label
    rows: list[Row] = []
    both = wrap(f"{_marked_label(option)}  {option.detail}", width - _OPTION_INDENT - 1)
    for number, line in enumerate(both):
        known = label[number][0][1] if number < len(label) else ""
        rows.append([("", known), ("class:quiet", line[len(known) :])])
    return rows


def _cut(rows: list[Row], count: int, width: int) -> list[Row]:
    """The first rows, with a mark where some are left out."""
    if len(rows) <= count or not count:
        return rows[:count]
    return [*rows[: count - 1], _marked(rows[count - 1], width)]


def _marked(row: Row, width: int) -> Row:
    *start, (style, text) = row
    room = width - _INDENT - cell_len(MORE)
    if cell_len(text) > room:
        text = set_cell_size(text, room).rstrip()
    space = " " if cell_len(text) < room else ""
    return [*start, (style, f"{text}{space}{MORE}")]


def _flow(keys: Iterable[str], room: int) -> list[str]:
    """Keys in lines, none of them broken."""
    lines: list[str] = []
    for key in keys:
        longer = f"{lines[-1]} · {key}" if lines else key
        if lines and cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(key)
    return lines
