#!/usr/bin/env bash
# textdistance 4.6.3 alone, and with jellyfish 1.3.0 installed beside it, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# textdistance has its own code for each measure and calls another library for it "if available (installed in your system) and
# possible", the fastest first (README). It counts code points; jellyfish counts grapheme clusters, a letter and its marks as one.
# So the same call on the same texts answers otherwise once jellyfish is there, as a dependency of something else, say, in every
# script whose vowels are marks (Hindi, Thai, Tamil …) and for text in decomposed form (file names of macOS):
#                                                       alone     with jellyfish
#   hamming("किताब", "कताब"), one vowel left out           4         1
#   jaro("किताब", "कताब")                                  0.933     0.778
#   jaro_winkler("น้ำ", "นำ")                              0.611     0
#   levenshtein("Vie\u0323\u0302t", "Viet")               2         1
#   damerau_levenshtein, unrestricted, the same two       2         1
# A threshold found on one machine is wrong on the next, though textdistance is pinned. With external=False the first column holds
# everywhere. Of the libraries that it calls, rapidfuzz and Levenshtein count code points as it does.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > measured.py <<'PY'
import sys

import textdistance

BOOK, WATER, DECOMPOSED = ("किताब", "कताब"), ("น้ำ", "นำ"), ("Vie\u0323\u0302t", "Viet")
assert [len(text) for text in (*BOOK, *WATER, *DECOMPOSED)] == [5, 4, 3, 2, 6, 4]


def measured(external: bool) -> list[float]:
    return [
        textdistance.Hamming(external=external)(*BOOK),
        round(textdistance.Jaro(external=external)(*BOOK), 3),
        round(textdistance.JaroWinkler(external=external)(*WATER), 3),
        textdistance.Levenshtein(external=external)(*DECOMPOSED),
        textdistance.DamerauLevenshtein(external=external, restricted=False)(*DECOMPOSED),
        textdistance.DamerauLevenshtein(external=external)(*DECOMPOSED),
    ]


alone, beside = [4, 0.933, 0.611, 2, 2, 2], [1, 0.778, 0, 1, 1, 2]
found = measured(external=True)
print(sys.argv[1], found)
assert measured(external=False) == alone
assert found == (beside if sys.argv[1] == "jellyfish" else alone)
assert [textdistance.hamming(*BOOK), textdistance.levenshtein(*DECOMPOSED)] == [found[0], found[3]]  # as most call it
assert textdistance.Levenshtein()("Vi\u1ec7t", "Viet") == 1
PY
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q textdistance==4.6.3
tools/bin/python measured.py alone
tools/bin/python -m pip --disable-pip-version-check install -q jellyfish==1.3.0
tools/bin/python measured.py jellyfish
