#!/usr/bin/env bash
# Chroma 1.5.9: where two processes share a PersistentClient folder, get() follows the other one and query() does not:
# not even a deleted record is missed, and opening the client or the collection anew does not help.
#
# Process A has asked once; process B adds "two", deletes "one". Afterwards in A
#   get(), count()                          the records as they are now
#   query()                                 still the old ones: "two" is missing, "one", which is gone, comes back
#   a second PersistentClient of the folder,
#   get_collection() again                  the same stale answer: both share the first one's vector segment
#   query() after A itself has added one    "two" is there all at once
# No error, no warning. Whether a reader sees another process's records thus depends on what it did before, and a
# service that searches while a command line adds and removes documents shows what was removed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install chromadb==1.5.9
ANONYMIZED_TELEMETRY=False "$folder/venv/bin/python" - "$folder/db" <<'PY'
import subprocess
import sys

import chromadb

FOLDER = sys.argv[1]


def elsewhere(statement: str) -> None:
    """Run a statement on the collection in a process of its own."""
    code = f"import chromadb; held = chromadb.PersistentClient({FOLDER!r}).get_collection('parts'); {statement}"
    subprocess.run([sys.executable, "-c", code], check=True)


def queried(held: chromadb.Collection) -> set[str]:
    return set(held.query(query_embeddings=[[0.0, 1.0]], n_results=5)["ids"][0])


held = chromadb.PersistentClient(FOLDER).create_collection("parts", embedding_function=None)
held.add(ids=["one"], embeddings=[[1.0, 0.0]])
assert queried(held) == {"one"}
elsewhere("held.add(ids=['two'], embeddings=[[0.0, 1.0]]); held.delete(ids=['one'])")
print("get:", held.get()["ids"], "| query:", queried(held))
assert held.get()["ids"] == ["two"] and held.count() == 1
assert queried(held) == {"one"}
again = chromadb.PersistentClient(FOLDER).get_collection("parts", embedding_function=None)
print("opened anew:", queried(again))
assert queried(again) == {"one"}
held.add(ids=["three"], embeddings=[[0.5, 0.5]])
print("after an add of its own:", queried(held))
assert queried(held) == {"two", "three"}
PY
