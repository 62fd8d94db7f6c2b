#!/usr/bin/env bash
# voyager 2.2.3 from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Index.get_distance(a, b): "Get the distance between two provided vectors." With Space.InnerProduct that is 1 - a·b, and so query()
# says it. get_distance() says something else, and something else again when it is asked a second time. A new index, nothing added:
#   a = b = (1, 1), 1 - a·b = -1                       get_distance(a, b)
#   at first                                           -1
#   after get_distance() of two other pairs, up to (0, 3)    -5
#   with (0, 3) added instead: query() 1 - a·b as it should be, get_distance() -5
# Where Euclid's or the cosine's distance is chosen both agree. The index keeps the largest norm it has met and, to turn inner
# products into angles, gives each vector a further number, of which a question's is 0. get_distance() gives both vectors one, as if
# they were stored (and cuts it to an integer: cpp/src/TypedIndex.h), and counts their norms as met. Ranking a few candidates by it,
# or checking a query's answer with it, gives another order: below, the nearest by query() is the farthest. No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q voyager==2.2.3 numpy==2.4.6
tools/bin/python - <<'PY'
import numpy as np
import voyager

A = np.array([1, 1], dtype=np.float32)
LONG = np.array([0, 3], dtype=np.float32)


def new(space: voyager.Space = voyager.Space.InnerProduct) -> voyager.Index:
    return voyager.Index(space, num_dimensions=2)


index = new()
first = index.get_distance(A, A)
index.get_distance(LONG, LONG)
second = index.get_distance(A, A)
print("1 - a·b", 1 - float(A @ A), "at first", first, "asked again", second)
assert first == 1 - A @ A == -1 and second == -5

index = new()
index.add_items(np.stack([A, LONG]))
ids, distances = index.query(A, 2)
by_query = dict(zip(ids.tolist(), distances.tolist(), strict=True))
by_pair = {0: index.get_distance(A, A), 1: index.get_distance(A, LONG)}
print("query()", by_query, "get_distance()", by_pair)
assert by_query == {0: -1.0, 1: -2.0} and by_pair == {0: -5.0, 1: -2.0}
assert min(by_query, key=by_query.get) == 1 == max(by_pair, key=by_pair.get)

for space in (voyager.Space.Euclidean, voyager.Space.Cosine):
    index = new(space)
    index.add_items(np.stack([A, LONG]))
    ids, distances = index.query(A, 2)
    for number, distance in zip(ids, distances, strict=True):
        assert abs(index.get_distance(A, (A, LONG)[int(number)]) - distance) < 1e-6
PY
