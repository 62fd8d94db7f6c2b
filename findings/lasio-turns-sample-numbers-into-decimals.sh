#!/usr/bin/env bash
# lasio 0.32, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads well logs (LAS, Log ASCII Standard). Columns of text are allowed, and its docs say: each column is made into numbers, "if that fails,
# as it will for non-numeric characters, then the column will be returned as text"; by dtypes the caller may ask for str. Each single value
# goes through a number first, however, also where str is asked for, so the text that comes back is not the file's:
#   in the file          without dtypes           dtypes={"SAMPLE": str}
#   007 A-2 12B          7.0 A-2 12B              7.0 A-2 12B
#   12E3 A-2 12B         12000.0 A-2 12B          12000.0 A-2 12B
#   0012 013 12          12.0 13.0 12.0 (numbers) 12.0 13.0 12.0 (text)
#   1.10 1.2 1_1         1.1 1.2 11.0 (numbers)   1.1 1.2 11.0 (text)         1_1 is a number of Python's, not of a well's
# Numbers of samples, codes of rocks and tags then match no list. Written again, the file has the changed names. Parameters of the
# header go the same way ("LIC. 1E5" is 100000.0, "RUN. 007" is 7), but for the API and UWI numbers, which it spares by name.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q lasio==0.32 numpy==2.4.6
tools/bin/python - <<'PY' 2>/dev/null
import io

import lasio

HEAD = """~Version
VERS. 2.0 : CWLS LOG ASCII STANDARD
WRAP. NO  : ONE LINE PER DEPTH STEP
~Well
STRT.M 1 : START
STOP.M 3 : STOP
STEP.M 1 : STEP
NULL. -999.25 : NULL VALUE
LIC. 1E5 : LICENCE
API. 0600123 : API NUMBER
~Parameter
RUN. 007 : RUN
~Curve
DEPT.M : DEPTH
SAMPLE. : NUMBER OF THE SAMPLE
~ASCII
"""


def read(values: list[str], **options: object) -> lasio.LASFile:
    return lasio.read(HEAD + "".join(f"{depth} {value}\n" for depth, value in enumerate(values, 1)), **options)


CASES = [  # values, as they come back by themselves, and as text
    (["007", "A-2", "12B"], ["7.0", "A-2", "12B"], ["7.0", "A-2", "12B"]),
    (["12E3", "A-2", "12B"], ["12000.0", "A-2", "12B"], ["12000.0", "A-2", "12B"]),
    (["0012", "013", "12"], [12.0, 13.0, 12.0], ["12.0", "13.0", "12.0"]),
    (["1.10", "1.2", "1_1"], [1.1, 1.2, 11.0], ["1.1", "1.2", "11.0"]),
    (["A-1", "A-2", "12B"], ["A-1", "A-2", "12B"], ["A-1", "A-2", "12B"]),
]
for values, alone, as_text in CASES:
    found = read(values)["SAMPLE"].tolist()
    asked = read(values, dtypes={"SAMPLE": str})["SAMPLE"].tolist()
    print(values, found, asked)
    assert found == alone and asked == as_text, values
log = read(["007", "A-2", "12B"], dtypes={"SAMPLE": str})
assert (log.well["LIC"].value, log.well["API"].value, log.params["RUN"].value) == (100000.0, "0600123", 7)
written = io.StringIO()
log.write(written)
assert "7.0" in written.getvalue().split("~ASCII")[1] and "007" not in written.getvalue().split("~ASCII")[1]
PY
