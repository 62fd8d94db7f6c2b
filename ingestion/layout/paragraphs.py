"""Lines that no block of a page says become paragraphs where a reader comes by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingestion.blocks import Block, Line
from ingestion.elements import BBox
from ingestion.geometry import covered, horizontal_overlap, in_one_row, mostly_inside, union
from ingestion.layout.inner_text import is_scene
from ingestion.layout.lost_lines import BlockText, find_lost_lines
from ingestion.layout.reading_order import insert_late
from ingestion.text.cleaning import join_lines

LABEL_WORDS = 5  # a text of so few words may be a label within a chart
SCENE_LABELS = 12  # texts so short, more of which make a page-wide picture a map or a drawing


def add_lost_text(blocks: Sequence[Block], lines: Iterable[Line], frame: BBox) -> list[Block]:
    """The blocks with a paragraph for what none of them says, each where a reader comes by it."""
    return insert_late(*find_lost_text(blocks, lines, frame))


def find_lost_text(blocks: Sequence[Block], lines: Iterable[Line], frame: BBox) -> tuple[list[Block], list[Block]]:
    """The blocks, and paragraphs of the lines that none of them says.

    A page-wide picture that bears many short texts, such as a map, takes those over; slanted ones are watermarks, which
    are furniture where they repeat.
    """
    missing = find_lost_lines(lines, [BlockText(b.bbox, f"{b.text}\n{b.caption}") for b in blocks])
    late = [replace(b, furniture=True) for b in group_paragraphs(line for line in missing if line.slanted)]
    tables = [b.bbox for b in blocks if b.kind == "table"]
    held: dict[BBox | None, list[Line]] = {}
    for line in missing:
        if not line.slanted:
            home = next((table for table in tables if mostly_inside(line.bbox, table)), None)
            held.setdefault(home, []).append(line)
    for home, own in held.items():
        late += group_paragraphs(own) if home is None else _rows(group_paragraphs(own))
    result = list(blocks)
    for i, scene in enumerate(result):
        if scene.kind == "figure" and is_scene(scene.bbox, frame):
            labels = [b for b in late if covered(b.bbox, scene.bbox) and len(b.text.split()) <= LABEL_WORDS]
            if len(labels) > SCENE_LABELS:
                late = [b for b in late if b not in labels]
                words = "\n".join(part for part in (scene.text, *(b.text for b in labels)) if part)
                result[i] = replace(scene, text=words)
    return result, late


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
    """Group lines that follow closely below each other."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        tall = line.bbox.y1 - line.bbox.y0
        if last and -tall < line.bbox.y0 - last.bbox.y1 < 0.8 * tall and horizontal_overlap(last.bbox, line.bbox) > 0.3:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Block("text", union([line.bbox for line in group]), join_lines(line.text for line in group)) for group in groups
    ]
