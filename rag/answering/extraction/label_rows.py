"""What a number or letter in a figure stands for, quoted: the row of the parts list, else the figure's own line of it.

Example: to "what is number 7?" the row "Item: 7; Description: Drain valve" of the table is quoted, not the first
sentence with a 7 in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingestion.callouts.labels import plain_key
from ingestion.callouts.linking import label_mentions
from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.passages.quotations import Passage, tables_of
from rag.retrieval.callouts import labels_asked
from rag.text.passages import content_terms

ROW_SHARE = 0.6
"""Share of what a label stands for that a passage must say to be its row."""


def label_rows(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """A passage for each label of a figure that a question asks for, where it asks for nothing beside; else none.

    Words that name the document, the figure, what the label stands for or just "the unit" are nothing beside.
    """
    asked = labels_asked(question)
    rest = asked.rest - _itself()
    found = [row for key in asked.keys if asked.sure and (row := _row(key, rest, passages))]
    return list(dict.fromkeys(found)) if len(found) == len(asked.keys) else []


def figure_with(question: str, passages: Sequence[Passage]) -> Passage | None:
    """The first figure in which all the labels stand that a question asks for; None where it asks for none."""
    asked = labels_asked(question).keys
    figures = (p for p in passages if p.kind == "figure")
    shown = ((p, frozenset(map(plain_key, p.evidence.chunk.text.split()))) for p in figures)
    return next((p for p, words in shown if words.issuperset(asked)), None) if asked else None


def _row(key: str, rest: frozenset[str], passages: Sequence[Passage]) -> Passage | None:
    for figure in (passage for passage in passages if passage.kind == "figure"):
        said = next((m for m in label_mentions(figure.evidence.chunk.mentions) if m.key == key), None)
        if said is None:
            continue
        words = frozenset([*content_terms(key), *content_terms(said.text)])
        if not rest <= figure.own | figure.context | figure.known_by | words:
            continue
        rows = [p for p in passages if p.kind != "figure" and _has(key, p) and _same(p, words, figure)]
        other = [p for p in rows if p.evidence is not figure.evidence]
        best = max(other or rows, key=lambda p: (len(p.own & words), -len(p.own)), default=None)
        entry = f"{key} {said.text}"
        if best is not None and best.kind == "sentence" and entry in best.text:
            return replace(best, text=entry)
        if best is not None and _is_of_several(best):
            return replace(best, kind="sentence", text=f"{key}: {said.text}")
        return best
    return None


def _is_of_several(row: Passage) -> bool:
    """Whether a row explains several labels, two and two of its cells: "1 | Pump | 6 | Tank"."""
    if row.kind != "row":
        return False
    held = (r for table in tables_of(row.evidence) for r in table.rows if table.readable(r) == row.text)
    cells = next(held, [])
    numbered = all(cell.strip(" .").isdigit() for cell in cells[::2] if cell)
    return len(cells) > 3 and numbered and any(map(str.isalpha, cells[3]))


@lru_cache(maxsize=1)
def _itself() -> frozenset[str]:
    """The terms of words for the thing that a manual is of."""
    return frozenset(content_terms(" ".join(word for code in LANGUAGES for word in language_data(code).itself)))


def _has(key: str, passage: Passage) -> bool:
    """Whether a passage has a label; a letter is no term of its own."""
    if key.lower() in passage.own:
        return True
    return len(key) == 1 and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", passage.text) is not None


def _same(passage: Passage, words: frozenset[str], figure: Passage) -> bool:
    same_document = passage.evidence.chunk.doc == figure.evidence.chunk.doc
    return same_document and len(passage.own & words) >= ROW_SHARE * len(words)
