"""Standard output, whatever stands at its other end."""

from __future__ import annotations

import errno
import io
import os
import sys

import pytest

from choose_channel.cli import streams


class _Refusing(io.RawIOBase):
    """An end that refuses all that is written to it."""

    def __init__(self, code: int) -> None:
        self.code = code

    def writable(self) -> bool:
        return True

    def write(self, _data: object, /) -> int:
        raise OSError(self.code, os.strerror(self.code))


@pytest.mark.parametrize(
    ("system", "code", "has_left"),
    [
        ("posix", errno.EPIPE, True),
        ("nt", errno.EPIPE, True),
        ("nt", errno.EINVAL, True),
        ("posix", errno.EINVAL, False),
        ("posix", errno.ENOSPC, False),
        ("nt", errno.ENOSPC, False),
    ],
)
def test_only_a_reader_that_has_left_loses_the_result_in_silence(
    system: str, code: int, has_left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How that is said differs from system to system; whatever else fails is an error, once."""
    failed = []
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(_Refusing(code))))
        patch.setattr(sys, "stderr", io.StringIO())
        patch.setattr(os, "name", system)
        streams.prepare()
        for text in ("decided", "dropped"):
            try:
                print(text, flush=True)
            except OSError as error:
                failed.append(error.errno)
    assert failed == ([] if has_left else [code])
