#!/usr/bin/env bash
# nmrglue 0.12, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads spectra in JCAMP-DX. A line of the table (X++(Y..Y)) begins with its place on the axis, and what follows "$$" to the end of a
# line is a comment, on any line (JCAMP-DX 4.24, section 3). nmrglue takes the comment off with the end of the line, so that the next
# line is joined to this one and its place counts as an intensity. A question mark, which files of collections have for a value that is
# missing, is left out, and all behind it moves up. Seen, without a warning, of four points (places 0 to 3, intensities 10, 20, 30, 40):
#   lines of the table                     values
#   0 10 20             | 2 30 40          10, 20, 30, 40        right, as with a line of its own for the comment
#   0 10 20 $$ first    | 2 30 40          10, 20, 2, 30, 40     the place 2 is a value, and the spectrum one point longer
#   0 10 ?              | 2 30 40          10, 30, 40            the third intensity at the second place
# The places of the points are made from FIRSTX, LASTX and the number of values, so every peak behind lies elsewhere. NPOINTS=4, which
# says how many there are, is not looked at.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q nmrglue==0.12 numpy==2.4.6 scipy==1.17.1
tools/bin/python - <<'PY'
import warnings

import nmrglue

HEAD = """##TITLE=made for this
##JCAMP-DX=5.00
##DATA TYPE=NMR SPECTRUM
##DATA CLASS=XYDATA
##ORIGIN=none
##OWNER=none
##.OBSERVE FREQUENCY=400
##.OBSERVE NUCLEUS=^1H
##XUNITS=HZ
##YUNITS=ARBITRARY UNITS
##FIRSTX=0
##LASTX=3
##XFACTOR=1
##YFACTOR=1
##NPOINTS=4
##FIRSTY=10
##XYDATA=(X++(Y..Y))
"""
CASES = [
    (["0 10 20", "2 30 40"], [10, 20, 30, 40]),
    (["0 10 20", "$$ first", "2 30 40"], [10, 20, 30, 40]),
    (["0 10 20 $$ first", "2 30 40"], [10, 20, 2, 30, 40]),
    (["0 10 ?", "2 30 40"], [10, 30, 40]),
]
for lines, seen in CASES:
    with open("made.jdx", "w") as file:
        file.write("\n".join([HEAD.rstrip(), *lines, "##END=", ""]))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        found = nmrglue.jcampdx.read("made.jdx")[1].tolist()
    print(" | ".join(lines), found)
    assert found == seen, lines
PY
