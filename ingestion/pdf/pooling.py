"""What the layout model wants to know of the picture under each line: mean and largest value of its maps there,
reckoned without drawing the maps.

The image network ends by enlarging five small maps (of 9 to 150 cells a side) to 300 × 300 and laying them together:
57 MB, of which then the parts under each line are read. Here the maps stay small. A value between cells is a weighted
mean of the four around it (bilinear, pixel centres at halves), so

- the mean under a box is its weighted mean of cells: two matrix products for all boxes,
- the largest value stands at the first or last pixel of a cell or of the box, for it is straight between them: a map of
  9 cells is asked at some 20 of 300 pixels a side.

Scores of classes are turned into probabilities under the boxes alone. Measured 2026-11-29, one thread: network 85 →
59 ms, what is read of its maps 16 to 25 → 9 ms. Sums are taken in another order, so values differ in the seventh digit.

Facts relied on (pymupdf_layout 2.0, 2026-11): ``BoxRFDGNN`` asks ``extract_bbox_features_by_roi_pooling`` of
``roi_pooling`` for ``mean`` and ``max`` of the maps, and for ``mean``, ``min``, ``max``, ``entropy`` and ``margin`` of
the softmax of the scores; pixels under a box are those of ``_grid_coords_vec``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pymupdf.layout import roi_pooling

SIDE = 300  # pixels of the picture that the network sees, and of the maps as it would enlarge them
AT_ONCE = 20_000  # pixels under boxes that are reckoned at once: 3 MB of values
TINY = 1e-12  # as the library adds it, before dividing and before logarithms

Floats = NDArray[np.float32]
Whole = NDArray[np.intp]


class Maps(NamedTuple):
    """The network's maps as it made them: ``maps`` of (channels, height, width), in the order of their channels."""

    maps: tuple[Floats, ...]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Of the one map that the library lays them together to."""
        return 1, sum(len(held) for held in self.maps), SIDE, SIDE


class _Boxes(NamedTuple):
    """First and last pixel of each box, both included."""

    x0: Whole
    y0: Whole
    x1: Whole
    y1: Whole

    def parts(self) -> Iterator[tuple[slice, _Boxes]]:
        """As many boxes at a time as have some ``AT_ONCE`` pixels."""
        ends = np.cumsum((self.x1 - self.x0 + 1) * (self.y1 - self.y0 + 1))
        start = 0
        while start < len(ends):
            before = ends[start - 1] if start else 0
            end = max(start + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
            part = slice(start, end)
            yield part, _Boxes(*(side[part] for side in self))
            start = end


class _Places(NamedTuple):
    """Where along a side the pixels of the enlarged map lie between cells of the small one: each of (300,)."""

    low: Whole
    high: Whole
    weight: Floats  # of ``high``
    ends: NDArray[np.bool_]  # first and last pixel between two cells


def pooled_maps(maps: Maps, bboxes: Sequence[Sequence[float]], width: int, height: int) -> Floats:
    """Mean, then largest value, of each channel under each box: (boxes, 2 × channels). Boxes are in pixels of a page of
    that ``width`` and ``height``."""
    if not len(bboxes):
        return np.zeros((0, 2 * maps.shape[1]), dtype=np.float32)
    boxes = _pixels(bboxes, width, height)
    means = np.concatenate([_means(held, boxes) for held in maps.maps], axis=1)
    return np.concatenate([means, *(_largest(held, boxes) for held in maps.maps)], axis=1)


def pooled_scores(scores: Floats, bboxes: Sequence[Sequence[float]], width: int, height: int) -> Floats:
    """Of the probabilities of classes under each box: mean, least and largest of each class, mean entropy, and mean
    distance of the likeliest two: (boxes, 3 × classes + 2). ``scores``: (1, classes, 300, 300)."""
    boxes = _pixels(bboxes, width, height)
    flat = scores.reshape(scores.shape[1], -1)
    return np.concatenate([_summary(flat, part) for _, part in boxes.parts()])


def _pixels(bboxes: Sequence[Sequence[float]], width: int, height: int) -> _Boxes:
    x0, y0, x1, y1 = roi_pooling._grid_coords_vec(np.asarray(bboxes, dtype=np.float64), SIDE, SIDE, width, height)
    return _Boxes(x0, y0, x1, y1)


@cache
def _places(cells: int) -> _Places:
    at = np.clip((np.arange(SIDE, dtype=np.float32) + 0.5) * np.float32(cells / SIDE) - 0.5, 0, cells - 1)
    low = at.astype(np.intp)
    new = np.diff(low, prepend=-1) != 0
    return _Places(low, np.minimum(low + 1, cells - 1), (at - low).astype(np.float32), new | np.roll(new, -1))


@cache
def _shares(cells: int) -> NDArray[np.float64]:
    """How much of each cell is in the sum of the pixels before one: (301, cells)."""
    places, shares = _places(cells), np.zeros((SIDE + 1, cells))
    rows = np.arange(1, SIDE + 1)
    np.add.at(shares, (rows, places.low), 1 - places.weight)
    np.add.at(shares, (rows, places.high), places.weight)
    return np.cumsum(shares, axis=0)


def _means(held: Floats, boxes: _Boxes) -> Floats:
    channels, high, wide = held.shape
    across, down = _shares(wide), _shares(high)
    along_x = ((across[boxes.x1 + 1] - across[boxes.x0]) / (boxes.x1 - boxes.x0 + 1)[:, None]).astype(np.float32)
    along_y = ((down[boxes.y1 + 1] - down[boxes.y0]) / (boxes.y1 - boxes.y0 + 1)[:, None]).astype(np.float32)
    rows = (held.reshape(-1, wide) @ along_x.T).reshape(channels, high, -1)
    means: Floats = np.einsum("chb,bh->bc", rows, along_y)
    return means


def _largest(held: Floats, boxes: _Boxes) -> Floats:
    channels, high, wide = held.shape
    cells = np.ascontiguousarray(held.reshape(channels, -1).T)
    found = np.empty((len(boxes.x0), channels), dtype=np.float32)
    columns, rows = _places(wide), _places(high)
    for part, some in boxes.parts():
        xs, xs_each = _asked(some.x0, some.x1, columns.ends)
        ys, ys_each = _asked(some.y0, some.y1, rows.ends)
        x, y, starts = _crossed(xs, xs_each, ys, ys_each)
        found[part] = np.maximum.reduceat(_values(cells, wide, columns, rows, x, y), starts, axis=0)
    return found


def _asked(first: Whole, last: Whole, ends: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """The pixels along a side at which the largest value can be, box after box, and how many each has."""
    owner, pixel = _runs(first, last - first + 1)
    kept = ends[pixel] | (pixel == first[owner]) | (pixel == last[owner])
    return pixel[kept], np.bincount(owner[kept], minlength=len(first))


def _runs(first: Whole, counts: Whole) -> tuple[Whole, Whole]:
    """Whole numbers from each of ``first`` on, so many of each; whose they are, and the numbers."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - before[owner] + first[owner]


def _crossed(xs: Whole, xs_each: Whole, ys: Whole, ys_each: Whole) -> tuple[Whole, Whole, Whole]:
    """Each x of a box with each y of it, box after box; and where each box starts."""
    counts = xs_each * ys_each
    owner, place = _runs(np.zeros(len(counts), dtype=np.intp), counts)
    before_x, before_y = np.cumsum(xs_each) - xs_each, np.cumsum(ys_each) - ys_each
    row, column = np.divmod(place, xs_each[owner])
    return xs[before_x[owner] + column], ys[before_y[owner] + row], np.cumsum(counts) - counts


def _values(cells: Floats, wide: int, columns: _Places, rows: _Places, x: Whole, y: Whole) -> Floats:
    """The enlarged map at pixels: (pixels, channels). ``cells``: (height × width, channels)."""
    top, bottom, left, right = rows.low[y] * wide, rows.high[y] * wide, columns.low[x], columns.high[x]
    to_right, down = columns.weight[x][:, None], rows.weight[y][:, None]
    values, other = cells.take(top + left, axis=0), cells.take(top + right, axis=0)
    lower = cells.take(bottom + left, axis=0)
    other -= values
    other *= to_right
    values += other
    cells.take(bottom + right, axis=0, out=other, mode="clip")
    other -= lower
    other *= to_right
    lower += other
    lower -= values
    lower *= down
    values += lower
    return values


def _summary(scores: Floats, boxes: _Boxes) -> Floats:
    everything = np.ones(SIDE, dtype=np.bool_)
    x, y, starts = _crossed(*_asked(boxes.x0, boxes.x1, everything), *_asked(boxes.y0, boxes.y1, everything))
    shares = scores[:, y * SIDE + x]
    shares -= shares.max(axis=0)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=0) + np.float32(TINY)
    counts = np.diff(starts, append=shares.shape[1])
    entropy = -(shares * np.log(shares + np.float32(TINY))).sum(axis=0)
    best = np.partition(shares, -2, axis=0)[-2:]
    means = np.add.reduceat(np.vstack([shares, entropy, best[1] - best[0]]), starts, axis=1, dtype=np.float64) / counts
    least, most = (reduced.reduceat(shares, starts, axis=1) for reduced in (np.minimum, np.maximum))
    return np.concatenate([means[:-2], least, most, means[-2:]]).T.astype(np.float32)


def pool(features: Any, bboxes: Any, page_width: int, page_height: int, **options: Any) -> Any:
    """Stands in for the library's function: what it is asked of :class:`Maps` and of scores, from here."""
    ops = tuple(options.get("pooling_ops", ()))
    if isinstance(features, Maps):
        assert ops == roi_pooling.DEFAULT_FEATURE_MAP_POOLING_OPS, f"of maps that are not enlarged {ops} are asked"
        return pooled_maps(features, bboxes, page_width, page_height)
    asked = ops == roi_pooling.DEFAULT_CLASS_LOGITS_POOLING_OPS and options.get("apply_softmax")
    if len(bboxes) and asked and features.shape[2:] == (SIDE, SIDE):
        return pooled_scores(features, bboxes, page_width, page_height)
    return roi_pooling.extract_bbox_features_by_roi_pooling(features, bboxes, page_width, page_height, **options)
