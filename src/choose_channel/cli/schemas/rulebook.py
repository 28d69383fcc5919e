"""The files of a rulebook: their forms (forms.py), with the conditions that its questions allow."""

from __future__ import annotations

from typing import Any

from choose_channel.answers.kinds import kind_of
from choose_channel.cli.schemas.parts import Schema, described
from choose_channel.loading.file_models import RulebookForm
from choose_channel.messages.i18n import Messages
from choose_channel.model.rulebook import Question, Rulebook

_ENGLISH = ("title", "description", "default")
"""What pydantic says of a form. Its words are for programmers, and a default that an editor fills
in is one line too many."""
_FREE: Schema = {"type": "object", "additionalProperties": True}
"""The only mapping of which a form asks nothing is a condition."""
_CONDITION: Schema = {"$ref": "#/$defs/Condition"}


def body(rulebook: Rulebook, messages: Messages) -> Schema:
    """A key a file; `#/properties/<file>` is the schema of one."""
    written = _refined(RulebookForm.model_json_schema())
    forms = written.pop("$defs")
    for name, form in {**forms, "RulebookForm": written}.items():
        form["properties"] = described(name, form["properties"], messages)
    return {**written, "$defs": {**forms, "Condition": _condition(rulebook, messages)}}


def _refined(schema: Any) -> Any:
    """pydantic's schema without its words, and as strict as the forms are."""
    if not isinstance(schema, dict):
        return schema
    refined = {key: part for key, part in schema.items() if key not in _ENGLISH}
    if refined == _FREE:
        return _CONDITION
    if "patternProperties" in refined:
        refined["additionalProperties"] = False
    if "minLength" in refined:
        refined["pattern"] = r"\S"  # blanks around a text do not count
    for key in ("properties", "patternProperties", "$defs"):
        if key in refined:
            refined[key] = {name: _refined(part) for name, part in refined[key].items()}
    for key in ("items", "additionalProperties"):
        if key in refined:
            refined[key] = _refined(refined[key])
    if "anyOf" in refined:
        refined["anyOf"] = [_refined(part) for part in refined["anyOf"]]
    return refined


def _condition(rulebook: Rulebook, messages: Messages) -> Schema:
    """Questions and answers that all hold, and conditions of conditions."""
    several = {"type": "array", "items": _CONDITION, "minItems": 1}
    ways = described("condition", {"any": several, "all": several, "not": _CONDITION}, messages)
    atoms = {name: _atom(question, messages) for name, question in rulebook.questions.items()}
    return {"type": "object", "properties": {**atoms, **ways}, "additionalProperties": False}


def _atom(question: Question, messages: Messages) -> Schema:
    return {
        "title": messages.text(question.short),
        "description": messages.text(question.title),
        **kind_of(question).condition_schema(question, messages),
    }
