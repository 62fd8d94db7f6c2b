"""What kind of file this is, as its first bytes say; the name only tells plain text, Markdown and tables in text apart.

A PNG called ``report.pdf`` is a picture. What cannot be read is refused with its name and a way to make a PDF of it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from ingestion.errors import CorruptPdf, EmptyFile, LimitExceeded, NotAPdf, UnreadableFile

Reader = Literal["pdf", "picture", "office", "book", "recording"]

DOCUMENTS = (
    *(".pdf", ".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".hwpx", ".epub", ".mobi", ".azw", ".fb2"),
    *(".xps", ".oxps", ".cbz", ".tif", ".tiff"),
)
"""Names of files that are documents; a folder is searched for these."""

OTHERS = (
    *(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".jp2", ".avif", ".ppm", ".svg"),
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".mp3", ".m4a", ".aac", ".wav", ".ogg", ".oga", ".opus", ".flac"),
    *(".txt", ".text", ".log", ".csv", ".tsv", ".md", ".markdown", ".html", ".htm", ".xhtml", ".xml", ".json"),
)
"""Names of what is read, too, when somebody asks for it: in a folder these are more often something else."""

HEAD = 4096  # bytes that are looked at
PDF_WINDOW = 1024  # bytes in which %PDF- may stand (PDF 1.7, appendix H, note 13)
FIRST_OBJECT = re.compile(rb"\d+ \d+ obj\b")
MOST_BYTES = 2**30  # of a file that is no PDF: it is read into memory whole
PALM = slice(60, 68)  # where a Palm database says what it is
PICTURES = {
    b"\x89PNG\r\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF",
    b"II+\0": "TIFF", b"MM\0+": "TIFF", b"\0\0\0\x0cjP  ": "JPEG2000", b"\xff\x4f\xff\x51": "JPEG2000",
    b"P4\n": "PPM", b"P5\n": "PPM", b"P6\n": "PPM",
}  # fmt: skip
MARKUP = {b"<!doctype html": "html", b"<html": "html", b"<fictionbook": "fb2", b"<svg": "svg"}
PLAIN = {".txt": "txt", ".text": "txt", ".log": "txt", ".md": "md", ".markdown": "md", ".xml": "xml", ".json": "json"}
TABLES = (".csv", ".tsv", ".tab")
WEB = (".html", ".htm", ".xhtml")
OFFICE = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
REFUSED = {
    b"\xd0\xcf\x11\xe0": "is an Office file from before 2007, or one with a password; save it as PDF in its program",
    b"{\\rtf": "is a rich text file; save it as PDF in a word processor",
    b"%!PS": "is PostScript; convert it with ps2pdf",
    b"AT&TFORM": "is a DjVu file; convert it with ddjvu -format=pdf",
    b"\x1f\x8b": "is compressed (gzip); unpack it and add what is in it",
    b"Rar!": "is an archive (RAR); unpack it and add the files in it",
    b"7z\xbc\xaf": "is an archive (7z); unpack it and add the files in it",
}
RECORDINGS = {b"\x1a\x45\xdf\xa3": "matroska", b"OggS": "ogg", b"fLaC": "flac", b"ID3": "mp3"}
ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # with which films of Apple's kind begin
SOUND = {".mp3": "mp3", ".aac": "aac"}  # kinds that begin with a mark of 11 bits, which other files may have, too
HEIC = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc")


@dataclass(frozen=True, slots=True)
class Format:
    """``reader`` says who reads it, ``name`` which of its kinds it is ("pdf", "docx", "TIFF", "matroska")."""

    reader: Reader
    name: str


def format_of(path: Path) -> Format:
    """Raises an :class:`~ingestion.errors.IngestionError` for what cannot be read."""
    head, size = _head(path)
    if b"%PDF-" in head[:PDF_WINDOW]:
        return Format("pdf", "pdf")
    if name := _recording(path, head):
        return Format("recording", name)
    if size > MOST_BYTES:
        raise LimitExceeded(f"{path.name} is no PDF and larger than {MOST_BYTES >> 30} GB; convert it to PDF first")
    for mark, what in REFUSED.items():
        if head.startswith(mark):
            raise NotAPdf(f"{path.name} {what}")
    return _picture(path, head) or _archive(path, head) or _book(path, head) or _text(path, head)


def _head(path: Path) -> tuple[bytes, int]:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except IsADirectoryError as exc:
        raise UnreadableFile(f"{path} is a folder; give the files in it") from exc
    except FileNotFoundError as exc:
        raise UnreadableFile(f"{path} does not exist; check the path") from exc
    except OSError as exc:
        raise UnreadableFile(f"{path} cannot be read ({exc.strerror}); check its permissions") from exc
    if size == 0:
        raise EmptyFile(f"{path.name} is empty (0 bytes); export or download it again")
    return head, size


def _picture(path: Path, head: bytes) -> Format | None:
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        raise NotAPdf(f"{path.name} is a HEIC photo; save it as JPEG first")
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return Format("picture", "AVIF")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format("picture", "WEBP")
    name = next((name for mark, name in PICTURES.items() if head.startswith(mark)), "")
    return Format("picture", name) if name else None


def _recording(path: Path, head: bytes) -> str:
    """What FFmpeg calls the kind of a film or recording; empty of anything else."""
    if head[4:8] in ATOMS and head[8:12] not in (*HEIC, b"avif", b"avis"):
        return "mov"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    name = next((name for mark, name in RECORDINGS.items() if head.startswith(mark)), "")
    if not name and len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return SOUND.get(path.suffix.lower(), "")
    return name


def _archive(path: Path, head: bytes) -> Format | None:
    """What a ZIP file holds."""
    if not head.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, KeyError, EOFError) as exc:
        raise CorruptPdf(f"{path.name} is a damaged ZIP or Office file ({exc}); export or download it again") from exc
    if kind == "application/epub+zip" or "META-INF/container.xml" in names:
        return Format("book", "epub") if kind != "application/hwp+zip" else Format("book", "hwpx")
    if kind == "application/hwp+zip":
        return Format("book", "hwpx")
    if kind.startswith("application/vnd.oasis.opendocument"):
        raise NotAPdf(f"{path.name} is an OpenDocument file; save it as PDF in its program")
    if "[Content_Types].xml" in names:
        office = next((name for folder, name in OFFICE.items() if any(n.startswith(folder) for n in names)), "")
        if office:
            return Format("office", office)
        if any(n.lower().endswith((".fdseq", ".fdoc", ".fpage")) for n in names):
            return Format("book", "xps")
    files = [name for name in names if not name.endswith("/")]
    if files and all(PurePosixPath(name).suffix.lower() in (*OTHERS[:7], ".xml") for name in files):
        return Format("book", "cbz")
    raise NotAPdf(f"{path.name} is an archive (ZIP); unpack it and add the files in it")


def _book(path: Path, head: bytes) -> Format | None:
    """Palm books, web pages and other markup."""
    if head[PALM] in (b"BOOKMOBI", b"TEXtREAd"):
        return Format("book", "mobi")
    start = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore").lower().lstrip()
    low = start.encode("latin-1", "ignore").removeprefix(b"\xef\xbb\xbf").lstrip()
    if not low.startswith(b"<"):
        return None
    found = sorted((low.index(mark), name) for mark, name in MARKUP.items() if mark in low)
    web = path.suffix.lower() in WEB
    if not found and not web:
        return None
    name = "html" if web and (not found or found[0][1] == "svg") else found[0][1]  # an old page begins anyhow
    if name == "html" and not web:
        raise NotAPdf(
            f"{path.name} is a web page, not a PDF; open the address in a browser and save the PDF that it shows"
        )
    return Format("book", name)


def _text(path: Path, head: bytes) -> Format:
    """A PDF that has lost its header, or plain text, where the name says so and the bytes do not deny it."""
    if path.suffix.lower() == ".pdf" and FIRST_OBJECT.search(head[:PDF_WINDOW]):
        return Format("pdf", "pdf")
    ending = path.suffix.lower()
    said = head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in head
    if said and ending in TABLES:
        return Format("office", "csv")
    if said and ending in PLAIN:
        return Format("book", PLAIN[ending])
    raise NotAPdf(
        f"{path.name} is not a PDF, nor a picture, e-book or Office file that can be read; convert it to PDF first"
    )


def bare_name(name: str) -> str:
    """A file's name without its extension, where that is one of a document."""
    stem, dot, extension = name.rpartition(".")
    return stem if stem and f"{dot}{extension}".lower() in (*DOCUMENTS, *OTHERS) else name
