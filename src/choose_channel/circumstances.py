"""The circumstances of a run, apart from what was decided: when, with what, and for whom."""

from __future__ import annotations

from typing import NamedTuple


class Heading(NamedTuple):
    """What a consultant puts over a report: a title, for whom, and a note. Untrusted text."""

    title: str = ""
    client: str = ""
    note: str = ""


class Run(NamedTuple):
    """The circumstances of a run: the ISO date, our version, the command that repeats it, what
    stands over the report, and the facts that a rulebook of the seller's own has changed."""

    date: str
    version: str
    command: str
    heading: Heading = Heading()
    own_facts: frozenset[str] = frozenset()
