#!/usr/bin/env bash
# slownie 2.5.1, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Writes numbers and sums of Polish money in words. Złoty and grosze are parted first, and only the grosze are rounded then, so that a hundred of them may be left
# over; below zero and above -1 the minus stands at a zero and is lost in words:
#   call                       seen                                                    is
#   slownie_zl100gr(99.995)    dziewięćdziesiąt dziewięć złotych 100/100               sto złotych 00/100 (or 99 zł 99/100)
#   slownie_zl(2.999)          dwa złote sto groszy                                    trzy złote
#   slownie_zl(-0.5)           zero złotych pięćdziesiąt groszy                        minus fifty groszy
#   slownie_zl100gr(-0.5)      zero złotych 50/100                                    minus fifty hundredths
#   slownie_zl(-1.5)           minus jeden złoty pięćdziesiąt groszy                   right
#   slownie_zl100gr(12.05)     dwanaście złotych 05/100                                right
# No error: a debt of half a złoty is a credit.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q slownie==2.5.1
tools/bin/python -W ignore - <<'PY'
from slownie import slownie_zl, slownie_zl100gr

CASES = [
    (slownie_zl100gr, 99.995, "dziewięćdziesiąt dziewięć złotych 100/100"),
    (slownie_zl, 2.999, "dwa złote sto groszy"),
    (slownie_zl, -0.5, "zero złotych pięćdziesiąt groszy"),
    (slownie_zl100gr, -0.5, "zero złotych 50/100"),
    (slownie_zl, -1.5, "minus jeden złoty pięćdziesiąt groszy"),
    (slownie_zl100gr, 12.05, "dwanaście złotych 05/100"),
]
for write, value, seen in CASES:
    print(write.__name__, value, write(value))
    assert write(value) == seen, (write.__name__, value)
PY
