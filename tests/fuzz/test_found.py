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


@pytest.mark.parametrize(("place", "sign"), [(-10, 0), (-9, 255), (6, 255)])
def test_a_workbook_whose_list_of_parts_is_damaged_is_told(
    place: int, sign: int, tmp_path: Path, capsys: Capture
) -> None:
    """Also where the cells themselves can still be read; a place is one in that list, or counted
    from the end."""
    table, rulebook = tmp_path / "in.csv", tmp_path / "in.xlsx"
    table.write_text("product_type,price,followers,business_license\ndigital,9,3,none\n")
    assert run(["batch", str(table), "-o", str(rulebook)]) == 0
    content = bytearray(rulebook.read_bytes())
    content[place if place < 0 else content.rindex(b"PK\1\2") + place] = sign
    rulebook.write_bytes(content)
    assert run(["batch", str(rulebook), "-o", str(tmp_path / "out.csv"), "--lang", "en"]) == 2
    assert f"{rulebook}: this file cannot be opened." in capsys.readouterr().err
