"""What the texts of a row mean: the readers of a table's columns, together.

Some things hang on several columns: a cost in yuan on the exchange rate, the money on the costs and
on what the seller answered, and what a text tells on the seller's own figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from choose_channel.answers.parse import Rate
from choose_channel.engine.engine import Engine
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.rulebook import Value
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables import money
from choose_channel.tables.advice_columns import OutputColumn, Own, advice_columns, own_inputs
from choose_channel.tables.cells import Reader
from choose_channel.tables.matching import Match

_MOST_SUMS = 200_000
"""So many sums of distinct costs are remembered."""


class RowReader:
    """Reads rows whose columns answer these questions."""

    def __init__(self, engine: Engine, lang: str, matches: Sequence[Match]) -> None:
        rulebook = self.rulebook = engine.rulebook
        self.engine, self.matches = engine, matches
        self.messages: Messages = FactMessages(rulebook, lang)
        index = engine.space.index
        self.readers = {
            match.question.id: Reader(
                match.question,
                engine.space.axes[index[match.question.id]] if match.question.id in index else None,
                self.messages,
            )
            for match in matches
        }
        roles = rulebook.economy.roles
        self.unit_cost = roles.unit_cost if roles else ""
        self.has_costs = self.unit_cost in self.readers
        self.rate = rulebook.economy.rate
        self._in_yuan = {
            name
            for name, question in rulebook.economy.inputs.items()
            if question.unit == "usd" and name in self.readers and self.rate
        }
        self.money_names = [name for name in self.readers if name in money.deciding(rulebook)]
        """The columns that the money of a row hangs on."""
        shown = own_inputs(rulebook)
        self.own_names = [name for name in self.readers if name in shown]
        """The columns whose figures a text may tell."""
        self.market = roles.market if roles and roles.market in self.readers else None
        self.unworked = money.unworked(engine)
        self._sums: dict[tuple[str | None, ...], money.Sums] = {}

    @property
    def columns(self) -> list[OutputColumn]:
        """All columns that can be added."""
        costs = money.money_columns(self.rulebook) if self.has_costs else []
        return [*advice_columns(self.rulebook), *costs]

    def takes_rate(self, name: str) -> bool:
        """Whether what a column says hangs on the exchange rate in another."""
        return name in self._in_yuan and self.rate in self.readers

    def rate_of(self, name: str, raw: str = "") -> Rate | None:
        """The exchange rate at which a cost may be told in yuan."""
        if name not in self._in_yuan:
            return None
        value = self.readers[self.rate].value(raw) if raw else None
        return Rate(self.rate, value if isinstance(value, Decimal) else None)

    def codes(self, raws: Mapping[str, str]) -> dict[str, int]:
        """The code of every value (see cells.py)."""
        rate = raws.get(self.rate, "")
        return {
            name: self.readers[name].code(raw, self.rate_of(name, rate))
            for name, raw in raws.items()
        }

    def given(self, raws: Mapping[str, str]) -> dict[str, Value]:
        """The answers that some texts mean."""
        rate = raws.get(self.rate, "")
        given = {
            name: self.readers[name].value(raw, self.rate_of(name, rate))
            for name, raw in raws.items()
        }
        return {name: value for name, value in given.items() if value is not None}

    def sums(self, raws: tuple[str, ...]) -> money.Sums:
        """What the money comes to, by the texts of `money_names`."""
        sums = self._sums.get(raws)
        if sums is None:
            given = self.given(dict(zip(self.money_names, raws, strict=True)))
            if len(self._sums) >= _MOST_SUMS:
                self._sums.clear()
            sums = self._sums[raws] = money.sums(self.engine, given)
        return sums

    @property
    def own_columns(self) -> list[str]:
        """The columns that `own` takes the texts of."""
        return [*([self.market] if self.market else []), *self.own_names]

    def own(self, raws: Sequence[str]) -> Own | None:
        """The seller's own figures that a text may tell, by the texts of `own_columns`; None where
        there are none."""
        given = self.given(dict(zip(self.own_columns, raws, strict=True)))
        figures = {n: v for n, v in given.items() if n in self.own_names and isinstance(v, Decimal)}
        return Own(given.get(self.market or ""), tuple(figures.items())) if figures else None

    def refusals(self, raws: Mapping[str, str]) -> list[str]:
        """All reasons why a row is refused."""
        heads = {match.question.id: match.head for match in self.matches}
        reasons, given = [], {}
        for name, raw in raws.items():
            rate = self.rate_of(name, raws.get(self.rate, ""))
            refusal = self.readers[name].refusal(raw, rate)
            if refusal:
                reasons.append(f"{shorten(heads[name])}: {refusal}")
            elif (value := self.readers[name].value(raw, rate)) is not None:
                given[name] = value
        for question in self.engine.missing_core(given):
            if not raws.get(question.id):
                short, is_open = self.messages.text(question.short), question.assumed is not None
                phrase = "batch_missing_open" if is_open else "batch_missing"
                reasons.append(self.messages(phrase, short=short))
        return reasons
