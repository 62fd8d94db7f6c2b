"""Office files as HTML: words, headings, lists, tables and pictures of DOCX, PPTX and XLSX, tables of CSV.

mammoth reads DOCX, python-pptx PPTX and openpyxl XLSX; nothing outside the file is opened. The PDF library lays the
:class:`Book` out: its own reader of these files (MuPDF 1.28) drops their tables, pictures and some words. Their layout
is not kept, and what is lost is said.
"""

from __future__ import annotations

import contextlib
import re
import warnings
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mammoth

from ingestion.errors import CorruptPdf, IngestionError, LimitExceeded, NoPages
from ingestion.formats.charts import READ as CHART_READ
from ingestion.formats.charts import charts_in
from ingestion.formats.delimited import delimited
from ingestion.formats.diagrams import READ as DIAGRAM_READ
from ingestion.formats.diagrams import diagrams_in
from ingestion.formats.office_html import A4, Chapters, Size, book, picture
from ingestion.formats.sheets import sheets
from ingestion.formats.slides import slides
from ingestion.formats.word.document import readable_word
from ingestion.formats.word.numbering import numbered_points
from ingestion.formats.xml_reading import read_xml

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
    re.compile(r"(word|ppt|xl)/charts/chartEx\d*\.xml"): "chart",
    re.compile(r"xl/media/[^/]+"): "picture in a sheet",
}


@dataclass(frozen=True, slots=True)
class Book:
    """HTML, the size of its pages in points, and in words what could not be taken over."""

    content: bytes
    size: Size
    lost: str


def as_book(path: Path, name: str) -> Book:
    """``name``: docx, pptx, xlsx or csv. Raises an :class:`~ingestion.errors.IngestionError`."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of openpyxl, on parts that are not needed here
            title, lost = _look_inside(path) if name != "csv" else ("", Counter[str]())
            chapters = {"docx": _texts, "pptx": slides, "xlsx": sheets, "csv": delimited}[name](path)
            if name in ("docx", "xlsx"):  # slides have theirs in place
                chapters = _with_drawn(chapters, path)
            lost.update(chapters.lost)
    except (IngestionError, MemoryError):
        raise
    except Exception as exc:  # three libraries, which raise anything on a broken file
        said = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise CorruptPdf(f"{path.name} is damaged ({said}); save it again in its program, or as PDF") from exc
    if not any(chapters.html):
        raise NoPages(f"{path.name} has nothing on its pages that can be read; save it as PDF in its program")
    missing = ", ".join(f"{number} × {what}" for what, number in lost.items())
    said = f"not taken over from the Office file: {missing}; save it as PDF to keep them" if missing else ""
    return Book(book(title, chapters.html), chapters.size, said)


def _with_drawn(chapters: Chapters, path: Path) -> Chapters:
    """The values of a text's or a workbook's charts behind it, and the words of its diagrams; those that store none are
    counted as lost."""
    with zipfile.ZipFile(path) as file:
        drawn = (
            ("chart", "Charts", CHART_READ, charts_in(file)),
            ("diagram", "Diagrams", DIAGRAM_READ, diagrams_in(file)),
        )
    html, lost = list(chapters.html), Counter[str]()
    for what, title, read, parts in drawn:
        found = [part for part in parts if part]
        lost.update({what: len(parts) - len(found), read: len(found)})
        html += [f"<h2>{title}</h2>{''.join(found)}"] if found else []
    return Chapters(html, chapters.size, lost + chapters.lost)


def _look_inside(path: Path) -> tuple[str, Counter[str]]:
    """The title in the file's properties, and how often what cannot be drawn. Raises :class:`LimitExceeded`."""
    title, undrawn = "", Counter[str]()
    with zipfile.ZipFile(path) as file:
        for part in file.infolist():
            if part.file_size > MOST_BYTES:
                raise LimitExceeded(
                    f"{part.filename} in {path.name} unpacks to over {MOST_BYTES >> 20} MB; save it as PDF instead"
                )
            undrawn.update(what for mark, what in UNDRAWN.items() if mark.fullmatch(part.filename))
        with contextlib.suppress(KeyError, CorruptPdf):  # a file need not have properties
            properties = read_xml(file.read("docProps/core.xml"), path.name)
            title = properties.findtext("{http://purl.org/dc/elements/1.1/}title") or ""
    return title, undrawn


def _texts(path: Path) -> Chapters:
    """A text document as one chapter."""
    file, lost = readable_word(path)

    def shown(image: Any) -> list[Any]:
        try:
            with image.open() as content:
                drawn = picture(content.read())
        except (ValueError, KeyError):  # mammoth's for what lies outside the file, and zipfile's for what is missing
            lost["picture (linked or missing)"] += 1
            return []
        if drawn.lost:
            lost[drawn.lost] += 1
            return []
        return list(mammoth.images.img_element(lambda _: drawn.attributes)(image))

    html = mammoth.convert_to_html(
        file,
        style_map=STYLES,
        convert_image=shown,
        include_embedded_style_map=False,
        external_file_access=False,
    ).value
    return Chapters([BACK.sub("", numbered_points(html))], A4, lost)
