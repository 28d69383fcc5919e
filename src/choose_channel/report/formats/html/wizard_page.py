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
from choose_channel.engine.decision import labelled_texts, plain_data
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
    rulebook = engine.rulebook
    style = read("base.css") + read("wizard.css")
    # Not a module: it runs where it stands, so the first question does not wait for the results.
    script = "\n".join(('"use strict";', "(async () => {", *map(read, _SCRIPTS), "})();", ""))
    messages = FactMessages(rulebook, lang)
    return (
        environment()
        .get_template("wizard.html")
        .render(
            messages=messages,
            lang=tag(lang),
            page_title=messages.text(rulebook.name),
            title=messages.text(rulebook.name),
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704  (our own files)
            script=Markup(script),  # noqa: S704
            questions=data_block(safe(_questions(engine, lang))),
            packed=data_block(_packed(engine)),
        )
    )


# ---- what is needed to ask the first question


def _questions(engine: Engine, lang: str) -> dict[str, Any]:
    rulebook, axes = engine.rulebook, engine.space.axes
    every = {name: FactMessages(rulebook, name) for name in LANGUAGES}
    return {
        "lang": lang,
        "tags": {name: tag(name) for name in LANGUAGES},
        "digest": rulebook.digest[:12],
        "base": rulebook.base_fit,
        "closeWithin": rulebook.close_within,
        "weakBelow": rulebook.weak_below,
        "week": THIS_WEEK,
        "mostAsked": MOST_ASKED,
        "named": MOST_NAMED,
        "questions": [_question(axis, FactMessages(rulebook, lang)) for axis in axes],
        "phrases": {
            name: {
                key: text[name]
                for key, text in rulebook.wording.items()
                if key in _MORE_PHRASES or key.startswith(_PHRASES)
            }
            for name in LANGUAGES
        },
        "texts": {
            name: {
                "title": messages.text(rulebook.name),
                "rulebook": rulebook_line(rulebook, messages),
                "questions": [_wordings(axis.question, messages) for axis in engine.space.axes],
                "space": messages.sentences(["", ""]),
            }
            for name, messages in every.items()
        },
    }


def _question(axis: Axis, messages: FactMessages) -> dict[str, Any]:
    """A question as the page asks it: which answer falls into which band, counted from 1. Each
    option is told by its name, its band, and the answer as a file holds it."""
    question, assumed = axis.question, axis.question.assumed
    options = kind_of(question).options(question, messages)
    values = {option.value: kind_of(question).value(option.value) for option in options}
    limits = kind_of(question).limits(question)
    return {
        "id": question.id,
        "core": question.core,
        "always": question.always,
        "derived": question.derived,
        "bands": len(axis.values),
        "options": [[name, axis.band(value), value] for name, value in values.items()],
        "assumed": None if assumed is None else [to_text(assumed), axis.band(assumed)],
        "cuts": [float(cut) for cut in axis.cuts],
        "limits": plain_data(limits._asdict()) if limits else None,
    }


def _wordings(question: Question, messages: FactMessages) -> dict[str, Any]:
    """The texts of a question, and what differs in each of its other wordings."""
    texts = _question_texts(question, messages)
    others = (_question_texts(in_words(question, words), messages) for words in question.worded_for)
    differing = [{key: other[key] for key in other if other[key] != texts[key]} for other in others]
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
    text = kind_of(question).text(question, _SAMPLE, messages)
    return text.replace(str(_SAMPLE), "{amount}")


# ---- what is looked up


def _packed(engine: Engine) -> dict[str, Any]:
    rulebook, axes = engine.rulebook, engine.space.axes
    cited = _cited(rulebook)
    facts = {name: number for number, name in enumerate(cited)}
    order = {name: number for number, name in enumerate(rulebook.questions)}
    gates = {name: number for number, name in enumerate(rulebook.gates)}
    channels = {name: number for number, name in enumerate(rulebook.channels)}

    def entry(facts_cited: Iterable[str], when: Condition, **own: Any) -> dict[str, Any]:
        read = questions_in(when, denied=False)
        quiet = any(rulebook.questions[name].derived for name in read)
        return {
            "facts": [facts[name] for name in facts_cited],
            "reads": [order[name] for name in read],
            "quiet": quiet,
            **own,
        }

    data = {
        "rules": [
            entry(rule.facts, rule.when, points=[rule.points.get(name, 0) for name in channels])
            for rule in rulebook.rules.values()
        ],
        "gates": [
            entry(
                gate.facts,
                gate.when,
                access=ACCESS.index(gate.access),
                channels=[channels[name] for name in gate.channels],
            )
            for gate in rulebook.gates.values()
        ],
        "pitfalls": [
            entry(pitfall.facts, pitfall.when, standsFor=[order[name] for name in pitfall.assumed])
            for pitfall in rulebook.pitfalls.values()
        ],
        "steps": [
            {
                "facts": [facts[name] for name in step.facts],
                "settles": order[step.settles] if step.settles else -1,
                "unlocks": [gates[name] for name in step.unlocks],
            }
            for step in rulebook.steps.values()
        ],
        "moves": [_moves(engine, axis) for axis in axes],
        "market": _market(engine),
    }
    texts = {
        name: deflated(_texts(rulebook, engine.space.axes, cited, FactMessages(rulebook, name)))
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


def _cited(rulebook: Rulebook) -> list[str]:
    entries = (rulebook.rules, rulebook.gates, rulebook.pitfalls, rulebook.steps)
    every: Iterable[Any] = (entry for group in entries for entry in group.values())
    return [*dict.fromkeys(name for entry in every for name in entry.facts)]


def named_tables(engine: Engine) -> list[tuple[str, tuple[Table, list[Any] | int]]]:
    """By name, the tables and the values of their ends as plain data."""
    rulebook, lookup = engine.rulebook, Lookup(engine)
    channels: dict[str | None, int] = {name: n for n, name in enumerate(rulebook.channels)}
    channels[None] = -1
    steps = {name: number for number, name in enumerate(rulebook.steps)}
    variants = [
        {None: -1, **{variant.id: n for n, variant in enumerate(channel.variants)}}
        for channel in rulebook.channels.values()
    ]

    def plain(table: Table, form: Any = lambda value: value) -> tuple[Table, list[Any]]:
        return table, [form(value) for value in table.values]

    def standing(value: Any) -> list[Any]:
        recommended, aim, weak, close, access = value
        shut = [ACCESS.index(state) for state in access]
        return [channels[recommended], channels[aim], int(weak), int(close), *shut]

    def shown(value: Shown | None) -> list[int]:
        if value is None:
            return []
        return [SEVERITIES.index(value.severity), value.own + value.main, int(value.only_open)]

    headlines, results = lookup.headlines(), lookup.results()
    pairs: list[tuple[str, tuple[Table, list[Any] | int]]] = [
        *((f"applies {name}", plain(table, int)) for name, table in lookup.applies().items()),
        *((f"worded {name}", plain(table)) for name, table in lookup.wordings().items()),
        *((f"fit {name}", plain(table)) for name, table in lookup.fits().items()),
        ("standing", plain(lookup.standing(), standing)),
        ("recommended", plain(lookup.recommended(), channels.__getitem__)),
        (
            "variants",
            plain(
                lookup.variants(),
                lambda value: [names[name] for names, name in zip(variants, value, strict=True)],
            ),
        ),
        ("headlines", (headlines, len(headlines.values))),
        ("results", (results, len(results.values))),
        *((f"gate {name}", plain(table, int)) for name, table in lookup.gates().items()),
        *((f"rule {name}", plain(table, int)) for name, table in lookup.rules().items()),
        *((f"pitfall {name}", plain(table, shown)) for name, table in lookup.pitfalls().items()),
        *(
            (phase, plain(table, lambda value: [steps[name] for name in value]))
            for phase, table in lookup.plan().items()
        ),
    ]
    pairs += (
        (_advised(axis, band), plain(lookup.holds(when), int))
        for axis in engine.space.axes
        for band, when in conditions_to_advise(axis).items()
    )
    roles = rulebook.economy.roles
    if roles:
        applies = rulebook.economy.inputs[roles.unit_cost].applies
        pairs.append(("money", plain(lookup.holds(applies), int)))
    return pairs


def _texts(
    rulebook: Rulebook, axes: Iterable[Axis], cited: Iterable[str], messages: FactMessages
) -> dict[str, Any]:
    text, roles = messages.text, rulebook.economy.roles
    markets = rulebook.questions[roles.market].choices if roles else ()
    labelled = labelled_texts(rulebook.wording)

    def texts(entry: Any, *fields: str) -> list[str]:
        every = (getattr(entry, field) for field in fields)
        return [text(value) if value else "" for value in every]

    return {
        "channels": [texts(channel, "name", "short") for channel in rulebook.channels.values()],
        "variants": [
            [text(variant.do or variant.name) for variant in channel.variants]
            for channel in rulebook.channels.values()
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
            for answer in ["", *(choice.id for choice in markets)]
        },
        "rules": [text(rule.because) for rule in rulebook.rules.values()],
        "gates": [text(gate.because) for gate in rulebook.gates.values()],
        "pitfalls": [
            texts(pitfall, "title", "happens", "avoid") for pitfall in rulebook.pitfalls.values()
        ],
        "steps": [
            [*texts(step, "title", "text"), {name: texts(step, name)[0] for name in labelled}]
            for step in rulebook.steps.values()
        ],
        "sources": [
            source_line(fact, None, messages) for fact in fact_lines(rulebook, cited, messages)
        ],
    }
