"""The sections of a report, and the parts that a person may ask for."""

from collections.abc import Mapping
from typing import Literal

SectionId = Literal[
    "since",
    "verdict",
    "figures",
    "week",
    "watch",
    "money",
    "ways",
    "why",
    "changes",
    "pitfalls",
    "plan",
    "answers",
    "assumed",
    "sources",
    "about",
    "scenarios",
    "differences",
    "table",
]
"""The parts of a report on a decision, in the order in which they are read; then the parts of a
comparison, and those of a report on a table."""

PARTS: Mapping[str, tuple[SectionId, ...]] = {
    "plan": ("week", "plan"),
    "money": ("figures", "money"),
    "why": ("ways", "why", "changes"),
    "pitfalls": ("pitfalls",),
    "sources": ("assumed", "sources", "about"),
}
"""What a person may ask for, and the sections that it holds."""
