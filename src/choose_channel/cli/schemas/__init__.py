"""What the product reads and writes, as JSON Schemas 2020-12.

Each is one module with the same `body`, named in NAMES. What people read in them is in their
language, and the keys that they complete come from the rulebook at hand.
"""

from __future__ import annotations

import importlib
from typing import Any
from urllib.parse import quote

from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import VERSION
from choose_channel.model.rulebook import Rulebook

NAMES = ("answers", "decision", "rulebook", "case")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str, rulebook: Rulebook, messages: Messages) -> dict[str, Any]:
    """One of the schemas that NAMES lists, as plain data."""
    module = importlib.import_module(f"{__name__}.{name}")
    # A record has the same form whatever the rulebook; the others follow it.
    version = VERSION if name == "decision" else rulebook.version
    return {
        "$schema": DIALECT,
        "$id": f"urn:choose-channel:{name}:{quote(version, safe='')}",
        "title": messages(f"schema_title_{name}"),
        "description": messages(f"schema_about_{name}"),
        **module.body(rulebook, messages),
    }
