"""An Office file as its parts: XML trees, what they refer to, pictures; and the e-book that is made of them.

Enters: a path. Leaves: trees, targets, bytes. Must not know: what the parts mean, pages.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from types import TracebackType
from xml.etree import ElementTree

from ingestion.errors import CorruptPdf, LimitExceeded

Element = ElementTree.Element

POINT = 12_700.0  # English Metric Units
A4 = (595.0, 842.0)  # points
WIDEST = 3000.0  # points of a page
PICTURE = 480.0  # points a picture is wide at most
MOST_BYTES = 300 * 2**20  # of one part, unpacked
SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".jp2", ".svg")  # pictures the PDF library draws
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>'
)
STYLE = (
    "body { font-family: sans-serif; margin: 0; } table { border-collapse: collapse; margin: 6pt 0; } "
    "td, th { border: 1px solid #808080; padding: 3pt 10pt; vertical-align: top; } td p, th p { margin: 0; }"
)


class Package:
    """An open Office file. ``lost`` counts what cannot be shown, by its name."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`CorruptPdf`."""
        self.name, self.lost = path.name, Counter[str]()
        self.pictures: dict[str, bytes] = {}
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError) as exc:
            raise CorruptPdf(f"{path.name} is damaged ({exc}); save it again in its program") from exc
        self._names = set(self._zip.namelist())

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._zip.close()

    def tree(self, part: str) -> Element:
        """The root of an XML part; an empty one where there is no such part."""
        if part not in self._names:
            return Element("missing")
        try:
            return without_names(ElementTree.fromstring(self._bytes(part)))
        except (ElementTree.ParseError, UnicodeError, LookupError, ValueError) as exc:
            raise CorruptPdf(f"{part} in {self.name} is damaged ({exc}); save it again in its program") from exc

    def targets(self, part: str) -> dict[str, str]:
        """What a part refers to: reference id → name of a part. Things outside the file are left out."""
        folder, name = posixpath.split(part)
        found = {}
        for item in self.tree(f"{folder}/_rels/{name}.rels"):
            if item.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, item.get("Target", "")))
                found[item.get("Id", "")] = target.lstrip("/")
        return found

    def picture(self, part: str, size: tuple[float, float] | None = None) -> str:
        """HTML of a picture in the file, ``size`` in points; counted as lost where it cannot be drawn."""
        extension = posixpath.splitext(part)[1].lower()
        if part not in self._names or extension not in SHOWN:
            self.lost[f"picture ({extension.lstrip('.').upper() or 'missing'})"] += 1
            return ""
        self.pictures.setdefault(part, b"") or self.pictures.update({part: self._bytes(part)})
        wide, high = (f' {name}="{value:.0f}"' for name, value in zip(("width", "height"), size or (0, 0), strict=True))
        return f'<img src="{escape(part)}" alt=""{wide + high if size else ""}/>'

    def book(self, title: str, chapters: Sequence[str]) -> bytes:
        """An e-book in memory; every chapter begins a page."""
        numbers = range(len(chapters))
        items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers)
        spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as book:
            book.writestr("mimetype", "application/epub+zip")
            book.writestr("META-INF/container.xml", CONTAINER)
            book.writestr(
                "book.opf",
                '<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="i"><metadata '
                f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title><dc:identifier '
                f'id="i">i</dc:identifier></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>',
            )
            for n, chapter in enumerate(chapters):
                head = f"<head><title>{n + 1}</title><style>{STYLE}</style></head>"
                page = f'<html xmlns="http://www.w3.org/1999/xhtml">{head}<body>{chapter}</body></html>'
                book.writestr(f"c{n}.xhtml", page)
            for part, content in self.pictures.items():
                book.writestr(part, content)
        return file.getvalue()

    def lose(self, uri: str) -> None:
        """Count a chart or diagram: it has no picture in the file."""
        for mark, name in (("/chart", "chart"), ("/diagram", "diagram")):
            self.lost[name] += mark in uri
        self.lost = +self.lost

    def title(self) -> str:
        return next((words(item) for item in self.tree("docProps/core.xml") if item.tag == "title"), "")

    def _bytes(self, part: str) -> bytes:
        if self._zip.getinfo(part).file_size > MOST_BYTES:
            raise LimitExceeded(f"{part} in {self.name} unpacks to over {MOST_BYTES >> 20} MB; save it as PDF instead")
        try:
            return self._zip.read(part)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as exc:
            raise CorruptPdf(f"{part} in {self.name} is damaged ({exc}); save it again in its program") from exc


def without_names(root: Element) -> Element:
    """The tree with bare names: ``{http://…}tbl`` is ``tbl``, ``{http://…}embed`` is ``embed``."""
    for item in root.iter():
        item.tag = str(item.tag).rpartition("}")[2]
        for key in [key for key in item.attrib if "}" in key]:
            item.attrib.setdefault(key.rpartition("}")[2], item.attrib[key])
    return root


def chosen(item: Element) -> Iterator[Element]:
    """Children; of alternatives for newer and older programs the first only, for they say the same."""
    for child in item:
        if child.tag == "AlternateContent":
            yield from next((list(option) for option in child), [])
        elif child.tag in ("sdt", "ins", "smartTag", "customXml", "sdtContent"):
            yield from chosen(child)
        else:
            yield child


def words(item: Element) -> str:
    return "".join(item.itertext()).strip()


def clean(text: str) -> str:
    """Escaped, without characters that XML forbids."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n"))


def table(rows: Sequence[Sequence[str]], header: bool = True) -> str:
    """Cells that are HTML already; all rows get the same number of cells."""
    wide = max((len(row) for row in rows), default=0)
    lines = []
    for number, row in enumerate(rows):
        tag = "th" if header and number == 0 and len(rows) > 1 else "td"
        lines.append("".join(f"<{tag}>{cell}</{tag}>" for cell in (*row, *[""] * (wide - len(row)))))
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>" if wide else ""


def whole(item: Element | None, key: str, default: int) -> int:
    """An attribute that is a whole number, or the default."""
    raw = item.get(key, "") if item is not None else ""
    return int(raw) if re.fullmatch(r"-?\d{1,12}", raw) else default


def size_of(item: Element, wide: str, high: str, most: float) -> tuple[float, float] | None:
    """Points from two attributes in English Metric Units, scaled down to a width of ``most``."""
    x, y = whole(item, wide, 0) / POINT, whole(item, high, 0) / POINT
    if x <= 0 or y <= 0:
        return None
    less = min(1.0, most / x)
    return x * less, y * less
