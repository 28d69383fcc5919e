"""What money adds to a decision: `PYTHONPATH=. python tests/benchmarks/work.py`.

Counts how often things are worked out: a situation and the money should be once for the seller, and
once for each neighbour that is looked at (another answer to one question). Then the time of a
decision with money beside one without, in turns, for sellers with much and with nothing left open.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.sellers import BOOK, HYBRID

from choose_channel.answers.sources import Answers, Layer, read_answers
from choose_channel.engine import engine as engine_module
from choose_channel.engine.decide import decide
from choose_channel.engine.engine import Engine, Seller
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.money import unit_economics

ROUNDS = 60


def main() -> None:
    """Counts, times and prints."""
    rulebook = load_rulebook()
    engine, messages = Engine(rulebook), Messages(rulebook.wording, "en")

    def answers(raw: dict[str, Any]) -> Answers:
        return read_answers(rulebook, [Layer("api", raw)], messages)

    def decided(read: Answers) -> float:
        started = time.perf_counter()
        decide(Seller(engine, dict(read.given)), read.sources, "en")
        return time.perf_counter() - started

    sellers = {}
    for name, raw in (("much open", BOOK), ("nothing open", HYBRID)):
        bare = {key: value for key, value in raw.items() if key in rulebook.questions}
        sellers[name] = answers(bare), answers(raw)
    for name, pair in sellers.items():
        times = [[decided(seller) * 1000 for seller in pair] for _ in range(ROUNDS)]
        without, money = map(statistics.median, zip(*times, strict=True))
        print(
            f"{name}: {without:.2f} ms without money, {money:.2f} ms with, "
            f"{money / without:.2f} times (at most 2)"
        )

    counts: Counter[str] = Counter()

    def counted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            counts[name] += 1
            return work(*args, **kwargs)

        return wrapper

    situation = "complete_with_defaults"
    setattr(engine_module, situation, counted("situations", getattr(engine_module, situation)))
    for kind, name in ((Seller, "sellers"), (unit_economics.Economics, "economics")):
        setattr(kind, "__init__", counted(name, kind.__init__))  # noqa: B010
    for name, pair in sellers.items():
        for money, seller in zip(("without money", "with money"), pair, strict=True):
            counts.clear()
            decided(seller)
            print(f"{name}, {money}: {dict(counts)}")


if __name__ == "__main__":
    main()
