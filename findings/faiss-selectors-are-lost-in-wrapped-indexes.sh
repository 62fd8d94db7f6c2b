#!/usr/bin/env bash
# faiss-cpu 1.15.1 from PyPI, Python 3.11, Linux (2026-11-30).
#
# SearchParameters(sel=…) restricts a search to some ids. The parameters of an index that wraps another one (Refine, which
# ranks anew; PreTransform, as PCA) have `sel`, too, for they derive from it, but the wrapper does not look at it: the search
# runs over everything, without an error. Only the inner parameters' `sel` counts. Around them an IDMap, which is what
# gives such an index ids of one's own, translates the ids of the outer `sel` alone: the inner one is still compared with
# the numbers of the rows. 500 vectors with the ids 1000, 1001, …, of which 1000 to 1009 are allowed; the nearest five, seen
#   "Flat"                     sel                    1003 1001 1006 1002 1000
#   "Flat,Refine(Flat)"        sel                    1300 1091 1460 1003 1441    filter lost
#                              base_index_params.sel    -1   -1   -1   -1   -1    nothing
#                              base_index_params.sel of the rows 0 to 9: right
#   "PCA8,Flat"                sel                    1300 1091 1460 1003 1441, and likewise with index_params
# What a tenant or a user may not see is thus found by the outer filter, and nothing at all by the inner one. A wrong class
# of parameters does raise ("IndexRefine params have incorrect type").
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q faiss-cpu==1.15.1 numpy==2.4.6
tools/bin/python - <<'PY'
import faiss
import numpy as np

FIRST, ALLOWED = 1000, 10
vectors = np.random.default_rng(0).standard_normal((500, 8)).astype("float32")
asked = vectors[300:301]
distances = ((vectors[:ALLOWED] - asked) ** 2).sum(axis=1)
RIGHT = [FIRST + int(n) for n in distances.argsort()[:5]]
EVERYTHING = [FIRST + int(n) for n in ((vectors - asked) ** 2).sum(axis=1).argsort()[:5]]


def nearest(kind: str, parameters: faiss.SearchParameters) -> list[int]:
    inner = faiss.index_factory(8, kind)
    inner.train(vectors)
    index = faiss.IndexIDMap2(inner)
    index.add_with_ids(vectors, np.arange(FIRST, FIRST + len(vectors)))
    found = index.search(asked, 5, params=parameters)[1][0].tolist()
    print(f"{kind:18} {type(parameters).__name__:30} {found}")
    return found


ids = faiss.IDSelectorBatch(range(FIRST, FIRST + ALLOWED))
rows = faiss.IDSelectorBatch(range(ALLOWED))
assert nearest("Flat", faiss.SearchParameters(sel=ids)) == RIGHT != EVERYTHING
for kind, form, inner in (
    ("Flat,Refine(Flat)", faiss.IndexRefineSearchParameters, "base_index_params"),
    ("PCA8,Flat", faiss.SearchParametersPreTransform, "index_params"),
):
    assert nearest(kind, form(sel=ids)) == EVERYTHING, "the outer selector counts now"
    by_ids, by_rows = faiss.SearchParameters(sel=ids), faiss.SearchParameters(sel=rows)
    assert nearest(kind, form(**{inner: by_ids})) == [-1] * 5, "the inner one is translated now"
    assert nearest(kind, form(**{inner: by_rows})) == RIGHT
PY
