"""One page out of the PDF library: its words and lines, layout boxes, renders.

A page is read upright and at a usual size, whatever the file says: a stamp is enlarged and a poster reduced until the
longer side has 400 to 2,400 points, so that thresholds in points mean the same on both. :meth:`PdfPage.displayed` takes
a box back to the page that people see.

Facts relied on (PyMuPDF 2.0, 2026-11): the layout model speaks in displayed coordinates only once rotation is removed;
changing a page's UserUnit scales all that is on it, but what the library writes ignores it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, cached_property
from html import escape
from typing import Any

import pymupdf
from PIL import Image

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.errors import CorruptPdf, LimitExceeded
from ingestion.geometry import POINTS_PER_INCH, area, clip, gap, holds_middle, mostly_inside, turned, turned_back
from ingestion.layout.code_listings import listed_cells, listing_lines, typed_stretches
from ingestion.layout.line_numbers import line_numbers
from ingestion.pdf.annotations import Note, icons_on, notes_on
from ingestion.pdf.compat import layout_regions
from ingestion.pdf.drawn_marks import drawn_marks, may_be_marks, without_marks
from ingestion.pdf.errors import LIBRARY_ERRORS, first_line
from ingestion.pdf.layout_model import corners, in_bands, tables_of
from ingestion.pdf.parted_words import Letter, PartedWord, parted_words, with_parted
from ingestion.pdf.path_boxes import may_hold_rules, path_boxes, with_rules_apart
from ingestion.pdf.stacked_fractions import core, stacked_fractions
from ingestion.pdf.text_lines import in_reading_order, layout_line, native_lines, quarters_to_upright, without_font
from ingestion.pdf.text_pages import drawings_of, forget_drawing, picture_boxes
from ingestion.tables.cut_off import closing_rules, with_cut_off_rows
from ingestion.tables.watermarks import without_watermark
from ingestion.text.bidi import has_rtl
from ingestion.text.cleaning import clean
from ingestion.text.text_layer import NAME as LAYER
from ingestion.text.text_layer import font_of, operators

USUAL_SIDE = (400.0, 2400.0)  # points; a page whose longer side is beyond is read enlarged or reduced to it
MAX_RENDER_SIDE = 16_000  # pixels; WebP holds 16,383
LISTED = ("text", "list-item", "code", "caption")  # layout's classes of what may be program text
TYPED_SHARE = 0.6  # of a listing's characters: its caption and its comments are set in other fonts
HUGGING = 2.0  # points by which a line may be wider than its region
STRIP = 24.0  # points above the page of an attached file
TEXT_FLAGS = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES


class PdfPage:
    """One page as it is read: upright and of a usual size, so that thresholds in points hold for stamps and posters.

    All boxes are points from its top left; :meth:`displayed` gives their place on the page as displayed. ``turned``
    counts the quarters it was turned clockwise from that, ``unit`` is how many times it was enlarged.
    """

    def __init__(
        self,
        doc: pymupdf.Document,
        page: pymupdf.Page,
        number: int,
        rotation: int,
        unit: float,
        caption: str = "",
        opens: bool = False,
        label: str = "",
    ) -> None:
        """``caption``: the attached file that the page is of, in words; ``opens``: it is that file's first page;
        ``label``: what the file calls the page ("iv", "A-3"), or nothing."""
        self._doc, self._page = doc, page
        self.caption, self.opens = caption, opens and bool(caption)
        self.number, self.rotation, self.unit, self.label = number, rotation, unit, label
        self.turned = 0
        self.fault = ""  # what could not be read of it, in words
        self._lines: list[Line] | None = None
        self._recognised: list[Line] = []
        self.width, self.height = float(page.rect.width), float(page.rect.height)

    @property
    def frame(self) -> BBox:
        """The page as a box, in points."""
        return BBox(0.0, 0.0, self.width, self.height)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed."""
        size = self.width / self.unit, self.height / self.unit
        return size if self.turned % 2 == 0 else (size[1], size[0])

    def displayed(self, box: BBox) -> BBox:
        """A box's place on the page as displayed."""
        back = turned_back(box, self.turned, self.width, self.height)
        return BBox(*(value / self.unit for value in back))

    def stand_upright(self) -> None:
        """Turn a page that was set sideways, such as a wide table, so that its text runs to the right.

        A page on which other text stands upright beside it stays as it is.
        """
        self.turn(quarters_to_upright(self.lines(), self.height))

    def part(self, box: BBox, quarters: int) -> PdfPage:
        """What the page shows in ``box``, turned clockwise by ``quarters`` quarter turns, as a page of its own."""
        size = (box.x1 - box.x0, box.y1 - box.y0)
        wide, high = size if quarters % 2 == 0 else size[::-1]
        doc = pymupdf.open()
        page = doc.new_page(width=wide, height=high)
        scale = 1 / _user_unit(self._doc, self._page)
        clipped = pymupdf.Rect(*(value * scale for value in box))
        page.show_pdf_page(page.rect, self._doc, self._page.number, clip=clipped, rotate=-90 * quarters % 360)
        part = PdfPage(doc, page, self.number, 0, self.unit)
        held = [line for line in self._recognised if mostly_inside(line.bbox, box)]
        moved = [BBox(b.x0 - box.x0, b.y0 - box.y0, b.x1 - box.x0, b.y1 - box.y0) for b in (line.bbox for line in held)]
        part._recognised = [
            replace(line, bbox=turned(place, quarters, *size), quarters=(line.quarters - quarters) % 4)
            for line, place in zip(held, moved, strict=True)
        ]
        return part

    def turn(self, quarters: int) -> None:
        """Turn the page clockwise by ``quarters`` quarter turns. What was read of it before is void."""
        if quarters % 4 == 0:
            return
        size = self.width, self.height
        self._recognised = [
            replace(line, bbox=turned(line.bbox, quarters, *size), quarters=(line.quarters - quarters) % 4)
            for line in self._recognised
        ]
        self._page.set_rotation(quarters % 4 * 90)
        self._page = remove_rotation(self._page)
        self.turned = (self.turned + quarters) % 4
        self.width, self.height = float(self._page.rect.width), float(self._page.rect.height)
        self._forget("paths", "images")

    def _forget(self, *names: str) -> None:
        """What was looked up of the page as it was."""
        forget_drawing(self._doc)
        self._lines = None
        for name in ("words", "_parted_words", "_letter_lines", *names):
            self.__dict__.pop(name, None)

    def too_complex(self, max_paths: int) -> str:
        """Why layout should not be attempted on this page, and the remedy; or an empty string."""
        if len(self.paths) > max_paths:
            return f"the page draws {len(self.paths)} paths, over {max_paths} (raise PAGESIGHT_MAX_PATHS to try it)"
        return ""

    @cached_property
    def paths(self) -> list[BBox]:
        """Boxes of everything drawn as a path (rules, fills, strokes), cut to the page."""
        boxes = path_boxes(self._page)
        if may_hold_rules(boxes) and not self._page.rotation:
            with suppress(*LIBRARY_ERRORS):  # what cannot be told in parts stays whole
                boxes = with_rules_apart(boxes, drawings_of(self._doc, self._page))
        return [clip(BBox(*box), self.width, self.height) for box in boxes]

    def text(self) -> str:
        """All native text as the file gives it."""
        return str(self._page.get_text())

    def lines(self) -> list[Line]:
        """Text lines: the native ones in the file's own order, the characters of each in reading order; then those
        that were recognised, as they were laid in."""
        if self._lines is None:
            native = native_lines(self._native_blocks("dict"))
            if any(has_rtl(line.text) for line in native):
                native = native_lines(self._native_blocks("rawdict"))
            self._lines = [*native, *self._recognised]
        return self._lines

    def _native_blocks(self, form: str) -> list[Any]:
        blocks: list[Any] = self._page.get_text(form, flags=TEXT_FLAGS)["blocks"]
        return without_font(blocks, LAYER) if self._recognised else blocks

    def notes(self) -> list[Note]:
        """Notes and comments that are no part of the page's text, their boxes on the page as displayed. To be read
        before the page is turned. Raises :class:`CorruptPdf`."""
        try:
            found = notes_on(self._page, self.text()) if self._page.first_annot else []
        except LIBRARY_ERRORS as exc:
            raise CorruptPdf(f"the notes on page {self.number} cannot be read ({first_line(exc)})") from exc
        return [note._replace(bbox=self.displayed(note.bbox)) for note in found]

    def icons(self) -> list[BBox]:
        """Boxes of the signs that stand for notes and attached files: they are seen, and say nothing."""
        with suppress(*LIBRARY_ERRORS):  # as a problem of the notes it is said already
            return icons_on(self._page) if self._page.first_annot else []
        return []

    @property
    def caption_strip(self) -> BBox:
        """Where :func:`write_above` wrote, on the page as displayed."""
        return BBox(0.0, 0.0, self.size[0], STRIP if self.caption else 0.0)

    @cached_property
    def images(self) -> list[BBox]:
        """Boxes of raster images, cut to the page."""
        boxes = (clip(BBox(*box), self.width, self.height) for box in picture_boxes(self._page))
        return [box for box in boxes if area(box) > 0]

    def render(self, dpi: float, max_pixels: float) -> Image.Image:
        """The page in RGB at ``dpi`` dots per inch of the page as displayed.

        A tiny page is drawn at a higher resolution, one of more than ``max_pixels`` at a lower. Raises
        :class:`LimitExceeded` where drawing fails.
        """
        fitting = math.sqrt(max_pixels / (self.width * self.height))
        wanted = dpi / POINTS_PER_INCH / min(1.0, self.unit)
        scale = min(wanted, fitting, MAX_RENDER_SIDE / max(self.width, self.height))
        try:
            pix = self._page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False, colorspace=pymupdf.csRGB)
        except (*LIBRARY_ERRORS, MemoryError) as exc:
            raise LimitExceeded(f"page {self.number} cannot be rendered at {dpi:.0f} dpi ({first_line(exc)})") from exc
        return Image.frombytes("RGB", (pix.width, pix.height), pix.samples)

    def hide_text(self, lines: Iterable[Line]) -> None:
        """Lay recognised lines under the page: :meth:`lines` gives them back as they are, and layout and :attr:`words`
        see them as if they were native."""
        laid = [replace(line, text=clean(line.text), font=LAYER, hidden=True) for line in lines]
        laid = [line for line in laid if line.text]
        if not laid:
            return
        self._recognised += laid
        doc, page = self._doc, self._page
        font = font_of(laid, _width_of)
        to_unicode, descriptor, xref = (doc.get_new_xref() for _ in range(3))
        doc.update_object(to_unicode, "<<>>")
        doc.update_stream(to_unicode, font.to_unicode.encode("ascii"))
        doc.update_object(descriptor, font.descriptor)
        doc.update_object(xref, font.font.format(to_unicode=to_unicode, descriptor=descriptor))
        name = f"{LAYER}{xref}"
        _add_font(page, name, xref)
        to_drawing = ~page.transformation_matrix
        scale = 1 / _user_unit(doc, page)  # what the library says of a page has the user space unit, its content not

        def place(x: float, y: float) -> tuple[float, float]:
            point = pymupdf.Point(x * scale, y * scale) * to_drawing
            return float(point.x), float(point.y)

        page.wrap_contents()
        content = pymupdf.TOOLS._insert_contents(page, b" ", True)
        doc.update_stream(content, operators(laid, font, name, place, scale).encode("ascii"))
        self._forget()

    def say_marks(self) -> None:
        """Lay the ticks, crosses and dots that are drawn as paths under the page, as :meth:`hide_text` does: they are
        no paths then."""
        if may_be_marks(self.paths) and self.unit == 1.0:
            with suppress(*LIBRARY_ERRORS):  # what cannot be drawn is a picture's problem
                found = drawn_marks(drawings_of(self._doc, self._page), self.lines(), self.frame)
                self.hide_text(found)
                self.paths = without_marks(self.paths, [mark.bbox for mark in found])

    def say_fractions(self) -> None:
        """Lay fractions that are set as one number above another under the page in their place, as "3/7"."""
        found = stacked_fractions(self.words, self.paths, self._letters_in)
        self.drop_text([box for fraction in found for box in fraction.letters])
        self.hide_text([fraction.line for fraction in found])
        bars = {fraction.bar[:3] for fraction in found}  # they strike nothing through
        self.paths = [path for path in self.paths if path[:3] not in bars]

    def drop_line_numbers(self) -> None:
        """Leave out the numbers in the margin that count the lines of a text or program."""
        self.drop_text([core(box) for box in line_numbers(self.words, self.lines(), self.paths)])

    def drop_text(self, boxes: Iterable[BBox] | None = None) -> None:
        """Remove the native text of the whole page, or what stands more than half in one of ``boxes``.

        Used where its encoding is garbage and recognised text takes its place.
        """
        dropped = [self.frame] if boxes is None else list(boxes)
        if not dropped:
            return
        for box in dropped:
            self._page.add_redact_annot(pymupdf.Rect(box))
        self._page.apply_redactions(images=0, graphics=0, text=0)
        self._recognised = [x for x in self._recognised if not any(mostly_inside(x.bbox, box) for box in dropped)]
        self._forget()

    def layout(self) -> list[LayoutBox]:
        """Boxes of the layout model in reading order, tables with their cells."""
        raws = layout_regions(self._doc, self._page.number, html_tables=True)
        native = self.lines()
        grids = []
        if any(in_bands(raw) for raw in raws):
            found = layout_regions(self._doc, self._page.number, html_tables=False)
            grids = [raw for raw in found if raw.boxclass == "table"]
        boxes = [box for raw in raws for box in self._boxes(raw, grids, native)]
        self.paths = [*self.paths, *closing_rules(boxes, self.paths)]
        return with_cut_off_rows(boxes, self.words, self.paths)

    def _boxes(self, raw: Any, grids: Sequence[Any], native: Sequence[Line]) -> list[LayoutBox]:
        """A region as it is; a table region in which the table engine found several tables as those."""
        bbox = self._clip(corners(raw))
        lines = tuple(layout_line(item, bbox) for item in raw.textlines or ())
        ordered = in_reading_order(lines, [line for line in native if _is_of(bbox, line.bbox)])
        upright = not ordered or not ordered[0].vertical  # columns of vertical writing look like a table
        found = []
        if raw.boxclass == "table" and upright:
            found = [(self._clip(box), cells) for box, cells in tables_of(raw, grids)]
        held = [line for line in native if holds_middle(bbox, line.bbox)]
        if found and not _is_listing(held, [cell for _, cells in found for cell in cells]):
            parted = [word for word in self._parted_words if len(word.parts) > 1]
            tables = [
                LayoutBox("table", box, self._words_in(box), cells=with_parted(cells, parted)) for box, cells in found
            ]
            return [without_watermark(table, native) for table in tables]
        label = "text" if raw.boxclass == "table" else str(raw.boxclass)
        sizes = [span["size"] for item in raw.textlines or () for span in item["spans"]]
        kept = tuple(line for line in ordered or lines if line.text)
        box = LayoutBox(label, bbox, kept, max(sizes, default=0.0))
        return self._with_listings(box, native) if label in LISTED else [box]

    def _with_listings(self, box: LayoutBox, native: Sequence[Line]) -> list[LayoutBox]:
        """A region with the program text in it, or at its end or start, as regions of label "code"."""
        held = [line for line in native if holds_middle(box.bbox, line.bbox)]  # layout's boxes hug the letters
        if not any(line.typed for line in held) or any(line.hidden or line.quarters for line in held):
            return [box]
        total = sum(len(line.text) for line in native)
        share = sum(len(line.text) for line in native if line.typed) / total
        parts = []
        for place, typed in typed_stretches(held):
            words = self._words_in(place) if typed else ()
            rows = listing_lines(words, share) if typed else ()
            cells = listed_cells(words) if rows else ()
            lines = tuple(line for line in box.lines if holds_middle(place, line.bbox))
            if cells:
                parts.append(LayoutBox("typed-table", place, rows, cells=cells))
            else:
                parts.append(LayoutBox("code", place, rows) if rows else replace(box, bbox=place, lines=lines))
        kept = sum(bool(line.text) for part in parts for line in part.lines)  # each line in one of the parts
        told = any(part.label in ("code", "typed-table") for part in parts)
        return parts if kept >= len(box.lines) and told else [box]

    @cached_property
    def words(self) -> list[Line]:
        """Native words with their boxes in points, in the file's own order."""
        return [part for word in self._parted_words for part in word.parts]

    @cached_property
    def _parted_words(self) -> list[PartedWord]:
        raw = self._page.get_text("words")
        words = [Line(text, BBox(*word[:4])) for word in raw if (text := clean(str(word[4])))]
        return parted_words(words, self.paths, self._letters_in)

    def _letters_in(self, box: BBox) -> list[Letter]:
        """The letters whose middle lies in ``box``, from left to right."""
        near = [spans for line, spans in self._letter_lines if gap(line, box) <= 1.0]
        letters = (Letter(str(c["c"]), BBox(*c["bbox"])) for spans in near for span in spans for c in span["chars"])
        held = (letter for letter in letters if not letter.text.isspace() and holds_middle(box, letter.bbox))
        return sorted(held, key=lambda letter: letter.bbox.x0)

    @cached_property
    def _letter_lines(self) -> list[tuple[BBox, list[Any]]]:
        """The library's lines, each with its box and its spans of letters."""
        blocks = self._page.get_text("rawdict", flags=pymupdf.TEXTFLAGS_WORDS)["blocks"]
        return [(BBox(*line["bbox"]), line["spans"]) for block in blocks for line in block["lines"]]

    def _words_in(self, box: BBox) -> tuple[Line, ...]:
        return tuple(word for word in self.words if mostly_inside(word.bbox, box))

    def _clip(self, box: Iterable[float]) -> BBox:
        return clip(BBox(*(float(v) for v in box)), self.width, self.height)


def _is_listing(lines: Sequence[Line], cells: Sequence[Cell]) -> bool:
    """Whether what layout takes for a table is set in a typewriter font, and nothing in it stands in columns."""
    typed = sum(len(line.text) for line in lines if line.typed and not line.hidden)
    if typed < TYPED_SHARE * sum(len(line.text) for line in lines):
        return False
    rows = Counter(cell.row for cell in cells if cell.text.strip())
    return len(rows) > 1 and all(count == 1 for count in rows.values())


def _is_of(region: BBox, line: BBox) -> bool:
    """Whether a line is a region's: regions hug the letters, so lines of tall fonts reach far above and below."""
    as_wide = region.x0 - HUGGING <= line.x0 and line.x1 <= region.x1 + HUGGING
    return mostly_inside(line, region) or (as_wide and holds_middle(region, line))


def write_above(page: pymupdf.Page, text: str) -> None:
    """Make the page higher by a strip at its top, and write in it. The page must not be rotated."""
    media, crop = page.mediabox, page.cropbox  # the crop box counts from the top of the media box
    shown = pymupdf.Rect(crop.x0, media.y1 - crop.y1, crop.x1, media.y1 - crop.y0) & media
    page.wrap_contents()
    page.set_mediabox(pymupdf.Rect(shown.x0, shown.y0, shown.x1, shown.y1 + STRIP))
    strip = pymupdf.Rect(0, 0, shown.width, STRIP)
    page.draw_rect(strip, color=None, fill=(0.92, 0.92, 0.92))
    style = "* { font-family: sans-serif; font-size: 10px; font-weight: bold; margin: 0; }"
    page.insert_htmlbox(pymupdf.Rect(STRIP / 3, 4, shown.width - STRIP / 3, STRIP - 2), escape(text), css=style)


def usual_unit(page: pymupdf.Page) -> float:
    """How many times to enlarge a page so that its longer side lies within ``USUAL_SIDE``; below 1 it is reduced."""
    longer = max(float(page.rect.width), float(page.rect.height))
    least, most = USUAL_SIDE
    return 1.0 if longer <= 0 or least <= longer <= most else round((least if longer < least else most) / longer, 4)


def resized(doc: pymupdf.Document, page: pymupdf.Page, unit: float) -> pymupdf.Page:
    """The page with its user space unit changed, so that all on it, annotations too, is ``unit`` times larger."""
    doc.xref_set_key(page.xref, "UserUnit", f"{_user_unit(doc, page) * unit:.6f}")
    return doc.reload_page(page)


def remove_rotation(page: pymupdf.Page) -> pymupdf.Page:
    """The page with its content turned instead of the page. The library does not turn the crop box with it, so that
    must go; and where the user space unit is not 1 it puts notes and fields elsewhere, so it is 1 meanwhile."""
    if not page.rotation:
        return page
    media, crop = page.mediabox, page.cropbox  # the crop box counts from the top of the media box
    shown = pymupdf.Rect(crop.x0, media.y1 - crop.y1, crop.x1, media.y1 - crop.y0) & media
    if shown != media and not shown.is_empty:
        page.set_mediabox(shown)
    doc, xref = page.parent, page.xref
    kind, unit = doc.xref_get_key(xref, "UserUnit")
    if kind == "null" or doc.xref_get_key(xref, "Annots")[0] == "null":
        page.remove_rotation()
        return page
    doc.xref_set_key(xref, "UserUnit", "null")
    page = doc.reload_page(page)
    page.remove_rotation()
    doc.xref_set_key(xref, "UserUnit", unit)
    return doc.reload_page(page)


def _user_unit(doc: pymupdf.Document, page: pymupdf.Page) -> float:
    kind, value = doc.xref_get_key(page.xref, "UserUnit")
    return float(value) if kind in ("int", "float") and float(value) > 0 else 1.0


@cache
def _width_of(char: str) -> float:
    """Of the size of the letters, in a common font."""
    return float(_common_font().glyph_advance(ord(char)))


@cache
def _common_font() -> Any:
    return pymupdf.Font("helv")


def _add_font(page: pymupdf.Page, name: str, xref: int) -> None:
    """Make a font known to the page under a name."""
    low = pymupdf.mupdf
    pdf_page = low.pdf_page_from_fz_page(page.this)
    resources = low.pdf_dict_get_inheritable(pdf_page.obj(), low.PDF_ENUM_NAME_Resources)
    if not resources.m_internal:
        resources = low.pdf_dict_put_dict(pdf_page.obj(), low.PDF_ENUM_NAME_Resources, 1)
    fonts = low.pdf_dict_get(resources, low.PDF_ENUM_NAME_Font)
    if not fonts.m_internal:
        fonts = low.pdf_dict_put_dict(resources, low.PDF_ENUM_NAME_Font, 1)
    low.pdf_dict_puts(fonts, name, low.pdf_new_indirect(pdf_page.doc(), xref, 0))
