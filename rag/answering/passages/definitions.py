"""Definitions set one after another in running text, each opened by what it defines.

    "SYNC: Synchronise by hand. Use it to … R DEF: Back to the factory settings. Hold select for 3 seconds. Lock: …"

A sentence of one says little without the word that it is about, and nothing of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAST = 3
"""Sentences that open with a label and a colon, from which a paragraph is one of definitions."""

LONGEST_LABEL = 24
"""Characters of such a label, of three words at most."""

_LABEL = re.compile(r"(?P<label>[^\W\d_][\w./+-]*(?: [^\W_][\w./+-]*){0,2}) ?:\s?(?=[^\W_])")


def definitions(sentences: Sequence[str]) -> list[list[str]]:
    """The sentences of a paragraph, in order, those of each definition together; all together where it has none."""
    opens = [_opens(sentence) for sentence in sentences]
    if sum(opens) < LEAST:
        return [list(sentences)]
    found: list[list[str]] = []
    for sentence, first in zip(sentences, opens, strict=True):
        if first or not found:
            found.append([])
        found[-1].append(sentence)
    return found


def _opens(sentence: str) -> bool:
    match = _LABEL.match(sentence)
    return match is not None and len(match["label"]) <= LONGEST_LABEL
