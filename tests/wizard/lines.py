"""A scripted person who types lines: what they would do with keys, through the line mode."""

from __future__ import annotations

import pytest

from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN
from choose_channel.wizard.plain import PlainPrompts
from choose_channel.wizard.prompt import Ask, Prompt, Reply, Signal

SIGNS = {Signal.BACK: "<", Signal.HELP: "?", Signal.REVIEW: "="}


def typed(prompt: Prompt, reply: Reply) -> str:
    """The line that stands for a reply to a prompt."""
    if reply.signal:
        return SIGNS[reply.signal]
    values = [option.value for option in prompt.options]
    if reply.value in values:
        return str(values.index(reply.value) + 1)
    # Enter alone takes the prefilled text; who wants none types "unknown".
    return UNKNOWN if prompt.start and not (reply.value or "").strip() else reply.value or ""


def in_lines(person: Ask, messages: Messages, texts: list[str] | None = None) -> Ask:
    """The same person, who types each reply as a line. `texts` takes what they hear."""
    heard: list[str] = [] if texts is None else texts
    seen: list[Prompt] = []
    tried: list[Prompt] = []

    def read(invitation: str) -> str:
        heard.append(invitation)
        if tried and tried[-1] is seen[-1]:
            pytest.skip("this cannot be typed in lines")
        tried.append(seen[-1])
        reply = person(seen[-1])
        if reply.signal and reply.value is not None:
            pytest.skip("nothing is half typed in lines")
        return typed(seen[-1], reply) + "\n"

    front_end = PlainPrompts(messages, heard.append, read)

    def ask(prompt: Prompt) -> Reply:
        seen.append(prompt)
        return front_end.ask(prompt)

    return ask
