#!/usr/bin/env bash
# milvus-lite 3.2.2 with pymilvus 3.0.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Filters that say the same in two ways find different records, without an error. Records 0 to 3 with mass (FLOAT, nullable)
# 0.5, 1.2, 2.7 and none, and the JSON values {"on": 1}, {"on": true}, {"on": 0}, {"on": false}:
#   mass == 1.2            none       mass in [1.2]          1            1.2 is stored in 32 bits and compared in 64; Milvus's
#   mass <= 2.7            0 1        mass < 2.8             0 1 2        documentation asks for no casts. A DOUBLE field is right
#   mass != 0.5            1 2        mass not in [0.5]      1 2 3        no value: left out by the one, found by the other,
#   not (mass == 0.5)      1 2        not (mass in [0.5])    1 2 3        though "not in" is "not equal" of each
#   j["on"] == 1           0 1        j["on"] == true        0 1          JSON's true and 1 are one, as in Python; 0 and false, too
# delete() takes the same filters: delete("mass not in [0.5, 1.2, 2.7]") takes away the record that says no mass.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q milvus-lite==3.2.2 pymilvus==3.0.2
tools/bin/python - 2>errors <<'PY' || { cat errors >&2; exit 1; }
from pymilvus import DataType, MilvusClient

client = MilvusClient("./records.db")
schema = client.create_schema(auto_id=False)
schema.add_field("id", DataType.INT64, is_primary=True)
schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
schema.add_field("mass", DataType.FLOAT, nullable=True)
schema.add_field("exact", DataType.DOUBLE, nullable=True)
schema.add_field("j", DataType.JSON)
index = client.prepare_index_params()
index.add_index("vector", index_type="FLAT", metric_type="COSINE")
client.create_collection("records", schema=schema, index_params=index)
MASSES, SWITCHES = (0.5, 1.2, 2.7, None), (1, True, 0, False)
client.insert(
    "records",
    [
        {"id": n, "vector": [1.0, 0.0], "mass": mass, "exact": mass, "j": {"on": on}}
        for n, (mass, on) in enumerate(zip(MASSES, SWITCHES, strict=True))
    ],
)


def found(filter_: str) -> list[int]:
    return sorted(record["id"] for record in client.query("records", filter=filter_, output_fields=["id"]))


SEEN = {
    "mass == 1.2": [], "mass in [1.2]": [1], "exact == 1.2": [1],
    "mass <= 2.7": [0, 1], "mass < 2.8": [0, 1, 2], "exact <= 2.7": [0, 1, 2],
    "mass > 1.2": [1, 2], "exact > 1.2": [2],
    "mass != 0.5": [1, 2], "mass not in [0.5]": [1, 2, 3],
    "not (mass == 0.5)": [1, 2], "not (mass in [0.5])": [1, 2, 3],
    'j["on"] == 1': [0, 1], 'j["on"] == true': [0, 1], 'j["on"] == 0': [2, 3], 'j["on"] == false': [2, 3],
}
for filter_, expected in SEEN.items():
    ids = found(filter_)
    print(f"{filter_:22}", *ids)
    assert ids == expected, filter_
client.delete("records", filter="mass not in [0.5, 1.2, 2.7]")
left = found("id >= 0")
print("after delete: mass not in [0.5, 1.2, 2.7]", *left)
assert left == [0, 1, 2]
PY
