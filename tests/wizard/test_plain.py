"""Prompts in lines: what is said, once, and what a typed line means."""

from __future__ import annotations

import io
import os
import pty
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from choose_channel.answers.kinds import Option
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.model.rulebook import Rulebook
from choose_channel.wizard.memory import tick_steps
from choose_channel.wizard.plain import PlainPrompts
from choose_channel.wizard.prompt import (
    Prompt,
    Reply,
    Signal,
    choice_prompt,
    question_prompt,
    text_prompt,
)

BACK, HELP, REVIEW = (Reply(None, signal) for signal in Signal)


class Listener:
    """Somebody who types these lines one after the other, and all that they hear."""

    def __init__(self, messages: Messages, *lines: str) -> None:
        self.lines = [*lines]
        self.heard: list[str] = []
        self.front_end = PlainPrompts(messages, self.heard.append, self.read)
        self.ask = self.front_end.ask

    def read(self, invitation: str) -> str:
        """The next line."""
        self.heard.append(invitation)
        return self.lines.pop(0) + "\n"


@pytest.fixture
def goods(rulebook: Rulebook, messages: Messages) -> Prompt:
    """A question with choices."""
    return _question(rulebook, messages, "product_type")


@pytest.fixture
def price(rulebook: Rulebook, messages: Messages) -> Prompt:
    """A question with a number."""
    return _question(rulebook, messages, "price")


@pytest.fixture
def menu(messages: Messages) -> Prompt:
    """A choice that is no question of the rulebook."""
    labels = {"/plan": "plan", "/money": "money", "/more": "more money", "/no": "no, not now"}
    options = [Option(value, label) for value, label in labels.items()]
    return choice_prompt("What next?", options, messages, start="/money")


def _question(
    rulebook: Rulebook, messages: Messages, name: str, start: str | None = None
) -> Prompt:
    return question_prompt(
        rulebook,
        rulebook.answerable[name],
        messages,
        progress="Question 2",
        start=start,
        reasons=(),
        back=True,
        review=True,
    )


def hears(messages: Messages, prompt: Prompt, *lines: str) -> tuple[Reply, list[str]]:
    """The reply, and what was said after each line."""
    listener = Listener(messages, *lines)
    reply = listener.ask(prompt)
    assert listener.lines == []
    return reply, listener.heard


# ---- what a line means


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("1", "commodity"),
        ("１", "commodity"),
        (" 2. ", "branded"),
        ("branded", "branded"),
        ("branded, handmade or designed goods", "branded"),
        ("every", "commodity"),
        ("大路货", "commodity"),
        ("b", "branded"),
    ],
)
def test_an_answer_is_a_number_a_name_or_the_beginning_of_one(
    line: str, value: str, goods: Prompt, messages: Messages, rulebook: Rulebook
) -> None:
    """What is read elsewhere is read here, and the names that are heard come first."""
    reply, _ = hears(messages, goods, line)
    assert reply.value in (value, line)
    assert goods.refuse(reply.value or "") is None


@pytest.mark.parametrize("line", ["0", "9", "-1", "99999999999999999999", "no", "xyz"])
def test_what_is_not_in_the_list_is_refused(line: str, goods: Prompt, messages: Messages) -> None:
    """With what would be right; the question is not said again."""
    reply, heard = hears(messages, goods, line, "1")
    assert reply == Reply("commodity")
    refusal = messages("plain_none", value=line, count=8)
    assert heard[-3:] == [messages("plain_answer"), refusal, messages("plain_answer")]


def test_a_beginning_of_several_names_is_asked_back(goods: Prompt, messages: Messages) -> None:
    """By number and name."""
    _, heard = hears(messages, goods, "goods", "1")
    assert "4 goods that need category approval, 5 goods the Shop will not list" in heard[-2]


@pytest.mark.parametrize(
    ("line", "value"), [("plan", "/plan"), ("pl", "/plan"), ("no", "/no"), ("money", "/money")]
)
def test_a_choice_of_the_wizard_goes_by_its_name(
    line: str, value: str, menu: Prompt, messages: Messages
) -> None:
    """A whole name comes before the beginning of a longer one."""
    assert hears(messages, menu, line)[0] == Reply(value)


def test_what_the_program_calls_a_choice_is_no_name(menu: Prompt, messages: Messages) -> None:
    """Nobody hears it; but it does no harm either."""
    assert hears(messages, replace(menu, start=None), "", "1")[0] == Reply("/plan")


@pytest.mark.parametrize(
    ("line", "reply"),
    [("<", BACK), ("＜", BACK), ("?", HELP), ("？", HELP), ("=", REVIEW), ("＝", REVIEW)],
)
@pytest.mark.parametrize("kind", ["goods", "price"])
def test_signs_stand_for_moves(
    line: str, reply: Reply, kind: str, messages: Messages, request: pytest.FixtureRequest
) -> None:
    """At a choice and at a number alike, in either width."""
    assert hears(messages, request.getfixturevalue(kind), line)[0] == reply


@pytest.mark.parametrize("line", ["<", "="])
def test_a_move_that_is_not_to_be_had_says_so(line: str, menu: Prompt, messages: Messages) -> None:
    """And nothing moves."""
    reply, heard = hears(messages, menu, line, "1")
    assert reply == Reply("/plan")
    assert messages("plain_not_here", value=line) in heard


@pytest.mark.parametrize("line", ["q", "Q", "ｑ"])
def test_q_leaves(line: str, goods: Prompt, messages: Messages) -> None:
    """As Ctrl-C does; the draft is there by then."""
    with pytest.raises(KeyboardInterrupt):
        hears(messages, goods, line)


# ---- Enter alone


def test_enter_alone_never_invents_an_answer(goods: Prompt, messages: Messages) -> None:
    """Where nothing was said before, it is asked for a choice."""
    reply, heard = hears(messages, goods, "", "1")
    assert reply == Reply("commodity")
    assert heard[-2] == messages("plain_choose", count=8)


def test_enter_alone_takes_what_was_said_before(
    rulebook: Rulebook, messages: Messages, menu: Prompt
) -> None:
    """And the invitation says what that is."""
    reply, heard = hears(messages, _question(rulebook, messages, "price", "9.9"), "")
    assert reply == Reply("9.9")
    assert heard[-1] == 'Your answer (Enter for "9.9"):'
    reply, heard = hears(messages, menu, "")
    assert reply == Reply("/money")
    assert heard[-1] == 'Your answer (Enter for "2 money"):'


def test_enter_alone_at_a_number_means_what_the_hint_says(
    price: Prompt, messages: Messages
) -> None:
    """Not known yet."""
    reply, heard = hears(messages, price, "")
    assert reply == Reply("")
    assert price.hint in heard[-1]


def test_a_name_of_a_file_is_taken_as_it_is(messages: Messages) -> None:
    """Full width and all, but for the blanks around it."""
    prompt = text_prompt("Where to?", messages, refuse=lambda text: None if text else "a name")
    assert hears(messages, prompt, "", " Ｒeport 1.html ")[0] == Reply("Ｒeport 1.html")


def test_a_number_is_refused_in_the_words_of_the_reader(price: Prompt, messages: Messages) -> None:
    """One reader for flags, files and lines."""
    reply, heard = hears(messages, price, "1000+", "9,90")
    assert reply == Reply("9,90")
    assert heard[-2] == '"1000+" leaves the number open. Write one number, such as 1000.'


# ---- what is said, and how often


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_to_answer_is_said_once(lang: str, rulebook: Rulebook) -> None:
    """Before the first question, and when asked for where nothing can be explained."""
    messages = Messages(rulebook.wording, lang)
    listener = Listener(messages, "1", "9", "?", "1")
    for name in ("product_type", "price"):
        listener.ask(_question(rulebook, messages, name))
    assert listener.heard.count(messages("plain_how")) == 1
    listener.ask(choice_prompt("?", [Option("a", "b")], messages))
    assert listener.heard.count(messages("plain_how")) == 2


def test_a_question_is_its_number_title_help_and_numbered_choices(
    goods: Prompt, messages: Messages
) -> None:
    """In this order, nothing else."""
    _, heard = hears(messages, goods, "1")
    assert heard[3:6] == [goods.progress, goods.title, *goods.lines]
    options = goods.options
    assert heard[6:-1] == [
        f"{number}. {option.label}: {option.detail}" for number, option in enumerate(options, 1)
    ]


def test_why_is_said_without_the_question(goods: Prompt, messages: Messages) -> None:
    """The reasons, and the choices again; asking once more says everything."""
    listener = Listener(messages, "?", "?", "1")
    assert listener.ask(goods) == HELP
    before = len(listener.heard)
    explained = replace(goods, reasons=("Because.",))
    assert listener.ask(explained) == Reply("commodity")
    heard = listener.heard[before:]
    assert heard[:2] == ["Because.", heard[1]]
    assert heard[1].startswith("1. everyday goods")
    assert heard.count(goods.title) == heard.count("Because.") - 1 == 1


def test_a_tick_is_heard_alone(messages: Messages) -> None:
    """Of the steps only the one that has changed, and how many are done."""
    listener = Listener(messages, "3", "film", "3", "1")
    titles = {"list": "List items", "film": "Film three videos", "agree": "Agree in writing"}
    assert tick_steps(titles, (), messages, listener.ask) == ("film",)
    ticks = [line for line in listener.heard if line.startswith(("1.", "2.", "3.", "4."))]
    assert ticks[:4] == [
        f"1. {messages('memory_ticked', count=0)}",
        "2. List items: not done",
        "3. Film three videos: not done",
        "4. Agree in writing: not done",
    ]
    assert ticks[4:6] == [f"1. {messages('memory_ticked', count=1)}", "3. Film three videos: done"]
    assert listener.heard.count(messages("memory_done")) == 1


def test_a_note_has_no_bullet(messages: Messages) -> None:
    """It would be read out."""
    listener = Listener(messages)
    listener.front_end.tell("· price: $9")
    assert listener.heard == ["price: $9"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_of_keys(lang: str, rulebook: Rulebook) -> None:
    """There are no arrows to press, and no colour or drawing comes through."""
    messages = Messages(rulebook.wording, lang)
    for name in rulebook.answerable:
        listener = Listener(messages, "<")
        listener.ask(_question(rulebook, messages, name))
        text = "\n".join(listener.heard)
        assert not set("↑↓·│─[]\x1b") & set(text), text


# ---- the terminal


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other end of a terminal that the program reads from."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield ours
    os.close(ours)


def test_of_a_paste_only_the_first_line_is_an_answer(
    keyboard: int, price: Prompt, messages: Messages
) -> None:
    """The others would answer questions that nobody has seen."""
    heard: list[str] = []
    prompts = PlainPrompts(messages, heard.append)
    os.write(keyboard, b"9.90\n1200\n300\n")
    assert prompts.ask(price) == Reply("9.90")
    assert heard[-1] == messages("plain_one_line")
    os.write(keyboard, b"12\n")
    assert prompts.ask(price) == Reply("12")
    assert heard.count(messages("plain_one_line")) == 1


def test_the_end_of_the_input_is_no_answer(
    price: Prompt, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But a way to leave, also where something was said before."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    for prompt in (price, replace(price, start="9")):
        with pytest.raises(KeyboardInterrupt):
            PlainPrompts(messages, lambda _text: None).ask(prompt)


def test_yes_and_no_are_answers_in_any_language(rulebook: Rulebook) -> None:
    """The words that people type."""
    tiny = load_rulebook("tests/tiny_rulebook")
    for lang in LANGUAGES:
        messages = Messages({**rulebook.wording, **tiny.wording}, lang)
        for line, value in (("y", "true"), ("没有", "false"), ("no", "false"), ("1", "true")):
            reply, _ = hears(messages, _question(tiny, messages, "insured"), line)
            assert reply.value in (line, value)
