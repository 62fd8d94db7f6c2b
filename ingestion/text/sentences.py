"""Text as sentences, and a sentence that goes on in the next text. Pure.

Example: "Check the oil. Then close the lower drain" at a page's foot and "valve by hand. Start the pump." at the next
page's head are "Check the oil. Then close the lower drain valve by hand." and "Start the pump.".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ingestion.text.cleaning import is_cjk, join_lines

LEAST_BEGUN = 5  # words of a sentence that breaks off, at least: fewer are a label
LEAST_LOWER = 0.5  # of them that begin in lower case: with fewer they are names
LEAST_BEGUN_CJK = 8  # characters of one in Chinese or Japanese
MOST_ENDING = 60  # words of what ends it, at most
# An abbreviation, an initial or a number before the point is no end of a sentence.
_ABBREVIATION = (
    r"figs?|tabs?|tabl|abb|obr|rys|рис|табл|afb|eqs?|secs?|sect|chap|ch|nos?|nr|vol|pp?|refs?|e\.g|i\.e|z\.b|d\.h|"
    r"vs|cf|vgl|ca|approx|bzw|dr|mr|mrs|ms|prof|st|al|inc|ltd|co|corp|dept|est|ed|eds|app|art|[a-z]"
)
_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\w“\"(\[«„¿¡•])|(?<=[。！？])")
_ENDS_SHORT = re.compile(rf"(?:^|[\s(\[])(?:{_ABBREVIATION})\.$", re.IGNORECASE)
_CLOSED = re.compile(r"[.!?…。！？][\"”’»)\]]*$")
_OPEN = re.compile(r"[\w,\-\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[,;:.)]*(?=\s|$)")  # no name of program text
_ITEM = re.compile(r"(?:[a-z]|[ivx]{2,4})[.)]\s|[a-z]\s")  # "a) first" begins an item, "o text" one with a bullet


class Continued(NamedTuple):
    """A text with the whole of its last sentence; the end of that in the next text, and what is left of it."""

    text: str
    ending: str
    rest: str


def sentences(text: str) -> list[str]:
    """Cut text into sentences; "Fig. 3", "e.g. this" and "J. Smith" stay whole."""
    result: list[str] = []
    for line in text.split("\n"):
        start = 0
        for match in _END.finditer(line):
            if not _ENDS_SHORT.search(line[start : match.start()]):
                result.append(line[start : match.end()].strip())
                start = match.end()
        result.append(line[start:].strip())
    return [part for part in result if part]


def continued(text: str, following: str) -> Continued | None:
    """A text whose last sentence goes on in the one that follows; None where it does not.

    It breaks off without a mark, in the next text lower case goes on; in Chinese and Japanese both texts have marks at
    the ends of other sentences.
    """
    begun, rest = sentences(text)[-1:], sentences(following)
    if not begun or not rest or not _OPEN.search(begun[0]) or not _goes_on(text, begun[0], following, rest[0]):
        return None
    ending = rest[0]
    return Continued(join_lines((text.rstrip(), ending)), ending, following.lstrip().removeprefix(ending).lstrip())


def _goes_on(text: str, begun: str, following: str, ending: str) -> bool:
    if is_cjk(begun[-1]) and is_cjk(ending[0]):
        marked = len(sentences(text)) > 1 and _CLOSED.search(ending) is not None
        return marked and ending[0].isalnum() and len(begun) >= LEAST_BEGUN_CJK
    words = begun.split()
    prose = len(words) >= LEAST_BEGUN and sum(w[0].islower() for w in words) >= LEAST_LOWER * len(words)
    closed = _CLOSED.search(ending) is not None and len(ending.split()) <= MOST_ENDING
    return prose and closed and ending[0].islower() and _WORD.match(ending) is not None and not _ITEM.match(following)
