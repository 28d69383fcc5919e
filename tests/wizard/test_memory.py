"""Coming back to an earlier run, and the menu after the first screen, with a scripted person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import LANGUAGES, Messages
from choose_channel.wizard.drafts import Drafts
from choose_channel.wizard.history import History, Kept
from choose_channel.wizard.memory import (
    Earlier,
    last_verdict,
    old_answers,
    since,
    tick,
    welcome,
)
from choose_channel.wizard.menu import Menu, Outcome
from choose_channel.wizard.prompt import Ask, Prompt, Reply, Signal
from choose_channel.wizard.state import Stop
from choose_channel.wizard.wizard import Wizard
from tests.wizard.lines import in_lines

COURSE: dict[str, Any] = {
    "product_type": "digital",
    "price": 99,
    "followers": 400,
    "business_license": "none",
    "website_field": False,
}


def person(*script: str | Reply, seen: list[Prompt] | None = None) -> Ask:
    """Somebody who picks these values one after the other; each must be there to pick."""
    replies: Iterator[str | Reply] = iter(script)

    def ask(prompt: Prompt) -> Reply:
        if seen is not None:
            seen.append(prompt)
        reply = next(replies)
        if isinstance(reply, Reply):
            return reply
        if prompt.options:
            assert reply in {option.value for option in prompt.options}, prompt
        else:
            assert prompt.refuse(reply) is None, prompt.refuse(reply)
        return Reply(reply)

    return ask


@pytest.fixture(autouse=True, params=["with keys", "in lines"])
def _front_end(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, messages: Messages
) -> None:
    """Every person here answers once with keys and once in lines."""
    if request.param == "in lines":
        with_keys = person
        monkeypatch.setitem(
            globals(),
            "person",
            lambda *script, **seen: in_lines(with_keys(*script, **seen), messages),
        )


def kept(date: str = "2026-11-07", business: str = "", **more: Any) -> Kept:
    """A run about a course maker."""
    return Kept(date, business, cc.decide({**COURSE, **more}).to_dict())


# ---- the greeting


def test_nobody_is_greeted_the_first_time(engine: Engine, messages: Messages) -> None:
    """And nothing is asked."""
    assert welcome(engine, [], messages, person()) == Earlier(None, "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_greeting_says_what_was_decided_and_when(engine: Engine, lang: str) -> None:
    """In the language of today, whatever the record's was."""
    seen: list[Prompt] = []
    messages = Messages(engine.rulebook.wording, lang)
    run = kept()
    assert welcome(engine, [run], messages, person("/again", seen=seen)) == Earlier(run, "")
    aim = messages.text(engine.rulebook.channels["bio_link"].name)
    assert "2026-11-07" in seen[0].title
    assert aim in seen[0].title
    assert seen[0].start == "/again"


def test_each_state_of_a_verdict_has_its_sentence(engine: Engine, messages: Messages) -> None:
    """Closed, locked, open with another aim, open."""
    texts = [
        last_verdict(engine, kept(**more), messages)
        for more in (
            {"product_type": "banned"},
            {},
            {"product_type": "commodity", "warehouse": "virtual", "followers": 1200, "price": 12},
            {"followers": 5000},
        )
    ]
    assert len(set(texts)) == 4


def test_a_consultant_chooses_a_business_or_names_a_new_one(
    engine: Engine, messages: Messages
) -> None:
    """A name that is taken, or none, is refused."""
    runs = [kept("2026-11-20", "Tea"), kept("2026-11-19", "Soap"), kept("2026-11-18", "Tea")]
    assert welcome(engine, runs, messages, person("1", "/again")) == Earlier(runs[1], "Soap")
    assert welcome(engine, runs, messages, person("0", "/anew")) == Earlier(None, "Tea")
    seen: list[Prompt] = []
    earlier = welcome(engine, runs, messages, person("/other", "Candles", seen=seen))
    assert earlier == Earlier(None, "Candles")
    assert seen[-1].refuse("tea ")
    assert seen[-1].refuse("  ")


# ---- old answers


def test_answers_that_the_rulebook_does_not_know_any_more_are_named(
    engine: Engine, messages: Messages
) -> None:
    """And so are values that it refuses; the rest counts."""
    record = kept().record
    answers = {**record["answers"], "shoe_size": 42, "price": "nine"}
    given, refused, unknown = old_answers(engine, {**record, "answers": answers}, messages)
    assert unknown == ["shoe_size"]
    assert refused == ["price"]
    assert given["product_type"] == "digital"


# ---- what is different now


def test_since_names_answers_access_and_steps(engine: Engine) -> None:
    """The answer with both values, what is open now, how many steps are done."""
    run = kept()
    step = run.record["plan"][0]["id"]
    now = cc.decide({**COURSE, "followers": 1000})
    (line,) = since(engine, run, now, [step])
    assert line.startswith("Since 2026-11-07: followers 400 → 1,000.")
    assert "Link in bio is now open." in line
    assert "1 of" in line


def test_nothing_is_said_where_nothing_is_different(engine: Engine) -> None:
    """The same answers and the same rulebook."""
    assert since(engine, kept(), cc.decide(COURSE), []) == ()


def _of_another_rulebook(run: Kept, change: Callable[[dict[str, Any]], None]) -> Kept:
    record = cc.decide(COURSE).to_dict()
    record["rulebook"] = {**record["rulebook"], "digest": "0" * 64, "version": "1.0.0"}
    change(record)
    return replace(run, record=record)


def test_a_newer_rulebook_that_says_the_same_is_named_as_such(engine: Engine) -> None:
    """In a line of its own."""
    run = _of_another_rulebook(kept(), lambda _record: None)
    (line,) = since(engine, run, cc.decide(COURSE), [])
    assert engine.rulebook.version in line
    assert "the same" in line


def test_a_step_that_only_changed_its_id_is_the_same_advice(engine: Engine) -> None:
    """The person reads the same title."""

    def change(record: dict[str, Any]) -> None:
        record["plan"][0]["id"] = "an-id-of-old"

    (line,) = since(engine, _of_another_rulebook(kept(), change), cc.decide(COURSE), [])
    assert "the same" in line


def test_a_newer_rulebook_that_advises_otherwise_says_which_entries_did_it(
    engine: Engine,
) -> None:
    """The gate that it has and the old one had not."""

    def change(record: dict[str, Any]) -> None:
        record["recommended"] = "bio_link"
        link = next(channel for channel in record["channels"] if channel["id"] == "bio_link")
        link["access"], link["gates"] = "open", []

    now = cc.decide(COURSE)
    lines = since(engine, _of_another_rulebook(kept(), change), now, [])
    gate = now.channel("bio_link").gates[0]
    assert any("1.0.0" in line for line in lines)
    assert f"· {gate.because}" in lines


# ---- steps


def test_ticks_are_taken_and_taken_back(messages: Messages) -> None:
    """Several, until the person says that is all."""
    run = kept()
    first, second = (step["id"] for step in run.record["plan"][:2])
    ask = person(first, second, first, "/ticked")
    assert tick(run, messages, ask) == (second,)


# ---- the menu


@dataclass
class Screen:
    """Notes what would be shown and saved."""

    shown: list[str] = field(default_factory=list)
    kinds: tuple[str, ...] = ("page", "answers")

    def parts(self, _decision: Decision) -> tuple[str, ...]:
        """Two parts."""
        return ("plan", "why")

    room: int = 0

    def first(self, decision: Decision, done: tuple[str, ...]) -> int:
        """The first screen."""
        self.shown.append(f"first {decision.recommended} {len(done)}")
        return self.room

    def headline(self, _decision: Decision) -> str:
        """The verdict."""
        return "Not yet"

    def show(self, _decision: Decision, part: str, _done: tuple[str, ...]) -> None:
        """A part."""
        self.shown.append(part)

    def beside(self, before: Decision, after: Decision) -> None:
        """Two decisions."""
        self.shown.append(f"{before.recommended} beside {after.recommended}")

    def name(self, kind: str) -> str:
        """A name."""
        return f"report.{kind}"

    def refuse(self, _decision: Decision, path: str) -> str | None:
        """Refuses one name."""
        return "taken" if path == "taken" else None

    def save(self, _decision: Decision, _answers: Answers, kind: str, path: str) -> None:
        """Saves."""
        self.shown.append(f"{kind} to {path}")


def _visit(engine: Engine, messages: Messages, *script: str | Reply) -> tuple[Outcome, Screen]:
    answers = read_answers(engine.rulebook, [Layer("prompt", COURSE)], messages)
    screen = Screen()
    menu = Menu(engine, messages, person(*script), lambda _text: None, screen)
    return menu.run(Outcome(answers, cc.decide(COURSE), ())), screen


def test_the_menu_shows_what_is_asked_for_until_the_person_is_done(
    engine: Engine, messages: Messages
) -> None:
    """After the first screen."""
    _, screen = _visit(engine, messages, "plan", "why", "plan", "/done")
    assert screen.shown == ["first None 0", "plan", "why", "plan"]


def test_the_menu_rests_on_done_first_and_then_on_what_comes_next(
    engine: Engine, messages: Messages
) -> None:
    """So that Enter alone never loops."""
    seen: list[Prompt] = []
    answers = read_answers(engine.rulebook, [Layer("prompt", COURSE)], messages)
    ask = person("plan", "why", "/done", seen=seen)
    menu = Menu(engine, messages, ask, lambda _text: None, Screen())
    menu.run(Outcome(answers, cc.decide(COURSE), ()))
    assert [prompt.start for prompt in seen] == ["/done", "why", "/try"]


@pytest.mark.parametrize(
    ("room", "title", "rows"), [(7, "Not yet. What next?", 12), (14, "What next?", 14)]
)
def test_the_menu_leaves_the_first_screen_in_sight_or_says_the_verdict_again(
    room: int, title: str, rows: int, engine: Engine, messages: Messages
) -> None:
    """It takes the rows that are left below; where there are too few, or something else was shown
    since, its title says what was decided."""
    seen: list[Prompt] = []
    answers = read_answers(engine.rulebook, [Layer("prompt", COURSE)], messages)
    ask = person("plan", "/done", seen=seen)
    menu = Menu(engine, messages, ask, lambda _text: None, Screen(room=room))
    menu.run(Outcome(answers, cc.decide(COURSE), ()))
    first, second = seen
    assert (first.title, first.most_rows) == (title, rows)
    assert (second.title, second.most_rows) == ("Not yet. What next?", 12)


def test_leaving_the_menu_loses_nothing(engine: Engine, messages: Messages) -> None:
    """Ctrl-C is a way to be done, wherever in the menu; no draft is spoken of."""
    seen: list[Prompt] = []
    answers = read_answers(engine.rulebook, [Layer("prompt", COURSE)], messages)
    step = cc.decide(COURSE).plan[0].id
    replies = person("/did", step, "/ticked", "/try", "followers", seen=seen)

    def ask(prompt: Prompt) -> Reply:
        try:
            return replies(prompt)
        except StopIteration:
            raise KeyboardInterrupt from None

    menu = Menu(engine, messages, ask, lambda _text: None, Screen())
    assert menu.run(Outcome(answers, cc.decide(COURSE), ())).done == (step,)
    assert all(messages("ask_key_leave") not in prompt.keys for prompt in seen)


def test_another_answer_is_tried_side_by_side_and_kept_or_not(
    engine: Engine, messages: Messages
) -> None:
    """Only what is kept counts from then on."""
    outcome, screen = _visit(engine, messages, "/try", "followers", "1500", "/back", "/done")
    assert screen.shown == ["first None 0", "None beside bio_link"]
    assert outcome.answers.given["followers"] == 400
    outcome, screen = _visit(engine, messages, "/try", "followers", "1500", "/keep", "/done")
    assert outcome.answers.given["followers"] == 1500
    assert outcome.decision.recommended == "bio_link"
    assert screen.shown[-1] == "first bio_link 0"


def test_back_leaves_the_answers_as_they_were(engine: Engine, messages: Messages) -> None:
    """From the list of answers, from the question, and after a look at why it is asked."""
    back, why = Reply(None, Signal.BACK), Reply("1500", Signal.HELP)
    outcome, screen = _visit(
        engine, messages, "/try", back, "/try", "followers", why, back, "/save", back, "/done"
    )
    assert outcome.answers.given["followers"] == 400
    assert screen.shown == ["first None 0"]


def test_an_assumed_answer_can_be_tried_too(engine: Engine, messages: Messages) -> None:
    """It counts as given where it is kept."""
    outcome, _ = _visit(engine, messages, "/try", "goal", "brand", "/keep", "/done")
    assert outcome.answers.sources["goal"] == "prompt"


def test_what_held_for_the_old_market_only_changes_with_it(
    engine: Engine, messages: Messages
) -> None:
    """Stock where the present buyers are is abroad for those of another country."""
    seller = {**COURSE, "product_type": "branded", "warehouse": "local", "base": "in_market"}
    answers = read_answers(engine.rulebook, [Layer("prompt", seller)], messages)
    menu = Menu(engine, messages, person("/try", "market", "uk", "/keep", "/done"), print, Screen())
    outcome = menu.run(Outcome(answers, cc.decide(seller), ()))
    assert outcome.answers.given["warehouse"] == "abroad"
    assert outcome.answers.given["base"] == "elsewhere"


def test_steps_are_ticked_and_things_are_saved(engine: Engine, messages: Messages) -> None:
    """The first screen comes again with the next steps."""
    step = cc.decide(COURSE).plan[0].id
    outcome, screen = _visit(
        engine, messages, "/did", step, "/ticked", "/save", "page", "x.html", "/done"
    )
    assert outcome.done == (step,)
    assert screen.shown == ["first None 0", "first None 1", "page to x.html"]


def test_a_finished_run_is_kept_with_its_ticks(engine: Engine, messages: Messages) -> None:
    """And found by the next greeting."""
    history = History()
    run = history.keep(kept(business="courses"))
    history.keep(replace(run, done=("a",)))
    (entry,), _ = history.load()
    assert (entry.done, entry.business) == (("a",), "courses")
    assert welcome(engine, [entry], messages, person("/again")) == Earlier(entry, "courses")


def test_who_stops_while_coming_back_comes_back_all_the_same(
    engine: Engine, messages: Messages
) -> None:
    """The draft knows the run that the person went on from: what they had done, and what has
    changed since."""
    history, drafts = History(), Drafts()
    rest = {"base": "mainland", "market": "us", "goal": "brand", "experience": "first_time"}
    run = history.keep(kept(business="courses", store="fast", **rest))
    run = history.keep(replace(run, done=(run.record["plan"][0]["id"],)))

    def wizard(ask: Ask) -> Wizard:
        given = Answers({}, {})
        date = "2026-11-22"
        return Wizard(
            engine, given, messages, ask, lambda _line: None, drafts, date=date, history=history
        )

    with pytest.raises(StopIteration):
        wizard(person("/again", "followers", "800")).run()
    seen: list[Prompt] = []
    finished = wizard(person("yes", Stop.DONE.value, "/ticked", seen=seen)).run()
    assert seen[0].start is None  # a person in a hurry loses nothing
    assert (finished.earlier, finished.business, finished.done) == (run, "courses", run.done)
    assert finished.answers.given["followers"] == 800
