#!/usr/bin/env bash
# @formulajs/formulajs 4.6.1, from npm, beside scipy 1.17.0, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# The older statistical functions of Excel, of which CHIDIST, CHIINV and FDIST are of the right tail, TINV of both, NORMSDIST is cumulative (Microsoft's pages of
# each give the examples below). The names are there, but compute the left tail, or a density:
#   function                   formulajs     is (scipy, Microsoft's example)
#   CHIDIST(18.307; 10)        .01548        .0500006
#   CHIINV(.05; 10)            3.9403        18.307
#   TINV(.05; 60)              -1.6706       2.000298
#   FDIST(15.2069; 6; 4)       .0012238      .01
#   NORMSDIST(1.333333)        .16401        .908789
#   TDIST(1.96; 60; 2)         .054645, right
# No error: 5 % of error is read as one and a half.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @formulajs/formulajs@4.6.1 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q scipy==1.17.0
cat >look.js <<'JS'
const f = require("@formulajs/formulajs");
console.log(JSON.stringify([f.CHIDIST(18.307, 10), f.CHIINV(0.05, 10), f.TINV(0.05, 60), f.FDIST(15.2069, 6, 4), f.NORMSDIST(1.333333), f.TDIST(1.96, 60, 2)]));
JS
node look.js >found.json
tools/bin/python - <<'PY'
import json
import math

from scipy import stats

found = json.load(open("found.json"))
right = [
    stats.chi2.sf(18.307, 10),
    stats.chi2.isf(0.05, 10),
    stats.t.isf(0.025, 60),
    stats.f.sf(15.2069, 6, 4),
    stats.norm.cdf(1.333333),
    2 * stats.t.sf(1.96, 60),
]
seen = [stats.chi2.pdf(18.307, 10), stats.chi2.ppf(0.05, 10), stats.t.ppf(0.05, 60), stats.f.pdf(15.2069, 6, 4), stats.norm.pdf(1.333333), right[-1]]
for line in zip(found, seen, right):
    print(*line)
for one, other in zip(found, seen):
    assert math.isclose(one, other, rel_tol=1e-5), (one, other)
for value, example in zip(right, (0.0500006, 18.307, 2.000298, 0.01, 0.908789, 0.054645)):
    assert math.isclose(value, example, rel_tol=1e-4), (value, example)
PY
