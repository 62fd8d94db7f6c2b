#!/usr/bin/env bash
# pcb-tools 0.1.6, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads Gerber and drill files of printed circuit boards. Both may give places as steps from the one before: Gerber by "I" in %FS% (deprecated in
# today's specification), Excellon by ICI,ON or G91. The library reads the notation, says 'incremental', and then takes steps for places:
#   file                                     seen                   is
#   Gerber, I, two lines of 1 inch           x from 0 to 1          0 to 2
#   Excellon, G91, holes 1" and 1" on        x = 1 and 1            1 and 2
#   Excellon, ICI,ON                         x = 1 and 2            right
# The second hole lies on the first. No warning. A header "INCH,TZ" has two and four digits (Excellon's default), but one with lines that leave X or Y out, as they may, is
# read by three and three:
#   X10000Y5000, Y6000, X20000               10, 10, 20 inches      1, 1 and 2 inches
#   X10000Y5000 alone                        1 inch                 right
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pcb-tools==0.1.6
tools/bin/python -W ignore - <<'PY'
from gerber.excellon import loads as drill
from gerber.rs274x import loads as layer

gerber = layer("%FSLIX24Y24*%\n%MOIN*%\n%ADD10C,0.010*%\nD10*\nX0Y0D02*\nX10000D01*\nX10000D01*\nM02*\n")
print(gerber.bounds)
assert gerber.bounds[0] == (0.0, 1.0)


def holes(body: str, header: str = "INCH,TZ") -> list[float]:
    file = drill(f"M48\n{header}\nT1C0.032\n%\n{body}\nM30\n")
    found = [round(hole.position[0], 6) for hole in file.primitives]
    print(header, body.split(), file.format, found)
    return found


assert holes("G91\nT1\nX10000Y5000\nX10000") == [1.0, 1.0]
assert holes("T1\nX10000Y5000\nX10000", "INCH,TZ\nICI,ON") == [1.0, 2.0]
assert holes("T1\nX10000Y5000") == [1.0]
assert holes("T1\nX10000Y5000\nY6000\nX20000") == [10.0, 10.0, 20.0]
PY
