"""One cell: which gates and rules hold there, and what follows for each channel. Pure.

`evaluate` is the only implementation of the semantics. Everything else in the product is this
function over a set of cells.
"""

import functools
from collections.abc import Iterable, Mapping
from operator import or_
from typing import NamedTuple

from choose_channel.answers.space import Space, single_terms
from choose_channel.model.conditions import Condition
from choose_channel.model.rulebook import ACCESS, Access, Gate, Pitfall, Rule, Rulebook, Severity


class Scores(NamedTuple):
    """How the channels stand in one cell, in the rulebook's order of channels.

    The recommended one is weak where its fit is low and the aim is another.
    """

    fit: Mapping[str, int]
    access: Mapping[str, Access]
    recommended: str | None
    aim: str | None
    weak: bool
    close: bool


class Verdict(NamedTuple):
    """Which channel to play and which to aim for (see Scores)."""

    recommended: str | None
    aim: str | None
    weak: bool


class Evaluation(NamedTuple):
    """Everything that holds in one cell."""

    scores: Scores
    gates: tuple[Gate, ...]
    rules: tuple[Rule, ...]
    variants: Mapping[str, str | None]
    pitfalls: tuple[Pitfall, ...]
    critical: tuple[str, ...]
    """The ids of the critical ones among the pitfalls, apart from those shown only because a
    question was left open."""


_CHUNK = 24
_ALL_OF_CHUNK = (1 << _CHUNK) - 1
_KEPT = 5_000
"""So many sums of a chunk are remembered: an entangled rulebook must not fill the memory."""
_SCORES_KEPT = 200_000
"""So many scores are remembered, for the same reason."""


class _Chunk(dict[int, int]):
    """The sum of what some neighbouring terms contribute, by which of them hold."""

    def __init__(self, contributions: list[int]) -> None:
        super().__init__()
        self.contributions = contributions

    def __missing__(self, holding: int) -> int:
        total = sum(value for n, value in enumerate(self.contributions) if holding >> n & 1)
        if len(self) < _KEPT:
            self[holding] = total
        return total


class _Ready(NamedTuple):
    """A pitfall with the terms of its conditions: when it holds, when it is critical, and when a
    gate fires that it explains."""

    pitfall: Pitfall
    when: int
    critical: int
    gates: int


class Evaluator:
    """A rulebook made ready to be evaluated at many cells, each given as its terms (see Space).

    Where a condition holds, exactly one of its terms does, so points and gates add up term by term.
    All sums of a cell are kept in one number, a lane each: the fit of every channel, then how many
    gates lock each, then how many close each. For example, with two channels and lanes of 8 bits,
    each term of a rule that gives the first channel 5 points and takes 3 from the second adds
    5 - (3 << 8), and each term of a gate that locks the second adds 1 << 24 (the fourth lane).
    """

    def __init__(self, rulebook: Rulebook, space: Space) -> None:
        self.rulebook = rulebook
        self.space = space
        self._bits = bits = self.space.bits
        self._rules = [(bits(rule.when), rule) for rule in rulebook.rules.values()]
        self._gates = [(bits(gate.when), gate) for gate in rulebook.gates.values()]
        self._pitfalls = [self._ready(pitfall) for pitfall in rulebook.pitfalls.values()]
        self._by_pitfall = {ready.pitfall.id: ready for ready in self._pitfalls}
        self._can_be_critical = [ready for ready in self._pitfalls if ready.critical]
        self._channels = tuple(rulebook.channels)
        self._variants = {
            channel.id: [(bits(variant.when), variant.id) for variant in channel.variants]
            for channel in rulebook.channels.values()
        }
        # A lane holds any sum there can be; a bias keeps it from borrowing of the next.
        points = [abs(p) for rule in rulebook.rules.values() for p in rule.points.values()]
        width = (sum(points) + len(rulebook.gates)).bit_length() + 1
        self._half, self._full = 1 << (width - 1), (1 << width) - 1
        count = len(self._channels)
        self._lanes = {
            name: tuple((kind * count + number) * width for kind in range(3))
            for number, name in enumerate(self._channels)
        }
        """By channel, where its lanes begin: fit, locks, closes."""
        self._bias = sum(self._half << shift for lanes in self._lanes.values() for shift in lanes)
        self._chunks = self._contributions()
        self._known_scores: dict[int, Scores] = {}
        self._known_critical: dict[tuple[str | None, str | None, int], tuple[str, ...]] = {}
        scored = (bits for entries in (self._rules, self._gates) for bits, _ in entries)
        self.scored = functools.reduce(or_, scored, 0)
        """The terms of all rules and gates."""

    def _ready(self, pitfall: Pitfall) -> _Ready:
        critical = self.space.everything if pitfall.severity == "critical" else 0
        if pitfall.critical_when is not None:
            critical |= self._bits(pitfall.critical_when)
        gates = self.space.bits_of_any(self.rulebook.gates[gate].when for gate in pitfall.gates)
        return _Ready(pitfall, self._bits(pitfall.when), critical, gates)

    def _contributions(self) -> list[tuple[int, _Chunk]]:
        sums: dict[int, int] = {}
        for bits, rule in self._rules:
            _add(sums, bits, self.contribution(rule))
        for bits, gate in self._gates:
            kind = ACCESS.index(gate.access)
            _add(sums, bits, sum(1 << self._lanes[channel][kind] for channel in gate.channels))
        starts = range(0, max(sums, default=-1) + 1, _CHUNK)
        return [(s, _Chunk([sums.get(s + n, 0) for n in range(_CHUNK)])) for s in starts]

    def holds(self, condition: Condition, terms: int) -> bool:
        """Whether a condition of the rulebook holds where these terms do."""
        return bool(terms & self._bits(condition))

    def sum(self, terms: int) -> int:
        """The sums of all lanes where these terms hold, in one number; sums of terms of which none
        is in both may be added."""
        total = 0
        for start, chunk in self._chunks:
            total += chunk[terms >> start & _ALL_OF_CHUNK]
        return total

    def scores(self, terms: int) -> Scores:
        """Access, fit, recommended and aim: remembered, since many cells have the same sums."""
        return self.scores_of(self.sum(terms))

    def scores_of(self, total: int) -> Scores:
        """The scores where the sums of all lanes are these (see `sum`)."""
        scores = self._known_scores.get(total)
        if scores is None:
            scores = self._stand(total)
            if len(self._known_scores) < _SCORES_KEPT:
                self._known_scores[total] = scores
        return scores

    def recommended_of(self, total: int) -> str | None:
        """The recommended channel alone: quicker than the verdict, where many sums are new."""
        total += self._bias
        half, full = self._half, self._full
        best, fit = None, -half
        for name, (own, locks, closes) in self._lanes.items():
            if total >> locks & full == half and total >> closes & full == half:
                points = (total >> own & full) - half
                if points > fit:
                    best, fit = name, points
        return best

    def recommended_alike(self, total: int) -> int:
        """One sum for all those that recommend the same channel, whatever is added to them: a
        locked or closed channel stays so, and of the others only the differences count."""
        biased, alike = total + self._bias, 0
        half, full = self._half, self._full
        first = None
        for own, locks, closes in self._lanes.values():
            if biased >> locks & full != half or biased >> closes & full != half:
                alike += 1 << locks
                continue
            fit = biased >> own & full
            first = fit if first is None else first
            alike += fit - first << own
        return alike

    def access_alike(self, total: int) -> int:
        """One sum for all those with the same fits and access, whatever is added to them: how
        many gates lock or close a channel makes no difference."""
        biased, half, full = total + self._bias, self._half, self._full
        for _, locks, closes in self._lanes.values():
            locking = (biased >> locks & full) - half
            closing = (biased >> closes & full) - half
            if closing:
                total -= (locking << locks) + (closing - 1 << closes)
            elif locking:
                total -= locking - 1 << locks
        return total

    def fit_alike(self, total: int, channel: str) -> int:
        """One sum for all those in which a channel fits as well, whatever is added to them."""
        shift = self._lanes[channel][0]
        return ((total + self._bias >> shift & self._full) - self._half) << shift

    def verdict(self, total: int) -> Verdict:
        """The verdict alone: quicker than all scores, where many sums are new. Only a better fit
        takes the place: ties go to the order in channels.yaml."""
        total += self._bias
        half, full = self._half, self._full
        recommended = aim = None
        best = most = -1
        for name, (own, locks, closes) in self._lanes.items():
            if total >> closes & full == half:  # not closed
                fit = total >> own & full
                if fit > most:
                    aim, most = name, fit
                if fit > best and total >> locks & full == half:  # nor locked
                    recommended, best = name, fit
        fit = self.rulebook.base_fit + best - half
        weak = recommended is not None and aim != recommended and fit < self.rulebook.weak_below
        return Verdict(recommended, aim, weak)

    def _stand(self, total: int) -> Scores:
        rulebook, biased = self.rulebook, total + self._bias
        half, full = self._half, self._full
        recommended, aim, weak = self.verdict(total)
        fit: dict[str, int] = {}
        access: dict[str, Access] = {}
        for name, (own, locks, closes) in self._lanes.items():
            fit[name] = rulebook.base_fit + (biased >> own & full) - half
            locked = biased >> locks & full != half
            access[name] = (
                "closed" if biased >> closes & full != half else "locked" if locked else "open"
            )
        close = recommended is not None and any(
            fit[name] >= fit[recommended] - rulebook.close_within
            for name, state in access.items()
            if state == "open" and name != recommended
        )
        return Scores(fit, access, recommended, aim, weak, close)

    def worth_opening(self, scores: Scores) -> tuple[str, ...]:
        """The channels that the plan works on where nothing is open, by fit: the aim, and others
        unless they fit badly. None where something is."""
        if scores.recommended:
            return ()
        fit, least = scores.fit, self.rulebook.weak_below
        worth = (channel for channel in fit if channel == scores.aim or fit[channel] >= least)
        return tuple(sorted(worth, key=lambda channel: -fit[channel]))

    def evaluate(self, terms: int, assumed: frozenset[str] = frozenset()) -> Evaluation:
        """Everything that holds where these terms do; `assumed` names questions left open."""
        scores = self.scores(terms)
        variants = {name: self.variant(name, terms, scores) for name in self.rulebook.channels}
        shown = self.pitfalls(terms, scores, assumed)
        rules = tuple(rule for bits, rule in self._rules if terms & bits)
        return Evaluation(
            scores, self.gates(terms), rules, variants, shown, self.critical(scores, terms)
        )

    def is_shown(
        self, pitfall: Pitfall, terms: int, scores: Scores, assumed: frozenset[str] = frozenset()
    ) -> bool:
        """Whether a pitfall is shown where these terms hold and the channels stand so."""
        return self._is_shown(self._by_pitfall[pitfall.id], terms, scores, assumed)

    def _is_shown(self, ready: _Ready, terms: int, scores: Scores, assumed: frozenset[str]) -> bool:
        return bool(terms & ready.when) and self._concerns(ready, scores, terms, assumed)

    def pitfalls(
        self, terms: int, scores: Scores, assumed: frozenset[str] = frozenset()
    ) -> tuple[Pitfall, ...]:
        """The pitfalls shown where these terms hold; `assumed` names questions left open."""
        return tuple(
            ready.pitfall
            for ready in self._pitfalls
            if self._is_shown(ready, terms, scores, assumed)
        )

    def contribution(self, rule: Rule) -> int:
        """What a rule adds to the sums of a cell."""
        return sum(points << self._lanes[channel][0] for channel, points in rule.points.items())

    def critical(self, scores: Scores, terms: int) -> tuple[str, ...]:
        """The ids of the critical pitfalls shown where these terms hold, whatever is open:
        remembered, since few terms decide them."""
        key = scores.recommended, scores.aim, terms & self.read
        shown = self._known_critical.get(key)
        if shown is None:
            shown = self._known_critical[key] = tuple(
                ready.pitfall.id
                for ready in self._can_be_critical
                if terms & ready.critical and self._is_shown(ready, terms, scores, frozenset())
            )
        return shown

    @functools.cached_property
    def read(self) -> int:
        """The terms that decide variants and critical pitfalls, besides the scores."""
        always = self.space.everything
        pitfalls = (ready.when | ready.gates for ready in self._can_be_critical)
        critical = (ready.critical for ready in self._can_be_critical if ready.critical != always)
        return functools.reduce(or_, (*pitfalls, *critical), self.read_by_variants)

    @functools.cached_property
    def read_by_variants(self) -> int:
        """The terms that decide variants, besides the scores."""
        variants = (bits for variants in self._variants.values() for bits, _ in variants)
        return functools.reduce(or_, variants, 0)

    def variants_read(self, channels: Iterable[str]) -> int:
        """The terms that decide how these channels are played."""
        bits = (bits for channel in channels for bits, _ in self._variants[channel])
        return functools.reduce(or_, bits, 0)

    def plays(self, channel: str) -> frozenset[str]:
        """A channel and all its variants: what a pitfall about the channel may name."""
        variants = self.rulebook.channels[channel].variants
        return frozenset({channel, *(variant.id for variant in variants)})

    def pitfall_read(self, pitfall: Pitfall, scores: Scores) -> int:
        """The terms that decide whether a pitfall is shown where the channels stand so, for which
        channel, and how grave it is."""
        played = [channel for channel in (scores.recommended, scores.aim) if channel]
        ready = self._by_pitfall[pitfall.id]
        plays = frozenset().union(*map(self.plays, played))
        if plays.isdisjoint(pitfall.channels) and not (ready.gates or pitfall.assumed):
            return 0
        own = ready.when | (0 if pitfall.severity == "critical" else ready.critical)
        if not {*pitfall.channels}.isdisjoint(played):
            return own  # it is about a channel that is played, however that is done
        gates = (self.rulebook.gates[name] for name in pitfall.gates)
        explained = (
            self._bits(gate.when)
            for gate in gates
            if all(scores.access[channel] != "open" for channel in gate.channels)
        )
        return functools.reduce(or_, explained, own | self.variants_read(played))

    def critical_read(self, scores: Scores) -> int:
        """The terms that decide which critical pitfalls are shown where the channels stand so."""
        read = (self.pitfall_read(ready.pitfall, scores) for ready in self._can_be_critical)
        return functools.reduce(or_, read, 0)

    def severity(self, pitfall: Pitfall, terms: int) -> Severity:
        """How bad the pitfall is where these terms hold."""
        condition = pitfall.critical_when
        if condition is not None and self.holds(condition, terms):
            return "critical"
        return pitfall.severity

    def gates(self, terms: int) -> tuple[Gate, ...]:
        """The gates that fire where these terms hold."""
        return tuple(gate for bits, gate in self._gates if terms & bits)

    def variant(self, channel: str, terms: int, scores: Scores | None = None) -> str | None:
        """How a channel is played where these terms hold: None where it is closed, or where no
        way to play it is possible. With the scores, the terms of variants are enough."""
        if (scores or self.scores(terms)).access[channel] == "closed":
            return None
        return self.way_to_play(channel, terms)

    def way_to_play(self, channel: str, terms: int) -> str | None:
        """How a channel that is not closed is played where these terms hold."""
        for bits, variant in self._variants[channel]:
            if terms & bits:
                return variant
        return None

    def _concerns(self, ready: _Ready, scores: Scores, terms: int, assumed: frozenset[str]) -> bool:
        if terms & ready.gates:
            return True
        plays = ready.pitfall.channels
        for channel in (scores.recommended, scores.aim):
            if channel and plays:
                if channel in plays:
                    return True
                if self.variant(channel, terms, scores) in plays:
                    return True
        return bool(assumed) and not assumed.isdisjoint(ready.pitfall.assumed)


def _add(sums: dict[int, int], bits: int, contribution: int) -> None:
    for term in single_terms(bits):
        number = term.bit_length() - 1
        sums[number] = sums.get(number, 0) + contribution
