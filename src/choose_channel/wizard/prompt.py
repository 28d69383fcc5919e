"""What a person is asked, as values: prompts and replies, and the prompts of one rulebook.

What shows prompts is one function of the type `Ask`: that of terminal.py draws them, that of
plain.py says them in lines.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from choose_channel.answers.format import answer_line
from choose_channel.answers.kinds import Option, expected, kind_of, parse
from choose_channel.answers.parse import Rate
from choose_channel.engine.next_question import needed
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook, Value


class Signal(enum.Enum):
    """What a person may do instead of answering."""

    BACK = "back"
    HELP = "help"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask, all texts ready: options to choose from, or else a text to type.

    `lines` is the help, `reasons` is what `?` opens. `start` is what was chosen or typed before;
    without it nothing is preselected, and the text `nothing` stands where the pointer rests.
    `refuse` gives the reason why a typed text cannot be taken, or None.
    """

    title: str
    keys: tuple[str, ...]
    progress: str = ""
    lines: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    nothing: str = ""
    start: str | None = None
    hint: str = ""
    can_go_back: bool = False
    can_explain: bool = False
    can_review: bool = False
    most_rows: int | None = None
    """How high it may be, so that what was printed above it stays in sight; None for the window."""
    filter: str | None = None
    """What the options have been narrowed to; None where they have not."""
    refuse: Callable[[str], str | None] = field(default=lambda _text: None)


@dataclass(frozen=True, slots=True)
class Reply:
    """The value that was given, or a signal together with what was chosen or typed so far."""

    value: str | None
    signal: Signal | None = None


Ask = Callable[[Prompt], Reply]
"""Raises KeyboardInterrupt when the person leaves."""

_NUMBER_WORDS = {
    1: "ask_numbers_one",
    2: "ask_numbers_two",
    3: "ask_numbers_three",
    4: "ask_numbers_four",
}


# ---- prompts


def question_prompt(
    rulebook: Rulebook,
    question: Question,
    messages: Messages,
    *,
    progress: str,
    start: str | None,
    reasons: Sequence[str],
    back: bool,
    review: bool = False,
    rate: Rate | None = None,
) -> Prompt:
    """The prompt for a question; `reasons` are empty while they are not open."""
    options = _options(question, messages)
    hint = ""
    if not options:
        start = "" if start == UNKNOWN else start
        hint = _hint(rulebook, question, messages)
    elif start not in {option.value for option in options}:
        start = None
    why = "ask_key_hide" if reasons else "ask_key_why"

    def refuse(text: str) -> str | None:
        try:
            read_answer(question, text, messages, rate)
        except RefusedError as refusal:
            return str(refusal)
        return None

    return Prompt(
        messages.text(question.title),
        _keys(messages, choose=bool(options), back=back, why=why),
        progress=progress,
        lines=(messages.text(question.help),),
        reasons=tuple(reasons),
        options=tuple(options),
        nothing=messages("ask_choose"),
        start=start,
        hint=hint,
        can_go_back=back,
        can_explain=True,
        can_review=review,
        refuse=refuse,
    )


def choice_prompt(
    title: str,
    options: Iterable[Option],
    messages: Messages,
    *,
    lines: Iterable[str] = (),
    start: str | None = None,
    back: bool = False,
    most_rows: int | None = None,
) -> Prompt:
    """The prompt for a choice that is not a question of the rulebook."""
    options = tuple(options)
    nothing, values = messages("ask_choose"), {option.value for option in options}
    return Prompt(
        title,
        _keys(messages, choose=True, back=back),
        lines=tuple(lines),
        options=options,
        nothing=nothing,
        start=start,
        can_go_back=back,
        most_rows=most_rows,
        refuse=lambda text: None if text in values else nothing,
    )


def text_prompt(
    title: str,
    messages: Messages,
    *,
    start: str = "",
    back: bool = False,
    refuse: Callable[[str], str | None] = lambda _text: None,
) -> Prompt:
    """The prompt for a text that is not the answer to a question, such as the name of a file."""
    keys = _keys(messages, choose=False, back=back)
    return Prompt(title, keys, start=start, can_go_back=back, refuse=refuse)


def money_prompt(
    rulebook: Rulebook,
    numbers: Sequence[Question],
    messages: Messages,
    *,
    start: str | None,
    back: bool,
) -> Prompt:
    """The offer to work out the money, which takes these numbers."""
    required = [question for question in numbers if question.id in needed(rulebook)]
    optional = [question for question in numbers if question.id not in needed(rulebook)]
    parts = {"ask_money_takes": required, "ask_money_also": optional}
    sentences = [
        messages(key, names=short_names(part, messages)) for key, part in parts.items() if part
    ]
    count = messages(_NUMBER_WORDS.get(len(numbers), "ask_numbers_more"), count=len(numbers))
    return choice_prompt(
        messages("ask_money", numbers=count),
        [Option("yes", messages("ask_money_yes")), Option("no", messages("ask_money_no"))],
        messages,
        lines=[messages("ask_why_money"), messages.sentences(sentences)],
        start=start,
        back=back,
    )


def _options(question: Question, messages: Messages) -> list[Option]:
    """The choices of a question; none where a number is typed."""
    options = kind_of(question).options(question, messages)
    if options and question.assumed is not None:
        return [*options, Option(UNKNOWN, messages("unknown_answer"))]
    return [*options]


def _hint(rulebook: Rulebook, question: Question, messages: Messages) -> str:
    if question.assumed is not None:
        return messages("ask_empty_unknown")
    if question.id not in rulebook.economy.inputs:
        return ""
    roles = rulebook.economy.roles
    needed = roles is not None and question.id == roles.unit_cost
    return messages("ask_empty_no_money" if needed else "ask_empty_left_out")


def _keys(messages: Messages, *, choose: bool, back: bool, why: str = "") -> tuple[str, ...]:
    keys = {
        "ask_key_choose": choose,
        "ask_key_enter": True,
        "ask_key_back": back,
        why: bool(why),
        "ask_key_leave": True,
    }
    return tuple(messages(key) for key, available in keys.items() if available)


# ---- answers in words


def read_answer(
    question: Question, text: str, messages: Messages, rate: Rate | None = None
) -> Value:
    """The answer that a text stands for: UNKNOWN where it is blank, which leaves a number for the
    money out. With a `rate`, an amount may be told in yuan. Raises RefusedError, which says what
    would be right."""
    value = parse(question, text, messages, rate)
    if value is not None:
        return value
    if question.core and question.assumed is None:
        raise RefusedError(messages("must_be_known", expected=expected(question, messages)))
    return UNKNOWN


def answer_note(rulebook: Rulebook, name: str, value: Value, messages: Messages) -> str:
    """A question's short name and its answer, as both are noted above the prompts."""
    question = rulebook.answerable[name]
    if value == UNKNOWN and name in rulebook.economy.inputs:
        short = messages.text(question.short)
        return messages("answer_is", question=short, answer=messages("ask_left_out"))
    return answer_line(question, value, messages)


def short_names(questions: Iterable[Question], messages: Messages) -> str:
    """Questions by their short names, as a list in one line."""
    return messages.listing(messages.text(question.short) for question in questions)
