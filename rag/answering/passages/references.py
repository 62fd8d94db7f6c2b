"""References within a document: "see section 3.2", "siehe Kapitel 5", "(voir page 12)", "refer to Figure 4", told from
the words of a sentence.

    "To choose the humidity, see section 3.2."   Reference("section", "3.2", "", pointing=True, …)

What it refers to is looked up by :mod:`rag.answering.evidence.referred`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ingestion.text.caption_labels import WORDS as LABEL_WORDS
from ingestion.text.caption_labels import plain_number
from rag.text.passages import content_terms
from rag.text.plain import plain_words

Referent = Literal["section", "page", "figure", "table"]

FEW_LEFT = 2
"""Content terms beside a question's and its reference that a sentence may have and still only say where to look."""

LONGEST_TITLE = 60
"""Characters of a heading that is named in a sentence."""

_SEE = (
    "see(?: also)?|refer(?:s|red)? to|consult|described (?:in|on|under)|explained (?:in|on)|shown (?:in|on)|"
    "listed (?:in|on)|given (?:in|on)|found (?:in|on)|detailed (?:in|on)|according to|as (?:in|per)|follow|read|"
    "siehe(?: auch)?|s\\.|vgl\\.|vergleiche|laut|gemäß|nach|steht (?:in|auf)|finden sie (?:in|auf)|"
    "voir(?: aussi)?|reportez-vous (?:à|au|aux)|se (?:reporter|référer) (?:à|au|aux)|cf\\.|décrite?s? (?:à|au|dans)|"
    "consultez|véase|vea|ver|consulte|consultar|descritos? en|según|vedere?|vedi|consultare|fare riferimento a|"
    "descritt[oa] (?:in|nel)|"
    "zie(?: ook)?|raadpleeg|volgens|beschreven (?:in|op)|patrz|zob\\.|zobacz|consulte|bkz\\.?|bakınız|bakın"
)
_THE = (
    "(?:the|to the|in the|of the|dem|den|der|die|das|im|in|auf|unter|zu|zum|zur|la|le|les|l['’]|à la|au|el|los|las|en|"
    "il|lo|al|alla|nel|nella|de|het|op|o|a|na|no|do|da|w|na)\\s?"
)
_SECTION = (
    "sections?|sect?\\.|chapters?|ch(?:ap)?\\.|paragraphs?|clauses?|appendi(?:x|ces)|annex|kapitels?|kap\\.|abschnitt[es]*|"
    "abschn\\.|ziffer|absatz|anhang|chapitres?|paragraphes?|annexe|capítulos?|cap\\.|apartados?|secci(?:ón|ones)|"
    "capitol[oi]|paragraf[oi]|sezion[ei]|hoofdstuk|paragraaf|rozdzia(?:ł|le|łu)|sekcj[ai]|punkc?(?:t|ie)|seç(?:ão|ões)|"
    "se(?:ção|cção)|bölüm(?!ler)\\w{0,4}"
)
_PAGE = (
    "pages?|pp?\\.|seiten?|páginas?|pág\\.|pagin[ae]|pagg?\\.|bladzijden?|blz\\.|stron[ayieę]+|str\\.|sayfa(?!lar)\\w{0,4}|"
    "slides?|folien?|diapositiv[ae]s?"
)
_NUMBER = r"(?:\d{1,3}(?:[.-]\d{1,3}){0,4}[a-z]?|[A-Z](?:[.-]\d{1,3}){1,3}|[IVXLC]{1,6}|[A-Z])(?![\w-])"
_QUOTED = r"[\"“”„«»‹›‘’']\s?(?P<quoted>[^\"“”„«»‹›‘’']{3,60}?)\s?[\"“”«»‹›‘’']"
_SIGNS = re.compile(
    rf"(?P<section>\b(?:{_SECTION})(?![^\W\d_])|§)\s*(?P<number>{_NUMBER})|"
    rf"(?P<page>\b(?:{_PAGE}))\s*(?P<on>\d{{1,4}})(?!\d|\.\d)|"
    rf"(?P<figure>\b(?:{LABEL_WORDS['figure']}))\s?\.?\s*(?P<shown>\d{{1,3}}(?:[.-]\d{{1,3}}){{0,2}}[A-Za-z]?)(?!\w)|"
    rf"(?P<table>\b(?:{LABEL_WORDS['table']}))\s?\.?\s*(?P<held>\d{{1,3}}(?:[.-]\d{{1,3}}){{0,2}}[A-Za-z]?)(?!\w)|"
    r"第\s*(?P<wide>[\d.]{1,7})\s*(?P<unit>[章节節页頁]|ページ)",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"(?<!\w)(?:{_SEE})\s+(?:{_THE})?(?:(?:{_SECTION})\s+)?"
    rf"(?:{_QUOTED}|(?P<named>[A-ZÀ-Þ][^.;:()\n]{{2,{LONGEST_TITLE}}}?)"
    r"(?=\s+(?:section|chapter|below|above|on page)\b|[.)]|\s*$))",
    re.IGNORECASE,
)
_LEADS = re.compile(rf"(?<!\w)(?:{_SEE})\s*(?:{_THE})?$|(?:参见|请参阅|参照|見|详见)\s*$", re.IGNORECASE)
_FOLLOWS = re.compile(r"^\s*(?:を?参照|をご覧|beschrieben|erklärt|beskrevet|nachlesen)", re.IGNORECASE)
_NAME = re.compile(rf"^[.:]?\s*(?:[–—-]\s*)?(?:{_QUOTED}|(?P<named>[A-ZÀ-Þ][^.;:()\n]{{2,{LONGEST_TITLE}}}))")
_TRIVIAL = frozenset(
    content_terms(
        "see refer section chapter page figure table described explained shown listed detail details information more "
        "siehe kapitel abschnitt seite abbildung beschrieben steht weitere informationen bitte voir chapitre véase ver "
        "capítulo apartado página vedi capitolo pagina zie hoofdstuk patrz bkz please optional"
    )
)


class Reference(NamedTuple):
    """``number`` as printed, empty where only a heading is named; ``title`` is the heading, where it is named.

    ``pointing``: the sentence sends its reader there ("see", "refer to"); ``written`` are its words in the sentence.
    """

    to: Referent
    number: str
    title: str
    pointing: bool
    written: str


SECTION_WORDS, PAGE_WORDS = _SECTION, _PAGE
"""What sections and pages are called before their number, alternatives of one expression."""


@lru_cache(maxsize=2048)
def references(sentence: str) -> tuple[Reference, ...]:
    """The references in a sentence, in order."""
    found: list[Reference] = []
    for match in _SIGNS.finditer(sentence):
        to, number = _referent(match)
        before, after = sentence[: match.start()], sentence[match.end() :]
        pointing = bool(_LEADS.search(before) or _FOLLOWS.match(after) or _in_brackets(before, after))
        name = _NAME.match(after) if to == "section" else None
        title = (name["quoted"] or name["named"] or "").strip() if name else ""
        found.append(Reference(to, plain_number(number), title, pointing, match[0]))
    for match in _TITLED.finditer(sentence):
        title = (match["quoted"] or match["named"] or "").strip()
        if title and not _SIGNS.search(match[0]) and (match["quoted"] or title[:1].isupper()):
            found.append(Reference("section", "", title, True, match[0]))
    return tuple(found)


def says_only_where(sentence: str, wanted: frozenset[str]) -> bool:
    """Whether a sentence says no more than where something stands: beside the ``wanted`` terms of a question and its
    references next to nothing is left of it."""
    named = references(sentence)
    if not any(reference.pointing for reference in named):
        return False
    rest = sentence
    for reference in named:
        for words in filter(None, (reference.written, reference.title)):
            rest = rest.replace(words, " ")
    left = [t for t in dict.fromkeys(content_terms(rest)) if t not in wanted and t not in _TRIVIAL]
    return len(left) <= FEW_LEFT


def names(reference: Reference, heading: str) -> bool:
    """Whether a reference names a heading by its title: "Setting the clock" names "2.1 Setting the clock"."""
    name, title = plain_words(heading), plain_words(reference.title)
    return bool(title) and (name == title or name.endswith(f" {title}"))


def numbers(reference: Reference, heading: str) -> bool:
    """Whether a heading has the number that a reference gives."""
    return bool(reference.number) and _heading_number(heading) == reference.number


@lru_cache(maxsize=2048)
def _heading_number(heading: str) -> str:
    match = re.match(rf"\W*(?:(?:{_SECTION}|§)\s*)?({_NUMBER})(?:[.:)]|\s|$)", heading, re.IGNORECASE)
    return plain_number(match[1]) if match else ""


def _referent(match: re.Match[str]) -> tuple[Referent, str]:
    if match["wide"]:
        return ("section" if match["unit"] in "章节節" else "page"), match["wide"]
    if match["section"]:
        return "section", match["number"]
    if match["page"]:
        return "page", match["on"]
    return ("figure", match["shown"]) if match["figure"] else ("table", match["held"])


def _in_brackets(before: str, after: str) -> bool:
    """Whether a reference stands in brackets with nothing else of weight: "(page 12)", "(section 4.2)"."""
    return bool(re.search(r"[(（]\s*$", before) and re.match(r"\s*[)）]", after))
