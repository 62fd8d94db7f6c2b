#!/usr/bin/env bash
# simplemma 2.0.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Gives words of some fifty languages the form that a dictionary has, so that a search finds them in
# any form. Symbols of units are looked up as words of the language, spoken contractions included, and some become another unit, or a
# verb; others of the same kind stay as they are:
#   language        symbol, lemma
#   English         m → be, us → we                      cm → centimeter, km → kilometer, but mm, kg, s, V as they are
#   Polish          m → być (to be), min → mina          cm → centymetr, kg → kilogram
#   Portuguese      mm → m
#   French          s → avoir (to have), A → avoir, d → de, N → ne       m → mètre, cm → centimètre
#   Swedish         bar → bära (to carry), min → jag (I)
#   Dutch           t → het (the), mol → mollen (moles)
# text_lemmatizer("Fit a pipe of 5 m.") is fit, a, pipe, of, 5, be. In Portuguese a screw of 5 mm is indexed as one of 5 m, in
# Swedish a pressure of 3 bar under "carry". No error; known words have no mark by which they could be told from unknown ones.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q simplemma==2.0.0
tools/bin/python - <<'PY'
import simplemma

CASES = {
    "en": {"m": "be", "us": "we", "cm": "centimeter", "km": "kilometer", "mm": "mm", "kg": "kg", "s": "s", "V": "V"},
    "pl": {"m": "być", "min": "mina", "cm": "centymetr", "kg": "kilogram"},
    "pt": {"mm": "m"},
    "fr": {"s": "avoir", "A": "avoir", "d": "de", "N": "ne", "m": "mètre", "cm": "centimètre"},
    "sv": {"bar": "bära", "min": "jag"},
    "nl": {"t": "het", "mol": "mollen"},
}
for language, lemmas in CASES.items():
    found = {symbol: simplemma.lemmatize(symbol, lang=language) for symbol in lemmas}
    print(language, found)
    assert found == lemmas
found = simplemma.text_lemmatizer("Fit a pipe of 5 m.", lang="en")
print(found)
assert found == ["fit", "a", "pipe", "of", "5", "be", "."]
assert simplemma.text_lemmatizer("um parafuso de 5 mm", lang="pt")[-2:] == ["5", "m"]
PY
