#!/usr/bin/env bash
# ifcopenshell 0.9.0.post1, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Converts between the units that a building model declares. Its own api.unit.add_conversion_based_unit() writes a pound as 0.454 kilograms into the file, with the unit
# beside the factor; util.unit.convert_unit() takes the factor for one of grams, kilograms or tonnes alike. Degrees are multiplied without their zero, and the units named
# with capitals ("gallon US", "pint UK") are not found at all and taken for the basic unit:
#   from                  to                 ifcopenshell       is
#   1 tonne               kg                 1                  1000
#   1 pound               kg                 0.000454           0.454
#   1 kg                  pound              2202.6             2.2
#   50 °F                 °C, K              90, 90             10, 283.15
#   100 °C                K                  100                373.15
#   1 gallon US           m³, litre          1, 1000            0.003785, 3.785
#   16 ounces, 1 foot     pound, m           1, 0.3048          right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q ifcopenshell==0.9.0.post1
tools/bin/python - <<'PY'
from math import isclose

import ifcopenshell
from ifcopenshell.api.unit import add_conversion_based_unit, add_si_unit
from ifcopenshell.util.unit import convert_unit

model = ifcopenshell.file(schema="IFC4")
unit = {name: add_conversion_based_unit(model, name=name) for name in ("tonne", "pound", "ounce", "fahrenheit", "gallon US", "litre", "foot")}
unit["kg"] = add_si_unit(model, unit_type="MASSUNIT", prefix="KILO")
unit["K"] = add_si_unit(model, unit_type="THERMODYNAMICTEMPERATUREUNIT")
unit["m"] = add_si_unit(model, unit_type="LENGTHUNIT")
unit["m3"] = add_si_unit(model, unit_type="VOLUMEUNIT")
unit["C"] = model.create_entity("IfcSIUnit", UnitType="THERMODYNAMICTEMPERATUREUNIT", Name="DEGREE_CELSIUS")

# What the file itself says of the tonne and the pound.
for name, factor in (("tonne", 1000), ("pound", 0.454)):
    said = unit[name].ConversionFactor
    assert (said.ValueComponent.wrappedValue, said.UnitComponent.Prefix, said.UnitComponent.Name) == (factor, "KILO", "GRAM")

CASES = [  # value, from, to, ifcopenshell, right
    (1, "tonne", "kg", 1, 1000),
    (1, "pound", "kg", 0.000454, 0.454),
    (1, "kg", "pound", 2202.643, 2.202643),
    (50, "fahrenheit", "C", 90, 10),
    (50, "fahrenheit", "K", 90, 283.15),
    (100, "C", "K", 100, 373.15),
    (1, "gallon US", "m3", 1, 0.003785),
    (1, "gallon US", "litre", 1000, 3.785),
    (16, "ounce", "pound", 1, 1),
    (1, "foot", "m", 0.3048, 0.3048),
]
for value, one, other, seen, right in CASES:
    found = convert_unit(value, unit[one], unit[other])
    print(value, one, other, found, right)
    assert isclose(found, seen, rel_tol=2e-3), (one, other)
PY
