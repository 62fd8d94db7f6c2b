#!/usr/bin/env bash
# milvus-lite 3.2.2 with pymilvus 3.0.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# upsert() puts a record in the place of the one with the same id; only with partial_update=True are the two merged. Of fields that
# the schema does not name (the dynamic field, which a collection made by create_collection(name, dimension=…) has) Milvus's
# documentation says: with partial_update off they are overridden "by all non-schema-defined fields included in the request".
# Milvus Lite keeps them where the new record has none of that name, and goes on finding the record by them:
#   before                  id 1, vector, page 7, owner "ann", draft true          (page is a field of the schema, nullable)
#   upsert                  id 1, vector, state "final"
#   after                   page none, state "final", owner "ann", draft true      right: page none, state "final"
#   after insert() of the same id instead, or delete() and insert()                right
# So what was taken off a record, an owner, a tag, a mark of a draft, stays on it, and only there: fields of the schema go.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q milvus-lite==3.2.2 pymilvus==3.0.2
tools/bin/python - 2>errors <<'PY' || { cat errors >&2; exit 1; }
from pymilvus import DataType, MilvusClient

client = MilvusClient("./records.db")
OLD = {"id": 1, "vector": [1.0, 0.0], "page": 7, "owner": "ann", "draft": True}
NEW = {"id": 1, "vector": [0.0, 1.0], "state": "final"}


def collection(name: str) -> None:
    schema = client.create_schema(auto_id=False, enable_dynamic_field=True)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    schema.add_field("page", DataType.INT64, nullable=True)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="COSINE")
    client.create_collection(name, schema=schema, index_params=index)
    client.insert(name, [OLD])


def record(name: str, filter_: str = "id == 1") -> list[dict]:
    return [dict(one) for one in client.query(name, filter=filter_, output_fields=["*"])]


for name in ("upsert", "insert", "delete"):
    collection(name)
client.upsert("upsert", [NEW])
client.insert("insert", [NEW])
client.delete("delete", ids=[1])
client.insert("delete", [NEW])
for name in ("upsert", "insert", "delete"):
    print(f"{name:7}", record(name))
right = [{**NEW, "page": None}]
kept = [{**right[0], "owner": "ann", "draft": True}]
assert record("insert") == record("delete") == right
assert record("upsert") == kept == record("upsert", 'owner == "ann"')

client.create_collection("quick", dimension=2)
client.insert("quick", [OLD])
client.upsert("quick", [NEW])
print("quick  ", record("quick"))
assert record("quick") == [{**NEW, "page": 7, "owner": "ann", "draft": True}]
PY
