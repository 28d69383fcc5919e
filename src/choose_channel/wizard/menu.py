"""After the first screen: more of the report, another answer tried, steps ticked, files saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple, Protocol

from choose_channel.answers.kinds import Option
from choose_channel.answers.sources import Answers
from choose_channel.engine.decide import decide
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.wizard.memory import tick_steps
from choose_channel.wizard.prompt import (
    Ask,
    Prompt,
    Reply,
    Signal,
    answer_note,
    choice_prompt,
    question_prompt,
    read_answer,
    text_prompt,
)
from choose_channel.wizard.reasons import reasons

_DID, _TRY, _SAVE, _DONE = "/did", "/try", "/save", "/done"
_KEEP, _BACK = "/keep", "/back"
_ROWS = 12
"""The menu takes so many rows, in which all of it is in sight. Where the first screen leaves more,
it takes those; where it leaves fewer, the menu says the verdict again."""


class View(Protocol):
    """What shows and saves a decision: the command line, for one."""

    kinds: tuple[str, ...]
    """What a decision can be saved as."""

    def parts(self, decision: Decision) -> tuple[str, ...]:
        """The parts of its report."""

    def first(self, decision: Decision, done: tuple[str, ...]) -> int:
        """Shows the first screen. Returns how many rows of the window are left below it."""

    def headline(self, decision: Decision) -> str:
        """The verdict in a line."""

    def show(self, decision: Decision, part: str, done: tuple[str, ...]) -> None:
        """Shows a part, page by page where it is longer than the window."""

    def beside(self, before: Decision, after: Decision) -> None:
        """Shows two decisions side by side."""

    def name(self, kind: str) -> str:
        """A name for a file of that kind."""

    def refuse(self, decision: Decision, path: str) -> str | None:
        """Why nothing can be written there, or None."""

    def save(self, decision: Decision, answers: Answers, kind: str, path: str) -> None:
        """Writes the file. Raises OutputError."""


class Outcome(NamedTuple):
    """What a person left with: the answers, the decision on them, and the steps that are done."""

    answers: Answers
    decision: Decision
    done: tuple[str, ...]


class Menu:
    """One visit to the menu. `view` shows and saves, `tell` prints a line."""

    def __init__(
        self, engine: Engine, messages: Messages, ask: Ask, tell: Callable[[str], None], view: View
    ) -> None:
        self.engine, self.rulebook = engine, engine.rulebook
        self.messages, self.tell, self.view = messages, tell, view
        leave = {messages("ask_key_leave"): messages("menu_key_leave")}  # there is no draft here

        def ask_here(prompt: Prompt) -> Reply:
            self.room = 0
            return ask(replace(prompt, keys=tuple(leave.get(key, key) for key in prompt.keys)))

        self.ask = ask_here
        self.room = 0
        """The rows below the first screen, while that is the last that was shown."""

    def run(self, outcome: Outcome) -> Outcome:
        """Shows the first screen and whatever is asked for, until the person is done. Ctrl-C, too,
        is a way to be done: nothing that was said is lost."""
        self.room = self.view.first(outcome.decision, outcome.done)
        last = ""
        while last != _DONE:
            try:
                last = self._choose(outcome, last)
                outcome = self._follow(outcome, last)
            except KeyboardInterrupt:
                break
        return outcome

    def _follow(self, outcome: Outcome, choice: str) -> Outcome:
        match choice:
            case "/did":
                return self._tick(outcome)
            case "/try":
                return self._try(outcome)
            case "/save":
                self._save(outcome)
            case "/done":
                pass
            case part:
                self.view.show(outcome.decision, part, outcome.done)
        return outcome

    def _choose(self, outcome: Outcome, last: str) -> str:
        messages = self.messages
        fits = self.room >= _ROWS
        verdict = self.view.headline(outcome.decision)
        title = messages("menu_title") if fits else messages("menu_title_again", verdict=verdict)
        options = [
            Option(part, messages(f"menu_{part}")) for part in self.view.parts(outcome.decision)
        ]
        for value in (_TRY, _DID, _SAVE, _DONE):
            options.append(Option(value, messages(f"menu_{value[1:]}")))
        values = [option.value for option in options]
        # The one after what was looked at last; at first the safe way out.
        start = values[values.index(last) + 1] if last in values[:-1] else _DONE
        most_rows = self.room if fits else _ROWS
        prompt = choice_prompt(title, options, messages, start=start, most_rows=most_rows)
        reply = self.ask(prompt)
        return reply.value or _DONE

    def _tick(self, outcome: Outcome) -> Outcome:
        titles = {step.id: step.title for step in outcome.decision.plan if step.phase != "later"}
        done = tick_steps(titles, outcome.done, self.messages, self.ask)
        if done != outcome.done:
            self.room = self.view.first(outcome.decision, done)
        return outcome._replace(done=done)

    # ---- another answer

    def _try(self, outcome: Outcome) -> Outcome:
        """Changes one answer, shows what was and what would be, and goes on from there or back."""
        messages, decision = self.messages, outcome.decision
        current = {**decision.answers, **decision.assumed}
        options = [
            Option(
                name,
                answer_note(self.rulebook, name, value, messages),
                messages("menu_assumed") if name in decision.assumed else "",
            )
            for name, value in current.items()
        ]
        title = messages("menu_which")
        reply = self.ask(choice_prompt(title, options, messages, back=True))
        if reply.signal is Signal.BACK or reply.value is None:
            return outcome
        changed = self._ask_again(outcome, reply.value)
        if changed is None:
            return outcome
        then = decide(self.engine.seller(changed.given), changed.sources, messages.lang)
        self.view.beside(decision, then)
        value = changed.given[reply.value]
        note = answer_note(self.rulebook, reply.value, value, messages)
        options = [
            Option(_BACK, messages("menu_back")),
            Option(_KEEP, messages("menu_keep"), note),
        ]
        choice = self.ask(choice_prompt(messages("menu_go_on"), options, messages, start=_BACK))
        if choice.value != _KEEP:
            return outcome
        self.room = self.view.first(then, outcome.done)
        return Outcome(changed, then, outcome.done)

    def _ask_again(self, outcome: Outcome, name: str) -> Answers | None:
        """The answers with another one to this question, and what becomes of those that held with
        the old one only; None where it stays as it was."""
        answers, decision = outcome.answers, outcome.decision
        question = decision.seller.worded(self.rulebook.answerable[name])
        start = to_text({**decision.answers, **decision.assumed}[name])
        explain = False
        while True:
            why = reasons(self.engine, question, answers.given, self.messages) if explain else ()
            reply = self.ask(
                question_prompt(
                    self.rulebook,
                    question,
                    self.messages,
                    progress="",
                    start=start,
                    reasons=why,
                    back=True,
                )
            )
            if reply.signal is Signal.BACK:
                return None
            if reply.signal is Signal.HELP:
                explain, start = not explain, reply.value or start
                continue
            value = read_answer(question, reply.value or "", self.messages)
            if value == answers.given.get(name):
                return None
            changed = {name: value, **decision.seller.resets({name: value})}
            given = {**answers.given, **changed}
            order = [key for key in self.rulebook.answerable if key in given]
            sources = {**answers.sources, **dict.fromkeys(changed, "prompt")}
            return Answers({key: given[key] for key in order}, {key: sources[key] for key in order})

    # ---- saving

    def _save(self, outcome: Outcome) -> None:
        messages = self.messages
        options = [Option(kind, messages(f"menu_save_{kind}")) for kind in self.view.kinds]
        reply = self.ask(choice_prompt(messages("menu_save_what"), options, messages, back=True))
        if reply.signal is Signal.BACK or reply.value is None:
            return
        kind = reply.value
        name = self.ask(
            text_prompt(
                messages("menu_save_where"),
                messages,
                start=self.view.name(kind),
                back=True,
                refuse=partial(self.view.refuse, outcome.decision),
            )
        )
        if name.signal is not Signal.BACK and name.value:
            self.view.save(outcome.decision, outcome.answers, kind, name.value)
            self.tell(messages("written_to", path=name.value))
