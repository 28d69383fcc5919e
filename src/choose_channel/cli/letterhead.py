"""What stands over a report, and for whom it is: read from the options of a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from choose_channel.files import storage
from choose_channel.messages.errors import DocumentError, Problem, UsageError, nearest
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.report.run_info import READERS, Reader, RunInfo, Title

MOST_BYTES = 100_000
"""A larger logo would be heavier than the page that it stands on."""
_PAGE = "html"
_IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""By its first bytes, what an image is. An SVG may hold a script, so that it is none of them."""


class Letterhead(NamedTuple):
    """The title and all that stands with it, the logo as a data address, and who reads it."""

    title: Title
    logo: str = ""
    reader: Reader | None = None

    def on(self, run: RunInfo) -> RunInfo:
        """A run whose report has this over it."""
        return run._replace(title=self.title, logo=self.logo, reader=self.reader)


def letterhead(options: Mapping[str, Any], format: str, messages: Messages) -> Letterhead:
    """The letterhead that some options ask for. Raises UsageError, and DocumentError for a logo
    that cannot be taken."""
    texts = {name: options[name] for name in Title._fields if options.get(name) is not None}
    logo = options.get("logo")
    if logo is not None and format != _PAGE:
        raise UsageError([Problem(messages("usage_logo_format", format=format), "--logo")])
    image = "" if logo is None else _image(logo, messages)
    return Letterhead(Title(**texts), image, _reader(options.get("for_"), messages))


def _reader(name: str | None, messages: Messages) -> Reader | None:
    for reader in READERS:
        if name == reader:
            return reader
    if name is None:
        return None
    message = messages("usage_for", value=shorten(name), options=messages.listing(READERS))
    raise UsageError([Problem(messages.hinted(message, nearest(name, READERS)), "--for")])


def _image(name: str, messages: Messages) -> str:
    """The image in a file, as an address that holds all of it."""
    import base64

    from choose_channel.files import documents

    with documents.reading(name, messages):
        content = storage.read(name)
    kind = next((kind for start, kind in _IMAGES.items() if content.startswith(start)), None)
    if kind is None:
        raise DocumentError([Problem(messages("logo_kind"), name)])
    if len(content) > MOST_BYTES:
        size = f"{MOST_BYTES // 1000:,}"
        raise DocumentError([Problem(messages("logo_size", most=size), name)])
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
