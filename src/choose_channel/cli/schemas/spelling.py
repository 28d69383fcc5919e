"""Patterns for what people type: in any case and width, words joined by blanks, - or _. Pure.

They are written for the regular expressions of ECMA 262, which JSON Schema asks for, and mean the
same in those of Python.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

_JOINT = r"[\s_＿－-]+"
_WIDE = 0xFEE0  # from a printable ASCII character to its full-width one
_OTHER_MONEY = "\u00a2-\u00a5\u0e3f\u20a0-\u20c0\uffe0\uffe1\uffe5\uffe6"
"""The signs of currencies but for the dollar's, which no number carries here."""
_DIGITS = f"[^{_OTHER_MONEY}]*[0-9０-９][^{_OTHER_MONEY}]*"
_NOT_NEGATIVE = "(?!.*[-－].*[1-9１-９])"


def pattern(words: Iterable[str]) -> str:
    """A text that is one of these folded words, and nothing else."""
    return rf"^\s*{_one_of([*words])}\s*$"


def blank_or(words: Iterable[str]) -> str:
    """A text that is one of these folded words, or blank."""
    return pattern(["", *words])


def blank_number_or(words: Iterable[str], *, negative: bool) -> str:
    """A text that may be read as a number, one of these folded words, or blank.

    Signs, units and scales are many, so only what can never be right is left out: a text without a
    digit, another currency's sign, and a minus where no number is negative.
    """
    number = _DIGITS if negative else _NOT_NEGATIVE + _DIGITS
    return rf"^\s*(?:{number}|{_one_of([*words])})?\s*$"


def _one_of(words: Sequence[str]) -> str:
    """A pattern for some words; what several begin with stands there once."""
    ways = []
    for _, group in itertools.groupby(sorted({*words} - {""}), key=lambda word: word[0]):
        alike = list(group)
        first, last = alike[0], alike[-1]
        differ = (n for n, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1)
        shared = next(differ, len(first))  # in order, so that no other is shorter
        rest = _one_of([word[shared:] for word in alike])
        ways.append("".join(map(_character, first[:shared])) + rest)
    if len(ways) == 1 and "" not in words:
        return ways[0]
    return f"(?:{'|'.join(ways)})" + ("?" if "" in words else "") if ways else ""


def _character(normalize: str) -> str:
    if normalize == "_":
        return _JOINT
    cases = [normalize, *(normalize.upper() if len(normalize.upper()) == 1 else "")]
    wide = [chr(ord(one) + _WIDE) for one in cases if "!" <= one <= "~"]
    kinds = dict.fromkeys([*cases, *wide])
    if len(kinds) == 1:
        return normalize
    return "[" + "".join(rf"\{one}" if one in r"\]^-[" else one for one in kinds) + "]"
