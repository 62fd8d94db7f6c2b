#!/usr/bin/env bash
# faiss-cpu 1.15.1 from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# range_search() gives all vectors nearer than a radius. With the fast-scan indexes ("…PQ8x4fs" and, of residuals, "…PQ8x4fsr")
# a wider radius may give fewer: they turn it into a 16-bit number as their distances are, and what does not fit wraps around.
# 2,000 vectors, none farther than 66 from the question, all four lists probed; number found by radius, without an error:
#   radius                    10     20     100    1e4    1e5    1e8    1e9    inf
#   IVF4,PQ8x4                 4    322    2000   2000   2000   2000   2000   2000
#   IVF4,PQ8x4fs               7    320    2000   2000   2000   2000      0      0
#   IVF4,PQ8x4fsr              4    320    2000    493   2000   2000      0      0
# "No limit", written as infinity or a large number, thus means nothing at all, and between lies a radius with a quarter. Below,
# too, a few are missing that search() of the same index puts nearer than the radius (7 of 8, 320 of 327, 1215 of 1221). An
# empty answer for radii below the smallest distance on ARM was mended in 2025 (pull request 4247 of faiss); this is the other end.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q faiss-cpu==1.15.1 numpy==2.4.6
tools/bin/python - <<'PY'
import faiss
import numpy as np

vectors = np.random.default_rng(0).standard_normal((2000, 16)).astype("float32")
asked = vectors[:1]


def counts(kind: str) -> dict[float, tuple[int, int]]:
    """By radius, how many range_search() gives and how many search() puts nearer than that."""
    index = faiss.index_factory(16, kind)
    index.train(vectors)
    index.add(vectors)
    index.nprobe = 4
    distances = index.search(asked, len(vectors))[0][0]
    found = {
        radius: (len(index.range_search(asked, radius)[2]), int((distances < radius).sum()))
        for radius in (10.0, 20.0, 100.0, 1e4, 1e5, 1e8, 1e9, float("inf"))
    }
    print(f"{kind:14} farthest {distances[-1]:.0f}, found and to be found: {found}")
    return found


plain = counts("IVF4,PQ8x4")
assert all(found == right for found, right in plain.values())
for kind in ("IVF4,PQ8x4fs", "IVF4,PQ8x4fsr"):
    by_radius = counts(kind)
    assert by_radius[100.0] == by_radius[1e5] == by_radius[1e8] == (2000, 2000)
    assert by_radius[1e9] == by_radius[float("inf")] == (0, 2000)
assert by_radius[1e4][0] < 1000 < by_radius[1e4][1]
PY
