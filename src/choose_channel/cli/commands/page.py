"""The wizard as one web page, for people without a terminal."""

from __future__ import annotations

from choose_channel.api import engine_for
from choose_channel.cli import outputs
from choose_channel.cli.registry import Context
from choose_channel.engine.completions import TooManyError
from choose_channel.messages.errors import OutputError, Problem
from choose_channel.report.formats.html.wizard_page import wizard_page


def command(context: Context, output: str | None, force: bool) -> int:
    """`page [-o FILE]`: begins in the language of the person; whoever opens it can switch."""
    messages = context.messages
    target = outputs.target_of(output)
    if target and (
        problems := outputs.problems_with(target, (), context.rules, messages, replace=force)
    ):
        raise OutputError(problems)
    try:
        page = wizard_page(engine_for(context.rulebook), messages.lang)
    except TooManyError as error:
        raise OutputError([Problem(messages("page_too_large"))]) from error
    outputs.give(page, target, messages, replace=force)
    return 0
