"""Lines that fit: Latin text breaks between words, Chinese between any two characters.

Rich breaks at spaces only, which leaves Chinese paragraphs ragged or cut. Width is counted in
cells; a line never starts with closing punctuation nor ends with an opening bracket.
"""

from __future__ import annotations

import functools
import re

from rich.cells import cell_len, set_cell_size

_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_OPENING = re.escape("“‘（《【「([")
_CLOSING = re.escape("，。；：、？！”’）》】」,.;:?!)]…%")
_LEAST_WIDE = "\u2e80"
_LATIN = re.compile(rf"[{_OPENING}]*(?:[^\s{_OPENING}]+|[{_OPENING}]+)[{_CLOSING}]*\s*")


@functools.cache
def _mixed() -> re.Pattern[str]:
    """The same for a text with Chinese in it: a class of so many characters takes long to compile,
    and an English report needs none."""
    return re.compile(
        rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}]+|[{_OPENING}]+)[{_CLOSING}]*\s*"
    )


def wrap(text: str, width: int) -> list[str]:
    """The lines of a text, each at most `width` cells wide (at least 1); "" gives one line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        pieces = _LATIN if max(paragraph, default="") < _LEAST_WIDE else _mixed()
        for piece in pieces.findall(paragraph):
            if line and cell_len(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
            while cell_len(line.rstrip()) > width:  # one word longer than a whole line
                head = set_cell_size(line, width).rstrip() or line[0]
                lines.append(head)
                line = line[len(head) :]
        lines.append(line.rstrip())
    return lines
