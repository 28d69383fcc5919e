"""What the tests of the dialogue start from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from choose_channel.model.rulebook import Rulebook


@pytest.fixture(scope="session")
def verdicts(book: Rulebook) -> Rulebook:
    """The shipped rulebook without steps, and with one way to play each channel: fewer questions
    matter, and those that do matter whatever the plan says."""
    channels = {
        name: channel._replace(variants=channel.variants[-1:])
        for name, channel in book.channels.items()
    }
    return replace(book, steps={}, channels=channels)
