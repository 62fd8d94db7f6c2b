#!/usr/bin/env bash
# jsonata-python 0.7.1 beside the reference implementation, jsonata 2.2.2 from npm; from PyPI, Python 3.11, Node 18 or newer, Linux (2026-11-30).
#
# JSONata queries and reshapes JSON. jsonata-python, a "Pure Python implementation of JSONata", runs the tests of the one in JavaScript,
# which it calls the reference. Some numbers come out otherwise, without an error:
#   expression                                    jsonata-python           jsonata (JavaScript)
#   5.5 % 2, -5.5 % 2, 7.25 % 0.5                 1, -1, 0                 1.5, -1.5, 0.25
#   "No. " & 4006381333931001                     No. 4.006381333931e+15   No. 4006381333931001
#   $string(1e15)                                 1e+15                    1000000000000000
#   $formatNumber(34.555, "#0.00;(#0.00)")        34.55                    34.56   also in the documentation of $formatNumber
#   $formatNumber(2.5, "0")                       3                        2       XPath's format-number(), which it follows, rounds half to even
#   $distinct([1, true, "1"])                     1, "1"                   1, true, "1"
#   true in [1, 2]                                true                     false
# The remainder is cut to an integer, so that weights and lengths lose their fraction, a number of 16 digits (serial numbers, identifiers)
# is not found by its text any more, and true is 1, as in Python, where "=" tells them apart. Numbers of 15 digits, 7 % 3 and $round() agree.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q jsonata-python==0.7.1
npm install --silent --no-fund --no-audit --prefix "$work" jsonata@2.2.2
cat >ask.mjs <<'JS'
import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';

const answers = [];
for (const expression of JSON.parse(readFileSync('expressions.json'))) answers.push(await jsonata(expression).evaluate({}));
console.log(JSON.stringify(answers));
JS
tools/bin/python - <<'PY'
import json
import subprocess
from pathlib import Path

from jsonata import jsonata

CASES = [  # expression, jsonata-python, jsonata
    ("5.5 % 2", 1, 1.5),
    ("-5.5 % 2", -1, -1.5),
    ("7.25 % 0.5", 0, 0.25),
    ('"No. " & 4006381333931001', "No. 4.006381333931e+15", "No. 4006381333931001"),
    ("$string(1e15)", "1e+15", "1000000000000000"),
    ("$string(1234567890123456)", "1.23456789012346e+15", "1234567890123456"),
    ('$formatNumber(34.555, "#0.00;(#0.00)")', "34.55", "34.56"),
    ('$formatNumber(2.5, "0")', "3", "2"),
    ('$formatNumber(0.125, "0.00")', "0.13", "0.12"),
    ('$distinct([1, true, "1"])', [1, "1"], [1, True, "1"]),
    ("true in [1, 2]", True, False),
    ("true = 1", False, False),
    ("$string(123456789012345)", "123456789012345", "123456789012345"),
    ("7 % 3", 1, 1),
    ("$round(2.5)", 2, 2),
]
Path("expressions.json").write_text(json.dumps([expression for expression, _, _ in CASES]))
run = subprocess.run(["node", "ask.mjs"], check=True, capture_output=True, text=True)
for (expression, seen, right), other in zip(CASES, json.loads(run.stdout), strict=True):
    one = jsonata.Jsonata(expression).evaluate({})
    print(f"{expression:42} python {one!s:24} javascript {other}")
    assert repr(one) == repr(seen) or json.dumps(one) == json.dumps(seen), expression
    assert json.dumps(other) == json.dumps(right), expression
PY
