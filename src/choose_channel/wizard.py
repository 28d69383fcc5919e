"""The walk through the questions: forward, back, why, review. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from choose_channel.answers import (
    Answers,
    Layer,
    RefusedError,
    expected,
    parse,
    plain,
    read_answers,
    settle,
)
from choose_channel.drafts import Draft, Drafts
from choose_channel.errors import AnswersError
from choose_channel.evaluation import evaluator
from choose_channel.headline import answer_line
from choose_channel.model import UNKNOWN, Question, Rulebook, Say, Value
from choose_channel.prompts import Ask, Option, Prompt, Reply, Signal
from choose_channel.questionnaire import agenda

_GO = "/go"
_GUESS_AHEAD = 3
"""How many follow-ups to expect while the core questions are not all answered."""


class Wizard:
    """One conversation. `tell` prints a line to the person, `ask` shows a prompt."""

    def __init__(
        self,
        rulebook: Rulebook,
        answers: Answers,
        say: Say,
        ask: Ask,
        tell: Callable[[str], None],
        drafts: Drafts,
        *,
        date: str,
        ask_all: bool = False,
    ) -> None:
        self.book, self.say, self.ask, self.tell = rulebook, say, ask, tell
        self.drafts, self.date, self.ask_all = drafts, date, ask_all
        self.given: dict[str, Value] = dict(answers.given)
        self.sources: dict[str, str] = dict(answers.sources)
        self.path: list[str] = []
        self.ahead: list[str] = []
        self.typed: dict[str, str] = {}
        self.explained: set[str] = set()
        self.changing: str | None = None
        self.draft_failed = False

    def run(self) -> Answers:
        """The answers, once the person is content with them. Raises KeyboardInterrupt."""
        self.tell(self.say("ask_intro"))
        self._resume()
        question = self._next()
        while True:
            while question:
                question = self._step(question)
            again = self._review()
            if again is None:
                break
            question = again
        order = [name for name in self.book.questions if name in self.given]
        given = {name: self.given[name] for name in order}
        return Answers(given, {name: self.sources[name] for name in order})

    # ---- moving

    def _next(self) -> Question | None:
        """The question to show now: one that was walked back over, or the next worth asking."""
        applying = settle(self.book, self.given).values
        while self.ahead:
            name = self.ahead.pop()
            if name in applying:
                return self.book.questions[name]
        ask = agenda(self.book, self.given, ask_all=self.ask_all).ask
        return ask[0] if ask else None

    def _step(self, question: Question) -> Question | None:
        """Asks one question and says which comes after it."""
        name = question.id
        reply = self.ask(self._prompt(question))
        if reply.signal is Signal.HELP:
            self.explained.add(name)
            self._keep_typed(name, reply)
            return question
        if reply.signal is Signal.BACK:
            self._keep_typed(name, reply)
            return self._back(name)
        value = parse(question, reply.value or UNKNOWN, self.say)
        assert value is not None
        self._take(question, value)
        return self._next()

    def _back(self, name: str) -> Question:
        if not self.path:
            return self.book.questions[name]
        self.ahead.append(name)
        return self.book.questions[self.path.pop()]

    def _keep_typed(self, name: str, reply: Reply) -> None:
        if reply.value is not None:
            self.typed[name] = reply.value

    def _take(self, question: Question, value: Value) -> None:
        name = question.id
        if self.given.get(name) != value:
            self.tell(f"· {answer_line(question, value, self.say)}")
        self.given[name] = value
        self.sources[name] = "prompt"
        self.typed.pop(name, None)
        if name not in self.path:
            self.path.append(name)
        self._save()

    # ---- showing

    def _prompt(self, question: Question) -> Prompt:
        say, name = self.say, question.id
        lines = [self._progress(name), say.text(question.title), say.text(question.help)]
        if name in self.explained:
            lines += self._why(question)
        start = self.typed.get(name)
        if start is None and name in self.given:
            start = plain(self.given[name])
        back = bool(self.path)
        unknown = question.assumed is not None
        if question.type == "number":
            start = "" if start == UNKNOWN else start
            hint = say("ask_empty_unknown") if unknown else ""
            return Prompt(
                tuple(lines),
                self._keys(choose=False, back=back),
                start=start,
                hint=hint,
                can_go_back=back,
                refuse=lambda text: self._refusal(question, text),
            )
        options = [
            Option(choice, label, detail) for choice, label, detail in self._choices(question)
        ]
        if unknown:
            options.append(Option(UNKNOWN, say("unknown_answer")))
        known = {option.value for option in options}
        return Prompt(
            tuple(lines),
            self._keys(choose=True, back=back),
            tuple(options),
            nothing=say("ask_choose"),
            start=start if start in known else None,
            can_go_back=back,
        )

    def _choices(self, question: Question) -> list[tuple[str, str, str]]:
        if question.choices:
            return [
                (
                    one.id,
                    self.say.text(one.label),
                    self.say.text(one.example) if one.example else "",
                )
                for one in question.choices
            ]
        return [("true", self.say("yes"), ""), ("false", self.say("no"), "")]

    def _keys(self, *, choose: bool, back: bool, why: bool = True) -> tuple[str, ...]:
        keys = ["ask_key_choose"] if choose else []
        keys += [
            "ask_key_enter",
            *(["ask_key_back"] if back else []),
            *(["ask_key_why"] if why else []),
        ]
        return tuple(self.say(key) for key in [*keys, "ask_key_leave"])

    def _progress(self, name: str) -> str:
        if name == self.changing:
            return self.say("ask_changing")
        number = len([one for one in self.path if one != name]) + 1
        ask = agenda(self.book, self.given, ask_all=self.ask_all).ask
        left = [one for one in ask if one.id != name]
        count = len(left)
        if not self.ask_all and any(one.core for one in ask):
            core = sum(one.core for one in left)
            count = core + min(_GUESS_AHEAD, count - core)
        count += len(self.ahead)
        if not count:
            return self.say("ask_progress_last", number=number)
        return self.say("ask_progress", number=number, left=count)

    def _refusal(self, question: Question, text: str) -> str | None:
        try:
            value = parse(question, text, self.say)
        except RefusedError as refusal:
            return str(refusal)
        if value is None and question.assumed is None:
            return self.say("must_be_known", expected=expected(question, self.say))
        return None

    def _why(self, question: Question) -> list[str]:
        """What hangs on the answer as things stand: which channels it opens, which it moves."""
        standings = [
            evaluator(self.book).standing(
                settle(self.book, {**self.given, question.id: value}).terms
            )
            for value in self._answers(question)
        ]
        lines = []
        for channel in self.book.channels.values():
            name = self.say.text(channel.name)
            if len({standing.access[channel.id] for standing in standings}) > 1:
                lines.append(self.say("ask_why_gate", channel=name))
            elif len({standing.fit[channel.id] for standing in standings}) > 1:
                lines.append(self.say("ask_why_points", channel=name))
        return lines

    def _answers(self, question: Question) -> list[Value]:
        from choose_channel.space import space_of

        space = space_of(self.book)
        return list(space.axes[space.index[question.id]].values)

    # ---- reviewing

    def _review(self) -> Question | None:
        """Shows all answers; the question to change, or None when all are right."""
        say = self.say
        applying = settle(self.book, self.given).values
        shown = [name for name in self.book.questions if name in applying and name in self.given]
        skipped = agenda(self.book, self.given, ask_all=self.ask_all).skip
        lines = [say("ask_review")]
        if skipped:
            lines.append(say("ask_enough", count=len(skipped)))
        options = [Option(_GO, say("ask_review_go"))]
        for name in shown:
            question = self.book.questions[name]
            options.append(Option(name, answer_line(question, self.given[name], say)))
        prompt = Prompt(
            tuple(lines),
            self._keys(choose=True, back=bool(self.path), why=False),
            tuple(options),
            nothing=say("ask_choose"),
            can_go_back=bool(self.path),
            can_explain=False,
        )
        reply = self.ask(prompt)
        if reply.signal is Signal.BACK and self.path:
            return self.book.questions[self.path.pop()]
        if reply.value == _GO or reply.value is None:
            return None
        if reply.value in self.path:
            self.path.remove(reply.value)
        self.changing = reply.value
        return self.book.questions[reply.value]

    # ---- keeping

    def _save(self) -> None:
        typed = {name: plain(value) for name, value in self.given.items()}
        try:
            self.drafts.save(Draft(self.date, typed))
        except OSError as error:
            if not self.draft_failed:
                self.tell(self.say("ask_draft_failed", reason=error.strerror or error))
            self.draft_failed = True

    def _resume(self) -> None:
        draft = self.drafts.load()
        if draft is None:
            return
        say = self.say
        count = len(draft.answers)
        prompt = Prompt(
            (say("ask_resume", count=count, date=draft.date),),
            self._keys(choose=True, back=False, why=False),
            (Option("yes", say("ask_resume_yes")), Option("no", say("ask_resume_no"))),
            nothing=say("ask_choose"),
            can_go_back=False,
            can_explain=False,
        )
        if self.ask(prompt).value == "no":
            self.drafts.delete()
            return
        self._restore(draft.answers)

    def _restore(self, typed: Mapping[str, str]) -> None:
        dropped = []
        for name, value in typed.items():
            if name in self.given:
                continue  # a flag of this run outranks the draft
            try:
                found = read_answers(self.book, [Layer("prompt", {name: value})], self.say)
            except AnswersError:
                dropped.append(name)
                continue
            for key, answer in found.given.items():
                self.given[key] = answer
                self.sources[key] = "prompt"
                self.path.append(key)
                self.tell(f"· {answer_line(self.book.questions[key], answer, self.say)}")
        if dropped:
            self.tell(self.say("ask_draft_dropped", questions=self.say.listing(dropped)))
