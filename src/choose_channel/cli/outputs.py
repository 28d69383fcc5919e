"""The files that a command writes: looked at before it begins, written when it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from choose_channel.cli import streams
from choose_channel.files import storage
from choose_channel.messages.errors import OutputError, Problem
from choose_channel.messages.i18n import Messages


def target_of(output: str | None) -> Path | None:
    """The file that an option names; None for standard output."""
    return None if output in (None, storage.STANDARD) else Path(str(output))


def problems_with(
    target: Path,
    inputs: Iterable[Path | str],
    rules: str | None,
    messages: Messages,
    *,
    replace: bool,
) -> list[Problem]:
    """Why a file cannot be written, as far as it can be known before. `inputs` are the files that
    the command reads, beside those in the folder `rules`."""
    read = [*inputs, *(Path(rules).glob("*.yaml") if rules else ())]
    if storage.place(target) in {storage.place(name, standard=0) for name in read} - {None}:
        message = messages("output_is_input")
    elif storage.is_replaced(target) and not replace:
        message = messages("file_exists")
    elif not target.parent.is_dir():
        message = messages("folder_missing", folder=target.parent)
    else:
        try:
            storage.check_writable(target)
            return []
        except OSError as error:
            message = _reason(error, messages)
    return [Problem(message, str(target))]


def give(
    text: str, target: Path | None, messages: Messages, *, replace: bool, on_screen: bool = False
) -> None:
    """Writes a text to a file, and says so; or prints it, `on_screen` for a person, else as what
    programs read. Raises OutputError."""
    if target:
        write(target, text, messages, replace=replace)
        streams.notice(messages("written_to", path=target))
    elif on_screen:
        sys.stdout.write(text)
    else:
        streams.write_utf8(text)


def write(
    target: Path, text: str, messages: Messages, *, replace: bool, private: bool = False
) -> None:
    """Writes a file whole. A new one that is `private` can be read by its user alone. Raises
    OutputError."""
    content = text.encode("utf-8", "replace")  # half a character is none
    private = private and not storage.is_replaced(target)
    try:
        storage.write_whole(target, content, private=private, replace=replace)
    except FileExistsError as error:
        raise OutputError([Problem(messages("file_exists"), str(target))]) from error
    except OSError as error:
        raise OutputError([Problem(_reason(error, messages), str(target))]) from error


def _reason(error: OSError, messages: Messages) -> str:
    return messages("write_failed", reason=storage.reason(error, messages))
