"""The cosines from which a sentence encoder tells that evidence says a sentence, fitted on the benchmark's claims.

`python -m benchmarks.claim_meaning`

For the default encoder and the pairs of `benchmarks/claim_pairs.json`: `rag/answering/claims/meaning.json`'s limits
fitted on all parts, and what limits fitted on the other parts do for each part. "says" is fitted on the claims that
words call unsupported or weak for want of words, "far" on those that words support, "abroad" on claims in another
language than their evidence (parts x and y; "far_abroad" was set below it by hand). A limit lies in the middle of the
two cosines between which the fewest claims are on the wrong side.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from benchmarks.claim_check import PAIRS, TRUE, default_meaning, evidence_of
from rag.answering.citing.citations import source_of
from rag.answering.claims.check import LITTLE_SAID, NOT_SAID, check
from rag.answering.claims.meaning import nearest
from rag.text.function_words import language_of

ABROAD = "xy"
HELD_OUT = "h"


class Case(NamedTuple):
    """A claim: its part, whether it is true, its cosine, and what words say of it."""

    part: str
    true: bool
    cosine: float
    words: str


def cases() -> list[Case]:
    """Every claim of which words tell little."""
    meaning = default_meaning()
    if meaning is None:
        raise SystemExit("The default encoder has no limits in rag/answering/claims/meaning.json: name it there first.")
    found = []
    for given in json.loads(PAIRS.read_text(encoding="utf-8")):
        source = source_of(evidence_of(given))
        for kind, claim in given["claims"]:
            verdict = check(claim, [source])
            little = verdict.reason in (NOT_SAID, LITTLE_SAID)
            if given["half"] in ABROAD or little or kind == "unsupported" or kind in TRUE:
                cosine = nearest(claim, [source], language_of(claim), meaning).cosine
                words = "little" if little else verdict.support
                found.append(Case(given["half"], kind in TRUE, cosine, words))
    return found


def fitted(found: Sequence[Case]) -> float:
    """The limit with the fewest claims on the wrong side; of several the middle of the widest."""
    ordered = sorted({case.cosine for case in found})
    widths = {(low + high) / 2: high - low for low, high in pairwise(ordered)}
    wrong = {cut: sum((case.cosine >= cut) != case.true for case in found) for cut in widths}
    return min(widths, key=lambda cut: (wrong[cut], -widths[cut]))


def _line(name: str, found: Sequence[Case]) -> None:
    print(f"{name}: {fitted(found):.3f} on {len(found)} claims")
    for part in sorted({case.part for case in found}):
        own, others = [c for c in found if c.part == part], [c for c in found if c.part != part]
        if not others:
            continue
        limit = fitted(others)
        right = sum((c.cosine >= limit) == c.true for c in own)
        print(f"  {part}: {right} of {len(own)} right with {limit:.3f}, fitted on the others")


def main() -> None:
    """Prints the limits and what they do, part by part."""
    found = [case for case in cases() if case.part != HELD_OUT]
    _line("says", [case for case in found if case.words == "little" and case.part not in ABROAD])
    _line("far", [case for case in found if case.words == "supported" and case.part not in ABROAD])
    _line("abroad", [case for case in found if case.part in ABROAD])


if __name__ == "__main__":
    main()
