#!/usr/bin/env bash
# chinese2digits 6.0.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Writes the numbers of Chinese texts in Arabic digits (takeNumberFromString()). 三四百 is "three or four hundred" and 零下五度 "five degrees below zero", 一半 is
# "half" and 三又二分之一 "three and a half". The first becomes one number ten times as large, the others a digit and what is left; of
# 两三百, "two or three hundred", three hundred is left:
#   text              replacedText      is
#   三四百米          3400米            300 or 400 metres
#   零下五度          0下5度            -5 degrees
#   一半              1半               1/2
#   三又二分之一      3又0.5            3.5
#   两三百            两300             200 or 300
#   负三百, 百分之三点五, 二百五, 一万五      -300, 0.035, 250, 15000: right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q chinese2digits==6.0.2
tools/bin/python - <<'PY'
from chinese2digits import takeNumberFromString

CASES = {
    "三四百米": "3400米", "零下五度": "0下5度", "一半": "1半", "三又二分之一": "3又0.5", "两三百": "两300",
    "负三百": "-300", "百分之三点五": "0.035", "二百五": "250", "一万五": "15000",
}  # fmt: skip
for text, seen in CASES.items():
    found = takeNumberFromString(text)["replacedText"]
    print(text, found)
    assert found == seen, text
PY
