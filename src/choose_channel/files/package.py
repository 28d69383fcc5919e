"""The files that come with the program: the rulebook, and the parts of pages."""

from __future__ import annotations

import functools
from pathlib import Path


@functools.cache
def package_folder() -> Path:
    """The folder of the package. Where the package is in a zip archive, its files that are no
    Python are unpacked into a temporary folder, which is gone when the program ends."""
    folder = Path(__file__).parents[1]
    return folder if folder.is_dir() else _unpacked(folder)


def _unpacked(folder: Path) -> Path:
    import atexit
    import shutil
    import tempfile
    from zipfile import ZipFile

    archive = next(path for path in folder.parents if path.is_file())
    target = Path(tempfile.mkdtemp(prefix="choose-channel-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    inside = folder.relative_to(archive)
    with ZipFile(archive) as zipped:
        for name in zipped.namelist():
            if name.startswith(f"{inside.as_posix()}/") and not name.endswith(".py"):
                zipped.extract(name, target)
    return target / inside
