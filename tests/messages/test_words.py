"""The words of the product: what sellers say, and none of the words that were found wrong.

Each entry of the lists below is a word that has been in a text, or is like one, and what to write
in its place. A pattern is as narrow as it can be, so that a right use of a word passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from choose_channel.model.rulebook import Rulebook

ENGLISH = {
    # One word for one thing
    r"\b(one|many|\d+) pieces?\b": "unit",
    r"\b(local|shop) holders?\b|\bholds? (the|a) shop\b": "the person who owns the shop",
    r"\bthe holder\b": "the person who owns the shop",
    r"\blanded (where|,)": "with freight and duty to your warehouse",
    r"\bunaudited\b": "nobody has verified it",
    r"\bpaper warehouse": "a fake warehouse address",
    r"\bcash table\b": "plan your cash",
    # American spelling
    r"(?i)\b(jewellery|licences?|colours?|favours?|centres?|catalogues?|grey|cheques?)\b": (
        "the American spelling"
    ),
    r"(?i)\b(organis|recognis|apologis|customis)\w+|\b(labell|travell)(ed|ing|er)\b": (
        "the American spelling"
    ),
    # Amounts
    r"\d (US dollars|USD|dollars)\b": "$2.20",
    # Literary, or translated
    r"\bdear(er)? (ones?|items?|goods|things)\b|; dear\b": "expensive",
    r"\bhouse of (its|your) own\b|\bits own house\b": "a store of your own",
    r"\b(clear|their|his|her) yes\b": "agree in writing",
    r"\bheld payouts\b": "before payouts arrive",
    r"\bfits badly\b": "a poor fit",
    r"\bAim for: the same\b|\bNo better way\b": "nothing",
    r"\bNo error in our points\b": "does not depend on our points",
    r"\bIt would turn to\b|\bcounted \S+ (more|less) for\b": "would win if",
    r"\borders to match\b": "orders that earn as much as",
    r"\bis out; the payout\b": "tied up",
    r"\bof less weight\b": "smaller effects",
    r"\bdoes not love\b": "shows it to fewer people",
    r"\bthumb away\b": "one swipe away",
    r"\bautomatic letters?\b": "e-mail",
    r"\b(lead|leads) a tenancy\b|\bis a tenancy\b": "rented",
}
CHINESE = {
    r"自家店|自己的站|自己的网店|(?<!应用)商店": "独立站",
    r"持店": "注册店铺的人",
    r"点头": "书面同意",
    r"抵链接|要几单": "卖几单才抵得上",
    r"被挡着": "整句不要",
    r"还差【": "满足任意一条就能开通",
    r"把握：": "可靠程度：",
    r"到发货地的成本": "单件成本（含头程运费和关税）",
    r"寄到买家手里要你出": "每单运费你承担多少",
    r"压两三个月压得起吗": "周转得过来吗",
    r"要偏多少才会": "少算几分，结论就会变成",
    r"讲不开": "卖点讲不清",
    r"收钱顺": "收款更顺",
    r"留后手": "留备选渠道",
    r"写一封信|第一封信|自动信": "邮件",
    r"留邮箱的框": "邮箱订阅框",
    r"现金表": "排好现金",
    r"导流的号": "往站外导流的号",
    r"\d 美金|\d 块钱|\d 刀": "美元",
}
NAMES = (
    "TikTok|Shop|Seller|Center|Live|FBA|FBT|Amazon|Etsy|Shopify|Payments|Stripe|PayPal|Payoneer|"
    "Wise|Facebook|Instagram|Google|YouTube|WhatsApp|Linktree|Gumroad|Temu|Shein|eBay|Canva|"
    "AfterShip|Business|App|FDA|FTC|USPS|UPS|DHL|FedEx|Wayfair|WooCommerce|Paystack|Mercado|Pago|"
    "PayMongo|Flutterwave|Xendit|Sole|Proprietorship"
)
"""Companies, products and offices, in any language."""
TERMS = (
    "ID|LLC|EIN|SSN|RFC|VAT|IVA|IOSS|EORI|EPR|CE|GPSR|CBD|POD|QR|SKU|PDF|EU|AI|B2B|DDP|DDU|HS|OSS|UK|US|MCF|KB|WiFi|Markdown|JSON|"
    "ITIN|"
    "Logo|logo"
)
"""What the trade in Shenzhen writes in Latin letters."""
KEYS = "Shift|Tab|Ctrl|choose|channel"
"""Keys to press, and the program's own name."""
SELLERS = (
    "report_",
    "summary_",
    "money_",
    "ask_",
    "memory_",
    "menu_",
    "live_",
    "html_",
    "access_",
    "severity_",
)
"""The phrases that a seller or their client reads; the others are for those who type commands."""
FLAGS = "summary_more"
"""The one phrase of the first screen that names flags; only who typed the command sees it."""
AUTHOR = "飞鸽出海"


def _texts(rulebook: Rulebook) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of the rulebook with its place."""

    def below(data: Any, at: str) -> Iterator[tuple[str, Mapping[str, str]]]:
        if isinstance(data, Mapping):
            if {*data} == {"zh", "en"}:
                yield at, data
            else:
                for key, part in data.items():
                    yield from below(part, f"{at} {key}")
        elif isinstance(data, (list, tuple)):
            for number, part in enumerate(data):
                yield from below(part, f"{at} {number}")

    yield from below({**rulebook.written, "wording": rulebook.wording}, "")


def _for_sellers(at: str) -> bool:
    """Whether a seller reads the text of this place."""
    file, name, *_ = at.split()
    if file == "wording":
        return name.startswith(SELLERS) and name != FLAGS
    return file != "rulebook"


def _found(pattern: str, text: str) -> list[str]:
    return [match[0] for match in re.finditer(pattern, text)]


@pytest.mark.parametrize(("lang", "words"), [("en", ENGLISH), ("zh", CHINESE)])
def test_words_found_wrong_do_not_come_back(
    lang: str, words: Mapping[str, str], rulebook: Rulebook
) -> None:
    """Each with its place, and what to write instead; sources keep their names."""
    wrong = [
        f"{at}: {match} -> {better}"
        for at, text in _texts(rulebook)
        if not at.startswith(" wording words_") and not at.endswith(" source")
        for pattern, better in words.items()
        for match in _found(pattern, text[lang])
    ]
    assert wrong == []


def test_the_english_holds_no_chinese(rulebook: Rulebook) -> None:
    """But the name of the article's author, and words that people may type."""
    wrong = [
        (at, text["en"])
        for at, text in _texts(rulebook)
        if not at.startswith(" wording words_")
        and re.search(r"[\u3000-\u9fff\uff00-\uffef]", text["en"].replace(AUTHOR, ""))
    ]
    assert wrong == []


def test_the_chinese_holds_no_english(rulebook: Rulebook) -> None:
    """But names, the terms of the trade, and what is to be filled in; sources keep their names."""
    wrong = []
    for at, text in _texts(rulebook):
        if _for_sellers(at) and not at.endswith(" source"):
            plain = re.sub(r"\{[^}]*\}|--[a-z-]+", "", text["zh"])
            words = sorted({*re.findall(r"[A-Za-z][A-Za-z0-9]+", plain)})
            known = re.compile(f"{NAMES}|{TERMS}|{KEYS}")
            wrong += [(at, word) for word in words if not known.fullmatch(word)]
    assert wrong == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_flag_stands_in_what_a_client_reads(lang: str, rulebook: Rulebook) -> None:
    """Commands are for those who type them; only the wizard tells of a flag."""
    wrong = [
        (at, match)
        for at, text in _texts(rulebook)
        if _for_sellers(at) and not at.startswith(" wording ask_")
        for match in _found(r"--[a-z-]+", text[lang])
    ]
    assert wrong == []
