#!/usr/bin/env bash
# Chroma 1.5.9: a `where` filter with a float operand gives wrong records where the metadata value is an integer.
#
# The operand is cut to an integer before it is compared with integers: {"v": {"$eq": 3.5}} finds the record whose v is
# 3, {"$gte": 3.2} finds 3, {"$lt": 3.9} does not, {"$ne": 3.5} leaves it out, and so do $in and $nin. Values stored as
# floats are compared rightly, so one key that holds 3 in one record and 3.5 in another gives mixed results. No error, no
# warning; `get`, and `query` and `delete` through the same filter. Of eight operators $gt and $lte happen to be right.
# Seen with the embedded client (EphemeralClient), the same records with v = 3, 4, 5 and v = 3.0, 3.5, 4.0.
# Store numbers that will be compared as floats only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install chromadb==1.5.9
ANONYMIZED_TELEMETRY=False "$folder/venv/bin/python" - <<'PY'
import operator

import chromadb

COMPARE = {
    "$eq": operator.eq, "$ne": operator.ne, "$gt": operator.gt, "$gte": operator.ge, "$lt": operator.lt,
    "$lte": operator.le, "$in": lambda value, many: value in many, "$nin": lambda value, many: value not in many,
}
ASKED = [
    ("$eq", 3.5), ("$gte", 3.2), ("$gt", 3.2), ("$lt", 3.9), ("$lte", 3.9), ("$ne", 3.5), ("$in", [3.5]), ("$nin", [3.5]),
]
client = chromadb.EphemeralClient()


def wrong(name: str, values: list[float]) -> dict[str, tuple[list[str], list[str]]]:
    """Per operator what was found and what should have been, where they differ."""
    held = client.create_collection(name, embedding_function=None)
    held.add(ids=[str(v) for v in values], embeddings=[[1.0, 0.0]] * len(values), metadatas=[{"v": v} for v in values])
    found = {}
    for name, operand in ASKED:
        got = held.get(where={"v": {name: operand}})["ids"]
        right = [str(v) for v in values if COMPARE[name](v, operand)]
        if sorted(got) != right:
            found[f"{name} {operand}"] = (sorted(got), right)
    return found


whole, fractions = wrong("integers", [3, 4, 5]), wrong("floats", [3.0, 3.5, 4.0])
for asked, (got, right) in whole.items():
    print(f"v in 3, 4, 5: {asked:12} found {got}, should be {right}")
print("v in 3.0, 3.5, 4.0:", fractions or "all right")
assert set(whole) == {"$eq 3.5", "$gte 3.2", "$lt 3.9", "$ne 3.5", "$in [3.5]", "$nin [3.5]"}
assert whole["$eq 3.5"] == (["3"], []) and whole["$lt 3.9"] == ([], ["3"])
assert not fractions
PY
