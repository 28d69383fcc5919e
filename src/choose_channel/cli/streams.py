"""Standard output and standard error, made safe once for every command.

- A reader that leaves early (`| head`) is no error: what is printed afterwards is dropped, so that
  the command finishes its work and its exit code is its own.
- Notices never change the outcome: a standard error that is closed or full loses them, and they
  never end up on standard output.
- A standard output that is closed or full is an OSError, once; `run` turns it into words.
- What is typed at a terminal and is no text in its encoding becomes a mark that no answer has.
- A character that a console cannot show becomes `?`, and `has_replaced` remembers it, so that the
  person is told. A byte of a file name that is no text becomes one too; no console could show it.
- What programs read (JSON, HTML, Markdown) is UTF-8, whatever the console speaks.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from typing import Any, TextIO, cast

_HANDLER = "choose_channel_replace"
_NO_TEXT = range(0xD800, 0xE000)
"""Half characters, which stand for bytes that are no text."""
_replaced: set[str] = set()


def prepare() -> None:
    """Puts the safe streams in place of the ones that the process started with."""
    codecs.register_error(_HANDLER, _replace)
    sys.stdout = _prepared(sys.stdout, is_optional=False)
    sys.stderr = _prepared(sys.stderr, is_optional=True)
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.isatty():
        sys.stdin.reconfigure(errors="replace")


def is_closed() -> bool:
    """Whether the process started without a standard output."""
    return isinstance(sys.stdout, _Closed)


def write_utf8(text: str) -> None:
    """Writes text for programs to standard output, as UTF-8."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
    else:  # half a pair of surrogates, as broken arguments bring, is no character
        buffer.write(text.encode("utf-8", "replace"))
        buffer.flush()


def notice(text: str) -> None:
    """Prints a line on standard error."""
    print(text, file=sys.stderr)


def can_show(text: str) -> bool:
    """Whether standard error can show a text as it is."""
    try:
        text.encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def has_replaced() -> bool:
    """Whether a character was printed as `?` because the console cannot show it."""
    return bool(_replaced)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    if any(ord(character) not in _NO_TEXT for character in error.object[error.start : error.end]):
        _replaced.add(error.encoding)
    return "?" * (error.end - error.start), error.end


def _prepared(stream: TextIO | None, *, is_optional: bool) -> TextIO:
    if stream is None:
        return cast(TextIO, io.StringIO() if is_optional else _Closed())
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    # On Windows a pipe or a file would get the code page of the machine.
    encoding = "utf-8" if os.name == "nt" and not stream.isatty() else stream.encoding
    if stream.isatty():
        stream.reconfigure(encoding=encoding, errors=_HANDLER)
        return stream
    raw: Any = getattr(
        stream.buffer, "raw", stream.buffer
    )  # with PYTHONUNBUFFERED it is raw already
    by_line = is_optional or stream.line_buffering or stream.write_through
    outlet: Any = _Outlet(raw, is_optional=is_optional)
    return io.TextIOWrapper(io.BufferedWriter(outlet), encoding, _HANDLER, line_buffering=by_line)


class _Outlet(io.RawIOBase):
    """The raw end of a stream: after the first failure it drops everything, without an error where
    the stream is optional or its reader has left."""

    def __init__(self, raw: io.RawIOBase, *, is_optional: bool) -> None:
        self._raw, self._is_optional, self._is_dead = raw, is_optional, False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def write(self, data: bytes | memoryview, /) -> int | None:  # type: ignore[override]
        if not self._is_dead:
            try:
                return self._raw.write(data)
            except OSError as error:
                self._is_dead = True
                if not (self._is_optional or _has_no_reader(error)):
                    raise
        return len(data)


def _has_no_reader(error: OSError) -> bool:
    # Windows says EINVAL where the other end of a pipe is closed.
    return error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL)


class _Closed(io.TextIOBase):
    """A standard output that was closed before the program started: writing to it is an error."""

    encoding = "utf-8"

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
