#!/usr/bin/env bash
# pdfminer.six 20260107 (and pdfplumber 0.11.10 upon it): the standard font Symbol is read with Latin letters, kΩ as kW.
#
# Symbol and ZapfDingbats are two of the 14 fonts that every reader has (ISO 32000-2, 9.6.2.2); a PDF that uses them
# need not say how they are encoded, for they have encodings of their own (annex D.5 and D.6). pdfminer.six reads their
# bytes with Latin's StandardEncoding instead. Of the line "R ≥ 5 kΩ, ≤ 3 µA, Δp → 0 ✓", as reportlab writes it,
#   pdfminer, pdfplumber   say  'R ‡ 5 kW, £ 3 µA, Dp fi 0 3'      (another unit, another relation, no warning)
#   pypdf, pypdfium2       say  'R ≥ 5 kΩ, ≤ 3 µA, ∆p → 0 ✓'
# The font's name is known (fontname is "Symbol" in the characters), and the metrics by which the words are placed are
# found under it. A resistance becomes a power; where limits are compared, ≥ and ≤ become ‡ and £.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
    pdfminer.six==20260107 pdfplumber==0.11.10 pypdf==7.1.1 pypdfium2==5.15.2 reportlab==5.1.0
"$folder/venv/bin/python" - <<'PY'
import io
import logging
import unicodedata

import pdfplumber
import pypdf
import pypdfium2
from pdfminer.high_level import extract_text
from reportlab.pdfgen import canvas

logging.disable(logging.NOTSET)
SAID = "R ≥ 5 kΩ, ≤ 3 µA, Δp → 0 ✓"
held = io.BytesIO()
page = canvas.Canvas(held)
page.setFont("Helvetica", 12)
page.drawString(72, 700, SAID)  # reportlab takes what Helvetica lacks from the other standard fonts
page.save()
file = held.getvalue()
fonts = {str(f.get_object()["/BaseFont"]) for f in pypdf.PdfReader(io.BytesIO(file)).pages[0]["/Resources"]["/Font"].values()}
assert fonts == {"/Helvetica", "/Symbol", "/ZapfDingbats"}, fonts
plumber = pdfplumber.open(io.BytesIO(file)).pages[0]
read = {
    "pdfminer.six": extract_text(io.BytesIO(file)).strip(),
    "pdfplumber": plumber.extract_text(),
    "pypdf": pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text().strip(),
    "pypdfium2": pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range().strip(),
}
for name, text in read.items():
    print(f"{name:13} {text!r}")



def plain(text: str) -> str:
    """Signs that look alike as one: ohm and omega, micro and mu, increment and delta, the ligature fi."""
    return unicodedata.normalize("NFKC", text).replace("∆", "Δ")


assert plain(read["pypdf"]) == plain(read["pypdfium2"]) == plain(SAID)
assert plain(read["pdfminer.six"]) == plain(read["pdfplumber"]) == plain("R ‡ 5 kW, £ 3 µA, Dp fi 0 3")
assert {c["fontname"] for c in plumber.chars if c["text"] in "W‡£"} == {"Symbol"}
PY
