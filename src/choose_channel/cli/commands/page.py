"""The wizard as one web page, for people without a terminal."""

from __future__ import annotations

from pathlib import Path

from choose_channel.api import engine_for
from choose_channel.cli import outputs, streams
from choose_channel.cli.registry import Context
from choose_channel.engine.scenarios import TooManyError
from choose_channel.files import storage
from choose_channel.messages.errors import OutputError, Problem
from choose_channel.report.formats.html.wizard_page import wizard_page


def command(context: Context, output: str | None, force: bool) -> int:
    """`page [-o FILE]`: begins in the language of the person; whoever opens it can switch."""
    messages = context.messages
    target = Path(output) if output not in (None, storage.STANDARD) else None
    if target and (
        problems := outputs.problems_with(target, (), context.rules, messages, replace=force)
    ):
        raise OutputError(problems)
    try:
        page = wizard_page(engine_for(context.book), messages.lang)
    except TooManyError as error:
        raise OutputError([Problem(messages("page_too_large"))]) from error
    if target is None:
        streams.write_utf8(page)
        return 0
    outputs.write(target, page.encode(), messages, replace=force)
    streams.notice(messages("written_to", path=target))
    return 0
