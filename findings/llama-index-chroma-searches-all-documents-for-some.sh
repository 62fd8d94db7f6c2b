#!/usr/bin/env bash
# llama-index-vector-stores-chroma 0.6.0 (llama-index-core 0.14.25, chromadb 1.5.9) from PyPI, Python 3.11, Linux (2026-11-30).
#
# A retriever may be confined to some documents or nodes, VectorIndexRetriever(index, doc_ids=[…]) or (index, node_ids=[…]), with
# any vector store: both go into the VectorStoreQuery. ChromaVectorStore's query() reads neither: it searches everything and says
# nothing. Two documents, one node each, asked for what stands in the first, confined to the second; the texts found:
#                               doc_ids                       node_ids
#   in memory (Simple…)         valve of KX, valve of MZ      valve of MZ
#   Chroma                      valve of KX, valve of MZ      valve of KX, valve of MZ
#   Milvus 1.2.0, Qdrant 0.10.4 valve of MZ                   valve of MZ        (seen with the same nodes)
# An answer out of another machine's manual looks like any other. get_nodes(node_ids=[…]) of the same class does confine. A
# metadata filter of the document's name is heeded by all.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q \
    llama-index-vector-stores-chroma==0.6.0 llama-index-core==0.14.25 chromadb==1.5.9
ANONYMIZED_TELEMETRY=False tools/bin/python - <<'PY'
import warnings

warnings.simplefilter("ignore")
import chromadb
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.retrievers import VectorIndexRetriever
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters, SimpleVectorStore
from llama_index.vector_stores.chroma import ChromaVectorStore


class Letters(BaseEmbedding):
    """How often a text has K and M: enough to put one of the two texts first."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return [1.0 + text.count("K"), 1.0 + text.count("M")]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def nodes() -> list[TextNode]:
    """The node kx of the document manual-KX, and mz of manual-MZ."""
    return [
        TextNode(
            id_=name.lower(),
            text=f"valve of {name}",
            metadata={"manual": name},
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=f"manual-{name}")},
        )
        for name in ("KX", "MZ")
    ]


collection = chromadb.EphemeralClient().create_collection("manuals")
confined = {
    "doc_ids": {"doc_ids": ["manual-MZ"]},
    "node_ids": {"node_ids": ["mz"]},
    "filter": {"filters": MetadataFilters(filters=[MetadataFilter(key="manual", value="MZ")])},
}
found = {}
for store in (SimpleVectorStore(), ChromaVectorStore(chroma_collection=collection)):
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(nodes(), storage_context=context, embed_model=Letters())
    for name, options in confined.items():
        hits = VectorIndexRetriever(index, similarity_top_k=5, **options).retrieve("valve of KX")
        found[type(store).__name__, name] = [hit.node.node_id for hit in hits]
        print(f"{type(store).__name__:18} confined by {name:9} {found[type(store).__name__, name]}")
everything = ["kx", "mz"]
assert found["SimpleVectorStore", "filter"] == found["ChromaVectorStore", "filter"] == ["mz"]
assert found["SimpleVectorStore", "node_ids"] == ["mz"] and found["SimpleVectorStore", "doc_ids"] == everything
assert found["ChromaVectorStore", "doc_ids"] == found["ChromaVectorStore", "node_ids"] == everything
PY
