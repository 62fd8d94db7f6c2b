"""The layout library's networks with less work around their sums: a third to two thirds of the time, the same answers.

The library takes memory for every intermediate map from the system and gives it back, at each page: zeroing it anew
takes as long as the sums. Maps of a size that never changes are kept here instead (150 MB a process; the network whose
maps grow with the page is left alone). And the image network's activations have one slope for all channels, which
onnxruntime knows by another name (LeakyRelu) and then joins with the convolution before; the maps differ in the seventh
digit. Its last step, five small maps enlarged and laid together, is left out: :mod:`ingestion.pdf.pooling` reads the
small ones. The network over lines multiplies each once, by :mod:`ingestion.pdf.graph_network`. What they are shown is
made smaller to the same bytes in half the time. Measured 2026-11-29, one thread: image network 171 → 59 ms, lines of a
page 42 → 18 ms, grid of a table 51 → 40 ms.

Facts relied on (pymupdf_layout 2.0, 2026-11): ``ImageFeatureExtractorV1`` runs ``_session`` once a page, keeps its
``combined`` map for pooling alone and its ``logits`` for pictures, too; ``BoxRFDGNN`` runs ``session`` once a page;
``TableGridExtractorV2`` runs ``_grid_sess`` once a table; ``resize_image`` takes bytes and weighs the four around each
pixel in double precision. A network with other bytes than those that are known to :mod:`ingestion.pdf.sessions` is left
to the library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymupdf.layout import common_util
from pymupdf.layout.onnx import BoxRFDGNN, ImageFeatureExtractorV1, TableGridExtractorV2

from ingestion.pdf.pooling import SIDE, Maps, pool
from ingestion.pdf.sessions import GRAPH, GRID, IMAGE, quick_session

_Pictures, _Grids = ImageFeatureExtractorV1.ImageFeatureExtractorV1, TableGridExtractorV2.TableGridExtractorV2
_Lines = BoxRFDGNN.BoxRFDGNN
_library_predict, _library_grid, _library_lines = _Pictures.predict, _Grids.predict_grid, _Lines.predict
_library_resize = common_util.resize_image


def use_quick_networks() -> None:
    """Have the layout library of this process run its networks from here."""
    _Pictures.predict, _Grids.predict_grid, _Lines.predict = _predict, _predict_grid, _predict_lines
    BoxRFDGNN.extract_bbox_features_by_roi_pooling = pool
    ImageFeatureExtractorV1.resize_image = TableGridExtractorV2.resize_image = resized


def _predict(self: Any, page_img: Any, aug_fetmap: Any = None) -> None:
    session = quick_session(IMAGE) if aug_fetmap is None else None
    if session is None:
        _library_predict(self, page_img, aug_fetmap)
        return
    *maps, scores = session.run(None, {session.get_inputs()[0].name: _seen(page_img)})
    self._page_h, self._page_w = page_img.shape[:2]
    self._target_h = self._target_w = SIDE
    self._combined, self._logits = Maps(tuple(held[0] for held in maps)), scores
    self._raw_outputs = scores
    self._detections_picture = self._detections_non_picture = None


def _seen(page_img: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The page's picture as the image network is shown it: grey, from 0 for its darkest to 1 for its lightest pixel."""
    grey = common_util.to_gray(resized(page_img, (SIDE, SIDE))).astype(np.float32)
    darkest, lightest = grey.min(), grey.max()
    spread = (grey - darkest) / (lightest - darkest) if lightest > darkest else np.zeros_like(grey)
    return spread[None, None]  # type: ignore[no-any-return]


def resized(image: NDArray[Any], new_size: tuple[int, int]) -> NDArray[Any]:
    """The picture (height, width, 3) at another size (width, height), as the library makes it, to the last bit."""
    if image.ndim != 3 or image.dtype != np.uint8:
        return _library_resize(image, new_size)  # type: ignore[no-any-return]
    (left, right, x), (top, bottom, y) = (
        _neighbours(new, old) for new, old in zip(new_size, image.shape[1::-1], strict=True)
    )
    channels = image.shape[2]
    if all(np.array_equal(image[:, :, 0], image[:, :, other]) for other in range(1, channels)):
        image = image[:, :, :1]  # grey: the others are the same
    upper, lower = image[top], image[bottom]
    across, down = x[None, :, None], y[:, None, None]
    made = upper.take(left, axis=1) * ((1 - across) * (1 - down))
    for rows, columns, weight in (
        (upper, right, across * (1 - down)),
        (lower, left, (1 - across) * down),
        (lower, right, across * down),
    ):
        made += rows.take(columns, axis=1) * weight
    found = np.clip(made, 0, 255, out=made).astype(np.uint8)
    return np.broadcast_to(found, (*found.shape[:2], channels))


def _neighbours(new: int, old: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Of each new pixel along a side the old ones before and after its middle, and how far it is towards the latter."""
    place = (np.arange(new) + 0.5) * (old / new) - 0.5
    before = np.floor(place).astype(np.intp)
    return np.clip(before, 0, old - 1), np.clip(before + 1, 0, old - 1), place - before


def _predict_lines(self: Any, page: Any, verbose: bool = False, **options: Any) -> Any:
    if Path(self.model_path).name == GRAPH:
        self.session = quick_session(GRAPH) or self.session
    return _library_lines(self, page, verbose, **options)


def _predict_grid(self: Any, image_bgr: Any) -> Any:
    self._grid_sess = quick_session(GRID) or self._grid_sess
    return _library_grid(self, image_bgr)
