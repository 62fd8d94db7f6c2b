"""Rows of tables by what a question says of a cell: its column's name with its value, or its value with the unit that
the column is in; and rows whose label is the name of the quantity that is asked for.

    "at level 3", "for 13 A"           the row with 3 under "Level", with 13 under "Current (A)"
    "25 German degrees"                the row with 23 - 28 under "German degrees"
    "how tight, in Nm?"                the row with "N·m" in a cell of its own
    "How heavy is it?"                 Weight: 14.2 kg
    "What does E07 mean?"              the row that begins with E07
    "the code of a low battery"        the row "Low battery", not "Low battery restored"
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from rag.answering.facts.amounts import units_in
from rag.answering.facts.fact_check import Number, numbers
from rag.answering.facts.units import MEASURES, Unit, unit_of
from rag.answering.languages.data import language_data, measured
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.passages.quotations import Passage, codes, tables_of, without_codes
from rag.answering.questions.kinds import Quantity, QuestionKinds
from rag.answering.questions.sought import Sought, measures, ranges_in
from rag.text.passages import content_terms
from rag.types import Evidence

NEAR = 3
"""Words between the name of a column and its value in a question."""

LONGEST_AMOUNT = 16
"""Characters of a cell that is a number with its unit."""

LONGEST_UNIT = 8
"""Characters of a cell that is a unit."""

LONGEST_NAME = 4
"""Letters of the name of a setting or quantity, "Vc", that is told from a word by its capital."""

KEY_CELLS = 2
"""Cells of a row, the first ones, one of which names it."""

_AMOUNT = re.compile(r"[^\w–−-]*\d[\d.,]*(?:\s?[^\W\d_][^\s\d]{0,5}|\s?[%°])?\W*")
_IN_UNIT = re.compile(r"\b(?:in|en|em|w)\s+([^\W\d_][\w·⋅/°²³]*)", re.IGNORECASE)
_COUNTED_WORD = re.compile(
    r"\b(?:how many|wie\s?viele?|combien d(?:e\s|['’])|cuánt[oa]s|quant[ie]|hoeveel|quant[oa]s|ile|kaç)"
    r"\s*([^\W\d_]{3,})",
    re.IGNORECASE,
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]{3}")
_SPLIT = re.compile(r"[:;]")


def names_cell(passage: Passage, question: str) -> bool:
    """Whether a question says the value of one of a row's cells beside the name, or with the unit, of its column."""
    if passage.kind != "row":
        return False
    asked = _numbers_of(question)
    cells = _cells(passage.evidence).get(passage.text, ()) if asked else ()
    if any(_is_meant(name, value, asked, question) for name, value in cells):
        return True
    ranges = _ranges(passage.evidence).get(passage.text, ()) if asked else ()
    return any(_holds(name, low, high, asked, question) for name, low, high in ranges)


def names_unit(passage: Passage, question: str) -> bool:
    """Whether a cell of a row is the unit in which a question wants its answer, and nothing else."""
    if passage.kind != "row":
        return False
    wanted = _units_wanted(question)
    return bool(wanted) and not wanted.isdisjoint(_lone_units(passage.evidence).get(passage.text, ()))


@lru_cache(maxsize=256)
def _units_wanted(question: str) -> frozenset[Unit]:
    """Those that a question wants its answer in, "in Nm", or counts, "how many decibels"."""
    named = [match[1] for match in _IN_UNIT.finditer(question)]
    counted = (match[1] for match in _COUNTED_WORD.finditer(question) if unit_of(match[1]))
    return frozenset(unit for word in (*named, *counted) for unit in units_in(word))


@lru_cache(maxsize=64)
def _lone_units(piece: Evidence) -> dict[str, frozenset[Unit]]:
    """The units that are a cell of their own in each row of a piece."""
    return {
        table.readable(row): frozenset(unit for cell in row if len(cell) <= LONGEST_UNIT for unit in units_in(cell))
        for table in tables_of(piece)
        for row in table.rows
    }


def is_keyed(passage: Passage, question: str) -> bool:
    """Whether a row's first cell, or that behind its number, is a code that is asked for, and nothing else; or a short
    name such as "Vc", as it is written there."""
    if passage.kind != "row":
        return False
    if _first_cell(passage) in _short_names(question):
        return True
    asked = codes(question)
    return bool(asked) and not _keys(passage.evidence).get(passage.text, frozenset()).isdisjoint(asked)


def rows_of_codes(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """The rows of one piece's tables that begin with each of several codes that a question names, in the question's
    order; none where any has no such row, or it names one code alone."""
    asked = codes(question)
    held = [p for p in passages if p.kind == "row"] if len(asked) > 1 else []
    found = [next((p for p in held if code in _keys(p.evidence).get(p.text, ())), None) for code in asked]
    rows = [row for row in found if row is not None]
    return rows if len(rows) == len(asked) == len({row.text for row in rows}) else []


def _short_names(question: str) -> list[str]:
    """The words of a question, but its first, that are of a few letters with a capital among small ones."""
    words = _WORD.findall(question)[1:]
    return [w for w in words if 1 < len(w) <= LONGEST_NAME and w.isalpha() and not (w.islower() or w.isupper())]


@lru_cache(maxsize=64)
def _keys(piece: Evidence) -> dict[str, frozenset[str]]:
    """The rows of a piece, as they are quoted, that have a code for a key, and which; equal rows have both's."""
    found: dict[str, frozenset[str]] = {}
    for table in tables_of(piece):
        for row in table.rows:
            cell = next((cell for cell in row if not cell.strip(" .").isdigit()), "")
            held = codes(cell)
            if len(held) == 1 and not content_terms(without_codes(cell)):
                said = table.readable(row)
                found[said] = found.get(said, frozenset()) | frozenset(held)
    return found


def labels_noun(passage: Passage, noun: frozenset[str]) -> bool:
    """Whether the first cell of a row names a thing that is asked for, and another has a number or code of it: "Fuse F1
    | T 5 A" where it is "which fuse"."""
    first = _first_cell(passage) if passage.kind == "row" and noun else ""
    value = passage.text.partition(first)[2] if first else ""
    return bool(value) and noun <= frozenset(content_terms(first)) and any(map(str.isdigit, value))


def is_task(passage: Passage, found: Sought) -> bool:
    """Whether a cell of a row begins with the first word of what a question asks to do, and has another of it: "Reset
    the filter counter | Hold FAN for 5 seconds" for "How do I reset the filter light?"."""
    if passage.kind != "row" or not found.weights:
        return False
    verb = next(iter(found.weights))
    tasks = _tasks(passage.evidence).get(passage.text, ())
    return any(first == verb and any(map(found.has, rest)) for first, *rest in tasks)


@lru_cache(maxsize=64)
def _tasks(piece: Evidence) -> dict[str, list[list[str]]]:
    """The terms of the cells of the rows of a piece that begin with one, in order, where the row says more."""
    found: dict[str, list[list[str]]] = {}
    for table in tables_of(piece):
        for row in table.rows:
            cells = [cell for cell in row if content_terms(cell)]
            opened = [cell for cell in cells if content_terms(cell.split()[0])]
            found[table.readable(row)] = [content_terms(cell) for cell in opened] if len(cells) > 1 else []
    return found


def is_named_whole(passage: Passage, found: Sought) -> bool:
    """Whether the cell that names a row has only words that are asked for, where that of another row of its table has
    these and, beside them, words that are not."""
    if passage.kind != "row":
        return False
    for mine, others in _names(passage.evidence).get(passage.text, ()):
        if all(found.has(term) for term in mine) and any(
            mine < other and not any(found.has(term) for term in other - mine) for other in others
        ):
            return True
    return False


@lru_cache(maxsize=64)
def _names(piece: Evidence) -> dict[str, list[tuple[frozenset[str], list[frozenset[str]]]]]:
    """The terms of each of the first cells of each row of a piece, with those of the other rows' cells below and above
    it."""
    found = defaultdict[str, list[tuple[frozenset[str], list[frozenset[str]]]]](list)
    for table in tables_of(piece):
        for column in range(KEY_CELLS):
            named = [(row, frozenset(content_terms(row[column]))) for row in table.rows if len(row) > column]
            for row, terms in named:
                longer = [other for _, other in named if terms < other] if terms else []
                if longer:
                    found[table.readable(row)].append((terms, longer))
    return found


@lru_cache(maxsize=256)
def _numbers_of(question: str) -> tuple[Number, ...]:
    return tuple(numbers(question))


def _is_meant(name: str, value: Number, asked: Sequence[Number], question: str) -> bool:
    for number in asked:
        if number.known is not None:
            if value.known is not None and number.agrees(value):
                return True
            units = units_in(name)
            if any(unit.base == number.known.base for unit in units) and number.says(value, units):
                return True
        elif number.written == value.written and not value.unit and _beside(name, number.written, question):
            return True
    return False


def _holds(name: str, low: float, high: float, asked: Sequence[Number], question: str) -> bool:
    """Whether a number of a question lies in a range, and is said beside the name of the range's column."""
    lone = [number for number in asked if len(number.values) == 1 and not number.scaled]
    return any(low <= next(iter(n.values)) <= high and _beside(name, n.written, question) for n in lone)


def _beside(name: str, written: str, question: str) -> bool:
    """Whether a term of a column's name stands within a few words of a number."""
    words = _WORD.findall(question)
    named = frozenset(content_terms(name))
    places = [i for i, word in enumerate(words) if word == written]
    return any(
        named & frozenset(content_terms(" ".join(words[max(0, i - NEAR) : i] + words[i + 1 : i + 2]))) for i in places
    )


@lru_cache(maxsize=64)
def _cells(piece: Evidence) -> dict[str, list[tuple[str, Number]]]:
    """The cells of each row of a piece that are a number, with its unit or without, and nothing else, with the names of
    their columns."""
    found = defaultdict[str, list[tuple[str, Number]]](list)
    for table in tables_of(piece):
        for row in table.rows:
            for name, cell in zip(table.header, row, strict=False):
                held = numbers(cell) if len(cell) <= LONGEST_AMOUNT else []
                if name and len(held) == 1 and _AMOUNT.fullmatch(cell):
                    found[table.readable(row)].append((name, held[0]))
    return found


@lru_cache(maxsize=64)
def _ranges(piece: Evidence) -> dict[str, list[tuple[str, float, float]]]:
    """The cells of each row of a piece that are a range and nothing else, with the names of their columns."""
    found = defaultdict[str, list[tuple[str, float, float]]](list)
    for table in tables_of(piece):
        for row in table.rows:
            for name, cell in zip(table.header, row, strict=False):
                held = ranges_in(cell) if name and not _WORDS.search(cell) else []
                if len(held) == 1:
                    found[table.readable(row)].append((name, *held[0]))
    return found


def names_quantity(passage: Passage, kinds: QuestionKinds) -> bool:
    """Whether the label of a row, or of a fact, is the name of a quantity that is asked for, and what follows measures
    it."""
    return bool(_named_quantity(passage, kinds))


def says_otherwise(passage: Passage, kinds: QuestionKinds, found: Sought) -> bool:
    """Whether it does so in another word than the question's: "Weight" where it says how heavy, "Disc speed" where it
    says how fast the disc is."""
    name = _named_quantity(passage, kinds)
    return bool(name) and not found.share(name)


def _named_quantity(passage: Passage, kinds: QuestionKinds) -> str:
    """The words of a label that name a quantity which is asked for and which the value measures; empty for none."""
    label, value = _label(passage) if kinds.quantities else ("", "")
    alone = _lone_units(passage.evidence).get(passage.text, frozenset()) if passage.kind == "row" else frozenset()
    if not label or not (measures(kinds.quantities, value) or _in_unit(label, value) or alone):
        return ""
    for name in kinds.quantities:
        bases = MEASURES.get(name, frozenset())
        if measures([name], value) or any(unit.base in bases for unit in (*units_in(label), *alone)):
            named = _word_for(label, name, kinds.language)
            if named:
                return named
    return ""


@lru_cache(maxsize=2048)
def _word_for(label: str, quantity: Quantity, language: str) -> str:
    """The words of a label that name a quantity, in this language or else any other: a table of data has too few words
    to tell its own."""
    match = language_data(language).quantity(quantity).search(plain(label, language))
    if match:
        return match[0]
    for other, names in measured().items():
        said = plain(label, other)
        words = said.split() if is_spaced(other) else said
        named = next((name for name in names.get(quantity, ()) if name in words), "")
        if other != language and named:
            return named
    return ""


def _in_unit(label: str, value: str) -> bool:
    """Whether a label has the unit of its value: "Duration (h:min): 03:25"."""
    return any(map(str.isdigit, value)) and bool(units_in(label))


def _label(passage: Passage) -> tuple[str, str]:
    """What stands before the colon of a fact, or in the first cell of a row, and the rest."""
    if passage.kind == "figure":
        return "", ""
    first, *rest = _SPLIT.split(passage.text, maxsplit=1)
    if passage.kind == "row":
        cell = _first_cell(passage)
        return (cell, passage.text) if cell else (first, "".join(rest))
    return (first, "".join(rest)) if rest and len(first.split()) <= NEAR + 1 else ("", "")


def _first_cell(passage: Passage) -> str:
    return _first_cells(passage.evidence).get(passage.text, "")


@lru_cache(maxsize=64)
def _first_cells(piece: Evidence) -> dict[str, str]:
    """The first cell of each row of the tables with column names, by the row as it is quoted."""
    held = [table for table in tables_of(piece) if any(table.header)]
    return {table.readable(row): row[0] for table in held for row in table.rows if row}
