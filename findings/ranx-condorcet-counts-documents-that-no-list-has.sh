#!/usr/bin/env bash
# ranx 0.3.21 (numba 0.68.1) from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# fuse(runs, method="condorcet") "computes CondorcetFuse as proposed by Montague et al." (CIKM 2002). There a document goes before
# another one if more systems rank it higher than rank it lower. ranx counts a system that found neither of the two as one that
# ranks the other higher (_compare in ranx/fusion/condorcet.py: y_votes = len(runs) - x_votes), so of two documents each beats the
# other, and a set's order, that of Python's hashes, decides: it changes from one start to the next. Three runs, one of them with
# a > b > c, two with d > e; all that say anything of a, b and c agree:
#   PYTHONHASHSEED=0      d e b c a
#   PYTHONHASHSEED=1      d e a b c
#   "rrf" and "bordafuse" (either seed)      d e a b c
# Lists of few results each, which share little, are what fusion is for; unless all but one run know a document, it is
# sorted by chance. "weighted_condorcet" counts likewise. Nothing is said, and a second run of an evaluation gives another score.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ranx==0.3.21 numba==0.68.1 numpy==2.4.6
cat > fused.py <<'PY'
import sys

from ranx import Run, fuse

SAID = [{"a": 3.0, "b": 2.0, "c": 1.0}, {"d": 3.0, "e": 2.0}, {"d": 3.0, "e": 2.0}]
scores = fuse([Run({"q": run}) for run in SAID], method=sys.argv[1]).to_dict()["q"]
print(*sorted(scores, key=scores.get, reverse=True))
PY
check() {
    found=$(PYTHONHASHSEED=$1 tools/bin/python -W ignore fused.py "$2" | tail -n 1)
    echo "PYTHONHASHSEED=$1 $2: $found"
    [ "$found" = "$3" ] || { echo "expected: $3" >&2; exit 1; }
}
for seed in 0 1; do
    check "$seed" rrf "d e a b c"
    check "$seed" bordafuse "d e a b c"
done
check 0 condorcet "d e b c a"
check 1 condorcet "d e a b c"
