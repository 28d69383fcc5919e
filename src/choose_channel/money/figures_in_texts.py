"""The figures in texts: `{fact:ID}` and `{fact:ID.part}` stand for the value of a dated fact with
its unit, or for the seller's own figure where they gave one. So a text cannot disagree with its
fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from choose_channel.messages.i18n import Messages, Text
from choose_channel.model.rulebook import ANY_MARKET, Fact, Rulebook, Value
from choose_channel.money.format import Span, percent, round_usd, span
from choose_channel.money.order import ends

_MARK = "{fact:"
_PLACE = re.compile(r"\{fact:([\w-]+)(?:\.(\w+))?\}")
_UNITS = ("percent", "usd", "days")
_DAYS = {
    "days": ("money_day_one", "money_day_exact", "money_day_range"),
    "business_days": (
        "money_business_day_one",
        "money_business_day_exact",
        "money_business_day_range",
    ),
}
"""By unit, the phrases for one, for several, and for a range of them."""
_NOBODY: Mapping[str, Value] = {}


class FactMessages(Messages):
    """The phrases of a rulebook in one language, and its texts with the figures filled in."""

    def __init__(self, rulebook: Rulebook, lang: str, given: Mapping[str, Value] = _NOBODY) -> None:
        """`given` holds a seller's answers and inputs, as far as they apply."""
        super().__init__(rulebook.wording, lang)
        self.rulebook, self.given = rulebook, given

    def text(self, text: Text) -> str:
        """A text in this language."""
        line = text[self.lang]
        return _PLACE.sub(self._filled, line) if _MARK in line else line

    def here(self, facts: Iterable[str]) -> tuple[str, ...]:
        """The facts that hold in the seller's market, or wherever their buyers are."""
        roles, known = self.rulebook.economy.roles, self.rulebook.facts
        market = self.given.get(roles.market) if roles else None
        if market is None:
            return tuple(facts)
        return tuple(name for name in facts if known[name].market in (ANY_MARKET, market))

    def market(self, changed: Mapping[str, Value] = _NOBODY) -> str:
        """The seller's market, or the one that they change to, as a sentence names it."""
        roles = self.rulebook.economy.roles
        answer = {**self.given, **changed}.get(roles.market) if roles else None
        for choice in self.rulebook.questions[roles.market].choices if roles else ():
            if choice.id == answer:
                return self.text(choice.place or choice.label)
        return self("market_unknown")

    def _filled(self, place: re.Match[str]) -> str:
        fact, part = self.rulebook.facts[place[1]], place[2] or ""
        own = self._own(fact, part)
        if own:
            unit, number = own
            return figure_text(Span(number, number, number), unit, self)
        low, high = ends(fact.value, part)
        return figure_text(Span(low, None, high), _unit(fact, part), self)

    def _own(self, fact: Fact, part: str) -> tuple[str, Decimal] | None:
        """The seller's own figure where the money would take it in place of this fact, and its
        unit."""
        roles, economy = self.rulebook.economy.roles, self.rulebook.economy
        if roles and fact.market in (ANY_MARKET, self.given.get(roles.market)):
            for line in economy.lines.values():
                number = self.given.get(line.input) if line.input else None
                mine = fact.id in line.facts and line.part == part
                if mine and line.input and isinstance(number, Decimal):
                    return economy.inputs[line.input].unit, number
        return None


def figure_text(figure: Span, unit: str, messages: Messages) -> str:
    """A figure with its unit, as a text writes it: `6%`, `$1,500`, `5% to 30%`, `1 to 31 days`."""
    if unit in _DAYS:
        low, high = (_plain(end or Decimal(0)) for end in (figure.low, figure.high))
        single, several, between = _DAYS[unit]
        return messages(
            between if low != high else single if low == "1" else several, low=low, high=high
        )
    words: dict[str, Callable[[Decimal], str]] = {"percent": percent, "usd": round_usd}
    return span(figure, words.get(unit, _plain), messages)


def _plain(number: Decimal) -> str:
    return f"{number:,f}"


def _unit(fact: Fact, part: str) -> str:
    """The unit of a fact; of a part that has its own, the end of its name: `fixed_usd`."""
    own = part.rsplit("_", 1)[-1]
    return own if own in _UNITS else fact.unit
