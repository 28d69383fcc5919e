"""How often a decision with money works things out: `PYTHONPATH=. python tests/benchmarks/work.py`.

Counts, not times: a situation and the money should be worked out once for the seller, and once
for each neighbour that is looked at (another answer to one question).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.sellers import BOOK

from choose_channel.answers.sources import Layer, read_answers
from choose_channel.engine import engine as engine_module
from choose_channel.engine.decide import decide
from choose_channel.engine.engine import Engine, Seller
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.money import unit_economics


def main() -> None:
    """Counts and prints."""
    book = load_rulebook()
    engine, messages = Engine(book), Messages(book.wording, "en")
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
    bare = {key: value for key, value in BOOK.items() if key in book.questions}
    for name, raw in (("without money", bare), ("with money", BOOK)):
        counts.clear()
        answers = read_answers(book, [Layer("api", raw)], messages)
        decide(engine.seller(answers.given), answers.sources, "en")
        print(f"{name}: {dict(counts)}")
        started = time.perf_counter()
        for _ in range(20):
            decide(engine.seller(answers.given), answers.sources, "en")
        print(f"  {(time.perf_counter() - started) / 20 * 1000:.1f} ms a decision")


if __name__ == "__main__":
    main()
