"""Nothing is sent anywhere: the guard that all tests but those of browsers and Spark run under."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tests.no_network.sitecustomize import NetworkUsedError


def test_a_test_that_uses_the_network_fails() -> None:
    """To a name, or to an address of this very machine."""
    with pytest.raises(NetworkUsedError):
        socket.getaddrinfo("localhost", 80)
    with pytest.raises(NetworkUsedError), socket.socket() as connection:
        connection.connect(("127.0.0.1", 9))


def test_a_program_that_a_test_starts_is_refused_the_network() -> None:
    """Whatever it does about errors."""
    code = "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept Exception: pass"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "NetworkUsedError" in done.stderr
