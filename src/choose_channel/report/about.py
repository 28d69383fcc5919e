"""What every report says of itself: its title, and which rulebook and program gave the advice."""

from __future__ import annotations

from collections.abc import Mapping

from choose_channel.messages.i18n import Messages, sanitize
from choose_channel.report.run_info import RunInfo, Title

_TITLE = 200


def title_of(run: RunInfo | None) -> Title:
    """What a consultant put over the report, made safe to show."""
    if not run:
        return Title()
    title, client, note, adviser = run.title
    texts = (sanitize(title, _TITLE), sanitize(client), sanitize(note), sanitize(adviser))
    return Title(*(text.strip() for text in texts))


def stamp(rulebook: Mapping[str, str], run: RunInfo | None, messages: Messages) -> str:
    """Which rulebook it was and how old; with a run, also which program, and when."""
    words = {
        "version": rulebook["version"],
        "reviewed": rulebook["reviewed"],
        "digest": rulebook["digest"][:12],
    }
    if not run:
        return messages("check_rulebook", **words)
    return messages("report_footer", program=run.version, date=run.date, **words)


def adviser_line(title: Title, messages: Messages) -> str:
    """Who advises; empty where nobody is named."""
    return messages("report_adviser", name=title.adviser) if title.adviser else ""
