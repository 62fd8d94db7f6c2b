#!/usr/bin/env bash
# hszinc 1.3.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads and writes Zinc, the text format of Project Haystack for data of buildings. Numbers without a value are INF, -INF and NaN there (Project
# Haystack, "Zinc", grammar of Number). hszinc reads them and writes them again as Python does, which nobody reads, itself included, so
# that the whole grid is lost; and it cuts places to a tenth of a metre:
#   in the grid                       read                  written again          read again
#   INF                               inf                   inf                    raises, for the whole grid
#   -INF                              -inf                  -inf                   raises
#   NaN                               nan                   nan                    raises
#   C(37.12345678,-77.00000049)       37.12345678, …        C(37.123457,-77.000000)    37.123457, -77
#   -40.5°C, 1e3kW, 5%, T, N          right
# A sensor that is off and says NaN makes the answer of a server unreadable. No error when it is written.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q hszinc==1.3.2
tools/bin/python - <<'PY'
import logging

import hszinc
from hszinc.zincparser import ZincParseException

logging.disable(logging.CRITICAL)


def first(text):
    read = hszinc.parse(text)
    return read[0] if isinstance(read, list) else read


CASES = {
    "INF": ("inf", False),
    "-INF": ("-inf", False),
    "NaN": ("nan", False),
    "C(37.12345678,-77.00000049)": ("C(37.123457,-77.000000)", True),
    "-40.5°C": ("-40.5°C", True),
    "5%": ("5.0%", True),
    "T": ("T", True),
}
for text, (seen, readable) in CASES.items():
    grid = first(f'ver:"2.0"\na\n{text}\n')
    written = hszinc.dump(grid)
    try:
        again = first(written)[0]["a"]
    except ZincParseException:
        again = "raised"
    print(text, repr(grid[0]["a"]), written.splitlines()[-1], again)
    assert written.splitlines()[-1] == seen, text
    assert (again != "raised") is readable, text
PY
