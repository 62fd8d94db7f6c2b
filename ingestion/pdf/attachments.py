"""Files attached to a PDF: their names and contents within limits, or why one is left out.

Facts relied on (PyMuPDF 2.0, 2026-11): its list of attached files reads the root of the name tree only, and its call
for their contents unpacks without a limit.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pymupdf

from ingestion.pdf.errors import LIBRARY_ERRORS
from ingestion.text.cleaning import clean

MOST_FILES = 50
MOST_BYTES = 200 * 2**20  # of one file, unpacked
MOST_ALL = 400 * 2**20  # of all of them
LONGEST_NAME = 100  # characters
PIECE = 2**20  # bytes unpacked at a time
UNSAFE = re.compile(r"[\\/:*?\"<>|\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in a PDF. ``missing`` says in words why there is no ``content``."""

    name: str
    content: bytes = b""
    missing: str = ""


def attached_files(doc: pymupdf.Document) -> Iterator[Attached]:
    """The files, those of the whole document first, then those pinned to a page; each once."""
    total, seen = 0, set[int]()
    for name, stream in _streams(doc):
        if stream in seen:
            continue
        seen.add(stream)
        if len(seen) > MOST_FILES:
            yield Attached(name, missing=f"only {MOST_FILES} attached files are read; take the others out and add them")
            return
        try:
            content = _unpacked(doc, stream, min(MOST_BYTES, MOST_ALL - total))
        except (*LIBRARY_ERRORS, zlib.error) as exc:
            yield Attached(name, missing=f"it is damaged ({str(exc).splitlines()[0] if str(exc) else 'unreadable'})")
            continue
        if content is None:
            yield Attached(name, missing="it is too large, or packed in a way that is not read; take it out and add it")
            continue
        total += len(content)
        yield Attached(name, content)


def _streams(doc: pymupdf.Document) -> Iterator[tuple[str, int]]:
    """Names and the objects with the contents."""
    low = pymupdf.mupdf
    with contextlib.suppress(*LIBRARY_ERRORS):  # a broken tree has no files; pages may
        tree = low.pdf_load_name_tree(low.pdf_document_from_fz_document(doc.this), pymupdf.PDF_NAME("EmbeddedFiles"))
        for place in range(low.pdf_dict_len(tree)):
            yield from _stream_of(low.pdf_dict_get_val(tree, place), low.pdf_to_name(low.pdf_dict_get_key(tree, place)))
    for number in range(doc.page_count):
        with contextlib.suppress(*LIBRARY_ERRORS):  # of a page that cannot be read; reading it will say so
            for xref, kind, _ in doc.page_annot_xrefs(number):
                if kind == pymupdf.PDF_ANNOT_FILE_ATTACHMENT:
                    pinned = low.pdf_load_object(low.pdf_document_from_fz_document(doc.this), xref)
                    yield from _stream_of(low.pdf_dict_gets(pinned, "FS"), "")


def _stream_of(spec: Any, key: str) -> Iterator[tuple[str, int]]:
    low = pymupdf.mupdf
    files = low.pdf_dict_gets(spec, "EF")
    names = [low.pdf_to_text_string(low.pdf_dict_gets(spec, part)) for part in ("UF", "F")]
    name = next((said for said in (*names, key) if said), "attached file")
    for part in ("UF", "F", "DOS", "Unix", "Mac"):
        stream = low.pdf_to_num(low.pdf_dict_gets(files, part))
        if stream:
            yield _safe(name), int(stream)
            return


def _safe(name: str) -> str:
    bare = UNSAFE.sub("/", clean(name)).rstrip("/ ").rsplit("/", 1)[-1].strip(" .")
    stem, dot, extension = bare.rpartition(".")
    short = bare if len(bare) <= LONGEST_NAME or not dot else f"{stem[: LONGEST_NAME - len(extension)]}.{extension}"
    return short[: LONGEST_NAME + 10] or "attached file"


def _unpacked(doc: pymupdf.Document, stream: int, most: int) -> bytes | None:
    """The contents; None where they are larger than ``most`` or packed unusually."""
    kind, packing = doc.xref_get_key(stream, "Filter")
    raw = bytes(doc.xref_stream_raw(stream) or b"")
    how = str(packing).strip("[] ") if kind in ("name", "array") else ""
    if not how:
        return raw if len(raw) <= most else None
    if how != "/FlateDecode" or doc.xref_get_key(stream, "DecodeParms/Predictor")[1] not in ("null", "1"):
        return None
    unpacker, found, size = zlib.decompressobj(), [], 0
    rest = raw
    while rest and not unpacker.eof:
        piece = unpacker.decompress(rest, PIECE)
        rest = unpacker.unconsumed_tail
        size += len(piece)
        if size > most:
            return None
        if not piece and not rest:
            break
        found.append(piece)
    return b"".join(found)
