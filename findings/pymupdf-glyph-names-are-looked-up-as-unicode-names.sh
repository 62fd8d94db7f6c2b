#!/usr/bin/env bash
# PyMuPDF 2.0: glyph_name_to_unicode() knows no glyph names. It looks them up among the names of Unicode characters.
#
# The glyph names of PDF fonts (/Differences of an encoding, ISO 32000-2, 9.6.5) are those of the Adobe Glyph List. For
# "A", "zero", "Omega", "eacute", "Euro", "fi", "plusminus" the function returns 0xFFFD, "unknown"; where the two lists
# have a word in common ("space", "comma", "bullet", "infinity") the answer is right by chance, and for "hyphen" it is
# U+2010 instead of U+002D. Unicode's own names work, which no font has: "LATIN SMALL LETTER E WITH ACUTE".
# The same library's pymupdf.mupdf.fz_unicode_from_glyph_name() is right for all of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf

LISTED = {
    "A": "A", "zero": "0", "Omega": "\u2126", "eacute": "é", "Euro": "€", "fi": "\ufb01", "plusminus": "±", "hyphen": "-",
    "space": " ", "comma": ",", "bullet": "•", "infinity": "∞",
}
found = {name: chr(pymupdf.glyph_name_to_unicode(name)) for name in LISTED}
for name, char in LISTED.items():
    print(f"{name:10} {found[name]!a:10} should be {char!a}")
assert {name: chr(pymupdf.mupdf.fz_unicode_from_glyph_name(name)) for name in LISTED} == LISTED
unknown = {name for name, char in found.items() if char == "\ufffd"}
assert unknown == {"A", "zero", "Omega", "eacute", "Euro", "fi", "plusminus"}
assert found["hyphen"] == "\u2010"
assert pymupdf.glyph_name_to_unicode("LATIN SMALL LETTER E WITH ACUTE") == ord("é")
PY
