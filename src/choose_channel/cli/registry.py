"""The commands, one module each, and the list of them.

CONTRIBUTING.md says how to add one. The main job, a decision, is `decide` and stands in no list.

`command(context, *arguments, **options)` gets its arguments and options as they were typed: text,
True or False for an option without a value, None for one that was not given, and a list for an
argument written `NAME...`. It prints, and returns the exit code. A command imports no other.
"""

from typing import NamedTuple

from choose_channel.cli.display import Looks
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Messages
from choose_channel.model.naming import OPTIONS
from choose_channel.model.rulebook import Rulebook


class Command(NamedTuple):
    """A command: its name, its arguments and options as written in the help, and the function
    that runs it, as `module.function` (by default `command` in the module of its name).

    Arguments in brackets may be left out; `> FILE` is none, but says where the output goes.
    """

    name: str
    arguments: str = ""
    options: tuple[str, ...] = ()
    runs: str = ""

    @property
    def key(self) -> str:
        """The name as it stands in the names of modules and phrases."""
        return self.name.replace(" ", "_")


_WRITING = ("--format NAME", "-o, --output FILE", "--force")
_LETTERHEAD = tuple(OPTIONS[name] for name in ("title", "client", "note", "adviser", "logo", "for"))

COMMANDS = (
    Command("compare", "ANSWERS...", ("--what-if QUESTION=VALUE,...", *_WRITING, *_LETTERHEAD)),
    Command(
        "batch",
        "TABLE...",
        (
            "-o, --output TABLE",
            "--from FORMAT",
            "--to FORMAT",
            "--map COLUMN=QUESTION",
            "--encoding CODE",
            "--columns NAME,...",
            "--prefix TEXT",
            "--rejects TABLE",
            "--summary FILE",
            "--reports DIR",
            "--format html|markdown|json",
            "--name-column COLUMN",
            "--compare DIR",
            "--engine polars|spark",
            "--master URL",
            "--conf NAME=VALUE",
            "--force",
        ),
    ),
    Command("history", "[NAME]", ("--export", "--forget")),
    Command("page", "", ("-o, --output FILE", "--force")),
    Command("test", "FILE...", ("--junit FILE", "--coverage", "--threshold PERCENT")),
    Command("verify", "RECORD.json"),
    Command("rules check", "[DIR]", ("--format text|json|github", "--stale-after 180d")),
    Command("rules test", "[DIR]", runs="test.rules_test"),
    Command("rules show", "[ID]"),
    Command("rules diff", "OLD NEW"),
    Command("rules new", "DIR", ("--force",)),
    Command("schema answers", "> answers.schema.json", runs="schema.command"),
    Command("schema decision", "> decision.schema.json", runs="schema.command"),
    Command("schema rulebook", "> rulebook.schema.json", runs="schema.command"),
    Command("schema case", "> case.schema.json", runs="schema.command"),
    Command("doctor", "", ("--format text|json",)),
)


class Context(NamedTuple):
    """What a command works with: the rulebook, the messages in the person's language, the folder
    given with --rules (None for the shipped rulebook), how things are shown, and the command's own
    name ("" for the main command)."""

    rulebook: Rulebook
    messages: Messages
    rules: str | None
    looks: Looks
    name: str = ""

    def opened(self, folder: str | None) -> tuple[Rulebook, str | None]:
        """The rulebook in a folder, and where it stands: by default the one at hand."""
        where = folder or self.rules
        return (load_rulebook(folder, self.messages.lang) if folder else self.rulebook), where
