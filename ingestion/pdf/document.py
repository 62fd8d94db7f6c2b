"""Opening a file safely: a PDF, or any other file that the library or Pillow reads, each page of which becomes a PDF
of one page, so that every later step sees PDF pages alone.

    with Pdf(Path("manual.pdf")) as pdf:
        page = pdf.page(3)

Pages of attached files follow the file's own. A file without a page tree is searched for pages.

Facts relied on (PyMuPDF 2.0, 2026-11): layout changes the document, so every :class:`Pdf` is a private handle; a PNG or
HTML page named .pdf opens "successfully", so the content is looked at first. Files that are no PDF are given to the
library as bytes: without a path, nothing in them can name a file of this machine.
"""

from __future__ import annotations

import contextlib
import tempfile
from functools import cached_property
from pathlib import Path

import pymupdf

from ingestion.elements import well_formed
from ingestion.errors import CorruptPdf, EncryptedPdf, IngestionError, NoPages, NotAPdf
from ingestion.formats.detect import format_of
from ingestion.formats.html import decoded, epub, office_page, web_page
from ingestion.formats.html_blocks import STYLE
from ingestion.formats.html_page_breaks import PASSES, first_on_pages, parted_before
from ingestion.formats.html_tables import EVERY_TABLE, RULES
from ingestion.formats.images import PictureFile
from ingestion.pdf.annotations import ticks_as_text
from ingestion.pdf.attachments import attached_files
from ingestion.pdf.errors import LIBRARY_ERRORS, first_line
from ingestion.pdf.fonts import SignFonts
from ingestion.pdf.page import PdfPage, remove_rotation, resized, usual_unit, write_above
from ingestion.pdf.page_labels import LabelRange, label_of, label_ranges
from ingestion.pdf.shaped_text import name_glyphs
from ingestion.pdf.text_pages import with_mended_text

MAX_OBJECTS = 1_000_000  # looked at in search of pages
CERTIFICATE = b"/Adobe.PubSec"  # the security handler that needs a key file, not a password
UNCHANGED = ("mobi", "fb2")  # kinds of books whose tables are not told apart here
# What has no pages of its own:
FLOWING = ("docx", "pptx", "xlsx", "html", "epub", "mobi", "fb2", "txt", "md", "xml", "json")
MARGIN = 24.0  # points right of and below what reaches over the edge
LONGEST = 14_400.0  # points: the longest side that a PDF page may have
SHEET = (595.0, 842.0)  # points: the page, A4, of what has none of its own, such as an e-book
PRINT = 11.0  # points: the size of its letters


class Pdf:
    """A private, open document. Use as a context manager. Not thread-safe."""

    def __init__(self, path: Path, password: str | None = None, held: bytes | None = None) -> None:
        """Raises an :class:`~ingestion.errors.IngestionError` that names the file, what is wrong and the remedy.

        ``held`` are the file's bytes where it is an attachment of another: then ``path`` may go once it is open.
        """
        self.path, self.format, self._held = path, format_of(path), held
        if self.format.reader == "recording":
            raise NotAPdf(f"{path.name} is a recording or film; take it out and add it by itself")
        self.left_out: list[str] = []  # in words, what of an attachment or form is not read
        self._attached: list[Pdf] = []
        self._captioned: set[int] = set()
        self.lost = ""  # in words, what of an Office file could not be taken over
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        self._pictures = PictureFile(path, held) if self.format.reader == "picture" else None
        try:
            self._doc = with_mended_text(self._open())
        except LIBRARY_ERRORS as exc:
            if self.format.reader == "pdf" and CERTIFICATE in path.read_bytes():
                raise EncryptedPdf(
                    f"{path.name} is encrypted for the holder of a certificate; save a copy without it in the program "
                    "that can open it"
                ) from exc
            raise CorruptPdf(f"{path.name} is damaged beyond repair; export or download it again") from exc
        self._signs = SignFonts(self._doc)
        self._rescued = False
        try:
            self._unlock(password)
            if self.format.reader == "pdf" and not self._doc.is_pdf:
                raise NotAPdf(f"{path.name} is not a PDF; convert it to PDF first")
            if self._own_count == 0 and self.format.reader == "pdf":
                self._rescue_pages()
            if self.format.reader == "pdf":
                self._look_for_attached(password)
                self._look_for_xfa()
            if self.count == 0:
                raise NoPages(f"{path.name} has no pages that can be read; export or download it again")
        except BaseException:
            self.close()
            raise

    def _open(self) -> pymupdf.Document:
        if self.format.reader == "pdf":
            held = self._held
            if held is None and well_formed(str(self.path)) != str(self.path):
                held = self.path.read_bytes()  # the library takes no name that is not UTF-8
            return pymupdf.open(self.path if held is None else None, stream=held, filetype="pdf")
        if self._pictures:
            return pymupdf.open()
        (wide, high), kind = SHEET, self.format.name
        if self.format.reader == "office":
            from ingestion.formats.office import as_book  # a quarter of a child's start, which few files need

            book = as_book(self.path, kind)
            content, kind, (wide, high), self.lost = office_page(book.content), "html", book.size, book.lost
        else:
            content, kind, self.lost = _readable(self.path.read_bytes(), kind)
        self._set_style()
        return _laid_out(content, kind, wide, high)

    @property
    def flows(self) -> bool:
        """Whether its pages are laid out here, of words, and are no print or scan."""
        return self.format.name in FLOWING

    def _set_style(self) -> None:
        """One style for all open books, and chapters are laid out when they are first asked for."""
        pymupdf.mupdf.fz_set_user_css(EVERY_TABLE if self.format.name in UNCHANGED else f"{STYLE} {RULES}")

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
        if self._own_count or not pages:  # looking at the objects may have mended the file
            return
        self._rescued = True
        kids = " ".join(f"{xref} 0 R" for xref in pages)
        with contextlib.suppress(*LIBRARY_ERRORS):  # without a catalogue, say, there still are no pages
            tree = doc.get_new_xref()
            doc.update_object(tree, f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>")
            for xref in pages:
                doc.xref_set_key(xref, "Parent", f"{tree} 0 R")
            doc.xref_set_key(doc.pdf_catalog(), "Pages", f"{tree} 0 R")

    def _look_for_attached(self, password: str | None) -> None:
        """Open attached files, whose pages follow the file's own; those attached to them are only named."""
        for file in attached_files(self._doc):
            if self._held is not None:
                self.left_out.append(f"{file.name}, attached to {self.path.name}, is not read; take it out and add it")
            elif file.missing:
                self.left_out.append(f"the attached file {file.name} is not read: {file.missing}")
            else:
                self._open_attached(file.name, file.content, password)

    def _open_attached(self, name: str, content: bytes, password: str | None) -> None:
        with tempfile.TemporaryDirectory(prefix="pagesight-") as folder:
            path = Path(folder) / name
            try:
                path.write_bytes(content)
                attached = Pdf(path, password, content)
            except (IngestionError, OSError) as exc:
                self.left_out.append(f"the attached file {name} is not read: {exc}")
                return
        self._attached.append(attached)
        self.left_out += attached.left_out
        if attached.lost:
            self.left_out.append(f"{name}: {attached.lost}")

    def _look_for_xfa(self) -> None:
        with contextlib.suppress(*LIBRARY_ERRORS):  # a file without a catalogue has no form
            if self._doc.xref_get_key(self._doc.pdf_catalog(), "NeedsRendering")[1] == "true":
                self.left_out.append(
                    "the file is a form (XFA) that only Adobe's programs show; what is read is the page that says so; "
                    "print it to a new PDF there"
                )

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of the files attached to it."""
        for attached in self._attached:
            attached.close()
        self._doc.close()

    @property
    def count(self) -> int:
        """Pages, those of attached files too."""
        return self._own_count + sum(attached.count for attached in self._attached)

    @property
    def _own_count(self) -> int:
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
        """What the file's properties call it; often empty, or the name of a template."""
        return str((self._doc.metadata or {}).get("title") or "").strip()

    def page(self, number: int) -> PdfPage:
        """Page ``number`` (from 1). Raises :class:`CorruptPdf` where the page cannot be loaded.

        After the file's own come the pages of attached files, each with a line above it that says so.
        """
        before = self._own_count
        if number > before:
            for attached in self._attached:
                if number - before <= attached.count:
                    return attached._page(number - before, number, f"Attached file: {attached.path.name}")
                before += attached.count
        return self._page(number, number)

    @cached_property
    def _label_ranges(self) -> list[LabelRange]:
        return label_ranges(self._doc)

    def _page(self, own: int, number: int, caption: str = "") -> PdfPage:
        """Page ``own`` of this file, called ``number``."""
        try:
            doc, index = (self._doc, own - 1) if self.format.reader == "pdf" else (self._converted(own), 0)
            signs = self._signs if doc is self._doc else SignFonts(doc)
            page = doc.load_page(index)
            with contextlib.suppress(*LIBRARY_ERRORS):  # a broken font is read as the library reads it
                signs.mend(page)
            rotation = int(page.rotation)
            page = remove_rotation(page)
            fault = _form_fault(page) if self.format.reader == "pdf" else ""
            if caption and (own not in self._captioned or self.format.reader != "pdf"):
                write_above(page, caption if self.count == 1 else f"{caption}, page {own}")
                self._captioned.add(own)
                page = doc.reload_page(page)
            unit = usual_unit(page)
            if unit != 1:
                page = resized(doc, page, unit)
            label = label_of(self._label_ranges, own - 1) if self.format.reader == "pdf" else ""
            read = PdfPage(doc, page, number, rotation, unit, caption, opens=own == 1, label=label)
            read.fault = fault
            return read
        except LIBRARY_ERRORS as exc:
            raise CorruptPdf(f"page {own} of {self.path.name} cannot be read ({first_line(exc)})") from exc

    def _converted(self, number: int) -> pymupdf.Document:
        """Page ``number`` of what is no PDF as a PDF of one page."""
        doc = pymupdf.open()
        if self._pictures is None:
            self._set_style()
            drawn = self._doc.load_page(number - 1)
            _run_into(doc, drawn, flowing=self.format.name in FLOWING)
            return with_mended_text(name_glyphs(doc, drawn))
        picture, (wide, high) = self._pictures.page(number)
        space = pymupdf.csGRAY if picture.mode == "L" else pymupdf.csRGB
        pixels = pymupdf.Pixmap(space, picture.width, picture.height, picture.tobytes(), False)
        page = doc.new_page(width=wide, height=high)
        page.insert_image(page.rect, pixmap=pixels, keep_proportion=False)
        return with_mended_text(doc)


def _laid_out(content: bytes, kind: str, wide: float, high: float) -> pymupdf.Document:
    """A book or web page in pages, none of which begins with a torn row of a table."""

    def opened() -> pymupdf.Document:
        return pymupdf.open(stream=content, filetype=kind, width=wide, height=high, fontsize=PRINT)

    doc, parted = opened(), set[str]()
    for _ in range(PASSES if kind == "html" else 0):
        found = first_on_pages(content, lambda name, doc=doc: _page_of(doc, name)) - parted  # type: ignore[misc]
        if not found:
            break
        parted |= found
        content = parted_before(content, found)
        doc.close()
        doc = opened()
    return doc


def _page_of(doc: pymupdf.Document, name: str) -> int:
    """The page, from 0, on which something so named begins; -1 where it is not found."""
    try:
        return int(doc.resolve_link(f"#{name}")[0])
    except (*LIBRARY_ERRORS, TypeError):
        return -1


def _readable(content: bytes, kind: str) -> tuple[bytes, str, str]:
    """A book or web page as the library loses nothing of it, its kind then, and in words what is lost nevertheless."""
    if kind == "epub":
        return epub(content), kind, ""
    if kind in ("xml", "json"):
        from ingestion.formats.data import data_lines  # few files need it

        return data_lines(decoded(content), kind).encode(), "txt", ""
    if kind == "md":
        from ingestion.formats.markdown import markdown_page  # few files need it

        content, kind = markdown_page(decoded(content)), "html"
    if kind != "html":
        return content, kind, ""
    page = web_page(content)
    if not page.lost_pictures:
        return page.content, kind, ""
    missing = f"{page.lost_pictures} × picture beside the file"
    return page.content, kind, f"not taken over: {missing}; print the page to PDF to keep them"


def _run_into(doc: pymupdf.Document, page: pymupdf.Page, flowing: bool) -> None:
    """Draw a page of any kind as a new page of the PDF ``doc``; ``convert_to_pdf`` fails on any but the first.

    ``flowing``: the library has broken the text into pages itself. It cuts off tables and lines that are wider than
    the page, so such a page is made as wide as what stands on it.
    """
    low = pymupdf.mupdf
    frame, matrix = low.fz_bound_page(page.this), low.FzMatrix()
    if flowing:
        drawn = low.FzRect(low.FzRect.Fixed_EMPTY)
        measure = low.fz_new_bbox_device(drawn)
        low.fz_run_page(page.this, measure, low.FzMatrix(), low.FzCookie())
        low.fz_close_device(measure)
        right, bottom = (drawn.x1 + MARGIN, drawn.y1 + MARGIN) if drawn.x1 > drawn.x0 else (0.0, 0.0)
        wide = right if drawn.x1 > frame.x1 else frame.x1
        high = bottom if drawn.y1 > frame.y1 else frame.y1
        scale = min(1.0, LONGEST / max(wide, high))
        frame, matrix = low.FzRect(0, 0, wide * scale, high * scale), low.FzMatrix(scale, 0, 0, scale, 0, 0)
    pdf = low.pdf_document_from_fz_document(doc.this)
    device, resources, contents = low.pdf_page_write(pdf, frame)
    low.fz_run_page(page.this, device, matrix, low.FzCookie())
    low.fz_close_device(device)
    low.pdf_insert_page(pdf, -1, low.pdf_add_page(pdf, frame, 0, resources, contents))


def _form_fault(page: pymupdf.Page) -> str:
    """Make the ticks of a page's form text; what keeps it from that, in words, or nothing."""
    try:
        ticks_as_text(page)
    except LIBRARY_ERRORS as exc:
        return f"its form is broken ({first_line(exc)}; print it to a new PDF): which boxes are ticked is not known"
    return ""
