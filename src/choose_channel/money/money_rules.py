"""The money of a rulebook, ready for use: which lines hold where, and the figure of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from choose_channel.answers.space import Space
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ANY_MARKET, Fact, Line, Rulebook, Stream
from choose_channel.money.order import Figure, fact_figure

_HUNDRED = Decimal(100)


class MoneyRules:
    """What is worked out of a rulebook once, for all its sellers. It must have roles in its money.

    Terms are those of a seller's situation (see Space).
    """

    def __init__(self, rulebook: Rulebook, space: Space) -> None:
        economy, roles = rulebook.economy, rulebook.economy.roles
        assert roles, "without roles there is no money to work out"
        self.rulebook, self.economy, self.roles, self.space = rulebook, economy, roles, space
        self._lines = [(line, space.bits(line.when)) for line in economy.lines.values()]
        self._streams = [(stream, space.bits(stream.when)) for stream in economy.streams.values()]
        self._read = {line.input for line in economy.lines.values()}
        self._figures: dict[str, dict[str, Figure]] = {}
        self.main = {economy.streams[name].channel for name in (roles.reference, roles.compared)}
        """The channels that are compared."""
        self.required = {
            stream: [
                line for line in economy.lines.values() if line.required and stream in line.streams
            ]
            for stream in economy.streams
        }
        """By way of selling, the lines that it cannot be worked out without."""
        self.limits = {
            state.id: (state.at_most / _HUNDRED).as_integer_ratio() for state in economy.margins
        }
        """By state of the margin, the part of the price that is left at most, as a ratio."""

    def holds(self, condition: Condition, terms: int) -> bool:
        """Whether a condition of the rulebook holds."""
        return bool(terms & self.space.bits(condition))

    def streams(self, terms: int) -> list[Stream]:
        """The ways of selling that there are."""
        return [stream for stream, bits in self._streams if terms & bits]

    def lines(self, terms: int, inputs: Collection[str]) -> list[Line]:
        """The lines that are due. Who gives a figure knows that it is due, even where the rulebook
        says that it is not; of several lines that read it, it counts in the one that holds."""
        due = [line for line, bits in self._lines if terms & bits]
        unread = self._read.intersection(inputs).difference([line.input for line in due])
        if not unread:
            return due
        added = []
        for line, bits in self._lines:
            if terms & bits or line.input in unread:
                unread.discard(line.input)
                added.append(line)
        return added

    def figures(self, market: str) -> Mapping[str, Figure]:
        """By line, the figure that a fact gives it in a market, where there is one."""
        if market not in self._figures:
            facts = {line.id: self._fact(line, market) for line in self.economy.lines.values()}
            self._figures[market] = {
                name: fact_figure(fact, self.economy.lines[name].part)
                for name, fact in facts.items()
                if fact
            }
        return self._figures[market]

    def _fact(self, line: Line, market: str) -> Fact | None:
        facts = [self.rulebook.facts[name] for name in line.facts]
        for wanted in (market, ANY_MARKET):
            for fact in facts:
                if fact.market == wanted:
                    return fact
        return None
