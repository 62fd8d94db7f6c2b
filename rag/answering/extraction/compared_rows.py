"""Rows of a table by what their values are beside each other, or beside a number of the question.

    "Which model is the heaviest?"              the row with the most under "Weight (kg)"
    "Which programmes use the least water?"     those with the least under "Water"
    "Which cycles take more than two hours?"    those with more than 2 h under "Duration"

Values are compared in the units of their cells, or of the column's name; of a range, "-10 to +50 °C", the end that is
asked for. A row that sums the others up is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from rag.answering.extraction.rows_named import rows_named
from rag.answering.facts.amounts import Number, amounts, units_in
from rag.answering.facts.bounds import bounds_in
from rag.answering.facts.units import MEASURES, Unit
from rag.answering.languages.data import language_data
from rag.answering.languages.wordings import plain
from rag.answering.passages.quotations import Passage, tables_of, without_codes
from rag.answering.questions.kinds import QuestionKinds
from rag.answering.questions.sought import CONTEXT, Sought, akin_to
from rag.text.passages import Table, content_terms

LEAST_ROWS = 3
"""Values of a column from which one is the most of them."""

LEAST_FILLED = 0.6
"""Share of a column's cells that are a value."""

MOST_TIED = 3
"""Rows with the same value, up to which it says anything."""

SAID = 0.99
"""Share of a question in a sentence or row that says itself which is the most."""

ABOUT = 0.6
"""Share of a question in the names around a table from which its values are what is compared."""

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?:\s?h)?")
_BETWEEN = re.compile(r"\s*(?:[-–—~～÷]|…|\.{2,3}|to|bis|à|a|hasta|tot|do|até|至|から)\s*[-−+]?\s*", re.IGNORECASE)
"""What stands between the ends of a range."""

_SUM = re.compile(
    r"\W*(?:(?:sub|grand )?totals?|sum|overall|average|mean|all|gesamt|summe|insgesamt|durchschnitt|moyenne|somme|"
    r"ensemble|suma|media|promedio|totale|somma|totaal|gemiddelde|razem|łącznie|średnia|soma|média|toplam|ortalama|"
    r"合计|总计|平均|合計)\b",
    re.IGNORECASE,
)


class _Column(NamedTuple):
    """A column that is compared: its values by row, as written and in the base unit where one is known, and how much
    of the question its name says."""

    written: dict[int, Decimal]
    based: dict[int, Decimal]
    base: str
    said: float


def most_or_least(held: Sequence[Passage], kinds: QuestionKinds, found: Sought) -> list[Passage]:
    """The row of a page's tables that has the most or the least of what is asked for, several where they have as much,
    behind a sentence that says it itself; none where nothing of the kind is asked, where a row says it itself ("Highest
    load: 8 kg"), or where no one column is meant."""
    degrees = _degrees(found.question, kinds)
    told = [p for p in held if found.covered(p) >= SAID] if degrees else []
    if not degrees or any(p.kind == "row" for p in told):
        return []
    best: list[Passage] = []
    most = -1.0
    found = _without_degrees(found, kinds)
    for table, rows in _tables(held, kinds, found):
        for way, quantity in degrees:
            columns = [c for c in _columns(table, found, way) if _is_meant(c, quantity, kinds)]
            top = max((c.said for c in columns), default=0.0)
            ends = {_ends(c, way) for c in columns if c.said == top}
            if len(ends) != 1:
                continue
            tied = ends.pop()
            worth = top + CONTEXT * found.share(_around(rows[0])) + bool(quantity)
            if 0 < len(tied) <= MOST_TIED and worth > most:
                texts = {table.readable(table.rows[i]) for i in tied}
                best, most = [p for p in rows if p.text in texts][:MOST_TIED], worth
    return [*told[:1], *best] if best else []


def beyond(held: Sequence[Passage], kinds: QuestionKinds, found: Sought) -> Passage | None:
    """The first row of a page's tables that lies above or below a number of the question; None where no number is given
    as such a bound, or none of a column's values lies there."""
    if not _bounds(found.question):
        return None
    for table, rows in _tables(held, kinds, found):
        left = rows_beyond(table, kinds, found)
        first = table.readable(left.rows[0]) if left else ""
        passage = next((p for p in rows if p.text == first), None)
        if passage:
            return passage
    return None


def rows_beyond(table: Table, kinds: QuestionKinds, found: Sought) -> Table | None:
    """The rows of a table that lie above or below a number of the question, of those that it names by a cell."""
    wanted = kinds.wants("which", "list", "count", "value", "comparison")
    bounds = _bounds(found.question) if wanted else []
    question = found.question
    for number, _ in bounds:
        question = question.replace(number.written, " ")
    named = rows_named(table, question) if bounds else table
    for number, way in bounds:
        for column in _columns(named, found, way):
            inside = _inside(column, number, way)
            if inside and len(inside) < len(table.rows):
                return Table(table.header, [named.rows[i] for i in inside])
    return None


def _bounds(question: str) -> list[tuple[Number, int]]:
    """The numbers that a question gives as a least (1) or a most (-1); those of codes are none."""
    return bounds_in(without_codes(question))


def _degrees(question: str, kinds: QuestionKinds) -> list[tuple[int, str]]:
    """1 for the most, -1 for the least that a question asks for, each with the quantity it is of: "heaviest" of a
    weight, "highest" of any; none where a number is a bound: "más de seis"."""
    asks = kinds.wants("which", "value", "list", "definition", "comparison", "other")
    if not asks or _bounds(question):
        return []
    data = language_data(kinds.language)
    said = data.degree("neither", "any").sub("", plain(question, kinds.language))
    found = [
        (way, "" if quantity == "any" else quantity)
        for way, name in ((1, "most"), (-1, "least"))
        for quantity in data.degrees.get(name, {})
        if data.degree(name, quantity).search(said)
    ]
    return [one for one in found if one != (1, "") or (-1, "") not in found]  # "le plus bas"


def _tables(held: Sequence[Passage], kinds: QuestionKinds, found: Sought) -> list[tuple[Table, list[Passage]]]:
    """The tables of a page, of each the rows that the question names by a cell, with their passages."""
    rows: dict[int, list[Passage]] = {}
    for passage in held:
        if passage.kind == "row":
            rows.setdefault(passage.evidence.number, []).append(passage)
    return [
        (named if len(named.rows) > 1 else table, passages)
        for passages in rows.values()
        for table in tables_of(passages[0].evidence)
        if any(table.header) and len(table.rows) >= LEAST_ROWS
        for named in [rows_named(table, found.question)]
        if _is_about(f"{_around(passages[0])} {' '.join(table.header)} {_shared(named, table)}", kinds, found)
    ]


def _is_about(names: str, kinds: QuestionKinds, found: Sought) -> bool:
    """Whether the names around a table say most of a question but its amounts, "longest", and words that nothing here
    has, as "takes"."""
    measured = frozenset(content_terms(" ".join(number.written for number in amounts(found.question))))
    left_out = measured | {term for term, others in found.akin.items() if not others}
    asked = _without_degrees(found, kinds)
    rest = {t: w for t, w in asked.weights.items() if t not in left_out}
    said = frozenset(content_terms(names))
    akin = {t: found.akin.get(t, frozenset()) | akin_to(t, said, kinds.language != "en") for t in rest}
    return not rest or replace(found, weights=rest, akin=akin).share(names) >= ABOUT


def _without_degrees(found: Sought, kinds: QuestionKinds) -> Sought:
    """What is asked for but "largest" and its like, which name no column: a maximum is the largest of one row."""
    data = language_data(kinds.language)
    asked = plain(found.question, kinds.language)
    compared = {
        term
        for way, of in data.degrees.items()
        for name in of
        for match in data.degree(way, name).finditer(asked)
        for term in content_terms(match[0])
    }
    return replace(found, weights={t: w for t, w in found.weights.items() if t not in compared})


def _around(passage: Passage) -> str:
    chunk = passage.evidence.chunk
    return f"{chunk.caption} {chunk.heading.split(' > ')[-1]}"


def _shared(named: Table, table: Table) -> str:
    """The words of the cells that a question names, which all rows that are left have."""
    return " ".join(named.rows[0]) if 0 < len(named.rows) < len(table.rows) else ""


def _columns(table: Table, found: Sought, way: int) -> list[_Column]:
    """The columns behind the first that hold values; of ranges the upper ends where ``way`` is 1, else the lower."""
    rows = [i for i, row in enumerate(table.rows) if not any(_SUM.match(cell) for cell in row)]
    columns = []
    for place, name in enumerate(table.header[1:], start=1):
        cells = {i: table.rows[i][place] for i in rows if place < len(table.rows[i]) and table.rows[i][place].strip()}
        read = {i: value for i, cell in cells.items() if (value := _value(cell, units_in(name), way)) is not None}
        if len(read) < 2 or len(read) < LEAST_FILLED * len(cells):
            continue
        written = _one_reading({i: number for i, (number, _) in read.items()})
        units = {i: unit for i, (_, unit) in read.items()}
        bases = {unit.base if unit else "" for unit in units.values()}
        base = bases.pop() if len(bases) == 1 else ""
        based = {i: written[i] * unit.factor for i, unit in units.items() if unit} if base else {}
        columns.append(_Column(written, based, base, found.share(name)))
    return columns


def _value(cell: str, units: Sequence[Unit], way: int) -> tuple[Number, Unit | None] | None:
    """The one number of a cell with its unit, the column's where it has none; a time on a clock in minutes; of a range
    its upper or lower end."""
    clock = _CLOCK.fullmatch(cell.strip())
    if clock:
        minutes = Decimal(int(clock[1]) * 60 + int(clock[2]))
        return Number(cell, frozenset([minutes])), Unit("s", Decimal(60))
    held = [n for n in amounts(cell.replace("…", " – ").replace("..", " – ")) if n.values and not n.period]
    if _is_range(cell, held):
        held = [max(held, key=lambda n: way * (-1 if n.negative else 1) * max(n.values))]
        return held[0], held[0].known or (units[0] if len(units) == 1 else None)
    if len(held) == 2 and all(n.known and n.known.base == "s" for n in held):  # "1 h 20 min"
        seconds = sum(max(n.values) * n.known.factor for n in held if n.known)
        return Number(cell, frozenset([Decimal(seconds)])), Unit("s", Decimal(1))
    if len(held) != 1 or len(cell.split()) > len(held[0].written.split()) + 3:
        return None
    return held[0], held[0].known or (units[0] if len(units) == 1 else None)


def _is_range(cell: str, held: Sequence[Number]) -> bool:
    """Whether a cell is two or more numbers with nothing but signs of a range between."""
    between = cell
    for number in held:
        for part in number.written.split():
            between = between.replace(part, "\0", 1)
    before, *gaps, after = re.split(r"\0(?:\s*\0)*", between) if held else (cell, cell)
    alone = before.strip() in ("", *"-−+") and not after.strip()
    return alone and len(held) > 1 and len(gaps) == len(held) - 1 and all(map(_BETWEEN.fullmatch, gaps))


def _one_reading(numbers: dict[int, Number]) -> dict[int, Decimal]:
    """What the numbers of a column mean, all read in one way: "1,200" beside "2,5" has a decimal comma."""
    parted = any(len(n.values) == 1 and "," in n.written and next(iter(n.values)) % 1 for n in numbers.values())
    read = {i: min(n.values) if parted else max(n.values) for i, n in numbers.items()}
    return {i: -value if numbers[i].negative and value > 0 else value for i, value in read.items()}


def _is_meant(column: _Column, quantity: str, kinds: QuestionKinds) -> bool:
    """Whether a column can be the one of which the most is asked for: it measures the quantity, or its name is."""
    if len(column.written) < LEAST_ROWS:
        return False
    if quantity:
        return column.base in MEASURES[quantity]
    return column.said > 0 or any(column.base in MEASURES.get(name, ()) for name in kinds.quantities if column.base)


def _ends(column: _Column, way: int) -> tuple[int, ...]:
    """The rows with the most (1) or the least (-1) of a column."""
    values = column.based or column.written
    end = max(values.values(), key=lambda value: way * value)
    return tuple(i for i, value in values.items() if value == end)


def _inside(column: _Column, number: Number, way: int) -> list[int]:
    """The rows with more (1) or less (-1) than a number, in its unit; none where the column is in another, or is not
    named beside a number without one."""
    limit = max(number.said)
    if number.known is not None:
        if column.base != number.known.base:
            return []
        values, limit = column.based, limit * number.known.factor
    elif column.said > 0:
        values = column.written
    else:
        return []
    return [i for i, value in values.items() if way * value > way * limit]
