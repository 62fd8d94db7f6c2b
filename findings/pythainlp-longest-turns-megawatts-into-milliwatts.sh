#!/usr/bin/env bash
# PyThaiNLP 5.4.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# word_tokenize(text, engine=…) "tokenizes running text into words"; the engines are to differ in where they cut, by a dictionary,
# by longest match … With "newmm" (the default), "newmm-safe" and "mm" the words joined are the text. "longest" gives words of Latin
# letters in lower case (tokenize/longest.py), where capitals mean something, too, without a word in its documentation:
#   text (Thai around it)         newmm, mm             longest
#   กำลัง 5 MW                     5, MW                 5, mw           mega- becomes milli-
#   แรงดัน 3 MPa                   3, MPa                3, mpa
#   รหัส E04                       E, 04                 e04
# A code or a unit taken out of such words is not in the text any more, and changing the engine changes what an index of them finds.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pythainlp==5.4.0
HOME="$work" tools/bin/python -W ignore - <<'PY'
from pythainlp import word_tokenize

LOWERED = {"กำลัง 5 MW": ["5", "mw"], "แรงดัน 3 MPa": ["3", "mpa"], "รหัส E04": ["e04"], "ปั๊ม 12.5 bar": ["12.5", "bar"]}

for text, end in LOWERED.items():
    words = {engine: word_tokenize(text, engine=engine, keep_whitespace=True) for engine in ("newmm", "mm", "newmm-safe")}
    longest = word_tokenize(text, engine="longest", keep_whitespace=True)
    print(text, words["newmm"], longest)
    assert all("".join(found) == text for found in words.values())
    assert [word for word in longest if word.strip()][-len(end) :] == end
    assert "".join(longest) == text.lower()
PY
