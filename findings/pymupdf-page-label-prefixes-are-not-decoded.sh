#!/usr/bin/env bash
# PyMuPDF 2.0: Page.get_label() gives a label's prefix as it is written in the file, not the text that it stands for.
#
# Page labels (ISO 32000-2, 12.4.2) are ranges of pages with a style and a prefix; the prefix is a text string, which may be
# written in hexadecimal digits, with escapes, in UTF-16, or as an object of its own. With valid labels, first page, seen
#   prefix <FEFF00DC002D>     "Ü-"      PyMuPDF <FEFF00DC002D>1    PDFium Ü-1
#   prefix (A\(1\)-)          "A(1)-"   PyMuPDF A\1\-1             PDFium A(1)-1
#   prefix (\374-)            "ü-"      PyMuPDF <FC2D>1            PDFium ü-1
#   prefix as a reference     "Q-"      PyMuPDF " 7 0 R1"          PDFium Q-1     (7: any number of an object)
# Its own set_page_labels() with the prefix "Ü-" writes UTF-8 without a mark; that comes back as <C39C2D>1.
# A program that names pages by label shows people "<FEFF00DC002D>1", and does not find the "Ü-1" that their viewer shows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0 pypdfium2==5.0.0
"$folder/venv/bin/python" - <<'PY'
import re

import pymupdf
import pypdfium2


def first_label(prefix: str, aside: str = "") -> tuple[str, str]:
    """The label of page 1 of a PDF with such a prefix, by PyMuPDF and by PDFium; ``{}``: where ``aside`` stands."""
    made = pymupdf.open()
    made.new_page()
    if aside:
        number = made.get_new_xref()
        made.update_object(number, aside)
        prefix = prefix.replace("{}", f"{number} 0 R")
    made.xref_set_key(made.pdf_catalog(), "PageLabels", f"<</Nums[0<</S/D/P {prefix}>>]>>")
    data = made.tobytes()
    return pymupdf.open(stream=data)[0].get_label(), pypdfium2.PdfDocument(data).get_page_label(0)


cases = {
    "UTF-16": (("<FEFF00DC002D>",), r"<FEFF00DC002D>1", "Ü-1"),
    "brackets": ((r"(A\(1\)-)",), r"A\\1\\-1", "A(1)-1"),
    "octal": ((r"(\374-)",), r"<FC2D>1", "ü-1"),
    "reference": (("{}", "(Q-)"), r" *\d+ 0 R1", "Q-1"),
}
for name, (made, seen, wanted) in cases.items():
    found, other = first_label(*made)
    print(f"{name:10} PyMuPDF {found!r:22} PDFium {other!r}")
    assert re.fullmatch(seen, found) and other == wanted, name
made = pymupdf.open()
made.new_page()
made.set_page_labels([{"startpage": 0, "style": "D", "prefix": "Ü-", "firstpagenum": 1}])
print(f"{'its own':10} PyMuPDF {made[0].get_label()!r}")
assert made[0].get_label() == "<C39C2D>1"
PY
