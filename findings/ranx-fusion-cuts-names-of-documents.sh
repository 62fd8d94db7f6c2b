#!/usr/bin/env bash
# ranx 0.3.21 (numba 0.68.1) from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# fuse(runs, norm=None, method=…) adds up the scores of several runs as they are. The names of documents are cut to the length of
# the longest one in the first run, without an error, and what bears a name that is cut so has lost its score. Of two runs
#   {"p8": 3, "p9": 2}   and   {"p11": 3, "p12": 2.5, "p9": 2}
#   "sum", norm=None, the short names first      p9 4, p8 3, p1 0                    two documents gone, one that is none
#   "sum", norm=None, the other way about        p9 4, p8 3, p11 3, p12 2.5          right
#   "rrf", either way about                      p9, p8, p11, p12                    right
# "max" gives p1 -1000000000. So numbered pages or passages ("p9", "p10") lose what one retriever found with longer numbers, by the
# order of the runs alone. Each Run keeps its names as "<U2", "<U3" …; _comb_sum_parallel (ranx/fusion/comb_sum.py) is given them in
# a numba.typed.List, which takes the first one's type for all. The documentation says of norm=None that scores are not
# normalized; a normalization (the default, min-max) copies the names into numba's own strings of any length, and all is well.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ranx==0.3.21 numba==0.68.1 numpy==2.4.6
tools/bin/python -W ignore - <<'PY'
from ranx import Run, fuse

SHORT = {"p8": 3.0, "p9": 2.0}
LONG = {"p11": 3.0, "p12": 2.5, "p9": 2.0}
SUM = {"p9": 4.0, "p8": 3.0, "p11": 3.0, "p12": 2.5}


def fused(first: dict[str, float], second: dict[str, float], method: str) -> dict[str, float]:
    runs = [Run({"q": first}), Run({"q": second})]
    assert [run.to_dict()["q"] for run in runs] == [first, second]
    return dict(fuse(runs, norm=None, method=method).to_dict()["q"])


for method in ("sum", "rrf"):
    print(method, fused(SHORT, LONG, method), fused(LONG, SHORT, method))
assert fused(LONG, SHORT, "sum") == SUM
assert fused(SHORT, LONG, "rrf") == fused(LONG, SHORT, "rrf")
assert set(fused(SHORT, LONG, "rrf")) == set(SUM)
assert fused(SHORT, LONG, "sum") == {"p9": 4.0, "p8": 3.0, "p1": 0.0}
PY
