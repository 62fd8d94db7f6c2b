#!/usr/bin/env bash
# sexpdata 1.0.2, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads S-expressions, as Lisp, circuit boards (KiCad) and theorem provers write them. What Python's int() and float() take is read as a number, also where the notation has a
# name there: digits with "_", "inf", "nan" and "infinity" are symbols in Emacs Lisp, Common Lisp, Scheme and KiCad's files:
#   text                 read                    written again        is
#   (net 1_000)          net, 1000               (net 1000)           a name, 1_000
#   (pin inf)            pin, infinity           (pin inf)            a name, inf
#   (name NaN)           name, not a number      (name nan)           a name, NaN
#   (rev 1.10)           rev, 1.1                (rev 1.1)            1.10
#   (pin Infinity)       pin, infinity           (pin inf)            a name, Infinity
#   (pin in_f)           the same                (pin in_f)           right
# A name that is read as "not a number" equals nothing, not even itself. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q sexpdata==1.0.2
tools/bin/python - <<'PY'
import sexpdata

CASES = {
    "(net 1_000)": (int, "(net 1000)"),
    "(pin inf)": (float, "(pin inf)"),
    "(name NaN)": (float, "(name nan)"),
    "(pin Infinity)": (float, "(pin inf)"),
    "(rev 1.10)": (float, "(rev 1.1)"),
    "(pin in_f)": (sexpdata.Symbol, "(pin in_f)"),
}
for text, (kind, again) in CASES.items():
    read = sexpdata.loads(text)
    print(text, read, sexpdata.dumps(read))
    assert isinstance(read[1], kind) and sexpdata.dumps(read) == again, text
PY
