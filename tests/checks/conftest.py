"""What the tests of proofs share: rulebooks and their cells, looked at once a session."""

from __future__ import annotations

import pytest

from choose_channel.checks.grid import Grid
from choose_channel.loading.load import load_rulebook
from choose_channel.model.rulebook import Rulebook
from tests.checks.rulebooks import CLEAN, SUMS, spoil


@pytest.fixture(scope="session")
def shipped(rulebook: Rulebook) -> Grid:
    """The cells of the shipped rulebook."""
    return Grid(rulebook)


@pytest.fixture(scope="session")
def clean() -> Rulebook:
    """A small rulebook that nothing is wrong with."""
    return load_rulebook(CLEAN)


@pytest.fixture(scope="session")
def small(clean: Rulebook) -> Grid:
    """Its cells."""
    return Grid(clean)


@pytest.fixture(scope="session")
def summed(clean: Rulebook) -> Rulebook:
    """The clean rulebook with a margin."""
    return spoil(clean, SUMS)
