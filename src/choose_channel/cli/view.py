"""What a person at a terminal sees of a decision, and what they save of it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from choose_channel.answers.sources import Answers
from choose_channel.cli import outputs
from choose_channel.engine.decision import Decision
from choose_channel.engine.difference import Scenario, compare
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import PROGRAM
from choose_channel.report.build import report
from choose_channel.report.first_screen import card
from choose_channel.report.formats import Display, render
from choose_channel.report.parts import PARTS
from choose_channel.report.run_info import RunInfo

_ENDINGS = {"page": ".html", "markdown": ".md", "answers": ".yaml", "record": ".json"}
_PRIVATE = ("answers", "record")
"""What is made for the person alone to go on with; a page is made to be passed on."""
_FORMATS = {"page": "html", "markdown": "markdown", "record": "json"}


class TerminalView:
    """Prints to standard output in one of ON_SCREEN. Drawings come page by page where they are
    longer than the window; a pager would draw over lines.

    `run_of` gives the circumstances of the run for a decision, `text_of` the text of an answer
    file with that ending. `since` is what has changed since the last visit.
    """

    kinds = tuple(_ENDINGS)

    def __init__(
        self,
        format: str,
        display: Display,
        run_of: Callable[[Decision], RunInfo],
        text_of: Callable[[Decision, Answers, str], str],
        since: tuple[str, ...] = (),
    ) -> None:
        self.format, self.display = format, display
        self.run_of, self.text_of = run_of, text_of
        self.since = since

    def parts(self, decision: Decision) -> tuple[str, ...]:
        """The parts of the report that have something to say."""
        there = {section.id for section in report(decision, None).sections}
        return tuple(part for part, sections in PARTS.items() if not there.isdisjoint(sections))

    def first(self, decision: Decision, done: tuple[str, ...]) -> int:
        """Prints the first screen. Returns how many rows of the window are left below it."""
        run = self.run_of(decision)._replace(done=frozenset(done), since=self.since)
        text = render(decision, self.format, run, self.display)
        sys.stdout.write("\n" + text)
        sys.stdout.flush()
        return shutil.get_terminal_size().lines - text.count("\n")

    def headline(self, decision: Decision) -> str:
        """The verdict in a line."""
        return card(decision).title

    def show(self, decision: Decision, part: str, done: tuple[str, ...]) -> None:
        """Prints a part of the report; who chooses from a menu types no flags."""
        run = self.run_of(decision)._replace(done=frozenset(done), reader="client")
        display = self.display._replace(parts=(part,), full=False)
        self._page(render(decision, self.format, run, display), decision.messages)

    def beside(self, before: Decision, after: Decision) -> None:
        """Prints two decisions side by side."""
        messages = before.messages
        names = (messages("compare_now_name"), messages("compare_then_name"))
        scenarios = [Scenario(*pair) for pair in zip(names, (before, after), strict=True)]
        self._page(render(compare(scenarios), self.format, None, self.display), messages)

    def name(self, kind: str) -> str:
        """A name for a file of that kind that is not taken."""
        names = (f"{PROGRAM}{number}{_ENDINGS[kind]}" for number in ("", *range(2, 1000)))
        return next(name for name in names if not Path(name).exists())

    def refuse(self, decision: Decision, path: str) -> str | None:
        """Why nothing can be written there, or None."""
        problems = outputs.problems_with(
            Path(path).expanduser(), (), None, decision.messages, replace=False
        )
        return problems[0].message if problems else None

    def save(self, decision: Decision, answers: Answers, kind: str, path: str) -> None:
        """Writes the file. Raises OutputError."""
        target = Path(path).expanduser()
        if kind in _FORMATS:
            text = render(decision, _FORMATS[kind], self.run_of(decision), Display())
        else:
            text = self.text_of(decision, answers, target.suffix)
        private = kind in _PRIVATE
        outputs.write(target, text, decision.messages, replace=False, private=private)

    def _page(self, text: str, messages: Messages) -> None:
        if self.format == "plain" or text.count("\n") < shutil.get_terminal_size().lines:
            sys.stdout.write("\n" + text)
            sys.stdout.flush()
        else:
            _through_pager(text, messages)


def _through_pager(text: str, messages: Messages) -> None:
    """Shows a text in the person's pager."""
    import pydoc

    # Colours, rather than their codes; and how to go on and to leave, as its prompt, which less
    # shows in ASCII only.
    hint = messages("menu_pager")
    if hint.isascii():
        os.environ.setdefault("LESS", f"-R -P{hint}?e (end).")
    else:
        os.environ.setdefault("LESS", "-R")
        text = f"{hint}\n\n{text}\n{hint}\n"
    pydoc.pager(text)
