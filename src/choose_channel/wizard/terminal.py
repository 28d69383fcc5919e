"""Prompts drawn by questionary, on stderr. The only module that knows the library.

questionary draws the list or the field; the lines above and the keys below are ours, so that they
wrap between words, stay in sight when a list scrolls, and follow the window when it is resized.
"""

from __future__ import annotations

import abc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import questionary
from prompt_toolkit.application import create_app_session, get_app_session
from prompt_toolkit.filters import Condition, to_filter
from prompt_toolkit.formatted_text import OneStyleAndTextTuple, StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    ConditionalMargin,
    Dimension,
    FormattedTextControl,
    HSplit,
    Layout,
    ScrollbarMargin,
    ScrollOffsets,
    Window,
)
from prompt_toolkit.output import ColorDepth, DummyOutput, create_output
from prompt_toolkit.utils import is_dumb_terminal
from questionary.prompts.common import InquirerControl
from rich.cells import cell_len

from choose_channel.messages.errors import PromptError
from choose_channel.messages.wrap import wrap
from choose_channel.wizard.prompt import Option, Prompt, Reply, Signal

_STYLE = questionary.Style(
    [
        ("title", "bold"),
        ("pointer", "bold fg:ansicyan"),
        ("highlighted", "bold fg:ansicyan"),
        ("selected", ""),
        ("answer", "bold"),
        ("quiet", "fg:ansibrightblack"),
        ("refusal", "fg:ansired"),
    ]
)
_NOTHING = ""


def ask(prompt: Prompt) -> Reply:
    """Shows the prompt until it is answered."""
    with _on_stderr():
        shown = _Choice(prompt) if prompt.options else _Field(prompt)
        try:
            reply = shown.application.run()
        except EOFError as error:
            raise KeyboardInterrupt from error
    assert isinstance(reply, Reply)
    return reply


@contextmanager
def _on_stderr() -> Iterator[None]:
    # stdout carries the result, perhaps into a file; a menu has no business there
    if isinstance(get_app_session().output, DummyOutput):
        yield
        return
    if is_dumb_terminal():
        raise PromptError
    try:
        output = create_output(stdout=sys.stderr)
    except Exception as error:  # the library's own errors differ from console to console
        raise PromptError from error
    with create_app_session(output=output):
        yield


class _Shown(abc.ABC):
    """A question of questionary's in our frame, with our keys. It always ends with a Reply."""

    def __init__(self, prompt: Prompt, question: Any) -> None:
        self.prompt = prompt
        self.refusal: str | None = None
        self.application = question.application
        self._put_into_frame()
        self.buffer = self.application.layout.current_buffer
        self.buffer.accept_handler = self._accept
        self.buffer.on_text_changed += self._changed
        keys = [self.application.key_bindings or KeyBindings(), self._keys()]
        self.application.key_bindings = merge_key_bindings(keys)
        self.application.ttimeoutlen = 0.15

    @abc.abstractmethod
    def so_far(self) -> str | None:
        """What is chosen or typed."""

    def _put_into_frame(self) -> None:
        layout = self.application.layout
        for window in layout.find_all_windows():
            window.dont_extend_height = to_filter(True)
        first = Dimension(weight=9)  # where rows are scarce, a list can scroll and a text cannot
        head, foot = (
            Window(FormattedTextControl(text), height=first, dont_extend_height=True)
            for text in (self._head, self._foot)
        )
        frame = HSplit([head, layout.container, foot, Window()])
        self.application.layout = Layout(frame, focused_element=layout.current_window)

    def _head(self) -> StyleAndTextTuples:
        prompt = self.prompt
        found: StyleAndTextTuples = []
        if prompt.progress:
            found += _paragraph("class:quiet", prompt.progress)
        found += _paragraph("class:title", prompt.title)
        for line in (*prompt.lines, *prompt.reasons):
            found += _paragraph("", line)
        return found[:-1]  # without the last end of line

    def _foot(self) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        if self.refusal:
            found += _paragraph("class:refusal", self.refusal)
        elif self.prompt.hint:
            found += _paragraph("class:quiet", self.prompt.hint)
        keys = "\n  ".join(_flow(self.prompt.keys, _room(2)))
        return [*found, ("", "\n  "), ("class:quiet", keys)]

    def _keys(self) -> KeyBindings:
        bindings = KeyBindings()
        if self.prompt.can_go_back:
            for key in ("s-tab", "c-b"):
                bindings.add(key, eager=True)(self._leaver(Signal.BACK))
        if self.prompt.can_explain:
            for key in ("?", "？"):
                bindings.add(key, eager=True)(self._leaver(Signal.HELP))

        @bindings.add("c-d", eager=True)
        def _quit(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        @bindings.add("enter", eager=True)
        def _confirm(_event: KeyPressEvent) -> None:
            self.buffer.validate_and_handle()

        @bindings.add(Keys.BracketedPaste, eager=True)
        def _paste(event: KeyPressEvent) -> None:
            if not self.prompt.options:  # a field has one line
                self.buffer.insert_text(" ".join(event.data.split()))

        return bindings

    def _leaver(self, signal: Signal) -> Any:
        def leave(event: KeyPressEvent) -> None:
            event.app.exit(result=Reply(self.so_far(), signal))

        return leave

    def _accept(self, _buffer: Any) -> bool:
        """Every way to confirm ends here, Alt-Enter and Ctrl-O too."""
        value = self.so_far()
        if value is not None:
            self.refusal = self.prompt.refuse(value)
            if self.refusal is None:
                self.application.exit(result=Reply(value))
        return True  # the text stays where it is

    def _changed(self, _buffer: Any) -> None:
        self.refusal = None


class _Field(_Shown):
    """A text to type."""

    def __init__(self, prompt: Prompt) -> None:
        question = questionary.text(
            ">", default=prompt.start or "", qmark="\n ", style=_STYLE, **_application()
        )
        super().__init__(prompt, question)

    def so_far(self) -> str | None:
        return str(self.buffer.text)


class _Choice(_Shown):
    """Options to choose from. Nothing is chosen before the person chooses."""

    def __init__(self, prompt: Prompt) -> None:
        self.options = list(prompt.options)
        if prompt.start is None:
            self.options.insert(0, Option(_NOTHING, prompt.nothing))
        question = questionary.select(
            "",
            choices=[questionary.Choice([], value=option.value) for option in self.options],
            default=prompt.start,
            qmark=" ",
            pointer=" >",
            instruction=" ",
            style=_STYLE,
            use_jk_keys=False,
            **_application(),
        )
        for window in question.application.layout.find_all_windows():
            if isinstance(window.content, InquirerControl):
                self.list = window.content
                window.scroll_offsets = ScrollOffsets(top=1, bottom=2)
                bar = ScrollbarMargin(display_arrows=True)
                scrolls = Condition(lambda: self.scrolls)
                window.right_margins = [ConditionalMargin(bar, filter=scrolls)]
        super().__init__(prompt, question)
        self.scrolls = False
        self.application.before_render += self._label

    def so_far(self) -> str | None:
        return str(self.list.get_pointed_at().value) or None

    def _label(self, _application: Any) -> None:
        """Labels the options as the window allows: all with their details, or only the option
        that is pointed at."""
        pointed = self.list.pointed_at
        room = get_app_session().output.get_size().rows - 1
        room -= _rows(self._head()) + _rows(self._foot())
        for everything in (True, False):
            titles = [
                _lines(option, "class:highlighted" if here else "", detailed=everything or here)
                for here, option in ((n == pointed, one) for n, one in enumerate(self.options))
            ]
            self.scrolls = sum(map(_rows, titles)) > room
            if not self.scrolls:
                break
        for choice, title in zip(self.list.choices, titles, strict=True):
            choice.title = title


def _application() -> dict[str, Any]:
    depth = ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None
    return {"erase_when_done": True, "color_depth": depth}


# ---- fitting texts into the window


def _room(indent: int) -> int:
    return max(get_app_session().output.get_size().columns - indent - 1, 20)


def _paragraph(style: str, text: str) -> StyleAndTextTuples:
    lines = "\n  ".join(wrap(text, _room(2)))
    return [("", "  "), (style, lines), ("", "\n")]


def _lines(option: Option, style: str = "", *, detailed: bool = True) -> list[tuple[str, str]]:
    """An option's label and detail, hanging: what wraps stands a little to the right."""
    label = "\n      ".join(wrap(option.label, _room(6)))
    if not option.detail or not detailed:
        return [(style, label)]
    both = "\n      ".join(wrap(f"{option.label}  {option.detail}", _room(6)))
    return [(style, label), ("class:quiet", both[len(label) :])]


def _rows(fragments: Iterable[OneStyleAndTextTuple]) -> int:
    return sum(fragment[1].count("\n") for fragment in fragments) + 1


def _flow(keys: Iterable[str], room: int) -> list[str]:
    """Keys in lines, none of them broken."""
    lines: list[str] = []
    for key in keys:
        longer = f"{lines[-1]} · {key}" if lines else key
        if lines and cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(key)
    return lines
