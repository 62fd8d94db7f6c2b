"""Which rows of a table a question is about: all of them, or those that it names by a cell.

"How many tasks are yearly?", "Which tasks are yearly?": the rows in which a whole cell is "Yearly", and not those that
are half-yearly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.text.analysis import fold
from rag.text.passages import Table, content_terms

LONGEST = 4  # words of a cell that a question names


def rows_named(table: Table, question: str) -> Table:
    """The table with the rows that have the named cell; several that are named in other columns narrow it further, as
    long as a row is left. Without a named cell, or with one that all rows have, it is the table itself."""
    asked, rows = fold(question), table.rows
    for column in range(max((len(row) for row in rows), default=0)):
        named = {value for value in _values(table, column) if _stands_in(value, asked)}
        named -= {value for value in named if any(value != other and value in other for other in named)}
        left = [row for row in rows if column < len(row) and fold(row[column]).strip() in named]
        rows = left or rows
    return table._replace(rows=rows)


def _values(table: Table, column: int) -> Iterator[str]:
    for row in table.rows:
        value = fold(row[column]).strip() if column < len(row) else ""
        if len(value.split()) <= LONGEST and any(map(str.isalpha, value)) and content_terms(value):
            yield value


def _stands_in(value: str, asked: str) -> bool:
    """As whole words, which no hyphen makes longer."""
    return re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", asked) is not None
