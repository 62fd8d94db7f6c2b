"""Words of a watermark that is set many times over a page, behind its text: they are read once. Pure.

The PDF library puts them into the lines that they lie behind: "The oil isDRAFT changed everyDRAFT 2,000 hours".
Such words are pale, say the same, and some of them lie on other letters, which greyed cells of a table do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ingestion.elements import BBox
from ingestion.geometry import area, intersection

LEAST = 6  # times that a page has them
LEAST_BEHIND = 2  # of them, behind other letters
SHORTEST = 3  # letters
PALE = 0.55  # of white: luminance of the letters, at least …
SEEN = 160  # … or of 255: how opaque they are, at most
SHARED = 0.1  # of a letter under another one


class _Run(NamedTuple):
    """Letters of one colour behind each other in a line: the line's index, that of the first one, text and colour."""

    line: int
    start: int
    text: str
    colour: tuple[int, int]
    bbox: BBox


def watermark_letters(lines: Sequence[Mapping[str, Any]]) -> dict[int, list[int]]:
    """Letters of lines (``get_text("rawdict")``) that are to be left out, by the indexes of line and letter. One
    watermark stays, where nothing stands beside it."""
    runs = [run for i, line in enumerate(lines) for run in _runs(i, line)]
    counts = Counter((_said(run.text), run.colour) for run in runs)
    tiled = {key for key, count in counts.items() if count >= LEAST and len(key[0]) >= SHORTEST and _is_pale(key[1])}
    if not tiled:
        return {}
    marks: list[tuple[str, _Run]] = []
    others: list[_Run] = []
    for run in runs:
        whole = _whole(_said(run.text), run.colour, tiled)
        if whole:
            marks.append((whole, run))
        elif run.text.strip():
            others.append(run)
    behind = Counter(said for said, run in marks if any(_lies_on(run.bbox, other.bbox) for other in others))
    left: dict[int, list[int]] = {}
    for said in (said for said, count in behind.items() if count >= LEAST_BEHIND):
        held = [run for whole, run in marks if whole == said]
        alone = (run for run in held if not any(_share_a_row(run.bbox, other.bbox) for other in others))
        kept = next(alone, None)
        for run in held:
            if run is not kept:
                left.setdefault(run.line, []).extend(range(run.start, run.start + len(run.text)))
    return left


def _whole(said: str, colour: tuple[int, int], tiled: Collection[tuple[str, tuple[int, int]]]) -> str:
    """The watermark that letters are, or the beginning of at the edge of the page; or nothing."""
    near = (text for text, own in tiled if own == colour and len(said) >= SHORTEST and text.startswith(said))
    return max(near, key=len, default="")


def _lies_on(mark: BBox, other: BBox) -> bool:
    return area(intersection(mark, other)) > SHARED * min(area(mark), area(other))


def _share_a_row(a: BBox, b: BBox) -> bool:
    return a.y0 < b.y1 and b.y0 < a.y1


def _runs(number: int, line: Mapping[str, Any]) -> Iterator[_Run]:
    start = 0
    for span in line["spans"]:
        text = "".join([char["c"] for char in span["chars"]])
        yield _Run(number, start, text, (span["color"], span.get("alpha", 255)), BBox(*span["bbox"]))
        start += len(text)


def _said(text: str) -> str:
    """What a run says, once where it says it several times."""
    words = "".join(text.split())
    return next((words[:n] for n in range(1, len(words) // 2 + 1) if words[:n] * (len(words) // n) == words), words)


def _is_pale(colour: tuple[int, int]) -> bool:
    rgb, alpha = colour
    red, green, blue = (rgb >> shift & 255 for shift in (16, 8, 0))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255 >= PALE or alpha <= SEEN
