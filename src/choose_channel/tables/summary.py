"""What a table comes to, for people and programs: shares, blockers, and what would open doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from choose_channel.engine.counterfactuals import opening
from choose_channel.engine.decide import changes_text
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import to_text
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables.advice_columns import Advice
from choose_channel.tables.tally import Tally

_MOST = 10


class Count(NamedTuple):
    """How many rows something holds for: its id, the words for it, and the number."""

    id: str | None
    text: str
    rows: int


class Door(NamedTuple):
    """A change of one answer, and for how many rows it opens a channel."""

    question: str
    answer: str
    text: str
    channel: str
    channel_name: str
    rows: int


class Summary(NamedTuple):
    """A table in numbers. `doors` are counted in the first `looked_at` rows."""

    rows: int
    decided: int
    rejected: int
    seconds: float
    reasons: tuple[Count, ...]
    recommended: tuple[Count, ...]
    access: Mapping[str, tuple[Count, ...]]
    channels: Mapping[str, str]
    blockers: tuple[Count, ...]
    doors: tuple[Door, ...]
    looked_at: int

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / max(self.seconds, 0.001)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "rows": self.rows,
            "decided": self.decided,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rate),
            "rejected_because": [{"reason": c.text, "rows": c.rows} for c in self.reasons],
            "recommended": [c._asdict() for c in self.recommended],
            "access": {
                name: {str(c.id): c.rows for c in counts} for name, counts in self.access.items()
            },
            "blocked_by": [c._asdict() for c in self.blockers],
            "opening_changes": {
                "rows_looked_at": self.looked_at,
                "changes": [door._asdict() for door in self.doors],
            },
        }


def summarize(
    tally: Tally,
    results: Advice,
    seconds: float,
    messages: Messages,
) -> Summary:
    """The summary of a table."""
    rulebook = results.rulebook
    recommended: Counter[str | None] = Counter()
    access: dict[str, Counter[str | None]] = {name: Counter() for name in rulebook.channels}
    gates: Counter[str] = Counter()
    for outcome, rows in tally.outcomes.items():
        recommended[outcome.recommended] += rows
        for name, how in zip(rulebook.channels, outcome.access, strict=True):
            access[name][how] += rows
        for gate in outcome.gates:
            gates[gate] += rows

    def counted(counts: Counter[str | None], name_of: Callable[[str], str]) -> tuple[Count, ...]:
        none = messages("batch_nothing_open")
        return tuple(
            Count(name, name_of(name) if name else none, rows)
            for name, rows in counts.most_common()
        )

    return Summary(
        rows=tally.rows,
        decided=tally.decided,
        rejected=tally.rejected,
        seconds=seconds,
        reasons=tuple(Count(None, text, rows) for text, rows in tally.reasons.most_common(_MOST)),
        recommended=counted(recommended, lambda name: messages.text(rulebook.channels[name].name)),
        access={
            name: counted(counts, lambda state: messages(f"access_{state}"))
            for name, counts in access.items()
        },
        channels={name: messages.text(channel.name) for name, channel in rulebook.channels.items()},
        blockers=tuple(
            Count(gate, messages.text(rulebook.gates[gate].because), rows)
            for gate, rows in gates.most_common(_MOST)
        ),
        doors=_doors(tally, results, messages),
        looked_at=sum(tally.by_key.values()),
    )


def _doors(tally: Tally, results: Advice, messages: Messages) -> tuple[Door, ...]:
    """The single answers whose change opens a channel for the most rows."""
    rulebook, evaluator = results.rulebook, results.engine.evaluator
    fact_messages = FactMessages(rulebook, messages.lang)
    counts: Counter[tuple[str, str, str]] = Counter()
    texts: dict[tuple[str, str], str] = {}
    for key, rows in tally.by_key.items():
        cell = results.cell(key)
        seen = set()
        # Nobody moves to another market to open a door, and a margin cannot be set.
        for change in opening(results.space, evaluator, cell, most=1, moving=False):
            ((name, value),) = change.answers.items()
            if rulebook.questions[name].derived:
                continue
            for channel in change.opens:
                if (name, channel) not in seen:  # the nearest answer is enough
                    seen.add((name, channel))
                    counts[name, to_text(value), channel] += rows
                    texts.setdefault(
                        (name, to_text(value)),
                        changes_text(rulebook, change.answers, fact_messages),
                    )
    return tuple(
        Door(
            name,
            value,
            texts[name, value],
            channel,
            messages.text(rulebook.channels[channel].name),
            rows,
        )
        for (name, value, channel), rows in counts.most_common(_MOST)
    )
