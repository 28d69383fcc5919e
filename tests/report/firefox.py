"""Debian's Firefox, driven by its own protocol (Marionette): enough for one test."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
_PATIENCE = 60.0


class Firefox:
    """A window without a screen."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._rest, self._number = connection, b"", 0
        self._message()  # its greeting
        self._ask("WebDriver:NewSession", {})

    def open(self, address: str) -> None:
        """Goes to an address."""
        self._ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str) -> Any:
        """The value that a script returns."""
        answer = self._ask("WebDriver:ExecuteScript", {"script": script, "args": []})
        return answer["value"]

    def wait(self, condition: str) -> None:
        """Until an expression is true."""
        end = time.monotonic() + _PATIENCE
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def _ask(self, name: str, words: dict[str, Any]) -> Any:
        self._number += 1
        text = json.dumps([0, self._number, name, words]).encode()
        self._connection.sendall(f"{len(text)}:".encode() + text)
        _, number, error, answer = self._message()
        assert (number, error) == (self._number, None), error
        return answer

    def _message(self) -> Any:
        while b":" not in self._rest:
            self._rest += self._more()
        size, _, self._rest = self._rest.partition(b":")
        while len(self._rest) < int(size):
            self._rest += self._more()
        message, self._rest = self._rest[: int(size)], self._rest[int(size) :]
        return json.loads(message)

    def _more(self) -> bytes:
        more = self._connection.recv(65536)
        assert more, "Firefox went away"
        return more


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A Firefox with a profile of its own in this folder."""
    assert FIREFOX
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n', encoding="utf-8")
    process = subprocess.Popen(
        [FIREFOX, "--marionette", "--headless", "--no-remote", "--profile", str(profile)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connected(port) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        except OSError:
            assert time.monotonic() < end, "Firefox does not answer"
            time.sleep(0.2)
