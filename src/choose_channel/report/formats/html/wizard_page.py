"""The wizard as one HTML file: it asks the questions, and looks up what the program would say.

No rule is in the page: it carries results for every way to answer (see engine/lookup.py), packed
(see tables.py), and every text once a language. What hangs on costs is left to the program; the
page takes the margin as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from choose_channel.answers.kinds import expected, kind_of
from choose_channel.answers.rewording import in_words
from choose_channel.answers.space import Axis
from choose_channel.engine.counterfactuals import (
    answer_in,
    better,
    conditions_to_advise,
    worst,
)
from choose_channel.engine.decide import change_text, fact_lines
from choose_channel.engine.engine import Engine
from choose_channel.engine.lookup import Lookup, Shown, Table
from choose_channel.engine.next_question import MOST_ASKED
from choose_channel.engine.plan import THIS_WEEK
from choose_channel.messages.i18n import LANGUAGES
from choose_channel.model.conditions import Condition, questions_in
from choose_channel.model.naming import to_text
from choose_channel.model.rulebook import ACCESS, SEVERITIES, Question, Rulebook
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.report.build import source_line
from choose_channel.report.formats.html import tables
from choose_channel.report.formats.html.inline import (
    data_block,
    deflated,
    environment,
    policy,
    read,
    safe,
    tag,
)
from choose_channel.report.verdict import MOST_NAMED, rulebook_line

_PHRASES = ("page_", "ask_why", "summary_", "report_", "access_", "severity_")
_MORE_PHRASES = {
    *("ask_progress", "ask_progress_last", "ask_changing", "ask_review", "ask_review_go"),
    *(
        "answer_is",
        "answer_assumed",
        "and_also",
        "or_else",
        "unknown_answer",
        "list_separator",
        "list_last",
        "quoted_name",
        "must_be_known",
    ),
    *("not_a_number", "out_of_range", "not_whole", "not_cents", "other_currency"),
}
_SAMPLE = Decimal(7)
_SCRIPTS = ("tables.js", "wizard_lookup.js", "wizard_result.js", "wizard.js")


def wizard_page(engine: Engine, lang: str) -> str:
    """The page, which begins in this language. Raises TooManyError where a rulebook is too large
    to be carried."""
    book = engine.rulebook
    style = read("base.css") + read("wizard.css")
    # Not a module: it runs where it stands, so the first question does not wait for the results.
    script = "\n".join(('"use strict";', "(async () => {", *map(read, _SCRIPTS), "})();", ""))
    messages = FactMessages(book, lang)
    return (
        environment()
        .get_template("wizard.html")
        .render(
            messages=messages,
            lang=tag(lang),
            page_title=messages.text(book.name),
            title=messages.text(book.name),
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704  (our own files)
            script=Markup(script),  # noqa: S704
            questions=data_block(safe(_questions(engine, lang))),
            packed=data_block(_packed(engine)),
        )
    )


# ---- what is needed to ask the first question


def _questions(engine: Engine, lang: str) -> dict[str, Any]:
    book, axes = engine.rulebook, engine.space.axes
    every = {name: FactMessages(book, name) for name in LANGUAGES}
    return {
        "lang": lang,
        "tags": {name: tag(name) for name in LANGUAGES},
        "digest": book.digest[:12],
        "base": book.base_fit,
        "closeWithin": book.close_within,
        "weakBelow": book.weak_below,
        "week": THIS_WEEK,
        "mostAsked": MOST_ASKED,
        "named": MOST_NAMED,
        "questions": [_question(axis) for axis in axes],
        "phrases": {
            name: {
                key: text[name]
                for key, text in book.wording.items()
                if key in _MORE_PHRASES or key.startswith(_PHRASES)
            }
            for name in LANGUAGES
        },
        "texts": {
            name: {
                "title": messages.text(book.name),
                "rulebook": rulebook_line(book, messages),
                "questions": [_wordings(axis.question, messages) for axis in engine.space.axes],
                "space": messages.sentences(["", ""]),
            }
            for name, messages in every.items()
        },
    }


def _question(axis: Axis) -> dict[str, Any]:
    """A question as the page asks it: which answer falls into which band, counted from 1."""
    question = axis.question
    assumed = question.assumed
    return {
        "id": question.id,
        "core": question.core,
        "always": question.always,
        "derived": question.derived,
        "bands": len(axis.values),
        "options": [[name, axis.band(kind_of(question).value(name))] for name in _names(question)],
        "assumed": None if assumed is None else [to_text(assumed), axis.band(assumed)],
        "cuts": [float(cut) for cut in axis.cuts],
        "whole": question.whole,
        "cents": question.unit == "usd",
        "above": question.above,
        "minimum": float(question.minimum),
        "maximum": float(question.maximum),
        "truth": question.type == "boolean",
    }


def _names(question: Question) -> list[str]:
    """The answers to choose from, in the order in which they are shown; none for a number."""
    return [choice.id for choice in question.choices] or (
        ["true", "false"] if question.type == "boolean" else []
    )


def _wordings(question: Question, messages: FactMessages) -> dict[str, Any]:
    """The texts of a question, and what differs in each of its other wordings."""
    texts = _question_texts(question, messages)
    others = (_question_texts(in_words(question, one), messages) for one in question.worded_for)
    differing = [{key: one[key] for key in one if one[key] != texts[key]} for one in others]
    return {**texts, "others": differing}


def _question_texts(question: Question, messages: FactMessages) -> dict[str, Any]:
    kind = kind_of(question)
    options = kind.options(question, messages)
    return {
        "short": messages.text(question.short),
        "title": messages.text(question.title),
        "help": messages.text(question.help),
        "options": {option.value: [option.label, option.detail] for option in options},
        "expected": "" if options else expected(question, messages),
        "amount": "" if options else _amount(question, messages),
    }


def _amount(question: Question, messages: FactMessages) -> str:
    """How a number is told, with {amount} in its place."""
    told = kind_of(question).text(question, _SAMPLE, messages)
    return told.replace(str(_SAMPLE), "{amount}")


# ---- what is looked up


def _packed(engine: Engine) -> dict[str, Any]:
    book, axes = engine.rulebook, engine.space.axes
    cited = _cited(book)
    facts = {name: number for number, name in enumerate(cited)}
    order = {name: number for number, name in enumerate(book.questions)}
    gates = {name: number for number, name in enumerate(book.gates)}
    channels = {name: number for number, name in enumerate(book.channels)}

    def entry(facts_cited: Iterable[str], when: Condition, **own: Any) -> dict[str, Any]:
        read = questions_in(when, denied=False)
        quiet = any(book.questions[name].derived for name in read)
        return {
            "facts": [facts[name] for name in facts_cited],
            "reads": [order[name] for name in read],
            "quiet": quiet,
            **own,
        }

    data = {
        "rules": [
            entry(rule.facts, rule.when, points=[rule.points.get(name, 0) for name in channels])
            for rule in book.rules.values()
        ],
        "gates": [
            entry(
                gate.facts,
                gate.when,
                access=ACCESS.index(gate.access),
                channels=[channels[name] for name in gate.channels],
            )
            for gate in book.gates.values()
        ],
        "pitfalls": [
            entry(one.facts, one.when, standsFor=[order[name] for name in one.assumed])
            for one in book.pitfalls.values()
        ],
        "steps": [
            {
                "facts": [facts[name] for name in step.facts],
                "settles": order[step.settles] if step.settles else -1,
                "unlocks": [gates[name] for name in step.unlocks],
            }
            for step in book.steps.values()
        ],
        "moves": [_moves(engine, axis) for axis in axes],
        "market": _market(engine),
    }
    texts = {
        name: deflated(_texts(book, engine.space.axes, cited, FactMessages(book, name)))
        for name in LANGUAGES
    }
    results = tables.packed(dict(named_tables(engine)), [len(axis.values) for axis in axes])
    return {"data": deflated(data), "results": results, "texts": texts}


def _market(engine: Engine) -> list[Any]:
    """The number of the market question, and by band the answer to change to; -1 where the rulebook
    has no such question."""
    roles = engine.rulebook.economy.roles
    if roles is None:
        return [-1, []]
    axis = engine.axis(roles.market)
    return [engine.space.index[roles.market], [to_text(answer_in(axis, n)) for n in axis.bands]]


def _moves(engine: Engine, axis: Axis) -> dict[str, Any]:
    """How an answer may be changed: by present band (0: does not apply) the better ones, some of
    them only where a table says so."""
    question, steps = axis.question, engine.rulebook.steps.values()
    return {
        "effort": question.effort,
        "foundOut": any(step.settles == question.id for step in steps),
        "moving": bool(question.resets),
        "better": [better(axis, now) for now in range(len(axis.values) + 1)],
        "onlyWhere": {band: _advised(axis, band) for band in conditions_to_advise(axis)},
        "worst": worst(axis),
    }


def _advised(axis: Axis, band: int) -> str:
    """The name of the table that says where a band is worth moving to."""
    return f"advised {axis.question.id} {band}"


def _cited(book: Rulebook) -> list[str]:
    entries = (book.rules, book.gates, book.pitfalls, book.steps)
    every: Iterable[Any] = (entry for some in entries for entry in some.values())
    return [*dict.fromkeys(name for entry in every for name in entry.facts)]


def named_tables(engine: Engine) -> list[tuple[str, tuple[Table, list[Any] | int]]]:
    """By name, the tables and the values of their ends as plain data."""
    book, lookup = engine.rulebook, Lookup(engine)
    channels: dict[str | None, int] = {name: n for n, name in enumerate(book.channels)}
    channels[None] = -1
    steps = {name: number for number, name in enumerate(book.steps)}
    variants = [
        {None: -1, **{one.id: n for n, one in enumerate(channel.variants)}}
        for channel in book.channels.values()
    ]

    def told(table: Table, value: Any = lambda value: value) -> tuple[Table, list[Any]]:
        return table, [value(one) for one in table.values]

    def standing(value: Any) -> list[Any]:
        recommended, aim, weak, close, access = value
        shut = [ACCESS.index(one) for one in access]
        return [channels[recommended], channels[aim], int(weak), int(close), *shut]

    def shown(value: Shown | None) -> list[int]:
        if value is None:
            return []
        return [SEVERITIES.index(value.severity), value.own + value.main, int(value.only_open)]

    headlines, results = lookup.headlines(), lookup.results()
    found: list[tuple[str, tuple[Table, list[Any] | int]]] = [
        *((f"applies {name}", told(table, int)) for name, table in lookup.applies().items()),
        *((f"worded {name}", told(table)) for name, table in lookup.wordings().items()),
        *((f"fit {name}", told(table)) for name, table in lookup.fits().items()),
        ("standing", told(lookup.standing(), standing)),
        ("recommended", told(lookup.recommended(), channels.__getitem__)),
        (
            "variants",
            told(
                lookup.variants(),
                lambda value: [names[one] for names, one in zip(variants, value, strict=True)],
            ),
        ),
        ("headlines", (headlines, len(headlines.values))),
        ("results", (results, len(results.values))),
        *((f"gate {name}", told(table, int)) for name, table in lookup.gates().items()),
        *((f"rule {name}", told(table, int)) for name, table in lookup.rules().items()),
        *((f"pitfall {name}", told(table, shown)) for name, table in lookup.pitfalls().items()),
        *(
            (phase, told(table, lambda value: [steps[name] for name in value]))
            for phase, table in lookup.plan().items()
        ),
    ]
    found += (
        (_advised(axis, band), told(lookup.holds(when), int))
        for axis in engine.space.axes
        for band, when in conditions_to_advise(axis).items()
    )
    roles = book.economy.roles
    if roles:
        applies = book.economy.inputs[roles.unit_cost].applies
        found.append(("money", told(lookup.holds(applies), int)))
    return found


def _texts(
    book: Rulebook, axes: Iterable[Axis], cited: Iterable[str], messages: FactMessages
) -> dict[str, Any]:
    text, roles = messages.text, book.economy.roles

    def told(entry: Any, *fields: str) -> list[str]:
        every = (getattr(entry, field) for field in fields)
        return [text(one) if one else "" for one in every]

    return {
        "channels": [told(one, "name", "short") for one in book.channels.values()],
        "variants": [
            [text(one.do or one.name) for one in channel.variants]
            for channel in book.channels.values()
        ],
        "changes": [
            [
                change_text(axis.question, answer_in(axis, band), messages, "{market}")
                for band in axis.bands
            ]
            for axis in axes
        ],
        "markets": {
            answer: messages.market({roles.market: answer} if roles else {})
            for answer in ["", *(_names(book.questions[roles.market]) if roles else [])]
        },
        "rules": [text(one.because) for one in book.rules.values()],
        "gates": [text(one.because) for one in book.gates.values()],
        "pitfalls": [told(one, "title", "happens", "avoid") for one in book.pitfalls.values()],
        "steps": [
            told(one, "title", "text", "done_when", "takes", "costs") for one in book.steps.values()
        ],
        "sources": [
            source_line(fact, None, messages) for fact in fact_lines(book, cited, messages)
        ],
    }
