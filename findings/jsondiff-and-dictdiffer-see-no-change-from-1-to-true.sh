#!/usr/bin/env bash
# jsondiff 2.2.1 and dictdiffer 0.10.0 beside jsonpatch 1.33, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Both say what has changed between two documents, jsondiff between "JSON and JSON-like structures". In JSON true and 1 are values of
# different types (RFC 8259, 3), and a comparison tells them apart (RFC 6902, 4.6: equal are values of the same type). Both ask with Python's "==",
# for which they are equal, so that nothing is said, and a patch changes nothing:
#   before           after             jsondiff               dictdiffer     jsonpatch
#   {"v": 1}         {"v": true}       {}                     none           replace /v by true
#   {"v": 0}         {"v": false}      {}                     none           replace /v by false
#   [0, 1]           [false, true]     {}                     none           none: it compares so in objects alone
#   {"v": 1}         {"v": 2}          {"v": 2}               changed        replace /v by 2
# A level 0 that becomes "off" in a settings file is not seen by a review that is made of such differences, and patch(before, diff) gives
# the old document. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q jsondiff==2.2.1 dictdiffer==0.10.0 jsonpatch==1.33
tools/bin/python - <<'PY'
import json

import dictdiffer
import jsondiff
import jsonpatch

CASES = [
    ('{"v": 1}', '{"v": true}', 1),
    ('{"v": 0}', '{"v": false}', 1),
    ("[0, 1]", "[false, true]", 0),
]
for before, after, changes in CASES:
    one, two = json.loads(before), json.loads(after)
    found = jsondiff.diff(one, two), list(dictdiffer.diff(one, two)), list(jsonpatch.make_patch(one, two))
    print(before, after, *found)
    assert found[:2] == ({}, []) and len(found[2]) == changes
    assert json.dumps(jsondiff.patch(one, found[0])) == before
    assert json.dumps(jsonpatch.apply_patch(one, found[2])) == (after if changes else before)
    assert jsondiff.diff(before, after, load=True, dump=True) == "{}"
assert jsondiff.diff({"v": 1}, {"v": 2}) == {"v": 2}
assert list(dictdiffer.diff({"v": 1}, {"v": 2})) == [("change", "v", (1, 2))]
PY
