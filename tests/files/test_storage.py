"""Reading and writing: whole files, pipes, devices, links, and the folders of the user.

No test writes outside its own folder: a FIFO stands for a device.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from choose_channel.files import storage
from choose_channel.messages.i18n import Messages

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


# ---- regular files


def test_a_new_file_is_there_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    """The file that was written first is renamed."""
    storage.write_whole(tmp_path / "r.txt", b"whole", replace=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"r.txt": b"whole"}


@posix
def test_a_new_file_has_the_usual_mode_and_a_private_one_is_private(tmp_path: Path) -> None:
    """The usual mode is what the umask leaves."""
    old = os.umask(0o027)
    try:
        storage.write_whole(tmp_path / "report", b"x")
        storage.write_whole(tmp_path / "draft", b"x", private=True)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "draft").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_replaced_file_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    """Reports name clients: who made one private wants it to stay so."""
    file = tmp_path / "r.txt"
    file.write_bytes(b"old")
    file.chmod(mode)
    storage.write_whole(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert file.read_bytes() == b"new"


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    """Where the user may give files away."""
    file = tmp_path / "r.txt"
    file.write_bytes(b"old")
    os.chown(file, 12345, 54321)
    storage.write_whole(file, b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 54321)


def test_without_replace_an_existing_file_is_an_error(tmp_path: Path) -> None:
    """And stays as it was, with nothing left beside it."""
    file = tmp_path / "r.txt"
    file.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        storage.write_whole(file, b"other", replace=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"r.txt": b"mine"}


def test_a_file_system_without_hard_links_works_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as the FAT of a memory stick."""

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    file = tmp_path / "r.txt"
    storage.write_whole(file, b"first", replace=False)
    with pytest.raises(FileExistsError):
        storage.write_whole(file, b"second", replace=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"r.txt": b"first"}


def test_the_longest_file_name_can_be_written(tmp_path: Path) -> None:
    """The name of the file beside it is no longer than its own."""
    file = tmp_path / ("r" * 255)
    storage.write_whole(file, b"x")
    assert file.read_bytes() == b"x"


def _write_often(path: str, letter: bytes) -> None:
    for _ in range(100):
        storage.write_whole(Path(path), letter * 50_000)


def test_two_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    """A reader sees the bytes of one or of the other, never a mixture or a part."""
    file = tmp_path / "shared"
    storage.write_whole(file, b"a" * 50_000)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_often, args=(str(file), x)) for x in (b"a", b"b")]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        content = file.read_bytes()
        assert len(content) == 50_000
        assert len(set(content)) == 1
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["shared"]


# ---- links


@posix
def test_a_link_to_a_file_that_is_not_there_yet_is_followed(tmp_path: Path) -> None:
    """The file appears where the link points."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    storage.write_whole(link, b"x", replace=False)
    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"x"


@posix
def test_a_circle_of_links_is_an_error_of_the_file_system(tmp_path: Path) -> None:
    """It used to be an internal error."""
    link = tmp_path / "l"
    link.symlink_to("l")
    with pytest.raises(OSError, match="symbolic links") as refusal:
        storage.write_whole(link, b"x")
    assert refusal.value.errno == errno.ELOOP


def test_reasons_are_words(messages: Messages) -> None:
    """No number for what is met in practice."""
    numbers = (
        *(errno.EEXIST, errno.ELOOP, errno.ENXIO, errno.EBADF, errno.ENOENT, errno.ENOSPC),
        errno.ETIMEDOUT,
    )
    reasons = [storage.reason(OSError(number, ""), messages) for number in numbers]
    assert len(set(reasons)) == len(numbers)
    assert not any("system error" in reason for reason in reasons)


# ---- pipes


@posix
def test_a_named_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    """Whatever is no regular file is not replaced by one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = b"x" * 200_000
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    storage.write_whole(pipe, content)
    reader.join()
    assert received == [content]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix
def test_a_named_pipe_with_a_writer_is_read_to_its_end(tmp_path: Path) -> None:
    """Also where the writer takes its time between two pieces."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = "import sys, time; f = open(sys.argv[1], 'wb', 0); time.sleep(0.1); f.write(b'one, ');"
    code += "time.sleep(0.1); f.write(b'two')"
    with subprocess.Popen([sys.executable, "-c", code, str(pipe)]):
        assert storage.read(pipe) == b"one, two"


@posix
@pytest.mark.parametrize("action", ["read", "write"])
def test_a_named_pipe_without_another_end_does_not_hang(
    action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some patience it is an error."""
    monkeypatch.setattr(storage, "PATIENCE", 0.05)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(TimeoutError):
        if action == "read":
            storage.read(pipe)
        else:
            storage.write_whole(pipe, b"x")


# ---- what is known of a file before it is written


@posix
def test_one_file_has_one_place_by_any_name(tmp_path: Path) -> None:
    """Links, hard or not, lead to it; a file that is not there yet has a place too."""
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_bytes(b"")
    (tmp_path / "hard").hardlink_to(file)
    (tmp_path / "soft").symlink_to("file")
    names = ("file", "hard", "soft", "../" + tmp_path.name + "/file")
    assert len({storage.place(tmp_path / name) for name in names}) == 1
    assert storage.place(file) != storage.place(other) == storage.place(tmp_path / "." / "other")
    assert storage.place("/dev/fd/1") == storage.place("-") != storage.place("-", standard=0)
    assert storage.place(os.devnull) is None


@posix
@pytest.mark.parametrize(
    ("name", "number"),
    [
        *(("folder", errno.EISDIR), ("dangling", errno.ENOENT), ("circle", errno.ELOOP)),
        *(("/dev/fd/987", errno.EBADF), ("free", 0), ("file", 0), ("-", 0)),
    ],
)
def test_what_cannot_be_written_is_known_before(name: str, number: int, tmp_path: Path) -> None:
    """The same error as writing gives."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "dangling").symlink_to("no/file")
    (tmp_path / "circle").symlink_to("circle")
    path = Path(name) if name == "-" else tmp_path / name
    errors = []
    for action in (storage.check_writable, lambda target: storage.write_whole(target, b"x")):
        try:
            action(path)
            errors.append(0)
        except OSError as error:
            errors.append(error.errno or -1)
    assert errors == [number, number]


# ---- the folders of the user


@pytest.mark.parametrize(
    ("platform", "cache", "state"),
    [
        ("linux", ".cache", ".local/state"),
        ("darwin", "Library/Caches", "Library/Application Support"),
        ("freebsd14", ".cache", ".local/state"),
    ],
)
@posix
def test_without_xdg_variables_the_folders_are_the_platforms(
    platform: str, cache: str, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the home folder."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert storage.cache_folder() == tmp_path / cache / "choose-channel"
    assert storage.state_folder() == tmp_path / state / "choose-channel"


@posix
@pytest.mark.parametrize("place", ["cache", "./cache", "~/cache", " "])
def test_a_variable_that_holds_no_absolute_path_is_ignored(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the standard says: the file would land wherever the program was started."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", place)
    monkeypatch.setattr(sys, "platform", "linux")
    assert storage.cache_folder() == tmp_path / ".cache" / "choose-channel"


@posix
@pytest.mark.parametrize("home", ["", "home", "."])
def test_without_a_home_nothing_is_kept(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the current folder nor at the root of the disk."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", home)
    with pytest.raises(OSError, match=os.devnull):
        storage.write_private(storage.state_folder() / "file", b"x")


@posix
def test_a_private_file_is_for_its_owner_and_so_is_its_folder(tmp_path: Path) -> None:
    """Also where the file was there before, for everybody to read."""
    path = tmp_path / "new" / "file"
    storage.write_private(path, b"x")
    path.chmod(0o644)
    storage.write_private(path, b"y")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_a_killed_run_left_half_written_goes(tmp_path: Path) -> None:
    """After an hour; what another run is writing now stays, and so do other files."""
    names = (".choose-channel-1-0abc.part", ".choose-channel-2-0abc.part", "notes.part")
    left, writing, others = (tmp_path / name for name in names)
    for path in (left, writing, others):
        path.write_bytes(b"half")
    for path in (left, others):
        os.utime(path, (0, 0))
    storage.write_private(tmp_path / "file", b"x")
    assert [path.exists() for path in (left, writing, others)] == [False, True, True]


def test_a_damaged_file_is_set_aside_with_what_it_holds(tmp_path: Path) -> None:
    """In place of one that was set aside before; nothing happens where there is none."""
    path = tmp_path / "draft.json"
    assert storage.set_aside(path) is None
    for content in (b"a", b"b"):
        path.write_bytes(content)
        aside = storage.set_aside(path)
        assert aside is not None
        assert (aside.read_bytes(), path.exists()) == (content, False)


def test_a_failed_write_of_little_worth_is_no_error(tmp_path: Path) -> None:
    """A cache that cannot be kept costs time only."""
    (tmp_path / "file").write_bytes(b"")
    storage.write_best_effort(tmp_path / "file" / "cache", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
