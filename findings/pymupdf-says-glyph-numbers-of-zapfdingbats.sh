#!/usr/bin/env bash
# PyMuPDF 2.0: signs of the standard font ZapfDingbats are read as letters and control characters: "● ▲ ✓" as "G L \x13".
#
# ZapfDingbats is one of the 14 fonts that every reader has; its encoding is its own (ISO 32000-2, annex D.6), so a PDF
# need not repeat it. Symbol, the other such font, is read right. Of ZapfDingbats' signs small numbers come back as
# characters, with and without TEXT_CID_FOR_UNKNOWN_UNICODE; they follow the order of the signs in MuPDF's own font:
#   "● option ■ spare ✓ fitted"     PyMuPDF 'G option I spare \x13 fitted'     pypdfium2 '● option ■ spare ✓ fitted'
# "G" and "I" look like text, so nobody sees that a mark of a table was lost.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0 reportlab==5.1.0 pypdfium2==5.15.2
"$folder/venv/bin/python" - <<'PY'
import io

import pymupdf
import pypdfium2
from reportlab.pdfgen import canvas

SAID = "● option ■ spare ✓ fitted, R ≥ 5 kΩ"
held = io.BytesIO()
page = canvas.Canvas(held)
page.setFont("Helvetica", 12)
page.drawString(72, 700, SAID)  # reportlab takes what Helvetica lacks from ZapfDingbats and Symbol
page.save()
doc = pymupdf.open(stream=held.getvalue())
assert {font[3] for font in doc[0].get_fonts()} == {"Helvetica", "Symbol", "ZapfDingbats"}
usual = doc[0].get_text().strip()
unknown = doc[0].get_text(flags=pymupdf.TEXTFLAGS_TEXT & ~pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE).strip()
other = pypdfium2.PdfDocument(held.getvalue())[0].get_textpage().get_text_range().strip()
for name, text in {"PyMuPDF": usual, "without the flag": unknown, "pypdfium2": other}.items():
    print(f"{name:17} {text!r}")
omega = str.maketrans("\u2126", "\u03a9")
assert usual.translate(omega) == "G option I spare \x13 fitted, R ≥ 5 k\u03a9"
assert unknown == usual
assert other.translate(omega) == SAID.translate(omega)
PY
