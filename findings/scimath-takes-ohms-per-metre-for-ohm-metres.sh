#!/usr/bin/env bash
# scimath 5.0.0 beside Pint 0.25.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Converts values between units, and refuses where dimensions differ. Its ohms_per_meter (a wire's resistance for its length) is defined as
# ohm times metre, which is a resistivity, and so is "ohms_per_m" as text; "lbs" is a force where "lb" is a mass, so that a plural is
# another quantity. Seen:
#   call                                                       scimath                     Pint
#   convert(5, ohms_per_meter, ohm_m)                          5                           refuses: ohm / m is no ohm · m
#   convert(5, ohms_per_meter, ohm / meter)                    refuses                     5
#   convert(1, lb, kilogram)                                   0.4536                      0.45359237
#   convert(1, lbs, kilogram)                                  refuses                     0.45359237
#   convert(1, lbs, newton)                                    4.44822                     refuses: "lbs" is a mass
#   convert(1, siemens_per_meter, siemens / meter)             1                           1
# So a table of cables and one of soils may be mixed without a word, what the library is there to prevent.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q scimath==5.0.0 pint==0.25.3
tools/bin/python - <<'PY'
import pint
from scimath.units.convert import InvalidConversion, convert
from scimath.units.electromagnetism import ohm, ohm_m, ohms_per_meter, siemens, siemens_per_meter
from scimath.units.force import lbs, newton
from scimath.units.length import meter
from scimath.units.mass import kilogram, lb
from scimath.units.unit_parser import unit_parser

ureg = pint.UnitRegistry()


def scimath(value, one, two):
    try:
        return convert(value, one, two)
    except InvalidConversion:
        return "refused"


def by_pint(value, one, two):
    try:
        return ureg.Quantity(value, one).to(two).magnitude
    except pint.DimensionalityError:
        return "refused"


CASES = [
    ((5, ohms_per_meter, ohm_m), 5, (5, "ohm / meter", "ohm * meter"), "refused"),
    ((5, ohms_per_meter, ohm / meter), "refused", (5, "ohm / meter", "ohm / meter"), 5),
    ((1, lb, kilogram), 0.4536, (1, "lb", "kg"), 0.45359237),
    ((1, lbs, kilogram), "refused", (1, "lbs", "kg"), 0.45359237),
    ((1, lbs, newton), 4.44822, (1, "lbs", "newton"), "refused"),
    ((1, siemens_per_meter, siemens / meter), 1, (1, "siemens / meter", "siemens / meter"), 1),
]
for one, seen, other, right in CASES:
    found = scimath(*one), by_pint(*other)
    print(other, *found)
    for value, expected in zip(found, (seen, right), strict=True):
        assert value == expected or abs(value - expected) < 1e-6, other
assert unit_parser.parse_unit("ohms_per_m").derivation == ohm_m.derivation
PY
