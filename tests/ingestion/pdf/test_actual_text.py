"""Texts that a file gives for what is drawn (ActualText): the same in lines, words, cells and passages."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from ingestion.parse import ParseOptions, parse_pdf
from ingestion.pdf.document import Pdf

ROWS = [
    ("Item", "Meaning", None),
    ("A1", "ESP", "emergency stop of the press"),
    ("A2", "U=RI", "U = R times I"),
    ("A3", "kg", None),
]


def drawn(path: Path, in_structure: bool) -> Path:
    """A ruled table and a sentence with abbreviations whose words are given, at the place or in the structure tree."""
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_font(fontname="helv")
    page.insert_text((60, 60), "Signs on the press", fontsize=15, fontname="hebo")
    given: list[str] = []

    def show(x: float, y: float, text: str, says: str | None) -> str:
        shown = f"BT /helv 11 Tf {x} {842 - y} Td ({text}) Tj ET"
        if says is None:
            return shown
        given.append(says)
        mark = f"/MCID {len(given) - 1}" if in_structure else f"/ActualText ({says})"
        return f"/Span <<{mark}>> BDC {shown} EMC"

    parts = []
    for i, (item, meaning, says) in enumerate(ROWS):
        parts += [show(65, 100 + 20 * i, item, None), show(165, 100 + 20 * i, meaning, says)]
    for i in range(len(ROWS) + 1):
        page.draw_line((60, 86 + 20 * i), (400, 86 + 20 * i))
    for x in (60, 160, 400):
        page.draw_line((x, 86), (x, 86 + 20 * len(ROWS)))
    parts += [
        show(60, 300, "Push the", None),
        show(110, 300, "ESP", ROWS[1][2]),
        show(140, 300, "button to halt it.", None),
    ]
    stream = doc.get_new_xref()
    doc.update_object(stream, "<<>>")
    doc.update_stream(stream, "\n".join(parts).encode())
    contents = " ".join(f"{xref} 0 R" for xref in [*page.get_contents(), stream])
    doc.xref_set_key(page.xref, "Contents", f"[{contents}]")
    if in_structure:
        _structure(doc, page, given)
    doc.save(path)
    return path


def _structure(doc: pymupdf.Document, page: pymupdf.Page, given: list[str]) -> None:
    def new(body: str) -> int:
        xref = int(doc.get_new_xref())
        doc.update_object(xref, body)
        return xref

    root = new("<<>>")
    parts = [
        new(f"<</Type/StructElem/S/Span/P {root} 0 R/Pg {page.xref} 0 R/K {i}/ActualText ({text})>>")
        for i, text in enumerate(given)
    ]
    kids = " ".join(f"{xref} 0 R" for xref in parts)
    parents = new(f"<</Nums[0 [{kids}]]>>")
    doc.update_object(root, f"<</Type/StructTreeRoot/K [{kids}]/ParentTree {parents} 0 R/ParentTreeNextKey 1>>")
    doc.xref_set_key(page.xref, "StructParents", "0")
    doc.xref_set_key(doc.pdf_catalog(), "StructTreeRoot", f"{root} 0 R")


@pytest.mark.parametrize("in_structure", [False, True])
def test_what_is_said_for_a_drawing_is_read_everywhere(tmp_path: Path, in_structure: bool) -> None:
    path = drawn(tmp_path / "press.pdf", in_structure)
    with Pdf(path) as pdf:
        page = pdf.page(1)
        assert " ".join(word.text for word in page.words) == " ".join(line.text for line in page.lines())
    document = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    said = "\n".join(element.text for element in document.elements)
    assert "| A1 | emergency stop of the press |" in said
    assert "| A2 | U = R times I |" in said
    assert "Push the emergency stop of the press button to halt it." in said
    assert "ESP" not in said
