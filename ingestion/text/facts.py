"""Rows of a table as facts: whether the first row already says something or names the columns below it.

A list of facts ("Flow rate | 45 l/min", "Voltage | 230 V") has no header: what stands over mixed quantities could only
be a general word such as "Value". A column of one kind ("25 Nm", "49 Nm") may well have a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

DIGIT_SHARE = 0.3  # of the values below, for a first value with digits to be one of them
CODE_SHARE = 0.6  # of the first cells below that are codes: a word over them is a name
FILLED_SHARE = 0.5  # of the values below that are given
COLUMN_SHARE = 0.6  # of a column's cells, for it to hold units or numbers
UNIT_LENGTH = 10  # characters of a unit, "l/(min·bar)" being a long one
CODE_LENGTH = 12  # characters of a code
KEY_LENGTH = 2  # characters of a key, such as the letters of a plug's pins
NAME_WORDS = 3  # of a column's name
MEASURE_WORDS = 8  # more are a sentence
LABEL_END = re.compile(r"[:：]\s*$")
YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")
MEASURE = re.compile(
    r"(?:[^\W\d_]{1,8}[.:]?\s+){0,2}[<>≤≥≈~±+−–$€£(-]*\s*\d[\d.,'’/]*(?:\s?(?:[-–…x×/]|\.{2,3}|to|bis|à)\s?[+±−–-]?\d[\d.,]*)*\s*"
    r"(?P<unit>(?:[^\W\d_]|[°%‰Ω\"″])[^\s,;()]*)?(?P<rest>.*)",
    re.DOTALL,
)
_CODE = re.compile(r"([A-Z]{1,4})[-. ]?\d{1,4}[A-Za-z]?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES = _words(
    """
    name names number value values meaning description function remedy unit units definition specification
    specifications data details
    setting settings default rating remark remarks note notes comment comments cause causes action solution result
    example explanation purpose quantity qty amount price cost content contents characteristics requirement
    wert werte bedeutung beschreibung funktion abhilfe einheit angabe angaben daten einstellung ursache maßnahme
    erklärung lösung bemerkung bemerkungen anzahl menge preis inhalt
    valeur valeurs signification fonction remède unité données réglage remarques quantité prix
    valor valores significado descripción función remedio unidad datos ajuste causa solución cantidad precio
    valore valori significato descrizione funzione rimedio unità dati soluzione quantità prezzo
    waarde betekenis omschrijving beschrijving functie oplossing eenheid oorzaak aantal
    descrição função unidade dados solução quantidade wartość znaczenie opis funkcja jednostka przyczyna
    """
)
"""General names of a second column."""

_LABELS = _words(
    """
    parameter parameters property properties characteristic attribute attributes feature item specification symptom
    fault code term abbreviation variable field problem symbol
    eigenschaft merkmal kenngröße störung fehler begriff abkürzung größe bezeichnung
    paramètre caractéristique propriété symptôme panne défaut terme
    parámetro característica propiedad síntoma fallo término parametro caratteristica proprietà sintomo guasto
    kenmerk eigenschap storing parâmetro propriedade sintoma właściwość cecha
    """
)
"""General names of a first column, which no fact would begin with."""


class _Pair(NamedTuple):
    label: str
    value: str


def begins_with_fact(rows: Iterable[Sequence[str]]) -> bool:
    """Whether the first row is one of the facts below it, and no header. Its type must not tell it from them."""
    held = [list(row) for row in rows if any(row)]
    columns = max(map(len, held), default=0)
    if len(held) < 2 or columns < 2 or not held[0][0]:
        return False
    if not any(held[0][1:]):  # a label over the facts
        codes = sum(_is_code(row[0]) for row in held[1:])
        return len(held) > 2 and codes < CODE_SHARE * (len(held) - 1) and begins_with_fact(held[1:])
    if _is_coded(held):
        return True
    if columns > 2 and not held[1][0] and len(held[0]) > 2 and _is_measure(held[0][2]):  # a label over several facts
        facts = [row[1:] for row in held if len(row) > 2]
        return _is_pair([_Pair(row[0], row[1]) for row in facts if row[0]]) if columns == 3 else _is_measured(facts)
    if columns == 2:
        return _is_pair([_Pair(row[0], row[1]) for row in held if row[0] and len(row) > 1])
    return not _counts_rows(held) and (_is_measured(held) or _has_units(held) or _is_pairs(held))


def _is_coded(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row begins with a code, and most of the others with one of the same letters: "F1" over "F2"."""
    first, *codes = [_CODE.fullmatch(row[0]) for row in rows if row[0]]
    if not first or not all(row[1:] and any(map(str.isalpha, "".join(row[1:]))) for row in rows[:2]):
        return False
    alike = sum(code is not None and code[1] == first[1] for code in codes)
    return bool(codes) and 2 * alike >= len(codes)


def _is_pair(rows: Sequence[_Pair]) -> bool:
    """Two columns: label and value."""
    (label, value), body = rows[0], rows[1:]
    if not value or not body or _names(value, _NAMES) or (not _has_digit(value) and _names(label, _LABELS)):
        return False
    if LABEL_END.search(label):
        return True
    codes = sum(_is_code(row.label) for row in body)
    if not _is_code(label) and codes >= CODE_SHARE * len(body):
        return False
    values = [row.value for row in body if row.value]
    if len(values) < FILLED_SHARE * len(body):  # a form
        return False
    if _has_digit(value):
        if YEAR.fullmatch(value):
            return len(set(map(_kind, values))) > 1
        return sum(map(_has_digit, values)) >= DIGIT_SHARE * len(values)
    kinds = set(map(_kind, values))
    usual = median(len(text.split()) for text in values)
    return len(kinds) > 1 or (kinds == {""} and len(value.split()) >= usual)


def _counts_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first cell names a column of bare numbers ("Span (m)" over 2, 3, 4): what stands beside it, "1 kN", "2
    kN", heads columns too."""
    below = [row[0] for row in rows[1:] if row[0]]
    return not _has_digit(rows[0][0]) and sum(map(_is_bare, below)) >= COLUMN_SHARE * max(1, len(below))


def _is_measured(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has nothing but measures, in columns of several quantities."""
    first = [(column, text) for column, text in enumerate(rows[0]) if column and text]
    if not all(_is_measure(text) for _, text in first):
        return False
    if not any(_is_measure(row[c]) for row in rows[1:] for c, _ in first if len(row) > c and row[c]):
        return False  # they head columns of marks
    below = [{_kind(row[c]) for row in rows if len(row) > c and row[c]} for c, _ in first]
    return all(len(kinds) > 1 for kinds in below) and any(_kind(text) not in ("", "number") for _, text in first)


def _has_units(rows: Sequence[Sequence[str]]) -> bool:
    """Name, value and unit, each in a column."""
    first, columns = rows[0], max(map(len, rows))
    if columns != 3 or len(first) < 3 or not all(first) or not _is_bare(first[1]) or YEAR.fullmatch(first[1]):
        return False
    full = [row for row in rows if len(row) == 3 and row[1]]
    units = [row[2] for row in full if row[2]]
    return (
        sum(_is_bare(row[1]) for row in full) >= COLUMN_SHARE * len(full)
        and all(len(unit) <= UNIT_LENGTH and not _is_bare(unit) for unit in units)
        and len(set(units)) > 1
        and not _names(first[2], _NAMES)
    )


def _is_pairs(rows: Sequence[Sequence[str]]) -> bool:
    """Label and value, label and value, beside each other."""
    columns = len(rows[0])
    if columns % 2 or not all(rows[0]):
        return False
    labels, values = rows[0][::2], rows[0][1::2]
    kinds = {_kind(text) for row in rows for text in row[1::2] if text}
    return not any(map(_has_digit, labels)) and all(map(_is_measure, values)) and len(kinds) > 1


def _names(text: str, words: frozenset[str]) -> bool:
    """Whether a cell is no more than such words."""
    said = re.findall(r"[^\W\d_]+", text.casefold())
    return 0 < len(said) <= NAME_WORDS and (said[-1] in words or said[0] in words)


def _kind(text: str) -> str:
    """The unit of a measure, "number" for one without, or nothing for words."""
    match = MEASURE.fullmatch(text.strip()) if len(text.split()) <= MEASURE_WORDS else None
    return (match["unit"] or "number").rstrip(".") if match else ""


def _is_measure(text: str) -> bool:
    return _kind(text) != ""


def _is_bare(text: str) -> bool:
    """Whether a cell is numbers and signs, or a range of them."""
    return any(ch.isdigit() for ch in text) and sum(ch.isalpha() for ch in text) <= 3 and not text[0].isalpha()


def _is_code(text: str) -> bool:
    return (_has_digit(text) and len(text) <= CODE_LENGTH and " " not in text.strip()) or 0 < len(text) <= KEY_LENGTH


def _has_digit(text: str) -> bool:
    return any(ch.isdigit() for ch in text)
