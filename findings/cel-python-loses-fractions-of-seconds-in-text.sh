#!/usr/bin/env bash
# cel-python 0.5.0 (celpy) beside @bufbuild/cel 0.6.1 from npm; from PyPI, Python 3.11, Node 20 or newer, Linux (2026-11-30).
#
# Both evaluate the Common Expression Language, in which filters, rules and checks of messages are written. string() of a duration or of
# a time is its form in JSON ("1.5s", "2020-01-01T00:00:00.25Z"), of a truth value "true" or "false" (language definition, "string").
# celpy:
#   expression                                          celpy                        @bufbuild/cel
#   string(duration('1.5s'))                            1s                           1.500s
#   string(duration('250ms'))                           0s                           0.250s
#   string(timestamp('2020-01-01T00:00:00.25Z'))        2020-01-01T00:00:00Z         2020-01-01T00:00:00.250Z
#   duration(string(duration('1.5s'))) == duration('1.5s')   false                   true
#   string(true), 'on: ' + string(1 > 0)                True, on: True               true, on: true
#   0.0/0.0 == 0.0/0.0                                  true                         false           not a number is equal to nothing
# The values themselves are kept: duration('1.5s') > duration('1s') is true, getMilliseconds() of the time is 250. So it is what is
# shown, logged, and put into names and keys that lacks the fraction: two measurements within a second have the same.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q cel-python==0.5.0
npm install --silent --no-fund --no-audit --prefix peer @bufbuild/cel@0.6.1
cat > peer/evaluate.mjs <<'JS'
import { readFileSync } from "node:fs";
import { run } from "@bufbuild/cel";
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((expression) => String(run(expression, {})))));
JS
tools/bin/python -W ignore - <<'PY'
import json
import subprocess

import celpy

TIME = "timestamp('2020-01-01T00:00:00.25Z')"
CASES = [  # expression, celpy, @bufbuild/cel
    ("string(duration('1.5s'))", "1s", "1.500s"),
    ("string(duration('250ms'))", "0s", "0.250s"),
    ("string(duration('-1.5s'))", "-1s", "-1.500s"),
    ("string(duration('90m'))", "5400s", "5400s"),
    (f"string({TIME})", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.250Z"),
    (f"{TIME}.getMilliseconds()", "250", "250"),
    ("duration(string(duration('1.5s'))) == duration('1.5s')", "False", "true"),
    ("duration('1.5s') > duration('1s')", "True", "true"),
    ("string(true)", "True", "true"),
    ("'on: ' + string(1 > 0)", "on: True", "on: true"),
    ("0.0/0.0 == 0.0/0.0", "True", "false"),
]
given = json.dumps([expression for expression, _, _ in CASES])
said = subprocess.run(["node", "peer/evaluate.mjs"], input=given, capture_output=True, text=True, check=True).stdout
environment = celpy.Environment()
for (expression, seen, right), other in zip(CASES, json.loads(said), strict=True):
    value = environment.program(environment.compile(expression)).evaluate({})
    found = str(bool(value)) if isinstance(value, celpy.celtypes.BoolType) else str(value)
    print(f"{expression:56} celpy {found}, @bufbuild/cel {other}")
    assert (found, other) == (seen, right), expression
PY
