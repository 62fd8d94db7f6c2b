"""What is said in a recording, and when: cues of subtitles or a transcript, passages made of them, and the stretches of
time that are its pages. Pure.

    >>> clock(200), clock(3723.4)
    ('03:20', '1:02:03')
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

LONGEST_SPAN = 60.0  # seconds of a page: what a citation of it asks somebody to play
SHORTEST_SPAN = 30.0  # seconds after which a page may end where nobody speaks
SHORTEST_LAST = 10.0  # seconds: what is left at the end and is shorter belongs to the page before
PAUSE = 2.0  # seconds without words that part passages
PASSAGE_WORDS = 60  # after which a passage ends with its cue: some 25 seconds of speech
SENTENCE_WORDS = 12  # after which one ends with a sentence
SUBTITLES_KEPT = "pagesight-subtitles.vtt"
"""In a document's folder: the subtitles that lay beside the recording, for when it is read again."""

_ENDS = re.compile(r"[.!?…。！？]['\"”’)\]]*$")
_LABEL = re.compile(r"((?:\d+:)?\d{2}:\d{2})–((?:\d+:)?\d{2}:\d{2})")


class Cue(NamedTuple):
    """Words, and from when to when they are said, in seconds from the beginning."""

    start: float
    end: float
    text: str


class Span(NamedTuple):
    """A stretch of time in seconds."""

    start: float
    end: float

    @property
    def label(self) -> str:
        """The label of its page, like ``03:20–04:20``."""
        return f"{clock(self.start)}–{clock(self.end)}"


def clock(seconds: float) -> str:
    """A moment as players show it: ``03:20``, ``1:02:03``."""
    minutes, second = divmod(math.floor(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"


def span_of(label: str) -> Span | None:
    """The stretch of time that a page's label names, to the second; None of any other label."""
    match = _LABEL.fullmatch(label)
    return Span(_seconds(match[1]), _seconds(match[2])) if match else None


def spans(duration: float, cues: Sequence[Cue]) -> list[Span]:
    """The pages of a recording: none longer than :data:`LONGEST_SPAN`, ended where the longest pause is in reach."""
    found, start = list[Span](), 0.0
    while duration - start > LONGEST_SPAN:
        end = _pause(cues, start + SHORTEST_SPAN, start + LONGEST_SPAN)
        if duration - end < SHORTEST_LAST:
            end = start + (duration - start) / 2
        found.append(Span(start, end))
        start = end
    return [*found, Span(start, max(duration, start))]


def _pause(cues: Sequence[Cue], first: float, last: float) -> float:
    """The middle of the longest stretch without words between two moments; the last of them where nobody stops."""
    said = [(max(cue.start, first), min(cue.end, last)) for cue in cues if cue.end > first and cue.start < last]
    edges = [(first, first), *sorted(said), (last, last)]
    gaps = [(b[0] - a[1], (a[1] + b[0]) / 2) for a, b in pairwise(edges) if b[0] > a[1]]
    return max(gaps)[1] if said and gaps else last


def within(cues: Sequence[Cue], span: Span) -> list[Cue]:
    """The cues whose middle is in a stretch of time: each cue belongs to one page."""
    return [cue for cue in cues if span.start <= (cue.start + cue.end) / 2 < span.end]


def passages(cues: Sequence[Cue]) -> list[Cue]:
    """Cues joined to what is read at once: to the end of a sentence, a pause, or :data:`PASSAGE_WORDS`."""
    found: list[Cue] = []
    for cue in cues:
        last = found[-1] if found else None
        if last is None or cue.start - last.end > PAUSE or _is_whole(last.text):
            found.append(cue)
        else:
            found[-1] = Cue(last.start, max(last.end, cue.end), f"{last.text} {cue.text}")
    return found


def around(cues: Sequence[Cue], moment: float, seconds: float) -> str:
    """What is said so many seconds before and after a moment."""
    return " ".join(cue.text for cue in cues if cue.start - seconds <= moment <= cue.end + seconds)


def _is_whole(text: str) -> bool:
    words = len(text.split())
    return words >= PASSAGE_WORDS or (words >= SENTENCE_WORDS and bool(_ENDS.search(text)))


def _seconds(shown: str) -> float:
    seconds = 0
    for part in shown.split(":"):
        seconds = 60 * seconds + int(part)
    return float(seconds)
