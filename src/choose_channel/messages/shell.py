"""Commands that can be pasted: words quoted for any shell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

# PowerShell takes curly quotation marks for straight ones.
_SINGLE_QUOTES, _DOUBLE_QUOTES = "'‘’‚‛", '"“”„'
_NOT_IN_DOUBLE_QUOTES = frozenset(_DOUBLE_QUOTES + "$`!" + ("" if os.name == "nt" else "\\"))
_NOT_IN_SINGLE_QUOTES = frozenset(_SINGLE_QUOTES + "\\")
_SPLIT_BY_POWERSHELL = r"-[A-Za-z_].*\."  # it reads -a.b as -a and .b
_PIECES = rf"[A-Za-z0-9_./-]+|[{_SINGLE_QUOTES}]+|\\+|[^{_SINGLE_QUOTES}\\]+"


def command_line(words: Iterable[str]) -> str:
    """Words as one line that sh, bash, zsh, fish and PowerShell read back as these words.

    Line breaks and other control characters become spaces, since no quoting of them is common to
    all. A word that no single pair of quotes can hold is put together of pieces, which PowerShell
    joins only where the word starts with a plain character; before 7.3 it drops empty words and
    straight double quotation marks.

    >>> command_line(["--title", "=it's", "--note", 'a "$5" plan', "--client", 'Bob\\'s "$5"'])
    '--title "=it\\'s" --note \\'a "$5" plan\\' --client Bob"\\'"s\\' "$5"\\''
    """
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    word = "".join(character if character.isprintable() else " " for character in word)
    if word and _is_plain(word) and not re.match(_SPLIT_BY_POWERSHELL, word):
        return word
    if _NOT_IN_DOUBLE_QUOTES.isdisjoint(word):
        return f'"{word}"'
    if _NOT_IN_SINGLE_QUOTES.isdisjoint(word):
        return f"'{word}'"
    return "".join(map(_quoted_piece, re.findall(_PIECES, word)))


def _is_plain(word: str) -> bool:
    return word.isascii() and all(character.isalnum() or character in "_./-" for character in word)


def _quoted_piece(piece: str) -> str:
    if piece[0] == "\\":  # the one place where a backslash means the same in sh and in fish
        return '"' + piece * 2 + '"'
    if piece[0] in _SINGLE_QUOTES:
        return f'"{piece}"'
    return piece if _is_plain(piece) else f"'{piece}'"
