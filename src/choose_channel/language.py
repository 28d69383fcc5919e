"""Which language to speak: the flag, our variable, the locale's variables, Windows, English."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from choose_channel.options import variable
from choose_channel.wording import LANGUAGES, Lang


def spoken(wanted: str | None, environ: Mapping[str, str]) -> Lang:
    """The language to use; `wanted` is the flag, None where it was not given."""
    names = [wanted, environ.get(variable("lang"))]
    names += [environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((name for name in names if name), None) or _windows()
    code = (first or "").casefold()[:2]
    return next((lang for lang in LANGUAGES if lang == code), "en")


def _windows() -> str | None:
    if sys.platform != "win32" or os.name != "nt":
        return None
    import ctypes
    import locale

    language = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(language)
