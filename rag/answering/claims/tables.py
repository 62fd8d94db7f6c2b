"""Whether what a sentence takes from a table stands in the row and the column that it names.

Each cell that the sentence says (its number, or most of its words) is an item. All items of a part of the sentence must
stand in one row; a value must stand in the column whose name is said, where its row has a like value there.

    F12 | Drain hose kinked        "F11 means that the drain hose is kinked" has items of two rows
    Lark 200 | Lark 400            "The Lark 200 weighs 11.2 kg" has a value of the other column
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from rag.answering.claims.wording import answered, conditional, negations, opposed
from rag.answering.claims.words import Clause, akin, clauses_of, fits
from rag.answering.facts.amounts import Number, amounts, scale_in, units_in
from rag.answering.facts.bounds import limits
from rag.answering.facts.fact_check import codes, squeezed
from rag.answering.facts.units import CURRENCIES, Unit
from rag.text.analysis import fold, terms
from rag.text.function_words import content_terms_of_language
from rag.text.passages import Table

SAID = 0.6
"""Share of a cell's words that a sentence must have to say it."""

_NAMED = 3  # words of a cell with a number that is the name of something

_NUMBERED = re.compile(
    r"(?:items?|no\.?|numbers?|nr\.?|pos\.?|positions?|parts?|teil\w*|nummer|numéro|key|ref\.?|steps?|row|line|#|№)\s*[:.]?\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_UNIT_BEHIND = re.compile(r"(?<=\w)\s*[(\[][^()\[\]]{1,12}[)\]]\s*$")  # "Lead (mg/kg)"
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = "number"
_PART = re.compile(r"[;,.]\s|\s(?:and|while|whereas|but|und|während|aber|et|mais|y|e|en)\s", re.IGNORECASE)


class Spot(NamedTuple):
    """A cell: its row (-1: the column names) and column."""

    row: int
    column: int


class Item(NamedTuple):
    """What a sentence says of a table: where it stands in the sentence, and the cells that say so."""

    written: str
    at: int
    spots: frozenset[Spot]
    words: frozenset[str]


class Grid(NamedTuple):
    """A table with the words and numbers of each cell."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    terms: dict[Spot, frozenset[str]]
    amounts: dict[Spot, tuple[Number, ...]]
    clauses: tuple[Clause, ...]
    row_terms: tuple[frozenset[str], ...]
    language: str
    readings: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, language: str, around: str = "") -> Grid:
        """A table taken apart, its words in one language; ``around`` are its caption and headings."""
        rows = tuple(tuple(row) for row in table.rows)
        cells = {
            Spot(r, c): text for r, row in enumerate([table.header, *table.rows], -1) for c, text in enumerate(row)
        }
        said = {
            spot: _cell_terms(text if spot.row >= 0 else _UNIT_BEHIND.sub("", text), language)
            for spot, text in cells.items()
        }
        found = {spot: tuple(amounts(text)) for spot, text in cells.items()}
        for column, name in enumerate(table.header):
            if (scale := _scale(name, around)) > 1:
                held = [spot for spot in found if spot.row >= 0 and spot.column == column]
                found |= {spot: tuple(_scaled(number, scale) for number in found[spot]) for spot in held}
        clauses = [
            c for spot, text in cells.items() if spot.row >= 0 and len(text.split()) > 1
            for c in clauses_of(text, language, spot.row)
        ]  # fmt: skip
        readings = tuple(flat for row in table.rows if len(row) > 1 and (flat := squeezed(table.readable(row))))
        head = [fits(text, language) for text in table.header]
        words = tuple(frozenset[str]().union(*head, *(fits(text, language) for text in row)) for row in table.rows)
        return cls(
            tuple(table.header),
            rows,
            said,
            found,
            tuple(clauses),
            words or (frozenset().union(*head),),
            language,
            readings,
        )

    def cell(self, spot: Spot) -> str:
        """Its text; empty outside the table."""
        row = self.header if spot.row < 0 else self.rows[spot.row]
        return row[spot.column] if spot.column < len(row) else ""

    def numbers(self) -> list[tuple[Number, int, int]]:
        """Every number with its row and column."""
        return [(n, spot.row, spot.column) for spot, found in self.amounts.items() for n in found]

    def units_at(self, row: int, column: int) -> tuple[Unit, ...]:
        """The units that stand around a cell: in its column's name, its row's label, a cell of its own beside it."""
        around = [self.cell(Spot(-1, column)), self.cell(Spot(row, 0)) if column else ""]
        beside = [self.cell(Spot(row, c)) for c in range(len(self.header)) if c != column]
        around += [text for text in beside if len(text) <= 12 and not re.search(r"\d", text)]
        return tuple(unit for text in around if text for unit in _units(text))

    def places(self, number: Number, claim: str, units: Sequence[Unit]) -> list[tuple[Number, int, int]]:
        """Where a number of the claim stands: in the row and column that it names, where it names any."""
        found = [
            (n, r, c) for n, r, c in self.numbers() if number.says(n, (*self.units_at(r, c), *units))
        ]  # fmt: skip
        items = _items(claim, self, units, self.language)
        labels = [i for i in items if not i.at <= number.at < i.at + len(i.written)]
        rows = {s.row for i in labels for s in i.spots if s.row >= 0 and s.column == 0}
        columns = {s.column for i in labels for s in i.spots if s.row < 0 and s.column > 0}
        inner = [p for p in found if (not rows or p[1] in rows) and (not columns or p[2] in columns)]
        return inner or found


def _scale(name: str, around: str) -> int:
    """What the money in a column is multiplied by, as its name or what stands around the table says."""
    if set(_units(name)) - set(_money(name)):
        return 1  # its numbers are no money
    if _money(name) or not _money(around):
        return scale_in(name)
    return scale_in(name) if scale_in(name) > 1 else scale_in(around)


def _money(text: str) -> list[Unit]:
    return [unit for unit in _units(text) if unit.base in CURRENCIES]


def _scaled(number: Number, scale: int) -> Number:
    if number.scaled or number.period or (number.known and number.known.base not in CURRENCIES):
        return number
    return replace(number, scaled=frozenset(value * scale for value in number.values))


@lru_cache(maxsize=1024)
def _units(text: str) -> tuple[Unit, ...]:
    return tuple(units_in(text))


@lru_cache(maxsize=4096)
def _cell_terms(text: str, language: str) -> frozenset[str]:
    return frozenset(content_terms_of_language(text, language)) or frozenset(terms(text))


def doubt(claim: str, grid: Grid, units: Sequence[Unit], language: str) -> str:
    """Why a sentence does not fit the table that it rests on; empty where it does, or says nothing of it."""
    flat = squeezed(claim)
    if not grid.rows or any(reading in flat for reading in grid.readings):
        return ""
    items = _items(claim, grid, units, language)
    if any(i.words and all(s.row >= 0 and opposed(claim, grid.cell(s)) for s in i.spots) for i in items):
        return "the table says the opposite"
    for part in _parts(claim, items):
        reason = _row_doubt(part, grid) or _column_doubt(part, grid, claim)
        if reason:
            return reason
    return _answer_doubt(claim, items, grid, language) or _negation_doubt(claim, items, grid, language)


def _items(claim: str, grid: Grid, units: Sequence[Unit], language: str) -> list[Item]:
    texts = _said_cells(claim, grid, language)
    found = list(texts)
    cells = [  # but a column's name, of which the unit behind a number may be a word
        t for t in texts if any(s.row >= 0 or grid.amounts[s] for s in t.spots)
    ]  # fmt: skip
    for number in amounts(claim):
        if _within(number, found) or any(_holds(t, number) for t in cells):
            continue
        spots = frozenset(
            Spot(r, c) for n, r, c in grid.numbers()
            if r >= 0 and number.says(n, (*grid.units_at(r, c), *units)) and _meant(claim, number, grid, c)
            and _mostly_numbers(grid, Spot(r, c))
        )  # fmt: skip
        if spots:
            found.append(Item(number.written, number.at, spots, frozenset()))
    return sorted(found, key=lambda item: item.at)


def _holds(item: Item, number: Number) -> bool:
    """Whether a number is in what the claim says of a cell; between the words of a column's name stand others too."""
    inside = item.at <= number.at < item.at + len(item.written)
    body = any(spot.row >= 0 for spot in item.spots)
    return inside and (body or not item.words.isdisjoint(terms(number.written)))


def _within(number: Number, found: Sequence[Item]) -> bool:
    """Whether it is part of a period ("every 6 months") that a cell says as such."""
    return any(not i.words and i.at <= number.at < i.at + len(i.written) for i in found)


def _mostly_numbers(grid: Grid, spot: Spot) -> bool:
    return len(fits(grid.cell(spot), grid.language)) <= 1


def _meant(claim: str, number: Number, grid: Grid, column: int) -> bool:
    """A column that only counts its rows is meant where the sentence says "item 2" or the like, and no other then."""
    counted = [row[column] for row in grid.rows if column < len(row)]
    counts = len(counted) > 1 and counted == [str(i) for i in range(1, len(counted) + 1)]
    return not counts or bool(_NUMBERED.search(claim, max(0, number.at - 12), number.at))


def _said_cells(claim: str, grid: Grid, language: str) -> list[Item]:
    """The cells whose words the claim says; of two in one another the longer."""
    words = [(m.start(), m.end(), t) for m in _WORD.finditer(claim) for t in terms(m[0])]
    own, flat = frozenset(t for _, _, t in words), squeezed(claim)
    found: dict[frozenset[int], Item] = {}
    for spot, said in grid.terms.items():
        digits = {t for t in said if t[0].isdigit()}
        if not said or (spot.row >= 0 and _only_number(grid.amounts[spot], grid.cell(spot))):
            continue
        shared = akin(said, own)
        if len(shared) < SAID * len(said) or not digits <= shared:
            continue
        years = spot.row < 0 and all(map(_YEAR.fullmatch, digits))
        if digits and not years and len(said) <= _NAMED and squeezed(grid.cell(spot)) not in flat:
            continue  # "Lark 200" is no "Lark 400 has 200"
        alone = len(said) == 1 and spot.row >= 0
        if alone and not _same_word(grid.cell(spot), [claim[s:e] for s, e, t in words if t in shared]):
            continue
        where = [(s, e) for s, e, t in words if t in shared or akin(frozenset([t]), shared)]
        places = frozenset(s for s, _ in where)
        start = min(places)
        before = found.get(places)
        spots = frozenset([spot]) | (before.spots if before else frozenset())
        found[places] = Item(claim[start : max(e for _, e in where)], start, spots, shared)
    kept = [places for places in found if not any(places < other for other in found)]
    return [found[places] for places in kept]


def _only_number(found: Sequence[Number], cell: str) -> bool:
    return bool(found) and not fits(cell, "en") and not codes(cell)


def _same_word(cell: str, words: Sequence[str]) -> bool:
    """Whether the one word of a cell is one of the claim's but for its ending: no "operation" for "operator"."""
    own = [fold(m[0]) for m in _WORD.finditer(cell)]
    return any(fold(word).startswith(one[: max(3, len(one) - 1)]) for word in words for one in own)


def _parts(claim: str, items: Sequence[Item]) -> list[list[Item]]:
    """The items of each part of the claim that has some of two columns; parts with fewer go with the one before."""
    breaks = [m.start() for m in _PART.finditer(claim)]
    parts: list[list[Item]] = []
    for start, end in zip([0, *breaks], [*breaks, len(claim)], strict=True):
        own = [i for i in items if start <= i.at < end]
        if parts and (len(own) < 2 or len(parts[-1]) < 2):
            parts[-1] = [*parts[-1], *own]
        elif own:
            parts.append(own)
    return parts


def _row_doubt(items: Sequence[Item], grid: Grid) -> str:
    body = [i for i in items if all(s.row >= 0 for s in i.spots)]
    if len(body) < 2:
        return ""
    best = max(range(len(grid.rows)), key=lambda row: sum(any(s.row == row for s in i.spots) for i in body))
    inside = {s.column for i in body for s in i.spots if s.row == best}
    stray = [i for i in body if not any(s.row == best for s in i.spots)]
    stray = [i for i in stray if not {s.column for s in i.spots} & inside]
    if not stray:
        return ""
    fixed = next(i for i in body if any(s.row == best for s in i.spots))
    return f"“{stray[0].written}” stands in another row of the table than “{fixed.written}”"


def _column_doubt(items: Sequence[Item], grid: Grid, claim: str) -> str:
    heads = {
        s.column: i for i in items for s in i.spots
        if s.row < 0 < s.column and all(t.row < 0 for t in i.spots)  # the first column's name is what all rows are
    }  # fmt: skip
    body = [i for i in items if any(s.row >= 0 for s in i.spots) and i not in heads.values()]
    if not heads or not body:
        return ""
    rows = set.intersection(*({s.row for s in i.spots} for i in body)) if body else set()
    said = {s for i in body for s in i.spots}
    for row in rows:
        for item in body:
            here = {s.column for s in item.spots if s.row == row}
            if here & set(heads) or 0 in here:
                continue
            for column, head in heads.items():
                meant = Spot(row, column)
                there = [Spot(row, c) for c in here]
                told = len(item.words) >= _NAMED or _alike(grid, meant, there)
                told = told or _of_other_kind(item, grid, meant, there)
                if meant in said or not told:
                    continue
                if all(grid.cell(meant) != grid.cell(Spot(row, c)) for c in here):
                    return f"“{item.written}” does not stand in the column “{head.written}” of the table"
    return ""


def _alike(grid: Grid, meant: Spot, others: Sequence[Spot]) -> bool:
    """Whether cells are of one kind: numbers of one unit, or words."""
    if not grid.cell(meant).strip():
        return False
    return any(_kind(grid, meant) == _kind(grid, spot) for spot in others)


def _of_other_kind(item: Item, grid: Grid, meant: Spot, others: Sequence[Spot]) -> bool:
    """Whether a number stands with a unit in the claim and without in the table, or the other way round, and the cell
    that is meant has a number, too: "19 samples" where 19 are mg/kg of lead."""
    number = next(iter(amounts(item.written)), None)
    kinds = [_kind(grid, spot) for spot in (meant, *others)]
    if number is None or number.period or not all(kind.startswith(_NUMBER) for kind in kinds):
        return False
    return all((kind != _NUMBER) != bool(number.unit) for kind in kinds[1:])


def _kind(grid: Grid, spot: Spot) -> str:
    found = grid.amounts.get(spot, ())
    if not found or len(fits(grid.cell(spot), grid.language)) > 1:
        return "words"
    unit = found[-1].known
    around = [unit] if unit else list(grid.units_at(spot.row, spot.column))[:1]
    return f"{_NUMBER} {around[0].base if around and around[0] else ''}".rstrip()


def _answer_doubt(claim: str, items: Sequence[Item], grid: Grid, language: str) -> str:
    """A "yes" or "no" of the table that the claim turns round."""
    rows = {s.row for i in items for s in i.spots if s.row >= 0}
    columns = {s.column for i in items for s in i.spots if s.row < 0}
    for row in rows:
        cells = [(c, answered(text)) for c, text in enumerate(grid.rows[row]) if answered(text)]
        meant = [value for c, value in cells if c in columns or not (columns or _dashed(grid.rows[row][c]))]
        if len(set(meant)) == 1:
            said = -1 if len(negations(claim, language)) % 2 else 1
            if said != meant[0]:
                return f"the table says “{'yes' if meant[0] > 0 else 'no'}” there"
    return ""


def _dashed(cell: str) -> bool:
    """Whether a cell has a dash: no "no" to what its column is not named for."""
    return not re.search(r"\w|✗|✘|✓|✔", cell)


def _negation_doubt(claim: str, items: Sequence[Item], grid: Grid, language: str) -> str:
    """A negation of what one row says without one."""
    if len(negations(claim, language)) % 2 == 0 or conditional(claim) or limits(claim):
        return ""
    for row in range(len(grid.rows)):
        said = [item for item in items if any(s.row in (row, -1) for s in item.spots)]
        cells = " | ".join((*grid.header, *grid.rows[row]))
        of_row = any(s.row == row for item in said for s in item.spots)
        if of_row and len(said) > 1 and not negations(cells, language) and not any(map(answered, grid.rows[row])):
            return "the table says it without a negation"
    return ""
