"""Refuses the network to this process. Python imports a module of this name by itself where its
folder is on PYTHONPATH, so that programs that a test starts are watched like the test."""

from __future__ import annotations

import os
import sys

EVENTS = {
    *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
    *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"),
}
is_refused = "TESTS_WITHOUT_NETWORK" in os.environ
"""Whether sockets are refused now; those that have a path in place of a host never are."""


class NetworkUsedError(BaseException):
    """Something wanted to use the network. No code of ours catches it."""


def _is_local(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether a socket is given a path in place of a host."""
    return event in ("socket.connect", "socket.bind") and isinstance(arguments[1], str | bytes)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if is_refused and event in EVENTS and not _is_local(event, arguments):
        raise NetworkUsedError(f"{event} {arguments[1:]}")


sys.addaudithook(_watch)
