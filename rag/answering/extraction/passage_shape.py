"""What passages are beside their words: a title, a row at the crossing of what is asked for, a count, a passage in
another language than the question's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from rag.answering.extraction.compose import stands_in_list
from rag.answering.facts.amounts import amounts
from rag.answering.passages.lists import like_title
from rag.answering.passages.quotations import Passage, tables_of
from rag.answering.questions.sought import Sought
from rag.text.function_words import told_language
from rag.text.passages import content_terms
from rag.types import Evidence

KEY_CELLS = 2
"""Cells of a row, the first ones, that say what it is about."""

NOUN_WITHIN = 3
"""Words after a number among which the noun is that it counts: "four different views"."""

_COUNT = re.compile(
    r"^\W*(?:[^:;]{1,40}: )?"
    r"(?:(?:total )?number|quantity|anzahl|zahl|nombre|número|numero|quantité|cantidad|quantità|quantidade|aantal|"
    r"liczba|ilość|sayısı)\b(?:\s+(?:of|de|der|des|d['’]|di|van))?.{0,60}?[:;]\D{0,20}\d",
    re.IGNORECASE,
)


def is_title(passage: Passage) -> bool:
    """Whether a sentence is none: a few words without an end, and no item of a list."""
    return passage.kind == "sentence" and like_title(passage.text) and not stands_in_list(passage)


def is_count(passage: Passage, found: Sought) -> bool:
    """Whether a passage says how many there are of something that is asked for: "Number of ports: 3"."""
    return found.covered(passage) > 0 and bool(_COUNT.match(passage.text))


def entitles(passage: Passage, found: Sought) -> bool:
    """Whether a passage stands under a heading of which every word is asked for."""
    title = [t for t in content_terms(passage.evidence.chunk.heading.split(" > ")[-1]) if any(map(str.isalpha, t))]
    return bool(title) and all(term in found.weights for term in title)


def announces(passage: Passage, noun: frozenset[str]) -> bool:
    """Whether a sentence introduces a list of what a noun names with their number: "There are four views:"."""
    if not noun or not passage.text.rstrip().endswith((":", "：")) or not stands_in_list(passage):
        return False
    ends = [number.end for number in amounts(passage.text) if number.noun]
    return any(noun & frozenset(content_terms(" ".join(passage.text[end:].split()[:NOUN_WITHIN]))) for end in ends)


def says_where(passage: Passage) -> bool:
    """Whether a sentence says where something is: "is located", "befindet sich"."""
    return passage.kind == "sentence" and bool(_LOCATED.search(passage.text))


def counts(passage: Passage, question: str) -> bool:
    """Whether a passage counts what a question asks the number of: "up to three sensors" where it is "how many
    sensors"."""
    match = _HOW_MANY.search(question)
    wanted = frozenset(content_terms(match[1])) if match else frozenset[str]()
    if not wanted or passage.kind == "figure":
        return False
    return any(number.noun and wanted & frozenset(content_terms(number.noun)) for number in amounts(passage.text))


_LOCATED = re.compile(
    r"\b(?:(?:is|are|be) (?:located|situated|found)|(?:can|will) (?:you )?find|befind(?:et|en) sich|finden sie|sitzt|"
    r"se trouv\w+|est situé\w*|sont situé\w*|vous trouverez|se encuentra\w*|está\w* ubicad\w*|si trova\w*|è situat\w*|"
    r"bevind(?:t|en) zich|vindt u|znajduj\w+ się|encontra\w*-se|está\w* localizad\w*|bulunur|bulunmaktadır)(?!\w)"
    r"|位于|在.{1,12}(?:上|内|处)|にあります",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\b(?:how many|wie\s?viele|combien d(?:e\s|['’])|cuánt[oa]s|quant[ie]|hoeveel|quant[oa]s|ile|kaç)"
    r"\s*([^\W\d_]{3,})",
    re.IGNORECASE,
)


def crosses(passage: Passage, found: Sought) -> bool:
    """Whether a table's row begins with a word that is asked for, and the name of a column, which it fills, has
    another."""
    if passage.kind != "row":
        return False
    wanted = frozenset(found.weights)
    for names, key in _crossings(passage.evidence).get(passage.text, ()):
        named = wanted & names
        if named and wanted & (key - names):
            return True
    return False


@lru_cache(maxsize=64)
def _crossings(piece: Evidence) -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """The terms of the names of filled columns, and of the first cells, of each row of a piece as it is quoted."""
    found = defaultdict[str, list[tuple[frozenset[str], frozenset[str]]]](list)
    for table in tables_of(piece):
        for row in table.rows:
            names = [name for name, cell in zip(table.header[1:], row[1:], strict=False) if cell]
            said = frozenset(content_terms(" ".join(names))), frozenset(content_terms(" ".join(row[:KEY_CELLS])))
            found[table.readable(row)].append(said)
    return found


def strange_pieces(evidence: Sequence[Evidence], language: str) -> frozenset[int]:
    """The numbers of pieces in another language than the question's; where a document has none in that, in another than
    most of its pieces are in. Pieces with too few words to tell are of no language."""
    told = {piece.number: _language(piece.text) for piece in evidence}
    of_document = defaultdict[str, Counter[str]](Counter)
    for piece in evidence:
        of_document[piece.chunk.doc][told[piece.number]] += bool(told[piece.number])
    strange = set[int]()
    for piece in evidence:
        languages = +of_document[piece.chunk.doc]
        if len(languages) > 1 and told[piece.number]:
            wanted = language if language in languages else languages.most_common(1)[0][0]
            strange |= {piece.number} if told[piece.number] != wanted else set()
    return frozenset(strange)


@lru_cache(maxsize=512)
def _language(text: str) -> str:
    return told_language(text)
