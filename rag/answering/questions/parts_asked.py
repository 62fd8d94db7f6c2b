"""Parts of a document that a question names: "figure 3", "page 12", "chapter 4.2", "all tables", "the technical
data", "the last page".

    "Show me figure 3 of the pump manual"   →   figure 3; left of the question: pump

Whether anything is asked beyond that they are shown is told by the words that are left. In the languages of
:mod:`rag.answering.languages`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ingestion.text.caption_labels import WORDS as LABEL_WORDS
from ingestion.text.caption_labels import plain_number
from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import beginnings_of, is_spaced, plain, words_of
from rag.answering.passages.references import PAGE_WORDS, SECTION_WORDS, Reference, references
from rag.text.analysis import terms
from rag.text.function_words import content_terms_of_language

Listed = Literal["figures", "tables", "chapters", "data"]
End = Literal["first_page", "last_page"]
LISTED: tuple[Listed, ...] = ("data", "figures", "tables", "chapters")
ENDS: tuple[End, ...] = ("first_page", "last_page")

LONGEST = 160
"""Characters of a question that is looked at: one that asks for nothing but a part is short."""

SHORT = 30
"""Characters of a question up to which it is looked at in all languages."""

_OTHER_FIGURES = "|".join(LABEL_WORDS[series] for series in ("chart", "picture", "map", "scheme", "exhibit"))
_OTHER_FIGURE = re.compile(
    rf"\b(?:{_OTHER_FIGURES})\s?(?:no\.?|nr\.?)?\s?(\d{{1,3}}(?:[.-]\d{{1,3}})?)(?!\w)", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,])(\d{{1,3}})(?:\.|st|nd|rd|th|er|e|ère|ème|ª|º|ste|de)?\s?({PAGE_WORDS}|{SECTION_WORDS})\b(?!\s?\d)",
    re.IGNORECASE,
)
_BEFORE_LABEL = re.compile(r"(?<=[\u3040-\u30ff\u4e00-\u9fff])(?=[图圖図表]\s?\d)")
_AFTER_DIGIT = re.compile(r"(?<=\d)(?=[\u3040-\u30ff\u4e00-\u9fff])")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_WIDE_PAGE = re.compile(r"(?<![第\d.])(\d{1,4})\s?(页|頁|ページ|章|节|節)")


class PartsAsked(NamedTuple):
    """What a question names of documents; ``left`` are the terms of all else that it says in ``language``, the one in
    which it was understood."""

    places: tuple[Reference, ...]
    lists: tuple[Listed, ...]
    ends: tuple[End, ...]
    left: frozenset[str]
    language: str

    def __bool__(self) -> bool:
        return bool(self.places or self.lists or self.ends)


NOTHING = PartsAsked((), (), (), frozenset(), LANGUAGES[0])


@lru_cache(maxsize=256)
def parts_asked(question: str, language: str) -> PartsAsked:
    """The parts that a question names, in the language of these in which least is left of it; the one given first."""
    written = _spelt(question)
    if not written or len(question) > LONGEST:
        return NOTHING
    places = _places(written)
    first = _in(written, places, language)
    if (first and not first.left) or (not first and len(question) > SHORT):
        return first
    unspaced = bool(_UNSPACED.search(written))
    others = (_in(written, places, one) for one in LANGUAGES if one != language and is_spaced(one) != unspaced)
    if not first:  # too few words to tell a language: "Technische Daten"
        return next((one for one in others if one and not one.left), first)
    return min([first, *(one for one in others if one)], key=lambda one: len(one.left))


def _spelt(question: str) -> str:
    """A question with its numbers behind their words and apart from letters without spaces: "5. Seite" as "Seite 5"."""
    written = _WIDE_PAGE.sub(r"第\1\2", question)
    written = _AFTER_DIGIT.sub(" ", _BEFORE_LABEL.sub(" ", written))
    return _NUMBER_FIRST.sub(r"\2 \1", written)


def _places(written: str) -> tuple[Reference, ...]:
    named = [reference for reference in references(written) if reference.number]
    named += [
        Reference("figure", plain_number(match[1]), "", False, match[0])
        for match in _OTHER_FIGURE.finditer(written)
        if not any(match[0] in reference.written for reference in named)
    ]
    return tuple(named)


def _in(written: str, places: tuple[Reference, ...], language: str) -> PartsAsked:
    data = language_data(language if language in LANGUAGES else LANGUAGES[0])
    for reference in places:
        written = written.replace(reference.written, " ")
    said, blank = plain(written, data.code), " " if is_spaced(data.code) else ""
    ends: list[End] = []
    lists: list[Listed] = []
    for end in ENDS:
        said, count = data.place(end).subn(blank, said)
        ends += [end] if count else []
    for name in LISTED:
        said, count = data.place(name).subn(blank, said)
        lists += [name] if count else []
    left = _left(said, data.code) if places or lists or ends else frozenset[str]()
    return PartsAsked(places, tuple(lists), tuple(ends), left, language)


def _left(said: str, language: str) -> frozenset[str]:
    """The terms of a text that say more than that something is to be shown, listed or summed up."""
    data = language_data(language)
    if not is_spaced(language):
        for kind in ("opening", "summary", "filler"):
            said = data.kind(kind).sub("", said)
        said = data.place("shown").sub("", said)
        for word in data.parts:
            said = said.replace(word, "")
        return frozenset(terms(said))
    asking, begun = _asking(language)
    words = [word for word in said.split() if word not in asking and not word.startswith(begun)]
    return frozenset(content_terms_of_language(" ".join(words), language))


@lru_cache(maxsize=len(LANGUAGES))
def _asking(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words by which something is asked to be shown or summed up, and how such words begin."""
    data = language_data(language)
    patterns = [pattern for kind in ("opening", "summary") for pattern in data.kinds[kind]]
    shown = words_of([data.places["shown"]], language)
    return data.common.union(data.parts, words_of(patterns, language), shown), tuple(beginnings_of(patterns, language))
