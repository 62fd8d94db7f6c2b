#!/usr/bin/env bash
# humanfriendly 10.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# format_number(number, num_decimals=2) writes numbers with commas between thousands: "Format a number as a string including thousands
# separators", num_decimals: "The number of decimals to render" (docstring; 6000000000.42 is an example). Python writes floats from 1e16 up and
# below 0.0001 with an exponent, which is parted into thousands like digits; of a small number the exponent is cut off as a superfluous decimal; and
# decimals are cut, not rounded. humanize.intcomma and format(…, ",") say what is right:
#   format_number(…)     seen          format(…, ",.2f") or the number
#   1.234e-05            1.23          0.00: it is .00001234
#   1e-05                1e,-05        0.00
#   1e16                 1e,+16        10,000,000,000,000,000
#   1e15                 right
#   0.999                0.99          1.00
#   -1234.567            -1,234.56     -1,234.57
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q humanfriendly==10.0 humanize==4.17.0
tools/bin/python - <<'PY'
import humanfriendly
import humanize

CASES = {
    1.234e-05: ("1.23", "0.00"),
    1e-05: ("1e,-05", "0.00"),
    1e16: ("1e,+16", "10,000,000,000,000,000.00"),
    1e15: ("1,000,000,000,000,000", "1,000,000,000,000,000.00"),
    0.999: ("0.99", "1.00"),
    -1234.567: ("-1,234.56", "-1,234.57"),
}
for number, (seen, right) in CASES.items():
    print(number, humanfriendly.format_number(number), format(number, ",.2f"), humanize.intcomma(number, 2))
    assert humanfriendly.format_number(number) == seen, number
    assert format(number, ",.2f") == humanize.intcomma(number, 2) == right, number
PY
