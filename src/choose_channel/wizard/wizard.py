"""The walk through the questions: forward, back, why, the money, review. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from choose_channel.answers.sources import Answers, Given
from choose_channel.engine import next_question as questionnaire
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Value
from choose_channel.wizard.drafts import Draft, Drafts
from choose_channel.wizard.prompt import Ask, Asking, Option, Prompt, Signal

_MONEY, _REVIEW, _GO = "/money", "/review", "/go"
"""The places of the walk that are no question: the offer, the review, the end."""
_GUESS_AHEAD = 4
"""How many follow-ups to expect while the core questions are not all answered."""


class Wizard:
    """One conversation. `tell` prints a line to the person, `ask` shows a prompt."""

    def __init__(
        self,
        engine: Engine,
        answers: Answers,
        messages: Messages,
        ask: Ask,
        tell: Callable[[str], None],
        drafts: Drafts,
        *,
        date: str,
        ask_all: bool = False,
    ) -> None:
        self.engine, self.book = engine, engine.rulebook
        self.messages, self.ask, self.tell = messages, ask, tell
        self.drafts, self.date, self.ask_all = drafts, date, ask_all
        self.asking = Asking(engine, messages)
        self.given: dict[str, Value] = dict(answers.given)
        self.sources: dict[str, str] = dict(answers.sources)
        self.wants_money: bool | None = None
        self.path: list[str] = []
        self.ahead: list[str] = []
        self.typed: dict[str, str] = {}
        self.explained: set[str] = set()
        self.changing: str | None = None
        self.left: dict[int, int] = {}
        self.draft_failed = False

    def run(self) -> Answers:
        """The answers, once the person is content with them. Raises KeyboardInterrupt."""
        self.tell(self.messages("ask_intro"))
        self._resume()
        place = self._next()
        while place != _GO:
            place = self._visit(place)
        for name in self.book.economy.inputs:
            if self.given.get(name) == UNKNOWN:  # to leave a number out is not to answer it
                del self.given[name]
        order = [name for name in self.book.answerable if name in self.given]
        given = {name: self.given[name] for name in order}
        return Answers(given, {name: self.sources[name] for name in order})

    # ---- moving

    def _visit(self, place: str) -> str:
        """Shows a place and says which comes after it."""
        if place == _MONEY:
            return self._offer()
        if place == _REVIEW:
            return self._review()
        return self._question(self.book.answerable[place])

    def _next(self) -> str:
        """The place to show now: one that was walked back over, or the next worth asking."""
        while self.ahead:
            name = self.ahead.pop()
            if self._standing([name]):
                return name
        for question in (*self._certain(), *self._agenda().ask):
            return question.id
        return _MONEY if self.wants_money is None and self._lacking() else _REVIEW

    def _question(self, question: Question) -> str:
        name = question.id
        reply = self.ask(self._prompt(question))
        if reply.signal:
            if reply.value is not None:
                self.typed[name] = reply.value
            if reply.signal is Signal.BACK:
                return self._back(name)
            self.explained ^= {name}
            return name
        self._take(name, self.asking.meaning(question, reply.value or ""))
        return self._next()

    def _back(self, place: str) -> str:
        if place == self.changing:
            self.changing = None
            return _REVIEW
        met = place in self.given or (place == _MONEY and self.wants_money is not None)
        if met and place not in self.path:
            self.ahead.append(place)
        behind = self._behind(place)
        if not behind:
            return place
        self.path.remove(behind[-1])
        return behind[-1]

    def _behind(self, place: str) -> list[str]:
        """The places that Back leads to from here, the nearest last."""
        return self._standing(name for name in self.path if name != place)

    def _standing(self, places: Iterable[str]) -> list[str]:
        """Those of the places met before that still make sense."""
        aside = self._set_aside()
        money = bool(questionnaire.numbers(self.engine, self.given))
        return [name for name in places if (money if name == _MONEY else name not in aside)]

    def _set_aside(self) -> Given:
        return self.engine.seller(self.given).situation.set_aside

    def _take(self, name: str, value: Value) -> None:
        if self.given.get(name) != value:
            line = self.asking.line(name, value)
            if name in self.given:
                line = self.messages("ask_changed", answer=line)
                self.left.clear()  # other questions may follow now
            self.tell(f"· {line}")
            self.given[name] = value
            self.sources[name] = "prompt"
        self._passed(name)
        self.changing = None
        self._save()

    def _passed(self, place: str) -> None:
        self.typed.pop(place, None)
        if place in self.path:
            self.path.remove(place)
        self.path.append(place)

    # ---- what is still to come

    def _agenda(self) -> questionnaire.Agenda:
        return questionnaire.agenda(self.engine, self.given, ask_all=self.ask_all)

    def _lacking(self) -> list[Question]:
        return questionnaire.lacking(self.engine, self.given)

    def _certain(self, besides: str = "") -> list[Question]:
        """The questions that come in any case: the core ones, then the numbers for the money. Once
        a number that the money cannot do without was left open, the others are of no use."""
        core = [one for one in self._agenda().ask if one.core and one.id != besides]
        if not self.wants_money:
            return core
        lacking = [one for one in self._lacking() if one.id != besides]
        return core if lacking and lacking[0].id in self.given else [*core, *lacking]

    def _progress(self, name: str) -> str:
        if name == self.changing:
            return self.messages("ask_changing")
        number = sum(place != _MONEY for place in self._behind(name)) + 1
        left = self.left[number] = self._count_left(name, number)
        if not left:
            return self.messages("ask_progress_last", number=number)
        return self.messages("ask_progress", number=number, left=left)

    def _count_left(self, name: str, number: int) -> int:
        """About how many questions come after this one. What was said before is kept to where it
        can be: a number that grows on the way makes impatient."""
        ask = self._agenda().ask
        follow_ups = sum(not one.core and one.id != name for one in ask)
        if not self.ask_all and any(one.core for one in ask):
            follow_ups = min(_GUESS_AHEAD, follow_ups)
        certain = len(self._certain(name)) + len(self.ahead) - self.ahead.count(_MONEY)
        count = certain + follow_ups
        said = self.left.get(number, self.left.get(number - 1, count + 1) - 1)
        return min(count, max(said, certain, 1))

    # ---- showing

    def _prompt(self, question: Question) -> Prompt:
        name = question.id
        start = self.typed.get(name)
        if start is None and name in self.given:
            start = to_text(self.given[name])
        why = self.asking.why(question, self.given) if name in self.explained else []
        back = name == self.changing or bool(self._behind(name))
        progress = self._progress(name)
        return self.asking.question(question, progress, start=start, why=why, back=back)

    # ---- the money

    def _offer(self) -> str:
        """Offers to work out the money."""
        numbers = {one.id for one in self._lacking()} | {*self._walked_back_over()}
        start = None if self.wants_money is None else "yes" if self.wants_money else "no"
        start = self.typed.get(_MONEY, start)
        back = bool(self._behind(_MONEY))
        reply = self.ask(self.asking.offer(numbers, start=start, back=back))
        if reply.signal is Signal.BACK:
            if reply.value is not None:
                self.typed[_MONEY] = reply.value
            return self._back(_MONEY)
        return self._work_out() if reply.value == "yes" else self._leave_out()

    def _work_out(self) -> str:
        self.wants_money = True
        self._passed(_MONEY)
        lacking = self._lacking()
        return lacking[0].id if lacking and not self.ahead else self._next()

    def _leave_out(self) -> str:
        """Goes on without the money; numbers that were typed already are kept for a second thought,
        and do not count."""
        self.wants_money = False
        self._passed(_MONEY)
        unused = self._walked_back_over()
        for name in unused:
            self.ahead.remove(name)
            del self.sources[name]
            self.typed[name] = to_text(self.given.pop(name))
        if unused:
            self.tell(self.messages("ask_aside", questions=self.asking.names(unused)))
            self._save()
        return self._next()

    def _walked_back_over(self) -> list[str]:
        """The numbers for the money that Back has led past."""
        return [name for name in self.ahead if name in self.book.economy.inputs]

    # ---- reviewing

    def _review(self) -> str:
        """Shows all answers; on to one to change, to the money, or to the result."""
        messages, aside, lacking = (
            self.messages,
            self._set_aside(),
            [one.id for one in self._lacking()],
        )
        skipped = self._agenda().skip
        lines = [messages("ask_enough", count=len(skipped))] if skipped else []
        if aside:
            lines.append(messages("ask_aside", questions=self.asking.names(aside)))
        options = [Option(_GO, messages("ask_review_go"))]
        if lacking:
            options.append(Option(_MONEY, messages("ask_review_money"), self.asking.names(lacking)))
        if lacking and self.wants_money:
            open_now = self.asking.names(name for name in lacking if name in self.given)
            lines.append(messages("ask_money_needs", names=open_now))
        options += [
            Option(name, self.asking.line(name, self.given[name]))
            for name in self.book.answerable
            if name in self.given and name not in aside
        ]
        back = bool(self._behind(_REVIEW))
        reply = self.ask(self.asking.menu(messages("ask_review"), options, lines, back=back))
        if reply.signal is Signal.BACK:
            return self._back(_REVIEW)
        if reply.value == _MONEY:
            return self._work_out()
        if reply.value is None or reply.value == _GO:
            return _GO
        self.changing = reply.value
        return reply.value

    # ---- keeping

    def _save(self) -> None:
        typed = {name: to_text(value) for name, value in self.given.items()}
        try:
            self.drafts.save(Draft(self.date, typed))
        except OSError:
            if not self.draft_failed:
                self.tell(self.messages("ask_draft_failed"))
            self.draft_failed = True

    def _resume(self) -> None:
        """Offers to go on from the draft. What was given in this run outranks it."""
        draft = self.drafts.load()
        if draft is None:
            return
        answers = {name: text for name, text in draft.answers.items() if name not in self.given}
        found, refused = self.asking.meanings(answers)
        if not found:
            return
        messages = self.messages
        title = messages("ask_resume", count=len(found), date=draft.date)
        options = [
            Option("yes", messages("ask_resume_yes")),
            Option("no", messages("ask_resume_no")),
        ]
        if self.ask(self.asking.menu(title, options)).value != "yes":
            return
        self.given |= found
        self.sources |= dict.fromkeys(found, "prompt")
        self.path += found
        aside = self._set_aside()
        for name in found:
            if name not in aside:
                self.tell(f"· {self.asking.line(name, self.given[name])}")
        if refused:
            self.tell(messages("ask_draft_dropped", questions=self.asking.names(refused)))
