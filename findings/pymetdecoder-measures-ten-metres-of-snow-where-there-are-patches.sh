#!/usr/bin/env bash
# pymetdecoder 0.2.2, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads reports of weather stations (SYNOP, FM 12). The group 4Esss of section 3 gives the depth of snow in cm, but its last three values are none: 997 is less than
# 0.5 cm, 998 snow that does not cover the ground, 999 cannot be measured (WMO, Manual on Codes, code table 3889). The library has fields for that, and does not set them:
#   group    depth        quantifier    continuous    impossible    is
#   4/012    12 cm        None          True          False         12 cm
#   4/997    997 cm       None          True          False         less than 0.5 cm
#   4/998    998 cm       None          True          False         patches of snow
#   4/999    999 cm       None          True          False         not measured
# No warning. Thin snow, the commonest there is, stands in a table as ten metres. The same kind of values of rain (990, 991 to 999) are read rightly.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pymetdecoder==0.2.2
tools/bin/python -W error - <<'PY'
from pymetdecoder import synop

for depth in (12, 997, 998, 999):
    found = synop.SYNOP().decode(f"AAXX 01004 10338 42960 73601 11004 333 4/{depth:03d}")["ground_state_snow"]["depth"]
    print(found)
    assert (found["depth"], found["unit"], found["quantifier"]) == (depth, "cm", None)
    assert found["continuous"] and not found["impossible"]
for code, amount, trace in (("012", 12, False), ("990", 0, True), ("995", 0.5, False)):
    rain = synop.SYNOP().decode(f"AAXX 01004 10338 12960 73601 11004 6{code}2")["precipitation_s1"]["amount"]
    assert (rain["value"], rain["trace"]) == (amount, trace), code
PY
