#!/usr/bin/env bash
# inscriptis 2.7.6, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns HTML into text with the layout of a browser: tables keep their columns, for people and for what reads the text after
# them. colspan and rowspan, by which a cell takes several columns or rows (HTML, 4.9.11), are not looked at. The cells after a wide
# one, and those of the rows beside a tall one, move to the left, under the head of another column, in clean columns:
#   rowspan 2 on KX       Type  Mass  Power         colspan 2 on Mass     Type  Mass  Power
#                         KX    5 kg  10 W                                KX    5 kg  6 kg   10 W
#                         6 kg  20 W
# 6 kg is a type now, 20 W a mass and, on the right, 6 kg a power; in a browser 6 kg stands under Mass, the powers under Power. No
# message. The start of a list is passed over likewise, though a number of its own is not:
#   <ol start=5>, <li>                 1. Open       2. Close        5 and 6 in a browser
#   <ol>, <li value=5>, <li>           5. Open       6. Close
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q inscriptis==2.7.6
tools/bin/python - <<'PY'
from inscriptis import get_text


def column(text: str, line: int, word: str) -> int:
    return text.splitlines()[line].index(word)


tall = get_text(
    "<table><tr><th>Type</th><th>Mass</th><th>Power</th></tr>"
    '<tr><td rowspan="2">KX</td><td>5 kg</td><td>10 W</td></tr><tr><td>6 kg</td><td>20 W</td></tr></table>'
)
print(tall)
assert column(tall, 1, "5 kg") == column(tall, 0, "Mass") and column(tall, 1, "10 W") == column(tall, 0, "Power")
assert column(tall, 2, "6 kg") == column(tall, 0, "Type") and column(tall, 2, "20 W") == column(tall, 0, "Mass")

wide = get_text(
    '<table><tr><th>Type</th><th colspan="2">Mass</th><th>Power</th></tr>'
    "<tr><td>KX</td><td>5 kg</td><td>6 kg</td><td>10 W</td></tr></table>"
)
print(wide)
assert column(wide, 1, "6 kg") == column(wide, 0, "Power") < column(wide, 1, "10 W")

for html, numbers in {
    '<ol start="5"><li>Open</li><li>Close</li></ol>': ["1.", "2."],
    '<ol><li value="5">Open</li><li>Close</li></ol>': ["5.", "6."],
}.items():
    found = get_text(html)
    print(html, found.split())
    assert found.split()[::2] == numbers
PY
