"""A rulebook as it was written: pydantic's findings in words, each at its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from choose_channel.documents import Document
from choose_channel.errors import Fault, RulebookError, nearest
from choose_channel.forms import RulebookForm, fields
from choose_channel.model import Rulebook, Say
from choose_channel.space import Space, TooTangledError

_EXPECTED = {
    "string_type": "form_text",
    "dict_type": "form_mapping",
    "model_type": "form_mapping",
    "model_attributes_type": "form_mapping",
    "list_type": "form_list",
    "int_type": "form_whole",
    "int_from_float": "form_whole",
    "bool_type": "form_boolean",
    "string_too_short": "form_empty",
    "too_short": "form_empty",
    "string_too_long": "form_long",
    "missing": "form_missing",
}


class Written:
    """The documents of a rulebook, by file stem; `own_wording` is laid over `wording`."""

    def __init__(self, documents: Mapping[str, Document], say: Say) -> None:
        self.documents, self.say = documents, say

    def validated(self) -> dict[str, Any]:
        """The data of all files in one mapping. Raises RulebookError with every fault."""
        data = {stem: document.data for stem, document in self.documents.items()}
        data["wording"] = {**data["wording"], **(data.pop("own_wording", None) or {})}
        try:
            form = RulebookForm.model_validate(data)
        except ValidationError as error:
            faults = [self._explained(dict(one)) for one in error.errors(include_url=False)]
            raise RulebookError(dict.fromkeys(faults)) from error
        return form.model_dump(mode="json")

    def fault(self, path: tuple[str | int, ...], message: str) -> Fault:
        """The fault at a path of (file stem, entry, key, …)."""
        stem, *rest = path
        own = self.documents.get("own_wording") if stem == "wording" else None
        document = own if own and rest and rest[0] in own.data else self.documents.get(str(stem))
        if document is None:
            return Fault(message, f"{stem}.yaml")
        entry = f"{rest[0]}: " if rest else ""
        return Fault(entry + message, document.place(tuple(rest)))

    def _explained(self, error: dict[str, Any]) -> Fault:
        say, kind, path = self.say, error["type"], error["loc"]
        # Unions and keys put names of types into the path; the data tells which are real.
        path = self._real(path)
        key = str(path[-1])
        if kind == "extra_forbidden":
            near = nearest(key, fields(str(path[0])))
            return self.fault(path, say.hinted(say("form_unknown_key", key=key), near))
        if kind == "missing":
            key = str(error["loc"][-1])
            return self.fault(path, say("form_missing", key=key))
        if kind == "literal_error":
            options = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            listed = say.listing(options.split(", "))
            return self.fault(path, say("form_options", key=key, options=listed))
        if kind in _EXPECTED:
            return self.fault(path, say(_EXPECTED[kind], key=key))
        if kind == "string_pattern_mismatch":
            return self.fault(path, say("form_pattern", key=key))
        return self.fault(path, say("form_other", key=key))

    def _real(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """The part of pydantic's path that stands in the data."""
        stem = str(path[0])
        document = self.documents.get(stem)
        value: Any = document.data if document else None
        real: list[str | int] = [stem]
        for part in path[1:]:
            known: Any = value if isinstance(value, dict) else ()
            if isinstance(value, list):
                known = range(len(value))
            if part in known:
                value = value[part]
                real.append(part)
        return tuple(real)

    def refuse_tangles(self, rulebook: Rulebook) -> None:
        """Raises RulebookError where a condition has more alternatives than can be proved."""
        entries = [
            *(("questions", q.id, "applies", q.applies) for q in rulebook.questions.values()),
            *(("gates", gate.id, "when", gate.when) for gate in rulebook.gates.values()),
            *(("rules", rule.id, "when", rule.when) for rule in rulebook.rules.values()),
            *(("pitfalls", trap.id, "when", trap.when) for trap in rulebook.pitfalls.values()),
            *(("plan", step.id, "when", step.when) for step in rulebook.steps.values()),
        ]
        faults = []
        for stem, name, key, condition in entries:
            try:
                Space(rulebook.questions.values(), [condition])
            except TooTangledError:
                faults.append(self.fault((stem, name, key), self.say("condition_tangled")))
        if faults:
            raise RulebookError(faults)
