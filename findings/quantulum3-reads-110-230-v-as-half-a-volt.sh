#!/usr/bin/env bash
# quantulum3 0.10.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Finds quantities with units in plain text. A slash between two numbers is always a fraction, and it is worked out: the two voltages
# or frequencies of a type plate, which stand for "either", become one small number. A unit after "half a" becomes "per unit". Of a
# range with three dots ("...", as technical drawings and type plates have it) the first number is kept, without unit, and the rest is lost;
# a range between two negative numbers is lost altogether. Seen, with no message:
#   Supply 110/230 V, 50/60 Hz.     0.478 volt, 0.833 hertz            "3/4 in" and "230/400 V" cannot be told apart
#   Add half a litre.               0.5 per litre                      "one and a half litres" is 1.5 litre
#   Output 0...10 V.                0, of no dimension                 "0-10 V" is 5 volt, uncertainty 5 (meant so: issue 126)
#   Store at -10 to -5 °C.          nothing                            "-10 °C to +40 °C" is 15, uncertainty 25
# The README says that it "also parses spelled-out numbers, ranges and uncertainties". A quantity's surface has the text, "110/230 V",
# from which a caller can tell.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q quantulum3==0.10.0
tools/bin/python -W ignore - <<'PY'
from quantulum3 import parser


def read(text: str) -> list[tuple[float, str, float | None]]:
    found = [(round(q.value, 3), q.unit.name, q.uncertainty) for q in parser.parse(text)]
    print(f"{text:32} {found}")
    return found


assert read("Supply 110/230 V, 50/60 Hz.") == [(0.478, "volt", None), (0.833, "hertz", None)]
assert read("Use a 3/4 in hose.") == [(0.75, "inch", None)]
assert [q.surface for q in parser.parse("Supply 110/230 V, 50/60 Hz.")] == ["110/230 V", "50/60 Hz"]
assert read("Add half a litre.") == [(0.5, "per litre", None)]
assert read("Add one and a half litres.") == [(1.5, "litre", None)]
assert read("Output 0...10 V.") == [(0.0, "dimensionless", None)]
assert read("Output 0-10 V.") == [(5.0, "volt", 5.0)]
assert read("Store at -10 to -5 °C.") == []
assert read("Store at -10 °C to +40 °C.") == [(15.0, "degree Celsius", 25.0)]
PY
