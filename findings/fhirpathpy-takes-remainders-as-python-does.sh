#!/usr/bin/env bash
# fhirpathpy 2.2.4 beside fhirpath 5.2.2 from npm (by the US National Library of Medicine); from PyPI, Python 3.11, Node 18 or newer,
# Linux (2026-11-30).
#
# Both evaluate FHIRPath, in which forms and profiles of health records ask and count. Where Python's own operators differ from
# the specification, fhirpathpy does as they do, but not for decimals:
#   expression             fhirpathpy   fhirpath    the specification (FHIRPath 2.0)
#   -5 mod 3               1            -2          6.6: the remainder of the truncated division of `div`, and -5 div 3 is -1
#   5 mod -3               -1           2           likewise; -5.5 mod 2 is -1.5 with both
#   1.25.round(1)          1.2          1.3         5.7: "a traditional round (i.e. 0.5 or higher will round to 1)"
#   2.power(0.5)           empty        1.414…      5.7: a decimal; 2.0.power(0.5) likewise
#   (1.0).toString()       1            1.0         5.5: decimals as (-)?#0.0#
#   'a\u00e9'.length()     7            2           4.1: \uXXXX is one character; \n and \' are
# An expression that is empty says no more than that something is missing, and goes on as that.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q fhirpathpy==2.2.4
npm install --silent --no-fund --no-audit --prefix peer fhirpath@5.2.2
cat > peer/evaluate.js <<'JS'
const fhirpath = require("fhirpath");
const expressions = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(expressions.map((expression) => fhirpath.evaluate({ resourceType: "Basic" }, expression))));
JS
tools/bin/python -W ignore - <<'PY'
import json
import subprocess

from fhirpathpy import evaluate

CASES = [  # expression, fhirpathpy, fhirpath
    ("-5 mod 3", ["1"], [-2]),
    ("5 mod -3", ["-1"], [2]),
    ("5 mod 3", ["2"], [2]),
    ("-5.5 mod 2", ["-1.5"], [-1.5]),
    ("-5 div 3", ["-1"], [-1]),
    ("1.25.round(1)", ["1.2"], [1.3]),
    ("1.35.round(1)", ["1.4"], [1.4]),
    ("2.power(0.5)", [], [2**0.5]),
    ("2.power(3)", ["8"], [8]),
    ("(1.0).toString()", ["1"], ["1.0"]),
    ("(1.5).toString()", ["1.5"], ["1.5"]),
    (r"'a\u00e9'.length()", ["7"], [2]),
    (r"'a\nb'.length()", ["3"], [3]),
]
given = json.dumps([expression for expression, _, _ in CASES])
said = subprocess.run(["node", "peer/evaluate.js"], input=given, capture_output=True, text=True, check=True).stdout
for (expression, seen, right), other in zip(CASES, json.loads(said.splitlines()[-1]), strict=True):
    found = [str(value) for value in evaluate({"resourceType": "Basic"}, expression, [])]
    print(f"{expression:22} fhirpathpy {found}, fhirpath {other}")
    assert (found, other) == (seen, right), expression
PY
