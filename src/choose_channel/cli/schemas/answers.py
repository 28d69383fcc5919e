"""The answers of one seller: what `--answers` reads. Made from the rulebook's questions."""

from __future__ import annotations

from choose_channel.answers.files import CASE_KEYS
from choose_channel.answers.kinds import expected, kind_of
from choose_channel.cli.schemas.parts import Schema, described, value
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook


def body(rulebook: Rulebook, messages: Messages) -> Schema:
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
        "$defs": {"answers": answers(rulebook, messages)},
    }


def answers(rulebook: Rulebook, messages: Messages) -> Schema:
    """The mapping of questions to answers, to stand at `#/$defs/answers`.

    An editor is offered ids, and takes labels in both languages, aliases and numbers as people
    write them. The program reads more: other cases and widths, and beginnings of names.
    """
    questions = rulebook.answerable.items()
    return {
        "type": "object",
        "properties": {name: _answer(question, messages) for name, question in questions},
        "additionalProperties": False,
    }


def _answer(question: Question, messages: Messages) -> Schema:
    about, kind = messages.text(question.help), kind_of(question)
    if not kind.listed:
        about = messages("schema_number", help=about, expected=expected(question, messages))
    ways = [*kind.schema(question, messages), kind.written_schema(question, messages)]
    if question.assumed is not None:
        ways.append(value(UNKNOWN, messages("unknown_answer")))
    return {
        "title": messages.text(question.title),
        "description": about,
        "anyOf": [*ways, {"type": "null"}],
    }
