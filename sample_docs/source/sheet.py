"""A drawing sheet: pages with the origin at the top left that remember where named things were drawn.

Enters: shapes, paragraphs and tables in PDF points (1/72 inch) from the top left. Leaves: a PDF file and ``places``, the
page and box of every name that was marked. Must not know: what any document says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

INK = HexColor("#1C2833")
NAVY = HexColor("#10293D")
TEAL = HexColor("#0B7285")
PALE = HexColor("#E9F2F4")
GREY = HexColor("#5D6D79")
RULE = HexColor("#C5D0D7")
AMBER = HexColor("#E69500")
RED = HexColor("#BF3B2B")
WHITE = HexColor("#FFFFFF")

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle in points from the top left of its page."""

    x0: float
    y0: float
    x1: float
    y1: float

    def join(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def grow(self, by: float) -> Box:
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)


class Place(NamedTuple):
    """Where something was drawn; ``page`` counts from 1."""

    page: int
    box: Box


def style(size: float = 9, leading: float = 0, font: str = "Helvetica", color: Color = INK, **more: float) -> ParagraphStyle:
    return ParagraphStyle("s", fontName=font, fontSize=size, leading=leading or size * 1.42, textColor=color, **more)


BODY = style(9.8, 14)
LEAD = style(11, 15.8, color=NAVY)
CELL = style(8.7, 11.4)
CELL_BOLD = style(8.7, 11.4, "Helvetica-Bold")
HEAD_CELL = style(8.7, 11.4, "Helvetica-Bold", WHITE)
CAPTION = style(8.4, 11.4, "Helvetica-Oblique", GREY)
H2 = style(11.8, 15.4, "Helvetica-Bold", NAVY)
LISTED = style(9.8, 14, leftIndent=16, bulletIndent=1, bulletFontSize=9.8)


class Block(NamedTuple):
    """A paragraph of running text: ``kind`` is p, h2, li (bullet) or a step number such as "1."; ``mark`` names its place."""

    kind: str
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a table is drawn. A borderless table has neither rules nor bands, only a bold header row."""

    borderless: bool = False
    pad: float = 4.2
    bold_first: bool = True


class Sheet:
    """Pages under construction. Every colour, size and coordinate is explicit, so the same calls give the same bytes."""

    def __init__(self, path: Path, size: tuple[float, float], title: str, author: str, subject: str,
                 accent: Color = NAVY) -> None:
        self.width, self.height = size
        self.page = 1
        self.accent = accent
        self.places: dict[str, list[Place]] = {}
        self.headings: list[tuple[int, str, int]] = []
        self._ink: Box | None = None
        self.canvas = Canvas(str(path), pagesize=size, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setSubject(subject)
        self.canvas.setCreator("sample_docs/build.py")

    def mark(self, name: str, box: Box) -> Box:
        self.places.setdefault(name, []).append(Place(self.page, box))
        return box

    def begin_figure(self) -> None:
        self._ink = None

    def end_figure(self, name: str) -> Box:
        """Marks the box around all shapes and single lines of text drawn since ``begin_figure``."""
        if self._ink is None:
            raise ValueError(f"nothing was drawn for {name}")
        return self.mark(name, self._ink.grow(2))

    def _touch(self, x0: float, y0: float, x1: float, y1: float) -> None:
        box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        self._ink = self._ink.join(box) if self._ink else box

    def next_page(self) -> None:
        self.canvas.showPage()
        self.page += 1

    def save(self) -> None:
        self.canvas.save()

    def outline(self, level: int, title: str) -> None:
        """Adds an entry to the bookmarks and to ``headings`` for the contents page."""
        key = f"h{len(self.headings)}"
        self.headings.append((level, title, self.page))
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key, level, closed=level > 0)

    # Shapes ---------------------------------------------------------------------------------------------------------

    def _pen(self, fill: Color | None, stroke: Color | None, width: float, dash: Sequence[float]) -> tuple[int, int]:
        self.canvas.setLineWidth(width)
        self.canvas.setDash(list(dash))
        self.canvas.setLineJoin(1)
        self.canvas.setLineCap(1 if not dash else 0)
        if fill is not None:
            self.canvas.setFillColor(fill)
        if stroke is not None:
            self.canvas.setStrokeColor(stroke)
        return int(stroke is not None), int(fill is not None)

    def line(self, x0: float, y0: float, x1: float, y1: float, color: Color = INK, width: float = 0.7,
             dash: Sequence[float] = ()) -> None:
        self._pen(None, color, width, dash)
        self._touch(x0, y0, x1, y1)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def rect(self, x: float, y: float, w: float, h: float, fill: Color | None = None, stroke: Color | None = None,
             width: float = 0.7, radius: float = 0, dash: Sequence[float] = ()) -> None:
        drawn, filled = self._pen(fill, stroke, width, dash)
        self._touch(x, y, x + w, y + h)
        if radius:
            self.canvas.roundRect(x, self.height - y - h, w, h, radius, stroke=drawn, fill=filled)
        else:
            self.canvas.rect(x, self.height - y - h, w, h, stroke=drawn, fill=filled)

    def circle(self, x: float, y: float, r: float, fill: Color | None = None, stroke: Color | None = INK,
               width: float = 0.7) -> None:
        drawn, filled = self._pen(fill, stroke, width, ())
        self._touch(x - r, y - r, x + r, y + r)
        self.canvas.circle(x, self.height - y, r, stroke=drawn, fill=filled)

    def poly(self, points: Sequence[Point], fill: Color | None = None, stroke: Color | None = INK, width: float = 0.7,
             closed: bool = True, dash: Sequence[float] = ()) -> None:
        drawn, filled = self._pen(fill, stroke, width, dash)
        self._touch(min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points))
        path = self.canvas.beginPath()
        path.moveTo(points[0][0], self.height - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, self.height - y)
        if closed:
            path.close()
        self.canvas.drawPath(path, stroke=drawn, fill=filled)

    def arrow(self, x: float, y: float, dx: float, dy: float, color: Color = INK, size: float = 5) -> None:
        """A filled arrow head whose tip is at (x, y), pointing along the unit vector (dx, dy)."""
        back = (x - dx * size, y - dy * size)
        self.poly([(x, y), (back[0] - dy * size * 0.45, back[1] + dx * size * 0.45),
                   (back[0] + dy * size * 0.45, back[1] - dx * size * 0.45)], fill=color, stroke=None)

    def text(self, x: float, y: float, words: str, font: str = "Helvetica", size: float = 8, color: Color = INK,
             align: str = "left", spacing: float = 0) -> Box:
        """One line with its baseline at ``y``; returns its box."""
        width = self.canvas.stringWidth(words, font, size) + spacing * (len(words) - 1)
        left = {"left": x, "centre": x - width / 2, "right": x - width}[align]
        self.canvas.setFillColor(color)
        self.canvas.setFont(font, size)
        self.canvas.drawString(left, self.height - y, words, charSpace=spacing)
        self._touch(left, y - size * 0.75, left + width, y + size * 0.25)
        return Box(left, y - size * 0.75, left + width, y + size * 0.25)

    def upright_text(self, x: float, y: float, words: str, size: float = 8, color: Color = INK) -> None:
        """A line that reads upwards, centred on (x, y)."""
        half = self.canvas.stringWidth(words, "Helvetica", size) / 2
        self._touch(x - size * 0.75, y - half, x + size * 0.25, y + half)
        self.canvas.saveState()
        self.canvas.translate(x, self.height - y)
        self.canvas.rotate(90)
        self.canvas.setFillColor(color)
        self.canvas.setFont("Helvetica", size)
        self.canvas.drawCentredString(0, 0, words)
        self.canvas.restoreState()

    # Running text ---------------------------------------------------------------------------------------------------

    def paragraph(self, words: str, x: float, y: float, width: float, look: ParagraphStyle = BODY, mark: str = "",
                  bullet: str = "") -> Box:
        """A wrapped paragraph with its top at ``y``; the box is as wide as its longest line."""
        words = _symbols(words)
        laid = Paragraph(words, look, bulletText=bullet or None)
        _, tall = laid.wrap(width, 10_000)
        laid.drawOn(self.canvas, x, self.height - y - tall)
        slack = min(part[0] if isinstance(part, tuple) else part.extraSpace for part in laid.blPara.lines)
        box = Box(x, y, x + width - max(0.0, slack), y + tall)
        return self.mark(mark, box) if mark else box

    def flow(self, blocks: Sequence[Block], x: float, y: float, width: float, columns: int = 2, gap: float = 22,
             bottom: float = 770) -> float:
        """Sets blocks in balanced columns and returns the lowest edge. Raises ``ValueError`` if they don't fit."""
        wide = (width - gap * (columns - 1)) / columns
        sizes = [_measure(block, wide) for block in blocks]
        for limit in range(int(y) + 20, int(bottom) + 1, 3):
            spots = _pour(blocks, sizes, y, limit, columns)
            if spots is not None:
                break
        else:
            raise ValueError(f"page {self.page}: the text needs {sum(sizes):.0f} pt in {columns} columns")
        lowest = y
        for block, (column, top) in zip(blocks, spots, strict=True):
            left = x + column * (wide + gap)
            look, bullet = _look(block)
            if block.kind == "h2":
                look = look.clone("accent", textColor=self.accent)
            box = self.paragraph(block.text, left, top, wide, look, block.mark, bullet)
            if block.kind == "h2":
                self.outline(1, block.text)
            lowest = max(lowest, box.y1)
        return lowest

    # Tables ---------------------------------------------------------------------------------------------------------

    def table(self, x: float, y: float, widths: Sequence[float], header: Sequence[str], rows: Sequence[Sequence[str]],
              mark: str = "", look: TableLook | None = None,
              paint: Callable[[int, int, Box], bool] | None = None) -> tuple[Box, list[Box]]:
        """Draws a table; ``paint`` may draw a cell itself (returning True). Returns its box and the boxes of its rows."""
        look = look or TableLook()
        total = sum(widths)
        row_boxes: list[Box] = []
        top = y
        for number, row in enumerate([header, *rows]):
            tall = max(_cell(cell, number, i, look).wrap(w - 2 * look.pad - 2, 10_000)[1]
                       for i, (cell, w) in enumerate(zip(row, widths, strict=True))) + 2 * look.pad
            self._row_ground(x, top, total, tall, number, look)
            left = x
            for i, (cell, w) in enumerate(zip(row, widths, strict=True)):
                area = Box(left, top, left + w, top + tall)
                if not (number and paint and paint(number - 1, i, area)):
                    laid = _cell(cell, number, i, look)
                    _, high = laid.wrap(w - 2 * look.pad - 2, 10_000)
                    laid.drawOn(self.canvas, left + look.pad + 1, self.height - top - look.pad - high)
                left += w
            row_boxes.append(Box(x, top, x + total, top + tall))
            top += tall
        if not look.borderless:
            self.line(x, top, x + total, top, self.accent, 0.9)
        box = Box(x, y, x + total, top)
        if mark:
            self.mark(mark, box)
        return box, row_boxes[1:]

    def _row_ground(self, x: float, top: float, wide: float, tall: float, number: int, look: TableLook) -> None:
        if look.borderless:
            return
        if number == 0:
            self.rect(x, top, wide, tall, fill=self.accent)
        elif number % 2 == 0:
            self.rect(x, top, wide, tall, fill=PALE)
        if number > 1:
            self.line(x, top, x + wide, top, RULE, 0.4)


def _cell(words: str, row: int, column: int, look: TableLook) -> Paragraph:
    if row == 0:
        chosen = CELL_BOLD if look.borderless else HEAD_CELL
    else:
        chosen = CELL_BOLD if column == 0 and look.bold_first else CELL
    return Paragraph(_symbols(words), chosen)


def _look(block: Block) -> tuple[ParagraphStyle, str]:
    if block.kind == "h2":
        return H2, ""
    if block.kind == "p":
        return BODY, ""
    return LISTED, "•" if block.kind == "li" else block.kind


def _measure(block: Block, width: float) -> float:
    look, bullet = _look(block)
    words = _symbols(block.text)
    return float(Paragraph(words, look, bulletText=bullet or None).wrap(width, 10_000)[1])


def _pour(blocks: Sequence[Block], sizes: Sequence[float], top: float, limit: float,
          columns: int) -> list[tuple[int, float]] | None:
    """Column and top of each block when no column may pass ``limit``; None if they don't fit."""
    spots: list[tuple[int, float]] = []
    column, at = 0, top
    for i, block in enumerate(blocks):
        lead = 0.0 if at == top else {"h2": 11.0, "p": 6.5}.get(block.kind, 4.0)
        needed = sizes[i] + (sizes[i + 1] + 6 if block.kind == "h2" and i + 1 < len(blocks) else 0)
        if at + lead + needed > limit and at > top:
            column, at, lead = column + 1, top, 0.0
        if column >= columns or at + lead + needed > limit:
            return None
        spots.append((column, at + lead))
        at += lead + sizes[i]
    return spots


def _symbols(words: str) -> str:
    """The standard fonts have no Greek letters: these come from the Symbol font."""
    for letter in "ΩΔ":
        words = words.replace(letter, f'<font face="Symbol">{letter}</font>')
    return words
