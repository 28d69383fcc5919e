"""What the tests of the dialogue start from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from choose_channel.model.rulebook import Rulebook


@pytest.fixture(scope="session")
def verdicts(rulebook: Rulebook) -> Rulebook:
    """The shipped rulebook without steps, with one way to play each channel, and with no question
    that is always asked: fewer matter, and those that do matter whatever the plan says."""
    channels = {
        name: channel._replace(variants=channel.variants[-1:])
        for name, channel in rulebook.channels.items()
    }
    questions = {
        name: question._replace(always=False) for name, question in rulebook.questions.items()
    }
    return replace(rulebook, steps={}, channels=channels, questions=questions)
