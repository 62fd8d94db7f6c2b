#!/usr/bin/env bash
# llama-index-vector-stores-milvus 1.2.0, llama-index-core 0.14.25, milvus-lite 3.2.2, Python 3.11, Linux (2026-11-30).
#
# MetadataFilters(…, condition=FilterCondition.NOT) "negates the filter condition": the store in memory and Qdrant's leave out
# the nodes that match. The Milvus store writes the condition *between* the filters, as it does "and" and "or". With one filter
# there is no between, so nothing negates it, and the search gives exactly the nodes that were to be left out. Three nodes with
# n = 3, 4, 5 and b = 1, 0, 1; seen
#   NOT n == 3                    in memory 4, 5      Milvus 3
#   b == 1 and (NOT n == 3)       right would be 5    Milvus 3      (the store in memory takes no nested filters)
#   NOT n == 3, n == 4            in memory 5         Milvus raises: "n == 3 not n == 4" is no expression
# llama-index-vector-stores-lancedb 0.6.0 does the same with one filter, and finds nothing with two. Chroma's raises at once
# ("Filter condition FilterCondition.NOT not supported"). Instead of NOT, the operator NE of each filter is right.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q \
    llama-index-vector-stores-milvus==1.2.0 llama-index-core==0.14.25 pymilvus==2.6.17 milvus-lite==3.2.2
tools/bin/python - 2>errors <<'PY' || { cat errors >&2; exit 1; }
import warnings

warnings.simplefilter("ignore")
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    SimpleVectorStore,
    VectorStoreQuery,
)
from llama_index.vector_stores.milvus import MilvusVectorStore
from pymilvus.exceptions import MilvusException

NOT = FilterCondition.NOT
stores = {"in memory": SimpleVectorStore(), "Milvus": MilvusVectorStore(uri="./held.db", dim=2)}
for store in stores.values():
    store.add([TextNode(text=str(n), embedding=[1.0, n / 10], metadata={"n": n, "b": n % 2}) for n in (3, 4, 5)])


def found(name: str, filters: MetadataFilters) -> list[str]:
    asked = VectorStoreQuery(query_embedding=[1.0, 0.0], similarity_top_k=9, filters=filters)
    answer = stores[name].query(asked)
    metadata = stores["in memory"].data.metadata_dict  # this store gives ids alone
    return sorted(node.text for node in answer.nodes) if answer.nodes else sorted(str(metadata[n]["n"]) for n in answer.ids)


three, four = MetadataFilter(key="n", value=3), MetadataFilter(key="n", value=4)
one = MetadataFilters(filters=[three], condition=NOT)
two = MetadataFilters(filters=[three, four], condition=NOT)
nested = MetadataFilters(filters=[MetadataFilter(key="b", value=1), one])
unequal = MetadataFilters(filters=[MetadataFilter(key="n", value=3, operator=FilterOperator.NE)])
for name in stores:
    print(f"NOT n == 3, {name}: {found(name, one)}; n != 3: {found(name, unequal)}")
assert found("in memory", one) == found("in memory", unequal) == found("Milvus", unequal) == ["4", "5"]
assert found("Milvus", one) == ["3"]
print("b == 1 and (NOT n == 3), Milvus:", found("Milvus", nested))
assert found("Milvus", nested) == ["3"]
assert found("in memory", two) == ["5"]
try:
    found("Milvus", two)
except MilvusException as error:
    print("NOT n == 3, n == 4, Milvus:", str(error).splitlines()[0])
else:
    raise AssertionError("two filters are negated now")
PY
