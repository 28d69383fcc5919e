"""Prompts drawn by questionary, on stderr. The only module that knows the library."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import questionary
from prompt_toolkit.application import create_app_session, get_app_session
from prompt_toolkit.application.current import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.output import ColorDepth, DummyOutput, create_output
from prompt_toolkit.validation import ValidationError, Validator

from choose_channel.errors import PromptError
from choose_channel.prompts import Prompt, Reply, Signal
from choose_channel.wrapping import wrap

_STYLE = questionary.Style(
    [
        ("qmark", "bold"),
        ("question", "bold"),
        ("pointer", "bold fg:ansicyan"),
        ("highlighted", "bold fg:ansicyan"),
        ("selected", ""),
        ("separator", "fg:ansibrightblack"),
        ("bottom-toolbar", "noreverse fg:ansibrightblack"),
    ]
)
_NOTHING = ""


@contextmanager
def _on_stderr() -> Iterator[None]:
    # stdout carries the result, perhaps into a file; a menu has no business there
    if isinstance(get_app_session().output, DummyOutput):
        yield
        return
    try:
        output = create_output(stdout=sys.stderr)
    except Exception as error:  # the library's own errors differ from console to console
        raise PromptError from error
    with create_app_session(output=output):
        yield


def ask(prompt: Prompt) -> Reply:
    """Shows the prompt until it is answered."""
    with _on_stderr():
        question = _choice(prompt) if prompt.options else _text(prompt)
        keys = merge_key_bindings(
            [question.application.key_bindings or KeyBindings(), _keys(prompt, question)]
        )
        question.application.key_bindings = keys
        question.application.ttimeoutlen = 0.15
        try:
            answer = question.unsafe_ask()
        except EOFError as error:
            raise KeyboardInterrupt from error
    if isinstance(answer, Reply):
        return answer
    values = {option.value for option in prompt.options}
    if prompt.options and answer not in values:  # Alt-Enter and the like return what is no answer
        return ask(prompt)
    return Reply(str(answer))


def _room() -> int:
    return max(get_app_session().output.get_size().columns - 6, 20)


def _message(prompt: Prompt) -> str:
    lines = [line for text in prompt.lines for line in wrap(text, _room())]
    return "\n  ".join(lines)


def _choice(prompt: Prompt) -> Any:
    room = _room()
    choices: list[Any] = []
    if prompt.start is None:
        choices.append(questionary.Choice(prompt.nothing, value=_NOTHING))
    with_detail = room >= 56
    for option in prompt.options:
        title = (
            f"{option.label}  {option.detail}" if with_detail and option.detail else option.label
        )
        lines = wrap(title, room)
        choices.append(questionary.Choice("\n     ".join(lines), value=option.value))
    footer = "\n   ".join(wrap(" · ".join(prompt.keys), room))
    choices.append(questionary.Separator(f"\n   {footer}"))
    return questionary.select(
        _message(prompt),
        choices=choices,
        default=prompt.start,
        qmark=" ",
        pointer=" >",
        instruction=" ",
        style=_STYLE,
        use_jk_keys=False,
        **_application(),
    )


def _text(prompt: Prompt) -> Any:
    class Refuse(Validator):
        def validate(self, document: Any) -> None:
            reason = prompt.refuse(document.text)
            if reason:
                raise ValidationError(message=reason, cursor_position=len(document.text))

    hint = f"\n  {prompt.hint}" if prompt.hint else ""
    footer = "\n ".join(wrap(" · ".join(prompt.keys), _room()))
    return questionary.text(
        f"{_message(prompt)}{hint}\n >",
        default=prompt.start or "",
        validate=Refuse(),
        qmark=" ",
        style=_STYLE,
        validate_while_typing=False,
        bottom_toolbar=f" {footer}",
        **_application(),
    )


def _application() -> dict[str, Any]:
    depth = ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None
    return {"erase_when_done": True, "color_depth": depth}


def _keys(prompt: Prompt, question: Any) -> KeyBindings:
    bindings = KeyBindings()

    def leave(event: KeyPressEvent, signal: Signal) -> None:
        event.app.exit(result=Reply(_so_far(question, prompt), signal))

    if prompt.can_go_back:

        @bindings.add("s-tab", eager=True)
        @bindings.add("c-b", eager=True)
        def _back(event: KeyPressEvent) -> None:
            leave(event, Signal.BACK)

    if prompt.can_explain:

        @bindings.add("?", eager=True)
        @bindings.add("？", eager=True)
        def _help(event: KeyPressEvent) -> None:
            leave(event, Signal.HELP)

    @bindings.add("c-d", eager=True)
    def _quit(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    if prompt.options:
        undecided = Condition(lambda: _so_far(question, prompt) is None)

        @bindings.add("enter", filter=undecided, eager=True)
        def _stay(_event: KeyPressEvent) -> None:
            """Nothing is chosen yet, so there is nothing to confirm."""

    return bindings


def _so_far(question: Any, prompt: Prompt) -> str | None:
    if not prompt.options:
        return str(get_app().current_buffer.text)
    for container in question.application.layout.find_all_controls():
        pointed = getattr(container, "get_pointed_at", None)
        if pointed:
            return str(pointed().value) or None
    return None
