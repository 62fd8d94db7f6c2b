"""Sentences of an answer that state facts and cite nothing: what the evidence does for them.

A sentence beside a marker in the same paragraph rests on it where that evidence says it. For any other with a number
or code in it all evidence is looked through: where exactly one piece says it, its marker is suggested; where none does,
the sentence is doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answering.citing.citations import source_of
from rag.answering.citing.markers import CLEAN
from rag.answering.citing.refusals import declines
from rag.answering.claims.check import check
from rag.answering.claims.meaning import Meaning
from rag.answering.claims.sources import Source
from rag.answering.facts.amounts import amounts
from rag.answering.facts.fact_check import codes
from rag.text.passages import sentences
from rag.types import Doubt, Evidence

MOST = 12
"""Sentences that are looked at: each is compared with every piece of evidence."""

LEAST_WORDS = 4
"""Words below which a sentence is a label or heading."""

NOWHERE = "it cites nothing, and no piece of the evidence says this"
MISSING = "it cites nothing; one piece of the evidence says this"

_FENCE = re.compile(r"\s*(?:```|~~~)")
_MARKUP = re.compile(r"\*\*|__|^\s*(?:#{1,6}|>|[-*•]|\d{1,2}[.)])\s+|`")
_STOP_BEFORE_MARKER = re.compile(r"([.!?…])((?:[ \t]*\[\d{1,3}\])+)")


def doubts(text: str, evidence: Sequence[Evidence], meaning: Meaning | None = None) -> tuple[Doubt, ...]:
    """The sentences of a tidied answer that state a number or code, cite nothing, and are not said by what is cited
    beside them. ``meaning``: see :mod:`rag.answering.claims.meaning`."""
    sources = {e.number: source_of(e) for e in evidence}
    found = []
    for sentence, beside in list(_uncited(text))[:MOST]:
        if beside and check(sentence, [sources[n] for n in beside if n in sources], meaning).support == "supported":
            continue
        saying = [number for number, source in sources.items() if _says(sentence, source)]
        if not saying and meaning and check(sentence, list(sources.values()), meaning).support == "supported":
            continue  # in other words, by which of them is not told
        if not saying:
            found.append(Doubt(sentence, NOWHERE))
        elif len(saying) == 1:
            found.append(Doubt(sentence, MISSING, saying[0]))
    return tuple(found)


def _says(sentence: str, source: Source) -> bool:
    return check(sentence, [source]).support == "supported"


def _uncited(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Sentences with a fact and without a marker, each with the numbers cited in its paragraph."""
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced or line.lstrip().startswith(("|", "#", ">")) or not line.strip():
            continue
        beside = tuple(dict.fromkeys(map(int, CLEAN.findall(line))))
        for sentence in sentences(_STOP_BEFORE_MARKER.sub(r"\2\1", line)):
            plain = _MARKUP.sub("", sentence).strip()
            if not CLEAN.search(sentence) and _states(plain):
                yield plain, beside


def _states(sentence: str) -> bool:
    if sentence.endswith(("?", ":")) or len(sentence.split()) < LEAST_WORDS or declines(sentence):
        return False
    return bool(codes(sentence)) or any(not n.spelled or n.unit for n in amounts(sentence))
