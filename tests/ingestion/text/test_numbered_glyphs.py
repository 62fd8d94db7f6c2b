"""Glyphs whose names are numbers, on literals and in a real PDF."""

from pathlib import Path

import pymupdf

from ingestion.page_reader import PageReader
from ingestion.text.numbered_glyphs import signs_named


def test_codes_in_names_are_letters_where_most_of_a_font_are() -> None:
    names = dict(enumerate(["C0040", "C0041", "C0049", "C0050", "C0065", "C0066", "C0262"], 1))
    assert signs_named(names) == {1: "(", 2: ")", 3: "1", 4: "2", 5: "A", 6: "B"}
    assert signs_named(dict(enumerate(["C0042", "C0043", "C0064", "C0324", "C0065"]))) == {}
    assert signs_named({1: "C0065", 2: "g66", 3: "a67"}) == {}


def test_signs_of_mathematical_pi_are_named_by_its_numbers() -> None:
    names = {1: "H9262", 2: "H9004", 3: "H11034", 4: "H11350", 5: "H11546", 6: "A"}
    assert signs_named(names) == {1: "μ", 2: "Δ", 3: "°", 4: "≥", 5: "−"}


def test_pin_numbers_in_a_font_of_numbered_pictures_are_read(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 60), "Pins of the decoder", fontsize=12)
    path = tmp_path / "pins.pdf"
    said = "(12)AB"
    glyph = doc.get_new_xref()
    doc.update_object(glyph, "<<>>")
    doc.update_stream(glyph, b"500 0 0 0 400 700 d1 0 0 400 700 re f")
    font = doc.get_new_xref()
    names = " ".join(f"/C{ord(char):04d}" for char in said)
    widths = " ".join(["500"] * len(said))
    glyphs = " ".join(f"/C{ord(char):04d} {glyph} 0 R" for char in said)
    doc.update_object(
        font,
        "<</Type/Font/Subtype/Type3/Name/T2/FontBBox[0 0 500 700]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 1"
        f"/LastChar {len(said)}/Widths[{widths}]/CharProcs<<{glyphs}>>/Encoding<</Differences[1 {names}]>>>>",
    )
    resources = int(doc.xref_get_key(page.xref, "Resources")[1].split()[0])
    doc.xref_set_key(resources, "Font/T2", f"{font} 0 R")
    codes = bytes(range(1, 1 + len(said))).hex()
    content = page.get_contents()[0]
    doc.update_stream(content, doc.xref_stream(content) + f"\nBT /T2 12 Tf 60 600 Td <{codes}> Tj ET".encode())
    doc.save(path)
    with PageReader(path, tmp_path / "out") as reader:
        text = "\n".join(piece.block.text for piece in reader.read(1).pieces)
    assert said in text
