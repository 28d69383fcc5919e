"""A rulebook in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from choose_channel.checks.explain import sentence
from choose_channel.loading.build import condition
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook

Written = Mapping[str, Any]


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ({}, "always", "总是"),
        ({"goods": "pears"}, "goods is fresh pears", "货：梨"),
        (
            {"goods": ["apples", "pears"]},
            "goods is fresh apples, or fresh pears",
            "货：苹果或梨",
        ),
        ({"boxes": True}, "boxes is yes", "箱子：是"),
        ({"price": {"below": 50}}, "price below 50", "价格低于 50"),
        ({"price": {"at_least": 9.9}}, "price from 9.9", "价格不低于 9.9"),
        (
            {"price": {"at_least": 9, "below": 50}},
            "price from 9 to below 50",
            "价格在 9 到 50 之间",
        ),
        ({"not": {"goods": "pears"}}, "not (goods is fresh pears)", "不是（货：梨）"),
        (
            {"goods": "apples", "any": [{"season": "winter"}, {"boxes": False}]},
            "goods is fresh apples and (season is winter, or boxes is no)",
            "货：苹果，且（季节：冬天或箱子：否）",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(
    written: Written, english: str, chinese: str, clean: Rulebook
) -> None:
    """In either language, with labels for answers."""
    assert sentence(condition(written), clean, Messages(clean.wording, "en")) == english
    assert sentence(condition(written), clean, Messages(clean.wording, "zh")) == chinese
