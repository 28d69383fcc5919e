"""A report that is already made of sections: whatever is neither a decision nor a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from choose_channel.messages.i18n import Messages
from choose_channel.report.about import stamp, title_of
from choose_channel.report.content import Cited, Paragraph, Report, Section
from choose_channel.report.run_info import RunInfo


class Overview(NamedTuple):
    """Sections to show, and the same as plain data; `rulebook` says whose advice it is."""

    sections: tuple[Section, ...]
    data: Mapping[str, Any]
    rulebook: Mapping[str, str]
    messages: Messages
    sources: Mapping[str, str] = {}

    @property
    def lang(self) -> str:
        """The language of the texts."""
        return self.messages.lang

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"rulebook": {**self.rulebook}, **self.data}

    def report(self, run: RunInfo | None) -> Report:
        """The sections under their title, and whose advice it is."""
        about = Paragraph(Cited(stamp(self.rulebook, run, self.messages)), "quiet")
        return Report(title_of(run), (*self.sections, Section("about", "", (about,))))
