"""The table of results: the advice of each cell that occurs, worked out once.

A result is a row of small whole numbers, one for each column that is added to a table: a number
stands for itself, a text for its place in the list of that column's texts. So results are compared,
kept and looked up without their texts. What a cell needs is asked of the Engine, each part once for
all cells with the same terms in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from choose_channel.answers.space import Axis, Cell
from choose_channel.engine.certainty import SharedCompletions
from choose_channel.engine.engine import Engine
from choose_channel.engine.evaluate import Scores
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import ACCESS, SEVERITIES, UNKNOWN, Rule, Rulebook, Value
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.tables.cells import Layout
from choose_channel.tables.tally import Outcome

Kind = Literal["text", "number", "amount", "flag"]


class OutputColumn(NamedTuple):
    """A column that is added: its name, and what is in it. `names` says that its texts are ids, of
    what; people read a name in their place."""

    name: str
    kind: Kind
    names: Literal["", "channel", "variant", "access", "margin"] = ""


def advice_columns(rulebook: Rulebook) -> list[OutputColumn]:
    """What is added to every table."""
    return [
        OutputColumn("recommended", "text", "channel"),
        OutputColumn("variant", "text", "variant"),
        OutputColumn("aim", "text", "channel"),
        OutputColumn("weak", "flag"),
        OutputColumn("close", "flag"),
        OutputColumn("certainty_holds", "number"),
        OutputColumn("certainty_of", "number"),
        *(OutputColumn(f"fit_{name}", "number") for name in rulebook.channels),
        *(OutputColumn(f"access_{name}", "text", "access") for name in rulebook.channels),
        OutputColumn("blocked_by", "text"),
        OutputColumn("pitfalls", "text"),
        OutputColumn("top_reason", "text"),
        OutputColumn("first_step", "text"),
    ]


class Own(NamedTuple):
    """The figures of a seller's own that a text may tell in place of a fact, with their market."""

    market: Value | None
    figures: tuple[tuple[str, Decimal], ...]


class _Axis(NamedTuple):
    """What is needed of a question for every cell; `assumed` is the band of its assumed answer, 0
    where it has none."""

    masks: tuple[int, ...]
    applies: int
    last: int
    assumed: int
    name: str
    """The question's id, where it counts as open while it is not answered."""


class _Start(NamedTuple):
    """What the first answers of a row come to: the terms that may hold after them, the questions
    that are open, and whether a core answer is missing."""

    terms: int
    unanswered: frozenset[str]
    lacks: bool


class _End(NamedTuple):
    """What the other answers come to: the terms that they allow, and the questions that are
    open."""

    allowed: int
    unanswered: frozenset[str]


Result = tuple[int, ...]
MISSING = 0
"""The number that stands for a row without all core answers; results are numbered from 1."""
_MOST_KEPT = 100_000
"""So many rows with the same terms, sums, or first or last answers are remembered."""


class Advice:
    """The results of a rulebook, in one language."""

    def __init__(self, engine: Engine, lang: str) -> None:
        self.engine, self.lang = engine, lang
        rulebook = self.rulebook = engine.rulebook
        self.space = engine.space
        self.layout = Layout(self.space)
        self.columns = advice_columns(rulebook)
        self.texts: dict[str, list[str | None]] = {
            column.name: [] for column in self.columns if column.kind == "text"
        }
        self.blockers: list[tuple[str, ...]] = []
        """By place in the texts of `blocked_by`, the gates."""
        self._places: dict[str, dict[object, int]] = {name: {} for name in self.texts}
        self._messages = FactMessages(rulebook, lang)
        self._axes = [*map(self._axis, self.space.axes)]
        self._core = [number for number, axis in enumerate(self.space.axes) if axis.question.core]
        self._asked = self.space.bits_of_any(
            axis.question.applies for axis in self.space.axes[self.layout.split :]
        )
        self._heads: dict[Sequence[int], _Start] = {}
        self._tails: dict[tuple[Sequence[int], int], _End] = {}
        self._by_terms: dict[int, int] = {}
        self._numbers: dict[Result, int] = {}
        self.rows: list[Result] = [(0,) * len(self.columns)]
        """The results, by their numbers. The first stands for MISSING, and is none."""
        self._sure = SharedCompletions(self.space, engine.evaluator)
        self._standing: dict[int, tuple[Scores, tuple[int, ...]]] = {}
        self._reasons = {name: self._rules_for(name) for name in rulebook.channels}
        self._gates = self.space.bits_of_any(gate.when for gate in rulebook.gates.values())
        pitfalls = rulebook.pitfalls.values()
        conditions = [pitfall.when for pitfall in pitfalls]
        conditions += [when for pitfall in pitfalls if (when := pitfall.critical_when) is not None]
        self._read = self._gates | self.space.bits_of_any(conditions)
        self._shown: dict[object, int] = {}
        self._blocked: dict[object, int] = {}
        self._hanging = frozenset(name for pitfall in pitfalls for name in pitfall.assumed)
        self._settled = frozenset(step.settles for step in rulebook.steps.values() if step.settles)
        self._own: Own | None = None

    def _axis(self, axis: Axis) -> _Axis:
        number = self.space.index[axis.question.id]
        return _Axis(
            self.space.masks[number],
            self.space.applies[number],
            len(axis.values),
            axis.assumed,
            axis.question.id if axis.assumed and not axis.question.derived else "",
        )

    def _rules_for(self, channel: str) -> list[tuple[int, Rule]]:
        """The rules that speak for a channel, the weightiest first."""
        rules = [rule for rule in self.rulebook.rules.values() if rule.points.get(channel, 0) > 0]
        rules.sort(key=lambda rule: -rule.points[channel])
        return [(self.space.bits(rule.when), rule) for rule in rules]

    # ---- one row

    def number(self, key: Sequence[int], own: Own | None = None) -> int:
        """The number of the result of a row with this key (see cells.py); MISSING where core
        answers are missing. With `own`, texts tell the seller's own figures."""
        head, tail = self.layout.parts(key)
        start = self._heads.get(head)
        if start is None:
            if len(self._heads) >= _MOST_KEPT:
                self._heads.clear()
            start = self._heads[head] = self._head(head)
        terms, unanswered, lacks = start
        if lacks:
            return MISSING
        place = tail, terms & self._asked
        end = self._tails.get(place)
        if end is None:
            if len(self._tails) >= _MOST_KEPT:
                self._tails.clear()
            end = self._tails[place] = self._tail(tail, terms)
        terms &= end.allowed
        if own is not None:
            return self._numbered(self._with_own(terms, key, unanswered | end.unanswered, own))
        if unanswered or end.unanswered:
            return self._numbered(self._at(terms, key, unanswered | end.unanswered))
        known = self._by_terms.get(terms)
        if known is None:
            if len(self._by_terms) >= _MOST_KEPT:
                self._by_terms.clear()
            known = self._by_terms[terms] = self._numbered(self._at(terms, (), unanswered))
        return known

    def outcome(self, number: int) -> Outcome:
        """What is counted of a result."""
        places = {column.name: place for place, column in enumerate(self.columns)}
        row = self.rows[number]

        def text(name: str) -> str | None:
            return self.texts[name][row[places[name]]]

        access = tuple(text(f"access_{name}") for name in self.rulebook.channels)
        return Outcome(text("recommended"), access, self.blockers[row[places["blocked_by"]]])

    def _numbered(self, result: Result) -> int:
        number = self._numbers.get(result)
        if number is None:
            number = self._numbers[result] = len(self.rows)
            self.rows.append(result)
        return number

    def _head(self, head: Sequence[int]) -> _Start:
        """The start of every row with this head."""
        rest = [0] * (self.layout.words - len(head))
        codes = self.layout.codes((*head, *rest))[: self.layout.split]
        _, allowed, unanswered = self._walk(codes, self._axes, self.space.everything)
        return _Start(allowed, unanswered, self._lacks_core(codes))

    def _tail(self, tail: Sequence[int], terms: int) -> _End:
        """The end of every row with this tail, behind a start after which these terms may hold."""
        rest = [0] * (self.layout.words - len(tail))
        codes = self.layout.codes((*rest, *tail))[self.layout.split :]
        _, allowed, unanswered = self._walk(codes, self._axes[self.layout.split :], terms)
        return _End(allowed, unanswered)

    def _walk(
        self, codes: Sequence[int], axes: Sequence[_Axis], terms: int
    ) -> tuple[list[int], int, frozenset[str]]:
        """The bands of some codes, the terms that they allow, and the questions that are open;
        `terms` may hold after the answers before them."""
        bands, allowed, unanswered = [], self.space.everything, []
        for (masks, applies, last, assumed, name), code in zip(axes, codes, strict=False):
            band = 0
            if terms & applies:
                band = code if 0 < code <= last else assumed
                if name and not 0 < code <= last:
                    unanswered.append(name)
            bands.append(band)
            terms &= masks[band]
            allowed &= masks[band]
        return bands, allowed, frozenset(unanswered)

    def cell(self, key: Sequence[int]) -> Cell:
        """The cell of a row with this key."""
        codes = self.layout.codes(key)
        return tuple(self._walk(codes, self._axes, self.space.everything)[0])

    def _with_own(
        self, terms: int, key: Sequence[int], unanswered: frozenset[str], own: Own
    ) -> Result:
        """The result where texts tell the seller's own figures."""
        inputs, roles = self.rulebook.economy.inputs, self.rulebook.economy.roles
        figures: dict[str, Value] = {
            name: value
            for name, value in own.figures
            if terms & self.space.bits(inputs[name].applies)
        }
        if roles and own.market is not None:
            figures[roles.market] = own.market
        plain = self._messages
        self._messages, self._own = FactMessages(self.rulebook, self.lang, figures), own
        try:
            return self._at(terms, key, unanswered)
        finally:
            self._messages, self._own = plain, None

    def _at(self, terms: int, key: Sequence[int], unanswered: frozenset[str]) -> Result:
        evaluator = self.engine.evaluator
        total = evaluator.sum(terms)
        standing = self._standing.get(total)
        if standing is None:
            scores = evaluator.scores_of(total)
            standing = scores, self._stands(scores)
            if len(self._standing) < _MOST_KEPT:
                self._standing[total] = standing
        scores, numbers = standing
        recommended = scores.recommended
        variant = evaluator.variant(recommended, terms, scores) if recommended else None
        holds = of = 1
        if unanswered:
            counts = self._sure.count(self._bands(self.layout.codes(key)))
            holds, of = counts.get(recommended, 0), sum(counts.values())
        return (
            numbers[0],
            self._place("variant", variant, variant),
            *numbers[1:4],
            holds,
            of,
            *numbers[4:],
            self._blocked_by(terms),
            self._pitfalls(terms, scores, variant, unanswered),
            self._top_reason(terms, scores),
            self._first_step(terms, scores, unanswered),
        )

    def _stands(self, scores: Scores) -> tuple[int, ...]:
        """The parts of a result that hang on the scores alone."""
        return (
            self._place("recommended", scores.recommended, scores.recommended),
            self._place("aim", scores.aim, scores.aim),
            int(scores.weak),
            int(scores.close),
            *scores.fit.values(),
            *(self._place(f"access_{name}", how, how) for name, how in scores.access.items()),
        )

    def _bands(self, codes: Sequence[int]) -> list[int]:
        """The bands of the known answers; 0 for what is open. A derived answer is never open."""
        return [
            code if 0 < code <= axis.last else 0 if axis.name else axis.assumed
            for code, axis in zip(codes, self._axes, strict=True)
        ]

    def _lacks_core(self, codes: Sequence[int]) -> bool:
        """Whether core answers are missing, by the codes of the first questions, all core ones
        among them. A question that was answered "unknown" is answered."""
        if all(codes[number] for number in self._core):
            return False
        return bool(self.engine.missing_core(self._given(codes)))

    def _given(self, codes: Sequence[int]) -> dict[str, Value]:
        """One set of answers with these codes."""
        given: dict[str, Value] = {}
        for axis, code in zip(self.space.axes, codes, strict=False):
            if code and not axis.question.derived:
                known = code <= len(axis.values)
                given[axis.question.id] = axis.values[code - 1] if known else UNKNOWN
        return given

    # ---- the parts of a result

    def _place(self, column: str, key: object, text: str | None) -> int:
        """The place of a text among those of its column."""
        places = self._places[column]
        place = places.get(key)
        if place is None:
            place = places[key] = len(self.texts[column])
            self.texts[column].append(text)
        return place

    def _blocked_by(self, terms: int) -> int:
        firing = terms & self._gates
        key = firing, self._own
        place = self._blocked.get(key)
        if place is None:
            gates = self.engine.evaluator.gates(terms)
            ids = tuple(gate.id for gate in gates)
            text = self._messages.sentences(self._messages.text(gate.because) for gate in gates)
            place = self._place("blocked_by", (ids, text), text or None)
            if place == len(self.blockers):
                self.blockers.append(ids)
            self._blocked[key] = place
        return place

    def _pitfalls(
        self, terms: int, scores: Scores, variant: str | None, unanswered: frozenset[str]
    ) -> int:
        evaluator, aim = self.engine.evaluator, scores.aim
        aimed = evaluator.variant(aim, terms, scores) if aim else None
        hanging = unanswered & self._hanging
        key = (terms & self._read, scores.recommended, variant, aim, aimed, hanging, self._own)
        place = self._shown.get(key)
        if place is None:
            shown = evaluator.pitfalls(terms, scores, hanging)
            ranks = [SEVERITIES.index(evaluator.severity(pitfall, terms)) for pitfall in shown]
            order = sorted(range(len(shown)), key=ranks.__getitem__)
            titles = [self._messages.text(shown[number].title) for number in order]
            text = self._messages.clauses(titles)
            place = self._shown[key] = self._place("pitfalls", text, text or None)
            if len(self._shown) >= _MOST_KEPT:
                self._shown.clear()
        return place

    def _top_reason(self, terms: int, scores: Scores) -> int:
        """The weightiest rule for the channel that is recommended, else for the aim; where all are
        closed, the gate that says so."""
        channel = scores.recommended or scores.aim
        if channel:
            for bits, rule in self._reasons[channel]:
                if terms & bits:
                    return self._entry("top_reason", rule.id, rule.because)
            return self._place("top_reason", None, None)
        gate = next(gate for gate in self.engine.evaluator.gates(terms) if gate.access == "closed")
        return self._entry("top_reason", gate.id, gate.because)

    def _first_step(self, terms: int, scores: Scores, unanswered: frozenset[str]) -> int:
        step = self.engine.planner.first(terms, scores, unanswered & self._settled)
        if step is None:
            return self._place("first_step", None, None)
        return self._entry("first_step", step, self.rulebook.steps[step].title)

    def _entry(self, column: str, name: str, text: Mapping[str, str]) -> int:
        """The place of an entry's text."""
        if self._own is None:
            places = self._places[column]
            place = places.get(name)
            return self._place(column, name, self._messages.text(text)) if place is None else place
        words = self._messages.text(text)
        return self._place(column, (name, words), words)


def own_inputs(rulebook: Rulebook) -> frozenset[str]:
    """The money inputs that a text of a result may tell in place of a fact."""
    entries = [
        *(gate.because for gate in rulebook.gates.values()),
        *(rule.because for rule in rulebook.rules.values()),
        *(pitfall.title for pitfall in rulebook.pitfalls.values()),
        *(step.title for step in rulebook.steps.values()),
    ]
    texts = "\n".join(text for entry in entries for text in entry.values())
    return frozenset(
        line.input
        for line in rulebook.economy.lines.values()
        if line.input and any(f"{{fact:{fact}" in texts for fact in line.facts)
    )


def ids(column: OutputColumn, rulebook: Rulebook) -> list[str]:
    """The ids that may stand in a column."""
    roles = rulebook.economy.roles
    match column.names:
        case "channel":
            return [*rulebook.channels]
        case "variant":
            return [
                variant.id for channel in rulebook.channels.values() for variant in channel.variants
            ]
        case "access":
            return [*ACCESS]
        case "margin":
            choices = rulebook.questions[roles.margin].choices if roles else ()
            return [choice.id for choice in choices]
    return []


def readable(column: OutputColumn, text: str, rulebook: Rulebook, messages: Messages) -> str:
    """An id in a result as people read it."""
    match column.names:
        case "channel":
            return messages.text(rulebook.channels[text].name)
        case "variant":
            variants = (
                variant for channel in rulebook.channels.values() for variant in channel.variants
            )
            return next(messages.text(variant.name) for variant in variants if variant.id == text)
        case "access":
            return messages(f"access_{text}")
        case "margin":
            roles = rulebook.economy.roles
            choices = rulebook.questions[roles.margin].choices if roles else ()
            return next(messages.text(choice.label) for choice in choices if choice.id == text)
    return text
