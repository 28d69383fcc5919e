"""What a decision says, and that what it says is true."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import choose_channel as cc
from choose_channel.engine.decide import changes_text
from choose_channel.engine.decision import FactLine, GateLine, LedgerLine, PitfallLine, StepLine
from choose_channel.loading.load import load_rulebook
from choose_channel.messages.i18n import Text
from choose_channel.model.rulebook import Fact, Gate, Pitfall, Rule, Rulebook, Step
from choose_channel.money.figures_in_texts import FactMessages
from choose_channel.report.formats import render
from tests.checks.rulebooks import CLEAN, Entry, Like, spoil

NOTHING_OPEN = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "home",
    "followers": 200,
    "business_license": "none",
}
TWO_LEGS = {
    "product_type": "branded",
    "price": 70,
    "warehouse": "local",
    "followers": 800,
    "business_license": "overseas",
    "goal": "brand",
    "experience": "experienced",
    "cash": "comfortable",
    "store": "fast",
    "lead_product": True,
}
ONE_RIVAL = {
    "product_type": "commodity",
    "price": 12,
    "warehouse": "local",
    "followers": 2000,
    "business_license": "mainland",
    "store": "none",
}
COURSE = {"product_type": "digital", "price": 199, "followers": 2500, "business_license": "none"}
CREATOR = {"product_type": "affiliate", "followers": 20000}
BANNED = {"product_type": "banned"}
SELLERS: list[dict[str, Any]] = [NOTHING_OPEN, TWO_LEGS, COURSE, CREATOR, BANNED]

KEYS = [
    *("schema_version", "rulebook", "answers", "assumed", "set_aside"),
    *("recommended", "aim", "weak", "close", "certainty", "sampled"),
    *("thresholds", "dimensions"),
    *(
        "channels",
        "pitfalls",
        "plan",
        "why_not",
        "changes",
        "unsettled",
        "robustness",
        "money",
        "money_needs",
        "facts",
        "lang",
    ),
]


@pytest.mark.parametrize("answers", SELLERS)
def test_every_key_is_there_for_every_seller(answers: dict[str, Any]) -> None:
    """A reader of the JSON never has to ask whether a key exists."""
    assert list(cc.decide(answers).to_dict()) == KEYS


@pytest.mark.parametrize("answers", SELLERS)
def test_both_languages_decide_the_same(answers: dict[str, Any]) -> None:
    """Only texts differ between the languages: no id and no number does."""

    def differences(left: Any, right: Any) -> Iterator[str]:
        if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
            for key in left:
                yield from differences(left[key], right[key])
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            for part, translation in zip(left, right, strict=True):
                yield from differences(part, translation)
        elif left != right:
            yield str(left)

    chinese, english = (cc.decide(answers, lang=lang).to_dict() for lang in ("zh", "en"))
    assert (chinese.pop("lang"), english.pop("lang")) == ("zh", "en")
    assert [text for text in differences(chinese, english) if text.isascii()] == []


@pytest.mark.parametrize("answers", SELLERS)
def test_the_ledger_adds_up(answers: dict[str, Any], rulebook: Rulebook) -> None:
    """Fit is the start plus the points shown, open or not."""
    for channel in cc.decide(answers).channels:
        assert channel.fit == rulebook.base_fit + sum(line.points for line in channel.ledger)


def test_channels_come_recommended_first_then_by_access_then_by_fit() -> None:
    """The order in which a person wants to read them."""
    decision = cc.decide(COURSE)
    assert [(c.id, c.access) for c in decision.channels] == [
        ("bio_link", "open"),
        ("tiktok_shop", "closed"),
        ("hybrid", "closed"),
    ]


def test_a_closed_channel_has_no_variant() -> None:
    """What can never be played is not played in any way."""
    assert cc.decide(COURSE).channel("tiktok_shop").variant is None


@pytest.mark.parametrize("answers", SELLERS)
def test_every_other_channel_has_a_reason_against_it(answers: dict[str, Any]) -> None:
    """ "Why not the others" leaves none out."""
    decision = cc.decide(answers)
    others = [c.id for c in decision.channels if c.id != decision.recommended]
    assert [reason.channel for reason in decision.why_not] == others
    assert all(reason.because for reason in decision.why_not)
    for reason in decision.why_not:
        line = decision.channel(reason.channel)
        gates = [gate.because for gate in line.gates if gate.access == line.access]
        assert [text in reason.because for text in gates] == [True] * len(gates)
        assert bool(gates) is (line.access != "open")


def test_a_change_that_is_shown_is_true() -> None:
    """Deciding on a change gives what it claims."""
    decision = cc.decide(NOTHING_OPEN)
    assert decision.changes
    for change in decision.changes:
        after = cc.decide({**NOTHING_OPEN, **change.set})
        assert after.recommended == change.recommended
        assert all(after.channel(name).access == "open" for name in change.opens)


def test_changes_come_least_effort_first_and_open_the_aim() -> None:
    """The Website field costs a look; the aim needs a warehouse; what is sold never changes."""
    changes = cc.decide(NOTHING_OPEN).changes
    assert changes[0].set == {"website_field": "true"}
    assert {"warehouse": "local"} in [change.set for change in changes]
    assert not any({"product_type", "price"} & set(change.set) for change in changes)


def test_every_change_gains_something_and_does_what_it_says() -> None:
    """It opens a channel, or turns the verdict; and deciding on it shows so."""
    turned = 0
    for answers in [*SELLERS, {**TWO_LEGS, "followers": 3000, "experience": "first_time"}]:
        now = cc.decide(answers)
        for change in now.changes:
            after = cc.decide({**answers, **change.set})
            assert after.recommended == change.recommended
            assert change.opens or change.recommended != now.recommended
            turned += not change.opens
    assert turned


def test_a_door_that_only_an_assumption_opens_is_not_called_open() -> None:
    """Without a company, another market needs a local holder too: it is part of the change."""
    answers = {**NOTHING_OPEN, "business_license": "sole_trader", "market": "no_shop"}
    for change in cc.decide(answers).changes:
        if change.set.get("market") == "uk" and "tiktok_shop" in change.opens:
            assert change.set.get("local_id") == "true"


@pytest.mark.parametrize(("answers", "count"), [(TWO_LEGS, 3), (ONE_RIVAL, 2)])
def test_the_error_that_turns_the_verdict_is_exact(
    answers: dict[str, Any], count: int, rulebook: Rulebook
) -> None:
    """With that many points less the rival wins; with one fewer it does not. However many other
    channels are open."""
    decision = cc.decide({**answers, "market": "us"})
    assert sum(channel.access == "open" for channel in decision.channels) == count
    turn, best = decision.robustness, decision.recommended
    assert best is not None
    assert turn is not None
    assert turn.becomes != best
    behind = decision.channel(best).fit - decision.channel(turn.becomes).fit
    order = list(rulebook.channels)
    before = order.index(turn.becomes) < order.index(best)
    assert turn.points == behind + (0 if before else 1)
    assert turn.rule in [line.rule for line in decision.channel(turn.channel).ledger]


def test_no_error_in_points_turns_what_is_alone() -> None:
    """Where nothing else is open only gates decide."""
    assert cc.decide(COURSE).robustness is None


def test_no_change_is_worse_business() -> None:
    """Nobody is advised a paper warehouse or fewer followers."""
    for answers in SELLERS:
        for change in cc.decide(answers).changes:
            assert change.set.get("warehouse") != "virtual"


def test_pairs_of_changes_where_no_single_one_opens_the_aim() -> None:
    """Two legs without stock in the market and without a store need both, and a quick one."""
    decision = cc.decide({**TWO_LEGS, "market": "us", "warehouse": "home", "store": "none"})
    assert decision.aim == "hybrid"
    opening = [change.set for change in decision.changes if "hybrid" in change.opens]
    assert opening[0] == {"warehouse": "local", "store": "fast"}
    assert all(len(change) == 2 for change in opening)
    assert not any(change.get("store") == "slow" for change in opening)


def test_certainty_counts_completions_of_what_is_open() -> None:
    """With nothing open there is one completion, and it holds."""
    whole = {**TWO_LEGS, "market": "us", "base": "elsewhere"}
    assert cc.decide(whole).certainty == (1, 1)
    some = cc.decide(TWO_LEGS)
    assert some.certainty.of > some.certainty.holds > 0
    assert [question.question for question in some.unsettled] == ["market"]


def test_unsettled_names_what_it_could_become() -> None:
    """An open question that could overturn the verdict says into what."""
    (market,) = cc.decide(TWO_LEGS).unsettled
    assert "bio_link" in market.could_become


def test_unknown_counts_at_the_assumed_answer() -> None:
    """Saying "I don't know yet" is the same as leaving a follow-up open."""
    unknown = cc.decide({**NOTHING_OPEN, "store": "unknown"}).to_dict()
    blank = cc.decide(NOTHING_OPEN).to_dict()
    assert unknown.pop("answers") != blank.pop("answers")
    assert unknown == blank


def test_answers_that_do_not_apply_are_set_aside() -> None:
    """A creator's warehouse is kept, named, and not used."""
    decision = cc.decide({**CREATOR, "warehouse": "virtual"})
    assert decision.set_aside == {"warehouse": "virtual"}
    assert "warehouse" not in decision.answers
    assert decision.recommended == cc.decide(CREATOR).recommended


def test_the_holder_pitfall_comes_with_its_assumption() -> None:
    """The one assumption that opens a door is never silent."""
    decision = cc.decide({**NOTHING_OPEN, "warehouse": "local"})
    assert decision.assumed["local_id"] is True
    assert "seller-identity" in [pitfall.id for pitfall in decision.pitfalls]


def test_nothing_open_still_leaves_something_to_do_this_week() -> None:
    """Unlocking comes first where nothing can be played."""
    plan = cc.decide(NOTHING_OPEN).plan
    assert [step.phase for step in plan][:3] == ["now", "now", "now"]


@pytest.mark.parametrize(
    ("answers", "is_open"),
    [
        (TWO_LEGS, True),
        (NOTHING_OPEN, False),
        ({**NOTHING_OPEN, "warehouse": "virtual", "followers": 1200}, False),
    ],
    ids=["what is open fits", "nothing is open", "what is open fits badly"],
)
def test_a_verdict_is_about_the_aim_where_nothing_open_fits(
    answers: dict[str, Any], is_open: bool
) -> None:
    """A channel that fits badly is open, and yet not what a seller is told to play."""
    decision = cc.decide(answers)
    about = decision.seller.headline
    assert (about.channel, about.now) == (decision.aim, is_open)
    assert (decision.recommended == decision.aim) is is_open


def test_weak_plans_spend_nothing_on_the_weak_channel(rulebook: Rulebook) -> None:
    """A channel that fits badly gets only the steps that cost nothing."""
    decision = cc.decide({**NOTHING_OPEN, "warehouse": "virtual", "followers": 1200})
    assert decision.weak
    for step in decision.plan:
        written = rulebook.steps[step.id]
        assert step.phase == "later" or written.unlocks or written.early


def test_banned_goods_are_told_to_leave() -> None:
    """When everything is closed TikTok is not the channel."""
    decision = cc.decide(BANNED)
    assert (decision.recommended, decision.aim) == (None, None)
    assert decision.plan[0].id == "stop-spending-on-tiktok"


def test_missing_core_answers_are_named_at_once() -> None:
    """All of them, with flag and values; not one after the other."""
    with pytest.raises(cc.AnswersError) as caught:
        cc.decide({"product_type": "commodity"})
    places = [problem.place for problem in caught.value.problems]
    assert places == ["--price", "--warehouse", "--followers", "--business-license"]


def test_next_question_ends_when_nothing_can_change() -> None:
    """The library tells what to ask, and when to stop."""
    first = cc.next_question({})
    assert first is not None
    assert first.id == "product_type"
    assert cc.next_question(BANNED) is None


def test_public_names_are_frozen() -> None:
    """Others rely on these names."""
    assert sorted(cc.__all__) == [
        *("AnswersError", "ChooseChannelError", "Comparison", "Decision"),
        *("Rulebook", "RulebookError", "analyze", "compare", "decide", "decide_table"),
        *("load_rulebook", "next_question", "render"),
    ]
    assert all(getattr(cc, name) for name in cc.__all__)


def test_the_library_proves_a_rulebook() -> None:
    """The findings that `rules check` prints: none for a clean one, and one for a spoiled one."""
    clean = cc.load_rulebook(CLEAN)
    rule = next(iter(clean.rules.values()))
    twice = dataclasses.replace(clean, rules={**clean.rules, "again": rule._replace(id="again")})
    assert cc.analyze(clean) == []
    findings = [(finding.id, finding.entry) for finding in cc.analyze(twice)]
    assert ("repeats", ("rules", "again")) in findings


@pytest.mark.parametrize("answers", SELLERS)
def test_a_step_is_for_a_channel_that_it_names_or_opens(
    answers: dict[str, Any], rulebook: Rulebook
) -> None:
    """Not for the recommended one whatever it is about; and for the aim before another one that it
    opens as well."""
    decision = cc.decide(answers)
    for line in decision.plan:
        step = rulebook.steps[line.id]
        of_step = {*step.channels}
        named = {c.id for c in decision.channels if {c.id, c.variant} & of_step}
        opened = {channel for gate in step.unlocks for channel in rulebook.gates[gate].channels}
        aimed = {decision.aim} & opened
        assert line.channel in (named or aimed or opened or {None})


def test_what_sets_the_best_channel_above_another_speaks_for_it() -> None:
    """The two rules that do so most; what is as good for both of them is no reason."""
    edits: dict[Entry, object] = {
        ("rules", "cheap-apples-at-the-stall", "when"): {"price": {"below": 20}},
        ("rules", "neighbours-talk"): Like(
            "boxes-travel-well",
            {
                "when": {"goods": "apples"},
                "points": {"stall": 5, "post": 5},
                "because": {"zh": "邻居说好", "en": "Neighbours talk"},
            },
        ),
    }
    rulebook = spoil(cc.load_rulebook(CLEAN), edits)
    answers = {"goods": "apples", "season": "summer"}
    for goal, price, boxes, because in (
        ("regulars", 60, True, "Dear ones pay for a parcel Regulars write for more"),
        ("today", 9, True, "A stall is paid the same day Cheap ones are bought in passing"),
        ("regulars", 30, False, "Regulars write for more"),
    ):
        reasons = cc.decide(
            {**answers, "goal": goal, "price": price, "boxes": boxes}, rulebook
        ).why_not
        assert [reason.because.split(". ", 1)[-1] for reason in reasons] == [because]


def test_what_closes_a_channel_is_said_before_what_locks_it() -> None:
    """Whatever the order in the rulebook: what can be unlocked does not help there."""
    clean = cc.load_rulebook(CLEAN)
    gates = {
        "pears-bruise": {**clean.written["gates"]["pears-bruise"], "channels": ["stall"]},
        "no-market-in-winter": clean.written["gates"]["no-market-in-winter"],
    }
    decision = cc.decide({"goods": "pears", "season": "winter"}, spoil(clean, {("gates",): gates}))
    gate_ids = [gate.id for gate in decision.channel("stall").gates]
    assert gate_ids == ["no-market-in-winter", "pears-bruise"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError):
        cc.nonsense  # noqa: B018


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_market_has_the_label_of_its_own_question(lang: str, rulebook: Rulebook) -> None:
    """Another question may have a choice of the same name."""
    warehouse = rulebook.questions["warehouse"]
    other = warehouse.choices[0]._replace(id="us", label={"zh": "别处", "en": "elsewhere"})
    questions = {
        **{"warehouse": warehouse._replace(choices=(*warehouse.choices, other))},
        **{name: question for name, question in rulebook.questions.items() if name != "warehouse"},
    }
    answers = {**TWO_LEGS, "market": "us", "warehouse": "local"}
    decision = cc.decide(answers, dataclasses.replace(rulebook, questions=questions), lang)
    labels = {fact.market_name for fact in decision.facts if fact.market == "us"}
    assert labels == {"the United States" if lang == "en" else "美国"}


@pytest.mark.parametrize(
    ("lang", "market", "text"),
    [
        ("en", "us", "stock in the United States"),
        ("zh", "us", "把货备到美国"),
        ("en", "other", "stock in your buyers' country"),
        ("zh", "other", "把货备到买家所在国"),
    ],
)
def test_a_change_names_the_market_that_it_is_for(lang: str, market: str, text: str) -> None:
    """By its label, or by other words where that names several countries; whoever moves to another
    market is told of that one; and of a rulebook without markets nobody knows it."""
    rulebook = load_rulebook()
    here = FactMessages(rulebook, lang, {"market": market})
    assert changes_text(rulebook, {"warehouse": "local"}, here) == text
    elsewhere = FactMessages(rulebook, lang, {"market": "uk"})
    moved = changes_text(rulebook, {"market": market, "warehouse": "local"}, elsewhere)
    assert moved.endswith(text)
    without = dataclasses.replace(rulebook, economy=rulebook.economy._replace(roles=None))
    assert FactMessages(without, lang, {"market": market}).market() == here("market_unknown")


def test_what_hangs_on_a_guess_says_which() -> None:
    """Beside the reason, so that whoever knows better can leave it out."""
    seller = {name: value for name, value in TWO_LEGS.items() if name != "cash"}
    decision = cc.decide({**seller, "goal": "unknown"})
    marked = {
        line.rule: [answer.question for answer in decision.answer_texts.guessed[line.rule]]
        for channel in decision.channels
        for line in channel.ledger
        if line.assumed
    }
    assert {"cash"} < {name for names in marked.values() for name in names}
    assert all(marked.values())
    text = " ".join(render(decision, "markdown", None).split())
    assert '(We assumed "cash: tight". If that is wrong, ignore this.)' in text


def test_decisions_on_the_same_seller_are_equal() -> None:
    """In what a record holds; how it was reached does not count."""
    assert cc.decide(COURSE) == cc.decide(COURSE)
    assert cc.decide(COURSE) != cc.decide(COURSE, lang="zh")
    assert cc.decide(COURSE) != cc.decide(CREATOR)


@pytest.mark.parametrize(
    ("entry", "line", "renamed"),
    [
        (Step, StepLine, {}),
        (Pitfall, PitfallLine, {"happens": "text"}),
        (Rule, LedgerLine, {}),
        (Gate, GateLine, {}),
        (Fact, FactLine, {}),
    ],
)
def test_a_decision_holds_every_text_of_an_entry(
    entry: type, line: type, renamed: dict[str, str]
) -> None:
    """A text that authors can write and no line takes would be shown nowhere."""
    hints = typing.get_type_hints(entry)
    texts = {renamed.get(name, name) for name, hint in hints.items() if hint in (Text, Text | None)}
    assert texts
    assert texts <= {*typing.get_type_hints(line)}
