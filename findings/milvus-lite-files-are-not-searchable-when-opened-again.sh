#!/usr/bin/env bash
# milvus-lite 3.2.2 with pymilvus 3.0.2 from PyPI, Python 3.11, Linux (2026-11-30).
#
# MilvusClient("manuals.db").create_collection(name, dimension=…) makes a collection that is searched at once, as the quick start
# shows. When the process has ended and another opens the file, the collection is listed, and search() fails:
#   (code=101, message=Collection 'manuals' is in state 'released'; call load() before search/get/query)
# until load_collection(name) is called: what is right in the first run fails in the second.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q milvus-lite==3.2.2 pymilvus==3.0.2
tools/bin/python - <<'PY'
from pymilvus import MilvusClient

client = MilvusClient("manuals.db")
client.create_collection("manuals", dimension=2)
client.insert("manuals", [{"id": 1, "vector": [1.0, 0.0]}])
found = client.search("manuals", data=[[1.0, 0.0]], limit=1)[0]
print("the process that made it:", [hit["id"] for hit in found], client.get_load_state("manuals"))
assert [hit["id"] for hit in found] == [1]
client.close()
PY
tools/bin/python - 2>/dev/null <<'PY'
from pymilvus import MilvusClient, MilvusException

client = MilvusClient("manuals.db")
print("the next process:", client.list_collections(), client.get_load_state("manuals"))
try:
    client.search("manuals", data=[[1.0, 0.0]], limit=1)
except MilvusException as exc:
    print("search:", exc.message)
    assert "released" in exc.message
else:
    raise SystemExit("it was found: this changed")
client.load_collection("manuals")
found = client.search("manuals", data=[[1.0, 0.0]], limit=1)[0]
print("after load_collection:", [hit["id"] for hit in found])
assert [hit["id"] for hit in found] == [1]
client.close()
PY
