#!/usr/bin/env bash
# rouge 1.0.1 beside rouge-score 0.1.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# ROUGE compares an answer with a reference by their words (ROUGE-1, ROUGE-2) and by their longest common subsequence (ROUGE-L), of texts of
# several sentences as the union of what their sentences have in common (Lin 2004, 3.2). rouge splits both texts at every point to get
# their sentences, that of a decimal included, so that 3.5 is the words 3 and 5 in two sentences, and their order no longer counts. F-measures:
#   answer                        reference                     rouge: 1, L       rouge-score: L
#   set to 5.3 bar                set to 3.5 bar                1, 1              0.8
#   opens at 2.15 bar             opens at 15.2 bar             1, 1              0.8
#   water 4.2 and oil 8.1         water 8.1 and oil 4.2         1, 1              0.429
#   version 1.2.3                 version 3.2.1                 1, 1              0.5
#   set to 5,3 bar                set to 3,5 bar                0.75, 0.75        0.8             a comma is no point
# Answers that say another number so get full marks, where numbers are what answers are about. No error. (That it counts each word once was
# reported, issue 61 of rouge. rouge-score takes digits apart, too, but in order.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q rouge==1.0.1 rouge-score==0.1.2
tools/bin/python - <<'PY'
from rouge import Rouge
from rouge_score.rouge_scorer import RougeScorer

CASES = [
    ("set to 5.3 bar", "set to 3.5 bar", 1, 1, 0.8),
    ("opens at 2.15 bar", "opens at 15.2 bar", 1, 1, 0.8),
    ("water 4.2 and oil 8.1", "water 8.1 and oil 4.2", 1, 1, 0.429),
    ("version 1.2.3", "version 3.2.1", 1, 1, 0.5),
    ("set to 5,3 bar", "set to 3,5 bar", 0.75, 0.75, 0.8),
    ("open the valve", "valve the open", 1, 0.333, 0.333),
]
other = RougeScorer(["rougeL"])
for answer, reference, *seen in CASES:
    scores = Rouge().get_scores(answer, reference)[0]
    found = [scores["rouge-1"]["f"], scores["rouge-l"]["f"], other.score(reference, answer)["rougeL"].fmeasure]
    print(f"{answer:24} {reference:24}", *(round(value, 3) for value in found))
    assert all(abs(one - two) < 0.001 for one, two in zip(found, seen, strict=True)), answer
PY
