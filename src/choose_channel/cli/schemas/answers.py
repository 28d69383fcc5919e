"""The answers of one seller: what `--answers` reads. Made from the rulebook's questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from choose_channel.answers.files import CASE_KEYS
from choose_channel.answers.kinds import kind_of
from choose_channel.answers.parse import expected, parse
from choose_channel.cli.schemas.parts import Schema, described, value
from choose_channel.cli.schemas.spelling import blank_number_or, blank_or, pattern
from choose_channel.messages.errors import RefusedError
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook

_PLAIN = re.compile(r"true|false|0|[1-9]\d*", re.ASCII)
_MOST_TYPED = 60
"""Nobody types so much of a label and then stops."""


def body(book: Rulebook, messages: Messages) -> Schema:
    """A flat mapping; or one under `answers`, as in a case, a saved run or a record."""
    flat = {"$ref": "#/$defs/answers"}
    keys: dict[str, Schema] = {name: {} for name in CASE_KEYS}
    case = described("case", {**keys, "answers": flat}, messages)
    return {
        "type": "object",
        "if": {"required": ["answers"], "properties": {"answers": {"type": "object"}}},
        "then": {
            "properties": case,
            # A record holds more beside them.
            "anyOf": [
                {"propertyNames": {"enum": list(CASE_KEYS)}},
                {"required": ["schema_version"]},
            ],
        },
        "else": flat,
        "$defs": {"answers": answers(book, messages)},
    }


def answers(book: Rulebook, messages: Messages) -> Schema:
    """The mapping of questions to answers, to stand at `#/$defs/answers`."""
    asked = book.answerable
    return {
        "type": "object",
        "properties": {name: _answer(question, messages) for name, question in asked.items()},
        # Its own name but for the spelling, so that nothing is said twice.
        "patternProperties": {
            f"(?!^{name}$){pattern([name])}": {"$ref": f"#/$defs/answers/properties/{name}"}
            for name in asked
        },
        "additionalProperties": False,
    }


def _answer(question: Question, messages: Messages) -> Schema:
    about = messages.text(question.help)
    kind = kind_of(question)
    if not kind.listed:
        about = messages("schema_number", help=about, expected=expected(question, messages))
    ways = kind.schema(question, messages)
    if question.assumed is not None:
        ways.append(value(UNKNOWN, messages("unknown_answer")))
    return {
        "title": messages.text(question.title),
        "description": about,
        "anyOf": [*ways, *_as_typed(question, messages)],
    }


def _as_typed(question: Question, messages: Messages) -> Iterator[Schema]:
    """What is read as one of the answers though it is written otherwise, or as none."""
    names = kind_of(question).spellings(question, messages)
    open_words = [UNKNOWN, *messages.words("words_unknown")]
    typed = {name[:length] for name in names for length in range(1, _MOST_TYPED)}
    words = [word for word in {*open_words, *names, *typed} if _is_read(question, word, messages)]
    if not names:
        text = blank_number_or(words, negative=question.minimum < 0)
    else:
        text = blank_or(words)
    yield {"type": ["string", "null"], "pattern": text}
    # A plain word of a file may have become a number or a truth value.
    to_text = [json.loads(name) for name in names if _PLAIN.fullmatch(name)]
    if to_text:
        yield {"enum": to_text}


def _is_read(question: Question, word: str, messages: Messages) -> bool:
    try:
        parse(question, word, messages)
    except RefusedError:
        return False
    return True
