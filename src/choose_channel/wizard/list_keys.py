"""Keys of a list: a digit or a first letter leads to an option, and a text narrows the list."""

from __future__ import annotations

from collections.abc import Sequence

from choose_channel.answers.kinds import Option
from choose_channel.wizard.prompt import Prompt


def jump(options: Sequence[Option], key: str, pointed: int) -> int | None:
    """The option that a key leads to: a digit to the option of that number, a letter (or the first
    character of a word) to the next one that begins with it; None where there is none.

    An invitation, which has the value "", is not counted.
    """
    first = 1 if options and not options[0].value else 0
    if key.isdecimal() and key.isascii():
        number: int = first + int(key) - 1
        return number if first <= number < len(options) else None
    wanted = key.casefold()
    after = [*range(pointed + 1, len(options)), *range(first, pointed + 1)]
    for number in after:
        option = options[number]
        if option.value and any(text.casefold().startswith(wanted) for text in _starts(option)):
            return number
    return None


def _starts(option: Option) -> tuple[str, ...]:
    return (option.label, option.value, *option.keys)


def matching(prompt: Prompt, text: str) -> tuple[Option, ...]:
    """The options that hold a text, in any case; all of them for none."""
    wanted = text.casefold()
    return tuple(
        option
        for option in prompt.options
        if any(wanted in part.casefold() for part in (option.label, option.detail, option.value))
    )
