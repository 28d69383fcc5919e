"""What a report says of the money, in the seller's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_UP, Decimal

from choose_channel.messages.i18n import Messages, Text
from choose_channel.model.rulebook import LINE_KINDS, Line, Margin, Stream
from choose_channel.money.cash_flow import cash_of, line_span, rate_of, shipping_lines
from choose_channel.money.format import Span, percent, short, span, times, usd
from choose_channel.money.order import Order, cents, dollars
from choose_channel.money.results import Cash, Hybrid, Money, Monthly, StreamMoney
from choose_channel.money.unit_economics import Economics

_ZERO, _ONE, _TEN, _HUNDRED, _THOUSAND = map(Decimal, (0, 1, 10, 100, 1000))
_TENTH, _NEAR = Decimal("0.1"), Decimal("1.03")
_NONE = "–"


def money_of(
    economics: Economics, messages: Messages, opening_price: Decimal | None = None
) -> Money | None:
    """The money of one seller; None where it cannot be worked out. `opening_price` is the lowest
    price that alone opens a channel, where there is one."""
    if not economics.ready:
        return None
    streams = tuple(_stream_money(stream, economics, messages) for stream in economics.streams)
    prices = [stream.break_even_price for stream in streams if stream.break_even_price is not None]
    cash, hybrid = cash_of(economics, messages), _hybrid(economics)
    summary = [_summary(economics, messages), *not_worked_out(economics, messages)]
    left_out = _left_out_of_comparison(economics)
    if texts := dict.fromkeys(messages.text(line.absent) for line in left_out if line.absent):
        summary.append(messages("money_not_in_this", texts=messages.listing(texts)))
    return Money(
        market=economics.market,
        margin=economics.margin() or "",
        warning=warning_of_order(economics, messages, opening_price),
        summary=messages.sentences(summary),
        summary_facts=_summary_facts(economics, streams),
        channels=streams,
        break_even_multiple=_multiple(economics),
        max_creator_commission=economics.most_commission,
        break_even_price=min(prices, default=None),
        cash=cash,
        hybrid=hybrid,
        notices=tuple(_notices(economics, messages, streams, cash, hybrid)),
        own=tuple(_own(economics, hybrid)),
    )


def _multiple(economics: Economics) -> Span | None:
    """How many times the orders of the reference the compared stream must bring."""
    return economics.multiple(economics.compared) if economics.compared else None


# ---- an order, and a month


def _stream_money(stream: Stream, economics: Economics, messages: Messages) -> StreamMoney:
    orders = economics.orders(stream)
    lines = []
    for line in economics.lines_of(stream):
        if any(line.id in order.lines for order in orders):
            low, middle, high = (order.lines.get(line.id, _ZERO) for order in orders)
            lines.append(line_span(line, (low, middle, high), economics, messages))
    return StreamMoney(
        id=stream.channel,
        stream=stream.id,
        name=messages.text(stream.name),
        before_shipping=before_shipping(stream, economics),
        lines=tuple(lines),
        profit_per_order=economics.profit(stream),
        break_even_price=economics.break_even_price(stream),
        break_even_multiple=economics.multiple(stream),
        monthly=_monthly(stream, orders, economics),
    )


def before_shipping(stream: Stream, economics: Economics) -> bool:
    """Whether what shipping costs is not known."""
    return any(economics.figure(line.id) is None for line in _shipping(stream, economics))


def _shipping(stream: Stream, economics: Economics) -> list[Line]:
    """What only the seller can know of shipping; of a duty there are facts."""
    return [line for line in shipping_lines(stream, economics) if not line.cites]


def _monthly(
    stream: Stream, orders: tuple[Order, Order, Order], economics: Economics
) -> Monthly | None:
    """A month of the seller's own videos; how often others show theirs, nobody knows."""
    roles, reference = economics.roles, economics.reference
    views, rate = (economics.inputs.get(name) for name in (roles.views, roles.orders_per_1000))
    if views is None or rate is None or reference is None:
        return None
    if stream not in (reference, economics.compared):
        return None
    times = Span(_ONE, _ONE, _ONE) if stream == reference else economics.times()
    counts = [views * rate / _THOUSAND * (multiple or _ZERO) for multiple in times]
    paid = sum((figure for _, figure in _monthly_costs(stream, economics)), _ZERO)
    worst, middle, best = (order.profit for order in orders)
    ends = [count * profit for count in (counts[0], counts[2]) for profit in (worst, best)]
    profits = min(ends), counts[1] * middle, max(ends)
    left = (dollars(cents(profit - paid)) for profit in profits)
    return Monthly(Span(*counts), Span(*left))


def _monthly_costs(stream: Stream, economics: Economics) -> Iterator[tuple[Line, Decimal]]:
    """The lines that a way of selling pays by the month, with their figures in the middle."""
    for line in economics.lines_of(stream):
        figure = economics.figure(line.id) if line.kind == "monthly" else None
        if figure:
            yield line, figure.middle


# ---- sentences


def _summary(economics: Economics, messages: Messages) -> str:
    """One sentence that compares the two ways of selling, or tells what the only one leaves."""
    compared, reference, multiple = economics.compared, economics.reference, _multiple(economics)
    if not compared or not reference or multiple is None:
        stream = compared or reference or economics.streams[0]
        left = span(economics.profit(stream), usd, messages)
        return messages("money_summary_one", stream=messages.text(stream.name), profit=left)
    own, other = economics.profit(compared), economics.profit(reference)
    apart = {
        "money_summary_both_lose": _loses(own) and _loses(other),
        "money_summary_shop_loses": _loses(own),
        "money_summary_link_loses": _loses(other),
        "money_summary_apart": not comparable(economics),
    }
    for key, holds in apart.items():
        if holds:
            return messages(key, shop=span(own, usd, messages), link=span(other, usd, messages))
    return _comparison(economics, multiple, messages)


def _comparison(economics: Economics, multiple: Span, messages: Messages) -> str:
    """How many orders of one way earn as much as those of the other."""
    measured = economics.roles.own_multiple in economics.inputs
    rule = span(economics.times(), short, messages)
    words = {"rule": messages("money_rule_own" if measured else "money_rule", rule=rule)}
    if multiple.high is None:
        return messages("money_summary_open", least=times(multiple.low or _ZERO), **words)
    base = _base(multiple.high)
    least, enough = (f"{_whole((end or _ZERO) * base):,f}" for end in (multiple.low, multiple.high))
    key = "money_summary_pays" if least == enough else "money_summary_range"
    return messages(key, orders=enough, least=least, base=f"{base:,f}", **words)


def comparable(economics: Economics) -> bool:
    """Whether the orders of one way of selling can be told in orders of the other: what shipping
    costs is known of both or of neither, so is duty, and all else that only the seller can know."""
    pair = _pair(economics)
    if len(pair) < 2:
        return True
    lines = [economics.lines_of(stream) for stream in pair]
    others = [
        line
        for line in _not_shipping(economics)
        if not line.cites and not all(line in paid for paid in lines)
    ]
    lacking = {
        (before_shipping(stream, economics), _lacks_amount(stream, economics)) for stream in pair
    }
    return not others and len(lacking) == 1


def _lacks_amount(stream: Stream, economics: Economics) -> bool:
    """Whether some of what is paid when an order ships is not known, a duty included."""
    return any(economics.figure(line.id) is None for line in shipping_lines(stream, economics))


def _pair(economics: Economics) -> list[Stream]:
    """The ways of selling that are compared."""
    return [stream for stream in (economics.compared, economics.reference) if stream]


def _base(multiple: Decimal) -> Decimal:
    """Of how many orders of the reference a multiple is told: of ten, or of as many as it takes
    that whole orders say it within three in a hundred."""
    bases = (base for base in (_TEN, _HUNDRED) if multiple * base > 1)
    return next(
        (base for base in bases if _whole(multiple * base) <= multiple * base * _NEAR), _THOUSAND
    )


def _whole(orders: Decimal) -> Decimal:
    """Orders, rounded up to whole ones."""
    return orders.to_integral_value(ROUND_CEILING)


def not_worked_out(economics: Economics, messages: Messages) -> Iterator[str]:
    """The channels that could not be worked out, and the figure that is missing."""
    economy, roles = economics.economy, economics.roles
    for name in (roles.compared, roles.reference):
        for stream, line in economics.not_worked_out:
            if stream.id == name:
                channel = economics.rulebook.channels[economy.streams[name].channel]
                words = {"text": messages.text(line.absent or line.label)}
                yield messages("money_not_worked_out", channel=messages.text(channel.name), **words)


def _summary_facts(economics: Economics, streams: Sequence[StreamMoney]) -> tuple[str, ...]:
    """The rule of thumb, where the summary or a month speaks of it, and what is known of lines
    that are left out."""
    roles = economics.roles
    loses = any(_loses(economics.profit(stream)) for stream in _pair(economics))
    compares = _multiple(economics) is not None and not loses and comparable(economics)
    months = any(stream.monthly and stream.break_even_multiple for stream in streams)
    measured = roles.own_multiple in economics.inputs
    rule = [roles.multiple] if (compares or months) and not measured else []
    cited = (fact for line in _left_out_of_comparison(economics) for fact in line.cites)
    return tuple(dict.fromkeys([*rule, *cited]))


def left_out(economics: Economics, messages: Messages) -> tuple[str, ...]:
    """What every order pays and no figure counts, besides shipping, which marks a way of selling
    as told before it."""
    lines = _not_shipping(economics)
    return tuple(dict.fromkeys(messages.text(line.absent) for line in lines if line.absent))


def _not_shipping(economics: Economics) -> list[Line]:
    shipping = {line.id for stream in economics.streams for line in _shipping(stream, economics)}
    return [line for line in _left_out_of_comparison(economics) if line.id not in shipping]


def incomplete(economics: Economics) -> frozenset[str]:
    """The ways of selling whose every order has a cost that nobody gave, so that an order leaves
    less than is known."""
    return frozenset(
        stream.id
        for stream in economics.streams
        if before_shipping(stream, economics)
        or any(_is_missing(line, economics) for line in economics.lines_of(stream))
    )


def days_left_out(economics: Economics, messages: Messages) -> dict[str, tuple[str, ...]]:
    """By way of selling, the days that nobody gave where some are known."""
    missing = {}
    for stream in economics.streams:
        days = [line for line in economics.lines_of(stream) if line.kind == "days"]
        absent = [line.absent for line in days if line.absent and not economics.figure(line.id)]
        if any(economics.figure(line.id) for line in days):
            missing[stream.id] = tuple(map(messages.text, absent))
    return missing


def _left_out_of_comparison(economics: Economics) -> list[Line]:
    """What the comparison leaves out for want of a figure, though every order pays it. How many
    come back is not among it: a seller may well not know."""
    lines = {line.id: line for stream in _pair(economics) for line in economics.lines_of(stream)}
    return [line for line in lines.values() if _is_missing(line, economics)]


def _is_missing(line: Line, economics: Economics) -> bool:
    """Whether every order pays this line and nobody knows how much."""
    pays = LINE_KINDS[line.kind].every_order and not line.optional
    return pays and line.absent is not None and not economics.figure(line.id)


def names_opening_price(economics: Economics) -> bool:
    """Whether the warning names a price that opens a channel, if there is one: where several ways
    lose. That price hangs on all answers, not on the order alone."""
    margin = economics.margin()
    states = (state for state in economics.economy.margins if state.id == margin)
    return any(len(_losing(state, economics)) > 1 for state in states)


def _losing(state: Margin, economics: Economics) -> list[Stream]:
    return [stream for stream in economics.streams if stream.id in state.streams]


def warning_of_order(
    economics: Economics, messages: Messages, opening_price: Decimal | None = None
) -> str | None:
    """What has to be said before anything else: the state of the margin, and which of the two ways
    of selling that are compared loses in the worst case, though not at the middle figures."""
    margin = economics.margin()
    warnings = [
        _warned(state, state.warning, economics, messages, opening_price)
        for state in economics.economy.margins
        if state.id == margin and state.warning
    ]
    for stream in (economics.compared, economics.reference):
        low, middle, _ = economics.profit(stream) if stream else (_ZERO, _ZERO, _ZERO)
        if stream and low is not None and middle is not None and low < 0 < middle:
            name = messages.text(stream.name)
            words = {"stream": name, "low": usd(low), "middle": usd(middle)}
            warnings.append(messages("money_may_lose", **words))
    return messages.sentences(warnings) or None


def _warned(
    state: Margin,
    warning: Text,
    economics: Economics,
    messages: Messages,
    opening_price: Decimal | None,
) -> str:
    """The warning of a state. Where several ways lose, a price at which only one pays that has
    other locks would be of no use: then the price is the one that opens something."""
    streams = _losing(state, economics)
    left = max(getattr(economics.profit(stream), state.case) for stream in streams)
    price = (opening_price if len(streams) > 1 else None) or economics.price_ending()
    rate = economics.figure(economics.roles.commission)
    return messages.text(warning).format(
        left=usd(left),
        break_even=usd(price) if price is not None else _NONE,
        commission=rate_of(rate, messages) if rate else _NONE,
        max_commission=percent(economics.most_commission or _ZERO),
        profit=_middle_profit(economics.compared, economics, messages),
        link=_middle_profit(economics.reference, economics, messages),
    )


def _middle_profit(stream: Stream | None, economics: Economics, messages: Messages) -> str:
    if stream is None:
        return _NONE
    amount = usd(economics.profit(stream).middle or _ZERO)
    known = not before_shipping(stream, economics)
    return amount if known else messages("amount_before_shipping", amount=amount)


def _notices(
    economics: Economics,
    messages: Messages,
    streams: Sequence[StreamMoney],
    cash: Cash,
    hybrid: Hybrid | None,
) -> Iterator[str]:
    """What is not counted, and what was given in vain."""
    yield messages("money_never_counted")
    if any(line.kind == "returns" and economics.figure(line.id) for line in economics.lines):
        yield messages("money_returned")
    lines = [*economics.lines, *_lead_lines(economics, hybrid)]
    missing = _left_out_of_comparison(economics)
    absent = [line for line in lines if not economics.figure(line.id)]
    others = [line.absent for line in absent if line.kind != "days" and line not in missing]
    if texts := dict.fromkeys(messages.text(text) for text in others if text):
        yield messages("money_not_counted", texts=messages.together(texts))
    unused = _unused(economics, streams, cash, hybrid)
    if unused:
        inputs = economics.economy.inputs
        names = messages.listing(messages.text(inputs[name].short) for name in unused)
        yield messages("money_unused", names=names)


def _unused(
    economics: Economics, streams: Sequence[StreamMoney], cash: Cash, hybrid: Hybrid | None
) -> list[str]:
    """The inputs that nothing was worked out of, for want of others or of a line."""
    roles = economics.roles
    lines = [line for stream in streams for line in stream.lines]
    lines += [line for stream in cash.streams for line in stream.lines]
    lines += [cash.deposit] if cash.deposit else []
    used = {line.input for line in lines} | {roles.unit_cost, roles.pieces}
    used |= {roles.own_multiple} if _multiple(economics) else set()
    # An input that only waits for another figure is of use.
    waiting = (stream for stream, _ in economics.not_worked_out)
    used |= {line.input for stream in waiting for line in economics.lines_of(stream)}
    used |= {roles.lead_price} if roles.lead_cost in used else set()
    used |= {economics.economy.rate}
    if any(stream.monthly for stream in streams):
        used |= {roles.views, roles.orders_per_1000}
        used |= {
            line.input
            for stream in economics.streams
            for line, _ in _monthly_costs(stream, economics)
        }
    if hybrid:
        used |= {roles.lead_price, roles.lead_cost}
        used |= {line.input for line in _lead_lines(economics, hybrid)}
    return [name for name in economics.inputs if name not in used]


def _own(economics: Economics, hybrid: Hybrid | None) -> Iterator[str]:
    """The inputs that stand where a fact would."""
    lines = [*economics.lines, *_lead_lines(economics, hybrid)]
    names = [line.input for line in lines if line.facts]
    names += [economics.roles.own_multiple] if _multiple(economics) else []
    yield from dict.fromkeys(name for name in names if name in economics.inputs and name)


# ---- the lead product


def _lead_lines(economics: Economics, hybrid: Hybrid | None) -> list[Line]:
    """The lines of the lead product, where it is worked out."""
    return economics.lines_of(economics.lead) if hybrid and economics.lead else []


def _hybrid(economics: Economics) -> Hybrid | None:
    roles, lead_stream, reference = economics.roles, economics.lead, economics.reference
    price, cost = (economics.inputs.get(name) for name in (roles.lead_price, roles.lead_cost))
    if price is None or cost is None or lead_stream is None or reference is None:
        return None
    lead = economics.profit(lead_stream, price)
    main = economics.profit(reference)
    shares = [_share(*pair) for pair in zip(lead, main, strict=True)]
    figures = (economics.figure(line.id) for line in economics.lines_of(lead_stream))
    facts = dict.fromkeys(figure.fact for figure in figures if figure and figure.fact)
    return Hybrid(lead, main, Span(*reversed(shares)), tuple(facts))


def _loses(profit: Span) -> bool:
    """Whether nothing is left at the middle figures."""
    return profit.middle is not None and profit.middle <= 0


def _share(lead: Decimal | None, main: Decimal | None) -> Decimal | None:
    """How many of a hundred lead buyers must buy the main item; None where it cannot make up."""
    if lead is None or main is None or lead >= 0:
        return _ZERO
    return (-lead / main * _HUNDRED).quantize(_TENTH, ROUND_UP) if main > 0 else None
