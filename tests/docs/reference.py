"""What is written of the phrases: the reference of the command line in `.docs`, and the list of
findings in the authors' guide. `python -m tests.docs.reference` writes both anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from choose_channel.checks.proofs import NOT_PROVED, PROOFS, severity_of
from choose_channel.cli.commands.rules_check import remedy
from choose_channel.cli.help import Part, command_help, commands_and_groups, program_help
from choose_channel.cli.options import EVERYWHERE
from choose_channel.loading.load import load_rulebook, shipped_folder
from choose_channel.model.naming import OPTIONS, PROGRAM
from choose_channel.money.figures_in_texts import FactMessages

FOLDER = Path(__file__).parents[2] / ".docs"
GUIDE = shipped_folder() / "README.md"
_START = "<!-- findings: written by `python -m tests.docs.reference` -->\n"
_END = "<!-- /findings -->\n"
_SEVERITIES = {
    "error": "Errors: the advice breaks its word.",
    "warning": "Warnings: something is idle, said twice, or not finished.",
}
FILES = {"cli.md": "en", "cli.zh.md": "zh"}
_TITLES = {
    "en": (
        "# Command line",
        "Made from the help of each command; `--lang`, `--rules`, `--color`, `--accessible` and "
        "`--help` work after every one. [README](../README.md)",
    ),
    "zh": (
        "# 命令行",
        "由各命令的帮助自动生成；`--lang`、`--rules`、`--color`、`--accessible`、`--help` "
        "在每个命令后面都能用。[说明](../README.zh.md)",
    ),
}
_NOTHING = Part("")
_COMMON = {OPTIONS[name] for name in EVERYWHERE}


def reference(name: str) -> str:
    """The whole reference in the language of a file."""
    rulebook = load_rulebook()
    messages = FactMessages(rulebook, FILES[name])
    lines = [*_TITLES[FILES[name]], *_markdown(program_help(rulebook, messages))]
    for command in commands_and_groups():
        lines.append(f"## {PROGRAM} {command.name}")
        parts = command_help(command.name, messages)
        lines += _markdown(part for part in map(_without_common, parts) if part != _NOTHING)
    return "\n\n".join(lines) + "\n"


def guide() -> str:
    """The authors' guide, with each finding, what it means and what to do about it."""
    messages = FactMessages(load_rulebook(), "en")
    names = [name for proof in PROOFS for name in proof.findings]
    lists: dict[str, list[str]] = {"error": [], "warning": []}
    for name in (*names, NOT_PROVED, "stale_fact", "unknown_phrase"):
        lists[severity_of(name)].append(f"- `{name}`: {remedy(name, messages)}")
    text = "\n\n".join(
        part
        for severity, head in _SEVERITIES.items()
        for part in (head, "\n".join(lists[severity]))
    )
    before, start, rest = GUIDE.read_text(encoding="utf-8").partition(_START)
    _, end, after = rest.partition(_END)
    return f"{before}{start}\n{text}\n\n{end}{after}"


def _without_common(part: Part) -> Part:
    """A part without the options that every command has, and without a heading over nothing."""
    entries = tuple(entry for entry in part.entries if entry[0] not in _COMMON)
    return part._replace(entries=entries) if entries or not part.entries else _NOTHING


def _markdown(parts: Iterable[Part]) -> Iterable[str]:
    (usage, _), *rest = parts
    yield f"```text\n{usage}\n```"
    for head, entries in rest:
        if head:
            yield _plain(head)
        if entries:
            yield "\n".join(f"- `{name}`: {_plain(about)}" for name, about in entries)


def _plain(text: str) -> str:
    """A text in which nothing is taken for markup."""
    return re.sub(r"([\\`*_<>\[\]|#])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file in FILES:
        (FOLDER / file).write_text(reference(file), encoding="utf-8")
    GUIDE.write_text(guide(), encoding="utf-8")
