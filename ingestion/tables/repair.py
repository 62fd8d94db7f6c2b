"""Rows and columns of a table corrected by where its words stand and where rules are drawn. Pure.

The table engine goes by rules and white space and is right on most tables. Each repair asks for evidence all through
the table before it changes anything. They run in this order, since each rests on the one before:

1. Rows through which a rule runs are split: no later step may see two rows as one.
2. Borders that part the words of one entry move, columns in which two stand are split; only then is it known which
   phrases run over several columns.
3. Phrases that columns cut are joined again, and names reach over the columns that rules give them; columns that hold
   nothing of their own below such a name go. Only then do the entries of a row count right.
4. Rows in which several entries stand are split.
5. Labels that a rule or their place shows to stand for several rows are spread over them: such rows are not joined
   again.
6. Rows between two rules that are one entry are joined, then rows that only go on with the text of the row above.

Example: rows like ``Pump | 12 3.4``, ``Valve | 15 2.9``, at least four of them, become ``Pump | 12 | 3.4`` and so on.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.elements import BBox, Cell
from ingestion.tables.columns import drop_hollow, join_columns, move_borders, split_by_names, split_columns
from ingestion.tables.group_names import spread_names
from ingestion.tables.rows import join_banded, join_wrapped, split_levels, split_rows
from ingestion.tables.rules import span_head, span_rows, split_at_rules
from ingestion.tables.spans import join_phrases
from ingestion.tables.words import WordIndex


def repair(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Correct the rows and columns of one table.

    ``words`` are the table's, ``paths`` the boxes of what is drawn on the page, in points.
    """
    cells = split_at_rules(cells, words, paths)
    cells = split_by_names(split_columns(move_borders(join_columns(cells, words), words), words), words)
    cells = drop_hollow(span_head(spread_names(join_phrases(cells, words, paths), words, paths), paths))
    cells = split_levels(split_rows(cells, words), words)
    cells = span_rows(cells, words, paths)
    cells = join_banded(cells, paths)
    return join_wrapped(cells, words, paths)
