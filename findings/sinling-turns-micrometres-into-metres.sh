#!/usr/bin/env bash
# sinling 0.3.7, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Tools for Sinhala. SinhalaTokenizer gives the words of a text and its sentences. What it calls "ignoring_chars" (sinhala/tokenizer.py, some
# hundred signs and foreign letters) is taken out of the text first, among them µ, Ω, °, ×, ½ and ‰; then a colon ends a sentence, and a comma
# a word, wherever they stand. Seen:
#   text                             split_sentences()                            tokenize()
#   5 µm                             5 m                                          5, m
#   3 Ω                              3                                            3
#   2 × 3                            2  3                                         2, 3
#   ජලය -5 °C දී මිදේ.                ජලය -5 C දී මිදේ                               …, -, 5, C, …            the minus is a word
#   වේලාව 12:30 සිට 14:45 දක්වා        වේලාව 12 | 30 සිට 14 | 45 දක්වා                12, :, 30, …            "time, from 12:30 to 14:45"
#   මිල 1,250.50                      as it is                                     මිල, 1, ",", 250.50      "price 1,250.50"
# So lengths are a million times as long, and an interval of time becomes three sentences. No error, and no list of what was left out.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q sinling==0.3.7
tools/bin/python - <<'PY'
from sinling import SinhalaTokenizer

CASES = {
    "5 µm": (["5 m"], ["5", "m"]),
    "3 Ω": (["3"], ["3"]),
    "2 × 3": (["2  3"], ["2", "3"]),
    "ජලය -5 °C දී මිදේ.": (["ජලය -5 C දී මිදේ"], ["ජලය", "-", "5", "C", "දී", "මිදේ", "."]),
    "වේලාව 12:30 සිට 14:45 දක්වා": (
        ["වේලාව 12", "30 සිට 14", "45 දක්වා"],
        ["වේලාව", "12", ":", "30", "සිට", "14", ":", "45", "දක්වා"],
    ),
    "මිල 1,250.50": (["මිල 1,250.50"], ["මිල", "1", ",", "250.50"]),
    "ජලය 2.5 l": (["ජලය 2.5 l"], ["ජලය", "2.5", "l"]),
}
tokenizer = SinhalaTokenizer()
for text, seen in CASES.items():
    found = tokenizer.split_sentences(text), tokenizer.tokenize(text)
    print(text, *found)
    assert found == seen, text
PY
