#!/usr/bin/env bash
# camelot-py 2.0.0 beside pdfplumber 0.11.10, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# A page's CropBox says which part of its MediaBox is shown (PDF 32000-1, 14.11.2); printers' files and pages cut out of a
# spread have a smaller one. Camelot's "lattice" looks for a table's lines in a picture of the page, which is of the CropBox, and
# stretches it over the MediaBox, where the text is: the lines lie beside the words. In a page of 600 × 400 with a table of four
# columns, Type, Mass, Power, Noise over KX, 5 kg, 10 W, 38 dB, without a warning:
#   CropBox 0 0 600 400    as written
#   CropBox 0 0 500 400    raster      Mass, Power, Noise, "" over 5 kg, 10 W, 38 dB, ""          the first column is lost
#                          combined    Type, "", Mass, "", Power, "", Noise, "", ""               both grids at once
#   CropBox 0 0 550 400    raster      Type and Mass in one, Power, Noise, "" over 5 kg, 10 W, 38 dB, ""     KX is lost
#   CropBox 150 0 600 400  raster      "", Type, Mass, Power over "", KX, 5 kg, 10 W              the last column is lost
# "combined" (the default) adds the lines as the PDF draws them, which are right; engine="vector", "stream" and pdfplumber read the
# table as written. Lines that are a picture (a scan with its text below) have no others than those of the raster.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q \
    camelot-py==2.0.0 opencv-python-headless==5.0.0.93 pypdfium2==5.10.1 pandas==3.1.1 pdfplumber==0.11.10 \
    pdfminer.six==20260107 reportlab==5.1.0
tools/bin/python -W ignore - <<'PY'
import camelot
import pdfplumber
from reportlab.pdfgen.canvas import Canvas

ROWS = [["Type", "Mass", "Power", "Noise"], ["KX", "5 kg", "10 W", "38 dB"]]
EDGES, LINES = [200, 260, 320, 380, 440], [300, 270, 240]
LOST = {
    (0, 0, 500, 400): [["Mass", "Power", "Noise", ""], ["5 kg", "10 W", "38 dB", ""]],
    (0, 0, 550, 400): [["Type\nMass", "Power", "Noise", ""], ["5 kg", "10 W", "38 dB", ""]],
    (150, 0, 600, 400): [["", "Type", "Mass", "Power"], ["", "KX", "5 kg", "10 W"]],
}


def draw(crop: tuple[int, ...]) -> None:
    canvas = Canvas("page.pdf", pagesize=(600, 400))
    canvas.setCropBox(crop)
    for x in EDGES:
        canvas.line(x, LINES[-1], x, LINES[0])
    for y in LINES:
        canvas.line(EDGES[0], y, EDGES[-1], y)
    for row, y in zip(ROWS, LINES, strict=False):
        for text, x in zip(row, EDGES, strict=False):
            canvas.drawString(x + 6, y - 20, text)
    canvas.save()


def read(flavor: str, **options: str) -> list[list[str]]:
    (table,) = camelot.read_pdf("page.pdf", flavor=flavor, **options)
    return table.df.values.tolist()


for crop in [(0, 0, 600, 400), *LOST]:
    draw(crop)
    raster, both = read("lattice", engine="raster"), read("lattice")
    print("CropBox", *crop, "\n  raster  ", raster, "\n  combined", both)
    with pdfplumber.open("page.pdf") as file:
        assert file.pages[0].extract_tables() == [ROWS]
    assert read("lattice", engine="vector") == read("stream") == ROWS
    assert raster == LOST.get(crop, ROWS)
    assert (both == ROWS) == (crop not in LOST) and len(both[0]) == (9 if crop in LOST else 4)
PY
