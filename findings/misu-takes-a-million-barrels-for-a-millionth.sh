#!/usr/bin/env bash
# misu 2.1.0, beside Pint 0.25.3, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Computes with units, some 1,100 of them, many of oil and gas. The M of "million" is a millionth, a metre of mercury is as high as a micrometre, and a litre per minute
# is cut where its sixes repeat:
#   unit       misu                is (Pint, arithmetic)
#   MMbbl      1.58987e-07 m³      158,987.3 m³       a million barrels
#   bbl        0.158987 m³         right
#   MMscf      a millionth of scf  a million of scf   standard cubic feet
#   mHg        0.133 Pa            133,322 Pa         a metre of mercury
#   mmHg       133.322 Pa          right
#   LPM        0.000016 m³/s       0.0000166667 m³/s  a litre per minute, 4 % more
#   GPM        0.0000630902 m³/s   right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q misu==2.1.0 pint==0.25.3
tools/bin/python -W ignore - <<'PY'
import math

import misu
from pint import UnitRegistry

registry = UnitRegistry()


def close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=1e-5)


barrel = registry("oil_barrel").to("m^3").magnitude
metre_of_mercury = registry("mmHg").to("Pa").magnitude * 1000
litre_per_minute = registry("l/min").to("m^3/s").magnitude
print(misu.MMbbl, misu.bbl, misu.MMscf, misu.scf, misu.mHg, misu.mmHg, misu.LPM, misu.GPM)
assert close(misu.bbl.magnitude, barrel) and close(misu.MMbbl.magnitude, barrel * 1e-6)
assert close(misu.MMscf.magnitude, misu.scf.magnitude * 1e-6)
assert close(misu.mHg.magnitude, metre_of_mercury * 1e-6) and close(misu.mmHg.magnitude, metre_of_mercury / 1000)
assert close(misu.LPM.magnitude, 1.6e-5) and close(litre_per_minute, 1 / 60000)
assert close(misu.GPM.magnitude, registry("gal/min").to("m^3/s").magnitude)
PY
