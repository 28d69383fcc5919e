"""The results of all other answers to one seller's goods, worded and packed for the page.

The page carries results and looks them up (see engine/alternatives.py). Where costs were given, it
also carries what they come to: the margin and the sums for every price and every other answer on
which they hang. What is sold is held; so are the costs.
"""

from __future__ import annotations

import base64
import functools
import json
import zlib
from collections.abc import Hashable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import or_
from typing import Any, NamedTuple

from choose_channel.answers.format import answer_text
from choose_channel.answers.kinds import Bands, kind_of
from choose_channel.answers.situation import complete_with_defaults
from choose_channel.answers.space import Axis
from choose_channel.engine.alternatives import Alternatives, Nodes, Shown, Standing, alternatives
from choose_channel.engine.decision import Decision
from choose_channel.engine.plan import THIS_WEEK
from choose_channel.messages.i18n import sanitize
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import UNKNOWN, Question, Value
from choose_channel.money.cash_flow import cash_of
from choose_channel.money.summary import before_shipping, warning_of_order
from choose_channel.money.unit_economics import Economics
from choose_channel.report.first_screen import WayFigures, about, figures_of, headline, role_of

_SEVERITIES = ("critical", "warning", "note")
_STEPS = tuple(map(Decimal, ("0.75", "1.25", "1.5", "2")))
"""The prices that can be chosen where costs were given, as shares of the seller's own."""
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
    """What the page shows and looks up. `goods` says what is sold, `costs` whether sums are told;
    `data` is packed: JSON, compressed (zlib), in base64."""

    questions: tuple[WhatIfQuestion, ...]
    channels: tuple[str, ...]
    goods: str
    costs: bool
    data: str


def pack(decision: Decision) -> WhatIf | None:
    """The results of other answers to the same goods; None where there are too many, or where
    nothing else can be answered."""
    engine = decision.seller.engine
    goods = engine.space.axes[0]
    cell = decision.seller.situation.cell
    choices = _Choices(decision)
    sums = _Sums(decision, choices) if choices.prices else None
    margins = sums.margins if sums else {cell[choices.margin]} if choices.margin else ()
    found = alternatives(engine, {goods.question.id: cell[0]}, margins)
    never = found.nodes.end(False) if found else 0
    asked = [one for one in choices.questions if found and found.applies[one.id] != never]
    if found is None or not asked:
        return None
    messages = decision.messages
    return WhatIf(
        tuple(asked),
        tuple(decision.channel(name).name for name in engine.rulebook.channels),
        answer_text(goods.question, decision.seller.situation.values[goods.question.id], messages),
        sums is not None,
        _packed(_data(decision, found, choices, sums)),
    )


def _packed(data: dict[str, Any]) -> str:
    text = json.dumps(_safe(data), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _safe(data: Any) -> Any:
    """The data with every text made safe to show."""
    if isinstance(data, str):
        return sanitize(data)
    if isinstance(data, dict):
        return {key: _safe(value) for key, value in data.items()}
    return [*map(_safe, data)] if isinstance(data, (list, tuple)) else data


# ---- what can be chosen


class _Choices:
    """The questions and their answers, as they can be chosen on the page."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.seller = decision, decision.seller
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
        yield from sorted({middle, *(one for one in others if one <= question.maximum)})

    def values(self, axis: Axis) -> Sequence[Value]:
        """The answers that can be chosen; of a number, the seller's own stands for its band."""
        question = axis.question
        if question.id == self.price:
            return self.prices
        own = self.seller.given.get(question.id, UNKNOWN)
        if not isinstance(own, Decimal):
            return axis.answers
        return [own if axis.band(own) == axis.band(one) else one for one in axis.answers]

    def _question(self, axis: Axis) -> WhatIfQuestion:
        question, messages = axis.question, self.decision.messages
        values = self.values(axis)
        if question.id == self.price:
            labels: Sequence[str] = [answer_text(question, one, messages) for one in values]
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
                Option(to_text(one), axis.band(one), label)
                for one, label in zip(values, labels, strict=True)
            ),
            start,
            answer_text(question, assumed, messages) if is_open and assumed is not None else "",
        )


# ---- what is looked up


def _data(
    decision: Decision, found: Alternatives, choices: _Choices, sums: _Sums | None
) -> dict[str, Any]:
    engine, messages = decision.seller.engine, decision.messages
    book, cell = engine.rulebook, decision.seller.situation.cell
    number = {name: place for place, name in enumerate(book.questions)}
    questions = []
    for one in choices.questions:
        question = book.questions[one.id]
        axis = engine.axis(one.id)
        questions.append(
            {
                "axis": number[one.id],
                "applies": found.applies[one.id],
                "bands": [option.band for option in one.options],
                "assumed": _assumed(question, axis, choices),
                "told": messages("answer_is", question=one.name, answer=_told(question, decision)),
                "resets": _resets(question),
            }
        )
    steps = {name: place for place, name in enumerate(book.steps)}
    pitfalls = {name: place for place, name in enumerate(book.pitfalls)}
    return {
        "held": [*cell],
        "names": [one.id for one in choices.questions],
        "margin": choices.margin,
        "unknown": _assumed_band(engine.space.axes[choices.margin]),
        "price": choices.price,
        "questions": questions,
        "nodes": found.nodes.nodes,
        "values": [_plain(value) for value in found.nodes.values],
        "fits": [found.fits[name] for name in book.channels],
        "standing": found.standing,
        "standings": [_standing(one, decision, steps, pitfalls) for one in found.standings],
        "steps": [
            [step.id, messages.text(step.title), number.get(step.settles or "", -1)]
            for step in book.steps.values()
        ],
        "pitfalls": [
            [one.same_as or one.id, messages.text(one.title), [number[n] for n in one.assumed]]
            for one in book.pitfalls.values()
        ],
        "severities": [[one, messages(f"severity_{one}")] for one in _SEVERITIES],
        "channels": [*book.channels],
        "week": THIS_WEEK,
        "sums": sums and {"root": sums.root, "nodes": sums.nodes.nodes, "values": sums.told},
    }


def _plain(value: Hashable) -> Any:
    if isinstance(value, Shown):
        return [_SEVERITIES.index(value.severity), int(value.only_open)]
    return value


def _assumed(question: Question, axis: Axis, choices: _Choices) -> list[int]:
    """The option that stands for the assumed answer, counted from 1, and its band."""
    if question.assumed is None:
        return [0, 0]
    values, band = choices.values(axis), axis.band(question.assumed)
    if question.assumed in values:
        return [1 + [*values].index(question.assumed), band]
    return [next((n for n, one in enumerate(values, 1) if axis.band(one) == band), 0), band]


def _told(question: Question, decision: Decision) -> str:
    """The assumed answer as a person says it."""
    if question.assumed is None:
        return ""
    return answer_text(question, question.assumed, decision.messages)


def _resets(question: Question) -> dict[str, dict[str, str]]:
    return {name: dict(answers) for name, answers in question.resets.items()}


def _standing(
    standing: Standing, decision: Decision, steps: dict[str, int], pitfalls: dict[str, int]
) -> list[Any]:
    """The role of the verdict, its ids and its texts, where to look up the rest, and the channel
    that it is about."""
    scores, messages = standing.scores, decision.messages
    book = decision.seller.engine.rulebook
    names = {name: messages.text(one.name) for name, one in book.channels.items()}
    aim = names[scores.aim] if scores.aim else None
    titles = {"": headline(None, aim, messages)}
    if scores.recommended and not scores.weak:
        titles[""] = headline(names[scores.recommended], aim, messages)
        for variant in book.channels[scores.recommended].variants:
            do = messages.text(variant.do or variant.name)
            titles[variant.id] = headline(do, aim, messages)
    lines = []
    if scores.aim is None:
        lines.append(messages("live_no_aim"))
    elif scores.recommended is None:
        pass
    elif scores.weak:
        lines.append(messages("summary_weak", channel=names[scores.recommended]))
    else:
        points = decision.thresholds.close_within
        lines += [messages("live_close", points=points)] if scores.close else []
        if scores.aim != scores.recommended:
            lines.append(messages("live_aim", channel=aim))
    role = role_of(scores.recommended, scores.aim, weak=scores.weak)
    main = about(scores.recommended, scores.aim, weak=scores.weak) or ""
    ids = [scores.recommended, scores.aim, scores.weak, scores.close, [*scores.access.values()]]
    week = [[[steps[name], root] for name, root in listed] for listed in standing.week]
    dangers = [[pitfalls[name], root] for name, root in standing.pitfalls.items()]
    return [role, ids, titles, lines, standing.variant, week, dangers, main]


# ---- what costs come to


class _Sums:
    """The margin and the sums by the answers on which they hang: a diagram over options. `told`
    holds for each end the band of the margin, the warning and the numbers."""

    def __init__(self, decision: Decision, choices: _Choices) -> None:
        self.decision, self.choices = decision, choices
        self.engine = decision.seller.engine
        self.nodes: Nodes[str] = Nodes()
        economy = self.engine.rulebook.economy
        bits = self.engine.space.bits
        conditions = [
            *(bits(stream.when) for stream in economy.streams.values()),
            *(bits(line.when) for line in economy.lines.values()),
            *(bits(one.applies) for one in economy.inputs.values()),
        ]
        self._read = functools.reduce(or_, conditions, 0)
        self._reached: dict[tuple[object, ...], int] = {}
        self._known: dict[object, int] = {}
        given = {**decision.seller.given}
        everything = self.engine.space.everything
        self.root = self._behind(0, everything, given)
        self.told = [json.loads(value) for value in self.nodes.values]
        self.margins = {told[0] for told in self.told}

    def _behind(self, axis: int, live: int, given: dict[str, Value]) -> int:
        space = self.engine.space
        while True:
            if axis == len(space.axes):
                return self._end(given)
            here, masks = space.axes[axis], space.masks[axis]
            question = here.question
            if axis == 0 or question.derived:
                band = self.decision.seller.situation.cell[0] if axis == 0 else _assumed_band(here)
                live, axis = live & masks[band], axis + 1
            elif not live & space.applies[axis]:
                live, axis = live & masks[0], axis + 1
            else:
                break
        ahead = functools.reduce(or_, space.applies[axis:], self._read)
        roles = self.engine.rulebook.economy.roles
        assert roles
        fixed = given.get(roles.market), given.get(roles.price)
        state = (axis, live & ahead, *fixed)
        if state not in self._reached:
            children = [
                self._behind(axis + 1, live & masks[here.band(one)], {**given, question.id: one})
                for one in self.choices.values(here)
            ]
            self._reached[state] = self.nodes.node(axis, [children[0], *children])
        return self._reached[state]

    def _end(self, given: dict[str, Value]) -> int:
        """What these answers come to; worked out once for those whose figures are the same."""
        book, space, messages = self.engine.rulebook, self.engine.space, self.decision.messages
        situation = complete_with_defaults(book, space, given)
        economics = Economics(book, space, situation, given)
        alike = (
            economics.price,
            tuple(
                (one.id, tuple(economics.order_figures(one).items())) for one in economics.streams
            ),
            tuple((line.id, economics.figure(line.id)) for line in economics.lines),
            tuple(stream.id for stream, _ in economics.not_worked_out),
        )
        if alike not in self._known:
            axis, margin = space.axes[self.choices.margin], economics.margin()
            if margin is None:
                return self.nodes.end(json.dumps([_assumed_band(axis), "", []]))
            ways = self._ways(economics)
            figures = {
                channel: figures_of(ways, channel, economics.most_commission, messages)
                for channel in ("", *self.engine.rulebook.channels)
            }
            told = [axis.band(margin), warning_of_order(economics, messages), figures]
            self._known[alike] = self.nodes.end(json.dumps(told, ensure_ascii=False))
        return self._known[alike]

    def _ways(self, economics: Economics) -> list[WayFigures]:
        """The ways of selling in numbers."""
        messages = self.decision.messages
        commission = economics.roles.commission
        paying = {
            one.channel for one in economics.streams if commission in economics.order_figures(one)
        }
        cash = {one.stream: one for one in cash_of(economics, messages).streams}
        return [
            WayFigures(
                stream.channel,
                messages.text(stream.name),
                before_shipping(stream, economics),
                economics.profit(stream).middle,
                economics.break_even_price(stream),
                stream.channel in paying,
                economics.multiple(stream) is None,
                cash.get(stream.id),
            )
            for stream in economics.streams
        ]


def _assumed_band(axis: Axis) -> int:
    return axis.band(axis.question.assumed) if axis.question.assumed is not None else 0
