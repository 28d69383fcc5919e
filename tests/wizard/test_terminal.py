"""Prompts as questionary draws them: real keys in, and what stands on a screen out."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass, replace

import pyte
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.output.vt100 import Vt100_Output

from choose_channel.answers.kinds import Option
from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.rulebook import Rulebook
from choose_channel.wizard.layout import arrange, listed
from choose_channel.wizard.prompt import (
    Prompt,
    Reply,
    Signal,
    money_prompt,
    question_prompt,
)
from choose_channel.wizard.reasons import reasons
from choose_channel.wizard.terminal import ask

ENTER, DOWN, UP, SHIFT_TAB, ALT_ENTER = "\r", "\x1b[B", "\x1b[A", "\x1b[Z", "\x1b\r"
CTRL_B, CTRL_C, CTRL_D, CTRL_O, CTRL_U = "\x02", "\x03", "\x04", "\x0f", "\x15"
BACKSPACE = "\x7f"

FRUIT = Prompt(
    "Which fruit do you sell?",
    ("↑↓ choose", "Enter confirm", "Shift-Tab back", "? why", "Ctrl-C quit (saves a draft)"),
    progress="Question 3, about 5 left",
    lines=("Some fruit travels badly, and then a stall is better than a parcel.",),
    options=(
        Option("apple", "apples", "they keep: Boskoop, Elstar"),
        Option("pear", "pears", "they bruise: Conference, Abate"),
        Option("none", "I don't know yet"),
    ),
    nothing="(use ↑↓ to choose)",
    can_go_back=True,
    can_explain=True,
)
PRICE = Prompt(
    "What does it sell for?",
    ("Enter confirm", "Shift-Tab back", "? why", "Ctrl-C quit (saves a draft)"),
    hint="press Enter if you don't know yet",
    can_go_back=True,
    can_explain=True,
    refuse=lambda text: None if text.isdigit() else f"{text!r} is no whole number; such as 12",
)
MANY = replace(FRUIT, options=tuple(Option(str(n), f"variety number {n}") for n in range(30)))


class Terminal(Vt100_Output, DummyOutput):
    """A screen in memory. After each drawing the screen is recorded and the next key is pressed;
    the last one is Ctrl-C, so that no test waits forever. (A DummyOutput is not sent to stderr.)"""

    def __init__(self, keyboard: PipeInput, keys: tuple[str, ...], size: Size) -> None:
        self.keyboard, self.keys = keyboard, [*keys, CTRL_C]
        self.screen = pyte.Screen(size.columns, size.rows)
        self.stream = pyte.Stream(self.screen)
        self.shots: list[str] = []
        self.colours: set[str] = set()
        self.written = io.StringIO()
        super().__init__(self.written, lambda: size, enable_cpr=False)

    def flush(self) -> None:
        """Called at the end of each drawing."""
        super().flush()
        self.stream.feed(self.written.getvalue())
        self.written.seek(0)
        self.written.truncate()
        shot = "\n".join(line.rstrip() for line in self.screen.display)
        if shot.strip() and self.keys:
            self.shots.append(shot)
            rows = self.screen.buffer.values()
            self.colours |= {cell.fg for row in rows for cell in row.values()}
            self.keyboard.send_text(self.keys.pop(0))


@dataclass
class Seen:
    """The reply to a prompt, None where the person left, and the screen after each key."""

    reply: Reply | None
    shots: list[str]
    colours: set[str]


def use(prompt: Prompt, *keys: str, columns: int = 80, rows: int = 24, color: bool = True) -> Seen:
    """Shows a prompt in a window of that size and presses the keys one after the other."""
    with create_pipe_input() as keyboard:
        terminal = Terminal(keyboard, keys, Size(rows=rows, columns=columns))
        with create_app_session(input=keyboard, output=terminal):
            try:
                reply: Reply | None = ask(prompt, color=color)
            except KeyboardInterrupt:
                reply = None
        return Seen(reply, terminal.shots, terminal.colours)


# ---- choosing


def test_arrows_and_enter_choose() -> None:
    """Down once from nothing is the first option."""
    assert use(FRUIT, DOWN, DOWN, ENTER).reply == Reply("pear")


def test_all_keys_at_once_choose_too() -> None:
    """Keys typed ahead are not lost."""
    assert use(FRUIT, DOWN + DOWN + UP + ENTER).reply == Reply("apple")


def test_enter_with_nothing_chosen_asks_to_choose() -> None:
    """No answer is taken that was not given, and the key does not seem dead."""
    assert use(FRUIT, ENTER).shots[1].count(FRUIT.nothing) == 2
    assert use(FRUIT, ENTER, ENTER).reply is None
    assert use(FRUIT, ENTER, DOWN, ENTER).reply == Reply("apple")


@pytest.mark.parametrize("key", [ALT_ENTER, CTRL_O])
def test_other_ways_to_confirm_are_ways_to_confirm(key: str) -> None:
    """They neither invent an answer nor lose the one that is highlighted."""
    assert use(FRUIT, key).reply is None
    assert use(FRUIT, DOWN, key).reply == Reply("apple")


def test_other_keys_do_not_choose() -> None:
    """Nor does a paste, or a space, and none leaves a trace."""
    seen = use(FRUIT, DOWN, "z", " ", "\x1b[200~pear\x1b[201~", ENTER)
    assert seen.reply == Reply("apple")


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("2",), "pear"),
        (("p",), "pear"),
        (("P",), "pear"),
        (("a",), "apple"),
        (("9", "1"), "apple"),
        (("\x1b[F",), "none"),
        (("\x1b[F", "\x1b[H", DOWN), "apple"),
    ],
)
def test_digits_letters_home_and_end_point_at_an_option(keys: tuple[str, ...], value: str) -> None:
    """And Enter takes it."""
    assert use(FRUIT, *keys, ENTER).reply == Reply(value)


def test_a_yes_or_no_question_takes_y_and_n_in_any_language(rulebook: Rulebook) -> None:
    """The words that people type for yes and no lead to the option, whatever it is called."""
    messages = Messages(rulebook.wording, "zh")
    question = next(question for question in rulebook.asked.values() if question.type == "boolean")
    prompt = question_prompt(
        rulebook, question, messages, progress="", start=None, reasons=(), back=False
    )
    for key, value in (("y", "true"), ("n", "false"), ("有", "true"), ("没", "false")):
        assert use(prompt, key, ENTER).reply == Reply(value), key


def test_a_slash_narrows_a_long_list() -> None:
    """To the options that hold what is typed; backspace widens it again, and a letter that nothing
    holds is dropped."""
    seen = use(MANY, "/", "2", "9", "x", ENTER)
    assert seen.reply == Reply("29")
    assert "/29" in seen.shots[4]
    assert "variety number 3\n" not in seen.shots[2]
    assert use(MANY, "/", "2", BACKSPACE, BACKSPACE, DOWN, ENTER).reply == Reply("3")


def test_the_answer_given_before_is_preselected() -> None:
    """One Enter confirms it, and there is no empty line to choose."""
    seen = use(replace(FRUIT, start="pear"), ENTER)
    assert seen.reply == Reply("pear")
    assert "> pears" in seen.shots[0]
    assert FRUIT.nothing not in seen.shots[0]


def test_nothing_is_preselected_without_an_answer() -> None:
    """The pointer rests on an invitation."""
    assert "> (use ↑↓ to choose)" in use(FRUIT).shots[0]


# ---- leaving


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("prompt", [FRUIT, PRICE])
def test_ctrl_c_and_ctrl_d_leave(prompt: Prompt, key: str) -> None:
    """From a list and from a field, half-filled too."""
    with create_pipe_input() as keyboard:
        keyboard.send_text("1" + key)
        with (
            create_app_session(input=keyboard, output=DummyOutput()),
            pytest.raises(KeyboardInterrupt),
        ):
            ask(prompt)


def test_a_closed_keyboard_leaves() -> None:
    """The window was closed."""
    with (
        create_pipe_input() as keyboard,
        create_app_session(input=keyboard, output=DummyOutput()),
    ):
        keyboard.close()
        with pytest.raises(KeyboardInterrupt):
            ask(PRICE)


@pytest.mark.parametrize("key", [SHIFT_TAB, CTRL_B])
def test_back_brings_what_was_chosen_so_far(key: str) -> None:
    """A highlighted option, or nothing."""
    assert use(FRUIT, key).reply == Reply(None, Signal.BACK)
    assert use(FRUIT, DOWN, DOWN, key).reply == Reply("pear", Signal.BACK)


@pytest.mark.parametrize("key", [SHIFT_TAB, CTRL_B])
def test_back_brings_what_was_typed_so_far(key: str) -> None:
    """Right or wrong, it is not checked."""
    assert use(PRICE, "x1", key).reply == Reply("x1", Signal.BACK)


def test_backspace_deletes_and_never_leaves() -> None:
    """One Backspace too many in an empty field does not mean Back."""
    assert use(PRICE, "12", BACKSPACE, ENTER).reply == Reply("1")
    assert use(PRICE, "12", *[BACKSPACE] * 3, "7", ENTER).reply == Reply("7")


@pytest.mark.parametrize("prompt", [FRUIT, PRICE])
@pytest.mark.parametrize("key", ["?", "？"])
def test_the_question_mark_asks_why(prompt: Prompt, key: str) -> None:
    """Also the wide one of a Chinese keyboard."""
    reply = use(prompt, key).reply
    assert reply is not None
    assert reply.signal is Signal.HELP


def test_keys_that_lead_nowhere_do_nothing() -> None:
    """At the first question there is no way back, and at the review nothing to explain."""
    first = replace(FRUIT, can_go_back=False, can_explain=False)
    assert use(first, SHIFT_TAB, CTRL_B, "?", DOWN, ENTER).reply == Reply("apple")
    field = replace(PRICE, can_go_back=False)
    assert use(field, BACKSPACE, SHIFT_TAB, CTRL_B, "7", ENTER).reply == Reply("7")


# ---- typing


def test_a_field_takes_what_is_right() -> None:
    """Typed and confirmed."""
    assert use(PRICE, "12", ENTER).reply == Reply("12")


def test_a_field_refuses_what_is_wrong_and_says_why() -> None:
    """The reason stands below the field until the text changes."""
    seen = use(PRICE, "abc", ENTER, CTRL_U, "12", ENTER)
    assert "'abc' is no whole number" in seen.shots[2]
    assert "'abc' is no whole number" not in seen.shots[3]
    assert seen.reply == Reply("12")


@pytest.mark.parametrize("key", [ALT_ENTER, CTRL_O])
def test_no_way_to_confirm_gets_around_the_check(key: str) -> None:
    """Some editing keys accept a line as well."""
    assert use(PRICE, "abc", key).reply is None
    assert use(PRICE, "12", key).reply == Reply("12")


def test_a_field_starts_with_what_was_typed_before() -> None:
    """Ready to be confirmed or changed."""
    assert use(replace(PRICE, start="12"), "5", ENTER).reply == Reply("125")


def test_a_paste_of_several_lines_stays_on_one() -> None:
    """A cell copied from a table comes with an end of line, which is no part of the number."""
    assert use(PRICE, "\x1b[200~\n 12\n\x1b[201~", ENTER).reply == Reply("12")
    seen = use(PRICE, "\x1b[200~hello\nworld\x1b[201~", ENTER)
    assert "> hello world" in seen.shots[-1]
    assert seen.reply is None


# ---- looks


def test_everything_stands_on_the_screen() -> None:
    """Progress, question, help, options with examples, and the keys."""
    assert use(FRUIT).shots[0].rstrip() == "\n".join(
        [
            "  Question 3, about 5 left",
            "  Which fruit do you sell?",
            "  Some fruit travels badly, and then a stall is better than a parcel.",
            "",
            "  > (use ↑↓ to choose)",
            "    apples  they keep: Boskoop, Elstar",
            "    pears  they bruise: Conference, Abate",
            "    I don't know yet",
            "",
            "  ↑↓ choose · Enter confirm · Shift-Tab back · ? why",
            "  Ctrl-C quit (saves a draft)",
        ]
    )


def test_in_a_narrow_window_texts_wrap_between_words() -> None:
    """With a hanging indent, and no key name split."""
    shot = use(FRUIT, columns=30).shots[0]
    assert [line for line in shot.split("\n") if line] == [
        "  Question 3, about 5 left",
        "  Which fruit do you sell?",
        "  Some fruit travels badly,",
        "  and then a stall is better",
        "  than a parcel.",
        "  > (use ↑↓ to choose)",
        "    apples  they keep:",
        "      Boskoop, Elstar",
        "    pears  they bruise:",
        "      Conference, Abate",
        "    I don't know yet",
        "  ↑↓ choose · Enter confirm",
        "  Shift-Tab back · ? why",
        "  Ctrl-C quit (saves a draft)",
    ]


def test_in_a_low_window_only_the_option_pointed_at_shows_its_example() -> None:
    """The others keep their line, and nothing is cut off."""
    seen = use(FRUIT, DOWN, columns=30, rows=14)
    assert "Boskoop" not in seen.shots[0]
    assert "Boskoop" in seen.shots[1]
    assert "Conference" not in seen.shots[1]
    assert "Ctrl-C quit" in seen.shots[1]


def test_a_long_list_scrolls_under_the_question_and_over_the_keys() -> None:
    """Both stay in sight wherever the pointer is, and a bar tells that there is more."""
    seen = use(MANY, *[DOWN] * 30, rows=12)
    assert "variety number 29" not in seen.shots[0]
    assert "> variety number 29" in seen.shots[-1]
    for shot in seen.shots:
        assert "Which fruit do you sell?" in shot
        assert "Ctrl-C quit" in shot
        assert "v" in {line[-1:] for line in shot.split("\n") if len(line) == 80}


def test_where_rows_are_scarce_the_list_gives_way() -> None:
    """A list can scroll, and a text that is cut off cannot be read."""
    reasons = replace(FRUIT, lines=tuple(f"Reason number {n}." for n in range(6)))
    shot = use(reasons, rows=13).shots[0]
    assert "Reason number 5." in shot
    assert "Ctrl-C quit" in shot
    assert "> (use ↑↓ to choose)" in shot


def test_an_option_of_several_lines_is_seen_whole_when_pointed_at() -> None:
    """At the lower edge as well."""
    options = tuple(
        Option(str(n), f"variety {n} " + "of apples " * 6 + f"end {n}") for n in range(8)
    )
    seen = use(replace(FRUIT, options=options), *[DOWN] * 8, columns=40, rows=16)
    for number, shot in enumerate(seen.shots[1:]):
        assert f"> variety {number} " in shot
        assert f"end {number}" in shot


def test_a_list_that_fits_has_no_bar() -> None:
    """There is nothing to scroll."""
    assert all(len(line) < 80 for line in use(FRUIT).shots[0].split("\n"))


def test_a_long_reason_wraps_and_is_not_cut_off() -> None:
    """At any width the person reads what would be right."""
    long = replace(PRICE, refuse=lambda _text: "not a number " * 8 + "end")
    shot = use(long, "x", ENTER, columns=40).shots[-1]
    assert "end" in shot
    assert all(line.startswith("  ") for line in shot.split("\n") if line)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_offer_and_the_numbers_fit_any_window(
    rulebook: Rulebook, lang: str, columns: int
) -> None:
    """All of their text stands on the screen, with the keys below it."""
    messages = Messages(rulebook.wording, lang)
    names = rulebook.economy.asked
    numbers = [rulebook.answerable[name] for name in ("price", *names)]
    prompts = [money_prompt(rulebook, numbers, messages, start=None, back=True)]
    for question in (rulebook.economy.inputs[name] for name in names):
        why = reasons(Engine(rulebook), question, {}, messages)
        prompt = question_prompt(
            rulebook, question, messages, progress="", start=None, reasons=why, back=True
        )
        prompts.append(prompt)
    for prompt in prompts:
        shot = use(prompt, columns=columns).shots[0]
        texts = (prompt.title, *prompt.lines, *prompt.reasons, prompt.hint, prompt.keys[-1])
        for text in (*texts, *(option.label for option in prompt.options)):
            assert "".join(text.split()) in "".join(shot.split())


# ---- small windows

SMALL = [(80, 9), (40, 12), (40, 24), (80, 24), (20, 8)]


@functools.cache
def _prompts(lang: str) -> list[Prompt]:
    """Long questions of the shipped rulebook with their reasons open: two lists, two fields."""
    rulebook = load_rulebook()
    messages = Messages(rulebook.wording, lang)
    names = ("product_type", "market", "price", "unit_cost")
    questions = [rulebook.answerable[name] for name in names]
    return [
        question_prompt(
            rulebook,
            question,
            messages,
            progress="3",
            start=None,
            reasons=reasons(Engine(rulebook), question, {}, messages),
            back=True,
        )
        for question in questions
    ]


def _squeezed(text: str) -> str:
    return "".join(text.replace("^", "").replace("v", "").split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("columns", "rows"), SMALL)
def test_what_is_typed_is_in_sight_in_any_window(lang: str, columns: int, rows: int) -> None:
    """With the title above it, and the reason where it is refused."""
    for prompt in _prompts(lang):
        if prompt.options:
            continue
        typed = use(prompt, "1234", columns=columns, rows=rows).shots[-1]
        assert "  > 1234" in typed.split("\n"), typed
        assert _squeezed(prompt.title)[:8] in _squeezed(typed)
    price = replace(PRICE, lines=("Some help. " * 40,))
    refused = use(price, "x", ENTER, columns=columns, rows=rows).shots[-1]
    assert "  > x" in refused.split("\n")
    assert "'x' is no" in refused


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("columns", "rows"), SMALL)
def test_the_option_pointed_at_is_in_sight_in_any_window(
    lang: str, columns: int, rows: int
) -> None:
    """With the title above it, wherever the pointer is."""
    for prompt in _prompts(lang):
        if not prompt.options:
            continue
        keys = [DOWN] * len(prompt.options)
        shots = use(prompt, *keys, columns=columns, rows=rows).shots
        for option, shot in zip(prompt.options, shots[1:], strict=True):
            assert f">{_squeezed(option.label)}" in _squeezed(shot), shot
            assert _squeezed(prompt.title)[:8] in _squeezed(shot)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_choices_are_in_sight_beside_the_reasons(lang: str) -> None:
    """In a window of 40 by 24, wherever the pointer is."""
    for prompt in _prompts(lang):
        labels = [_squeezed(option.label) for option in prompt.options]
        if not labels:
            continue
        shots = use(prompt, *[DOWN] * len(labels), columns=40, rows=24).shots
        for shot in shots:
            assert sum(label in _squeezed(shot) for label in labels) >= min(3, len(labels)), shot


def test_a_text_that_is_cut_ends_with_a_mark() -> None:
    """Reasons that were asked for come before the help; the keys go first."""
    lines, why = ("Help. " * 60,), ("Reason. " * 60,)
    cut = use(replace(PRICE, lines=lines), columns=40, rows=7).shots[0].rstrip().split("\n")
    assert cut[-2].endswith("…")
    assert "Ctrl-C" not in cut[-1]
    both = use(replace(PRICE, lines=lines, reasons=why), columns=40, rows=7).shots[0]
    assert "Reason." in both
    assert "Help." not in both


def test_where_no_text_fits_the_title_bears_the_mark() -> None:
    """There is more to read in a larger window."""
    shot = use(FRUIT, columns=40, rows=4).shots[0]
    assert "  Which fruit do you sell? …" in shot.split("\n")


def test_a_field_grows_with_what_is_typed() -> None:
    """A long text takes the rows it needs."""
    shot = use(PRICE, "1" * 50, columns=40, rows=9).shots[-1]
    assert shot.count("1") == 50


@pytest.mark.parametrize("size", [(0, 0), (5, 2), (80, 1), (200, 2)])
def test_no_size_of_window_raises(size: tuple[int, int]) -> None:
    """What cannot be shown is cut; keys work as ever."""
    for prompt in (FRUIT, PRICE):
        for pointed in range(len(listed(prompt)) or 1):
            view = arrange(prompt, columns=size[0], rows=size[1], pointed=pointed, typed="12")
            assert view.input_rows >= 1
            assert len(view.head) + view.input_rows + len(view.foot) <= max(size[1], 1)
    assert use(FRUIT, DOWN, ENTER, columns=5, rows=2).reply == Reply("apple")


def test_nothing_stays_on_the_screen_after_the_answer() -> None:
    """The wizard notes the answer in a line of its own."""
    with create_pipe_input() as keyboard:
        terminal = Terminal(keyboard, (DOWN, ENTER), Size(rows=24, columns=80))
        with create_app_session(input=keyboard, output=terminal):
            ask(FRUIT)
    assert "".join(terminal.screen.display).strip() == ""


def test_colour_is_left_out_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bold type stays. What was asked for outranks the variable, which has been looked at."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert len(use(FRUIT, DOWN).colours) > 1
    assert use(FRUIT, DOWN, color=False).colours == {"default"}


def test_the_example_of_the_layout_holds() -> None:
    """As the module describes it."""
    prompt = replace(
        FRUIT,
        progress="",
        lines=("word " * 6 * 15,),
        options=tuple(Option(str(number), f"option {number}") for number in range(10)),
    )
    view = arrange(prompt, columns=80, rows=9)
    assert len(arrange(prompt, columns=80, rows=99).head) == 1 + 6 + 1
    assert (len(view.head), view.input_rows, view.foot) == (5, 4, [])
    assert view.head[-1][-1][1].endswith("…")
