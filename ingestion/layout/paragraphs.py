"""Lines that no block of a page says become paragraphs, each where a reader comes by it.

The layout model overlooks lines. :mod:`~ingestion.layout.lost_lines` finds them; here they are grouped and placed.
Lines within a table become one text per row; the labels of a map (a page-wide picture with many short texts) become the
text of that picture.

Example: "Torque 12 Nm" alone at the foot of a page, in no region, becomes a text block after the one above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingestion.blocks import Block, Line
from ingestion.elements import BBox
from ingestion.geometry import covered, horizontal_overlap, in_one_row, mostly_inside, union
from ingestion.layout.inner_text import is_scene
from ingestion.layout.insertion import insert_late
from ingestion.layout.lost_lines import BlockText, find_lost_lines
from ingestion.text.cleaning import join_lines

LABEL_WORDS = 5  # words of a text, at most, that may be a label within a chart
SCENE_LABELS = 12  # labels: a page-wide picture with more of them is a map or a drawing
LINE_GAP = 0.8  # of a line's height: lines of one paragraph stand nearer
LINE_OVERLAP = 0.3  # of the narrower line's width: lines of one paragraph have at least so much in common


def add_lost_text(blocks: Sequence[Block], lines: Iterable[Line], frame: BBox) -> list[Block]:
    """Add a paragraph for what no block says, where a reader comes by it; marks laid aslant over the page come last.

    ``frame``: the page's box.
    """
    return sorted(insert_late(*find_lost_text(blocks, lines, frame)), key=_is_mark)


def _is_mark(block: Block) -> bool:
    return block.kind == "text" and block.furniture and not block.font_size


def find_lost_text(blocks: Sequence[Block], lines: Iterable[Line], frame: BBox) -> tuple[list[Block], list[Block]]:
    """Find what no block says: returns the blocks, and paragraphs of the lost lines.

    A page-wide picture that bears many short texts, such as a map, takes those over as its text. Slanted lines are
    watermarks: furniture where they repeat. ``frame`` is the page's box in points.
    """
    missing = find_lost_lines(lines, [BlockText(b.bbox, f"{b.text}\n{b.caption}") for b in blocks])
    late = [replace(b, furniture=True) for b in group_paragraphs(line for line in missing if line.slanted)]
    late += _grouped([line for line in missing if not line.slanted], [b.bbox for b in blocks if b.kind == "table"])
    result = list(blocks)
    for i, scene in enumerate(result):
        if scene.kind == "figure" and is_scene(scene.bbox, frame):
            labels = [b for b in late if covered(b.bbox, scene.bbox) and len(b.text.split()) <= LABEL_WORDS]
            if len(labels) > SCENE_LABELS:
                late = [b for b in late if b not in labels]
                words = "\n".join(part for part in (scene.text, *(b.text for b in labels)) if part)
                result[i] = replace(scene, text=words)
    return result, late


def _grouped(lines: Iterable[Line], tables: Sequence[BBox]) -> list[Block]:
    """Lines as paragraphs; those within one table as one text per row."""
    held: dict[BBox | None, list[Line]] = {}
    for line in lines:
        home = next((table for table in tables if mostly_inside(line.bbox, table)), None)
        held.setdefault(home, []).append(line)
    found: list[Block] = []
    for home, own in held.items():
        found += group_paragraphs(own) if home is None else _rows(group_paragraphs(own))
    return found


def _rows(texts: Sequence[Block]) -> list[Block]:
    """Texts that stand in a table's row but in no cell, each row as one text."""
    rows: list[list[Block]] = []
    for text in sorted(texts, key=lambda b: b.bbox.y0):
        if rows and in_one_row(union(b.bbox for b in rows[-1]), text.bbox):
            rows[-1].append(text)
        else:
            rows.append([text])
    return [
        Block("text", union(b.bbox for b in row), " ".join(b.text for b in sorted(row, key=lambda b: b.bbox.x0)))
        for row in rows
    ]


def group_paragraphs(lines: Iterable[Line]) -> list[Block]:
    """Group lines that follow closely below each other into text blocks."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last is not None and follows(last.bbox, line.bbox):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Block("text", union([line.bbox for line in group]), join_lines(line.text for line in group)) for group in groups
    ]


def follows(upper: BBox, lower: BBox) -> bool:
    """Whether a line is the next one of a paragraph: close below the last, or beside it."""
    tall = lower.y1 - lower.y0
    return -tall < lower.y0 - upper.y1 < LINE_GAP * tall and horizontal_overlap(upper, lower) > LINE_OVERLAP
