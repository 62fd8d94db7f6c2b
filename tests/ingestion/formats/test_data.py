"""Files of data as text, a value per line; what is attached to an invoice is read with it."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from ingestion.formats.data import data_lines
from ingestion.parse import ParseOptions, parse_pdf

XML = (
    '<?xml version="1.0"?><i:Invoice xmlns:i="urn:i"><i:ID>RE-118</i:ID>'
    '<i:Total currency="EUR">1190.00</i:Total></i:Invoice>'
)


@pytest.mark.parametrize(
    ("content", "kind", "lines"),
    [
        (XML, "xml", ["Invoice", "  ID: RE-118", "  Total (currency EUR): 1190.00"]),
        ("<p>see <b>7</b> below</p>", "xml", ["p: see", "  b: 7", "  below"]),
        (
            '{"serial": "S-5", "limits": {"max": 75.5}, "on": [1, true]}',
            "json",
            ["serial: S-5", "limits:", "  max: 75.5", "on: 1, true"],
        ),
        ('[{"a": 1}, {"a": null}]', "json", ["1:", "  a: 1", "2:", "  a: null"]),
        ("<broken>12 bar", "xml", ["<broken>12 bar"]),
        ("{broken", "json", ["{broken"]),
    ],
)
def test_values_stand_in_lines_under_their_names(content: str, kind: str, lines: list[str]) -> None:
    assert data_lines(content, kind).splitlines() == lines


def test_the_data_of_an_invoice_is_read(tmp_path: Path) -> None:
    doc = pymupdf.open()
    doc.new_page().insert_text((60, 80), "Invoice for Smith Ltd.")
    doc.embfile_add("factur-x.xml", XML.encode(), filename="factur-x.xml")
    doc.save(tmp_path / "invoice.pdf")
    document = parse_pdf(tmp_path / "invoice.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    said = " ".join(element.text for element in document.elements)
    assert "ID: RE-118" in said and "Total (currency EUR): 1190.00" in said and not document.problems
