"""Prompts that are drawn on a terminal, on stderr. The only module that knows questionary.

questionary draws the list or the field; layout.py decides which rows stand above and below it.
Signals that reach the program while a prompt is open restore the terminal first, in cooked mode,
with the cursor shown and the prompt erased:

- SIGINT, like Ctrl-C and Ctrl-D, leaves (KeyboardInterrupt);
- SIGTERM, SIGHUP and SIGQUIT then end the program as they do anywhere else, so that a shell reports
  143, 129 and 131; all answers that were confirmed are in the draft by then;
- SIGTSTP, like Ctrl-Z, suspends, and the prompt is drawn again when the program goes on.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import questionary
from prompt_toolkit.application import (
    Application,
    create_app_session,
    get_app_session,
    run_in_terminal,
)
from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import Condition, to_filter
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    ConditionalMargin,
    FormattedTextControl,
    HSplit,
    Layout,
    ScrollbarMargin,
    Window,
)
from prompt_toolkit.layout.screen import Char
from prompt_toolkit.output import ColorDepth, DummyOutput, create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from questionary.prompts.common import InquirerControl

from choose_channel.wizard.layout import Row, arrange, listed
from choose_channel.wizard.list_keys import jump, matching
from choose_channel.wizard.prompt import Prompt, Reply, Signal

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
_SECONDS_AFTER_ESCAPE = 0.15
"""How long the rest of a key's sequence may take; less and a slow arrow key is read as Escape."""
_ERASE_DOWN = "\x1b7\x1b[K\x1b[B\r\x1b[J\x1b8"
"""Erases the row of the cursor, then those below. In one go, tmux would take it for a clearing of
the window where the cursor is at its top, and keep all that was drawn in its history."""
_ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT")


def can_start() -> bool:
    """Whether this console can show prompts."""
    try:
        create_output(stdout=sys.stderr)
    except Exception:  # the library's own errors differ from console to console
        return False
    return True


def ask(prompt: Prompt, *, color: bool = True) -> Reply:
    """Shows the prompt until it is answered."""
    with _on_stderr():
        try:
            reply = _run(_PromptScreen(prompt, color).application)
        except EOFError as error:  # the window was closed
            raise KeyboardInterrupt from error
    assert isinstance(reply, Reply)
    return reply


@contextmanager
def _on_stderr() -> Iterator[None]:
    # stdout carries the result, perhaps into a file; a menu has no business there
    if isinstance(get_app_session().output, DummyOutput):
        yield
        return
    output = create_output(stdout=sys.stderr)
    if isinstance(output, Vt100_Output):
        output.erase_down = partial(output.write_raw, _ERASE_DOWN)  # type: ignore[method-assign]
    with create_app_session(output=output):
        yield


# ---- signals


def _run(application: Application[Any]) -> Any:
    """The result of the application. A signal that ends the program does so when the terminal has
    been restored."""
    received: list[int] = []

    def end(number: int) -> None:
        received.append(number)
        if application.is_running and not application.is_done:
            application.exit(exception=KeyboardInterrupt)

    def listen() -> None:
        if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
            return  # signals cannot be caught here
        loop = asyncio.get_running_loop()  # forgets the handlers when it is closed
        for name in _ENDING_SIGNALS:
            number = getattr(signal, name)
            if signal.getsignal(number) is signal.SIG_DFL:  # nohup, for one, ignores SIGHUP
                loop.add_signal_handler(number, end, number)
        if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
            loop.add_signal_handler(signal.SIGTSTP, partial(_suspend, group=False))

    try:
        return application.run(pre_run=listen)
    finally:
        if received:
            signal.raise_signal(received[0])


def _suspend(*, group: bool) -> None:
    """Stops this process, or its whole group as Ctrl-Z does, until SIGCONT."""
    if sys.platform == "win32":
        return

    def stop() -> None:
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0 if group else os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)

    run_in_terminal(stop)


# ---- a window that changes its width


def _breaks_rows() -> bool:
    """Whether this terminal breaks the rows on it when it gets narrower, as nearly all do that are
    not known to cut them: xterm, GNU screen, and the consoles of Linux and Windows."""
    cuts = os.environ.get("XTERM_VERSION") or os.environ.get("STY") or sys.platform == "win32"
    return not cuts and os.environ.get("TERM") != "linux"


def _widths(row: Mapping[int, Char]) -> list[int]:
    """The widths of the characters in a row, without the blanks at its end."""
    last = max((column for column, sign in row.items() if sign.char.strip()), default=-1)
    return [row[column].width for column in range(last + 1)]


def _broken_into(widths: Iterable[int], columns: int) -> int:
    """How many rows a row is broken into where there are so many columns."""
    rows, used = 1, 0
    for width in widths:
        if used + width > columns:
            rows, used = rows + 1, 0
        used += width
    return rows


# ---- one prompt


class _PromptScreen:
    """A list or a field of questionary's within our rows, with our keys.

    Its application always ends with a Reply, or with KeyboardInterrupt or EOFError.
    """

    def __init__(self, prompt: Prompt, color: bool) -> None:
        self.prompt = self.whole = prompt
        """The prompt as it is shown, narrowed by the filter, and the whole of it."""
        self.filter: str | None = None
        self.refusal: str | None = None
        depth = ColorDepth.DEPTH_4_BIT if color else ColorDepth.DEPTH_1_BIT
        settings = {"erase_when_done": True, "color_depth": depth}
        question = (_select if prompt.options else _text)(prompt, settings)
        self.application: Application[Any] = question.application
        layout = self.application.layout
        self.list = next(
            (
                window.content
                for window in layout.find_all_windows()
                if isinstance(window.content, InquirerControl)
            ),
            None,
        )
        self.buffer = layout.current_buffer
        self.buffer.accept_handler = self._accept
        self.buffer.on_text_changed += self._forget_refusal
        self.scroll = 0
        self._arrange()
        self._put_into_frame()
        bindings = self.application.key_bindings or KeyBindings()
        self.application.key_bindings = merge_key_bindings([bindings, self._keys()])
        self.application.ttimeoutlen = _SECONDS_AFTER_ESCAPE
        self.application.before_render += self._arrange
        self._on_resize = self.application._on_resize
        self.application._on_resize = self._resize

    def so_far(self) -> str | None:
        """What is chosen or typed; None where nothing is chosen."""
        if self.list is None:
            return str(self.buffer.text)
        return str(self.list.get_pointed_at().value) or None

    # ---- drawing

    def _arrange(self, _application: Any = None) -> None:
        """Lays the prompt out for the window as it is now."""
        size = self.application.output.get_size()
        self.view = arrange(
            self.prompt,
            columns=size.columns,
            rows=min(size.rows, self.prompt.most_rows or size.rows),
            pointed=self.list.pointed_at if self.list else 0,
            typed=self.buffer.text,
            refusal=self.refusal,
            scroll=self.scroll,
        )
        self.scroll = self.view.scroll
        if self.list:
            for choice, rows in zip(self.list.choices, self.view.options, strict=True):
                choice.title = _fragments(rows, "\n      ")

    def _resize(self) -> None:
        """Erases the prompt and draws it anew. In a narrower window most terminals have broken its
        rows into more by now, and the library, which erases as many as it drew, would leave the
        first of them behind."""
        renderer = self.application.renderer
        screen, cursor = renderer.last_rendered_screen, renderer._cursor_pos
        columns = self.application.output.get_size().columns
        if screen and columns and _breaks_rows():
            rows = [screen.data_buffer[row] for row in range(cursor.y)]
            above = sum(_broken_into(_widths(row), columns) for row in rows)
            renderer._cursor_pos = Point(cursor.x % columns, above + cursor.x // columns)
        self._on_resize()

    def _put_into_frame(self) -> None:
        layout = self.application.layout
        for window in layout.find_all_windows():
            window.dont_extend_height = to_filter(True)
            if window.content is self.list:
                bar = ScrollbarMargin(display_arrows=True)
                scrolls = Condition(lambda: self.view.scrolls)
                window.right_margins = [ConditionalMargin(bar, filter=scrolls)]
                window.get_vertical_scroll = lambda _window: self.view.scroll
                window.height = lambda: self.view.input_rows
        if self.list:
            layout.current_window.height = 0  # questionary's own title
        else:
            layout.current_window.height = lambda: self.view.input_rows
        head = Window(
            FormattedTextControl(lambda: _fragments(self.view.head)),
            height=lambda: len(self.view.head),
        )
        foot = Window(
            FormattedTextControl(lambda: _fragments(self.view.foot)),
            height=lambda: len(self.view.foot),
        )
        frame = HSplit([head, layout.container, foot, Window()])
        self.application.layout = Layout(frame, focused_element=layout.current_window)

    # ---- keys

    def _keys(self) -> KeyBindings:
        bindings = KeyBindings()
        if self.prompt.can_go_back:
            for key in ("s-tab", "c-b"):
                bindings.add(key, eager=True)(partial(self._leave, Signal.BACK))
        if self.prompt.can_explain:
            for key in ("?", "？"):
                bindings.add(key, eager=True)(partial(self._leave, Signal.HELP))

        @bindings.add("c-d", eager=True)
        @bindings.add(Keys.SIGINT, eager=True)
        def _quit(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        @bindings.add("c-z", eager=True)
        def _stop(_event: KeyPressEvent) -> None:
            _suspend(group=True)

        if self.list:
            bindings.add(Keys.Any)(self._jump)
            for key, last in (("home", False), ("end", True)):
                bindings.add(key, eager=True)(partial(self._go_to_end, last))
            bindings.add("backspace", eager=True)(self._shorten_filter)

        @bindings.add("enter", eager=True)
        def _confirm(_event: KeyPressEvent) -> None:
            self.buffer.validate_and_handle()

        @bindings.add(Keys.BracketedPaste, eager=True)
        def _paste(event: KeyPressEvent) -> None:
            if not self.prompt.options:  # a field has one line
                self.buffer.insert_text(" ".join(event.data.split()))

        return bindings

    # ---- keys of a list

    def _jump(self, event: KeyPressEvent) -> None:
        """Goes to the option of a digit or a first letter; after `/`, narrows the list instead."""
        key = event.data
        if self.filter is not None:
            self._narrow(self.filter + key)
        elif key in ("/", "／"):
            self._narrow("")
        elif (
            self.list
            and (number := jump(listed(self.prompt), key, self.list.pointed_at)) is not None
        ):
            self.refusal = None
            self.list.pointed_at = number

    def _go_to_end(self, last: bool, _event: KeyPressEvent) -> None:
        if self.list:
            self.list.pointed_at = len(self.list.choices) - 1 if last else 0

    def _shorten_filter(self, _event: KeyPressEvent) -> None:
        if self.filter is not None:
            self._narrow(self.filter[:-1] if self.filter else None)

    def _narrow(self, text: str | None) -> None:
        """Shows only the options that hold a text; all of them where it is None."""
        options = matching(self.whole, text or "")
        if not self.list or not options:
            return  # nothing holds it: the last key is dropped
        here = self.so_far()
        self.filter, self.refusal = text, None
        start = here if here in {option.value for option in options} else None
        kept = self.whole.start if text is None else start or options[0].value
        self.prompt = replace(self.whole, options=options, start=kept, filter=text)
        shown = listed(self.prompt)
        self.list.choices = [questionary.Choice([], value=option.value) for option in shown]
        values = [option.value for option in shown]
        self.list.pointed_at = values.index(here) if here in values else 0
        self.scroll = 0

    def _leave(self, reason: Signal, event: KeyPressEvent) -> None:
        event.app.exit(result=Reply(self.so_far(), reason))

    def _accept(self, _buffer: Any) -> bool:
        """Every way to confirm ends here, Alt-Enter and Ctrl-O too."""
        value = self.so_far()
        self.refusal = self.prompt.nothing if value is None else self.prompt.refuse(value)
        if value is not None and self.refusal is None:
            self.application.exit(result=Reply(value))
        return True  # the text stays where it is

    def _forget_refusal(self, _buffer: Any) -> None:
        self.refusal = None


def _text(prompt: Prompt, settings: Mapping[str, Any]) -> Any:
    """questionary's field."""
    return questionary.text(">", default=prompt.start or "", qmark=" ", style=_STYLE, **settings)


def _select(prompt: Prompt, settings: Mapping[str, Any]) -> Any:
    """questionary's list; its titles are filled in when it is drawn."""
    return questionary.select(
        "",
        choices=[questionary.Choice([], value=option.value) for option in listed(prompt)],
        default=prompt.start,
        qmark=" ",
        pointer=" >",
        instruction=" ",
        style=_STYLE,
        use_jk_keys=False,
        **settings,
    )


def _fragments(rows: list[Row], newline: str = "\n") -> list[Any]:
    """Rows as the libraries take them."""
    fragments: list[Any] = []
    for number, row in enumerate(rows):
        fragments += [("", newline), *row] if number else row
    return fragments
