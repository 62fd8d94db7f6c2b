#!/usr/bin/env python3
"""Score the tables found in a folder of PDFs against region and structure files (the ICDAR-2013 competition's format).

    python benchmarks/table_set.py FOLDER [--json OUT.json] [--workers N]

FOLDER holds, at any depth, ``NAME.pdf`` with ``NAME-reg.xml`` (table regions) and ``NAME-str.xml`` (their cells); boxes
in the files are points from the bottom left of the page. Two scores:

* Regions: recall and precision of table boxes, one to one, at IoU 0.5. True regions hug the words while ours hold rules
  and margins too, so a pair counts by the box as delivered ("box") or by the part of it that holds words ("words").
* Cells: adjacency relations (Göbel et al., ICDAR 2013): every cell with its nearest non-empty neighbour to the right
  and below, compared by text (letters and digits; case and spaces ignored). Relations of tables that were not found
  count as missed, those of tables that are none as wrong. F1 pooled over all relations, and the mean over documents.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingestion.elements import BBox, Cell, Element
from ingestion.geometry import inside, iou, union
from ingestion.parse import ParseOptions
from ingestion.workers.child import Limits
from ingestion.workers.parse import parse_in_worker

MATCH = 0.5  # IoU of two boxes that mean one table
WORST = 15  # documents listed by cell score
DASHES = dict.fromkeys(map(ord, "–—−‒―"), "-")

Relation = tuple[str, str, str]


class Table(NamedTuple):
    """A table of the truth or of ours; ``tight`` is the box of its words, ``related`` its cells' relations."""

    page: int
    box: BBox
    tight: BBox
    related: Counter[Relation]


@dataclass(frozen=True)
class Score:
    """What one document's tables came to. Regions by either box, relations by text."""

    name: str
    true: int
    found: int
    matched_box: int
    matched: int
    relations_true: int
    relations_found: int
    relations_right: int
    misses: tuple[str, ...]

    @property
    def f1(self) -> float:
        return f1(self.relations_right, self.relations_found, self.relations_true)


def f1(right: int, found: int, true: int) -> float:
    return 2 * right / (found + true) if found + true else 1.0


def relations(cells: Iterable[Cell]) -> Counter[Relation]:
    """Each non-empty cell with its nearest non-empty neighbours to the right and below, along every row and column."""
    filled = [cell for cell in cells if plain(cell.text)]
    slots = {
        (r, c): i
        for i, cell in enumerate(filled)
        for r in range(cell.row, cell.row + cell.rows)
        for c in range(cell.column, cell.column + cell.columns)
    }
    height = max((r for r, _ in slots), default=-1) + 1
    width = max((c for _, c in slots), default=-1) + 1
    pairs = set()
    for (r, c), i in slots.items():
        right = next((slots[r, k] for k in range(c + 1, width) if (r, k) in slots), i)
        below = next((slots[k, c] for k in range(r + 1, height) if (k, c) in slots), i)
        pairs |= {(i, j, way) for j, way in ((right, "right"), (below, "below")) if j != i}
    return Counter((plain(filled[i].text), plain(filled[j].text), way) for i, j, way in pairs)


def plain(text: str) -> str:
    """Letters and digits in lower case; of a cell that has none, its signs."""
    text = unicodedata.normalize("NFKC", text).translate(DASHES)
    return "".join(c for c in text.casefold() if c.isalnum()) or "".join(text.split())


def truth(pdf: Path) -> tuple[list[Table], list[Table]]:
    """Regions, and tables with their cells, of a document's two files.

    The set's structure file may give a table on one page in several pieces, and its boxes may count from another
    corner than the region file's: a table that both files know under one number has the region file's box.
    """
    with pymupdf.open(pdf) as doc:
        pages = [_upright(page) for page in doc]
    regions: dict[tuple[str, int], list[BBox]] = defaultdict(list)
    for key, region in _regions(pdf, "reg"):
        regions[key] += [box for item in region.findall("bounding-box") if (box := _box(item, pages[key[1] - 1]))]
    cells: dict[tuple[str, int], list[list[Cell]]] = defaultdict(list)
    for key, region in _regions(pdf, "str"):
        cells[key].append([_cell(item, pages[key[1] - 1]) for item in region.findall("cell")])
    structured = []
    for key, pieces in cells.items():
        box = union(regions.get(key) or [cell.bbox for piece in pieces for cell in piece if cell.bbox])
        structured.append(Table(key[1], box, box, sum(map(relations, pieces), Counter())))
    boxes = [(page, union(parts)) for (_, page), parts in regions.items()]
    return [Table(page, box, box, Counter()) for page, box in boxes], structured


def _regions(pdf: Path, kind: str) -> Iterable[tuple[tuple[str, int], ET.Element]]:
    """((table, page), region) of one of a document's files."""
    for table in ET.parse(pdf.with_name(f"{pdf.stem}-{kind}.xml")).iter("table"):
        for region in table.iter("region"):
            yield (table.get("id", ""), int(region.get("page", "1"))), region


def _upright(page: pymupdf.Page) -> pymupdf.Matrix:
    """From points from the bottom left to points from the top left of the page as displayed."""
    page.remove_rotation()
    return page.transformation_matrix


def _box(item: ET.Element | None, matrix: pymupdf.Matrix) -> BBox | None:
    """The set has a few boxes with a letter among the digits: those are left out."""
    try:
        corners = [float(item.get(key, "")) for key in ("x1", "y1", "x2", "y2")] if item is not None else []
    except ValueError:
        return None
    return BBox(*(pymupdf.Rect(*corners) * matrix).normalize()) if corners else None


def _cell(item: ET.Element, matrix: pymupdf.Matrix) -> Cell:
    row, column = int(item.get("start-row", "0")), int(item.get("start-col", "0"))
    rows = int(item.get("end-row", row)) - row + 1
    columns = int(item.get("end-col", column)) - column + 1
    box = _box(item.find("bounding-box"), matrix)
    return Cell(row, column, item.findtext("content") or "", rows, columns, False, box)


def ours(pdf: Path, elements: Iterable[Element]) -> list[Table]:
    """The tables among a document's elements."""
    tables = []
    with pymupdf.open(pdf) as doc:
        for page in doc:
            page.remove_rotation()
        for element in elements:
            if element.kind == "table":
                page, box = element.region.page, element.body or element.region.bbox
                words = [BBox(*w[:4]) for w in doc[page - 1].get_text("words")]
                held = [w for w in words if inside(w, box) > 0.5]
                tables.append(Table(page, box, union(held) if held else box, relations(element.cells)))
    return tables


def pairs_of(true: Sequence[Table], found: Sequence[Table], words: bool) -> dict[int, int]:
    """Index of the true table → index of ours, one to one, the best fitting first."""
    fits = sorted(
        (-fit, t, f)
        for t, a in enumerate(true)
        for f, b in enumerate(found)
        if a.page == b.page and (fit := max(iou(a.box, b.box), iou(a.tight, b.tight) if words else 0.0)) >= MATCH
    )
    matched: dict[int, int] = {}
    for _, t, f in fits:
        if t not in matched and f not in matched.values():
            matched[t] = f
    return matched


def score(name: str, regions: Sequence[Table], structured: Sequence[Table], found: Sequence[Table]) -> Score:
    by_words = pairs_of(regions, found, True)
    pairs = pairs_of(structured, found, True)
    right = 0
    misses = [f"missed region: page {t.page} {_short(t.box)}" for i, t in enumerate(regions) if i not in by_words]
    extra = [t for i, t in enumerate(found) if i not in by_words.values()]
    misses += [f"no such region: page {t.page} {_short(t.box)}" for t in extra]
    for t, f in pairs.items():
        right += (structured[t].related & found[f].related).total()
    return Score(
        name,
        len(regions),
        len(found),
        len(pairs_of(regions, found, False)),
        len(by_words),
        sum(t.related.total() for t in structured),
        sum(t.related.total() for t in found),
        right,
        tuple(misses),
    )


def _short(box: BBox) -> str:
    return "({:.0f} {:.0f} {:.0f} {:.0f})".format(*box)


def report(scores: Sequence[Score]) -> str:
    """The figures of a run as text."""
    true, found = sum(s.true for s in scores), sum(s.found for s in scores)
    box, words = sum(s.matched_box for s in scores), sum(s.matched for s in scores)
    right = sum(s.relations_right for s in scores)
    relations_found, relations_true = sum(s.relations_found for s in scores), sum(s.relations_true for s in scores)
    precision, recall = right / max(1, relations_found), right / max(1, relations_true)
    lines = [f"{s.name}: {miss}" for s in scores for miss in s.misses]
    lines += [
        f"{s.name}: cells {s.f1:.3f} ({s.relations_right} of {s.relations_true} true, {s.relations_found} found)"
        for s in sorted(scores, key=lambda s: s.f1)[:WORST]
    ]
    lines += [
        f"{len(scores)} documents, {true} regions, {found} found",
        f"regions (words): recall {words / max(1, true):.3f} precision {words / max(1, found):.3f}",
        f"regions (box):   recall {box / max(1, true):.3f} precision {box / max(1, found):.3f}",
        f"cells, all relations: F1 {f1(right, relations_found, relations_true):.3f} "
        f"(precision {precision:.3f}, recall {recall:.3f})",
        f"cells, mean over documents: F1 {sum(s.f1 for s in scores) / max(1, len(scores)):.3f}",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write every document's figures")
    options = parser.parse_args()
    scores = []
    for pdf in sorted(options.folder.rglob("*.pdf")):
        if not pdf.with_name(f"{pdf.stem}-reg.xml").exists():
            continue
        with tempfile.TemporaryDirectory() as out:
            document = parse_in_worker(pdf, Path(out), ParseOptions(), Limits(), workers=options.workers)
        scores.append(score(pdf.name, *truth(pdf), ours(pdf, document.elements)))
        print(f"{len(scores)} {pdf.name}", file=sys.stderr)
    print(report(scores))
    if options.json:
        options.json.write_text(json.dumps([{**vars(s), "f1": s.f1} for s in scores], indent=1))


if __name__ == "__main__":
    main()
