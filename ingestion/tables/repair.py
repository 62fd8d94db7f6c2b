"""Cells mended by where their words stand: two columns or rows read as one, one row or phrase read as two. Pure.

Enters: :class:`Cell` values and the words of their table. Leaves: cells. Must not know: pages, captions, Markdown.

The table engine goes by rules and white space and is right on most tables; each mending here asks for evidence all
through the table before it changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.elements import BBox, Cell
from ingestion.tables.columns import split_columns
from ingestion.tables.rows import join_banded, join_wrapped, split_rows
from ingestion.tables.rules import span_rows, split_at_rules
from ingestion.tables.spans import join_phrases
from ingestion.tables.words import WordIndex


def repair(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """All mendings, in the order in which they rest on each other."""
    parted = split_at_rules(cells, words, paths)
    whole = split_rows(join_phrases(split_columns(parted, words), words, paths), words)
    return join_wrapped(join_banded(span_rows(whole, words, paths), paths), words, paths)
