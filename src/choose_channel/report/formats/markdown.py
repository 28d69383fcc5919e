"""CommonMark with GitHub's tables: to be pasted into a client's document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from choose_channel.engine.decision import Decision
from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.report.build import report
from choose_channel.report.content import Cited, Pitfall, Report, RunInfo, Statement, Steps
from choose_channel.report.formats import Display

_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_SIGNS = frozenset("\\`*[]<>|~_&")
_STARTS = frozenset("#-+=0123456789")
_LINK = re.compile(r"(?i)(?<=https):|(?<=http):|(?<=ftp):|(?<=www)\.")
_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[-+=\s]|$)|(?<!\d)\d{1,9}(?=[.)](\s|$)))")


def render(decision: Decision, run: RunInfo | None, _display: Display) -> str:
    """The whole report; every text comes out as text, whatever it holds."""
    messages = Messages(decision.book.wording, decision.lang)
    name = messages.text(decision.book.name)
    blocks = _Document(report(decision, run), messages).blocks(name)
    return "\n\n".join(block for block in blocks if block) + "\n"


class _Document:
    def __init__(self, told: Report, messages: Messages) -> None:
        self.report, self.messages = told, messages

    def blocks(self, name: str) -> Iterator[str]:
        """The paragraphs, headings, lists and tables in their order."""
        told = self.report
        yield f"# {text(told.heading.title or name)}"
        yield text(told.heading.client)
        yield _quoted(told.heading.note)
        yield from (_bold(one) for one in (told.warning, told.now, told.aim) if one)
        yield text(told.sure)
        yield text(told.close)
        if told.week:
            yield from self._steps(told.week)
        if told.money:
            yield from self._money(told.money)
        yield from self._channels()
        yield from self._why()
        for group in told.pitfalls:
            yield f"## {text(group.title)}"
            yield from map(_pitfall, group.pitfalls)
        for steps in told.plan:
            yield from self._steps(steps)
        yield from self._rests_on()

    def _steps(self, steps: Steps) -> Iterator[str]:
        yield f"## {text(steps.title)}"
        for number, step in enumerate(steps.steps, steps.first):
            mark = f"{number}. "
            parts = [_bold(step.title), cited(step.text), text(step.done_when)]
            parts += [text(" · ".join(step.details))] if step.details else []
            yield mark + f"\n\n{' ' * len(mark)}".join(parts)

    def _channels(self) -> Iterator[str]:
        told, messages = self.report, self.messages
        yield f"## {text(told.channels_title)}"
        rows = [[messages("report_access"), *(one.access_word for one in told.channels)]]
        rows += [[messages("report_fit"), *(str(one.fit) for one in told.channels)]]
        for number, name in enumerate(told.dimensions):
            rows.append([name, *(_signed(one.points[number]) for one in told.channels)])
        yield _table(["", *(one.name for one in told.channels)], rows)
        yield text(told.points_note)

    def _why(self) -> Iterator[str]:
        told = self.report
        if told.why:
            yield f"## {text(told.why_title)}"
            yield _list(f"{one.points:+d} · {cited(one.text)}" for one in told.why)
        if told.why_not:
            yield f"## {text(told.why_not_title)}"
            yield _list(f"**{text(one.name)}** · {text(one.because)}" for one in told.why_not)
        if told.changes or told.robust:
            yield f"## {text(told.changes_title)}"
            yield _list(f"{text(one.text)} {_code(one.flags)}" for one in told.changes)
            yield text(told.robust)

    def _money(self, money: Statement) -> Iterator[str]:
        yield f"## {text(money.title)}"
        yield cited(money.summary)
        rows = [[cited(row.label), *map(text, row.cells)] for row in money.rows]
        rows += [[_bold(row.label.text), *map(text, row.cells)] for row in money.totals]
        yield _raw_table([money.order, *money.heads], rows)
        yield from map(cited, money.remarks)
        for title, lines in ((money.cash_title, money.cash), (money.months_title, money.months)):
            if lines:
                yield f"### {text(title)}"
                yield _list(map(cited, lines))
        yield _list(map(text, money.notices), "*")  # another sign begins another list

    def _rests_on(self) -> Iterator[str]:
        told = self.report
        yield f"## {text(told.answered_title)}"
        yield _list(map(text, told.answered))
        if told.assumed:
            yield f"## {text(told.assumed_title)}"
            yield _list(map(text, told.assumed))
        yield text(told.set_aside)
        yield text(told.money_wanted)
        if told.sources:
            yield f"## {text(told.sources_title)}"
            yield "\n".join(f"{n}. {text(one)}" for n, one in enumerate(told.sources, 1))
        yield "---"
        yield text(told.article)
        yield text(told.stamp)
        if told.repeat:
            yield text(told.repeat_title)
            yield _block(told.repeat)


def text(raw: str) -> str:
    """A text that comes out as it is: nothing in it is taken for markup."""
    lines = []
    for line in map(str.strip, sanitize(raw).splitlines()):
        # Most lines hold no such sign, and looking for each of them in vain takes its time.
        safe = line if _SIGNS.isdisjoint(line) else _SPECIAL.sub(r"\\\1", line)
        if "://" in safe or "www." in safe.casefold():
            safe = _LINK.sub(lambda found: "\\" + found[0], safe)
        lines.append(_START.sub(_started, safe) if safe[:1] in _STARTS else safe)
    return "\n".join(lines)


def _started(found: re.Match[str]) -> str:
    """What would begin a list or a heading: the sign itself, or the dot behind a number."""
    return found[1] + (f"{found[2]}\\" if found[2].isdigit() else f"\\{found[2]}")


def cited(told: Cited) -> str:
    """A text with the numbers of its sources."""
    return text(told.text) + "".join(f" [{number}]" for number in told.cites)


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"


def _bold(raw: str) -> str:
    return f"**{text(raw)}**"


def _quoted(note: str) -> str:
    return "\n".join(f"> {line}" for line in text(note).splitlines())


def _code(flags: str) -> str:
    return f"`{sanitize(flags).replace('`', chr(39))}`"


def _block(command: str) -> str:
    """A fence longer than any run of its own sign in the text."""
    longest = max((len(run) for run in re.findall(r"`+", command)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{sanitize(command)}\n{fence}"


def _list(items: Iterable[str], sign: str = "-") -> str:
    return "\n".join(f"{sign} {item.replace(chr(10), chr(10) + '  ')}" for item in items)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return _raw_table(head, [list(map(text, row)) for row in rows])


def _raw_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already; the first column to the left, amounts right."""
    lines = [list(map(text, head)), ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines)


def _pitfall(pitfall: Pitfall) -> str:
    parts = [f"**[{text(pitfall.severity_word)}] {text(pitfall.title)}**"]
    parts += [text(pitfall.text)] if pitfall.text else []
    return "- " + "\n\n  ".join([*parts, cited(pitfall.avoid)])
