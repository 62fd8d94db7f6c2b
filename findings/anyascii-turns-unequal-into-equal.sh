#!/usr/bin/env bash
# anyascii 0.3.3 beside Unidecode 1.4.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Both turn any text into ASCII, for names of files, keys, indexes of search. "AnyAscii provides ASCII-only replacement strings for
# practically all Unicode characters" (its README). Of a relation that is struck through, which says the opposite, it keeps the
# relation and drops the stroke; Unidecode leaves the sign out altogether, and the root, too. A number with a fraction behind it becomes a larger one:
#   text                   anyascii            Unidecode
#   p ≠ 0                  p = 0               p  0
#   x ≮ 5                  x < 5               x  5
#   x ≰ 5                  x < 5               x  5
#   7 ∤ n                  7 | n               7  n
#   A ∉ B                  A E B               A  B           anyascii has "E" for ∈, too
#   1½ in                  11/2 in             1 1/2 in
#   25 N·m                 25 N-m              25 N*m
#   √2                     sqrt2               2
# So "p ≠ 0" and "p = 0" have one key in an index made with anyascii, and √2 and 2 in one made with Unidecode. "≤" and "≥" are "<=" and ">="
# in both, "±" is "+-", "−" is "-".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q anyascii==0.3.3 unidecode==1.4.0
tools/bin/python - <<'PY'
from anyascii import anyascii
from unidecode import unidecode

SEEN = {
    "p ≠ 0": ("p = 0", "p  0"),
    "p = 0": ("p = 0", "p = 0"),
    "x ≮ 5": ("x < 5", "x  5"),
    "x ≰ 5": ("x < 5", "x  5"),
    "7 ∤ n": ("7 | n", "7  n"),
    "A ∉ B": ("A E B", "A  B"),
    "A ∈ B": ("A E B", "A  B"),
    "1½ in": ("11/2 in", "1 1/2 in"),
    "25 N·m": ("25 N-m", "25 N*m"),
    "√2": ("sqrt2", "2"),
    "p ≤ 5, q ≥ 5": ("p <= 5, q >= 5", "p <= 5, q >= 5"),
    "−5 ± 1": ("-5 +- 1", "-5 +- 1"),
}
for text, seen in SEEN.items():
    here = anyascii(text), unidecode(text)
    print(f"{text:14} anyascii {here[0]!r:18} Unidecode {here[1]!r}")
    assert here == seen, (text, here)
assert anyascii("≢≯≱∌∤") == "=>>E|"
PY
