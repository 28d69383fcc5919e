"""Asking one question. Each kind of prompt is one module with the same `ask`."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from choose_channel.answers.format import answer_line
from choose_channel.answers.kinds import kind_of
from choose_channel.answers.parse import expected, parse
from choose_channel.answers.sources import Given
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import effects_of, needed
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.rulebook import UNKNOWN, Gate, Pitfall, Question, Rule, Value


class Signal(enum.Enum):
    """What a person may do instead of answering."""

    BACK = "back"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Option:
    """One line to choose; `value` comes back when it is chosen."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask, all texts ready, with options to choose or else a text to type.

    `start` is what was chosen or typed before; nothing is preselected without it, and `nothing`
    stands where the choice will be. `refuse` gives the reason why a typed text cannot be taken,
    or None.
    """

    title: str
    keys: tuple[str, ...]
    progress: str = ""
    lines: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    nothing: str = ""
    start: str | None = None
    hint: str = ""
    can_go_back: bool = False
    can_explain: bool = False
    refuse: Callable[[str], str | None] = field(default=lambda _text: None)


@dataclass(frozen=True, slots=True)
class Reply:
    """The value that was given, or a signal together with what was chosen or typed so far."""

    value: str | None
    signal: Signal | None = None


Ask = Callable[[Prompt], Reply]
"""Raises KeyboardInterrupt when the person leaves, PromptError when nothing can be shown."""


_WHY_ROWS, _WHY_COLUMNS = 6, 77
"""So many rows of reasons leave room for the answers in a window of 80 by 24."""
_COUNTED = {
    1: "ask_numbers_one",
    2: "ask_numbers_two",
    3: "ask_numbers_three",
    4: "ask_numbers_four",
}


class Asking:
    """One rulebook's questions in one language."""

    def __init__(self, engine: Engine, messages: Messages) -> None:
        self.engine, self.book, self.messages = engine, engine.rulebook, messages

    # ---- prompts

    def question(
        self, question: Question, progress: str, *, start: str | None, why: list[str], back: bool
    ) -> Prompt:
        """The prompt for a question; `start` is what was chosen or typed before, `why` are the
        reasons for it where they are to be seen."""
        options = self._options(question)
        if not options:
            start = "" if start == UNKNOWN else start
        elif start not in {option.value for option in options}:
            start = None
        key = "ask_key_hide" if why else "ask_key_why"
        return Prompt(
            self.messages.text(question.title),
            self._keys(choose=bool(options), back=back, why=key),
            progress=progress,
            lines=(self.messages.text(question.help), *why),
            options=tuple(options),
            nothing=self.messages("ask_choose"),
            start=start,
            hint="" if options else self._hint(question),
            can_go_back=back,
            can_explain=True,
            refuse=lambda text: self._refusal(question, text),
        )

    def menu(
        self,
        title: str,
        options: Iterable[Option],
        lines: Iterable[str] = (),
        *,
        start: str | None = None,
        back: bool = False,
    ) -> Prompt:
        """The prompt for a choice that is no question of the rulebook."""
        return Prompt(
            title,
            self._keys(choose=True, back=back),
            lines=tuple(lines),
            options=tuple(options),
            nothing=self.messages("ask_choose"),
            start=start,
            can_go_back=back,
        )

    def offer(self, numbers: Iterable[str], *, start: str | None, back: bool) -> Prompt:
        """The prompt that offers to work out the money, which takes these numbers."""
        messages, names = (
            self.messages,
            [name for name in self.book.answerable if name in {*numbers}],
        )
        parts = {
            "ask_money_takes": [name for name in names if name in needed(self.book)],
            "ask_money_also": [name for name in names if name not in needed(self.book)],
        }
        said = [messages(key, names=self.names(part)) for key, part in parts.items() if part]
        count = messages(_COUNTED.get(len(names), "ask_numbers_more"), count=len(names))
        return self.menu(
            messages("ask_money", numbers=count),
            [Option("yes", messages("ask_money_yes")), Option("no", messages("ask_money_no"))],
            [messages("ask_why_money"), messages.sentences(said)],
            start=start,
            back=back,
        )

    def _keys(self, *, choose: bool, back: bool, why: str = "") -> tuple[str, ...]:
        keys = ["ask_key_choose"] if choose else []
        keys.append("ask_key_enter")
        if back:
            keys.append("ask_key_back")
        if why:
            keys.append(why)
        return tuple(self.messages(key) for key in [*keys, "ask_key_leave"])

    def _options(self, question: Question) -> list[Option]:
        options = [Option(*one) for one in kind_of(question).options(question, self.messages)]
        if options and question.assumed is not None:
            options.append(Option(UNKNOWN, self.messages("unknown_answer")))
        return options

    def _hint(self, question: Question) -> str:
        if question.assumed is not None:
            return self.messages("ask_empty_unknown")
        return self.messages("ask_empty_left_out") if self._can_be_left_out(question) else ""

    def _refusal(self, question: Question, text: str) -> str | None:
        try:
            self.meaning(question, text)
        except RefusedError as refusal:
            return str(refusal)
        return None

    # ---- words

    def meaning(self, question: Question, text: str) -> Value:
        """The answer that a text stands for: UNKNOWN where it is blank, which leaves a number for
        the money out. Raises RefusedError, which says what would be right."""
        value = parse(question, text, self.messages)
        if value is not None:
            return value
        if question.core and question.assumed is None:
            raise RefusedError(
                self.messages("must_be_known", expected=expected(question, self.messages))
            )
        return UNKNOWN

    def meanings(self, texts: Mapping[str, str]) -> tuple[dict[str, Value], list[str]]:
        """By question the answer that its text stands for, and the questions whose text stands for
        none; what the rulebook does not know is passed over."""
        found: dict[str, Value] = {}
        refused: list[str] = []
        for name, text in texts.items():
            try:
                if name in self.book.answerable:
                    found[name] = self.meaning(self.book.answerable[name], text)
            except RefusedError:
                refused.append(name)
        return found, refused

    def line(self, name: str, value: Value) -> str:
        """An answer as it is noted."""
        question = self.book.answerable[name]
        if value == UNKNOWN and self._can_be_left_out(question):
            short = self.messages.text(question.short)
            return self.messages("answer_is", question=short, answer=self.messages("ask_left_out"))
        return answer_line(question, value, self.messages)

    def names(self, questions: Iterable[str]) -> str:
        """Questions by their short names."""
        short = (self.book.answerable[name].short for name in questions)
        return self.messages.listing(map(self.messages.text, short))

    def why(self, question: Question, given: Given) -> list[str]:
        """What hangs on the answer as things stand, most important first, as far as it fits."""
        messages = self.messages
        if self._can_be_left_out(question):
            return [messages("ask_why_money")]
        items = [f"· {self._reason(entry)}" for entry in effects_of(self.engine, given, question)]
        if not items:
            return [messages("ask_why_later")]
        rows = itertools.accumulate(len(wrap(item, _WHY_COLUMNS)) for item in items)
        fitting = max(1, sum(height <= _WHY_ROWS for height in rows))
        lines = [messages("ask_why"), *items[:fitting]]
        if fitting < len(items):
            lines.append(messages("ask_why_more", count=len(items) - fitting))
        return lines

    def _can_be_left_out(self, question: Question) -> bool:
        return question.id in self.book.economy.inputs

    def _reason(self, entry: Gate | Pitfall | Rule) -> str:
        messages, channels = self.messages, self.book.channels
        match entry:
            case Gate():
                names = messages.listing(
                    messages.text(channels[name].short) for name in entry.channels
                )
                return messages(
                    "ask_why_gate", channels=names, because=messages.text(entry.because)
                )
            case Pitfall():
                return messages("ask_why_pitfall", title=messages.text(entry.title))
            case Rule():
                points = messages.listing(
                    f"{messages.text(channels[name].short)} {number:+d}"
                    for name, number in entry.points.items()
                )
                return messages("ask_why_rule", points=points, because=messages.text(entry.because))
