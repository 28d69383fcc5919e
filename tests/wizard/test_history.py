"""What finished runs leave behind on the user's machine."""

from __future__ import annotations

import json
import os
import stat
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.wizard.history import History, Kept, businesses

SELLER: dict[str, Any] = {
    "product_type": "digital",
    "price": 99,
    "followers": 400,
    "business_license": "none",
}


def run(date: str = "2026-11-07", business: str = "", **more: Any) -> Kept:
    """A run about a course maker."""
    return Kept(date, business, cc.decide({**SELLER, **more}).to_dict())


def test_what_is_kept_is_found_again_newest_first() -> None:
    """The whole record, the date, the business and the ticked steps."""
    history = History()
    first = history.keep(run(business="courses"))
    second = history.keep(run("2026-11-28"))
    kept, damaged = history.load()
    assert [entry.date for entry in kept] == ["2026-11-28", "2026-11-07"]
    assert kept == [second, first]
    assert not damaged
    assert kept[1].record["recommended"] is None
    assert kept[1].business == "courses"


def test_runs_of_one_day_stand_side_by_side_in_their_order() -> None:
    """Ten of them too."""
    history = History()
    for number in range(11):
        history.keep(run(business=str(number)))
    kept, _ = history.load()
    assert [entry.business for entry in kept] == [str(number) for number in reversed(range(11))]


def test_ticked_steps_replace_the_run() -> None:
    """One file stays one file."""
    history = History()
    kept = history.keep(run())
    history.keep(Kept(kept.date, kept.business, kept.record, ("a-step",), kept.path))
    (again,), _ = history.load()
    assert again.done == ("a-step",)


@pytest.mark.skipif(os.name == "nt", reason="modes are not kept there")
def test_only_the_user_can_read_it() -> None:
    """It holds what somebody told about their business."""
    path = History().keep(run()).path
    assert path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"null",
        b"[1, 2]",
        b'{"format": 1}',
        b'{"format": 1, "date": "2026-11-07", "business": "", "done": [], "record": {}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_set_aside_and_the_others_count(damage: bytes) -> None:
    """It keeps its content under another name, and is not found again."""
    history = History()
    broken = history.keep(run("2026-11-08")).path
    history.keep(run("2026-11-07"))
    assert broken
    broken.write_bytes(damage)
    kept, damaged = history.load()
    assert [entry.date for entry in kept] == ["2026-11-07"]
    assert [path.read_bytes() for path in damaged] == [damage]
    assert history.load()[1] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("record", "plan", 0, "title"), 7),
        (("record", "plan", 0, "id"), ["a"]),
        (("record", "recommended"), ["bio_link"]),
        (("record", "recommended"), {"id": "bio_link"}),
        (("record", "aim"), ["bio_link"]),
        (("record", "channels", 0, "id"), {}),
        (("record", "channels", 0, "gates"), [{"id": []}]),
        (("record", "channels", 0, "ledger"), [{"rule": 1, "points": 1, "dimension": "money"}]),
        (("record", "money"), {"channels": [{"stream": "a", "profit_per_order": {"middle": "b"}}]}),
        (("date",), 5),
        (("date",), "5"),
        (("date",), "2026-02-30"),
        (("business",), None),
        (("done",), [7]),
        (("format",), "1"),
    ],
)
def test_what_was_edited_into_another_shape_is_damaged(place: tuple[Any, ...], value: Any) -> None:
    """Whatever is read of it later has been looked at."""
    history = History()
    path = history.keep(run()).path
    assert path
    content = json.loads(path.read_bytes())
    part = content
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    path.write_text(json.dumps(content))
    kept, damaged = history.load()
    assert (kept, len(damaged)) == ([], 1)


def test_a_run_of_another_version_is_left_as_it_is() -> None:
    """That version finds it again; a new run does not take its place."""
    history = History()
    path = history.keep(run()).path
    assert path
    path.write_text('{"format": 2, "all": "else"}')
    assert history.load() == ([], [])
    history.keep(run())
    assert path.read_text() == '{"format": 2, "all": "else"}'
    assert len(history.load()[0]) == 1


@pytest.mark.parametrize("word", ["off", "OFF", " off ", "0", "no"])
def test_history_off_keeps_and_finds_nothing(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Neither what is new nor what was kept before."""
    History().keep(run())
    monkeypatch.setenv("CHOOSE_CHANNEL_HISTORY", word)
    history = History()
    assert history.keep(run("2026-11-09")).path is None
    assert history.load() == ([], [])
    monkeypatch.delenv("CHOOSE_CHANNEL_HISTORY")
    assert [entry.date for entry in History().load()[0]] == ["2026-11-07"]


def test_forgetting_deletes() -> None:
    """One, or all."""
    history = History()
    first, second = history.keep(run()), history.keep(run("2026-11-08"))
    assert history.forget([first]) == 1
    assert history.load()[0] == [second]
    assert history.forget(history.load()[0]) == 1
    assert history.load()[0] == []


def test_another_rulebook_has_a_history_of_its_own() -> None:
    """Its answers mean something else."""
    History().keep(run())
    assert History("my-rules").load()[0] == []


def test_the_newest_run_of_each_business() -> None:
    """By its name in any case."""
    runs = [run("2026-11-09", "Tea"), run("2026-11-08", "tea"), run("2026-11-07", "Soap")]
    assert [(entry.business, entry.date) for entry in businesses(runs)] == [
        ("Tea", "2026-11-09"),
        ("Soap", "2026-11-07"),
    ]
