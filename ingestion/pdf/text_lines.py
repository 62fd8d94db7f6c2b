"""Lines of text out of the PDF library's dictionaries: spans joined, right-to-left and vertical writing put in order.

The dictionaries are those of ``get_text("dict")``, ``get_text("rawdict")`` and of layout's text lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import ALIGNED, gap, height, horizontal_overlap, in_one_row, union, vertical_overlap, width
from ingestion.layout.line_order import in_file_order, with_initials
from ingestion.layout.sideways import SIDEWAYS_LEAST, SIDEWAYS_SHARE
from ingestion.text.bidi import Char, has_rtl, logical_line
from ingestion.text.cleaning import clean, is_cjk

SPAN_GAP = 0.2  # of the font size: wider between two spans is a space (the library's own join loses it)
ROW_GAP = 1.0  # of the height: pieces of one right-to-left row stand no further apart
COLUMN_GAP = 0.6  # of a character: those of one vertical line stand no further apart
COLUMN_LENGTH = 4  # characters standing on each other make a vertical line
SHOWN = 16 | 32  # the library's flags of characters that are filled or stroked
TYPED_SHARE = 0.8  # of a line's characters: marks of broken lines come from other fonts
MONOSPACED = 8  # the library's flag of fonts whose letters are equally wide
TYPEWRITER = re.compile(
    r"cour|mono|consol|menlo|typewriter|cmtt|sftt|lettergothic|fixed|inconsolata|hack\b|\bcode", re.IGNORECASE
)
SLANT = 0.1  # sine of the angle (6 degrees) to the page's sides from which a line is slanted: scans stand less askew
OUTER_SHARE = 0.08  # of a page's height, at either end: running headers and footers stand there, upright
BESIDE = 2.0  # points by which a span's middle may stand outside its box

UNKNOWN = "\ufffd"  # what layout says of a letter without a name

Raw = Mapping[str, Any]


def native_lines(blocks: Iterable[Raw]) -> list[Line]:
    """Lines of ``get_text("dict")`` or ``"rawdict"`` in the file's order. With characters and their places (rawdict),
    those of right-to-left lines are put in reading order."""
    found: list[Line] = []
    for block in blocks:
        for row in _rows(block.get("lines", ())):
            line = _native_line(row)
            if line.text:
                found.append(line)
    return with_initials(_stacked(found))


def without_font(blocks: Iterable[Raw], font: str) -> list[dict[str, Any]]:
    """The blocks without what is written in a font whose name begins so."""
    kept = []
    for block in blocks:
        lines = []
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if not str(span.get("font", "")).startswith(font)]
            if spans:
                boxes = [BBox(*span["bbox"]) for span in spans]
                lines.append({**line, "spans": spans, "bbox": line["bbox"] if spans == line["spans"] else union(boxes)})
        kept.append({**block, "lines": lines})
    return kept


def layout_line(raw: Raw, within: BBox) -> Line:
    """A line of a layout box. Spans whose middle lies beside ``within`` belong to the next column: the library joins
    lines across it."""
    text, right = "", None
    for span in raw["spans"]:
        box = span["bbox"]
        if not within.x0 - BESIDE <= (box[0] + box[2]) / 2 <= within.x1 + BESIDE:
            continue
        if right is not None and box[0] - right > SPAN_GAP * span["size"] and not text.endswith(" "):
            text += " "
        text += span["text"]
        right = box[2]
    return Line(clean(text), BBox(*raw["bbox"]))


def in_reading_order(lines: Sequence[Line], native: Iterable[Line]) -> tuple[Line, ...] | None:
    """The native lines of a box whose own ``lines`` the library put in the wrong order: it sorts words from left to
    right. None where they are right."""
    held = list(native)
    stacked = [line for line in held if line.vertical]
    if 2 * sum(len(line.text) for line in stacked) > sum(len(line.text) for line in held):
        return tuple(sorted(held, key=lambda line: (-line.bbox.x1, line.bbox.y0)))
    if held and any(has_rtl(line.text) for line in lines):
        return tuple(sorted(held, key=lambda line: line.bbox.y0 + line.bbox.y1))
    if any(UNKNOWN in line.text for line in lines) and not any(UNKNOWN in line.text for line in held):
        return tuple(held)  # layout has a sign for letters that the file names by their numbers alone
    if _lacks_letters(lines, held):
        return tuple(held)
    return in_file_order(lines, held)


def _lacks_letters(lines: Sequence[Line], native: Sequence[Line]) -> bool:
    """Whether a line of layout's is one of the file's that has lost letters, as ligatures do in some fonts."""
    if len(lines) != len(native):
        return False
    pairs = [("".join(a.text.split()), "".join(b.text.split())) for a, b in zip(lines, native, strict=True)]
    return any(len(a) < len(b) for a, b in pairs) and all(a == b or _is_part_of(a, b) for a, b in pairs)


def _is_part_of(text: str, whole: str) -> bool:
    """Whether a text is another one without some of its letters."""
    letters = iter(whole)
    return all(letter in letters for letter in text)


def quarters_to_upright(lines: Sequence[Line], page_height: float) -> int:
    """The clockwise quarter turns by which most of the lines' characters become upright; none where text of the page's
    body stands upright beside them: then only a part of it is set sideways."""
    counts: Counter[int] = Counter()
    for line in lines:
        counts[line.quarters] += len(line.text)
    if not counts:
        return 0
    quarters, most = counts.most_common(1)[0]
    if not quarters or most < max(SIDEWAYS_LEAST, SIDEWAYS_SHARE * counts.total()):
        return 0
    return 0 if _upright_body(lines, quarters, page_height) >= SIDEWAYS_LEAST else quarters


def _upright_body(lines: Sequence[Line], quarters: int, page_height: float) -> int:
    """Characters that stand upright outside of the sideways text and of the page's header and footer."""
    inner = union([line.bbox for line in lines if line.quarters == quarters])
    return sum(
        len(line.text)
        for line in lines
        if not line.quarters
        and OUTER_SHARE * page_height < (line.bbox.y0 + line.bbox.y1) / 2 < (1 - OUTER_SHARE) * page_height
        and vertical_overlap(line.bbox, inner) < ALIGNED
    )


def _native_line(raws: Sequence[Raw]) -> Line:
    spans = [span for raw in raws for span in raw["spans"]]
    box = union([BBox(*raw["bbox"]) for raw in raws])
    text = "".join(_span_text(span) for span in spans)
    if has_rtl(text) and "chars" in spans[0] and raws[0]["dir"][0] > 0.99:
        known = (c for span in spans for c in span["chars"] if not c.get("synthetic"))  # gaps are told by their width
        chars = [Char(c["c"], c["bbox"][0], c["bbox"][2]) for c in known]
        # letters of presentation forms are looked at one by one: a ligature's letters must stay together
        text = logical_line(chars, max(span["size"] for span in spans))
    vertical = bool(raws[0].get("wmode"))
    quarters = 0 if vertical else _quarters(raws[0]["dir"])
    hidden = not spans[0].get("char_flags", SHOWN) & SHOWN
    letters = [(len(_span_text(span).strip()), _is_typed(span)) for span in spans]
    typed = sum(count for count, is_typed in letters if is_typed) >= TYPED_SHARE * sum(count for count, _ in letters)
    slanted = min(map(abs, raws[0]["dir"])) > SLANT
    return Line(clean(text), box, vertical, quarters, str(spans[0].get("font", "")), hidden, typed, slanted)


def _is_typed(span: Raw) -> bool:
    return bool(span.get("flags", 0) & MONOSPACED) or TYPEWRITER.search(str(span.get("font", ""))) is not None


def _quarters(direction: tuple[float, float]) -> int:
    """From the direction of writing (cosine, sine; y points down) to clockwise turns that make it run to the right."""
    x, y = direction
    if abs(y) > abs(x):
        return 3 if y > 0 else 1
    return 0 if x > 0 else 2


def _span_text(span: Raw) -> str:
    return str(span["text"]) if "text" in span else "".join(c["c"] for c in span["chars"])


def _rows(raws: Sequence[Raw]) -> list[list[Raw]]:
    """Pieces of one right-to-left row, which the library parts at numbers, belong together. A line of which it leaves
    out every character has no span and no place (PyMuPDF 2.0, in Hebrew files of Word)."""
    rows: list[list[Raw]] = []
    for raw in raws:
        if not raw["spans"]:
            continue
        box = BBox(*raw["bbox"])
        last = BBox(*rows[-1][-1]["bbox"]) if rows else None
        if (
            last is not None
            and "chars" in raw["spans"][0]
            and in_one_row(last, box)
            and gap(last, box) < ROW_GAP * height(box)
            and any(has_rtl(_span_text(span)) for piece in (rows[-1][-1], raw) for span in piece["spans"])
        ):
            rows[-1].append(raw)
        else:
            rows.append([raw])
    return rows


def _stacked(lines: Sequence[Line]) -> list[Line]:
    """Characters that stand below each other, joined to vertical lines."""
    result: list[Line] = []
    column: list[Line] = []
    for line in [*lines, None]:
        if line is not None and column and _below(column[-1], line):
            column.append(line)
            continue
        if sum(len(item.text) for item in column) >= COLUMN_LENGTH and len(column) > 1:
            text = "".join(item.text for item in column)
            result.append(Line(text, union([item.bbox for item in column]), vertical=True))
        else:
            result += column
        column = [] if line is None else [line]
    return result


def _below(upper: Line, lower: Line) -> bool:
    both_vertical = upper.vertical and lower.vertical
    if not both_vertical and not all(len(line.text) == 1 and is_cjk(line.text) for line in (upper, lower)):
        return False
    space = lower.bbox.y0 - upper.bbox.y1
    em = width(lower.bbox)
    return -0.5 * em < space < COLUMN_GAP * em and horizontal_overlap(upper.bbox, lower.bbox) > 0.8
