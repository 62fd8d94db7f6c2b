#!/usr/bin/env bash
# reportlab 5.1.0 beside ppf.datamatrix 0.2, read by zxing-cpp 3.1.1; from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# reportlab draws Data Matrix codes (ECC200DataMatrix, for createBarcodeDrawing and the barcode widgets). It takes all of Latin-1
# and writes it in C40, where punctuation has numbers of its own (ISO/IEC 16022, table C.1, shift 2): "!" to "/" are 0 to 14, ":"
# to "@" 15 to 21, "[" to "_" 22 to 26. reportlab numbers "!" to "@" by their place in ASCII, as if the ten digits lay between
# them there, too, so that each of ":;<=>?@" is another sign, or none that a reader knows:
#   written              read from the printed code     ppf.datamatrix, the same reader
#   12:30                12^30                          as written
#   AB;CD                AB_CD                          as written
#   AB<CD                AB\x1dCD                       as written
#   AB?CD                AB\xc3D                        as written
#   P=5, me@x.de         nothing                        as written
# A time, a MAC address, a web or a mail address is another one or unreadable, with a code that is otherwise sound, and no error.
# Texts of letters, digits, " " and "!" to "/" are read as written. (A NUL behind some of them, of the padding to threes, is known.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q \
    reportlab==5.1.0 ppf.datamatrix==0.2 zxing-cpp==3.1.1 pypdfium2==5.15.2 pillow==13.0.0 numpy==2.4.6
tools/bin/python - <<'PY'
import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image
from ppf.datamatrix import DataMatrix
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing

RIGHT = ["AB/CD", "E-04", "24.00", "R1+R2"]
WRONG = {"12:30": [b"12^30"], "AB;CD": [b"AB_CD"], "AB<CD": [b"AB\x1dCD"], "AB?CD": [b"AB\xc3D"], "P=5": [], "me@x.de": []}


def read(image: Image.Image) -> list[bytes]:
    return [code.bytes for code in zxingcpp.read_barcodes(image)]


def by_reportlab(text: str) -> list[bytes]:
    drawing = createBarcodeDrawing("ECC200DataMatrix", value=text)
    page = pypdfium2.PdfDocument(renderPDF.drawToString(drawing))[0]
    return read(page.render(scale=4).to_pil().convert("L"))


def by_ppf(text: str) -> list[bytes]:
    modules = np.pad(np.array(DataMatrix(text).matrix, dtype=bool), 4)
    return read(Image.fromarray(np.kron(np.where(modules, 0, 255), np.ones((4, 4))).astype(np.uint8)))


for text in [*RIGHT, *WRONG]:
    print(f"{text:8} reportlab {by_reportlab(text)}  ppf.datamatrix {by_ppf(text)}")
    assert by_ppf(text) == [text.encode()]
    assert by_reportlab(text) == WRONG.get(text, [text.encode()])
PY
