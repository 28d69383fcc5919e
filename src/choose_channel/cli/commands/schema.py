"""Prints a JSON Schema, for editors and other programs."""

from __future__ import annotations

import json

from choose_channel.cli import schemas, streams
from choose_channel.cli.registry import Context


def command(context: Context) -> int:
    """Prints the schema that the command is named after, in the language of the person."""
    name = context.name.split()[-1]
    schema = schemas.schema(name, context.rulebook, context.messages)
    streams.write_utf8(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
    return 0
