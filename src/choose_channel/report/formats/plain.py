"""The report in lines, for people who listen to it: no frame, table, bar, sign or colour.

Whatever stands side by side elsewhere is read out one after the other, as `label: value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.messages.wrap import wrap
from choose_channel.report.about import adviser_line
from choose_channel.report.build import first_screen, parts_of, report_on
from choose_channel.report.content import (
    Bars,
    Block,
    Card,
    Cited,
    Code,
    Curves,
    Item,
    Items,
    Paragraph,
    Pitfalls,
    Recap,
    Sources,
    Steps,
    Table,
)
from choose_channel.report.formats import JUST_TYPED, Display, Subject
from choose_channel.report.run_info import RunInfo, reader_of


def render(subject: Subject, run: RunInfo | None, display: Display) -> str:
    """What the display asks for. Its width is all that counts: a list of lines may be long."""
    messages = subject.messages
    if not isinstance(subject, Decision) or display.full:
        title, sections = report_on(subject, run, reader_of(run, "seller"))
    elif display.parts:
        title, sections = parts_of(subject, run, display.parts)
    else:
        title, sections = first_screen(subject, run)
    head = (title.title, title.client, adviser_line(title, messages), title.note)
    texts = [*filter(None, head)]
    for section in sections:
        if section.id not in JUST_TYPED:
            texts += ["", section.title] if section.title else [""]
            for block in section.blocks:
                texts += _told(block, messages)
    texts += ["", display.hint] if display.hint else []
    width = max(display.width, 10)
    lines = [line for text in texts for line in wrap(sanitize(text), width)]
    return "\n".join(lines).strip("\n") + "\n"


def _told(block: Block, messages: Messages) -> Iterator[str]:  # noqa: PLR0912 (a branch a kind)
    """The lines of a block."""
    match block:
        case Card():
            yield from filter(None, (block.title, *map(_cited, block.texts), block.foot))
        case Paragraph():
            yield _cited(block.text)
        case Items():
            yield from ["", block.title] if block.title else []
            for item in block.items:
                yield from filter(None, (_item(item, messages), item.code))
        case Steps():
            for number, step in enumerate(block.steps, block.first):
                yield f"{number}. {step.marked_title}"
                yield from filter(None, (_cited(step.text), step.done_when, *step.details))
        case Table():
            yield from _table(block, messages)
        case Bars():
            yield from ("", block.title)
            yield from (_labelled(bar.name, bar.text, messages) for bar in block.bars)
        case Pitfalls():
            for pitfall in block.pitfalls:
                yield _labelled(pitfall.severity_word, pitfall.title, messages)
                yield from filter(None, (pitfall.text, _cited(pitfall.avoid)))
        case Sources():
            yield from (
                f"[{number}] {source.text}" for number, source in enumerate(block.sources, 1)
            )
        case Code():
            yield from (block.title, block.text)
        case Recap():
            yield from ("", block.title, *block.texts)
        case Curves():
            pass  # the sentences above it say the same
        case _:
            assert_never(block)


def _item(item: Item, messages: Messages) -> str:
    access = messages(f"access_{item.access}") if item.access else ""
    label = messages.listing(filter(None, (item.points, item.name, access)))
    return _labelled(label, _cited(item.text), messages)


def _table(table: Table, messages: Messages) -> Iterator[str]:
    """A list row by row, a label and what belongs to it; any other table column by column."""
    if table.caption:
        yield table.caption
    if table.layout == "list":
        for row in table.rows:
            yield _cited(row.label)
            for column, cell in zip(table.columns, row.cells, strict=False):
                if cell.text:
                    yield _labelled(column.name, cell.text, messages)
        return
    for number, column in enumerate(table.columns):
        yield column.name
        for row in table.rows:
            cell = row.cells[number]
            if cell.text:
                yield _labelled(_cited(row.label), cell.text, messages)


def _labelled(label: str, text: str, messages: Messages) -> str:
    return messages("answer_is", question=label, answer=text) if label else text


def _cited(text: Cited) -> str:
    return text.text + "".join(f" [{number}]" for number in text.cites)
