"""Files that appear whole or not at all; the places for cache and drafts."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from choose_channel.messages.i18n import Messages

APP = "choose-channel"
_HOMES = {
    "XDG_CACHE_HOME": {"darwin": "~/Library/Caches", "": "~/.cache"},
    "XDG_STATE_HOME": {"darwin": "~/Library/Application Support", "": "~/.local/state"},
}


def cache_folder() -> Path:
    """Where things are kept that can be made again."""
    return _folder("XDG_CACHE_HOME")


def state_folder() -> Path:
    """Where drafts are kept."""
    return _folder("XDG_STATE_HOME")


def _folder(variable: str) -> Path:
    # platformdirs knows more places, but takes a tenth of a scripted run to import.
    homes = _HOMES[variable]
    local = os.environ.get("LOCALAPPDATA") if os.name == "nt" else None
    home = os.environ.get(variable) or local or homes.get(sys.platform, homes[""])
    try:
        return Path(home).expanduser() / APP
    except RuntimeError:  # a home that nobody has: nothing can be kept, and nothing is found
        return Path(os.devnull) / APP


def cache_key(folder: Path | str) -> str:
    """A short name for what is kept about a folder."""
    import hashlib

    return hashlib.sha256(os.fsencode(Path(folder).resolve())).hexdigest()[:16]


def write_whole(path: Path, content: bytes, *, private: bool = False, replace: bool = True) -> None:
    """Writes beside the path and renames, so that nobody ever reads half a file. Raises OSError.

    A `private` file can be read by its owner only. Without `replace`, FileExistsError where the
    path is there by then. A link is followed; a device or pipe is written to, not replaced.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.unlink(missing_ok=True)
    mode = 0o600 if private else 0o666
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            beside.replace(path)
        else:
            path.hardlink_to(beside)
    finally:
        _quietly(lambda: beside.unlink(missing_ok=True))


def write_best_effort(path: Path, content: bytes) -> None:
    """Writes a file whose loss costs nothing but time: a full or read-only disk is no error."""

    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, private=True)

    _quietly(write)


def reason(error: OSError, messages: Messages) -> str:
    """Why a file could not be read or written, in the person's language."""
    known = {
        errno.ENOSPC: "os_full",
        errno.EDQUOT: "os_full",
        errno.EACCES: "os_denied",
        errno.EPERM: "os_denied",
        errno.EROFS: "os_read_only",
        errno.EISDIR: "os_folder",
        errno.ENOTDIR: "os_no_folder",
        errno.ENAMETOOLONG: "os_long",
    }
    return messages(known.get(error.errno or 0, "os_other"), number=error.errno or 0)


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except OSError:
        return
