"""A copy of the shipped rulebook, to be edited."""

from __future__ import annotations

from pathlib import Path

from choose_channel.cli.registry import Context
from choose_channel.files import storage
from choose_channel.loading.load import shipped_folder
from choose_channel.messages.errors import OutputError, Problem


def command(context: Context, target: str, *, force: bool) -> int:
    """Copies the shipped rulebook into a folder, which may exist only with `force`."""
    messages, folder = context.messages, Path(target)
    if folder.exists() and not force:
        raise OutputError([Problem(messages("new_exists"), str(folder))])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(shipped_folder().iterdir()):
            if path.suffix in (".yaml", ".md"):
                storage.write_whole(folder / path.name, path.read_bytes())
    except OSError as error:
        message = messages("write_failed", reason=storage.reason(error, messages))
        raise OutputError([Problem(message, str(folder))]) from error
    print(messages("new_done", folder=folder))
    return 0
