"""A Thai font as Word writes it: sara aa noted as sara am, the ring above it as a space."""

import unicodedata
from pathlib import Path

import pymupdf

from ingestion.parse import ParseOptions, parse_pdf

LETTERS = "".join(map(chr, (*range(0x0E01, 0x0E32), *range(0x0E34, 0x0E3B), *range(0x0E40, 0x0E4D))))
AA, RING, SPACE = 0x107, 0x11E, 0x1F0


def word_of(letters: str) -> str:
    """Letters as the codes of the font; "า" and "ํ" as Word draws them."""
    codes = {**{char: 0x20 + i for i, char in enumerate(LETTERS)}, "า": AA, "ํ": RING, " ": SPACE}
    return "".join(f"{codes[char]:04x}" for char in letters)


def thai_page(path: Path, lines: list[str]) -> Path:
    doc = pymupdf.open()
    page = doc.new_page()
    font, inner, said, content, about = (doc.get_new_xref() for _ in range(5))
    chars = [(0x20 + i, f"{ord(char):04x}") for i, char in enumerate(LETTERS)]
    chars += [(AA, "0e33"), (RING, "0020"), (SPACE, "0020")]
    entries = "\n".join(f"<{code:04x}> <{char}>" for code, char in chars)
    cmap = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff>\n"
    cmap += f"endcodespacerange {len(chars)} beginbfchar\n{entries}\nendbfchar endcmap end end"
    doc.update_object(said, "<<>>")
    doc.update_stream(said, cmap.encode())
    marks = " ".join(f"{0x20 + i} [ 0 ]" for i, char in enumerate(LETTERS) if unicodedata.category(char) == "Mn")
    widths = f"[ {marks} {RING} [ 0 ] {SPACE} {SPACE} 216 ]"
    doc.update_object(
        inner,
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Thai/CIDToGIDMap/Identity"
        f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500/W {widths}"
        f"/FontDescriptor {about} 0 R>>",
    )
    doc.update_object(
        about,
        "<</Type/FontDescriptor/FontName/Thai/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0"
        "/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
    )
    doc.update_object(
        font,
        "<</Type/Font/Subtype/Type0/BaseFont/Thai/Encoding/Identity-H"
        f"/DescendantFonts[{inner} 0 R]/ToUnicode {said} 0 R>>",
    )
    shown = "\n".join(f"BT /F1 16 Tf 72 {700 - 30 * n} Td <{word_of(line)}> Tj ET" for n, line in enumerate(lines))
    doc.update_object(content, "<<>>")
    doc.update_stream(content, shown.encode())
    doc.xref_set_key(page.xref, "Resources", f"<</Font<</F1 {font} 0 R>>>>")
    doc.xref_set_key(page.xref, "Contents", f"{content} 0 R")
    doc.save(path)
    return path


def test_words_of_thai_are_spelt_as_they_are_printed(tmp_path: Path) -> None:
    lines = ["สามารถเข้าสู่ระบบได้", "ทํางาน หน้านํ้า"]
    path = thai_page(tmp_path / "thai.pdf", lines)
    found = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    said = " ".join(element.text for element in found.elements)
    assert "สามารถเข้าสู่ระบบได้" in said and "ทำงาน หน้าน้ำ" in said
