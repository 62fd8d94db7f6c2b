#!/usr/bin/env bash
# canopen 2.4.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Electronic data sheets (EDS, CiA 306) describe the objects of a device on a CAN bus; numbers are decimal, hexadecimal or, with a leading
# nought, octal. A negative INTEGER16 in hexadecimal is its two's complement: 0xFF9C is -100. canopen reads LowLimit and HighLimit so;
# DefaultValue and ParameterValue of the same section, in the same digits, not:
#   in the file, of one object               canopen
#   DataType INTEGER16, 0xFF9C               min -100, max -100, default 65436, value 65436
#   DataType INTEGER8,  0xFE                 min -2, max -2, default 254
#   DataType INTEGER16, -100                 min -100, default -100: right
#   DataType REAL32,    1.5                  min, max none, default 1.5
#   DataType UNSIGNED8, 010 (eight)          default none, min none; 8 and 0x8 are 8
# The default lies outside of the limits then, and cannot be sent: "Value does not fit". Defaults that are not read are passed over
# without a word, in a file where most have one.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q canopen==2.4.1
tools/bin/python - <<'PY'
from pathlib import Path

import canopen

INTEGER8, INTEGER16, UNSIGNED8, REAL32 = 0x02, 0x03, 0x05, 0x08
CASES = [  # data type, number in the file, default, min
    (INTEGER16, "0xFF9C", 65436, -100),
    (INTEGER8, "0xFE", 254, -2),
    (INTEGER16, "-100", -100, -100),
    (UNSIGNED8, "010", None, None),
    (UNSIGNED8, "0x8", 8, 8),
    (UNSIGNED8, "8", 8, 8),
    (REAL32, "1.5", 1.5, None),
]
HEAD = """[FileInfo]
FileName=device.eds
EDSVersion=4.0
[DeviceInfo]
VendorName=Maker
[MandatoryObjects]
SupportedObjects=0
[OptionalObjects]
SupportedObjects=0
[ManufacturerObjects]
"""
lines = [f"SupportedObjects={len(CASES)}", *(f"{place}=0x{0x2000 + place:04X}" for place in range(1, len(CASES) + 1))]
for place, (kind, number, *_) in enumerate(CASES, 1):
    lines += [f"[{0x2000 + place:04X}]", f"ParameterName=P{place}", "ObjectType=0x7", f"DataType=0x{kind:04X}", "AccessType=rw"]
    lines += [f"{key}={number}" for key in ("DefaultValue", "ParameterValue", "LowLimit", "HighLimit")]
Path("device.eds").write_text(HEAD + "\n".join(lines) + "\n")

device = canopen.import_od("device.eds", node_id=5)
for place, (kind, number, default, low) in enumerate(CASES, 1):
    variable = device[0x2000 + place]
    print(f"type {kind} {number:7} default {variable.default} value {variable.value} min {variable.min} max {variable.max}")
    assert variable.default == variable.value == default, number
    assert variable.min == variable.max == low, number
for place in (1, 2):
    variable = device[0x2000 + place]
    assert variable.decode_raw(variable.encode_raw(variable.min)) == variable.min
    try:
        variable.encode_raw(variable.default)
    except ValueError as error:
        print(error)
    else:
        raise AssertionError("the default fits")
PY
