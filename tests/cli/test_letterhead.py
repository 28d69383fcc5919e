"""What stands over a report: the adviser, the logo, and for whom the report is."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from choose_channel.cli.letterhead import MOST_BYTES, letterhead
from choose_channel.cli.main import run
from choose_channel.messages.errors import DocumentError, UsageError
from choose_channel.messages.i18n import Messages
from choose_channel.report.run_info import Title

SELLER = ["--product-type", "commodity", "--price", "12", "--warehouse", "local"]
SELLER += ["--followers", "0", "--business-license", "none", "--no-input", "--lang", "en"]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_a_logo_becomes_part_of_the_page(tmp_path: Path, messages: Messages) -> None:
    """As an address that holds all of it, of the kind that its bytes say."""
    for content, kind in ((PNG, "png"), (b"\xff\xd8\xff\xe0rest", "jpeg")):
        logo = tmp_path / "logo.gif"
        logo.write_bytes(content)
        result = letterhead({"logo": str(logo), "adviser": "A"}, "html", messages)
        data = base64.b64encode(content).decode()
        assert result == (Title(adviser="A"), f"data:image/{kind};base64,{data}", None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG or a JPEG"),
        (b"", "PNG or a JPEG"),
        (PNG + b"0" * MOST_BYTES, "100 KB"),
        (None, "no such file"),
    ],
)
def test_a_logo_that_cannot_be_taken_is_refused(
    tmp_path: Path, messages: Messages, content: bytes | None, words: str
) -> None:
    """With what would be taken."""
    logo = tmp_path / "logo.png"
    if content is not None:
        logo.write_bytes(content)
    with pytest.raises(DocumentError, match=f"(?i){words}"):
        letterhead({"logo": str(logo)}, "html", messages)


def test_only_a_page_has_a_logo(messages: Messages) -> None:
    """Another format says so, before any file is read."""
    with pytest.raises(UsageError, match="--format html"):
        letterhead({"logo": "nowhere.png"}, "markdown", messages)


def test_readers_are_known_by_name(messages: Messages) -> None:
    """A wrong one is refused with those that there are."""
    assert letterhead({"for_": "client"}, "html", messages).reader == "client"
    with pytest.raises(UsageError, match="seller, client"):
        letterhead({"for_": "sellr"}, "html", messages)


@pytest.mark.parametrize("format", ["html", "markdown", "terminal"])
def test_flags_are_for_the_seller(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A client reads no flag in any format, a seller does in each."""
    shown = {}
    for reader in ("client", "seller"):
        assert run([*SELLER, "--format", format, "--full", "--for", reader]) == 0
        text = capsys.readouterr().out
        shown[reader] = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"(?<!-)--[a-z]", shown["client"])
    assert "choose-channel --product-type commodity" in shown["seller"]
    assert re.search(r"--followers [1-9]", shown["seller"])


def test_the_adviser_stands_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    """And in the run of a record."""
    for format in ("html", "markdown", "terminal"):
        assert run([*SELLER, "--format", format, "--full", "--adviser", "Lin Wei"]) == 0
        assert "Adviser: Lin Wei" in capsys.readouterr().out
    assert run([*SELLER, "--format", "json", "--adviser", "Lin Wei"]) == 0
    assert json.loads(capsys.readouterr().out)["run"]["adviser"] == "Lin Wei"


def test_a_comparison_takes_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Title, client, adviser, logo and reader."""
    (tmp_path / "a.yaml").write_text(
        "product_type: commodity\nprice: 12\nwarehouse: local\nfollowers: 0\n"
        "business_license: none\n"
    )
    (tmp_path / "logo.png").write_bytes(PNG)
    words = ["compare", str(tmp_path / "a.yaml"), "--what-if", "followers=2000", "--lang", "en"]
    words += ["--format", "html", "--client", "A client", "--adviser", "Lin Wei"]
    assert run([*words, "--logo", str(tmp_path / "logo.png"), "--for", "seller"]) == 0
    page = capsys.readouterr().out
    assert "<title>A client – " in page
    assert "Adviser: Lin Wei" in page
    assert 'src="data:image/png;base64,' in page
    assert "choose-channel compare" in page
