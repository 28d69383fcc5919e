"""The report for a terminal, or for a pipe: verdict first, any width, nothing by colour alone."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from choose_channel.decision import ChannelLine, Decision, PitfallLine, StepLine
from choose_channel.headline import (
    answer_line,
    answer_text,
    closeness,
    grouped_changes,
    headline,
    robustness_text,
)
from choose_channel.options import flag
from choose_channel.renderers import Look, Run
from choose_channel.wording import Say
from choose_channel.wrapping import wrap

THIS_WEEK = 3
_NARROW = 76
_HEAD = 12
_SIGN = {"open": "✓", "locked": "~", "closed": "✗"}
_ASCII_SIGN = {"open": "+", "locked": "~", "closed": "x"}
_STYLE = {"open": "green", "locked": "yellow", "closed": "red"}
_SEVERITY_STYLE = {"critical": "bold red", "warning": "bold yellow", "note": "bold"}


def render(decision: Decision, run: Run | None, look: Look) -> str:
    """The whole report in the width of the look."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=look.width,
        color_system=look.color,  # type: ignore[arg-type]
        force_terminal=look.color is not None,
        no_color=look.color is None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    _Report(decision, run, look, console).print()
    lines = (line.rstrip() for line in file.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


class _Report:
    def __init__(self, decision: Decision, run: Run | None, look: Look, console: Console) -> None:
        self.decision, self.run, self.look, self.console = decision, run, look, console
        self.say = Say(decision.book.wording, decision.lang)
        self.numbers: dict[str, int] = {}
        self.lines: list[Text] = []
        self.sign = _ASCII_SIGN if look.ascii_only else _SIGN

    def print(self) -> None:
        self._verdict()
        self._this_week()
        self._channels()
        self._why()
        self._changes()
        self._pitfalls()
        self._plan()
        self._assumed()
        self._sources()
        self._footer()
        # In one go: the console has a price for every call.
        self.console.print(Text("\n").join(self.lines), soft_wrap=True)

    # ---- pieces

    def _title(self, key: str, **values: object) -> None:
        self.lines.append(Text())
        rule = "==" if self.look.ascii_only else "━━"
        self._line(f"{rule} {self.say(key, **values)}", style="bold")

    def _line(self, text: str, mark: str = "", style: str = "") -> None:
        """A paragraph behind a mark, its further lines aligned with the first."""
        indent = cell_len(mark)
        for number, line in enumerate(wrap(text, max(self.look.width - indent, 10))):
            head = mark if number == 0 else " " * indent
            self.lines.append(Text.assemble(head, (line, style)))

    def _cited(self, facts: Sequence[str]) -> str:
        """The numbers of some facts; each gets its number when it is first cited."""
        numbers = (self.numbers.setdefault(fact, len(self.numbers) + 1) for fact in facts)
        return "".join(f" [{number}]" for number in numbers)

    # ---- sections

    def _verdict(self) -> None:
        now, aim, sure = headline(self.decision)
        style = (
            "bold green" if self.decision.recommended and not self.decision.weak else "bold yellow"
        )
        self._line(now, style=style)
        self._line(aim, style="bold")
        self._line(sure)
        close = closeness(self.decision)
        if close:
            self._line(close, style="yellow")

    def _steps(self, phase: str) -> list[StepLine]:
        return [step for step in self.decision.plan if step.phase == phase]

    def _step(self, number: int, step: StepLine) -> None:
        say = self.say
        details = [say("report_takes", text=step.takes)] if step.takes else []
        details += [say("report_costs", text=step.costs)] if step.costs else []
        mark = f"{number}. "
        blank = " " * len(mark)
        self._line(step.title, mark, "bold")
        self._line(step.text + self._cited(step.facts), blank)
        self._line(say("report_done_when", text=step.done_when), blank, "dim")
        if details:
            self._line("  ".join(details), blank, "dim")

    def _this_week(self) -> None:
        now = self._steps("now")[:THIS_WEEK]
        if now:
            safe = self.decision.weak or self.decision.recommended is None
            self._title("report_week_safe" if safe else "report_week")
            for number, step in enumerate(now, 1):
                self._step(number, step)

    def _channels(self) -> None:
        self._title("report_channels")
        if self.look.width < _NARROW:
            for channel in self.decision.channels:
                self._channel_block(channel)
        else:
            self._channel_table()
        base = self.decision.book.base_fit
        self._line(self.say("report_points_note", base=base), style="dim")

    def _access(self, channel: ChannelLine) -> Text:
        word = self.say(f"access_{channel.access}")
        return Text(f"{self.sign[channel.access]} {word}", style=_STYLE[channel.access])

    def _bar(self, fit: int) -> str:
        full, rest = ("#", ".") if self.look.ascii_only else ("█", "░")
        filled = round(max(0, min(100, fit)) / 10)
        return f"{full * filled}{rest * (10 - filled)} {fit}"

    def _dimension(self, channel: ChannelLine, dimension: str) -> str:
        points = sum(line.points for line in channel.ledger if line.dimension == dimension)
        return f"{points:+d}" if points else "0"

    def _channel_table(self) -> None:
        say, channels = self.say, self.decision.channels
        names = self.decision.book.channels
        self._row("", [Text(say.text(names[one.id].short), style="bold") for one in channels])
        self._row(say("report_access"), [self._access(channel) for channel in channels])
        self._row(say("report_fit"), [Text(self._bar(channel.fit)) for channel in channels])
        for dimension, name in self.decision.book.dimensions.items():
            cells = [Text(self._dimension(channel, dimension)) for channel in channels]
            self._row(say.text(name), cells)

    def _row(self, head: str, cells: Sequence[Text]) -> None:
        """A row of the table: the head in a narrow column, the cells in equal ones."""
        column = (self.look.width - _HEAD) // len(cells)
        row = Text(set_cell_size(head, _HEAD))
        for cell in cells:
            row.append_text(cell)
            row.append(" " * max(1, column - cell_len(cell.plain)))
        self.lines.append(row)

    def _channel_block(self, channel: ChannelLine) -> None:
        dimensions = self.decision.book.dimensions.items()
        self.lines.append(Text.assemble((channel.name, "bold"), "  ", self._access(channel)))
        self._line(self._bar(channel.fit), "  ")
        parts = [f"{self.say.text(n)} {self._dimension(channel, d)}" for d, n in dimensions]
        self._line(self.say.listing(parts), "  ")

    def _why(self) -> None:
        say, decision = self.say, self.decision
        best = decision.recommended or decision.aim
        if best:
            key = "report_why" if decision.recommended else "report_why_aim"
            channel = decision.channel(best)
            self._title(key, channel=channel.name)
            facts = {rule.id: rule.facts for rule in decision.book.rules.values()}
            for line in channel.ledger:
                mark = [say("report_assumed_mark")] if line.assumed else []
                text = say.sentences([line.because, *mark])
                self._line(text + self._cited(facts[line.rule]), f"{line.points:+3d} ")
        if decision.why_not:
            key = "report_why_not" if decision.recommended else "report_why_not_yet"
            self._title(key)
            for other in decision.why_not:
                channel = decision.channel(other.channel)
                text = say("answer_is", question=channel.name, answer=other.because)
                self._line(text, f"{self.sign[channel.access]} ")

    def _changes(self) -> None:
        say, decision = self.say, self.decision
        turns = robustness_text(decision)
        if not decision.changes and not turns:
            return
        self._title("report_change")
        for changes, change in grouped_changes(decision, say):
            opens = say.listing(decision.channel(name).name for name in change.opens)
            alone = change.opens if decision.recommended is None else ()
            told = (decision.recommended, *alone)
            new = change.recommended if change.recommended not in told else None
            then = decision.channel(new).name if new else ""
            key = "report_change_both" if opens and then else "report_change_opens"
            key = key if opens else "report_change_then"
            text = say(key, changes=changes, opens=opens, then=then)
            flags = " ".join(f"{flag(name)} {value}" for name, value in change.set.items())
            self._line(text, "- ")
            self._line(flags, "  ", "dim")
        if turns:
            self._line(turns)

    def _pitfalls(self) -> None:
        if not self.decision.pitfalls:
            return
        played = (self.decision.recommended, self.decision.aim)
        own = [one for one in self.decision.pitfalls if one.channel in (*played, None)]
        others = [one for one in self.decision.pitfalls if one not in own]
        for key, pitfalls in (("report_pitfalls", own), ("report_other_pitfalls", others)):
            if pitfalls:
                self._title(key)
            for pitfall in pitfalls:
                self._pitfall(pitfall, full=pitfalls is own)

    def _pitfall(self, pitfall: PitfallLine, *, full: bool) -> None:
        severity = self.say(f"severity_{pitfall.severity}")
        style = _SEVERITY_STYLE[pitfall.severity]
        mark = "! " if pitfall.severity == "critical" else "- "
        self._line(f"[{severity}] {pitfall.title}", mark, style)
        if full and pitfall.severity != "note":
            self._line(pitfall.text, "  ")
        avoid = self.say("report_avoid", text=pitfall.avoid)
        self._line(avoid + self._cited(pitfall.facts), "  ")

    def _plan(self) -> None:
        go = self.decision.recommended and not self.decision.weak
        later = "report_plan_later" if go else "report_plan_opened"
        sections = (
            ("report_plan_now", self._steps("now")[THIS_WEEK:]),
            ("report_plan_unlock", self._steps("unlock")),
            (later, self._steps("later")),
        )
        number = len(self._steps("now")[:THIS_WEEK])
        for key, steps in sections:
            if steps:
                self._title(key)
            for step in steps:
                number += 1
                self._step(number, step)

    def _assumed(self) -> None:
        say, decision = self.say, self.decision
        questions = decision.book.questions
        if decision.assumed:
            self._title("report_assumed")
        for name, value in decision.assumed.items():
            question = questions[name]
            line = say(
                "report_assumed_line",
                question=say.text(question.short),
                answer=answer_text(question, value, say),
                flag=flag(name),
            )
            self._line(line, "- ")
        if decision.set_aside:
            answers = (answer_line(questions[n], v, say) for n, v in decision.set_aside.items())
            self._line(say("report_set_aside", answers=say.listing(answers)))

    def _sources(self) -> None:
        if self.numbers:
            self._title("report_sources")
        facts = {fact.id: fact for fact in self.decision.facts}
        for name, number in self.numbers.items():
            fact = facts[name]
            market = self._market(fact.market)
            date = fact.as_of or self.say("report_undated")
            text = self.say("report_source_line", source=fact.source, date=date, market=market)
            marks = [self.say("report_unverified")] if fact.unverified else []
            marks += [self.say("report_conflicts")] if fact.article == "conflicts" else []
            self._line(self.say.listing([text, *marks]), f"[{number}] ", "dim")

    def _market(self, market: str) -> str:
        for question in self.decision.book.questions.values():
            for choice in question.choices:
                if choice.id == market:
                    return self.say.text(choice.label)
        return self.say("market_any")

    def _footer(self) -> None:
        say, book = self.say, self.decision.rulebook
        self.lines.append(Text())
        self._line(say("report_article"), style="dim")
        if self.run:
            line = say(
                "report_footer",
                version=book["version"],
                reviewed=book["reviewed"],
                digest=book["digest"][:12],
                program=self.run.version,
                date=self.run.date,
            )
            self._line(line, style="dim")
            # The verdict once more, since a long report scrolls its first lines away.
            self._title("report_in_short")
            for text in headline(self.decision)[:2]:
                self._line(text, style="bold")
            self._line(say("report_repeat"))
            # One unbroken line, however narrow the terminal, so that it can be pasted.
            self.lines.append(Text(self.run.command))
