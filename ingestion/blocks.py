"""What a page is made of while it is being understood: lines, regions the layout model found, blocks.

The values that pass between the steps of one page. Each step takes some and returns others; none is changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.elements import BBox, Cell, ElementKind


@dataclass(frozen=True, slots=True)
class RawPage:
    """What a page holds before it is understood. Boxes in points.

    ``recognised``: its lines were read by OCR. ``rules``: those in the picture of a scan, which draws no paths.
    """

    width: float
    height: float
    boxes: tuple[LayoutBox, ...]
    lines: tuple[Line, ...]
    photos: tuple[BBox, ...]
    paths: tuple[BBox, ...]
    recognised: bool = False
    rules: tuple[BBox, ...] = ()

    @property
    def frame(self) -> BBox:
        """The whole page as a box, in points."""
        return BBox(0.0, 0.0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box.

    ``vertical``: its characters stand below each other. ``quarters``: clockwise turns that make it upright.
    ``font`` is its first span's; ``hidden``: it is not shown (the text layer of a scan). ``typed``: it is set in a
    typewriter font. ``slanted``: it runs neither along the page's sides nor across them, as watermarks do.
    ``score``: how sure OCR is of it, 0 to 1.
    """

    text: str
    bbox: BBox
    vertical: bool = False
    quarters: int = 0
    font: str = ""
    hidden: bool = False
    typed: bool = False
    slanted: bool = False
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class LayoutBox:
    """A region the layout model found: ``label`` is its own class name.

    A table's ``lines`` are its words; its ``cells`` have no text where only the grid is known. Labels of our own:
    "code", program text, and "typed-table", a table drawn with signs, their ``lines`` with their indents.
    """

    label: str
    bbox: BBox
    lines: tuple[Line, ...] = ()
    font_size: float = 0.0
    cells: tuple[Cell, ...] = ()


MAX_CAPTION_CHARS = 900

KINDS: dict[str, ElementKind] = {
    "title": "title",
    "section-header": "heading",
    "text": "text",
    "list-item": "list",
    "table": "table",
    "picture": "figure",
    "caption": "caption",
    "formula": "formula",
    "footnote": "text",
}

FURNITURE = ("page-header", "page-footer")


@dataclass(frozen=True, slots=True)
class Block:
    """A region of one page while it is being understood.

    ``body`` is a figure or table without its title, caption and notes, once ``bbox`` holds them;
    ``cells`` are a table's, ``parts`` the boxes of the figures that a group of figures is made of. ``code``: program
    text, whose line breaks and indents count. ``frame``: of a heading, the drawn box that ends what it heads.
    """

    kind: ElementKind
    bbox: BBox
    text: str = ""
    font_size: float = 0.0
    caption: str = ""
    furniture: bool = False
    cells: tuple[Cell, ...] = ()
    body: BBox | None = None
    parts: tuple[BBox, ...] = ()
    code: bool = False
    frame: BBox | None = None
