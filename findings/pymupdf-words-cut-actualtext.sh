#!/usr/bin/env bash
# PyMuPDF 2.0: get_text("words") loses the end of a marked-content ActualText that is longer than its glyphs.
#
# A PDF may say what a run of glyphs stands for with /Span <</ActualText (…)>> BDC (ISO 32000-2, 14.9.4): an abbreviation
# spelled out, a ligature, a drawn sign. MuPDF follows it. Of one and the same page
#   get_text("text"), "dict", "rawdict", "blocks"   all say  'Mains plug with earth'   (the ActualText)
#   get_text("words")                               says     'Mains', 'plug'           (cut off, no warning)
#   search_for("Mains plug with earth")             finds it
# Seen with 4 and with 7 glyphs; with an ActualText no longer than its glyphs all readings agree.
# Who puts words into table cells by their boxes loses text that the same library returns as lines.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf

SAID = "Mains plug with earth"


def page(shown: str, said: str) -> pymupdf.Page:
    doc = pymupdf.open()
    made = doc.new_page()
    made.insert_text((72, 100), shown, fontsize=12)
    xref = made.get_contents()[0]
    stream = doc.xref_stream(xref).replace(b"BT", b"/Span <</ActualText (%s)>> BDC BT" % said.encode(), 1)
    doc.update_stream(xref, stream.replace(b"ET", b"ET EMC", 1))
    return pymupdf.open(stream=doc.tobytes())[0]


def spans(found: pymupdf.Page) -> str:
    return "".join(s["text"] for b in found.get_text("dict")["blocks"] for row in b["lines"] for s in row["spans"])


def words(found: pymupdf.Page) -> list[str]:
    return [word[4] for word in found.get_text("words")]


for glyphs in ("MPE 5 A", "MP 5"):
    found = page(glyphs, SAID)
    print(glyphs, "| text:", repr(found.get_text().strip()), "| dict:", repr(spans(found)), "| words:", words(found))
    assert found.get_text().strip() == spans(found) == SAID
    assert " ".join(words(found)) != SAID and SAID.startswith(" ".join(words(found)))
    assert found.search_for(SAID)
same = page("Mains plug with earth wire", "Mains plug")
print("shorter ActualText:", repr(same.get_text().strip()), words(same))
assert words(same) == ["Mains", "plug"]
PY
