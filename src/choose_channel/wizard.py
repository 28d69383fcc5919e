"""The walk through the questions: forward, back, why, review. Draws nothing itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from choose_channel.answers import Answers, RefusedError, expected, parse, plain, settle
from choose_channel.drafts import Draft, Drafts
from choose_channel.headline import answer_line
from choose_channel.model import UNKNOWN, Gate, Pitfall, Question, Rule, Rulebook, Value
from choose_channel.prompts import Ask, Option, Prompt, Signal
from choose_channel.questionnaire import agenda, hanging
from choose_channel.wording import Say
from choose_channel.wrapping import wrap

_GO = "/go"
_GUESS_AHEAD = 4
"""How many follow-ups to expect while the core questions are not all answered."""
_WHY_ROWS, _WHY_COLUMNS = 6, 77
"""So many rows of reasons leave room for the answers in a window of 80 by 24."""


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
        self.left: dict[int, int] = {}
        self.draft_failed = False

    def run(self) -> Answers:
        """The answers, once the person is content with them. Raises KeyboardInterrupt."""
        self.tell(self.say("ask_intro"))
        self._resume()
        question = self._next()
        while question or (question := self._review()):
            question = self._step(question)
        order = [name for name in self.book.answerable if name in self.given]
        given = {name: self.given[name] for name in order}
        return Answers(given, {name: self.sources[name] for name in order})

    # ---- moving

    def _next(self) -> Question | None:
        """The question to show now: one that was walked back over, or the next worth asking."""
        applying = settle(self.book, self.given).values
        while self.ahead:
            name = self.ahead.pop()
            if name in applying:
                return self.book.answerable[name]
        ask = agenda(self.book, self.given, ask_all=self.ask_all).ask
        return ask[0] if ask else None

    def _step(self, question: Question) -> Question | None:
        """Asks one question and says which comes after it, None for the review."""
        name = question.id
        reply = self.ask(self._prompt(question))
        if reply.signal:
            if reply.value is not None:
                self.typed[name] = reply.value
            if reply.signal is Signal.BACK:
                return self._back(question)
            self.explained ^= {name}
            return question
        value = parse(question, reply.value, self.say)
        self._take(question, UNKNOWN if value is None else value)
        return self._next()

    def _back(self, question: Question) -> Question | None:
        name = question.id
        if name == self.changing:
            self.changing = None
            return None
        if name in self.given:
            self.ahead.append(name)
        behind = self._behind()
        if not behind:
            return question
        self.path.remove(behind[-1])
        return self.book.answerable[behind[-1]]

    def _behind(self) -> list[str]:
        """The questions that Back leads to, the nearest last."""
        applying = settle(self.book, self.given).values
        return [name for name in self.path if name in applying]

    def _take(self, question: Question, value: Value) -> None:
        name = question.id
        if self.given.get(name) != value:
            line = answer_line(question, value, self.say)
            if name in self.given:
                line = self.say("ask_changed", answer=line)
                self.left.clear()  # other questions may follow now
            self._note(line)
            self.given[name] = value
            self.sources[name] = "prompt"
        self.typed.pop(name, None)
        if name in self.path:
            self.path.remove(name)
        self.path.append(name)
        self.changing = None
        self._save()

    # ---- showing

    def _prompt(self, question: Question) -> Prompt:
        say, name = self.say, question.id
        lines = [say.text(question.help)]
        if name in self.explained:
            lines += self._why(question)
        start = self.typed.get(name)
        if start is None and name in self.given:
            start = plain(self.given[name])
        unknown = question.assumed is not None
        options: list[Option] = []
        hint = ""
        if question.type == "number":
            start = "" if start == UNKNOWN else start
            hint = say("ask_empty_unknown") if unknown else ""
        else:
            options = self._options(question)
            start = start if start in {option.value for option in options} else None
        back = name == self.changing or bool(self._behind())
        return Prompt(
            say.text(question.title),
            self._keys(choose=bool(options), back=back, why=name),
            progress=self._progress(name),
            lines=tuple(lines),
            options=tuple(options),
            nothing=say("ask_choose"),
            start=start,
            hint=hint,
            can_go_back=back,
            can_explain=True,
            refuse=lambda text: self._refusal(question, text),
        )

    def _options(self, question: Question) -> list[Option]:
        text = self.say.text
        options = [
            Option(one.id, text(one.label), text(one.example) if one.example else "")
            for one in question.choices
        ]
        if not options:
            options = [Option("true", self.say("yes")), Option("false", self.say("no"))]
        if question.assumed is not None:
            options.append(Option(UNKNOWN, self.say("unknown_answer")))
        return options

    def _keys(self, *, choose: bool, back: bool, why: str = "") -> tuple[str, ...]:
        keys = ["ask_key_choose"] if choose else []
        keys.append("ask_key_enter")
        if back:
            keys.append("ask_key_back")
        if why:
            keys.append("ask_key_hide" if why in self.explained else "ask_key_why")
        return tuple(self.say(key) for key in [*keys, "ask_key_leave"])

    def _progress(self, name: str) -> str:
        if name == self.changing:
            return self.say("ask_changing")
        number = len(self._behind()) + 1
        left = self.left[number] = self._count_left(name, number)
        if not left:
            return self.say("ask_progress_last", number=number)
        return self.say("ask_progress", number=number, left=left)

    def _count_left(self, name: str, number: int) -> int:
        """About how many questions come after this one. What was said before is kept to where it
        can be: a number that grows on the way makes impatient."""
        ask = agenda(self.book, self.given, ask_all=self.ask_all).ask
        left = [one for one in ask if one.id != name]
        core = sum(one.core for one in left)
        follow_ups = len(left) - core
        if not self.ask_all and any(one.core for one in ask):
            follow_ups = min(_GUESS_AHEAD, follow_ups)
        certain = core + len(self.ahead)
        count = certain + follow_ups
        said = self.left.get(number, self.left.get(number - 1, count + 1) - 1)
        return min(count, max(said, certain, 1))

    def _refusal(self, question: Question, text: str) -> str | None:
        try:
            value = parse(question, text, self.say)
        except RefusedError as refusal:
            return str(refusal)
        if value is None and question.assumed is None:
            return self.say("must_be_known", expected=expected(question, self.say))
        return None

    def _why(self, question: Question) -> list[str]:
        """What hangs on the answer as things stand, most important first, as far as it fits."""
        say = self.say
        items = [f"· {self._reason(entry)}" for entry in hanging(self.book, self.given, question)]
        if not items:
            return [say("ask_why_later")]
        rows = itertools.accumulate(len(wrap(item, _WHY_COLUMNS)) for item in items)
        fitting = max(1, sum(height <= _WHY_ROWS for height in rows))
        lines = [say("ask_why"), *items[:fitting]]
        if fitting < len(items):
            lines.append(say("ask_why_more", count=len(items) - fitting))
        return lines

    def _reason(self, entry: Gate | Pitfall | Rule) -> str:
        say, channels = self.say, self.book.channels
        match entry:
            case Gate():
                names = say.listing(say.text(channels[name].short) for name in entry.channels)
                return say("ask_why_gate", channels=names, because=say.text(entry.because))
            case Pitfall():
                return say("ask_why_pitfall", title=say.text(entry.title))
            case Rule():
                points = say.listing(
                    f"{say.text(channels[name].short)} {number:+d}"
                    for name, number in entry.points.items()
                )
                return say("ask_why_rule", points=points, because=say.text(entry.because))

    # ---- reviewing

    def _review(self) -> Question | None:
        """Shows all answers; the question to change, or None when all are right."""
        say = self.say
        situation = settle(self.book, self.given)
        skipped = agenda(self.book, self.given, ask_all=self.ask_all).skip
        lines = [say("ask_enough", count=len(skipped))] if skipped else []
        if situation.set_aside:
            lines.append(say("ask_aside", questions=self._names(situation.set_aside)))
        options = [Option(_GO, say("ask_review_go"))]
        for name, question in self.book.answerable.items():
            if name in situation.values and name in self.given:
                options.append(Option(name, answer_line(question, self.given[name], say)))
        back = bool(self._behind())
        prompt = Prompt(
            say("ask_review"),
            self._keys(choose=True, back=back),
            lines=tuple(lines),
            options=tuple(options),
            nothing=say("ask_choose"),
            can_go_back=back,
        )
        reply = self.ask(prompt)
        if reply.signal is Signal.BACK:
            last = self._behind()[-1]
            self.path.remove(last)
            return self.book.answerable[last]
        if reply.value is None or reply.value == _GO:
            return None
        self.changing = reply.value
        return self.book.answerable[reply.value]

    def _names(self, questions: Iterable[str]) -> str:
        return self.say.listing(
            self.say.text(self.book.answerable[name].short) for name in questions
        )

    def _note(self, line: str) -> None:
        self.tell(f"· {line}")

    # ---- keeping

    def _save(self) -> None:
        typed = {name: plain(value) for name, value in self.given.items()}
        try:
            self.drafts.save(Draft(self.date, typed))
        except OSError:
            if not self.draft_failed:
                self.tell(self.say("ask_draft_failed"))
            self.draft_failed = True

    def _resume(self) -> None:
        """Offers to go on from the draft. What was given in this run outranks it."""
        draft = self.drafts.load()
        if draft is None:
            return
        found, refused = self._read(draft)
        if not found:
            return
        say = self.say
        prompt = Prompt(
            say("ask_resume", count=len(found), date=draft.date),
            self._keys(choose=True, back=False),
            options=(Option("yes", say("ask_resume_yes")), Option("no", say("ask_resume_no"))),
            nothing=say("ask_choose"),
        )
        if self.ask(prompt).value != "yes":
            return
        self.given |= found
        self.sources |= dict.fromkeys(found, "prompt")
        self.path += found
        for name in self._behind():
            self._note(answer_line(self.book.answerable[name], self.given[name], say))
        if refused:
            self.tell(say("ask_draft_dropped", questions=self._names(refused)))

    def _read(self, draft: Draft) -> tuple[dict[str, Value], list[str]]:
        """The draft's answers that can be used, and the questions whose answer cannot."""
        found: dict[str, Value] = {}
        refused: list[str] = []
        for name, text in draft.answers.items():
            question = self.book.answerable.get(name)
            if question is None or name in self.given:
                continue
            try:
                value = parse(question, text, self.say)
            except RefusedError:
                refused.append(name)
                continue
            if value is not None:
                found[name] = value
        return found, refused
