"""Prints a JSON Schema, for editors and other programs."""

from __future__ import annotations

import json
import sys

from choose_channel.cli import schemas
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Rulebook


def show(book: Rulebook, messages: Messages, name: str) -> int:
    """Prints one of the schemas, in the language of the person."""
    found = schemas.schema(name, book, messages)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # a question mark in a pattern would change what is accepted
        text = json.dumps(found, indent=2)
    print(text)
    return 0
