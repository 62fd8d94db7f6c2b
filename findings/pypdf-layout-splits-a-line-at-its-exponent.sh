#!/usr/bin/env bash
# pypdf 7.1.1 beside pypdfium2 5.15.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# extract_text(extraction_mode="layout") gives a page's text as it is laid out, for tables and columns. An exponent is set by raising
# the baseline for some letters and taking it back (the operator Ts, ISO 32000-2, 9.3.7, "Text rise"). The layout mode makes a line of
# its own of the raised letters and of all that follows them in the line, and puts it above the beginning:
#   drawn                                     layout mode                               default mode, PDFium
#   Leakage at most 10⁻³ mbar, area 5 m²      -3 mbar, area 5 m2                        Leakage at most 10-3 mbar, area 5 m2
#                                             Leakage at most 10
#   Type MZ, torque 2·10³ Nm                  3 Nm                                      Type MZ, torque 2·103 Nm
#                                             Type MZ, torque 2·10
# "-3 mbar" and "3 Nm" are quantities of their own now, and they belong to the line above. A second exponent of a line does not part
# it again, nor does a lowered index (H₂O). No message, whatever layout_mode_space_vertically and layout_mode_scale_weight say.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pypdf==7.1.1 pypdfium2==5.15.2 reportlab==5.1.0
tools/bin/python - <<'PY'
from pypdf import PdfReader
from pypdfium2 import PdfDocument
from reportlab.pdfgen.canvas import Canvas

LINES = [
    ["Type KX"],
    ["Leakage at most 10", "-3", " mbar, area 5 m", "2"],
    ["Next service after 500 h"],
    ["Type MZ, torque 2·10", "3", " Nm"],
]
canvas = Canvas("one.pdf", pagesize=(400, 300))
for n, parts in enumerate(LINES):
    line = canvas.beginText(50, 250 - 16 * n)
    for m, part in enumerate(parts):
        line.setRise(4 if m % 2 else 0)
        line.setFont("Helvetica", 7 if m % 2 else 12)
        line.textOut(part)
    canvas.drawText(line)
lowered = canvas.beginText(50, 250 - 16 * len(LINES))
for part, rise in ("H", 0), ("2", -3), ("O inlet 5 bar", 0):
    lowered.setRise(rise)
    lowered.setFont("Helvetica", 7 if rise else 12)
    lowered.textOut(part)
canvas.drawText(lowered)
canvas.save()

whole = ["".join(parts) for parts in LINES] + ["H2O inlet 5 bar"]
page = PdfReader("one.pdf").pages[0]
assert page.extract_text().splitlines() == whole
assert "".join(PdfDocument("one.pdf")[0].get_textpage().get_text_range().split()) == "".join("".join(whole).split())
for options in {}, {"layout_mode_space_vertically": False}, {"layout_mode_scale_weight": 2.0}:
    found = [" ".join(line.split()) for line in page.extract_text(extraction_mode="layout", **options).splitlines() if line.strip()]
    print(options, *found, sep="\n  ")
    assert found == [
        "Type KX",
        "-3 mbar, area 5 m2",
        "Leakage at most 10",
        "Next service after 500 h",
        "3 Nm",
        "Type MZ, torque 2·10",
        "H2O inlet 5 bar",
    ]
PY
