#!/usr/bin/env bash
# Pint 0.25.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# ureg.Quantity("5 kΩ") reads text: Ω and µ in both codings, °, ², ·, × and superscripts. Signs that Python's tokenizer does not
# know are passed over. Among them are the minus sign (U+2212, the sign of Unicode for it, in PDFs and books the usual one) and those of
# limits, tolerances and ranges, so that another quantity comes out, without an error. Seen:
#   text                 Quantity              text                 Quantity
#   −40 bar              40 bar                5 ± 1 mm             5 mm
#   -40 bar              -40 bar               5…10 V               50 V
#   ≤ 5 bar              5 bar                 5 ≈ 6 V              30 V
#   1½ in                1 inch                6″                   6, of no dimension
#   10 000 rpm           0 rpm                 6 ft 2 in            12 foot * inch
# What is left side by side is multiplied, as "2 1/2 in" is known to be (issue 34 of pint); blanks as in ISO 80000-1:2009, 7.3.1 ("10 000"),
# make 10 times 000. That "√s" is read as s was reported (issue 1334, closed). A word that is no unit does raise
# (UndefinedUnitError), so a text which comes through looks as if it had been understood. Python 3.12 and later, which tokenize
# otherwise, were not looked at.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pint==0.25.3
tools/bin/python - <<'PY'
import pint

ureg = pint.UnitRegistry()
CASES = {
    "\u221240 bar": (40, "bar"),
    "-40 bar": (-40, "bar"),
    "≤ 5 bar": (5, "bar"),
    "5 ± 1 mm": (5, "millimeter"),
    "5…10 V": (50, "volt"),
    "5 ≈ 6 V": (30, "volt"),
    "1½ in": (1, "inch"),
    "6″": (6, "dimensionless"),
    "10 000 rpm": (0, "revolutions_per_minute"),
    "6 ft 2 in": (12, "foot * inch"),
    "5 kΩ": (5, "kiloohm"),
    "1.5×10⁻³ m": (0.0015, "meter"),
}
for text, (magnitude, unit) in CASES.items():
    found = ureg.Quantity(text)
    print(f"{text:12} {found}")
    assert found.magnitude == magnitude and str(found.units) == unit, (text, found)
try:
    ureg.Quantity("5 foo")
except pint.UndefinedUnitError as error:
    print(error)
else:
    raise AssertionError("a word that is no unit was read")
PY
