#!/usr/bin/env bash
# jcamp 1.3.2 beside nmrglue 0.12, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Both read spectra in JCAMP-DX. Its compressed form (4.24, section 5.2 and table VII) puts letters for leading digits, "subsequent
# digits of a multidigit number are standard ASCII digits", and ends a value that repeats with a count: "S" to "Z" and "s" are 1 to 9,
# "T5" is 25. The count is of the value before, a squeezed one ("A5", 15) or a difference ("J", 1). jcamp knows counts of one digit
# after differences alone. Digits that follow are put to the value, and after a squeezed value it repeats all from the last difference
# on:
#   in the file   stands for                           nmrglue    jcamp
#   400AJT5       1, then 25 times 1 more: 1 to 26     right      1, 2, 17
#   400A%S2       1, thirteen times                    right      1, 3
#   400A5JB5T     15, 16, 25, 25                       right      15, 1, 25, 1, 25
#   400AJJb3      1, 2, 3, -23                         right      1, 2, 1, -23       a difference before a squeezed value is a value
#   400AJV        1, then 4 times 1 more: 1 to 5       right      right
# The flat base line of a spectrum is written so, and is then short and has peaks that are none. jcamp prints "Mismatch of array lengths
# found" or a failed check to the standard output, but nothing for the fourth, and returns these values.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q jcamp==1.3.2 nmrglue==0.12 numpy==2.4.6 scipy==1.17.1
tools/bin/python -W ignore - <<'PY'
import jcamp
import nmrglue

HEAD = """##TITLE=made for this
##JCAMP-DX=4.24
##DATA TYPE=NMR SPECTRUM
##ORIGIN=none
##OWNER=none
##.OBSERVE FREQUENCY=400
##.OBSERVE NUCLEUS=^1H
##XUNITS=HZ
##YUNITS=ARBITRARY UNITS
##XFACTOR=1
##YFACTOR=1
##DELTAX=1
##FIRSTX=400
"""
CASES = [  # data, values, values as jcamp has them
    ("400AJT5", list(range(1, 27)), [1, 2, 17]),
    ("400A%S2", [1] * 13, [1, 3]),
    ("400A5JB5T", [15, 16, 25, 25], [15, 1, 25, 1, 25]),
    ("400AJV", [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
    ("400AJJb3", [1, 2, 3, -23], [1, 2, 1, -23]),
    ("400A2b3C4", [12, -23, 34], [12, -23, 34]),
    ("400 1 2.5 -3", [1, 2.5, -3], [1, 2.5, -3]),
]
for data, right, seen in CASES:
    with open("made.jdx", "w") as file:
        file.write(HEAD)
        file.write(f"##FIRSTY={right[0]}\n##LASTX={399 + len(right)}\n##NPOINTS={len(right)}\n")
        file.write(f"##XYDATA=(X++(Y..Y))\n{data}\n##END=\n")
    found = jcamp.readfile("made.jdx")["y"].tolist()
    other = nmrglue.jcampdx.read("made.jdx")[1].tolist()
    print(f"{data:14} jcamp {found}, nmrglue {other}")
    assert found == seen and other == right, data
PY
