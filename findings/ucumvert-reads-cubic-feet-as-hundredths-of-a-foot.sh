#!/usr/bin/env bash
# ucumvert 0.3.2 with Pint 0.25.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns units of the Unified Code for Units of Measure (UCUM 2.2) into Pint's: "All UCUM units … are included". Six of them become
# another unit of that name in Pint, or with a prefix of Pint's, without an error; "ft" in "cft" is taken for a foot and "c" for centi-:
#   UCUM          is (ucum-essence.xml)         from_ucum() gives           in SI units            right
#   [cft_i]       cubic foot                    centifoot                   0.003048 m             0.0283168 m³
#   [cyd_i]       cubic yard                    centiyard                   0.009144 m             0.764555 m³
#   [Cal]         nutrition label Calories      calorie                     4.184 J                4184 J
#   '             minute of a plane angle       minute                      60 s                   0.000290888 rad
#   ''            second of a plane angle       second                      1 s                    0.00000484814 rad
#   g%            gram percent, g/dl            gram · percent              0.00001 kg             10 kg/m³
# [cin_i], [sft_i], [syd_i], cal, kcal, deg and gon are right, so a flow of 35 [cft_i]/min is a speed of 0.0018 m/s while 35 [cin_i]/min is
# a flow. A comparison with the right dimension fails later, with Pint's message about dimensions; [Cal] does not even then.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q ucumvert==0.3.2 pint==0.25.3
tools/bin/python - <<'PY'
from ucumvert import PintUcumRegistry

units = PintUcumRegistry()
WRONG = {  # code: (name and SI value as seen, value and unit by UCUM)
    "[cft_i]": ("centifoot", 0.003048, "meter", 0.028316846592, "meter ** 3"),
    "[cyd_i]": ("centiyard", 0.009144, "meter", 0.764554857984, "meter ** 3"),
    "[Cal]": ("calorie", 4.184, "joule", 4184, "joule"),
    "'": ("minute", 60, "second", 0.000290888208665722, "radian"),
    "''": ("second", 1, "second", 0.00000484813681109536, "radian"),
    "g%": ("gram * percent", 0.00001, "kilogram", 10, "kilogram / meter ** 3"),
}
for code, (name, seen, unit, right, right_unit) in WRONG.items():
    quantity = units.from_ucum(code)
    print(f"{code:8} {quantity!s:20} {quantity.to(unit):.7g}, by UCUM {right:.7g} {right_unit}")
    assert str(quantity.units) == name and abs(quantity.to(unit).magnitude / seen - 1) < 1e-9
    assert unit != right_unit or right / seen == 1000
RIGHT = {"[cin_i]": 0.000016387064, "[sft_i]": 0.09290304, "[syd_i]": 0.83612736, "cal": 4.184, "kcal": 4184, "deg": 0.0174532925199433}
for code, right in RIGHT.items():
    assert abs(units.from_ucum(code).to_base_units().magnitude / right - 1) < 1e-9, code
flow = units.from_ucum("[cft_i]/min") * 35
print("35 [cft_i]/min", flow.to_base_units())
assert flow.check("[length] / [time]") and units.from_ucum("[cin_i]/min").check("[volume] / [time]")
PY
