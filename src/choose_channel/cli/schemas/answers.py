"""The answers of one seller: what `--answers` reads. Made from the rulebook's questions."""

from __future__ import annotations

from decimal import Decimal

from choose_channel.answers.files import CASE_KEYS
from choose_channel.answers.parse import expected
from choose_channel.cli.schemas.parts import Schema, described, value, values_of
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import UNKNOWN, Question, Rulebook


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
    """The mapping of questions to answers, to stand at `#/$defs/answers`.

    An editor is offered ids, and takes labels in both languages, aliases and numbers as people
    write them. The program reads more: other cases and widths, and beginnings of names.
    """
    questions = book.answerable.items()
    return {
        "type": "object",
        "properties": {name: _answer(question, messages) for name, question in questions},
        "additionalProperties": False,
    }


def _answer(question: Question, messages: Messages) -> Schema:
    about = messages.text(question.help)
    if question.type == "number":
        about = messages("schema_number", help=about, expected=expected(question, messages))
        ways = [_number(question), {"type": "string", "pattern": _written_number(question)}]
    else:
        ways = [*values_of(question, messages), {"enum": _names(question, messages)}]
    if question.assumed is not None:
        ways.append(value(UNKNOWN, messages("unknown_answer")))
    return {
        "title": messages.text(question.title),
        "description": about,
        "anyOf": [*ways, {"type": "null"}],
    }


def _number(question: Question) -> Schema:
    low = "exclusiveMinimum" if question.above else "minimum"
    kind = "integer" if question.whole else "number"
    return {"type": kind, low: _plain(question.minimum), "maximum": _plain(question.maximum)}


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _written_number(question: Question) -> str:
    """A pattern for a number as people write it: `$9.90`, `1,200`, `1.5k`, `8 %`, `20 days`."""
    sign = "[-+]?" if question.minimum < 0 else r"\+?"
    return rf"^\s*(US)?\$?\s*{sign}[0-9][0-9,.]*\s*([kKwW千万萬mM%天日]|USD|days?)?\s*$"


def _names(question: Question, messages: Messages) -> list[str]:
    """The names of the answers to choose from beside their ids: labels and aliases."""
    names = [name for choice in question.choices for name in choice.label.values()]
    names += [name for choice in question.choices for name in choice.aliases]
    if question.type == "boolean":
        names += ["true", "false"]
        for key in ("words_true", "words_false"):
            names += " ".join(messages.phrases[key].values()).split()
    return list(dict.fromkeys(names))
