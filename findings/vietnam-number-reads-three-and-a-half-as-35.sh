#!/usr/bin/env bash
# vietnam-number 1.0.6, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Vietnamese words into numbers (w2n) and numbers into words (n2w), whole ones from 0 to 999,999,999,999 (README). "phẩy" is the decimal comma, "âm" minus, "rưỡi" a half of what stands
# before it. Comma, minus and half are not refused, but dropped and the
# digits joined:
#   call                          seen               is
#   w2n("ba phẩy năm")            35                 3.5
#   w2n("âm năm")                 5                  -5
#   w2n("ba rưỡi")                35                 3.5
#   w2n("hai nghìn rưỡi")         2500               right
#   n2w("3.5")                    ba mươi lăm        thirty-five
#   n2w("-5")                     năm                five
#   n2w("3500")                   ba nghìn năm trăm  right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q vietnam-number==1.0.6
tools/bin/python - <<'PY'
from vietnam_number import n2w, w2n

for text, seen in {"ba phẩy năm": 35, "âm năm": 5, "ba rưỡi": 35, "hai nghìn rưỡi": 2500, "mười lăm": 15}.items():
    print(text, w2n(text))
    assert w2n(text) == seen, text
for text, seen in {"3.5": "ba mươi lăm", "-5": "năm", "3500": "ba nghìn năm trăm"}.items():
    print(text, n2w(text))
    assert n2w(text) == seen, text
PY
