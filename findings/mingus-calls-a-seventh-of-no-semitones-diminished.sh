#!/usr/bin/env bash
# mingus 0.6.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# intervals.determine() names the interval from one note up to another, measure() counts its semitones. A seventh is major with 11 semitones, minor with 10,
# diminished with 9 and augmented with 12; fifths and primes are perfect, diminished or augmented, never minor. A seventh up to a raised note is
# counted as no semitone and called diminished, a lowered fifth minor. music21 says what is right:
#   from, to       mingus                   is
#   C, B#          diminished seventh, 0    augmented seventh, 12
#   C, Bbb         diminished seventh, 9    right
#   C, Gb          minor fifth              diminished fifth
#   C, B; C, G#    major seventh, augmented fifth: right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q mingus==0.6.1 music21==9.9.1
tools/bin/python - <<'PY'
from mingus.core.intervals import determine, measure
from music21.interval import Interval
from music21.pitch import Pitch

CASES = {
    ("C", "B#"): ("diminished seventh", 0, "Augmented Seventh", 12),
    ("C", "Bbb"): ("diminished seventh", 9, "Diminished Seventh", 9),
    ("C", "Gb"): ("minor fifth", 6, "Diminished Fifth", 6),
    ("C", "B"): ("major seventh", 11, "Major Seventh", 11),
    ("C", "G#"): ("augmented fifth", 8, "Augmented Fifth", 8),
}
for (low, high), (name, semitones, right, count) in CASES.items():
    other = Interval(Pitch(low.replace("b", "-") + "4"), Pitch(high.replace("b", "-") + "4"))
    print(low, high, determine(low, high), measure(low, high), other.niceName, other.semitones)
    assert (determine(low, high), measure(low, high)) == (name, semitones), (low, high)
    assert (other.niceName, other.semitones) == (right, count), (low, high)
PY
