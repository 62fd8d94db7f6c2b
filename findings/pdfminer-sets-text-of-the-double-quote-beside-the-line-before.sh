#!/usr/bin/env bash
# pdfminer.six 20260107 (and pdfplumber 0.11.10 upon it), playa-pdf 1.1.0, beside pypdfium2 5.15.2 and pypdf 7.1.1; from PyPI,
# Python 3.11, Linux x86-64 (2026-11-30).
#
# A PDF shows text by four operators: Tj, TJ, ' and ". The last takes a word and a character spacing, "moves to the next line and
# shows a text string" as ' does (PDF 32000-1, 9.4.3, table 109). pdfminer.six sets the spacings and shows the text where the
# line before ended (pdfinterp.py, do__w, whose docstring says "move to next line"); playa-pdf took it over. Two lines are
# one, and all that follows in the text object is a line too high. No error. Lines of 14 from y 100 on, by " (with 0 and 0) and by ':
#   written                      pdfplumber, pdfminer, playa          PDFium, pypdf
#   Max. load, then " 30 kg      Max. load30 kg, both at y 100        Max. load / 30 kg at y 100 and 86
#   Max. load, then ' 30 kg      Max. load / 30 kg at y 100 and 86    likewise
# Words of two lines become one word, numbers lie beside another label, and a box drawn around a quotation is on the wrong line.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q \
    pdfminer.six==20260107 pdfplumber==0.11.10 playa-pdf==1.1.0 pypdfium2==5.15.2 pypdf==7.1.1 pikepdf==10.18.0
tools/bin/python - <<'PY'
import pdfplumber
import pikepdf
import playa
import pypdf
import pypdfium2
from pdfminer.high_level import extract_text
from pikepdf import Dictionary, Name, Stream

ONE, TWO = ["Max. load30 kg", "Noise"], ["Max. load", "30 kg", "Noise"]


def write(show: str) -> None:
    with pikepdf.new() as file:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        page = file.add_blank_page(page_size=(200, 200))
        page.Resources = Dictionary(Font=Dictionary(F=file.make_indirect(font)))
        page.Contents = Stream(file, f"BT /F 12 Tf 14 TL 20 100 Td (Max. load) Tj {show} T* (Noise) Tj ET".encode())
        file.save("page.pdf")


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def read() -> tuple[dict[str, list[str]], dict[str, list[float]]]:
    """The lines, and the places from below of the three texts' first letters, by each library."""
    page = pypdfium2.PdfDocument("page.pdf")[0].get_textpage()
    text = page.get_text_range()
    with pdfplumber.open("page.pdf") as file:
        plumbed = file.pages[0].extract_text()
        letters = {letter["text"]: round(letter["matrix"][5]) for letter in file.pages[0].chars}
    with playa.open("page.pdf", space="page") as file:
        glyphs = {glyph.text: round(glyph.matrix[5]) for text in file.pages[0].texts for glyph in text}
    boxes = {text[n]: page.get_charbox(n, loose=True)[1] for n in range(page.count_chars())}
    lift = 100 - boxes["M"]  # of the base line above the box's lower side
    found = {
        "pdfminer": lines(extract_text("page.pdf")),
        "pdfplumber": lines(plumbed),
        "PDFium": lines(text),
        "pypdf": lines(pypdf.PdfReader("page.pdf").pages[0].extract_text()),
    }
    heights = {
        "pdfplumber": [letters[letter] for letter in "M3N"],
        "playa": [glyphs[letter] for letter in "M3N"],
        "PDFium": [round(boxes[letter] + lift) for letter in "M3N"],
    }
    return found, heights


write('0 0 (30 kg) "')
found, heights = read()
print('"', found, heights)
assert found["PDFium"] == found["pypdf"] == TWO and heights["PDFium"] == [100, 86, 72]
assert found["pdfplumber"] == ONE and found["pdfminer"] == ONE
assert heights["pdfplumber"] == heights["playa"] == [100, 100, 86]

write("(30 kg) '")
found, heights = read()
print("'", found, heights)
assert all(text == TWO for text in found.values()) and all(height == [100, 86, 72] for height in heights.values())
PY
