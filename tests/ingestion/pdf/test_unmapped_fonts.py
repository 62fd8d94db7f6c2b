"""Fonts of glyph numbers without a map to Unicode: their text is read as it is printed."""

import io
from pathlib import Path

import pymupdf
import pytest
from PIL import ImageFont

from ingestion.parse import ParseOptions, parse_pdf

LINES = ("The following table is a guide to possible problems.", "Hold the button for 3 seconds, then release it.")


def program() -> bytes:
    """A TrueType font that comes with Pillow."""
    held = ImageFont.load_default(20)
    assert isinstance(held, ImageFont.FreeTypeFont) and isinstance(held.path, io.BytesIO)
    return held.path.getvalue()


def page_without_map(path: Path, characters: bool) -> Path:
    """A page in a font without a map to Unicode; ``characters``: whether its program still has a map of characters."""
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_font(fontname="F0", fontbuffer=program())
    for n, line in enumerate(LINES):
        page.insert_text((72, 120 + 30 * n), line, fontname="F0", fontsize=14)
    font = page.get_fonts()[0][0]
    doc.xref_set_key(font, "ToUnicode", "null")
    if not characters:
        inner = int(doc.xref_get_key(font, "DescendantFonts")[1].strip("[] ").split()[0])
        about = int(doc.xref_get_key(inner, "FontDescriptor")[1].split()[0])
        file = int(doc.xref_get_key(about, "FontFile2")[1].split()[0])
        doc.update_stream(file, (doc.xref_stream(file) or b"").replace(b"cmap", b"zzap", 1))
    page.insert_text((72, 72), "Troubleshooting", fontname="helv", fontsize=18)
    doc.save(path)
    return path


@pytest.mark.parametrize("characters", [True, False])
def test_text_is_read_as_it_is_printed(tmp_path: Path, characters: bool) -> None:
    path = page_without_map(tmp_path / "guide.pdf", characters)
    with pymupdf.open(path) as doc:
        assert LINES[0] not in doc[0].get_text()
    found = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    said = " ".join(" ".join(element.text.split()) for element in found.elements)
    assert all(line in said for line in LINES), said
