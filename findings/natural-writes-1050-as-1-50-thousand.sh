#!/usr/bin/env bash
# natural 0.2.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Writes numbers and sizes for people: word(123456789) is "123.46 million", double(12.34) "12.34" (docstrings). What stands behind the
# point is rounded as a number of its own and its leading noughts are lost, and so is what a rounding carries over. The sizes are divided the other
# way round (in the docstrings, too): KiB, which are 1,024 bytes (IEC 80000-13), by 1,000, and kB by 1,024:
#   call                   seen                is
#   word(1050)             1.50 thousand       1.05 thousand
#   word(1009)             1.10 thousand       1.01 thousand
#   word(999999)           999.10 thousand     1,000 thousand
#   word(1234)             1.23 thousand       right
#   double(1.05)           1.50                1.05
#   double(1.999)          1.10                2.00
#   double(-0.25)          0.-2                -0.25
#   double(1.5)            1.50                right
#   binarysize(1024)       1.20 KiB            1 KiB
#   binarysize(1536)       1.54 KiB            1.50 KiB
#   binarysize(5 * 1024²)  5.24 MiB            5 MiB
#   decimalsize(1000)      1000.00 B           1 kB
#   decimalsize(2000)      1.95 kB             2 kB
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q natural==0.2.0
tools/bin/python - <<'PY'
from natural import number, size

CASES = [
    (number.word, {1050: "1.50 thousand", 1009: "1.10 thousand", 999999: "999.10 thousand", 1234: "1.23 thousand"}),
    (number.double, {1.05: "1.50", 1.999: "1.10", -0.25: "0.-2", 1.5: "1.50"}),
    (size.binarysize, {1024: "1.20 KiB", 1536: "1.54 KiB", 5 * 1024**2: "5.24 MiB"}),
    (size.decimalsize, {1000: "1000.00 B", 2000: "1.95 kB"}),
]
for write, seen in CASES:
    for value, text in seen.items():
        print(write.__name__, value, write(value))
        assert write(value) == text, (write.__name__, value)
PY
