"""What is kept of an error of the program's own, for those who mend it.

The file tells where it happened and with which versions. It holds no answer: no value of an option,
no message of an exception, which may repeat one, and no folder outside the program.
"""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterator
from pathlib import Path

from choose_channel.cli.options import Words
from choose_channel.cli.registry import COMMANDS
from choose_channel.files import storage
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import VERSION

NAME = "internal-error.txt"
_PACKAGE = Path(__file__).parents[1]


def kept(error: Exception, read: Words, messages: Messages) -> str:
    """Writes the file, in place of the one before. Returns what the person is told."""
    *_, last = _frames(error)
    detail = f"{VERSION} {last} {type(error).__name__}"
    path = storage.state_folder() / NAME
    try:
        storage.write_private(
            path, "\n".join([*_lines(error, read), ""]).encode("utf-8", "replace")
        )
    except OSError:
        return messages("internal_error_unsaved", detail=detail) if messages.phrases else detail
    return messages("internal_error", path=path) if messages.phrases else f"{detail} ({path})"


def _lines(error: BaseException, read: Words) -> Iterator[str]:
    yield f"choose-channel {VERSION}, Python {platform.python_version()}, {platform.platform()}"
    known = {word for command in COMMANDS for word in command.name.split()}
    words = [word for word in read.others if word in known]
    yield " ".join([*words, *(name for name, _ in read.options)])
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        yield ""
        yield type(cause).__name__
        yield from (f"  {frame}" for frame in _frames(cause))
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__


def _frames(error: BaseException) -> list[str]:
    """Where an error came from, the nearest last: file, line and function."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_name(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames] or ["?"]


def _name(file: str) -> str:
    path = Path(file)
    inside = path.is_relative_to(_PACKAGE)
    return path.relative_to(_PACKAGE.parent).as_posix() if inside else os.path.basename(file)  # noqa: PTH119
