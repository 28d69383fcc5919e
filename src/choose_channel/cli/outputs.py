"""The files that a command writes: looked at before it begins, written when it is done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from choose_channel.files import storage
from choose_channel.messages.errors import OutputError, Problem
from choose_channel.messages.i18n import Messages


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


def write(
    target: Path, content: bytes, messages: Messages, *, replace: bool, private: bool = False
) -> None:
    """Writes a file whole. A new one that is `private` can be read by its user alone. Raises
    OutputError."""
    private = private and not storage.is_replaced(target)
    try:
        storage.write_whole(target, content, private=private, replace=replace)
    except FileExistsError as error:
        raise OutputError([Problem(messages("file_exists"), str(target))]) from error
    except OSError as error:
        raise OutputError([Problem(_reason(error, messages), str(target))]) from error


def _reason(error: OSError, messages: Messages) -> str:
    return messages("write_failed", reason=storage.reason(error, messages))
