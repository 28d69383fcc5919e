"""The date of a run."""

from __future__ import annotations

import os

from choose_channel.messages.errors import Problem, UsageError
from choose_channel.messages.i18n import Messages, shorten

_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, in seconds since 1970."""


def today(messages: Messages) -> str:
    """The ISO date of this run. SOURCE_DATE_EPOCH (seconds since 1970, UTC) overrides the clock,
    and is a UsageError where it is no such number."""
    import datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.datetime.now().astimezone().date().isoformat()
    is_number = epoch.isascii() and epoch.isdigit() and len(epoch) <= len(str(_LAST_SECOND))
    if not is_number or int(epoch) > _LAST_SECOND:
        message = messages("usage_epoch", value=shorten(epoch))
        raise UsageError([Problem(message, "SOURCE_DATE_EPOCH")])
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
