"""A sheet: a pen that also sets running text in columns and tables.

Enters: blocks of text and rows of cells in reportlab's paragraph markup. Leaves: their boxes. Must not know: what any
document says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from .pen import GREY, INK, NAVY, PALE, RULE, WHITE, Box, Pen


def style(
    size: float = 9, leading: float = 0, font: str = "Helvetica", color: Color = INK, **more: float
) -> ParagraphStyle:
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
    """A paragraph: ``kind`` is p, h2, li (bullet) or a step number such as "1."; ``mark`` names its place."""

    kind: str
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a table is drawn. A borderless table has neither rules nor bands, only a bold header row."""

    borderless: bool = False
    pad: float = 4.2
    bold_first: bool = True


class Sheet(Pen):
    """A pen for whole documents."""

    def paragraph(
        self,
        words: str,
        x: float,
        y: float,
        width: float,
        look: ParagraphStyle = BODY,
        mark: str = "",
        bullet: str = "",
    ) -> Box:
        """A wrapped paragraph with its top at ``y``; the box is as wide as its longest line."""
        words = _symbols(words)
        laid = Paragraph(words, look, bulletText=bullet or None)
        _, tall = laid.wrap(width, 10_000)
        laid.drawOn(self.canvas, x, self.height - y - tall)
        slack = min(part[0] if isinstance(part, tuple) else part.extraSpace for part in laid.blPara.lines)
        box = Box(x, y, x + width - max(0.0, slack), y + tall)
        return self.mark(mark, box) if mark else box

    def flow(
        self,
        blocks: Sequence[Block],
        x: float,
        y: float,
        width: float,
        columns: int = 2,
        gap: float = 22,
        bottom: float = 770,
    ) -> float:
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

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        mark: str = "",
        look: TableLook | None = None,
        paint: Callable[[int, int, Box], bool] | None = None,
    ) -> tuple[Box, list[Box]]:
        """Draws a table; ``paint`` may draw a cell itself (returning True). Returns the boxes of it and its rows."""
        look = look or TableLook()
        total = sum(widths)
        row_boxes: list[Box] = []
        top = y
        for number, row in enumerate([header, *rows]):
            tall = (
                max(
                    _cell(cell, number, i, look).wrap(w - 2 * look.pad - 2, 10_000)[1]
                    for i, (cell, w) in enumerate(zip(row, widths, strict=True))
                )
                + 2 * look.pad
            )
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


def _pour(
    blocks: Sequence[Block], sizes: Sequence[float], top: float, limit: float, columns: int
) -> list[tuple[int, float]] | None:
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
