"""What damaged files once brought down, each in its smallest form."""

from __future__ import annotations

from pathlib import Path

import pytest

from choose_channel.cli.main import run

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("expect", ["recommended: []", "access: {bio_link: []}"])
def test_a_case_that_allows_nothing_is_an_error(
    expect: str, tmp_path: Path, capsys: Capture
) -> None:
    """No advice could ever pass it."""
    text = "answers: {product_type: digital, price: 9, followers: 3, business_license: none}\n"
    (tmp_path / "case.yaml").write_text(f"{text}expect: {{{expect}}}\n")
    assert run(["test", str(tmp_path / "case.yaml")]) == 2
    assert f"{expect.split(':')[0]} must name at least one value." in capsys.readouterr().out
