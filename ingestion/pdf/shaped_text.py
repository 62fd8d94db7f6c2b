"""What glyphs of shaped scripts stand for, told to the page that was made of a web page, an e-book or an Office file.

In Arabic, Persian, Hindi, Thai and others a font draws letters by their neighbours, several as one, with glyphs that no
character is named for. The library knows the letters while it lays the text out, but the PDF that it makes of it has a
name only for glyphs that the font's own list of characters holds: "الماء" came back without its "ل". The letters are
taken from the page that was laid out, and written into the fonts of the PDF: their ToUnicode tables (PDF 32000-1,
9.10.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pymupdf

UNNAMED = 0xFFFD  # what the library says of a glyph without a character
LAST = 0x10FFFF  # the last character: the library says others of a glyph that belongs to the letter before
MOST_NAMES = 100  # of one section of a table, by its definition


class Glyph(NamedTuple):
    """A glyph, by the name of its font without spaces, and its number there."""

    font: str
    number: int


def name_glyphs(doc: pymupdf.Document, source: pymupdf.Page) -> pymupdf.Document:
    """The PDF ``doc`` of one page that was drawn of ``source``, all of whose glyphs are named; itself if they are."""
    unnamed = {glyph for glyph, text in _glyphs(doc[0]) if text == chr(UNNAMED)}
    if not unnamed:
        return doc
    names = {glyph: text for glyph, text in _glyphs(source) if glyph in unnamed and text != chr(UNNAMED)}
    for font in doc[0].get_fonts(full=True):
        xref, name = font[0], _squeezed(font[3])
        own = {glyph.number: text for glyph, text in names.items() if glyph.font == name}
        kind, table = doc.xref_get_key(xref, "ToUnicode")
        if own and kind == "xref":
            _add_names(doc, int(table.split()[0]), own)
    named = pymupdf.open("pdf", doc.tobytes())  # the fonts of the open one were read without the names
    doc.close()
    return named


def _glyphs(page: pymupdf.Page) -> Iterator[tuple[Glyph, str]]:
    """The glyphs of a page in the order in which they are drawn, each with its letters, where it has some."""
    for span in page.get_texttrace():
        font, held = _squeezed(span["font"]), list[tuple[int, str]]()
        for char, number, *_ in span["chars"]:
            text = chr(char) if 0 < char <= LAST else ""
            if number < 0 and held:  # a further letter of the glyph before
                held[-1] = held[-1][0], held[-1][1] + text
            else:
                held.append((number, text))
        yield from ((Glyph(font, number), text) for number, text in held if text)


def _squeezed(name: Any) -> str:
    return "".join(c for c in str(name) if c.isalnum()).lower()


def _add_names(doc: pymupdf.Document, table: int, names: dict[int, str]) -> None:
    """Write letters of glyphs into a ToUnicode table."""
    lines = [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for number, text in sorted(names.items())]
    parts = [lines[start : start + MOST_NAMES] for start in range(0, len(lines), MOST_NAMES)]
    said = "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts)
    doc.update_stream(table, doc.xref_stream(table).replace(b"endcmap", said.encode() + b"endcmap", 1))
