#!/usr/bin/env bash
# avro 1.12.2, beside fastavro 1.13.1, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Writes and reads Avro files. A decimal number has its scale in the schema: with scale 2 the file holds 120 for 1.2 ("unscaled value", Avro specification, "Decimal"). The
# library of the project that makes the specification writes the digits that the number happens to have, as if they were hundredths:
#   given                   written    read by both        written by fastavro
#   Decimal("1.20")         120        1.20                120
#   Decimal("1.2")          12         0.12                120
#   Decimal("-1")           -1         -0.01               -100
#   Decimal("100"), fixed   100        1.00                10000
#   Decimal("1E+2")         1          0.01                10000
# No error, and one only where there are more digits than the scale allows. Sums that lost a closing zero (normalize(), or a number read as text) shrink to a tenth or less.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q avro==1.12.2 fastavro==1.13.1
tools/bin/python -W ignore - <<'PY'
import io
import json
from decimal import Decimal

import avro.schema
import fastavro
from avro.datafile import DataFileReader, DataFileWriter
from avro.io import DatumReader, DatumWriter

KINDS = {
    "bytes": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
    "fixed": {"type": "fixed", "name": "four", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2},
}
CASES = [  # kind, given, read from what avro wrote
    ("bytes", "1.20", "1.20"),
    ("bytes", "1.2", "0.12"),
    ("bytes", "-1", "-0.01"),
    ("bytes", "1E+2", "0.01"),
    ("fixed", "100.00", "100.00"),
    ("fixed", "100", "1.00"),
]
for kind, given, seen in CASES:
    schema = {"type": "record", "name": "line", "fields": [{"name": "sum", "type": KINDS[kind]}]}
    row = {"sum": Decimal(given)}
    file = io.BytesIO()
    writer = DataFileWriter(file, DatumWriter(), avro.schema.parse(json.dumps(schema)))
    writer.append(row)
    writer.flush()
    other = io.BytesIO()
    fastavro.writer(other, fastavro.parse_schema(schema), [row])
    found = []
    for content in (file.getvalue(), other.getvalue()):
        (one,) = DataFileReader(io.BytesIO(content), DatumReader())
        (two,) = fastavro.reader(io.BytesIO(content))
        assert one == two
        found.append(one["sum"])
    print(kind, given, *found)
    assert found[0] == Decimal(seen) and found[1] == Decimal(given), given
PY
