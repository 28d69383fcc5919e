"""Problems as GitHub shows them beside the lines of a file."""

from __future__ import annotations

from choose_channel.messages.errors import Problem, split_place


def annotation(problem: Problem, severity: str, title: str) -> str:
    """A problem as a workflow command, `error` or `warning` by its severity."""
    file, line, column = split_place(problem.place)
    words = {"file": file, "line": line, "col": column} if file else {}
    words["title"] = title
    where = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in words.items())
    return f"::{severity} {where}::{_escaped(problem.message)}\n"


def _escaped(text: str, more: str = "") -> str:
    """Text without line breaks and whatever ends a property."""
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
