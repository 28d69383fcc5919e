"""The reference of the command line is the one that the program would print."""

from __future__ import annotations

import pytest

from choose_channel.cli.registry import COMMANDS
from choose_channel.model.naming import OPTIONS
from tests.docs.reference import FILES, FOLDER, GUIDE, guide, reference


@pytest.mark.parametrize("name", FILES)
def test_the_reference_is_up_to_date(name: str) -> None:
    """Made anew by `python -m tests.docs.reference`."""
    assert (FOLDER / name).read_text(encoding="utf-8") == reference(name)


def test_the_guide_for_authors_lists_every_finding() -> None:
    """Made anew by the same command."""
    assert GUIDE.read_text(encoding="utf-8") == guide()


@pytest.mark.parametrize("name", FILES)
def test_the_reference_has_every_command_and_option(name: str) -> None:
    """Each option stands under its command, as the help writes it."""
    top, *sections = reference(name).split("\n## choose-channel ")
    by_command = {section.split("\n")[0]: section for section in sections}
    for command in COMMANDS:
        missing = [form for form in command.options if f"`{form}`" not in by_command[command.name]]
        assert missing == []
    assert [form for form in OPTIONS.values() if f"`{form}`" not in top] == []
