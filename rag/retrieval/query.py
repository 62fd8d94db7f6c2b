"""What a question asks for, read from its words alone.

Instructions about the form of the answer ("Please write the answer as a list") do not search. Field terms that stand
for lines of a statement ("working capital") bring those lines' words along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from rag.retrieval.codes import Code, codes
from rag.text.analysis import number_terms, question_terms, terms, terms_by_language
from rag.text.function_words import language_of, reading_language, stop_stems

Want = Literal[
    "figure", "chart", "table", "map", "photo", "logo", "diagram", "list", "heading", "cover", "colour", "contents",
    "slides",
]  # fmt: skip

MAX_TERMS = 40  # of a question; OCR text of a screenshot can have hundreds

_WANTS: dict[Want, str] = {
    "figure": "figures? fig images? pictures? illustrations? shown depicted drawn drawings? icons? symbols?",
    "chart": "charts? graphs? plots? pie bars? histograms? curves? axis axes legends? scatter percentages? percent",
    "table": "tables? rows? columns? cells?",
    "map": "maps?",
    "photo": "photos? photographs? wearing people persons? man woman men women holding hands?",
    "logo": "logos? brands? trademarks?",
    "diagram": "diagrams? flowcharts? schemes? schematics? workflow architectures? arrows? box(?:es)? circles? "
    "screenshots?",
    "list": "lists? listed enumerate bullets? steps?",
    "heading": "titles? headings? sections? chapters? contents? appendix appendices",
    "cover": "cover published publisher authors?",
    "contents": "contents? chapters? sections? appendix appendices outline agenda",
    "slides": "slides? presentations? decks? slideshow",
    "colour": "colou?r(?:ed|s)? red green blue yellow orange purple pink black white gr[ae]y brown",
}
_WANT_PATTERNS = {
    want: re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE) for want, words in _WANTS.items()
}

_REFERENCE_WORDS = (
    "figure|fig|table|tab|chart|exhibit|graph|diagram|image|plate|box|scheme|map|appendix|annex|section|chapter|step|"
    "algorithm|equation|eq|theorem|question|example|case|part|item|note|listing"
)
_REFERENCE = re.compile(
    rf"\b(?P<word>{_REFERENCE_WORDS})s?\.?\s*(?:no\.?\s*)?(?P<number>\d+(?:\.\d+)*|[a-z](?![\w'’])|[ivx]+(?!\w))",
    re.IGNORECASE,
)
_FULL_NAMES = {"fig": "figure", "tab": "table", "eq": "equation"}
_SHORT_WORDS = {"a", "i"}  # after a reference word these are English, not letters: "table a …"

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_CARDINALS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_LEAF = r"(?:pages?|slides?|pp?\.)"
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))"
_CARDINAL = rf"(?:{'|'.join(_CARDINALS)}|\d{{1,4}})"
_PAGE_RANGE = re.compile(rf"\b{_LEAF}\s*(\d{{1,4}})\s*(?:-|–|—|to|through|until)\s*(\d{{1,4}})\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    rf"\b{_LEAF}\s*(?:numbers?|no\.?|#)?\s*({_CARDINAL})(?:\s*(?:and|,|&)\s*({_CARDINAL}))?\b", re.IGNORECASE
)
_PAGE_ORDINAL = re.compile(rf"\b({_ORDINAL})\s+(?:\w+\s+)?{_LEAF}\b", re.IGNORECASE)
_FROM_END = re.compile(
    rf"\b(?:({_ORDINAL})[\s-]+(?:to[\s-]+)?last|(penultimate)|(last|final|back))\s+(?:cover\s+)?{_LEAF}|"
    rf"\b{_LEAF}\s+(?:at|on)?\s*(?:the\s+)?(?:({_ORDINAL})[\s-]+(?:to[\s-]+)?last|(last)\b)",
    re.IGNORECASE,
)
_FIRST_COVER = re.compile(r"\b(?:cover|title|front)\s+(?:page|slide|sheet)|\bon the cover\b", re.IGNORECASE)
_FISCAL_YEAR = re.compile(r"\bFY\s?['’]?(?:(\d{4})|(\d{2}))\b", re.IGNORECASE)
MOST_PAGES = 100  # page numbers of one question that are looked for
MAX_RANGE = 50  # pages of "pages 3 to 40" that are looked for one by one

_QUOTED = re.compile(r"[\"“”«»„`]([^\"“”«»„`]{3,200})[\"“”«»„`]|(?<!\w)['‘]([^'‘’]{3,200})['’](?!\w)")
_COUNTS = re.compile(
    r"\b(?:how (?:many|much)|number of|percent(?:age)?s?|total|amount|average|ratio|rate|sum|difference)\b|%",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?:please\s+)?(?:kindly\s+)?\b(?:(?:write|give|provide|express|return|present|output|format|round|sort|order|"
    r"enumerate|list|state|answer|show|directly answer|your answer|the answer)\b[^.?!]{0,400}?\b(?:answers?|"
    r"format(?:ted)?|lists?|decimals?|integers?|floats?|strings?|sentences?|order|percentages?|thousands|millions|billions|places|"
    r"nearest|e\.g)\b(?:[^.?!]|\.(?=\w|g\b))*)[.?!]*",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"(?:\be\.g\.?|\bfor example|\bsuch as|\blike)?,?(?:(?<!\s)\s++)?\[[^\[\]'\"]*+['\"][^\[\]]*+\]", re.IGNORECASE
)

STATEMENT_LINES: dict[str, str] = {
    "working capital": "total current assets liabilities balance sheet",
    "current ratio": "total current assets liabilities balance sheet",
    "quick ratio": "current assets liabilities cash equivalents receivable inventories balance sheet",
    "cash ratio": "cash equivalents total current liabilities balance sheet",
    "capital expenditure": "purchases of property and equipment investing activities cash flows",
    "capex": "capital expenditures purchases of property and equipment investing activities cash flows",
    "free cash flow": "net cash provided by operating activities purchases of property and equipment cash flows",
    "roa": "return on assets net income total assets",
    "return on asset": "net income total assets",
    "roe": "return on equity net income stockholders equity",
    "return on equity": "net income total stockholders equity",
    "roi": "return on investment net income",
    "ebitda": "operating income depreciation amortization statements of operations cash flows",
    "ebit": "operating income interest expense statements of operations",
    "interest coverage": "operating income interest expense statements of operations",
    "gross margin": "gross profit cost of revenues sales statements of operations",
    "gross profit": "cost of revenues sales statements of operations",
    "profit margin": "net income revenues statements of operations",
    "operating margin": "operating income revenues statements of operations",
    "net margin": "net income revenues statements of operations",
    "debt to equity": "total liabilities long-term debt stockholders equity balance sheet",
    "debt to ebitda": "long-term debt operating income depreciation amortization",
    "debt ratio": "total liabilities total assets balance sheet",
    "leverage": "total debt liabilities stockholders equity balance sheet",
    "inventory turnover": "inventories cost of goods sold",
    "receivable turnover": "accounts receivable net revenues sales",
    "payable turnover": "accounts payable cost of goods sold",
    "asset turnover": "total assets net sales revenues",
    "days sales outstanding": "accounts receivable net revenues",
    "cash conversion": "inventories accounts receivable payable",
    "dividend payout": "dividends paid net income",
    "eps": "earnings per share diluted basic",
    "effective tax rate": "provision for income taxes income before",
    "effective tax": "provision for income taxes income before",
    "book value": "stockholders equity shares outstanding",
    "market cap": "aggregate market value common stock shares outstanding",
    "net worth": "total stockholders equity balance sheet",
    "cogs": "cost of goods sold revenues",
    "opex": "operating expenses",
    "r&d": "research and development",
    "sg&a": "selling general administrative expenses",
    "fiscal year end": "fiscal year ended",
}
"""Terms of finance and the words of the statement lines they are computed from (general accounting usage)."""
_LONGEST_FIRST = sorted(map(re.escape, STATEMENT_LINES), key=len, reverse=True)
_STATEMENT = re.compile(rf"\b({'|'.join(_LONGEST_FIRST)})s?(?!\w)")


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question taken apart.

    ``terms`` are distinct and in order, ``phrases`` neighbours among them, ``related`` terms the question implies.
    ``references`` are pairs like (figur, 3). ``pages`` are page numbers asked for; negative ones count from the end.
    ``codes`` are its part numbers and error codes, whose parts are still among ``terms``. ``spellings`` are, by term,
    what the same word or code is on other pages: other stems in other languages, (e, 07) for e07. ``language`` is the
    question's own, ``reading_language`` that by which encoders are chosen. ``counts`` is True when a quantity is asked
    for.
    """

    terms: tuple[str, ...]
    phrases: tuple[tuple[str, str], ...]
    quoted: tuple[tuple[str, ...], ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    pages: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    wants: frozenset[Want] = frozenset()
    related: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    spellings: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    language: str = "en"
    reading_language: str = "en"
    counts: bool = False


def parse_question(text: str, languages: Sequence[str] = ("en",)) -> ParsedQuestion:
    """Take a question apart, for pages in any of these languages. Text without words gives one without terms."""
    content = _FISCAL_YEAR.sub(lambda year: year[1] or f"20{year[2]}", without_form(text))
    language = language_of(content)
    order = sorted(languages, key=lambda one: one != language)  # terms are those of the question's own, if any has it
    words = terms_by_language(content, order)
    distinct = _without_stop_words([word[0] for word in words], language, order[0])[:MAX_TERMS]
    lines = " ".join(STATEMENT_LINES[match[1]] for match in _STATEMENT.finditer(content.lower()))
    return ParsedQuestion(
        terms=distinct,
        phrases=_phrases([word[0] for word in words], frozenset(distinct)),
        quoted=_quotes(content, order[0]),
        references=references(content),
        pages=pages(content),
        numbers=tuple(dict.fromkeys(number_terms(content))),
        wants=frozenset(want for want, pattern in _WANT_PATTERNS.items() if pattern.search(content)),
        related=tuple(term for term in dict.fromkeys(question_terms(lines)) if term not in distinct),
        codes=codes(content),
        spellings=_other_stems(words, frozenset(distinct)),
        language=language,
        reading_language=reading_language(content),
        counts=bool(_COUNTS.search(content)),
    )


def _without_stop_words(found: Sequence[str], language: str, stemmed_in: str) -> tuple[str, ...]:
    """Distinct terms without the question's stop words; where nothing else is left, with them."""
    left_out = stop_stems(language, stemmed_in)
    return tuple(dict.fromkeys(term for term in found if term not in left_out) or dict.fromkeys(found))


def _other_stems(words: Sequence[tuple[str, ...]], kept: frozenset[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """By term the stems that its words have in the other languages; one that is a term itself stays that."""
    others: dict[str, dict[str, None]] = {}
    for term, *stems in words:
        if term in kept:
            others.setdefault(term, {}).update(dict.fromkeys(stem for stem in stems if stem not in kept))
    return {term: tuple((stem,) for stem in stems) for term, stems in others.items() if stems}


def without_form(text: str) -> str:
    """The question without instructions about the form of the answer; the whole text where nothing else is left."""
    shorter = _FORM.sub(" ", _EXAMPLE.sub(" ", text))
    return shorter if len(terms(shorter)) >= 3 else text


def references(text: str) -> tuple[tuple[str, str], ...]:
    """Numbered things that are named: ``Fig. 3a`` is (figur, 3) in the terms of :mod:`rag.text.analysis`."""
    found = []
    for match in _REFERENCE.finditer(text):
        word, number = match["word"].lower(), match["number"]
        if number in _SHORT_WORDS or (number.isalpha() and len(number) == 1 and number.islower()):
            continue
        found.append((terms(_FULL_NAMES.get(word, word))[0], terms(number)[0]))
    return tuple(dict.fromkeys(found))


def pages(text: str) -> tuple[int, ...]:
    """Page numbers asked for, the first MOST_PAGES; -1 is the last page, -2 the one before."""
    found: list[int] = []
    for match in _PAGE_RANGE.finditer(text):
        first, last = int(match[1]), int(match[2])
        found += range(first, min(last, first + MAX_RANGE) + 1)
    for match in _PAGE_NUMBER.finditer(text):
        found += [_cardinal(number) for number in match.groups() if number]
    ends = list(_FROM_END.finditer(text))
    for match in ends:
        ordinal = match[1] or match[4]
        found.append(-_ordinal(ordinal) if ordinal else -2 if match[2] else -1)
    covered = [match.span() for match in ends]
    for match in _PAGE_ORDINAL.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in covered):
            found.append(_ordinal(match[1]))
    if not found and _FIRST_COVER.search(text):
        found.append(1)
    return tuple(dict.fromkeys(number for number in found if number))[:MOST_PAGES]


def _ordinal(word: str) -> int:
    return _ORDINALS.get(word.lower()) or int(re.sub(r"\D", "", word))


def _cardinal(word: str) -> int:
    return _CARDINALS.get(word.lower()) or int(word)


def _quotes(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(terms(match[1] or match[2], language)) for match in _QUOTED.finditer(text))
    return tuple(quote for quote in found if len(quote) > 1)


def _phrases(found: Sequence[str], kept: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Terms of the question that stand side by side in it."""
    pairs = [(a, b) for a, b in pairwise(found) if a in kept and b in kept]
    return tuple(dict.fromkeys(pairs))[:MAX_TERMS]
