"""The results of all other answers to one seller's goods, worded and packed for the page.

The page carries results and looks them up (see engine/lookup.py). Where costs were given, it also
carries what they come to: the margin and the sums for every price and every other answer on
which they hang. What is sold stays the same; so do the costs.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import or_
from typing import Any, NamedTuple

from choose_channel.answers.format import answer_text
from choose_channel.answers.kinds import Bands, kind_of
from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.sources import Given
from choose_channel.answers.space import Axis
from choose_channel.engine.completions import TooManyError
from choose_channel.engine.decision import Decision
from choose_channel.engine.engine import Engine
from choose_channel.engine.lookup import Lookup, Shown, Standing, Table, TableBuilder, Week, Weeks
from choose_channel.engine.plan import THIS_WEEK
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import SEVERITIES, UNKNOWN, Question, Stream, Value
from choose_channel.money.cash_flow import cash_of
from choose_channel.money.summary import (
    before_shipping,
    comparable,
    incomplete,
    names_opening_price,
    warning_of_order,
)
from choose_channel.money.unit_economics import Economics
from choose_channel.report.first_screen import headline, role_of
from choose_channel.report.formats.html import tables
from choose_channel.report.formats.html.inline import deflated
from choose_channel.report.key_figures import Tile, Way, key_figures, tiles

_STEPS = tuple(map(Decimal, ("0.75", "1.25", "1.5", "2")))
"""The prices that can be chosen where costs were given, as shares of the seller's own."""
_SURE = (
    *("all", "all_costs", "open", "open_one", "open_costs"),
    *("profit", "profit_one", "not", "not_one"),
)
"""The phrases of how sure a verdict is."""
_CENT, _ROUND = Decimal("0.01"), Decimal("0.05")


class Option(NamedTuple):
    """An answer that can be chosen: as it is typed, its band, and as a person says it."""

    value: str
    band: int
    label: str


class WhatIfQuestion(NamedTuple):
    """A question that can be answered differently on the page. `start` is the seller's own answer,
    "" where it is open; then `open` says what is assumed."""

    id: str
    name: str
    options: tuple[Option, ...]
    start: str
    open: str


class WhatIf(NamedTuple):
    """What the page shows and looks up. `costs` says whether sums are told; `packed` is what
    tables.js unpacks."""

    questions: tuple[WhatIfQuestion, ...]
    channels: tuple[str, ...]
    costs: bool
    packed: dict[str, Any]


def pack(decision: Decision) -> WhatIf | None:
    """The results of other answers to the same goods; None where there are too many, or where
    nothing else can be answered."""
    engine = decision.seller.engine
    choices = _Choices(decision)
    sums = _Sums(choices) if choices.prices else None
    margins = sorted(sums.margins) if sums else [decision.seller.situation.cell[choices.margin]]
    try:
        results = _look_up(engine, decision.seller.situation.cell[0], tuple(margins))
    except TooManyError:
        return None
    asked = [question for question in choices.questions if question.id in results.asked]
    if not asked:
        return None
    return WhatIf(
        tuple(asked),
        tuple(decision.channel(name).name for name in engine.rulebook.channels),
        sums is not None,
        {
            "data": deflated(_data(choices, results.weeks, margins)),
            "results": results.packed,
            "sums": sums and sums.packed(margins),
        },
    )


# ---- what can be chosen


class _Choices:
    """The questions and their answers, as they can be chosen on the page."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.seller, self.messages = decision, decision.seller, decision.messages
        self.engine = engine = decision.seller.engine
        axes, roles = engine.space.axes, engine.rulebook.economy.roles
        derived = [number for number, axis in enumerate(axes) if axis.question.derived]
        self.margin = derived[0] if derived else 0
        given = self.seller.given
        has_costs = roles is not None and given.get(roles.unit_cost, UNKNOWN) != UNKNOWN
        self.price = roles.price if roles and has_costs else ""
        self.prices = tuple(self._prices()) if has_costs else ()
        self.questions = tuple(
            self._question(axis) for axis in axes[1:] if not axis.question.derived
        )

    def _prices(self) -> Iterator[Decimal]:
        """The seller's own price, and some around it."""
        question = self.engine.rulebook.questions[self.price]
        own = self.seller.given.get(self.price)
        middle = own if isinstance(own, Decimal) else question.assumed
        assert isinstance(middle, Decimal)
        others = (
            max(_CENT, (middle * step / _ROUND).quantize(Decimal(1), ROUND_HALF_UP) * _ROUND)
            for step in _STEPS
        )
        yield from sorted({middle, *(price for price in others if price <= question.maximum)})

    def values(self, axis: Axis) -> Sequence[Value]:
        """The answers that can be chosen; of a number, the seller's own stands for its band."""
        question = axis.question
        if question.id == self.price:
            return self.prices
        own = self.seller.given.get(question.id, UNKNOWN)
        if not isinstance(own, Decimal):
            return axis.answers
        return [own if axis.band(own) == axis.band(answer) else answer for answer in axis.answers]

    def _question(self, axis: Axis) -> WhatIfQuestion:
        question, messages = axis.question, self.decision.messages
        values = self.values(axis)
        if question.id == self.price:
            labels: Sequence[str] = [answer_text(question, value, messages) for value in values]
        else:
            bands = Bands(axis.cuts, axis.answers)
            labels = kind_of(question).band_texts(question, bands, messages)
        given = self.seller.given.get(question.id, UNKNOWN)
        start, assumed = "" if given == UNKNOWN else to_text(given), question.assumed
        is_open = not start and assumed is not None
        return WhatIfQuestion(
            question.id,
            messages.text(question.short),
            tuple(
                Option(to_text(value), axis.band(value), label)
                for value, label in zip(values, labels, strict=True)
            ),
            start,
            answer_text(question, assumed, messages) if is_open and assumed is not None else "",
        )


# ---- what is looked up


def _data(choices: _Choices, weeks: Weeks, margins: Sequence[int]) -> dict[str, Any]:
    engine, messages = choices.engine, choices.messages
    rulebook, axes = engine.rulebook, engine.space.axes
    number = {name: place for place, name in enumerate(rulebook.questions)}
    unknown = axes[choices.margin].assumed
    return {
        "names": [question.id for question in choices.questions],
        "cell": [*choices.seller.situation.cell],
        "margin": choices.margin,
        "unknown": 1 + margins.index(unknown) if unknown in margins else 0,
        "price": choices.price,
        "questions": [_question(question, choices, number) for question in choices.questions],
        "standings": [_standing(*pair, choices) for pair in weeks.by_standing.items()],
        "steps": [
            [step.id, messages.text(step.title), number.get(step.settles or "", -1)]
            for step in rulebook.steps.values()
        ],
        "pitfalls": [
            [
                pitfall.same_as or pitfall.id,
                messages.text(pitfall.title),
                [number[n] for n in pitfall.assumed],
            ]
            for pitfall in rulebook.pitfalls.values()
        ],
        "severities": [[severity, messages(f"severity_{severity}")] for severity in SEVERITIES],
        "channels": [*rulebook.channels],
        "week": THIS_WEEK,
        "costs": bool(choices.decision.money_needs),
        "sure": {name: messages(f"summary_sure_{name}", open="{open}") for name in _SURE},
    }


class _Results(NamedTuple):
    """What is looked up of some goods: the questions that can apply, this week's steps by how the
    channels stand, and the tables as the page carries them."""

    asked: frozenset[str]
    weeks: Weeks
    packed: dict[str, str]


@functools.lru_cache(maxsize=16)  # a table of clients has a page each, and few kinds of goods
def _look_up(engine: Engine, goods: int, margins: tuple[int, ...]) -> _Results:
    """Every other answer to the same goods, with these margins. Raises TooManyError."""
    axes = engine.space.axes
    varied = [margins if axis.question.derived else axis.bands for axis in axes[1:]]
    options: list[Sequence[int]] = [[goods], *varied]
    lookup = Lookup(engine, options)
    applies, weeks = lookup.applies(), lookup.weeks()
    standings = [*weeks.by_standing]
    asked = [axis.question.id for axis in axes[1:] if not axis.question.derived]
    named = {
        **{f"applies {name}": _plain(applies[name], int) for name in asked},
        **{f"fit {name}": _plain(table) for name, table in lookup.fits().items()},
        "standing": _plain(lookup.standings(), standings.index),
        "variants": _plain(lookup.variants(), list),
        "headlines": _counted(lookup.headlines()),
        **{f"week {place}": _plain(table, int) for place, table in enumerate(weeks.tables)},
        **{
            f"pitfall {place}": _plain(table, _shown)
            for place, table in enumerate(lookup.pitfalls().values())
        },
    }
    packed = tables.packed(named, [len(bands) for bands in options])
    can_apply = frozenset(name for name in asked if any(applies[name].values))
    return _Results(can_apply, weeks, packed)


def _plain(table: Table, form: Callable[[Any], Any] = lambda value: value) -> tables.PlainTable:
    return table, [form(value) for value in table.values]


def _counted(table: Table) -> tables.PlainTable:
    return table, len(table.values)


def _shown(value: Shown | None) -> list[int]:
    """How a pitfall is shown, as far as the page shows it: those of ways that are played."""
    return [SEVERITIES.index(value.severity), int(value.only_open)] if value and value.own else []


def _question(
    question: WhatIfQuestion, choices: _Choices, number: Mapping[str, int]
) -> dict[str, Any]:
    entry, messages = choices.engine.rulebook.questions[question.id], choices.messages
    axis, assumed = choices.engine.axis(question.id), entry.assumed
    answer = "" if assumed is None else answer_text(entry, assumed, messages)
    return {
        "axis": number[question.id],
        "bands": [option.band for option in question.options],
        "assumed": _assumed(entry, axis, choices),
        "told": messages("answer_assumed", question=question.name, answer=answer),
        "moves": question.id in choices.engine.moves_money,
        "resets": {name: dict(answers) for name, answers in entry.resets.items()},
    }


def _assumed(question: Question, axis: Axis, choices: _Choices) -> list[int]:
    """The option that stands for the assumed answer, counted from 1, and its band."""
    if question.assumed is None:
        return [0, 0]
    values, band = choices.values(axis), axis.band(question.assumed)
    if question.assumed in values:
        return [1 + [*values].index(question.assumed), band]
    return [next((n for n, value in enumerate(values, 1) if axis.band(value) == band), 0), band]


def _standing(standing: Standing, week: Week, choices: _Choices) -> list[Any]:
    """The role of the verdict; what is recommended and aimed at, whether weakly or closely, and how
    open each channel is; by variant the headline, and lines below it; this week; the channel that
    the verdict is about."""
    decision, rulebook = choices.decision, choices.engine.rulebook
    messages, steps = decision.messages, [*rulebook.steps]
    recommended, aim, weak, close, access, _ = standing
    main = standing.main
    names = {name: messages.text(channel.name) for name, channel in rulebook.channels.items()}
    now = main == recommended
    titles = {"": headline(names[main] if main else None, messages, now=now)}
    for variant in rulebook.channels[main].variants if main else ():
        do = messages.text(variant.do or variant.name)
        titles[variant.id] = headline(do, messages, now=now)
    return [
        role_of(recommended, aim, weak=weak),
        [recommended, aim, weak, close, [*access]],
        titles,
        [*_lines(standing, names, choices)],
        [[[steps.index(name), table] for name, table in listed] for listed in week],
        main or "",
    ]


def _lines(standing: Standing, names: Mapping[str, str], choices: _Choices) -> Iterator[str]:
    """What is said below the headline."""
    decision = choices.decision
    messages, recommended, aim = decision.messages, standing.recommended, standing.aim
    if aim is None:
        yield messages("live_no_aim")
    elif recommended and standing.weak:
        yield messages("summary_weak", channel=names[recommended])
    elif recommended:
        if standing.close:
            yield messages("live_close", points=decision.thresholds.close_within)
        if aim != recommended:
            yield messages("live_aim", channel=names[aim])


# ---- what costs come to


class _Sums:
    """The margin and the sums by the answers on which they hang: a table over options. Its values
    are the band of the margin, the warning, by channel the numbers where the verdict is about it,
    whether a cost is missing, and what the warning is where a higher price opens something."""

    def __init__(self, choices: _Choices) -> None:
        self.choices, self.engine = choices, choices.engine
        space, economy = self.engine.space, self.engine.rulebook.economy
        conditions = [
            *(stream.when for stream in economy.streams.values()),
            *(line.when for line in economy.lines.values()),
            *(question.applies for question in economy.inputs.values()),
        ]
        self._conditions = sorted({space.bits(condition) for condition in conditions})
        read = functools.reduce(or_, self._conditions, 0)
        self._ahead = [
            functools.reduce(or_, space.applies[axis:], read) for axis in range(len(space.axes))
        ]
        self._builder = TableBuilder()
        self._reached: dict[tuple[object, ...], int] = {}
        self._known: dict[object, int] = {}
        self._break_even: dict[object, Decimal | None] = {}
        root = self._behind(0, space.everything, {**choices.seller.given})
        self.table = self._builder.finished(root)
        self._values: list[Any] = [json.loads(str(value)) for value in self.table.values]
        self.margins = {margin for margin, *_ in self._values} | {
            margin for *_, openings in self._values for margin, *_ in openings
        }

    def packed(self, margins: Sequence[int]) -> dict[str, str]:
        """The table for the page, which counts the margins that can occur from 1."""
        number = {margin: 1 + place for place, margin in enumerate(margins)}
        values = [
            [number[margin], *more, [[number[then], *opening] for then, *opening in openings]]
            for margin, *more, openings in self._values
        ]
        options = [len(self.choices.values(axis)) for axis in self.engine.space.axes]
        return tables.packed({"sums": (self.table, values)}, options)

    def _behind(self, axis: int, live: int, given: dict[str, Value]) -> int:
        space = self.engine.space
        while True:
            if axis == len(space.axes):
                return self._end(live, given)
            here, masks = space.axes[axis], space.masks[axis]
            question = here.question
            if axis == 0 or question.derived:
                band = self.choices.seller.situation.cell[0] if axis == 0 else here.assumed
                live, axis = live & masks[band], axis + 1
            elif not live & space.applies[axis]:
                live, axis = live & masks[0], axis + 1
            else:
                break
        state = (axis, live & self._ahead[axis], *self._fixed(given))
        if state not in self._reached:
            children = (
                self._behind(
                    axis + 1, live & masks[here.band(answer)], {**given, question.id: answer}
                )
                for answer in self.choices.values(here)
            )
            self._reached[state] = self._builder.node(axis, tuple(children), whole=False)
        return self._reached[state]

    def _fixed(self, given: Given) -> tuple[Value | None, Value | None]:
        """The market and the price, which the sums read themselves."""
        roles = self.engine.rulebook.economy.roles
        assert roles
        return given.get(roles.market), given.get(roles.price)

    def _end(self, live: int, given: Given) -> int:
        """What these answers come to; worked out once for those with the same lines."""
        market, price = self._fixed(given)
        lines = market, *(bool(live & bits) for bits in self._conditions)
        alike = price, lines
        if alike not in self._known:
            engine, messages = self.engine, self.choices.messages
            situation = complete_with_defaults(engine.rulebook, engine.space, given)
            economics = engine.economics(situation, given)
            axis, margin = engine.space.axes[self.choices.margin], economics.margin()
            values: list[Any] = [axis.assumed, "", {}, False, []]
            if margin is not None:
                values = [
                    axis.band(margin),
                    warning_of_order(economics, messages),
                    self._tiles(economics, lines),
                    bool(incomplete(economics)),
                    [*self._openings(economics)],
                ]
            self._known[alike] = self._builder.end(json.dumps(values, ensure_ascii=False))
        return self._known[alike]

    def _openings(self, economics: Economics) -> Iterator[tuple[int, int, str | None]]:
        """Where the warning would name the price that opens something: for every better margin, the
        lowest price first, the margin, the band of its price, and the warning with that price."""
        if not names_opening_price(economics):
            return
        roles, states = economics.roles, economics.economy.margins
        prices = (
            (economics.price_for(margin), margin)
            for margin in (*(state.id for state in states), roles.healthy)
        )
        margins, axis = self.engine.space.axes[self.choices.margin], self.engine.axis(roles.price)
        for price, margin in sorted((price, margin) for price, margin in prices if price):
            warning = warning_of_order(economics, self.choices.messages, price)
            yield margins.band(margin), axis.band(price), warning

    def _tiles(self, economics: Economics, lines: object) -> dict[str, list[Tile]]:
        """By channel, the numbers where the verdict is about it; by "" where it is about none."""
        messages, cash = self.choices.messages, cash_of(economics, self.choices.messages)
        tied = {way.stream: way for way in cash.streams}
        more = incomplete(economics)
        paying = {
            stream.channel
            for stream in economics.streams
            if economics.roles.commission in economics.order_figures(stream)
        }
        ways = [
            Way(
                stream.channel,
                stream.id,
                messages.text(stream.name),
                before_shipping(stream, economics),
                economics.profit(stream).middle or Decimal(0),
                self._lowest_price(stream, economics, lines),
                stream.channel in paying,
                economics.reference in (None, stream),
                tied.get(stream.id),
                stream.id in more,
            )
            for stream in economics.streams
        ]
        most, alike = economics.most_commission, comparable(economics)
        by_channel: dict[str, list[Tile]] = {}
        by_way: dict[str, list[Tile]] = {}
        for channel in ("", *self.engine.rulebook.channels):
            figures = key_figures(ways, channel, most, cash, comparable=alike)
            way = figures.way.stream
            by_way[way] = by_channel[channel] = by_way.get(way) or [*tiles(figures, messages)]
        return by_channel

    def _lowest_price(self, stream: Stream, economics: Economics, lines: object) -> Decimal | None:
        """The break-even price, which hangs on the lines and not on the seller's price."""
        key = stream.id, lines
        if key not in self._break_even:
            self._break_even[key] = economics.break_even_price(stream)
        return self._break_even[key]
