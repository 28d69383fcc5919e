"""Prompts in lines: each is printed once, and an answer is a line that is typed.

For people who listen to a terminal or read it with their fingers, and for consoles that cannot
draw. Nothing is drawn over, and what was just said is not said again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from choose_channel.answers.kinds import Option
from choose_channel.answers.parse import choices_meant
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.naming import legible, normalize
from choose_channel.wizard.prompt import Prompt, Reply, Signal

_QUIT, _BACK, _HELP, _REVIEW = "q", "<", "?", "="


def read_line(invitation: str) -> str:
    """A line that the person types behind an invitation. Raises KeyboardInterrupt where they leave,
    as they do at the end of the input, which is no answer."""
    sys.stderr.write(f"{invitation} ")
    sys.stderr.flush()
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    if not line:
        sys.stderr.write("\n")
        raise KeyboardInterrupt
    return line


class PlainPrompts:
    """The prompts of one run. `tell` prints a paragraph, `read` gives the line that is typed behind
    an invitation."""

    def __init__(
        self,
        messages: Messages,
        tell: Callable[[str], None],
        read: Callable[[str], str] = read_line,
    ) -> None:
        self.messages, self._print, self._read = messages, tell, read
        self._knows_how = False
        self._last: Prompt | None = None
        """The prompt before."""
        self._asked_why = False
        """Whether the person asked why that one is asked."""

    def tell(self, text: str) -> None:
        """Prints a paragraph. A bullet is nothing to listen to."""
        self._print(text.removeprefix("· "))

    def ask(self, prompt: Prompt) -> Reply:
        """Says the prompt and reads lines until one is an answer."""
        self._say(prompt)
        self._last, self._asked_why = prompt, False
        while True:
            line = self._read(self._invitation(prompt)).strip()
            if _more_lines_came():
                self.tell(self.messages("plain_one_line"))
            reply = self._understood(prompt, line)
            if isinstance(reply, Reply):
                self._asked_why = reply.signal is Signal.HELP
                return reply
            self.tell(reply)

    # ---- saying

    def _say(self, prompt: Prompt) -> None:
        """Says what is new since the prompt before: all of it, or the reasons that were asked for,
        or the options that have changed, as ticks do."""
        last = self._last
        is_same = last is not None and (last.title, last.lines) == (prompt.title, prompt.lines)
        if last is not None and is_same and self._asked_why:
            for text in prompt.reasons:
                self.tell(text)
            self._say_options(prompt)
            return
        values, before = (
            [option.value for option in side.options] for side in (prompt, last or prompt)
        )
        if last is not None and is_same and values == before and last.options != prompt.options:
            self._say_options(prompt, last)
            return
        self._print("")
        if not self._knows_how:
            self.tell(self.messages("plain_how"))
            self._print("")
            self._knows_how = True
        if prompt.progress:
            self.tell(prompt.progress)
        for text in (prompt.title, *prompt.lines):
            self.tell(text)
        self._say_options(prompt)

    def _say_options(self, prompt: Prompt, but: Prompt | None = None) -> None:
        """Says the options, but for those that are the same in another prompt."""
        for number, option in enumerate(prompt.options, 1):
            if but is None or option != but.options[number - 1]:
                self.tell(f"{number}. {self._text(option)}")

    def _text(self, option: Option) -> str:
        detail = option.detail
        if option.ticked is not None:
            detail = self.messages("plain_ticked" if option.ticked else "plain_not_ticked")
        if not detail:
            return option.label
        return self.messages("answer_is", question=option.label, answer=detail)

    # ---- reading

    def _invitation(self, prompt: Prompt) -> str:
        """What stands before the answer: what Enter alone means, above all."""
        messages = self.messages
        for number, option in enumerate(prompt.options, 1):
            if option.value == prompt.start:
                return messages("plain_answer_start", start=f"{number} {option.label}")
        if prompt.start and not prompt.options:
            return messages("plain_answer_start", start=prompt.start)
        if prompt.hint:
            return messages("plain_answer_hint", hint=prompt.hint)
        return messages("plain_answer")

    def _understood(self, prompt: Prompt, line: str) -> Reply | str:
        """The reply that a line means, or why it means none."""
        typed = legible(line)
        allowed = {
            _BACK: (Signal.BACK, prompt.can_go_back),
            _HELP: (Signal.HELP, prompt.can_explain and not prompt.reasons),
            _REVIEW: (Signal.REVIEW, prompt.can_review),
        }
        if typed.casefold() == _QUIT:
            raise KeyboardInterrupt
        if typed in allowed:
            signal, is_allowed = allowed[typed]
            if is_allowed:
                return Reply(None, signal)
            if typed != _HELP:
                return self.messages("plain_not_here", value=typed)
            self._say_again(prompt)
            return self.messages("plain_how")
        if prompt.options:
            return self._choice(prompt, typed)
        value = line or prompt.start or ""
        return prompt.refuse(value) or Reply(value)

    def _say_again(self, prompt: Prompt) -> None:
        for text in (prompt.title, *prompt.lines, *prompt.reasons):
            self.tell(text)
        self._say_options(prompt)

    def _choice(self, prompt: Prompt, typed: str) -> Reply | str:
        """The option that a number, a name or the beginning of one stands for."""
        count = len(prompt.options)
        if not typed:
            is_set = prompt.start is not None
            return Reply(prompt.start) if is_set else self.messages("plain_choose", count=count)
        number = typed.rstrip(".)、")
        if number.isdecimal() and number.isascii() and 0 < int(number[:9]) <= count:
            return Reply(prompt.options[int(number) - 1].value)
        if prompt.refuse(typed) is None:
            return Reply(typed)
        labels = {normalize(option.label): option.value for option in prompt.options}
        meant = choices_meant(typed, labels, {}, self.messages)
        if len(meant) == 1:
            return Reply(meant.pop())
        if not meant:
            return self.messages("plain_none", value=shorten(typed), count=count)
        options = self.messages.listing(
            f"{number} {option.label}"
            for number, option in enumerate(prompt.options, 1)
            if option.value in meant
        )
        return self.messages("plain_several", value=shorten(typed), options=options)


def _more_lines_came() -> bool:
    """Whether lines came together with the one that was read, as a paste brings them. They are
    dropped: they are no answers to questions that nobody has seen yet."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        return False
    import select
    import termios

    if not select.select([sys.stdin], [], [], 0)[0]:
        return False
    termios.tcflush(sys.stdin, termios.TCIFLUSH)
    return True
