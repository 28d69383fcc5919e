"""What the forms of a rulebook are made of: texts, ids, numbers, dates. A room of pydantic."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _plain(text: str) -> str:
    """Without what cannot be seen but turns or breaks a line, such as marks of direction."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _joined_with_spaces(text: str) -> str:
    """Paragraphs on one line: an author may break lines anywhere."""
    return re.sub(r"\s*\n\s*", " ", _plain(text)).strip()


def _joined_without_spaces(text: str) -> str:
    """As Chinese is joined: a space only where two Latin words or numbers would meet."""
    text = re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", _plain(text))
    return re.sub(r"\s*\n\s*", "", text).strip()


_LENGTH = Field(min_length=1, max_length=4000)
Line = Annotated[str, AfterValidator(_joined_with_spaces), _LENGTH]
ChineseLine = Annotated[str, AfterValidator(_joined_without_spaces), _LENGTH]


def _date(text: str) -> str:
    """An ISO date that the calendar has."""
    datetime.date.fromisoformat(text)
    return text


Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_date)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=80)]
QuestionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=80)]
"""Becomes a flag and the name of an environment variable."""
Count = Annotated[int, Field(ge=0)]
Points = Annotated[int, Field(ge=-50, le=50)]


def _number(value: Any) -> Any:
    """One finding for what is no number, rather than one for each kind of number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticCustomError("number_type", "no number")
    return value


Number = Annotated[int | float, BeforeValidator(_number, json_schema_input_type=int | float)]
Condition = dict[str, Any]


def _listed(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [str(item).lower() if isinstance(item, bool) else item for item in value]


Choices = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=list[str | bool])]
"""Names of choices; those of a yes-or-no question are written true and false."""


class Form(BaseModel):
    """A form refuses keys it does not know and types it does not mean."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class TextForm(Form):
    """A text in both languages."""

    zh: ChineseLine
    en: Line
