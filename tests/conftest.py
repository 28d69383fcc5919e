"""What every test starts from: the shipped rulebook, English, and a home of its own."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from choose_channel.engine.engine import Engine
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from tests.no_network import sitecustomize as network

gc.set_threshold(100_000, 20, 20)  # large tables are made here all the time, and little garbage

settings.register_profile("shared machine", deadline=None)  # which is no judge of speed
settings.load_profile("shared machine")

_HOMES = itertools.count()
TALK_TO_THEMSELVES = ("test_page.py", "test_wizard_page.py", "spark")
"""Tests of browsers and of Spark, whose parts talk to each other by sockets of this machine."""


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache for all tests of a worker, so that the shipped rulebook is checked once and not by
    every program that a test starts. A cache hides no change, which `tests/loading` shows."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def _own_home(
    _own_cache: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test reads or writes the user's cache, drafts, language or terminal settings."""
    for name in list(os.environ):
        if name.startswith(("CHOOSE_CHANNEL_", "LC_")):
            monkeypatch.delenv(name)
    for name in ("LANG", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_HOMES))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own, for a test of what is done when there is nothing in it yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def _no_network(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _own_home: None
) -> Iterator[None]:
    """No test uses the network, nor does a Python that it starts."""
    if not any(name in request.node.nodeid for name in TALK_TO_THEMSELVES):
        monkeypatch.setattr(network, "is_refused", True)
        monkeypatch.setenv("TESTS_WITHOUT_NETWORK", "1")
        monkeypatch.setenv("PYTHONPATH", str(Path(network.__file__).parent), prepend=os.pathsep)
    yield


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_rulebook()


@pytest.fixture(scope="session")
def engine(rulebook: Rulebook) -> Engine:
    """The shipped rulebook, ready to decide."""
    return Engine(rulebook)


@pytest.fixture
def messages(rulebook: Rulebook) -> Messages:
    """The shipped phrases in English, with the figures of texts filled in."""
    return FactMessages(rulebook, "en")
