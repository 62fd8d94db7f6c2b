#!/usr/bin/env bash
# canmatrix 1.3.3 beside cantools 45.1.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Converts descriptions of CAN buses between formats. In a DBC file signals of floating-point numbers are marked as such (SIG_VALTYPE_)
# and as signed ("@1-"), and canmatrix reads both. A PEAK symbol file has one word for the type, "float", "double", "signed" or
# "unsigned". canmatrix asks first whether the signal is signed and writes "signed" (create_signal in formats/sym.py), so that the bits
# are read as an integer. Of a frame that holds 21.5 as a 32-bit number, and another one as a 64-bit number, decoded by canmatrix
# itself, seen
#   converted to       32 bits        64 bits
#   DBC, JSON, KCD     21.5           21.5        KCD read by cantools, too
#   SYM                1101791232     4626744929681408000      "Var=f signed 0,32", "Var=d signed 0,64"
# There is no message. Marked as unsigned, such a signal becomes "float", for 64 bits as well, where the format has "double".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q canmatrix==1.3.3 cantools==45.1.0 lxml==6.1.3
tools/bin/python - <<'PY'
import logging
import struct

import cantools
from canmatrix import formats

logging.disable(logging.CRITICAL)
with open("made.dbc", "w") as file:
    file.write("""VERSION ""
NS_ :
BS_:
BU_: A
BO_ 512 Short: 8 A
 SG_ f : 0|32@1- (1,0) [0|0] "" A
 SG_ count : 32|32@1- (0.5,0) [0|0] "" A

BO_ 513 Long: 8 A
 SG_ d : 0|64@1- (1,0) [0|0] "" A

SIG_VALTYPE_ 512 f : 1;
SIG_VALTYPE_ 513 d : 2;
""")
SHORT, LONG = struct.pack("<fi", 21.5, -4), struct.pack("<d", 21.5)
matrix = formats.loadp("made.dbc")
for suffix in ("dbc", "json", "kcd", "sym"):
    formats.dumpp(matrix, f"other.{suffix}")
    [other] = formats.loadp(f"other.{suffix}").values()
    short = {name: float(value.phys_value) for name, value in other.frame_by_name("Short").decode(SHORT).items()}
    long = {name: float(value.phys_value) for name, value in other.frame_by_name("Long").decode(LONG).items()}
    print(suffix, short, long)
    assert short["count"] == -2.0
    assert (short["f"], long["d"]) == ((1101791232.0, 4626744929681408000.0) if suffix == "sym" else (21.5, 21.5)), suffix
with open("other.sym") as file:
    written = [line.split(" /")[0] for line in file if line.startswith("Var=")]
assert written == ["Var=f signed 0,32", "Var=count signed 32,32", "Var=d signed 0,64"], written
for suffix in ("dbc", "kcd"):
    decoded = cantools.database.load_file(f"other.{suffix}").decode_message(512, SHORT)
    assert decoded == {"f": 21.5, "count": -2.0}, decoded
PY
