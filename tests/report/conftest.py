"""The browser that pages are looked at in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    from tests.report.chromium import chromium  # not for the tests that need no browser

    with chromium() as found:
        yield found
