#!/usr/bin/env bash
# PyMuPDF 2.0: insert_text() with a built-in CJK font silently drops letters of European languages, or changes them.
#
# The built-in CJK fonts ("china-s", "japan", "korea") look like the fonts for "anything": they have Latin letters. Which
# of them differs, and a letter that is missing is left out without an exception, a warning or a sign in the return value
# (the number of lines, 1, as for a whole text). What comes back from the page for 'größer señor łoś façade m² ü é':
#   helv      'größer señor ·oś…'  a letter outside Latin-1 becomes a middle dot
#   china-s   'grer seor o faade m ü é'   no ö ß ñ ł ś ç ², but ü and é, which pinyin needs
#   japan     'größer señor łoś façade m² ü é'   all of it
#   korea     ß ł ² only
# pymupdf.Font("china-s").has_glyph(ord("ö")) cannot tell: it says there is one, for Font() of that name is another font
# ("Droid Sans Fallback", embedded by TextWriter, which writes all of it) than insert_text(fontname="china-s") uses.
# An OCR layer written this way turns "jährlich" into "jhrlich": text that nobody finds again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf

TEXT = "größer señor łoś façade m² ü é"


def returned(font: str) -> str:
    doc = pymupdf.open()
    assert doc.new_page().insert_text((72, 100), TEXT, fontname=font) == 1
    return pymupdf.open(stream=doc.tobytes())[0].get_text().strip()


found = {font: returned(font) for font in ("helv", "china-s", "japan", "korea")}
for font, text in found.items():
    print(f"{font:8} {text!r}  lost: {''.join(c for c in dict.fromkeys(TEXT) if c not in text)}")
assert found["japan"] == TEXT
assert "·" in found["helv"] and "ł" not in found["helv"] and "größer" in found["helv"]
assert not set("ößñłç²") & set(found["china-s"]) and {"ü", "é"} <= set(found["china-s"])
assert {"ß", "ł", "²"} <= set(found["korea"]) and not set("öñçüé") & set(found["korea"])
font = pymupdf.Font("china-s")
assert all(font.has_glyph(ord(c)) for c in "öñü") and "Droid" in font.name
PY
