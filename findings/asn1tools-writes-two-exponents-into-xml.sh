#!/usr/bin/env bash
# asn1tools 0.169.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Encodes data by ASN.1 modules, as XML, too (XER, ITU-T X.693). A real number is digits with one exponent there (X.680, realnumber). asn1tools
# divides large numbers by ten until one digit is left, which changes their last places, and writes the exponent of Python and one of its own for those
# below 1e-4, which no reader reads, itself included. JER, its JSON, writes all of them rightly:
#   value                                   written in XER                 read again
#   1.5e-05 (fifteen micro)                 1.5e-05E0                      raises ValueError
#   6.62607015e-34 (Planck's constant)      6.62607015e-34E0               raises ValueError
#   6.02214076e+23 (Avogadro's)             6.022140759999997E23           6.022140759999997e+23
#   1.7976931348623157e+308                 1.7976931348623164E308         inf
#   3.14159, .0001, 1e23                    right
# No error when it is written.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q asn1tools==0.169.0
tools/bin/python - <<'PY'
import math

import asn1tools

MODULE = "A DEFINITIONS AUTOMATIC TAGS ::= BEGIN R ::= REAL END"
xer, jer = asn1tools.compile_string(MODULE, "xer"), asn1tools.compile_string(MODULE, "jer")
CASES = {
    1.5e-05: ("1.5e-05E0", None),
    6.62607015e-34: ("6.62607015e-34E0", None),
    6.02214076e23: ("6.022140759999997E23", 6.022140759999997e23),
    1.7976931348623157e308: ("1.7976931348623164E308", math.inf),
    3.14159: ("3.14159E0", 3.14159),
    0.0001: ("0.0001E0", 0.0001),
    1e23: ("1.0E23", 1e23),
}
for value, (text, seen) in CASES.items():
    written = xer.encode("R", value)
    try:
        again = xer.decode("R", written)
    except ValueError:
        again = None
    print(value, written, again)
    assert (written.decode(), again) == (f"<R>{text}</R>", seen), value
    assert jer.decode("R", jer.encode("R", value)) == value, value
PY
