"""Where bytes come from and go to: files that appear whole or not at all, pipes, devices, and the
folders for cache and drafts."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from choose_channel.messages.i18n import Messages

APP = "choose-channel"
STANDARD = "-"
"""As a file name: standard input or standard output. A file of that name is given by its full
path."""
MAX_BYTES = 4_000_000
"""The size of the largest file that is read."""
PATIENCE = 5.0
"""Seconds to wait for the other end of a named pipe to be opened."""
SET_ASIDE = ".damaged"
"""How the name of a damaged file ends once it was set aside."""
_ABANDONED = 3600.0
"""Nobody takes so many seconds to write a file."""
_MOST_LINKS = 40
_DESCRIPTOR = r"/(?:dev|proc/(?:self|(?P<process>\d+)))/fd/(?P<number>\d+)"
_HOMES = {
    "XDG_CACHE_HOME": {"darwin": "~/Library/Caches", "": "~/.cache"},
    "XDG_STATE_HOME": {"darwin": "~/Library/Application Support", "": "~/.local/state"},
}


# ---- the folders for cache and drafts


def cache_folder() -> Path:
    """The folder of files that can be made again."""
    return _folder("XDG_CACHE_HOME")


def state_folder() -> Path:
    """The folder of drafts."""
    return _folder("XDG_STATE_HOME")


def _folder(variable: str) -> Path:
    """The places that platformdirs names; importing it takes a tenth of a scripted run. A variable
    that holds no absolute path is ignored, as the standard says."""
    homes = _HOMES[variable]
    local = os.environ.get("LOCALAPPDATA", "") if os.name == "nt" else ""
    usual = homes.get(sys.platform, homes[""]) if os.environ.get("HOME", "/") else ""
    for place in (os.environ.get(variable, ""), local, usual):
        with suppress(RuntimeError):  # no home folder is known
            folder = Path(place).expanduser() if place is usual else Path(place)
            if folder.is_absolute():
                return folder / APP
    return Path(os.devnull) / APP  # where nothing can be kept or found


def cache_key(folder: Path | str) -> str:
    """A short file name that stands for a folder: the same for every spelling of its path."""
    import hashlib

    return hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]


# ---- reading


def read(name: str | Path) -> bytes:
    """The bytes of a file, a device or a pipe, at most one more than MAX_BYTES. Raises OSError.

    A named pipe is read to its end. Where nothing opens it for writing within PATIENCE seconds,
    it is a TimeoutError, so that a script does not wait for ever.
    """
    most = MAX_BYTES + 1
    if not _is_named_pipe(name):
        with Path(name).open("rb") as file:
            return file.read(most)
    descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        end = time.monotonic() + PATIENCE
        start = _read_now(descriptor)
        while start == b"":  # nobody has opened the other end yet
            if time.monotonic() >= end:
                raise _error(errno.ETIMEDOUT, name)
            time.sleep(0.02)
            start = _read_now(descriptor)
        os.set_blocking(descriptor, True)
        start = start or b""
        return (start + file.read(max(0, most - len(start))))[:most]


def _read_now(descriptor: int) -> bytes | None:
    """What a pipe holds: b"" where nobody writes to it, None where a writer is about to."""
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return None


def _is_named_pipe(name: str | Path) -> bool:
    try:
        # An unnamed pipe, such as /dev/fd/63, has its writer already.
        is_pipe = stat.S_ISFIFO(os.stat(name).st_mode)  # noqa: PTH116
    except OSError:
        return False
    return is_pipe and _own_descriptor(name) is None


# ---- writing


def is_replaced(path: Path) -> bool:
    """Whether writing to this path would replace a regular file."""
    return _own_descriptor(path) is None and path.is_file()


def place(path: Path | str, standard: int = 1) -> object:
    """What all names of one file, pipe or standard stream have in common. `-` is the standard
    stream of this number. None for any other device, which holds nothing that could be lost."""
    own = standard if os.fspath(path) == STANDARD else _own_descriptor(path)
    try:
        status = os.stat(path) if own is None else os.fstat(own)  # noqa: PTH116
    except OSError:  # it is not there yet
        return os.path.realpath(path) if own is None else own
    return own if stat.S_ISCHR(status.st_mode) else (status.st_dev, status.st_ino)


def check_writable(path: Path) -> None:
    """Raises the OSError that `write_whole` would, as far as it can be known before."""
    own = _own_descriptor(path)
    if own is not None:
        os.fstat(own)
        return
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise _error(errno.EISDIR, path)
    # A regular file is written beside its place.
    where = Path(os.path.realpath(path)).parent if stat.S_ISREG(mode) else path
    if not os.access(where, os.W_OK):
        raise _error(errno.EACCES if where.exists() else errno.ENOENT, path)


def write_whole(path: Path, content: bytes, *, private: bool = False, replace: bool = True) -> None:
    """Writes to a regular file, a device or a pipe; `-` is standard output. Raises OSError.

    A regular file is written beside its place and renamed, so that nobody ever reads half of it.
    A file that is replaced keeps its mode and, where this user may give files away, its owner. A
    new file has the usual mode, or 0600 when it is `private`. Without `replace`, FileExistsError
    where the file is there by then. Links are followed.

    Everything else is written to as it is, and so is a regular file that is this process's own
    standard output or error (`--junit /dev/stdout >> log` adds to the log). A reader of a pipe
    that leaves early is no error.
    """
    own = _own_descriptor(path)
    if own is not None:
        _write_to_descriptor(own, content)
        return
    try:
        status = path.stat()
    except FileNotFoundError:
        status = None
    if status is None or stat.S_ISREG(status.st_mode):
        _write_regular(Path(os.path.realpath(path)), content, status, private, replace)
    else:
        descriptor = _open_for_writing(path)
        try:
            _write_all(descriptor, content)
        finally:
            os.close(descriptor)


def write_private(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Writes a file of the program's own, which its user alone may read, and makes its folder.
    What a run that was killed left half written there goes after a while. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in path.parent.glob(f".{APP}-*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()
    write_whole(path, content, private=True, replace=replace)


def write_best_effort(path: Path, content: bytes) -> None:
    """Writes a file whose loss costs nothing but time: a full or read-only disk is no error."""
    with suppress(OSError):
        write_private(path, content)


def set_aside(path: Path) -> Path | None:
    """Renames a damaged file, so that it is not read again and its content can be recovered.
    Returns its new path; None where there is no such file or it could not be renamed."""
    try:
        return path.replace(path.with_suffix(SET_ASIDE))
    except OSError:
        return None


def _write_regular(
    path: Path, content: bytes, status: os.stat_result | None, private: bool, replace: bool
) -> None:
    with _beside(path, status, private=private, replace=replace) as file:
        file.write(content)


@contextmanager
def written_whole(path: Path, *, replace: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, bit by bit, which takes its place at the end of the block, or not at all
    where the block raises something. In all else like `write_whole`."""
    own = _own_descriptor(path)
    status = path.stat() if own is None and path.exists() else None
    if own is None and (status is None or stat.S_ISREG(status.st_mode)):
        place = Path(os.path.realpath(path))
        with _beside(place, status, private=False, replace=replace) as file:
            yield file
        return
    descriptor = os.dup(own) if own is not None else _open_for_writing(path)
    for stream in (sys.stdout, sys.stderr) if own is not None else ():
        stream.flush()  # what was printed before comes first
    with suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as file:
        yield file


@contextmanager
def _beside(
    path: Path, status: os.stat_result | None, *, private: bool, replace: bool
) -> Iterator[IO[bytes]]:
    """A file beside a place, which is moved there in the end; `status` is that of the file which
    it replaces."""
    beside = path.with_name(f".{APP}-{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        descriptor = os.open(
            beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private or status else 0o666
        )
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if status and not private and os.name != "nt":
                _take_over(descriptor, status)
            os.fsync(descriptor)
        if replace:
            beside.replace(path)
        else:
            _move_to_free_place(beside, path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _take_over(descriptor: int, status: os.stat_result) -> None:
    """Gives an open file the owner and the mode of the one that it will replace."""
    for owner in ((status.st_uid, -1), (-1, status.st_gid)):
        with suppress(PermissionError):
            os.fchown(descriptor, *owner)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _move_to_free_place(beside: Path, path: Path) -> None:
    """Moves a file to a path where nothing may stand. Raises FileExistsError."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as FAT: an empty file holds the place
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        beside.replace(path)


def _own_descriptor(path: Path | str) -> int | None:
    """The open descriptor of this process that a path stands for, or None where it is a file of
    its own. Standard output and error are known by any name of their file."""
    name = os.fspath(path)
    if name == STANDARD:
        return 1
    name = os.path.abspath(name)  # noqa: PTH100 (it must not follow links)
    for _ in range(_MOST_LINKS):  # /dev/stdout is a link to one of these names
        descriptor = re.fullmatch(_DESCRIPTOR, name)
        if descriptor and descriptor["process"] in (None, str(os.getpid())):
            return int(descriptor["number"])
        try:
            link = os.readlink(name)  # noqa: PTH115 (text, not a path that is made shorter)
        except (OSError, ValueError):
            break
        folder = os.path.realpath(os.path.dirname(name))  # noqa: PTH120
        name = os.path.normpath(os.path.join(folder, link))  # noqa: PTH118
    return next((number for number in (1, 2) if _is_regular_and_same(number, name)), None)


def _is_regular_and_same(number: int, name: str) -> bool:
    try:
        status = os.fstat(number)
        return stat.S_ISREG(status.st_mode) and os.path.samestat(status, os.stat(name))  # noqa: PTH116
    except (OSError, ValueError):
        return False


def _write_to_descriptor(number: int, content: bytes) -> None:
    stream = {1: sys.stdout, 2: sys.stderr}.get(number)
    if stream is not None:
        stream.flush()  # what was printed before comes first
    if number != 1 or stream is None:
        # Past the stream of notices, which may be lost: a result may not.
        _write_all(number, content)
        return
    if hasattr(stream, "buffer"):
        stream.buffer.write(content)
    else:
        stream.write(content.decode("utf-8", "replace"))
    stream.flush()


def _open_for_writing(path: Path) -> int:
    """Opens a device or a pipe. TimeoutError where nothing reads a named pipe within PATIENCE
    seconds."""
    if not _is_named_pipe(path):
        return os.open(path, os.O_WRONLY)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() >= end:
                raise _error(errno.ETIMEDOUT, path) from error
            time.sleep(0.02)
        else:
            os.set_blocking(descriptor, True)
            return descriptor


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    with suppress(BrokenPipeError):  # the reader has seen enough
        while rest:
            rest = rest[os.write(descriptor, rest) :]


# ---- errors


def _error(number: int, path: str | Path) -> OSError:
    """The error of this number, of the class that Python has for it."""
    return OSError(number, os.strerror(number), os.fspath(path))


def reason(error: OSError, messages: Messages) -> str:
    """Why a file could not be read or written, in the person's language."""
    known = {
        errno.ENOSPC: "os_full",
        errno.EDQUOT: "os_full",
        errno.EFBIG: "os_full",
        errno.EACCES: "os_denied",
        errno.EPERM: "os_denied",
        errno.EROFS: "os_read_only",
        errno.EISDIR: "os_folder",
        errno.ENOTDIR: "os_no_folder",
        errno.ENAMETOOLONG: "os_long",
        errno.EEXIST: "os_exists",
        errno.ELOOP: "os_loop",
        errno.ENXIO: "os_no_device",
        errno.ETIMEDOUT: "os_no_other_end",
        errno.EBADF: "os_closed",
        errno.ENOENT: "os_missing",
    }
    return messages(known.get(error.errno or 0, "os_other"), number=error.errno or 0)
