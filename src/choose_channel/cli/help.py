"""The help page: made from the rulebook, in the person's language, as wide as the terminal."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from choose_channel.answers.kinds import kind_of
from choose_channel.messages.i18n import Messages
from choose_channel.messages.wrap import wrap
from choose_channel.model.naming import OPTIONS, flag
from choose_channel.model.rulebook import Question, Rulebook
from choose_channel.report.formats import FORMATS

_INDENT = 4
COMMANDS = {
    "test": ("FILE...", "help_test", "help_test_files", ("junit", "coverage", "threshold")),
    "verify": ("RECORD.json", "help_verify", "help_verify_file", ()),
    "rules": ("check|test|show|diff|new", "help_rules", "", ()),
    "rules check": ("[DIR]", "help_rules_check", "help_rules_folder", ("report", "stale_after")),
    "rules test": ("[DIR]", "help_rules_test", "help_rules_folder", ()),
    "rules show": ("[ID]", "help_rules_show", "help_rules_entry", ()),
    "rules diff": ("OLD NEW", "help_rules_diff", "help_rules_two", ()),
    "rules new": ("DIR", "help_rules_new", "help_rules_new_folder", ("force",)),
    "schema": ("answers|decision|rulebook|case", "help_schema", "", ()),
    "schema answers": ("> answers.schema.json", "help_schema_answers", "", ()),
    "schema decision": ("> decision.schema.json", "help_schema_decision", "", ()),
    "schema rulebook": ("> rulebook.schema.json", "help_schema_rulebook", "", ()),
    "schema case": ("> case.schema.json", "help_schema_case", "", ()),
}
"""By name: its arguments, what it does, what the arguments are, and its options."""
_OWN = {
    "junit": "--junit FILE",
    "coverage": "--coverage",
    "threshold": "--threshold PERCENT",
    "report": "--format text|json|github",
    "stale_after": "--stale-after 180d",
    "force": "--force",
}
_COMMON = ("lang", "rules", "help")
_EXAMPLES = (
    ("help_example_wizard", "choose-channel"),
    (
        "help_example_script",
        "choose-channel --product-type commodity --price 12 --warehouse local --followers 0"
        " --business-license none --format json --no-input",
    ),
)


def flags(book: Rulebook) -> list[str]:
    """All flags."""
    return [flag(name) for name in (*book.answerable, *OPTIONS)]


def help_text(book: Rulebook, messages: Messages) -> str:
    """The whole help page, ending with a line break."""
    width = _width()
    lines = [
        f"{messages('help_usage')} {messages('help_usage_line')}",
        "",
        *wrap(messages("help_about"), width),
        "",
    ]
    lines += wrap(messages("help_answers"), width)
    for question in book.answerable.values():
        lines += _entry(_flag(question), _about(question, messages), width)
    lines += ["", messages("help_options")]
    for key, names in OPTIONS.items():
        lines += _entry(names, messages(f"help_option_{key}", formats=", ".join(FORMATS)), width)
    lines += ["", messages("help_commands")]
    for name, (arguments, about, *_) in COMMANDS.items():
        lines += _entry(f"{name} {arguments}", messages(about), width)
    lines += ["", messages("help_examples")]
    for key, command in _EXAMPLES:
        lines += _entry(command, messages(key), width)
    return "\n".join([*lines, "", *wrap(messages("help_exit_codes"), width), ""])


def command_help(name: str, messages: Messages) -> str:
    """The help page of one command, ending with a line break."""
    width = _width()
    arguments, about, what, options = COMMANDS[name]
    lines = [
        f"{messages('help_usage')} choose-channel {name} {arguments}",
        "",
        *wrap(messages(about), width),
    ]
    if what:
        lines += ["", *_entry(arguments, messages(what), width)]
    for other, (more, told, *_) in COMMANDS.items():
        if other.startswith(f"{name} "):
            lines += ["", *_entry(f"{other} {more}", messages(told), width)]
    lines += ["", messages("help_options")]
    known = {**{key: _OWN[key] for key in options}, **{key: OPTIONS[key] for key in _COMMON}}
    for key, names in known.items():
        lines += _entry(names, messages(f"help_option_{key}"), width)
    return "\n".join([*lines, ""])


def _width() -> int:
    return max(40, min(shutil.get_terminal_size().columns, 100))


def _flag(question: Question) -> str:
    return f"{flag(question.id)} {kind_of(question).placeholder}"


def _about(question: Question, messages: Messages) -> str:
    values = kind_of(question).help(question, messages)
    return messages.sentences(part for part in (messages.text(question.title), values) if part)


def _entry(name: str, about: str, width: int) -> Iterable[str]:
    yield f"  {name}"
    for line in wrap(about, width - _INDENT):
        yield " " * _INDENT + line
