"""A rulebook as it was written: the problems that pydantic finds, in words, each at its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from choose_channel.answers.space import Compiled, Space, TooComplexError, space_of
from choose_channel.files.documents import Document, KeyPath
from choose_channel.loading.file_models import RulebookForm, keys_of
from choose_channel.loading.references import References
from choose_channel.messages.errors import Problem, RulebookError, nearest, split_place
from choose_channel.messages.i18n import Messages, shorten
from choose_channel.model.conditions import ALWAYS, Condition
from choose_channel.model.rulebook import Entry, Question, Rulebook, entry_at

_EXPECTED = {
    "string_type": "form_text",
    "dict_type": "form_mapping",
    "model_type": "form_mapping",
    "model_attributes_type": "form_mapping",
    "list_type": "form_list",
    "int_type": "form_whole",
    "int_from_float": "form_whole",
    "number_type": "form_number",
    "bool_type": "form_boolean",
    "string_too_short": "form_empty",
    "too_short": "form_empty",
    "string_too_long": "form_long",
    "too_long": "form_long",
    "string_pattern_mismatch": "form_pattern",
    "value_error": "form_pattern",
}


_LIMITS = {
    "greater_than_equal": ("form_at_least", "ge"),
    "less_than_equal": ("form_at_most", "le"),
}


def _without_broken(
    data: dict[str, Any], at: Iterable[KeyPath]
) -> tuple[dict[str, Any], frozenset[str]]:
    """The data without the entries in which these paths lie, and every name that went with them."""
    left_out: set[str] = set()
    kept = dict(data)
    for stem, name in {(str(path[0]), path[1]) for path in at if len(path) > 1}:
        entries = kept.get(stem)
        if isinstance(entries, dict) and name in entries and stem != "rulebook":
            entry = entries[name]
            kept[stem] = {key: value for key, value in entries.items() if key != name}
            left_out.add(str(name))
            for part in ("variants", "choices"):
                inner = entry.get(part) if isinstance(entry, dict) else None
                left_out |= {str(key) for key in inner} if isinstance(inner, dict) else set()
    return kept, frozenset(left_out)


class Written:
    """The documents of a rulebook, by file stem; `own_wording`, the phrases of a folder that
    differ, is laid over `wording`."""

    def __init__(self, documents: Mapping[str, Document], messages: Messages) -> None:
        self.documents, self.messages = documents, messages

    def validated(self) -> dict[str, Any]:
        """The data of all files in one mapping. Raises RulebookError with all problems."""
        data = {stem: document.data for stem, document in self.documents.items()}
        own = data.pop("own_wording", None)
        if isinstance(own, dict):
            data["wording"] = {**data["wording"], **own}
        elif own is not None:
            data["wording"] = own
        problems: list[Problem] = []
        left_out: frozenset[str] = frozenset()
        try:
            form = RulebookForm.model_validate(data)
        except ValidationError as error:
            errors: list[dict[str, Any]] = [
                dict(fault) for fault in error.errors(include_url=False)
            ]
            problems = [self._explained(fault) for fault in errors]
            # The other entries can still be checked against each other.
            data, left_out = _without_broken(data, [fault["loc"] for fault in errors])
            try:
                form = RulebookForm.model_validate(data)
            except ValidationError:
                raise RulebookError(self._in_order(problems)) from error
        validated = form.model_dump(mode="json")
        references = References(validated, self.messages, left_out)
        problems += [self.problem(path, message) for path, message in references.problems()]
        if problems:
            raise RulebookError(self._in_order(problems))
        return validated

    def _in_order(self, problems: list[Problem]) -> list[Problem]:
        """As they stand in the files, each once."""
        names = [document.name for document in self.documents.values()]

        def place(problem: Problem) -> tuple[int, list[Any]]:
            name, *at = split_place(problem.place)
            return names.index(name) if name in names else len(names), at

        return sorted(dict.fromkeys(problems), key=place)

    def problem(self, path: KeyPath, message: str) -> Problem:
        """The problem at a path of (file stem, entry, key, …)."""
        entry = "".join(f"{shorten(name)}: " for name in entry_at(path)[1:])
        return Problem(entry + message, self._document(path).place(path[1:]))

    def problem_at(self, at: Entry, message: str) -> Problem:
        """The problem at an entry or below it, where items of a list are counted in digits."""
        return self.problem(tuple(int(key) if key.isdigit() else key for key in at), message)

    def _document(self, path: KeyPath) -> Document:
        """The file in which a path stands."""
        stem, *rest = path
        own = self.documents.get("own_wording") if stem == "wording" else None
        if own and (not isinstance(own.data, dict) or (rest and rest[0] in own.data)):
            return own
        return self.documents[str(stem)]

    def _explained(self, error: dict[str, Any]) -> Problem:
        messages, kind, loc = self.messages, error["type"], error["loc"]
        path = self._real(loc)
        key = shorten(path[-1])
        if len(path) < len(loc) and kind != "missing" and loc[-1] != "[key]":
            kind = "union"  # one problem, instead of one for each of its types
        if kind == "extra_forbidden":
            near = nearest(key, keys_of(str(path[0])))
            return self.problem(path, messages.hinted(messages("form_unknown_key", key=key), near))
        if kind == "missing":
            return self.problem(path, messages("form_missing", key=loc[-1]))
        if kind == "literal_error":
            options = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
            listed = messages.listing(option.strip("'") or '""' for option in options)
            return self.problem(path, messages("form_options", key=key, options=listed))
        if kind in _LIMITS:
            phrase, name = _LIMITS[kind]
            return self.problem(path, messages(phrase, key=key, limit=error["ctx"][name]))
        if kind in _EXPECTED:
            return self.problem(path, messages(_EXPECTED[kind], key=key))
        return self.problem(path, messages("form_other", key=key))

    def _real(self, path: KeyPath) -> KeyPath:
        """The part of pydantic's path that stands in the data: unions and keys put names of
        types into it."""
        value: Any = self._document(path).data
        real: list[str | int] = [path[0]]
        for part in path[1:]:
            known: Any = value if isinstance(value, dict) else ()
            if isinstance(value, list):
                known = range(len(value))
            if part not in known:
                break
            value = value[part]
            real.append(part)
        return tuple(real)

    def compiled(self, rulebook: Rulebook) -> Compiled:
        """What the grid of the rulebook has worked out. Raises RulebookError where a condition has
        more alternatives than can be proved."""
        try:
            return space_of(rulebook).compiled
        except TooComplexError as error:
            # Each condition by itself: `applies` is one of them, not a part of all.
            questions = [q._replace(applies=ALWAYS) for q in rulebook.questions.values()]
            named = [*rulebook.named_conditions(), *rulebook.law_conditions()]
            message = self.messages("condition_tangled")
            raise RulebookError(
                [
                    self.problem_at(entry, message)
                    for entry, condition in named
                    if _is_too_complex(questions, condition)
                ]
            ) from error


def _is_too_complex(questions: Sequence[Question], condition: Condition) -> bool:
    try:
        Space(questions, [condition])
    except TooComplexError:
        return True
    return False
