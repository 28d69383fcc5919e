"""What the tests of reports share: the browser, and what pages look up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from choose_channel.engine.decision import Decision
from choose_channel.report.formats.html import what_if

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session", autouse=True)
def _packed_once() -> Iterator[None]:
    """What the page of a seller looks up is worked out once for each language, whatever stands over
    the page: it hangs on nothing but the answers, and takes far longer than all the rest."""
    pack, known = what_if.pack, {}

    def packed(decision: Decision) -> what_if.WhatIf | None:
        seller = decision.seller
        key = (seller.engine, frozenset(seller.given.items()), decision.lang)
        if key not in known:
            known[key] = pack(decision)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(what_if, "pack", packed)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    from tests.report.chromium import chromium  # not for the tests that need no browser

    with chromium() as chrome:
        yield chrome


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """What the windows of a module share; while one stays open, another takes half the work."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def page(profile: BrowserContext) -> Iterator[Page]:
    """A new window of a browser that remembers nothing."""
    window = profile.new_page()
    yield window
    if window.url.startswith("file:"):
        window.evaluate("localStorage.clear()")
    window.close()
