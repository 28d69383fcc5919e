"""The dialogue: shows a prompt for each place, notes the answers, saves the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from choose_channel.answers.format import as_typed
from choose_channel.answers.kinds import Option
from choose_channel.answers.parse import Rate
from choose_channel.answers.sources import Answers, Given, own_rate
from choose_channel.engine.engine import Engine
from choose_channel.engine.next_question import lacking
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Question, Value
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.wizard import state as moves
from choose_channel.wizard.drafts import Draft, Drafts
from choose_channel.wizard.history import History, Kept
from choose_channel.wizard.memory import Earlier, old_answers, tick, welcome
from choose_channel.wizard.prompt import (
    Ask,
    Prompt,
    Signal,
    answer_note,
    choice_prompt,
    money_prompt,
    question_prompt,
    read_answer,
    short_names,
)
from choose_channel.wizard.reasons import reasons
from choose_channel.wizard.state import State, Stop

_REST, _ON = "/rest", "/on"
"""What the review offers besides: the questions that cannot change the result, and, where it comes
early, to go on with the questions."""


class Finished(NamedTuple):
    """What a dialogue ended with: the answers, whose business they are about, the earlier run that
    the person went on from, and the steps that are done since."""

    answers: Answers
    business: str
    earlier: Kept | None
    done: tuple[str, ...]


class Wizard:
    """One dialogue. `ask` shows a prompt, `tell` prints a line, `date` is today in ISO form."""

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
        history: History | None = None,
        ask_all: bool = False,
    ) -> None:
        self.engine, self.rulebook = engine, engine.rulebook
        self.answers, self.messages = answers, messages
        self.ask, self.tell, self.drafts = ask, tell, drafts
        self.date, self.history, self.ask_all = date, history, ask_all
        self.earlier = Earlier(None, "")
        self.draft_failed = False

    def run(self) -> Finished:
        """The answers, once the person has confirmed them. Raises KeyboardInterrupt when the person
        leaves; every answer given until then is in the draft."""
        state = self._begin()
        while state.place is not Stop.DONE:
            before, state = state, self._visit(state)
            self._note_changes(before, state)
        run, business = self.earlier
        done = tick(run, self.messages, self.ask) if run else ()
        return Finished(moves.collect(self.engine, state), business, run, done)

    def _visit(self, state: State) -> State:
        """Shows the place at hand. Returns the state that the reply leads to."""
        match state.place:
            case Stop.MONEY:
                return self._offer_money(state)
            case Stop.REVIEW:
                return self._review(state)
            case Stop.DONE:
                return state
            case str() as name:
                return self._ask_question(state, name)

    # ---- places

    def _ask_question(self, state: State, name: str) -> State:
        reply = self.ask(self._question_prompt(state, name))
        match reply.signal:
            case Signal.BACK:
                return moves.back(self.engine, state, reply.value)
            case Signal.HELP:
                return moves.toggle_reasons(state, reply.value)
            case Signal.REVIEW:
                return moves.review(self.engine, state)
            case None:
                question = self.rulebook.answerable[name]
                rate = self._rate(state.given, name)
                value = read_answer(question, reply.value or "", self.messages, rate)
                return moves.take(self.engine, state, value)

    def _question_prompt(self, state: State, name: str) -> Prompt:
        rulebook, (question,) = self.rulebook, self._worded(state, [name])
        messages = FactMessages(rulebook, self.messages.lang, state.given)
        start = state.typed.get(name)
        if start is None and name in state.given:
            start = as_typed(rulebook, state.given)[name]
        is_open = name in state.explained
        return question_prompt(
            rulebook,
            question,
            messages,
            progress=self._progress(state),
            start=start,
            reasons=reasons(self.engine, question, state.given, messages) if is_open else (),
            back=name == state.changing or self._can_go_back(state),
            review=bool(state.given),
            rate=self._rate(state.given, name),
        )

    def _rate(self, given: Given, name: str) -> Rate | None:
        """The rate at which this number may be told in yuan; None for a question."""
        return own_rate(self.rulebook, given) if name in self.rulebook.economy.inputs else None

    def _progress(self, state: State) -> str:
        if state.place == state.changing:
            return self.messages("ask_changing")
        number = moves.question_number(self.engine, state)
        left = state.promised[number]
        if not left:
            return self.messages("ask_progress_last", number=number)
        return self.messages("ask_progress", number=number, left=left)

    def _offer_money(self, state: State) -> State:
        missing = [question.id for question in lacking(self.engine, state.given)]
        wanted = {*missing, *moves.numbers_ahead(self.engine, state)}
        numbers = self._worded(state, (name for name in self.rulebook.answerable if name in wanted))
        earlier = {None: None, True: "yes", False: "no"}[state.wants_money]
        start = state.typed.get(Stop.MONEY, earlier)
        back = self._can_go_back(state)
        prompt = money_prompt(self.rulebook, numbers, self.messages, start=start, back=back)
        reply = self.ask(prompt)
        if reply.signal is Signal.BACK:
            return moves.back(self.engine, state, reply.value)
        if reply.value == "yes":
            return moves.accept_money(self.engine, state)
        return moves.decline_money(self.engine, state)

    def _review(self, state: State) -> State:
        reply = self.ask(self._review_prompt(state))
        if reply.signal is Signal.BACK:
            return moves.back(self.engine, state)
        if reply.value == _ON:
            return moves.go_on(self.engine, state)
        if reply.value == Stop.MONEY.value:
            return moves.accept_money(self.engine, state)
        if reply.value == _REST:
            return moves.ask_the_rest(self.engine, state)
        if reply.value is None or reply.value == Stop.DONE.value:
            return moves.finish(state)
        return moves.change(self.engine, state, reply.value)

    def _review_prompt(self, state: State) -> Prompt:
        """All answers: to confirm, to change one, to work out the money, or to be asked more."""
        rulebook, messages, given = self.rulebook, self.messages, state.given
        aside = moves.set_aside(self.engine, state)
        missing = [question.id for question in lacking(self.engine, given)]
        agenda = moves.agenda(self.engine, state)
        skipped = [*agenda.over, *agenda.skip]
        lines = [messages("ask_aside", questions=self._names(aside))] if aside else []
        start, go = Stop.DONE.value, "memory_unchanged" if self.earlier.run else "ask_review_go"
        if moves.is_early(state):
            start, go, missing, skipped = _ON, "ask_review_on", [], []
        options = [Option(start, messages(go))]
        if missing:
            money = messages("ask_review_money")
            names = short_names(self._worded(state, missing), messages)
            options.append(Option(Stop.MONEY.value, money, names))
        if skipped:
            names = self._names([question.id for question in skipped])
            rest = messages("ask_review_over" if agenda.over else "ask_review_rest")
            options.append(Option(_REST, rest, names))
        if missing and state.wants_money:
            open_numbers = [name for name in missing if name in given]
            lines.append(messages("ask_money_needs", names=self._names(open_numbers)))
        options += [
            Option(name, answer_note(rulebook, name, given[name], messages))
            for name in rulebook.answerable
            if name in given and name not in aside
        ]
        back = self._can_go_back(state)
        title = messages("memory_changed" if self.earlier.run else "ask_review")
        return choice_prompt(title, options, messages, lines=lines, start=start, back=back)

    def _can_go_back(self, state: State) -> bool:
        return bool(moves.places_behind(self.engine, state))

    def _names(self, questions: Given | list[str]) -> str:
        return short_names((self.rulebook.answerable[name] for name in questions), self.messages)

    def _worded(self, state: State, names: Iterable[str]) -> list[Question]:
        """Questions in the words for who has given these answers."""
        seller = self.engine.seller(state.given)
        return [seller.worded(self.rulebook.answerable[name]) for name in names]

    # ---- noting and saving

    def _note_changes(self, before: State, after: State) -> None:
        """Tells what the last reply changed in the answers, and saves them."""
        if after.given == before.given:
            return
        for name, value in after.given.items():
            if before.given.get(name) != value:
                line = answer_note(self.rulebook, name, value, self.messages)
                if name in before.given:
                    line = self.messages("ask_changed", answer=line)
                self.tell(f"· {line}")
        if dropped := [name for name in before.given if name not in after.given]:
            self.tell(self.messages("ask_aside", questions=self._names(dropped)))
        self._save(after)

    def _save(self, state: State) -> None:
        try:
            texts = as_typed(self.rulebook, state.given)
            run, business = self.earlier
            self.drafts.save(Draft(self.date, texts, business, run.name if run else ""))
        except OSError:
            if not self.draft_failed:
                self.tell(self.messages("ask_draft_failed"))
            self.draft_failed = True

    # ---- going on from a draft

    def _begin(self) -> State:
        """The first state: going on from the draft or from an earlier run where there is one and
        the person wants to; else from the beginning, with a word on what comes."""
        runs, damaged = self.history.load() if self.history else ([], [])
        for path in damaged:
            self.tell(self.messages("memory_damaged", path=path))
        draft = self.drafts.load()
        if draft is None and (damaged_draft := self.drafts.set_aside()):
            self.tell(self.messages("draft_damaged", path=damaged_draft))
        if draft:
            earlier, refused = self._usable_answers(draft)
            if earlier and self._wants_to_resume(draft.date, len(earlier)):
                run = next((run for run in runs if run.name == draft.run), None)
                self.earlier = Earlier(run, draft.business)
                state = moves.begin(
                    self.engine,
                    self.answers,
                    earlier,
                    ask_all=self.ask_all,
                    wants_money=False if run else None,
                )
                aside = moves.set_aside(self.engine, state)
                for name, value in earlier.items():
                    if name not in aside:
                        self.tell(f"· {answer_note(self.rulebook, name, value, self.messages)}")
                self._tell_refused(refused)
                return state
        self.earlier = welcome(self.engine, runs, self.messages, self.ask)
        if self.earlier.run is None:
            self.tell(self.messages("ask_intro"))
            return moves.begin(self.engine, self.answers, ask_all=self.ask_all)
        given, refused, unknown = old_answers(self.engine, self.earlier.run.record, self.messages)
        if unknown:
            names = self.messages.listing(map(shorten, unknown))
            self.tell(self.messages("memory_forgotten", names=names))
        self._tell_refused(refused)
        # The review has all answers, and the money among them: neither is told or offered before.
        return moves.begin(
            self.engine, self.answers, given, ask_all=self.ask_all, wants_money=False
        )

    def _tell_refused(self, questions: list[str]) -> None:
        if questions:
            self.tell(self.messages("ask_draft_dropped", questions=self._names(questions)))

    def _usable_answers(self, draft: Draft) -> tuple[dict[str, Value], list[str]]:
        """The draft's answers that this run does not give, and the questions whose answer cannot be
        used any more. Questions that the rulebook does not know are passed over."""
        earlier: dict[str, Value] = {}
        refused: list[str] = []
        for name, text in draft.answers.items():
            question = self.rulebook.answerable.get(name)
            if question is None or name in self.answers.given:
                continue
            try:
                earlier[name] = read_answer(question, text, self.messages)
            except RefusedError:
                refused.append(name)
        return earlier, refused

    def _wants_to_resume(self, date: str, count: int) -> bool:
        messages = self.messages
        options = [
            Option("yes", messages("ask_resume_yes")),
            Option("no", messages("ask_resume_no")),
        ]
        title = messages("ask_resume", count=count, date=date)
        return self.ask(choice_prompt(title, options, messages)).value == "yes"
