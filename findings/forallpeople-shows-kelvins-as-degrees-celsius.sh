#!/usr/bin/env bash
# forallpeople 3.0.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Counts with units of the SI for the reports of engineers, and chooses prefixes and names of units. si.K is the kelvin (README). With the
# environment "default", which the README has loaded first, for the SI's derived units, each temperature is shown with the sign of degrees
# Celsius, its number unchanged, as if the two scales began at the same point:
#   si.environment("default")       293.15 * si.K     293.150 °C       it is 20 °C
#                                   273.15 * si.K     273.150 °C       freezing water
#   no environment                  293.15 * si.K     293.150 K        right
# In the HTML and LaTeX of notebooks it is the same. A difference of temperatures is right by chance; heat capacities and conductivities
# keep K. environments/default.json has "Celsius" as the name of the dimension of temperature, with the factor 1.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q forallpeople==3.0.0
tools/bin/python - <<'PY'
import forallpeople as si

shown = {"without": str(293.15 * si.K)}
si.environment("default")
room, ice = 293.15 * si.K, 273.15 * si.K
shown |= {
    "default": str(room),
    "ice": str(ice),
    "HTML": room._repr_html_(),
    "LaTeX": room._repr_latex_(),
    "capacity": str(4186 * si.J / (si.kg * si.K)),
    "force": str(1500 * si.kg * si.m / si.s**2),
}
for name, text in shown.items():
    print(f"{name:10} {text}")
assert shown["without"] == "293.150 K"
assert shown["default"] == "293.150 °C" and shown["ice"] == "273.150 °C"
assert shown["HTML"] == "293.150 &#0176;C" and r"{}^\circ \mathrm{C}" in shown["LaTeX"]
assert "K" in shown["capacity"] and "C" not in shown["capacity"] and shown["force"] == "1.500 kN"
PY
