"""Commands that can be pasted into any shell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choose_channel.messages.shell import command_line

SHELLS = {
    **{name: [name, "-c"] for name in ("sh", "bash", "zsh", "fish")},
    "pwsh": ["pwsh", "-NoProfile", "-Command"],
}
HARD_WORDS = [
    *("=foo", "~", "it's", 'a "b" c', "$HOME", "`x`", "!!", "it's $5!", "", "*", "{a,b}"),
    *("-", "--", "-a.b", "--a.b", "-1.5", ".", "..", "#x", "a;b", "(x)", "[a]?", "^", "%PATH%"),
    *("<x>", "&", "|", "@x", "品牌 名", "“x” y", "x’s", "12kb", "a,b", "-x:y"),
]
"""Words that every shell reads back."""
NOT_FOR_POWERSHELL = [
    *("\\", "a\\b", "\\\\srv\\x\\", "'", "''x", "a'b\"c$d\\e!f`g", "“x” ’s", "$5, it's"),
]
"""It doubles some backslashes, and joins no pieces that start with a quotation mark."""


@pytest.mark.parametrize("shell", SHELLS)
def test_a_command_is_read_back_word_for_word(shell: str, tmp_path: Path) -> None:
    """Whatever shell it is pasted into."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    words = HARD_WORDS if shell == "pwsh" else [*HARD_WORDS, *NOT_FOR_POWERSHELL]
    script = tmp_path / "print-words.py"
    script.write_text("import json, sys; print(json.dumps(sys.argv[1:]))")
    line = command_line([sys.executable, str(script), *words])
    done = subprocess.run([*SHELLS[shell], line], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == words


# ---- PowerShell, where there is none: its rules for the arguments of a program

SINGLE, DOUBLE = "'‘’‚‛", '"“”„'
ENDS_A_WORD = " ;,|&(){}"


def powershell(line: str) -> list[str]:
    """The arguments that PowerShell makes of a line, as far as lines like ours go.

    A quotation mark that begins a word begins a string, and the word ends with the string.
    Within a word that begins otherwise, strings are joined to it. A curly mark counts as a straight
    one, a doubled one within its string as one. After a dash and a letter, a dot ends the word.
    """
    words, at = [], 0
    while at < len(line):
        if line[at] == " ":
            at += 1
            continue
        start, word = at, ""
        parameter = bool(re.match("-[A-Za-z_]", line[at:]))
        while at < len(line) and line[at] not in ENDS_A_WORD:
            marks = next((kind for kind in (SINGLE, DOUBLE) if line[at] in kind), "")
            if marks:
                text, at = _string(line, at + 1, marks)
                word, parameter = word + text, False
                if line[start] in SINGLE + DOUBLE:
                    break
            elif line[at] in "$`" or (parameter and line[at] == "." and at > start):
                break
            else:
                word, at = word + line[at], at + 1
        assert at > start, f"{line[at]!r} means something else in {line!r}"
        words.append(word)
    return words


def _string(line: str, at: int, marks: str) -> tuple[str, int]:
    text = ""
    while not (line[at] in marks and line[at + 1 : at + 2] not in [*marks]):
        assert marks is SINGLE or line[at] not in "$`", f"{line!r} would be filled in"
        at += line[at] in marks
        text, at = text + line[at], at + 1
    return text, at + 1


def test_powershell_reads_back_what_the_others_do() -> None:
    """By the rules of its tokenizer."""
    assert powershell(command_line(["choose-channel", *HARD_WORDS])) == [
        "choose-channel",
        *HARD_WORDS,
    ]


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=12))
def test_powershell_reads_back_any_word_but_those_we_name(word: str) -> None:
    """A backslash, or both kinds of quotation marks behind a start that is not plain."""
    pieces = any(mark in word for mark in SINGLE) and any(mark in word for mark in DOUBLE + "$`!")
    plain = word[:1].isascii() and word[:1].isalnum()
    if "\\" not in word and (plain or not pieces):
        spaces = "".join(character if character.isprintable() else " " for character in word)
        assert powershell(command_line([word])) == [spaces]
