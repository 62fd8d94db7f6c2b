"""Rows of a table put into words as a table: all of it, those of one fault, or the few that are quoted.

    From “Error codes” on page 12:

    | Code | Meaning | Remedy |
    | --- | --- | --- |
    | E7 | Pump blocked | Clean the filter [3] |

Columns that are empty in all rows shown are left out, and of a wide table those that are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.answering.citing.markers import without_brackets
from rag.answering.extraction.quoted_text import LONGEST_ROW, focused, table_name
from rag.answering.passages.quotations import Passage, tables_of
from rag.answering.questions.kinds import QuestionKinds
from rag.answering.questions.phrases import Phrases
from rag.answering.questions.sought import Sought, measures
from rag.text.passages import Table, cut

MOST_ROWS = 25
"""Rows of a table that are shown; the rest is counted."""

LONGEST_CELL = 90
"""Characters of a cell in a table that is shown whole."""

LONGEST_OF_FEW = 240
"""The same where a few rows are shown: the remedies of a fault are what is asked for."""

LEAST_COLUMNS, MOST_COLUMNS = 2, 6
"""Columns of a few rows from which they are more legible as a table than as a line, and up to which they have room."""

MOST_LONG = 3
"""Rows of two columns that may have long cells."""

MOST_IN_LINE = 8
"""Columns of a row up to which it is told whole in a line, with its conditions and limits."""

_RUN = re.compile(r"(?:(?![×x](?=\d))[^\W_])+")
"""Letters and digits; "M10" and "1" of "M10×1.5"."""


def few_rows(first: Passage, quotes: Sequence[Passage], kinds: QuestionKinds, found: Sought) -> Table | None:
    """The rows among quotations that are of the piece of the ``first``, in their order, as a table with the columns
    that are filled in any, of many the first and those asked for; None where they are not of one table, where a column
    has no name, or too few or too many are left."""
    quoted = [passage for passage in quotes if passage.kind == "row" and passage.evidence is first.evidence]
    for table in tables_of(first.evidence):
        by_text = {table.readable(row): row for row in table.rows}
        if not all(passage.text in by_text for passage in quoted):
            continue
        rows = [by_text[passage.text] for passage in quoted]
        width = max(len(table.header), *map(len, rows))
        filled = [i for i in range(width) if any(i < len(row) and row[i] for row in rows)]
        names = [table.header[i] if i < len(table.header) else "" for i in filled]
        if not all(names) or len(filled) < LEAST_COLUMNS:
            return None
        shown = Table(names, [[row[i] if i < len(row) else "" for i in filled] for row in rows])
        typed = _of_types(shown, found.question)
        if typed:
            return typed
        if len(filled) <= MOST_COLUMNS:
            return shown
        return _asked_columns(shown, kinds, found) if len(filled) > MOST_IN_LINE else None
    return None


def _of_types(table: Table, question: str) -> Table | None:
    """The columns of the types, sizes or models that a question names, "M10", "the 1847", and those that are of none;
    None where it names none or all, or too many are left."""
    wanted = _with_digits(question)
    types = {i: own for i, name in enumerate(table.header) if i and (own := _with_digits(name))}
    named = {i for i, own in types.items() if own & wanted}
    kept = [i for i in range(len(table.header)) if i not in types or i in named]
    if not named or len(named) == len(types) or not 1 < len(kept) <= MOST_COLUMNS:
        return None
    header, *rows = ([row[i] for i in kept] for row in (table.header, *table.rows))
    return Table(header, rows)


def _with_digits(text: str) -> frozenset[str]:
    """The numbers and codes of a text, also with the letters before them: 1847 and s1847 of "S 1847"."""
    found = [match[0].casefold() for match in _RUN.finditer(text)]
    joined = (a + b for a, b in pairwise(found) if a.isalpha() and b[0].isdigit())
    return frozenset(run for run in (*found, *joined) if any(map(str.isdigit, run)))


def _asked_columns(table: Table, kinds: QuestionKinds, found: Sought) -> Table | None:
    """The first column of a wide table, which says what its rows are about, and those of which the name or the cell of
    the first row is asked for; None where there is no such one, too many, or a number only in others."""
    best = table.rows[0]
    asked = [
        i
        for i, (name, cell) in enumerate(zip(table.header, best, strict=True))
        if i and (found.share(name) or found.share(cell) or measures(kinds.quantities, cell))
    ]
    numbered = [i for i, cell in enumerate(best) if i and any(map(str.isdigit, cell))]
    if not asked or len(asked) >= MOST_COLUMNS or (numbered and not set(numbered) & set(asked)):
        return None
    header, *rows = ([row[i] for i in (0, *asked)] for row in (table.header, *table.rows))
    return Table(header, rows)


def longest_cell(table: Table) -> int:
    """Characters that a cell of a few rows may have: in two columns as many as a row that is told in a line."""
    return LONGEST_ROW if len(table.header) == LEAST_COLUMNS and len(table.rows) <= MOST_LONG else LONGEST_OF_FEW


def whole_table(
    table: Table,
    passage: Passage,
    said: Phrases,
    longest: int = LONGEST_CELL,
    counted: bool = False,
    question: str = "",
) -> str:
    """A table with where it stands above it, and the marker there and in each row, of a single row in that alone;
    ``counted``: with how many rows it has. A cell above ``longest`` characters is cut, around the words of a
    ``question`` where one is given."""
    number, page = passage.evidence.number, passage.evidence.chunk.page
    name, said = table_name(passage.evidence, said), said.of(without_brackets(passage.evidence.doc_name))
    opening = said.found_in(len(table.rows), name, page) if counted else said.from_table(name, page, "")
    width = max(len(table.header), *(len(row) for row in table.rows))
    header = [*table.header, *[""] * (width - len(table.header))]
    lines = [_row(header), _row(["---"] * width)]
    for row in table.rows[:MOST_ROWS]:
        plain = [without_brackets(cell) for cell in row]
        cells = [(focused(c, question, longest) if question else cut(c, longest)).replace("|", "\\|") for c in plain]
        cells += [""] * (width - len(cells))
        cells[-1] = f"{cells[-1]} [{number}]".strip()
        lines.append(_row(cells))
    rest = len(table.rows) - MOST_ROWS
    above = introducing(opening, number if len(table.rows) > 1 or counted else None)
    return "\n".join([above, "", *lines, *(["", said.more(rest)] if rest > 0 else [])])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def introducing(words: str, number: int | None = None) -> str:
    """A line before a list or table, with a marker before the colon where it has one."""
    return f"{words.rstrip(' .:。：')}{'' if number is None else f' [{number}]'}:"
