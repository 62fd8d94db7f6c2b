#!/usr/bin/env bash
# unit-parse 0.1.12 with Pint 0.25.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# "Do you have strings/text that you want to turn into quantities?" parser(text) gives a Pint quantity, or None with a warning where it
# finds no unit. The symbols of some units, with and without prefixes, give a quantity without a unit and no warning, while their
# names and other symbols are read; two numbers before or around a unit are multiplied; "DC" is a speed:
#   text             parser()                     is
#   230 V            230 dimensionless            230 volt
#   5 mV, 5 kV       5 dimensionless              5 millivolt, 5 kilovolt
#   5 W, 5 MW        5 dimensionless              5 watt, 5 megawatt
#   5 N, 5 J, 5 Pa   5 dimensionless              newton, joule, pascal
#   24 V DC          24 decispeed_of_light        24 volt (direct current)
#   2 1/2 hours      1.0 hour                     2.5 hours
#   5 ft 3 in        15 foot                      5.25 foot
#   230 volts, 5 kΩ, 5 GHz, 5 MPa, 5 kWh, 1/2 hour                           right
# So voltages and powers of a table can be compared with each other and with plain numbers, 5 mV and 5 kV are equal.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q unit-parse==0.1.12 pint==0.25.3
tools/bin/python - <<'PY'
from unit_parse import parser

TEXTS = {  # text: magnitude, unit
    "230 V": (230, "dimensionless"),
    "5 mV": (5, "dimensionless"),
    "5 kV": (5, "dimensionless"),
    "5 W": (5, "dimensionless"),
    "5 MW": (5, "dimensionless"),
    "5 N": (5, "dimensionless"),
    "5 J": (5, "dimensionless"),
    "5 Pa": (5, "dimensionless"),
    "24 V DC": (24, "decispeed_of_light"),
    "2 1/2 hours": (1, "hour"),
    "5 ft 3 in": (15, "foot"),
    "230 volts": (230, "volt"),
    "5 kΩ": (5, "kiloohm"),
    "5 GHz": (5, "gigahertz"),
    "5 MPa": (5, "megapascal"),
    "5 kWh": (5, "kilowatt_hour"),
    "1/2 hour": (0.5, "hour"),
}
for text, (magnitude, unit) in TEXTS.items():
    quantity = parser(text)
    print(f"{text:12} {quantity!r}")
    assert quantity.magnitude == magnitude, text
    assert repr(quantity).endswith(f"'{unit}')>"), text
assert parser("5 mV") == parser("5 kV") == 5
PY
