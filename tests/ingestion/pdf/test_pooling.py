"""What is read of the image network's maps is what the library reads of them enlarged; another library fails here."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pymupdf.layout import roi_pooling

from ingestion.pdf import pooling
from ingestion.pdf.pooling import SIDE, Maps, pool

COMPARED = {  # the library's code that was compared: SHA-256 of its source, first 16 digits
    "extract_bbox_features_by_roi_pooling": "a2fca21ab3161bb6",
    "_grid_coords_vec": "5bc274809f33bd48",
    "_softmax_channels": "e0a31ccdad8684d5",
    "_pixel_entropy": "7d4d51c66ae1d07f",
    "_pixel_margin": "e518af8799553f66",
}
NEAR = 1e-4
MAPS, SCORES = roi_pooling.DEFAULT_FEATURE_MAP_POOLING_OPS, roi_pooling.DEFAULT_CLASS_LOGITS_POOLING_OPS
WIDE, HIGH = 612, 792
BOXES = [
    (72.0, 90.5, 540.2, 101.9),  # a line of text
    (72.0, 103.0, 90.0, 113.0),
    (0.0, 0.0, WIDE, HIGH),  # the whole page
    (300.2, 400.0, 300.9, 400.4),  # less than a pixel
    (-20.0, 700.0, 700.0, 900.0),  # over the edge
    (40.0, 200.0, 44.0, 640.0),  # upright
    (100.0, 300.0, 90.0, 290.0),  # of no size
]


def some(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def enlarged(held: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map as the network enlarges it: bilinear, pixel centres at halves."""
    made: NDArray[np.float32] = held
    for axis in (1, 2):
        cells = held.shape[axis]
        at = np.clip((np.arange(SIDE) + 0.5) * cells / SIDE - 0.5, 0, cells - 1)
        low = np.floor(at).astype(int)
        weight = (at - low).astype(np.float32)[:, None] if axis == 1 else (at - low).astype(np.float32)
        high = np.minimum(low + 1, cells - 1)
        made = made.take(low, axis) * (1 - weight) + made.take(high, axis) * weight
    return made


def test_the_library_is_the_one_that_was_compared() -> None:
    found = {
        name: hashlib.sha256(inspect.getsource(getattr(roi_pooling, name)).encode()).hexdigest()[:16]
        for name in COMPARED
    }
    assert found == COMPARED


@pytest.mark.parametrize("sides", [(150, 75, 37, 18, 9), (1, 2), (300,)])
def test_small_maps_say_what_enlarged_ones_say(sides: tuple[int, ...]) -> None:
    small = [some(4, side, side) for side in sides]
    whole = np.concatenate([enlarged(held) for held in small])[None]
    expected = roi_pooling.extract_bbox_features_by_roi_pooling(whole, BOXES, WIDE, HIGH, pooling_ops=MAPS)
    found = pool(Maps(tuple(small)), BOXES, WIDE, HIGH, pooling_ops=MAPS)
    assert found.shape == expected.shape and found.dtype == expected.dtype
    assert np.abs(found - expected).max() < NEAR


@pytest.mark.parametrize("boxes", [BOXES, BOXES[:2], BOXES[2:3] * 3])
def test_scores_are_summed_up_as_by_the_library(boxes: list[Any]) -> None:
    options: Any = {"pooling_ops": SCORES, "apply_softmax": True}
    scores = 4 * some(1, 12, SIDE, SIDE)
    expected = roi_pooling.extract_bbox_features_by_roi_pooling(scores, boxes, WIDE, HIGH, **options)
    found = pool(scores, boxes, WIDE, HIGH, **options)
    assert found.shape == expected.shape and found.dtype == expected.dtype
    assert np.abs(found - expected).max() < NEAR


def test_parts_are_reckoned_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    maps = Maps((some(3, 37, 37),))
    whole = pool(maps, BOXES, WIDE, HIGH, pooling_ops=MAPS)
    monkeypatch.setattr(pooling, "AT_ONCE", 1)
    assert np.array_equal(pool(maps, BOXES, WIDE, HIGH, pooling_ops=MAPS), whole)


def test_what_is_asked_otherwise_is_left_to_the_library() -> None:
    whole = some(1, 3, 40, 40)
    for boxes, ops in ((BOXES, ("min",)), ([], MAPS)):
        expected = roi_pooling.extract_bbox_features_by_roi_pooling(whole, boxes, WIDE, HIGH, pooling_ops=ops)
        assert np.array_equal(pool(whole, boxes, WIDE, HIGH, pooling_ops=ops), expected)
    assert pool(Maps((some(3, 9, 9),)), [], WIDE, HIGH, pooling_ops=MAPS).shape == (0, 6)
