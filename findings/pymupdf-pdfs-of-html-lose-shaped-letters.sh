#!/usr/bin/env bash
# PyMuPDF 2.0: a PDF made of HTML (convert_to_pdf, insert_htmlbox, Story) loses letters of Arabic, Persian, Hindi and Thai.
#
# Fonts of these scripts draw a letter by its neighbours, with glyphs that their list of characters does not hold. The
# ToUnicode tables that the library writes into its PDFs are made of that list alone. Of one and the same text
#   the HTML document's own page, get_text()       says  'الماء'
#   the PDF made of it, get_text()                 says  'اǄماء'  (the lam is the number of its glyph)
# The library knows the letters: get_texttrace() of the HTML page gives each glyph with the characters it stands for.
# Nothing warns; every search and copy in such a PDF, in any viewer, misses the words.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import unicodedata

import pymupdf

for text in ("ضغط الماء", "प्रति माह", "แรงดันน้ำ"):
    html = f"<html><body><p>{text}</p></body></html>".encode()
    page = pymupdf.open(stream=html, filetype="html")
    made = pymupdf.open("pdf", page.convert_to_pdf())
    said, printed = ("".join(unicodedata.normalize("NFKD", doc[0].get_text()).split()) for doc in (page, made))
    print(f"{pymupdf.__version__}: HTML says {said!r}, its PDF {printed!r}")
    assert said == "".join(unicodedata.normalize("NFKD", text).split()), "the HTML page has the text"
    assert printed != said, "the PDF has it too: this has changed"
PY
