#!/usr/bin/env bash
# minsearch 0.2.0 with scikit-learn 1.9.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# A small search engine for retrieval. Its Index leaves the words to scikit-learn, whose words have at least two letters or digits; what is shorter
# is not indexed, and a question of it alone finds nothing. Its AppendableIndex parts words at digits, too, so that it has no numbers at all.
# VectorSearch leaves out whatever has a similarity of 0 or less, though results are
# asked for by number, and though a filter leaves nothing else:
#   texts: set 3.5 bar / the R language / class A fuse / vitamin C
#   search("3.5"), ("R"), ("A"), ("C")                       nothing
#   search("class A")                                        class A fuse: by "class"
#   search("10.25"), of "set 10.25 bar"                      Index: found, AppendableIndex: nothing
#   vectors: (1, 0) of kind a, (0, 1) of kind b, (-1, 1) of kind b; query (1, 0), num_results=3
#   VectorSearch                                             the first alone
#   VectorSearch, filter_dict={"kind": "b"}                  nothing            two have that kind
# No error. Numbers with one digit on both sides of the point, sizes and classes cannot be searched, and the nearest of a kind is missing
# where it is at a right angle to the query or beyond.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q minsearch==0.2.0 scikit-learn==1.9.1 numpy==2.4.6
tools/bin/python - <<'PY'
import numpy as np
from minsearch import AppendableIndex, Index, VectorSearch

TEXTS = ["set 3.5 bar", "the R language", "class A fuse", "vitamin C", "set 10.25 bar"]
DOCUMENTS = [{"text": text} for text in TEXTS]
index = Index(text_fields=["text"], keyword_fields=[]).fit(DOCUMENTS)
growing = AppendableIndex(text_fields=["text"], keyword_fields=[])
for document in DOCUMENTS:
    growing.append(document)
for query in ("3.5", "R", "A", "C", "class A", "10.25"):
    found = [document["text"] for document in index.search(query)]
    other = [document["text"] for document in growing.search(query)]
    print(query, found, other)
    assert found == {"class A": ["class A fuse"], "10.25": ["set 10.25 bar"]}.get(query, [])
    assert other == (["class A fuse"] if query == "class A" else [])

vectors = np.array([[1.0, 0], [0, 1], [-1, 1]])
search = VectorSearch(keyword_fields=["kind"]).fit(vectors, [{"kind": "a"}, {"kind": "b"}, {"kind": "b"}])
query = np.array([1.0, 0])
everything, kind = search.search(query, num_results=3), search.search(query, filter_dict={"kind": "b"}, num_results=3)
print(everything, kind)
assert everything == [{"kind": "a"}] and kind == []
assert search.search(np.array([1.0, 2]), filter_dict={"kind": "b"}, num_results=3) == [{"kind": "b"}, {"kind": "b"}]
PY
