#!/usr/bin/env bash
# recognizers-text-number-with-unit 1.0.2a2 (Microsoft's Recognizers-Text), from PyPI, Python 3.11, Linux (2026-11-30). It starts with
# emoji 1.7.0 and no newer one.
#
# recognize_dimension() gives a value and a unit for each measure that it finds in English text. Where it does not know the whole it takes a
# part, without a sign of that, and case does not count for some units:
#   text                value, unit              is
#   3 cm³, 3 cm3        3 Centimeter             a volume; "3 m3" is 3 Cubic meter
#   1.5 TB, 2 PB        1.5 Terabit, 2 Petabit   bytes; "20 GB" and "10 MB" are Gigabyte and Megabyte, "20 Gb" is Gigabit
#   10 Nm               10 Nanometer             a torque
#   6 feet 2 inches     2 Inch                   the feet are gone; "5 ft 3 in" gives both
#   5-10 kg             10 Kilogram              the lower limit is gone
# recognize_number() likewise: "2½" is 2, "three and a half million" 3.5, "three point five million" nothing ("3.5 million" is right).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q recognizers-text-number-with-unit==1.0.2a2 \
    recognizers-text-number==1.0.2a2 recognizers-text==1.0.2a2 emoji==1.7.0
tools/bin/python -W ignore - <<'PY'
from recognizers_number import recognize_number
from recognizers_number_with_unit import recognize_dimension

DIMENSIONS = {
    "3 cm\N{SUPERSCRIPT THREE}": [("3", "Centimeter")],
    "3 cm3": [("3", "Centimeter")],
    "3 m3": [("3", "Cubic meter")],
    "1.5 TB": [("1.5", "Terabit")],
    "2 PB": [("2", "Petabit")],
    "20 GB": [("20", "Gigabyte")],
    "20 Gb": [("20", "Gigabit")],
    "1 terabyte": [("1", "Terabyte")],
    "10 Nm": [("10", "Nanometer")],
    "6 feet 2 inches": [("2", "Inch")],
    "5 ft 3 in": [("5", "Foot"), ("3", "Inch")],
    "5-10 kg": [("10", "Kilogram")],
}
for text, seen in DIMENSIONS.items():
    found = [(part.resolution["value"], part.resolution["unit"]) for part in recognize_dimension(text, "en-us")]
    print(f"{text:18} {found}")
    assert found == seen, text
NUMBERS = {
    "2\N{VULGAR FRACTION ONE HALF}": ["2"],
    "2 1/2": ["2.5"],
    "three and a half million": ["3.5"],
    "three point five million": [],
    "3.5 million": ["3500000"],
}
for text, numbers in NUMBERS.items():
    found = [part.resolution["value"] for part in recognize_number(text, "en-us")]
    print(f"{text:26} {found}")
    assert found == numbers, text
PY
