"""Lines of a page that no block says: text may leave a page only where something else has its words. Pure.

Words are compared without accents, marks and case, each as often as it stands there. A word that a block holds only as
a part of a longer one (joined at a line's end or over a cell's edge) counts as said; so does a line printed twice at
one place, as for bold type.

Example: the line "Torque 12 Nm" is lost if the only block at its place says "Torque"; it is not if a table there has
"Torque" and "12 Nm" in two cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import MOSTLY_INSIDE, area, inside

UNSAID_SHARE = 0.15  # of a line's letters in words that no block has: fewer are a difference of spelling
REACH = 3.0  # points outside its box where a block may still say a line: boxes hug letters
HELD_SHARE = 0.3  # of a line within a block's reach: the block may say it
SAME_PLACE = 0.5  # of a line under another with the same words: printed twice
SHORTEST_PART = 3  # letters of a word that may be a part of a longer one
_EAST = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # written without spaces: a character is a word
_WORD = re.compile(rf"[{_EAST}]|[^\W_{_EAST}]+")


class BlockText(NamedTuple):
    """What a block says, and where (points)."""

    bbox: BBox
    text: str


def find_lost_lines(lines: Iterable[Line], said: Iterable[BlockText]) -> list[Line]:
    """Find the lines that nothing at their place says, in their order.

    Lines without a letter or digit do not count, nor does a slanted line (a watermark) whose words another one has.
    """
    holders = [_Claimable(*item) for item in said if item.text]
    known: dict[str, list[BBox]] = defaultdict(list)
    slanted: set[str] = set()
    found: list[Line] = []
    for line in lines:
        words = words_of(line.text)
        run = "".join(words)
        if not run or any(inside(line.bbox, box) > SAME_PLACE for box in known[run]):
            continue
        known[run].append(line.bbox)
        if line.slanted and any(run in other for other in slanted):
            continue
        if line.slanted:
            slanted.add(run)
        if not _is_said(line.bbox, words, holders):
            found.append(line)
    return found


def share_said(said: str, text: str) -> float:
    """The share of the letters of ``said`` that are in words of ``text``; 1 where there are none."""
    words = words_of(said)
    total = sum(map(len, words))
    return 1 - _Claimable(BBox(0.0, 0.0, 0.0, 0.0), text).missing(words) / total if total else 1.0


def words_of(text: str) -> list[str]:
    """Words as they are compared: letters and digits only, in lower case, without accents."""
    if not text.isascii():
        split = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in split if not unicodedata.combining(char))
    return _WORD.findall(text.casefold())


class _Claimable:
    """The words of a block that lines may claim, each once: those that are left, and all of them in one run."""

    def __init__(self, box: BBox, text: str) -> None:
        words = words_of(text)
        self.place = BBox(box.x0 - REACH, box.y0 - REACH, box.x1 + REACH, box.y1 + REACH)
        self.size = area(box)
        self._left = Counter(words)
        self._words = frozenset(words)
        self._run = "".join(words)

    def has(self, word: str) -> bool:
        """Whether a word is left to be claimed, or part of a longer one."""
        return self._left[word] > 0 or self._is_part(word)

    def missing(self, words: Sequence[str]) -> int:
        """Letters of the words that are not left to be claimed."""
        asked = Counter(words)
        lost = sum(
            len(word) * max(0, count - self._left[word])
            for word, count in asked.items()
            if count > self._left[word] and not self._is_part(word)
        )
        run = "".join(words)
        parted = lost and len(run) > SHORTEST_PART and any(word not in self._words for word in asked)
        return 0 if parted and run in self._run else lost

    def _is_part(self, word: str) -> bool:
        return word not in self._words and len(word) >= SHORTEST_PART and word in self._run

    def claim(self, words: Iterable[str]) -> None:
        """Take words away from what is left, each once."""
        for word in words:
            if self._left[word] > 0:
                self._left[word] -= 1


def _may_say(place: BBox, line: BBox) -> bool:
    """Whether a block reaches over a line, or lies in it: some fonts are three times as high as their letters."""
    return inside(line, place) > HELD_SHARE or inside(place, line) > MOSTLY_INSIDE


def _is_said(box: BBox, words: Sequence[str], holders: Iterable[_Claimable]) -> bool:
    """Whether the blocks at a line's place have its words, which are then claimed; a line that is lost claims none."""
    near = [h for h in holders if h.place.y0 < box.y1 and h.place.y1 > box.y0 and _may_say(h.place, box)]
    near.sort(key=lambda holder: (holder.missing(words), holder.size))
    allowed = UNSAID_SHARE * sum(map(len, words))
    if near and near[0].missing(words) <= allowed:
        near[0].claim(words)
        return True
    rest = list(words)
    claims: list[tuple[_Claimable, list[str]]] = []
    for holder in near:  # a line over several cells or columns
        claimed = [word for word in rest if holder.has(word)]
        claims.append((holder, claimed))
        rest = [word for word in rest if word not in claimed]
    if sum(map(len, rest)) > allowed:
        return False
    for holder, claimed in claims:
        holder.claim(claimed)
    return True
