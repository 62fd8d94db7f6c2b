"""Office files as HTML: words, headings, lists, tables and pictures of DOCX, PPTX and XLSX.

Enters: a path. Leaves: a :class:`Book` that the PDF library lays out (its own reader of these files, MuPDF 1.28, drops
their tables, pictures and some words). Must not know: that library, pages. Their layout is not kept; what is lost is
said. mammoth reads DOCX, python-pptx PPTX and openpyxl XLSX; nothing outside the file is opened.
"""

from __future__ import annotations

import contextlib
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mammoth
import openpyxl
import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture
from pptx.text.text import TextFrame

from ingestion.errors import CorruptPdf, IngestionError, LimitExceeded, NoPages
from ingestion.office_html import Size, book, clean, picture, table, value
from ingestion.word_parts import readable_word

A4 = (595.0, 842.0)  # points
WIDEST = 3000.0  # points of a page
COLUMN = 70.0  # points a column of a sheet takes
MOST_ROWS = 10_000  # of a sheet, some 250 pages
MOST_BYTES = 300 * 2**20  # of one part, unpacked
STYLES = "\n".join(  # added to those that mammoth knows
    (
        "p[style-name='Title'] => h1:fresh",
        *(f"p[style-name='heading {n}'] => h6:fresh" for n in (7, 8, 9)),
        "comment-reference => sup",
    )
)
BACK = re.compile(r' ?<a href="#[^"]*-ref-\d+">↑</a>')  # mammoth's way back from a footnote or comment
UNDRAWN = {  # parts that are no picture: what they are
    re.compile(r"(word|ppt|xl)/charts/chart\d*\.xml"): "chart",
    re.compile(r"(word|ppt|xl)/diagrams/data\d*\.xml"): "diagram",
    re.compile(r"xl/media/[^/]+"): "picture in a sheet",
}
SMALL_PRINT = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER)
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
POINTS = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)


@dataclass(frozen=True, slots=True)
class Book:
    """HTML, the size of its pages in points, and in words what could not be taken over."""

    content: bytes
    size: Size
    lost: str


def as_book(path: Path, name: str) -> Book:
    """``name``: docx, pptx or xlsx. Raises an :class:`~ingestion.errors.IngestionError`."""
    lost = Counter[str]()
    try:
        with warnings.catch_warnings(action="ignore"):  # of openpyxl, on parts that are not needed here
            title = _look_inside(path, lost)
            chapters, size = {"docx": _texts, "pptx": _slides, "xlsx": _sheets}[name](path, lost)
    except (IngestionError, MemoryError):
        raise
    except Exception as exc:  # three libraries, which raise anything on a broken file
        said = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise CorruptPdf(f"{path.name} is damaged ({said}); save it again in its program, or as PDF") from exc
    if not any(chapters):
        raise NoPages(f"{path.name} has nothing on its pages that can be read; save it as PDF in its program")
    missing = ", ".join(f"{number} × {what}" for what, number in lost.items())
    said = f"not taken over from the Office file: {missing}; save it as PDF to keep them" if missing else ""
    return Book(book(title, chapters), size, said)


def _look_inside(path: Path, lost: Counter[str]) -> str:
    """The title in the file's properties. Counts what has no picture. Raises :class:`LimitExceeded`."""
    with zipfile.ZipFile(path) as file:
        for part in file.infolist():
            if part.file_size > MOST_BYTES:
                raise LimitExceeded(
                    f"{part.filename} in {path.name} unpacks to over {MOST_BYTES >> 20} MB; save it as PDF instead"
                )
            lost.update(what for mark, what in UNDRAWN.items() if mark.fullmatch(part.filename))
        with contextlib.suppress(KeyError, ElementTree.ParseError):  # a file need not have properties
            properties = ElementTree.fromstring(file.read("docProps/core.xml"))
            return properties.findtext("{http://purl.org/dc/elements/1.1/}title") or ""
    return ""


def _texts(path: Path, lost: Counter[str]) -> tuple[list[str], Size]:
    """A text document as one chapter."""

    def shown(image: Any) -> list[Any]:
        try:
            with image.open() as file:
                attributes = picture(file.read(), lost)
        except (ValueError, KeyError):  # mammoth's for what lies outside the file, and zipfile's for what is missing
            lost["picture (linked or missing)"] += 1
            return []
        return list(mammoth.images.img_element(lambda _: attributes)(image)) if attributes else []

    html = mammoth.convert_to_html(
        readable_word(path, lost),
        style_map=STYLES,
        convert_image=shown,
        include_embedded_style_map=False,
        external_file_access=False,
    ).value
    return [BACK.sub("", html)], A4


def _slides(path: Path, lost: Counter[str]) -> tuple[list[str], Size]:
    """A presentation as a chapter a slide, on pages of its size: titles first, the rest in the file's order."""
    with path.open("rb") as file:
        show = pptx.Presentation(file)
        wide, high = ((side.pt if side is not None else 0.0) for side in (show.slide_width, show.slide_height))
        chapters = []
        for slide in show.slides:
            shapes = list(_flat(slide.shapes))
            shapes.sort(key=lambda shape: _place(shape) not in TITLES)
            chapters.append("".join(_shape(shape, lost) for shape in shapes))
    return chapters, (wide, high) if all(200 <= side <= WIDEST for side in (wide, high)) else A4


def _flat(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _place(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _shape(shape: BaseShape, lost: Counter[str]) -> str:
    place = _place(shape)
    if place in SMALL_PRINT:
        return ""
    if isinstance(shape, Picture):
        try:
            content = shape.image.blob
        except (ValueError, KeyError):  # python-pptx's for what lies outside the file, or is missing
            lost["picture (linked or missing)"] += 1
            return ""
        sides = [side.pt for side in (shape.width, shape.height) if side]
        attributes = picture(content, lost, (sides[0], sides[1]) if len(sides) == 2 else None)
        inside = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        return f"<p><img {inside}/></p>" if inside else ""
    if isinstance(shape, GraphicFrame):
        rows = shape.table.rows if shape.has_table else ()
        return table([["".join(_lines(cell.text_frame, "p")) for cell in row.cells] for row in rows])
    if not isinstance(shape, Shape):
        return ""
    if place in TITLES:
        said = " ".join(shape.text_frame.text.split())
        return f"<h1>{clean(said)}</h1>" if said else ""
    lines = "".join(_lines(shape.text_frame, "li" if place in POINTS else "p"))
    return f"<ul>{lines}</ul>" if lines and place in POINTS else lines


def _lines(frame: TextFrame, tag: str) -> Iterator[str]:
    """Paragraphs; python-pptx gives a line break as a vertical tab."""
    for paragraph in frame.paragraphs:
        if paragraph.text.strip():
            said = "<br/>".join(clean(line) for line in paragraph.text.split("\v"))
            yield f"<{tag}>{said}</{tag}>"


def _sheets(path: Path, lost: Counter[str]) -> tuple[list[str], Size]:
    """A workbook as a chapter a sheet that is not hidden, each its name and a table; formulas as last computed."""
    chapters, wide = [], 0
    with path.open("rb") as file:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # programs write wrong ones, and openpyxl would believe them
                rows = _rows(sheet.iter_rows(), lost)
                wide = max(wide, max((len(row) for row in rows), default=0))
                if rows:
                    chapters.append(f"<h1>{clean(sheet.title)}</h1>{table(rows)}")
    return chapters, (min(WIDEST, max(A4[0], COLUMN * wide)), A4[1])


def _rows(lines: Iterable[tuple[Any, ...]], lost: Counter[str]) -> list[list[str]]:
    """Rows and columns with something in them."""
    found: list[dict[int, str]] = []
    for line in lines:
        said = {column: text for column, cell in enumerate(line) if (text := value(cell.value, cell.number_format))}
        if said and len(found) == MOST_ROWS:
            lost[f"end of a sheet (after {MOST_ROWS:,} rows)"] += 1
            break
        found += [said] if said else []
    used = sorted({column for said in found for column in said})
    return [[clean(said.get(column, "")) for column in used] for said in found]
