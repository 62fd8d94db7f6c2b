#!/usr/bin/env bash
# obd 0.7.3 (python-OBD), from PyPI, Python 3.11, Linux (2026-12-01).
#
# Asks cars for their trouble codes. A code is a letter and four hexadecimal digits in two bytes (SAE J2012), and the library brings a table of some 2,000 with their
# meaning, written in capitals: "P0A10". What comes from the car it writes in small letters, and looks that up:
#   bytes    query                        in its table
#   0A 10    ('P0a10', '')                P0A10
#   2A 05    ('P2a05', '')                P2A05
#   03 01    ('P0301', 'Cylinder 1 ...')  the same
# Of all 36 codes of the table that have a letter among their digits (drives of hybrids, sensors of oxygen) the meaning is lost, and the code equals none of those in manuals.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q obd==0.7.3
tools/bin/python - <<'PY'
from obd.codes import DTC
from obd.decoders import parse_dtc

lettered = lost = plain = 0
for code, meaning in DTC.items():
    data = bytearray.fromhex(f"{'PCBU'.index(code[0]) << 2 | int(code[1]):x}{code[2:]}")
    read, said = parse_dtc(data)
    assert read.upper() == code, code
    if any(digit.isalpha() for digit in code[1:]):
        lettered += 1
        assert meaning and said == "" and read not in DTC, code
    else:
        plain += 1
        assert (read, said) == (code, meaning), code
print(lettered, "codes with letters, none explained;", plain, "without, all explained")
assert lettered == 36 and plain > 1000
assert DTC["P0A10"] and parse_dtc(bytearray.fromhex("0A10")) == ("P0a10", "")
assert parse_dtc(bytearray.fromhex("0301")) == ("P0301", DTC["P0301"])
PY
