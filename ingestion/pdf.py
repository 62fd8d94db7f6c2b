"""The PDF library: opening safely, words, layout boxes, renders. The only importer of PyMuPDF.

Enters: a path: a PDF, or another file that the library or Pillow reads, each page of which becomes a PDF of one page.
Leaves: boxes in points of the page as displayed, text, pictures.
Must not know: elements, captions, chunks.

Facts relied on (PyMuPDF 2.0, 2026-11): ``parse_document`` mutates the document and prints to stdout, so every
:class:`Pdf` is a private handle and stdout is diverted; rotation is removed before layout, which then speaks in
displayed coordinates; a PNG or HTML page named .pdf opens "successfully", so the content is looked at first. Files
that are no PDF are given to the library as bytes: without a path, nothing in them can name a file of this machine.
"""

from __future__ import annotations

import contextlib
import math
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import ingestion.threads  # noqa: F401  before the library, which loads its layout models when it is imported

# isort: split
import pymupdf
from PIL import Image

from ingestion.boxes import LIGATURES, corners, in_bands, line_of, tables_of
from ingestion.boxes import LayoutBox as LayoutBox
from ingestion.boxes import Line as Line
from ingestion.elements import BBox
from ingestion.errors import CorruptPdf, EncryptedPdf, LimitExceeded, NoPages, NotAPdf
from ingestion.formats import format_of
from ingestion.geometry import POINTS_PER_INCH, area, clip, inside
from ingestion.pictures import Pictures

LIBRARY_ERRORS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)  # the last is neither of the others
CERTIFICATE = b"/Adobe.PubSec"  # the security handler that needs a key file, not a password
MAX_OBJECTS = 1_000_000  # looked at in search of pages
MAX_PAGE_SIDE = 5000.0  # points; beyond it layout is not attempted
MAX_RENDER_SIDE = 16_000  # pixels; WebP holds 16,383
SHEET = (595.0, 842.0)  # points: the page, A4, of what has none of its own, such as an e-book
PRINT = 11.0  # points: the size of its letters


class Pdf:
    """A private, open document. Use as a context manager. Not thread-safe."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        """Raises an :class:`~ingestion.errors.IngestionError` that names the file, what is wrong and the remedy."""
        self.path, self.format = path, format_of(path)
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        self._pictures = Pictures(path) if self.format.reader == "picture" else None
        try:
            self._doc = self._open()
        except LIBRARY_ERRORS as exc:
            if self.format.reader == "pdf" and CERTIFICATE in path.read_bytes():
                raise EncryptedPdf(
                    f"{path.name} is encrypted for the holder of a certificate; save a copy without it in the program "
                    "that can open it"
                ) from exc
            raise CorruptPdf(f"{path.name} is damaged beyond repair; export or download it again") from exc
        self._rescued = False
        try:
            self._unlock(password)
            if self.format.reader == "pdf" and not self._doc.is_pdf:
                raise NotAPdf(f"{path.name} is not a PDF; convert it to PDF first")
            if self.count == 0 and self.format.reader == "pdf":
                self._rescue_pages()
            if self.count == 0:
                raise NoPages(f"{path.name} has no pages that can be read; export or download it again")
        except BaseException:
            self._doc.close()
            raise

    def _open(self) -> pymupdf.Document:
        if self.format.reader == "pdf":
            return pymupdf.open(self.path, filetype="pdf")
        if self._pictures:
            return pymupdf.open()
        wide, high = SHEET
        return pymupdf.open(
            stream=self.path.read_bytes(), filetype=self.format.name, width=wide, height=high, fontsize=PRINT
        )

    def _unlock(self, password: str | None) -> None:
        if not self._doc.needs_pass:
            return
        if password is None:
            raise EncryptedPdf(
                f"{self.path.name} is encrypted; give its password (--password, or the field in the app)"
            )
        if not self._doc.authenticate(password):
            raise EncryptedPdf(f"the password given for {self.path.name} is wrong; try again")

    def _rescue_pages(self) -> None:
        """Hang every page there is into a new page tree, where the file's own is broken."""
        doc, pages = self._doc, []
        for xref in range(1, min(doc.xref_length(), MAX_OBJECTS)):
            with contextlib.suppress(*LIBRARY_ERRORS):  # an object that cannot be read is no page
                if doc.xref_get_key(xref, "Type")[1] == "/Page":
                    pages.append(xref)
        if self.count or not pages:  # looking at the objects may have mended the file
            return
        self._rescued = True
        kids = " ".join(f"{xref} 0 R" for xref in pages)
        with contextlib.suppress(*LIBRARY_ERRORS):  # without a catalogue, say, there still are no pages
            tree = doc.get_new_xref()
            doc.update_object(tree, f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>")
            for xref in pages:
                doc.xref_set_key(xref, "Parent", f"{tree} 0 R")
            doc.xref_set_key(doc.pdf_catalog(), "Pages", f"{tree} 0 R")

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *exc: object) -> None:
        self._doc.close()

    @property
    def count(self) -> int:
        if self._pictures:
            return self._pictures.count
        with contextlib.suppress(*LIBRARY_ERRORS):  # a broken page tree has none
            return int(self._doc.page_count)
        return 0

    @property
    def repaired(self) -> bool:
        """Whether the file was damaged and the library mended it: parts may be missing."""
        return self._rescued or (self.format.reader == "pdf" and bool(self._doc.is_repaired))

    @property
    def title(self) -> str:
        return str((self._doc.metadata or {}).get("title") or "").strip()

    def page(self, number: int) -> PdfPage:
        """Page ``number`` (from 1). Raises :class:`CorruptPdf` where the page cannot be loaded."""
        try:
            doc, index = (self._doc, number - 1) if self.format.reader == "pdf" else (self._converted(number), 0)
            page = doc.load_page(index)
            rotation = int(page.rotation)
            page.remove_rotation()
        except LIBRARY_ERRORS as exc:
            raise CorruptPdf(f"page {number} of {self.path.name} cannot be read ({_first_line(exc)})") from exc
        return PdfPage(doc, page, number, rotation)

    def _converted(self, number: int) -> pymupdf.Document:
        """Page ``number`` of what is no PDF as a PDF of one page."""
        doc = pymupdf.open()
        if self._pictures is None:
            _run_into(doc, self._doc.load_page(number - 1))
            return doc
        picture, (wide, high) = self._pictures.page(number)
        space = pymupdf.csGRAY if picture.mode == "L" else pymupdf.csRGB
        pixels = pymupdf.Pixmap(space, picture.width, picture.height, picture.tobytes(), False)
        page = doc.new_page(width=wide, height=high)
        page.insert_image(page.rect, pixmap=pixels, keep_proportion=False)
        return doc


class PdfPage:
    """One page as displayed. All boxes are points from its top left."""

    def __init__(self, doc: pymupdf.Document, page: pymupdf.Page, number: int, rotation: int) -> None:
        self._doc, self._page = doc, page
        self.number, self.rotation = number, rotation
        self.width, self.height = float(page.rect.width), float(page.rect.height)

    @property
    def label(self) -> str:
        """The printed page label ("iv", "A-3"), or an empty string."""
        try:
            return str(self._page.get_label() or "")
        except (*LIBRARY_ERRORS, IndexError, TypeError):  # broken label trees are common and harmless
            return ""

    def too_complex(self, max_paths: int) -> str:
        """Why layout should not be attempted on this page, and the remedy; or an empty string."""
        if max(self.width, self.height) > MAX_PAGE_SIDE:
            size = f"{self.width:.0f} × {self.height:.0f} points"
            return f"the page measures {size}, over {MAX_PAGE_SIDE:.0f} (print it on a smaller paper size)"
        if len(self.paths) > max_paths:
            return f"the page draws {len(self.paths)} paths, over {max_paths} (raise PAGESIGHT_MAX_PATHS to try it)"
        return ""

    @cached_property
    def paths(self) -> list[BBox]:
        """Boxes of everything drawn as a path (rules, fills, strokes), cut to the page."""
        boxes = (BBox(*entry[1]) for entry in self._page.get_bboxlog() if "path" in entry[0])
        return [clip(box, self.width, self.height) for box in boxes]

    def text(self) -> str:
        return str(self._page.get_text()).translate(LIGATURES)

    def lines(self) -> list[Line]:
        """Native text lines in the file's own order."""
        raw = self._page.get_text("dict", flags=pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES)
        found = []
        for block in raw["blocks"]:
            for line in block.get("lines", ()):
                text = "".join(span["text"] for span in line["spans"]).translate(LIGATURES).strip()
                if text:
                    found.append(Line(text, BBox(*line["bbox"])))
        return found

    @cached_property
    def images(self) -> list[BBox]:
        """Boxes of raster images, cut to the page."""
        boxes = (clip(BBox(*info["bbox"]), self.width, self.height) for info in self._page.get_image_info())
        return [box for box in boxes if area(box) > 0]

    def render(self, dpi: float, max_pixels: float) -> Image.Image:
        """The page as RGB; one of more pixels at a lower resolution. Raises :class:`LimitExceeded` where that fails."""
        fitting = math.sqrt(max_pixels / (self.width * self.height))
        scale = min(dpi / POINTS_PER_INCH, fitting, MAX_RENDER_SIDE / max(self.width, self.height))
        try:
            pix = self._page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False, colorspace=pymupdf.csRGB)
        except (*LIBRARY_ERRORS, MemoryError) as exc:
            raise LimitExceeded(f"page {self.number} cannot be rendered at {dpi:.0f} dpi ({_first_line(exc)})") from exc
        return Image.frombytes("RGB", (pix.width, pix.height), pix.samples)

    def hide_text(self, lines: Iterable[Line]) -> None:
        """Lay recognised lines under the page invisibly, so that layout and words see them as if they were native."""
        for line in lines:
            box = pymupdf.Rect(line.bbox)
            size = max(3.0, box.height * 0.85)
            font = "helv" if line.text.isascii() else "china-s"  # the base fonts hold Latin-1 only
            length = pymupdf.get_text_length(line.text, fontname=font, fontsize=size) or 1.0
            stretch = pymupdf.Matrix(max(0.05, box.width / length), 1)
            start = pymupdf.Point(box.x0, box.y1 - box.height * 0.2)
            with contextlib.suppress(ValueError):  # a line whose box is degenerate places no text
                self._page.insert_text(
                    start, line.text, fontname=font, fontsize=size, render_mode=3, morph=(start, stretch)
                )

    def drop_text(self) -> None:
        """Remove the native text (used where its encoding is garbage and recognised text takes its place)."""
        self._page.add_redact_annot(self._page.rect)
        self._page.apply_redactions(images=0, graphics=0, text=0)

    def layout(self) -> list[LayoutBox]:
        """Boxes of the layout model in reading order, tables with their cells."""
        raws = self._parse(html_tables=True)
        grids = []
        if any(in_bands(raw) for raw in raws):
            grids = [raw for raw in self._parse(html_tables=False) if raw.boxclass == "table"]
        return [box for raw in raws for box in self._boxes(raw, grids)]

    def _parse(self, html_tables: bool) -> list[Any]:
        with _stdout_to_stderr(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pymupdf4llm.helpers import document_layout

            document_layout.utils.extract_form_fields_with_pages = _nothing
            self._doc.get_toc = _nothing
            parsed = document_layout.parse_document(
                self._doc, pages=[self._page.number], use_ocr=0, render_html_tables=html_tables, force_text=True
            )
        return list(parsed.pages[0].boxes)

    def _boxes(self, raw: Any, grids: Sequence[Any] = ()) -> list[LayoutBox]:
        """A region as it is; a table region in which the table engine found several tables as those."""
        if raw.boxclass == "table":
            found = [(self._clip(box), cells) for box, cells in tables_of(raw, grids)]
            return [LayoutBox("table", box, self._words_in(box), cells=cells) for box, cells in found]
        bbox = self._clip(corners(raw))
        lines = tuple(line_of(item, bbox) for item in raw.textlines or ())
        sizes = [span["size"] for item in raw.textlines or () for span in item["spans"]]
        kept = tuple(line for line in lines if line.text)
        return [LayoutBox(str(raw.boxclass), bbox, kept, max(sizes, default=0.0))]

    @cached_property
    def words(self) -> list[Line]:
        """Native words with their boxes, in the file's own order."""
        raw = self._page.get_text("words")
        return [Line(str(word[4]).translate(LIGATURES), BBox(*word[:4])) for word in raw]

    def _words_in(self, box: BBox) -> tuple[Line, ...]:
        return tuple(word for word in self.words if inside(word.bbox, box) > 0.5)

    def _clip(self, box: Iterable[float]) -> BBox:
        return clip(BBox(*(float(v) for v in box)), self.width, self.height)


def _run_into(doc: pymupdf.Document, page: pymupdf.Page) -> None:
    """Draw a page of any kind as a new page of the PDF ``doc``; ``convert_to_pdf`` fails on any but the first."""
    low = pymupdf.mupdf
    pdf, frame = low.pdf_document_from_fz_document(doc.this), low.fz_bound_page(page.this)
    device, resources, contents = low.pdf_page_write(pdf, frame)
    low.fz_run_page(page.this, device, low.FzMatrix(), low.FzCookie())
    low.fz_close_device(device)
    low.pdf_insert_page(pdf, -1, low.pdf_add_page(pdf, frame, 0, resources, contents))


def _nothing(*_: object, **__: object) -> dict[str, object]:
    """In place of what ``parse_document`` collects of the whole document, outline and form fields, at every page."""
    return {}


@contextlib.contextmanager
def _stdout_to_stderr() -> Iterator[None]:
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _first_line(exc: BaseException) -> str:
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]
