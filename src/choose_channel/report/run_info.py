"""When, with what and for whom a report is made. A scripted run needs no more of a report."""

from typing import NamedTuple


class Title(NamedTuple):
    """What a consultant puts over a report: a title, for whom, and a note. Untrusted text."""

    title: str = ""
    client: str = ""
    note: str = ""


class RunInfo(NamedTuple):
    """The circumstances of a run: the ISO date, our version, the command that repeats it, what
    stands over the report, and the facts that a rulebook of the seller's own has changed."""

    date: str
    version: str
    command: str
    title: Title = Title()
    own_facts: frozenset[str] = frozenset()
