"""When, with what and for whom a report is made. A scripted run needs no more of a report."""

from typing import Literal, NamedTuple

Reader = Literal["seller", "client"]
"""Who reads a report: somebody who runs the program and may try its flags, or somebody who is
handed the report and types nothing."""
READERS: tuple[Reader, ...] = ("seller", "client")


class Title(NamedTuple):
    """What a consultant puts over a report: a title, for whom, a note, and who advises. Untrusted
    text."""

    title: str = ""
    client: str = ""
    note: str = ""
    adviser: str = ""


class RunInfo(NamedTuple):
    """The circumstances of a run: the ISO date, our version, the command that repeats it, what
    stands over the report, the facts that a rulebook of the seller's own has changed, the steps
    that the person has ticked, what is different since they were last here, the adviser's logo (a
    data address), and who reads the report (by default whoever its format is for)."""

    date: str
    version: str
    command: str
    title: Title = Title()
    own_facts: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    since: tuple[str, ...] = ()
    logo: str = ""
    reader: Reader | None = None


def reader_of(run: RunInfo | None, usual: Reader) -> Reader:
    """Who reads a report of this run, where `usual` is who mostly reads one of its format."""
    return (run.reader if run else None) or usual
