"""Registration: transforms that may take the query's picture to a page, by words, by keypoints, by the coarse pattern.

A transform is a (3, 3) float64 matrix from pixels of the picture to points of the page; whether it is right
:mod:`rag.retrieval.image.verification` decides. The three ways fail on different pictures: words place tables and
charts of any size and sharpness, keypoints pictures inside a frame, the pattern what is small, smooth or without
corners.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from rag.retrieval.image.images import PageImage, QueryImage, resized, warped
from rag.types import Float64Array

NEXT_BEST = 0.8  # of the second best mark's distance, the most that a best one's may be (Lowe's ratio test)
KEYPOINT_SLACK = 2.0  # points by which a keypoint may miss its place
WORD_SLACK = 5.0  # points: words' places are good to about a character
SAME_WORD = 6  # places of one word on a page that are tried
FEWEST_WORDS = 3  # that must fit
FEWEST_KEYPOINTS = 5
TRIES, SURE = 3000, 0.995  # of RANSAC, and the certainty at which it stops
STEEPEST = np.radians(21)  # by which an upload may be turned
COARSE = 40.0  # dots per inch at which patterns are compared
FINEST, COARSEST = 230.0, 30.0  # dots per inch an upload may have
STEP = 1.1  # between resolutions that are tried
WIDER, NARROWER = 0.45, 1.3  # times its likely resolution, that of an upload with a frame, or with edges cut off
MIDDLE = 0.6  # of the upload's sides: what is looked for, so that a frame around it does not matter
TURNS = (-3.0, -1.5, 1.5, 3.0)  # degrees
TURNED_SIZES = 3  # resolutions, the best upright ones, at which turned patterns are tried
NEARLY_PERFECT = 0.9  # correlation from which turns are not tried
SMALLEST = 7  # pixels of a side of the pattern, at COARSE
LEAST_AREA = 150  # pixels of the pattern, at COARSE
FLAT = 3.0  # deviation of grey levels below which a pattern is empty
LARGER = 1.15  # times the page's sides that the whole upload may have

Points = Sequence[Sequence[float]]

_matcher = cv2.BFMatcher(cv2.NORM_HAMMING)


class Word(NamedTuple):
    """A word and the centre of its place: pixels of the upload, or points of the page."""

    text: str
    x: float
    y: float


class Registration(NamedTuple):
    """``matrix`` takes pixels of the upload to points of the page; ``support``: words or keypoints that fit, or the
    correlation of the patterns."""

    matrix: Float64Array
    support: float


def register_by_words(upload: Sequence[Word], page: Sequence[Word]) -> Registration | None:
    """Where most of the words stand as they do on the page; ``support`` counts the upload's words that fit."""
    places: dict[str, list[Word]] = defaultdict(list)
    for word in page:
        places[word.text].append(word)
    pairs = [(i, w, o) for i, w in enumerate(upload) for o in places.get(w.text, ())[:SAME_WORD]]
    guess, fits = _fit([(w.x, w.y) for _, w, _ in pairs], [(o.x, o.y) for _, _, o in pairs], WORD_SLACK, False)
    words = {pair[0] for pair, fit in zip(pairs, fits, strict=True) if fit}
    return Registration(guess, len(words)) if guess is not None and len(words) >= FEWEST_WORDS else None


def register_by_keypoints(upload: QueryImage, page: PageImage) -> Registration | None:
    """Where most keypoints that look alike stand alike."""
    own, other = upload.keypoints, page.keypoints
    if min(len(own.marks), len(other.marks)) < FEWEST_KEYPOINTS:
        return None
    best = [pair[0] for pair in _matcher.knnMatch(own.marks, other.marks, 2) if _stands_out(pair)]
    source = own.places[[match.queryIdx for match in best]]
    target = other.places[[match.trainIdx for match in best]] / np.float32(page.scale)
    guess, fits = _fit(source.tolist(), target.tolist(), KEYPOINT_SLACK, True)
    return Registration(guess, sum(fits)) if guess is not None and sum(fits) >= FEWEST_KEYPOINTS else None


def register_by_pattern(upload: QueryImage, page: PageImage, width: float | None = None) -> Registration | None:
    """Where the upload's middle correlates best, over the resolutions a screenshot may have and, where no upright one
    fits nearly perfectly, over a few turns. ``width``: of what it probably shows, in points."""
    zoom = COARSE / 72 / page.scale
    sheet = resized(page.grey, zoom).astype(np.float32)
    dots = np.geomspace(COARSEST, FINEST, 1 + round(np.log(FINEST / COARSEST) / np.log(STEP)))
    likely = 72 * upload.width / width if width else 0.0
    sizes = [float(COARSE / each) for each in dots if not width or WIDER * likely <= each <= NARROWER * likely]
    upright = [(guess, size) for size in sizes if (guess := _correlate(upload, sheet, size, 0.0))]
    upright.sort(key=lambda entry: -entry[0].support)
    if not upright:
        return None
    guesses = [upright[0][0]]
    if guesses[0].support < NEARLY_PERFECT:
        best_sizes = [size for _, size in upright[:TURNED_SIZES]]
        guesses += [g for size in best_sizes for turn in TURNS if (g := _correlate(upload, sheet, size, turn))]
    best = max(guesses, key=lambda guess: guess.support)
    return Registration(np.diag([72 / COARSE, 72 / COARSE, 1]) @ best.matrix, best.support)


def _correlate(upload: QueryImage, sheet: NDArray[np.float32], size: float, turn: float) -> Registration | None:
    """The upload's middle, resized and turned by degrees, where it correlates best; to pixels of the coarse page."""
    width, height = (round(side * size * MIDDLE) for side in (upload.width, upload.height))
    room = LARGER * MIDDLE
    if min(width, height) < SMALLEST or width * height < LEAST_AREA:
        return None
    if height > min(1.0, room) * sheet.shape[0] or width > min(1.0, room) * sheet.shape[1]:
        return None
    centre = (upload.width / 2, upload.height / 2)
    onto = np.vstack([cv2.getRotationMatrix2D(centre, turn, size), [[0, 0, 1]]])
    onto[:2, 2] += np.array([width / 2, height / 2]) - centre
    pattern = warped(upload, np.linalg.inv(onto), (width, height)).astype(np.float32)
    if pattern.std() < FLAT:
        return None
    _, score, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(sheet, pattern, cv2.TM_CCOEFF_NORMED))
    return Registration(np.array([[1, 0, x], [0, 1, y], [0, 0, 1]]) @ onto, float(score))


def _stands_out(pair: Sequence[cv2.DMatch]) -> bool:
    return len(pair) == 2 and pair[0].distance < NEXT_BEST * pair[1].distance


def _fit(source: Points, target: Points, slack: float, quarters: bool) -> tuple[Float64Array | None, list[bool]]:
    """A turn, a scale and a shift that take most points to their partners; and which ones. Nearly upright only, or with
    ``quarters`` nearly a quarter turn or half a turn as well."""
    nothing = [False] * len(source)
    if len(source) < FEWEST_WORDS:
        return None, nothing
    here, there = (np.array(points, dtype=np.float32) for points in (source, target))
    matrix, fits = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=slack, maxIters=TRIES, confidence=SURE
    )
    if matrix is None:
        return None, nothing
    size, turn = float(np.hypot(matrix[0, 0], matrix[1, 0])), float(np.arctan2(matrix[1, 0], matrix[0, 0]))
    upright = turn - np.pi / 2 * round(turn / (np.pi / 2)) if quarters else turn
    if abs(upright) > STEEPEST or not 72 / (2 * FINEST) <= size <= 72 / COARSEST * 2:
        return None, nothing
    return np.vstack([matrix, [[0.0, 0.0, 1.0]]]), fits.ravel().astype(bool).tolist()
