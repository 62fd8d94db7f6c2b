"""Labels that stand alone in a figure, and how they are written: "7", "(3)", "7a", "C", "③". Pure.

What looks alike in a chart is told apart here as far as the figure alone tells: numbers that stand in even steps along
one line are an axis, and a figure with more amounts ("35 %", "1,200") than labels is a chart. The rest is decided by
whether a legend explains the labels (:mod:`ingestion.callouts.linking`).

Example: of the lines "7", "8", "Drain" and "120 mm" in a drawing the first two are its labels.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import area, height, holds_middle, mostly_inside, width
from ingestion.text.text_layer import NAME as LAYER

RIM = 12.0  # points around a figure's box in which a label is still its own
SOLID = 0.3  # of a text's box under its lines: with less, the box was drawn around other things too
MAX_DIGITS = 3  # of a label
MAX_LABELS = 400  # of one figure that are kept: a map has fewer
AXIS_TICKS = 4  # numbers on one line that make an axis
AXIS_SHIFT = 3.0  # points by which they may stand off the line
AXIS_UNEVEN = 0.12  # of the mean distance between them, by which one distance may differ

KEY = r"0{0,2}(?:[1-9]\d{0,2})[A-Za-z]?|[A-Za-z]\d{0,2}"
"""A label's key: a number of up to three digits with or without a letter, a letter with or without a number."""
_LABEL = re.compile(rf"[(\[<{{]?\s?(?P<key>{KEY}|[1-9]\d{{3,5}})\s?[)\]>}}.:]?")
_AMOUNT = re.compile(r"\d")
_CIRCLED = {
    code: f"{int(unicodedata.numeric(chr(code)))} "
    for code in (*range(0x2460, 0x2474), *range(0x24EB, 0x24FF), *range(0x2776, 0x2794), *range(0x3251, 0x3260))
    if unicodedata.numeric(chr(code), 0) >= 1
}


class Label(NamedTuple):
    """A label of a figure: its key as :func:`plain_key` writes it, and its box in points; ``read``: by OCR, which
    misses some."""

    key: str
    bbox: BBox
    read: bool = False


def plain_key(text: str) -> str:
    """A key as it is compared: "07" is "7", "7a" is "7A"."""
    return text.lstrip("0").upper() or "0"


def plain_digits(text: str) -> str:
    """Text with circled and full-width numbers and letters as plain ones: "③ Lid" → "3 Lid"."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text.translate(_CIRCLED)).strip()


def label_key(text: str) -> str | None:
    """The key of a text that is nothing but a label; None for any other. Longer numbers may be several
    (:func:`run_together`)."""
    match = _LABEL.fullmatch(plain_digits(text))
    return plain_key(match["key"]) if match else None


def is_single(key: str) -> bool:
    """Whether a key is one label; longer numbers are labels that OCR ran together, or years."""
    return not (key.isdigit() and len(key) > MAX_DIGITS)


def run_together(key: str) -> tuple[str, ...]:
    """The consecutive numbers that a number is written of, as OCR reads labels that stand close: "345" → 3, 4, 5 and
    "5152" → 51, 52. Empty where it is none."""
    for size in (1, 2, 3):
        parts = [key[i : i + size] for i in range(0, len(key), size)]
        if key.isdigit() and len(key) % size == 0 and len(parts) > 1 and parts[0][0] != "0":
            values = [int(part) for part in parts]
            if all(b - a == 1 for a, b in pairwise(values)):
                return tuple(parts)
    return ()


def figure_labels(figure: BBox, lines: Iterable[Line], texts: Sequence[BBox]) -> tuple[Label, ...]:
    """The labels of a figure among the lines of its page, empty where they are a chart's numbers.

    ``texts`` are the boxes of passages and tables (:func:`solid_texts`): a number in one of them belongs to its words.
    """
    frame = BBox(figure.x0 - RIM, figure.y0 - RIM, figure.x1 + RIM, figure.y1 + RIM)
    own = [line for line in lines if holds_middle(frame, line.bbox)]
    own = [line for line in own if not any(mostly_inside(line.bbox, text) for text in texts)]
    held = [(line, _labels_of(line)) for line in own]
    labels = [label for _, found in held for label in found]
    amounts = [line for line, found in held if not found and _AMOUNT.search(line.text)]
    zeros = [Label("0", line.bbox) for line in amounts if line.text.strip() == "0"]
    labels = _without_axes(labels, zeros)
    return tuple(labels[:MAX_LABELS]) if len(amounts) <= len(labels) else ()


def solid_texts(texts: Iterable[BBox], lines: Sequence[Line]) -> list[BBox]:
    """The boxes that lines of text fill, without those that were drawn around a figure's room as well."""
    areas = [(line.bbox, area(line.bbox)) for line in lines]
    return [text for text in texts if sum(size for box, size in areas if holds_middle(text, box)) >= SOLID * area(text)]


def _labels_of(line: Line) -> list[Label]:
    """The labels of a line that holds nothing else; several in a line share its box evenly."""
    words = plain_digits(line.text).split()
    keys = [label_key(word) for word in words]
    known = [key for key in keys if key]
    read = line.score < 1 or line.font == LAYER
    if not words or len(known) < len(keys):
        whole = label_key(line.text)
        return [Label(whole, line.bbox, read)] if whole else []
    return [Label(key, box, read) for key, box in zip(known, _shares(line.bbox, len(known)), strict=True)]


def _shares(box: BBox, count: int) -> list[BBox]:
    """A box in ``count`` equal parts along its longer side."""
    if width(box) >= height(box):
        step = width(box) / count
        return [box._replace(x0=box.x0 + i * step, x1=box.x0 + (i + 1) * step) for i in range(count)]
    step = height(box) / count
    return [box._replace(y0=box.y0 + i * step, y1=box.y0 + (i + 1) * step) for i in range(count)]


def _without_axes(labels: Sequence[Label], zeros: Sequence[Label]) -> list[Label]:
    """Labels without numbers that stand in even steps on one line, in columns and rows alike; ``zeros`` are ticks."""
    ticks: set[Label] = set()
    counted = [*(label for label in labels if label.key.isdigit()), *zeros]
    for along, across in ((0, 1), (1, 0)):
        numbers = sorted(counted, key=lambda n: _middle(n.bbox)[across])
        group: list[Label] = []
        for label in numbers:
            if group and _middle(label.bbox)[across] - _middle(group[-1].bbox)[across] > AXIS_SHIFT:
                ticks |= _ticks(group, along)
                group = []
            group.append(label)
        ticks |= _ticks(group, along)
    return [label for label in labels if label not in ticks]


def _ticks(group: Sequence[Label], along: int) -> set[Label]:
    """The numbers of a row or column, where they are an axis: even steps at even distances, of more than one or from
    zero on."""
    ordered = sorted(group, key=lambda label: _middle(label.bbox)[along])
    steps = {int(b.key) - int(a.key) for a, b in pairwise(ordered)}
    places = [_middle(b.bbox)[along] - _middle(a.bbox)[along] for a, b in pairwise(ordered)]
    counts = steps <= {-1, 1} and all(label.key != "0" for label in ordered)
    if len(ordered) < AXIS_TICKS or len(steps) != 1 or steps == {0} or counts:
        return set()
    mean = sum(places) / len(places)
    return set(ordered) if all(abs(place - mean) <= AXIS_UNEVEN * mean for place in places) else set()


def _middle(box: BBox) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
