"""What every page is made with: templates, style and script inside it, data that is only data."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from choose_channel.files.package import package_folder
from choose_channel.messages.i18n import sanitize

_PAGE = package_folder() / "report" / "formats" / "html"


def tag(lang: str) -> str:
    """A language as HTML names it."""
    return {"zh": "zh-CN"}.get(lang, lang)


@functools.cache
def environment() -> Environment:
    """Where templates come from, each compiled once: every text in them is escaped and made safe to
    show."""
    return Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: sanitize(value) if type(value) is str else value,
    )


def read(name: str) -> str:
    """A file that stands beside this one."""
    return (_PAGE / name).read_text(encoding="utf-8")


def policy(*inline: str) -> str:
    """What the page may do: its own style and script, and nothing else."""
    style, script = map(_digest, inline)
    rules = ("default-src 'none'", f"style-src {style}", f"script-src {script}", "img-src data:")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _digest(text: str) -> str:
    return f"'sha256-{base64_of(hashlib.sha256(text.encode()).digest())}'"


def data_block(data: Mapping[str, Any]) -> Markup:
    """Data that no text in it can break out of."""
    text = json.dumps(data, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def deflated(data: Mapping[str, Any]) -> str:
    """Data compressed (zlib, in base64), every text made safe to show."""
    text = json.dumps(safe(data), ensure_ascii=False, separators=(",", ":"))
    return base64_of(zlib.compress(text.encode(), 9))


def base64_of(content: bytes) -> str:
    """Bytes as a text."""
    return base64.b64encode(content).decode()


def safe(data: Any) -> Any:
    """Data with every text made safe to show."""
    if isinstance(data, str):
        return sanitize(data)
    if isinstance(data, Mapping):
        return {key: safe(value) for key, value in data.items()}
    return [*map(safe, data)] if isinstance(data, (list, tuple)) else data
