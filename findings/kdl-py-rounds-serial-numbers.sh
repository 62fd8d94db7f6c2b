#!/usr/bin/env bash
# kdl-py 1.2.0 beside ckdl 1.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads KDL, a language for documents of settings, "into native Python types" (README: int, float, str …). Whole numbers in decimal digits become
# floats, those in other digits integers, so that one number has two values, and from 2 to the 53rd on the last digits are others:
#   in the document                kdl-py                    written again            ckdl
#   id 12345678901234567           1.2345678901234568e+16    1.2345678901234568e+16   12345678901234567
#   id 9007199254740993            9007199254740992.0        9007199254740992.0       9007199254740993
#   id 0x20000000000001            9007199254740993          9007199254740993         9007199254740993
#   port 8080                      8080.0                    8080.0                   8080
#   id (u64)9007199254740993       9007199254740992          9007199254740992         as in the file
# The document that is read and written without a change says other numbers. No error. The README says of the last one that it becomes
# an int; it does, by way of a float.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q kdl-py==1.2.0 ckdl==1.0
tools/bin/python - <<'PY'
import ckdl
import kdl

CASES = {
    "12345678901234567": (1.2345678901234568e16, "1.2345678901234568e+16", 12345678901234567),
    "9007199254740993": (9007199254740992.0, "9007199254740992.0", 9007199254740993),
    "0x20000000000001": (9007199254740993, "9007199254740993", 9007199254740993),
    "8080": (8080.0, "8080.0", 8080),
    "-5": (-5.0, "-5.0", -5),
    "1.5": (1.5, "1.5", 1.5),
}
for text, (seen, written, right) in CASES.items():
    document = kdl.parse(f"id {text}")
    found, other = document.nodes[0].args[0], ckdl.parse(f"id {text}").nodes[0].args[0]
    print(f"{text:20} {found!r:24} {other!r}")
    assert found == seen and type(found) is type(seen), text
    assert other == right and type(other) is type(right), text
    assert str(document).strip() == f"id {written}"
assert kdl.parse("id (u64)9007199254740993").nodes[0].args[0] == 9007199254740992
PY
