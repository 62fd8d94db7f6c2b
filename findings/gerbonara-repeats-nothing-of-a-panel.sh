#!/usr/bin/env bash
# gerbonara 1.5.0 beside pygerber 2.4.3, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Reads the layers of circuit boards (Gerber). What stands between %SRX2Y3I0.5J1.0*% and %SR*% is laid out in columns and rows at these
# distances (Gerber Layer Format Specification, "Step and Repeat"), as panels of equal boards are written. gerbonara reads the commands
# without a word and repeats nothing: what is in the block is there once. Of one round pad of 0.01 inch in a block of two by three, seen
#   gerbonara    1 pad,  extent 0.01 x 0.01 inch        saved again: the block is gone from the file
#   pygerber             extent 0.51 x 2.01 inches      as the standard has it
# Flashes, lines, arcs and regions are alike. Its parser has the block's copies written out at %SR*%, but asks `if
# self.step_repeat_objects` of the list of what to copy, which is empty when the block begins, so that nothing comes into it
# (rs274x.py). Counts of pads, areas of copper and the size of a board are then those of one board of the panel.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q gerbonara==1.5.0
python3 -m venv peer
peer/bin/python -m pip --disable-pip-version-check install -q pygerber==2.4.3
cat > extent.py <<'PY'
import sys

from pygerber.gerberx3.api.v2 import GerberFile

info = GerberFile.from_file(sys.argv[1]).parse().get_info()
print(*(float(value) for value in (info.min_x_mm, info.min_y_mm, info.max_x_mm, info.max_y_mm)))
PY
tools/bin/python -W error::UserWarning - <<'PY'
import subprocess

from gerbonara import GerberFile, MM

HEAD = "%FSLAX26Y26*%\n%MOIN*%\n%ADD10C,0.01*%\nD10*\n"
PAD, LINE = "X0Y0D03*\n", "X0Y0D02*\nG01X100000D01*\n"
INCH = 25.4


def extent(body: str) -> tuple[int, list[float], list[float]]:
    """Number of objects, and left, lower, right and upper edge in inches, by gerbonara; the edges by pygerber."""
    with open("layer.gbr", "w") as file:
        file.write(f"{HEAD}{body}M02*\n")
    layer = GerberFile.open("layer.gbr")
    box = [round(float(value) / INCH, 3) for corner in layer.bounding_box(MM) for value in corner]
    said = subprocess.run(["peer/bin/python", "extent.py", "layer.gbr"], capture_output=True, text=True, check=True).stdout
    return len(layer.objects), box, [round(float(value) / INCH, 3) for value in said.split()]


for drawn, one, whole in (
    (PAD, [-0.005, -0.005, 0.005, 0.005], [-0.005, -0.005, 0.505, 2.005]),
    (LINE, [-0.005, -0.005, 0.105, 0.005], [-0.005, -0.005, 0.605, 2.005]),
):
    block = extent(f"%SRX2Y3I0.5J1.0*%\n{drawn}%SR*%\n")
    print(drawn.split()[0], block, extent(drawn))
    assert block == (1, one, whole) and extent(drawn) == (1, one, one)
layer = GerberFile.open("layer.gbr")
assert len(layer.objects) == 1
with open("panel.gbr", "w") as file:
    file.write(f"{HEAD}%SRX2Y3I0.5J1.0*%\n{PAD}%SR*%\nM02*\n")
GerberFile.open("panel.gbr").save("again.gbr")
with open("again.gbr") as file:
    again = file.read()
assert "SR" not in again and again.count("D03*") == 1, again
PY
