"""What the tests of proofs share: the cells of the shipped rulebook, walked once a session."""

from __future__ import annotations

import pytest

from choose_channel.checks.grid import Grid
from choose_channel.model.rulebook import Rulebook


@pytest.fixture(scope="session")
def shipped(book: Rulebook) -> Grid:
    """All cells of the shipped rulebook."""
    return Grid(book)
